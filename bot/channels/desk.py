"""The hotline agent's way in: the page at `/desk`, the JSON under `/api/desk/`, and the outbox that runs beside them."""

from __future__ import annotations

import asyncio
from typing import Any

from rasa.core.channels.channel import InputChannel
from sanic import Blueprint, Sanic

from bot import outbox
from bot.desk.endpoints import everything
from bot.desk.http import register
from bot.desk.pages import add_pages
from bot.turn import OnNewMessage
from store.migrate import upgrade


class DeskInput(InputChannel):
    """Agents do not talk with the assistant here: they see through its eyes what a caller says."""

    @classmethod
    def name(cls) -> str:
        return "desk"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> DeskInput:
        return cls()

    def url_prefix(self) -> str:
        return "/"

    def blueprint(self, on_new_message: OnNewMessage) -> Blueprint:
        routes = Blueprint("desk")
        add_pages(routes)
        for endpoint in everything():
            register(routes, endpoint)

        @routes.listener("before_server_start")
        async def open_up(app: Sanic, loop: asyncio.AbstractEventLoop) -> None:
            await asyncio.to_thread(upgrade)
            app.ctx.outbox = asyncio.ensure_future(outbox.run())

        @routes.listener("before_server_stop")
        async def close_down(app: Sanic, loop: asyncio.AbstractEventLoop) -> None:
            await outbox.stop(app.ctx.outbox)

        return routes
