"""Work orders: draft, edit, close with an outcome, open again, fetch, print."""

from __future__ import annotations

from typing import Any

from sanic.response import HTTPResponse

from bot import outbox, turn
from bot.desk import handoff, live, order
from bot.desk.endpoints.calls import iso
from bot.desk.files import links
from bot.desk.http import AGENTS, Ask, Endpoint, Fault, Schema, body, off_loop, words
from bot.pages import render, web
from bot.privacy import mask
from store import calls, orders
from store.audit import record

ORDER: Schema = {
    "type": "object",
    "required": ["order", "call", "agent", "status", "outcome", "text", "facts", "verdicts"],
    "properties": {
        "order": {"type": "string"},
        "call": {"type": "string"},
        "agent": {"type": "string"},
        "status": {"type": "string", "enum": ["draft", "closed"]},
        "outcome": {"type": "object", "nullable": True},
        "version": {"type": "integer", "description": "grows with every edit"},
        "edition": {"type": "integer", "description": "1; higher when it was opened again after closing"},
        "reopened": {"type": "string", "nullable": True, "description": "why it was opened again"},
        "text": {"type": "object", "additionalProperties": {"type": "string"}},
        "facts": {"type": "array", "items": {"type": "object"}},
        "verdicts": {"type": "array", "items": {"type": "object"}},
    },
}


async def draft_order(ask: Ask) -> Any:
    call = await off_loop(calls.call_of, ask.parts["call"])
    if call is None:
        raise Fault(404, "not_found", "没有这通电话。 There is no such call.")
    if call["agent"] != ask.caller.login:
        raise Fault(403, "not_yours", "这通电话不在您这里。 This call is not yours.")
    kept = await live.catch_up(ask.request.app, call["call"])
    drafted = order.draft(kept, kept["lines"])
    found = await off_loop(orders.draft, call["call"], ask.caller.login, drafted)
    if ask.body.get("anew") and found["status"] == "draft":
        anew = await off_loop(orders.edit, found["order"], found["version"], drafted, ask.caller.who)
        return shown(anew or found)
    return shown(found)


async def get_order(ask: Ask) -> Any:
    found = await _visible(ask)
    await off_loop(record, ask.caller.who, "see_order", found["order"])
    return shown(found)


async def list_orders(ask: Ask) -> Any:
    """All that are closed, for a supervisor or a program; an agent's own, drafts too."""
    since = ask.number("since", 0, 1e11)
    if ask.caller.role == "agent" or "mine" in ask.request.args:
        found = await off_loop(orders.orders_of, ask.caller.login)
    else:
        found = await off_loop(orders.orders, since)
    return {"orders": [shown(one) for one in found]}


async def edit_order(ask: Ask) -> Any:
    found = await _mine(ask)
    changed = order.edited(found["body"], {name: mask(text) for name, text in ask.body["text"].items()})
    now = await off_loop(orders.edit, found["order"], ask.body["version"], changed, ask.caller.who)
    if now is None:
        raise Fault(
            409,
            "changed",
            "这张工单在别处改过了，请重新打开。 The order was changed meanwhile; fetch it again.",
            "version",
        )
    return shown(now)


async def close_order(ask: Ask) -> Any:
    found, outcome = await _mine(ask), ask.body["outcome"]
    if outcome != "urgent" and "promised" in order.open_fields(found["body"]):
        raise Fault(
            409,
            "to_fill",
            "“已承诺”还没写。没有承诺就写“没有”。 Say what was promised, or that nothing was.",
            "text.promised",
        )
    async with handoff.letting_go(ask.request.app, found["call"]):
        closed = await off_loop(orders.close, found["order"], outcome, outbox.address() is not None, ask.caller.who)
        if closed is None:
            raise Fault(409, "closed", "这张工单已经办结。 The order is closed.")
    return shown(closed)


async def reopen_order(ask: Ask) -> Any:
    """A closed order is a draft again, of whoever opens it: the agent who closed it, or a supervisor."""
    found, reason = await _visible(ask), turn.safe(ask.body["reason"])
    if not reason:
        raise Fault(422, "no_reason", "请写为什么重开。 Say why it is opened again.", "reason")
    again = await off_loop(orders.reopen, found["order"], ask.caller.login, reason)
    if again is None:
        raise Fault(409, "not_closed", "这张工单还没办结，不用重开。 The order is not closed.")
    return shown(again)


async def print_order(ask: Ask) -> HTTPResponse:
    found = await _visible(ask)
    await off_loop(record, ask.caller.who, "print_order", found["order"])
    rows = [(title, found["body"]["text"].get(name, "")) for name, title in order.FIELDS.items()]
    times = {name: iso(found[name])[:16].replace("T", " ") if found[name] else "" for name in ("created", "closed")}
    outcome = orders.OUTCOMES.get(found["outcome"] or "", "没有办结")
    return web.html(
        ask.request, render.page("desk/print.html", order=found, rows=rows, outcome=outcome, **times, **links())
    )


async def _visible(ask: Ask) -> dict[str, Any]:
    found = await off_loop(orders.order_of, ask.parts["order"])
    if found is None:
        raise Fault(404, "not_found", "没有这张工单。 There is no such order.")
    if ask.caller.role == "agent" and found["agent"] != ask.caller.login:
        raise Fault(403, "not_yours", "这张工单是别的坐席的。 This order is not yours.")
    return found


async def _mine(ask: Ask) -> dict[str, Any]:
    found = await _visible(ask)
    if found["agent"] != ask.caller.login:
        raise Fault(403, "not_yours", "这张工单是别的坐席的。 This order is not yours.")
    return found


def shown(found: dict[str, Any]) -> dict[str, Any]:
    """An order as the API gives it."""
    times = {"created": iso(found["created"]), "closed": iso(found["closed"]) if found["closed"] else None}
    return {**orders.exported(found), **times, "version": found["version"]}


_DRAFT = body({"anew": {"type": "boolean", "description": "draft it again from the call, dropping what was edited"}})
_TEXT: Schema = {
    "type": "object",
    "additionalProperties": False,
    "properties": {name: words(8_000) for name in order.FIELDS},
}
_EDIT = body({"version": {"type": "integer", "minimum": 1, "maximum": 1_000_000}, "text": _TEXT}, "version", "text")
_CLOSE = body({"outcome": {"type": "string", "enum": list(orders.OUTCOMES)}}, "outcome")
_REOPEN = body({"reason": {**words(200, 1), "description": "kept in the audit trail"}}, "reason")
_LIST: Schema = {"type": "object", "required": ["orders"], "properties": {"orders": {"type": "array", "items": ORDER}}}
_ONE = "/api/desk/orders/<order:str>"

ENDPOINTS = [
    Endpoint(
        "POST",
        "/api/desk/calls/<call:str>/order",
        "Draft the call's work order, or find it",
        draft_order,
        AGENTS,
        None,
        _DRAFT,
        ORDER,
    ),
    Endpoint(
        "GET",
        "/api/desk/orders",
        "Closed orders; an agent's own",
        list_orders,
        AGENTS,
        "orders",
        gives=_LIST,
        query={"since": {"type": "number", "minimum": 0}, "mine": {"type": "string", "enum": ["1"]}},
    ),
    Endpoint("GET", _ONE, "An order", get_order, AGENTS, "orders", gives=ORDER),
    Endpoint("PUT", _ONE, "Edit a draft", edit_order, AGENTS, takes=_EDIT, gives=ORDER),
    Endpoint("POST", f"{_ONE}/close", "Close an order and its call", close_order, AGENTS, takes=_CLOSE, gives=ORDER),
    Endpoint("POST", f"{_ONE}/reopen", "Open a closed order again", reopen_order, AGENTS, takes=_REOPEN, gives=ORDER),
    Endpoint(
        "GET", f"{_ONE}/print", "An order on paper", print_order, AGENTS, gives={"type": "string"}, text="text/html"
    ),
]
