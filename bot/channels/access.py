"""Who may use the JSON ways in: this machine, or whoever has the token; and how a refusal looks."""

from __future__ import annotations

import hmac
import ipaddress
from typing import Optional

from sanic.request import Request
from sanic.response import HTTPResponse, json

from bot.settings import Settings

_FORWARDED = ("forwarded", "x-forwarded-for", "x-real-ip")


def allowed(request: Request, settings: Settings) -> bool:
    """Whether a request comes from this machine itself (not through a proxy on it), bears the token, or all may."""
    if settings.rest_public or _has_token(request, settings.api_token):
        return True
    return _is_loopback(request.ip) and not any(header in request.headers for header in _FORWARDED)


def error(status: int, code: str, chinese: str, english: str, path: Optional[str] = None) -> HTTPResponse:
    """An error of the contract's shape, in both languages. `path` names the faulty field."""
    return json({"error": {"code": code, "message": f"{chinese} {english}", "path": path}}, status)


def refusal() -> HTTPResponse:
    return error(401, "unauthorized", "需要访问令牌。", "Send `Authorization: Bearer <API_TOKEN>`.")


def _has_token(request: Request, token: Optional[str]) -> bool:
    kind, _, given = request.headers.get("authorization", "").partition(" ")
    return bool(token) and kind.lower() == "bearer" and hmac.compare_digest(given.strip().encode(), str(token).encode())


def _is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False
