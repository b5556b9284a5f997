"""Wages, pensions, costs, and what the household's year adds up to."""

from typing import Any

from bot.nlu.reading.money import Sum
from bot.nlu.reading.notes import Fact, Money, Notes


def money_facts(notes: Notes, size: Any) -> list[Fact]:
    """
    Pensions, wages, costs; and the year's income: as it was told, else what its parts add up to.

    `size`: how many the household counts, where that was told.
    """
    facts: list[Fact] = []
    totals: list[Sum] = []
    parts: list[Sum] = []  # earnings of the household
    shares: list[Sum] = []  # wages and pensions of its members
    costs: list[Money] = []
    for money in notes.money:
        said = money.sum
        people = [key for key in money.who if "@" not in key] or ["self"]
        told = _member_money(said, people)
        facts += [Fact(key, name, _value(bounds), said.start, said.end, money.supposed) for key, name, bounds in told]
        shares += [said for _, name, _ in told if name != "medical_cost"]
        if told or said.kind in ("left_over", "pension"):
            continue
        if said.kind == "spent" and said.period in ("month", "year"):
            costs.append(money)
        elif said.kind == "total" and said.period:
            totals.append(said)
        elif said.kind in ("earned", "wage") and said.period or said.kind == "bare" and said.period == "year":
            parts.append(said)
        elif said.kind == "per_acre" and notes.acres:
            parts.append(said.scaled(notes.acres))
    sole = any(money.sole and money.sum in shares and money.sum.kind == "wage" for money in notes.money)
    return facts + _rigid_expense(costs) + _annual_income(totals, parts, shares if parts or sole else [], size)


def _member_money(said: Sum, people: list[str]) -> list[tuple[str, str, tuple]]:
    """A sum that is a member's own, as (key, field, bounds). A pension of 1,000 and more a month is not the residents' basic one."""
    if said.kind == "pension" and said.monthly()[0] < 1_000:
        return [(key, "basic_pension_monthly", said.monthly()) for key in people]
    if said.kind == "left_over":
        return [(people[-1], "medical_cost", said.yearly())]
    if said.kind == "wage" and said.period == "month" and (len(people) == 1 or said.each):
        return [(key, "monthly_wage", (said.low, said.high)) for key in people]
    return []


def _rigid_expense(costs: list[Money]) -> list[Fact]:
    """What the year costs: treatment, schooling and the rest, each as it was last told; two children's fees in one breath add up."""
    latest: dict[str, list[Money]] = {}
    for money in costs:
        told = latest.setdefault(money.sum.what, [])
        if told and told[-1].sentence != money.sentence:
            told.clear()
        told.append(money)
    bounds = [money.sum.yearly() for told in latest.values() for money in told]
    if not bounds:
        return []
    highs = [high for _, high in bounds if high is not None]
    value = sum(low for low, _ in bounds), sum(highs) if len(highs) == len(bounds) else None
    said, supposed = costs[0].sum, costs[0].supposed
    return [Fact(None, "rigid_expense", _value(value), said.start, said.end, supposed)]


def _annual_income(totals: list[Sum], parts: list[Sum], shares: list[Sum], size: Any) -> list[Fact]:
    if totals:
        said = totals[0]
        if said.each:
            if not isinstance(size, int):
                return []
            said = said.scaled(size)
        return [Fact(None, "annual_income", _value(said.yearly()), said.start, said.end)]
    sums = parts + shares
    if not sums:
        return []
    bounds = [said.yearly() for said in sums]
    highs = [high for _, high in bounds if high is not None]
    value = (sum(low for low, _ in bounds), sum(highs) if len(highs) == len(bounds) else None)
    return [Fact(None, "annual_income", _value(value), sums[0].start, sums[0].end)]


def _value(bounds: tuple) -> Any:
    return bounds[0] if bounds[0] == bounds[1] else list(bounds)
