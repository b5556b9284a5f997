"""Turns in which something is asked that people ask beside any programme: what it costs, who may go instead, how often it is checked.

`knowledge/asides.yml` says how each is asked and which of a programme's own lines answer it; nearer documents speak first.
"""

from __future__ import annotations

import re
from typing import Any, Iterator, List, Mapping, Optional, Sequence, Tuple

from actions import telling
from actions.answering import Answer, Asked, answer, asked_about, route_of, source_line
from actions.reading import ASPECT_OF
from actions.reply import Reply, reply
from actions.routing import OFFER
from actions.talk import Talk
from knowledge.library import Library
from knowledge.model import Say
from knowledge.plain import plain

LONGEST = 30
BRIEF = 14
MOST = 2
LEARNED = 0.5
SURE = 0.5
ASIDE_TO = "other"
MEASURED = ("amount", "process_time", "materials", "eligibility", "how_to_apply")


def aside(talk: Talk) -> Optional[Reply]:
    """The reply to such a question about the programme named or under way; None for any other message."""
    reading = talk.reading
    row = aside_in(reading.text, talk.library)
    if row is None or reading.hypothetical or reading.told > bool(reading.asks) or _elsewhere(talk, row):
        return None
    default = [Say(**one) for one in row.get("say", [])]
    if row.get("whoever"):
        return _reply(talk, row, default, None)
    meant = next(iter(reading.named), None) or _learned(talk) or talk.state.topic
    asked = _asked(meant or row.get("programme"), talk)
    if asked is None:
        return None
    if row.get("source"):  # beside a question of its own, 依据哪条 is answered with every answer
        return None if reading.aspect in MEASURED and reading.confidence >= SURE else _sources(talk, asked)
    for one, lines in [(asked, asked.lines()), *_related(asked, row, talk)]:
        says = _answering(lines, row.get("lines", []))
        if says:
            return _reply(talk, row, says, asked if meant else one)
    return _reply(talk, row, default, asked) if default and meant else None


def _elsewhere(talk: Talk, row: Mapping[str, Any]) -> bool:
    """Whether a neighbour's or nobody's matter is asked about; a loan is ours where the place lends to poor households."""
    reading = talk.reading
    if row.get("chat"):
        return len(reading.text) > BRIEF
    if reading.named or not reading.topic.startswith(("neighbour/", "out_of_scope")) or reading.topic_confidence <= LEARNED:
        return False
    ours = _asked(row.get("programme"), talk)
    lends = reading.topic == f"neighbour/{row.get('near')}" and ours is not None and ours.rule is not None
    return not lends and not row.get("whoever")


def aside_in(text: str, library: Library) -> Optional[Mapping[str, Any]]:
    """The first such question that a short text asks."""
    said = plain(text).text
    if len(said) > LONGEST:
        return None
    for row in library.asides:
        if any(re.search(one, said) for one in row["asked"]) and not (row.get("elsewhere") and re.search(row["elsewhere"], said)):
            return row
    return None


def _asked(programme: Optional[str], talk: Talk) -> Optional[Asked]:
    return asked_about(programme, talk.state.region, talk.day, talk.library) if programme else None


def _learned(talk: Talk) -> Optional[str]:
    """The programme a message is about without naming it."""
    reading = talk.reading
    return reading.programmes[0] if reading.programmes and reading.sure >= LEARNED else None


def _related(asked: Asked, row: Mapping[str, Any], talk: Talk) -> Iterator[Tuple[Asked, List[Say]]]:
    """What else may answer it: the programme that the question belongs to, then what the place's own documents say of
    the neighbours of the one asked about."""
    for programme in dict.fromkeys([row.get("programme"), *asked.card.near_miss]):
        one = _asked(programme, talk)
        if one is not None and one.rule is not None and programme != asked.card.id:
            yield one, one.lines() if programme == row.get("programme") else one.lines_of_this_place()


def _answering(says: Sequence[Say], patterns: Sequence[str]) -> List[Say]:
    """The first line for each pattern, at most MOST."""
    found = [next((say for say in says if re.search(pattern, say.say)), None) for pattern in patterns]
    return list({say.say: say for say in found if say is not None}.values())[:MOST]


def _sources(talk: Talk, asked: Asked) -> Reply:
    """Which documents the last answer rests on, by their titles."""
    told = answer(asked.card.id, talk.state.aspect or "eligibility", talk.state.region, talk.day, talk.library)
    told = told if told.cites else answer(asked.card.id, "eligibility", talk.state.region, talk.day, talk.library)
    named = [talk.library.documents[name] for name in dict.fromkeys(cite["document"] for cite in told.cites)]
    titles = "、".join(f"《{document.title}》" for document in named[:2])
    titles = f"出自{titles}。" if titles else "这一项没有查到文件，请问窗口。"
    return _said(talk, {}, Answer(talk.day, [titles], told.cites), asked)


def _reply(talk: Talk, row: Mapping[str, Any], says: List[Say], asked: Optional[Asked]) -> Reply:
    told = Answer(talk.day)
    for say in says:
        told.add(say, talk.library)
    return _said(talk, row, told, asked)


def _said(talk: Talk, row: Mapping[str, Any], told: Answer, asked: Optional[Asked]) -> Reply:
    state, reading = talk.state, talk.reading
    if reading.told:
        telling.taken_in(talk)
    programme = asked.card.id if asked else None
    if programme:
        state.topic, state.shown = programme, "answer"
    state.misses = 0
    chat = bool(row.get("chat"))
    said = reply(
        "smalltalk" if chat else "answer",
        [*told.lines, source_line(told.cites, talk.day, talk.library)],
        buttons=OFFER if chat else (),
        programme=programme,
        programmes=[programme] if programme else [],
        aspect=reading.aspect if reading.intent in ASPECT_OF and reading.confidence >= SURE else ASIDE_TO,
        citations=told.cites,
        route=route_of(asked) if asked else None,
        confidence=round(reading.confidence, 4),
    )
    return talk.with_question(said)
