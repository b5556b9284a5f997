"""The hotline agent's way in: the page at `/desk`, the JSON under `/api/desk/`, and what runs beside them: the outbox, forgetting."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Any

from rasa.core.channels.channel import InputChannel
from sanic import Blueprint, Sanic

from bot import forget, outbox
from bot.desk.endpoints import everything
from bot.desk.http import register
from bot.desk.pages import add_pages
from bot.settings import WrongSetting
from bot.turn import OnNewMessage
from store.hours import WrongHours, hours
from store.keeping import WrongDays, keeping
from store.migrate import upgrade


class DeskInput(InputChannel):
    """Agents do not talk with the assistant here: they see through its eyes what a caller says."""

    @classmethod
    def name(cls) -> str:
        return "desk"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> DeskInput:
        """Raises WrongSetting now rather than in the middle of somebody's turn."""
        try:
            hours()
            keeping()
        except (WrongHours, WrongDays) as wrong:
            raise WrongSetting(str(wrong)) from None
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
            app.ctx.desk_tasks = [asyncio.ensure_future(work) for work in (outbox.run(), forget.daily())]

        @routes.listener("before_server_stop")
        async def close_down(app: Sanic, loop: asyncio.AbstractEventLoop) -> None:
            for task in app.ctx.desk_tasks:  # a letter in its hands is sent again, with the same key, when its lease is over
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task

        return routes
