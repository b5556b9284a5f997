"""Whose a sum of money is, and what it is to them, by the clause it stands in."""

import re
from dataclasses import replace
from typing import Iterator

from bot.nlu.reading.cast import CHILDREN, ELDERS
from bot.nlu.reading.money import Before, Sum, cycle_of, is_all, is_sole, last_period, read_sums, seasons_in
from bot.nlu.reading.notes import Keys, Memory, Money, Notes, Scene

_EARNED = ("bare", "earned", "wage")
_TOGETHER = re.compile("合|一起|加起来|一共|两口子|两个人|俩")
_OF_ALL = re.compile("全家|家里|一家|口人|之家|加上[^，]*，")
_OTHER_HOUSEHOLDS = {
    "uncle",
    "aunt",
    "cousin",
    "brotherinlaw",
    "sisterinlaw",
    "nephew",
    "niece",
    "neighbour",
    "relative",
}
_SLACK = re.compile("(差|少|淡季|闲|低|不好)的?(时候|月份)?|最少")  # 好的时候六千，差的时候三千
_BUSY = re.compile("(好|多|旺季|忙|高)的?(时候|月份)|最多")
_ABOUT = (
    ("pension", "养老(金|钱|保险)"),
    ("earned", "包给|租给|包出去|租出去|流转"),
    ("aside", "低保|五保|特困|补贴|补助|津贴"),
)  # 地包给别人了，一年两千四


def read_money(scene: Scene, notes: Notes, memory: Memory) -> None:
    """Note the clause's sums. What is left to pay after the insurance takes the place of what was spent before it."""
    memory.sole = memory.sole or is_sole(scene.clause.text)
    memory.cycle = memory.cycle or cycle_of(scene.clause.text)
    seasons = seasons_in(scene.message.text)
    slack = memory.busy and bool(_SLACK.search(scene.clause.text))
    period = memory.period or (memory.sum_period if slack else "")
    others = any(mention.kind not in ("they", "couple") for mention in scene.leading(scene.clause.end))
    carried = Before(period, memory.sum_period, seasons, "" if others else memory.about, memory.cycle)
    ages = [fact for fact in notes.facts if fact.field == "age"]
    sums = [
        said
        for said in read_sums(scene.clause, carried)
        if not any(age.start < said.end and said.start < age.end for age in ages)
    ]
    if is_all(scene.clause.text):
        notes.money = [replace(money, sole=True) for money in notes.money]
    for money in _owned(sums, scene, notes, memory):
        if money.sum.kind == "left_over":
            began = scene.clause.end - len(scene.sentence)
            notes.money = [other for other in notes.money if other.sum.kind != "spent" or other.sum.start < began]
        if slack and notes.money:
            best = notes.money.pop()
            money = replace(best, sum=replace(best.sum, low=money.sum.low))
        notes.money.append(money)
    if sums:
        memory.sum_period = sums[-1].period
    memory.busy = bool(sums and _BUSY.search(scene.clause.text))
    memory.about = "" if sums else next((kind for kind, words in _ABOUT if re.search(words, scene.clause.text)), "")
    memory.period = "" if sums and not any(said.kind == "spent" for said in sums) else last_period(scene.clause.text)


def _owned(sums: list[Sum], scene: Scene, notes: Notes, memory: Memory) -> Iterator[Money]:
    for said in sums:
        if scene.clause.past and said.kind in (*_EARNED, "total"):
            continue
        leads = scene.leading(said.start)
        who = leads[-1].keys if leads else memory.working if memory.working and said.kind in _EARNED else scene.subject
        if said.kind == "left_over" and not leads and memory.patient:
            who = memory.patient
        if said.kind == "pension" and (pensioner := scene.owning("养老", said.start)):
            who = pensioner
        elif said.kind == "pension" and not leads:
            who = _pensioners(said, who, notes)
        working = bool(set(who) & set(memory.working))
        if said.period == "year" and said.kind in _EARNED and notes.cast.kinds.get(who[0]) in _OTHER_HOUSEHOLDS:
            continue
        if (
            said.kind == "total"
            and working
            and not leads
            and re.search("挣|赚", scene.clause.text)
            and not scene.of_household
        ):
            continue  # 去年一共挣了三万: one person's year
        kind = _kind(said, who, bool(leads), working, scene)
        if kind:
            of_household = not leads and not working and who == ("self",)
            owners = () if of_household else who
            yield Money(owners, replace(said, kind=kind), memory.sole, scene.clause.supposed, scene.clause.sentence)


def _pensioners(said: Sum, who: Keys, notes: Notes) -> Keys:
    """每人每月一百二 after two elders is theirs; no child draws a pension."""
    if said.each and len(who) == 1:
        return notes.cast.elders() or who
    kind = notes.cast.kinds.get(who[0], "")
    if kind in CHILDREN or " of " in kind:
        return next(((key,) for key in reversed(notes.cast.recent) if notes.cast.kinds.get(key) in ELDERS), ("self",))
    return who


def _kind(said: Sum, who: Keys, named: bool, working: bool, scene: Scene) -> str | None:
    """A month's earnings are a wage, of several together the household's; a bare yearly sum in a household's sentence is its total."""
    if said.kind == "total" and working and said.period == "month" and "靠" in scene.clause.text:
        return "wage"  # 全家靠我在公益岗每月六百
    if said.kind not in _EARNED:
        return said.kind
    if said.period == "month" and len(who) > 1:
        return "total" if _TOGETHER.search(scene.clause.text) else None
    someones = said.kind == "earned" and (named or len(who) == 1 and who != ("self",))
    if said.period == "month" and (working or someones) and said.kind != "wage":
        return "wage"
    if said.kind == "bare" and said.period == "year" and _OF_ALL.search(scene.sentence):
        return "total"
    return said.kind
