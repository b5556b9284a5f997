"""The columns of a county's roster: their Chinese and English names, and how a cell becomes a fact.

A row is a person; rows of one household stand together and share its number. A fact of the household may stand on any of its rows.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Dict, Iterator, List, Mapping, Optional, Sequence, Tuple

from knowledge.library import Library
from knowledge.model import Fact

HOUSEHOLD_COLUMN, PERSON_COLUMN = "household", "person"
ALIASES = {
    HOUSEHOLD_COLUMN: ("户号", "户编号", "家庭编号", "household"),
    PERSON_COLUMN: ("姓名", "名字", "name", "person"),
    "region": ("户口所在地代码", "户籍地代码", "行政区划代码"),
    "size": ("家庭人口", "人口数", "共同生活人口"),
    "annual_income": ("家庭年收入", "年收入"),
    "hukou_kind": ("户口性质", "户口类型"),
    "status.dibao": ("低保户", "是否低保"),
    "status.tekun": ("特困", "是否特困"),
    "status.registered_poor": ("建档立卡", "是否建档立卡"),
    "status.out_of_poverty": ("是否脱贫户",),
    "member.relation": ("与户主关系",),
    "member.age": ("周岁", "岁数"),
    "member.disability_grade": ("残疾级别",),
    "member.disability_kind": ("残疾类型",),
    "member.monthly_wage": ("月收入",),
}
WORDS = {
    "member.relation": {
        "户主": "self", "配偶": "spouse", "妻子": "spouse", "妻": "spouse", "丈夫": "spouse", "夫": "spouse", "父亲": "father",
        "父": "father", "母亲": "mother", "母": "mother", "子": "son", "长子": "son", "次子": "son", "女": "daughter",
        "长女": "daughter", "次女": "daughter", "祖父": "grandfather", "祖母": "grandmother", "孙子": "grandchild",
        "孙女": "grandchild", "兄": "sibling", "弟": "sibling", "姐": "sibling", "妹": "sibling",
    },
    "hukou_kind": {"农村": "rural", "农业": "rural", "城镇": "urban", "非农业": "urban", "城市": "urban"},
}  # fmt: skip
UNKNOWN = frozenset(("", "-", "—", "/", "不详", "不知道", "不清楚", "未知", "unknown"))
YES = frozenset(("是", "有", "对", "√", "✓", "1", "true", "yes", "y"))
NO = frozenset(("否", "无", "没有", "不是", "×", "0", "false", "no", "n"))
_NUMBER = r"(\d+(?:\.\d+)?)"
_UNIT = r"\s*(?:周岁|岁|级|元|口人|人|口)?"
_EXACT = re.compile(rf"^{_NUMBER}{_UNIT}$")
_BETWEEN = re.compile(rf"^{_NUMBER}{_UNIT}\s*(?:-|—|–|~|～|至|到)\s*{_NUMBER}{_UNIT}$")
_FROM = re.compile(rf"^{_NUMBER}{_UNIT}\s*(?:以上|及以上|起|\+)$")


class CellError(ValueError):
    """A cell that cannot be read: says which column, what stands there, and what to write."""


@dataclass(frozen=True)
class Column:
    """One known column: `key` is a fact's path, or one of the two that only name the household and the person."""

    key: str
    chinese: str
    english: str
    how: str


def columns(library: Library) -> List[Column]:
    """Every column that a roster may have, the two names first."""
    named = [
        Column(HOUSEHOLD_COLUMN, "户号", "household", "同一户的人写同一个号，行挨在一起"),
        Column(PERSON_COLUMN, "姓名", "name", "只用来认人，不参与判断"),
    ]
    return named + [Column(f.path, f.label, f.path.replace("member.", ""), _how(f)) for f in library.facts.values()]


def _how(fact: Fact) -> str:
    if fact.choices:
        return "、".join(choice.label for choice in fact.choices)
    if fact.type == "yesno":
        return "是、否；不知道就空着"
    if fact.type == "number":
        return f"数字（{fact.unit}），也可以写 60-70 或 80以上"
    return "行政区划代码，例如 341324"


def read_header(cells: Sequence[Any], library: Library) -> Tuple[Dict[int, str], List[str]]:
    """Which column is what (position to key), and the headers that nobody knows. Raises CellError without a household column."""
    names: Dict[str, str] = {}
    for column in columns(library):
        for name in (column.chinese, column.english, column.key, *ALIASES.get(column.key, ())):
            names.setdefault(_plain(name), column.key)
    found: Dict[int, str] = {}
    strangers = []
    for position, cell in enumerate(cells):
        key = names.get(_plain(cell))
        if key and key not in found.values():
            found[position] = key
        elif _plain(cell):
            strangers.append(str(cell).strip())
    if HOUSEHOLD_COLUMN not in found.values():
        raise CellError("第一行要有“户号”这一列 / the first row needs a column named 户号 or household")
    return found, strangers


def _plain(cell: Any) -> str:
    return "" if cell is None else str(cell).strip().lower()


def read_cell(key: str, cell: Any, library: Library) -> Any:
    """A cell as the contract writes the fact; None when it is empty or says that it is not known. Raises CellError."""
    text = _plain(cell)
    if text in UNKNOWN:
        return None
    fact = library.facts[key]
    if fact.type == "yesno":
        return _yesno(fact, text)
    words = _words(key, library)
    if text in words:
        return words[text]
    if fact.type == "number":
        return _number(fact, text, cell)
    if fact.choices:
        raise CellError(
            f"“{fact.label}”写的是“{cell}”，要写{_how(fact)} / {key} must be one of {', '.join(map(str, fact.values))}"
        )
    return re.sub(r"\.0$", "", text)


def _yesno(fact: Fact, text: str) -> bool:
    if text not in YES and text not in NO:
        raise CellError(f"“{fact.label}”写的是“{text}”，要写是或否 / {fact.path} must be yes or no")
    return text in YES


def _number(fact: Fact, text: str, cell: Any) -> Any:
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        return int(cell) if cell == int(cell) else cell
    text = text.replace(",", "").replace("，", "")
    for pattern, shape in ((_EXACT, 1), (_BETWEEN, 2), (_FROM, 0)):
        match = pattern.match(text)
        if match:
            numbers = [float(number) for number in match.groups()]
            return numbers[0] if shape == 1 else [*numbers, None] if shape == 0 else numbers
    raise CellError(f"“{fact.label}”写的是“{cell}”，要写数字 / {fact.path} must be a number")


@lru_cache(maxsize=256)
def _words_of(fact_key: str, choices: Tuple[Tuple[Any, str], ...]) -> Mapping[str, Any]:
    found: Dict[str, Any] = dict(WORDS.get(fact_key, {}))
    for value, label in choices:
        for word in _spellings(label):
            found.setdefault(word, value)
        found.setdefault(str(value).lower(), value)
    return found


def _words(key: str, library: Library) -> Mapping[str, Any]:
    """What may be written in a column of choices, and the value it means."""
    return _words_of(key, tuple((choice.value, choice.label) for choice in library.facts[key].choices))


def _spellings(label: str) -> Iterator[str]:
    """A label as it stands, without its brackets, and each side of its strokes: 住养老院/敬老院."""
    yield label.lower()
    bare = re.sub(r"[(（].*?[)）]", "", label)
    for part in bare.split("/"):
        yield part.strip().lower()


def person_name(cell: Any, number: int) -> str:
    """A member's name as its id; `第 2 人` when none is written."""
    return str(cell).strip() if cell is not None and str(cell).strip() else f"第 {number} 人"


def household_of(rows: Sequence[Mapping[str, Any]], place: Optional[str]) -> Dict[str, Any]:
    """The household in the contract's shape from its people's facts. Raises CellError where two rows disagree."""
    household: Dict[str, Any] = {"region": place} if place else {}
    members: List[Dict[str, Any]] = []
    for row in rows:
        member: Dict[str, Any] = {"id": _unused(row[PERSON_COLUMN], members)}
        for key, value in row.items():
            if key.startswith("member."):
                member[key[7:]] = value
            elif key not in (HOUSEHOLD_COLUMN, PERSON_COLUMN):
                _put(household, key, value)
        members.append(member)
    return {**household, "members": members}


def _unused(name: str, members: Sequence[Mapping[str, Any]]) -> str:
    taken = {member["id"] for member in members}
    return name if name not in taken else f"{name}（{len(members) + 1}）"


def _put(household: Dict[str, Any], key: str, value: Any) -> None:
    group, _, name = key.partition(".")
    facts = household.setdefault(group, {}) if name else household
    if facts.setdefault(name or group, value) != value and key != "region":
        raise CellError(f"同一户里“{key}”写得不一样 / the rows of one household disagree on {key}")
    facts[name or group] = value
