"""The family as told: the contract's shape, checked and made ready to judge.

Everything may be missing, and missing is unknown. What is impossible (an age of 300, a negative income, a range upside down)
is refused with the path of the fault, so that a typing error never becomes a verdict.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from typing import Any, Dict, List, Mapping, Optional, Set

from knowledge.library import NATION, Fact, Library, load
from rules.quantity import quantity

HOUSEHOLD_MAPS = ("status", "hardship", "difficulty")
# No family has more yuan, people or years than this; larger numbers are slips of the keyboard.
LARGEST = 10**9
IMPLIED_STATUS = {"unstable_out_of_poverty": "out_of_poverty", "extreme_poverty": "registered_poor"}


class HouseholdError(ValueError):
    """A household that cannot be right: `path` says where, the message what and what to write, in Chinese and English."""

    def __init__(self, path: str, message: str, code: str = "invalid_household"):
        super().__init__(message)
        self.path, self.message, self.code = path, message, code


@dataclass(frozen=True)
class Member:
    """One person: `id` as in the request, `facts` by field name; numbers are quantities."""

    id: str
    relation: Optional[str]
    facts: Mapping[str, Any]


@dataclass(frozen=True)
class Household:
    """A household by facts: `facts` by path (`status.dibao`, `size`), members in order; what is unknown is absent."""

    facts: Mapping[str, Any]
    members: List[Member]
    region: Optional[str] = None
    living_region: Optional[str] = None
    listed: int = 0
    raw: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def parse(cls, raw: Mapping[str, Any], library: Optional[Library] = None) -> "Household":
        """Check a household in the contract's shape (numbers or `[min, max]` pairs) and make it ready to judge.

        Raises HouseholdError with the path of the first fault.
        """
        if not isinstance(raw, Mapping):
            raise HouseholdError("household", "household 要是一个对象 / household must be an object")
        spec = _specification(library or load())
        facts: Dict[str, Any] = {}
        for key, value in raw.items():
            if key == "members" or value is None:
                continue
            if "." in key:
                raise _unknown(f"household.{key}", key)
            if key in HOUSEHOLD_MAPS:
                facts.update(_read_map(key, value, spec))
            else:
                facts[key] = _read(f"household.{key}", key, value, spec)
        members = _read_members(raw.get("members"), spec)
        _imply(facts)
        _check_size(facts, members)
        return cls(
            facts=facts,
            members=members or [Member("self", "self", {})],
            region=facts.get("region"),
            living_region=facts.get("living_region"),
            listed=len(members),
            raw=raw,
        )

    def people(self) -> Any:
        """How many live in the household, as a quantity: at least those listed, whatever else was told."""
        low, high = self.facts.get("size") or (1, float("inf"))
        return (max(low, self.listed), high)


def _specification(library: Library) -> Mapping[str, Fact]:
    return library.facts


def _read_map(key: str, value: Any, spec: Mapping[str, Fact]) -> Dict[str, Any]:
    if not isinstance(value, Mapping):
        raise HouseholdError(f"household.{key}", f"{key} 要写成 {{名称: true/false}} / {key} must be a map of booleans")
    return {
        f"{key}.{name}": _read(f"household.{key}.{name}", f"{key}.{name}", told, spec)
        for name, told in value.items()
        if told is not None
    }


def _read_members(raw: Any, spec: Mapping[str, Fact]) -> List[Member]:
    if raw is None:
        return []
    if not isinstance(raw, list):
        raise HouseholdError("household.members", "members 要是一个列表 / members must be a list")
    if len(raw) > 50:
        raise HouseholdError("household.members", "一户最多 50 人 / at most 50 members")
    members: List[Member] = []
    seen: Set[str] = set()
    given = {str(told["id"]) for told in raw if isinstance(told, Mapping) and told.get("id") is not None}
    for index, told in enumerate(raw):
        place = f"household.members[{index}]"
        if not isinstance(told, Mapping):
            raise HouseholdError(place, "每个成员要是一个对象 / each member must be an object")
        name = _name(f"{place}.id", told.get("id"), index, given | seen)
        if name in seen:
            raise HouseholdError(f"{place}.id", f"成员编号 {name} 重复了 / duplicate member id {name}")
        seen.add(name)
        facts = {
            key: _read(f"{place}.{key}", f"member.{key}", value, spec)
            for key, value in told.items()
            if key != "id" and value is not None
        }
        members.append(Member(name, facts.get("relation"), facts))
    return members


def _name(path: str, identity: Any, index: int, taken: Set[str]) -> str:
    """The member's id as told, or `m1`, `m2` … where none was; it goes into paths, so it is short and printable."""
    if identity is None:
        numbers = itertools.count(index + 1)
        return next(name for name in (f"m{number}" for number in numbers) if name not in taken)
    if isinstance(identity, bool) or not isinstance(identity, (str, int)):
        raise HouseholdError(path, "id 要是文字 / id must be a string")
    name = str(identity)
    if not 1 <= len(name) <= 60 or not name.isprintable() or set(name) & set("[]"):
        raise HouseholdError(path, "id 要写 1—60 个能显示的字，不带方括号 / id must be 1 to 60 printable characters without brackets")
    return name


def _read(path: str, key: str, value: Any, spec: Mapping[str, Fact]) -> Any:
    fact = spec.get(key)
    if fact is None:
        raise _unknown(path, key)
    if fact.type == "yesno":
        if not isinstance(value, bool):
            raise HouseholdError(path, f"{fact.label}要写 true 或 false / {key} must be true or false")
        return value
    if fact.type == "number":
        return _read_number(path, fact, value)
    return _read_choice(path, fact, value)


def _unknown(path: str, key: str) -> HouseholdError:
    return HouseholdError(path, f"不认识 {key} 这一项，请对照 /api/openapi.json / unknown field {key}", "unknown_field")


def _read_choice(path: str, fact: Fact, value: Any) -> Any:
    if not isinstance(value, str):
        raise HouseholdError(path, f"{fact.label}要写成文字 / {fact.path} must be a string")
    if fact.choices and value not in fact.values:
        raise HouseholdError(path, f"{fact.label}只能是 {'、'.join(fact.values)} / {fact.path} must be one of {', '.join(fact.values)}")
    if fact.path in ("region", "living_region") and not _is_code(value):
        raise HouseholdError(path, f"{fact.label}要写 2—12 位行政区划代码，例如 341324 / not a GB/T 2260 code", "unknown_place")
    return value


def _is_code(value: str) -> bool:
    """A place's code, or the nation's; a county or town of a known city may be newer or older than our list."""
    from knowledge.regions import is_known

    if not (value.isascii() and value.isdigit() and 2 <= len(value) <= 12):
        return False
    return value == NATION or is_known(value) or (len(value) in (6, 9, 12) and is_known(value[:4]))


def _read_number(path: str, fact: Fact, value: Any) -> Any:
    pair = value if isinstance(value, (list, tuple)) else [value, value]
    if len(pair) != 2 or pair[0] is None and pair[1] is None:
        raise HouseholdError(path, f"{fact.label}要写一个数或 [最小, 最大] / {fact.path} must be a number or a [min, max] pair")
    low, high = (fact.minimum if pair[0] is None else pair[0]), pair[1]
    for number in (low, high):
        if number is not None and (isinstance(number, bool) or not isinstance(number, (int, float)) or number != number):
            raise HouseholdError(path, f"{fact.label}要写数字 / {fact.path} must be a number")
    read = quantity([low, high])
    if read[0] > read[1]:
        raise HouseholdError(path, f"{fact.label}的最小值比最大值大 / min is greater than max")
    maximum = LARGEST if fact.maximum is None else fact.maximum
    if read[0] < fact.minimum or read[0] > maximum or (high is not None and read[1] > maximum):
        limits = f"{fact.minimum:g} 到 {fact.maximum:g}" if fact.maximum is not None else f"不小于 {fact.minimum:g}"
        raise HouseholdError(path, f"{fact.label}应当{limits}，请再看一下 / {fact.path} is out of range")
    if fact.whole and any(number is not None and number != int(number) for number in (low, high)):
        raise HouseholdError(path, f"{fact.label}要写整数 / {fact.path} must be a whole number")
    return read


def _imply(facts: Dict[str, Any]) -> None:
    for narrow, wide in IMPLIED_STATUS.items():
        if facts.get(f"status.{narrow}") is True:
            facts.setdefault(f"status.{wide}", True)
        if facts.get(f"status.{wide}") is False:
            facts.setdefault(f"status.{narrow}", False)
    # 未脱贫 and 脱贫 exclude each other by their names; 返贫 may be both one after the other, so it is left alone.
    if facts.get("status.out_of_poverty") is True and facts.get("status.returned_to_poverty") is not True:
        facts.setdefault("status.registered_poor", False)
        facts.setdefault("status.extreme_poverty", False)


def _check_size(facts: Mapping[str, Any], members: List[Member]) -> None:
    size = facts.get("size")
    if size is not None and size[1] < len(members):
        raise HouseholdError("household.size", f"写了 {len(members)} 个成员，人口数却更少 / size is smaller than the number of members")
