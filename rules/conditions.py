"""A dozen condition kinds over three-valued logic.

A condition answers `True`, `False` or `None` (cannot tell yet). `all` with one `False` is `False`; `any` with one `True` is
`True`; nothing is read as false because nobody asked. Conditions are compiled once from the cards and then only evaluated.
"""

from __future__ import annotations

from typing import Any, Callable, Iterable, Iterator, List, Mapping, Optional, Sequence, Set

from knowledge.model import Condition, Fact
from rules.case import Case
from rules.quantity import Truth, above, at_least, at_most, below, scaled, spoken

COMPARISONS: Mapping[str, Callable[[Any, Any], Truth]] = {
    "at_least": at_least,
    "at_most": at_most,
    "below": below,
    "above": above,
}
WORDS = {"at_least": "达到", "at_most": "不超过", "below": "低于", "above": "超过"}


class Check:
    """A compiled condition: `holds(case)`, `unknowns(case)` (paths that would settle it), and words for a person."""

    text: str = ""
    cite: Optional[str] = None
    quote: Optional[str] = None

    def holds(self, case: Case) -> Truth:
        raise NotImplementedError

    def unknowns(self, case: Case) -> Iterator[str]:
        """The paths that keep this check from being settled; empty when it is."""
        raise NotImplementedError

    def paths(self) -> Set[str]:
        """Every fact path this check may read (`member.age`, `status.dibao`)."""
        raise NotImplementedError

    def settleable(self, case: Case) -> bool:
        """Whether the family's answers could settle this check: not what the document leaves open, nor a local figure."""
        return self.holds(case) is None

    def told(self, case: Case) -> str:
        """The family's own figures that this check looked at, for people; may be empty."""
        return ""


class FactCheck(Check):
    """Compares one fact with what the rule asks."""

    def __init__(self, fact: Fact, tests: Sequence[Callable[[Any], Truth]], text: str):
        self.fact, self.text = fact, text
        self.test = tests[0] if len(tests) == 1 else lambda value: all3(test(value) for test in tests)
        self.of_member = fact.path.startswith("member.")
        self.key = fact.path.split(".", 1)[1] if self.of_member else fact.path

    def value(self, case: Case) -> Any:
        return (case.member_facts if self.of_member else case.facts).get(self.key)

    def holds(self, case: Case) -> Truth:
        value = self.value(case)
        return None if value is None else self.test(value)

    def unknowns(self, case: Case) -> Iterator[str]:
        if self.holds(case) is None:
            yield case.path(self.key) if self.of_member else self.key

    def paths(self) -> Set[str]:
        return {self.fact.path}

    def told(self, case: Case) -> str:
        value = self.value(case)
        return "" if value is None else f"{self.fact.label} {value_words(self.fact, value)}".replace("  ", " ")


class AllOf(Check):
    def __init__(self, checks: List[Check], text: str):
        self.checks, self.text = checks, text

    def holds(self, case: Case) -> Truth:
        return all3(check.holds(case) for check in self.checks)

    def unknowns(self, case: Case) -> Iterator[str]:
        if self.holds(case) is None:
            for check in self.checks:
                yield from check.unknowns(case)

    def paths(self) -> Set[str]:
        return set().union(*(check.paths() for check in self.checks))

    def settleable(self, case: Case) -> bool:
        return self.holds(case) is None and any(check.settleable(case) for check in self.checks)

    def told(self, case: Case) -> str:
        return _joined(check.told(case) for check in self.checks)


class AnyOf(AllOf):
    def holds(self, case: Case) -> Truth:
        return any3(check.holds(case) for check in self.checks)

    def told(self, case: Case) -> str:
        """Only what spoke for it, or, when nothing did, all that was looked at."""
        speaking = [check.told(case) for check in self.checks if check.holds(case)]
        return _joined(speaking[:1] or (check.told(case) for check in self.checks))


class SomeMember(Check):
    """Whether somebody in the household satisfies a check; people who were not listed keep it open."""

    def __init__(self, check: Check, text: str):
        self.check, self.text = check, text

    def holds(self, case: Case) -> Truth:
        found = any3(self.check.holds(one) for one in case.each_member())
        return None if found is False and case.unlisted() else found

    def unknowns(self, case: Case) -> Iterator[str]:
        if self.holds(case) is None:
            for one in case.each_member():
                yield from self.check.unknowns(one)

    def paths(self) -> Set[str]:
        return self.check.paths()

    def told(self, case: Case) -> str:
        return _joined(self.check.told(one) for one in case.each_member() if self.check.holds(one))


class Open(Check):
    """What the document leaves open: never settled by asking the family."""

    def __init__(self, text: str):
        self.text = text

    def holds(self, case: Case) -> Truth:
        return None

    def unknowns(self, case: Case) -> Iterator[str]:
        return iter(())

    def paths(self) -> Set[str]:
        return set()

    def settleable(self, case: Case) -> bool:
        return False


class IncomeCheck(Check):
    """Countable income a person a month against a local figure (times a factor), by `rules.income`."""

    def __init__(self, comparison: str, parameter: str, times: float, text: str):
        self.compare, self.comparison, self.parameter, self.times, self.text = (
            COMPARISONS[comparison],
            comparison,
            parameter,
            times,
            text,
        )

    def holds(self, case: Case) -> Truth:
        line = case.parameter(self.parameter)
        income = case.income()
        found = (
            self.compare(income.per_person, scaled(line, (self.times, self.times)))
            if line and income.per_person
            else None
        )
        return found if found is not None else self._by_word(case)

    def _by_word(self, case: Case) -> Truth:
        over = case.facts.get("income_above_standard")
        if over is None or self.parameter != "dibao_standard" or self.times != 1:
            return None
        return over if self.comparison in ("above", "at_least") else not over

    def settleable(self, case: Case) -> bool:
        return case.parameter(self.parameter) is not None and self.holds(case) is None

    def unknowns(self, case: Case) -> Iterator[str]:
        if self.holds(case) is None:
            if case.parameter(self.parameter) is None:
                yield f"parameters.{self.parameter}"
            elif case.hukou_decides(self.parameter):
                yield "hukou_kind"
            yield from case.income().unknowns

    def paths(self) -> Set[str]:
        return {
            "annual_income",
            "size",
            "income_above_standard",
            "hukou_kind",
            "member.employed",
            "member.monthly_wage",
            "member.basic_pension_monthly",
            "member.age",
            "member.disability_grade",
        }

    def told(self, case: Case) -> str:
        income = case.income()
        if income.per_person is None:
            return ""
        line = case.parameter(self.parameter)
        about = f"人均每月约 {spoken(income.per_person)} 元"
        if line is None:
            return about
        scaled_line = spoken(scaled(line, (self.times, self.times)))
        return f"{about}，标准 {scaled_line} 元" + ("，高过低过都有可能" if self.holds(case) is None else "")


def compile_condition(condition: Condition, facts: Mapping[str, Fact], definitions: Mapping[str, Condition]) -> Check:
    """Turn a card's condition into a check. Raises ValueError naming an unknown fact, definition or kind."""
    check = _compile(condition, facts, definitions)
    check.text = condition.text or check.text
    check.cite, check.quote = condition.cite, condition.quote
    return check


def _compile(condition: Condition, facts: Mapping[str, Fact], definitions: Mapping[str, Condition]) -> Check:
    def inner(conditions: Iterable[Condition]) -> List[Check]:
        return [compile_condition(one, facts, definitions) for one in conditions]

    kind = condition.kind
    if kind == "fact":
        return _fact_check(condition, facts)
    if kind in ("all", "any"):
        checks = inner(getattr(condition, kind))
        words = ("而且" if kind == "all" else "或者").join(check.text for check in checks)
        return (AllOf if kind == "all" else AnyOf)(checks, words)
    if kind == "some_member":
        check = inner([condition.some_member])[0]  # type: ignore[list-item]
        return SomeMember(check, f"家里有人{check.text}")
    if kind == "open":
        return Open(str(condition.open))
    if kind == "income":
        return IncomeCheck(str(condition.income), str(condition.parameter), condition.times, "家庭人均月收入符合标准")
    if condition.use not in definitions:
        raise ValueError(f"use: {condition.use} is not in knowledge/definitions.yml; it has {', '.join(definitions)}")
    return compile_condition(definitions[str(condition.use)], facts, definitions)


def _fact_check(condition: Condition, facts: Mapping[str, Fact]) -> FactCheck:
    fact = facts.get(str(condition.fact))
    if fact is None:
        raise ValueError(
            f"fact: {condition.fact} is not in knowledge/facts.yml; write one of its paths, such as member.age"
        )
    tests: List[Callable[[Any], Truth]] = []
    words: List[str] = []
    if condition.is_ is not None:
        wanted = condition.is_
        tests.append(lambda value: value == wanted)
        words.append(value_words(fact, wanted) if fact.type != "yesno" else ("" if wanted else "没有"))
    if condition.in_ is not None:
        allowed = set(condition.in_)
        tests.append(lambda value: value in allowed)
        words.append("、".join(value_words(fact, one) for one in condition.in_))
    for name, compare in COMPARISONS.items():
        line = getattr(condition, name)
        if line is not None:
            tests.append(lambda value, compare=compare, line=line: compare(value, (line, line)))  # type: ignore[misc]
            words.append(f"{WORDS[name]} {line:g} {fact.unit or ''}".strip())
    if not tests:
        raise ValueError(f"fact: {fact.path} needs one of is, in, at_least, at_most, below, above")
    text = f"{words[0]}{fact.label}" if fact.type == "yesno" else f"{fact.label}{'、'.join(words)}"
    return FactCheck(fact, tests, text)


def all3(truths: Iterable[Truth]) -> Truth:
    """Kleene's and: one False decides; otherwise one None leaves it open."""
    found: Truth = True
    for truth in truths:
        if truth is False:
            return False
        if truth is None:
            found = None
    return found


def any3(truths: Iterable[Truth]) -> Truth:
    """Kleene's or: one True decides; otherwise one None leaves it open."""
    found: Truth = False
    for truth in truths:
        if truth:
            return True
        if truth is None:
            found = None
    return found


def value_words(fact: Fact, value: Any) -> str:
    """A fact's value in plain words: `82 周岁`, `住在家里`, `是`."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, tuple):
        label = next((c.label for c in fact.choices if (c.value, c.value) == value), None)
        return label or f"{spoken(value)} {fact.unit or ''}".strip()
    return next((choice.label for choice in fact.choices if choice.value == value), str(value))


def _joined(parts: Iterable[str]) -> str:
    return "，".join(dict.fromkeys(piece for part in parts if part for piece in part.split("，")))
