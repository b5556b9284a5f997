"""Questions about the family as told: what each of them gets, how much together, what was said of them. Never a rule's text."""

from __future__ import annotations

import re
from typing import Any, Dict, List, Optional, Tuple

from actions import wording
from actions.answering import LEAVING, answer, source_line
from actions.family import flatten, said_back, who_of, with_fact
from actions.naming import names_in
from actions.people import ADULT, kind_of, word_for
from actions.reply import Reply, fitted, joined
from actions.screened import screening_reply
from actions.screening import Judgement, household_of, in_focus, remember
from actions.talk import Talk
from knowledge.plain import plain
from rules.quantity import quantity

SURE = 0.5
LONGEST = 20  # characters; a longer message tells or asks of more than this
SHOWN = 4
MONTHLY = ("CNY/person/month", "CNY/household/month")
_MARKS = re.compile(r"[，。！!？?、,.~…\s]+")
# Words a question about getting aid is made of; a question with any other word in it is about something else.
_GETTING = set(
    "那么他她现在目前眼下今这样照说你到底究竟总的最后还就都各分别自又再也能可以会该够得着上符合条件算享受领取拿到手办落补给有没没剩下呢吗啊呀嘛吧不了的是"
    "什么啥哪些几样项条个只点多少钱数助贴救政策待遇东西一共合计加起来全部每月年份头边具体情况讲遍列看个人家户里们我俩政府国报销回两三仨位格资在块口老谁对于来就只而已下明除咁可系咩乜嘢攞边"
)
_WHAT = re.compile(
    r"(?<![没冇不])(能|可以|领|拿|攞|办|得|剩|有|享受|符合|够|补|给|是)(到|上|了|得|着)?(些|点|个)?(什么|啥|哪|几样|几项|咩|乜)(?!都|也)"
    r"|(什么|啥|哪.{0,2})(能|可以)(领|拿|办)|列一下|(情况|结果)再(说|讲|看)"
)
_TOTAL = re.compile(r"一共|总共|合计|合(起来|一起|在一起|一块)|加(一起|起来)|共(多少|能|有|得|领|拿)")
_WHO = re.compile("谁|哪个人|哪一个")
_AT_ONCE = re.compile("都|同时|一起|一块")  # 两个补贴能不能都拿 asks of the programmes, not of the family
_LACKING = re.compile(
    "(那|我们?|俺|咱|他|她|现在|家里?|到底|就|只)*(还|都|又)?(差|缺|少)(了|点|些|的)?(啥|什么|哪些?|哪[样条项点]|几样|乜|咩)"
    "(条件|信息|东西|没说)?(了|呢|吗|啊|呀)*"
)
_WHETHER = re.compile(r"(能|可以|够|符合|领|拿|办|有).*(吗|不|没|没有)$|能不能|有没有|够不够|符不符合|行不行|算不算|是不是")
_ONLY = re.compile("就(这|那)(个|些|点|么点|一样|一项|几样)|只有(这|那)")
_MEANT = re.compile("(我|俺)?(刚才|刚刚)?(说|问|讲)的?是(?P<who>[^，,]{1,6}?)[，,]?(不是|没说).{1,6}")
_OPENS = re.compile("那?(我|俺)?[^，,。？?]{1,4}呢(?=[，,。？?])")  # 那我妈呢，她高血压
_BESIDES = re.compile("除了.{2,12}?(以外|之外)?(?=还|，)")
_SUM_TOLD = re.compile("[0-9一二两三四五六七八九十百千]+(块|元)(钱)?(?=了?(吧|吗|对吧|是吧|对不对|是不是)$)")  # 那就有100块了吧
_WHY_NOT = re.compile(r"(为啥|为什么|咋|怎么|凭啥|凭什么)(就|又|也|还)?(没|不|领不|拿不|办不)")
_OF_WHOM = re.compile("那|呢|现在|的|份|头|边|个|是|多少|钱|啊|呀|又|还有|情况|怎么样|咋样|怎样|如何")
_NOW = re.compile("(那|这样|这么说)?(现在|眼下|目前|如今)呢?")
_FAMILY = re.compile("(我们?|俺们?|咱们?|他|她)?(全家|一家(子|人)?|整户|家里?|这户|这一?家)")
_TOGETHER = re.compile("[他她]们?[俩两仨三]个?人?|[他她]们|[两俩]个?老?人|两口|俩")
# What one may ask to be told again, by its words.
_RECALLED = (
    ("age", re.compile("几岁|多大|多少岁|岁数")), ("disability_grade", re.compile("几级")), ("living", re.compile("住(在)?(哪|什么地方)")),
    ("size", re.compile("几口人|多少人")), ("annual_income", re.compile("收入.{0,3}多少|多少收入")),
)  # fmt: skip
_RECALLING = set(
    "现在今年还不多大几岁数了来着是你记得住下没有我刚才说的过讲下一哪儿里在级残疾证个家口人收入全钱告诉知道呢吗啊呀什么地方少报给填写成"
)


def inquired(talk: Talk) -> Optional[Reply]:
    """The answer to a question about the family itself; None for any other message, and where nobody was told of."""
    reading, state = talk.reading, talk.state
    said = _MARKS.sub("", plain(reading.text).text)
    counts_them = reading.told == 1 and "size" in reading.household and bool(_TOGETHER.search(said))  # 老两口一共多少
    if not state.household or reading.told and not counts_them or reading.hypothetical or len(said) > LONGEST:
        return None
    meant, opens = _MEANT.fullmatch(said), _OPENS.match(reading.text)
    said = f"{meant['who']}呢" if meant else opens[0] if opens else _BESIDES.sub("", said)
    names = [name for name in names_in(said, [], state) if not name.others]
    people = list(dict.fromkeys(member for name in names if name.sure for member in name.members))
    rest = _without(said, [(name.start, name.end) for name in names])
    if _LACKING.fullmatch(rest) and not (state.shown == "answer" and state.aspect == "materials"):
        return _lacking(talk)
    if people == ["self"] and (_WHAT.search(rest) or _WHETHER.search(rest) and not _known(talk, "self")):
        people = []  # 我能领啥: I and mine
    whole = bool(_FAMILY.search(said) or _TOGETHER.search(said))
    recalled = _recalled(talk, people, rest)
    if recalled is not None:
        return recalled
    if people and _WHY_NOT.search(rest) and set(_WHY_NOT.sub("", rest)) <= _GETTING:
        return _of_one(talk, people[0], failing=True)
    sum_told = _SUM_TOLD.search(rest)
    rest = _SUM_TOLD.sub("一共", rest) if sum_told else rest
    if set(rest) <= _GETTING:
        return _about_getting(talk, people, rest, whole)
    named = _asked_of(talk, rest, bool(people) or whole)
    if named:
        return _of_programmes(talk, named, people)
    return _standing(talk, rest, people)


def _without(said: str, spans: List[Tuple[int, int]]) -> str:
    for start, end in reversed(spans):
        said = said[:start] + said[end:]
    return said


def _about_getting(talk: Talk, people: List[str], rest: str, whole: bool) -> Optional[Reply]:
    """我姥爷呢, 她能领啥, 两个人一共多少, 到底能领什么: of one person, or of everybody."""
    asks = _WHAT.search(rest) or _TOTAL.search(rest) or _WHO.search(rest) or (people or whole) and _WHETHER.search(rest)
    asks = asks or people and re.search("多少|几", rest) or _ONLY.search(rest)
    total = bool((_TOTAL.search(rest) or whole and "多少" in rest) and not re.search("几[样项个种]|哪", rest))
    if len(people) == 1 and not total and (asks or not _OF_WHOM.sub("", rest) and re.search("呢|多少|情况", rest)):
        return _of_one(talk, people[0]) if _known(talk, people[0]) else _to_be_told(talk, people[0])
    if asks or total or _NOW.fullmatch(rest):
        return _of_all(talk, total)
    judged = [r for r in talk.assess().results if r["programme"] == talk.state.topic]
    return _of_programmes(talk, [str(talk.state.topic)], people) if judged and _WHETHER.search(rest) else None


def _asked_of(talk: Talk, rest: str, somebody: bool) -> List[str]:
    """The programmes a question names, where it asks who gets them, or whether somebody does."""
    reading = talk.reading
    asks = _WHO.search(rest) or _WHY_NOT.search(rest) or somebody and _WHETHER.search(rest)
    meant = reading.named or (reading.programmes[:1] if reading.sure > SURE else [])
    return [p for p in meant if talk.library.programmes[p].screened] if asks else []


def _known(talk: Talk, member: str) -> bool:
    return any(path.startswith(f"members[{member}].") and not path.endswith(".relation") for path in flatten(talk.state.household))


def _of_one(talk: Talk, member: str, failing: bool = False) -> Reply:
    """What one of the family gets, beside what the whole family does. failing: asked why not, so that what fails stands first."""
    state, judgement = talk.state, talk.assess()
    state.person = member
    theirs = [r for r in judgement.results if r["member"] in (member, None) and not r["already"] and _of_their_age(talk, r)]
    good = [r for r in theirs if r["verdict"] == "eligible"]
    own = [r for r in in_focus(theirs, state) if r["member"] == member]
    facts = [path for path in flatten(state.household) if path.startswith(f"members[{member}].")]
    told = said_back(household_of(state), facts, talk.library, state.called)
    fails = [r for r in own if r["verdict"] == "ineligible"] if failing or not good else []
    if failing:
        lines = [(0, f"{told}。")]
    elif good:
        noted = "多少" in talk.reading.text
        lines = [(0, f"{told}。看起来符合："), *[(0, f"· {item}") for item in _items(good, noted)[:SHOWN]]]
    else:
        lines = [(0, f"{told}，眼下还没有看起来符合的" + ("，再问几句就清楚。" if state.pending and not fails else "。"))]
    lines += [(2, wording.verdict_line({**r, "who": None})) for r in fails[:2]]
    lines += _open(talk, own)
    return _said(talk, lines, judgement, good)


def _of_their_age(talk: Talk, result: Dict[str, Any]) -> bool:
    """No clerk tells of an old woman that she is no orphan."""
    age = flatten(talk.state.household).get(f"members[{result['member']}].age")
    return talk.library.programmes[result["programme"]].group != "儿童" or age is None or quantity(age)[0] < ADULT


def _open(talk: Talk, results: List[Dict[str, Any]]) -> List[Tuple[int, str]]:
    """What is open and who settles it, where no question is under way that may."""
    if talk.state.pending:
        return []
    unnamed = [{**result, "who": None} for result in results]
    return [(3 + at, line) for at, line in enumerate(wording.open_lines(unnamed, talk.state, talk.library))]


def _items(results: List[Dict[str, Any]], noted: bool = False) -> List[str]:
    """`高龄脱贫老人居家养老补贴：每月 100 元`; what is the whole family's says so. noted: also why no figure is known."""
    items = []
    for result in results:
        whose = "（全家的）" if result["member"] is None else ""
        items += [item + whose for item in wording.gathered([{**result, "who": None}], noted)]
    return [item.replace("每人每月", "每月") for item in joined([items])]


def _of_all(talk: Talk, total: bool = False) -> Reply:
    """Who gets what, one line each; the sums that are known added up."""
    state, judgement = talk.state, talk.assess()
    besides = talk.reading.named if _BESIDES.search(talk.reading.text) else []
    good = [r for r in judgement.results if r["verdict"] == "eligible" and not r["already"] and r["programme"] not in besides]
    if not good:
        chosen = in_focus(judgement.results, state)
        fails = [wording.verdict_line(r) for r in chosen if r["verdict"] == "ineligible" and r.get("margin")]
        fails = fails or wording.nearly(judgement.results, state)
        lines = [(0, _none_yet(talk, judgement)), *[(2, line) for line in fails[:2]], *_open(talk, chosen)]
        return _said(talk, lines, judgement, good)
    lines = [(0, "照您说的，看起来符合：")]
    whose: Dict[str, List[Dict[str, Any]]] = {}
    for result in good:
        whose.setdefault(result.get("who") or "", []).append(result)
    for who, theirs in whose.items():
        if who:
            lines.append((0, f"· {who}：{'、'.join(_items(theirs)).replace('：', '')}"))
        else:
            lines += [(0, f"· {item}") for item in _items(theirs)[:SHOWN]]
    lines += [(0, line) for line in _sum(good, always=total)]
    return _said(talk, lines, judgement, good)


def _none_yet(talk: Talk, judgement: Judgement) -> str:
    """That nothing looks possible yet, and what hangs on the question under way."""
    hanging = [talk.library.programmes[p].name for p in judgement.question.programmes[:2]] if judgement.question else []
    if not talk.state.pending or not hanging:
        return "眼下还没有哪一项能说看起来符合。"
    return f"还说不准，答了下面这一题就更清楚：{'、'.join(hanging)}。"


def _sum(good: List[Dict[str, Any]], always: bool) -> List[str]:
    """`能算出来的，一个月一共 200 元。其余的文件没写数，要问窗口。`"""
    known = [r["amount"] for r in good if r["amount"] and r["amount"]["unit"] in MONTHLY and not r["amount"].get("basis")]
    known = [amount for amount in known if amount["min"] == amount["max"]]
    if not known and any(r["amount"] for r in good):
        return []
    others = len(known) < len(good)
    if not known:
        return ["这些给多少，文件没写死数，要问窗口。"] if always else []
    if len(known) < 2 and not always:
        return []
    money = f"一个月一共 {sum(amount['min'] for amount in known):g} 元。"
    return [("能算出来的，" if others else "") + money + ("其余的没有死数，要问窗口。" if others else "")]


def _standing(talk: Talk, rest: str, people: List[str]) -> Optional[Reply]:
    """低保能办吗, 大病救助呢: how the family stands with the programmes named comes before what the rule says."""
    named = [p for p in talk.reading.named if p not in LEAVING]
    cards = [talk.library.programmes[p] for p in named]
    for name in sorted((word for card in cards for word in (card.name, *card.also_called)), key=len, reverse=True):
        rest = rest.replace(name, "")
    rest = rest.replace("申请", "办")
    asks = _WHETHER.search(rest) or re.fullmatch("那?呢", rest)
    if not asks or not set(rest) <= _GETTING or _AT_ONCE.search(rest):
        return None
    return _of_programmes(talk, named, people, with_rule=True)


def _lacking(talk: Talk) -> Optional[Reply]:
    """还差啥: what is not known yet of what is looked at, first of the one talked about."""
    judgement = talk.assess()
    chosen = [r for r in in_focus(judgement.results, talk.state) if r["verdict"] == "undetermined"]
    chosen.sort(key=lambda result: result["programme"] != talk.state.topic)
    if not chosen:
        return _of_all(talk)
    return _said(talk, [(0, line) for line in wording.open_lines(chosen, talk.state, talk.library)], judgement, chosen[:1])


def _of_programmes(talk: Talk, programmes: List[str], people: List[str], with_rule: bool = False) -> Optional[Reply]:
    """Who of the family gets a programme that was named, and who does not and why. with_rule: and what it takes, in a line."""
    judgement = talk.assess()
    asked = [r for r in judgement.results if r["programme"] in programmes and (not people or r["member"] in (*people, None))]
    if not asked:
        return None
    asked.sort(key=lambda result: (-result["met"]["yes"], result["member"] not in (talk.state.person, None)))
    named = [{**r, "who": who_of(r["member"], household_of(talk.state), talk.state.called) if r["member"] else None} for r in asked]
    good = [r for r in named if r["verdict"] == "eligible"]
    lines = [(0, wording.verdict_line(r)) for r in good]
    unclear = [r for r in named if r["verdict"] == "undetermined" and not (with_rule and good)]
    if len(unclear) > 1 and len({tuple(r["missing"]) for r in unclear}) == 1:  # the same is lacking for all of them
        unclear = [{**unclear[0], "who": None}]
    lines += [(1, line) for line in wording.open_lines(unclear, talk.state, talk.library)]
    lines += [(2, wording.verdict_line(r)) for r in named if r["verdict"] == "ineligible"]
    rule = _rule(talk, asked[0]["programme"]) if with_rule and not good else []
    return _said(talk, lines[:SHOWN] + rule, judgement, good or asked[:1])


def _rule(talk: Talk, programme: str) -> List[Tuple[int, str]]:
    """What a programme takes, in one line with its clause."""
    told = answer(programme, "eligibility", talk.state.region, talk.day, talk.library)
    return [(3, f"{told.lines[0]}{source_line(told.cites[:1], talk.day, talk.library)}")] if told.lines and told.cites else []


def _recalled(talk: Talk, people: List[str], rest: str) -> Optional[Reply]:
    """我姥姥几岁来着: what was told of it, or that it was not."""
    name = next((name for name, words in _RECALLED if words.search(rest)), None)
    if name is None or not set(rest) <= _RECALLING:
        return None
    member = people[0] if people else talk.state.person
    path = name if name in ("size", "annual_income") else f"members[{member}].{name}"
    if member is None or path not in flatten(talk.state.household):
        return None
    told = said_back(household_of(talk.state), [path], talk.library, talk.state.called)
    judgement = talk.assess()
    return talk.with_question(screening_reply(talk, [f"您说过：{told}。"], judgement.without_question()))


def _to_be_told(talk: Talk, member: str) -> Reply:
    """One of whom nothing was told yet: the age is asked first, and the talk goes on about them."""
    state = talk.state
    state.household = with_fact(state.household, f"members[{member}].age", None)
    word = word_for(kind_of(member), talk.reading.text)
    state.called.update({member: word} if word and member not in state.called else {})
    state.person, state.pending = member, f"members[{member}].age"
    state.screening, state.finished = True, False
    state.asked += [state.pending] if state.pending not in state.asked else []
    judgement, question = talk.assess(), talk.question(state.pending)
    assert question is not None
    remember(question.path, question.choices, state)
    lines = [f"好，看看{who_of(member, household_of(state), state.called)}。", question.ask]
    return screening_reply(talk, lines, Judgement(judgement.results, question, judgement.remaining))


def _said(talk: Talk, lines: List[Tuple[int, str]], judgement: Judgement, good: List[Dict[str, Any]]) -> Reply:
    """The lines with the office's word, and the pending question again; what follows is about the first that was named."""
    if good:
        talk.state.topic = good[0]["programme"]
    talk.state.shown = "result"
    said = screening_reply(talk, fitted([*lines, (0, wording.OFFICE)]), judgement.without_question())
    return talk.with_question(said)
