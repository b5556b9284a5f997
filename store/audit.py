"""Who saw or changed which case, call or order, and when. Entries are only ever added."""

from __future__ import annotations

import time
from typing import Any

from sqlalchemy import Column, Float, Integer, String, func, select
from sqlalchemy.orm import Session

from store.base import Base, session_scope


class Entry(Base):
    """`who`: `user:<login>`, `token:<name>` or a conversation's id. `action`: a verb. `subject`: what it was done to.

    `detail`: the reason given, masked, where one must be given.
    """

    __tablename__ = "desk_audit"

    number = Column(Integer, primary_key=True)
    at = Column(Float, nullable=False, index=True)
    who = Column(String(200), nullable=False, index=True)
    action = Column(String(32), nullable=False)
    subject = Column(String(64), nullable=False, default="")
    detail = Column(String(200), nullable=False, default="")


def note(
    session: Session, who: str, action: str, subject: str = "", now: float | None = None, detail: str = ""
) -> None:
    """Add an entry inside a transaction that is under way, so that it stands or falls with what it records."""
    at = time.time() if now is None else now
    session.add(Entry(at=at, who=who[:200], action=action, subject=subject[:64], detail=detail[:200]))


def record(who: str, action: str, subject: str = "", now: float | None = None) -> None:
    """Add an entry on its own."""
    with session_scope() as session:
        note(session, who, action, subject, now)


def count(session: Session, action: str, since: float, who: str | None = None) -> int:
    """How often something was done since a moment, by one or by all."""
    query = select(func.count()).select_from(Entry).where(Entry.action == action, Entry.at >= since)
    return int(session.execute(query if who is None else query.where(Entry.who == who)).scalar_one())


def entries(subject: str | None = None, limit: int = 200) -> list[dict[str, Any]]:
    """The latest entries, newest first: `{"at", "who", "action", "subject", "detail"}`."""
    query = select(Entry).order_by(Entry.number.desc()).limit(limit)
    with session_scope() as session:
        found = session.execute(query if subject is None else query.where(Entry.subject == subject)).scalars()
        names = ("at", "who", "action", "subject", "detail")
        return [{name: getattr(one, name) for name in names} for one in found]
