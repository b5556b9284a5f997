"""`GET /health`: whether the assistant can remember (database) and understand (one parse) right now."""

from __future__ import annotations

import asyncio
import logging
from typing import Any, Awaitable, Dict, Optional

from rasa.core.channels.channel import InputChannel
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, json

from bot import turn

PATIENCE_SECONDS = 5

log = logging.getLogger(__name__)


class HealthInput(InputChannel):
    @classmethod
    def name(cls) -> str:
        return "health"

    @classmethod
    def from_credentials(cls, credentials: Optional[Dict[str, Any]]) -> HealthInput:
        return cls()

    def url_prefix(self) -> str:
        return "/health"

    def blueprint(self, on_new_message: turn.OnNewMessage) -> Blueprint:
        routes = Blueprint("health")

        @routes.get("/")
        async def health(request: Request) -> HTTPResponse:
            agent = request.app.ctx.agent
            database = await _works(agent.tracker_store.retrieve("health"))
            understanding = agent.is_ready() and await _works(agent.parse_message("低保一个月多少钱"))
            parts = {"database": _word(database), "understanding": _word(understanding)}
            well = database and understanding
            return json({"status": _word(well), **parts}, 200 if well else 503)

        return routes


async def _works(probe: Awaitable[Any]) -> bool:
    try:
        await asyncio.wait_for(probe, PATIENCE_SECONDS)
    except Exception as failure:
        log.error("Health: %s", type(failure).__name__)
        return False
    return True


def _word(well: bool) -> str:
    return "ok" if well else "failing"
