"""Who is asking: somebody with the desk's cookie, or a program with a token."""

from __future__ import annotations

import hmac
from dataclasses import dataclass

from sanic.request import Request
from sanic.response import HTTPResponse

from store import users

COOKIE = "desk"


@dataclass(frozen=True)
class Caller:
    """A person (with a role) or a program (with scopes). `csrf` is empty for a program, which has no cookie to abuse."""

    login: str
    role: str | None = None
    scopes: frozenset[str] = frozenset()
    csrf: str = ""

    @property
    def who(self) -> str:
        """The name in the audit trail."""
        return f"user:{self.login}" if self.role else f"token:{self.login}"

    def may(self, roles: frozenset[str], scope: str | None) -> bool:
        return self.role in roles if self.role else scope in self.scopes


def caller_of(request: Request) -> Caller | None:
    """Who sent a request, or None. Asks the database: call it off the event loop."""
    kind, _, given = request.headers.get("authorization", "").partition(" ")
    if kind:
        program = users.program(given.strip()) if kind.lower() == "bearer" else None
        return Caller(program.name, None, program.scopes) if program else None
    acts = request.method != "GET" or not request.path.startswith("/api/")
    person = users.signed_in(request.cookies.get(COOKIE), acts) if request.cookies.get(COOKIE) else None
    return Caller(person.login, person.role, csrf=person.csrf) if person else None


def has_csrf(request: Request, caller: Caller, form_field: str | None = None) -> bool:
    """Whether a change comes from the desk's own page: only that knows the session's token."""
    given = form_field if form_field is not None else request.headers.get("x-csrf-token", "")
    return caller.role is None or hmac.compare_digest(given.encode(), caller.csrf.encode())


def set_cookie(request: Request, answer: HTTPResponse, name: str, value: str) -> None:
    """A cookie no script can read and no other site can send. It goes when the browser closes; the session ends by itself."""
    answer.cookies[name] = value
    answer.cookies[name].update({"path": "/", "httponly": True, "samesite": "Strict"})
    if "https" in (request.scheme, request.headers.get("x-forwarded-proto")):
        answer.cookies[name]["secure"] = True
