"""What a message is, and who answers it: the first of the turns, in order, that has something to say."""

from __future__ import annotations

import re
from typing import Callable, Optional, Tuple

from actions import (
    answered,
    asides,
    asking,
    complaining,
    concerns,
    correcting,
    inquiring,
    local_figures,
    reasons,
    routing,
    steering,
    supposing,
    telling,
)  # fmt: skip
from actions.family import flatten
from actions.reading import ANSWERED_NEIGHBOURS, ASPECT_OF, CLEARLY_OURS, OUTSIDE, VAGUE_TOPIC, Reading
from actions.reply import Reply
from actions.talk import Talk
from knowledge.plain import plain

INSIDE = 0.5
SURE_ENOUGH = 0.7
UNSURE, PLAIN = 0.35, 0.6
STORY_FACTS = 4
COVERED = 0.9
FAINT = 0.3
TELLS = ("tell_family", "inform", "correct", "what_if", "ask_eligibility")
FIGURES = {"size", "age", "annual_income", "monthly_wage", "relation", "region"}  # told without asking, these only tell
CHAT = ("greet", "thanks", "goodbye", "help")
NODS = ("affirm", "deny", "dont_know")
STEERS = (
    "affirm", "deny", "dont_know", "why_ask", "go_back", "stop", "resume", "summary", "more", "greet", "thanks", "goodbye", "help",
    "inform", "correct", "case_code",
)  # fmt: skip
_START = re.compile(
    r"^(我能领什么|我能领啥|说说家里情况|看看别的补助|帮我算算(?!.*[\d一二三四五六七八九十百千万][\s，]*(加|减|乘|除|[+×÷*/-]))|再看看别的"
    r"|(还|那)?有(没有|冇)(别的|其他的?|其它的?)(补助|补贴|钱)?(了|吗|呢|不|没|[?？])*$|还有(别的|其他的?|其它的?)(补助|补贴|钱)?(了|吗|呢|不|没|[?？])*$)"
)
_WISH = re.compile(
    r"^.{0,6}(我家|我们家|俺家|家里|我|俺|我们|到底)(能|可以)(领|申请|拿|享受|得)到?(什么|啥|哪些|点啥|乜)(补助|补贴|救助|钱|政策|帮助)?[吗呢啊?？。]*$"
)
_ITS_MONEY = re.compile(r"钱(咋|怎么)(个)?(领|拿|办|弄|给|算)")  # 二级证那个钱咋领 is no question of the certificate
_PRIVATE = re.compile(r"(?<!\d)(1[3-9]\d{9}|\d{17}[\dXx])(?!\d)")  # a mobile number, an identity card's
_HEARD = re.compile(r"(哦|嗯|啊|噢|喔|唉|哎|这样|原来如此|知道|明白|晓得|了解|收到|好|行|是|对)+([啊呀吧的了嘛哦噢。！,…])*")
_CHIP = re.compile(r"^更正[:：](?P<label>.+?)(?:是|改成|为)(?P<value>.+)$")


def decide(talk: Talk) -> Reply:
    """The reply of the first turn that answers; what nobody answers was not understood."""
    for turn in TURNS:
        said = turn(talk)
        if said is not None:
            return said
    return _unclear(talk)


def _danger(talk: Talk) -> Optional[Reply]:
    """The number first; what was told is kept for the aid that comes after."""
    if talk.reading.emergency not in talk.library.emergencies or routing.is_past(talk):
        return None
    if talk.reading.told:
        telling.taken_in(talk)
    telling.speaks_of(talk)
    return routing.alarm(talk)


def _tap(talk: Talk) -> Optional[Reply]:
    """A tap on a chip or on a way to begin."""
    chip = _CHIP.match(talk.reading.text)
    if chip and talk.state.household:
        return correcting.chip(talk, chip["label"], chip["value"])
    if (
        _START.match(plain(talk.reading.text).text)
        and not talk.reading.told
        or not talk.state.household
        and not talk.reading.told
        and not talk.reading.named
        and _WISH.match(talk.reading.text)
    ):
        return concerns.start(talk)
    return concerns.concern(talk, talk.reading.text) if talk.reading.text in concerns.CONCERNS else None


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
    anothers = correcting.of_another(talk) if talk.state.household else None
    if anothers is not None:
        return anothers
    wrong = talk.reading.correction or talk.reading.intent == "correct" and talk.reading.confidence > UNSURE
    return correcting.corrected(talk) if wrong and talk.state.household and not talk.reading.told else None


def _follow_up(talk: Talk) -> Optional[Reply]:
    """A short question that leans on what went before."""
    return asking.asked(talk) if asking.leans(talk) or asking.moves(talk) else None


def _private(talk: Talk) -> Optional[Reply]:
    """A telephone's or an identity card's number that nobody asked for."""
    if _PRIVATE.search(talk.reading.text) and not talk.reading.told and not talk.reading.asks:
        return talk.with_question(routing.kept_private(talk.reading))
    return None


def _bare(talk: Talk) -> Optional[Reply]:
    """去哪办 with nothing before it: of what?"""
    reading = talk.reading
    if asking.is_bare(reading.text) and not talk.state.topic and not reading.told and reading.sure < INSIDE:
        return talk.with_question(routing.of_what(reading))
    return None


def _elsewhere(talk: Talk) -> Optional[Reply]:
    """Another office's matter, or nobody's, unless a document speaks of it."""
    if not _outside(talk):
        return None
    neighbour = routing.neighbour(talk.reading, talk.library) if talk.reading.neighbour else _declined(talk)
    return asking.from_document(talk) or talk.with_question(neighbour)


def _family(talk: Talk) -> Optional[Reply]:
    told = _tells(talk.reading) and (talk.reading.told or not talk.state.household)
    return telling.told(talk) if told else None


def _chat(talk: Talk) -> Optional[Reply]:
    reading, state = talk.reading, talk.state
    if reading.intent in (CHAT if state.pending else CHAT + NODS) and not reading.named:
        return talk.with_question(routing.smalltalk(reading, begun=bool(state.household or state.topic)))
    return None


def _document(talk: Talk) -> Optional[Reply]:
    """What is asked of a document's own matters, where a sentence of it plainly speaks of them."""
    reading = talk.reading
    asks = reading.aspect in ("definition", "other") and not reading.named and reading.sure < SURE_ENOUGH
    return asking.from_document(talk, at_least=COVERED) if asks else None


def _question(talk: Talk) -> Optional[Reply]:
    """A question about a programme of ours; failing that, about anything a document says."""
    reading, state = talk.reading, talk.state
    steers = reading.intent in STEERS and not reading.named and (state.pending or reading.talk >= INSIDE or reading.sure < FAINT)
    asks = asking.puts_a_question(reading) or not state.household
    overruled = reading.intent in OUTSIDE and reading.sure >= VAGUE_TOPIC  # it was found to be ours all the same
    ours = reading.intent in ASPECT_OF or overruled or reading.programmes and reading.sure > INSIDE
    return asking.asked(talk) if asks and ours and not steers else asking.from_document(talk)


def _tells(reading: Reading) -> bool:
    if reading.told == 0:
        return reading.intent == "tell_family" and reading.confidence > 0.3
    figures = {path.rpartition(".")[2] for path in flatten(reading.household)} <= FIGURES
    states = not reading.asks and (reading.confidence < PLAIN or figures)
    vague = reading.told > 1 and reading.confidence < UNSURE
    return states or vague or reading.intent in TELLS or reading.intent not in ASPECT_OF


def _outside(talk: Talk) -> bool:
    reading = talk.reading
    # wants more than the one thing it mentions, or asks nothing at all
    story = reading.intent == "tell_family" and reading.told >= STORY_FACTS or reading.told > 1 and not reading.asks
    of_ours = reading.neighbour in ANSWERED_NEIGHBOURS and not _ITS_MONEY.search(reading.text)
    if of_ours and reading.topic == f"neighbour/{reading.neighbour}" and not story:
        return True
    if talk.state.pending and not reading.asks and reading.confidence < 0.6:
        return False
    if talk.state.household and reading.inside >= CLEARLY_OURS:  # in a family's talk the benefit of the doubt is theirs
        return False
    return reading.outside


def _declined(talk: Talk) -> Reply:
    """Out of scope, counted, so that it is not said twice in the same words."""
    said = routing.outside(talk.reading, talk.state.misses)
    talk.state.misses += 1
    return said


def _unclear(talk: Talk) -> Reply:
    reading, state = talk.reading, talk.state
    if _HEARD.fullmatch(reading.text.strip()):
        return talk.with_question(routing.smalltalk(reading, begun=bool(state.household or state.topic)))
    begun = bool(state.household or state.topic or state.offered and routing.chats(reading))
    if not begun and reading.sure < INSIDE:
        return _declined(talk)
    state.misses += 1
    return talk.with_question(routing.unheard(talk))


TURNS: Tuple[Callable[[Talk], Optional[Reply]], ...] = (
    _danger, _tap, complaining.complained, routing.comforted, local_figures.told, answered.amended, answered.at_once,
    inquiring.inquired, reasons.reasoned, steering.steered, _put_right, asides.aside, answered.answered, correcting.bare_number,
    supposing.supposed, _more_of_the_family, _follow_up, _private, _bare, _elsewhere, _family, _chat, _document, _question,
)  # fmt: skip
