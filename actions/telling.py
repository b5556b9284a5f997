"""Turns in which a family is told of: facts taken in and remembered, whom and what the talk is about."""

from __future__ import annotations

import re
from typing import Any, Callable, Dict, List, Mapping, Optional, Sequence

from actions.everybody import settle
from actions.family import MYSELF, a_childs, flatten, merge, outgrown, possible, retarget, who_of, with_fact
from actions.naming import names_in
from actions.people import (
    ADULT,
    CHILDREN,
    called_by,
    identified,
    kind_of,
    meant_by_pronoun,
    names_somebody,
    renamed,
    word_for,
)
from actions.reading import signs
from actions.reply import Reply, reply
from actions.screened import SURE, screened
from actions.screening import CERTIFIED, household_of, member_of
from actions.supposing import what_if
from actions.talk import Talk
from rules.quantity import quantity, spoken
from rules.together import group_of, is_group, of_all

_SUPPOSED = re.compile(r"要是|如果|假如|假设|万一")
_CLAUSE_END = re.compile("[，。,.；;！!、 ]")
_ALL_OF_THEM = re.compile("(现在|也|就|还|他们?|她们?|[俩两]个?人?|老两口|二老|两位老?人?)*(都|全)")
_A_CHILDS = re.compile("(?<!我)[他她]的?(爸|妈|爹|娘)|(孩子|娃儿?)的?(他|她)?(爸|妈|爹|娘)")
# Words of one income among others, and of all that comes in.
_ONE_SOURCE = re.compile("租|卖|[地田][里上]|种|养[猪羊牛鸡鸭鱼蜂]|给|寄|打零工|零工|摆摊|编")
_IN_ALL = re.compile("全家|一家|家里|我家|一共|总共|合计|加起来|合起来|年收入|总收入|就这|全部|其实|应该|不是")
_THEN = re.compile("[^，。的]呢[?？]?$")
STORY = 12
LEAP = 15  # years
FOCUS_AT_MOST = 6
STATUSES_ONLY = ("poverty_prevention_status",)  # told to get something else by it


def told(talk: Talk) -> Reply:
    """Facts about the family: merge them, say them back, judge, ask on."""
    reading, state = talk.reading, talk.state
    facts = facts_of(talk)
    supposes = reading.hypothetical or _asks_of_another(talk, facts)
    if reading.intent == "what_if" and reading.confidence > SURE or supposes and state.household:
        imagined = what_if(talk, facts)
        if imagined is not None:
            return imagined
        if _SUPPOSED.search(reading.text):
            return talk.with_question(reply("clarify", ["没听明白要假设什么，您换个说法？您家的情况没有改。"]))
    merged, changes = merge(state.household, facts)
    return _whose_age(talk, changes) or _taken(talk, merged, changes)


def _whose_age(talk: Talk, changes: List[Dict[str, Any]]) -> Optional[Reply]:
    """An age far from the one known, of somebody not named, may be another person's: it is asked, and nothing is changed."""
    text, state = talk.reading.text, talk.state
    if talk.reading.correction or names_somebody(text) or MYSELF.search(text):
        return None
    for change in changes:
        known = change["from"] if change["path"].endswith(".age") else None
        if change["path"] == "members[self].age" and quantity(change["to"])[1] < ADULT and state.household.get("members"):
            age = spoken(quantity(change["to"]))
            return talk.with_question(reply("clarify", [f"{age} 岁的是谁？比如“我儿子 {age} 岁”。这句还没有记。"]))
        if known is not None and abs(quantity(change["to"])[0] - quantity(known)[0]) > LEAP:
            who = who_of(member_of(change["path"]), household_of(state), state.called)
            was, now = (spoken(quantity(age)) for age in (known, change["to"]))
            words = f"前面记的{who}是 {was} 岁，没有改。说的是别人，告诉我是谁；要改，就说“{who.removeprefix('您')}是 {now} 岁”。"
            return talk.with_question(reply("clarify", [words]))
    return None


def _asks_of_another(talk: Talk, facts: Dict[str, Any]) -> bool:
    """她满八十呢: asked of what is known, told otherwise."""
    known = flatten(talk.state.household)
    told = [path for path in flatten(facts) if not path.endswith(".relation")]
    return bool(_THEN.search(talk.reading.text)) and not talk.reading.correction and all(path in known for path in told)


def _taken(talk: Talk, merged: Dict[str, Any], changes: List[Dict[str, Any]]) -> Reply:
    """Keep the household as it is now told, unless it is impossible, and judge it anew."""
    if outgrown(merged) and "size" not in talk.reading.household:
        merged = with_fact(merged, "size", None)  # more people are told of than were counted: asked again
    flaw = talk.flaw(merged)
    if flaw is not None:
        return flaw
    before = signs(household_of(talk.state), talk.library)
    keep(talk, merged)
    _look_at(talk, before)
    return screened(talk, changes)


def facts_of(talk: Talk) -> Dict[str, Any]:
    """What the message tells, each fact with the person it is about."""
    told = told_of(talk)
    return _added_up(talk, renamed(told, identified(told, talk.reading.people, talk.state, talk.reading.text)))


def _added_up(talk: Talk, told: Dict[str, Any]) -> Dict[str, Any]:
    """One more income of the family (地给人种了，一年租金一千二) is added to what was told; a total takes its place."""
    known, more = talk.state.household.get("annual_income") or _wages(talk), told.get("annual_income")
    reading = talk.reading
    replaces = reading.correction or reading.hypothetical or reading.intent == "correct" or talk.state.pending == "annual_income"
    if not known or not more or more == known or replaces or not _ONE_SOURCE.search(reading.text) or _IN_ALL.search(reading.text):
        return told
    (low, high), (least, most) = quantity(known), quantity(more)
    whole = [round(low + least), round(high + most)]
    return {**told, "annual_income": whole[0] if whole[0] == whole[1] else whole}


def _wages(talk: Talk) -> Any:
    """What one's own wage, and that of husband or wife, come to in a year; 0 where none was told."""
    flat = flatten(talk.state.household)
    told = [quantity(flat[path]) for path in ("members[self].monthly_wage", "members[spouse].monthly_wage") if path in flat]
    return [12 * sum(low for low, _ in told), 12 * sum(high for _, high in told)] if told else 0


def brings_news(talk: Talk) -> bool:
    """Whether a message tells anything that was not known: 公公那个残疾证能领钱吗 does not, once his grade was told."""
    return bool(merge(talk.state.household, facts_of(talk))[1])


def told_of(talk: Talk) -> Dict[str, Any]:
    """What the message tells, what is said of 他 or of nobody given to whom it means; members under the reader's own names."""
    reading, state = talk.reading, talk.state
    known = [str(member.get("id")) for member in state.household.get("members") or []]
    person = _ill_one(talk) or meant_by_pronoun(reading.text, known, state.person)
    household = _of_a_childs_parents(talk, _before_anybody_named(talk, reading.household, person))
    return _of_them_all(talk, retarget(household, reading.people, person, reading.text))


def _before_anybody_named(talk: Talk, household: Mapping[str, Any], person: Optional[str]) -> Mapping[str, Any]:
    """跟着我妈过，我妈六十九: what stands before anybody is named is of the one talked about, not of oneself."""
    members = {str(member.get("id")): member for member in household.get("members") or []}
    text = talk.reading.text
    if not person or person in members or "self" not in members or MYSELF.search(text) or a_childs(members["self"]):
        return household
    own = [span["start"] for span in talk.reading.spans if span["path"].startswith("members[self]")]
    if not own or not names_somebody(text) or names_somebody(text[: max(own)]):
        return household
    moved = {**members["self"], "id": person, "relation": kind_of(person)}
    return {**household, "members": [moved, *(member for name, member in members.items() if name != "self")]}


def _of_a_childs_parents(talk: Talk, household: Mapping[str, Any]) -> Mapping[str, Any]:
    """她爸打零工, where the talk is about one's own child, is one's husband; a grandchild's or nephew's father is nobody known."""
    person = talk.state.person or ""
    young = kind_of(person) in ("son", "daughter", "grandchild") or talk.state.people.get(person, "").partition(":")[0] in CHILDREN
    named = {"father", "mother"} & {str(member.get("id")) for member in household.get("members") or []}
    if not young or len(named) != 1 or not _A_CHILDS.search(talk.reading.text):
        return household
    parent = named.pop()
    own = kind_of(person) in ("son", "daughter")
    members = [member for member in household["members"] if own or member.get("id") != parent]
    spouse = {"id": "spouse", "relation": "spouse"}
    talk.state.called.setdefault("spouse", "爱人")
    return {**household, "members": [{**member, **spouse} if member.get("id") == parent else member for member in members]}


def _ill_one(talk: Talk) -> Optional[str]:
    """Whose bill it is where nobody is named: the only one told to be gravely ill."""
    told = {path.rpartition(".")[2] for path in flatten(talk.reading.household)} - {"relation"}
    ill = [path for path, value in flatten(talk.state.household).items() if path.endswith("serious_illness") and value]
    return member_of(ill[0]) if told == {"medical_cost"} and len(ill) == 1 else None


def _of_them_all(talk: Talk, told: Dict[str, Any]) -> Dict[str, Any]:
    """都在家, 他俩都二级: told of everybody named before in the message, or of those last told of together."""
    text, spans = talk.reading.text, [span for span in talk.reading.spans if span["path"].startswith("members[")]
    for span in spans:
        clause = _CLAUSE_END.split(text[: span["start"]])[-1]
        before = [member_of(one["path"]) for one in spans if one["start"] < span["start"] - len(clause)]
        people = list(dict.fromkeys(before)) if before else talk.state.together
        shared = {member_of(one["path"]) for one in spans if one["start"] == span["start"]}
        if len(shared) > 1 and not shared & set(before):  # of those just named: 爷爷奶奶，都八十左右
            continue
        if len(people) < 2 or not _ALL_OF_THEM.match(clause + text[span["start"] : span["end"]]):
            continue
        fact = span["path"].partition("].")[2]
        value = next((v for path, v in flatten(told).items() if path.endswith(f"].{fact}")), None)
        told = told if before else {**told, "members": []}
        for member in people if value is not None else []:
            told = with_fact(told, f"members[{member}].{fact}", value)
    return told


def taken_in(talk: Talk) -> bool:
    """Keep facts told on the way to a question; False where they cannot be right."""
    before = signs(household_of(talk.state), talk.library)
    merged, _ = merge(talk.state.household, facts_of(talk))
    if possible(merged, talk.library) is not None:
        return False
    keep(talk, merged)
    _look_at(talk, before)
    return True


def _look_at(talk: Talk, before: List[str]) -> None:
    """What the screening is about: what a first telling names or points to, later also what new facts point to.

    Nothing means every programme of the place.
    """
    reading, state, library = talk.reading, talk.state, talk.library
    pointed = signs(household_of(state), library)
    if not state.screening:
        learned = reading.programmes[: 2 if reading.asks else 1] if reading.sure > SURE else []
        meant = sorted({*reading.named, *learned} - set(STATUSES_ONLY), key=_rank_in(reading.programmes))
        wanted = meant + [p for p in [state.topic] if p] + pointed
        state.focus = [p for p in dict.fromkeys(wanted) if library.programmes[p].screened][:FOCUS_AT_MOST]
    elif state.focus:
        state.focus = list(dict.fromkeys(state.focus + [p for p in pointed if p not in before]))
    if state.focus:
        good = [r["programme"] for r in talk.assess().results if r["verdict"] == "eligible" and not r["already"]]
        state.focus = list(dict.fromkeys(state.focus + [p for p in good if p not in STATUSES_ONLY]))
    if state.focus and not state.household.get("members") and library.programmes[state.focus[0]].group == "儿童":
        state.household = {**state.household, "members": [{"id": "other", "relation": "other"}]}
        state.called["other"], state.person = "孩子", "other"
    state.screening = True


def _rank_in(order: Sequence[str]) -> Callable[[str], int]:
    return lambda one: order.index(one) if one in order else len(order)


def keep(talk: Talk, household: Dict[str, Any]) -> None:
    """Remember the family, the resident's own words for it, and whom the talk is about."""
    state, reading = talk.state, talk.reading
    names = identified(told_of(talk), reading.people, state, reading.text)
    state.household, state.misses = household, 0
    for span in reading.spans:
        state.words[_renamed(span["path"], names)] = span.get("text") or ""
    people = list(names.values())
    for name, said in reading.people.items():
        member = names.get(name, name)
        if name in names:
            state.people.setdefault(member, said["key"])
        if name in names and (word := called_by(member, said)):
            state.called.setdefault(member, word)
    state.together = people if len(people) > 1 else state.together
    spoken = people if len(people) == 1 else [one for one in people if one != "self"]
    if len(spoken) == 1 and (spoken[0] != "other" or "other" in state.called):
        state.person = spoken[0]


def _renamed(path: str, names: Dict[str, str]) -> str:
    member = member_of(path)
    return path.replace(f"[{member}]", f"[{names[member]}]", 1) if member in names else path


def speaks_of(talk: Talk) -> None:
    """Whom the first words of a message are about, though nothing is told of them yet: 我妈被打了 … 她71."""
    names = [name for name in names_in(talk.reading.text, [], talk.state) if name.sure and len(name.members) == 1]
    names = [name for name in names if name.members[0] != "self"] or names
    if names and talk.state.person is None:
        member = names[0].members[0]
        talk.state.person = member
        word = word_for(kind_of(member), talk.reading.text)
        talk.state.called.update({member: word} if word else {})


def answered(talk: Talk, value: Any) -> Reply:
    """The pending question's own answer, with whatever else the message tells."""
    path, state, reading = str(talk.state.pending), talk.state, talk.reading
    if is_group(path) and of_all(path):
        return of_everybody(talk, value)
    values = value if isinstance(value, dict) else {path: value}
    state.declined += [path] if value == list(CERTIFIED) else []  # 有，不知道几级: not asked again
    merged = state.household
    for one, said in values.items():
        merged = with_fact(merged, one, said)
    changes = [{"path": one, "from": None, "to": said} for one, said in values.items() if said or len(values) == 1]
    if len(reading.text) > STORY or reading.told > 1:
        more, others = merge(merged, facts_of(talk))
        if possible(more, talk.library) is None and (is_group(path) or flatten(more).get(path) == value):
            merged, changes = more, changes + others
    return _taken(talk, merged, changes)


def of_everybody(talk: Talk, value: Dict[str, Any]) -> Reply:
    """Who of the family it is, and who it is not; what else the message tells counts too, but not of the same fact."""
    state = talk.state
    values = settle(value, state, talk.reading.text)
    groups = {group_of(path) for path in value}
    told = {path: said for path, said in flatten(facts_of(talk)).items() if group_of(path) not in groups}
    merged = state.household
    for path, said in {**told, **values}.items():
        merged = with_fact(merged, path, said)
    changes = [{"path": path, "from": None, "to": said} for path, said in {**values, **told}.items()]
    return _taken(talk, merged, changes)
