"""The pending question's answer, read from whatever a person typed."""

from __future__ import annotations

import re
from typing import Any, Optional

from actions.family import flatten
from actions.screening import STATUS
from actions.talk import Talk
from knowledge.replies import UNKNOWN, read_reply

ANSWERS = (
    "inform", "affirm", "deny", "dont_know", "correct", "tell_family", "nlu_fallback", "greet", "thanks", "more", "help",
)  # fmt: skip
SHORT = 12
_NONE = re.compile(r"都没有|全没有|没有|都不是|都冇|冇|没")
_INDEX = re.compile(r"^(第|选|选第)?([1-9一二三四五六七八九])(个|项|种|号)?(吧|的)?[。.]?$")
_CLAUSE = re.compile(r"[，,。！!；;\n]+")


def answer_to_pending(talk: Talk) -> Any:
    """The value told for the question just asked (several statuses: `{path: bool}`), UNKNOWN, or None where it is no answer."""
    reading = talk.reading
    if reading.intent == "what_if" or reading.hypothetical:
        return None
    value = _value(talk, reading.text)
    fits = len(reading.text) <= SHORT or reading.intent in ANSWERS or reading.told > 0 and not reading.asks
    return value if fits else None


def answer_before_question(talk: Talk) -> Any:
    """The answer that stands before a question in the same message: 住家里，那住养老院能补多少."""
    first, *rest = [piece for piece in _CLAUSE.split(talk.reading.text) if piece]
    return _value(talk, first) if rest else None


def _value(talk: Talk, text: str) -> Any:
    if talk.state.pending == STATUS:
        return _statuses(talk, text)
    question = talk.question(talk.state.pending)
    if question is None:
        return None
    if question.kind == "yesno":
        picked = index_of(text)
        if picked is not None:
            return [True, False, UNKNOWN][picked] if picked < 3 else None
    return read_reply(text, question.as_dict())


def _statuses(talk: Talk, text: str) -> Any:
    """Which of the statuses asked at once the family has; those not named, having been asked, are not held."""
    group, picked = talk.state.group, index_of(text)
    if picked is not None and picked <= len(group) + 1:
        return {path: at == picked for at, path in enumerate(group)} if picked <= len(group) else UNKNOWN
    if talk.reading.intent == "dont_know":
        return UNKNOWN
    named = flatten(talk.reading.household)
    held = [p for p in group if named.get(p) or talk.library.facts[p].label.split("（")[0] in text]
    none = talk.reading.intent == "deny" or bool(_NONE.search(text))
    return {path: path in held for path in group} if held or none else None


def index_of(text: str) -> Optional[int]:
    """第二个, 选2, 2 → 1; None where the text is no number of a choice."""
    match = _INDEX.match(text.strip())
    return ("一二三四五六七八九".find(match[2]) + 1 or int(match[2])) - 1 if match else None
