"""What a message is about: programmes, neighbouring matters, other aid, nothing. Usable without Rasa."""

from __future__ import annotations

import re
from typing import Any, Dict, Iterable, List, Sequence, Tuple

from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.multiclass import OneVsRestClassifier
from sklearn.preprocessing import normalize

from bot.nlu import lexicon, tokenizer
from bot.nlu.normaliser import normalise

NONE = "none"
SHOWN = 8
_PIECE_WEIGHT = 0.9
_SHORTEST_PIECE = 4
_BREAK = re.compile(r"[。！？；，!?;,\n]|还有|另外|顺便")


class Topics:
    """
    One yes-or-no question per topic over characters, words and the lexicon, so that one message can have several.

    >>> learned = Topics.train([("低保一个月多少钱", "dibao"), ("五保老人谁管", "tekun"), ("你好", "none")])
    >>> learned.predict("低保有多少钱")[0]["name"]
    'dibao'
    """

    def __init__(self) -> None:
        self._characters = TfidfVectorizer(analyzer="char", ngram_range=(1, 4), sublinear_tf=True, min_df=2)
        self._words = TfidfVectorizer(analyzer=_words, sublinear_tf=True, min_df=2)
        self._classifier = OneVsRestClassifier(LogisticRegression(C=30, solver="liblinear", random_state=0))
        self._lexicon_topics = sorted(lexicon.load().names)

    @classmethod
    def train(cls, examples: Iterable[Tuple[str, str]]) -> Topics:
        """Learn from (text, topic) pairs."""
        texts, labels = zip(*((normalise(text), topic) for text, topic in examples))
        learned = cls()
        learned._characters.fit(texts)
        learned._words.fit(texts)
        learned._classifier.fit(learned._features(texts), labels)
        return learned

    def predict(self, text: str) -> List[Dict[str, Any]]:
        """The eight likeliest topics of a text or of one of its sentences, as `{"name", "confidence"}`, best first."""
        text = normalise(text)
        pieces = sentences(text)
        chances = self._classifier.predict_proba(self._features([text, *pieces]))
        best = chances[0]
        if pieces:
            best = best.clip(min=_PIECE_WEIGHT * chances[1:].max(axis=0))
        ranked = sorted(zip(self._classifier.classes_, best), key=lambda pair: -pair[1])
        return [{"name": str(name), "confidence": round(float(chance), 4)} for name, chance in ranked[:SHOWN]]

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
        return normalize(csr_matrix((values, (rows, columns)), shape=(len(texts), 2 * len(column)), dtype=float))


def named(text: str) -> List[lexicon.Named]:
    """The programmes a text calls by name, in order; offsets are in the normalised text."""
    mentions = lexicon.load().mentions(normalise(text))
    return [mention for mention in mentions if not mention.name.startswith("neighbour/")]


def sentences(normalised: str) -> List[str]:
    """The parts of a text that could each have a need of their own; none if there is only one."""
    pieces = [piece.strip() for piece in _BREAK.split(normalised)]
    pieces = [piece for piece in pieces if len(piece) >= _SHORTEST_PIECE]
    return pieces if len(pieces) > 1 else []


def _words(normalised: str) -> List[str]:
    """Words and pairs of words."""
    found = [word for word, _ in tokenizer.words(normalised)]
    return found + [f"{a} {b}" for a, b in zip(found, found[1:])]
