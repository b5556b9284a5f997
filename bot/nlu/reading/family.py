"""Put the notes of a message together: one household in the contract's shape, with where each fact was said."""
import re
from dataclasses import dataclass, field
from typing import Any

from bot.nlu.reading import places
from bot.nlu.reading.cast import YOUNG
from bot.nlu.reading.money import Sum
from bot.nlu.reading.notes import Fact, Notes

_GONE = {"dead", "jailed", "gone", "unfit"}
_FIRST_SAID = {"age", "studying"}  # the first word on these stands; on everything else the last


@dataclass
class Family:
    household: dict[str, Any] = field(default_factory=dict)
    spans: list[dict[str, Any]] = field(default_factory=list)  # offsets in the folded text
    supposed: bool = False


def assemble(notes: Notes, corrects: bool, region: str | None) -> Family:
    """The household told of; `region` is the family's own place where the channel already knows it."""
    facts = [*notes.facts, *_place_facts(notes, region), *_money_facts(notes), *_size_facts(notes)]
    fates = {fact.who: fact.value for fact in facts if fact.field == "fate" and fact.who and fact.who != "self"}
    facts += _parents(notes, facts, fates)
    dead = {who for who, fate in fates.items() if fate in ("dead", "left")}
    kept = [f for f in facts if f.field != "fate" and f.who not in dead and not (f.who and "@" in f.who)]
    return _household(_fitting(_settled(kept, corrects)), notes)


def _settled(facts: list[Fact], corrects: bool) -> list[Fact]:
    """One fact a path: the narrower grade, the first age, else the last said."""
    chosen: dict[tuple, Fact] = {}
    for fact in facts:
        path = (fact.who, fact.field)
        known = chosen.get(path)
        if known and not corrects and (fact.field in _FIRST_SAID or _wider(fact, known)):
            continue
        chosen[path] = fact
    told = {path for path, fact in chosen.items() if fact.value is True}
    if (None, "status.out_of_poverty") in told or (None, "status.unstable_out_of_poverty") in told or (None, "status.extreme_poverty") in told:
        chosen.pop((None, "status.registered_poor"), None) if (None, "status.registered_poor") in told else None
    for who in {fact.who for fact in chosen.values() if fact.field == "employed" and fact.value is False}:
        ended = chosen[who, "employed"].start
        for name in ("works_away", "monthly_wage"):
            if (known := chosen.get((who, name))) and known.start < ended and known.value != "no":
                chosen.pop((who, name))
    for who in {fact.who for fact in chosen.values() if fact.field == "disability_grade" and fact.value == 0}:
        chosen.pop((who, "disability_kind"), None)
    if (None, "status.dibao_edge") in told and (None, "status.dibao") in told:
        chosen.pop((None, "status.dibao"))
    return list(chosen.values())


def _wider(fact: Fact, known: Fact) -> bool:
    if fact.field == "disability_grade":
        return isinstance(fact.value, list) and not (isinstance(known.value, list) and known.value == [1, 4])
    if fact.field == "living":
        return known.value == "scattered"
    return False


def _household(facts: list[Fact], notes: Notes) -> Family:
    family = Family(supposed=any(fact.supposed for fact in facts))
    order = [key for key in notes.cast.kinds if any(f.who == key for f in facts)]
    ids: dict[str, str] = {}
    for key in sorted({f.who for f in facts if f.who}, key=lambda k: order.index(k) if k in order else -1):
        relation = notes.cast.relations.get(key, "self")
        taken = sum(name.rstrip("0123456789") == relation for name in ids.values())
        ids[key] = relation if not taken else f"{relation}{taken + 1}"
    members = {key: {"id": ids[key], "relation": notes.cast.relations.get(key, "self")} for key in ids}
    for fact in sorted(facts, key=lambda f: f.start):
        if fact.who:
            members[fact.who][fact.field] = fact.value
            path = f"members[{ids[fact.who]}].{fact.field}"
        else:
            _put(family.household, fact.field, fact.value)
            path = fact.field
        family.spans.append({"start": fact.start, "end": fact.end, "path": path, "value": fact.value})
    if members:
        family.household["members"] = list(members.values())
    return family


def _put(household: dict[str, Any], path: str, value: Any) -> None:
    group, _, name = path.rpartition(".")
    (household.setdefault(group, {}) if group else household)[name] = value


def _place_facts(notes: Notes, region: str | None) -> list[Fact]:
    facts = []
    best: dict[str, places.Place] = {}
    for _, place in notes.seats:
        if place.part in ("region", "living_region") and (place.part not in best or place.rank < best[place.part].rank):
            best[place.part] = place
    for part, place in best.items():
        facts.append(Fact(None, part, place.code, place.start, place.end))
    own = best["region"].code if "region" in best else region
    for who, place in notes.seats:
        if place.part != "work":
            continue
        where = places.works_where(place.code, own)
        for key in who:
            if where:
                facts.append(Fact(key, "works_away", where, place.start, place.end))
    return facts


def _fitting(facts: list[Fact]) -> list[Fact]:
    """
    A household is no smaller than its members. Grown children who work elsewhere are not counted among them;
    if there are still too many, they are not all of this household, and its size is left open.
    """
    size = next((fact.value for fact in facts if fact.field == "size"), None)
    limit = size[1] if isinstance(size, list) else size
    if limit is None or len({fact.who for fact in facts if fact.who}) <= limit:
        return facts
    away = {fact.who for fact in facts if fact.field in ("works_away", "employed") and (fact.who or "").startswith(("son", "daughter"))}
    staying = [fact for fact in facts if fact.who not in away]
    if len({fact.who for fact in staying if fact.who}) <= limit:
        return staying
    return [fact for fact in facts if fact.field != "size"]


def _size_facts(notes: Notes) -> list[Fact]:
    if not notes.sizes:
        return []
    best = min(reversed(notes.sizes), key=lambda s: s.rank)
    return [Fact(None, "size", best.value, best.start, best.end)]


def _money_facts(notes: Notes) -> list[Fact]:
    """Pensions, wages, costs; and the year's income: as it was told, else what its parts add up to."""
    facts: list[Fact] = []
    totals: list[Sum] = []
    parts: list[Sum] = []  # earnings of the household
    shares: list[Sum] = []  # wages and pensions of its members
    for money in notes.money:
        said = money.sum
        people = [key for key in money.who if "@" not in key] or ["self"]
        told = _member_money(said, people)
        facts += [Fact(key, name, _value(bounds), said.start, said.end, money.supposed) for key, name, bounds in told]
        shares += [said for _, name, _ in told if name != "medical_cost"]
        if told or said.kind in ("left_over", "pension"):
            continue
        if said.kind == "spent" and said.period in ("month", "year"):
            facts.append(Fact(None, "rigid_expense", _value(said.yearly()), said.start, said.end, money.supposed))
        elif said.kind == "total" and said.period:
            totals.append(said)
        elif said.kind in ("earned", "wage") and said.period or said.kind == "bare" and said.period == "year":
            parts.append(said)
        elif said.kind == "per_acre" and notes.acres:
            parts.append(said.scaled(notes.acres))
    sole = any(money.sole and money.sum in shares for money in notes.money)
    return facts + _annual_income(totals, parts, shares if parts or sole else [], _size_facts(notes))


def _member_money(said: Sum, people: list[str]) -> list[tuple[str, str, tuple]]:
    """A sum that is a member's own, as (key, field, bounds). A pension of 1,000 and more a month is not the residents' basic one."""
    if said.kind == "pension" and said.monthly()[0] < 1_000:
        return [(key, "basic_pension_monthly", said.monthly()) for key in people]
    if said.kind == "left_over":
        return [(people[-1], "medical_cost", said.yearly())]
    if said.kind == "wage" and said.period == "month" and len(people) == 1:
        return [(people[0], "monthly_wage", (said.low, said.high))]
    return []


def _annual_income(totals: list[Sum], parts: list[Sum], shares: list[Sum], size: list[Fact]) -> list[Fact]:
    if totals:
        said = totals[0]
        if said.each:
            if not size or not isinstance(size[0].value, int):
                return []
            said = said.scaled(size[0].value)
        return [Fact(None, "annual_income", _value(said.yearly()), said.start, said.end)]
    sums = parts + shares
    if not sums:
        return []
    bounds = [said.yearly() for said in sums]
    highs = [high for _, high in bounds if high is not None]
    value = (sum(low for low, _ in bounds), sum(highs) if len(highs) == len(bounds) else None)
    return [Fact(None, "annual_income", _value(value), sums[0].start, sums[0].end)]


def _value(bounds: tuple) -> Any:
    return bounds[0] if bounds[0] == bounds[1] else list(bounds)


def _parents(notes: Notes, facts: list[Fact], fates: dict[str, str]) -> list[Fact]:
    """What has become of a child's father and mother, where the message tells it of both."""
    found = []
    for child, kind in list(notes.cast.kinds.items()):
        slots = _parent_keys(child, kind)
        ends = [_fate(keys, fates, facts) for keys in slots]
        if not all(ends) or "left" in ends:
            continue
        if kind in ("self", "brother", "sister") and not _is_young(child, facts):
            continue
        value = "dead" if all(end == "dead" for end in ends) else "unable"
        where = next(f for f in facts if f.field == "fate" and any(f.who in keys for keys in slots) or f.who in [k for s in slots for k in s])
        for key in [key for key in notes.cast.kinds if key.split("/")[0] == child.split("/")[0]]:
            found.append(Fact(key, "parents", value, where.start, where.end, where.supposed))
    return found


def _parent_keys(child: str, kind: str) -> list[list[str]]:
    if kind in YOUNG:
        own = {"grandson": [["son"], ["daughterinlaw"]], "granddaughter": [["son"], ["daughterinlaw"]]}.get(kind, [[], []])
        return [[f"papa@{child}", *own[0]], [f"mama@{child}", *own[1]]]
    if kind in ("self", "brother", "sister"):
        return [["father"], ["mother"]]
    return [[], []]


def _fate(keys: list[str], fates: dict[str, str], facts: list[Fact]) -> str | None:
    for key in keys:
        if key in fates:
            return "dead" if fates[key] == "left" and key in ("son", "daughterinlaw") else fates[key]
        if "@" in key and any(f.who == key and _incapable(f) for f in facts):
            return "unfit"
    return None


def _incapable(fact: Fact) -> bool:
    return (fact.field, fact.value) in (("mental_illness", True), ("serious_illness", True), ("self_care", "none")) or (
        fact.field == "disability_grade" and fact.value in (1, 2)
    )


def _is_young(child: str, facts: list[Fact]) -> bool:
    ages = [f.value for f in facts if f.who == child and f.field == "age" and isinstance(f.value, int)]
    if ages:
        return ages[0] < 18
    return any(f.who == child and (f.field == "studying" and f.value != "college" or f.field == "parents") for f in facts)
