"""What would change if …: supposed of a copy of the family; the real one stays as it was."""

from __future__ import annotations

import re
from typing import Any, Dict, List, Mapping, Optional

from actions import wording
from actions.family import flatten, merge, possible, said_back, who_of, with_fact
from actions.figures import figure_names, told_figures
from actions.naming import names_in
from actions.people import spoken_of
from actions.reading import ASPECT_OF
from actions.reply import Reply, reply
from actions.screened import screening_reply
from actions.screening import household_of, key_of
from actions.state import Conversation
from actions.talk import Talk
from knowledge.plain import plain
from knowledge.replies import UNKNOWN, read_reply

CLEARLY_ASKS = 0.6
_SEVERAL = re.compile("[他她]们?[俩两]|[他她]们|[两俩]个|都")
_IF = r"(要是|如果|假如|假设|万一|若是|等(?=.{0,6}[到满过])|要(?=都|也|去|住|不(?!要)|没|退|满|到|真|搬))"
_ELLIPSIS = re.compile(rf"^(那|那么)?{_IF}?(?P<fact>.{{2,12}}?)(的|的话)?呢[?？]?$")
_SUPPOSES = re.compile(rf"^(那|那么)?.{{0,8}}?{_IF}(?P<fact>.{{2,24}})$")
_END = re.compile(r"(的话)?(呢|怎么办|咋办|会怎么样|会咋样|行不行|行吗|能领吗|[?？。])*$")
_WHAT_TO_DO = re.compile("怎么办|咋办|咋整|咋弄")
_NEXT_YEAR = re.compile("(那|那么)?(到了?|等)?(明年|再过一年|过一年)(能领|能)?(呢|吗|不|咋样|怎么样)[?？]?")
_GONE = re.compile(r"没了|去世|过世|不在了|走了")
_STATUS_LOST = re.compile(r"退|取消|停|没有|不吃|不是")
_BARE_AGE = re.compile("岁|[满到过]了?[0-9一二三四五六七八九]")
STATUSES = {
    "低保边缘": "dibao_edge", "低保": "dibao", "特困": "tekun", "五保": "tekun", "脱贫户": "out_of_poverty",
    "监测户": "unstable_out_of_poverty",
}  # fmt: skip
_LEAVES = re.compile("(主动|自愿|自己)(申请)?(退|不要)")


def supposed(talk: Talk) -> Optional[Reply]:
    """那住养老院的呢, 要是我家四口人呢, of a family that was told: supposed of a copy of it, never answered with a rule's text."""
    text, state = talk.reading.text, talk.state
    if not state.household or talk.reading.told:
        return None
    if _NEXT_YEAR.fullmatch(text):
        return _a_year_older(talk)
    match = _SUPPOSES.match(text)
    if match:
        return _supposed_of_the_family(talk, _END.sub("", match["fact"]))
    match = _ELLIPSIS.match(text)
    if not match or talk.reading.named:
        return None
    for path, value in _read(talk, text, match["fact"]).items():
        if path not in flatten(state.household) and not text.startswith(("那", "要是", "如果", "假如")):
            return None
        return what_if(talk, _of_each(path, value, _people(talk)))
    return None


def _a_year_older(talk: Talk) -> Optional[Reply]:
    """明年呢: everybody whose age is known is a year older."""
    ages = {path: age for path, age in flatten(talk.state.household).items() if path.endswith(".age") and isinstance(age, (int, float))}
    older: Dict[str, Any] = {}
    for path, age in ages.items():
        older = with_fact(older, path, age + 1)
    return what_if(talk, older) if ages else None


def _supposed_of_the_family(talk: Talk, fact: str) -> Optional[Reply]:
    """What follows an 要是, taken as size, standard, status, wage, living place, grade, income or age; else it is asked again."""
    reading, people = talk.reading, _people(talk)
    standard = told_figures(fact, asked_for=True)
    if standard:
        return what_if(talk, {}, standard)
    if _GONE.search(fact) and spoken_of(reading.text, people):
        return without(talk, people[0])
    if _LEAVES.search(fact):
        return what_if(talk, {"applied_to_leave_dibao": True}) or _as_it_is(talk)
    status = next((name for word, name in STATUSES.items() if word in fact), None)
    if status:
        return what_if(talk, {"status": {status: not _STATUS_LOST.search(fact)}}) or _as_it_is(talk)
    for path, value in _read(talk, fact, fact).items():
        return what_if(talk, _of_each(path, value, people)) or _as_it_is(talk)
    if reading.named or _WHAT_TO_DO.search(reading.text) or reading.intent in ASPECT_OF and reading.confidence > CLEARLY_ASKS:
        return None
    return talk.with_question(reply("clarify", ["没听明白要假设什么，您换个说法？您家的情况没有改。"]))


def _read(talk: Talk, text: str, fact: str) -> Dict[str, Any]:
    """The first fact that the words may suppose, of the first person spoken of."""
    for path in _supposable(text, _people(talk)[0]):
        question = talk.question(path)
        value = read_reply(fact, question.as_dict()) if question else None
        if value is not None and value is not UNKNOWN:
            return {path: value}
    return {}


def _of_each(path: str, value: Any, people: List[str]) -> Dict[str, Any]:
    """A fact supposed of one, supposed of all who are spoken of."""
    facts: Dict[str, Any] = {}
    for person in people if path.startswith("members[") else [""]:
        facts = with_fact(facts, path.replace(f"[{people[0]}]", f"[{person}]"), value)
    return facts


def _as_it_is(talk: Talk) -> Reply:
    """What was supposed is what was told."""
    return talk.with_question(reply("screening", ["现在记的就是这样，结果不变。您家的情况没有改。"], aspect="eligibility"))


def _people(talk: Talk) -> List[str]:
    """Whom the words are about: those named, all last told of where it says 他俩 or 都, oneself, or the one spoken of before."""
    text, state = talk.reading.text, talk.state
    known = [str(member.get("id")) for member in state.household.get("members") or [{"id": "self"}]]
    named = [member for name in names_in(plain(text).text, [], state) if name.sure for member in name.members if member in known]
    if not named and _SEVERAL.search(text):
        named = [member for member in state.together if member in known]
    return list(dict.fromkeys(named)) or [state.person or known[0]]


def _supposable(text: str, person: str) -> List[str]:
    """What a short supposition may be about; numbers only with a word for what they are."""
    paths = [f"members[{person}].living", f"members[{person}].disability_grade"]
    paths += ["size"] if re.search("口人|[个口]人", text) else []
    paths += [f"members[{person}].monthly_wage"] if re.search("一个月|每月|月薪|工资", text) else []
    paths += ["annual_income"] if re.search("收入|挣", text) else []
    paths += [f"members[{person}].age"] if _BARE_AGE.search(text) else []
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
    was = {key: r["verdict"] for key, r in before.items()}
    moved = [r for r in judgement.results if was.get(key_of(r)) != r["verdict"] and not r["already"]]
    told_of = [r for r in moved if "eligible" in (r["verdict"], was.get(key_of(r)))]
    moved = told_of or moved  # what neither was nor becomes a gain is told only where nothing else moves
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
