"""Turns in which a family is told of: facts taken in and remembered, whom and what the talk is about."""

from __future__ import annotations

import re
from typing import Any, Callable, Dict, List, Sequence

from actions.everybody import settle
from actions.family import flatten, merge, possible, retarget, with_fact
from actions.people import apart, people_called
from actions.reading import signs
from actions.reply import Reply, reply
from actions.screened import SURE, screened
from actions.screening import CERTIFIED, household_of
from actions.supposing import what_if
from actions.talk import Talk
from rules.together import group_of, is_group, of_all

_SUPPOSED = re.compile(r"要是|如果|假如|假设|万一")
STORY = 12
FOCUS_AT_MOST = 6
STATUSES_ONLY = ("poverty_prevention_status",)  # told to get something else by it


def told(talk: Talk) -> Reply:
    """Facts about the family: merge them, say them back, judge, ask on."""
    reading, state = talk.reading, talk.state
    facts = facts_of(talk)
    if reading.intent == "what_if" and reading.confidence > SURE or reading.hypothetical and state.household:
        imagined = what_if(talk, facts)
        if imagined is not None:
            return imagined
        if _SUPPOSED.search(reading.text):
            return talk.with_question(reply("clarify", ["没听明白要假设什么，您换个说法？您家的情况没有改。"]))
    merged, changes = merge(state.household, facts)
    return _taken(talk, merged, changes)


def _taken(talk: Talk, merged: Dict[str, Any], changes: List[Dict[str, Any]]) -> Reply:
    """Keep the household as it is now told, unless it is impossible, and judge it anew."""
    flaw = talk.flaw(merged)
    if flaw is not None:
        return flaw
    before = signs(household_of(talk.state), talk.library)
    keep(talk, merged)
    _look_at(talk, before)
    return screened(talk, changes)


def facts_of(talk: Talk) -> Dict[str, Any]:
    """What the message tells, each fact with the person it is about."""
    reading, state = talk.reading, talk.state
    told = retarget(reading.household, state.person, reading.text)
    return apart(told, state.household, state.called, reading.text)


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
    facts = facts_of(talk)
    state.household, state.misses = household, 0
    for span in reading.spans:
        state.words[span["path"]] = span.get("text") or ""
    people = [str(m.get("id")) for m in facts.get("members") or []]
    state.called.update(people_called(people, reading.text, state.called))
    if len(people) == 1 and (people[0] != "other" or "other" in state.called):
        state.person = people[0]


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
