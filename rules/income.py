"""Countable income: what a family takes in, less what the rules of its place do not count.

Per person a month = (annual_income / 12 − employment-cost deductions − pensions not counted) / size, over intervals.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from typing import List, Mapping, Optional, Tuple

from knowledge.model import IncomeRule
from rules.household import Household, Member
from rules.quantity import Quantity, capped, plus, scaled

NOTHING: Quantity = (0, 0)
ANYTHING: Quantity = (0, inf)
STRANGER = Member("", None, {})
WORKING_AGE = 16
PENSION_AGE = 60


@dataclass(frozen=True)
class Income:
    """`per_person`: yuan a person a month, None when the family's income was not told; `unknowns`: paths that would narrow it."""

    per_person: Optional[Quantity]
    unknowns: List[str]
    deductions: Quantity = NOTHING


def countable_income(household: Household, parameters: Mapping[str, Quantity], rules: List[IncomeRule]) -> Income:
    """The household's countable income by the income rules in force in its place.

    Source: the employment-cost and basic-pension clauses that each rule cites.
    """
    told = household.facts.get("annual_income")
    size = household.people()
    unknowns = [
        path for path, value in (("annual_income", told), ("size", household.facts.get("size"))) if _open(value)
    ]
    deductions = NOTHING
    for member in household.members:
        for rule in rules:
            amount, missing = _deduction(rule, member, parameters)
            deductions = plus(deductions, amount)
            unknowns += missing
    if told is None:
        return Income(None, unknowns, deductions)
    deductions = plus(deductions, _of_strangers(size[1] - len(household.members), rules, parameters))
    low = max(0.0, told[0] / 12 - deductions[1]) / size[1] if size[1] != inf else 0.0
    high = max(0.0, told[1] / 12 - deductions[0]) / size[0]
    return Income((round(low, 6), round(high, 6)), unknowns, deductions)


def _of_strangers(count: float, rules: List[IncomeRule], parameters: Mapping[str, Quantity]) -> Quantity:
    """What people who were not listed may deduct for their work: from nothing to the most the rule allows each of them."""
    total = NOTHING
    for rule in rules:
        if rule.kind == "employment_cost" and count > 0:
            most = _employment_cost(rule, STRANGER, parameters)[0]
            total = plus(total, scaled(most, (count, count)))
    return total


def _deduction(rule: IncomeRule, member: Member, parameters: Mapping[str, Quantity]) -> Tuple[Quantity, List[str]]:
    if rule.kind == "employment_cost":
        return _employment_cost(rule, member, parameters)
    return _basic_pension(rule, member)


def _employment_cost(
    rule: IncomeRule, member: Member, parameters: Mapping[str, Quantity]
) -> Tuple[Quantity, List[str]]:
    """The place's rate of the local minimum wage, at most the wage; an open rate is anything from nothing to the wage."""
    works = employed(member)
    if works is False:
        return NOTHING, []
    wage = member.facts.get("monthly_wage")
    cost, missing = _rate_of_wage(rule, member, parameters)
    cost = capped(cost, wage or ANYTHING)
    if _open(wage) and cost[0] != cost[1]:
        missing.append(f"members[{member.id}].monthly_wage")
    if works is None:
        return (0, cost[1]), [f"members[{member.id}].employed"] + missing
    return cost, missing


def _rate_of_wage(rule: IncomeRule, member: Member, parameters: Mapping[str, Quantity]) -> Tuple[Quantity, List[str]]:
    if rule.rate is None:
        return ANYTHING, []
    minimum = parameters.get("minimum_wage")
    if minimum is None:
        return ANYTHING, ["parameters.minimum_wage"]
    grade = member.facts.get("disability_grade")
    rate, missing = (rule.rate[0], rule.rate[1]), []
    if rule.disabled_rate is not None:
        disabled = (rule.disabled_rate[0], rule.disabled_rate[1])
        if grade is None or grade[0] < 1 <= grade[1]:
            rate, missing = (
                (min(rate[0], disabled[0]), max(rate[1], disabled[1])),
                [f"members[{member.id}].disability_grade"],
            )
        elif grade[0] >= 1:
            rate = disabled
    return scaled(minimum, rate), missing


def employed(member: Member) -> Optional[bool]:
    """Whether somebody works for wages; a wage above nothing says yes, and nobody under 16 may."""
    told = member.facts.get("employed")
    age, wage = member.facts.get("age"), member.facts.get("monthly_wage")
    if told is None and wage is not None and wage[0] > 0:
        return True
    if told is None and age is not None and age[1] < WORKING_AGE:
        return False
    return told


def _basic_pension(rule: IncomeRule, member: Member) -> Tuple[Quantity, List[str]]:
    """The basic pension, not counted. Somebody known to be 60 or more whose pension was not told may have any.

    Where the age was not told either, none is assumed: the pension is part of what the family says it takes in, and a
    caution tells the family to mention it.
    """
    pension = member.facts.get("basic_pension_monthly")
    age = member.facts.get("age")
    missing = [f"members[{member.id}].basic_pension_monthly"]
    if pension is None:
        may_have = age is not None and age[1] >= PENSION_AGE
        return (ANYTHING, missing) if may_have else (NOTHING, [])
    if not rule.certain:
        return (0, pension[1]), []
    return pension, missing if _open(pension) else []


def _open(value: Optional[Quantity]) -> bool:
    return value is None or value[0] != value[1]
