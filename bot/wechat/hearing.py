"""What a message or an event says: words for the bot, a place, or nothing to answer. Pure: no network, no database."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from wechatpy.messages import BaseMessage

from bot.wechat import words
from bot.wechat.gate import text_of

PLACE_CODE = re.compile(r"v?([0-9]{12}|[0-9]{9}|[0-9]{6})")  # village, town, county
UNSUPPORTED = "收到不支持的消息类型"  # what the platform writes in place of stickers, files and the like
NUMBERED = re.compile(r"(?:我?选|第)?([0-9]{1,2})(?:个|项|条)?")
NUMERALS = "一二三四五六七八九"
NUDGES = frozenset(
    [
        "好",
        "好的",
        "好吧",
        "嗯",
        "嗯嗯",
        "行",
        "可以",
        "继续",
        "继续看",
        "下一段",
        "下一页",
        "还有呢",
        "然后呢",
        "后面呢",
        "更多",
        "看",
        "看看",
        "查看",
        "接着说",
        "在吗",
        "结果",
        "任意内容",
        "ok",
    ]
)

FindPlace = Callable[[str], tuple[str, str] | None]  # a code or an address -> (code, name)


@dataclass(frozen=True)
class Heard:
    """One of: `text` for the bot; `say`, fixed messages; neither, and the platform hears "success"."""

    text: str = ""
    say: list[dict[str, Any]] = field(default_factory=list)
    region: str = ""  # the place the person is asking from, when this told it
    tapped: str = ""  # the id of the line that was tapped
    leaves: bool = False

    @property
    def aside(self) -> bool:
        """Whether it was something we cannot read: to somebody told to send anything, it serves."""
        return bool(self.say) and all(message.get("aside") for message in self.say)


def hear(message: BaseMessage, find_place: FindPlace) -> Heard:
    """What a message says."""
    kind = text_of(message, "MsgType").lower()
    if kind == "event":
        return _event(message, find_place)
    if kind == "text":
        text = cleaned(text_of(message, "Content"))
        unreadable = not text or UNSUPPORTED in text
        return Heard(say=[words.UNREADABLE]) if unreadable else Heard(text, tapped=text_of(message, "bizmsgmenuid"))
    if kind == "voice":
        heard = cleaned(text_of(message, "Recognition"))
        return Heard(heard) if heard else Heard(say=[words.VOICE])
    if kind == "location":
        place = find_place(cleaned(text_of(message, "Label")))
        return Heard(say=[words.moved(place[1])], region=place[0]) if place else Heard(say=[words.NOWHERE])
    return Heard(say=[words.KINDS.get(kind, words.UNREADABLE)])


def _event(message: BaseMessage, find_place: FindPlace) -> Heard:
    kind, key = text_of(message, "Event").lower(), text_of(message, "EventKey")
    if kind in ("subscribe", "subscribe_scan"):
        code, name = place_of(key, find_place)
        return Heard(say=[words.greeting(name)], region=code)
    if kind == "scan":
        code, name = place_of(key, find_place)
        return Heard(say=[words.moved(name) if code else words.greeting("")], region=code)
    if kind == "click":
        return Heard(cleaned(key))
    return Heard(leaves=kind == "unsubscribe")


def place_of(scene: str, find_place: FindPlace) -> tuple[str, str]:
    """The code and the name of the place that a scene carries; both empty when it carries none that is known.

    A village or town too new to be known counts as the town or county that it lies in.
    """
    match = PLACE_CODE.fullmatch(scene.removeprefix("qrscene_"))
    code = match.group(1) if match else ""
    return next(filter(None, (find_place(code[:length]) for length in (12, 9, 6) if length <= len(code))), ("", ""))


def cleaned(text: str) -> str:
    """A person's words without control characters and without the leading slash that would make them a command."""
    text = "".join(c if c == "\n" or unicodedata.category(c) not in ("Cc", "Cs", "Co") else " " for c in text)
    return text.strip().lstrip("/／").strip()


def chosen(heard: Heard, choices: Sequence[dict[str, str]]) -> str:
    """The words to hand to the bot: a tapped line or a typed number stands for the choice it was shown with.

    `choices` are `{"id", "number", "title", "payload"}`; `number` is empty where numbers are answers in themselves.
    """
    text = unquote(heard.text) if heard.tapped else heard.text
    number = _number(text)
    for choice in choices:
        if choice["id"] == heard.tapped or text in (choice["title"], choice["payload"]):
            return choice["payload"]
    return next((choice["payload"] for choice in choices if number and choice["number"] == number), text)


def _number(text: str) -> str:
    text = unicodedata.normalize("NFKC", text).strip(" .,、。，()（）【】")
    if len(text) == 1 and text in NUMERALS:
        return str(NUMERALS.index(text) + 1)
    match = NUMBERED.fullmatch(text)
    return str(int(match.group(1))) if match else ""


def only_a_nudge(text: str) -> bool:
    """Whether words say no more than "go on": somebody was told that anything they send shows the rest."""
    bare = "".join(c for c in unicodedata.normalize("NFKC", text).lower() if c.isalnum())
    return len(bare) <= 1 or bare in NUDGES or not re.search(r"[\u3400-\u9fff]|[a-z]{3}", bare)
