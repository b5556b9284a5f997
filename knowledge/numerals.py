"""How people say numbers, read as intervals: 八十三, 70多, 两三千, 一万出头, 不到五千, 3万左右, 好几万."""

import re
from dataclasses import dataclass
from functools import lru_cache

import cn2an

Bounds = tuple[int, int | None]

_DIGITS = "一二两三四五六七八九"
_CHINESE = rf"[零〇{_DIGITS}十百千万亿廿卅俩仨]"
_ANOTHERS = rf"(?<=[百千万][{_DIGITS}])一(?:个月|年|天|亩)"  # 两千二(一个月)
_ARABIC = r"\d{1,8}(?:\.\d+)?"
_SCALE = r"(?:[十百千]?万|[百千]|亿|[wWkK](?![a-zA-Z]))"
_SPOKEN = rf"{_CHINESE}(?:(?!{_ANOTHERS}){_CHINESE})*[wW]?"
_EXACT = rf"(?:{_ARABIC}{_SCALE}?(?:(?<=[万千百])\d[千百]?)?|[二三四五六七八九]十有[{_DIGITS}]|{_SPOKEN})"
_UNITS = "旬|周岁|虚岁|岁数|岁|块钱|元钱|块|元|口人|口|个人|人|亩|个月|年|月|级|天(?!天)|个"
_VAGUE = (
    r"(?:好?几(?:十万|百万|[十百千万]|(?=个|口))|十几(?:万|千|亿)?|[二三四五六七八九]十几(?:万)?|[一二两三四五六七八九]百几十"
    r"|[一二两三四五六七八九]百[一二三四五六七八九]十几|(?:一百|两百|三百|\d00)几|上[百千万]|(?:千|万|百)把(?!握)|千儿八百|万儿八千)"
)

_BEFORE = {
    "below": "不到|不足|不满|不够|少于|低于|不超过|最多|顶多|至多|撑死|没到|未满",
    "above": "至少|起码|最少|不低于|超过|高于|多于|不少于|过了|年过|已过|都过|早过",
    "nearly": "快要?|将近|接近|年近|近|奔着?",
    "about": "大概|大约|差不多|约莫?|大致|估计|估摸着?|左右",
}
_AFTER = {
    "more": "多 多点 多一点 余 有余 好几",
    "about": "来 左右 上下 样子 的样子",
    "over": "出头 挂零 冒头 开外",
    "below": "不到 以内 以下 之内",
    "above": "以上 打底 往上 朝上 起步",
}
_AFTER_KIND = {word: kind for kind, words in _AFTER.items() for word in words.split()}
_AFTER_WORD = "|".join(sorted(_AFTER_KIND, key=len, reverse=True))
_AFTER_WORD = _AFTER_WORD.replace("|来", "|来(?![自到帮照看伺带住])").replace(
    "不到", rf"不到(?!{_CHINESE}|\d)"
)  # 一年不到五千
_QUANTITY = re.compile(
    "".join(
        (
            "(?:" + "|".join(f"(?P<{kind}>{words})" for kind, words in _BEFORE.items()) + ")?(?:是|有)?",
            rf"(?:(?P<vague>{_VAGUE})|(?P<low>{_EXACT})(?:(?:[-~—～]|到|至)(?P<high>{_EXACT}))?)",
            rf"(?P<after>{_AFTER_WORD})?(?P<scale>[万千百])?(?P<unit>{_UNITS})?多?(?P<last>{_AFTER_WORD})?",
        )
    )
)
_SCALES = {
    "十": 10,
    "百": 100,
    "千": 1_000,
    "k": 1_000,
    "K": 1_000,
    "万": 10_000,
    "w": 10_000,
    "W": 10_000,
    "亿": 100_000_000,
}
_IDIOMS = {
    "百把": (90, 110),
    "千把": (900, 1_100),
    "万把": (9_000, 11_000),
    "千儿八百": (800, 1_000),
    "万儿八千": (8_000, 10_000),
}
_PAIR = re.compile(rf"(?P<head>.*?)(?P<a>[{_DIGITS}])(?P<b>[{_DIGITS}])(?P<tail>[十百千]?[万亿]?)$")


@dataclass(frozen=True)
class Quantity:
    """
    A number in a text: text[start:end] says low..high (high None: no upper bound), counted in `unit`.

    `base` is the number before the wording, `wording` the kinds of wording around it: "快八十" has base 80, wording ("nearly",).
    """

    start: int
    end: int
    low: int
    high: int | None
    unit: str
    said: str
    base: Bounds
    wording: tuple[str, ...]

    @property
    def value(self) -> int | list[int | None]:
        """The contract's form: a number, or a pair."""
        return as_value((self.low, self.high))

    @property
    def exact(self) -> bool:
        return self.low == self.high


def as_value(bounds: tuple) -> int | list:
    """
    >>> as_value((3, 3)), as_value((3, None))
    (3, [3, None])
    """
    low, high = bounds
    return low if low == high else [low, high]


def parse_quantity(text: str) -> Bounds | None:
    """
    Read a text that is one number and nothing else.

    >>> parse_quantity("一万多"), parse_quantity("两三万"), parse_quantity("不到五千")
    ((10000, 20000), (20000, 30000), (0, 5000))
    """
    found = find_quantities(text.strip())
    if len(found) != 1 or found[0].end - found[0].start != len(text.strip()):
        return None
    return found[0].low, found[0].high


def find_quantities(text: str) -> list[Quantity]:
    """Every number in simplified, half-width text, left to right."""
    found = (_quantity(match) for match in _QUANTITY.finditer(text))
    return [quantity for quantity in found if quantity]


def _quantity(match: re.Match) -> Quantity | None:
    base = _vague(match["vague"]) if match["vague"] else _between(match["low"], match["high"])
    if base is None:
        return None
    scale = _SCALES.get(match["scale"] or "", 1)
    base = base[0] * scale, None if base[1] is None else base[1] * scale
    wording = [kind for kind in _BEFORE if match[kind]]
    wording += [_AFTER_KIND[match[group]] for group in ("after", "last") if match[group]]
    low, high = _worded(base, wording)
    said = match["low"] or match["vague"]
    return Quantity(match.start(), match.end(), low, high, match["unit"] or "", said, base, tuple(wording))


def _worded(bounds: Bounds, wording: list[str]) -> Bounds:
    low, high = bounds
    for kind in wording:
        if high is None:
            break
        if kind == "more":
            high += _step(high) - (high < 1_000)  # 一百多 ends at 199; 一万多 at 20000, as people round
        elif kind == "about" and low == high:
            low, high = round(low * 0.9), round(high * 1.1)
        elif kind == "over":
            high += _step(high) // 2
        elif kind == "below":
            low = 0
        elif kind == "above":
            high = None
        elif kind == "nearly" and low == high:
            low = round(low * 0.9)
    return low, high


def _step(number: int) -> int:
    """The size of the last figure said: 一万 -> 10000, 一百二十 -> 10, 1500 -> 100."""
    step = 1
    while number and number % (step * 10) == 0:
        step *= 10
    return step


def _between(low: str, high: str | None) -> Bounds | None:
    if high is None:
        return _spoken(low)
    first, last = _spoken(low), _spoken(high)
    if not first or not last:
        return None
    start = first[0]
    scale = 0 if _trailing_scale(low) else _trailing_scale(high)
    if scale and start * scale <= last[0]:
        start *= scale  # 2到3万 is 20000 to 30000; but 三千五到四千
    return (start, last[1]) if start <= (last[1] or start) else None


def _trailing_scale(said: str) -> int:
    factor = 1
    for ch in reversed(said):
        if ch not in _SCALES:
            break
        factor *= _SCALES[ch]
    return factor if factor > 1 and len(said) > 1 else 0


def _vague(said: str) -> Bounds:
    if said in _IDIOMS:
        return _IDIOMS[said]
    if said.startswith("上"):
        return _SCALES[said[1]], None
    if teens := re.fullmatch(r"([二三四五六七八九]?)十几([万千亿]?)", said):
        tens = 10 * (_number(teens[1] or "一") or 1)
        scale = _SCALES.get(teens[2])
        return (tens * scale, (tens + 10) * scale) if scale else (tens + 1, tens + 9)
    if tens_of := re.fullmatch(r"(.百.十)几", said):
        base = _number(tens_of[1]) or 0
        return base + 1, base + 9
    if hundreds := re.fullmatch(r"(.+?百|\d00)几(十?)", said):
        base = _number(hundreds[1]) or 0
        return (base + 20, base + 99) if hundreds[2] else (base + 10, base + 90)
    step = 1
    for ch in said.lstrip("好几"):
        step *= _SCALES[ch]
    return 2 * step, 9 * step + (9 if step == 10 else 0)


def _spoken(said: str) -> Bounds | None:
    """An exact number, or the pair of neighbours people use for a guess (两三万, 七八十, 三十五六)."""
    said = said.replace("俩", "两").replace("仨", "三")
    pair = _PAIR.match(said) if not said[0].isdigit() else None
    if pair and _DIGITS.index(pair["b"]) > _DIGITS.index(pair["a"]) and _neighbours(pair["a"], pair["b"]):
        low = _number(pair["head"] + pair["a"] + pair["tail"])
        high = _number(pair["head"] + pair["b"] + pair["tail"])
        return (low, high) if low is not None and high is not None and low < high else None
    number = _number(said)
    return None if number is None else (number, number)


def _neighbours(a: str, b: str) -> bool:
    values = {ch: 2 if ch == "两" else "一二三四五六七八九".index(ch) + 1 for ch in _DIGITS}
    return values[b] - values[a] == 1


@lru_cache(maxsize=4096)
def _number(said: str) -> int | None:
    said = said.replace("有", "").replace("w", "万").replace("W", "万").replace("k", "千").replace("K", "千")
    try:
        return int(cn2an.cn2an(said, "smart"))
    except (ValueError, KeyError, IndexError):
        return None


def years_of_age(quantity: Quantity, text: str) -> Bounds:
    """
    Full years (周岁) that a number in `text` tells. 虚岁 counts one or two years more; 快八十 is the late seventies.

    >>> [years_of_age(find_quantities(said)[0], said) for said in ("虚岁八十一", "快八十了", "七十多")]
    [(79, 80), (75, 79), (70, 79)]
    """
    low, high = quantity.low, quantity.high
    base = quantity.base[0]
    if quantity.unit == "旬":  # 七旬 is in the seventies, 年近七旬 just short of them
        base = low = 10 * base
        high = low + 9
    if "nearly" in quantity.wording:
        low, high = max(0, base - 5), base - 1
    elif "below" in quantity.wording:
        low, high = max(0, base - 10), base - 1
    elif "above" in quantity.wording:
        low, high = base, base + 9
    if quantity.unit == "虚岁" or re.search(r"虚(岁|龄)?(是|有|都)?$", text[: quantity.start]):
        return max(0, low - 2), (high or low) - 1
    return low, high
