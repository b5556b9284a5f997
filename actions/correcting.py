"""Turns in which something told before is put right without naming what it was."""

from __future__ import annotations

import re
from typing import Any, Dict, Optional, Sequence

from actions.family import flatten, possible, with_fact
from actions.naming import names_in
from actions.reply import Reply, reply
from actions.screened import screened
from actions.screening import custom_of
from actions.talk import Talk
from actions.telling import keep
from knowledge.numerals import Quantity, find_quantities
from knowledge.replies import UNKNOWN, read_reply

OLDEST = 130
_ANOTHERS = re.compile("(?P<what>[^，,。]{1,8}?)(应该)?是(?P<who>[^，,。是]{1,5})的[。！!了啊]*$")
_MIXED_UP = re.compile("反了|混了|串了|岔了|搞混|弄混|不对")
_MOVED = {
    "disability_grade": re.compile("残疾|证|级"), "serious_illness": re.compile("病|癌|尿毒"), "monthly_wage": re.compile("工资|挣"),
    "age": re.compile("岁|年纪"),
}  # fmt: skip
_SPENT = re.compile("花|医药费|药费|看病|住院")
_BARE = re.compile("[0-9０-９零一二两三四五六七八九十百千万几多来]+(周?岁|块钱?|元|级|口人?|个人)?(了|啊|呀|啦|吧|整|[，。！!. ])*")
_WAGE = re.compile(
    "[他她我]?(一个月|每个?月|月薪|工资)(能?(挣|拿|赚|有|是))?[0-9零一二两三四五六七八九十百千万多来]+(块钱?|元)?(左右)?[。，]?"
)
_NOT_BUT = re.compile(r"不是(?P<old>[^，,。是]{1,10})[，,。]?(而)?是(?P<new>.{1,12})")
_WHOLE_FAMILY = re.compile(
    r"(收入|挣|钱|工资|[0-9一二两三四五六七八九十百千万]).{0,6}(全家|一家子?|家里|大家)人?(一共|总共|合计|[加合](一?起|起来|一块)来?)*的|全家的收入"
)
_ONE_PERSON = re.compile(r"(收入|挣的|钱).{0,8}(是)?(我|他|她)(自己)?一个人的")


def corrected(talk: Talk) -> Optional[Reply]:
    """A correction that names no fact: 其实七十六, 不是二级是三级, 刚才说的收入是全家的. None where nothing fits it."""
    changed = _whose_income(talk) or _other_choice(talk)
    if changed is None and _WHOLE_FAMILY.search(talk.reading.text):
        return None
    changed = changed or _nearest_number(talk)
    if changed is None:
        return None
    merged = talk.state.household
    changes = []
    for path, value in changed.items():
        changes.append({"path": path, "from": flatten(merged).get(path), "to": value})
        merged = with_fact(merged, path, value)
    if possible(merged, talk.library) is not None:
        return None
    keep(talk, merged)
    return screened(talk, changes)


def of_another(talk: Talk) -> Optional[Reply]:
    """搞反了，残疾证是我妈的: what was told of one is another's."""
    match, known = _ANOTHERS.search(talk.reading.text), flatten(talk.state.household)
    names = [name for name in names_in(match["who"], [], talk.state) if name.sure and len(name.members) == 1] if match else []
    field = next((field for field, words in _MOVED.items() if match and words.search(match["what"])), None)
    if not names or field is None or not (talk.reading.correction or _MIXED_UP.search(talk.reading.text)):
        return None
    owner = names[-1].members[0]
    told = [path for path in known if path.startswith("members[") and path.endswith(f".{field}") and known[path] not in (0, False)]
    told = [path for path in told if path != f"members[{owner}].{field}"]
    if len(told) != 1:
        return None
    moved: Dict[str, Any] = {told[0]: None, f"members[{owner}].{field}": known[told[0]]}
    kind = told[0].replace("grade", "kind")
    if field == "disability_grade" and kind in known:
        moved.update({kind: None, f"members[{owner}].disability_kind": known[kind]})
    merged = talk.state.household
    for path, value in moved.items():
        merged = with_fact(merged, path, value)
    keep(talk, merged)
    told_of = [path for path in moved if path != kind]
    return screened(talk, [{"path": path, "from": known.get(path), "to": moved[path]} for path in told_of])


def _whose_income(talk: Talk) -> Optional[Dict[str, Any]]:
    """Money told of one person that is the whole family's, or the other way round: a month's wage is a twelfth of a year's income."""
    known = flatten(talk.state.household)
    wages = [path for path in known if path.endswith(".monthly_wage")]
    if _WHOLE_FAMILY.search(talk.reading.text):
        said = [number.value for number in find_quantities(talk.reading.text)]
        wages = [path for path in wages if not said or known[path] in said]
        if wages:
            return {wages[-1]: None, "annual_income": _times(known[wages[-1]], 12)}
        return {"annual_income": known["annual_income"]} if "annual_income" in known and not said else None
    if _ONE_PERSON.search(talk.reading.text) and "annual_income" in known:
        return {
            "annual_income": None,
            f"members[{talk.state.person or 'self'}].monthly_wage": _times(known["annual_income"], 1 / 12),
        }
    return None


def _other_choice(talk: Talk) -> Optional[Dict[str, Any]]:
    """不是敬老院，是住我大伯家: what was told is named and denied, and another of its choices told instead."""
    match = _NOT_BUT.search(talk.reading.text)
    known = sorted(flatten(talk.state.household).items(), key=lambda told: not told[0].startswith(f"members[{talk.state.person}]."))
    for path, told in known if match else []:
        question = talk.question(path) if isinstance(told, str) and not path.endswith(("relation", "region")) else None
        if match and question and question.choices and read_reply(match["old"], question.as_dict()) == told:
            value = read_reply(match["new"], question.as_dict())
            if value not in (None, UNKNOWN, told):
                return {path: value}
    return None


def _times(value: Any, factor: float) -> Any:
    if isinstance(value, list):
        return [None if one is None else round(one * factor) for one in value]
    return round(value * factor)


def _nearest_number(talk: Talk) -> Optional[Dict[str, Any]]:
    """A number with no word for what it is corrects the fact of its kind told of the person the talk is about."""
    found = find_quantities(talk.reading.text)
    if not found or talk.reading.told:
        return None
    wanted = ("medical_cost", "rigid_expense") if _SPENT.search(talk.reading.text) else _kinds(found[-1])
    known = [path for path in reversed(list(flatten(talk.state.household))) if path.rpartition(".")[2] in wanted]
    known.sort(key=lambda path: not path.startswith(f"members[{talk.state.person}]."))
    return {known[0]: found[-1].value} if known else None


def bare_number(talk: Talk) -> Optional[Reply]:
    """A number and nothing else, when nothing is asked: said again, put right, or the age of the one the talk is about."""
    state, found = talk.state, find_quantities(talk.reading.text)
    wage = _WAGE.fullmatch(talk.reading.text) and _working(talk)
    if wage and found and not talk.reading.told:
        return _told(talk, wage, found[-1].value)
    if state.pending or not state.household or talk.reading.told or len(found) != 1 or not _BARE.fullmatch(talk.reading.text):
        return None
    path = f"members[{state.person}].age"
    if state.person and _kinds(found[0]) == ("age",) and path not in flatten(state.household):
        return _told(talk, path, found[0].value)
    return corrected(talk)


def _working(talk: Talk) -> Optional[str]:
    """Where the wage belongs of the one the talk is about, if they work."""
    who, known = f"members[{talk.state.person}]", flatten(talk.state.household)
    works = known.get(f"{who}.employed") or known.get(f"{who}.works_away") not in (None, "no")
    return f"{who}.monthly_wage" if works else None


def _told(talk: Talk, path: str, value: Any) -> Reply:
    merged = with_fact(talk.state.household, path, value)
    flaw, before = talk.flaw(merged), flatten(talk.state.household).get(path)
    if flaw is None:
        keep(talk, merged)
    return flaw or screened(talk, [{"path": path, "from": before, "to": value}])


def _kinds(number: Quantity) -> Sequence[str]:
    """What a bare number may be, by its unit and size."""
    if number.unit == "级":
        return ("disability_grade",)
    if number.unit in ("口", "口人", "个人", "人"):
        return ("size",)
    return ("annual_income", "monthly_wage", "medical_cost") if number.low > OLDEST else ("age",)


def chip(talk: Talk, label: str, value: str) -> Reply:
    """A tap on something understood: that very fact is set anew."""
    for one in custom_of(talk.state, talk.assess(), talk.library)["understood"]:
        question = talk.question(one["path"]) if one["label"] == label else None
        read = read_reply(value, question.as_dict()) if question else None
        if read is None or read is UNKNOWN:
            continue
        old = flatten(talk.household).get(one["path"])
        merged = with_fact(talk.state.household, one["path"], read)
        flaw = talk.flaw(merged)
        if flaw is not None:
            return flaw
        talk.state.household = merged
        return screened(talk, [{"path": one["path"], "from": old, "to": read}])
    return talk.with_question(reply("clarify", [f"没听懂“{label}”要改成什么，请换个说法。"]))
