"""What would change if …: supposed of a copy of the family; the real one stays as it was."""

from __future__ import annotations

import re
from typing import Any, List, Mapping, Optional

from actions import wording
from actions.family import MYSELF, flatten, merge, possible, said_back, who_of, with_fact
from actions.figures import figure_names, told_figures
from actions.people import spoken_of
from actions.reading import ASPECT_OF
from actions.reply import Reply, reply
from actions.screened import screening_reply
from actions.screening import household_of, key_of
from actions.state import Conversation
from actions.talk import Talk
from knowledge.replies import UNKNOWN, read_reply

CLEARLY_ASKS = 0.6
_IF = r"(要是|如果|假如|假设|万一|若是)"
_ELLIPSIS = re.compile(rf"^(那|那么)?{_IF}?(?P<fact>.{{2,12}}?)(的|的话)?呢[?？]?$")
_SUPPOSES = re.compile(rf"^(那|那么)?.{{0,8}}{_IF}(?P<fact>.{{2,24}})$")
_END = re.compile(r"(的话)?(呢|怎么办|咋办|会怎么样|会咋样|行不行|行吗|能领吗|[?？。])*$")
_GONE = re.compile(r"没了|去世|过世|不在了|走了")
_STATUS_LOST = re.compile(r"退|取消|停|没有|不吃|不是")
STATUSES = {
    "低保边缘": "dibao_edge", "低保": "dibao", "特困": "tekun", "五保": "tekun", "脱贫户": "out_of_poverty",
    "监测户": "unstable_out_of_poverty",
}  # fmt: skip


def supposed(talk: Talk) -> Optional[Reply]:
    """那住养老院的呢, 要是我家四口人呢, of a family that was told: supposed of a copy of it, never answered with a rule's text."""
    text, state = talk.reading.text, talk.state
    if not state.household or talk.reading.told:
        return None
    match = _SUPPOSES.match(text)
    if match:
        return _supposed_of_the_family(talk, _END.sub("", match["fact"]))
    match = _ELLIPSIS.match(text)
    if not match or talk.reading.named:
        return None
    person = _person(talk)
    for path in _supposable(text, person):
        question = talk.question(path)
        value = read_reply(match["fact"], question.as_dict()) if question else None
        if value is None or value is UNKNOWN:
            continue
        if path not in flatten(state.household) and not text.startswith(("那", "要是", "如果", "假如")):
            return None
        return what_if(talk, with_fact({}, path, value))
    return None


def _supposed_of_the_family(talk: Talk, fact: str) -> Optional[Reply]:
    """What follows an 要是, taken as size, standard, status, wage, living place, grade, income or age; else it is asked again."""
    reading, person = talk.reading, _person(talk)
    standard = told_figures(fact, asked_for=True)
    if standard:
        return what_if(talk, {}, standard)
    if _GONE.search(fact) and spoken_of(reading.text, [person]):
        return without(talk, person)
    status = next((name for word, name in STATUSES.items() if word in fact), None)
    if status:
        return what_if(talk, {"status": {status: not _STATUS_LOST.search(fact)}})
    for path in _supposable(fact, person):
        question = talk.question(path)
        value = read_reply(fact, question.as_dict()) if question else None
        if value is not None and value is not UNKNOWN:
            return what_if(talk, with_fact({}, path, value))
    if reading.named or reading.intent in ASPECT_OF and reading.confidence > CLEARLY_ASKS:
        return None
    return talk.with_question(reply("clarify", ["没听明白要假设什么，您换个说法？您家的情况没有改。"]))


def _person(talk: Talk) -> str:
    text, state = talk.reading.text, talk.state
    known = [str(member.get("id")) for member in state.household.get("members") or [{"id": "self"}]]
    return str(spoken_of(text, known) or ("self" if MYSELF.search(text) else state.person or known[0]))


def _supposable(text: str, person: str) -> List[str]:
    """What a short supposition may be about; numbers only with a word for what they are."""
    paths = [f"members[{person}].living", f"members[{person}].disability_grade"]
    paths += ["size"] if re.search("口人|[个口]人", text) else []
    paths += [f"members[{person}].monthly_wage"] if re.search("一个月|每月|月薪|工资", text) else []
    paths += ["annual_income"] if re.search("收入|挣", text) else []
    paths += [f"members[{person}].age"] if re.search("岁|满[0-9一二三四五六七八九]", text) else []
    return paths


def without(talk: Talk, person: str) -> Reply:
    """What would change if one of the family were no more."""
    household = talk.state.household
    left = [member for member in household.get("members") or [] if member.get("id") != person]
    fewer = {**household, "members": left}
    if isinstance(household.get("size"), (int, float)):
        fewer["size"] = household["size"] - 1
    who = who_of(person, talk.household, talk.state.called)
    return _imagined(talk, fewer, f"{who}不在了", talk.state.parameters)


def what_if(talk: Talk, facts: Mapping[str, Any], figures: Mapping[str, float] = {}) -> Optional[Reply]:
    """What would change if …: the real family stays as it was. None where nothing is supposed that differs."""
    state = talk.state
    merged, changes = merge(state.household, facts)
    if not changes and not figures or possible(merged, talk.library) is not None:
        return None
    imagined = Conversation.load({**state.dump(), "household": merged})
    words = said_back(household_of(imagined), [c["path"] for c in changes], talk.library, state.called)
    return _imagined(talk, merged, figure_names(figures) if figures else words, {**state.parameters, **figures})


def _imagined(talk: Talk, household: Mapping[str, Any], words: str, parameters: Mapping[str, float]) -> Reply:
    """The verdicts that another family would have, beside those of the real one."""
    state = talk.state
    before = {key_of(r): r for r in talk.assess().results}
    imagined = Conversation.load({**state.dump(), "household": household, "parameters": parameters})
    judgement = Talk(talk.reading, imagined, talk.day, talk.library).assess()
    moved = [
        r for r in judgement.results if before.get(key_of(r), {}).get("verdict") != r["verdict"] and not r["already"]
    ]
    moved.sort(key=lambda r: (r["verdict"] != "eligible", before.get(key_of(r), {}).get("verdict") != "eligible"))
    gained = [r["programme"] for r in moved if r["verdict"] == "eligible"]
    state.topic = gained[0] if gained else state.topic
    left = {key_of(r) for r in judgement.results}
    lost = [r["name"] for key, r in before.items() if r["verdict"] == "eligible" and key not in left]
    lines = [f"假如{words}："] + [wording.verdict_line(r) for r in moved[:3]] + [f"就没有「{name}」了。" for name in lost]
    lines += [] if moved or lost else ["结果跟现在一样。"]
    lines.append("这只是假设，您家的情况没有改。")
    said = screening_reply(talk, lines, judgement.without_question())
    said.custom.update(household=household_of(state), what_if=household, case_offer=False)
    said.buttons = []
    return talk.with_question(said)
