"""One household, added to by every message: merging what was told, correcting it, and saying it back."""

from __future__ import annotations

import copy
import re
from typing import Any, Dict, List, Mapping, Optional, Sequence, Tuple

from actions.people import ADULT, GROWN, kind_of, names_somebody
from knowledge.library import Library
from knowledge.model import Fact
from knowledge.regions import region_name
from rules.conditions import value_words
from rules.household import Household, HouseholdError
from rules.quantity import quantity, spoken
from rules.questions import WHO, fact_of, person_words

_MEMBER_PATH = re.compile(r"^members\[(.+)\]\.(\w+)$")
MYSELF = re.compile(r"(?<!我)(我|俺|本人)(?![爸妈爹娘姥爷奶家老儿女孙弟哥姐妹们舅姑叔伯姨嫂侄岳丈]|外[婆公甥孙]|公公|婆婆)")
SOMEBODY = {"老人": "这位老人", "村民": "这位村民", "残疾人": "这位残疾人", "病人": "这位病人", "孩子": "您家孩子", "娃": "您家孩子"}
Change = Dict[str, Any]
# What a family cannot be at once: one still poor has not left poverty.
RIVALS = {
    "status.registered_poor": ("status.out_of_poverty", "status.unstable_out_of_poverty"),
    "status.out_of_poverty": ("status.registered_poor",), "status.unstable_out_of_poverty": ("status.registered_poor",),
}  # fmt: skip


def flatten(household: Mapping[str, Any]) -> Dict[str, Any]:
    """A household as `{path: value}`: `status.dibao`, `size`, `members[mother].age`."""
    flat: Dict[str, Any] = {}
    for key, value in household.items():
        if key == "members":
            for index, member in enumerate(value or []):
                name = member.get("id") or f"m{index + 1}"
                flat.update({f"members[{name}].{k}": v for k, v in member.items() if k != "id" and v is not None})
        elif isinstance(value, Mapping):
            flat.update({f"{key}.{k}": v for k, v in value.items() if v is not None})
        elif value is not None:
            flat[key] = value
    return flat


def with_fact(household: Mapping[str, Any], path: str, value: Any) -> Dict[str, Any]:
    """A copy of the household in which one path has that value (None: not told)."""
    changed = copy.deepcopy(dict(household))
    match = _MEMBER_PATH.match(path)
    if match:
        members = changed.setdefault("members", [])
        member = next((m for m in members if m.get("id") == match[1]), None)
        if member is None:
            member = {"id": match[1]}
            relation = re.sub(r"\d+$", "", match[1])
            if relation in _RELATIONS:
                member["relation"] = relation
            members.append(member)
        _put(member, match[2], value)
    elif "." in path:
        group, name = path.split(".", 1)
        _put(changed.setdefault(group, {}), name, value)
    else:
        _put(changed, path, value)
    return changed


_RELATIONS = (
    "self", "spouse", "father", "mother", "son", "daughter", "grandfather", "grandmother", "grandchild", "sibling", "other",
)  # fmt: skip


def _put(where: Dict[str, Any], name: str, value: Any) -> None:
    if value is None:
        where.pop(name, None)
    else:
        where[name] = value


def merge(household: Mapping[str, Any], told: Mapping[str, Any]) -> Tuple[Dict[str, Any], List[Change]]:
    """Add what a message tells. Returns the new household and what it changed: `{"path", "from", "to"}` (from None: new)."""
    before = flatten(household)
    merged: Dict[str, Any] = copy.deepcopy(dict(household))
    changes: List[Change] = []
    now = flatten(told)
    for path, value in now.items():
        if before.get(path) != value and not _vaguer(value, before.get(path)):
            changes.append({"path": path, "from": before.get(path), "to": value})
            merged = with_fact(merged, path, value)
            for rival in RIVALS.get(path, ()) if value is True else ():
                if before.get(rival) and rival not in now:
                    changes.append({"path": rival, "from": True, "to": False})
                    merged = with_fact(merged, rival, False)
    return merged, changes


def _vaguer(value: Any, known: Any) -> bool:
    """Whether a range only says less of a number that is known: 残疾 after 残疾三级."""
    if not isinstance(value, (list, tuple)) or known is None or isinstance(known, (bool, str)):
        return False
    told, before = quantity(value), quantity(known)
    return told[0] <= before[0] and before[1] <= told[1]


def outgrown(household: Mapping[str, Any]) -> bool:
    """Whether more people are told of than the household was said to have."""
    size = household.get("size")
    return size is not None and quantity(size)[1] < len(household.get("members") or [])


def possible(household: Mapping[str, Any], library: Library) -> Optional[HouseholdError]:
    """The fault that makes a household impossible, or None."""
    try:
        Household.parse(household, library)
    except HouseholdError as error:
        return error
    return None


def retarget(told: Mapping[str, Any], people: Mapping[str, Mapping[str, str]], person: Optional[str], text: str) -> Dict[str, Any]:
    """Facts said of 他/她 or of nobody belong to the person the talk is about; 我 is always oneself, and 娃 is not 奶奶.

    people: who the members are, as the reader says.
    """
    members = told.get("members") or []
    if not person or len(members) != 1 or members[0].get("id") not in ("self", "other"):
        return dict(told)
    if people.get(members[0]["id"], {}).get("key", "self") not in ("self", "he", "elder"):
        return dict(told)
    if MYSELF.search(text) or names_somebody(text) or a_childs(members[0]) and kind_of(person) in GROWN:
        return dict(told)
    return {**told, "members": [{**members[0], "id": person, "relation": kind_of(person)}]}


def a_childs(member: Mapping[str, Any]) -> bool:
    age = member.get("age")
    return age is not None and quantity(age)[1] < ADULT


def understood(
    household: Mapping[str, Any], words: Mapping[str, str], library: Library, called: Optional[Mapping[str, str]] = None
) -> List[Dict[str, Any]]:
    """Every fact as a chip: `{"path", "label", "value", "words"}`."""
    chips = []
    for path, value in flatten(household).items():
        if path.endswith(".relation"):
            continue
        chips.append(
            {"path": path, "label": label_of(path, household, library, called), "value": words_of(path, value, library)}
        )
        if path in words:
            chips[-1]["words"] = words[path]
    return chips


def label_of(
    path: str, household: Mapping[str, Any], library: Library, called: Optional[Mapping[str, str]] = None
) -> str:
    """A path as a person says it: `您妈妈的年龄`, `全家一年收入`."""
    fact = fact_of(path, library)
    match = _MEMBER_PATH.match(path)
    return f"{who_of(match[1], household, called)}的{fact.label}" if match else fact.label


def who_of(member_id: str, household: Mapping[str, Any], called: Optional[Mapping[str, str]] = None) -> str:
    """`您姥姥`, `您妈妈`, `您`, and `您 12 岁的儿子` where there are two, for a member id. called: the resident's own words."""
    members = Household.parse({"members": household.get("members") or []}).members
    member = next((m for m in members if m.id == member_id), None)
    word = (called or {}).get(member_id)
    if word and sum((called or {}).get(m.id) == word for m in members) < 2:
        return SOMEBODY.get(word, f"您{word}")
    if member is None:
        return WHO.get(re.sub(r"\d+$", "", member_id), WHO["other"])
    alike = [m for m in members if (called or {}).get(m.id) == word and m.relation == member.relation not in (None, "self")]
    age = member.facts.get("age")
    child = member.relation == "other" and age is not None and age[1] < ADULT
    words = f"您{word}" if word else "您孩子" if child else person_words(member)
    if len(alike) > 1 and age is not None:
        return f"{spoken(age)} 岁的{words.removeprefix('您')}"
    return f"第 {alike.index(member) + 1} 个{words.removeprefix('您').removeprefix('这位')}" if len(alike) > 1 else words


def short_of(fact: Fact, value: Any) -> str:
    """A choice as it is said back."""
    choice = next((c for c in fact.choices if c.value == value), None)
    return (choice.short or choice.label) if choice else str(value)


def words_of(path: str, value: Any, library: Library) -> str:
    """A fact's value in plain words: `82 周岁`, `10000—20000 元/年`, `是`."""
    if path in ("region", "living_region"):
        return region_name(value)
    fact = fact_of(path, library)
    if fact.type == "number":
        label = next((c.label for c in fact.choices if c.value == value), None)
        return label or f"{spoken(quantity(value))} {fact.unit or ''}".strip()
    return value_words(fact, value)


def said_back(
    household: Mapping[str, Any],
    paths: List[str],
    library: Library,
    called: Optional[Mapping[str, str]] = None,
    limit: int = 70,
) -> str:
    """One short line of what was understood: `您奶奶 90 岁，住在家里；脱贫户`, cut to about `limit` characters."""
    flat = flatten(household)
    people: Dict[str, List[str]] = {}
    home: List[str] = []
    lacking = [path for path in paths if path.startswith("status.") and flat.get(path) is False]
    for path in paths:
        value = flat.get(path)
        if len(lacking) > 1 and path in lacking:
            continue
        if value is None or path.endswith(".relation") or path in ("region", "living_region"):
            continue
        match = _MEMBER_PATH.match(path)
        (people.setdefault(match[1], []) if match else home).append(_brief(path, value, library))
    parts = [_told_of(who_of(name, household, called), told) for name, told in people.items()]
    return _cut(parts + (["，".join(home)] if home else []), limit)


def _told_of(who: str, told: List[str]) -> str:
    """`您妈妈 82 岁，住在家里`; one who is called by the age is not said to be of that age again."""
    new = [words for words in told if not who.startswith(f"{words}的")]
    return f"{who} {_DISABILITY.sub(_kind_and_grade, '，'.join(new))}" if new else who


_DISABILITY = re.compile("(?P<kind>[^，]{2}残疾)，残疾 (?P<a>[^，]+级)|残疾 (?P<b>[^，]+级)，(?P<other>[^，]{2}残疾)")


def _kind_and_grade(said: "re.Match[str]") -> str:
    """`听力残疾 2 级` for a kind and a grade told together."""
    return f"{said['kind'] or said['other']} {said['a'] or said['b']}"


def _cut(parts: List[str], limit: int) -> str:
    """Whole parts up to about `limit` characters, at least one."""
    kept = 1
    while kept < len(parts) and sum(map(len, parts[: kept + 1])) <= limit:
        kept += 1
    return "；".join(parts[:kept]) + (" 等" if kept < len(parts) else "")


def _brief(path: str, value: Any, library: Library) -> str:
    fact = fact_of(path, library)
    if path.endswith(".age"):
        return f"{spoken(quantity(value))} 岁"
    if path.endswith("disability_grade"):
        if quantity(value) == (1, 4):
            return "有残疾证"
        return "没有残疾证" if value == 0 else f"残疾 {spoken(quantity(value))} 级"
    if isinstance(value, bool):
        return (f"有{fact.label}" if fact.label.endswith("病") else fact.label) if value else _denied(fact.label, path)
    if path == "size":
        return f"{spoken(quantity(value))} 口人"
    if fact.type == "number":
        return f"{fact.label} {words_of(path, value, library).partition('/')[0]}"
    if path.endswith("disability_kind"):
        return f"{short_of(fact, value)}残疾"
    return short_of(fact, value) if fact.choices else words_of(path, value, library)


_DENIALS = (
    (r"^正在", "没在"), (r"^(想|愿意|能|靠)", r"不\1"), (r"^有", "没有"), (r"领过", "没领过"), (r"超过", "没超过"), (r"顶不住", "顶得住"),
    (r"^(丢|遭)了", r"没\1"), (r"^(受|遇到|主动)", r"没\1"), (r"有困难", "没有困难"),
)  # fmt: skip


def _denied(label: str, path: str) -> str:
    """A label said in the negative: `没有工作`, `没在领低保`, `不是脱贫户`, `不想找活干`."""
    for words, denial in _DENIALS:
        if re.search(words, label):
            return re.sub(words, denial, label, count=1)
    return f"不是{label}" if path.startswith("status.") else f"没有{label}"


def household_spans(spans: Sequence[Mapping[str, Any]]) -> List[Dict[str, Any]]:
    """Where in a text each fact stood: `{"start", "end", "path"}` as the contract writes them."""
    return [{"start": span["start"], "end": span["end"], "path": span["path"]} for span in spans]
