"""Sums of money in a clause: whose and what for, and what the household's year adds up to."""

import re
from dataclasses import dataclass, replace
from typing import Iterator

from bot.nlu.reading.clauses import Clause
from knowledge.numerals import Quantity, find_quantities

Bounds = tuple[float, float | None]

_MONEY_UNITS = {"块", "元", "块钱", "元钱", ""}
_PERIODS = (  # how often, and how many of it make a year; a day's pay says nothing about a year
    ("day", 0, r"一天|每天|天天|日结|一日|每日|每[次回趟]|一次(?=自|要|得|报)"),
    ("acre", 0, r"一亩地?|每亩|亩产"),
    ("month", 12, r"一个?月(?!份)|每个?月|每月|月(?=收入|工资|薪|入|均)|月薪|人月"),
    ("half", 2, r"半年"),
    ("season", 0, r"一季|每季|一茬|每茬"),
    ("year", 1, r"一年|每年|年(?=收入|均|纯|入)|全年|年头|年收|一个年头|年租"),
    ("last", 1, r"去年|今年"),
)
_KINDS = (  # the first that the words around the sum speak of
    ("retired", r"退休(金|工资|费|钱)"),
    ("pension", r"养老(金|钱|的钱|保险金?)|农保|社保钱|国家(每月)?(发|给)的"),
    (
        "left_over",
        r"(报|医保|保险|合作医疗|农合)[^，]{0,4}(完|后|了|过)[^，]{0,4}(自己|自付|自费|个人|掏|出|拿|还?剩|花)|自付|自费|"
        r"(除去?了?|扣除|减去)(报销|医保)[^，]{0,4}(还|要|得|花)|(自己|个人)(还|又|也|得|要|再)*(得|要)?(掏|出|垫|拿|花了|承担|负担|交医药)|没报(上|销)?",
    ),
    (
        "aside",
        r"租房|存下|攒|[水电取物]\w{0,2}费|水电|优待金|优抚金|抚恤金|店面|门面|铺面|存款|借|欠|贷|债|赔|利息|月供|供房|房租|押金|首付|彩礼|罚|救灾款|补贴|补助|低保|津贴|两补|救助|慰问|寄|给家里|汇|打(钱|回|过来)|一斤|每斤|公里|"
        r"价值|每平|首期|保证金|抚养费|给过|给(他|她|老人)们?|给[^，]{0,8}我们|一家一年|每家|报了|报销|还款|"
        r"[得要]?[交缴付](?!医药)|重建|存折|定期|包工头",
    ),
    (
        "spent",
        r"要$|得要$|(上|读|念)(大学|大专|高中|初中|中专|职高|技校|书|学)[^，]{0,4}$|花(?!生)|药(?!材)|[伙住学杂保护]\w{0,2}费|医疗费|学费|费用|开销|生活费|康复|治疗|的药|透析|花销|买药|看病|打针|住院",
    ),
    ("wage", r"工资|月薪|薪水|人工|打工|上班|务工|看大门|洗碗|干活"),
    ("total", r"(总|一共|共|合计)?收入|人均|一共|总共|加起来|全家|全年|一家|进账"),
    ("earned", r"挣|赚|落|收(?!入|拾)|卖|租|包出去|入|得|种|养(?!老)|打零工|给一?年|换"),
)
_ALL_THERE_IS = re.compile(r"就这(么?点|些)收入|全部(的)?收入")  # 家里就这点收入: all that was named before
_BY_NATURE_YEARLY = re.compile(r"人均(纯|可支配)收入|纯收入|(?<!亩)[地田][里上头][^，]{0,5}[收卖挣落出弄]")
_PER_YEAR = re.compile(r"一年(?:能?[种收采卖])?(?P<count>[两二三四])[季茬]")
NET = re.compile("[除刨扣减][去掉开了除][^，]*(剩|落|净)")  # 除去成本剩一万
_COSTS = (("treatment", "药|医|治|透析|康复|看病|住院|病"), ("schooling", "学|读|书|生活费|孩子|娃"))
_CYCLE = re.compile("[每一]个?([月年])[^，]*(药|复查|透析|化疗|治|看病|检查|康复)")
_RECURRING = re.compile(r"一年(?!级)|每年|每月|一个月|每个月|年年|月月|一个学期|全年")
_SOLE = re.compile(r"(就|全|只|都|全家|家里|唯一)(全|就|都|只)?(指着?|靠)|就[^，]{1,3}一个人(挣|赚)钱|挣钱的就|唯一(的)?(收入|经济)")
_NOT_MONEY_AFTER = re.compile(
    r"^(平|公里|里地|斤|只|头|棵|间|层|次|回|遍|趟|套|张|份|号|点|分|小时|组|路|%|路|期|档|代|场|根|颗|台|辆|位|"
    r"名|户|岁|届|度|寸|米|女|儿|年级|班)"
)


@dataclass(frozen=True)
class Sum:
    """Money told of at text[start:end]; `kind` as in _KINDS or bare; `period` month, half, year or ''; `each`: per head."""

    kind: str
    low: int
    high: int | None
    period: str
    start: int
    end: int
    each: bool = False
    what: str = ""  # of costs: treatment, schooling or other

    def times(self, factor: float) -> tuple[int, int | None]:
        return round(self.low * factor), None if self.high is None else round(self.high * factor)

    def scaled(self, factor: int) -> "Sum":
        """As a sum of its own."""
        low, high = self.times(factor)
        return replace(self, low=low, high=high)

    def yearly(self) -> tuple[int, int | None]:
        return self.times({"month": 12, "half": 2}.get(self.period, 1))

    def monthly(self) -> tuple[int, int | None]:
        return self.times({"year": 1 / 12, "half": 1 / 6}.get(self.period, 1))


@dataclass(frozen=True)
class Before:
    """What carries over into a clause: a period it was ended on, that of the last sum, harvests a year, what money was spoken of."""

    period: str = ""
    sum_period: str = ""
    seasons: int = 0
    about: str = ""
    cycle: str = ""  # how often a treatment comes round: 每个月去复查，要花两千多


def read_sums(clause: Clause, carried: Before) -> Iterator[Sum]:
    """Each sum with what it is for."""
    quantities = find_quantities(clause.text)
    at = 0
    acres = _acres(clause.text)
    for quantity in quantities:
        if not _is_money(clause, quantity):
            continue
        before, after = clause.text[at : quantity.start], clause.text[quantity.end : quantity.end + 6]
        at = quantity.end
        period = _period(before) or _period(after, start=True) or carried.period
        period = period or ("year" if _BY_NATURE_YEARLY.search(before) else "")
        kind = _kind(before, after, clause.text)
        if kind == "bare" and carried.about or kind == "total" and carried.about == "aside":
            kind = carried.about
        if kind in ("earned", "left_over", "wage"):
            period = period or carried.sum_period
        if kind == "wage" and not period and re.search("工资|薪|人工", before) and 500 <= quantity.low <= 20_000:
            period = "month"  # 工资三千五
        if kind == "total" and not period and quantity.low >= 10_000 and before.endswith("收入"):
            period = "year"  # 收入两三万
        if before.endswith("底薪"):  # with commission on top
            continue
        if kind == "bare" and period == "last":
            continue
        period = "year" if period == "last" else period
        if kind in ("spent", "left_over"):
            period = period or carried.cycle
        if kind == "spent" and carried.about == "spent":
            period = period or carried.sum_period
        if (
            kind == "spent"
            and not carried.cycle
            and not (carried.about == "spent" and period and "了" not in clause.text)
            and not _RECURRING.search(clause.text)
            and carried.period not in ("month", "year")
        ):
            continue
        if kind == "pension" and re.search("加起来|合起来|共|合计", clause.text):
            continue
        if kind == "bare" and (not quantity.unit and (quantity.high or quantity.low) < 200 or not period):
            continue
        if period in ("day", "season") and not (period == "season" and carried.seasons):
            continue
        low, high = quantity.low, quantity.high
        start, end = clause.start + quantity.start, clause.start + quantity.end
        if period == "season":
            yield Sum("earned", low, high, "year", start, end).scaled(carried.seasons)
            continue
        if period == "acre":
            if acres is None:
                yield Sum("per_acre", low, high, "year", start, end)
            else:
                yield Sum("earned", low, high, "year", start, end).scaled(acres)
            continue
        each = bool(re.search(r"人均|每人|各|每个人|一人", clause.text))
        what = next((name for name, words in _COSTS if kind == "spent" and re.search(words, clause.text)), "")
        yield Sum(kind, low, high, period, start, end, each, what)


def last_period(text: str) -> str:
    """The period a clause ends on (养老金每月，一百多); 住了一个月 is none."""
    ended = re.search(r"(?<![了过])(每个?月|一个月|每年|一年|一年下来|一年到头)$", text)
    return _period(ended[0]) if ended else ""


def is_sole(text: str) -> bool:
    """Whether the clause says that one income is all there is: 全家就靠我."""
    return bool(_SOLE.search(text))


def cycle_of(text: str) -> str:
    """How often a treatment spoken of comes round."""
    match = _CYCLE.search(text)
    return ("year" if match[1] == "年" else "month") if match else ""


def is_all(text: str) -> bool:
    """Whether the clause says that what was named before is all: 家里就这点收入."""
    return bool(_ALL_THERE_IS.search(text))


def seasons_in(text: str) -> int:
    """How many harvests a year a text tells of; 0 where it tells none."""
    match = _PER_YEAR.search(text)
    return {"两": 2, "二": 2, "三": 3, "四": 4}[match["count"]] if match else 0


def acres_in(text: str) -> int | None:
    """How many mu a text tells of, other than 一亩 as a measure."""
    return _acres(text)


def _acres(text: str) -> int | None:
    for quantity in find_quantities(text):
        if quantity.unit == "亩" and quantity.exact and quantity.said not in ("一",):
            return quantity.low
        if quantity.unit == "亩" and quantity.said == "一" and text[quantity.start :].startswith("一亩地，"):
            return 1
    return None


def _is_money(clause: Clause, quantity: Quantity) -> bool:
    after = clause.text[quantity.end :]
    if (
        quantity.unit not in _MONEY_UNITS
        or _NOT_MONEY_AFTER.match(after)
        or re.search(r"(第|不是|百分之)$", clause.text[: quantity.start])
    ):
        return False
    if quantity.unit:
        return quantity.low >= 10 or bool(quantity.high and quantity.high >= 10)
    return (quantity.high or quantity.low) >= 50 and not re.fullmatch(r"(19|20)\d\d", quantity.said)


def _period(text: str, start: bool = False) -> str:
    """The period named last in a text, or first if it follows the sum."""
    if not start and re.search("一亩|每亩|亩产", text):
        return "acre"
    found = [(match.start(), name) for name, _, words in _PERIODS for match in re.finditer(words, text)]
    if start:
        return next((name for name, _, words in _PERIODS if re.match(rf"(钱)?(一|每)?({words})", text)), "")
    return max(found)[1] if found else ""


def _kind(before: str, after: str, clause: str) -> str:
    if own := re.match(r"(块|元|钱|的)*(工资|薪水|养老金|退休金)", after):
        return {"养老金": "pension", "退休金": "retired"}.get(own[2], "wage")
    if NET.search(before):
        return "earned"
    for near in (before, after, clause):
        for kind, words in _KINDS:
            if re.search(words, near):
                return kind
    return "bare"
