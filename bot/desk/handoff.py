"""A resident who asked for a person: their words go to the desk, the agent's words go to them, and then the assistant goes on.

The resident stays in the channel they came by. Call `intercept` for every message before the assistant's turn.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from rasa.shared.core.events import SlotSet
from sanic.request import Request

from bot import transcript
from bot.desk.http import off_loop
from bot.desk.live import add, catch_up
from bot.sessions import Sessions, signing_secret
from store import calls
from store.hours import CHINA, hours

AGENT_HERE = "人工在线，正在看您的话。"
BACK_AGAIN = "人工先到这里。接下来还是助手回答您，您说过的情况都记着。"
H5_COOKIE = "h5"

log = logging.getLogger(__name__)


async def intercept(sender: str, text: str) -> list[dict[str, Any]] | None:
    """Give a message (masked) to the desk when its sender asked for a person.

    Returns the reply when an agent has taken over, `[]` when they will answer themselves; None: the assistant answers, as ever.
    """
    call = await off_loop(calls.open_call_of, sender)
    if call is None:
        return None
    await add(call["call"], "caller", text, origin="pushed")
    if call["agent"] is None:
        return None
    said_before = any(line["speaker"] == "agent" for line in await off_loop(calls.lines_of, call["call"]))
    return [] if said_before else [{"text": AGENT_HERE, "custom": {"kind": "human", "answer": AGENT_HERE}}]


async def say(app: Any, call: dict[str, Any], text: str) -> str:
    """Store the agent's words and bring them to the resident. Returns how: `page`, `sent` or `waits` (for their next message)."""
    await add(call["call"], "agent", text, origin="typed")
    if call["channel"] == "wechat":
        return await _to_wechat(app, call["sender"], text)
    return "page"


async def _to_wechat(app: Any, sender: str, text: str) -> str:
    """By customer-service message where the account can; otherwise it is shown when the resident writes again."""
    person = sender.removeprefix("wechat-")
    speak = getattr(app.ctx, "wechat_say", None)
    if speak is not None and await speak(person, text):
        return "sent"
    from store.wechat import Inbox

    await off_loop(Inbox().put_back, person, [{"text": text}])
    return "waits"


@asynccontextmanager
async def letting_go(app: Any, call: str) -> AsyncIterator[None]:
    """Around the end of a call: its resident is told, and the assistant goes on with the family as the agent left it.

    Meanwhile the assistant takes no turn. There is nobody to tell after a telephone call, nor after one that ended before.
    """
    known = await off_loop(calls.call_of, call)
    if not known or not known["sender"] or known["ended"]:
        yield
        return
    kept = await catch_up(app, call)
    async with app.ctx.agent.lock_store.lock(kept["sender"]):
        yield
        await _pass_on(app.ctx.agent.tracker_store, kept)
    await say(app, kept, BACK_AGAIN)


async def _pass_on(store: Any, call: dict[str, Any]) -> None:
    tracker = await store.retrieve(call["sender"])
    if tracker is None:
        log.warning("A conversation was handed back that the assistant no longer has")
        return
    tracker.update(SlotSet("conversation", call["state"]))
    await store.save(tracker)


async def for_resident(request: Request, after: int) -> dict[str, Any]:
    """What a resident's page shows of its handoff: `{"state": none | waiting | taken, "words", "lines": [{"number", "text"}]}`."""
    session = Sessions(signing_secret()).read(request.cookies.get(H5_COOKIE))
    call = await off_loop(calls.last_call_of, session.sender) if session else None
    if call is None:
        return {"state": "none", "words": "", "lines": []}
    lines = await off_loop(calls.lines_of, call["call"], after)
    said = [{"number": line["number"], "text": line["text"]} for line in lines if line["speaker"] == "agent"]
    state = "none" if call["ended"] else "taken" if call["agent"] else "waiting"
    words = {"none": "", "taken": AGENT_HERE, "waiting": _waiting_words(await off_loop(_ahead, call))}[state]
    return {"state": state, "words": words, "lines": said}


def _ahead(call: dict[str, Any]) -> int:
    return sum(other["started"] < call["started"] for other in calls.waiting())


def _waiting_words(ahead: int) -> str:
    """How it stands with somebody who waits; the reply to their asking said which number to call."""
    open_hours = hours()
    if open_hours is None:
        return ""
    if not open_hours.open_at(dt.datetime.now(CHINA)):
        return "人工下班了，您的话留着，上班就看。"
    return f"在等人工，前面还有 {ahead} 位。" if ahead else "在等人工，下一位就是您。"


def with_conversation(messages: list[dict[str, Any]], tracker: Any, sender: str) -> list[dict[str, Any]]:
    """A conversation's messages (see `bot.transcript`) with what was said between its resident and a person, where it was said."""
    for line in reversed(calls.between_people(sender)):
        before = len(transcript.messages(tracker.travel_back_in_time(line["at"])))
        who = {"from": "agent", "number": line["number"]} if line["speaker"] == "agent" else {"from": "me"}
        messages = [*messages[:before], {**who, "text": line["text"]}, *messages[before:]]
    return messages
