"""Which unknown fact to ask next: the one whose answer settles most verdicts, ties broken by ease of answering.

Every candidate is tried with each of its possible answers, and what that would settle is counted; a fact whose answer can change nothing is
never asked.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, replace
from typing import Any, Dict, Iterable, List, Mapping, Optional, Sequence, Set, Tuple

from knowledge.library import Library, load
from knowledge.model import Fact
from rules.case import Case
from rules.conditions import all3
from rules.household import Household, Member
from rules.quantity import quantity
from rules.screen import Judged, judge

Ranked = Tuple[Tuple[float, float], str, List[str]]
_MEMBER_PATH = re.compile(r"^members\[(.+)\]\.(\w+)$")
WHO = {
    "self": "您", "spouse": "您老伴", "father": "您爸爸", "mother": "您妈妈", "son": "您儿子", "daughter": "您女儿",
    "grandfather": "您爷爷", "grandmother": "您奶奶", "grandchild": "孩子", "sibling": "您兄弟姐妹", "other": "这位家人",
}  # fmt: skip


@dataclass(frozen=True)
class Question:
    """A question for a person, in the contract's shape; `settles` programmes may hang on it."""

    path: str
    ask: str
    why: str
    settle: str
    kind: str
    unit: Optional[str]
    choices: List[Dict[str, Any]]
    programmes: List[str]

    def as_dict(self) -> Dict[str, Any]:
        return dict(self.__dict__)


def next_question(
    household: Household,
    as_of: dt.date,
    programmes: Optional[Iterable[str]] = None,
    parameters: Optional[Mapping[str, Any]] = None,
    library: Optional[Library] = None,
    skip: Iterable[str] = (),
) -> Optional[Question]:
    """The question that settles most, or None when no answer would change a verdict. skip: paths not to ask (again)."""
    library = library or load()
    open_ones = [j for j in judge(household, as_of, programmes, parameters, library) if j.truth is None and not j.already]
    ranked = rank(open_ones, household, library, set(skip))
    return describe(ranked[0][1], household, library, ranked[0][2]) if ranked else None


def rank(
    open_ones: Sequence[Judged], household: Household, library: Library, skip: Set[str], again: Iterable[str] = ()
) -> List[Ranked]:
    """Candidates best first: ((-verdicts settled per answer, ease), path, programmes that hang on it).

    again: paths told so vaguely (有残疾证) that they are worth asking all the same.
    """
    vague = set(again)
    waiting: Dict[str, List[Judged]] = {}
    for judged in open_ones:
        for path in judged.missing():
            if path not in skip and (path in vague or _askable(path, household)) and _of_an_age(path, household, library):
                waiting.setdefault(path, []).append(judged)
    ranked = []
    for path, hanging in waiting.items():
        fact = fact_of(path, library)
        settled = sum(_settled_share(judged, path, fact, set(waiting)) for judged in hanging)
        if settled > 0:
            names = list(dict.fromkeys(judged.programme for judged in hanging))
            ranked.append(((-round(settled, 6), float(fact.ease)), path, names))
    return sorted(ranked, key=lambda row: row[0])


def _askable(path: str, household: Household) -> bool:
    """Local figures are the office's to tell, and a range that was told is not asked again."""
    return not path.startswith("parameters.") and path != "region" and _told(path, household) is None


def _of_an_age(path: str, household: Household, library: Library) -> bool:
    """Nobody asks an 8-year-old what he earns, nor an 80-year-old which school she goes to."""
    ages = fact_of(path, library).ages
    age = _told(path.rpartition(".")[0] + ".age", household) if ages else None
    return age is None or (age[1] >= (ages[0] or 0) and (ages[1] is None or age[0] <= ages[1]))


def _told(path: str, household: Household) -> Any:
    match = _MEMBER_PATH.match(path)
    if not match:
        return household.facts.get(path)
    return next((m.facts.get(match[2]) for m in household.members if m.id == match[1]), None)


def _settled_share(judged: Judged, path: str, fact: Fact, others: Set[str]) -> float:
    """The share of possible answers that would settle a verdict at once; a little when it only may together with another."""
    answers = answers_to(fact)
    settled = sum(_truth_with(judged, path, answer) is not None for answer in answers)
    if settled and not _of_own_child(path, judged.case.household):
        return settled / len(answers)
    return 0.01 if settled or _may_settle_with_more(judged, path) else 0.0


def _of_own_child(path: str, household: Household) -> bool:
    """Whether it asks a parent if the parents of their own child live: possible to matter, never the first thing to ask."""
    match = _MEMBER_PATH.match(path)
    return match is not None and any(
        match.groups() == (member.id, "parents") and member.relation in ("son", "daughter") for member in household.members
    )


def _may_settle_with_more(judged: Judged, path: str) -> bool:
    """Whether the path belongs to a condition that answers can settle, though not this answer alone."""
    return any(
        check.settleable(judged.case) and path in set(check.unknowns(judged.case)) for check in judged.compiled.checks
    )


def answers_to(fact: Fact) -> List[Any]:
    """Values that stand for all answers to a question; numbers as quantities."""
    if fact.type == "yesno":
        return [True, False]
    if fact.probe:
        return [quantity(value) for value in fact.probe]
    return list(fact.values)


def _truth_with(judged: Judged, path: str, answer: Any) -> Optional[bool]:
    case = _with(judged.case, path, answer)
    return all3(check.holds(case) for check in judged.compiled.checks)


def _with(case: Case, path: str, answer: Any) -> Case:
    """The same case, had the family answered that."""
    match = _MEMBER_PATH.match(path)
    household = case.household
    if match:
        members = [replace(m, facts={**m.facts, match[2]: answer}) if m.id == match[1] else m for m in household.members]
        household = replace(household, members=members)
    else:
        household = replace(household, facts={**household.facts, path: answer})
    member = case.member and next(m for m in household.members if m.id == case.member.id)
    return Case(household, case.parameters, case.income_rules, case.as_of, member)


def fact_of(path: str, library: Library) -> Fact:
    """The closed list's entry for a path such as `members[father].age`."""
    match = _MEMBER_PATH.match(path)
    return library.facts[f"member.{match[2]}" if match else path]


def who(path: str, household: Household) -> str:
    """Whom a path is about, as one says it to the family."""
    match = _MEMBER_PATH.match(path)
    member = next((m for m in household.members if match and m.id == match[1]), None)
    return person_words(member)


def person_words(member: Optional[Member]) -> str:
    """`您妈妈`, `您`, or `第 2 位家人` for somebody whose relation was not told."""
    if member is None:
        return "您家"
    base = re.sub(r"\d+$", "", member.id)
    return WHO.get(member.relation or base, f"这位家人({member.id})" if member.relation is None else "这位家人")


def describe(path: str, household: Household, library: Library, programmes: List[str]) -> Question:
    """A path as a question: its words, why it is asked, its choices, and what settles it when the family cannot say."""
    fact = fact_of(path, library)
    if fact.choices:
        choices = [{"value": c.value, "label": c.label} for c in fact.choices]
    elif fact.type == "yesno":
        choices = [{"value": True, "label": "是"}, {"value": False, "label": "不是"}]
    else:
        choices = []
    kind = "choice" if choices and fact.type != "yesno" else ("yesno" if fact.type == "yesno" else fact.type)
    return Question(
        path, fact.ask.replace("{who}", who(path, household)), fact.why, fact.settle, kind, fact.unit, choices, programmes
    )
