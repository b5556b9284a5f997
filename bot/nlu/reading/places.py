"""What the places in a message are to the family: where it is registered, where it lives, where somebody works."""

import re
from dataclasses import dataclass

from bot.nlu.reading.clauses import Clause
from knowledge.regions import Region

_LIVES = re.compile(
    r"(搬|搬迁|迁)到$|(现在|现|(?<![个一两])人|目前|如今)(就|都)?(住|在|居住)(在|到)?$|租(房|住)?在$|(现)?居住(在|于)$|常住$|常驻$|长期住(在)?$"
)
_LIVES_AFTER = re.compile(r"^(这边|那边)?(租房|租房子|暂住|住着?|居住)")
_WORK_BEFORE = re.compile(r"(在|到|去|于)$")
_WORK_AFTER = re.compile(
    r"^(那边|这边|市|的)?[^，。]{0,6}(打工|上班|务工|干活|做工|厂|工地|送外卖|送快递|摘|拾|捡|进厂|开车|开店|打零工|做生意|"
    r"跑|搬砖|做事|当)"
)
_VISIT_AFTER = re.compile(
    r"^[^，。的]{0,6}(学校|中学|小学|幼儿园)|^[^，。]{0,3}(读|念|上大学|上学|上技校|上高中|住院|看病|医院|治病)"
)
_NOT_MOVED = re.compile("户口(还|也|一直)?(没|未|没有)(迁|转|动|办)|户口(还|仍)?在")
_HUKOU = re.compile(r"户口|户籍|老家|嫁到了?|落户|原籍|祖籍")
_LISTED = re.compile("、[^，。]{1,10}等")  # 来自湖北、重庆等地的工友
_LANDSCAPE = frozenset("山里 山下 半山 沟里 坝子 塘边 海边 湖边 桥边 农场 矿区 煤矿 市场 街道".split())
_OTHERS_HOME = re.compile("(婆|娘|夫|丈人|岳父|亲)家在?$")
_HOME_AFTER = re.compile(r"^(的$|农民|村民|的(农民|农村|人|贫困户|搬迁户|村民|一个)|人$|人，|农村(人|的)|这边|乡下|$)")
_HOME_BEFORE = re.compile(
    r"(是|系|家在|家住|住在|住|我家|我们|俺们?|咱们?|咱家|来自|皖北|均为|都是|本人|我|嫁到|户口在|户籍在|户口是|老家在?)$"
)


@dataclass(frozen=True)
class Place:
    """A place with its part: region, living_region, work or other."""

    part: str
    code: str
    start: int
    end: int
    rank: int


def place_of(region: Region, clause: Clause, text: str, another: bool) -> Place:
    """
    What one place is, by the words around it, and whether the text says that the hukou stayed behind.

    `another`: it is told of somebody other than the speaker.
    """
    before, after = clause.before(region.start), clause.after(region.end)
    lives = re.search("嫁(到|在|去)了?$", before) and _NOT_MOVED.search(text) or _LIVES.search(before)
    others = re.search("改嫁|跑", before) or _OTHERS_HOME.search(before) or another and "嫁" in before
    if others or _VISIT_AFTER.match(after) or _LISTED.match(text[region.end :]):
        part, rank = "other", 9
    elif lives or _LIVES_AFTER.match(after) and not _HUKOU.search(before):
        part, rank = "living_region", 0
    elif _WORK_BEFORE.search(before) and _WORK_AFTER.match(after):
        part, rank = "work", 0
    elif re.search("嫁到了?$", before) and not re.search("户口[^，。]{0,4}(迁|转|落)", text):
        part, rank = "region", 2
    elif _HUKOU.search(before):
        part, rank = "region", 0
    elif clause.question and not re.search(r"(我|俺|咱|家)[^，]{0,4}(是|在|住)$", before):
        part, rank = "other", 9
    elif _HOME_BEFORE.search(before) or _HOME_AFTER.match(after) and not _WORK_BEFORE.search(before) and (after or not before):
        part, rank = "region", 1 if not re.match("人", after) else 2
    elif _WORK_BEFORE.search(before):
        part, rank = "somewhere", 9
    else:
        part, rank = "other", 9
    return Place(part, region.code, region.start, region.end, rank)


def is_landscape(clause: Clause, region: Region) -> bool:
    """家在山里, 住在桥边: towns have such names, but people mean the mountain."""
    return clause.text[region.start - clause.start : region.end - clause.start] in _LANDSCAPE


def works_where(code: str, own: str | None) -> str | None:
    """
    works_away for somebody working at `code`, seen from the family's own region; None where it cannot be told.

    >>> works_where("44", "4508"), works_where("44", None), works_where("4403", None)
    ('other_province', 'other_province', None)
    """
    if own is None:
        return "other_province" if len(code) == 2 else None
    if code[:2] != own[:2]:
        return "other_province"
    if code[:6] == own[:6] and len(code) >= 6 <= len(own):
        return "no" if len(code) == 9 and code == own else "county"
    shared = min(len(code), len(own), 6)
    return "province" if code[:shared] != own[:shared] or len(code) == 2 else None
