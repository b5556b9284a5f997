"""The reply to whatever was told: judged anew, said in words, and everything that programs read."""

from __future__ import annotations

from typing import Any, Dict, List, Mapping, Sequence

from actions import wording
from actions.reading import ASPECT_OF, CONTROL, OUTSIDE, STORY_LENGTH
from actions.reply import Reply, joined, reply
from actions.screening import Judgement, custom_of, in_focus, remember
from actions.talk import Talk, taps

SURE, FAINT = 0.5, 0.3
NEXT_STEPS = ("去哪办", "要带什么", "给我个办事码")


def screened(talk: Talk, changes: List[Dict[str, Any]], lead: Sequence[str] = ()) -> Reply:
    """Judge and either ask on or end with the result."""
    state, library = talk.state, talk.library
    again = state.finished
    judgement = advance(talk)
    corrections = wording.changes_words(changes, state, library)
    new_paths = [c["path"] for c in changes if c["from"] is None and c["to"] is not None]
    lines = list(lead) + [_correction(c) for c in corrections] + wording.heard(state, new_paths, library)
    if judgement.question is not None:
        lines += wording.news(judgement.results, state, 2, asking=True)
        lines.append(wording.question_words(judgement.question, state, judgement.remaining))
    elif again and changes:
        lines += wording.news(judgement.results, state) or ["前面说的结果没有变。"]
        lines.append(wording.OFFICE)
    elif again and not lead:
        lines += ["这些我都记着，没有变。", *wording.brief_result(state, judgement)]
    else:
        lines += wording.result_lines(state, judgement, library, talk.day)
        state.shown = "result"
    gained = wording.gained(judgement.results, state)
    state.topic = gained[0] if gained and state.verdicts else state.topic
    wording.remember(judgement.results, state)
    return screening_reply(talk, lines, judgement, corrections)


def _correction(change: Mapping[str, Any]) -> str:
    if change["from"] == change["to"]:
        return f"好，{change['label']}就是 {change['to']}，没有变。"
    if change["to"] == wording.LEFT_OUT:
        return f"改好了：{change['label']} {change['from']}，先不算。"
    return f"改好了：{change['said'] or '{label}，{from} → {to}'.format(**change)}。"


def advance(talk: Talk) -> Judgement:
    """Judge, and move the pending question on to the next."""
    state = talk.state
    judgement = talk.assess()
    question = judgement.question
    state.pending = question.path if question else None
    if question is None:
        state.finished = True
        return judgement
    state.finished = False
    remember(question.path, question.choices, state)
    if question.path not in state.asked:
        state.asked.append(question.path)
    return judgement


def next_lines(talk: Talk) -> List[str]:
    """The next question, after an answer that also took facts in; it becomes the pending one."""
    judgement = advance(talk)
    wording.remember(judgement.results, talk.state)
    return [wording.question_words(judgement.question, talk.state, judgement.remaining)] if judgement.question else []


def screening_reply(
    talk: Talk, lines: Sequence[str], judgement: Judgement, changed: Sequence[Dict[str, Any]] = ()
) -> Reply:
    """The reply with everything programs read: household, results, next question, what was understood and changed."""
    state, reading = talk.state, talk.reading
    chosen = in_focus(judgement.results, state)
    good = [r["programme"] for r in chosen if r["verdict"] == "eligible"]
    question, about = judgement.question, _about(talk)
    if state.topic is None or good and state.topic not in good and (question is None or state.topic not in state.focus):
        state.topic = next(iter([*good, *state.focus, *(r["programme"] for r in chosen)]), state.topic)
    programmes = joined([about, state.focus, good])
    route = _route(chosen[0]) if chosen else None
    return reply(
        "screening",
        lines,
        buttons=taps(question)
        if question
        else [*NEXT_STEPS[:2], *(["看看别的补助"] if state.focus else []), NEXT_STEPS[2]],
        programme=programmes[0] if programmes else None,
        programmes=programmes[:6],
        aspect=reading.aspect if reading.intent in ASPECT_OF or reading.intent in OUTSIDE else "eligibility",
        citations=joined([[r["cite"] for r in result["because"] if r["cite"]] for result in chosen[:2]])[:6],
        route=route,
        confidence=round(reading.sure, 4),
        changes=list(changed),
        case_offer=question is None,
        **custom_of(state, judgement, talk.library),
    )


def _about(talk: Talk) -> List[str]:
    """The programmes a message itself is about; a short answer or a word that steers the talk is about none."""
    reading = talk.reading
    begun = bool(talk.state.topic)
    answers = begun and (
        reading.intent in CONTROL or len(talk.state.asked) > 1 or talk.state.finished or reading.sure < FAINT
    )
    return (
        []
        if answers and len(reading.text) < STORY_LENGTH and not reading.named and reading.sure <= SURE
        else reading.programmes
    )


def _route(result: Dict[str, Any]) -> Dict[str, Any]:
    apply = result["apply"]
    return {"name": result["name"], "where": apply["where"], "phone": apply["phone"], "phone_note": apply["phone_note"]}
