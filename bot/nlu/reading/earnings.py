"""Whose a sum of money is, and what it is to them, by the clause it stands in."""

import re
from dataclasses import replace
from typing import Iterator

from bot.nlu.reading.cast import CHILDREN, ELDERS
from bot.nlu.reading.money import NET, Before, Sum, cycle_of, is_all, is_sole, last_period, read_sums, seasons_in
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
_JUST_SO_MUCH = re.compile(  # 我一个月3000, 在深圳，一个月四五千: nothing else is said of the sum
    "([^，]{0,2}[在到去][^，]{1,6})?(一个?月|每个?月|每月|月薪)(也就|就|才|大概|大约|差不多|能有|有个|有|拿|到手)*"
)
_OF_MYSELF = re.compile("(^|，)(我|俺)(自己|本人)?[在到去]")
_LEAST_WAGE = 500
_SLACK = re.compile("(差|少|淡季|闲|低|不好)的?(时候|月份)?|最少")  # 好的时候六千，差的时候三千
_BUSY = re.compile("(好|多|旺季|忙|高)的?(时候|月份)|最多")
_ABOUT = (
    ("pension", "养老(金|钱|保险)"),
    ("earned", "包给|租给|包出去|租出去|流转|给(别人|人家|亲戚|邻居)种"),
    ("aside", "低保|五保|特困|补贴|补助|津贴|[自要得]己?[交缴]"),
    ("spent", "[药学伙住]费|生活费|开销"),
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
    notes.supported |= bool(sums) and "给" in scene.clause.text and any(m.kind in CHILDREN for m in scene.leading(scene.clause.end))
    if is_all(scene.clause.text):
        notes.money = [replace(money, sole=True) for money in notes.money]
    if sums and NET.search(scene.clause.text):  # 卖牛一万四，除去成本剩一万: what was taken in before is counted already
        notes.money = [money for money in notes.money if money.sentence != scene.clause.sentence or money.sum.kind not in _EARNED]
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
    named = next((kind for kind, words in _ABOUT if re.search(words, scene.clause.text)), "")
    memory.about = named if not sums else "spent" if sums[-1].kind == "spent" else ""
    memory.period = "" if sums and not any(said.kind == "spent" for said in sums) else last_period(scene.clause.text)


def _owned(sums: list[Sum], scene: Scene, notes: Notes, memory: Memory) -> Iterator[Money]:
    for said in sums:
        if scene.clause.past and said.kind in (*_EARNED, "total"):
            continue
        if said.kind == "left_over" and re.search("两[个次]|俩", scene.clause.text):  # of two people's treatment: whose?
            continue
        leads = scene.leading(said.start)
        who = leads[-1].keys if leads else memory.working if memory.working and said.kind in _EARNED else scene.subject
        if said.kind == "left_over" and not leads and memory.patient:
            who = memory.patient
        if said.kind == "pension" and (pensioner := scene.owning("养老", said.start)):
            who = pensioner
        elif said.kind == "pension" and (not leads or notes.cast.kinds.get(who[0], "") in CHILDREN):
            who = _pensioners(said, who, notes)
        if said.kind in _EARNED and "self" not in who and re.search("给(我|俺|咱)", scene.clause.text):
            continue  # 儿子一个月给俺两千
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
    if said.each and (len(who) == 1 or notes.cast.kinds.get(who[0], "") in CHILDREN):
        couple = ("self", "spouse") if "spouse" in notes.cast.recent else ()
        return notes.cast.elders() or couple or who
    kind = notes.cast.kinds.get(who[0], "")
    if kind in CHILDREN or " of " in kind:
        return next(((key,) for key in reversed(notes.cast.recent) if notes.cast.kinds.get(key) in ELDERS), ("self",))
    return who


def _kind(said: Sum, who: Keys, named: bool, working: bool, scene: Scene) -> str | None:
    """A month's earnings are a wage, of several together the household's; a bare yearly sum in a household's sentence is its total."""
    if said.kind == "total" and working and said.period == "month" and "靠" in scene.clause.text:
        return "wage"  # 全家靠我在公益岗每月六百
    another = len(who) == 1 and who != ("self",) and not scene.of_household
    if said.kind == "total" and said.period == "month" and another:  # 我丈夫开货车，月收入五千
        return "wage"
    if said.kind not in _EARNED:
        return said.kind
    if said.period == "month" and len(who) > 1 and said.each:
        return "wage"
    if said.period == "month" and len(who) > 1:
        return "total" if _TOGETHER.search(scene.clause.text) else None
    someones = _is_plain_wage(said, who, scene) or said.kind == "earned" and (named or len(who) == 1 and who != ("self",))
    if said.period == "month" and (working or someones) and said.kind != "wage":
        return "wage"
    if said.kind == "bare" and said.period == "year" and _OF_ALL.search(scene.sentence):
        return "total"
    return said.kind


def _is_plain_wage(said: Sum, who: Keys, scene: Scene) -> bool:
    """Whether a bare monthly sum right after somebody, or after where they are, is what they earn; an elder's may be a pension."""
    leads = scene.leading(said.start)
    before = scene.message.text[leads[-1].end if leads else scene.clause.start : said.start]
    after = scene.clause.after(said.end)
    grown = len(who) == 1 and who[0].split("@")[0] not in ELDERS and said.low >= _LEAST_WAGE
    named = who != ("self",) or bool(leads or _OF_MYSELF.search(scene.sentence))
    plain = _JUST_SO_MUCH.fullmatch(before) and re.fullmatch("(块|元|块钱|来块|多块|左右|吧|呢|的样子)*((能|可以|够|算).*)?", after)
    return grown and named and said.kind == "bare" and bool(plain)
