"""How messages of the bot become passive replies: one text of at most 2,048 bytes, or one card.

A message is `{"text", "buttons": [{"title", "payload"}], "custom"}`; a reply is `{"text"}` or
`{"card": {"title", "description", "url"}}`.
Pure: no network, no database.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from typing import Any

from wechatpy.messages import BaseMessage
from wechatpy.replies import ArticlesReply, TextReply

from bot.wechat import words
from store.wechat import Said, Shown

LONGEST_REPLY = 2048  # bytes of a text, its links included, as measured by others: the platform does not say
LONGEST_DESCRIPTION = 300  # bytes of a card's text
MOST_CHOICES, LONGEST_TITLE = 12, 40  # so that choices by themselves always fit into one reply
SENTENCE_ENDS = "。！？!?；;…\n"
PAUSES = "，,、：: "


def prepared(said: Said, page: str = "", as_card: bool = False) -> Said:
    """One turn's messages as they will be shown: one safe text with its choices.

    Where a screening has ended it links to `page`, or comes after a card that opens it.
    """
    texts, buttons, cards, numbered = [], [], [], True
    for message in said:
        custom = message.get("custom") or {}
        text = clean(message.get("text") or custom.get("answer") or "")
        if page and custom.get("case_offer") and custom.get("results"):
            if as_card:
                cards.append({"card": _card(custom["results"], page)})
            else:
                text = f'{text}\n<a href="{page}">{words.OPEN_PAGE}</a>'
        texts.append(text)
        buttons += [_button(button) for button in message.get("buttons") or () if button.get("title")]
        numbered = numbered and (custom.get("next_question") or {}).get("kind") != "number"
    whole = {"text": "\n\n".join(filter(None, texts)), "buttons": buttons[:MOST_CHOICES], "numbered": numbered}
    if all(message.get("aside") or (message.get("custom") or {}).get("kind") == "error" for message in said):
        whole["aside"] = True
    return [*cards, whole] if whole["text"] or buttons else []


def _button(button: dict[str, Any]) -> dict[str, str]:
    title = clean(str(button["title"]))[:LONGEST_TITLE]
    return {"title": title, "payload": str(button.get("payload") or title).lstrip("/")}


def show(said: Said, more: str = words.MORE_ON_REPLY) -> Shown:
    """One reply made of as many messages as fit; what it shows, what remains, and the choices under it.

    Of several turns shown together only the last one's choices can be chosen from; an aside leaves the choices alone.
    """
    if not said:
        return Shown(None)
    if "card" in said[0]:
        return Shown({"card": said[0]["card"]}, [], said[:1], said[1:])
    until = next((i for i, message in enumerate(said) if "card" in message), len(said))
    together, later = said[:until], said[until:]
    text = "\n\n".join(message["text"] for message in together if message["text"])
    asking = next((message for message in reversed(together) if message.get("buttons")), {})
    choices = choices_of(asking)
    whole = _with_choices(text, choices)
    if whole is not None:
        aside = all(message.get("aside") for message in together)
        return Shown({"text": whole}, None if aside else choices, together, later)
    head, tail = cut(text, LONGEST_REPLY - _bytes(f"\n{more}"))
    return Shown({"text": f"{head}\n{more}"}, [], [{"text": head}], [{**asking, "text": tail}, *later])


def keep(said: Said) -> Shown:
    """Show nothing now, lose nothing."""
    return Shown(None, rest=said)


def choices_of(message: dict[str, Any]) -> list[dict[str, str]]:
    """The choices under a message: `{"id", "number", "title", "payload"}`; no number where one would be an answer."""
    numbered = message.get("numbered", True)
    return [
        {**button, "id": _id(button["payload"]), "number": str(number) if numbered else ""}
        for number, button in enumerate(message.get("buttons") or (), 1)
    ]


def _id(payload: str) -> str:
    return hashlib.sha256(payload.encode("utf-8", "replace")).hexdigest()[:8]


def _with_choices(text: str, choices: list[dict[str, str]]) -> str | None:
    """The text and its choices, tappable, or typed only when the links are too long; None when it does not fit."""
    for line in (_tappable, _typed):
        under = (
            [words.HOW_TO_CHOOSE if choices[0]["number"] else words.HOW_TO_TAP, *map(line, choices)] if choices else []
        )
        whole = "\n".join(filter(None, [text, *under]))
        if _bytes(whole) <= LONGEST_REPLY:
            return whole
    return None


def _tappable(choice: dict[str, str]) -> str:
    # Chinese stands in the address as it is, as the platform's clients expect; only what would end it is escaped.
    address = re.sub(
        r'[\s"<>&#%+\']', lambda match: "".join(f"%{byte:02X}" for byte in match.group().encode()), choice["payload"]
    )
    return f'<a href="weixin://bizmsgmenu?msgmenucontent={address}&msgmenuid={choice["id"]}">{_typed(choice)}</a>'


def _typed(choice: dict[str, str]) -> str:
    return f"{choice['number']}. {choice['title']}" if choice["number"] else choice["title"]


def clean(text: str) -> str:
    """Text that cannot break the reply's XML nor pass for a link: no control characters, no `]]>`, no tags."""
    text = re.sub(r"[^\n\t\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|[\x7f-\x9f]", "", text)
    return re.sub(r"<(?=[A-Za-z/!])", "＜", text.replace("]]>", "]] >")).strip()


def cut(text: str, room: int) -> tuple[str, str]:
    """As much of a text as fits into `room` bytes, and the rest: cut at a sentence, a pause, or between characters."""
    fitting = text.encode("utf-8")[:room].decode("utf-8", "ignore")
    if fitting == text:
        return text, ""
    least = len(fitting) // 2  # rather a pause in the second half than a sentence that leaves the reply nearly empty
    places = [end for end in range(len(fitting), 0, -1) if _whole_at(text, end)]
    for marks in (SENTENCE_ENDS, PAUSES):
        for end in places:
            if end > least and text[end - 1] in marks:
                return text[:end].rstrip(), text[end:].lstrip()
    end = places[0] if places else len(fitting)
    return text[:end], text[end:]


def _whole_at(text: str, end: int) -> bool:
    """Whether nothing is torn at `end`: no emoji of several code points, no number, no link."""
    before, after = text[end - 1], text[end]
    joined = after in "\u200d\ufe0f\u20e3" or unicodedata.combining(after) or "\U0001f3fb" <= after <= "\U0001f3ff"
    flag = "\U0001f1e6" <= before <= "\U0001f1ff" and "\U0001f1e6" <= after <= "\U0001f1ff"
    number = before in "0123456789.,:" and after.isdigit() or before.isdigit() and after in ".,:%％"
    in_link = text.rfind("<a ", 0, end + 2) > text.rfind("</a>", 0, end)
    return not (joined or before == "\u200d" or flag or number or in_link)


def _card(results: Said, page: str) -> dict[str, str]:
    lines = [clean(str(result["summary"])) for result in results if result.get("summary")]
    head, _ = cut("\n".join(lines), LONGEST_DESCRIPTION)
    return {"title": words.CARD_TITLE, "description": f"{head}\n{words.CARD_HINT}".strip(), "url": page}


def render(reply: dict[str, Any], message: BaseMessage) -> str:
    """The XML of a passive reply to a message."""
    if "card" in reply:
        return ArticlesReply(message=message, articles=[reply["card"]]).render()
    return TextReply(message=message, content=reply["text"]).render()


def _bytes(text: str) -> int:
    return len(text.encode("utf-8"))
