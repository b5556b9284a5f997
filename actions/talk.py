"""One message before one conversation: what every kind of turn works with."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, Dict, List, Mapping, Optional

from actions import screening
from actions.family import possible
from actions.reading import Reading
from actions.reply import Reply, reply
from actions.state import Conversation
from knowledge.library import Library
from rules.questions import Question

DONT_KNOW = "不知道"
WHY = "为什么问这个"


@dataclass
class Talk:
    """`reading` is the message, `state` the conversation so far (changed as the turn goes), `day` the day asked about."""

    reading: Reading
    state: Conversation
    day: dt.date
    library: Library

    @property
    def household(self) -> Dict[str, Any]:
        return screening.household_of(self.state)

    def assess(self) -> screening.Judgement:
        return screening.assess(self.state, self.day, self.library)

    def question(self, path: Optional[str]) -> Optional[Question]:
        return screening.question_at(path, self.state, self.library) if path else None

    def flaw(self, household: Mapping[str, Any]) -> Optional[Reply]:
        """A plain word where a household cannot be right (an age of 300), and the question again."""
        fault = possible(household, self.library)
        if fault is None:
            return None
        words = f"{fault.message.split(' / ')[0]}。您再说一遍？"
        return self.with_question(reply("clarify", [words], aspect=self.reading.aspect))

    def with_question(self, said: Reply) -> Reply:
        """After an interruption the pending question is put again with its choices, and programs still read the family and its results."""
        if not self.state.household:
            return said
        for key, value in screening.custom_of(self.state, self.assess(), self.library).items():
            said.custom.setdefault(key, value)
        question = self.question(self.state.pending)
        said.custom["next_question"] = question.as_dict() if question else None
        if question is not None:
            if question.ask not in said.text:
                said.text = f"{said.text}\n刚才问到：{question.ask}"
            said.custom["answer"] = said.text
            said.buttons = [{"title": title, "payload": title} for title in taps(question)]
        return said


def taps(question: Question) -> List[str]:
    """What can be tapped under a question: its choices, or the way out."""
    labels = [choice["label"] for choice in question.choices]
    return [*labels, DONT_KNOW] if labels else [DONT_KNOW, WHY]
