"""Where a screening may begin without a word: a tap on what the trouble is."""

from __future__ import annotations

from typing import Any, Dict, Mapping

from actions.family import with_fact
from actions.reply import Reply, reply
from actions.screened import screened
from actions.talk import Talk

CONCERNS: Mapping[str, Dict[str, Any]] = {
    "家里有老人": {"groups": ("老人", "基本生活"), "person": "老人"},
    "家里有残疾人": {"groups": ("残疾人", "基本生活"), "person": "残疾人"},
    "有人得了大病": {"groups": ("看病", "急难", "基本生活"), "person": "病人", "facts": {"members[other].serious_illness": True}},
    "孩子没人养或上学难": {"groups": ("儿童", "上学"), "person": "孩子"},
    "房子不安全": {"groups": ("住房",), "facts": {"house": "dangerous"}},
    "突然遇到难事": {"groups": ("急难", "基本生活")},
    "收入太低": {"groups": ("基本生活",)},
}  # fmt: skip


def start(talk: Talk) -> Reply:
    """Ask for the family in its own words, or go on with the one that was told, looking at everything."""
    state = talk.state
    state.screening, state.finished, state.focus = True, False, []
    if state.household:
        return screened(talk, [])
    lines = ["好，先说说家里情况：几口人，谁有难处，大概多少收入。", "打字、说话都行，也可以先点一个："]
    return reply("clarify", lines, buttons=list(CONCERNS), aspect="eligibility", household=talk.household)


def concern(talk: Talk, name: str) -> Reply:
    """Look at the programmes of that trouble first."""
    state, chosen = talk.state, CONCERNS[name]
    state.focus = [p.id for p in talk.library.programmes.values() if p.screened and p.group in chosen["groups"]]
    state.screening, state.finished = True, False
    if chosen.get("person") and not state.household.get("members"):
        state.household = {**state.household, "members": [{"id": "other", "relation": "other"}]}
        state.called["other"], state.person = chosen["person"], "other"
    for path, value in chosen.get("facts", {}).items():
        state.household = with_fact(state.household, path, value)
    return screened(talk, [])
