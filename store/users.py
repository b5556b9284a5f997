"""Who may use the desk: people with passwords, programs with tokens, and the sessions of those signed in.

Passwords are hashed by argon2. Tokens and session keys are long random strings, of which only a digest is kept.
"""

from __future__ import annotations

import hashlib
import re
import secrets
import time
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import Boolean, Column, Float, Integer, String, delete, func, select, update

from store.audit import note
from store.base import Base, session_scope

ROLES = ("agent", "supervisor", "clerk")
SCOPES = ("calls", "transcript", "orders", "reviews")
SHORTEST_PASSWORD = 10
TRIES = 5
LOCKED_SECONDS = 15 * 60
IDLE_SECONDS = 30 * 60
LONGEST_SECONDS = 10 * 3600
_LOGIN = re.compile(r"[a-z][a-z0-9_.-]{1,31}")


class UserError(ValueError):
    """Something a user cannot be; the message says what to write instead."""


class Locked(Exception):
    """Too many wrong passwords for this login; it opens again by itself."""


class User(Base):
    """One person of the desk. `login` is a work name, not a personal one."""

    __tablename__ = "desk_user"

    number = Column(Integer, primary_key=True)
    login = Column(String(32), unique=True, nullable=False)
    role = Column(String(16), nullable=False)
    password = Column(String(200), nullable=False)
    active = Column(Boolean, nullable=False, default=True)
    created = Column(Float, nullable=False)


class SignedIn(Base):
    """One browser that somebody signed in with."""

    __tablename__ = "desk_session"

    digest = Column(String(64), primary_key=True)
    login = Column(String(32), nullable=False, index=True)
    csrf = Column(String(64), nullable=False)
    started = Column(Float, nullable=False)
    seen = Column(Float, nullable=False)


class Attempt(Base):
    """A wrong password. Kept by login whether or not there is such a user, so that nobody can tell by the answer."""

    __tablename__ = "desk_attempt"

    number = Column(Integer, primary_key=True)
    login = Column(String(32), nullable=False, index=True)
    at = Column(Float, nullable=False)


class Token(Base):
    """A program's way in, with what it may do."""

    __tablename__ = "desk_token"

    number = Column(Integer, primary_key=True)
    name = Column(String(32), unique=True, nullable=False)
    digest = Column(String(64), unique=True, nullable=False)
    scopes = Column(String(200), nullable=False)
    created = Column(Float, nullable=False)
    revoked = Column(Float)


@dataclass(frozen=True)
class Person:
    """Somebody signed in. `csrf` goes with everything they change."""

    login: str
    role: str
    csrf: str = ""


@dataclass(frozen=True)
class Program:
    """A program with a token."""

    name: str
    scopes: frozenset[str]


# People ---------------------------------------------------------------------------------------------------------------


def add_user(login: str, role: str, password: str) -> None:
    """Add somebody. Raises UserError."""
    if not _LOGIN.fullmatch(login):
        raise UserError("登录名用小写英文字母开头，2 到 32 个字母、数字、点或横线，例如 zuoxi01")
    if role not in ROLES:
        raise UserError(f"角色只能是 {'、'.join(ROLES)}")
    hashed = _hash(login, password)
    with session_scope() as session:
        if session.execute(select(User).filter_by(login=login)).first():
            raise UserError(f"已经有 {login} 了；改密码用 users password {login}")
        session.add(User(login=login, role=role, password=hashed, active=True, created=time.time()))
        note(session, "command", "add_user", login)


def set_password(login: str, password: str) -> None:
    """Give somebody a new password and sign them out everywhere. Raises UserError."""
    hashed = _hash(login, password)
    with session_scope() as session:
        if not session.execute(update(User).where(User.login == login).values(password=hashed)).rowcount:
            raise UserError(f"没有 {login} 这个用户")
        session.execute(delete(SignedIn).where(SignedIn.login == login))
        session.execute(delete(Attempt).where(Attempt.login == login))
        note(session, "command", "set_password", login)


def set_active(login: str, active: bool) -> None:
    """Let somebody in again, or out at once. Raises UserError."""
    with session_scope() as session:
        if not session.execute(update(User).where(User.login == login).values(active=active)).rowcount:
            raise UserError(f"没有 {login} 这个用户")
        if not active:
            session.execute(delete(SignedIn).where(SignedIn.login == login))
        note(session, "command", "enable_user" if active else "disable_user", login)


def users() -> list[dict[str, Any]]:
    """Everybody: `{"login", "role", "active"}`."""
    with session_scope() as session:
        found = session.execute(select(User).order_by(User.login)).scalars()
        return [{"login": one.login, "role": one.role, "active": one.active} for one in found]


def _hash(login: str, password: str) -> str:
    if len(password) < SHORTEST_PASSWORD:
        raise UserError(f"密码太短，至少 {SHORTEST_PASSWORD} 个字符")
    if len(set(password)) < 4 or login in password.lower():
        raise UserError("密码太好猜：不要只用两三个字符，也不要带登录名")
    return str(PasswordHasher().hash(password))


# Signing in -----------------------------------------------------------------------------------------------------------


def sign_in(login: str, password: str, now: float | None = None) -> tuple[str, Person] | None:
    """A new session's key and its person; None when login or password is wrong. Raises Locked. Slow on purpose."""
    now = time.time() if now is None else now
    login = login.strip().lower()[:32]
    _check_lock(login, now)
    with session_scope() as session:
        user = session.execute(select(User).filter_by(login=login, active=True)).scalar_one_or_none()
        known, role = (user.password, user.role) if user else (_nobody(), "")
    if not _fits(known, password) or not role:
        with session_scope() as session:
            session.add(Attempt(login=login, at=now))
            note(session, f"user:{login}", "wrong_password", now=now)
        return None
    key, csrf = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
    with session_scope() as session:
        session.execute(delete(Attempt).where(Attempt.login == login))
        session.execute(delete(SignedIn).where(SignedIn.started < now - LONGEST_SECONDS))
        session.add(SignedIn(digest=_digest(key), login=login, csrf=csrf, started=now, seen=now))
        if PasswordHasher().check_needs_rehash(known):
            session.execute(update(User).where(User.login == login).values(password=PasswordHasher().hash(password)))
        note(session, f"user:{login}", "sign_in", now=now)
    return key, Person(login, role, csrf)


def signed_in(key: str | None, acts: bool = True, now: float | None = None) -> Person | None:
    """Whose session a key is; None for an unknown one, an idle or an old one, or one of somebody no longer active.

    acts: somebody did something; a page that only looks for news does not keep its session alive.
    """
    now = time.time() if now is None else now
    with session_scope() as session:
        found = session.get(SignedIn, _digest(key or ""))
        if found is None:
            return None
        user = session.execute(select(User).filter_by(login=found.login, active=True)).scalar_one_or_none()
        if user is None or found.seen < now - IDLE_SECONDS or found.started < now - LONGEST_SECONDS:
            session.delete(found)
            return None
        if acts and found.seen < now - 60:  # a write a minute is enough to know that somebody is there
            found.seen = now
        return Person(user.login, user.role, found.csrf)


def sign_out(key: str | None) -> None:
    """End a session."""
    with session_scope() as session:
        session.execute(delete(SignedIn).where(SignedIn.digest == _digest(key or "")))


def _check_lock(login: str, now: float) -> None:
    recent = select(func.count()).select_from(Attempt).where(Attempt.login == login, Attempt.at > now - LOCKED_SECONDS)
    with session_scope() as session:
        session.execute(delete(Attempt).where(Attempt.at <= now - LOCKED_SECONDS))
        if session.execute(recent).scalar_one() >= TRIES:
            raise Locked(login)


def _fits(hashed: str, password: str) -> bool:
    try:
        return bool(PasswordHasher().verify(hashed, password))
    except (VerificationError, InvalidHashError):
        return False


@lru_cache(maxsize=1)
def _nobody() -> str:
    """A hash to compare with when there is no such user: the answer takes as long as with one."""
    return str(PasswordHasher().hash(secrets.token_urlsafe(16)))


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode("utf8", "replace")).hexdigest()


# Programs -------------------------------------------------------------------------------------------------------------


def add_token(name: str, scopes: list[str]) -> str:
    """A new token; it is shown once and cannot be read again. Raises UserError."""
    unknown = set(scopes) - set(SCOPES)
    if unknown or not scopes:
        raise UserError(f"权限只能是 {'、'.join(SCOPES)}，至少一个")
    if not _LOGIN.fullmatch(name):
        raise UserError("令牌名用小写英文字母开头，例如 hotline")
    token = secrets.token_urlsafe(32)
    with session_scope() as session:
        if session.execute(select(Token).filter_by(name=name)).first():
            raise UserError(f"已经有 {name} 了；换个名字，或先作废它")
        session.add(Token(name=name, digest=_digest(token), scopes=" ".join(sorted(set(scopes))), created=time.time()))
        note(session, "command", "add_token", name)
    return token


def revoke_token(name: str) -> None:
    """End a token at once. Raises UserError."""
    with session_scope() as session:
        ended = update(Token).where(Token.name == name, Token.revoked.is_(None)).values(revoked=time.time())
        if not session.execute(ended).rowcount:
            raise UserError(f"没有 {name} 这个令牌")
        note(session, "command", "revoke_token", name)


def program(token: str) -> Program | None:
    """Whose token this is, or None."""
    with session_scope() as session:
        found = session.execute(select(Token).filter_by(digest=_digest(token), revoked=None)).scalar_one_or_none()
        return Program(found.name, frozenset(found.scopes.split())) if found else None
