"""Turns in which a policy question is asked: answered with its clause, and then the screening goes on where it was."""

from __future__ import annotations

import re
from typing import List, Optional, Tuple

from actions import screened, telling, wording
from actions.answering import Answer, answer, source_line
from actions.concerns import CONCERNS
from actions.reading import ASPECT_OF, OUTSIDE
from actions.reply import Reply, joined, reply, shortened
from actions.screening import in_focus
from actions.talk import Talk
from knowledge.search import search

LIMIT, LIMIT_BEFORE_QUESTION, LEAST = 150, 145, 60
COVERED = 0.6
LONGEST_QUESTION = 40
SHORT = 6
PLAINLY = 0.4
ELSEWHERE = 0.5
STEPS = {"where": "去哪办", "materials": "要带什么", "amount": "能领多少", "eligibility": "我能不能领"}
CONCERNS_FIRST = (
    "能申请什么要看家里情况。跟我说说：家里几口人、谁有难处（年纪、残疾、生病）、大概收入。",
    "也可以直接去户口所在地乡镇的社会救助窗口，一个窗口都能问。",
)
_FOLLOW_UP = re.compile(r"^(那|那么|要是)?.{0,12}(呢|咋办|怎么办|要带|带什么|去哪|在哪|多少|多久|几天|找谁)[?？]?$")
_TOGETHER = re.compile(r"和|跟|与|、|还有|还是|两项|同时|以及|或者")
_NO_ASPECT = re.compile(r"^(那|那么)?(?!.*(多少|多久|几|带|哪|怎么|咋|谁|啥|什么)).{1,12}呢[?？]?$")


def leans(talk: Talk) -> bool:
    """A short follow-up (要带什么, 那去哪办, 他们不给办咋办) belongs to what was talked about before."""
    reading = talk.reading
    elsewhere = reading.topic.startswith(("neighbour/", "out_of_scope")) and reading.topic_confidence > ELSEWHERE
    if not talk.state.topic or len(reading.text) > 14 or reading.named or elsewhere:
        return False
    if _NO_ASPECT.match(reading.text):
        return True
    if reading.intent in OUTSIDE and reading.confidence < 0.6 and len(reading.text) <= SHORT:
        return reading.asks
    if reading.intent not in ASPECT_OF or reading.intent == "tell_family" or reading.told:
        return False
    follows = bool(_FOLLOW_UP.match(reading.text))
    return follows or reading.sure < 0.75 and (reading.asks or reading.confidence >= PLAINLY)


def asked(talk: Talk) -> Reply:
    """Answer a question about a programme; facts told on the way are kept and judged."""
    reading, state = talk.reading, talk.state
    state.misses = 0
    programmes, aspect = _subject(talk)
    if not programmes:
        return general(talk, aspect)
    kept = _tells_of_somebody(talk) and telling.taken_in(talk)
    shown = programmes[:2] if len(programmes) > 1 and _both_meant(talk, programmes) else programmes[:1]
    answers = [answer(p, aspect, state.region, talk.day, talk.library) for p in shown]
    state.topic, state.aspect, state.shown = shown[0], aspect, "answer"
    cites = joined([told.cites for told in answers])
    lines = (
        _lines(talk, shown, answers)
        + [source_line(cites, talk.day, talk.library)]
        + (_verdicts(talk, shown) if kept else [])
    )
    if kept and aspect in ("amount", "eligibility") and not state.pending and _is_open(talk, shown[0]):
        lines += screened.next_lines(talk)
    said = reply(
        "answer",
        lines,
        buttons=[] if state.pending else [title for key, title in STEPS.items() if key != aspect][:3],
        programme=shown[0],
        programmes=programmes,
        aspect=aspect,
        citations=cites,
        route=answers[0].route,
        confidence=round(reading.sure, 4),
    )
    if reading.told and not state.household:
        said.custom["household"] = reading.household
    return talk.with_question(said)


def from_document(talk: Talk, at_least: float = COVERED) -> Optional[Reply]:
    """A question about a document's own matters, in the document's own words; None where none of its sentences speaks of it."""
    found = search(talk.reading.text, talk.state.region, talk.library, 1)
    if not found or found[0].covered < at_least or len(talk.reading.text) > LONGEST_QUESTION:
        return None
    told = Answer(talk.day, [f"文件里是这样写的：“{found[0].passage.text}”"])
    told.cite(found[0].passage.address, talk.library, found[0].passage.text)
    lines = told.lines + ["细节请问乡镇或打 12345。", source_line(told.cites, talk.day, talk.library)]
    near = [p for p in talk.reading.programmes[:1] if talk.reading.sure > 0.3]
    aspect = talk.reading.aspect or "other"
    programme = near[0] if near else None
    said = reply("answer", lines, programme=programme, programmes=near, aspect=aspect, citations=told.cites)
    return talk.with_question(said)


def _lines(talk: Talk, shown: List[str], answers: List[Answer]) -> List[str]:
    lines: List[str] = []
    question = talk.question(talk.state.pending)
    room = max(LIMIT_BEFORE_QUESTION - len(question.ask), LEAST) if question else LIMIT
    for programme, told in zip(shown, answers):
        heading = [f"【{talk.library.programmes[programme].name}】"] if len(shown) > 1 else []
        lines += heading + shortened(told.lines, room // len(shown))
    return lines


def _tells_of_somebody(talk: Talk) -> bool:
    """Whether a question also tells of a real person, not of people in general."""
    reading = talk.reading
    if reading.hypothetical or not reading.told or reading.aspect == "review_or_complaint":
        return False
    people = {member.get("id") for member in reading.household.get("members") or []}
    return (
        reading.told > 1 or bool(people - {"other", "self"}) or True in (reading.household.get("status") or {}).values()
    )


def _verdicts(talk: Talk, programmes: List[str]) -> List[str]:
    """What the family as told so far gets of the programmes asked about, where that can be said."""
    results = in_focus(talk.assess().results, talk.state)
    asked_about = [r for r in results if r["programme"] in programmes and r["verdict"] != "undetermined"]
    others = [r for r in results if r["verdict"] == "eligible" and r["programme"] not in programmes]
    return [f"照您说的，{wording.verdict_line(r)}" for r in [*asked_about, *others][:1]]


def _is_open(talk: Talk, programme: str) -> bool:
    """Whether the family's answers may still settle a programme."""
    verdicts = {r["verdict"] for r in talk.assess().results if r["programme"] == programme}
    return verdicts == {"undetermined"} or verdicts == {"undetermined", "ineligible"}


def _subject(talk: Talk) -> Tuple[List[str], str]:
    """Which programmes and which aspect a question is about; a short follow-up leans on what went before."""
    reading, state = talk.reading, talk.state
    aspect = reading.aspect or state.aspect or "definition"
    if state.aspect and _NO_ASPECT.match(reading.text):
        aspect = state.aspect
    learned = reading.programmes and reading.sure >= (0.1 if _NO_ASPECT.match(reading.text) else 0.5)
    if state.topic and (leans(talk) and not learned or not reading.programmes):
        return [str(state.topic)], aspect
    if not reading.named and not learned and reading.sure < 0.2 and reading.topic == "none":
        return [], aspect
    return reading.programmes, aspect


def _both_meant(talk: Talk, programmes: List[str]) -> bool:
    text = talk.reading.text
    called = [talk.library.programmes[p].also_called for p in programmes[:2]]
    return bool(_TOGETHER.search(text)) and all(any(word in text for word in words) for words in called)


def general(talk: Talk, aspect: str) -> Reply:
    """A wish for help that names nothing: how to go on, and where the window is."""
    talk.state.screening = True
    window = answer("one_stop_window", "where", talk.state.region, talk.day, talk.library)
    return reply(
        "answer",
        CONCERNS_FIRST,
        buttons=list(CONCERNS),
        aspect=aspect,
        programme="one_stop_window",
        programmes=["one_stop_window", *talk.reading.programmes],
        citations=window.cites,
        route=window.route,
        confidence=talk.reading.confidence,
    )


def more(talk: Talk) -> Reply:
    """详细: everything about what was shown last."""
    topic, aspect = str(talk.state.topic), talk.state.aspect or "eligibility"
    told = answer(topic, aspect, talk.state.region, talk.day, talk.library, full=True)
    lines = told.lines + [source_line(told.cites, talk.day, talk.library)]
    said = reply(
        "answer", lines, programme=topic, programmes=[topic], aspect=aspect, citations=told.cites, route=told.route
    )
    return talk.with_question(said)
