"""Turns in which the pending question is answered."""

from __future__ import annotations

from dataclasses import replace
from typing import Optional

from actions import answers, asking, everybody, steering, telling
from actions.reading import ASPECT_OF
from actions.reply import Reply, reply
from actions.talk import Talk
from knowledge.replies import UNKNOWN

SHORT, UNSURE = 4, 0.6
HEARD = ("我记下了", "改好了", "看起来符合", "现在", "· ")  # how lines begin that say what an answer changed


def amended(talk: Talk) -> Optional[Reply]:
    """One more of those asked about at once, or one less."""
    found = everybody.amended(talk) if talk.state.household else {}
    return telling.of_everybody(talk, found) if found else None


def at_once(talk: Talk) -> Optional[Reply]:
    """An answer that steering words in it must not carry away: 我爸有，别人不清楚 is more than 不清楚."""
    if not talk.state.pending:
        return None
    reading, value = talk.reading, answers.answer_to_pending(talk)
    if value is everybody.WHOSE:
        return talk.with_question(reply("clarify", ["是哪一位？说一声，或者点名字。"]))
    if isinstance(value, dict) and talk.state.pending.startswith("members."):
        return telling.of_everybody(talk, value)
    short = len(reading.text) <= SHORT and reading.intent in ("stop", "greet") and reading.confidence < UNSURE
    return telling.answered(talk, value) if short and value is not None and value is not UNKNOWN else None


def answered(talk: Talk) -> Optional[Reply]:
    """The pending question's answer, alone or before a question of the resident's own."""
    if not talk.state.pending:
        return None
    value = answers.answer_to_pending(talk)
    if value is UNKNOWN:
        return steering.unknown(talk)
    if value is not None:
        return telling.answered(talk, value)
    labelled = answers.fact_by_label(talk)
    return telling.answered(talk, labelled) if labelled else _and_question(talk)


def _and_question(talk: Talk) -> Optional[Reply]:
    reading = talk.reading
    if reading.intent not in ASPECT_OF or reading.intent == "tell_family":
        return None
    value = answers.answer_before_question(talk)
    if value is None or value is UNKNOWN:
        return None
    taken = telling.answered(talk, value)
    heard = [line for line in taken.text.split("\n") if line.startswith(HEARD)][:3]
    talk.reading = replace(reading, household={}, told=0)
    said = asking.asked(talk)
    said.text = "\n".join([*heard, said.text])
    said.custom.update(answer=said.text, changes=taken.custom.get("changes", []))
    return said
