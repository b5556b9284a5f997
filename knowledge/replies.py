"""A bare answer read as the answer to one question: 82, 八十二了, 有, 没有, 第二个, 住家里, 两三千吧, 不知道."""

import re
from functools import lru_cache
from pathlib import Path
from typing import Any, Mapping

import yaml

from knowledge.numerals import Quantity, as_value, find_quantities, years_of_age
from knowledge.plain import plain
from knowledge.regions import find_regions

WORDS = Path(__file__).with_name("replies.yml")


class _Unknown:
    """The person cannot or does not want to say: not the same as no, and not the same as not understood."""

    def __repr__(self) -> str:
        return "UNKNOWN"


UNKNOWN = _Unknown()

_DONT_KNOW = re.compile(
    r"不(知道|知|清楚|晓得|太清楚|大清楚|记得|想说|方便说|好说|懂|愿说|愿意说)|说不(清|准|好|上来)|记不(清|得|住|"
    r"起)|忘(了|记)|没算过|没问过|没数|跳过|搞不(清|懂)|不确定|拿不准|保密"
)
_ASKS = re.compile(r"[?？]|吗|为什么|干嘛|啥意思|什么意思|问这个|能不能|怎么|多少(?!都)|哪里|在哪|咋")
_NO = re.compile(
    r"^(都|还|也|就|那|目前|现在|暂时|他|她|我|家里|我们)*(没|不|无|否|未|从来没|并没|哪有|停了|早没|早就没|早停|"
    r"以前有|以前领)|^(no|n|否)$|(没有|不是|没领|没了|不想|不要|不会|不能|没办)(了|的|过|啊|呀|吧|呢)?$"
)
_YES = re.compile(
    r"^(都|还|也|就|那|目前|现在|他|她|我|家里|我们)*(是|有|对|嗯|恩|哦?好|要|想|能|可以|行|中|愿意|确实|当然|"
    r"已经|肯定|领|办|困难|超|正在|没错|没问题)|^(yes|y|ok)$",
    re.IGNORECASE,
)
_NOTHING = re.compile(
    r"^(一分钱?|啥|什么|都|也|家里|我)*(没有?|无|零)(了|的|啊|呀|吧|钱|收入|工资|领|花|任何|进账|过|养老金|"
    r"一分钱?|什么)*$|^(没|不)(挣|领|花)|^一分(钱)?(都|也)?没|^0(元|块)?$"
)
_INDEX = re.compile(r"^(第|选|选第)?([1-9一二三四五六七八九])(个|项|种|号)?(吧|的)?$")
_ORDINAL = re.compile(r"^(第|选|选第)([1-9一二三四五六七八九])|([1-9一二三四五六七八九])号$")
_ALONE = re.compile(r"(就|只有|只剩|剩)?(我|俺)?(自己)?一?个?人?(自己|一个|一个人|一人)(过|住)?(了|吧)?|就我|独居")
_TWO = re.compile(
    r"(就|只有)?(我们|俺们|我|俺)?(老两口|两口子|老俩口|娘俩|爷俩|母子俩|父女俩|俩人|俩|和老伴|跟老伴|和我妈|跟我妈)(了|吧|过)?"
)
_MONTHLY = re.compile(r"一个?月|每个?月|每月|月薪|月工资|按月")
_YEARLY = re.compile(r"一年|每年|全年|年薪|去年|年头")
_LONGEST = 40  # a longer message tells a story; it is read as one, not as an answer


def read_reply(text: str, question: Mapping[str, Any]) -> Any:
    """
    The value of the fact asked for; UNKNOWN if the person cannot say; None if this is no answer to that question.

    `question` is {"path", "kind": choice | number | yesno | text, "choices": [{"value", "label"}], "unit"}. Money comes back in the
    question's own unit: "一个月三千" to a yearly question is 36000. A bare number is a choice's number only where choices are not numbers.

    >>> read_reply("八十二了", {"path": "members[mother].age", "kind": "number", "choices": []})
    82
    """
    said = plain(text[: _LONGEST * 2]).text.strip("，。！!.~ \n")
    if not said or len(said) > _LONGEST or _ASKS.search(said):
        return None
    kind = question["kind"]
    choices = question.get("choices") or []
    name = question["path"].rpartition(".")[2]
    if _DONT_KNOW.search(said):
        return [1, 4] if name == "disability_grade" and said.startswith("有") else UNKNOWN
    if kind == "yesno":
        return _yes_or_no(said, choices)
    if kind == "text":
        places = find_regions(said) if name in ("region", "living_region") else []
        return places[-1].code if places else None
    chosen = _choice(said, name, choices)
    if chosen is not None or kind == "choice" and not _is_numeric(choices):
        return chosen
    return _number(said, name, str(question.get("unit") or ""))


def _is_numeric(choices: list) -> bool:
    return bool(choices) and all(
        isinstance(choice["value"], int) and not isinstance(choice["value"], bool) for choice in choices
    )


def _yes_or_no(said: str, choices: list) -> bool | None:
    for choice in choices:
        if said == choice["label"]:
            return bool(choice["value"])
    if _NO.search(said) and not re.match(r"没(错|问题)", said):
        return False
    return True if _YES.search(said) else None


def _choice(said: str, name: str, choices: list) -> Any:
    by_label = sorted(choices, key=lambda choice: -len(choice["label"]))
    for choice in by_label:
        if (
            said == choice["label"]
            or said == str(choice["value"])
            or (len(choice["label"]) > 1 and choice["label"] in said)
        ):
            return choice["value"]
    index = _INDEX.match(said)
    if index and choices and (not _is_numeric(choices) or _ORDINAL.match(said)):
        number = "一二三四五六七八九".find(index[2]) + 1 or int(index[2])
        return choices[number - 1]["value"] if number <= len(choices) else None
    offered = {choice["value"] for choice in choices}
    for value, words in _words().get(name, {}).items():
        if value in offered and re.search(words, said):
            return value
    return None


def _number(said: str, name: str, unit: str) -> int | list | None:
    if name == "disability_grade":
        return _grade(said)
    money = "元" in unit or name in (
        "annual_income",
        "monthly_wage",
        "basic_pension_monthly",
        "medical_cost",
        "rigid_expense",
    )
    if name == "size" and (count := _count(said)):
        return count
    if money and _NOTHING.match(said):
        return 0
    found = [
        quantity for quantity in find_quantities(said) if quantity.unit not in ("年", "月", "个月", "天", "级", "亩")
    ]
    if name != "size":
        found = [quantity for quantity in found if quantity.unit not in ("口", "口人", "人", "个人", "个")]
    if not found:
        return None
    if name == "age":
        low, high = years_of_age(found[0], said)
        return as_value((low, high)) if low <= 130 else None
    return _money(said, found, name, unit) if money else found[0].value


def _count(said: str) -> int | None:
    if _ALONE.fullmatch(said):
        return 1
    return 2 if _TWO.fullmatch(said) else None


def _grade(said: str) -> int | list | None:
    if re.search("重度|重残", said):
        return [1, 2]
    grade = re.search(r"([1-4一二三四])(级|$)", said)
    if grade:
        return "一二三四".find(grade[1]) + 1 or int(grade[1])
    return [1, 4] if re.match(r"^有", said) else 0 if re.match(r"^(没|无|不)", said) else None


def _money(said: str, found: list[Quantity], name: str, unit: str) -> int | list | None:
    """Several sums together (种地五千，打工一万) are added up; a small bare number is not taken for yuan."""
    monthly = "月" in unit or name in ("monthly_wage", "basic_pension_monthly")
    low, high = 0, 0
    at = 0
    for quantity in found:
        around = said[at : quantity.end + 4]
        at = quantity.end
        if not monthly and not quantity.unit and (quantity.high or quantity.low) < 50 and quantity.low > 0:
            return None
        factor = 1.0
        if monthly and _YEARLY.search(around) and not _MONTHLY.search(around):
            factor = 1 / 12
        elif not monthly and _MONTHLY.search(around):
            factor = 12
        low += round(quantity.low * factor)
        high = high + round(quantity.high * factor) if high is not None and quantity.high is not None else None  # type: ignore[assignment]
    return as_value((low, high))


@lru_cache(maxsize=1)
def _words() -> dict[str, dict[Any, str]]:
    return yaml.safe_load(WORDS.read_text(encoding="utf-8"))
