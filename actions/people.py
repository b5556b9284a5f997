"""Who is who: the resident's own words for people, and two people of one kind kept apart over several messages."""

from __future__ import annotations

import re
from typing import Any, Dict, List, Mapping, Optional

# The word said back, then other ways to write it; in order, so that 外孙女 is not read as 孙女.
CALLED: Mapping[str, List[str]] = {
    "grandmother": ["姥姥", "外婆", "阿婆", "奶奶"], "grandfather": ["姥爷", "外公", "阿公", "爷爷"],
    "spouse": ["老伴", "老公", "老婆", "媳妇", "爱人"], "sibling": ["弟弟|弟", "哥哥|哥", "姐姐|姐", "妹妹|妹"],
    "grandchild": ["外孙女", "外孙", "孙女", "孙子"],
    "other": [
        "叔叔", "大伯", "二叔", "舅舅", "姑姑", "姨妈", "婆婆", "公公", "岳父", "岳母", "侄子", "侄女", "外甥女", "外甥", "儿媳|儿媳妇",
        "女婿", "嫂子",
        "孩子|娃|小孩|细路|囡",
    ],
}  # fmt: skip
KINDS: Mapping[str, str] = {
    "mother": "妈|娘", "father": "爸|爹|老爷子", "grandmother": "奶奶|姥姥|外婆|阿婆", "grandfather": "爷爷|姥爷|外公|阿公",
    "spouse": "老伴|老公|老婆|媳妇|爱人", "son": "儿子", "daughter": "女儿|闺女", "sibling": "弟|哥|姐|妹", "grandchild": "孙",
}  # fmt: skip
# Of a child's age nobody is a parent, a grandparent or married.
GROWN = ("father", "mother", "grandfather", "grandmother", "spouse")
ADULT = 18
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


def kind_of(member: str) -> str:
    return re.sub(r"\d+$", "", member)


def apart(
    told: Mapping[str, Any], household: Mapping[str, Any], called: Mapping[str, str], text: str
) -> Dict[str, Any]:
    """The facts told, with a new id for one who is not the person of that kind known before: 我姐 after 弟弟, 还有个儿子 after 儿子."""
    members = told.get("members") or []
    kinds = [kind_of(str(member.get("id"))) for member in members]
    known = [str(member.get("id")) for member in household.get("members") or []]
    named = []
    for member, kind in zip(members, kinds):
        identity = member.get("id")
        if identity in known and kinds.count(kind) == 1:
            identity = _who(str(identity), kind, known, called, text)
        named.append({**member, "id": identity})
    return {**told, "members": named} if members else dict(told)


def _who(identity: str, kind: str, known: List[str], called: Mapping[str, str], text: str) -> str:
    word = word_for(kind, text)
    same = [member for member, said in called.items() if word and said == word and kind_of(member) == kind]
    if same:
        return same[0]
    fresh = f"{kind}{sum(kind_of(one) == kind for one in known) + 1}"
    another = word and identity in called and called[identity] != word
    return (
        fresh if another or kind in ("son", "daughter", "sibling", "grandchild") and _ANOTHER.search(text) else identity
    )


def people_called(people: List[str], text: str, called: Mapping[str, str]) -> Dict[str, str]:
    """The resident's own words for the people a message tells of, by member id."""
    found = {}
    for member in people:
        word = word_for(kind_of(member), text)
        if word and sum(kind_of(one) == kind_of(member) for one in people) == 1:
            found[member] = word
    return found


def spoken_of(text: str, known: List[str]) -> Optional[str]:
    """The known member a text names: 要是我妈也去 → mother."""
    for kind, words in KINDS.items():
        if re.search(words, text):
            return next((member for member in known if kind_of(member) == kind), None)
    return None
