"""How this server answers browsers: security headers, compression, and faults told in words a resident can use."""

from __future__ import annotations

import gzip
import json
from typing import Any

from sanic.request import Request
from sanic.response import HTTPResponse, raw

from bot.pages.assets import Asset

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "microphone=(self), camera=(), geolocation=()",
}
WORTH_ZIPPING = 1_000  # bytes


class Fault(Exception):
    """Something to tell the visitor: HTTP status, a code for programs, and words for the person."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(code)
        self.status, self.code, self.message = status, code, message


def html(request: Request, text: str, status: int = 200) -> HTTPResponse:
    return _answer(request, text.encode("utf8"), "text/html; charset=utf-8", "no-cache", status)


def data(request: Request, content: Any, status: int = 200) -> HTTPResponse:
    return _answer(
        request, json.dumps(content, ensure_ascii=False).encode("utf8"), "application/json", "no-store", status
    )


def private_file(body: bytes, content_type: str) -> HTTPResponse:
    return raw(body, content_type=content_type, headers={**HEADERS, "Cache-Control": "no-store"})


def asset(request: Request, file: Asset, cache: str) -> HTTPResponse:
    headers = {**HEADERS, "Cache-Control": cache, "Vary": "Accept-Encoding"}
    if _takes_gzip(request):
        return raw(file.zipped, content_type=file.content_type, headers={**headers, "Content-Encoding": "gzip"})
    return raw(file.body, content_type=file.content_type, headers=headers)


def _answer(request: Request, body: bytes, content_type: str, cache: str, status: int) -> HTTPResponse:
    headers: dict[str, str] = {**HEADERS, "Cache-Control": cache}
    if len(body) > WORTH_ZIPPING and _takes_gzip(request):
        body = gzip.compress(body, 6)
        headers["Content-Encoding"] = "gzip"
    return raw(body, status=status, content_type=content_type, headers=headers)


def _takes_gzip(request: Request) -> bool:
    return "gzip" in request.headers.get("accept-encoding", "")
