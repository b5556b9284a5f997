"""Calls: begin, hear, answer by key, correct, take from the queue, speak to the resident, hand back."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from bot import turn
from bot.desk import assist, handoff, live
from bot.desk.http import AGENTS, Ask, Endpoint, Fault, Schema, body, off_loop, words
from bot.privacy import mask
from bot.settings import Settings
from knowledge.regions import is_known
from rules.together import is_group
from store import calls
from store.audit import record
from store.desk import record_feedback
from store.hours import CHINA

LONGEST_WAIT = 25  # seconds
SPEAKERS = ("caller", "agent")
PATH = {"type": "string", "pattern": r"^[a-z0-9_.[\]]{1,80}$"}
CALL: Schema = {
    "type": "object",
    "required": ["call", "version", "channel", "agent", "started", "lines", "view"],
    "properties": {
        "call": {"type": "string"},
        "version": {"type": "integer"},
        "channel": {"type": "string"},
        "reference": {"type": "string", "nullable": True},
        "agent": {"type": "string", "nullable": True},
        "case": {"type": "string", "nullable": True},
        "started": {"type": "string", "format": "date-time"},
        "ended": {"type": "string", "format": "date-time", "nullable": True},
        "outcome": {"type": "string", "nullable": True},
        "lines": {"type": "array", "items": {"type": "object", "required": ["number", "speaker", "text", "at"]}},
        "view": {"type": "object"},
    },
}
BRIEF: Schema = {"type": "object", "required": ["call", "channel", "started", "said"]}
LIST: Schema = {"type": "object", "required": ["calls"], "properties": {"calls": {"type": "array", "items": BRIEF}}}


# Beginning and looking ------------------------------------------------------------------------------------------------


async def start_call(ask: Ask) -> Any:
    region, as_of = ask.body.get("region") or Settings.read().place, ask.body.get("as_of")
    if region and not is_known(region):
        raise Fault(
            422, "unknown_place", "region 不是认识的行政区划代码。 `region` is not a known GB/T 2260 code.", "region"
        )
    reference = ask.body.get("reference")
    if reference and mask(reference) != reference:
        raise Fault(
            422, "personal_number", "reference 不能用电话号码或证件号。 Must not be a personal number.", "reference"
        )
    agent = ask.caller.login if ask.caller.role else None
    state = live.new_state(region, _day(as_of) if as_of else None)
    call = await off_loop(calls.start_call, agent, by=ask.caller.who, reference=reference, state=state)
    return shown(await live.catch_up(ask.request.app, call))


async def get_call(ask: Ask) -> Any:
    call = await _visible(ask)
    after = int(ask.number("after", -1, 1e9))
    if after >= 0 and call["version"] <= after:
        await live.wait_for_news(call["call"], after, ask.number("wait", 0, LONGEST_WAIT))
    if after < 0:
        await off_loop(record, ask.caller.who, "see_call", call["call"])
    return shown(await live.catch_up(ask.request.app, call["call"]))


async def list_calls(ask: Ask) -> Any:
    mine = await off_loop(calls.open_calls, ask.caller.login) if ask.caller.role else []
    return {"calls": [await off_loop(_brief, call) for call in mine]}


async def list_queue(ask: Ask) -> Any:
    return {"calls": [await off_loop(_brief, call) for call in await off_loop(calls.waiting)]}


async def take_call(ask: Ask) -> Any:
    call = await _known(ask)
    if not await off_loop(calls.take, call["call"], ask.caller.login):
        raise Fault(409, "taken", "这一位已经有人接了，或者已经结束。 Somebody else took it, or it has ended.")
    return shown(await live.catch_up(ask.request.app, call["call"]))


# What is said ---------------------------------------------------------------------------------------------------------


async def add_lines(ask: Ask) -> Any:
    call = await open_call(ask)
    origin = "typed" if ask.caller.role else "pushed"
    added = []
    for index, line in enumerate(ask.body["lines"]):
        at = _moment(line["at"], f"lines[{index}].at") if "at" in line else None
        reference = line.get("id")
        added.append(
            await live.add(call["call"], line["speaker"], line["text"], origin=origin, at=at, reference=reference)
        )
    kept = await live.catch_up(ask.request.app, call["call"])
    return {"added": sum(number is not None for number in added), **shown(kept)}


async def mark_told(ask: Ask) -> Any:
    call = await open_call(ask)
    if not await off_loop(calls.set_told, call["call"], ask.body["line"], ask.body["told"]):
        raise Fault(404, "not_found", "没有这一句。 There is no such line.", "line")
    return shown(await live.catch_up(ask.request.app, call["call"]))


async def set_fact(ask: Ask) -> Any:
    """One fact: a choice's `value`, an agent's `text`, `unknown` (the caller does not know), or none of them to take it out."""
    call, path = await open_call(ask), ask.body["path"]
    if len({"value", "text", "unknown"} & set(ask.body)) > 1:
        raise Fault(422, "one_of", "value、text、unknown 只能给一个。 Give one of value, text, unknown.", "value")
    if not assist.is_fact(path) and not is_group(path) or path.endswith(".relation"):
        raise Fault(422, "unknown_field", f"没有 {path} 这一项，或不能单独改。 Unknown fact.", "path")
    try:
        told = await off_loop(_read, call["state"], ask.body)
        await off_loop(_edited, call["state"], told)
        return await changed(call["call"], lambda state: _edited(state, told), _written(call, told))
    except assist.NotUnderstood as fault:
        raise Fault(422, "not_understood", f"{fault}。 The value cannot be taken.", "text") from None


def _read(state: dict[str, Any], body: dict[str, Any]) -> dict[str, Any]:
    """What the agent's hand did, with a value for what they wrote, and the words to stand beside the fact."""
    if "text" not in body:
        return {**body, "words": "坐席按来电人的回答选"}
    if is_group(body["path"]):
        raise assist.NotUnderstood("请按键选")
    value = assist.value_from(state, body["path"], body["text"])
    return {"path": body["path"], "value": value, "words": f"坐席填：{mask(body['text'])}"}


def _edited(state: dict[str, Any], told: dict[str, Any]) -> dict[str, Any]:
    path = told["path"]
    if told.get("unknown"):
        return assist.without_answer(state, path)
    if is_group(path):
        return assist.with_choice(state, path, told.get("value"), told["words"])
    return assist.with_value(state, path, told.get("value"), told["words"])


def _written(call: dict[str, Any], told: dict[str, Any]) -> str:
    """The agent's key as a line of the transcript: what was asked, or which fact, and what became of it."""
    path, question = told["path"], (call["view"] or {}).get("question") or {}
    put = path == question.get("path") or is_group(path)
    asked = question.get("ask", "") if put else assist.fact_label(call["state"], path)
    labels = {str(choice["value"]): choice["label"] for choice in question.get("choices", [])}
    if told.get("unknown"):
        return f"{asked} → 不知道"
    if "value" not in told:
        return f"{asked} → 删去"
    return f"{asked} → {labels.get(str(told['value'])) or assist.said(path, told['value'])}"


async def doubt_answer(ask: Ask) -> Any:
    """The agent says that an answer is wrong: a supervisor will look at it."""
    call = await open_call(ask)
    lines = await off_loop(calls.lines_of, call["call"])
    line = next((one for one in lines if one["number"] == ask.body["line"]), None)
    if line is None or not (line["heard"] or {}).get("read_aloud"):
        raise Fault(404, "not_found", "这一句没有答案。 That line has no answer.", "line")
    heard, matter = line["heard"], line["heard"]["matter"] or {}
    about = {
        "programme": matter.get("programme"),
        "region": call["state"].get("region"),
        "as_of": (call["view"] or {}).get("as_of"),
    }
    told = {"remark": turn.safe(ask.body.get("remark", "")), "expected": turn.safe(ask.body.get("expected", ""))}
    number = await off_loop(
        record_feedback,
        line["text"],
        heard["read_aloud"],
        heard["cites"],
        by=ask.caller.who,
        channel=call["channel"],
        **told,
        **about,
    )
    return {"review": number}


# With a resident in their own channel ---------------------------------------------------------------------------------


async def say(ask: Ask) -> Any:
    call = await open_call(ask)
    if not call["sender"]:
        raise Fault(409, "by_telephone", "这是电话，直接说就行。 This call is by telephone.")
    how = await handoff.say(ask.request.app, call, ask.body["text"])
    return {"reached": how, **shown(await live.catch_up(ask.request.app, call["call"]))}


async def hand_back(ask: Ask) -> Any:
    call = await open_call(ask)
    if not call["sender"]:
        raise Fault(409, "by_telephone", "这是电话，没有助手可交回。 This call is by telephone.")
    return await _end(ask, call["call"], "handed_back")


async def end_call(ask: Ask) -> Any:
    """End a call that needs no work order: silence, a wrong number, cut off."""
    call = await open_call(ask)
    return await _end(ask, call["call"], "no_order")


async def _end(ask: Ask, call: str, outcome: str) -> Any:
    async with handoff.letting_go(ask.request.app, call):
        await off_loop(calls.finish, call, outcome, ask.caller.who)
    return shown(await live.catch_up(ask.request.app, call))


# Shared ---------------------------------------------------------------------------------------------------------------


async def _known(ask: Ask) -> dict[str, Any]:
    call = await off_loop(calls.call_of, ask.parts["call"])
    if call is None:
        raise Fault(404, "not_found", "没有这通电话。 There is no such call.")
    return call


async def _visible(ask: Ask) -> dict[str, Any]:
    """The call, for its own agent, a supervisor or a program."""
    call = await _known(ask)
    if ask.caller.role == "agent" and call["agent"] != ask.caller.login:
        raise Fault(403, "not_yours", "这通电话不在您这里。 This call is not yours.")
    return call


async def open_call(ask: Ask) -> dict[str, Any]:
    """The call, still going on, for whoever may write to it: its own agent, or a program."""
    call = await _known(ask)
    if ask.caller.role and call["agent"] != ask.caller.login:
        raise Fault(403, "not_yours", "这通电话不在您这里。 This call is not yours.")
    if call["ended"]:
        raise _ended()
    return call


async def changed(call: str, edit: live.Edit, told: str) -> dict[str, Any]:
    """The call after an edit by the agent's hand, which leaves a line in the transcript."""
    try:
        return shown(await live.change(call, edit, ("desk", told)))
    except live.Ended:
        raise _ended() from None


def _ended() -> Fault:
    return Fault(409, "ended", "这通电话已经结束。 This call has ended.")


def shown(call: dict[str, Any]) -> dict[str, Any]:
    """A call as the API gives it: times in ISO 8601, nothing of the channel's own ids."""
    names = ("call", "version", "channel", "reference", "agent", "case", "outcome", "view")
    lines = [{**line, "at": iso(line["at"])} for line in call["lines"]]
    times = {"started": iso(call["started"]), "ended": iso(call["ended"]) if call["ended"] else None}
    return {**{name: call[name] for name in names}, **times, "lines": lines}


def _brief(call: dict[str, Any]) -> dict[str, Any]:
    """A call as a line of the queue: what its caller said last stands for the rest."""
    lines = calls.lines_of(call["call"])
    said = [line["text"] for line in lines if line["speaker"] == "caller"]
    names = ("call", "channel", "reference", "case")
    return {
        **{name: call[name] for name in names},
        "started": iso(call["started"]),
        "said": [text[:60] for text in said[-3:]],
        "lines": len(lines),
    }


def iso(moment: float) -> str:
    """A moment in China's time, ISO 8601."""
    return dt.datetime.fromtimestamp(moment, CHINA).isoformat(timespec="seconds")


def _moment(given: str, path: str) -> float:
    try:
        moment = dt.datetime.fromisoformat(re.sub(r"Z$", "+00:00", given))
        return (moment if moment.tzinfo else moment.replace(tzinfo=CHINA)).timestamp()
    except (ValueError, OverflowError):
        raise Fault(
            422, "invalid_time", "时间应写成 2026-01-15T09:30:00+08:00。 Write the time as ISO 8601.", path
        ) from None


def _day(given: str) -> str:
    try:
        return dt.date.fromisoformat(given).isoformat()
    except ValueError:
        raise Fault(
            422, "invalid_date", "as_of 应是日期，如 2026-01-15。 `as_of` must be YYYY-MM-DD.", "as_of"
        ) from None


_LINE = body(
    {
        "speaker": {"type": "string", "enum": list(SPEAKERS)},
        "text": words(2_000, 1),
        "at": {**words(40), "description": "ISO 8601"},
        "id": {**words(64, 1), "description": "the pusher's own id of the line: the same id again adds nothing"},
    },
    "speaker",
    "text",
)
_START = body(
    {
        "region": {"type": "string", "pattern": "^[0-9]{2,12}$"},
        "as_of": {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"},
        "reference": {
            "type": "string",
            "pattern": "^[A-Za-z0-9_-]{1,64}$",
            "description": "the hotline's own number of the call",
        },
    }
)
_VALUE: Schema = {
    "oneOf": [
        {"type": "boolean"},
        {"type": "number"},
        words(40),
        {"type": "array", "maxItems": 2, "items": {"type": "number"}},
    ]
}
_FACT = body(
    {"path": PATH, "value": _VALUE, "text": words(80, 1), "unknown": {"type": "boolean", "enum": [True]}}, "path"
)
_LINES = body({"lines": {"type": "array", "minItems": 1, "maxItems": 50, "items": _LINE}}, "lines")
_NUMBER: Schema = {"type": "integer", "minimum": 1, "maximum": 2_000_000_000}
_DOUBT = body({"line": _NUMBER, "remark": words(500), "expected": words(500)}, "line")
_ONE = "/api/desk/calls/<call:str>"
_QUERY: dict[str, Schema] = {
    "after": {"type": "integer", "minimum": 0},
    "wait": {"type": "number", "minimum": 0, "maximum": LONGEST_WAIT},
}
_REVIEW: Schema = {"type": "object", "required": ["review"], "properties": {"review": {"type": "integer"}}}

ENDPOINTS = [
    Endpoint("GET", "/api/desk/calls", "My open calls", list_calls, AGENTS, "calls", gives=LIST),
    Endpoint(
        "POST",
        "/api/desk/calls",
        "Begin a call; a program's goes into the queue",
        start_call,
        AGENTS,
        "calls",
        _START,
        CALL,
    ),
    Endpoint("GET", "/api/desk/queue", "Calls that wait for an agent", list_queue, AGENTS, "calls", gives=LIST),
    Endpoint(
        "GET", _ONE, "A call, at once or when it has changed", get_call, AGENTS, "calls", gives=CALL, query=_QUERY
    ),
    Endpoint("POST", f"{_ONE}/take", "Take a waiting call", take_call, AGENTS, gives=CALL),
    Endpoint("POST", f"{_ONE}/transcript", "Add what was said", add_lines, AGENTS, "transcript", _LINES, CALL),
    Endpoint("PUT", f"{_ONE}/facts", "Answer, correct or take out one fact", set_fact, AGENTS, takes=_FACT, gives=CALL),
    Endpoint(
        "POST",
        f"{_ONE}/told",
        "Whether a sentence was read to the caller",
        mark_told,
        AGENTS,
        takes=body({"line": _NUMBER, "told": {"type": "boolean"}}, "line", "told"),
        gives=CALL,
    ),
    Endpoint("POST", f"{_ONE}/doubt", "This answer is wrong", doubt_answer, AGENTS, takes=_DOUBT, gives=_REVIEW),
    Endpoint(
        "POST",
        f"{_ONE}/say",
        "Write to the resident",
        say,
        AGENTS,
        takes=body({"text": words(600, 1)}, "text"),
        gives=CALL,
    ),
    Endpoint("POST", f"{_ONE}/back", "Hand back to the assistant", hand_back, AGENTS, gives=CALL),
    Endpoint("POST", f"{_ONE}/end", "End a call that needs no work order", end_call, AGENTS, gives=CALL),
]
