"""Who is in the story: one key for each person, the same key whenever they are meant."""

import re
from dataclasses import dataclass, field

from bot.nlu.reading.lexicon import Mark

CHILDREN = {"son", "daughter", "grandson", "granddaughter", "nephew", "niece", "child"}
ELDERS = {
    "father",
    "mother",
    "grandfather",
    "grandmother",
    "fatherinlaw",
    "motherinlaw",
    "elder",
    "uncle",
    "aunt",
    "neighbour",
}
YOUNG = CHILDREN - {"son", "daughter"}  # whose father and mother are told of as theirs: 娃他爸


@dataclass
class Cast:
    """The people of one message, in order of first mention."""

    kinds: dict[str, str] = field(default_factory=dict)  # key -> kind
    relations: dict[str, str] = field(default_factory=dict)  # key -> relation
    recent: list[str] = field(default_factory=list)  # keys, the last mentioned last
    group: tuple[str, ...] = ()  # the last people mentioned together
    expected: tuple[str, str, int] | None = None  # kind, relation, how many: 三个娃, each told of by 大的, 一个 …
    told: int = 0  # how many of them have had their word
    young_told: bool = False  # a grandchild or nephew is spoken of somewhere in the message
    parenting: str | None = None  # the child whose father and mother are just being told of
    named: bool = False  # the case is 王某's: 他 is then the applicant
    reported: bool = False  # somebody reports for another: 本人 is then the one spoken of

    @classmethod
    def of(cls, text: str, people: list[Mark]) -> "Cast":
        """An empty cast that knows what the whole message lets one expect."""
        kinds = {mark.entry.get("kind") for mark in people}
        return cls(
            young_told=bool(kinds & {"grandson", "granddaughter", "nephew", "niece"})
            or bool(re.search("他(爸|爹).*他(妈|娘)", text)),
            named=any(mark.text == "某" for mark in people),
            reported=bool(re.search("来电人|反映|坐席|工单|客户|其", text)),
        )

    def key(self, kind: str, relation: str, word: str = "", order: str = "") -> str:
        """The key of a person, new or known."""
        name = f"{kind}:{word}" if word else kind
        if order:
            name = f"{name}/{order}"
        elif name not in self.kinds:
            same = [key for key in self.recent if key.split("/")[0] == name]
            name = same[-1] if same else name
        self.kinds.setdefault(name, kind)
        self.relations.setdefault(name, relation)
        return name

    def last_child(self) -> str | None:
        return next((key for key in reversed(self.recent) if self.kinds.get(key) in CHILDREN), None)

    def last_young(self) -> str | None:
        return next((key for key in reversed(self.recent) if self.kinds.get(key) in YOUNG), None)

    def last_other(self) -> str | None:
        return next((key for key in reversed(self.recent) if key != "self" and "@" not in key), None)

    def remember(self, keys: tuple[str, ...]) -> None:
        for key in keys:
            if key in self.recent:
                self.recent.remove(key)
            self.recent.append(key)
