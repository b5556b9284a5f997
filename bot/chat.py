"""A conversation in the terminal."""

from __future__ import annotations

import asyncio
import datetime as dt
import os
import uuid
from typing import Any, Dict

from bot import agent, logs, train, turn
from bot.settings import ROOT, Settings


def main() -> None:
    """Talk until an empty line's end of input. `PLACE=341324 AS_OF=2020-06-01 make chat` sets place and date."""
    os.chdir(ROOT)
    logs.configure()
    asyncio.run(_talk(Settings.read()))


async def _talk(settings: Settings) -> None:
    assistant = await agent.load(train.current_model(), settings)
    sender, metadata = f"chat-{uuid.uuid4().hex}", _metadata(settings)
    print("请说。（Ctrl+D 结束）")
    while True:
        try:
            text = input("> ")
        except (EOFError, KeyboardInterrupt):
            return
        for message in await turn.reply(assistant.handle_message, text, sender, "chat", metadata):
            print(_shown(message))


def _metadata(settings: Settings) -> Dict[str, Any]:
    as_of = os.environ.get("AS_OF")
    given = {"region": settings.place, "as_of": as_of and dt.date.fromisoformat(as_of).isoformat()}
    return {key: value for key, value in given.items() if value}


def _shown(message: turn.Reply) -> str:
    buttons = "  ".join(f"[{button['title']}]" for button in message.get("buttons", []))
    return "\n".join(part for part in (message.get("text", ""), buttons) if part)
