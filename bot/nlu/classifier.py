"""What a message is: the kind of question, the topics, whose matter it is, and danger. Learned together, usable without Rasa.

Five linear support vector machines over the same character and word features: on our own test questions they are as good as logistic
regression at a hundredth of the training time (docs/decisions/0003).
"""

from __future__ import annotations

import re
from typing import Any, Dict, Iterable, List, NamedTuple, Optional, Sequence

import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.preprocessing import normalize
from sklearn.svm import LinearSVC

from bot.nlu import lexicon, tokenizer
from bot.nlu.normaliser import normalise

NONE = "none"
EMERGENCY = "emergency_"
DANGER, CALM = "danger", "calm"
ASKING, TELLING, ELIGIBILITY = "ask_", "tell_family", "ask_eligibility"
OUTSIDE = "out_of_scope"
SHOWN = 10
ANSWERED = ("neighbour/disability_certificate", "neighbour/assistive_devices", "neighbour/child_rehabilitation")
_SHARPNESS = 4.0
_PIECE_WEIGHT = 0.9
_QUESTION_WEIGHT = 0.3
_ASPECT_WEIGHT = 0.5
_SHORTEST_PIECE = 4
_BREAK = re.compile(r"[。！？；，!?;,\n]|还有|另外|顺便")
_ASKS = re.compile(r"请问|吗|怎么|咋|如何|能不能|可不可以|多少|几|哪|什么|啥|是否|何时")


class Example(NamedTuple):
    """A text with the kind of question it asks (intent) and what it is about (topic)."""

    text: str
    intent: str
    topic: str


class Head:
    """One question about a message, answered with a share for each label."""

    def __init__(self, strength: float, weights: Optional[str] = None) -> None:
        self._machine = LinearSVC(C=strength, class_weight=weights, random_state=0)

    def fit(self, features: csr_matrix, labels: Sequence[str]) -> "Head":
        self._machine.fit(features, labels)
        self._machine.coef_ = self._machine.coef_.astype(np.float32)
        return self

    @property
    def labels(self) -> List[str]:
        return [str(label) for label in self._machine.classes_]

    def shares(self, features: csr_matrix) -> np.ndarray:
        """One row a text, one column a label; a row sums to one."""
        scores = self._machine.decision_function(features)
        if scores.ndim == 1:
            scores = np.stack([-scores, scores], axis=1)
        powers = np.exp(_SHARPNESS * (scores - scores.max(axis=1, keepdims=True)))
        return powers / powers.sum(axis=1, keepdims=True)


class Classifier:
    """Learned from examples; tells of a text its `intents`, `topics`, `matter` and `danger`."""

    def __init__(self) -> None:
        self._characters = TfidfVectorizer(analyzer="char", ngram_range=(1, 4), sublinear_tf=True, min_df=2, dtype=np.float32)
        self._words = TfidfVectorizer(analyzer=_words, sublinear_tf=True, min_df=2, dtype=np.float32)
        self._lexicon_topics = sorted(lexicon.load().names)
        self._intents, self._topics, self._matter = Head(0.3), Head(0.5), Head(0.3, "balanced")
        self._danger, self._aspects = Head(0.3, "balanced"), Head(0.3, "balanced")

    @classmethod
    def train(cls, examples: Iterable[Example]) -> "Classifier":
        """Learn from examples."""
        given = [Example(normalise(e.text), e.intent, e.topic) for e in examples]
        learned = cls()
        texts = [e.text for e in given]
        learned._characters.fit(texts)
        learned._words.fit(texts)
        features = learned._features(texts)
        danger = np.array([e.intent.startswith(EMERGENCY) for e in given])
        calm, matters = features[~danger], [e for e in given if not e.intent.startswith(EMERGENCY)]
        learned._intents.fit(features, [e.intent for e in given])
        learned._topics.fit(calm, [e.topic for e in matters])
        learned._matter.fit(calm, [matter_of(e.topic) for e in matters])
        learned._danger.fit(features, np.where(danger, DANGER, CALM))
        asked = np.array([_asks(e.intent) for e in given])
        learned._aspects.fit(features[asked], [_aspect(e.intent) for e in given if _asks(e.intent)])
        return learned

    def predict(self, text: str) -> Dict[str, Any]:
        """`intents` and `topics` as `[{"name", "confidence"}]` best first, `matter` as shares of ours, neighbour, outside, talk.

        `danger` is the share of an emergency of any kind.

        A topic of one sentence counts nearly as much as one of the whole, so that one message can have several; in a long story
        the sentences that ask have a say in what kind of question it is.
        """
        text = normalise(text)
        pieces = sentences(text)
        features = self._features([text, *pieces])
        topics = self._topics.shares(features)
        best = topics[0]
        if pieces:
            needs = np.array([label not in (NONE, OUTSIDE) for label in self._topics.labels])  # a greeting is no need
            best = np.maximum(best, needs * _PIECE_WEIGHT * topics[1:].max(axis=0))
        matter = self._matter.shares(features[:1])[0]
        intents = self._kinds(features)
        kind = intents[0]
        asking = [row for row, piece in zip(intents[1:], pieces) if _ASKS.search(piece)]
        if asking:
            kind = (1 - _QUESTION_WEIGHT) * kind + _QUESTION_WEIGHT * np.max(asking, axis=0)
        return {
            "intents": _ranked(self._intents.labels, kind),
            "topics": _ranked(self._topics.labels, best),
            "matter": {label: round(float(share), 4) for label, share in zip(self._matter.labels, matter)},
            "danger": round(float(self._danger.shares(features[:1])[0][self._danger.labels.index(DANGER)]), 4),
        }

    def _kinds(self, features: csr_matrix) -> np.ndarray:
        """Shares of the kinds of question. Among those that ask, the machine that learned from questions only has half the say.

        Who tells of a family asks what it may get: the two share what that machine gives the one in the proportion they had.
        """
        kinds, names = self._intents.shares(features), self._intents.labels
        asking = [i for i, name in enumerate(names) if _asks(name)]
        own = kinds[:, asking]
        groups = [_aspect(names[i]) for i in asking]
        aspects = self._aspects.shares(features)
        for column, group in enumerate(groups):
            same = own[:, [i for i, other in enumerate(groups) if other == group]].sum(axis=1)
            given = aspects[:, self._aspects.labels.index(group)] * own[:, column] / np.maximum(same, 1e-12)
            kinds[:, asking[column]] = (1 - _ASPECT_WEIGHT) * own[:, column] + _ASPECT_WEIGHT * own.sum(axis=1) * given
        return kinds

    def _features(self, texts: Sequence[str]) -> csr_matrix:
        return hstack(
            [self._characters.transform(texts), self._words.transform(texts), self._lexicon_hits(texts)], format="csr"
        )

    def _lexicon_hits(self, texts: Sequence[str]) -> csr_matrix:
        """Two columns a topic: how much of the text is its names, and its needs; each row of length one."""
        column = {topic: 2 * i for i, topic in enumerate(self._lexicon_topics)}
        rows, columns, values = [], [], []
        for row, text in enumerate(texts):
            for topic, (names, needs) in lexicon.load().hits(text).items():
                if topic in column:
                    rows += [row, row]
                    columns += [column[topic], column[topic] + 1]
                    values += [names, needs]
        return normalize(csr_matrix((values, (rows, columns)), shape=(len(texts), 2 * len(column)), dtype=np.float32))


def _asks(intent: str) -> bool:
    return intent.startswith(ASKING) or intent == TELLING


def _aspect(intent: str) -> str:
    return ELIGIBILITY if intent == TELLING else intent


def matter_of(topic: str) -> str:
    """Whose matter a topic is: `ours`, a `neighbour`'s, `outside`, or `talk` about the conversation itself."""
    if topic == NONE:
        return "talk"
    if topic == OUTSIDE:
        return "outside"
    return "neighbour" if topic.startswith("neighbour/") and topic not in ANSWERED else "ours"


def named(text: str) -> List[lexicon.Named]:
    """The programmes a text calls by name, in order; offsets are in the normalised text."""
    mentions = lexicon.load().mentions(normalise(text))
    return [mention for mention in mentions if not mention.name.startswith("neighbour/")]


def sentences(normalised: str) -> List[str]:
    """The parts of a text that could each have a need of their own; none if there is only one."""
    pieces = [piece.strip() for piece in _BREAK.split(normalised)]
    pieces = [piece for piece in pieces if len(piece) >= _SHORTEST_PIECE]
    return pieces if len(pieces) > 1 else []


def _ranked(labels: Sequence[str], shares: np.ndarray) -> List[Dict[str, Any]]:
    order = np.argsort(-shares)[:SHOWN]
    return [{"name": labels[i], "confidence": round(float(shares[i]), 4)} for i in order]


def _words(normalised: str) -> List[str]:
    """Words and pairs of words."""
    found = [word for word, _ in tokenizer.words(normalised)]
    return found + [f"{a} {b}" for a, b in zip(found, found[1:])]
