"""How long what people say is kept, and its removal when that time is over.

`KEEP_TALKS_DAYS` (30): a resident's conversation with the assistant, from its last word on. `KEEP_CALLS_DAYS` (180): calls,
handovers, doubted answers and unanswered questions, and what work orders say of people: their number, dates and outcome stay.
"""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import column, delete, func, inspect, select, table, update

from store import wechat
from store.audit import Entry
from store.base import engine_from_env, session_scope
from store.calls import Call, Line
from store.cases import Case
from store.desk import Review, Unanswered
from store.orders import Letter, Order

DAY = 24 * 3600.0
KEPT_LETTERS = 30 * DAY  # after they arrived
KEPT_AUDIT = 730 * DAY
AT_ONCE = 500  # what one transaction takes, so that no turn waits long for the database
EVENTS: Any = table("events", column("sender_id"), column("timestamp"))  # Rasa's own


class WrongDays(ValueError):
    """A number of days that cannot be used; the message says which and how to write it."""


@dataclass(frozen=True)
class Keeping:
    """Seconds that each is kept."""

    talks: float = 30 * DAY
    calls: float = 180 * DAY


def keeping(environ: Mapping[str, str] = os.environ) -> Keeping:
    """What the environment says. Raises WrongDays."""
    return Keeping(
        _days(environ, "KEEP_TALKS_DAYS", Keeping.talks), _days(environ, "KEEP_CALLS_DAYS", Keeping.calls)
    )


def _days(environ: Mapping[str, str], name: str, otherwise: float) -> float:
    given = environ.get(name, "").strip()
    if not given:
        return otherwise
    if not (given.isascii() and given.isdigit() and 1 <= int(given) <= 36_500):
        raise WrongDays(f"{name} is {given!r}; it must be a whole number of days, at least 1, such as 30.")
    return int(given) * DAY


def forget_old(now: float | None = None) -> dict[str, int]:
    """Remove what is kept no longer, and say how many went. A work order that has not reached the hotline's system stays whole."""
    now = time.time() if now is None else now
    kept = keeping()
    return {
        "talks": _talks(now - kept.talks),
        "calls": _calls(now - kept.calls),
        "orders": _orders(now - kept.calls, now),
        "reviews": _delete(Review, Review.at < now - kept.calls),
        "questions": _delete(Unanswered, Unanswered.at < now - kept.calls),
        "cases": _delete(Case, Case.expires <= now),
        "letters": _delete(Letter, Letter.sent < now - KEPT_LETTERS),
        "audit": _delete(Entry, Entry.at < now - KEPT_AUDIT),
        "wechat": wechat.sweep(now),
    }


def _delete(model: Any, old: Any) -> int:
    with session_scope() as session:
        return int(session.execute(delete(model).where(old).execution_options(synchronize_session=False)).rowcount)


def _talks(before: float) -> int:
    """Conversations in which nothing was said since a moment, out of Rasa's own table."""
    if not inspect(engine_from_env()).has_table("events"):
        return 0
    quiet = select(EVENTS.c.sender_id).group_by(EVENTS.c.sender_id).having(func.max(EVENTS.c.timestamp) < before)
    with session_scope() as session:
        senders = session.execute(quiet).scalars().all()
    for some in _portions(senders):
        with session_scope() as session:  # somebody may have come back just now: what is new stays
            session.execute(delete(EVENTS).where(EVENTS.c.sender_id.in_(some), EVENTS.c.timestamp < before))
    return len(senders)


def _calls(before: float) -> int:
    with session_scope() as session:
        old = session.execute(select(Call.call).where(Call.started < before)).scalars().all()
    for some in _portions(old):
        with session_scope() as session:
            for model in (Line, Call):
                session.execute(delete(model).where(model.call.in_(some)).execution_options(synchronize_session=False))
    return len(old)


def _orders(before: float, now: float) -> int:
    """Take out of old orders what they say of people; what they were about and how they ended stays."""
    on_its_way = select(Letter.order).where(Letter.sent.is_(None))
    old = select(Order.order, Order.body).where(
        Order.forgotten.is_(None), func.coalesce(Order.closed, Order.created) < before, Order.order.not_in(on_its_way)
    )
    with session_scope() as session:
        found = session.execute(old).all()
    for some in _portions(found):
        with session_scope() as session:
            for order, body in some:
                values = {"body": _bare(body), "reopened": None, "forgotten": now, "version": Order.version + 1}
                session.execute(update(Order).where(Order.order == order).values(**values))
    return len(found)


def _bare(body: dict[str, Any]) -> dict[str, Any]:
    kept = {name: body.get(name) for name in ("channel", "programme", "urgent")}
    return {**kept, "reference": None, "text": {}, "facts": [], "verdicts": []}


def _portions(many: Any) -> list[Any]:
    return [many[start : start + AT_ONCE] for start in range(0, len(many), AT_ONCE)]
