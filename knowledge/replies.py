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
    r"不(太|大|怎么)?(知道|知|清楚|晓得|记得|想说|想讲|方便说|方便讲|方便|好说|好讲|懂|愿说|愿意说|愿讲)|说不(清|准|好|上来)|记不(清|得|住|"
    r"起)|忘(了|记)|没算过|没问过|没数|跳过|搞不(清|懂)|不确定|拿不准|保密"
)
_ASKS = re.compile(r"[?？]|吗|为什么|干嘛|啥意思|什么意思|问这个|能不能|怎么|多少(?!都)|哪里|在哪|咋|有没有|是不是|准不准|.{2,}不$")
_ASIDE = re.compile(
    r"没听(懂|清|明白|见)|听不(懂|清|明白)|不识字|不认字|不会(写|打|用|弄|说)|说慢|慢点|不告诉|不想(去|办|弄|问|答|聊)|没(空|时间|意思|用|办法)"
    r"|开证明|没结婚|没成家"
)
_CLAUSE = re.compile(r"[，,。！!；;、\s]+")
_SUBJECT = r"(都|还|也|就|那|哪|目前|现在|暂时|从来|一直|早就?|他们?|她们?|我们?|俺们?|咱们?|家里?|这个|倒|真|确实|啥|什么|一样|一个)*"
_END = r"(的|了|过|呢|啊|呀|吧|哦|嘛|哩|咧|啦|着|话)*"
_NO = re.compile(rf"{_SUBJECT}(没得|莫得|没有?|不是|不|无|否|未有?|哪有|并?没|没了|no|n)(?P<rest>.*?){_END}", re.IGNORECASE)
_YES = re.compile(
    rf"{_SUBJECT}(是的?|有|对|嗯+|恩+|哦|要|想|能|可以|好|行|中|得|成|愿意|当然|已经|肯定|正?在?领|办|很?困难|挺?难|超|没错|没问题|yes|y|ok)"
    rf"(?P<rest>.*?){_END}",
    re.IGNORECASE,
)
_ONCE = re.compile(r"^(以前|过去|原来|早先|前几年|去年|早)+(是|有|领|办|吃|享受)")
_STOPPED = re.compile(r"(早就?|已经|后来|去年|前年|都)*(停|取消|退|注销|断)(了|掉了?|啦)")
_HEARD_AS_YES = ("事", "市")  # 是, as a voice keyboard writes it
_ANY_VERB = (
    "有是领办吃拿享受评上算能想要会做干过这那个些种样什么啥一点大多任何都还也在现身份给认定当没不好行很对嗯"
    "我家里他她目前了着的就从来"
)
# Further words for what a yes-or-no question is about, beyond its own.
_ABOUT = {
    "wants_institution_care": "去住养老敬院", "wants_training": "去学",
    "employed": "工作上班打工失业零工下岗做活挣钱", "wants_job": "工作上班打工活", "income_source": "收入挣钱进账来路项",
    "house_aid_before": "修盖建翻房屋钱款补",
    "serious_illness": "大病毛",
    "basic_living_difficult": "难揭锅吃不上饭穷够", "infectious_disease": "肺结核肝炎", "mental_illness": "精神疯", "tekun": "五保户",
    "out_of_poverty": "脱贫困户建档立卡", "registered_poor": "脱贫困户建档立卡", "dibao": "低保户停", "income_above_standard": "超线高",
}  # fmt: skip
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
_HELD = re.compile(rf"{_SUBJECT}((?P<has>有)|没有?|没得|无|不是|没办|没评)(残疾人?证?|证|证件|级|过|办|评|这个|那个|人)*{_END}")
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
    if not said or len(said) > _LONGEST or _ASKS.search(said) or _ASIDE.search(said):
        return None
    kind = question["kind"]
    choices = question.get("choices") or []
    name = question["path"].rpartition(".")[2]
    if _DONT_KNOW.search(said):
        return [1, 4] if name == "disability_grade" and said.startswith("有") else UNKNOWN
    if kind == "yesno":
        return _yes_or_no(text.strip("，。！!.~ \n"), question)
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


def _yes_or_no(text: str, question: Mapping[str, Any]) -> bool | None:
    """
    Yes or no, where that is the whole reply or what follows speaks of the question: 没领低保 is no to 领着低保吗, 没结婚 is not.
    """
    clauses = [plain(piece).text for piece in _CLAUSE.split(text) if piece]
    name, ask = question["path"].rpartition(".")[2], str(question.get("ask") or "")
    if "".join(clauses) in _HEARD_AS_YES:
        return True
    if _ONCE.match(clauses[0]):
        return "以前" in ask
    known = set(ask + _ABOUT.get(name, "") + _ANY_VERB)
    whole = "".join(clauses)
    for said in dict.fromkeys([whole, clauses[0]]):
        for choice in question.get("choices") or []:
            if said == choice["label"]:
                return bool(choice["value"])
        if question["path"].startswith("status.") and _STOPPED.fullmatch(said):
            return False
        no, yes = _NO.fullmatch(said), _YES.fullmatch(said)
        spoken_of = known if said == whole else set()  # of a longer reply only a bare 没有 or 是的 counts
        if yes and set(yes["rest"]) <= spoken_of and not re.match("没(?!错|问题)", yes["rest"]):
            return True
        if no and set(no["rest"]) <= spoken_of:
            return False
    return None


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
        if re.search(r"[俩一]", said[found[0].start : found[0].end]) and found[0].unit != "岁" and len(said) > 2:
            return None  # 她俩, 一回: counted, not aged
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
    held = _HELD.fullmatch(said)
    return None if held is None else [1, 4] if held["has"] else 0


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
