"""What one would get, as far as the documents say: a range, a share, or nothing at all where the figure is left open."""

from __future__ import annotations

from math import inf
from typing import Any, Dict, List, Optional, Tuple

from knowledge.model import Amount
from rules.case import Case
from rules.quantity import Quantity, scaled
from rules.rulebook import CompiledAmount, in_force

Range = Tuple[float, float]


def amount_for(case: Case, amounts: List[CompiledAmount]) -> Optional[Dict[str, Any]]:
    """The amount as the contract writes it, or None. Where facts leave several steps possible the range spans them all."""
    spans: List[Tuple[Range, str, Optional[str], Amount]] = []
    for candidate in amounts:
        if not in_force(candidate.amount, case.as_of):
            continue
        applies = candidate.when.holds(case) if candidate.when else True
        if applies is False:
            continue
        figure = _figure(case, candidate.amount)
        if figure is not None:
            spans.append(figure)
        if applies:
            break
    if not spans:
        return None
    unit, basis, source = spans[0][1], spans[0][2], spans[0][3]
    alike = [span for span in spans if span[1] == unit]
    low, high = min(span[0][0] for span in alike), max(span[0][1] for span in alike)
    result: Dict[str, Any] = {"min": _plain(low), "max": None if high == inf else _plain(high), "unit": unit}
    if basis:
        result["basis"] = basis
    if source.text:
        result["text"] = source.text
    if source.cite:
        result["cite"] = source.cite
    return result


def _figure(case: Case, amount: Amount) -> Optional[Tuple[Range, str, Optional[str], Amount]]:
    if amount.gap:
        return _gap(case, amount)
    if amount.share:
        share: Quantity = (amount.share[0] or 0, inf if amount.share[1] is None else amount.share[1])
        base = case.parameter(str(amount.of)) if "." not in str(amount.of) else case.value(str(amount.of))
        if base is not None and base[0] > 0:
            return scaled(base, share), amount.unit, None, amount
        return (share[0] * 100, share[1] * 100), "percent", str(amount.of).rpartition(".")[2], amount
    if amount.min is None and amount.max is None:
        return None
    return (amount.min or 0, inf if amount.max is None else amount.max), amount.unit, amount.basis, amount


def _gap(case: Case, amount: Amount) -> Optional[Tuple[Range, str, Optional[str], Amount]]:
    """(standard − countable income a person) × people, yuan a household a month. Source: the clause the amount cites."""
    line, income, people = case.parameter("dibao_standard"), case.income().per_person, case.household.people()
    if line is None or income is None or people[1] == inf:
        return None
    low = max(0.0, line[0] - income[1]) * people[0]
    high = max(0.0, line[1] - income[0]) * people[1]
    return (low, high), amount.unit, amount.basis, amount


def _plain(value: float) -> float:
    return int(value) if value == int(value) else round(value, 2)
