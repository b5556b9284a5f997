"""Turns in which somebody is wronged: refused, kept waiting, docked of money, passed over for a cadre's kin; and how to report it.

A complaint once heard stays under way: what proof, which number, may it be nameless, will they take revenge are about the same case.
"""

from __future__ import annotations

import re
from typing import Any, Dict, List, Mapping, Optional, Tuple

from actions import telling
from actions.answering import Answer, source_line
from actions.reading import ASPECT_OF
from actions.reply import Reply, fitted, joined, reply
from actions.talk import Talk
from knowledge.library import Library
from knowledge.model import Say

HEARD, SURE, ELSEWHERE = 0.3, 0.6, 0.5
SHORT, LETTER = 20, 60
LIMIT = 135
PROTECTED = "举报、投诉受保护。"
STEPS = ("要准备什么", "找谁举报", "匿名行不行")
_PLAIN = re.compile(
    r"举报|检举|揭发|告状|投诉|人情保|关系保|关系户|优亲厚友|克扣|冒领|代领|截留|挪用|吃拿卡要|好处费|不作为|要告|没(动静|下文|回音)|(报复|穿小鞋)|不(给|让).{0,3}(受理|申请)"
    r"|(卡|折子?|存折).{0,6}(会计|干部|书记|组长|队长|主任|村长|支书|村里|大队).{0,3}(手|那|拿|扣)|(没|不)(贴|有)?公示|公示没"
    r"|(低保|补助|补贴|救助|五保).{0,8}被.{0,8}(领|扣|吞|贪|吃|拿)|(干部|书记|会计|主任|村长|支书|队长).{0,6}(亲戚|家里?人|老婆|爹妈|小舅子).{0,10}低保|低保.{0,6}(亲戚|干部家)"
)
_OURS = re.compile(
    r"低保|五保|特困|救助|补助|补贴|扶贫|贫困|脱贫|人情保|关系保|名额|危房|残疾|公示|民政|村干部|村支书|村长|会计|大队|村里|书记家|优亲"
)
# What a follow-up asks about the complaint under way, and which lines of the case answer it (None: what to have ready).
_ABOUT: Mapping[str, Tuple[str, Optional[str]]] = {
    "ready": (r"证据|材料|准备|带(什么|啥)|要(什么|啥|哪些)", None),
    "nameless": (r"匿名|实名|不留名|名字|知道是我", r"实名|不留名"),
    "safe": (r"报复|穿小鞋|保护|保密|得罪|不敢|害怕|怕", r"实名|保密"),
    "term": (r"多久|期限|几天|多长时间|时效|什么时候", r"\d ?个?(工作)?[日天年月]"),
    "where": (r"举报|投诉|电话|找谁|找哪|去哪|网上|网址|地址|哪里|哪个部门|怎么告|咋告|怎么办|咋办", r"12\d{3}|窗口|复议"),
}  # fmt: skip


_REPORTING = re.compile(
    r"举报|投诉|检举|揭发|反映|告状|告|会不会|有没有|被|打击|报复|穿小鞋|怎么|咋|如何|实名|匿名|网上|网址|电话|地址|期限|多久|几天|证据|材料|准备|保护|保密"
    r"|行不行|可以|知道|村干部|干部|他们?|我们?|找谁|什么|哪里|多少|时候|一下|[要打去的了吗呢能不是那人啥怕名有得带哪办?？，。]"
)


def complained(talk: Talk) -> Optional[Reply]:
    """The reply to a wrong that is reported, or to a question about the one under way; None for anything else."""
    state, library = talk.state, talk.library
    case = _new_case(talk)
    if case is not None:
        state.complaint = str(case["situation"])
        return _told(talk, case, full=False)
    case = next((one for one in library.complaints if one["situation"] == state.complaint), None)
    if case is None:
        return None
    if talk.reading.intent == "more" and talk.reading.confidence >= HEARD:
        return _told(talk, case, full=True)
    about = next((name for name, (words, _) in _ABOUT.items() if re.search(words, talk.reading.text)), None)
    if about and _only_reporting(talk.reading.text) and not talk.reading.told and not talk.reading.named:
        return _further(talk, case, about)
    if talk.reading.told or talk.reading.intent in ASPECT_OF and talk.reading.confidence >= SURE:
        state.complaint = None
    return None


def complaint_of(text: str, library: Library) -> Optional[Dict[str, Any]]:
    """The kind of complaint a text makes: the one most of whose words it uses, the first of equals."""
    found = {case["situation"]: sum(bool(re.search(word, text)) for word in case["words"]) for case in library.complaints}
    best = max(library.complaints, key=lambda case: found[case["situation"]], default=None)
    return best if best is not None and found[best["situation"]] else None


def _new_case(talk: Talk) -> Optional[Dict[str, Any]]:
    """The wrong a message tells of, where it is one of ours; how reporting goes is asked of the one under way."""
    reading = talk.reading
    if not _PLAIN.search(reading.text) and not (reading.intent == "ask_complaint" and reading.confidence >= HEARD):
        return None
    if reading.outside and len(reading.text) > LETTER:  # a long letter of land or schools that ends in a complaint
        return None
    case = complaint_of(reading.text, talk.library)
    if case is None or case.get("general"):
        return case if _only_reporting(reading.text) and not talk.state.complaint else None
    elsewhere = reading.topic.startswith(("neighbour/", "out_of_scope")) and reading.topic_confidence > ELSEWHERE
    return None if elsewhere and not _OURS.search(reading.text) else case


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


def _further(talk: Talk, case: Mapping[str, Any], about: str) -> Reply:
    """The lines of the case that a follow-up asks for, of the case itself or of reporting in general."""
    _, words = _ABOUT[about]
    answer = Answer(talk.day)
    lines: List[str] = [_ready(case)] if words is None else []
    cases = [case, *(one for one in talk.library.complaints if one.get("general"))]
    for one in cases:
        found = [row for row in one["say"] if words and re.search(words, row["say"])]
        for row in found[:4] if not answer.lines else []:
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
