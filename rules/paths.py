"""A path of the contract as a clerk says it: `members[奶奶].living` is 奶奶的住处."""

from __future__ import annotations

import re

from knowledge.library import Library
from rules.household import Household

FIGURES = {
    "dibao_standard": "当地低保标准",
    "minimum_wage": "当地最低工资",
    "disposable_income": "当地上年人均可支配收入（每月）",
}
_MEMBER = re.compile(r"^members\[(.+)\]\.(\w+)$")


def path_words(path: str, household: Household, library: Library) -> str:
    """The fact's label, with the person's name where there is more than one; a local figure by its name."""
    if path.startswith("parameters."):
        return FIGURES.get(path[11:], path[11:])
    match = _MEMBER.match(path)
    if not match:
        return library.facts[path].label
    label = library.facts[f"member.{match[2]}"].label
    return f"{match[1]}的{label}" if len(household.members) > 1 else label
