"""What would change if …: supposed of a copy of the family; the real one stays as it was."""

from __future__ import annotations

import re
from typing import Any, List, Mapping, Optional

from actions import wording
from actions.family import MYSELF, flatten, merge, possible, said_back, with_fact
from actions.people import spoken_of
from actions.reply import Reply
from actions.screened import screening_reply
from actions.screening import household_of, key_of
from actions.state import Conversation
from actions.talk import Talk
from knowledge.replies import UNKNOWN, read_reply

_ELLIPSIS = re.compile(r"^(那|那么)?(要是|如果|假如)?(?P<fact>.{2,12}?)(的|的话)?呢[?？]?$")


def supposed(talk: Talk) -> Optional[Reply]:
    """那住养老院的呢, of a family that was told: the fact is supposed of the person the talk is about."""
    text, state = talk.reading.text, talk.state
    match = _ELLIPSIS.match(text)
    if not match or not state.household or talk.reading.named or talk.reading.told:
        return None
    members = state.household.get("members") or [{"id": "self"}]
    known = [str(member.get("id")) for member in members]
    person = spoken_of(text, known) or ("self" if MYSELF.search(text) else state.person or known[0])
    for path in _supposable(text, str(person)):
        question = talk.question(path)
        value = read_reply(match["fact"], question.as_dict()) if question else None
        if value is None or value is UNKNOWN:
            continue
        if path not in flatten(state.household) and not text.startswith(("那", "要是", "如果", "假如")):
            return None
        return what_if(talk, with_fact({}, path, value))
    return None


def _supposable(text: str, person: str) -> List[str]:
    """What a short supposition may be about; numbers only with a word for what they are."""
    paths = [f"members[{person}].living", f"members[{person}].disability_grade"]
    paths += ["annual_income"] if re.search("收入|挣", text) else []
    paths += [f"members[{person}].age"] if "岁" in text else []
    return paths


def what_if(talk: Talk, facts: Mapping[str, Any]) -> Optional[Reply]:
    """What would change if …: the real family stays as it was. None where nothing is supposed that differs."""
    state, library = talk.state, talk.library
    merged, changes = merge(state.household, facts)
    if not changes or possible(merged, library) is not None:
        return None
    before = {key_of(r): r for r in talk.assess().results}
    imagined = Conversation.load({**state.dump(), "household": merged})
    judgement = Talk(talk.reading, imagined, talk.day, library).assess()
    moved = [
        r for r in judgement.results if before.get(key_of(r), {}).get("verdict") != r["verdict"] and not r["already"]
    ]
    moved.sort(key=lambda r: (r["verdict"] != "eligible", before.get(key_of(r), {}).get("verdict") != "eligible"))
    gained = [r["programme"] for r in moved if r["verdict"] == "eligible"]
    state.topic = gained[0] if gained else state.topic
    supposed_words = said_back(household_of(imagined), [c["path"] for c in changes], library, state.called)
    lines = [f"假如{supposed_words}："] + [wording.verdict_line(r) for r in moved[:3]]
    lines += [] if moved else ["结果跟现在一样。"]
    lines.append("这只是假设，您家的情况没有改。")
    said = screening_reply(talk, lines, judgement.without_question())
    said.custom.update(household=household_of(state), what_if=merged, case_offer=False)
    said.buttons = []
    return talk.with_question(said)
