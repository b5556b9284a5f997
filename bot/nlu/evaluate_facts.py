"""
How well facts are read: precision and recall over (path, value) on messages annotated by hand.

`tests/data/facts.jsonl` grew in parts. Each was written and annotated before the program first read it, then looked at and learnt
from; so the figures of today flatter, and only those at first sight tell what to expect (mistakes of the annotation put right,
precision / recall):

    everyday messages      2nd 0.89 / 0.88    3rd 0.93 / 0.81    4th 0.91 / 0.87   (the 5th stands beside the fixes it is for)
    letters, voice typing, dialect, clerks' shorthand
                           6th 0.84 / 0.67    7th 0.85 / 0.74    8th 0.86 / 0.79    9th 0.89 / 0.84   10th 0.89 / 0.81
                          11th 0.93 / 0.92   12th 0.93 / 0.84   13th 0.94 / 0.90   14th 0.92 / 0.89
    letters to officials  15th 0.88 / 0.86   16th 0.87 / 0.86
    letters of many people, made to be hard, with relatives, cadres and neighbours who are not the family
                          17th 0.83 / 0.76   18th 0.86 / 0.78   19th 0.91 / 0.82   20th 0.92 / 0.85   21st 0.84 / 0.78
    ordinary letters      22nd 0.95 / 0.89

On two sets of real texts the facts read were judged by eye, precision only: of 142 read from 169 questions and letters 0.90 were
right, of 155 from 230 others 0.76, most wrong ones read from headings such as 低保取消标准; learnt from, about 0.94 and 0.96.
"""

import json
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from bot.nlu.reading.message import read_facts

TODAY = date(2022, 5, 1)  # the day the annotated ages are reckoned from


@dataclass
class Score:
    right: int = 0
    wrong: int = 0
    missed: int = 0
    misses: list[tuple[str, str, list[str]]] = field(
        default_factory=list
    )  # text, sign ("+" read only, "-" told only), facts

    @property
    def precision(self) -> float:
        return self.right / (self.right + self.wrong or 1)

    @property
    def recall(self) -> float:
        return self.right / (self.right + self.missed or 1)


def score(path: Path, part: str | None = None) -> Score:
    """Score a JSONL file of {"text", "facts": {path: value}, "part"}; `part` limits it to one part."""
    total = Score()
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if part and row["part"] != part:
            continue
        told = {(key, json.dumps(value)) for key, value in row["facts"].items()}
        read = {(key, json.dumps(value)) for key, value in flatten(read_facts(row["text"], TODAY).household).items()}
        total.right += len(told & read)
        for sign, facts in (("+", read - told), ("-", told - read)):
            if facts:
                total.misses.append((row["text"], sign, sorted(f"{key}={value}" for key, value in facts)))
        total.wrong += len(read - told)
        total.missed += len(told - read)
    return total


def flatten(household: dict[str, Any]) -> dict[str, Any]:
    """
    >>> flatten({"size": 2, "status": {"dibao": True}, "members": [{"id": "father", "relation": "father", "age": 82}]})
    {'size': 2, 'status.dibao': True, 'members[father].age': 82}
    """
    flat: dict[str, Any] = {}
    for name, value in household.items():
        if name == "members":
            for member in value:
                known = {f: v for f, v in member.items() if f not in ("id", "relation")}
                flat.update({f"members[{member['id']}].{f}": v for f, v in known.items()})
        elif isinstance(value, dict):
            flat.update({f"{name}.{key}": inner for key, inner in value.items()})
        else:
            flat[name] = value
    return flat
