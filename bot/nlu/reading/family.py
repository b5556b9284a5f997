"""Put the notes of a message together: one household in the contract's shape, with where each fact was said."""

from dataclasses import dataclass, field, replace
from typing import Any

from bot.nlu.reading import places
from bot.nlu.reading.incomes import money_facts
from bot.nlu.reading.notes import Fact, Notes
from bot.nlu.reading.parents import parents_facts

_SAYS_MORE = (  # 建档立卡脱贫户 is no longer 建档立卡, 低保边缘 is not 低保
    ("out_of_poverty", "registered_poor"),
    ("unstable_out_of_poverty", "registered_poor"),
    ("extreme_poverty", "registered_poor"),
    ("dibao_edge", "dibao"),
    ("returned_to_poverty", "out_of_poverty"),
    ("edge_poverty", "unstable_out_of_poverty"),
    ("sudden_hardship", "unstable_out_of_poverty"),
)
_FIRST_SAID = {"age", "studying"}  # the first word on these stands; on everything else the last


@dataclass
class Family:
    household: dict[str, Any] = field(default_factory=dict)
    spans: list[dict[str, Any]] = field(default_factory=list)  # offsets in the folded text
    supposed: bool = False
    people: dict[str, dict[str, str]] = field(default_factory=dict)  # id -> who it is, the same in every message, and the word for them


def assemble(notes: Notes, corrects: bool, region: str | None) -> Family:
    """The household told of; `region` is the family's own place where the channel already knows it."""
    sizes = _size_facts(notes)
    money = money_facts(notes, sizes[0].value if sizes else None)
    facts = [*notes.facts, *_place_facts(notes, region), *money, *sizes]
    told = [fact for fact in facts if fact.field == "fate" and fact.value != "away"]
    fates = {fact.who: fact.value for fact in told if fact.who and fact.who != "self"}
    facts += parents_facts(notes, facts, fates)
    dead = {who for who, fate in fates.items() if fate in ("dead", "left")}
    kept = [f for f in facts if f.field != "fate" and f.who not in dead and not (f.who and "@" in f.who)]
    moved = {fact.who for fact in facts if (fact.field, fact.value) == ("fate", "away")}
    return _household(_fitting(_agreeing(_settled(_several_kinds(kept), corrects), notes.supported), moved), notes)


def _settled(facts: list[Fact], corrects: bool) -> dict[tuple[str | None, str], Fact]:
    """One fact a path: the narrower grade, the first age, else the last said."""
    chosen: dict[tuple[str | None, str], Fact] = {}
    for fact in facts:
        path = (fact.who, fact.field)
        known = chosen.get(path)
        first_stands = fact.field in _FIRST_SAID and not (fact.field == "age" and _width(fact) < _width(known))
        if known and not corrects and (first_stands or _wider(fact, known)):
            continue
        chosen[path] = fact
    return chosen


def _several_kinds(facts: list[Fact]) -> list[Fact]:
    """听力三级，言语三级 is a multiple disability; two kinds of hukou are of two households."""
    kinds: dict[str | None, set[str]] = {}
    for fact in facts:
        if fact.field == "disability_kind":
            kinds.setdefault(fact.who, set()).add(fact.value)
    hukou = {fact.value for fact in facts if fact.field == "hukou_kind"}
    facts = [fact for fact in facts if fact.field != "hukou_kind" or len(hukou) == 1]  # 奶奶是农村户口，我爸是城镇户口: whose?
    return [
        replace(fact, value="multiple")
        if fact.field == "disability_kind" and {"hearing", "speech"} <= kinds[fact.who]
        else fact
        for fact in facts
    ]


def _agreeing(chosen: dict[tuple[str | None, str], Fact], supported: bool = False) -> list[Fact]:
    """Drop what another fact makes untrue."""
    for narrow, wide in _SAYS_MORE:
        if all(
            (None, f"status.{name}") in chosen and chosen[None, f"status.{name}"].value is True
            for name in (narrow, wide)
        ):
            del chosen[None, f"status.{wide}"]
    for (who, name), fact in list(chosen.items()):
        if (name, fact.value) in (("employed", False), ("work_ability", "none")):  # the job told of before is over
            for job in ("employed", "works_away", "monthly_wage"):
                told = chosen.get((who, job))
                if told and told.start < fact.start and told.value not in (False, "no"):
                    del chosen[who, job]
        if name == "disability_kind" and fact.weak and (who, "disability_grade") not in chosen:  # 耳聋, of age
            del chosen[who, name]
        if (name, fact.value) == ("disability_grade", 0):
            chosen.pop((who, "disability_kind"), None)
    earners = {who for (who, name), fact in chosen.items() if name in ("monthly_wage", "basic_pension_monthly") and fact.value}
    for who in earners:  # 没有收入，只有养老金
        if (who, "income_source") in chosen and chosen[who, "income_source"].value is False:
            del chosen[who, "income_source"]
    for who in ("self", "spouse") if supported else ():  # 我俩没收入，儿子一年给一万
        if (who, "income_source") in chosen and chosen[who, "income_source"].value is False:
            del chosen[who, "income_source"]
    if (
        earners and (None, "annual_income") in chosen and chosen[None, "annual_income"].value == 0
    ):  # 没有收入, beside a pension
        del chosen[None, "annual_income"]
    return list(chosen.values())


def _width(fact: Fact | None) -> float:
    """How far apart the bounds of a figure are: 八十多岁，1944年出生 is as old as the year says."""
    if fact is None or not isinstance(fact.value, list):
        return 0
    return float("inf") if fact.value[1] is None else fact.value[1] - fact.value[0]


def _wider(fact: Fact, known: Fact) -> bool:
    if fact.field == "disability_grade":
        return isinstance(fact.value, list) and not (isinstance(known.value, list) and known.value == [1, 4])
    if fact.field == "living":
        return known.value == "scattered"
    return False


def _household(facts: list[Fact], notes: Notes) -> Family:
    family = Family(supposed=any(fact.supposed for fact in facts) or notes.supposes and not facts)
    order = [key for key in notes.cast.kinds if any(f.who == key for f in facts)]
    ids: dict[str, str] = {}
    for key in sorted({f.who for f in facts if f.who}, key=lambda k: order.index(k) if k in order else -1):
        relation = notes.cast.relations.get(key, "self")
        taken = sum(name.rstrip("0123456789") == relation for name in ids.values())
        ids[key] = relation if not taken else f"{relation}{taken + 1}"
    family.people = {name: {"key": key, "word": notes.cast.words.get(key, "")} for key, name in ids.items()}
    members = {key: {"id": ids[key], "relation": notes.cast.relations.get(key, "self")} for key in ids}
    for fact in sorted(facts, key=lambda f: f.start):
        if fact.who:
            members[fact.who][fact.field] = fact.value
            path = f"members[{ids[fact.who]}].{fact.field}"
        else:
            _put(family.household, fact.field, fact.value)
            path = fact.field
        span = {"start": fact.start, "end": fact.end, "path": path, "value": fact.value, "hypothetical": fact.supposed}
        family.spans.append(span)
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


def _fitting(facts: list[Fact], moved: set[str | None]) -> list[Fact]:
    """
    A household is no smaller than its members. Who has `moved` out, and grown children who work elsewhere, are not counted;
    if there are still too many, they are not all of this household, and its size is left open.
    """
    size = next((fact for fact in facts if fact.field == "size"), None)
    if size is None:
        return facts
    limit = size.value[1] if isinstance(size.value, list) else size.value
    always = {"self"} if size.weak else set()  # 我带两个娃: the speaker and those two, and nobody else
    if len({fact.who for fact in facts if fact.who} | always) <= limit:
        return facts
    away = {
        fact.who
        for fact in facts
        if fact.field in ("works_away", "employed") and (fact.who or "").startswith(("son", "daughter"))
    }
    away |= moved
    staying = [fact for fact in facts if fact.who not in away]
    if len({fact.who for fact in staying if fact.who} | always) <= limit:
        return staying
    return [fact for fact in facts if fact.field != "size"]


def _size_facts(notes: Notes) -> list[Fact]:
    sizes = [size for size in notes.sizes if notes.single or not size.if_single]
    if not sizes:
        return []
    best = min(reversed(sizes), key=lambda s: s.rank)
    return [Fact(None, "size", best.value, best.start, best.end, best.supposed, weak=best.rank == 1)]
