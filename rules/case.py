"""What one evaluation looks at: a household, perhaps one member of it, a day, and the local figures."""

from __future__ import annotations

import datetime as dt
from typing import Any, Dict, Iterator, List, Mapping, Optional

from knowledge.model import IncomeRule
from rules.household import Household, Member
from rules.income import Income, countable_income
from rules.quantity import Quantity


class Case:
    """A household before the rules of one place; `member` when the programme is judged person by person.

    parameters: local figures by name as quantities (yuan a person a month, or yuan a month); absent when nobody confirmed them.
    """

    __slots__ = ("household", "facts", "member", "member_facts", "parameters", "income_rules", "as_of", "_income")

    def __init__(
        self,
        household: Household,
        parameters: Mapping[str, Quantity],
        income_rules: List[IncomeRule],
        as_of: dt.date,
        member: Optional[Member] = None,
    ):
        self.household, self.facts = household, household.facts
        self.member, self.member_facts = member, member.facts if member else {}
        self.parameters, self.income_rules, self.as_of = parameters, income_rules, as_of
        self._income: Dict[str, Income] = {}

    def of(self, member: Member) -> "Case":
        """The same case seen from one member; what was computed for the household is shared."""
        other = Case(self.household, self.parameters, self.income_rules, self.as_of, member)
        other._income = self._income
        return other

    def path(self, field: str) -> str:
        return f"members[{self.member.id if self.member else 'self'}].{field}"

    def parameter(self, name: str) -> Optional[Quantity]:
        """A local figure; one that differs by hukou spans both kinds while the hukou was not told."""
        if name in self.parameters:
            return self.parameters[name]
        kinds = [self.facts["hukou_kind"]] if "hukou_kind" in self.facts else ["rural", "urban"]
        spans = [self.parameters[f"{name}:{kind}"] for kind in kinds if f"{name}:{kind}" in self.parameters]
        return (min(low for low, _ in spans), max(high for _, high in spans)) if len(spans) == len(kinds) else None

    def hukou_decides(self, name: str) -> bool:
        """Whether a local figure is known for each kind of hukou, and the household's own was not told."""
        return "hukou_kind" not in self.facts and name not in self.parameters and self.parameter(name) is not None

    def income(self) -> Income:
        if "income" not in self._income:
            self._income["income"] = countable_income(self.household, self.parameters, self.income_rules)
        return self._income["income"]

    def each_member(self) -> Iterator["Case"]:
        return (self.of(member) for member in self.household.members)

    def unlisted(self) -> bool:
        """Whether people may live in the household who were not listed."""
        return self.household.people()[1] > self.household.listed

    def value(self, path: str) -> Any:
        if path.startswith("member."):
            return self.member_facts.get(path.split(".", 1)[1])
        return self.facts.get(path)
