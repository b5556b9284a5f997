"""Which programmes a family's facts point to, before anybody named one."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from typing import Dict, List, Tuple

from knowledge.library import Library
from rules.case import Case
from rules.conditions import Check, compile_condition
from rules.household import Household

_known: Dict[int, Library] = {}


def pointed_to(household: Household, library: Library) -> List[str]:
    """Programme ids whose signs the household shows, in the order of `knowledge/signs.yml`."""
    _known[id(library)] = library
    case = Case(household, {}, [], dt.date.min)
    cases = list(case.each_member())
    return [programme for programme, check in _signs(id(library)) if any(check.holds(one) for one in cases)]


@lru_cache(maxsize=4)
def _signs(key: int) -> Tuple[Tuple[str, Check], ...]:
    library = _known[key]
    return tuple(
        (programme, compile_condition(when, library.facts, library.definitions)) for programme, when in library.signs
    )
