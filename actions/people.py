"""Who is who: the resident's own words for people, and two people of one kind kept apart over several messages."""

from __future__ import annotations

import re
from typing import Any, Dict, List, Mapping, Optional

from actions.state import Conversation

# The word said back, then other ways to write it; in order, so that 外孙女 is not read as 孙女.
CALLED: Mapping[str, List[str]] = {
    "grandmother": ["姥姥", "外婆", "阿婆", "奶奶"], "grandfather": ["姥爷", "外公", "阿公", "爷爷"],
    "spouse": ["老伴", "老公", "老婆", "媳妇", "爱人"], "sibling": ["弟弟|弟", "哥哥|哥", "姐姐|姐", "妹妹|妹"],
    "grandchild": ["外孙女", "外孙", "孙女", "孙子"],
    "other": [
        "二叔", "大伯", "叔叔|叔", "舅妈", "舅舅|舅", "姑姑|姑妈", "姨妈|姨", "婆婆|家婆", "公公|家公", "岳父|丈人", "岳母|丈母",
        "侄子|侄儿", "侄女", "外甥女", "外甥", "儿媳", "女婿", "嫂子|嫂", "老人|老汉|老太",
        "村民|光棍|单身汉|盲人|瞎子|哑巴|困难户", "孩子|娃|小孩|细路|囡",
    ],
}  # fmt: skip
KINDS: Mapping[str, str] = {
    "mother": "妈|娘", "father": "爸|爹|老爷子", "grandmother": "奶奶|姥姥|外婆|阿婆", "grandfather": "爷爷|姥爷|外公|阿公",
    "spouse": "老伴|老公|老婆|媳妇|爱人", "son": "儿子", "daughter": "女儿|闺女", "sibling": "弟|哥|姐|妹", "grandchild": "孙",
}  # fmt: skip
NAMELESS = ("he", "stranger", "relative")
TWO_OF_A_KIND = ("grandmother", "grandfather")
A_CHILD = "child"
CHILDREN = (A_CHILD, "son", "daughter", "grandson", "granddaughter")
SEVERAL = ("son", "daughter", "sibling", "grandchild")
LONGEST_WORD = 4
# Of a child's age nobody is a parent, a grandparent or married.
GROWN = ("father", "mother", "grandfather", "grandmother", "spouse")
ADULT = 18
SEXES: Mapping[str, str] = {
    "mother": "她", "grandmother": "她", "daughter": "她", "father": "他", "grandfather": "他", "son": "他",
}  # fmt: skip
_ANOTHER = re.compile(r"还有|另外|另一个|还有个|二儿子|二女儿|小儿子|小女儿")


def word_for(kind: str, text: str) -> Optional[str]:
    """The resident's word for a person of that kind, if the text has one."""
    for words in CALLED.get(kind, []):
        if any(word in text for word in words.split("|")):
            return words.split("|")[0]
    return None


def names_somebody(text: str) -> bool:
    """Whether a text says by a word of kinship whom it is about; 他 and 她 do not say it."""
    return any(word_for(kind, text) for kind in CALLED) or any(re.search(words, text) for words in KINDS.values())


def meant_by_pronoun(text: str, known: List[str], person: Optional[str]) -> Optional[str]:
    """Whom 他 or 她 means: the person the talk is about, unless the word fits only another known one (她 after 爸 and 妈)."""
    words = {word for word in "他她" if word in text}
    if len(words) != 1 or SEXES.get(kind_of(person or ""), *words) in words and person:
        return person
    fitting = [member for member in known if SEXES.get(kind_of(member)) in words]
    return fitting[0] if len(fitting) == 1 else person


def kind_of(member: str) -> str:
    return re.sub(r"\d+$", "", member)


def identified(told: Mapping[str, Any], people: Mapping[str, Mapping[str, str]], state: Conversation, text: str) -> Dict[str, str]:
    """For each member a message tells of, the id of that person in this conversation: one known by the same key, or a new id.

    people: who they are, as the reader says (`{"other2": {"key": "fatherinlaw", "word": "公公"}}`); one it does not name keeps the id.
    """
    known = [str(member.get("id")) for member in state.household.get("members") or []]
    found: Dict[str, str] = {}
    for member in told.get("members") or []:
        name = str(member.get("id"))
        said = people.get(name)
        if said is None or said["key"] in NAMELESS:
            found[name] = name
            continue
        free = [one for one in known if one not in found.values() and _alike(one, name, said["key"], state)]
        found[name] = _found(name, said, free, state, text) or _new(name, [*known, *found.values()])
    return found


def _found(name: str, said: Mapping[str, str], free: List[str], state: Conversation, text: str) -> Optional[str]:
    """Who of those known it is: by the very key, or by one that says less; nobody where 还有个儿子 says it is one more."""
    if kind_of(name) in SEVERAL and _ANOTHER.search(text):
        return None
    key = _youngest(free, state) if said["key"].endswith("/小") else said["key"]
    word = called_by(name, said)
    same = [one for one in free if _same(state.people.get(one), key) and not _two_words(one, word, state)]
    exact = [one for one in same if state.people.get(one) == key]
    return next(iter(exact or same), None)


def _alike(known: str, name: str, key: str, state: Conversation) -> bool:
    """Whether a known member is of the kind told of; 大的 and 小的 are children of any kind."""
    of_a_child = key.partition("/")[0] == A_CHILD and (state.people.get(known) or "").partition("/")[0] in CHILDREN
    return of_a_child or kind_of(known) == kind_of(name)


def _youngest(children: List[str], state: Conversation) -> str:
    """The key of the last of the children known."""
    orders = [(state.people.get(one) or "").partition("/")[2] for one in children]
    return f"{A_CHILD}/{max((order for order in orders if order > '1'), default='小')}"


def _same(known: Optional[str], key: str) -> bool:
    """Whether two keys may mean one person: 儿子 and 大儿子, 兄弟 and 弟弟; not 公公 and 婆婆."""
    if known is None or known == key:
        return True
    kind, order = key.partition("/")[::2]
    known_kind, known_order = known.partition("/")[::2]
    if kind == A_CHILD and known_kind in CHILDREN:
        return order == known_order or not (order and known_order)
    if kind != known_kind and (":" in kind and ":" in known_kind or kind.partition(":")[0] != known_kind.partition(":")[0]):
        return False
    return not (order and known_order)


def _two_words(member: str, word: Optional[str], state: Conversation) -> bool:
    """Whether a grandparent is called by another word than the known one: 外婆 is not 奶奶."""
    return kind_of(member) in TWO_OF_A_KIND and bool(word) and state.called.get(member, word) != word


def _new(name: str, taken: List[str]) -> str:
    """A name that nobody has yet: other3."""
    kind = kind_of(name)
    names = [kind, *(f"{kind}{number}" for number in range(2, len(taken) + 2))]
    return next(one for one in names if one not in taken)


def renamed(told: Mapping[str, Any], names: Mapping[str, str]) -> Dict[str, Any]:
    """The household told, each member under their name in this conversation."""
    members = []
    for member in told.get("members") or []:
        name = names[str(member.get("id"))]
        same_kind = kind_of(name) == kind_of(str(member.get("id")))
        members.append({**member, "id": name} if same_kind else {**member, "id": name, "relation": kind_of(name)})
    return {**told, "members": members} if members else dict(told)


def called_by(member: str, said: Mapping[str, str]) -> Optional[str]:
    """The word for a member: the plain one for what the resident said (阿婆), or their own for a relative that has no other."""
    word = said.get("word") or ("孩子" if said.get("key", "").startswith(f"{A_CHILD}/") else "")
    own = word if kind_of(member) == "other" and said.get("key") not in NAMELESS and len(word) <= LONGEST_WORD else ""
    return word_for(kind_of(member), word) or own or None


def spoken_of(text: str, known: List[str]) -> Optional[str]:
    """The known member a text names: 要是我妈也去 → mother."""
    for kind, words in KINDS.items():
        if re.search(words, text):
            return next((member for member in known if kind_of(member) == kind), None)
    return None
