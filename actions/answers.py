"""The pending question's answer, read from whatever a person typed."""

from __future__ import annotations

import re
from typing import Any, Dict, Optional

from actions.family import flatten, retarget
from actions.reading import ASPECT_OF
from actions.screening import STATUS
from actions.talk import Talk
from knowledge.replies import UNKNOWN, read_reply

ANSWERS = (
    "inform", "affirm", "deny", "dont_know", "correct", "tell_family", "nlu_fallback", "greet", "thanks", "more", "help",
)  # fmt: skip
QUESTIONS = set(ASPECT_OF) - {"tell_family", "ask_eligibility"}
SURE = 0.6
SHORT = 12
_NONE = re.compile(r"都没有|全没有|没有|都不是|都冇|冇|没")
_INDEX = re.compile(r"^(第|选|选第)?([1-9一二三四五六七八九])(个|项|种|号)?(吧|的)?[。.]?$")
# Words that, where the question does not have them, show that something else is spoken of.
MATTERS = ("残疾", "低保", "特困", "房", "收入", "养老", "岁", "户口", "脱贫", "上学", "工资", "医药费")
_WILL = re.compile(r"^(我们|我|俺|他|她|家里)*(?P<verb>想|要|愿意|能|领)")
_CLAUSE = re.compile(r"[，,。！!；;\n]+")


def answer_to_pending(talk: Talk) -> Any:
    """The value told for the question just asked (several statuses: `{path: bool}`), UNKNOWN, or None where it is no answer."""
    reading = talk.reading
    if reading.intent == "what_if" or reading.hypothetical or _asks(talk):
        return None
    if reading.told and talk.state.pending != STATUS:
        return _value_among_facts(talk)
    value = _value(talk, reading.text)
    return value if len(reading.text) <= SHORT or reading.intent in ANSWERS else None


def _value_among_facts(talk: Talk) -> Any:
    """Where a message tells facts, the pending one may be among them, or its answer stands alone in the first clause.

    女儿 14 岁 is not the age of the mother who was asked about.
    """
    pending, reading = str(talk.state.pending), talk.reading
    facts = flatten(retarget(reading.household, talk.state.person, reading.text))
    if pending in facts:
        return facts[pending]
    first, *rest = [piece for piece in _CLAUSE.split(reading.text) if piece]
    own = {span.get("start", 0) for span in reading.spans}
    return _value(talk, first) if rest and min(own, default=0) >= len(first) else None


def _asks(talk: Talk) -> bool:
    """Whether a message plainly asks something (要带什么 is no yes), though it may start like an answer."""
    reading = talk.reading
    return reading.intent in QUESTIONS and reading.confidence >= SURE and not reading.told


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
        verb = _WILL.match(text)
        if verb and len(text) > len(verb[0]) and verb["verb"] not in question.ask:
            return None
    said = question.ask + "".join(choice["label"] for choice in question.choices)
    if question.choices and any(word in text and word not in said for word in MATTERS):
        return None
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


def fact_by_label(talk: Talk) -> Dict[str, Any]:
    """A fact of the household told in the very words of a choice, though another was asked: 农村户口, 是危房, 脱贫户."""
    text = talk.reading.text.strip("。，,.!！ ")
    for path, fact in talk.library.facts.items():
        if path.startswith("status.") and fact.label == text:
            return {path: True}
        if not path.startswith("member."):
            found = [choice.value for choice in fact.choices if choice.label == text]
            if found:
                return {path: found[0]}
    return {}


def index_of(text: str) -> Optional[int]:
    """第二个, 选2, 2 → 1; None where the text is no number of a choice."""
    match = _INDEX.match(text.strip())
    return ("一二三四五六七八九".find(match[2]) + 1 or int(match[2])) - 1 if match else None
