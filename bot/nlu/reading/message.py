"""One message in, one household out."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from bot.nlu.reading.clauses import corrects
from bot.nlu.reading.family import assemble
from bot.nlu.reading.reader import read_notes
from knowledge.plain import Plain, plain

MAX_LENGTH = 2_000


@dataclass(frozen=True)
class Reading:
    """
    What a message tells: `household` holds only what is known; `people` says who its members are, `{id: {"key", "word"}}`,
    with a key that is the same in every message (`fatherinlaw`, `child/2`) and the word they are called; `spans` say where, as
    offsets of the original text.

    `hypothetical`: some fact is only supposed (要是我离了婚), as its span says too, or nothing else is said.
    `correction`: it puts something right; `asks`: it also asks.
    """

    household: dict[str, Any] = field(default_factory=dict)
    people: dict[str, dict[str, str]] = field(default_factory=dict)
    spans: list[dict[str, Any]] = field(default_factory=list)
    hypothetical: bool = False
    correction: bool = False
    asks: bool = False


def read_facts(text: str, today: date, region: str | None = None) -> Reading:
    """
    Read the first 2,000 characters. `region` is the family's place where it is already known: 在广东打工 is then seen from there.

    >>> read_facts("我爸82了，二级残疾", date(2022, 5, 1)).household
    {'members': [{'id': 'father', 'relation': 'father', 'age': 82, 'disability_grade': 2}]}
    """
    folded = plain(text[:MAX_LENGTH])
    notes = read_notes(folded.text, today)
    correction = corrects(folded.text)
    family = assemble(notes, correction, region)
    spans = [_original(span, folded, text) for span in family.spans]
    return Reading(family.household, family.people, spans, family.supposed, correction, notes.asks)


def _original(span: dict[str, Any], folded: Plain, text: str) -> dict[str, Any]:
    start, end = folded.original(span["start"], span["end"])
    return {**span, "start": start, "end": end, "text": text[start:end]}
