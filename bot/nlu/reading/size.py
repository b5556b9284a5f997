"""How many people live in the household, said outright or by who they are."""

import re
from dataclasses import dataclass, replace

from bot.nlu.reading.clauses import Clause
from knowledge.numerals import as_value, find_quantities

_HOUSE = re.compile(
    r"家里|全家|一家|我家|家中|俺家|咱家|屋里|一共|总共|该户|该家庭|家庭|家有|户口|住一起|实际|是|就$|共|人口"
)
_COUNTED_ALIKE = re.compile(r"^(都)?(残|上学|生病|打工|挣|有病|读|念|干活|在外|看病|吃低保|一起来|一个月)")
_CHILDREN = r"(?:个)?(?:多?岁的)?(?:娃|娃娃|孩子|小孩|儿子|女儿|闺女|丫头|孙子|孙女|外孙)"
_WITH_CHILDREN = re.compile(
    rf"(?P<with>和|跟|带着?|领着?|拉扯着?|抚养着?|养着?)(?P<count>(?:[一两俩二三四五仨]|\d)(?!岁|周岁|多|十|\d))?(?:个)?(?:[^，]{{0,6}}的|[^，]{{1,3}}岁)?"
    rf"(?:{_CHILDREN}|(?P<pair>一儿一女)|一[子女](?=$|，|\())(?P<tail>过|单过|生活|住|$|[，,])?"
)
_ONLY_US = re.compile("剩下?(我|俺)(和|跟|与|带着)[^，和跟与两俩二三四五几]{2,8}$")
_ALONE_WITH = re.compile(r"一个人|独自|自己(带|抚养|养|拉扯)")
_SINGLE = re.compile(
    r"离异|离婚|离了婚|单亲|丧偶|守寡|(老公|丈夫|老婆|妻子|爱人|媳妇|婆娘|男人)[^，。]{0,8}(走|死|去世|过世|没了|跑|亡|病故|离世)"
)
_LEFT_WITH = re.compile(
    rf"(留下|丢下|撇下|扔下)(?:(我|俺)?(和|跟)?(?P<pair>一儿一女|一双儿女)|(?P<count>[一两俩二三四五]|\d)个?{_CHILDREN})"
)
_RAISES_ALONE = re.compile("(我|俺|自己|独自|^)一个人(带|养|拉扯|抚养)着?|独自(带|抚养|拉扯)着?")
_ALONE = re.compile(
    r"(就|只有|只剩|就剩)(我|俺)(自己)?一个人?(人)?(?=$|过|生活|在家|住|了)|(我|俺|自己)一个人(过|生活|住(?!院))|(我|"
    r"俺)(是)?孤身一人|(我|俺)独居|^(现|常年|目前)?独居|一个人生活|^(现在|就|自己)?一个人(过|单过|住|生活)|^[^，]{0,3}自己一个人$"
)
_TWO = re.compile(
    r"(与|和|跟)老伴(两人|两个人|俩人?)?(一起)?(生活|过日子)|(我|俺|咱)们?(娘儿?|爷儿?|母子|父子|父女|母女|婆孙|爷孙|祖孙)俩?(?=$|俩|都|两|过|相|一|住|是)|(我|俺)(跟|"
    r"和|同)[^，]{1,4}(相依为命|两个人|两个$|俩人?过|俩$|两口人)|^(跟|和|与)[^，]{1,6}相依为命|^(祖孙|婆孙|爷孙|母子|母女|父子|父女)(俩|二人|两人)(靠|吃|低保|相依|都|一起|住|过|生活)"
)
_COUPLE = re.compile(
    r"(我们|俺们|咱们|俺|咱|我)(六十多岁的|七十多岁的|八十多岁的)?老两口(?!加|带|和|跟|还有)|^老两口(?!加|带|和|跟|还有)|(家里|家中|就|只有|只剩)老两口$"
)
_THREE = re.compile(r"(我|俺|咱)们?(娘|爷|娘儿|爷儿|母子|父子|母女|父女)(仨|三个|三人)")
_ONLY = re.compile(r"家里?(现在)?(就|只有|就剩|只剩|总共就)")
_FORM = re.compile(r"家庭(常住)?人口(数)?为?(?P<count>\d{1,2})$")  # as forms have it
_NUMBERS = {"一": 1, "两": 2, "俩": 2, "二": 2, "三": 3, "仨": 3, "四": 4, "五": 5}


@dataclass(frozen=True)
class Size:
    """The household's size as said at text[start:end]; rank 0 is the surest."""

    value: int | list
    start: int
    end: int
    rank: int
    supposed: bool = False
    if_single: bool = False  # holds where the speaker is told to have no husband or wife


def is_single(text: str) -> bool:
    """Whether a clause of the speaker's tells of being widowed or divorced."""
    return bool(_SINGLE.search(text))


def read_sizes(clause: Clause, adults: int, listed: int, of_self: bool, objects: int) -> list[Size]:
    """What a clause says of how many they are; `adults`: 2 where the speaker speaks for a couple; `listed`: how many people
    the clause ends by naming (家里就我跟我妈), `objects`: as whom one looks after; `of_self`: it is the speaker's own life."""
    found = _counted(clause)
    if of_self:
        found += _composed(clause, adults)
    if match := _LEFT_WITH.search(clause.text):
        found.append(_size(clause, match, 1 + _children(match)))
    if match := _ONLY_US.search(clause.text):
        found.append(_size(clause, match, 2))
    if of_self and objects > 1 and (match := _RAISES_ALONE.search(clause.text)):
        found.append(_size(clause, match, 1 + objects))
    if listed > 1 and (match := _ONLY.search(clause.text)):
        found.append(_size(clause, match, listed))
    return found


def _counted(clause: Clause) -> list[Size]:
    if clause.past or re.search("(那|的)(时候?|年)", clause.text):  # 建档的时候写的是五口人
        return []
    found = [_size(clause, match, int(match["count"]), 0) for match in _FORM.finditer(clause.text)]
    for quantity in find_quantities(clause.text):
        before, after = clause.text[: quantity.start], clause.text[quantity.end :]
        if (
            not 1 <= quantity.low <= 30
            or re.search(r"(不是?|每|第)$", before)
            or quantity.unit in ("人", "个人") and re.search("低保|五保", before)
            or quantity.said.startswith(("几", "好几"))
            or re.search("(兄弟|兄妹|姐妹|姐弟|姊妹|[他她](自己)?也?有?)$", before)
            or re.search("(自己|他们|她们|儿子|女儿|闺女|弟弟|哥哥)一家$", before)
            or quantity.wording
            and "about" not in quantity.wording
        ):
            continue
        if quantity.unit == "口" and (
            quantity.low < 2 or re.match(r"气|锅|井|猪|水|饭|子", after) or before.endswith("老")
        ):
            continue
        if quantity.unit in ("人", "个人"):
            if (
                quantity.low < 2
                or not _HOUSE.search(before)
                or _COUNTED_ALIKE.match(after)
                or re.search("靠|养", before)
            ):
                continue
        elif quantity.unit == "个" and re.search("住一起|实际", before):
            pass
        elif quantity.unit not in ("口", "口人"):
            continue
        rank = 2 if re.search("户口(本|簿)?上?$|户口本", before) else 0
        found.append(
            Size(
                as_value((quantity.low, quantity.high)),
                clause.start + quantity.start,
                clause.start + quantity.end,
                rank,
                clause.supposed,
            )
        )
    return found


def _composed(clause: Clause, adults: int) -> list[Size]:
    text = clause.text
    if match := _WITH_CHILDREN.search(text):
        adults = 2 if "两口子" in text[: match.start()] else adults
        by_the_way = (
            match["with"] in "和跟"
            and match["count"]
            and match["tail"] is not None
            or (match["tail"] or "，") in "过单过生活"
        )
        sure = adults == 2 or by_the_way or _ALONE_WITH.search(text[: match.end()])
        return [replace(_size(clause, match, adults + _children(match)), if_single=not sure)]
    for pattern, count in ((_ALONE, 1), (_TWO, 2), (_COUPLE, 2), (_THREE, 3)):
        if match := pattern.search(text):
            return [_size(clause, match, count)]
    return []


def _children(match: re.Match) -> int:
    if match["pair"]:
        return 2
    return _NUMBERS.get(match["count"]) or int(match["count"] or 1)


def _size(clause: Clause, match: re.Match, value: int, rank: int = 1) -> Size:
    return Size(value, clause.start + match.start(), clause.start + match.end(), rank, clause.supposed)
