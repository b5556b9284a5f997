"""The fact extractor of the NLU pipeline; `python -m bot.nlu.facts "我爸82了"` prints the household it reads."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from datetime import date
from typing import Any, Dict, List, Text

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.reading.message import Reading, read_facts

__all__ = ["FactExtractor", "Reading", "read_facts"]


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class FactExtractor(GraphComponent):
    """Leaves `facts`: {"household", "spans", "hypothetical", "correction", "asks"}, offsets in the person's own text."""

    @classmethod
    def create(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> FactExtractor:
        return cls()

    def process(self, messages: List[Message]) -> List[Message]:
        for message in messages:
            metadata = message.get("metadata") or {}
            region = metadata.get("region")
            reading = read_facts(message.get(TEXT) or "", _date(metadata.get("as_of")), str(region) if region else None)
            message.set("facts", asdict(reading), add_to_output=True)
        return messages


def _date(as_of: Any) -> date:
    """The day the channel says it is; today where it says none, or none that is a date."""
    try:
        return date.fromisoformat(str(as_of or ""))
    except ValueError:
        return date.today()


if __name__ == "__main__":
    print(json.dumps(asdict(read_facts(" ".join(sys.argv[1:]), date.today())), ensure_ascii=False, indent=2))
