"""Turns in which somebody is wronged: refused, kept waiting, docked of money, passed over for a cadre's kin; and how to report it.

A complaint once heard stays under way: what proof, which number, may it be nameless, will they take revenge are about the same case.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any, Dict, List, Mapping, Optional, Tuple

from actions import telling
from actions.answering import Answer, source_line
from actions.reading import ASPECT_OF
from actions.reply import Reply, fitted, joined, reply
from actions.talk import Talk
from knowledge.library import Library
from knowledge.model import Say
from knowledge.plain import plain

HEARD, SURE, ELSEWHERE = 0.3, 0.6, 0.5
SHORT, LETTER = 20, 60
LIMIT = 135
PROTECTED = "举报、投诉受保护。"
OWN = ("proof", "writing", "lawyer", "punish", "legal", "denied", "nameless", "safe")  # asked of nothing but a complaint
LISTENED = (
    "我听着呢。这些情况去窗口、打电话时也照样说，日期和人写清楚。",
    "您的委屈我明白，我没法替您去查。打 12345，或去乡镇民政窗口当面说，请他们书面答复。",
    "记着留好凭据。下一步可以问我“找谁”“要准备什么”“多久答复”。",
)
STEPS = ("要准备什么", "找谁举报", "匿名行不行")
_KIN = re.compile(
    r"(干部|书记|会计|主任|村长|支书|队长).{0,4}(亲戚|家里?人|老婆|媳妇|爹|妈|小舅子|女婿|儿子|[兄弟哥姐妹嫂侄]).{0,14}(领|吃|享受)"
    r"|(亲戚|老婆|媳妇|爹|妈|小舅子|女婿|儿子|[兄弟哥姐妹嫂侄]子?)是.{0,4}(干部|书记|会计|主任|村长|支书|队长)"
)
_OURS = re.compile(
    r"低保|五保|特困|救助|补助|补贴|扶贫|贫困|脱贫|人情保|关系保|名额|危房|残疾|公示|民政|村干部|村支书|村长|会计|大队|村里|书记家|优亲"
)
# What a follow-up asks about the complaint under way, and which lines of the case answer it (None: what to have ready).
_ABOUT: Mapping[str, Tuple[str, Optional[str]]] = {
    "proof": (r"没(有)?(啥|什么)?证据|(就是|只是|亲眼)看(见|到)|拿不出", r"不用自己去查账"),
    "writing": (r"不会写|写不(了|来)|不识字|不认得?字|没文化", r"口头|当面说"),
    "lawyer": (r"律师|法律援助|打官司|(要|得|用)?花(多少)?钱", r"法律援助"),
    "punish": (r"(查|抓)(出|实)|处理|处罚|处分|罚款|坐牢", r"退钱|罚款|怎么处理"),
    "legal": (
        r"^(那)?(为|凭)(什么|啥)[呢啊呀]?$|合不?合?法|[违犯]不?[违犯]?法|合规|允许|对不对|能这样|可以这样|有没有道理",
        r"要有|应当|不能|要走|3 个工作日",
    ),
    "denied": (r"不认(账|$|[咋怎的])|抵赖|赖账|不承认|不答复|不回话", r"12\d{3}|逐一核查|复议"),
    "ready": (r"证据|凭[据证]|材料|准备|带(什么|啥)|要(什么|啥|哪些)", None),
    "nameless": (r"匿名|实名|不?[留写署]名|名字|知道(不)?是我|让人知道|被知道", r"不留名|实名"),
    "safe": (r"报复|穿小鞋|保护|保密|得罪|不敢|害怕|怕|再也不给|(停|断|卡)我(家)?的?", r"保密|实名"),
    "term": (r"多久|期限|几天|多长时间|时效|什么时候", r"\d ?个?(工作)?[日天年月]"),
    "where": (r"举报|投诉|电话|[找向跟]谁|[找去]哪|告到|管不管|网[上址]|地址|哪里|哪个部门|[怎咋][么个]?(告|办)", r"12\d{3}|窗口|政府申请"),
}  # fmt: skip


_ASKED = re.compile("多久|多长|时候|几|谁|哪|啥|什么|怎么|咋|如何|吗|呢|多少|不[?？]?$|[?？]")
_REPORTING = re.compile(
    r"答复|回复|回话|多长时间|还是|给|凭[据证]|说话|当面|举报|投诉|检举|揭发|反映|告状|告|会不会|有没有|被|打击|报复|穿小鞋|怎么|咋|如何|实名|匿名|网上|网址|电话|地址|期限|多久|几天|证据|材料|准备|保护|保密"
    r"|行不行|可以|知道|村干部|干部|他们?|我们?|找谁|什么|哪里|多少|时候|一下|管不管|接下来|下一步|那|你们?|您|啊|呀|嘛|吧|[向跟要打去的了吗呢能不是那人啥怕名有得带哪办内提好个?？，。]"
)


def complained(talk: Talk) -> Optional[Reply]:
    """The reply to a wrong that is reported, or to a question about the one under way; None for anything else."""
    state, library = talk.state, talk.library
    case, about = _new_case(talk), _about(talk.reading.text)
    if case is not None:
        state.complaint = str(case["situation"])
        return _further(talk, case, about, begins=True) if case.get("general") and about in OWN else _told(talk, case, full=False)
    case = next((one for one in library.complaints if one["situation"] == state.complaint), None)
    if case is None:
        return None
    if talk.reading.intent == "more" and talk.reading.confidence >= HEARD:
        return _told(talk, case, full=True)
    own = about in OWN and len(talk.reading.text) <= SHORT or _only_reporting(talk.reading.text)
    if about and own and not talk.reading.told and not talk.reading.named:
        return _further(talk, case, about)
    other = bool(talk.reading.named) or talk.reading.sure > ELSEWHERE
    asks = talk.reading.asks or _ASKED.search(talk.reading.text)
    if not (asks or talk.reading.told or talk.reading.named) and (talk.reading.intent in ASPECT_OF or talk.reading.outside):
        state.misses += 1
        return talk.with_question(reply("clarify", [listened(state.misses)], buttons=STEPS, aspect=state.aspect))
    if talk.reading.told or other and talk.reading.intent in ASPECT_OF and talk.reading.confidence >= SURE:
        state.complaint = None
    return None


def of_reporting(talk: Talk) -> Optional[Reply]:
    """Will they know it was me, will they take revenge: asked of any report, of danger too."""
    case, about = next((one for one in talk.library.complaints if one.get("general")), None), _about(talk.reading.text)
    return _further(talk, case, about) if case is not None and about in ("nameless", "safe") else None


def _about(text: str) -> Optional[str]:
    """What about reporting a text asks."""
    return next((name for name, (words, _) in _ABOUT.items() if re.search(words, plain(text).text)), None)


def listened(misses: int) -> str:
    """What is said to one who goes on telling of a wrong: the first time, then in turn, never twice in the same words."""
    return LISTENED[0] if misses < 2 else LISTENED[1 + misses % 2]


def complaint_of(text: str, library: Library) -> Optional[Dict[str, Any]]:
    """The kind of complaint a text makes: the one most of whose words it uses, the first of equals."""
    found = {case["situation"]: sum(bool(re.search(word, text)) for word in case["words"]) for case in library.complaints}
    best = max(library.complaints, key=lambda case: found[case["situation"]], default=None)
    return best if best is not None and found[best["situation"]] else None


def _new_case(talk: Talk) -> Optional[Dict[str, Any]]:
    """The wrong a message tells of, where it is one of ours; how reporting goes is asked of the one under way."""
    reading = talk.reading
    kin = _KIN.search(reading.text) and (talk.state.complaint or talk.state.topic or _OURS.search(reading.text))
    learned = reading.intent == "ask_complaint" and reading.confidence >= HEARD
    if not (kin or learned or _plainly_wronged(talk.library).search(reading.text)):
        return None
    if reading.told and reading.intent == "tell_family" and reading.confidence >= SURE:  # 娘跑了三年没音信
        return None
    if reading.outside and len(reading.text) > LETTER:  # a long letter of land or schools that ends in a complaint
        return None
    case = complaint_of(reading.text, talk.library)
    if case is None or case.get("general"):
        return case if _only_reporting(reading.text) and not talk.state.complaint else None
    elsewhere = reading.topic.startswith(("neighbour/", "out_of_scope")) and reading.topic_confidence > ELSEWHERE
    return None if elsewhere and not talk.state.complaint and not _OURS.search(reading.text) else case


@lru_cache(maxsize=2)
def _plainly_wronged(library: Library) -> "re.Pattern[str]":
    return re.compile("|".join(words for patterns in library.wrongs.values() for words in patterns))


def _only_reporting(text: str) -> bool:
    """Whether a short text speaks of reporting and of nothing else: 举报会不会报复 does, 举报噪音 does not."""
    return len(text) <= SHORT and len(_OURS.sub("", _REPORTING.sub("", text))) <= 2


def _told(talk: Talk, case: Mapping[str, Any], full: bool) -> Reply:
    """What to do, with whom, and what to have ready; that reporting is protected always stays when the rest is shortened."""
    answer = Answer(talk.day)
    for row in case["say"]:
        answer.add(Say(**row), talk.library)
    weighed = [(_weight(at, row), row["say"]) for at, row in enumerate(case["say"])]
    lines = [*weighed[:1], (0, PROTECTED), *weighed[1:], (1, _ready(case))]
    said = [words for _, words in lines] if full else fitted(lines, LIMIT)
    return _reply(talk, said, answer)


def _weight(at: int, row: Mapping[str, Any]) -> int:
    """What to do first and whom to call stay; the rest goes from the end."""
    return 0 if at == 0 or str(row.get("cite")).startswith("hotlines#") else 2 + at


def _ready(case: Mapping[str, Any]) -> str:
    return "先备好：" + "；".join(case["have_ready"][:3]) + "。"


def _further(talk: Talk, case: Mapping[str, Any], about: str, begins: bool = False) -> Reply:
    """The lines of the case that a follow-up asks for, of the case itself or of reporting in general.

    begins: nothing was said yet, so whom to call comes with it.
    """
    _, words = _ABOUT[about]
    answer = Answer(talk.day)
    lines: List[str] = [_ready(case)] if words is None else []
    general = [one for one in talk.library.complaints if one.get("general")]
    cases = [*general, case] if about in ("nameless", "safe") else [case, *general]
    cases += talk.library.complaints if about in ("lawyer", "writing") else []
    for one in cases:
        found = [row for row in one["say"] if words and re.search(words, row["say"])]
        for row in found[: 2 if about in OWN else 4] if not answer.lines else []:
            answer.add(Say(**row), talk.library)
    for row in case["say"] if begins else []:
        if str(row.get("cite")).startswith("hotlines#"):
            answer.add(Say(**row), talk.library)
    if about == "term" and not answer.lines:
        lines.append("期限没有查到统一的规定，越早反映越好查；可以打 12345 催问。")
    return _reply(talk, [*lines, *answer.lines, PROTECTED], answer)


def _reply(talk: Talk, lines: List[str], answer: Answer) -> Reply:
    state, reading = talk.state, talk.reading
    if reading.told:
        telling.taken_in(talk)
    about = reading.programmes if reading.sure > ELSEWHERE or not state.topic else []
    state.topic = (about or [state.topic or "dibao"])[0]
    state.aspect, state.shown, state.misses = "review_or_complaint", "answer", 0
    said = reply(
        "answer",
        [*lines, source_line(answer.cites, talk.day, talk.library)],
        buttons=[] if state.pending else STEPS,
        programme=state.topic,
        programmes=joined([[state.topic], reading.programmes]),
        aspect=state.aspect,
        citations=answer.cites,
        confidence=round(reading.confidence, 4),
    )
    return talk.with_question(said)
