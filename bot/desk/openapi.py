"""The desk's part of `/api/openapi.json`, made from the same endpoints that answer."""

from __future__ import annotations

import re
from typing import Any

from bot.desk.endpoints import everything
from bot.desk.http import Endpoint

ERROR = {
    "type": "object",
    "required": ["error"],
    "properties": {
        "error": {
            "type": "object",
            "required": ["code", "message"],
            "properties": {
                "code": {"type": "string"},
                "message": {"type": "string"},
                "path": {"type": "string", "nullable": True},
            },
        }
    },
}
SECURITY_SCHEMES = {
    "desk_token": {
        "type": "http",
        "scheme": "bearer",
        "description": "made by `python -m bot users token`; a token has scopes",
    },
    "desk_session": {
        "type": "apiKey",
        "in": "cookie",
        "name": "desk",
        "description": "a signed-in browser; changes need X-CSRF-Token",
    },
}
_REFUSALS = {
    400: "not JSON", 401: "nobody is signed in", 403: "not allowed", 404: "not there", 409: "not now", 413: "too large",
    422: "a field is wrong", 429: "too many tries",
}  # fmt: skip


def openapi_paths() -> dict[str, Any]:
    """Paths for the OpenAPI document, by address and method. They need no components but `SECURITY_SCHEMES`."""
    paths: dict[str, Any] = {}
    for endpoint in everything():
        paths.setdefault(re.sub(r"<(\w+):\w+>", r"{\1}", endpoint.path), {})[endpoint.method.lower()] = _operation(
            endpoint
        )
    return paths


def _operation(endpoint: Endpoint) -> dict[str, Any]:
    who = "、".join(sorted(endpoint.roles)) + (f"；令牌权限 {endpoint.scope}" if endpoint.scope else "")
    content = {endpoint.text or "application/json": {"schema": endpoint.gives}}
    refusals = {
        str(status): {"description": why, "content": {"application/json": {"schema": ERROR}}}
        for status, why in _REFUSALS.items()
    }
    operation: dict[str, Any] = {
        "operationId": endpoint.name,
        "summary": endpoint.summary,
        "description": f"可用：{who}",
        "tags": ["desk"],
        "security": [{"desk_session": []}, *([{"desk_token": []}] if endpoint.scope else [])],
        "parameters": [
            *map(_part, re.findall(r"<(\w+):\w+>", endpoint.path)),
            *(_query(*one) for one in endpoint.query.items()),
        ],
        "responses": {"200": {"description": "done", "content": content}, **refusals},
    }
    if endpoint.takes:
        operation["requestBody"] = {"required": True, "content": {"application/json": {"schema": endpoint.takes}}}
    return operation


def _part(name: str) -> dict[str, Any]:
    return {"name": name, "in": "path", "required": True, "schema": {"type": "string", "minLength": 1, "maxLength": 64}}


def _query(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": False, "schema": schema}
