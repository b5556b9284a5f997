"""What is not ours to judge: danger first, neighbouring matters to their own window, small talk, a human when asked for."""

from __future__ import annotations

from typing import Any, Dict, List, Optional

from actions.reading import ANSWERED_NEIGHBOURS, Reading
from actions.reply import Reply, reply
from knowledge.library import Library
from rules.explain import citation

GENERAL_PHONE = "12345"
OFFER = ("我能领什么", "问政策", "去哪办", "找人工")


def emergency(reading: Reading, kind: str, library: Library) -> Reply:
    """The number first, in one line; then the aid that comes after."""
    row = library.emergencies[kind]
    near = reading.programmes if reading.sure > 0.5 else []
    programmes = [p for p in dict.fromkeys([*row["then"], *near]) if p in library.programmes]
    names = "、".join(library.programmes[p].name for p in programmes[:3])
    lines = [f"先打 {row['say_first']}", f"人先平安，钱的事接着办：可以申请{names}。", "愿意的话，跟我说说家里的情况。"]
    cite = citation(row.get("cite"), library)
    return reply(
        "emergency",
        lines,
        programme=programmes[0] if programmes else None,
        programmes=programmes,
        aspect=reading.aspect,
        citations=[cite] if cite else [],
        route={"name": "紧急", "phone": _number(row["say_first"]), "where": None, "say": row["say_first"]},
        confidence=reading.confidence,
        household=reading.household,
    )


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


def clarify(reading: Reading, library: Library, misses: int) -> Reply:
    """Not understood: say so, offer the likeliest programmes, and after two misses a person."""
    near = [library.programmes[p].name for p in reading.programmes[:3]]
    lines = ["我没听明白。您想问哪一项，或者说说家里谁有难处？"]
    if misses >= 2:
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
