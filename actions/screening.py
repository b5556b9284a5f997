"""A screening as a good clerk holds it: judge the family as told so far, and find the one question that settles most."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, replace
from typing import Any, Dict, Iterator, List, Optional, Set, Tuple

from actions.family import understood, who_of
from actions.margins import margin
from actions.state import Conversation
from knowledge.library import Library
from knowledge.regions import is_known
from rules.household import Household
from rules.questions import Question, describe, fact_of, rank
from rules.screen import Judged, explain, judge

MOST_STATUSES = 7
NONE_OF_THEM = "none"
STATUS = "status"
# Yes-or-no facts of one family that are asked for all at once: how it is put, why, and who can tell.
GROUPS = {
    "status": ("您家有没有这些身份：{}？", "很多补助先看家里有没有这些身份。", "相关的证件，或问村干部"),
    "hardship": ("最近家里有没有遇到这些事：{}？", "突发的难处可以申请救急。", "医院诊断、事故或村里的证明"),
    "difficulty": ("家里有没有这些难处：{}？", "防返贫要看上学、看病、住房、饮水、挣钱哪里有难处。", "村里可以上门看"),
}
_MEMBER_PATH = re.compile(r"^members\[(.+)\]\.(\w+)$")
# Full years between which a question about a person makes sense; a child of 8 is not asked about wages.
ASKED_BETWEEN: Dict[str, Tuple[int, int]] = {
    "employed": (16, 75), "monthly_wage": (16, 75), "works_away": (16, 70), "wants_job": (16, 70), "wants_training": (16, 70),
    "basic_pension_monthly": (60, 150), "wants_institution_care": (16, 150), "living": (16, 150), "obligor": (16, 150),
    "income_source": (16, 150), "supported_by_family": (16, 150), "can_form_own_household": (16, 150), "studying": (3, 30),
    "parents": (0, 17), "self_care": (6, 150),
}  # fmt: skip


@dataclass
class Judgement:
    """A household judged once for a turn: full results, the question to ask next, and how many may remain."""

    results: List[Dict[str, Any]]
    question: Optional[Question]
    remaining: int

    def without_question(self) -> "Judgement":
        return Judgement(self.results, None, 0)


def household_of(state: Conversation) -> Dict[str, Any]:
    """The family with its place, as the rules take it."""
    told = dict(state.household)
    if state.region and is_known(state.region):
        told.setdefault("region", state.region)
    return told


def assess(state: Conversation, as_of: dt.date, library: Library) -> Judgement:
    """Judge the conversation's family. The next question is about the programmes in focus, and never one already declined."""
    household = Household.parse(household_of(state), library)
    judged = judge(household, as_of, parameters=state.parameters or None, library=library)
    results = [_result(one, household, state, library) for one in judged]
    focus = {one.programme for one in judged} & set(state.focus)
    open_ones = [one for one in judged if _worth_asking(one, focus)]
    open_ones = _likely_people(open_ones, judged, state.person) if focus else open_ones
    ranked = rank(open_ones, household, library, set(state.declined) | set(_senseless(household)))
    ranked.sort(key=lambda row: not set(state.focus[:1]) & set(row[2]))  # what the family came for is settled first
    question = None
    if ranked:
        alike = [row[1] for row in ranked if _group(row[1]) and _group(row[1]) == _group(ranked[0][1])]
        question = _asked_by_name(describe(ranked[0][1], household, library, ranked[0][2]), state, library)
        question = status_question(alike[:MOST_STATUSES], library) if len(alike) > 1 else question
    return Judgement(results, question, _remaining(ranked))


def _result(judged: Judged, household: Household, state: Conversation, library: Library) -> Dict[str, Any]:
    """A result in the contract's shape, with whose it is where there are several people, and by how much it fails."""
    result = explain(judged, library)
    if judged.case.member and len(household.members) > 1:
        result["who"] = who_of(judged.case.member.id, household.raw, state.called)
    result["margin"] = margin(judged)
    return result


def _senseless(household: Household) -> Iterator[str]:
    """Questions that make no sense at a person's age."""
    for member in household.members:
        age = member.facts.get("age")
        if age is not None:
            for name, (low, high) in ASKED_BETWEEN.items():
                if age[1] < low or age[0] > high:
                    yield f"members[{member.id}].{name}"


def question_at(path: str, state: Conversation, library: Library) -> Question:
    """The question about one path, as it is put to this family."""
    if path == STATUS:
        return status_question(state.group, library)
    return _asked_by_name(describe(path, Household.parse(household_of(state), library), library, []), state, library)


def _asked_by_name(question: Question, state: Conversation, library: Library) -> Question:
    """The question with the person called as the resident does: 您姥姥今年多大岁数."""
    match = _MEMBER_PATH.match(question.path)
    if not match:
        return question
    name = who_of(match[1], household_of(state), state.called)
    return replace(question, ask=fact_of(question.path, library).ask.replace("{who}", name))


def status_question(paths: List[str], library: Library) -> Question:
    """One question for several statuses, hardships or difficulties of a family, instead of one each."""
    ask, why, settle = GROUPS[str(_group(paths[0]))]
    choices = [{"value": path, "label": library.facts[path].label} for path in paths]
    choices.append({"value": NONE_OF_THEM, "label": "都没有"})
    names = "、".join(choice["label"] for choice in choices[:-1])
    return Question(
        STATUS,
        f"{ask.format(names)}有哪个说哪个，没有就说“都没有”。",
        why,
        settle,
        "statuses",
        None,
        choices,
        [],
    )


def _group(path: str) -> Optional[str]:
    name = path.partition(".")[0]
    return name if name in GROUPS else None


def _remaining(ranked: List[Any]) -> int:
    """Roughly the questions still to come; a group is one question."""
    groups = [_group(row[1]) for row in _likely_path(ranked)]
    return groups.count(None) + len(set(groups) - {None})


def _worth_asking(judged: Judged, focus: Set[str]) -> bool:
    looked_at = not focus or judged.programme in focus
    return judged.truth is None and not judged.already and not judged.possible and looked_at


def _likely_people(open_ones: List[Judged], judged: List[Judged], person: Optional[str]) -> List[Judged]:
    """Of a programme of persons, whom to ask about: those who already meet most of it, and the person just spoken of."""
    best: Dict[str, int] = {}
    for one in judged:
        if one.truth is not False:
            best[one.programme] = max(best.get(one.programme, 0), _met(one))
    return [
        one for one in open_ones if _met(one) == best[one.programme] or one.case.member and one.case.member.id == person
    ]


def _met(judged: Judged) -> int:
    return sum(check.holds(judged.case) is True for check in judged.compiled.checks)


def _likely_path(ranked: List[Any]) -> List[Any]:
    """Roughly the questions still to come: those likely to settle something count, of the rest a quarter."""
    strong = [row for row in ranked if -row[0][0] >= 0.5]
    return strong + ranked[len(strong) :][: len(ranked[len(strong) :]) // 4]


def brief_results(results: List[Dict[str, Any]], state: Conversation) -> List[Dict[str, Any]]:
    """Every result; those that are neither hopeful nor what the talk is about go without quotations and routing, as a reply
    is kept with its conversation."""
    return [r if r["verdict"] == "eligible" or r["programme"] in state.focus else _brief(r) for r in results]


def _brief(result: Dict[str, Any]) -> Dict[str, Any]:
    reasons = [{**r, "cite": _address(r["cite"])} for r in result["because"]]
    kept = {key: value for key, value in result.items() if key not in ("national", "apply", "cautions")}
    return {**kept, "because": reasons, "cautions": [], "apply": {"where": result["apply"]["where"], "phone": result["apply"]["phone"]}}


def _address(cite: Optional[Dict[str, Any]]) -> Optional[Dict[str, Any]]:
    return cite and {"document": cite["document"], "clause": cite["clause"]}


def in_focus(results: List[Dict[str, Any]], state: Conversation) -> List[Dict[str, Any]]:
    """The results the talk is about, most hopeful first."""
    order = {"eligible": 0, "undetermined": 1, "ineligible": 2}
    chosen = [r for r in results if (not state.focus or r["programme"] in state.focus) and not r["already"]]
    chosen = chosen or [r for r in results if not r["already"]]
    place = {programme: at for at, programme in enumerate(state.focus)}
    return sorted(chosen, key=lambda r: (order[r["verdict"]], place.get(r["programme"], 0), -r["met"]["yes"]))


def key_of(result: Dict[str, Any]) -> str:
    return f"{result['programme']}@{result['member'] or ''}"


def custom_of(state: Conversation, judgement: Judgement, library: Library) -> Dict[str, Any]:
    """The machine's half of a screening reply."""
    household = household_of(state)
    return {
        "household": household,
        "results": brief_results(judgement.results, state),
        "next_question": judgement.question.as_dict() if judgement.question else None,
        "understood": understood(household, state.words, library, state.called),
        "progress": {"asked": len(state.asked), "remaining": judgement.remaining},
    }
