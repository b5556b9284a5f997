"""Danger to life or a child, heard twice: by what was learned, and by plain words that must never be missed."""

from __future__ import annotations

import re
from typing import Any, Mapping, Optional

LEARNED = 0.6
HINTED = 0.12
STRONGLY_HINTED = 0.3  # of one who asks about a rule
ASKS = 0.4
_WORDS = {
    "life": r"不想活|想死|自杀|寻死|上吊|跳楼|跳河|喝农药|割腕|轻生",
    "violence": r"(打|揍|砍|掐)(我|俺|她|我妈)(?!电话|工)|家暴|要杀我",
    "child": r"(孩子|娃|小孩|小娃).{0,14}(没人管|没人看|没大人|被打|挨打|一个人在家|锁在屋)",
    "fire": r"(正|还)(在)?(着火|烧着|起火)|着火了|起火了|洪水进|困在",
    "food": r"断粮|没饭吃|没东西吃|没吃的|没米下锅|饿(了|得).{0,3}(两|三|几|好几|直|慌|哭)",
    "medical": r"(昏|晕)(过去|倒|迷)|不省人事|喘不上气|大出血|不给治|不给抢救|不(收|救)病人",
}
_BRUISED_CHILD = re.compile(r"(孩子|娃|小孩).{0,40}(青一块紫一块|身上.{0,4}伤)")  # needs no hint
_PATTERNS = {kind: re.compile(words) for kind, words in _WORDS.items()}


def danger_in(message: Mapping[str, Any]) -> Optional[str]:
    """The kind of danger (`life`, `violence`, `child` …) that is learned for sure, or hinted at and said in plain words."""
    kinds = {
        str(row["name"]).partition("_")[2]: float(row["confidence"])
        for row in message.get("intent_ranking") or []
        if str(row["name"]).startswith("emergency_")
    }
    if not kinds:
        return None
    best, first = max(kinds, key=lambda kind: kinds[kind]), message["intent_ranking"][0]
    if kinds[best] >= LEARNED and first["name"] == f"emergency_{best}":
        return best
    text = message.get("text") or ""
    if _BRUISED_CHILD.search(text):
        return "child"
    said = [kind for kind, pattern in _PATTERNS.items() if kind in kinds and pattern.search(text)]
    asks = str(first["name"]).startswith("ask_") and first["confidence"] >= ASKS
    enough = sum(kinds.values()) >= (STRONGLY_HINTED if asks else HINTED)
    return max(said, key=lambda kind: kinds[kind]) if said and enough else None
