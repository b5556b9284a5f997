"""A message that a browser sends again, because the network broke before the answer came, is answered once."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import Any

MOST_REMEMBERED = 1_000  # conversations; the oldest is forgotten first
Replies = list[dict[str, Any]]


class Turns:
    """The last turn of each conversation: its message's id (chosen by the browser, may be empty) and its outcome."""

    def __init__(self) -> None:
        self._last: OrderedDict[str, tuple[str, asyncio.Future[Replies]]] = OrderedDict()

    async def run(self, conversation: str, message_id: str, turn: Callable[[], Awaitable[Replies]]) -> Replies:
        """The replies of this message's first run, or of running it now. Raises what the turn raises."""
        known_id, running = self._last.get(conversation, ("", None))
        if running is None or not message_id or known_id != message_id:
            running = asyncio.ensure_future(turn())
            self._remember(conversation, message_id, running)
        await asyncio.wait({running})  # unlike awaiting it, a dropped connection cannot cut the turn in half
        if running.exception():
            self._last.pop(conversation, None)
        return running.result()

    async def forget(self, conversation: str) -> None:
        """Let a running turn end, so that nothing is written afterwards; then drop it."""
        _, running = self._last.pop(conversation, ("", None))
        if running:
            await asyncio.wait({running})

    def _remember(self, conversation: str, message_id: str, running: asyncio.Future[Replies]) -> None:
        self._last[conversation] = (message_id, running)
        self._last.move_to_end(conversation)
        if len(self._last) > MOST_REMEMBERED:
            self._last.popitem(last=False)
