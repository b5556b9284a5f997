"""Turns in which a policy question is asked: answered with its clause, and then the screening goes on where it was."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import List, Optional, Tuple

from actions import screened, telling, wording
from actions.answering import Answer, answer, source_line
from actions.concerns import CONCERNS
from actions.reading import ANY_AID, ASPECT_OF, OUTSIDE, Reading
from actions.reply import Reply, joined, reply, shortened
from actions.screening import in_focus
from actions.talk import Talk
from actions.telling import STATUSES_ONLY
from knowledge.library import NATION
from knowledge.plain import plain
from knowledge.search import programmes_by_words, search
from rules.rulebook import rulebook

LIMIT, LIMIT_BEFORE_QUESTION, LEAST = 160, 145, 60
COVERED = 0.6
LONGEST_QUESTION = 40
SHORT, BARE, FOLLOWS = 6, 10, 14
GENERIC = {"补助", "补贴", "救助", "资助", "津贴", "待遇", "计划", "政策", "供养"}
PLAINLY = 0.4
ELSEWHERE = 0.4
ANOTHER = 0.15
FAINT = 0.12
VAGUELY = 0.05
COUNTS_INCOME = "dibao"
STEPS = {"where": "去哪办", "materials": "要带什么", "amount": "能领多少", "eligibility": "我能不能领"}
CONCERNS_FIRST = (
    "能申请什么要看家里情况。跟我说说：家里几口人、谁有难处（年纪、残疾、生病）、大概收入。",
    "也可以直接去户口所在地乡镇的社会救助窗口，一个窗口都能问。",
)
_FOLLOW_UP = re.compile(r"^(那|那么|要是)?.{0,12}(呢|咋办|怎么办|要带|带什么|去哪|在哪|多少|多久|几天|找谁)[?？]?$")
_TOGETHER = re.compile(r"和|跟|与|、|还有|还是|两项|同时|以及|或者")
# A question of asking words only (找哪个部门, 要啥条件, 几天) has no subject but the one under way.
_ASKING = re.compile(
    "那么|要是|如果|这个|那个|这项|那项|这些|到底|具体|大概|一共|总共|一般|需要|应该|可以|什么|时候|多久|多长|时间|多少|几多|怎么|怎样|如何|咋个"
    "|办理|申请|准备|条件|要求|资格|材料|玩意|手续|资料|证件|证明|东西|电话|号码|地址|标准|流程|程序|步骤|部门|单位|窗口|地方|政府|下来|结果|领取|告诉|好|，"
    "|[那这它他她我你您们要得都还再能行不没有是吗呢啊呀嘛吧了的得哪里儿个些啥谁咋几天月年钱找问去到办领拿给发报带交打批用先后就跟局点号多停退归管]|取消"
)
_ASPECT_WORDS = {
    "exit_or_cancel": "停|取消|退",
    "where": "去哪|到哪|哪里|哪儿|找谁|找哪|问谁|电话|号码|地址|部门|哪个局|单位|窗口",
    "materials": "材料|手续|资料|证件|证明|带|准备|拿(啥|什么)",
    "process_time": "多久|几天|时候|多长|时间",
    "amount": "多少|几多|钱|标准",
    "how_to_apply": "怎么|怎样|如何|咋|流程|程序|步骤|申请|办",
    "eligibility": "条件|要求|资格|能|可以|行",
}
CARRIED = ("eligibility", "amount", "how_to_apply", "materials", "where", "process_time")
_NO_ASPECT = re.compile(r"^(那|那么)?(?!.*(多少|多久|几|带|哪|怎么|咋|谁|啥|什么)).{1,12}呢[?？]?$")


_BACK = re.compile(r"^(那|还是|咱)?(先)?(说回|回到|接着说|回头说)")
_DEDUCTS = re.compile(r"[扣减抵](不[扣减抵]|掉|除|吗|多少)")
_THAT = re.compile(
    r"^(那么?|还有|再说|说回|回到|先说|再问|问问)*(?P<what>(?!刚才|前面|上面|先前|最后|我|你|他|她)[^这那，。？?\s]{1,6}?)的?[那这](个|项|样|种)(补助|补贴)?[呢吧啊呀]*[，?？。]*(?P<rest>.*)$"
)


def leans(talk: Talk) -> bool:
    """A short follow-up (要带什么, 那去哪办, 他们不给办咋办) belongs to what was talked about before."""
    reading = talk.reading
    elsewhere = reading.topic.startswith(("neighbour/", "out_of_scope")) and reading.topic_confidence > ELSEWHERE
    if not talk.state.topic or len(reading.text) > FOLLOWS or reading.named:
        return False
    if is_bare(reading.text) and not reading.told:
        return True
    if elsewhere:
        return False
    if _NO_ASPECT.match(reading.text):
        return True
    if reading.intent in OUTSIDE and reading.confidence < 0.6 and len(reading.text) <= SHORT:
        return reading.asks
    if reading.intent not in ASPECT_OF or reading.intent == "tell_family" or reading.told:
        return False
    another = reading.topic != talk.state.topic and reading.topic in reading.programmes[:1]
    if another and reading.sure >= ANOTHER:
        return False  # 学费的事找谁 has a subject of its own
    follows = bool(_FOLLOW_UP.match(reading.text))
    return follows or reading.sure < 0.75 and puts_a_question(reading)


def that_one(talk: Talk) -> Reading:
    """房子那个, 残疾那个找谁 name a programme by what it is for; the message then asks about that one."""
    reading = talk.reading
    if reading.named and _BACK.match(reading.text) and len(reading.text) <= FOLLOWS and not reading.asks and talk.state.aspect in CARRIED:
        return _about(reading, reading.named[0], str(talk.state.aspect))
    found = _THAT.match(plain(reading.text).text)
    others = {member.get("id") for member in reading.household.get("members") or []} - {"self", "other"}
    if not found or reading.named or others or found["rest"] and not is_bare(found["rest"]):
        return reading
    programme = _called(found["what"], talk)
    if programme is None:
        return reading
    aspect = reading.aspect if found["rest"] else talk.state.aspect if talk.state.aspect in CARRIED else "eligibility"
    return _about(reading, programme, str(aspect))


def _about(reading: Reading, programme: str, aspect: str) -> Reading:
    """A message as a plain question of one aspect of one programme."""
    asked_for = next(intent for intent, one in ASPECT_OF.items() if one == aspect)
    return replace(
        reading, intent=asked_for, aspect=aspect, confidence=1.0, programmes=[programme], named=[programme], sure=1.0,
        topic=programme, inside=1.0, asks=True, household={}, told=0,
    )  # fmt: skip


def _called(what: str, talk: Talk) -> Optional[str]:
    """The programme that a word of it calls: the one learned where that is clear, one of the place's own, the likeliest."""
    reading, cards = talk.reading, talk.library.programmes
    likeliest = reading.programmes[0] if reading.programmes and reading.sure >= VAGUELY else None
    if likeliest and reading.sure >= 0.5:
        return likeliest
    here = [p for p in _of_this_place(talk) if any(what in words for words in (cards[p].name, *cards[p].also_called))]
    return here[0] if here else likeliest


def moves(talk: Talk) -> bool:
    """Whether only a place is told (山东的): what was asked last is asked of that place."""
    reading, state = talk.reading, talk.state
    only = bool(reading.household.get("region")) and not reading.told and not reading.named and len(reading.text) <= SHORT
    return only and not state.pending and bool(state.topic) and state.shown == "answer"


def puts_a_question(reading: Reading) -> bool:
    """Whether a message asks: in words, by naming a programme, or with nothing but what is wanted (条件, 要带的材料)."""
    if reading.asks or reading.named:
        return True
    wants = reading.intent in ASPECT_OF and reading.intent != "tell_family" and reading.confidence >= PLAINLY
    return wants and not reading.told and (len(reading.text) <= BARE or reading.intent == "ask_complaint")


def is_bare(text: str) -> bool:
    """Whether a text asks something and names nothing: 找哪个部门, 要啥条件."""
    words = plain(text).text.strip("?？。！!，, ")
    asks = any(re.search(one, words) for one in _ASPECT_WORDS.values())
    return asks and (1 < len(words) <= BARE or words == "钱") and not _ASKING.sub("", words)


def _aspect_of_bare(text: str) -> str:
    """The aspect that asking words ask for."""
    return next(aspect for aspect, words in _ASPECT_WORDS.items() if re.search(words, plain(text).text))


def asked(talk: Talk) -> Reply:
    """Answer a question about a programme; facts told on the way are kept and judged."""
    reading, state = talk.reading, talk.state
    state.misses = 0
    programmes, aspect = _subject(talk)
    programmes = programmes or programmes_by_words(reading.text, _of_this_place(talk), talk.library)
    if not programmes:
        tells = reading.told > 1 and aspect in ("amount", "eligibility") and not reading.hypothetical
        return telling.told(talk) if tells else general(talk, aspect)
    kept = _tells_of_somebody(talk) and telling.taken_in(talk)
    shown = programmes[:2] if len(programmes) > 1 and _both_meant(talk, programmes) else programmes[:1]
    answers = [answer(p, aspect, state.region, talk.day, talk.library) for p in shown]
    cites, own_lines = joined([told.cites for told in answers]), _lines(talk, shown, answers)
    state.topic, state.aspect, state.shown = shown[0], aspect, "answer"
    lines = (
        own_lines
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


def _of_this_place(talk: Talk) -> List[str]:
    """The programmes that the place's own documents have."""
    rules = rulebook(talk.library, talk.state.region, talk.day).rules
    return [programme for programme, versions in rules.items() if versions[0].rule.place != NATION]


def _lines(talk: Talk, shown: List[str], answers: List[Answer]) -> List[str]:
    lines: List[str] = []
    question = talk.question(talk.state.pending)
    room = max(LIMIT_BEFORE_QUESTION - len(question.ask), LEAST) if question else LIMIT
    for programme, told in zip(shown, answers):
        heading = [f"【{talk.library.programmes[programme].name}】"] if len(shown) > 1 or _is_new(talk, programme) else []
        lines += heading + shortened(told.lines, room // len(shown))
    return lines


def _is_new(talk: Talk, programme: str) -> bool:
    """Whether the resident neither named the programme nor was talking of it: then its name comes first."""
    return not talk.reading.named and programme != talk.state.topic


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
    learned = reading.programmes and reading.sure >= (0.1 if _NO_ASPECT.match(reading.text) else 0.5) and not is_bare(reading.text)
    if state.topic and learned and not reading.named and reading.programmes[0] in STATUSES_ONLY and len(reading.text) <= FOLLOWS:
        learned = False  # 只要贫困户才有吗 asks who gets what is under way
        reading = replace(reading, programmes=[])
    if is_bare(reading.text) and (reading.intent not in ASPECT_OF or reading.confidence < PLAINLY):
        aspect = _aspect_of_bare(reading.text)
    elif state.aspect and _NO_ASPECT.match(reading.text) and (learned or reading.confidence < PLAINLY):
        aspect = state.aspect if state.aspect in CARRIED else "eligibility"
    if moves(talk):
        return [str(state.topic)], state.aspect or aspect
    if state.topic and (leans(talk) and not learned or not reading.programmes or _called_shortly(talk)):
        counts = aspect != "income_rules" or _weighs_income([state.topic], talk)
        return [state.topic if counts else COUNTS_INCOME], aspect
    counting = "income_rules" in (aspect, state.aspect) and _DEDUCTS.search(reading.text)
    if counting and not reading.named and not _weighs_income(reading.programmes, talk):
        return [COUNTS_INCOME], "income_rules"  # 打工的路费要不要扣 asks how income is counted, not for the fare
    if not reading.named and not learned and reading.sure < FAINT and reading.topic in ("none", ANY_AID):
        return [], aspect
    return reading.programmes, aspect


def _called_shortly(talk: Talk) -> bool:
    """Whether a follow-up calls what was talked about by the end of its name: 贷款 after 助学贷款."""
    reading, card = talk.reading, talk.library.programmes[str(talk.state.topic)]
    ends = {name[-2:] for name in card.also_called if len(name) > 3} - GENERIC
    return not reading.named and len(reading.text) <= FOLLOWS and any(end in reading.text for end in ends)


def _weighs_income(programmes: List[str], talk: Talk) -> bool:
    """Whether the likeliest programme says how income is counted."""
    return bool(programmes) and "income_rules" in talk.library.programmes[programmes[0]].answers


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
