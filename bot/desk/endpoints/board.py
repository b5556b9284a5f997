"""For the supervisor: the day's figures, doubted answers, the audit trail."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sanic.response import HTTPResponse, text

from bot import turn
from bot.desk import board, review
from bot.desk.endpoints.calls import iso
from bot.desk.http import SUPERVISORS, Ask, Endpoint, Fault, Schema, body, off_loop, words
from bot.pages.web import HEADERS
from store import audit, desk
from store.hours import CHINA

REVIEW: Schema = {
    "type": "object",
    "required": ["number", "question", "answer", "status"],
    "properties": {
        "number": {"type": "integer"},
        "question": {"type": "string"},
        "answer": {"type": "string"},
        "cites": {"type": "array"},
    },
}


async def get_board(ask: Ask) -> Any:
    return await off_loop(board.figures, day_of(ask))


async def list_reviews(ask: Ask) -> Any:
    return {"reviews": [_shown(found) for found in await off_loop(desk.reviews, _status(ask))]}


async def decide_review(ask: Ask) -> Any:
    number = _number(ask)
    expected = turn.safe(ask.body.get("expected", ""))
    decided = await off_loop(desk.decide, number, ask.body["status"], expected, ask.caller.login)
    if decided is None:
        raise Fault(404, "not_found", "没有这一条。 There is no such review.")
    return _shown(decided)


async def export_reviews(ask: Ask) -> HTTPResponse:
    """Every accepted review as a test case, YAML."""
    accepted = await off_loop(desk.reviews, "accepted", 10_000)
    return text(
        review.as_yaml(accepted),
        content_type="application/yaml; charset=utf-8",
        headers={**HEADERS, "Cache-Control": "no-store"},
    )


async def list_audit(ask: Ask) -> Any:
    subject = ask.request.args.get("subject")
    found = await off_loop(audit.entries, subject[:64] if subject else None)
    return {"entries": [{**entry, "at": iso(entry["at"])} for entry in found]}


def day_of(ask: Ask) -> dt.date:
    """The day asked about; today in China by default. Raises Fault."""
    given = ask.request.args.get("day")
    try:
        return dt.date.fromisoformat(given) if given else dt.datetime.now(CHINA).date()
    except ValueError:
        raise Fault(422, "invalid_date", "day 应是日期，如 2026-01-15。 `day` must be YYYY-MM-DD.", "day") from None


def _status(ask: Ask) -> str | None:
    status = ask.request.args.get("status")
    if status is not None and status not in desk.REVIEW_STATUS:
        raise Fault(422, "invalid_status", "status 只能是 open、accepted、rejected。 Unknown status.", "status")
    return status


def _number(ask: Ask) -> int:
    given = ask.parts["number"]
    if not (given.isascii() and given.isdigit() and len(given) < 10):
        raise Fault(404, "not_found", "没有这一条。 There is no such review.")
    return int(given)


def _shown(found: dict[str, Any]) -> dict[str, Any]:
    return {**found, "at": iso(found["at"])}


_STATUS: Schema = {"type": "string", "enum": list(desk.REVIEW_STATUS)}
_DECIDE = body({"status": _STATUS, "expected": words(500)}, "status")
_REVIEWS: Schema = {
    "type": "object",
    "required": ["reviews"],
    "properties": {"reviews": {"type": "array", "items": REVIEW}},
}
_AUDIT: Schema = {
    "type": "object",
    "required": ["entries"],
    "properties": {"entries": {"type": "array", "items": {"type": "object"}}},
}
_BOARD: Schema = {"type": "object", "required": ["day", "calls", "matters", "outcomes", "unanswered"]}
_DAY: dict[str, Schema] = {"day": {"type": "string", "format": "date"}}

ENDPOINTS = [
    Endpoint("GET", "/api/desk/board", "A day in figures", get_board, SUPERVISORS, gives=_BOARD, query=_DAY),
    Endpoint(
        "GET",
        "/api/desk/reviews",
        "Doubted answers",
        list_reviews,
        SUPERVISORS,
        "reviews",
        gives=_REVIEWS,
        query={"status": _STATUS},
    ),
    Endpoint(
        "GET",
        "/api/desk/reviews.yml",
        "Accepted reviews as test cases",
        export_reviews,
        SUPERVISORS,
        "reviews",
        gives={"type": "array", "items": {"type": "object"}},
        text="application/yaml",
    ),
    Endpoint(
        "PUT",
        "/api/desk/reviews/<number:str>",
        "Decide on a doubted answer",
        decide_review,
        SUPERVISORS,
        takes=_DECIDE,
        gives=REVIEW,
    ),
    Endpoint(
        "GET", "/api/desk/audit", "Who saw what", list_audit, SUPERVISORS, gives=_AUDIT, query={"subject": words(64)}
    ),
]
