"""One turn of the conversation: from a parsed message and what was said before, to a reply and what to remember."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from typing import Any, Mapping, Optional, Tuple

from actions import answers, asking
from actions.deciding import decide
from actions.family import MYSELF, flatten
from actions.people import names_somebody
from actions.reading import Reading, read
from actions.reply import Reply
from actions.state import Conversation
from actions.talk import Talk
from actions.telling import STATUSES_ONLY
from actions.whose import brings_news
from knowledge.library import Library, load

ASPECT_BY_TAP = {title: aspect for aspect, title in asking.STEPS.items()}
_ANYBODY = re.compile("残疾人|老人|大学生|病人|低保户|脱贫户|五保户|贫困户")
RULES = ("ask_income_rules", "ask_asset_rules", "ask_exit", "ask_definition")


def respond(
    message: Mapping[str, Any],
    state: Conversation,
    region: Optional[str] = None,
    as_of: Optional[str] = None,
    library: Optional[Library] = None,
    today: Optional[dt.date] = None,
) -> Tuple[Reply, Conversation]:
    """Answer one parsed message (`text`, `intent`, `topics`, `named`, `facts`). Returns the reply and the conversation to keep.

    region, as_of: what the channel knows of place and day; they hold for the conversation.
    """
    library = library or load()
    state = replace(state, region=region or state.region, as_of=as_of or state.as_of)
    day = dt.date.fromisoformat(state.as_of) if state.as_of else today or dt.date.today()
    talk = Talk(_tapped(read(message, library), state), state, day, library)
    _take_place(talk)
    talk.reading = asking.that_one(talk)
    if talk.reading.asks and talk.reading.told and state.household and not brings_news(talk):
        talk.reading = replace(talk.reading, household={}, told=0)  # what is known is only named, to ask about it
    if _asks_of_anybody(talk.reading):
        talk.reading = replace(talk.reading, household={}, told=0)
    said = decide(talk)
    _follow(talk, said)
    said.custom.setdefault("region", talk.state.region)
    if said.custom.get("kind") in ("decline", "clarify"):
        said.custom["aspect"] = said.custom.get("aspect") or talk.reading.aspect
    talk.state.offered = [button["title"] for button in said.buttons]
    return said, talk.state


def _asks_of_anybody(reading: Reading) -> bool:
    """残疾人打工收入扣多少: a question about a rule, of people in general, tells nothing of a family."""
    general = _ANYBODY.search(reading.text) and not MYSELF.search(reading.text) and not names_somebody(reading.text)
    return bool(general) and reading.asks and reading.intent in RULES and all("." in path for path in flatten(reading.household))


def _tapped(reading: Reading, state: Conversation) -> Reading:
    """第二个, where nothing is being asked, is the second thing that could be tapped."""
    at = answers.index_of(reading.text)
    if at is None or state.pending or at >= len(state.offered):
        return reading
    title = state.offered[at]
    aspect = ASPECT_BY_TAP.get(title)
    return replace(
        reading,
        text=title,
        intent=f"ask_{aspect}" if aspect else "nlu_fallback",
        aspect=aspect,
        confidence=1.0,
        sure=0.0,
    )


def _follow(talk: Talk, said: Reply) -> None:
    """What the talk is about moves on to what a screening turned to, so that 要带什么 is asked of that."""
    about, reading, state = said.custom["programmes"], talk.reading, talk.state
    if said.custom["kind"] != "screening" or not about:
        return
    told = {**(state.household.get("status") or {}), **(reading.household.get("status") or {})}
    held = {status for status, holds in told.items() if holds is not None}  # 我家是低保户 asks for something else
    came_for = [p for p in reading.named if p in about and p not in held and p not in STATUSES_ONLY]
    good = [r["programme"] for r in said.custom["results"] if r["verdict"] == "eligible"]
    better = [p for p in about if p in good and p not in STATUSES_ONLY] if state.topic not in good else []
    if came_for or better or state.topic not in about and state.focus:
        state.topic = (came_for or better or about)[0]


def _take_place(talk: Talk) -> None:
    told = talk.reading.household.get("region")
    if told and not talk.reading.hypothetical:
        talk.state.region = told
