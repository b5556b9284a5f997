"""What can be wrong with a condition on its card, before anything is judged by it."""

from __future__ import annotations

from typing import Any, Iterator, Tuple

from knowledge.library import Library
from knowledge.model import Condition, Fact

COMPARISONS = ("at_least", "at_most", "below", "above")


def condition_faults(condition: Condition, library: Library) -> Iterator[Tuple[str, str, str]]:
    """Each fault as (a word of its line, the fault in Chinese, the fault in English)."""
    try:
        kind = condition.kind
    except ValueError as error:
        named = next((key for key in ("use", "fact") if getattr(condition, key)), None)
        word = f"{named}: {getattr(condition, named)}" if named else condition.text or "conditions:"
        yield word, "一个条件只能写一种判断，这里没有写或写了两种", str(error)
        return
    inner = [
        *(condition.all or []),
        *(condition.any or []),
        *([condition.some_member] if condition.some_member else []),
    ]
    for one in inner:
        yield from condition_faults(one, library)
    if kind == "fact":
        yield from _fact_faults(condition, library)
    elif kind == "use" and condition.use not in library.definitions:
        known = "、".join(library.definitions)
        yield (
            f"use: {condition.use}",
            f"definitions.yml 里没有 {condition.use},有的是 {known}",
            f"use: {condition.use} is not defined",
        )
    elif kind == "income" and (condition.income not in COMPARISONS or not condition.parameter):
        yield (
            f"income: {condition.income}",
            f"income 要写 {'、'.join(COMPARISONS)} 之一，并写 parameter",
            f"income: needs one of {', '.join(COMPARISONS)} and a parameter",
        )
    elif kind in ("all", "any") and not inner:
        yield f"{kind}:", f"{kind} 下面没有条件", f"{kind}: is empty"


def _fact_faults(condition: Condition, library: Library) -> Iterator[Tuple[str, str, str]]:
    word = f"fact: {condition.fact}"
    fact = library.facts.get(str(condition.fact))
    if fact is None:
        yield word, f"facts.yml 里没有 {condition.fact} 这一项", f"{word} is not in facts.yml"
        return
    compared = [name for name in COMPARISONS if getattr(condition, name) is not None]
    equal = [condition.is_] if condition.is_ is not None else []
    equal += condition.in_ or []
    if fact.type == "number" and (equal or not compared):
        yield (
            word,
            f"{fact.label}是数字，要写 {'、'.join(COMPARISONS)}",
            f"{word} is a number and needs one of {', '.join(COMPARISONS)}",
        )
    if fact.type != "number" and (compared or not equal):
        yield word, f"{fact.label}不是数字，要写 is 或 in", f"{word} is not a number and needs is or in"
    for value in equal:
        if fact.type != "number" and not _allowed(fact, value):
            allowed = "、".join(map(str, fact.values)) or "true、false"
            yield (
                word,
                f"{fact.label}没有 {value} 这个答案，有的是 {allowed}",
                f"{word} has no answer {value}; it has {allowed}",
            )


def _allowed(fact: Fact, value: Any) -> bool:
    return isinstance(value, bool) if fact.type == "yesno" else value in fact.values or fact.type == "text"
