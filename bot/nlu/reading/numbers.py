"""Figures said of a person: age, year of birth, disability grade; and the person's sex."""

import calendar
import re
from dataclasses import dataclass
from datetime import date
from typing import Any, Iterator

from bot.nlu.reading.clauses import Clause
from knowledge.numerals import Quantity, as_value, find_quantities, parse_quantity, years_of_age

_AGE_UNITS = {"旬", "岁", "周岁", "虚岁", "岁数"}
_NOT_AN_AGE_AFTER = re.compile(
    r"^(以上|以下|及以上|起|开始|的时候|时|那年|之前|以前|之间|[^，]{0,4}(就)?(去世|死了|走了|没了|过世)|才(能|行|可以|给|够)|就(有|发|给|领)|"
    r"就可以|就能|以后|之后|到|至)|^(多|来)?(时候|那会)"
)
_NOT_AN_AGE_BEFORE = re.compile(
    r"((等|到|待)[^，]{0,4}满|从|满足|(?<!今)年满|到|到了|不是|差|发到|每|第|(?<!快)要|需|必须|规定)$"
)
_LEAD_IN = re.compile(
    r"^(男|女|明年|后年|去年|今年|现年|现在|都|也|已经|已|马上|刚|才|满|刚满|整|是|有|差不多|周岁|虚岁|实岁|实足|虚|"
    r"自己|一个人|年龄|年纪|均为?|均|各|俩|的|其实|呢|啊|嘛|吧|，|:|：)*$"
)
_LEAD_OUT = re.compile(
    r"(今年|现年|如今|现在都?|年龄|虚岁|实岁|高寿|高龄)(应该|大概|可能|已经|已|都|也|快|是|有|满|就)*$"
)
_BACK_THEN = re.compile(r"(的时候|[那这]时|那年|当时|[走死生嫁]时)")  # 妈妈走的时候妹妹才两岁
_COMPARED = re.compile(r"比[^，]{1,6}(年长|年轻|大|小)$")
_SOON = re.compile(
    r"(还差|还有|差|再过)[^，]{1,4}(个月|天)(就|才|满|到|够|该|就是)*$|(过完年|过了年|翻过年|过年|年底|下半年)(就|满|该|就满|就是)?$"
)
_BARE_AGE_AFTER = re.compile(
    r"^(了|吧|整|啦|的|周|虚|$|能|可|在|住|还|有|也|就|，|。|不是|属|享|想|二级|一级|三级|四级|残|没|无|啊|呢|耳|"
    r"眼|瘫|身|[女儿子妻夫父母孙]\d|读|上|念|小的|老二|我|俺|都|他|她|家|老|奶|爷|弟|妹|哥|姐)"
)
_MEASURED = re.compile(
    r"[级口个人名位块元年月日号亩斤万千百点分次条只头间平米尺户组队栋楼室路天保%/:.+-]|小时|公里|报警|电话"
)
_OF_A_PERSON = re.compile(
    r"^的(老|小)?(母|父|娘|爹|妈|爸|奶|爷|婆|公|伴|人|儿子|女儿|孙|弟|哥|姐|妹)"
)  # 八十四的老母亲
_BIRTH = re.compile(
    r"(?P<year>(?:19|20)\d\d|[一二][九零〇]?[零〇一二三四五六七八九]{2,3}|\d\d|[零〇一二三四五六七八九]{2})年"
    r"(?:(?P<month>\d{1,2}|[正一二三四五六七八九冬腊]|十[一二]?)月(?:初|\d{1,2}|[一二三四五六七八九十]+)?[日号]?)?"
    r"(?:出生|出世|生人|出世|生的|生(?![产活意病])|(?P<loose>的)$)"
)
_REPUBLIC = re.compile(r"民国(?P<year>\d{1,2}|[一二三四五六七八九十]{1,3})年")  # its first year is 1912
_OTHER_YEAR = re.compile("(明年|后年|去年)(刚|才|就|满|过|已经)*$")
_FIGURE = r"(?:(?<![一二三四])[一二三四]|(?<!\d)[1-4]|[壹贰叁肆])"
_GRADE = re.compile(
    rf"(?P<grade>{_FIGURE})级(?!以上|以下|医院|士官|军士|公路|文件|甲|护士|证书|工伤|风险|厨师|响应|(?:伤残|残疾|因公|因战)*军人)"
)
_NOT_OF_DISABILITY = re.compile(
    r"(不是|[A-D]|工伤[^，]{0,4}|(?<!肢体)伤残[^，]{0,4}|军人[^，]{0,3}|护理[^，]{0,3}|因(公|战)|十)$"
)
_KINDS = {
    "视": "vision",
    "听": "hearing",
    "言": "speech",
    "语": "speech",
    "肢": "limb",
    "智": "intellectual",
    "精": "mental",
    "多": "multiple",
}
_KIND = r"(?P<kind>视力|听力|言语|语言|肢体?|智力?|精神?|多重|视|听)"
_CERTIFIED = re.compile(  # 视力残疾证一级, 三级的视力, 肢二
    rf"{_KIND}(?:方面|类)?(?:残疾?|残废)?(?:人?证)?(?:是|为|的|，|:)?(?P<grade>{_FIGURE})(?:级|$|(?=未|已))"
    rf"|{_FIGURE}级的?{_KIND.replace('kind', 'after')}"
)
_DISABILITY = re.compile(r"智力|肢体|视力|听力|语言|言语|精神|残|盲|聋|哑|[智视听]障|瘫|证|看不[见清]|听不[见清]|截肢|失明")
_SEX = re.compile(r"(?:^|岁|本人|来电人|来访人|市民|某|是个?|，)(?P<sex>男|女)(?:(?:的|性|人)?$|(?=\d))")
# 老三七岁 is not thirty-seven, 七十八一级残疾 a grade beside an age
_NO_FIGURE = re.compile("老[二三四五六](?=[一二三四五六七八九十]+岁)|(?<=[一二三四五六七八九十])[一二三四]级(?=[残肢视听智精])")
_LUNAR = {"正": 1, "冬": 11, "腊": 12}


@dataclass(frozen=True)
class Item:
    """Something said at text[start:end], before it is known of whom. `field` is a member's field, or a household's path."""

    field: str
    value: Any
    start: int
    end: int
    of_member: bool = True
    weak: bool = False  # see Fact


def read_numbers(clause: Clause, text: str, today: date, alone: bool, people: list[int]) -> Iterator[Item]:
    """
    Ages, births, grades and sex in one clause.

    `alone`: the clause is all there is (a bare number is then no age); `people`: where the people named in the clause end.
    """
    births = list(_births(clause, today, people))
    yield from births
    yield from _certified(clause)
    yield from _grades(clause, text, bool(people))
    if (match := _SEX.search(clause.text)) and not text[: clause.start].endswith("儿、"):
        yield Item(
            "sex",
            "m" if match["sex"] == "男" else "f",
            clause.start + match.start("sex"),
            clause.start + match.end("sex"),
        )
    last = -9  # where the last age ended: 六十八和六十五
    for quantity in find_quantities(_NO_FIGURE.sub("口口", clause.text)):
        start, end = clause.start + quantity.start, clause.start + quantity.end
        if any(b.start < end and start < b.end for b in births):
            continue
        beside = clause.text[max(0, last) : quantity.start] in ("和", "跟", "与") and not quantity.unit and last > 0
        if beside or _is_age(clause, quantity, alone, people):
            last = quantity.end
            low, high = years_of_age(quantity, clause.text)
            shift = _years_off(clause.text[: quantity.start])
            yield Item("age", as_value((low + shift, high if high is None else high + shift)), start, end)


def _years_off(before: str) -> int:
    """How far from today the age is told for: 明年八十, 还差三个月六十."""
    if _SOON.search(before):
        return -1
    match = _OTHER_YEAR.search(before)
    return {"明年": -1, "后年": -2, "去年": 1}[match[1]] if match else 0


def _is_age(clause: Clause, quantity: Quantity, alone: bool, people: list[int]) -> bool:
    before, after = clause.text[: quantity.start], clause.text[quantity.end :]
    if _BACK_THEN.search(before):
        return False
    said = clause.text[quantity.start : quantity.end]
    if (
        quantity.low > 120
        or _NOT_AN_AGE_AFTER.search(after)
        or _NOT_AN_AGE_BEFORE.search(before)
        or re.search("以[上下]$|不够|未满", said)
        or _COMPARED.search(before)
    ):
        return False
    if quantity.unit in _AGE_UNITS:
        return True
    if (
        not quantity.unit
        and quantity.exact
        and 18 <= quantity.low
        and _SOON.search(before)
        and _BARE_AGE_AFTER.search(after)
    ):
        return True
    if not quantity.unit and _OF_A_PERSON.match(after) and quantity.base[0] >= 4:
        return True
    if quantity.unit or alone or quantity.base[0] < (4 if quantity.exact else 10):
        return False
    nearest = max((end - clause.start for end in people if end - clause.start <= quantity.start), default=None)
    if quantity.low < 18 and nearest is None and not _LEAD_OUT.search(before):  # 4、大灾大难
        return False
    if not _BARE_AGE_AFTER.search(after) and not (nearest is not None and 18 <= quantity.low < 110 and not _MEASURED.match(after)):
        return False
    return bool(_LEAD_IN.match(before[nearest or 0 :]) or _LEAD_OUT.search(before))


def _births(clause: Clause, today: date, people: list[int]) -> Iterator[Item]:
    found: list[tuple[re.Match, int, str | None]]
    found = [
        (match, 1911 + (parse_quantity(match["year"]) or (0,))[0], None) for match in _REPUBLIC.finditer(clause.text)
    ]
    found += [
        (match, _year(match["year"], today) or 0, match["month"])
        for match in _BIRTH.finditer(clause.text)
        if not match["loose"] or _right_before(clause, match.start(), people)
    ]
    for match, year, month in found:
        if 1900 <= year <= today.year:
            value = as_value(_age_born(year, month, today))
            yield Item("age", value, clause.start + match.start(), clause.start + match.end())


def _right_before(clause: Clause, at: int, people: list[int]) -> bool:
    """Whether somebody is named right before: 我是(六五年的)."""
    ends = [end - clause.start for end in people if end - clause.start <= at]
    return bool(ends) and re.fullmatch("[是都也均们生系]*", clause.text[max(ends) : at]) is not None


def _year(said: str, today: date) -> int | None:
    digits = "".join(
        str("零一二三四五六七八九".index(ch)) if ch in "零一二三四五六七八九" else "0" if ch == "〇" else ch
        for ch in said
    )
    if not digits.isdigit() or len(digits) not in (2, 4):
        return None
    year = int(digits)
    if len(digits) == 4:
        return year
    return 2000 + year if year <= today.year % 100 else 1900 + year


def _age_born(year: int, month: str | None, today: date) -> tuple[int, int]:
    """Youngest and oldest possible age; a month may be lunar only where its name says so (腊月 runs into the next year)."""
    if month is None:
        first, last = date(year, 1, 1), date(year, 12, 31)
    elif month in _LUNAR:
        first = date(year, _LUNAR[month], 1)
        last = date(year + (month == "腊"), 2 if month == "腊" else min(12, _LUNAR[month] + 2), 28)
    else:
        number = min(12, max(1, (parse_quantity(month) or (1, 1))[0]))
        first, last = date(year, number, 1), date(year, number, calendar.monthrange(year, number)[1])
    return _full_years(last, today), _full_years(first, today)


def _full_years(born: date, today: date) -> int:
    return max(0, today.year - born.year - ((today.month, today.day) < (born.month, born.day)))


def _certified(clause: Clause) -> Iterator[Item]:
    """A grade that stands beside its kind, as clerks write it."""
    for match in _CERTIFIED.finditer(clause.text):
        start, end = clause.start + match.start(), clause.start + match.end()
        if not _NOT_OF_DISABILITY.search(clause.text[: match.start()]):
            yield Item("disability_kind", _KINDS[(match["kind"] or match["after"])[0]], start, end)
            if match["grade"] and not match[0].endswith("级"):
                yield Item("disability_grade", _grade(match["grade"]), start, end)


def _grades(clause: Clause, text: str, of_somebody: bool) -> Iterator[Item]:
    """Grades where disability is spoken of; 不是一级是二级 where it says whose."""
    if not (_DISABILITY.search(text) or of_somebody and re.search("不是[一二三四]级", clause.text)):
        return
    for match in _GRADE.finditer(clause.text):
        if not _NOT_OF_DISABILITY.search(clause.text[: match.start()]):
            yield Item(
                "disability_grade", _grade(match["grade"]), clause.start + match.start(), clause.start + match.end()
            )


def _grade(said: str) -> int:
    return int(said) if said.isdigit() else "一二三四壹贰叁肆".index(said) % 4 + 1
