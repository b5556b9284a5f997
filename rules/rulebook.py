"""The rules that apply in a place on a day, compiled once: the nearest place that has one, up to the nation."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Dict, List, Optional, Sequence, Set, Tuple, Union

from knowledge.library import NATION, Library, upward
from knowledge.model import Amount, Condition, Figure, IncomeRule, Place, Programme, Rule
from knowledge.regions import canonical
from rules.conditions import Check, compile_condition
from rules.quantity import Quantity


@dataclass(frozen=True)
class CompiledAmount:
    when: Optional[Check]
    amount: Amount


@dataclass(frozen=True)
class CompiledRule:
    """A place's rule made ready: `covers` says whom the document speaks of at all, `checks` are its conditions.

    second_hand: a condition rests on what was only read second-hand. apply: how to apply, in words, once it was asked for.
    """

    rule: Rule
    card: Programme
    covers: List[Check]
    checks: List[Check]
    amounts: List[CompiledAmount]
    paths: Set[str] = field(default_factory=set)
    second_hand: bool = False
    apply: Dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Rulebook:
    """For one place and day: `rules` by programme nearest first, `possible` ones that only some county there is known to have."""

    place: str
    as_of: dt.date
    rules: Dict[str, List[CompiledRule]]
    possible: Dict[str, CompiledRule]
    income_rules: List[IncomeRule]
    parameters: Dict[str, Quantity]
    figures: Dict[str, Figure]
    local_amounts: Dict[str, List[CompiledAmount]]


_compiled: Dict[Tuple[int, int], CompiledRule] = {}


def compiled(rule: Rule, library: Library) -> CompiledRule:
    """A rule with its conditions compiled, once for each rule of a library."""
    key = (id(library), id(rule))
    if key not in _compiled:
        card = library.programmes[rule.programme]
        checks = _checks(rule.conditions, library)
        covers = _checks(rule.covers, library)
        paths: Set[str] = set().union(*(check.paths() for check in checks + covers)) if checks or covers else set()
        second_hand = any(library.clause(check.cite).sure != "seen" for check in checks if check.cite)
        _compiled[key] = CompiledRule(rule, card, covers, checks, _amounts(rule.amount, library), paths, second_hand)
    return _compiled[key]


def _checks(conditions: Sequence[Condition], library: Library) -> List[Check]:
    return [compile_condition(one, library.facts, library.definitions) for one in conditions]


def _amounts(amounts: Sequence[Amount], library: Library) -> List[CompiledAmount]:
    return [CompiledAmount(_checks([a.when], library)[0] if a.when else None, a) for a in amounts]


@lru_cache(maxsize=512)
def _rulebook(key: int, place: str, as_of: dt.date) -> Rulebook:
    library = _libraries[key]
    codes = upward(place)
    holders = [library.places[code] for code in codes if code in library.places]
    rules: Dict[str, List[CompiledRule]] = {}
    for programme in library.programmes:
        versions = [library.rule(holder.code, programme, as_of) for holder in holders]
        found = [compiled(rule, library) for rule in versions if rule is not None]
        if found:
            rules[programme] = found
    return Rulebook(
        place=place,
        as_of=as_of,
        rules=rules,
        possible=_possible(library, place, codes, as_of, rules),
        income_rules=_income_rules(holders, as_of),
        parameters={},
        figures=_figures(holders, as_of),
        local_amounts=_local_amounts(library, holders, as_of),
    )


_libraries: Dict[int, Library] = {}


def rulebook(library: Library, place: Optional[str], as_of: dt.date) -> Rulebook:
    """The rules in force for a place code (None: only the nation's) on a day."""
    _libraries[id(library)] = library
    return _rulebook(id(library), place or NATION, as_of)


def _possible(
    library: Library, place: str, codes: List[str], as_of: dt.date, rules: Dict[str, List[CompiledRule]]
) -> Dict[str, CompiledRule]:
    """Rules of an unnamed county of this province or city, or of a town inside a county when only the county was told."""
    found: Dict[str, CompiledRule] = {}
    for other in library.places.values():
        if other.code in codes or not _may_be_there(other, place, codes):
            continue
        for programme in library.programmes:
            rule = library.rule(other.code, programme, as_of)
            if rule is not None and programme not in rules and programme not in found:
                found[programme] = compiled(rule, library)
    return found


def _may_be_there(other: Place, place: str, codes: List[str]) -> bool:
    told = canonical(place)
    if other.stands_within:
        return other.stands_within in codes or other.stands_within.startswith(told)
    return other.code.startswith(told) and canonical(other.code) != told


def in_force(entry: Union[Amount, Figure, IncomeRule], as_of: dt.date) -> bool:
    """Whether an entry with dates of its own holds on a day; no date is no bound."""
    return (entry.start is None or entry.start <= as_of) and (entry.until is None or as_of <= entry.until)


def _income_rules(holders: List[Place], as_of: dt.date) -> List[IncomeRule]:
    """The nearest place's rule in force of each kind; one whose term has ended gives way to the place above."""
    found: Dict[str, IncomeRule] = {}
    for holder in holders:
        for rule in holder.income_rules:
            if in_force(rule, as_of):
                found.setdefault(rule.kind, rule)
    return list(found.values())


def _figures(holders: List[Place], as_of: dt.date) -> Dict[str, Figure]:
    """The figures in force by `name:hukou`, each name from the nearest place that has any."""
    figures: Dict[str, Figure] = {}
    named: Set[str] = set()
    for holder in holders:
        here = {
            f"{name}:{figure.hukou_kind or ''}": figure
            for name, values in holder.parameters.items()
            for figure in values
            if name not in named and in_force(figure, as_of)
        }
        figures.update(here)
        named.update(key.partition(":")[0] for key in here)
    return figures


def _local_amounts(library: Library, holders: List[Place], as_of: dt.date) -> Dict[str, List[CompiledAmount]]:
    found: Dict[str, List[CompiledAmount]] = {}
    for holder in holders:
        here: Dict[str, List[Amount]] = {}
        for amount in holder.amounts:
            if in_force(amount, as_of):
                here.setdefault(str(amount.programme), []).append(amount)
        for programme, amounts in here.items():
            found.setdefault(programme, _amounts(amounts, library))
    return found
