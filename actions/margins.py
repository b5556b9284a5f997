"""By how much a condition fails: `还差 4 岁`, `超出低保线 46 元`. A near miss is worth a second look at the papers."""

from __future__ import annotations

from typing import Optional

from knowledge.model import Condition
from rules.case import Case
from rules.quantity import Quantity, scaled
from rules.screen import Judged


def margin(judged: Judged) -> Optional[str]:
    """How far the first condition that fails is from holding, where it is a matter of years or yuan."""
    if judged.possible:
        return None
    for condition, check in zip(judged.compiled.rule.conditions, judged.compiled.checks):
        if check.holds(judged.case) is False:
            return _years(condition, judged.case) or _yuan(condition, judged.case)
    return None


def _years(condition: Condition, case: Case) -> Optional[str]:
    age: Optional[Quantity] = case.member_facts.get("age") if condition.fact == "member.age" else None
    if age is None or age[0] != age[1] or condition.at_least is None:
        return None
    return f"还差 {condition.at_least - age[0]:g} 岁"


def _yuan(condition: Condition, case: Case) -> Optional[str]:
    if condition.income != "below":
        return None
    line, income = case.parameter(str(condition.parameter)), case.income().per_person
    if line is None or income is None or income[0] != income[1]:
        return None
    over = income[0] - scaled(line, (condition.times, condition.times))[1]
    name = "低保线" if condition.parameter == "dibao_standard" and condition.times == 1 else "线"
    return f"超出{name} {over:.0f} 元" if over >= 1 else f"刚好到{name}，要低于才行"
