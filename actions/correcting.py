"""Turns in which something told before is put right without naming what it was."""

from __future__ import annotations

import re
from typing import Any, Dict, Optional, Sequence

from actions.family import flatten, possible, with_fact
from actions.reply import Reply, reply
from actions.screened import screened
from actions.screening import custom_of
from actions.talk import Talk
from actions.telling import keep
from knowledge.numerals import Quantity, find_quantities
from knowledge.replies import UNKNOWN, read_reply

OLDEST = 130
_WHOLE_FAMILY = re.compile(r"(收入|挣的|钱).{0,6}(是|指)?(我们)?(全家|一家|家里)(人)?的|全家的收入")
_ONE_PERSON = re.compile(r"(收入|挣的|钱).{0,8}(是)?(我|他|她)(自己)?一个人的")


def corrected(talk: Talk) -> Optional[Reply]:
    """A correction that names no fact: 其实七十六, 不是二级是三级, 刚才说的收入是全家的. None where nothing fits it."""
    changed = _whose_income(talk) or _nearest_number(talk)
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


def _whose_income(talk: Talk) -> Optional[Dict[str, Any]]:
    """Money told of one person that is the whole family's, or the other way round: a month's wage is a twelfth of a year's income."""
    known = flatten(talk.state.household)
    wages = [path for path in known if path.endswith(".monthly_wage")]
    if _WHOLE_FAMILY.search(talk.reading.text):
        if wages:
            return {wages[-1]: None, "annual_income": _times(known[wages[-1]], 12)}
        return {"annual_income": known["annual_income"]} if "annual_income" in known else None
    if _ONE_PERSON.search(talk.reading.text) and "annual_income" in known:
        return {
            "annual_income": None,
            f"members[{talk.state.person or 'self'}].monthly_wage": _times(known["annual_income"], 1 / 12),
        }
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
    wanted = _kinds(found[-1])
    known = [path for path in reversed(list(flatten(talk.state.household))) if path.rpartition(".")[2] in wanted]
    known.sort(key=lambda path: not path.startswith(f"members[{talk.state.person}]."))
    return {known[0]: found[-1].value} if known else None


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
