"""One turn of the conversation: from a parsed message and what was said before, to a reply and what to remember."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from typing import Any, Mapping, Optional, Tuple

from actions import (
    answers,
    asking,
    complaining,
    concerns,
    correcting,
    everybody,
    figures,
    routing,
    screened,
    steering,
    supposing,
    telling,
)  # fmt: skip
from actions.family import flatten
from actions.reading import ANSWERED_NEIGHBOURS, ASPECT_OF, Reading, read
from actions.reply import Reply, reply
from actions.state import Conversation
from actions.talk import Talk
from knowledge.library import Library, load
from knowledge.replies import UNKNOWN

INSIDE = 0.5
SURE_ENOUGH = 0.7
UNSURE, PLAIN = 0.35, 0.6
TELLS = ("tell_family", "inform", "correct", "what_if", "ask_eligibility")
FIGURES = {"size", "age", "annual_income", "monthly_wage", "relation", "region"}  # told without asking, these only tell
CHAT = ("greet", "thanks", "goodbye", "help")
NODS = ("affirm", "deny", "dont_know")
STEERS = (
    "affirm", "deny", "dont_know", "why_ask", "go_back", "stop", "resume", "summary", "more", "greet", "thanks", "goodbye", "help",
    "inform", "correct", "case_code",
)  # fmt: skip
ASPECT_BY_TAP = {title: aspect for aspect, title in asking.STEPS.items()}
_START = re.compile(
    r"^(我能领什么|我能领啥|说说家里情况|看看别的补助|帮我算算|再看看别的"
    r"|(还|那)?有(没有|冇)(别的|其他的?|其它的?)(补助|补贴|钱)?(了|吗|呢|[?？])*$|(那|你就说)?(我们?家?)?到底能(领|办|拿)(啥|什么)[?？]*$)"
)
_WISH = re.compile(
    r"^.{0,6}(我家|我们家|俺家|家里|我|俺|我们)(能|可以)(领|申请|拿|享受|得)到?(什么|啥|哪些|点啥|乜)(补助|补贴|救助|钱|政策|帮助)?[吗呢啊?？。]*$"
)
_CHIP = re.compile(r"^更正[:：](?P<label>.+?)(?:是|改成|为)(?P<value>.+)$")


def respond(
    message: Mapping[str, Any],
    state: Conversation,
    region: Optional[str] = None,
    as_of: Optional[str] = None,
    library: Optional[Library] = None,
    today: Optional[dt.date] = None,
) -> Tuple[Reply, Conversation]:
    """Answer one parsed message (`text`, `intent`, `topics`, `named`, `facts`). Returns the reply and the conversation to keep.

    region, as_of: what the channel knows of place and day; they hold for the conversation.
    """
    library = library or load()
    state = replace(state, region=region or state.region, as_of=as_of or state.as_of)
    day = dt.date.fromisoformat(state.as_of) if state.as_of else today or dt.date.today()
    talk = Talk(_tapped(read(message, library), state), state, day, library)
    _take_place(talk)
    said = decide(talk)
    said.custom.setdefault("region", talk.state.region)
    if said.custom.get("kind") in ("decline", "clarify"):
        said.custom["aspect"] = said.custom.get("aspect") or talk.reading.aspect
    talk.state.offered = [button["title"] for button in said.buttons]
    return said, talk.state


def _tapped(reading: Reading, state: Conversation) -> Reading:
    """第二个, where nothing is being asked, is the second thing that could be tapped."""
    at = answers.index_of(reading.text)
    if at is None or state.pending or at >= len(state.offered):
        return reading
    title = state.offered[at]
    aspect = ASPECT_BY_TAP.get(title)
    return replace(
        reading,
        text=title,
        intent=f"ask_{aspect}" if aspect else "nlu_fallback",
        aspect=aspect,
        confidence=1.0,
        sure=0.0,
    )


def _take_place(talk: Talk) -> None:
    told = talk.reading.household.get("region")
    if told and not talk.reading.hypothetical:
        talk.state.region = told


def decide(talk: Talk) -> Reply:
    """What the message is, and who answers it: danger, steering, an answer, a correction, a question, a family, a chat."""
    reading, state = talk.reading, talk.state
    if reading.emergency in talk.library.emergencies:
        return _danger(talk)
    said = _tap(talk) or complaining.complained(talk) or routing.comforted(talk)
    said = said or _figures(talk) or _amended(talk) or _answer(talk, early=True) or steering.steered(talk) or _put_right(talk)
    said = said or _answer(talk) or supposing.supposed(talk) or _more_of_the_family(talk)
    if said is not None:
        return said
    if asking.leans(talk):
        return asking.asked(talk)
    if _outside(talk):
        return asking.from_document(talk) or talk.with_question(
            routing.neighbour(reading, talk.library) if reading.neighbour else routing.outside(reading)
        )
    if _tells(reading):
        return telling.told(talk)
    if reading.intent in (CHAT if state.pending else CHAT + NODS) and not reading.named:
        return talk.with_question(routing.smalltalk(reading, begun=bool(state.household or state.topic)))
    steers = (
        reading.intent in STEERS
        and not reading.named
        and (state.pending or reading.talk >= INSIDE or reading.sure < 0.3)
    )
    if reading.aspect in ("definition", "other") and not reading.named and reading.sure < SURE_ENOUGH:
        said = asking.from_document(talk, at_least=0.9)
        if said is not None:
            return said
    if not steers and (reading.intent in ASPECT_OF or reading.programmes and reading.sure > INSIDE):
        return asking.asked(talk)
    return asking.from_document(talk) or _unclear(talk)


def _danger(talk: Talk) -> Reply:
    """The number first; what was told is kept for the aid that comes after."""
    if talk.reading.told:
        telling.taken_in(talk)
    return routing.alarm(talk)


def _tap(talk: Talk) -> Optional[Reply]:
    """A tap on a chip or on a way to begin."""
    chip = _CHIP.match(talk.reading.text)
    if chip and talk.state.household:
        return correcting.chip(talk, chip["label"], chip["value"])
    if (
        _START.match(talk.reading.text)
        or not talk.reading.told
        and not talk.reading.named
        and _WISH.match(talk.reading.text)
    ):
        return concerns.start(talk)
    return concerns.concern(talk, talk.reading.text) if talk.reading.text in concerns.CONCERNS else None


def _figures(talk: Talk) -> Optional[Reply]:
    """A local figure that the resident knows is used from now on, and said to be theirs."""
    text = talk.reading.text
    told = figures.told_figures(text)
    vaguer = {} if told else figures.told_figures(text, asked_for=True)
    told = vaguer if vaguer and _lacks_the_standard(talk) else told
    if not told:
        return None
    talk.state.parameters = {**talk.state.parameters, **told}
    talk.state.screening = True
    if talk.state.focus and "dibao" not in talk.state.focus:
        talk.state.focus = [*talk.state.focus, "dibao"]
    elif not talk.state.focus and not talk.state.household:
        talk.state.focus = ["dibao"]
    if talk.reading.told:
        telling.taken_in(talk)
    talk.state.finished = False
    return screened.screened(talk, [], (figures.figure_words(told),))


def _lacks_the_standard(talk: Talk) -> bool:
    """Whether the resident was just told that the local dibao standard is missing."""
    if not talk.state.household or talk.state.pending == "annual_income":
        return False
    return any("parameters.dibao_standard" in result["missing"] for result in talk.assess().results)


def _amended(talk: Talk) -> Optional[Reply]:
    """One more of those asked about at once, or one less."""
    found = everybody.amended(talk) if talk.state.household else {}
    return telling.of_everybody(talk, found) if found else None


def _answer(talk: Talk, early: bool = False) -> Optional[Reply]:
    """The pending question's answer, alone or before a question of the resident's own. early: only one that could not steer."""
    if not talk.state.pending:
        return None
    value = answers.answer_to_pending(talk)
    if value is everybody.WHOSE:
        return talk.with_question(reply("clarify", ["是哪一位？说一声，或者点名字。"]))
    if early and isinstance(value, dict) and talk.state.pending.startswith("members."):
        return telling.of_everybody(talk, value)  # 我爸有，别人不清楚 is more than 不清楚
    if early:
        short = len(talk.reading.text) <= 4 and talk.reading.intent == "stop" and talk.reading.confidence < 0.6
        return telling.answered(talk, value) if short and value is not None and value is not UNKNOWN else None
    if value is UNKNOWN:
        return steering.unknown(talk)
    if value is not None:
        return telling.answered(talk, value)
    labelled = answers.fact_by_label(talk)
    return telling.answered(talk, labelled) if labelled else _answer_and_question(talk)


def _answer_and_question(talk: Talk) -> Optional[Reply]:
    reading = talk.reading
    if reading.intent not in ASPECT_OF or reading.intent == "tell_family":
        return None
    value = answers.answer_before_question(talk)
    if value is None or value is UNKNOWN:
        return None
    taken = telling.answered(talk, value)
    heard = [
        line for line in taken.text.split("\n") if line.startswith(("我记下了", "改好了", "看起来符合", "现在", "· "))
    ][:3]
    talk.reading = replace(reading, household={}, told=0)
    said = asking.asked(talk)
    said.text = "\n".join([*heard, said.text])
    said.custom.update(answer=said.text, changes=taken.custom.get("changes", []))
    return said


def _more_of_the_family(talk: Talk) -> Optional[Reply]:
    """In a screening, whatever tells of the family goes on with it."""
    reading, state = talk.reading, talk.state
    told = reading.told > 0 or bool(reading.household) and (reading.correction or state.screening and not reading.asks)
    if (
        (state.screening or state.household)
        and told
        and (reading.intent in TELLS or reading.correction or not reading.asks)
    ):
        return telling.told(talk)
    return None


def _put_right(talk: Talk) -> Optional[Reply]:
    """A correction that names no fact of its own."""
    wrong = talk.reading.correction or talk.reading.intent == "correct" and talk.reading.confidence > UNSURE
    return correcting.corrected(talk) if wrong and talk.state.household and not talk.reading.told else None


def _tells(reading: Reading) -> bool:
    if reading.told == 0:
        return reading.intent == "tell_family" and reading.confidence > 0.3
    figures = {path.rpartition(".")[2] for path in flatten(reading.household)} <= FIGURES
    states = not reading.asks and (reading.confidence < PLAIN or figures)
    vague = reading.told > 1 and reading.confidence < UNSURE
    return states or vague or reading.intent in TELLS or reading.intent not in ASPECT_OF


def _outside(talk: Talk) -> bool:
    reading = talk.reading
    if reading.neighbour in ANSWERED_NEIGHBOURS and reading.topic == f"neighbour/{reading.neighbour}":
        return True
    if talk.state.pending and not reading.asks and reading.confidence < 0.6:
        return False
    return reading.outside


def _unclear(talk: Talk) -> Reply:
    reading, state = talk.reading, talk.state
    if not state.household and not state.topic and reading.sure < INSIDE:
        return routing.outside(reading)
    state.misses += 1
    return talk.with_question(routing.unheard(talk))
