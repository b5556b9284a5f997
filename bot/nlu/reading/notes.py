"""What is collected while a message is read, and the scene each clause is read in."""

import re
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from bot.nlu.reading.cast import Cast, Mention
from bot.nlu.reading.clauses import Clause
from bot.nlu.reading.lexicon import Mark
from bot.nlu.reading.money import Sum
from bot.nlu.reading.places import Place
from bot.nlu.reading.size import Size

Keys = tuple[str, ...]
_TOPIC = 4  # characters


@dataclass(frozen=True)
class Fact:
    """`who` has `field` = `value` (the household itself where who is None), told at text[start:end] of the folded message."""

    who: str | None
    field: str
    value: Any
    start: int
    end: int
    supposed: bool = False
    weak: bool = False  # counts only beside another fact of its kind


@dataclass(frozen=True)
class Money:
    """A sum and whose it is (nobody's: the household's); `sole`: it is all the family lives on."""

    who: Keys
    sum: Sum
    sole: bool
    supposed: bool
    sentence: int = 0


@dataclass
class Notes:
    """All that a message tells, before it is put together."""

    cast: Cast = field(default_factory=Cast)
    facts: list[Fact] = field(default_factory=list)
    money: list[Money] = field(default_factory=list)
    sizes: list[Size] = field(default_factory=list)
    seats: list[tuple[Keys, Place]] = field(default_factory=list)  # whose, what place
    single: bool = False  # the speaker has no husband or wife
    acres: int | None = None
    asks: bool = False
    supposes: bool = False
    supported: bool = False  # grown children give money


@dataclass(frozen=True)
class Message:
    """What holds for the whole message. `personal`: it speaks of a family; `asks`: some clause is a question;
    `complains`: it speaks of what others get."""

    text: str
    today: date
    personal: bool
    names_family: bool
    asks: bool
    complains: bool
    clauses: int


@dataclass
class Memory:
    """What is carried from clause to clause; all but the first six only within a sentence."""

    subject: Keys = ("self",)
    real: Keys = ("self",)  # the last subject of the family itself
    returns: Keys = ()  # of whom the next sentence is, after somebody has left the story
    worker: Keys = ()  # who was last told to have a job: 没活干了 is theirs
    pending: Mark | None = None  # an application whose outcome is not yet told
    held: Mark | None = None  # the dibao just told of: 低保三年了，今年不给了
    patient: Keys = ()  # who was last told to be ill: what is left to pay is theirs
    sentence: int = 0
    of_household: bool = False  # 家里, 全家 was the last to be named
    anchored: bool = False  # the sentence has named somebody of the family
    led: Keys = ()  # the sentence's subjects so far
    told: tuple[Keys, int, int] = ((), 0, 0)  # the last mention and its end, and the end of its clause
    outside: Keys = ()  # the subject around the brackets we are in
    left: Keys = ()  # who 走了: died, unless it turns out they went away
    parent: Keys = ()  # the child's parent last spoken of: 娘改嫁了，五年没音信
    working: Keys = ()  # whose job was last spoken of
    sole: bool = False  # 全家就靠 …
    period: str = ""  # what the clause before ended on: 养老金每月，一百多
    about: str = ""  # the money the clause before spoke of: 领的是养老金，每个月一百八
    cycle: str = ""  # how often a treatment comes round
    busy: bool = False  # the last sum was of good times: 好的时候六千
    sum_period: str = ""  # the period of the last sum: 我一个月挣两千，老公挣三千

    def turn_to(self, sentence: int) -> None:
        """Forget what holds only within a sentence, when a new one begins."""
        if sentence != self.sentence:
            start = self.returns or self.real
            self.__dict__.update(
                vars(Memory(start, start, (), self.worker, self.pending, self.held, self.patient, sentence))
            )


@dataclass(frozen=True)
class Scene:
    """One clause with the people in it. `before`: the subject when it began; `household`: it speaks of 我家, 全家."""

    message: Message
    clause: Clause
    mentions: list[Mention]
    household: bool
    subject: Keys
    before: Keys
    anchored: bool
    of_household: bool

    def is_topic(self, start: int, end: int) -> bool:
        """A word or two are the whole message: a topic (低保, 危房) or a bare answer, not a story."""
        whole = (start, end) == (self.clause.start, self.clause.end) and self.message.clauses == 1
        return whole and end - start <= _TOPIC

    def asks_of(self, offset: int) -> bool:
        """Whether what stands here is the very thing asked about, right after 想问, 咨询."""
        return offset == self.clause.start and bool(re.search("(问|咨询|了解|打听|知道)一?下?$", self.message.text[:offset]))

    def leading(self, offset: int) -> list[Mention]:
        """The subjects named before an offset."""
        return [mention for mention in self.mentions if mention.leads and mention.end <= offset]

    def owning(self, word: str, offset: int) -> Keys:
        """Whose the last `word` before an offset is: (张大娘)的养老金."""
        at = self.clause.before(offset).rfind(word) + self.clause.start
        return next(
            (m.keys for m in self.mentions if m.end <= at and self.clause.after(m.end)[: at - m.end] in ("", "的")), ()
        )

    @property
    def general_question(self) -> bool:
        """A question in which nobody of the family is named."""
        return self.clause.question and not (
            self.household or self.anchored or any(mention.owned for mention in self.mentions)
        )

    @property
    def sentence(self) -> str:
        """The sentence up to the end of this clause."""
        start = max(self.message.text.rfind(stop, 0, self.clause.start) for stop in "。！？；!?;\n")
        return self.message.text[start + 1 : self.clause.end]
