"""What an agent sees of a call: the assistant's own understanding, laid out for somebody who reads aloud and asks on.

A *view* is plain data for the screen: `facts`, `results`, `question`, `changed`. A *heard* is what one line gave: `matter`,
`read_aloud`, `cites`. Judging and wording are the assistant's; nothing is decided here.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import re
from dataclasses import replace
from typing import Any

from actions import screening
from actions.family import flatten, label_of, possible, understood, who_of, with_fact, words_of
from actions.screening import key_of
from actions.state import Conversation
from actions.turn import respond
from knowledge.library import Library, load
from knowledge.regions import find_regions, is_known, region_name
from knowledge.replies import UNKNOWN, read_reply
from rules.explain import amount_words
from rules.questions import fact_of
from rules.together import OfAll, group_of, of_all

View = dict[str, Any]
# A caller who says "start over" or "a person, please" says it to the agent: the desk's own record must not obey.
STEERING = ("human", "delete_data", "restart", "stop", "resume", "summary", "go_back", "case_code", "more", "why_ask")
MOST_WORDS = 24
LIKELY = 0.2  # below it, what a line that tells of a family is about was only guessed
HOTLINE = "12345"  # where the caller is already
POLITE = ("thanks", "goodbye", "greet")
_NOD = re.compile(
    r"[嗯哦噢喔啊哎好行的了呢吧呀哈知道明白听清谢您你，,。！! ]+$"
)  # "好的，知道了" is no yes: yes has a key
NOTHING_NEW = ("clarify", "smalltalk")
ASPECTS = {
    "eligibility": "能不能领", "amount": "能领多少", "how_to_apply": "怎么申请", "materials": "要带什么", "where": "去哪办",
    "process_time": "要办多久", "definition": "是什么", "income_rules": "收入怎么算", "asset_rules": "财产怎么看",
    "exit_or_cancel": "退出、停发", "review_or_complaint": "复核、投诉", "other": "其他",
}  # fmt: skip
VERDICTS = {"eligible": "看起来符合", "undetermined": "还说不准", "ineligible": "看起来不符合"}
_PATH = re.compile(r"(members\[[a-z]+[0-9]*\]\.)?[a-z_]+(\.[a-z_]+)?")
_NOT_ALOUD = re.compile(r"^(依据：|刚才问到：|（第 \d+ 题|没听)")
_LATER = re.compile(r"^(去哪办|带上|要多久|还说不准|可以再问问|这是估计|一般还要|一般要带)")
_FOR_SCREENS = re.compile(r"（回“.+?”看全部）|（第 \d+ 题.*?）")
_ORDER = {"eligible": 0, "undetermined": 1, "ineligible": 2}


class NotUnderstood(ValueError):
    """A value an agent wrote that cannot be taken; the message says what can."""


async def understand_line(
    app: Any, call_state: dict[str, Any], text: str, answers: bool = True, before: View | None = None
) -> dict[str, Any]:
    """What a caller's line (masked) adds to a call. `answers`: whether the question shown was really put to them.

    Returns `{"state", "view", "heard", "matter", "read_aloud", "next_question", "choices", "cites", "household", "results"}`; `state`
    is the conversation to keep, `before` the view it changes.
    """
    message = await app.ctx.agent.parse_message(text)
    return await asyncio.to_thread(_taken, {**message, "text": text}, call_state, answers, before)


def _taken(message: dict[str, Any], call_state: dict[str, Any], answers: bool, before: View | None) -> dict[str, Any]:
    library, state = load(), Conversation.load(call_state)
    intent = (message.get("intent") or {}).get("name")
    if not answers or intent in POLITE or _NOD.match(message["text"]) or tells_otherwise(message, state.pending):
        state = replace(state, pending=None)
    if intent in STEERING:
        message = {**message, "intent": {"name": "nlu_fallback", "confidence": 0.0}}
    before_it = Conversation.load(call_state)
    reply, state = respond(message, state, library=library)
    if reply.custom.get("kind") == "screening":
        state = replace(state, topic=next(iter(_likely(reply.custom)), before_it.topic))
    state = _with_words(message, _with_asides(message, state, before_it, library), before_it)
    heard, view = _heard(reply.text, reply.custom, library), view_of(state, library, before)
    question = view["question"]
    return {
        "state": state_with(state, view),
        "view": view,
        "heard": heard,
        **heard,
        "next_question": question,
        "choices": question["choices"] if question else [],
        "household": view["facts"],
        "results": view["results"],
    }


def _with_asides(message: dict[str, Any], state: Conversation, before: Conversation, library: Library) -> Conversation:
    """The conversation with what a line told in passing, when it was answered as a question or not understood as a whole.

    Only of the family or of somebody it names: whose age or illness it is must never be guessed.
    """
    facts = message.get("facts") or {}
    if state.household != before.household or facts.get("hypothetical") or facts.get("asks"):
        return state
    household, known = state.household, flatten(state.household)
    for path, value in flatten(facts.get("household") or {}).items():
        if path not in known and _parts(path)[0] not in ("self", "other"):
            household = with_fact(household, path, value)
    return state if possible(household, library) else replace(state, household=household)


def _with_words(message: dict[str, Any], state: Conversation, before: Conversation) -> Conversation:
    """The conversation in which every fact that a line brought has its words: those of the fact, or the line's."""
    spans = (message.get("facts") or {}).get("spans") or []
    said = {_parts(span["path"])[1]: span.get("text") for span in spans}
    old, words = flatten(before.household), dict(state.words)
    for path, value in flatten(state.household).items():
        if old.get(path) != value and words.get(path) == before.words.get(path):
            words[path] = said.get(_parts(path)[1]) or message["text"][:MOST_WORDS]
    return replace(state, words=words)


def tells_otherwise(message: dict[str, Any], pending: str | None) -> bool:
    """Whether a line tells of something, or somebody, that the question was not about: then it is no answer to it.

    "我妈82了" must never become the caller's own age because that happened to be the question.
    """
    told = flatten((message.get("facts") or {}).get("household") or {})
    subject, field = _parts(pending or "")
    for path in told:
        who, what = _parts(path)
        if what in ("relation", "region"):
            continue
        if group_of(path) == pending:
            continue
        if what != field or who not in (subject, "self", "other"):
            return True
    return False


def _parts(path: str) -> tuple[str, str]:
    """A path's person (empty for the family) and field."""
    person, _, field = path.rpartition("].")
    return person.removeprefix("members["), field


def _heard(text: str, custom: dict[str, Any], library: Library) -> dict[str, Any]:
    kind, matter = custom.get("kind"), _matter(custom, library)
    if kind in NOTHING_NEW:  # of what was half understood the matter may still be right
        return {
            "kind": kind,
            "matter": matter if kind == "clarify" else None,
            "read_aloud": "",
            "more": "",
            "cites": [],
        }
    spoken, more = aloud(text)
    cites = {(cite["document"], cite["clause"]): cite for cite in reversed(custom.get("citations") or [])}
    return {"kind": kind, "matter": matter, "read_aloud": spoken, "more": more, "cites": list(cites.values())[::-1]}


def _matter(custom: dict[str, Any], library: Library) -> dict[str, Any] | None:
    """The likely matter: a programme of ours, or where a neighbouring matter goes."""
    programmes = [one for one in _likely(custom) if one in library.programmes]
    names = [library.programmes[one].name for one in programmes]
    route = custom.get("route") or {}
    name = names[0] if names else str(route.get("name") or "") if custom.get("kind") != "screening" else ""
    if not name and custom.get("kind") != "decline":
        return None
    phone = route.get("phone") if route.get("phone") != HOTLINE else None
    return {
        "programme": programmes[0] if programmes else None,
        "name": name or "不归社会救助",
        "aspect": ASPECTS.get(custom.get("aspect") or "", ""),
        "others": names[1:3],
        "phone": phone,
        "where": route.get("where"),
    }


def _likely(custom: dict[str, Any]) -> list[str]:
    """The programmes a line is about. Who tells of a family asks for none: then those first that look possible for it."""
    programmes = list(custom.get("programmes") or [])
    if custom.get("kind") != "screening":
        return programmes
    possible = {result["programme"] for result in custom.get("results") or [] if result["verdict"] == "eligible"}
    guessed = programmes if (custom.get("confidence") or 0) >= LIKELY else []
    return [*(one for one in programmes if one in possible), *(one for one in guessed if one not in possible)]


def aloud(text: str) -> tuple[str, str]:
    """A reply as what to say, and what to say when asked on (where, papers, how long).

    What is meant for eyes falls away: the source line, the question (it stands apart), what to tap.

    >>> aloud("每人每月 100 元。\n依据：某文件 三(一)1。\n去哪办：乡镇窗口。")
    ('每人每月 100 元。', '去哪办：乡镇窗口。')
    """
    kept = [_FOR_SCREENS.sub("", line).strip() for line in text.splitlines() if not _NOT_ALOUD.match(line)]
    lines = [line for line in kept if line]
    later = next((n for n, line in enumerate(lines) if n and _LATER.match(line)), len(lines))
    return "\n".join(lines[:later]), "\n".join(lines[later:])


# The screen -----------------------------------------------------------------------------------------------------------


def view_of(state: Conversation, library: Library | None = None, before: View | None = None) -> View:
    """The family as understood, every programme judged, the one question to ask; `changed` names what is new since `before`."""
    library = library or load()
    day = dt.date.fromisoformat(state.as_of) if state.as_of else dt.date.today()
    judgement, question = _assessed(state, day, library)
    view: View = {
        "region": state.region,
        "place": region_name(state.region) if state.region else "",
        "as_of": day.isoformat(),
        "topic": _topic(state, library),
        "facts": _facts(state, library),
        "results": sorted((_row(one, state, library) for one in judgement.results), key=lambda row: _rank(row, state)),
        "question": _question(question, judgement.remaining, library) if _begun(state) else None,
    }
    view["changed"] = _changed(before, view) if before else {"facts": [], "results": [], "question": False}
    return view


def _topic(state: Conversation, library: Library) -> dict[str, Any] | None:
    """What the talk is about, where no line of this call said it: it began with the assistant, or with a case."""
    programmes = [state.topic] if state.topic in library.programmes else []
    return _matter({"programme": state.topic, "programmes": programmes, "aspect": state.aspect}, library)


def _assessed(state: Conversation, day: dt.date, library: Library) -> tuple[screening.Judgement, Any]:
    """The judgement, and the question of the matter in hand; when that is settled, of all the others."""
    topic = library.programmes.get(state.topic or "")
    focused = replace(state, focus=state.focus or ([topic.id] if topic and topic.screened else []))
    judgement = screening.assess(focused, day, library)
    if judgement.question is None and focused.focus:
        judgement = screening.assess(replace(state, focus=[]), day, library)
    return judgement, judgement.question


def _begun(state: Conversation) -> bool:
    """Whether anything was heard yet: before that there is nothing to ask, only to listen."""
    return bool(state.topic) or any(path != "region" for path in flatten(state.household))


def _question(question: Any, remaining: int, library: Library) -> dict[str, Any] | None:
    if question is None:
        return None
    choices = [{"key": number, **choice} for number, choice in enumerate(question.choices[:9], 1)]
    names = [library.programmes[one].name for one in question.programmes[:4]]
    asked = {
        "path": question.path,
        "ask": question.ask,
        "why": question.why,
        "settle": question.settle,
        "unit": question.unit,
    }
    return {**asked, "kind": question.kind, "choices": choices, "programmes": names, "remaining": remaining}


def _facts(state: Conversation, library: Library) -> list[dict[str, Any]]:
    """Every fact with the words it came from."""
    household = screening.household_of(state)
    values = flatten(household)
    facts = []
    for chip in understood(household, state.words, library, state.called):
        fact = fact_of(chip["path"], library)
        choices = [{"value": one.value, "label": one.label} for one in fact.choices]
        raw = {"raw": values[chip["path"]], "type": fact.type, "unit": fact.unit, "choices": choices}
        facts.append({"words": "", **chip, **raw})
    return facts


def _row(result: dict[str, Any], state: Conversation, library: Library) -> dict[str, Any]:
    household = screening.household_of(state)
    return {
        "key": key_of(result),
        "programme": result["programme"],
        "name": result["name"],
        "who": who_of(result["member"], household, state.called) if result["member"] else "全家",
        "verdict": result["verdict"],
        "verdict_words": "已经在领" if result.get("already") else VERDICTS[result["verdict"]],
        "met": result["met"],
        "amount": amount_words(result["amount"]) or "",
        "amount_note": result.get("amount_note") or "",
        "missing": _missing(result, state, library),
        "because": result["because"],
        "cautions": result["cautions"],
        "apply": {name: result["apply"].get(name) for name in ("where", "phone", "materials", "time")},
        "summary": result["summary"],
    }


def _rank(row: dict[str, Any], state: Conversation) -> tuple[Any, ...]:
    """The matter in hand first, then what looks possible, then what is nearest to it."""
    return row["programme"] != state.topic, _ORDER[row["verdict"]], -row["met"]["yes"] / max(row["met"]["of"], 1)


def fact_label(call_state: dict[str, Any], path: str) -> str:
    """A fact's name for the transcript."""
    state = Conversation.load(call_state)
    return label_of(path, screening.household_of(state), load(), state.called)


def said(path: str, value: Any) -> str:
    """A value in plain words."""
    return words_of(path, value, load())


def _missing(result: dict[str, Any], state: Conversation, library: Library) -> list[str]:
    if result["verdict"] == "undetermined" and not result["missing"]:
        return ["当地怎么定（问民政）"]
    return [missing_words(path, state, library) for path in result["missing"]]


def missing_words(path: str, state: Conversation, library: Library) -> str:
    """What is missing, as one asks for it; a local figure is the office's to tell, of a range the figure is asked."""
    household = screening.household_of(state)
    if path.startswith("parameters."):
        return "当地标准的数（问民政）"
    known_place = path == "region" and household.get("region")
    if known_place:
        return "当地有没有这一项"
    roughly = isinstance(flatten(household).get(path), (list, tuple))
    return label_of(path, household, library, state.called) + ("（要准数）" if roughly else "")


def _changed(before: View, now: View) -> dict[str, Any]:
    facts = {fact["path"]: fact["raw"] for fact in before.get("facts", [])}
    rows = {row["key"]: _told(row) for row in before.get("results", [])}
    new = [row for row in now["results"] if rows.get(row["key"]) != _told(row)]
    return {
        "facts": [
            fact["path"] for fact in now["facts"] if fact["path"] not in facts or facts[fact["path"]] != fact["raw"]
        ],
        "results": [row["key"] for row in new if row["key"] in rows or row["verdict"] != "undetermined"],
        "question": bool(now["question"]) and _path(now) != _path(before),
    }


def _path(view: View) -> str | None:
    return (view.get("question") or {}).get("path")


def _told(row: dict[str, Any]) -> tuple[Any, ...]:
    return row["verdict"], row["amount"], row["met"]["yes"]


def state_with(state: Conversation, view: View) -> dict[str, Any]:
    """The conversation to keep: the question on the screen is the one a short answer belongs to."""
    question = view["question"] or {"path": None, "choices": []}
    kept = replace(state, pending=question["path"])
    screening.remember(question["path"] or "", question["choices"], kept)
    return kept.dump()


# The agent's own hand -------------------------------------------------------------------------------------------------


def with_value(call_state: dict[str, Any], path: str, value: Any, words: str) -> dict[str, Any]:
    """The conversation with one fact set by the agent (None takes it out). Raises NotUnderstood."""
    library, state = load(), Conversation.load(call_state)
    household = with_fact(state.household, path, value)
    fault = possible({**household, **({"region": state.region} if state.region else {})}, library)
    if fault is not None:
        raise NotUnderstood(fault.message.split(" / ")[0])
    told = {**state.words, path: words} if value is not None else {k: v for k, v in state.words.items() if k != path}
    asked = state.asked if value is None or path in state.asked else [*state.asked, path]
    declined = [one for one in state.declined if one != path]
    region = value if path == "region" else state.region
    return replace(state, household=household, words=told, asked=asked, declined=declined, region=region).dump()


def with_choice(call_state: dict[str, Any], asked: str, chosen: Any, words: str) -> dict[str, Any]:
    """The conversation after a key at a question for several: one status that they hold, one person whom it is, or none of those shown.

    One says nothing of the others: they are asked again. Raises NotUnderstood.
    """
    state, everybody = Conversation.load(call_state), of_all(asked)
    group = [path for path in screening.paths_of(asked, state) if path not in flatten(state.household)]
    if chosen == screening.NONE_OF_THEM:
        for path in group:
            call_state = with_value(call_state, path, everybody.others if everybody else False, words)
        return call_state
    if chosen not in group:
        raise NotUnderstood("没有这个选项")
    return _with_named(call_state, chosen, everybody, words) if everybody else with_value(call_state, chosen, True, words)


def _with_named(call_state: dict[str, Any], path: str, everybody: OfAll, words: str) -> dict[str, Any]:
    """The conversation after somebody was named; what is then asked of them is not asked yet."""
    state = Conversation.load(with_value(call_state, path, everybody.named, words))
    return replace(state, named=[*state.named, path]).dump()


def without_answer(call_state: dict[str, Any], path: str) -> dict[str, Any]:
    """The conversation in which the caller does not know: it stays unknown and is not asked again."""
    state = Conversation.load(call_state)
    paths = screening.paths_of(path, state)
    return replace(state, declined=list(dict.fromkeys([*state.declined, *paths]))).dump()


def value_from(call_state: dict[str, Any], path: str, text: str) -> Any:
    """What an agent wrote into a fact's field, as a value of that fact. Raises NotUnderstood."""
    library, state = load(), Conversation.load(call_state)
    if path in ("region", "living_region"):
        return _place(text)
    question = screening.question_at(path, state, library)
    value = read_reply(text, question.as_dict())
    if value is None or value is UNKNOWN:
        labels = "、".join(str(choice["label"]) for choice in question.choices)
        raise NotUnderstood(
            f"没看懂“{text}”。" + (f"可以写：{labels}" if labels else "请写数字，例如 3 或 1 万到 2 万")
        )
    return value


def _place(text: str) -> str:
    code = text.strip()
    if code.isascii() and code.isdigit():
        found = code if is_known(code) else None
    else:
        places = find_regions(code)
        found = places[-1].code if places else None
    if not found:
        raise NotUnderstood(f"没找到“{code}”。请写省、市、县、乡镇的名字，或行政区划代码")
    return found


def is_fact(path: str) -> bool:
    """Whether a path is in the closed list of facts."""
    if not _PATH.fullmatch(path):
        return False
    try:
        fact_of(path, load())
    except KeyError:
        return False
    return True


def covered(words: str, line: str) -> float:
    """How much of some words was said in a line, 0—1, by pairs of characters; punctuation does not count."""
    wanted, said = _pairs(words), _pairs(line)
    return len(wanted & said) / len(wanted) if wanted else 0.0


def was_asked(question: str, line: str) -> bool:
    """Whether an agent's line put a question, in its own words or shorter."""
    return len(_pairs(question) & _pairs(line)) > 1 and max(covered(question, line), covered(line, question)) >= 0.4


def _pairs(text: str) -> set[str]:
    bare = re.sub(r"[^\w]", "", text)
    return {bare[i : i + 2] for i in range(len(bare) - 1)}
