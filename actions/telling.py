"""Turns in which a family is told of: facts taken in and remembered, whom and what the talk is about."""

from __future__ import annotations

import re
from typing import Any, Callable, Dict, List, Optional, Sequence

from actions.everybody import settle
from actions.family import MYSELF, flatten, merge, outgrown, possible, who_of, with_fact
from actions.naming import names_in
from actions.people import (
    ADULT,
    called_by,
    identified,
    kind_of,
    names_somebody,
    word_for,
)
from actions.reading import signs
from actions.reply import Reply, reply
from actions.screened import SURE, screened
from actions.screening import CERTIFIED, household_of, member_of
from actions.supposing import what_if
from actions.talk import Talk
from actions.whose import facts_of, told_of
from rules.quantity import quantity, spoken
from rules.together import group_of, is_group, of_all

_SUPPOSED = re.compile(r"要是|如果|假如|假设|万一")
_THEN = re.compile("[^，。的]呢[?？]?$")
STORY = 12
LEAP = 15  # years
FOCUS_AT_MOST = 6
STATUSES_ONLY = ("poverty_prevention_status",)  # told to get something else by it


def told(talk: Talk) -> Reply:
    """Facts about the family: merge them, say them back, judge, ask on."""
    reading, state = talk.reading, talk.state
    facts = facts_of(talk)
    supposes = reading.hypothetical or _asks_of_another(talk, facts)
    if reading.intent == "what_if" and reading.confidence > SURE or supposes and state.household:
        imagined = what_if(talk, facts)
        if imagined is not None:
            return imagined
        if _SUPPOSED.search(reading.text):
            return talk.with_question(reply("clarify", ["没听明白要假设什么，您换个说法？您家的情况没有改。"]))
    merged, changes = merge(state.household, facts)
    return _whose_age(talk, changes) or _taken(talk, merged, changes)


def _whose_age(talk: Talk, changes: List[Dict[str, Any]]) -> Optional[Reply]:
    """An age far from the one known, of somebody not named, may be another person's: it is asked, and nothing is changed."""
    text, state = talk.reading.text, talk.state
    if talk.reading.correction or names_somebody(text) or MYSELF.search(text):
        return None
    for change in changes:
        known = change["from"] if change["path"].endswith(".age") else None
        if change["path"] == "members[self].age" and quantity(change["to"])[1] < ADULT and state.household.get("members"):
            age = spoken(quantity(change["to"]))
            return talk.with_question(reply("clarify", [f"{age} 岁的是谁？比如“我儿子 {age} 岁”。这句还没有记。"]))
        if known is not None and abs(quantity(change["to"])[0] - quantity(known)[0]) > LEAP:
            who = who_of(member_of(change["path"]), household_of(state), state.called)
            was, now = (spoken(quantity(age)) for age in (known, change["to"]))
            words = f"前面记的{who}是 {was} 岁，没有改。说的是别人，告诉我是谁；要改，就说“{who.removeprefix('您')}是 {now} 岁”。"
            return talk.with_question(reply("clarify", [words]))
    return None


def _asks_of_another(talk: Talk, facts: Dict[str, Any]) -> bool:
    """她满八十呢: asked of what is known, told otherwise."""
    known = flatten(talk.state.household)
    told = [path for path in flatten(facts) if not path.endswith(".relation")]
    return bool(_THEN.search(talk.reading.text)) and not talk.reading.correction and all(path in known for path in told)


def _taken(talk: Talk, merged: Dict[str, Any], changes: List[Dict[str, Any]]) -> Reply:
    """Keep the household as it is now told, unless it is impossible, and judge it anew."""
    if outgrown(merged) and "size" not in talk.reading.household:
        merged = with_fact(merged, "size", None)  # more people are told of than were counted: asked again
    flaw = talk.flaw(merged)
    if flaw is not None:
        return flaw
    before = signs(household_of(talk.state), talk.library)
    keep(talk, merged)
    _look_at(talk, before)
    return screened(talk, changes)


def taken_in(talk: Talk) -> bool:
    """Keep facts told on the way to a question; False where they cannot be right."""
    before = signs(household_of(talk.state), talk.library)
    merged, _ = merge(talk.state.household, facts_of(talk))
    if possible(merged, talk.library) is not None:
        return False
    keep(talk, merged)
    _look_at(talk, before)
    return True


def _look_at(talk: Talk, before: List[str]) -> None:
    """What the screening is about: what a first telling names or points to, later also what new facts point to.

    Nothing means every programme of the place.
    """
    reading, state, library = talk.reading, talk.state, talk.library
    pointed = signs(household_of(state), library)
    if not state.screening:
        learned = reading.programmes[: 2 if reading.asks else 1] if reading.sure > SURE else []
        meant = sorted({*reading.named, *learned} - set(STATUSES_ONLY), key=_rank_in(reading.programmes))
        wanted = meant + [p for p in [state.topic] if p] + pointed
        state.focus = [p for p in dict.fromkeys(wanted) if library.programmes[p].screened][:FOCUS_AT_MOST]
    elif state.focus:
        state.focus = list(dict.fromkeys(state.focus + [p for p in pointed if p not in before]))
    if state.focus:
        good = [r["programme"] for r in talk.assess().results if r["verdict"] == "eligible" and not r["already"]]
        state.focus = list(dict.fromkeys(state.focus + [p for p in good if p not in STATUSES_ONLY]))
    if state.focus and not state.household.get("members") and library.programmes[state.focus[0]].group == "儿童":
        state.household = {**state.household, "members": [{"id": "other", "relation": "other"}]}
        state.called["other"], state.person = "孩子", "other"
    state.screening = True


def _rank_in(order: Sequence[str]) -> Callable[[str], int]:
    return lambda one: order.index(one) if one in order else len(order)


def keep(talk: Talk, household: Dict[str, Any]) -> None:
    """Remember the family, the resident's own words for it, and whom the talk is about."""
    state, reading = talk.state, talk.reading
    names = identified(told_of(talk), reading.people, state, reading.text)
    state.household, state.misses = household, 0
    for span in reading.spans:
        state.words[_renamed(span["path"], names)] = span.get("text") or ""
    people = list(names.values())
    for name, said in reading.people.items():
        member = names.get(name, name)
        if name in names:
            state.people.setdefault(member, said["key"])
        if name in names and (word := called_by(member, said)):
            state.called.setdefault(member, word)
    if "spouse" in people and "spouse" not in reading.people:  # told of as 她爸
        state.called.setdefault("spouse", "爱人")
    state.together = people if len(people) > 1 else state.together
    spoken = people if len(people) == 1 else [one for one in people if one != "self"]
    if len(spoken) == 1 and (spoken[0] != "other" or "other" in state.called):
        state.person = spoken[0]


def _renamed(path: str, names: Dict[str, str]) -> str:
    member = member_of(path)
    return path.replace(f"[{member}]", f"[{names[member]}]", 1) if member in names else path


def speaks_of(talk: Talk) -> None:
    """Whom the first words of a message are about, though nothing is told of them yet: 我妈被打了 … 她71."""
    names = [name for name in names_in(talk.reading.text, [], talk.state) if name.sure and len(name.members) == 1]
    names = [name for name in names if name.members[0] != "self"] or names
    if names and talk.state.person is None:
        member = names[0].members[0]
        talk.state.person = member
        word = word_for(kind_of(member), talk.reading.text)
        talk.state.called.update({member: word} if word else {})


def answered(talk: Talk, value: Any) -> Reply:
    """The pending question's own answer, with whatever else the message tells."""
    path, state, reading = str(talk.state.pending), talk.state, talk.reading
    if is_group(path) and of_all(path):
        return of_everybody(talk, value)
    values = value if isinstance(value, dict) else {path: value}
    state.declined += [path] if value == list(CERTIFIED) else []  # 有，不知道几级: not asked again
    merged = state.household
    for one, said in values.items():
        merged = with_fact(merged, one, said)
    changes = [{"path": one, "from": None, "to": said} for one, said in values.items() if said or len(values) == 1]
    if len(reading.text) > STORY or reading.told > 1:
        more, others = merge(merged, facts_of(talk))
        if possible(more, talk.library) is None and (is_group(path) or flatten(more).get(path) == value):
            merged, changes = more, changes + others
    return _taken(talk, merged, changes)


def of_everybody(talk: Talk, value: Dict[str, Any]) -> Reply:
    """Who of the family it is, and who it is not; what else the message tells counts too, but not of the same fact."""
    state = talk.state
    values = settle(value, state, talk.reading.text)
    groups = {group_of(path) for path in value}
    told = {path: said for path, said in flatten(facts_of(talk)).items() if group_of(path) not in groups}
    merged = state.household
    for path, said in {**told, **values}.items():
        merged = with_fact(merged, path, said)
    changes = [{"path": path, "from": None, "to": said} for path, said in {**values, **told}.items()]
    return _taken(talk, merged, changes)
