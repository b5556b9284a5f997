"""A family's screening under a short code that its resident carries from the page to the telephone and the window.

A code is made only when a resident asks for one. It opens the family's facts, never a name; it ends after seven days.
"""

from __future__ import annotations

import secrets
import time
from typing import Any

from sqlalchemy import JSON, Column, Float, String, delete, update
from sqlalchemy.exc import IntegrityError

from store.audit import count, note, record
from store.base import Base, session_scope

# Nobody should mistake one for another on paper: of 0OQD, 1IL, 2Z, 5S, 6G, 8B and UV at most one is in.
ALPHABET = "23456789ACDEFHJKMNPRTWXY"
LENGTH = 6
KEPT_SECONDS = 7 * 24 * 3600
WINDOW_SECONDS = 15 * 60
WRONG_BY_ONE = 5  # in a window, by one caller
WRONG_BY_ALL = 60  # in a window, by all residents together: a new conversation is easily had
STAFF = ("user:", "token:")
_WRITTEN = str.maketrans("BSZGOQ0", "8526DDD")


class TooManyWrongCodes(Exception):
    """So many wrong codes were tried that no more are looked at for a quarter of an hour."""


class Case(Base):
    """`household` as in the contract; `asked`: the paths that were asked; `words`: the resident's own words by path."""

    __tablename__ = "desk_case"

    code = Column(String(8), primary_key=True)
    household = Column(JSON, nullable=False)
    asked = Column(JSON, nullable=False)
    words = Column(JSON, nullable=False)
    region = Column(String(12))
    as_of = Column(String(10))
    created = Column(Float, nullable=False)
    expires = Column(Float, nullable=False, index=True)
    opened = Column(Float)


def create_case(
    household: dict[str, Any],
    asked: list[str] | None = None,
    region: str | None = None,
    as_of: str | None = None,
    *,
    words: dict[str, str] | None = None,
    by: str = "resident",
    now: float | None = None,
) -> str:
    """Keep a screening and return its code. `words` are masked already, as everything a resident says."""
    now = time.time() if now is None else now
    kept = {"household": household, "asked": list(asked or []), "words": words or {}, "region": region, "as_of": as_of}
    while True:
        code = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
        try:
            with session_scope() as session:
                session.execute(delete(Case).where(Case.expires <= now))
                session.add(Case(code=code, created=now, expires=now + KEPT_SECONDS, **kept))
                session.flush()
                note(session, by, "create_case", code, now)
            return code
        except IntegrityError:
            continue  # somebody else's code: draw another


def open_case(code: str, by: str = "resident", now: float | None = None) -> dict[str, Any] | None:
    """The case of a code, or None when there is none (any more).

    `by` is who asks (`user:<login>`, `token:<name>`, or a conversation's id). Every try is audited. Raises TooManyWrongCodes.
    """
    now = time.time() if now is None else now
    code = spelt(code)
    if _too_many(by, now - WINDOW_SECONDS):
        record(by, "case_code_refused", now=now)
        raise TooManyWrongCodes
    with session_scope() as session:
        case = session.get(Case, code)
        if case is None or case.expires <= now:
            note(session, by, "wrong_case_code", now=now)
            return None
        note(session, by, "open_case", code, now)
        found = _plain(case)
        case.opened = now
        return found


def _too_many(by: str, since: float) -> bool:
    with session_scope() as session:
        if count(session, "wrong_case_code", since, by) >= WRONG_BY_ONE:
            return True
        return not by.startswith(STAFF) and count(session, "wrong_case_code", since) >= WRONG_BY_ALL


def update_case(code: str, household: dict[str, Any], asked: list[str], words: dict[str, str]) -> None:
    """Keep what was told since under the same code, for as long as it lasts."""
    changed = {"household": household, "asked": asked, "words": words}
    with session_scope() as session:
        session.execute(update(Case).where(Case.code == code, Case.expires > time.time()).values(**changed))


def end_case(code: str) -> None:
    """Forget a case at the resident's word."""
    with session_scope() as session:
        session.execute(delete(Case).where(Case.code == spelt(code)))


def spelt(code: str) -> str:
    """A code as it was made, from how people write it: `k7m 2xp` is K7M2XP, and a B was an 8.

    >>> spelt(" k7m-2xp "), spelt("ABC２34")
    ('K7M2XP', 'A8C234')
    """
    folded = "".join(chr(ord(c) - 0xFEE0) if "！" <= c <= "～" else c for c in code).upper()
    return "".join(c for c in folded if c.isalnum()).translate(_WRITTEN)


def _plain(case: Case) -> dict[str, Any]:
    names = ("code", "household", "asked", "words", "region", "as_of", "created", "expires", "opened")
    return {name: getattr(case, name) for name in names}
