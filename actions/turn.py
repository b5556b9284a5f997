"""One turn of the conversation: from a parsed message and what was said before, to a reply and what to remember."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from typing import Any, Dict, List, Mapping, Optional, Tuple

from actions import routing, screening
from actions.answering import answer, source_line
from actions.family import flatten, merge, possible, retarget, with_fact
from actions.reading import ANSWERED_NEIGHBOURS, ASPECT_OF, Reading, read, signs
from actions.reply import Reply, joined, reply, shortened
from actions.state import Conversation
from knowledge.library import Library, load
from knowledge.numerals import find_quantities
from knowledge.replies import UNKNOWN, read_reply
from rules.household import Household
from rules.questions import WHO, describe

INSIDE = 0.5
TELLS = ("tell_family", "inform", "correct", "what_if", "ask_eligibility")
ANSWERS = ("inform", "affirm", "deny", "dont_know", "correct", "tell_family", "nlu_fallback", "greet", "thanks", "more", "help")
CALLED = {
    "grandmother": ("姥姥", "外婆", "阿婆", "奶奶"), "grandfather": ("姥爷", "外公", "阿公", "爷爷"),
    "spouse": ("老伴", "老公", "老婆", "媳妇", "爱人"),
}  # fmt: skip
WEIGHTY = ("stop", "restart", "delete_data", "human")
STEERS = ("affirm", "deny", "dont_know", "why_ask", "go_back", "stop", "resume", "summary", "more", "greet", "thanks", "goodbye", "help", "inform", "correct", "case_code")
CONCERNS: Dict[str, Dict[str, Any]] = {
    "家里有老人": {"groups": ("老人", "基本生活"), "person": "老人"},
    "家里有残疾人": {"groups": ("残疾人", "基本生活"), "person": "残疾人"},
    "有人得了大病": {"groups": ("看病", "急难", "基本生活"), "person": "病人", "facts": {"members[other].serious_illness": True}},
    "孩子没人养或上学难": {"groups": ("儿童", "上学"), "person": "孩子"},
    "房子不安全": {"groups": ("住房",), "facts": {"house": "dangerous"}},
    "突然遇到难事": {"groups": ("急难", "基本生活")},
    "收入太低": {"groups": ("基本生活",)},
}  # fmt: skip
NONE = re.compile(r"都没有|全没有|没有|都不是|都冇|冇|没")
START = re.compile(r"^(我能领什么|我能领啥|说说家里情况|看看别的补助|帮我算算|再看看别的)")
CHIP = re.compile(r"^更正[:：](?P<label>.+?)(?:是|改成|为)(?P<value>.+)$")
FOLLOW_UP = re.compile(r"^(那|那么|要是)?.{0,12}(呢|咋办|怎么办|要带|带什么|去哪|在哪|多少|多久|几天|找谁)[?？]?$")


def respond(
    message: Mapping[str, Any],
    state: Conversation,
    region: Optional[str] = None,
    as_of: Optional[str] = None,
    library: Optional[Library] = None,
    today: Optional[dt.date] = None,
) -> Tuple[Reply, Conversation]:
    """Answer one parsed message (`text`, `intent`, `topics`, `named`, `facts`). Returns the reply and the conversation to keep.

    region, as_of: what the channel knows of place and day; they hold for the conversation.
    """
    library = library or load()
    state = replace(state, region=region or state.region, as_of=as_of or state.as_of)
    day = dt.date.fromisoformat(state.as_of) if state.as_of else today or dt.date.today()
    turn = Turn(read(message, library), state, day, library)
    return turn.take()


class Turn:
    """One message before one conversation. `take()` decides what the message is and answers it."""

    def __init__(self, reading: Reading, state: Conversation, day: dt.date, library: Library):
        self.reading, self.state, self.day, self.library = reading, state, day, library
        self._place_from_message()

    def _place_from_message(self) -> None:
        told = self.reading.household.get("region")
        if told and not self.reading.hypothetical:
            self.state.region = told

    # What the message is ------------------------------------------------------------------------------------------

    def take(self) -> Tuple[Reply, Conversation]:
        said = self._decide()
        said.custom.setdefault("region", self.state.region)
        self._call_people(said)
        return said, self.state

    def _call_people(self, said: Reply) -> None:
        """Say 您姥姥 to one who said 姥姥."""
        for member, word in self.state.called.items():
            usual, wanted = WHO[member], f"这位{word}" if member == "other" else f"您{word}"
            said.text = said.text.replace(usual, wanted)
            said.custom["answer"] = said.text
            question = said.custom.get("next_question")
            if question:
                question["ask"] = question["ask"].replace(usual, wanted)
            for chip in said.custom.get("understood") or []:
                chip["label"] = chip["label"].replace(usual, wanted)

    def _decide(self) -> Reply:
        reading = self.reading
        if reading.emergency in self.library.emergencies:
            return routing.emergency(reading, str(reading.emergency), self.library)
        control = self._control()
        if control is not None:
            return control
        if self.state.pending and self._is_answer():
            return self._answered()
        if self._tells_more():
            return self._told()
        if self.reading.correction or reading.intent == "correct":
            corrected = self._bare_correction()
            if corrected is not None:
                return corrected
        if self._leans():
            return self._asked()
        if self._outside():
            return self._routed()
        if self._tells():
            return self._told()
        chat = ("greet", "thanks", "goodbye", "help") if self.state.pending else ("greet", "thanks", "goodbye", "help", "affirm", "deny")
        if reading.intent in chat and not reading.named:
            return routing.smalltalk(reading, self._question_again())
        if reading.intent in STEERS and not reading.named and (self.state.pending or reading.talk >= INSIDE or reading.sure < 0.3):
            return self._unclear()
        if reading.intent in ASPECT_OF or reading.programmes and reading.sure > INSIDE:
            return self._asked()
        return self._unclear()

    def _leans(self) -> bool:
        """A short follow-up (要带什么, 那去哪办, 他们不给办咋办) belongs to what was talked about before."""
        reading = self.reading
        short = len(reading.text) <= 14 and not reading.named
        return bool(self.state.topic) and short and reading.intent in ASPECT_OF and (reading.sure < 0.75 or bool(FOLLOW_UP.match(reading.text)))

    def _control(self) -> Optional[Reply]:
        """The resident steers the talk: start over, stop, go back, why, a person, forget."""
        handlers = {
            "human": self._human, "delete_data": self._forgotten, "restart": self._restart, "stop": self._stop, "resume": self._resume,
            "summary": self._summary, "go_back": self._back, "why_ask": self._why, "dont_know": self._unknown, "more": self._more,
            "case_code": self._case,
        }  # fmt: skip
        chip = CHIP.match(self.reading.text)
        if chip and self.state.household:
            return self._chip(chip["label"], chip["value"])
        if START.match(self.reading.text):
            return self._start()
        if self.reading.text in CONCERNS:
            return self._concern(CONCERNS[self.reading.text])
        handler = handlers.get(self.reading.intent)
        if handler is None or self.reading.confidence < (0.4 if self.reading.intent in WEIGHTY else 0.3):
            return None
        if self.reading.told and self.reading.intent not in ("restart", "delete_data"):
            return None
        if self.reading.intent in ("dont_know", "go_back", "why_ask") and not self.state.pending:
            return None
        if self.reading.intent in ("stop", "summary", "resume", "more", "case_code") and not (self.state.household or self.state.topic):
            return None
        return handler()

    def _is_answer(self) -> bool:
        """Whether a message answers the question that was just asked, rather than asking something itself."""
        reading = self.reading
        if reading.intent in ("what_if",) or reading.hypothetical:
            return False
        value = self._value()
        if value is not None:
            short = len(reading.text) <= 12
            return short or reading.intent in ANSWERS or reading.told > 0 and not reading.asks
        return False

    def _value(self) -> Any:
        if self.state.pending == "status":
            return self._statuses()
        question = self._question(self.state.pending)
        return read_reply(self.reading.text, question) if question else None

    def _statuses(self) -> Any:
        """Which of the statuses asked at once the family has: `{path: bool}`; those not named, having been asked, are not held."""
        text, named = self.reading.text, flatten(self.reading.household)
        held = [p for p in self.state.group if named.get(p) or self.library.facts[p].label.split("（")[0] in text]
        none = self.reading.intent in ("deny",) or bool(NONE.search(text))
        if self.reading.intent == "dont_know":
            return UNKNOWN
        return {path: path in held for path in self.state.group} if held or none else None

    def _tells_more(self) -> bool:
        """In a screening, whatever tells of the family goes on with it."""
        talking = self.state.screening or bool(self.state.household)
        told = self.reading.told > 0 or self.reading.correction and bool(self.reading.household)
        return talking and told and (self.reading.intent in TELLS or self.reading.correction or not self.reading.asks)

    def _tells(self) -> bool:
        reading = self.reading
        if reading.told == 0:
            return reading.intent == "tell_family" and reading.confidence > 0.3
        personal = reading.intent in TELLS or reading.intent not in ASPECT_OF
        return personal and (reading.told >= 1)

    def _outside(self) -> bool:
        reading = self.reading
        if reading.neighbour in ANSWERED_NEIGHBOURS and reading.topic == f"neighbour/{reading.neighbour}":
            return True
        if self.state.pending and not reading.asks and reading.confidence < 0.6:
            return False
        return reading.outside

    # What is said --------------------------------------------------------------------------------------------------

    def _routed(self) -> Reply:
        said = routing.neighbour(self.reading, self.library) if self.reading.neighbour else routing.outside(self.reading)
        return self._with_question(said)

    def _unclear(self) -> Reply:
        if not self.state.household and not self.state.topic and self.reading.sure < INSIDE:
            return routing.outside(self.reading)
        self.state.misses += 1
        said = routing.clarify(self.reading, self.library, self.state.misses)
        return self._with_question(said)

    def _asked(self) -> Reply:
        """A policy question: answered, then the screening goes on where it was."""
        reading = self.reading
        self.state.misses = 0
        programmes, aspect = self._subject()
        if not programmes:
            return self._general(aspect)
        shown = programmes[:2] if len(programmes) > 1 and self._both_meant(programmes) else programmes[:1]
        answers = [answer(p, aspect, self.state.region, self.day, self.library, reading.text) for p in shown]
        self.state.topic, self.state.aspect = shown[0], aspect
        lines: List[str] = []
        for programme, told in zip(shown, answers):
            heading = [f"【{self.library.programmes[programme].name}】"] if len(shown) > 1 else []
            lines += heading + shortened(told.lines, 170 // len(shown))
        cites = joined([told.cites for told in answers])
        lines.append(source_line(cites, self.day, self.library))
        said = reply(
            "answer",
            lines,
            buttons=self._next_steps(aspect),
            programme=shown[0],
            programmes=programmes,
            aspect=aspect,
            citations=cites,
            route=answers[0].route,
            confidence=round(reading.sure, 4),
        )
        if reading.told:
            said.custom["household"] = reading.household
        return self._with_question(said)

    def _subject(self) -> Tuple[List[str], str]:
        """Which programmes and which aspect a question is about; a short follow-up leans on what went before."""
        reading, state = self.reading, self.state
        aspect = reading.aspect or state.aspect or "definition"
        if self._leans() and reading.sure < 0.5 or not reading.programmes and state.topic:
            return [str(state.topic)], aspect
        if not reading.named and reading.sure < 0.2 and reading.topic == "none":
            return [], aspect
        return reading.programmes, aspect

    def _both_meant(self, programmes: List[str]) -> bool:
        text = self.reading.text
        return all(any(word in text for word in self.library.programmes[p].also_called) for p in programmes[:2])

    def _next_steps(self, aspect: str) -> List[str]:
        if self.state.pending:
            return []
        steps = {"where": "去哪办", "materials": "要带什么", "amount": "能领多少", "eligibility": "我能不能领"}
        return [title for key, title in steps.items() if key != aspect][:3]

    def _general(self, aspect: str) -> Reply:
        """A wish for help that names nothing: how to go on, and where the window is."""
        lines = [
            "能申请什么要看家里情况。跟我说说：家里几口人、谁有难处（年纪、残疾、生病）、大概收入。",
            "也可以直接去户口所在地乡镇的社会救助窗口，一个窗口都能问。",
        ]
        self.state.screening = True
        window = answer("one_stop_window", "where", self.state.region, self.day, self.library)
        return reply(
            "answer",
            lines,
            buttons=list(CONCERNS),
            aspect=aspect,
            programme="one_stop_window",
            programmes=["one_stop_window", *self.reading.programmes],
            citations=window.cites,
            route=window.route,
            confidence=self.reading.confidence,
        )

    # The screening ---------------------------------------------------------------------------------------------------

    def _start(self) -> Reply:
        self.state.screening, self.state.finished = True, False
        self.state.focus = []
        if not self.state.household:
            lines = ["好，先说说家里情况：几口人，谁有难处，大概多少收入。", "打字、说话都行，也可以先点一个："]
            return reply("clarify", lines, buttons=list(CONCERNS), aspect="eligibility", household=screening.household_of(self.state))
        return self._screened([])

    def _concern(self, concern: Dict[str, Any]) -> Reply:
        """A tap on what the trouble is: look at the programmes of those groups first."""
        groups = concern["groups"]
        self.state.focus = [p.id for p in self.library.programmes.values() if p.screened and p.group in groups]
        self.state.screening, self.state.finished = True, False
        if concern.get("person") and not self.state.household.get("members"):
            self.state.household = {**self.state.household, "members": [{"id": "other", "relation": "other"}]}
            self.state.called["other"], self.state.person = concern["person"], "other"
        for path, value in concern.get("facts", {}).items():
            self.state.household = with_fact(self.state.household, path, value)
        return self._screened([])

    def _told(self) -> Reply:
        """Facts about the family: merge them, say them back, judge, ask on."""
        reading = self.reading
        told = retarget(reading.household, self.state.person, reading.text)
        if reading.intent == "what_if" or reading.hypothetical and self.state.household:
            return self._what_if(told)
        merged, changes = merge(self.state.household, told)
        fault = possible(merged, self.library)
        if fault is not None:
            return self._with_question(reply("clarify", [f"{fault.message.split(' / ')[0]}。请再说一遍。"], aspect=reading.aspect))
        self._keep(merged)
        if not self.state.screening:
            self.state.focus = self._focus_of()
        self.state.screening = True
        return self._screened(changes)

    def _focus_of(self) -> List[str]:
        """The programmes a telling is about: those it points to; none means all of the place."""
        reading = self.reading
        pointed = list(reading.named) or ([reading.programmes[0]] if reading.programmes and reading.sure > INSIDE else [])
        pointed += signs(screening.household_of(self.state), self.library)
        return [p for p in dict.fromkeys(pointed) if self.library.programmes[p].screened]

    def _keep(self, household: Dict[str, Any]) -> None:
        self.state.household = household
        self.state.misses = 0
        for span in self.reading.spans:
            self.state.words[span["path"]] = span.get("text") or ""
        for member, words in CALLED.items():
            word = next((w for w in words if w in self.reading.text), None)
            if word:
                self.state.called[member] = word
        people = [m.get("id") for m in self.reading.household.get("members") or []]
        if len(people) == 1 and people[0] not in ("other",):
            self.state.person = people[0]

    def _bare_correction(self) -> Optional[Reply]:
        """记错了，其实七十六: a number with no word for what it is corrects the fact of its kind that was told last."""
        found = find_quantities(self.reading.text)
        bounds = (found[-1].low, found[-1].high) if found else None
        known = [p for p, v in reversed(list(flatten(self.state.household).items())) if isinstance(v, (int, float, list))]
        if bounds is None or not known or self.reading.told:
            return None
        person = f"members[{self.state.person}]."
        known.sort(key=lambda path: (not path.startswith(person), not path.endswith(".age")))
        value = bounds[0] if bounds[0] == bounds[1] else list(bounds)
        for path in known:
            merged = with_fact(self.state.household, path, value)
            if possible(merged, self.library) is None:
                old = flatten(self.state.household)[path]
                self._keep(merged)
                return self._screened([{"path": path, "from": old, "to": value}])
        return None

    def _answered(self) -> Reply:
        """The pending question's own answer, with whatever else the message tells."""
        path, value = str(self.state.pending), self._value()
        if value is UNKNOWN:
            return self._unknown()
        answers = value if isinstance(value, dict) else {path: value}
        merged = self.state.household
        for one, told in answers.items():
            merged = with_fact(merged, one, told)
        changes = [{"path": one, "from": None, "to": told} for one, told in answers.items() if told or len(answers) == 1]
        if len(self.reading.text) > 12 or self.reading.told > 1:
            extra = retarget(self.reading.household, self.state.person, self.reading.text)
            more, others = merge(merged, extra)
            if possible(more, self.library) is None and (path == "status" or flatten(more).get(path) == value):
                merged, changes = more, changes + others
        fault = possible(merged, self.library)
        if fault is not None:
            return self._with_question(reply("clarify", [f"{fault.message.split(' / ')[0]}。"]))
        self._keep(merged)
        return self._screened(changes)

    def _screened(self, changes: List[Dict[str, Any]], lead: Tuple[str, ...] = ()) -> Reply:
        """Judge and either ask on or end with the result."""
        state = self.state
        judgement = screening.assess(state, self.day, self.library)
        corrected = screening.changes_words(changes, state, self.library)
        new_paths = [c["path"] for c in changes if c["from"] is None]
        lines = list(lead) + [f"改好了：{c['label']}，{c['from']} → {c['to']}。" for c in corrected]
        question = judgement.question
        if question is not None:
            lines += screening.progress_reply(state, judgement, new_paths, self.library)
            state.pending = question.path
            state.group = [c["value"] for c in question.choices if c["value"] != screening.NONE_OF_THEM] if question.path == "status" else []
            if question.path not in state.asked:
                state.asked.append(question.path)
        else:
            said_back = screening.said_back(screening.household_of(state), new_paths, self.library)
            lines += [f"我记下了：{said_back}。"] if said_back else []
            lines += screening.final_reply(state, judgement, self.library)
            state.pending, state.finished = None, True
        state.verdicts = {screening.key_of(r): r["verdict"] for r in judgement.results}
        return self._screening_reply(lines, judgement, corrected)

    def _screening_reply(self, lines: List[str], judgement: screening.Judgement, changed: List[Dict[str, Any]]) -> Reply:
        state, reading = self.state, self.reading
        chosen = screening.in_focus(judgement.results, state)
        programmes = joined([[] if len(state.asked) > 1 and len(reading.text) < 40 else reading.programmes, state.focus, [r["programme"] for r in chosen if r["verdict"] == "eligible"]])
        cites = joined([[r["cite"] for r in result["because"] if r["cite"]] for result in chosen[:2]])[:6]
        if state.topic is None and chosen:
            state.topic = chosen[0]["programme"]
        buttons = [c["label"] for c in judgement.question.choices] + ["不知道"] if judgement.question else []
        if judgement.question is None:
            buttons = ["去哪办", "要带什么"] + (["看看别的补助"] if state.focus else []) + ["给我个办事码"]
        elif not judgement.question.choices:
            buttons = ["不知道", "为什么问这个"]
        route = None
        if chosen:
            apply = chosen[0]["apply"]
            route = {"name": chosen[0]["name"], "where": apply["where"], "phone": apply["phone"], "phone_note": apply["phone_note"]}
        return reply(
            "screening",
            lines,
            buttons=buttons,
            programme=programmes[0] if programmes else None,
            programmes=programmes[:6],
            aspect=reading.aspect or "eligibility",
            citations=cites,
            route=route,
            confidence=round(reading.sure, 4),
            changes=changed,
            case_offer=judgement.question is None,
            **screening.custom_of(state, judgement, self.library),
        )

    def _what_if(self, told: Dict[str, Any]) -> Reply:
        """What would change if …: the real family stays as it was."""
        state = self.state
        merged, changes = merge(state.household, told)
        if not changes or possible(merged, self.library) is not None:
            return self._asked()
        before = {screening.key_of(r): r for r in screening.assess(state, self.day, self.library).results}
        imagined = Conversation.load({**state.dump(), "household": merged})
        judgement = screening.assess(imagined, self.day, self.library)
        moved = [r for r in judgement.results if before.get(screening.key_of(r), {}).get("verdict") != r["verdict"]]
        told_back = screening.said_back(screening.household_of(imagined), [c["path"] for c in changes], self.library)
        lines = [f"假如{told_back}："] + [screening.verdict_line(r) for r in moved[:3]]
        if not moved:
            lines.append("结果跟现在一样。")
        lines.append("这只是假设，您家的情况没有改。")
        said = self._screening_reply(lines, replace_question(judgement), [])
        said.custom.update(household=screening.household_of(state), what_if=merged, case_offer=False)
        said.buttons = []
        return self._with_question(said)

    def _chip(self, label: str, value: str) -> Reply:
        """A tap on something understood: that very fact is set anew."""
        for chip in screening.custom_of(self.state, screening.assess(self.state, self.day, self.library), self.library)["understood"]:
            if chip["label"] == label:
                question = self._question(chip["path"])
                read_value = read_reply(value, question) if question else None
                if read_value is None or read_value is UNKNOWN:
                    break
                old = flatten(self.state.household).get(chip["path"])
                merged = with_fact(self.state.household, chip["path"], read_value)
                fault = possible(merged, self.library)
                if fault is not None:
                    return self._with_question(reply("clarify", [f"{fault.message.split(' / ')[0]}。"]))
                self.state.household = merged
                return self._screened([{"path": chip["path"], "from": old, "to": read_value}])
        return self._with_question(reply("clarify", [f"没听懂“{label}”要改成什么，请换个说法。"]))

    # Steering --------------------------------------------------------------------------------------------------------

    def _unknown(self) -> Reply:
        path = str(self.state.pending)
        self.state.declined += self.state.group if path == "status" else [path]
        return self._screened([], (screening.unknown_reply(path, self.state, self.library),))

    def _why(self) -> Reply:
        lines = screening.why_reply(str(self.state.pending), self.state, self.day, self.library)
        judgement = screening.assess(self.state, self.day, self.library)
        return self._with_question(self._screening_reply(lines, judgement, []))

    def _back(self) -> Reply:
        """The question before: its answer is taken out and it is asked again."""
        state = self.state
        if state.pending in state.asked:
            state.asked.remove(str(state.pending))
        if not state.asked:
            return self._screened([], ("前面没有别的题了。",))
        path = state.asked[-1]
        for one in state.group if path == "status" else [path]:
            state.household = with_fact(state.household, one, None)
        state.declined = [p for p in state.declined if p != path]
        state.pending = path
        judgement = screening.assess(state, self.day, self.library)
        question = self._described(path)
        lines = ["好，回到上一题。", screening.question_words(question, state, judgement.remaining)]
        said = self._screening_reply(lines, screening.Judgement(judgement.results, question, judgement.remaining), [])
        return said

    def _stop(self) -> Reply:
        judgement = screening.assess(self.state, self.day, self.library)
        self.state.pending, self.state.finished, self.state.screening = None, True, False
        lines = ["好，先到这里。"] + screening.final_reply(self.state, judgement, self.library)
        return self._screening_reply(lines, replace_question(judgement), [])

    def _summary(self) -> Reply:
        judgement = screening.assess(self.state, self.day, self.library)
        household = screening.household_of(self.state)
        told = screening.said_back(household, list(flatten(household)), self.library)
        lines = [f"您说过：{told}。"] + screening.final_reply(self.state, judgement, self.library)
        return self._with_question(self._screening_reply(lines, replace_question(judgement), []))

    def _resume(self) -> Reply:
        household = screening.household_of(self.state)
        told = screening.said_back(household, list(flatten(household)), self.library)
        return self._screened([], (f"接着来。您说过：{told}。" if told else "接着来。",))

    def _restart(self) -> Reply:
        region, as_of = self.state.region, self.state.as_of
        self.state = Conversation(region=region, as_of=as_of)
        return reply("smalltalk", ["好，从头来。您家什么情况？谁有难处？"], buttons=routing.OFFER)

    def _forgotten(self) -> Reply:
        self.state = Conversation(region=self.state.region)
        return reply("smalltalk", ["都删掉了，我这里不留您说过的话。"], buttons=routing.OFFER[:2], forget=True)

    def _human(self) -> Reply:
        said = routing.handoff(self.library)
        said.custom["handoff"] = True
        return said

    def _case(self) -> Reply:
        lines = ["办事码在结果页下面，点“办事清单”就有。没有网页的，到窗口直接说家里的情况也行。"]
        return reply("answer", lines, aspect="other", case_offer=True, household=screening.household_of(self.state))

    def _more(self) -> Reply:
        if not self.state.topic:
            return self._summary()
        topic, aspect = self.state.topic, self.state.aspect or "eligibility"
        told = answer(topic, aspect, self.state.region, self.day, self.library, self.reading.text, full=True)
        lines = told.lines + [source_line(told.cites, self.day, self.library)]
        said = reply("answer", lines, programme=topic, programmes=[topic], aspect=aspect, citations=told.cites, route=told.route)
        return self._with_question(said)

    # Small helpers -----------------------------------------------------------------------------------------------------

    def _question(self, path: Optional[str]) -> Optional[Dict[str, Any]]:
        return self._described(path).as_dict() if path else None

    def _described(self, path: str) -> Any:
        if path == "status":
            return screening.status_question(self.state.group, self.library)
        household = Household.parse(screening.household_of(self.state), self.library)
        return describe(path, household, self.library, [])

    def _question_again(self) -> Optional[str]:
        question = self._question(self.state.pending)
        return f"刚才问到：{question['ask']}" if question else None

    def _with_question(self, said: Reply) -> Reply:
        """After an interruption the pending question is put again, with its choices."""
        again = self._question_again()
        if again:
            question = self._question(self.state.pending)
            said.text = f"{said.text}\n{again}"
            said.custom["answer"] = said.text
            said.custom["next_question"] = question
            choices = question["choices"] if question else []
            said.buttons = [{"title": c["label"], "payload": c["label"]} for c in choices] + [{"title": "不知道", "payload": "不知道"}]
        return said


def replace_question(judgement: screening.Judgement) -> screening.Judgement:
    """The same judgement with nothing to ask."""
    return screening.Judgement(judgement.results, None, 0)
