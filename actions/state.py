"""What the assistant keeps of one conversation: plain data that fits in one Rasa slot."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, fields
from typing import Any, Dict, List, Optional


@dataclass
class Conversation:
    """The family as told and where the talk stands. Nothing here names a person.

    household: the contract's shape. words: the resident's own words for a fact, by path. pending: the path just asked; group: the
    facts last asked at once, of each group. named: facts of people named in an answer of whom only more is to be asked. asked: paths
    asked, in order. declined: paths that were answered with "don't know". focus: programmes
    the screening is about (empty: all of the place). topic, aspect: what was last asked about, for follow-ups. person: whom the talk
    is about; together: those last told of in one message, whom 都 then means; called: the resident's own word for a member (姥姥);
    people: who a member is, as the reader knows them (`fatherinlaw`).
    verdicts, amounts: what was last told, by `programme@member`.
    parameters: local figures as the resident told them. offered: what could be tapped under the last reply. shown: what 详细 would
    say more of, `answer` or `result`. danger: the kind last heard, remembered for danger_turns more turns. complaint: the situation
    of a complaint under way. case: the case code given in this chat.
    """

    household: Dict[str, Any] = field(default_factory=dict)
    words: Dict[str, str] = field(default_factory=dict)
    pending: Optional[str] = None
    group: List[str] = field(default_factory=list)
    named: List[str] = field(default_factory=list)
    asked: List[str] = field(default_factory=list)
    declined: List[str] = field(default_factory=list)
    focus: List[str] = field(default_factory=list)
    screening: bool = False
    finished: bool = False
    topic: Optional[str] = None
    aspect: Optional[str] = None
    person: Optional[str] = None
    together: List[str] = field(default_factory=list)
    called: Dict[str, str] = field(default_factory=dict)
    people: Dict[str, str] = field(default_factory=dict)
    region: Optional[str] = None
    as_of: Optional[str] = None
    verdicts: Dict[str, str] = field(default_factory=dict)
    amounts: Dict[str, str] = field(default_factory=dict)
    parameters: Dict[str, float] = field(default_factory=dict)
    offered: List[str] = field(default_factory=list)
    shown: Optional[str] = None
    misses: int = 0
    danger: Optional[str] = None
    danger_turns: int = 0
    complaint: Optional[str] = None
    case: Optional[str] = None

    @classmethod
    def load(cls, raw: Optional[Dict[str, Any]]) -> "Conversation":
        """Read a stored conversation; keys of another version are left out."""
        known = {f.name for f in fields(cls)}
        return cls(**{key: value for key, value in (raw or {}).items() if key in known})

    def dump(self) -> Dict[str, Any]:
        return asdict(self)
