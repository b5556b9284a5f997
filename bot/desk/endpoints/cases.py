"""A resident's case code: read at the window, or gone on with in a call when the resident agrees."""

from __future__ import annotations

from typing import Any

from actions.family import merge
from actions.state import Conversation
from bot.desk import assist
from bot.desk.endpoints.calls import CALL, changed, iso, open_call
from bot.desk.http import AGENTS, EVERYBODY, Ask, Endpoint, Fault, Schema, body, off_loop, words
from store import calls, cases

CASE: Schema = {
    "type": "object",
    "required": ["code", "created", "expires", "opened", "view"],
    "properties": {"code": {"type": "string"}, "view": {"type": "object"}},
}


async def open_case(ask: Ask) -> Any:
    """The family under a code, read-only."""
    case = await _case(ask)
    view = await off_loop(assist.view_of, Conversation.load(_state(case)))
    times = {name: iso(case[name]) if case[name] else None for name in ("created", "expires", "opened")}
    return {"code": case["code"], **times, "view": view}


async def join_case(ask: Ask) -> Any:
    """Go on with a case in a call: its family, its questions. What the caller said before in this call stays."""
    call = await open_call(ask)
    case = await _case(ask)
    await off_loop(calls.join_case, call["call"], case["code"])
    told = f"来电人同意，接着办事码 {case['code']} 的情况办"
    return await changed(call["call"], lambda state: _joined(state, case), told)


async def _case(ask: Ask) -> dict[str, Any]:
    try:
        case = await off_loop(cases.open_case, ask.body["code"], ask.caller.who)
    except cases.TooManyWrongCodes:
        raise Fault(
            429, "too_many", "错的号码太多，请过 15 分钟再试。 Too many wrong codes; try again in 15 minutes."
        ) from None
    if case is None:
        raise Fault(
            404, "no_case", "没有这个号码，或者已过 7 天。请再核对一遍。 No such code, or it has expired.", "code"
        )
    return case


def _state(case: dict[str, Any]) -> dict[str, Any]:
    household = case["household"]
    kept = {"household": household, "words": case["words"], "asked": case["asked"], "as_of": case["as_of"]}
    return Conversation(region=case["region"] or household.get("region"), screening=True, **kept).dump()


def _joined(state: dict[str, Any], case: dict[str, Any]) -> dict[str, Any]:
    """The case's family, over which stands whatever this call has told already."""
    theirs = _state(case)
    household, _ = merge(theirs["household"], state["household"])
    asked = list(dict.fromkeys([*theirs["asked"], *state["asked"]]))
    words = {**theirs["words"], **state["words"]}
    region = state["household"].get("region") or theirs["region"] or state["region"]
    return {**state, "household": household, "words": words, "asked": asked, "region": region, "screening": True}


_CODE = words(20, 1)
_JOIN = body(
    {"code": _CODE, "agreed": {"type": "boolean", "enum": [True], "description": "the resident was asked and agreed"}},
    "code",
    "agreed",
)

ENDPOINTS = [
    Endpoint(
        "POST",
        "/api/desk/cases/open",
        "See the family under a code",
        open_case,
        EVERYBODY,
        None,
        body({"code": _CODE}, "code"),
        CASE,
    ),
    Endpoint(
        "POST",
        "/api/desk/calls/<call:str>/case",
        "Go on with a case in this call",
        join_case,
        AGENTS,
        None,
        _JOIN,
        CALL,
    ),
]
