"""Work orders (工单), and the outbox that carries each to the hotline's system until it is there, once.

An order and its letter are written in one transaction. A letter is leased by whoever sends it, keeps its idempotency key
through every try, and is never given up. An order that is opened again keeps its number: closing it makes the next *edition*,
with a letter and a key of its own, sent after the one before.
"""

from __future__ import annotations

import json
import secrets
import time
from dataclasses import dataclass
from typing import Any

from sqlalchemy import JSON, Column, Float, Integer, String, Text, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import aliased

from store import calls
from store.audit import note
from store.base import Base, session_scope

OUTCOMES = {"answered": "答复", "transferred": "转办", "callback": "回拨", "urgent": "紧急"}


class Order(Base):
    """`body`: the order as the agent left it; `status`: draft or closed. A closed order does not change.

    `agent`: whose it is: who drafted it, or who opened it again. `edition`: how often it was begun; `reopened`: why the last time.
    `forgotten`: when what it says of people was taken out.
    """

    __tablename__ = "desk_order"

    order = Column(String(24), primary_key=True)
    call = Column(String(16), unique=True, nullable=False)
    agent = Column(String(32), nullable=False, index=True)
    body = Column(JSON, nullable=False)
    status = Column(String(8), nullable=False, default="draft")
    outcome = Column(String(16))
    created = Column(Float, nullable=False, index=True)
    closed = Column(Float)
    version = Column(Integer, nullable=False, default=1)
    edition = Column(Integer, nullable=False, default=1)
    reopened = Column(String(200))
    forgotten = Column(Float)


class Letter(Base):
    """A closed order on its way. `body` is sent byte for byte as it was written first."""

    __tablename__ = "desk_outbox"

    number = Column(Integer, primary_key=True)
    key = Column(String(64), unique=True, nullable=False)
    order = Column(String(24), nullable=False)
    body = Column(Text, nullable=False)
    due = Column(Float, nullable=False, index=True)
    leased_until = Column(Float, nullable=False, default=0)
    tries = Column(Integer, nullable=False, default=0)
    sent = Column(Float)
    fault = Column(String(200))


@dataclass(frozen=True)
class Sending:
    """A letter in the hands of one sender. `tries`: how often it was tried before."""

    number: int
    key: str
    body: str
    tries: int


def draft(call: str, agent: str, body: dict[str, Any], now: float | None = None) -> dict[str, Any]:
    """The call's order: a new draft, or the one it has."""
    now = time.time() if now is None else now
    try:
        with session_scope() as session:
            order = session.execute(select(Order).filter_by(call=call)).scalar_one_or_none()
            if order is None:
                order = Order(order=_number(now), call=call, agent=agent, body=body, created=now)
                session.add(order)
                note(session, f"user:{agent}", "draft_order", str(order.order), now)
                session.flush()
            return _plain(order)
    except IntegrityError:  # pressed twice: the other one was first
        return draft(call, agent, body, now)


def order_of(order: str) -> dict[str, Any] | None:
    """One order."""
    with session_scope() as session:
        found = session.get(Order, order)
        return _plain(found) if found else None


def orders(since: float = 0.0, limit: int = 200) -> list[dict[str, Any]]:
    """Closed orders since a moment, oldest first."""
    query = select(Order).where(Order.status == "closed", Order.closed >= since).order_by(Order.closed).limit(limit)
    with session_scope() as session:
        return [_plain(order) for order in session.execute(query).scalars()]


def orders_of(agent: str, limit: int = 100) -> list[dict[str, Any]]:
    """An agent's own orders, what was begun or closed last first."""
    last = func.coalesce(Order.closed, Order.created)
    query = select(Order).where(Order.agent == agent).order_by(last.desc()).limit(limit)
    with session_scope() as session:
        return [_plain(order) for order in session.execute(query).scalars()]


def opened_again() -> list[dict[str, Any]]:
    """Orders that were opened again and are not closed yet, oldest first."""
    query = select(Order).where(Order.status == "draft", Order.edition > 1).order_by(Order.created)
    with session_scope() as session:
        return [_plain(order) for order in session.execute(query).scalars()]


def edit(order: str, version: int, body: dict[str, Any], by: str) -> dict[str, Any] | None:
    """The draft with another body; None when it was changed in between, or is closed."""
    mine = update(Order).where(Order.order == order, Order.version == version, Order.status == "draft")
    with session_scope() as session:
        if not session.execute(mine.values(body=body, version=version + 1)).rowcount:
            return None
        note(session, by, "edit_order", order)
        return _plain(session.get(Order, order))


def close(order: str, outcome: str, letter: bool, by: str, now: float | None = None) -> dict[str, Any] | None:
    """Close an order and its call; with `letter` it goes into the outbox. None when it was closed before."""
    now = time.time() if now is None else now
    with session_scope() as session:
        still = update(Order).where(Order.order == order, Order.status == "draft")
        if not session.execute(still.values(status="closed", outcome=outcome, closed=now)).rowcount:
            return None
        kept = session.get(Order, order)
        calls.end(session, kept.call, now)
        session.execute(update(calls.Call).where(calls.Call.call == kept.call).values(outcome=outcome))
        if letter:
            key = f"order-{order}" if kept.edition == 1 else f"order-{order}-{kept.edition}"
            body = json.dumps(exported(_plain(kept)), ensure_ascii=False, sort_keys=True)
            session.add(Letter(key=key, order=order, body=body, due=now))
        note(session, by, "close_order", order, now)
        return _plain(kept)


def reopen(order: str, agent: str, reason: str, now: float | None = None) -> dict[str, Any] | None:
    """Open a closed order again, as `agent`'s own; the reason (masked) is written down. None when it is not closed."""
    again = update(Order).where(Order.order == order, Order.status == "closed")
    begun = {"edition": Order.edition + 1, "version": Order.version + 1, "reopened": reason[:200]}
    with session_scope() as session:
        if not session.execute(again.values(status="draft", outcome=None, closed=None, agent=agent, **begun)).rowcount:
            return None
        note(session, f"user:{agent}", "reopen_order", order, now, reason)
        return _plain(session.get(Order, order))


def exported(order: dict[str, Any]) -> dict[str, Any]:
    """An order as other systems get it: the same `order` with a higher `edition` takes the place of the one before."""
    outcome = {"code": order["outcome"], "label": OUTCOMES[order["outcome"]]} if order["outcome"] else None
    names = ("order", "edition", "reopened", "call", "agent", "status", "created", "closed")
    return {**order["body"], **{name: order[name] for name in names}, "outcome": outcome}


def _number(now: float) -> str:
    """A number that can be read over the telephone: the day and eight hexadecimal digits."""
    return f"{time.strftime('%Y%m%d', time.gmtime(now + 8 * 3600))}-{secrets.token_hex(4).upper()}"


def _plain(order: Order) -> dict[str, Any]:
    return {column.name: getattr(order, column.name) for column in Order.__table__.columns}


# The outbox -----------------------------------------------------------------------------------------------------------


def lease(seconds: float, now: float | None = None) -> Sending | None:
    """The next letter that is due, for this sender alone until the lease ends; None when there is none.

    The editions of one order go out in their order: a later one waits until the earlier has arrived.
    """
    now = time.time() if now is None else now
    before = aliased(Letter)
    earlier = select(before.number).where(
        before.order == Letter.order, before.number < Letter.number, before.sent.is_(None)
    )
    free = (Letter.sent.is_(None), Letter.due <= now, Letter.leased_until <= now, ~earlier.exists())
    with session_scope() as session:
        for number in (
            session.execute(select(Letter.number).where(*free).order_by(Letter.due).limit(10)).scalars().all()
        ):
            mine = update(Letter).where(Letter.number == number, *free).values(leased_until=now + seconds)
            if session.execute(mine.execution_options(synchronize_session=False)).rowcount:
                letter = session.get(Letter, number)
                return Sending(letter.number, letter.key, letter.body, letter.tries)
    return None


def delivered(number: int, now: float | None = None) -> None:
    """The hotline's system has it."""
    done = {"sent": time.time() if now is None else now, "tries": Letter.tries + 1, "fault": None}
    with session_scope() as session:
        session.execute(update(Letter).where(Letter.number == number).values(**done))


def failed(number: int, fault: str, due: float) -> None:
    """It did not get there; it is tried again at `due`."""
    again = {"leased_until": 0.0, "due": due, "tries": Letter.tries + 1, "fault": fault[:200]}
    with session_scope() as session:
        session.execute(update(Letter).where(Letter.number == number, Letter.sent.is_(None)).values(**again))


def undelivered() -> list[dict[str, Any]]:
    """Letters still on their way: `{"order", "tries", "fault", "due"}`, oldest first."""
    query = select(Letter).where(Letter.sent.is_(None)).order_by(Letter.number)
    with session_scope() as session:
        names = ("order", "tries", "fault", "due")
        return [{name: getattr(letter, name) for name in names} for letter in session.execute(query).scalars()]
