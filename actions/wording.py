"""What a screening says to a person: progress, news, the result to keep, and why a question is asked."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any, Dict, List, Tuple

from actions.family import flatten, label_of, said_back, who_of, words_of
from actions.reply import fitted
from actions.screening import Judgement, household_of, in_focus, key_of, member_of, paths_of, question_at
from actions.state import Conversation
from knowledge.library import Library
from rules.explain import amount_words
from rules.household import Household
from rules.questions import Question, fact_of
from rules.screen import judge
from rules.together import group_of, of_all

OFFICE = "这是估计，办不办得成以窗口为准。"
SHOWN = 3
MANY = 6
UNLIMITED = 10_000
LEFT_OUT = "先不算"
FEW_YEARS = 5
_YES_OR_NO = re.compile(r"（(?:[^（）]|（[^（）]*）)* [是否]）")  # （正在领低保 否）: the family knows what it said


def heard(state: Conversation, paths: List[str], library: Library) -> List[str]:
    """`我记下了：您姥姥 90 岁，住在家里。` Those of whom a question of everybody does not hold stand together: `其他人没有残疾证`."""
    together = _not_named(paths, state)
    told = said_back(household_of(state), [path for path in paths if path not in together], library, state.called)
    lines = [line for line in (told, _said_together(together, state, library)) if line]
    return [f"我记下了：{'；'.join(lines)}。"] if lines else []


def _not_named(paths: List[str], state: Conversation) -> List[str]:
    """Of the people just asked about at once, two or more who are not among those it holds of."""
    known = flatten(state.household)
    found = [path for path in paths if path in state.group and (asked := of_all(path)) and known.get(path) == asked.others]
    return found if len(found) > 1 else []


def _said_together(paths: List[str], state: Conversation, library: Library) -> str:
    if not paths:
        return ""
    household, known, asked = household_of(state), flatten(state.household), of_all(paths[0])
    people = {path: who_of(member_of(path), household, state.called) for path in paths}
    words = asked.lack if asked and asked.lack else said_back(household, paths[:1], library, state.called)
    words = words.removeprefix(f"{people[paths[0]]} ")
    group = paths_of(str(group_of(paths[0])), state)
    if not set(group) <= {*known, *state.named}:
        return f"{'、'.join(people.values())} {words}"
    told_of = {path for path in {*known, *state.named} if group_of(path) == group_of(paths[0])}
    return f"都{words}" if told_of == set(paths) else f"其他人{words}"


def news(results: List[Dict[str, Any]], state: Conversation, most: int = SHOWN, asking: bool = False) -> List[str]:
    """Verdicts and amounts that are new or have changed since they were last told, for the programmes in focus.

    asking: a question follows, so that what is open again need not be told.
    """
    first: List[Dict[str, Any]] = []
    now_too: List[Dict[str, Any]] = []
    lines: List[str] = []
    for result in in_focus(results, state):
        before, now = state.verdicts.get(key_of(result)), result["verdict"]
        if now == before == "eligible" and _money(result) != state.amounts.get(key_of(result), _money(result)):
            lines += [f"现在「{titled(result)}」{_money(result)}。"] if _money(result) else []
        elif now != before and now == "eligible":
            (now_too if before else first).append(result)
        elif asking and now == "undetermined" and before == "ineligible":
            continue
        elif now != before and before in ("eligible", "ineligible"):
            lines.append("现在" + verdict_line(result))
    return _together(first, "", most) + _together(now_too, "现在", most) + lines[:most]


def _together(good: List[Dict[str, Any]], when: str, most: int) -> List[str]:
    """What looks possible, in one line where it is several."""
    if len(good) > 1:
        return [f"{when}看起来符合：{'；'.join(gathered(good, noted=False)[: most + 1])}。"]
    return [when + verdict_line(result) for result in good]


def gained(results: List[Dict[str, Any]], state: Conversation) -> List[str]:
    """The programmes that look possible, or pay otherwise, since they were last told: what a short question then is about."""
    good = [r for r in in_focus(results, state) if r["verdict"] == "eligible"]
    return [r["programme"] for r in good if state.verdicts.get(key_of(r)) != "eligible" or _money(r) != state.amounts.get(key_of(r))]


def remember(results: List[Dict[str, Any]], state: Conversation) -> None:
    """Keep what was told, so that only news is told next time."""
    state.verdicts = {key_of(r): r["verdict"] for r in results}
    state.amounts = {key_of(r): _money(r) for r in results if r["verdict"] == "eligible"}


def verdict_line(result: Dict[str, Any]) -> str:
    """`看起来符合「高龄…补贴」：每人每月 100 元。`"""
    name = titled(result)
    if result["verdict"] == "eligible":
        return f"看起来符合「{name}」{_money(result)}。"
    if result["verdict"] == "ineligible":
        return f"「{name}」看起来不符合：{why_not(result)}。"
    return f"「{name}」还说不准：{_YES_OR_NO.sub('', result['summary'].partition('：')[2]).rstrip('。')}。"


def titled(result: Dict[str, Any]) -> str:
    """A programme's name, with whose it is where the household has several people."""
    return f"{result['name']}（{result['who']}）" if result.get("who") else str(result["name"])


def why_not(result: Dict[str, Any]) -> str:
    """The condition that fails: with the family's own figure and how far off it is, or as what it takes: `得住在家里才行`."""
    reason = next((r["text"] for r in result["because"] if r["holds"] is False), "").partition("：")[2]
    if result.get("margin"):
        return f"{reason[:-1]}，{result['margin']}）" if reason.endswith("）") else f"{reason}，{result['margin']}"
    wanted, _, told = reason.partition("（")
    if reason.endswith("。") or re.search(r"\d", told):
        return reason.rstrip("。")
    return f"得{wanted.removeprefix('要')}才行"


def question_words(question: Question, state: Conversation, remaining: int) -> str:
    """The question with its number and how many may follow."""
    number = len(state.asked) + (question.path not in state.asked)
    left = max(remaining - 1, 0)
    rest = "快好了" if left == 0 else f"大约还有 {left} 题" if left <= MANY else "说“算了”就看结果"
    return f"（第 {number} 题，{rest}）{question.ask}"


def result_lines(
    state: Conversation, judgement: Judgement, library: Library, as_of: dt.date, full: bool = False
) -> List[str]:
    """The result a person can keep: what looks possible, how much, where to go with which papers, what is open and who settles it."""
    chosen = in_focus(judgement.results, state)
    good = [r for r in chosen if r["verdict"] == "eligible"]
    lines: List[Tuple[int, str]] = []
    if good:
        good.sort(key=lambda r: state.verdicts.get(key_of(r)) == "eligible")  # what is new stands first
        items = gathered(good)
        lines += [(0, "看起来符合：")] + [(0, f"· {item}") for item in items[: 5 if full else SHOWN]]
        lines += [(1, f"还有 {len(items) - SHOWN} 项，回“详细”看。")] if len(items) > SHOWN and not full else []
        lines += where_lines(good[0])
    elif chosen and all(r["verdict"] == "ineligible" for r in chosen):
        lines += [(0, "照您说的，看起来不符合：")]
        lines += [(min(i, 1) * 3, f"· {titled(r)}：{why_not(r)}") for i, r in enumerate(_one_each(chosen)[:SHOWN])]
        lines += [
            (2, caution) for caution in chosen[0]["cautions"][:1] if "问" in caution and "已经结束" not in caution
        ]
        lines += near_misses(chosen, judgement.results, library)
    if any(r["verdict"] != "ineligible" for r in chosen):
        lines += [(1, verdict_line(r)) for r in _came_for_but_fails(chosen, state)]
    lines += [] if good else [(1, line) for line in nearly(judgement.results, state)]
    lines += [(2 + 2 * i, line) for i, line in enumerate(open_lines(chosen, state, library))]
    lines += [(1, line) for line in ended_lines(chosen, as_of, library)]
    if state.parameters.get("dibao_standard") and any("人均" in r["text"] for one in chosen for r in one["because"]):
        lines.append((1, f"低保标准按您说的每人每月 {state.parameters['dibao_standard']:g} 元算的。"))
    lines.append((0, OFFICE))
    return fitted(lines, UNLIMITED) if full else fitted(lines)


def brief_result(state: Conversation, judgement: Judgement) -> List[str]:
    """The result in one line, for one who has heard it already."""
    good = [r for r in in_focus(judgement.results, state) if r["verdict"] == "eligible"]
    if not good:
        return ["眼下还没有哪一项能说看起来符合。", OFFICE]
    return ["看起来符合：" + "；".join(gathered(good, noted=False)[:SHOWN]) + "。", OFFICE]


def gathered(results: List[Dict[str, Any]], noted: bool = True) -> List[str]:
    """One item a programme and amount, with everybody it is for: `医疗救助（您老公、您女儿）`."""
    people: Dict[Tuple[str, str], List[str]] = {}
    for result in results:
        money = _money(result) if noted or result["amount"] else ""
        people.setdefault((result["name"], money), []).append(result.get("who") or "")
    return [f"{name}{_for(whom)}{money}" for (name, money), whom in people.items()]


def _for(whom: List[str]) -> str:
    named = "、".join(filter(None, whom))
    return f"（{named}）" if named else ""


def _came_for_but_fails(chosen: List[Dict[str, Any]], state: Conversation) -> List[Dict[str, Any]]:
    """The programme the family came for, where nobody gets it: one of the first two looked at."""
    for programme in state.focus[:2]:
        wanted = [r for r in chosen if r["programme"] == programme]
        if wanted and all(r["verdict"] == "ineligible" for r in wanted):
            return wanted[:1]
    return []


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


def open_lines(chosen: List[Dict[str, Any]], state: Conversation, library: Library) -> List[str]:
    """What is still open, and which paper or person settles it."""
    open_ones = _one_each([r for r in chosen if r["verdict"] == "undetermined"])
    return [f"还说不准：{titled(result)}——{_settled_by(result, state, library)}" for result in open_ones[:2]]


def _settled_by(result: Dict[str, Any], state: Conversation, library: Library) -> str:
    for path in result["missing"]:
        if path == "region":
            reason = next((r["text"] for r in result["because"]), "").partition("：")[2]
            return f"{reason}（乡镇或 12345）。"
        if path == "parameters.dibao_standard":
            own = next((one for one in result["missing"] if one in ("annual_income", "size")), None)
            if own:
                return f"差“{_lacking(own, state, library)}”，还差当地低保标准的数，要问乡镇民政或 12345。"
            return "我这里没有当地低保标准的数，问乡镇民政或 12345；您知道就告诉我，我接着算。"
        if path.startswith("parameters."):
            return "差一个当地的数，要问乡镇民政窗口或 12345。"
        settle = fact_of(path, library).settle
        return f"差“{_lacking(path, state, library)}”" + ("，告诉我就行。" if settle.startswith("自己") else f"，弄清要看：{settle}。")
    reason = next((r["text"] for r in result["because"] if r["holds"] is None), "")
    return _YES_OR_NO.sub("", reason.partition("：")[2]) + "，要问窗口。"


def _lacking(path: str, state: Conversation, library: Library) -> str:
    """What is not known, as one says it: 您爸爸的残疾等级, 您有没有生活来源."""
    label, household = fact_of(path, library).label, household_of(state)
    if fact_of(path, library).type != "yesno" or not path.startswith("members["):
        return label_of(path, household, library, state.called)
    name = who_of(member_of(path), household, state.called)
    return f"{name}{'是不是' if label[0] in '想愿靠能' else '有没有'}{label.removeprefix('有')}"


def where_lines(result: Dict[str, Any]) -> List[Tuple[int, str]]:
    """Where to go, what to bring, how long, from one result's routing; each with its weight."""
    apply = result["apply"]
    lines = []
    if apply["where"]:
        phone = f"，电话 {apply['phone']}" if apply["phone"] else ""
        lines.append((2, f"去哪办：{apply['where'].rstrip('。')}{phone}。"))
    if apply["materials"]:
        lines.append(
            (3, "带上：" + "、".join(m.rstrip("。") for m in apply["materials"][:4]) + "（缺什么窗口会一次讲清）。")
        )
    if apply["time"]:
        lines.append((6, f"要多久：{apply['time']}"))
    return lines


def ended_lines(chosen: List[Dict[str, Any]], as_of: dt.date, library: Library) -> List[str]:
    """A document whose term is over says so."""
    for result in chosen:
        document = library.documents[result["document"]]
        if document.ended(as_of):
            return [f"{document.short}的期限到 {document.valid_until} 已结束，现在以当地新规定为准。"]
    return []


def nearly(results: List[Dict[str, Any]], state: Conversation) -> List[str]:
    """`差一点：高龄…补贴——年满 80 周岁（年龄 78 周岁，还差 2 岁）。` Where all else is met and a few years are lacking."""
    told = set(state.focus[:2])  # said already, if it was what they came for
    close = [r for r in results if r["programme"] not in told and r["met"]["yes"] == r["met"]["of"] - 1 and _few_years(r)]
    return [f"差一点：{titled(r)}——{why_not(r)}。" for r in close[:1]]


def _few_years(result: Dict[str, Any]) -> bool:
    lacking = re.fullmatch(r"还差 (\d+) 岁", result.get("margin") or "")
    return lacking is not None and int(lacking[1]) <= FEW_YEARS


def near_misses(chosen: List[Dict[str, Any]], results: List[Dict[str, Any]], library: Library) -> List[Tuple[int, str]]:
    """Neighbouring programmes of the place that may still hold, when all those asked about fail."""
    asked = {result["programme"] for result in chosen}
    hopeful = {result["programme"] for result in results if result["verdict"] != "ineligible"} - asked
    near = [programme for result in chosen for programme in library.programmes[result["programme"]].near_miss]
    names = [library.programmes[programme].name for programme in dict.fromkeys(near) if programme in hopeful]
    return [(1, f"可以再问问：{'、'.join(names[:3])}。")] if names else []


def why_lines(path: str, state: Conversation, as_of: dt.date, library: Library) -> List[str]:
    """Why a question is asked: the reason, a programme that hangs on it, and its clause."""
    household = Household.parse(household_of(state), library)
    paths = paths_of(path, state)
    lines = [question_at(path, state, library).why]
    for judged in judge(household, as_of, parameters=state.parameters or None, library=library):
        if set(paths) & set(judged.missing()) and (not state.focus or judged.programme in state.focus):
            check = next((c for c in judged.compiled.checks if set(paths) & set(c.unknowns(judged.case))), None)
            if check is not None and check.cite:
                document, _, clause = check.cite.partition("#")
                source = f"{library.documents[document].short} {clause}"
                lines.append(f"「{judged.compiled.card.name}」要看这一条：{check.text}（{source}）。")
                break
    return lines


def unknown_words(path: str, state: Conversation, library: Library) -> str:
    """What follows from not knowing: it stays open, and which paper or person can tell."""
    settle = question_at(path, state, library).settle
    later = "" if settle.startswith("自己") else f"以后要弄清，看：{settle}。"
    return f"不知道也行，这一条先空着，不当“没有”算。{later}"


def changes_words(changes: List[Dict[str, Any]], state: Conversation, library: Library) -> List[Dict[str, Any]]:
    """Corrections for a person: label, what it was, what it is now."""
    household = household_of(state)
    return [
        {
            "path": change["path"],
            "label": label_of(change["path"], household, library, state.called),
            "from": words_of(change["path"], change["from"], library),
            "to": words_of(change["path"], change["to"], library) if change["to"] is not None else LEFT_OUT,
            "said": said_back(household, [change["path"]], library, state.called) if isinstance(change["to"], bool) else None,
        }
        for change in changes
        if change["from"] is not None and not change["path"].endswith(".relation")
    ]
