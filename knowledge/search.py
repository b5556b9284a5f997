"""Finds the sentence of a document that a question is about: BM25 over pairs of characters, in the documents that hold for a place."""

from __future__ import annotations

import math
import re
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from typing import Dict, List, Optional, Sequence, Set, Tuple

from knowledge.library import Library, upward

K1, B = 1.2, 0.6
_SENTENCE = re.compile(r"[^。；;\n]+[。；;]?")
_SIGNS = re.compile(r"[\W_]+")
_ASKING = re.compile(
    "想问问?|打听|那个|什么是|是什么|什么|怎么办|怎么|如何|哪些|哪个|哪里|请问|有没有|多少|吗|呢|啊|吧|一下|我们|你们|他们|这个|那个|规定|政策|文件"
)


@dataclass(frozen=True)
class Passage:
    """A sentence with its clause; `address` is `document#clause`."""

    address: str
    text: str
    terms: Tuple[str, ...]


@dataclass(frozen=True)
class Found:
    """A passage and how much of the question's own words it holds (0—1, rare ones counting more)."""

    passage: Passage
    covered: float


def search(question: str, place: Optional[str], library: Library, limit: int = 3) -> List[Found]:
    """The passages nearest to a question among the documents quoted for a place and those that contain it, best first."""
    documents = _documents(place, library)
    index = _index(id(library), tuple(sorted(documents)))
    terms = _terms(_ASKING.sub("", question))
    if not terms or not index.passages:
        return []
    weights = {term: index.weight(term) for term in set(terms)}
    total = sum(weights.values())
    scored = []
    for passage, counts in zip(index.passages, index.counts):
        shared = [term for term in weights if term in counts]
        if shared:
            length = K1 * (1 - B + B * len(passage.terms) / index.average)
            score = sum(weights[t] * counts[t] * (K1 + 1) / (counts[t] + length) for t in shared)
            scored.append((score, sum(weights[t] for t in shared) / total, passage))
    scored.sort(key=lambda row: -row[0])
    return [Found(passage, covered) for _, covered, passage in scored[:limit]]


def programmes_by_words(question: str, programmes: Sequence[str], library: Library, least: float = 0.6) -> List[str]:
    """The programme whose names and needs share most of a question's pairs of characters; none where no one shares enough."""
    asked = set(_terms(_ASKING.sub("", question)))
    shares: Dict[str, float] = {}
    for name in programmes if len(asked) > 2 else ():
        card = library.programmes[name]
        known = {term for words in (card.name, *card.also_called, *card.needs) for term in _terms(words)}
        shares[name] = len(asked & known) / len(asked)
    best = max(shares, key=lambda name: shares[name], default="")
    return [best] if best and shares[best] >= least else []


class _Index:
    def __init__(self, passages: Sequence[Passage]) -> None:
        self.passages = list(passages)
        self.counts = [Counter(passage.terms) for passage in self.passages]
        self.average = sum(len(p.terms) for p in self.passages) / max(len(self.passages), 1)
        self._holding = Counter(term for counts in self.counts for term in counts)

    def weight(self, term: str) -> float:
        """How rare a term is; one that no passage has counts most, so that it keeps the coverage honest."""
        holding = self._holding.get(term, 0)
        return math.log(1 + (len(self.passages) - holding + 0.5) / (holding + 0.5))


_libraries: Dict[int, Library] = {}


def _documents(place: Optional[str], library: Library) -> Set[str]:
    _libraries[id(library)] = library
    codes = set(upward(place)) if place else set()
    return {d.id for d in library.documents.values() if d.kind == "quoted" and d.place in codes}


@lru_cache(maxsize=64)
def _index(key: int, documents: Tuple[str, ...]) -> _Index:
    library = _libraries[key]
    passages = []
    for name in documents:
        for clause in library.documents[name].clauses.values():
            for sentence in _SENTENCE.findall(clause.text):
                text = sentence.strip()
                if len(text) >= 8:
                    passages.append(Passage(clause.address, text, tuple(_terms(text))))
    return _Index(passages)


def _terms(text: str) -> List[str]:
    plain = _SIGNS.sub("", text)
    return [plain[i : i + 2] for i in range(len(plain) - 1)]
