"""A call as it goes: lines come in, each is understood in its turn, and the screen follows.

Lines are stored first and understood after, so that none is lost; whoever looks at the call next finishes what is open.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any
from weakref import WeakValueDictionary

from actions.state import Conversation
from bot import logs, turn
from bot.desk import assist
from bot.desk.http import off_loop
from store import calls, cases

LOOK_AGAIN = 0.2  # seconds between two looks for a change
TOLD = 0.5  # so much of a sentence in the agent's words counts as read aloud
MOST_TRIES = 20

_locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
State = dict[str, Any]
Edit = Callable[[State], State]
FAILED: State = {"kind": "failed", "matter": None, "read_aloud": "", "more": "", "cites": []}


class Ended(Exception):
    """The call has ended: nothing more is written to it."""


def new_state(region: str | None, as_of: str | None) -> State:
    """The conversation with which a call begins."""
    return Conversation(region=region, as_of=as_of).dump()


async def add(
    call: str, speaker: str, text: str, *, origin: str, at: float | None = None, reference: str | None = None
) -> int | None:
    """Store one line, masked; None where it is empty or was there before."""
    safe = turn.safe(text)
    if not safe:
        return None
    number = await off_loop(calls.add_line, call, speaker, safe, origin=origin, at=at, reference=reference)
    if number and speaker == "agent":
        await off_loop(_mark_told, call)
    return number


def _mark_told(call: str) -> None:
    """When the agent's words since the caller's last line hold the sentence offered for it, it was read aloud."""
    since: list[str] = []
    for line in reversed(calls.lines_of(call)):
        if line["speaker"] == "agent":
            since.append(line["text"])
        elif line["speaker"] == "caller":
            offered = (line["heard"] or {}).get("read_aloud")
            if offered and not line["told"] and assist.covered(offered, "".join(reversed(since))) >= TOLD:
                calls.set_told(call, line["number"], True)
            return


async def catch_up(app: Any, call: str) -> dict[str, Any]:
    """Understand every caller's line that is not understood yet, in order, and return the call with its view."""
    async with _lock(call):
        while True:
            kept = await off_loop(calls.existing, call)
            lines = await off_loop(calls.lines_of, call)
            open_line = next(
                (n for n, line in enumerate(lines) if line["speaker"] == "caller" and line["heard"] is None), None
            )
            if open_line is None or kept["ended"]:
                break
            state, view, heard = await _understood(app, kept, lines, open_line)
            if await off_loop(calls.advance, call, kept["version"], state, view, (lines[open_line]["number"], heard)):
                await off_loop(_keep_case, kept["case"], state)
    if not kept["view"] and not kept["ended"]:
        return await change(call, lambda state: state)
    return {**kept, "lines": lines}


async def _understood(
    app: Any, kept: dict[str, Any], lines: list[dict[str, Any]], index: int
) -> tuple[State, State, State]:
    line = lines[index]
    try:
        answers = _answers(kept, lines[:index], line)
        found = await assist.understand_line(app, kept["state"], line["text"], answers, kept["view"])
    except Exception as error:  # one line that cannot be read must not stop the call
        logs.failure("A line of a call could not be understood", error)
        return kept["state"], kept["view"], FAILED
    return found["state"], found["view"], found["heard"]


def _answers(kept: dict[str, Any], before: list[dict[str, Any]], line: dict[str, Any]) -> bool:
    """Whether a line may answer the question on the screen: the agent typed it in sight of that, or was heard asking it.

    Without this a "yes" to whatever the agent really said would become a fact.
    """
    question = (kept["view"] or {}).get("question")
    if question is None or line["origin"] == "typed":
        return True
    recent = [one["text"] for one in before if one["speaker"] in ("agent", "assistant")][-2:]
    return any(assist.was_asked(question["ask"], said) for said in recent)


async def change(call: str, edit: Edit, line: tuple[str, str] | None = None) -> dict[str, Any]:
    """Apply `edit(state) -> state` to a call and lay its screen out anew; `line`: speaker and words to leave in the transcript.

    Raises Ended, and whatever `edit` raises.
    """
    for _ in range(MOST_TRIES):
        kept = await off_loop(calls.existing, call)
        if kept["ended"]:
            raise Ended(call)
        state = edit(kept["state"])
        view = await off_loop(assist.view_of, Conversation.load(state), None, kept["view"])
        state = assist.state_with(Conversation.load(state), view)
        if await off_loop(calls.advance, call, kept["version"], state, view):
            await off_loop(_keep_case, kept["case"], state)
            break
    if line:
        await off_loop(calls.add_line, call, line[0], line[1], origin="typed", heard={})
    kept = await off_loop(calls.existing, call)
    return {**kept, "lines": await off_loop(calls.lines_of, call)}


def _keep_case(code: str | None, state: State) -> None:
    """What the resident tells the agent is there for the window that opens the same code."""
    if code:
        cases.update_case(code, state["household"], state["asked"], state["words"])


async def wait_for_news(call: str, after: int, seconds: float) -> None:
    """Return when the call's version is beyond `after`, or the time is over. Works whichever process made the change."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        version = await off_loop(calls.version_of, call)
        if version is None or version > after:
            return
        await asyncio.sleep(LOOK_AGAIN)


def _lock(call: str) -> asyncio.Lock:
    lock = _locks.get(call)
    if lock is None:
        lock = _locks[call] = asyncio.Lock()
    return lock
