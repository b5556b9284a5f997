"""Danger to life or a child, heard twice: by plain words that must never be missed, and by what was learned.

A number too many at the top of a reply is cheap, a danger missed is not. Both are quiet where they tell of another time, suppose, were
heard of elsewhere, or name a rule's case (家暴受害者).
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any, Dict, Mapping, Optional

from knowledge.library import Library
from knowledge.plain import plain

LEARNED, LEARNED_OF_FEW_WORDS, LEARNED_OF_A_FAMILY = 0.4, 0.6, 0.8  # share of danger from which a message is one
FEW_WORDS, FEWEST = 8, 5
RIVAL = 5  # how many times likelier than all emergencies another reading may be
EMERGENCY = "emergency_"
STORY = 40
TOLD_OFTEN = ("medical", "gas", "fire", "missing_person")  # in a long story these are mostly what once was
_CLAUSE = re.compile(r"[，。！？；,!?;\s]+")
_PAST = re.compile(
    r"以前|从前|当年|那年|那时候?|早年|早些年|小时候|年轻时|去年|前年|[\d一二两三四五六七八九十几]年前|上个月|前几年|曾经|过一回"
)
_NOW = re.compile(r"现在|如今|而今|这会儿?|又|正在|刚|今天|今晚|昨[天晚夜]|天天|还在|快来|一直|经常|马上")
_LONG_GONE = re.compile(r"(走|死|没|去世|过世)得早|(走|死|没|去世|过世)了(好)?[\d几一二两三四五六七八九十多]+年")
_SUPPOSED = re.compile(r"如果|要是|万一|假如|假设|若是|哪天")
_HEARD_OF = re.compile(r"听说|电视|新闻|网上|抖音|受害(者|人)|属于|算不算|算.{2,10}吗|归谁管|犯法|[是叫](什么|啥)意思|什么是")
# A question of aid beside these is mostly about a rule (孩子没人养能领什么); who is beaten or starves is in danger all the same.
_ASKS_FOR_AID = re.compile(r"能申请|能领|能办|怎么补")
_RULES_OF = ("child", "fire", "missing_person")
_OVER = re.compile(
    r"收养|坐牢|判了|判刑|差点|花了|花费|报销|报医保|能报|出院|后遗症|植物人|哮喘|尘肺|肺气肿|压得|救回来|没救过来|走了[^，]{0,3}年|[几两]回|[干走爬].{0,4}就?喘"
)


def danger_in(message: Mapping[str, Any], library: Library) -> Optional[str]:
    """The kind of danger (`life`, `violence`, `child` …) that a message says in plain words, or that was learned."""
    text = _clauses(message)
    said = _plainly(text, library)
    if said is not None:
        return said
    learned = None if _past(text) or _LONG_GONE.search(text) or _SUPPOSED.search(text) or _HEARD_OF.search(text) else _learned(message)
    return None if learned in _RULES_OF and _ASKS_FOR_AID.search(text) else learned


def strength(message: Mapping[str, Any], library: Library) -> float:
    """How strongly danger is heard in a message in which it is: 1 where plain words say it, else the share of all its readings."""
    return 1.0 if _plainly(_clauses(message), library) else sum(_kinds(message).values())


def _clauses(message: Mapping[str, Any]) -> str:
    return "，".join(plain(clause).text for clause in _CLAUSE.split(str(message.get("text") or "")) if clause)


def _plainly(text: str, library: Library) -> Optional[str]:
    """The kind of danger that plain words say."""
    for kind, pattern in _patterns(library).items():
        if any(not _quiet(kind, text, match) for match in pattern.finditer(text)):
            return kind
    return None


def _kinds(message: Mapping[str, Any]) -> Dict[str, float]:
    rows = {str(row["name"]): float(row["confidence"]) for row in message.get("intent_ranking") or []}
    return {name[len(EMERGENCY) :]: sure for name, sure in rows.items() if name.startswith(EMERGENCY)}


def _learned(message: Mapping[str, Any]) -> Optional[str]:
    """The likeliest kind of emergency, where danger was heard and no other reading is much likelier (算了 is no 不想活了)."""
    kinds = _kinds(message)
    others = [float(row["confidence"]) for row in message.get("intent_ranking") or [] if not str(row["name"]).startswith(EMERGENCY)]
    rival = max(others, default=0.0)
    length = len(str(message.get("text")))
    enough = LEARNED if length > FEW_WORDS else LEARNED_OF_FEW_WORDS
    enough = LEARNED_OF_A_FAMILY if (message.get("facts") or {}).get("household") else enough
    if not kinds or length < FEWEST or float(message.get("danger") or 0.0) < enough or sum(kinds.values()) * RIVAL < rival:
        return None
    return max(kinds, key=lambda kind: kinds[kind])


@lru_cache(maxsize=2)
def _patterns(library: Library) -> Dict[str, "re.Pattern[str]"]:
    return {kind: re.compile("|".join(f"(?:{words})" for words in row["words"])) for kind, row in library.emergencies.items()}


def _quiet(kind: str, text: str, said: "re.Match[str]") -> bool:
    """Whether plain words of danger are told of another time, supposed, heard of, or already in a doctor's or a court's hands."""
    start, end = text.rfind("，", 0, said.start()) + 1, text.find("，", said.end())
    clause = text[start : end if end >= 0 else None]
    if kind != "life" and _SUPPOSED.search(text, start, said.start()):
        return True
    if kind in TOLD_OFTEN and len(text) > STORY and not _NOW.search(clause) or kind in _RULES_OF and _ASKS_FOR_AID.search(clause):
        return True
    return bool(_HEARD_OF.search(clause) or kind != "life" and _OVER.search(text) or _past(clause) or _past(text))


def _past(text: str) -> bool:
    return bool(_PAST.search(text)) and not _NOW.search(text)
