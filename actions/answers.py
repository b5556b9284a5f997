"""The pending question's answer, read from whatever a person typed."""

from __future__ import annotations

import re
from typing import Any, Dict, Optional

from actions.everybody import WHOSE, answer_of_all, asks_of_one, numbers_of
from actions.family import flatten, retarget
from actions.people import KINDS, kind_of
from actions.reading import ASPECT_OF
from actions.screening import paths_of
from actions.talk import Talk
from knowledge.plain import plain
from knowledge.replies import UNKNOWN, read_reply
from rules.together import is_group, of_all

ANSWERS = (
    "inform", "affirm", "deny", "dont_know", "correct", "tell_family", "nlu_fallback", "greet", "thanks", "more", "help",
)  # fmt: skip
QUESTIONS = set(ASPECT_OF) - {"tell_family", "ask_eligibility"}
SURE = 0.6
SHORT = 12
# None of the statuses asked at once: the whole reply, or its first clause, says so.
_NONE = re.compile(
    r"(我们?|俺们?|咱们?|这些|那些|上面(的)?)*(家里?)?(现在|目前|都|全|全都|一个|哪个|一样|一项|啥|什么|也|从来|以上)*"
    r"(没有?|没得|莫得|不是|无|不沾|不属于|没领|没办|没评上?)(过|一个|这些|哪个|哪一个|那些|这种|身份|的|了|啊|呀|呢|哦|吧|嘛|啦)*"
)
_INDEX = re.compile(r"^(第|选|选第)?([1-9一二三四五六七八九])(个|项|种|号)?(吧|的)?[。.]?$")
# Words that, where the question does not have them, show that something else is spoken of.
MATTERS = ("残疾", "低保", "特困", "房", "收入", "养老", "岁", "户口", "脱贫", "上学", "工资", "医药费")
_WILL = re.compile(r"^(我们|我|俺|他|她|家里)*(?P<verb>想|要|愿意|能|领)")
_THANKS = re.compile(  # no yes
    r"(好的?|行|嗯|哦|知道了|明白了|[，,。 ])*(谢谢|多谢|谢了|感谢)([您你啊了哈呀。！!]|闺女|姑娘|小伙子?|大[姐哥]|同志|师傅)*"
)
# Facts whose answer names nobody else (父母还在吗 is answered with 爸爸).
_OWN = re.compile(r"^members\[(.+)\]\.(living|age|disability_grade|self_care|employed|studying|work_ability|serious_illness)$")
_FRAME = re.compile(r"^(我们?家?|俺们?家?|家里)?(都|就)?[是系]?|(的|啊|呀|呢)+$")
_CLAUSE = re.compile(r"[，,。！!；;\n\s]+")
_WAS = re.compile("以前|过去|原来|曾|停|取消|退|吗|么|[?？]|有没有|是不是|什么|啥|怎么|咋")
# How people call a status; anything else goes by its label.
_STATUS_WORDS = {
    "status.registered_poor": "建档立卡|还没脱贫", "status.dibao": "低保(?!边缘)", "status.tekun": "特困|五保",
    "status.unstable_out_of_poverty": "监测户|脱贫不稳定", "status.edge_poverty": "边缘易致贫|(?<!低保)边缘户",
    "status.out_of_poverty": "脱贫户", "status.dibao_edge": "低保边缘",
}  # fmt: skip


def answer_to_pending(talk: Talk) -> Any:
    """The value told for the question just asked (of a group: `{path: value}`), UNKNOWN, or None where it is no answer."""
    reading, pending = talk.reading, str(talk.state.pending)
    if reading.hypothetical or _THANKS.fullmatch(reading.text):
        return None
    if is_group(pending) and (reading.asks or asks_of_one(reading.text)):  # 低保能办吗 does not say that they have it
        return None
    if is_group(pending) and (of_all(pending) or _ticked(talk)):
        return _value(talk, reading.text)
    if reading.intent == "what_if" or _asks(talk):
        return None
    if reading.told and not is_group(pending):
        return _value_among_facts(talk)
    value = _value(talk, reading.text)
    return value if len(reading.text) <= SHORT or reading.intent in ANSWERS else None


def _ticked(talk: Talk) -> bool:
    """Whether a message is several choices as the page sends them: 脱贫户、正在领低保."""
    question = talk.question(talk.state.pending)
    return question is not None and set(talk.reading.text.split("、")) <= {choice["label"] for choice in question.choices}


def _value_among_facts(talk: Talk) -> Any:
    """Where a message tells facts, the pending one may be among them, or its answer stands alone in the first clause.

    女儿 14 岁 is not the age of the mother who was asked about.
    """
    pending, reading = str(talk.state.pending), talk.reading
    facts = flatten(retarget(reading.household, reading.people, talk.state.person, reading.text))
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
    value = _value(talk, first) if rest else None
    return None if value is WHOSE else value


def _value(talk: Talk, text: str) -> Any:
    if is_group(str(talk.state.pending)):
        return answer_of_all(talk, text) if of_all(talk.state.pending) else _statuses(talk, text)
    question = talk.question(talk.state.pending)
    if question is None or _of_another(str(talk.state.pending), text):
        return None
    if question.kind == "yesno":
        if question.path.startswith("status.") and _calls_itself(question.path, plain(text).text, talk) and not _WAS.search(text):
            return True
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


def _of_another(pending: str, text: str) -> bool:
    """Whether a reply speaks of somebody else than was asked about: 爷爷回家了 is no answer for 奶奶."""
    asked = _OWN.match(pending)
    named = [kind for kind, words in KINDS.items() if re.search(words, text)] if asked else []
    return bool(asked and named) and kind_of(asked[1] if asked else "") not in named


def _statuses(talk: Talk, text: str) -> Any:
    """Which of the statuses asked at once the family has; those not named, having been asked, are not held."""
    pending = str(talk.state.pending)
    group, picked = paths_of(pending, talk.state), numbers_of(text)
    if picked and max(picked) <= len(group) + 1:
        return {path: at in picked for at, path in enumerate(group)} if len(group) + 1 not in picked else UNKNOWN
    if read_reply(text, {"path": pending, "kind": "yesno"}) is UNKNOWN:
        return UNKNOWN
    named, said = flatten(talk.reading.household), [plain(piece).text for piece in _CLAUSE.split(text.strip()) if piece]
    pieces = "".join(said).split("、")
    held = [p for p in group if named.get(p) or p not in named and any(_calls_itself(p, piece, talk) for piece in pieces)]
    none = not talk.reading.told and any(map(_NONE.fullmatch, ["".join(said), *said[:1]]))
    return {path: path in held for path in group} if held or none else None


def _calls_itself(path: str, said: str, talk: Talk) -> bool:
    """Whether a short reply is the name of a status: 脱贫户, 是低保户, 建档立卡; 不是脱贫户 is not."""
    words = _STATUS_WORDS.get(path) or re.escape(talk.library.facts[path].label.split("（")[0])
    return len(said) <= SHORT and bool(re.search(words, said)) and not re.search(f"(不是|没|非|不算|不在).{{0,2}}({words})", said)


def fact_by_label(talk: Talk) -> Dict[str, Any]:
    """A fact of the household told in the words of a choice, though another was asked: 农村户口, 农村的, 是危房, 脱贫户."""
    text = talk.reading.text.strip("。，,.!！ ")
    short = _FRAME.sub("", text)
    for path, fact in talk.library.facts.items():
        words = _STATUS_WORDS.get(path) if path.startswith("status.") else None
        if path.startswith("status.") and fact.label == text or words and re.fullmatch(f"({words})(户|家庭|对象)?", short):
            return {path: True}
        if not path.startswith("member."):
            found = [c.value for c in fact.choices if c.label == text or len(short) > 1 and c.label.startswith(short)]
            if found:
                return {path: found[0]}
    return {}


def index_of(text: str) -> Optional[int]:
    """第二个, 选2, 2 → 1; None where the text is no number of a choice."""
    match = _INDEX.match(text.strip())
    return ("一二三四五六七八九".find(match[2]) + 1 or int(match[2])) - 1 if match else None
