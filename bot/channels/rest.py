"""Rasa's REST contract for programs: `POST /webhooks/rest/webhook` with sender, message and optional metadata."""

from __future__ import annotations

import datetime as dt
import json
import logging
import re
import uuid
from typing import Any, Dict, NamedTuple, Optional

from rasa.core.channels.channel import InputChannel
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse
from sanic.response import json as json_response

from bot import turn
from bot.channels.access import allowed, error, refusal
from bot.settings import Settings

MAX_BODY = 65_536
MAX_SENDER = 200
_REGION = re.compile(r"[0-9]{2,12}")

log = logging.getLogger(__name__)


class Said(NamedTuple):
    sender: str
    message: str
    metadata: Dict[str, Any]


class Fault(ValueError):
    """A request that cannot be answered; `args` are those of `access.error`."""


class RestInput(InputChannel):
    """For programs on this machine, or with the token. A message without a sender belongs to a conversation of its own."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    @classmethod
    def name(cls) -> str:
        return "rest"

    @classmethod
    def from_credentials(cls, credentials: Optional[Dict[str, Any]]) -> RestInput:
        return cls(Settings.read())

    def blueprint(self, on_new_message: turn.OnNewMessage) -> Blueprint:
        routes = Blueprint("rest")

        @routes.get("/")
        async def status(request: Request) -> HTTPResponse:
            return json_response({"status": "ok"})

        @routes.post("/webhook")
        async def receive(request: Request) -> HTTPResponse:
            if not allowed(request, self._settings):
                return refusal()
            try:
                said = read(request.body)
            except Fault as fault:
                return error(*fault.args)
            return json_response(await self._reply(on_new_message, said), ensure_ascii=False)

        return routes

    async def _reply(self, on_new_message: turn.OnNewMessage, said: Said) -> list[turn.Reply]:
        metadata = {"region": self._settings.place, **said.metadata} if self._settings.place else said.metadata
        try:
            return await turn.reply(on_new_message, said.message, said.sender, self.name(), metadata)
        except Exception as failure:
            log.error("A turn failed: %s", type(failure).__name__)  # its message may hold what the person said
            return [turn.sorry()]


def read(body: bytes) -> Said:
    """Return what a request says. Raises Fault."""
    if len(body) > MAX_BODY:
        raise Fault(413, "too_large", "内容太长，最多 64 KB。", "The body is larger than 64 KB.")
    try:
        given = json.loads(body)
    except (ValueError, RecursionError):
        raise Fault(400, "invalid_json", "请求不是有效的 JSON。", "The body is not valid JSON.") from None
    if not isinstance(given, dict):
        raise Fault(400, "invalid_json", "请求应是一个 JSON 对象。", "The body must be a JSON object.")
    return Said(_sender(given.get("sender")), _message(given.get("message")), _metadata(given.get("metadata")))


def _message(given: Any) -> str:
    if not isinstance(given, str):
        raise Fault(422, "missing_message", "缺少 message（文字）。", "`message` must be a string.", "message")
    return given


def _sender(given: Any) -> str:
    if given is None or given == "":
        return uuid.uuid4().hex
    if isinstance(given, bool) or not isinstance(given, (str, int)):
        raise Fault(422, "invalid_sender", "sender 应是文字。", "`sender` must be a string.", "sender")
    sender = str(given)
    if len(sender) > MAX_SENDER or not sender.isprintable():
        raise Fault(
            422, "invalid_sender", "sender 最多 200 个可见字符。", "`sender` must be at most 200 printable characters.", "sender"
        )
    return sender


def _metadata(given: Any) -> Dict[str, Any]:
    """The place and date of the message, checked; nothing else is kept, because it would be stored."""
    if given is None:
        return {}
    if not isinstance(given, dict):
        raise Fault(422, "invalid_metadata", "metadata 应是 JSON 对象。", "`metadata` must be an object.", "metadata")
    kept = {key: given[key] for key in ("region", "as_of") if given.get(key) is not None}
    if "region" in kept and not (isinstance(kept["region"], str) and _REGION.fullmatch(kept["region"])):
        raise Fault(
            422, "invalid_region", "region 应是 2 至 12 位行政区划代码。", "`region` must be 2 to 12 digits.", "metadata.region"
        )
    if "as_of" in kept and not _is_date(kept["as_of"]):
        raise Fault(
            422, "invalid_date", "as_of 应是日期，如 2022-03-01。", "`as_of` must be a date, YYYY-MM-DD.", "metadata.as_of"
        )
    return kept


def _is_date(given: Any) -> bool:
    try:
        return isinstance(given, str) and dt.date.fromisoformat(given).isoformat() == given
    except ValueError:
        return False
