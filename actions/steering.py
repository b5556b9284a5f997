"""Turns in which the resident steers the talk: why, back, stop, start over, go on, a person, forget."""

from __future__ import annotations

from typing import Callable, Dict, Optional

from actions import asking, routing, wording
from actions.family import flatten, with_fact
from actions.reply import Reply, reply
from actions.screened import screened, screening_reply
from actions.screening import STATUS, Judgement, household_of
from actions.state import Conversation
from actions.talk import Talk
from actions.telling import told

WEIGHTY = ("stop", "restart", "delete_data", "human")
SURE, WEIGHTY_SURE = 0.3, 0.4


def steered(talk: Talk) -> Optional[Reply]:
    """The reply to a message that steers the talk; None for any other message, and where there is nothing to steer."""
    reading, state = talk.reading, talk.state
    handler = HANDLERS.get(reading.intent)
    if handler is None or reading.confidence < (WEIGHTY_SURE if reading.intent in WEIGHTY else SURE):
        return None
    if reading.told and reading.intent not in ("restart", "delete_data"):
        return None
    needed = {"dont_know": state.pending, "why_ask": state.asked, "go_back": state.asked or state.household}
    if reading.intent in needed and not needed[reading.intent]:
        return None
    if reading.intent in ("summary", "resume", "more", "case_code") and not (state.household or state.topic):
        return None
    return handler(talk)


def unknown(talk: Talk) -> Reply:
    """Not known, or not to be said: kept as unknown, with what follows from that."""
    path = str(talk.state.pending)
    talk.state.declined += talk.state.group if path == STATUS else [path]
    return screened(talk, [], (wording.unknown_words(path, talk.state, talk.library),))


def why(talk: Talk) -> Reply:
    path = talk.state.pending or talk.state.asked[-1]
    lines = wording.why_lines(path, talk.state, talk.day, talk.library)
    return talk.with_question(screening_reply(talk, lines, talk.assess()))


def back(talk: Talk) -> Reply:
    """The question before: its answer is taken out and it is asked again."""
    state = talk.state
    if state.pending in state.asked:
        state.asked.remove(str(state.pending))
    if not state.asked:
        return talk.with_question(reply("clarify", ["前面没有别的题了。要改哪一条，直接说就行，比如“我妈是 79 岁”。"]))
    path = state.asked[-1]
    paths = state.group if path == STATUS else [path]
    for one in paths:
        state.household = with_fact(state.household, one, None)
    state.declined = [one for one in state.declined if one not in paths]
    state.pending, state.finished = path, False
    judgement, question = talk.assess(), talk.question(path)
    assert question is not None
    lines = ["好，回到上一题。", wording.question_words(question, state, judgement.remaining)]
    return screening_reply(talk, lines, Judgement(judgement.results, question, judgement.remaining))


def stop(talk: Talk) -> Reply:
    """Stop with what is known so far."""
    state = talk.state
    if not state.household:
        state.pending = None
        return reply("smalltalk", ["好，先不弄了。想起来随时再问，急事打 12345。"], buttons=routing.OFFER)
    judgement, heard_before = talk.assess(), state.finished
    state.pending, state.finished, state.screening, state.shown = None, True, False, "result"
    whole = wording.result_lines(state, judgement, talk.library, talk.day)
    lines = wording.brief_result(state, judgement) if heard_before else whole
    return screening_reply(talk, ["好，先到这里。", *lines], judgement.without_question())


def summary(talk: Talk) -> Reply:
    if not talk.state.household:
        return asking.more(talk)
    household, judgement = household_of(talk.state), talk.assess()
    heard = wording.said_back(household, list(flatten(household)), talk.library, talk.state.called)
    lines = [f"您说过：{heard}。", *wording.brief_result(talk.state, judgement)]
    return talk.with_question(screening_reply(talk, lines, judgement.without_question()))


def resume(talk: Talk) -> Reply:
    """Where we were: what was told, and the question again or the result in short."""
    if not talk.state.household:
        return asking.more(talk)
    if talk.state.finished:
        return summary(talk)
    household = household_of(talk.state)
    heard = wording.said_back(household, list(flatten(household)), talk.library, talk.state.called)
    return screened(talk, [], (f"接着来。您说过：{heard}。",))


def restart(talk: Talk) -> Reply:
    """Begin anew for this place; what the same message tells of the new family is taken up at once."""
    talk.state = Conversation(region=talk.state.region, as_of=talk.state.as_of)
    if talk.reading.told:
        return told(talk)
    return reply("smalltalk", ["好，从头来，前面说的都不算了。家里谁有难处？"], buttons=routing.OFFER)


def forgotten(talk: Talk) -> Reply:
    talk.state = Conversation(region=talk.state.region)
    return reply("smalltalk", ["都删掉了，我这里不留您说过的话。"], buttons=routing.OFFER[:2], forget=True)


def human(talk: Talk) -> Reply:
    said = routing.handoff(talk.library)
    said.custom["handoff"] = True
    return said


def case_code(talk: Talk) -> Reply:
    lines = ["办事码在结果页下面，点“办事清单”就有。没有网页的，到窗口直接说家里的情况也行。"]
    return talk.with_question(reply("answer", lines, aspect="other", case_offer=True, household=talk.household))


def more(talk: Talk) -> Reply:
    """详细: everything about what was shown last."""
    state = talk.state
    if state.topic and state.shown != "result":
        return asking.more(talk)
    judgement = talk.assess()
    lines = wording.result_lines(state, judgement, talk.library, talk.day, full=True)
    return talk.with_question(screening_reply(talk, lines, judgement.without_question()))


HANDLERS: Dict[str, Callable[[Talk], Reply]] = {
    "human": human, "delete_data": forgotten, "restart": restart, "stop": stop, "resume": resume, "summary": summary,
    "go_back": back, "why_ask": why, "dont_know": unknown, "more": more, "case_code": case_code,
}  # fmt: skip
