"""What a turn leaves behind outside the conversation: a question nobody answered, a request for a person, a wish to be forgotten."""

from __future__ import annotations

import logging
from typing import Any, Dict, List, Mapping, Optional

from sqlalchemy.exc import SQLAlchemyError

from actions.reply import Reply
from actions.state import Conversation
from store import cases, desk
from store.hours import handoff_words, hours

LINES = 40
WITH_AGENTS = ("h5", "wechat")

log = logging.getLogger(__name__)


def record(said: Reply, state: Conversation, message: Mapping[str, Any], sender: str, channel: str, events: List[Dict[str, Any]]) -> None:
    """Write down what a turn asks for. A database that is down costs the record, never the answer."""
    try:
        if said.custom.get("wants_case") and channel == "wechat" and state.household:
            _give_case(said, state, sender)
        else:
            _record(said, state, message, sender, channel, events)
    except SQLAlchemyError as failure:
        log.error("A record was not kept: %s", type(failure).__name__)


def _record(
    said: Reply, state: Conversation, message: Mapping[str, Any], sender: str, channel: str, events: List[Dict[str, Any]]
) -> None:
    if said.custom.get("forget"):
        desk.forget(sender)
        code = said.custom.pop("case", None)
        if code:
            cases.end_case(code)
    elif said.custom.get("handoff") and channel in WITH_AGENTS and hours() is not None:
        desk.open_handoff(channel, sender, transcript(events), state.household, state=state.dump())
        said.text = said.custom["answer"] = handoff_words()
    elif said.custom["kind"] == "clarify" and not said.custom.get("next_question") or _declined_blankly(said):
        desk.record_unanswered(message.get("text") or "", state.region, channel)


def _give_case(said: Reply, state: Conversation, sender: str) -> None:
    """A case code in the chat itself; one given before ends, so that only one is ever about."""
    if state.case:
        cases.end_case(state.case)
    state.case = cases.create_case(
        state.household, state.asked, state.region, state.as_of, words=state.words, by=sender
    )
    days = cases.KEPT_SECONDS // (24 * 3600)
    said.text = said.custom["answer"] = (
        f"您的办事码：{state.case}，{days} 天内有效。\n到窗口或打 12345 报这个码，就不用从头再说。别给不相干的人看。"
    )


def _declined_blankly(said: Reply) -> bool:
    return said.custom["kind"] == "decline" and said.custom.get("route") is None


def transcript(events: List[Dict[str, Any]]) -> List[Dict[str, Optional[str]]]:
    """The last lines of a conversation: `{"from": "me" | "bot", "text"}`."""
    said = [e for e in events if e.get("event") in ("user", "bot") and e.get("text")]
    return [{"from": "me" if e["event"] == "user" else "bot", "text": e["text"]} for e in said[-LINES:]]
