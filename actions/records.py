"""What a turn leaves behind outside the conversation: a question nobody answered, a request for a person, a wish to be forgotten."""

from __future__ import annotations

import logging
from typing import Any, Dict, List, Mapping, Optional

from sqlalchemy.exc import SQLAlchemyError

from actions.reply import Reply
from actions.state import Conversation
from store import desk
from store.hours import handoff_words, hours

LINES = 40
WITH_AGENTS = ("h5", "wechat")

log = logging.getLogger(__name__)


def record(said: Reply, state: Conversation, message: Mapping[str, Any], sender: str, channel: str, events: List[Dict[str, Any]]) -> None:
    """Write down what a turn asks for. A database that is down costs the record, never the answer."""
    try:
        _record(said, state, message, sender, channel, events)
    except SQLAlchemyError as failure:
        log.error("A record was not kept: %s", type(failure).__name__)


def _record(
    said: Reply, state: Conversation, message: Mapping[str, Any], sender: str, channel: str, events: List[Dict[str, Any]]
) -> None:
    if said.custom.get("forget"):
        desk.forget(sender)
    elif said.custom.get("handoff") and channel in WITH_AGENTS and hours() is not None:
        desk.open_handoff(channel, sender, transcript(events), state.household, state=state.dump())
        said.text = said.custom["answer"] = handoff_words()
    elif said.custom["kind"] == "clarify" and not said.custom.get("next_question") or _declined_blankly(said):
        desk.record_unanswered(message.get("text") or "", state.region, channel)


def _declined_blankly(said: Reply) -> bool:
    return said.custom["kind"] == "decline" and said.custom.get("route") is None


def transcript(events: List[Dict[str, Any]]) -> List[Dict[str, Optional[str]]]:
    """The last lines of a conversation: `{"from": "me" | "bot", "text"}`."""
    said = [e for e in events if e.get("event") in ("user", "bot") and e.get("text")]
    return [{"from": "me" if e["event"] == "user" else "bot", "text": e["text"]} for e in said[-LINES:]]
