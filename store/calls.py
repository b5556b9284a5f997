"""Calls at the desk: a telephone call, or a conversation that a resident asked a person to join.

A call's `state` is the conversation as `actions.state` keeps it, `view` is what the agent's screen shows; both are replaced
as one, and only by whoever has seen the version before.
"""

from __future__ import annotations

import secrets
import time
from typing import Any

from sqlalchemy import JSON, Boolean, Column, Float, Integer, String, Text, UniqueConstraint, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from store.audit import note
from store.base import Base, session_scope

PHONE = "phone"


class Call(Base):
    """`channel`: phone, h5, wechat …; `sender`: the conversation behind it; `reference`: the hotline's own number for it.

    `agent` is empty while it waits in the queue. `case`: the code whose family it goes on with.
    """

    __tablename__ = "desk_call"

    call = Column(String(16), primary_key=True)
    channel = Column(String(16), nullable=False)
    sender = Column(String(200), index=True)
    reference = Column(String(64), unique=True)
    agent = Column(String(32), index=True)
    case = Column(String(8))
    started = Column(Float, nullable=False, index=True)
    taken = Column(Float)
    ended = Column(Float, index=True)
    outcome = Column(String(16))
    state = Column(JSON, nullable=False)
    view = Column(JSON, nullable=False)
    version = Column(Integer, nullable=False, default=0)


class Line(Base):
    """One thing said. `speaker`: caller, agent, assistant or desk (the agent's keys). `origin`: typed at the desk, or pushed.

    `heard`: what was made of it; empty until then.
    """

    __tablename__ = "desk_line"
    __table_args__ = (UniqueConstraint("call", "reference"), {"sqlite_autoincrement": True})

    number = Column(Integer, primary_key=True)
    call = Column(String(16), nullable=False, index=True)
    reference = Column(String(64))
    speaker = Column(String(16), nullable=False)
    origin = Column(String(8), nullable=False)
    text = Column(Text, nullable=False)
    at = Column(Float, nullable=False)
    heard = Column(JSON)
    told = Column(Boolean, nullable=False, default=False)


def start_call(
    agent: str | None,
    *,
    by: str,
    channel: str = PHONE,
    sender: str | None = None,
    reference: str | None = None,
    state: dict[str, Any] | None = None,
    now: float | None = None,
) -> str:
    """Begin a call and return its id. The same `reference` again is the same call."""
    now = time.time() if now is None else now
    call, taken = secrets.token_hex(8), now if agent else None
    who = {"call": call, "channel": channel, "sender": sender, "reference": reference, "agent": agent}
    try:
        with session_scope() as session:
            session.add(Call(**who, started=now, taken=taken, state=state or {}, view={}))
            session.flush()
            note(session, by, "start_call", call, now)
        return call
    except IntegrityError:
        with session_scope() as session:
            return str(session.execute(select(Call.call).filter_by(reference=reference)).scalar_one())


def call_of(call: str) -> dict[str, Any] | None:
    """Everything kept of a call, without its lines."""
    with session_scope() as session:
        found = session.get(Call, call)
        return _plain(found) if found else None


def existing(call: str) -> dict[str, Any]:
    """A call that is known to be there. Raises LookupError when it is gone."""
    found = call_of(call)
    if found is None:
        raise LookupError("a call is gone")
    return found


def version_of(call: str) -> int | None:
    """The version of a call's view: it grows with every change that its screen must show."""
    with session_scope() as session:
        return session.execute(select(Call.version).filter_by(call=call)).scalar_one_or_none()


def take(call: str, agent: str, now: float | None = None) -> bool:
    """Take a waiting call; of two agents one gets it."""
    now = time.time() if now is None else now
    free = update(Call).where(Call.call == call, Call.agent.is_(None), Call.ended.is_(None))
    with session_scope() as session:
        if not session.execute(free.values(agent=agent, taken=now, version=Call.version + 1)).rowcount:
            return False
        note(session, f"user:{agent}", "take_call", call, now)
        return True


def waiting() -> list[dict[str, Any]]:
    """The queue, longest waiting first."""
    query = select(Call).where(Call.agent.is_(None), Call.ended.is_(None)).order_by(Call.started)
    return _found(query)


def open_calls(agent: str) -> list[dict[str, Any]]:
    """An agent's calls that have not ended, newest first."""
    return _found(select(Call).where(Call.agent == agent, Call.ended.is_(None)).order_by(Call.started.desc()))


def calls_between(start: float, end: float) -> list[dict[str, Any]]:
    """All calls that began in a span of time."""
    return _found(select(Call).where(Call.started >= start, Call.started < end).order_by(Call.started))


def open_call_of(sender: str) -> dict[str, Any] | None:
    """The call that a conversation is in, waiting or taken; None when no person was asked for."""
    found = _found(
        select(Call).where(Call.sender == sender, Call.ended.is_(None)).order_by(Call.started.desc()).limit(1)
    )
    return found[0] if found else None


def last_call_of(sender: str) -> dict[str, Any] | None:
    """The latest call of a conversation, ended or not."""
    found = _found(select(Call).where(Call.sender == sender).order_by(Call.started.desc()).limit(1))
    return found[0] if found else None


def end(session: Session, call: str, now: float, outcome: str | None = None) -> bool:
    """End a call once, inside a transaction that is under way."""
    still = update(Call).where(Call.call == call, Call.ended.is_(None))
    return bool(session.execute(still.values(ended=now, outcome=outcome, version=Call.version + 1)).rowcount)


def finish(call: str, outcome: str, by: str, now: float | None = None) -> bool:
    """End a call that leaves no work order."""
    now = time.time() if now is None else now
    with session_scope() as session:
        note(session, by, "end_call", call, now)
        return end(session, call, now, outcome)


def join_case(call: str, code: str) -> None:
    """Remember which case a call goes on with."""
    with session_scope() as session:
        session.execute(update(Call).where(Call.call == call).values(case=code))


# What is said ---------------------------------------------------------------------------------------------------------


def add_line(
    call: str,
    speaker: str,
    text: str,
    *,
    origin: str = "pushed",
    at: float | None = None,
    reference: str | None = None,
    heard: dict[str, Any] | None = None,
) -> int | None:
    """Add one line (masked already) and return its number; None when its reference was there before."""
    at = time.time() if at is None else at
    try:
        with session_scope() as session:
            line = Line(call=call, speaker=speaker, origin=origin, text=text, at=at, reference=reference, heard=heard)
            session.add(line)
            session.flush()
            session.execute(update(Call).where(Call.call == call).values(version=Call.version + 1))
            return int(line.number)
    except IntegrityError:
        return None


def lines_of(call: str, after: int = 0) -> list[dict[str, Any]]:
    """The lines of a call in order, from after a number."""
    query = select(Line).where(Line.call == call, Line.number > after).order_by(Line.number)
    with session_scope() as session:
        names = ("number", "speaker", "origin", "text", "at", "heard", "told")
        return [{name: getattr(line, name) for name in names} for line in session.execute(query).scalars()]


def between_people(sender: str) -> list[dict[str, Any]]:
    """What a resident and the agents said to each other, in order: lines that the assistant took no part in."""
    query = (
        select(Line)
        .join(Call, Call.call == Line.call)
        .where(Call.sender == sender, Line.speaker.in_(("caller", "agent")), Line.at >= Call.taken)
        .order_by(Line.number)
    )
    with session_scope() as session:
        names = ("number", "speaker", "text", "at")
        return [{name: getattr(line, name) for name in names} for line in session.execute(query).scalars()]


def advance(
    call: str,
    version: int,
    state: dict[str, Any],
    view: dict[str, Any],
    heard: tuple[int, dict[str, Any]] | None = None,
) -> bool:
    """Replace state and view, and say what was made of a line; False when somebody else was faster: look again."""
    seen = update(Call).where(Call.call == call, Call.version == version, Call.ended.is_(None))
    with session_scope() as session:
        if not session.execute(seen.values(state=state, view=view, version=version + 1)).rowcount:
            return False
        if heard:
            session.execute(update(Line).where(Line.number == heard[0]).values(heard=heard[1]))
        return True


def set_told(call: str, number: int, told: bool) -> bool:
    """Whether the sentence offered for a line was read to the caller."""
    with session_scope() as session:
        done = session.execute(update(Line).where(Line.call == call, Line.number == number).values(told=told)).rowcount
        session.execute(update(Call).where(Call.call == call).values(version=Call.version + 1))
        return bool(done)


def _found(query: Any) -> list[dict[str, Any]]:
    with session_scope() as session:
        return [_plain(call) for call in session.execute(query).scalars()]


def _plain(call: Call) -> dict[str, Any]:
    return {column.name: getattr(call, column.name) for column in Call.__table__.columns}
