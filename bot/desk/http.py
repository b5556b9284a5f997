"""One way for every address of the desk: who may call it, what it takes and gives, and how a refusal looks.

An `Endpoint` is both the route and its description in the OpenAPI document, so the two cannot drift.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, TypeVar

import jsonschema
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.desk.access import Caller, caller_of, has_csrf
from bot.pages import web

MAX_BODY = 256 * 1024
AGENTS = frozenset({"agent", "supervisor"})
SUPERVISORS = frozenset({"supervisor"})
EVERYBODY = frozenset({"agent", "supervisor", "clerk"})
Schema = dict[str, Any]
T = TypeVar("T")


class Fault(Exception):
    """A request that is refused: HTTP status, a code for programs, words in Chinese and English, and the path of what is wrong."""

    def __init__(self, status: int, code: str, message: str, path: str | None = None) -> None:
        super().__init__(code)
        self.status, self.code, self.message, self.path = status, code, message, path


@dataclass(frozen=True)
class Ask:
    """One admitted request: who asks, the parts of its address, and its checked body."""

    request: Request
    caller: Caller
    parts: dict[str, str]
    body: dict[str, Any]

    def number(self, name: str, default: float, most: float) -> float:
        """A number from the address's query. Raises Fault."""
        given = self.request.args.get(name)
        if given is None:
            return default
        if not re.fullmatch(r"[0-9]{1,10}(\.[0-9]{1,3})?", given):
            raise Fault(422, "invalid_number", f"{name} 应是数字。 `{name}` must be a number.", name)
        return min(float(given), most)


Handler = Callable[[Ask], Awaitable[Any]]


@dataclass(frozen=True)
class Endpoint:
    """`roles` of people and the `scope` of programs that may call it. `takes`: the body's JSON schema, if it has one.

    `gives`: the answer's schema; `text`: its media type where that is not JSON. `query`: name to schema.
    """

    method: str
    path: str
    summary: str
    run: Handler
    roles: frozenset[str]
    scope: str | None = None
    takes: Schema | None = None
    gives: Schema = field(default_factory=lambda: {"type": "object"})
    text: str | None = None
    query: dict[str, Schema] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return f"{self.method.lower()}_{self.run.__name__}"


def register(routes: Blueprint, endpoint: Endpoint) -> None:
    """Add an endpoint to a blueprint, behind its checks."""

    async def handle(request: Request, **parts: str) -> HTTPResponse:
        try:
            given = await endpoint.run(await _admit(endpoint, request, parts))
        except Fault as fault:
            return refused(request, fault)
        return given if isinstance(given, HTTPResponse) else web.data(request, given)

    routes.add_route(handle, endpoint.path, methods=[endpoint.method], name=endpoint.name)


def refused(request: Request, fault: Fault) -> HTTPResponse:
    """A refusal in the contract's shape."""
    told = {"code": fault.code, "message": fault.message, "path": fault.path}
    return web.data(request, {"error": told}, fault.status)


async def _admit(endpoint: Endpoint, request: Request, parts: dict[str, str]) -> Ask:
    caller = await off_loop(caller_of, request)
    if caller is None:
        raise Fault(401, "unauthorized", "请先登录，或带上令牌。 Sign in, or send `Authorization: Bearer …`.")
    if not caller.may(endpoint.roles, endpoint.scope):
        raise Fault(403, "forbidden", "您没有这项权限。 You may not do this.")
    if endpoint.method != "GET" and not has_csrf(request, caller):
        raise Fault(
            403, "csrf", "页面已过期，请刷新后再试。 The X-CSRF-Token header is missing or wrong; reload the page."
        )
    if not all(_can_be_kept(given) for given in (*parts.values(), *(value for _, value in request.query_args))):
        raise Fault(404, "not_found", "没有这个地址。 There is no such address.")
    return Ask(request, caller, parts, _body(request, endpoint.takes) if endpoint.takes else {})


def _body(request: Request, schema: Schema) -> dict[str, Any]:
    if len(request.body) > MAX_BODY:
        raise Fault(413, "too_large", "内容太长，最多 256 KB。 The body is larger than 256 KB.")
    try:
        given = json.loads(request.body, parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise Fault(400, "invalid_json", "请求不是有效的 JSON。 The body is not valid JSON.") from None
    try:
        jsonschema.validate(given, schema)
    except jsonschema.ValidationError as wrong:
        path = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in wrong.absolute_path).lstrip(".")
        needs = {
            key: wrong.schema[key]
            for key in ("type", "enum", "pattern", "maxLength", "required")
            if key in wrong.schema
        }
        raise Fault(
            422, "invalid_body", f"请求内容不对：{path or '整体'}。 It must fit {json.dumps(needs)}.", path
        ) from None
    if not all(map(_can_be_kept, _texts(given))):
        raise Fault(422, "invalid_text", "内容里有不能保存的字符。 A text holds NUL or half of a character.")
    return dict(given)


def _texts(given: Any) -> Iterator[str]:
    if isinstance(given, str):
        yield given
    elif isinstance(given, (dict, list)):
        for part in given.values() if isinstance(given, dict) else given:
            yield from _texts(part)


def _can_be_kept(text: str) -> bool:
    """Whether a text is one that every database takes: no NUL, no half of a character."""
    return "\0" not in text and not re.search("[\ud800-\udfff]", text)


def _no_number(word: str) -> Any:
    raise ValueError(word)


async def off_loop(work: Callable[..., T], *arguments: Any, **options: Any) -> T:
    """Run what waits for the database, away from the event loop."""
    return await asyncio.to_thread(work, *arguments, **options)


def body(properties: dict[str, Schema], *required: str) -> Schema:
    """The schema of a request's body: these properties and no others."""
    return {"type": "object", "additionalProperties": False, "required": list(required), "properties": properties}


def words(most: int, least: int = 0) -> Schema:
    """The schema of a text."""
    return {"type": "string", "minLength": least, "maxLength": most}
