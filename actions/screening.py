"""A screening as a good clerk holds it: judge the family as told so far, and find the one question that settles most."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any, Dict, Iterator, List, Optional, Set, Tuple

from actions.family import flatten, understood, who_of
from actions.margins import margin
from actions.state import Conversation
from knowledge.library import Library
from knowledge.regions import is_known
from rules.household import Household
from rules.questions import Question, describe, fact_of, rank
from rules.screen import Judged, explain, judge
from rules.together import OfAll, Sentence, group_of, is_group, of_all, sentences

NONE_OF_THEM = "none"
CERTIFIED = (1, 4)  # 有残疾证, and no grade told
# Yes-or-no facts of a family that are asked for all at once: how it is put, why, and who can tell.
GROUPS = {
    "status": ("您家有没有这些身份：{}？", "很多补助先看家里有没有这些身份。", "相关的证件，或问村干部"),
    "hardship": ("最近家里有没有遇到这些事：{}？", "突发的难处可以申请救急。", "医院诊断、事故或村里的证明"),
    "difficulty": ("家里有没有这些难处：{}？", "防返贫要看上学、看病、住房、饮水、挣钱哪里有难处。", "村里可以上门看"),
}
# Full years between which a question about a person makes sense; a child of 8 is not asked about wages.
ASKED_BETWEEN: Dict[str, Tuple[int, int]] = {
    "employed": (16, 75), "monthly_wage": (16, 75), "works_away": (16, 70), "wants_job": (16, 70), "wants_training": (16, 70),
    "basic_pension_monthly": (60, 150), "wants_institution_care": (16, 150), "living": (16, 150), "obligor": (16, 150),
    "income_source": (16, 150), "supported_by_family": (16, 150), "can_form_own_household": (16, 150), "studying": (3, 30),
    "parents": (0, 17), "self_care": (6, 150), "work_ability": (16, 150),
}  # fmt: skip
GROWN, GROWN_UP = ("spouse", "father", "mother", "grandfather", "grandmother"), 18


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
    skip = set(state.declined) | set(_senseless(household))
    ranked = rank(open_ones, household, library, skip, again=_ungraded(household))
    asked = sentences(ranked, apart=state.named)
    turns = {path: turn for turn, path in enumerate(state.named)}
    asked.sort(key=lambda one: (turns.get(one.path, len(turns)), not set(state.focus[:1]) & set(one.programmes)))
    return Judgement(results, _put(asked[0], state, library) if asked else None, _remaining(asked))


def _put(asked: Sentence, state: Conversation, library: Library) -> Question:
    """A sentence as it is put to this family: a follow-up first, then what the family came for, then what settles most."""
    if len(asked.paths) > 1:
        return replace(_group_question(asked.path, asked.paths, state, library), programmes=asked.programmes)
    return replace(_single_question(asked.path, state, library), programmes=asked.programmes)


def _result(judged: Judged, household: Household, state: Conversation, library: Library) -> Dict[str, Any]:
    """A result in the contract's shape, with whose it is where there are several people, and by how much it fails."""
    result = explain(judged, library)
    if judged.case.member and len(household.members) > 1:
        result["who"] = who_of(judged.case.member.id, household.raw, state.called)
    result["margin"] = margin(judged)
    return result


def _senseless(household: Household) -> Iterator[str]:
    """Questions that make no sense: at a person's age, or of those who are not known to live elsewhere."""
    if not household.living_region:
        yield "residence_permit"
    for member in household.members:
        youngest, oldest = member.facts.get("age") or ((GROWN_UP if member.relation in GROWN else 0), 150)
        for name, (low, high) in ASKED_BETWEEN.items():
            if oldest < low or youngest > high:
                yield f"members[{member.id}].{name}"


def _ungraded(household: Household) -> Iterator[str]:
    """Whose certificate was told of without its grade, which may still be asked."""
    for member in household.members:
        if member.facts.get("disability_grade") == CERTIFIED:
            yield f"members[{member.id}].disability_grade"


def question_at(path: str, state: Conversation, library: Library) -> Question:
    """The question about one path, or about the group last asked under that path, as it is put to this family."""
    if is_group(path):
        return _group_question(path, paths_of(path, state), state, library)
    return _single_question(path, state, library)


def paths_of(path: str, state: Conversation) -> List[str]:
    """The facts behind a question: its own path, or all of the group last asked."""
    return [one for one in state.group if group_of(one) == path] if is_group(path) else [path]


def remember(path: str, choices: List[Dict[str, Any]], state: Conversation) -> None:
    """Keep which facts a question asks together, for the answer and for the way back."""
    if is_group(path):
        asked = [choice["value"] for choice in choices if choice["value"] != NONE_OF_THEM]
        state.group = [one for one in state.group if group_of(one) != path] + asked


def member_of(path: str) -> str:
    """mother of `members[mother].age`."""
    return path.partition("[")[2].partition("]")[0]


def _single_question(path: str, state: Conversation, library: Library) -> Question:
    """One fact's question, the person called as the resident does: 您姥姥今年多大岁数. Of one who was named, what is left to ask."""
    question = describe(path, Household.parse(household_of(state), library), library, [])
    if not path.startswith("members["):
        return question
    name = who_of(member_of(path), household_of(state), state.called)
    ask, choices, everybody = fact_of(path, library).ask, question.choices, of_all(path)
    value = flatten(state.household).get(path)
    if everybody and (value == list(CERTIFIED) or value is None and path in state.named):
        ask = everybody.then or ask
        choices = [choice for choice in choices if choice["value"] != everybody.others]
    return replace(question, ask=ask.replace("{who}", name), choices=choices)


def _group_question(path: str, paths: List[str], state: Conversation, library: Library) -> Question:
    everybody = of_all(path)
    return _question_of_all(everybody, path, paths, state, library) if everybody else _family_question(path, paths, library)


def _question_of_all(everybody: OfAll, path: str, paths: List[str], state: Conversation, library: Library) -> Question:
    """One question for one fact of several people: 家里谁有残疾证，是几级？ Where it holds of somebody already: 家里还有谁有残疾证？"""
    name = path.partition(".")[2]
    fact, members = library.facts[f"member.{name}"], Household.parse(state.household, library).members
    in_order = [f"members[{member.id}].{name}" for member in members]
    choices = [{"value": one, "label": name_of(one, state)} for one in in_order if one in paths]
    more = any(value != everybody.others for one, value in flatten(state.household).items() if group_of(one) == path)
    none = "别人都没有" if more else "都没有"
    choices.append({"value": NONE_OF_THEM, "label": none})
    ask = f"{everybody.ask.replace('谁', '还有谁', 1) if more else everybody.ask}可以说几个人，没有就说“{none}”。"
    return Question(path, ask, fact.why, fact.settle, "people", None, choices, [])


def name_of(path: str, state: Conversation) -> str:
    """A member as one taps them: 爸爸, 姥姥, 12 岁的儿子, 我自己."""
    member = member_of(path)
    name = state.called.get(member) or who_of(member, household_of(state), state.called)
    return "我自己" if name == "您" else name.removeprefix("您").removeprefix("这位")


def _family_question(path: str, paths: List[str], library: Library) -> Question:
    """One question for several statuses, hardships or difficulties of a family, instead of one each."""
    ask, why, settle = GROUPS[path]
    choices = [{"value": one, "label": library.facts[one].label} for one in paths]
    choices.append({"value": NONE_OF_THEM, "label": "都没有"})
    names = "、".join(choice["label"] for choice in choices[:-1])
    return Question(path, f"{ask.format(names)}有哪个说哪个，没有就说“都没有”。", why, settle, "statuses", None, choices, [])


def _remaining(asked: List[Sentence]) -> int:
    """Roughly the questions still to come: those likely to settle something count, of the rest half."""
    likely = sum(one.worth >= 0.5 for one in asked)
    return likely + (len(asked) - likely) // 2


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
