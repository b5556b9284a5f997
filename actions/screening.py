"""A screening as a good clerk holds it: say back what was understood, judge, ask the one question that settles most, end with what to keep."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, Dict, List, Optional

from actions.family import flatten, label_of, possible, said_back, understood, words_of
from actions.state import Conversation
from knowledge.library import Library
from rules.explain import amount_words
from rules.household import Household
from rules.questions import Question, describe, fact_of, person_words, rank
from rules.screen import Judged, explain, judge

OFFICE = "这是估计，办不办得成以窗口为准。"
SHOWN = 3
MOST_STATUSES = 7
NONE_OF_THEM = "none"


@dataclass
class Judgement:
    """A household judged once for a turn: full results, the question to ask next, and how many may remain."""

    results: List[Dict[str, Any]]
    question: Optional[Question]
    remaining: int


def household_of(state: Conversation) -> Dict[str, Any]:
    """The family with its place, as the rules take it."""
    told = dict(state.household)
    if state.region:
        told.setdefault("region", state.region)
    return told


def assess(state: Conversation, as_of: dt.date, library: Library) -> Judgement:
    """Judge the conversation's family. The next question is about the programmes in focus, and never one already declined."""
    household = Household.parse(household_of(state), library)
    judged = judge(household, as_of, parameters=state.parameters or None, library=library)
    results = [explain(one, library) for one in judged]
    if len(household.members) > 1:
        for result, one in zip(results, judged):
            result["who"] = person_words(one.case.member) if one.case.member else None
    open_ones = [one for one in judged if _worth_asking(one, state)]
    ranked = rank(open_ones, household, library, set(state.declined))
    question = describe(ranked[0][1], household, library, ranked[0][2]) if ranked else None
    statuses = [row[1] for row in ranked if row[1].startswith("status.")]
    if question is not None and question.path in statuses and len(statuses) > 1:
        question = status_question(statuses[:MOST_STATUSES], library)
    return Judgement(results, question, _remaining(ranked, statuses))


def status_question(paths: List[str], library: Library) -> Question:
    """One question for several statuses a family may hold, instead of one each."""
    choices = [{"value": path, "label": library.facts[path].label} for path in paths]
    choices.append({"value": NONE_OF_THEM, "label": "都没有"})
    names = "、".join(choice["label"] for choice in choices[:-1])
    return Question(
        "status",
        f"您家有没有这些身份：{names}？有哪个说哪个，没有就说“都没有”。",
        "很多补助先看家里有没有这些身份。",
        "相关的证件，或问村干部",
        "statuses",
        None,
        choices,
        [],
    )


def _remaining(ranked: List[Any], statuses: List[str]) -> int:
    """Roughly the questions still to come; several statuses are one question."""
    likely = _likely_path(ranked)
    grouped = sum(row[1] in statuses for row in likely)
    return len(likely) - max(grouped - 1, 0)


def _worth_asking(judged: Judged, state: Conversation) -> bool:
    looked_at = not state.focus or judged.programme in state.focus
    return judged.truth is None and not judged.already and not judged.possible and looked_at


def _likely_path(ranked: List[Any]) -> List[Any]:
    """Roughly the questions still to come: those likely to settle something count, of the rest a quarter."""
    strong = [row for row in ranked if -row[0][0] >= 0.5]
    return strong + ranked[len(strong) :][: len(ranked[len(strong) :]) // 4]


def in_focus(results: List[Dict[str, Any]], state: Conversation) -> List[Dict[str, Any]]:
    """The results the talk is about, most hopeful first."""
    order = {"eligible": 0, "undetermined": 1, "ineligible": 2}
    chosen = [r for r in results if (not state.focus or r["programme"] in state.focus) and not r["already"]]
    chosen = chosen or [r for r in results if not r["already"]]
    return sorted(chosen, key=lambda r: order[r["verdict"]])


def progress_reply(state: Conversation, judgement: Judgement, new_paths: List[str], library: Library) -> List[str]:
    """What to say in the middle of a screening: understood, anything settled by it, and the question."""
    lines = []
    told = said_back(household_of(state), new_paths, library)
    if told:
        lines.append(f"我记下了：{told}。")
    lines += news(judgement.results, state)
    if judgement.question is not None:
        lines.append(question_words(judgement.question, state, judgement.remaining))
    return lines


def news(results: List[Dict[str, Any]], state: Conversation) -> List[str]:
    """Verdicts that are new or have changed since they were last told, for the programmes in focus."""
    lines = []
    for result in in_focus(results, state):
        before, now = state.verdicts.get(key_of(result)), result["verdict"]
        if now != before and (now == "eligible" or before in ("eligible", "ineligible")):
            lines.append(("现在" if before else "") + verdict_line(result))
    return lines[:SHOWN]


def verdict_line(result: Dict[str, Any]) -> str:
    """`看起来符合「高龄…补贴」：每人每月 100 元。`"""
    name = titled(result)
    if result["verdict"] == "eligible":
        money = amount_words(result["amount"])
        return f"看起来符合「{name}」" + (f"：{money}。" if money else "。")
    because = result["summary"].partition("：")[2].rstrip("。")
    return f"「{name}」看起来不符合：{because}。" if result["verdict"] == "ineligible" else f"「{name}」还说不准：{because}。"


def titled(result: Dict[str, Any]) -> str:
    """A programme's name, with whose it is where the household has several people."""
    return f"{result['name']}（{result['who']}）" if result.get("who") else str(result["name"])


def question_words(question: Question, state: Conversation, remaining: int) -> str:
    """The question with its number and how many may follow."""
    number = len(state.asked) + (question.path not in state.asked)
    left = max(remaining - 1, 0)
    return f"（第 {number} 题{f'，大约还有 {left} 题' if left else '，快好了'}）{question.ask}"


def final_reply(state: Conversation, judgement: Judgement, library: Library) -> List[str]:
    """The result a person can keep: what looks possible and why, how much, what is open and who settles it, where to go with which papers."""
    chosen = in_focus(judgement.results, state)
    good = [r for r in chosen if r["verdict"] == "eligible"]
    open_ones = [r for r in chosen if r["verdict"] == "undetermined"]
    lines = []
    if good:
        lines.append("看起来符合：")
        lines += [f"· {titled(r)}{_money(r)}" for r in good[:5]]
        lines += where_lines(good[0])
    elif chosen and all(r["verdict"] == "ineligible" for r in chosen):
        lines.append("照您说的，这几项看起来不符合：" if len(chosen) > 1 else "照您说的，看起来不符合：")
        lines += [f"· {titled(r)}：{_why_not(r)}" for r in chosen[:SHOWN]]
        lines += near_misses(chosen, library)
    for result in _one_each(open_ones)[:2]:
        lines.append(f"还说不准：{titled(result)}——{_settled_by(result, library)}")
    lines.append(OFFICE)
    return lines


def _one_each(results: List[Dict[str, Any]]) -> List[Dict[str, Any]]:
    """The first result of each programme."""
    seen: Dict[str, Dict[str, Any]] = {}
    for result in results:
        seen.setdefault(result["programme"], result)
    return list(seen.values())


def _money(result: Dict[str, Any]) -> str:
    money = amount_words(result["amount"])
    note = result.get("amount_note")
    return f"：{money}" if money else (f"（{note.rstrip('。')}）" if note else "")


def _why_not(result: Dict[str, Any]) -> str:
    reason = next((r["text"] for r in result["because"] if r["holds"] is False), "")
    return reason.partition("：")[2]


def _settled_by(result: Dict[str, Any], library: Library) -> str:
    """Which paper or person settles what is open."""
    for path in result["missing"]:
        if path == "parameters.dibao_standard":
            return "我这里没有当地低保标准的数，要问乡镇民政窗口或 12345。"
        if path.startswith("parameters."):
            return "差一个当地的数，要问乡镇民政窗口或 12345。"
        if path == "region":
            return "要问当地有没有这一项（乡镇或 12345）。"
        fact = fact_of(path, library)
        return f"差「{fact.label}」这一条，弄清要看：{fact.settle}。"
    reason = next((r["text"] for r in result["because"] if r["holds"] is None), "")
    return reason.partition("：")[2] + "，要问窗口。"


def where_lines(result: Dict[str, Any]) -> List[str]:
    """Where to go, what to bring, how long, from one result's routing."""
    apply = result["apply"]
    lines = []
    if apply["where"]:
        lines.append(f"去哪办：{apply['where'].rstrip('。')}" + (f"，电话 {apply['phone']}" if apply["phone"] else "") + "。")
    if apply["materials"]:
        lines.append("带上：" + "、".join(m.rstrip("。") for m in apply["materials"][:4]) + "（缺什么窗口会一次讲清）。")
    if apply["time"]:
        lines.append(f"要多久：{apply['time']}")
    return lines


def near_misses(chosen: List[Dict[str, Any]], library: Library) -> List[str]:
    """Neighbouring programmes to look at when all those asked about fail."""
    names = []
    for result in chosen:
        for programme in library.programmes[result["programme"]].near_miss:
            name = library.programmes[programme].name
            if name not in names and programme not in {r["programme"] for r in chosen}:
                names.append(name)
    return [f"可以再问问：{'、'.join(names[:3])}。"] if names else []


def key_of(result: Dict[str, Any]) -> str:
    return f"{result['programme']}@{result['member'] or ''}"


def why_reply(path: str, state: Conversation, as_of: dt.date, library: Library) -> List[str]:
    """Why a question is asked: the reason, the programmes that hang on it, and one clause."""
    household = Household.parse(household_of(state), library)
    paths = state.group if path == "status" else [path]
    lines = [fact_of(paths[0], library).why]
    for judged in judge(household, as_of, parameters=state.parameters or None, library=library):
        if set(paths) & set(judged.missing()) and (not state.focus or judged.programme in state.focus):
            check = next((c for c in judged.compiled.checks if set(paths) & set(c.unknowns(judged.case))), None)
            if check is not None and check.cite:
                document = library.documents[check.cite.partition("#")[0]]
                lines.append(f"「{judged.compiled.card.name}」要看这一条：{check.text}（{document.short} {check.cite.partition('#')[2]}）。")
                break
    return lines


def unknown_reply(path: str, state: Conversation, library: Library) -> str:
    """What follows from not knowing: what stays open, and which paper or person can tell."""
    fact = fact_of(state.group[0] if path == "status" else path, library)
    return f"不知道也行，先空着。以后要弄清，看{fact.settle}。"


def changes_words(changes: List[Dict[str, Any]], state: Conversation, library: Library) -> List[Dict[str, Any]]:
    """Corrections for a person: label, what it was, what it is now."""
    household = household_of(state)
    return [
        {
            "path": change["path"],
            "label": label_of(change["path"], household, library),
            "from": words_of(change["path"], change["from"], library),
            "to": words_of(change["path"], change["to"], library),
        }
        for change in changes
        if change["from"] is not None and not change["path"].endswith(".relation")
    ]


def custom_of(state: Conversation, judgement: Judgement, library: Library) -> Dict[str, Any]:
    """The machine's half of a screening reply."""
    household = household_of(state)
    return {
        "household": household,
        "results": judgement.results,
        "next_question": judgement.question.as_dict() if judgement.question else None,
        "understood": understood(household, state.words, library),
        "progress": {"asked": len(state.asked), "remaining": judgement.remaining},
    }


__all__ = ["assess", "flatten", "possible"]
