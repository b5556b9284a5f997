"""The WeChat official account as a Rasa channel: its server address, `/webhooks/wechat/webhook`.

On when `WECHAT_TOKEN` is set; `bot.wechat.account` lists the other settings. This file knows HTTP and nothing else.
"""

from __future__ import annotations

import logging
from typing import Any

from rasa.core.channels.channel import InputChannel
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot import transcript
from bot.sessions import signing_secret
from bot.turn import OnNewMessage
from bot.wechat.account import Account, account_from
from bot.wechat.exchange import Exchange
from bot.wechat.gate import Gate, Refused
from bot.wechat.handover import Handover
from bot.wechat.hearing import FindPlace
from bot.wechat.places import find_place

logger = logging.getLogger(__name__)


class WeChatInput(InputChannel):
    """The channel of one account; without an account it has no address."""

    def __init__(self, account: Account | None, find_place: FindPlace = find_place) -> None:
        self.account = account
        self.find_place = find_place

    @classmethod
    def name(cls) -> str:
        return "wechat"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> WeChatInput:
        """The account comes from the environment; `credentials.yml` may give any of its fields by name."""
        return cls(account_from(credentials))

    def blueprint(self, on_new_message: OnNewMessage) -> Blueprint:
        """Answer the platform's check of the address, and its pushes."""
        webhook = Blueprint("wechat")
        if self.account is None:
            return webhook
        account, gate, handover = self.account, Gate(self.account), Handover(signing_secret())

        def erase(sender: str) -> None:
            [app] = webhook.apps
            transcript.forget(app.ctx.agent.tracker_store, sender)

        exchange = Exchange(account, gate, on_new_message, self.find_place, handover, erase)

        @webhook.get("/webhook")
        async def check(request: Request) -> HTTPResponse:
            try:
                return response.text(gate.check_address(request.args))
            except Refused as refused:
                return _refusal(refused)

        @webhook.post("/webhook", stream=True)
        async def receive(request: Request) -> HTTPResponse:
            try:
                body = await _body(request, account.body_limit)
                reply = await exchange.receive(gate.admit(request.args, body))
            except Refused as refused:
                return _refusal(refused)
            return response.text(reply, content_type="text/plain" if reply == "success" else "application/xml")

        @webhook.get("/result/<token:str>")
        async def result(request: Request, token: str) -> HTTPResponse:
            return await handover.follow(request, token, request.app.ctx.agent.tracker_store)

        @webhook.listener("before_server_start")
        async def prepare(app: Any, loop: Any) -> None:
            await exchange.prepare()
            app.ctx.wechat_say = exchange.say

        @webhook.listener("before_server_stop")
        async def close(*_: Any) -> None:
            await exchange.close()

        return webhook


def _refusal(refused: Refused) -> HTTPResponse:
    logger.warning("WeChat push refused: %s", refused)
    return response.text("", status=refused.status)


async def _body(request: Request, limit: int) -> bytes:
    """The body, read piece by piece: what is too large is not kept."""
    body = bytearray()
    async for chunk in request.stream:
        body += chunk
        if len(body) > limit:
            raise Refused("the body is too large", 413)
    return bytes(body)
