"""What is not ours to judge: danger first, neighbouring matters to their own window, small talk, a human when asked for."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any, Dict, List, Optional

from actions import asking
from actions.reading import ANSWERED_NEIGHBOURS, ASPECT_OF, Reading
from actions.reply import Reply, reply
from actions.talk import Talk
from knowledge.library import Library
from rules.explain import citation

GENERAL_PHONE = "12345"
REMEMBERED = 2  # turns
ASKS = 0.4
BUSINESS = ("human", "restart", "delete_data", "resume", "summary", "more", "help", "case_code")
_RELIEF = re.compile(r"没事|救(过|回)来|醒(了|过来)|好(些|多|点)了|缓过来|找(到|着|回)了|回来了|(灭|退|走|到|来)了|出来了|吃上")
_AID = re.compile(r"申请|能领|能不能领|补助|补贴|救助|低保|特困|五保|报销|救急")
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


def _asks_for_aid(reading: Reading) -> bool:
    asks = reading.intent in ASPECT_OF and reading.intent != "tell_family" and reading.confidence >= ASKS
    return asks and bool(_AID.search(reading.text))


def comforted(talk: Talk) -> Optional[Reply]:
    """After danger, whatever is neither a question nor a fact gets a warm word and the number once more, never a rule."""
    reading, state = talk.reading, talk.state
    if not state.danger_turns:
        return None
    state.danger_turns -= 1
    plain = reading.intent in BUSINESS or reading.intent in ASPECT_OF and reading.intent != "tell_family"
    if reading.told or reading.asks or plain and reading.confidence >= ASKS:
        return None
    lines = [
        "那就好。" if _RELIEF.search(reading.text) else "我听着呢，您慢慢说。",
        talk.library.emergencies[str(state.danger)]["after"],
        "能办的补助不急，想办的时候跟我说说家里的情况。",
    ]
    return reply("smalltalk", lines, buttons=("说说家里情况", "找人工"), confidence=reading.confidence)


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


def outside(reading: Reading) -> Reply:
    """Out of scope, said plainly, with what can be asked."""
    lines = ["这个我答不了。我只懂低保、特困、临时救助、残疾补贴这些社会救助的事。", "别的事可以打 12345 问。"]
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


def unheard(talk: Talk) -> Reply:
    """Not understood: say so and that nothing was noted, offer the likeliest programmes, and after two misses a person."""
    reading, library, misses = talk.reading, talk.library, talk.state.misses
    near = [library.programmes[p].name for p in reading.programmes[:3]]
    lines = ["我没听明白。您想问哪一项，或者说说家里谁有难处？"]
    if talk.state.pending:
        lines = ["这句我没听准，没有记。点下面的就行，或者说“不知道”。"]
    elif misses >= 2:
        lines = ["还是没弄明白，是我不好。可以打 12345，或者找人工帮您。"]
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
