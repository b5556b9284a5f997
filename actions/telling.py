"""Turns in which a family is told of: facts taken in, corrected, supposed; and the screening reply that follows."""

from __future__ import annotations

import re
from typing import Any, Callable, Dict, List, Mapping, Optional, Sequence

from actions import wording
from actions.family import MYSELF, flatten, merge, possible, retarget, said_back, with_fact
from actions.reading import ASPECT_OF, CONTROL, STORY_LENGTH, signs
from actions.reply import Reply, joined, reply
from actions.screening import NONE_OF_THEM, STATUS, Judgement, custom_of, household_of, in_focus, key_of
from actions.state import Conversation
from actions.talk import Talk, taps
from knowledge.numerals import Quantity, find_quantities
from knowledge.replies import UNKNOWN, read_reply

SURE, FAINT = 0.5, 0.3
OLDEST = 130
STORY = 12
FOCUS_AT_MOST = 6
STATUSES_ONLY = ("poverty_prevention_status",)  # told to get something else by it
NEXT_STEPS = ("去哪办", "要带什么", "给我个办事码")
CALLED = {
    "grandmother": ("姥姥", "外婆", "阿婆", "奶奶"), "grandfather": ("姥爷", "外公", "阿公", "爷爷"),
    "spouse": ("老伴", "老公", "老婆", "媳妇", "爱人"), "sibling": ("弟弟", "哥哥", "大哥", "姐姐", "妹妹"),
    "grandchild": ("外孙女", "外孙", "孙女", "孙子"),
    "other": ("叔叔", "伯伯", "大伯", "二叔", "舅舅", "姑姑", "姨妈", "婆婆", "公公", "岳父", "岳母", "侄子", "侄女", "外甥女", "外甥"),
}  # fmt: skip
_WHOLE_FAMILY = re.compile(r"(收入|挣的|钱).{0,6}(是|指)?(我们)?(全家|一家|家里)(人)?的|全家的收入")
_ONE_PERSON = re.compile(r"(收入|挣的|钱).{0,8}(是)?(我|他|她)(自己)?一个人的")
_ELLIPSIS = re.compile(r"^(那|那么)?(要是|如果|假如)?(?P<fact>.{2,12}?)(的|的话)?呢[?？]?$")


def told(talk: Talk) -> Reply:
    """Facts about the family: merge them, say them back, judge, ask on."""
    reading, state = talk.reading, talk.state
    facts = retarget(reading.household, state.person, reading.text)
    if reading.intent == "what_if" or reading.hypothetical and state.household:
        imagined = what_if(talk, facts)
        if imagined is not None:
            return imagined
    merged, changes = merge(state.household, facts)
    flaw = talk.flaw(merged)
    if flaw is not None:
        return flaw
    before = signs(household_of(state), talk.library)
    keep(talk, merged)
    _look_at(talk, before)
    return screened(talk, changes)


def taken_in(talk: Talk) -> bool:
    """Keep facts told on the way to a question; False where they cannot be right."""
    before = signs(household_of(talk.state), talk.library)
    merged, _ = merge(talk.state.household, retarget(talk.reading.household, talk.state.person, talk.reading.text))
    if possible(merged, talk.library) is not None:
        return False
    keep(talk, merged)
    _look_at(talk, before)
    return True


def _look_at(talk: Talk, before: List[str]) -> None:
    """What the screening is about: what a first telling names or points to, later also what new facts point to.

    Nothing means every programme of the place.
    """
    reading, state, library = talk.reading, talk.state, talk.library
    pointed = signs(household_of(state), library)
    if not state.screening:
        learned = reading.programmes[: 2 if reading.asks else 1] if reading.sure > SURE else []
        meant = sorted({*reading.named, *learned} - set(STATUSES_ONLY), key=_rank_in(reading.programmes))
        wanted = meant + pointed or [p for p in [state.topic] if p]
        state.focus = [p for p in dict.fromkeys(wanted) if library.programmes[p].screened][:FOCUS_AT_MOST]
    elif state.focus:
        state.focus = list(dict.fromkeys(state.focus + [p for p in pointed if p not in before]))
    if state.focus:
        good = [r["programme"] for r in talk.assess().results if r["verdict"] == "eligible" and not r["already"]]
        state.focus = list(dict.fromkeys(state.focus + [p for p in good if p not in STATUSES_ONLY]))
    if state.focus and not state.household.get("members") and library.programmes[state.focus[0]].group == "儿童":
        state.household = {**state.household, "members": [{"id": "other", "relation": "other"}]}
        state.called["other"], state.person = "孩子", "other"
    state.screening = True


def _rank_in(order: Sequence[str]) -> Callable[[str], int]:
    return lambda one: order.index(one) if one in order else len(order)


def keep(talk: Talk, household: Dict[str, Any]) -> None:
    """Remember the family, the resident's own words for it, and whom the talk is about."""
    state, reading = talk.state, talk.reading
    state.household, state.misses = household, 0
    for span in reading.spans:
        state.words[span["path"]] = span.get("text") or ""
    people = [m.get("id") for m in reading.household.get("members") or []]
    for member, words in CALLED.items():
        said = [w for w in words if w in reading.text]
        if said and (member in people or member != "other") and f"{member}2" not in people:
            state.called[member] = said[0]
    if len(people) == 1 and people[0] != "other":
        state.person = people[0]


# Answers and corrections ---------------------------------------------------------------------------------------------


def answered(talk: Talk, value: Any) -> Reply:
    """The pending question's own answer, with whatever else the message tells."""
    path, state, reading = str(talk.state.pending), talk.state, talk.reading
    values = value if isinstance(value, dict) else {path: value}
    merged = state.household
    for one, said in values.items():
        merged = with_fact(merged, one, said)
    changes = [{"path": one, "from": None, "to": said} for one, said in values.items() if said or len(values) == 1]
    if len(reading.text) > STORY or reading.told > 1:
        more, others = merge(merged, retarget(reading.household, state.person, reading.text))
        if possible(more, talk.library) is None and (path == STATUS or flatten(more).get(path) == value):
            merged, changes = more, changes + others
    flaw = talk.flaw(merged)
    if flaw is not None:
        return flaw
    before = signs(household_of(state), talk.library)
    keep(talk, merged)
    _look_at(talk, before)
    return screened(talk, changes)


def corrected(talk: Talk) -> Optional[Reply]:
    """A correction that names no fact: 其实七十六, 不是二级是三级, 刚才说的收入是全家的. None where nothing fits it."""
    changed = _whose_income(talk) or _nearest_number(talk)
    if changed is None:
        return None
    merged = talk.state.household
    changes = []
    for path, value in changed.items():
        changes.append({"path": path, "from": flatten(merged).get(path), "to": value})
        merged = with_fact(merged, path, value)
    if possible(merged, talk.library) is not None:
        return None
    keep(talk, merged)
    return screened(talk, changes)


def _whose_income(talk: Talk) -> Optional[Dict[str, Any]]:
    """Money told of one person that is the whole family's, or the other way round: a month's wage is a twelfth of a year's income."""
    known = flatten(talk.state.household)
    wages = [path for path in known if path.endswith(".monthly_wage")]
    if _WHOLE_FAMILY.search(talk.reading.text):
        if wages:
            return {wages[-1]: None, "annual_income": _times(known[wages[-1]], 12)}
        return {"annual_income": known["annual_income"]} if "annual_income" in known else None
    if _ONE_PERSON.search(talk.reading.text) and "annual_income" in known:
        return {"annual_income": None, f"members[{talk.state.person or 'self'}].monthly_wage": _times(known["annual_income"], 1 / 12)}
    return None


def _times(value: Any, factor: float) -> Any:
    if isinstance(value, list):
        return [None if one is None else round(one * factor) for one in value]
    return round(value * factor)


def _nearest_number(talk: Talk) -> Optional[Dict[str, Any]]:
    """A number with no word for what it is corrects the fact of its kind told of the person the talk is about."""
    found = find_quantities(talk.reading.text)
    if not found or talk.reading.told:
        return None
    wanted = _kinds(found[-1])
    known = [path for path in reversed(list(flatten(talk.state.household))) if path.rpartition(".")[2] in wanted]
    known.sort(key=lambda path: not path.startswith(f"members[{talk.state.person}]."))
    return {known[0]: found[-1].value} if known else None


def _kinds(number: Quantity) -> Sequence[str]:
    """What a bare number may be, by its unit and size."""
    if number.unit == "级":
        return ("disability_grade",)
    if number.unit in ("口", "口人", "个人", "人"):
        return ("size",)
    return ("annual_income", "monthly_wage", "medical_cost") if number.low > OLDEST else ("age",)


def chip(talk: Talk, label: str, value: str) -> Reply:
    """A tap on something understood: that very fact is set anew."""
    for one in custom_of(talk.state, talk.assess(), talk.library)["understood"]:
        question = talk.question(one["path"]) if one["label"] == label else None
        read = read_reply(value, question.as_dict()) if question else None
        if read is None or read is UNKNOWN:
            continue
        old = flatten(talk.household).get(one["path"])
        merged = with_fact(talk.state.household, one["path"], read)
        flaw = talk.flaw(merged)
        if flaw is not None:
            return flaw
        talk.state.household = merged
        return screened(talk, [{"path": one["path"], "from": old, "to": read}])
    return talk.with_question(reply("clarify", [f"没听懂“{label}”要改成什么，请换个说法。"]))


# What would change if … ---------------------------------------------------------------------------------------------


def supposed(talk: Talk) -> Optional[Reply]:
    """那住养老院的呢, of a family that was told: the fact is supposed of the person the talk is about."""
    text, state = talk.reading.text, talk.state
    match = _ELLIPSIS.match(text)
    if not match or not state.household or talk.reading.named or talk.reading.told:
        return None
    members = state.household.get("members") or [{"id": "self"}]
    person = "self" if MYSELF.search(text) else state.person or members[0].get("id")
    for path in _supposable(text, str(person)):
        question = talk.question(path)
        value = read_reply(match["fact"], question.as_dict()) if question else None
        if value is None or value is UNKNOWN:
            continue
        if path not in flatten(state.household) and not text.startswith(("那", "要是", "如果", "假如")):
            return answered(talk, {path: value})
        return what_if(talk, with_fact({}, path, value))
    return None


def _supposable(text: str, person: str) -> List[str]:
    """What a short supposition may be about; numbers only with a word for what they are."""
    paths = [f"members[{person}].living", f"members[{person}].disability_grade"]
    paths += ["annual_income"] if re.search("收入|挣", text) else []
    paths += [f"members[{person}].age"] if "岁" in text else []
    return paths


def what_if(talk: Talk, facts: Mapping[str, Any]) -> Optional[Reply]:
    """What would change if …: the real family stays as it was. None where nothing is supposed that differs."""
    state, library = talk.state, talk.library
    merged, changes = merge(state.household, facts)
    if not changes or possible(merged, library) is not None:
        return None
    before = {key_of(r): r for r in talk.assess().results}
    imagined = Conversation.load({**state.dump(), "household": merged})
    judgement = Talk(talk.reading, imagined, talk.day, library).assess()
    moved = [r for r in judgement.results if before.get(key_of(r), {}).get("verdict") != r["verdict"] and not r["already"]]
    moved.sort(key=lambda r: (r["verdict"] != "eligible", before.get(key_of(r), {}).get("verdict") != "eligible"))
    gained = [r["programme"] for r in moved if r["verdict"] == "eligible"]
    state.topic = gained[0] if gained else state.topic
    supposed_words = said_back(household_of(imagined), [c["path"] for c in changes], library, state.called)
    lines = [f"假如{supposed_words}："] + [wording.verdict_line(r) for r in moved[:3]]
    lines += [] if moved else ["结果跟现在一样。"]
    lines.append("这只是假设，您家的情况没有改。")
    said = screening_reply(talk, lines, judgement.without_question())
    said.custom.update(household=household_of(state), what_if=merged, case_offer=False)
    said.buttons = []
    return talk.with_question(said)


# The reply ------------------------------------------------------------------------------------------------------------


def screened(talk: Talk, changes: List[Dict[str, Any]], lead: Sequence[str] = ()) -> Reply:
    """Judge and either ask on or end with the result."""
    state, library = talk.state, talk.library
    again = state.finished
    judgement = advance(talk)
    corrections = wording.changes_words(changes, state, library)
    new_paths = [c["path"] for c in changes if c["from"] is None and c["to"] is not None]
    lines = list(lead) + [_correction(c) for c in corrections] + wording.heard(state, new_paths, library)
    if judgement.question is not None:
        lines += wording.news(judgement.results, state, 2)
        lines.append(wording.question_words(judgement.question, state, judgement.remaining))
    elif again and changes:
        lines += wording.news(judgement.results, state) or ["前面说的结果没有变。"]
        lines.append(wording.OFFICE)
    else:
        lines += wording.result_lines(state, judgement, library, talk.day)
        state.shown = "result"
    wording.remember(judgement.results, state)
    return screening_reply(talk, lines, judgement, corrections)


def _correction(change: Mapping[str, Any]) -> str:
    if change["from"] == change["to"]:
        return f"好，{change['label']}就是 {change['to']}，没有变。"
    return f"改好了：{change['label']}，{change['from']} → {change['to']}。"


def advance(talk: Talk) -> Judgement:
    """Judge, and move the pending question on to the next."""
    state = talk.state
    judgement = talk.assess()
    question = judgement.question
    state.pending = question.path if question else None
    if question is None:
        state.finished = True
        return judgement
    state.finished = False
    if question.path == STATUS:
        state.group = [c["value"] for c in question.choices if c["value"] != NONE_OF_THEM]
    if question.path not in state.asked:
        state.asked.append(question.path)
    return judgement


def next_lines(talk: Talk) -> List[str]:
    """The next question, after an answer that also took facts in; it becomes the pending one."""
    judgement = advance(talk)
    wording.remember(judgement.results, talk.state)
    return [wording.question_words(judgement.question, talk.state, judgement.remaining)] if judgement.question else []


def screening_reply(talk: Talk, lines: Sequence[str], judgement: Judgement, changed: Sequence[Dict[str, Any]] = ()) -> Reply:
    """The reply with everything programs read: household, results, next question, what was understood and changed."""
    state, reading = talk.state, talk.reading
    chosen = in_focus(judgement.results, state)
    good = [r["programme"] for r in chosen if r["verdict"] == "eligible"]
    question = judgement.question
    if state.topic is None or good and (question is None or state.topic not in state.focus):
        state.topic = (good or [r["programme"] for r in chosen] or [state.topic])[0]
    programmes = joined([_about(talk), state.focus, good])
    route = _route(chosen[0]) if chosen else None
    return reply(
        "screening",
        lines,
        buttons=taps(question) if question else [*NEXT_STEPS[:2], *(["看看别的补助"] if state.focus else []), NEXT_STEPS[2]],
        programme=programmes[0] if programmes else None,
        programmes=programmes[:6],
        aspect=reading.aspect if reading.intent in ASPECT_OF else "eligibility",
        citations=joined([[r["cite"] for r in result["because"] if r["cite"]] for result in chosen[:2]])[:6],
        route=route,
        confidence=round(reading.sure, 4),
        changes=list(changed),
        case_offer=question is None,
        **custom_of(state, judgement, talk.library),
    )


def _about(talk: Talk) -> List[str]:
    """The programmes a message itself is about; a short answer or a word that steers the talk is about none."""
    reading = talk.reading
    begun = len(talk.state.asked) > 1 or talk.state.finished or bool(talk.state.topic) and reading.sure < FAINT
    answers = reading.intent in CONTROL or begun
    return [] if answers and len(reading.text) < STORY_LENGTH and not reading.named and reading.sure <= SURE else reading.programmes


def _route(result: Dict[str, Any]) -> Dict[str, Any]:
    apply = result["apply"]
    return {"name": result["name"], "where": apply["where"], "phone": apply["phone"], "phone_note": apply["phone_note"]}
