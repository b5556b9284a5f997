"""What has become of a child's father and mother, put together from what a message tells of each."""

from bot.nlu.reading.cast import YOUNG
from bot.nlu.reading.notes import Fact, Notes

_SONS = [["son"], ["daughterinlaw"]]
_BROTHERS = [["brother:哥", "brother:弟"], ["sisterinlaw"]]
_PARENTS_OF = {"grandson": _SONS, "granddaughter": _SONS, "nephew": _BROTHERS, "niece": _BROTHERS}


def parents_facts(notes: Notes, facts: list[Fact], fates: dict[str, str]) -> list[Fact]:
    """What has become of a child's father and mother, where the message tells it of both."""
    found = []
    for child, kind in {"self": "self", **notes.cast.kinds}.items():
        slots = _parent_keys(child, kind)
        ends = [_fate(keys, fates, facts) for keys in slots]
        if not all(ends) or "left" in ends:
            continue
        if kind in ("self", "brother", "sister") and not _is_young(child, facts):
            continue
        value = "dead" if all(end == "dead" for end in ends) else "unable"
        where = next(fact for fact in facts if any(fact.who in keys for keys in slots))
        alike = [key for key in notes.cast.kinds if key.split("/")[0] == child.split("/")[0]]
        for key in alike or [child]:
            found.append(Fact(key, "parents", value, where.start, where.end, where.supposed))
    return found


def _parent_keys(child: str, kind: str) -> list[list[str]]:
    if kind in YOUNG:
        own = _PARENTS_OF.get(kind, [[], []])
        return [[f"papa@{child}", *own[0]], [f"mama@{child}", *own[1]]]
    if kind in ("self", "brother", "sister"):
        return [["father"], ["mother"]]
    return [[], []]


def _fate(keys: list[str], fates: dict[str, str], facts: list[Fact]) -> str | None:
    for key in keys:
        if fates.get(key) == "left" and key == "daughterinlaw":  # died, or left them
            return None
        if key in fates:
            return "dead" if fates[key] == "left" and key == "son" else fates[key]
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
    return any(
        f.who == child and (f.field == "studying" and f.value != "college" or f.field == "parents") for f in facts
    )
