"""The words that the programme cards and the list of neighbouring matters use for their topics."""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache
from typing import Dict, Iterator, List, Mapping, NamedTuple, Tuple

from bot.nlu.normaliser import normalise
from knowledge import library


class Named(NamedTuple):
    """A programme named in a text: its id, the word used, and where that word stands in the normalised text."""

    name: str
    word: str
    start: int
    end: int


class Lexicon:
    """
    Words by topic, and where they occur.

    names: topic → what it is called (`name`, `also_called`, a neighbour's `words`).
    needs: topic → how a person speaks of needing it.
    """

    def __init__(self, names: Mapping[str, List[str]], needs: Mapping[str, List[str]]) -> None:
        self.names = {topic: _normalised(words) for topic, words in names.items()}
        self.needs = {topic: _normalised(words) for topic, words in needs.items()}
        self._topics_of: Dict[str, List[str]] = {}
        for topic, words in self.names.items():
            for word in words:
                self._topics_of.setdefault(word, []).append(topic)
        self._any_name = _alternation(self._topics_of)

    @property
    def words(self) -> List[str]:
        """Every name, for a word segmenter's dictionary."""
        return sorted(self._topics_of)

    def mentions(self, normalised: str) -> Iterator[Named]:
        """Names in the order they stand; where names overlap, the longest from the left."""
        for match in self._any_name.finditer(normalised):
            for topic in self._topics_of[match.group()]:
                yield Named(topic, match.group(), match.start(), match.end())

    def hits(self, normalised: str) -> Dict[str, Tuple[int, int]]:
        """Topic → (letters of its names, letters of its needs) that stand in the text."""
        counted = {topic: [0, 0] for topic in self.names}
        for mention in self.mentions(normalised):
            counted[mention.name][0] += len(mention.word)
        for topic, words in self.needs.items():
            counted.setdefault(topic, [0, 0])[1] += sum(len(word) for word in words if word in normalised)
        return {topic: (names, needs) for topic, (names, needs) in counted.items() if names or needs}


@lru_cache(maxsize=1)
def load() -> Lexicon:
    """The lexicon of the knowledge base."""
    known = library.load()
    cards = known.programmes.values()
    names = {card.id: [*re.split("[（）]", card.name), *card.also_called] for card in cards}
    names.update({f"neighbour/{neighbour}": entry["words"] for neighbour, entry in known.neighbours.items()})
    return Lexicon(names, needs={card.id: card.needs for card in cards})


def digest() -> str:
    """Changes with any word of the lexicon."""
    lexicon = load()
    return hashlib.sha256(repr((lexicon.names, lexicon.needs)).encode()).hexdigest()


def _normalised(words: List[str]) -> List[str]:
    return [word for word in dict.fromkeys(map(normalise, words)) if len(word) > 1]


def _alternation(words: Mapping[str, object]) -> "re.Pattern[str]":
    longest_first = sorted(words, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, longest_first)) or r"(?!)")
