"""Whose a sum of money is, and what it is to them, by the clause it stands in."""

import re
from dataclasses import replace
from typing import Iterator

from bot.nlu.reading.money import Sum, is_sole, last_period, read_sums
from bot.nlu.reading.notes import Keys, Memory, Money, Notes, Scene

_EARNED = ("bare", "earned", "wage")
_TOGETHER = re.compile("合|一起|加起来|一共|两口子|两个人|俩")
_OF_ALL = re.compile("全家|家里|一家|口人|之家|加上")


def read_money(scene: Scene, notes: Notes, memory: Memory) -> None:
    """Note the clause's sums. What is left to pay after the insurance takes the place of what was spent before it."""
    memory.sole = memory.sole or is_sole(scene.clause.text)
    ages = [fact for fact in notes.facts if fact.field == "age"]
    sums = [
        said
        for said in read_sums(scene.clause, memory.period, memory.sum_period)
        if not any(age.start < said.end and said.start < age.end for age in ages)
    ]
    for money in _owned(sums, scene, memory):
        if money.sum.kind == "left_over":
            began = scene.clause.end - len(scene.sentence)
            notes.money = [other for other in notes.money if other.sum.kind != "spent" or other.sum.start < began]
        notes.money.append(money)
    if sums:
        memory.sum_period = sums[-1].period
    memory.period = "" if sums and not any(said.kind == "spent" for said in sums) else last_period(scene.clause.text)


def _owned(sums: list[Sum], scene: Scene, memory: Memory) -> Iterator[Money]:
    for said in sums:
        if scene.clause.past and said.kind in (*_EARNED, "total"):
            continue
        leads = scene.leading(said.start)
        who = leads[-1].keys if leads else memory.working if memory.working and said.kind in _EARNED else scene.subject
        working = bool(set(who) & set(memory.working))
        kind = _kind(said, who, bool(leads), working, scene)
        if kind:
            of_household = not leads and not working and scene.subject == ("self",)
            yield Money(() if of_household else who, replace(said, kind=kind), memory.sole, scene.clause.supposed)


def _kind(said: Sum, who: Keys, named: bool, working: bool, scene: Scene) -> str | None:
    """A month's earnings are a wage, of several together the household's; a bare yearly sum in a household's sentence is its total."""
    if said.kind not in _EARNED:
        return said.kind
    if said.period == "month" and len(who) > 1:
        return "total" if _TOGETHER.search(scene.clause.text) else None
    if said.period == "month" and (working or said.kind == "earned" and named) and said.kind != "wage":
        return "wage"
    if said.kind == "bare" and said.period == "year" and _OF_ALL.search(scene.sentence):
        return "total"
    return said.kind
