"""The Rasa graph components that `config.yml` names: a thin coat over the plain functions beside this file."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any, Dict, List, Optional

import joblib
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.tokenizers.tokenizer import Token, Tokenizer
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu import lexicon, normaliser, tokenizer
from bot.nlu.classifier import NONE, Classifier, Example, named

NORMALISED = "normalised"
NOTHING: Dict[str, Any] = {"intents": [], "topics": [], "matter": {}, "danger": 0.0}
ComponentType = DefaultV1Recipe.ComponentType


def source_digest() -> str:
    """Changes with any file of this package: Rasa itself fingerprints only the component classes."""
    here = Path(__file__).parent
    files = sorted([*here.glob("*.py"), *here.glob("*.yml")])
    return hashlib.sha256(b"".join(path.read_bytes() for path in files) + lexicon.digest().encode()).hexdigest()


@DefaultV1Recipe.register(ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class Normaliser(GraphComponent):
    """Puts the normalised text beside the original, under `normalised`; what is stored stays the person's own words."""

    @classmethod
    def create(
        cls, config: Dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext
    ) -> Normaliser:
        return cls()

    @classmethod
    def fingerprint_addon(cls, config: Dict[str, Any]) -> Optional[str]:
        return source_digest()

    def process(self, messages: List[Message]) -> List[Message]:
        for message in messages:
            message.set(NORMALISED, normaliser.normalise(message.get(TEXT) or ""))
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        self.process(training_data.training_examples)
        return training_data


@DefaultV1Recipe.register(ComponentType.MESSAGE_TOKENIZER, is_trainable=False)
class ChineseTokenizer(Tokenizer):
    """Words of the normalised text, for classifiers of Rasa's own (benchmarks.classifiers); the pipeline's own needs none."""

    @staticmethod
    def supported_languages() -> Optional[List[str]]:
        return ["zh"]

    @staticmethod
    def get_default_config() -> Dict[str, Any]:
        return {"intent_tokenization_flag": False, "intent_split_symbol": "_"}

    @classmethod
    def fingerprint_addon(cls, config: Dict[str, Any]) -> Optional[str]:
        return source_digest()

    def tokenize(self, message: Message, attribute: str) -> List[Token]:
        text = message.get(NORMALISED) if attribute == TEXT else message.get(attribute)
        return [Token(word, start) for word, start in tokenizer.words(text)]


@DefaultV1Recipe.register(ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class MessageClassifier(GraphComponent):
    """
    Says what a message is, learned from intents and `metadata: {topic: …}`.

    Leaves `intent` and `intent_ranking`, `topics: [{"name", "confidence"}]` the most likely first, `matter: {"ours",
    "neighbour", "outside", "talk"}`, `danger` as the share of an emergency, and `named: [{"name", "word", "start", "end"}]`,
    the programmes called by name (offsets in the normalised text).
    """

    def __init__(self, model_storage: ModelStorage, resource: Resource, learned: Optional[Classifier] = None) -> None:
        self._model_storage = model_storage
        self._resource = resource
        self._learned = learned

    @classmethod
    def create(
        cls, config: Dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext
    ) -> MessageClassifier:
        return cls(model_storage, resource)

    @classmethod
    def load(
        cls,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> MessageClassifier:
        with model_storage.read_from(resource) as folder:
            return cls(model_storage, resource, joblib.load(folder / "classifier.joblib"))

    @classmethod
    def fingerprint_addon(cls, config: Dict[str, Any]) -> Optional[str]:
        return source_digest()

    def train(self, training_data: TrainingData) -> Resource:
        messages = [m for m in training_data.training_examples if m.get(TEXT) and m.get(INTENT)]
        self._learned = Classifier.train(Example(m.get(TEXT), m.get(INTENT), topic_of(m)) for m in messages)
        with self._model_storage.write_to(self._resource) as folder:
            joblib.dump(self._learned, folder / "classifier.joblib", compress=3)
        return self._resource

    def process(self, messages: List[Message]) -> List[Message]:
        for message in messages:
            text = message.get(NORMALISED) or ""
            told: Dict[str, Any] = self._learned.predict(text) if self._learned else dict(NOTHING)
            message.set(INTENT, told["intents"][0] if told["intents"] else {"name": None, "confidence": 0.0}, add_to_output=True)
            message.set(INTENT_RANKING_KEY, told["intents"], add_to_output=True)
            message.set("topics", told["topics"], add_to_output=True)
            message.set("matter", told["matter"], add_to_output=True)
            message.set("danger", told["danger"], add_to_output=True)
            message.set("named", [mention._asdict() for mention in named(text)], add_to_output=True)
        return messages


def topic_of(example: Message) -> str:
    """The topic an example's metadata gives: its own, else that of its block, else `none`."""
    metadata = example.get("metadata") or {}
    for level in ("example", "intent"):
        topic = (metadata.get(level) or {}).get("topic")
        if topic:
            return str(topic)
    return NONE
