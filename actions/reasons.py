"""Turns in which the resident asks why, after an answer or a result: the words that it rests on, since documents seldom give a reason."""

from __future__ import annotations

import re
from typing import Any, Dict, List, Optional, Tuple

from actions import wording
from actions.answering import Answer, answer, source_line
from actions.reply import Reply, joined, reply, shortened
from actions.talk import Talk
from knowledge.plain import plain

LONGEST, SHORT, LONGEST_QUOTE = 14, 4, 90
MOST = 2
SURE = 0.5
NO_REASON = "再细的道理文件没写，可以问窗口或打 12345。"
_WHY = re.compile(
    r"^[那这可但]?(是|个)?(到底|究竟)?(为|凭)(什么|啥|么|何)|^(咋|怎么)(就)?(会)?(这样|这么定|这么规定)|^(什么|啥)(原因|道理)"
    r"|(为|凭)(什么|啥)[呢啊呀嘛]*[?？]?$"
)
_NOT = re.compile("不|没")
_SLOW = re.compile(r"慢|(这|那)么久|拖")
_ASKING_US = re.compile(r"问|打听|要知道|填")  # why the assistant asks


def reasoned(talk: Talk) -> Optional[Reply]:
    """Why what was just said is so; None where nothing was, or where the question pending is meant."""
    reading, state = talk.reading, talk.state
    said = plain(reading.text).text
    if not state.topic or not state.shown or reading.named or reading.told or len(said) > LONGEST or not _WHY.search(said):
        return None
    if _ASKING_US.search(said) or state.pending and len(said) <= SHORT or state.complaint and state.aspect == "review_or_complaint":
        return None
    found = _of_result(talk) if state.shown == "result" else []
    cites = joined([[cite for cite in (row["cite"] for row in found) if cite]])
    lines = [row["text"] for row in found]
    if not found:
        aspect = "process_time" if _SLOW.search(said) else state.aspect or "eligibility"
        told = answer(state.topic, aspect, state.region, talk.day, talk.library)
        lines, cites = _of_document(told), told.cites
    state.misses = 0
    said_back = reply(
        "answer",
        [*lines, NO_REASON, source_line(cites, talk.day, talk.library)],
        programme=state.topic,
        programmes=[state.topic],
        aspect=state.aspect,
        citations=cites,
        confidence=round(reading.confidence, 4),
    )
    return talk.with_question(said_back)


def _of_document(told: Answer) -> List[str]:
    """The clause's own words where they are short enough to be read, else the answer that rests on it."""
    for cite in told.cites:
        if cite["kind"] != "summary" and len(cite["quote"]) <= LONGEST_QUOTE:
            return [f"因为文件是这样写的：“{cite['quote'].rstrip('。；')}”。"]
    return ["因为文件是这样定的：", *shortened(told.lines, LONGEST_QUOTE)]


def _of_result(talk: Talk) -> List[Dict[str, Any]]:
    """The reasons of the result that the talk is about, those that fail first."""
    state = talk.state
    wanted = "ineligible" if _NOT.search(talk.reading.text) else "eligible"
    results = [r for r in talk.assess().results if r["verdict"] != "undetermined" and r["because"] and not r["already"]]

    def distance(r: Dict[str, Any]) -> Tuple[bool, bool, bool, int]:
        return r["verdict"] != wanted, r["programme"] != state.topic, r["programme"] not in state.focus, _failing(r)

    about = min(results, key=distance, default=None)
    if about is None:
        return []
    rows = sorted(about["because"], key=lambda row: row["holds"] is not False)
    first = {"text": wording.verdict_line(about), "cite": rows[0]["cite"]}
    return [first, *rows[: MOST if about["verdict"] == "eligible" else 0]]


def _failing(result: Dict[str, Any]) -> int:
    """How many of its conditions do not hold: what is nearest to be had is what one wonders about."""
    return sum(row["holds"] is False for row in result["because"])
