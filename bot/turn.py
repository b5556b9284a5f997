"""One turn, as every channel has it: what a person typed is made safe, and something always comes back."""

from __future__ import annotations

import re
from typing import Any, Awaitable, Callable, Dict, List, Optional

from rasa.core.channels.channel import OutputChannel, UserMessage

from bot.privacy import mask
from store.hours import hours

READ_AT_MOST = 2_000
Reply = Dict[str, Any]
OnNewMessage = Callable[[UserMessage], Awaitable[Any]]

SORRY = "对不起，刚才出了点问题，没能回答您。请过一会儿再说一遍。急事请打 12345。"
EMPTY = "您好，请用一句话说说想问什么，或家里的难处。比如：我妈 82 岁，一个人住，能领什么补助？"
WITH_A_PERSON = "人工收到了，请等一下回话。急事请打 12345。"
CUT = f"您说的比较长，我先看了前面 {READ_AT_MOST} 个字。要紧的事请单独再说一句。"

_UNWANTED = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
_COMMAND = re.compile(r"^[\s/／]+")


class Replies(OutputChannel):
    """Collects a turn's messages, one dict each: text, buttons, custom."""

    def __init__(self, channel: str) -> None:
        self._channel = channel
        self.messages: List[Reply] = []

    def name(self) -> str:
        return self._channel

    async def send_response(self, recipient_id: str, message: Reply) -> None:
        kept = {key: message[key] for key in ("text", "buttons", "custom") if message.get(key)}
        if kept:
            self.messages.append(kept)


def safe(text: str) -> str:
    """
    Return the text without what must not be stored or obeyed: numbers of cards and phones, a leading `/` (Rasa would
    take it for a command), control characters, and whatever stands beyond the first 2,000 characters.

    >>> safe(" /restart")
    'restart'
    """
    return mask(_COMMAND.sub("", _UNWANTED.sub("", text[: 2 * READ_AT_MOST])))[:READ_AT_MOST].strip()


async def reply(
    on_new_message: OnNewMessage, text: str, sender: str, channel: str, metadata: Optional[Dict[str, Any]] = None
) -> List[Reply]:
    """Run one turn and return its messages; never none. Raises what the turn raises."""
    message = safe(text)
    if not any(map(str.isalnum, message)):
        return [_plain(EMPTY, "smalltalk")]
    output = Replies(channel)
    given = {**(metadata or {}), "channel": channel}
    if hours() is not None:
        from bot.desk.handoff import intercept  # the desk itself takes turns, so it imports this file

        human = await intercept(sender, message)
        if human is not None:
            return human or [_plain(WITH_A_PERSON, "human")]
    await on_new_message(UserMessage(message, output, sender, input_channel=channel, metadata=given))
    if not output.messages:
        return [sorry()]
    return [_plain(CUT, "clarify"), *output.messages] if len(text) > READ_AT_MOST else output.messages


def sorry() -> Reply:
    """What a person reads when a turn failed."""
    return _plain(SORRY, "error")


def _plain(text: str, kind: str) -> Reply:
    nothing: Dict[str, Any] = {"programme": None, "aspect": None, "citations": [], "route": None, "confidence": None}
    return {"text": text, "custom": {"kind": kind, "answer": text, **nothing}}
