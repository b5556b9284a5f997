"""What is not ours to judge: danger first, neighbouring matters to their own window, small talk, a human when asked for."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any, Dict, List, Optional

from actions import asking, complaining
from actions.reading import ANSWERED_NEIGHBOURS, ASPECT_OF, Reading
from actions.reply import Reply, reply
from actions.talk import Talk
from knowledge.library import Library
from knowledge.plain import in_traditional, plain
from rules.explain import citation

GENERAL_PHONE = "12345"
REMEMBERED = 2  # turns
ASKS = 0.4
CHATS = 0.6
FAINT, AFTER = 0.2, 0.5  # share of all readings below which learned danger is doubtful, or is still the one just answered
BUSINESS = ("human", "restart", "delete_data", "resume", "summary", "more", "help", "case_code")
_RELIEF = re.compile(r"没事|救(过|回)来|醒(了|过来)|好(些|多|点)了|缓过来|找(到|着|回)了|回来了|(灭|退|走|到|来)了|出来了|吃上")
_NOWHERE = re.compile(r"没(有)?(地方|处|哪儿?)(去|住|可去|落脚|睡)|无家可归|露宿")
NOWHERE_TO_GO = "今晚没地方去的，可以去最近的救助站、乡镇政府或街道求助。"
_WHOM = re.compile(r"电话|号码|报警|找谁|打(哪|啥|什么|几)")
_AID = re.compile(r"申请|能领|能不能领|补助|补贴|救助|低保|特困|五保|报销|救急")
ACROSS = "我手上只有大陆的文件；人在台湾、香港的，请问当地的公所或社会福利部门。"
# What is said to a message that was not understood: the first time, then in turn.
UNHEARD = {
    "pending": (
        "这句我没听准，没有记。点下面的就行，或者说“不知道”。",
        "还是没听准。说“不知道”就跳过这一题；想找人说，打 12345 或去乡镇民政窗口。",
        "这句也没记上。要是不想答了，说“算了”就看结果。",
    ),
    "complaint": complaining.LISTENED,
    "chat": (
        "我听着呢，这句没全听懂。家里谁有难处，或者想问哪项补助，慢慢说。",
        "您接着说。我懂的是救助的事：家里几口人、谁有病有残疾、大概收入，说一样就行。",
        "这些我帮不上忙，可您愿意说我就听。想办事的话，打 12345 或去乡镇民政窗口也行。",
    ),
    "idle": (
        "我没听明白。您想问哪一项，或者说说家里谁有难处？",
        "还是没弄明白，是我不好。可以打 12345，或去户口所在地的乡镇民政窗口，也可以说“找人工”。",
        "这句我也不敢乱答。说一件就行：家里谁有难处，或者想问哪项补助；急的话打 12345。",
    ),
}
OFFER = ("我能领什么", "问政策", "去哪办", "找人工")


def alarm(talk: Talk) -> Reply:
    """The number first, in one line; then the aid that comes after, or what was asked about it. Two turns remember it."""
    reading, state, library = talk.reading, talk.state, talk.library
    kind = str(reading.emergency)
    row = library.emergencies[kind]
    near = reading.programmes if reading.sure > 0.5 else []
    programmes = [p for p in dict.fromkeys([*row["then"], *near]) if p in library.programmes]
    names = "、".join(library.programmes[p].name for p in programmes[:3])
    lines = [f"先打 {row['say_first']}", f"人先平安，钱的事接着办：可以申请{names}。", "愿意的话，跟我说说家里的情况。"]
    cite = citation(row.get("cite"), library)
    cites = [cite] if cite else []
    if _asks_for_aid(reading):
        meant = reading.named or [p for p in reading.programmes if p in row["then"]] or row["then"][:1]
        answered = asking.asked(replace(talk, reading=replace(reading, programmes=meant, sure=1.0)))
        lines, cites = [lines[0], answered.text], cites + answered.custom["citations"]
        programmes = list(dict.fromkeys([*answered.custom["programmes"], *programmes]))
    state.danger, state.danger_turns = kind, REMEMBERED
    state.topic = programmes[0] if programmes else state.topic
    return reply(
        "emergency",
        lines,
        programme=state.topic,
        programmes=programmes,
        aspect=reading.aspect,
        citations=cites,
        route={"name": "紧急", "phone": _number(row["say_first"]), "where": None, "say": row["say_first"]},
        confidence=reading.confidence,
        household=reading.household,
    )


def is_past(talk: Talk) -> bool:
    """Whether danger that no plain word says is none: relief after an alarm, or a faint likeness in a talk that is under way."""
    reading, state = talk.reading, talk.state
    if reading.danger >= 1:
        return False
    relieved = bool(state.danger_turns and _RELIEF.search(reading.text))
    begun = bool(state.complaint or state.screening or reading.told > 1)
    return relieved or reading.danger < (AFTER if state.danger_turns else FAINT if begun else 0.0)


def _asks_for_aid(reading: Reading) -> bool:
    asks = reading.intent in ASPECT_OF and reading.intent != "tell_family" and reading.confidence >= ASKS
    return asks and bool(_AID.search(reading.text))


def comforted(talk: Talk) -> Optional[Reply]:
    """After danger, whatever is neither a question nor a fact gets a warm word and the number once more, never a rule."""
    reading, state = talk.reading, talk.state
    if not state.danger_turns:
        return None
    state.danger_turns -= 1
    if reading.asks and not reading.told and not reading.named:
        said = _number_again(talk) if _WHOM.search(plain(reading.text).text) else complaining.of_reporting(talk)
        if said is not None:
            return said
    clear = reading.intent in BUSINESS or reading.intent in ASPECT_OF and reading.intent != "tell_family"
    if reading.told or reading.asks or clear and reading.confidence >= ASKS:
        return None
    nowhere = bool(_NOWHERE.search(reading.text))
    lines = [
        "那就好。" if _RELIEF.search(reading.text) and not nowhere else "我听着呢，您慢慢说。",
        talk.library.emergencies[str(state.danger)]["after"],
        NOWHERE_TO_GO if nowhere else "能办的补助不急，想办的时候跟我说说家里的情况。",
    ]
    cite = citation("law-2026#第52条", talk.library) if nowhere else None
    return reply(
        "smalltalk", lines, buttons=("说说家里情况", "找人工"), citations=[cite] if cite else [], confidence=reading.confidence
    )


def _number_again(talk: Talk) -> Reply:
    """Whom to call, once more."""
    row = talk.library.emergencies[str(talk.state.danger)]
    cite = citation(row.get("cite"), talk.library)
    route = {"name": "紧急", "phone": _number(row["say_first"]), "where": None, "say": row["say_first"]}
    return reply("answer", [f"打 {row['say_first']}"], aspect="where", route=route, citations=[cite] if cite else [])


def _number(say_first: str) -> str:
    return say_first[: next((i for i, c in enumerate(say_first) if not c.isdigit()), len(say_first))]


def neighbour(reading: Reading, library: Library, name: Optional[str] = None) -> Reply:
    """A neighbouring matter, with whom to ask. The three next to disability aid are answered rather than declined."""
    row = library.neighbours.get(name or reading.neighbour or "")
    if row is None:
        return outside(reading)
    route = {
        "name": row["name"],
        "where": row.get("where"),
        "phone": row.get("phone") or GENERAL_PHONE,
        "note": row.get("note"),
    }
    kind = "answer" if row["id"] in ANSWERED_NEIGHBOURS else "decline"
    lines = [row["say"]]
    if row.get("where"):
        lines.append(f"去哪问：{row['where'].rstrip('。')}。")
    if row.get("phone"):
        lines.append(f"电话：{row['phone']}。")
    elif "12345" not in "".join(lines):
        lines.append("也可以打 12345 问。")
    if kind == "decline":
        lines.insert(0, "这件事不归社会救助管，我答不准，给您指个路。")
        lines += [ACROSS] if in_traditional(reading.text) else []
    cite = citation(row.get("cite"), library)
    return reply(
        kind,
        lines,
        programme=row["id"] if kind == "answer" else None,
        programmes=[row["id"]] if kind == "answer" else [],
        aspect=reading.aspect,
        route=route,
        citations=[cite] if cite else [],
        confidence=reading.topic_confidence,
    )


def kept_private(reading: Reading) -> Reply:
    """An identity card's or a telephone's number that nobody asked for."""
    lines = ["身份证号、电话、姓名都不用发给我，我也不留。", "说说家里谁有难处，或者想问哪项补助就行。"]
    return reply("smalltalk", lines, buttons=OFFER[:2], confidence=reading.confidence)


def of_what(reading: Reading) -> Reply:
    """A bare question (多少钱, 要带什么) before anything was named."""
    lines = ["您问的是哪一项？说个名字，比如“低保”“残疾补贴”；说不上来就说说家里谁有难处。", "也可以直接去户口所在地乡镇的社会救助窗口问。"]
    return reply("clarify", lines, buttons=OFFER[:1], aspect=reading.aspect, confidence=reading.confidence)


def outside(reading: Reading, misses: int = 0) -> Reply:
    """Out of scope, said plainly, with what can be asked; the second time in a row in other words, with the office."""
    lines = ["这个我答不了。我只懂低保、特困、临时救助、残疾补贴这些社会救助的事。", "别的事可以打 12345 问。"]
    if misses % 2:
        lines = ["这个也不在我懂的范围里，不敢乱说。", "打 12345，或去户口所在地的乡镇政府，有人能给您说清。"]
    return reply("decline", lines, buttons=OFFER[:2], aspect=None, confidence=reading.confidence)


def smalltalk(reading: Reading, begun: bool = False) -> Reply:
    """Greetings, thanks and goodbyes, with what one can ask. begun: the talk is under way, nobody is greeted again."""
    words: Dict[str, List[str]] = {
        "thanks": ["不客气。还有想问的随时说。"],
        "goodbye": ["好，您慢走。想起来随时再问。"],
        "help": [
            "我能做三件事：说政策（比如“低保怎么申请”）；看看您家可能能领什么；告诉您去哪办、带什么。",
            "不用身份证，不收钱。直接打字说就行。",
        ],
    }
    hello = [
        "您好，我是社会救助问答助手。",
        "可以直接说家里的情况，比如“我妈 82 岁，一个人住，能领什么”；也可以问政策。",
    ]
    lines = words.get(reading.intent, ["好的。还想问什么，或者哪里说错了要改，直接说就行。"] if begun else hello)
    return reply("smalltalk", lines, buttons=OFFER, confidence=reading.confidence)


def chats(reading: Reading) -> bool:
    """Whether a message is talk rather than a question: 我那老头子走得早 is not to be declined."""
    return reading.talk >= CHATS and not reading.asks


def unheard(talk: Talk) -> Reply:
    """Not understood: say so and that nothing was noted, offer the likeliest programmes, and from the second miss on a person
    and the office, never twice in the same words."""
    reading, library, misses = talk.reading, talk.library, talk.state.misses
    near = [library.programmes[p].name for p in reading.programmes[:3]]
    idle = "chat" if chats(reading) else "idle"
    said = UNHEARD["pending" if talk.state.pending else "complaint" if talk.state.complaint else idle]
    lines = [said[0] if misses < 2 else said[1 + misses % 2]]
    return reply(
        "clarify",
        lines,
        buttons=([*near, "说说家里情况"] if near else list(OFFER)) if misses < 2 else ["找人工", "重新来"],
        programme=reading.programmes[0] if reading.programmes else None,
        programmes=reading.programmes,
        aspect=reading.aspect,
        confidence=reading.confidence,
    )


def handoff(library: Library, said: Optional[str] = None) -> Reply:
    """A person was asked for. `said`: what the desk answers, where there is one; otherwise the number and the window."""
    lines = [said or "找人工：打 12345（政务热线），或到户口所在地乡镇的民政窗口。"]
    cite = citation("hotlines#12345", library)
    route: Dict[str, Any] = {"name": "人工", "phone": GENERAL_PHONE, "where": "户口所在地乡镇民政窗口"}
    cites = [cite] if cite else []
    return reply(
        "answer", lines, programme="hotline", programmes=["hotline"], aspect="where", route=route, citations=cites
    )
