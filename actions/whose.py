"""What a message tells, each fact with the person of this conversation it is about. Reads only: nothing is kept here."""

from __future__ import annotations

import re
from typing import Any, Dict, Mapping, Optional

from actions.family import MYSELF, a_childs, flatten, merge, retarget, with_fact
from actions.people import CHILDREN, identified, kind_of, meant_by_pronoun, names_somebody, renamed
from actions.screening import member_of
from actions.talk import Talk
from rules.quantity import quantity

_CLAUSE_END = re.compile("[，。,.；;！!、 ]")
_ALL_OF_THEM = re.compile("(现在|也|就|还|他们?|她们?|[俩两]个?人?|老两口|二老|两位老?人?)*(都|全)")
_A_CHILDS = re.compile("(?<!我)[他她]的?(爸|妈|爹|娘)|(孩子|娃儿?)的?(他|她)?(爸|妈|爹|娘)")
# Words of one income among others, and of all that comes in.
_ONE_SOURCE = re.compile("租|卖|[地田][里上]|种|养[猪羊牛鸡鸭鱼蜂]|给|寄|打零工|零工|摆摊|编")
_IN_ALL = re.compile("全家|一家|家里|我家|一共|总共|合计|加起来|合起来|年收入|总收入|就这|全部|其实|应该|不是")


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
