"""Which members of the family a text names: 我爸, 姥姥, 小儿子, 我自己, 别人."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import List, Mapping, Sequence, Tuple

from actions.people import ADULT, word_for
from actions.screening import household_of, member_of, name_of
from actions.state import Conversation
from rules.household import Household, Member

# What people call somebody, by relation; of words that share a character the longer kind stands first.
_WORDS: Mapping[str, str] = {
    "eldest": "老大|大的", "youngest": "老[二三幺小]|小的",
    "children": "(?:[两俩]个?|三个)?(?:孩子们?|小孩|娃们|娃娃|娃儿|娃|崽)",
    "parents": "爸妈|父母|爹娘|爹妈|双亲", "couple": "老两口|两口子|我们俩|我俩|俺俩",
    "spouse": "老伴儿?|老公|老婆子?|媳妇|爱人|丈夫|妻子|老头子?|婆娘|堂客|当家的|对象", "grandfather": "爷爷?(?!们)|姥爷|外公|阿公",
    "grandmother": "奶奶?|姥姥|外婆|阿婆", "father": "爸爸|老爸|老爹|爸|爹|父亲|老爷子", "mother": "妈妈|老妈|老娘|妈|娘|母亲|老太太",
    "grandchild": "外?孙[子女儿娃]",
    "son": "(?:[大小二三]|[两俩]个?|三个)?(?:儿子|小子)",
    "daughter": "(?:[大小二三]|[两俩]个?|三个)?(?:女儿|闺女|丫头|姑娘)",
    "sibling": "[大小二三]?(?:弟弟?|哥哥?|姐姐?|妹妹?)",
    "other": "[大小二三]?(?:叔叔?|伯伯?|舅[舅妈]?|姑[姑妈]?|姨[妈娘]?)"
    "|大爷|大[娘妈]|公公|婆婆|老?丈人|老?丈母娘?|岳父|岳母|侄[子女儿]|外甥女?|儿媳妇?|女婿|嫂子?",
}  # fmt: skip
_OWN = r"(?:我们|俺们|咱们|我|俺|咱|他|她)?家?里?的?(?:那个|这个)?"
_MYSELF = r"(?:我|俺|咱)(?:自己|本人)?(?!们|家|俩)|本人|户主"
_HE = r"[他她](?!们|俩|两|家)(?:自己|本人)?"
_OTHERS = r"其[他它]的?人?|别的人?|别人|旁人|其余的?人?|剩下的?人?|另外的人"
_COUPLES = (("self", "spouse"), ("father", "mother"), ("grandfather", "grandmother"))
_CHILDREN = ("son", "daughter", "grandchild")
_TOLD_APART_BY_WORD = ("sibling", "grandchild", "other")


@dataclass(frozen=True)
class Name:
    """text[start:end] names these members. sure: they are not some of several it could be. others: all who are not named."""

    start: int
    end: int
    members: Tuple[str, ...]
    sure: bool = True
    others: bool = False


def names_in(text: str, paths: Sequence[str], state: Conversation) -> List[Name]:
    """Everybody named in a text without spaces, in order. paths: of the people asked about, who may be called as on their buttons."""
    people = Household.parse(household_of(state)).members
    labels = {name_of(path, state).replace(" ", ""): member_of(path) for path in paths}
    tapped = "|".join(re.escape(label) for label in sorted(labels, key=len, reverse=True)) or "(?!)"
    kinds = "|".join(f"(?P<{kind}>{words})" for kind, words in _WORDS.items())
    pattern = re.compile(f"(?P<others>{_OTHERS})|{_OWN}(?:(?P<label>{tapped})|{kinds})|(?P<self>{_MYSELF})|(?P<he>{_HE})")
    found = []
    for match in pattern.finditer(text):
        kind = str(match.lastgroup)
        members = (labels[match[kind]],) if kind == "label" else _meant(kind, match[kind], people, state)
        sure = len(members) == 1 or kind in ("others", "parents", "couple") or bool(re.search("们|两|俩|三个", match[kind]))
        found.append(Name(match.start(), match.end(), members, sure, kind == "others"))
    return found


def _meant(kind: str, word: str, people: Sequence[Member], state: Conversation) -> Tuple[str, ...]:
    """The members a word may mean; one who was not told of yet gets an id of their own."""
    if kind in ("others", "he"):
        return (state.person,) if kind == "he" and state.person else ()
    if kind == "parents":
        return ("father", "mother")
    if kind == "couple":
        listed = {p.relation for p in people}
        return next((pair for pair in _COUPLES if set(pair) <= listed), ())
    if kind == "children":
        return tuple(p.id for p in people if p.relation in _CHILDREN or state.called.get(p.id) in ("孩子", "娃"))
    if kind in ("eldest", "youngest"):
        young = [p for p in people if p.relation in _CHILDREN or p.relation == "other" and "age" in p.facts and p.facts["age"][1] < ADULT]
        return tuple(p.id for p in _by_order("大" if kind == "eldest" else "小", young)) if len(young) > 1 else ()
    alike = [p for p in people if p.relation == kind]
    first = (word_for(kind, word) or word).lstrip("大小二三")[:1]
    named = [p for p in alike if state.called.get(p.id) == word_for(kind, word)]
    named = named or [p for p in alike if state.called.get(p.id, "").lstrip("大小二三")[:1] == first]
    if not named and kind in _TOLD_APART_BY_WORD:
        named = [p for p in alike if p.id not in state.called]
        return tuple(p.id for p in named) or (f"{kind}{len(alike) + 1}" if alike else kind,)
    return tuple(p.id for p in _by_order(word, named or alike)) or (kind,)


def _by_order(word: str, alike: List[Member]) -> List[Member]:
    """大儿子 is the eldest, 小儿子 the youngest of them."""
    if len(alike) < 2 or word[0] not in "大小" or not all("age" in p.facts for p in alike):
        return alike
    return [(max if word[0] == "大" else min)(alike, key=lambda p: p.facts["age"][0])]
