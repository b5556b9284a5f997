"""What the assistant hands to the people at the desk: residents who ask for one, questions left unanswered, doubtful answers."""

from __future__ import annotations

import time
from typing import Any

from sqlalchemy import JSON, Column, Float, Integer, String, Text, delete, func, select, update

from store import calls
from store.audit import note
from store.base import Base, session_scope

REVIEW_STATUS = ("open", "accepted", "rejected")


class Unanswered(Base):
    """A question the assistant had no answer to, masked, and how often it came."""

    __tablename__ = "desk_unanswered"

    number = Column(Integer, primary_key=True)
    text = Column(Text, nullable=False)
    region = Column(String(12))
    channel = Column(String(16), nullable=False)
    at = Column(Float, nullable=False, index=True)


class Review(Base):
    """An answer somebody doubts. `expected`: what it should say; `cites`: the clauses it rested on."""

    __tablename__ = "desk_review"

    number = Column(Integer, primary_key=True)
    at = Column(Float, nullable=False)
    by = Column(String(200), nullable=False)
    channel = Column(String(16), nullable=False)
    question = Column(Text, nullable=False)
    answer = Column(Text, nullable=False)
    cites = Column(JSON, nullable=False)
    remark = Column(Text, nullable=False, default="")
    expected = Column(Text, nullable=False, default="")
    programme = Column(String(64))
    region = Column(String(12))
    as_of = Column(String(10))
    status = Column(String(12), nullable=False, default="open", index=True)
    decided_by = Column(String(32))


def open_handoff(
    channel: str,
    sender: str,
    transcript: list[dict[str, Any]],
    household: dict[str, Any] | None = None,
    *,
    state: dict[str, Any] | None = None,
    now: float | None = None,
) -> str:
    """Put a conversation into the desk's queue and return the call's id; asked again, it is the same call.

    transcript: `{"from": "me" | "bot", "text"}` in order, masked. state: the whole conversation, where the caller has it.
    """
    known = calls.open_call_of(sender)
    if known:
        return str(known["call"])
    now = time.time() if now is None else now
    kept = state if state is not None else {"household": household or {}}
    call = calls.start_call(None, by=sender, channel=channel, sender=sender, state=kept, now=now)
    for said in transcript:
        speaker = "caller" if said.get("from") == "me" else "assistant"
        calls.add_line(call, speaker, said.get("text") or "", at=now, heard={})  # heard already, by the assistant
    return call


def record_unanswered(text: str, region: str | None = None, channel: str = "", now: float | None = None) -> None:
    """Remember a question (masked already) that the assistant could not answer."""
    at = time.time() if now is None else now
    with session_scope() as session:
        session.add(Unanswered(text=text[:500], region=region, channel=channel, at=at))


def unanswered(since: float, limit: int = 100) -> list[dict[str, Any]]:
    """Unanswered questions, most frequent first: `{"text", "region", "times", "last"}`."""
    times = func.count().label("times")
    query = (
        select(Unanswered.text, Unanswered.region, times, func.max(Unanswered.at).label("last"))
        .where(Unanswered.at >= since)
        .group_by(Unanswered.text, Unanswered.region)
        .order_by(times.desc(), func.max(Unanswered.at).desc())
        .limit(limit)
    )
    with session_scope() as session:
        return [dict(row) for row in session.execute(query).mappings()]


def record_feedback(
    question: str,
    answer: str,
    cites: list[dict[str, Any]] | None = None,
    *,
    by: str,
    channel: str = "desk",
    remark: str = "",
    expected: str = "",
    programme: str | None = None,
    region: str | None = None,
    as_of: str | None = None,
    now: float | None = None,
) -> int:
    """File an answer that somebody doubts (all texts masked already) and return the review's number."""
    told = {"question": question, "answer": answer, "cites": cites or [], "remark": remark, "expected": expected}
    about = {"programme": programme, "region": region, "as_of": as_of, "by": by, "channel": channel}
    with session_scope() as session:
        review = Review(at=time.time() if now is None else now, status="open", **told, **about)
        session.add(review)
        session.flush()
        return int(review.number)


def reviews(status: str | None = None, limit: int = 200) -> list[dict[str, Any]]:
    """Doubted answers, newest first."""
    query = select(Review).order_by(Review.number.desc()).limit(limit)
    with session_scope() as session:
        found = session.execute(query if status is None else query.where(Review.status == status)).scalars()
        return [_plain(review) for review in found]


def decide(number: int, status: str, expected: str, by: str) -> dict[str, Any] | None:
    """A doubted answer with the supervisor's word on it; None when there is no such review."""
    values = {"status": status, "expected": expected, "decided_by": by}
    with session_scope() as session:
        if not session.execute(update(Review).where(Review.number == number).values(**values)).rowcount:
            return None
        note(session, f"user:{by}", f"review_{status}", str(number))
        return _plain(session.get(Review, number))


def forget(sender: str) -> None:
    """Delete what the desk keeps of a conversation, at the resident's word. Work orders are the hotline's and stay."""
    with session_scope() as session:
        theirs = select(calls.Call.call).where(calls.Call.sender == sender)
        session.execute(
            delete(calls.Line).where(calls.Line.call.in_(theirs)).execution_options(synchronize_session=False)
        )
        ended = func.coalesce(calls.Call.ended, time.time())
        empty = {"state": {}, "view": {}, "sender": None, "ended": ended, "version": calls.Call.version + 1}
        session.execute(update(calls.Call).where(calls.Call.sender == sender).values(**empty))


def _plain(review: Review) -> dict[str, Any]:
    return {column.name: getattr(review, column.name) for column in Review.__table__.columns}
