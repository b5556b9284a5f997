"""The words of lexicon.yml, found in a text: plain words by spaCy over single characters, words with gaps by regular expressions."""

import itertools
import re
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, Iterator

import spacy
import yaml
from spacy.language import Language

WORDS = Path(__file__).with_name("lexicon.yml")
_GAP = "[^没不无，。！？；：、!?;:()\n]{0,4}"
_LAYERS = {
    "person": "people",
    "ordinal": "people",
    "household": "household",
    "fact": "facts",
    "ignore": "facts",
    "status": "statuses",
}


@dataclass(frozen=True)
class Mark:
    """A known word at text[start:end]; `entry` is its line in the lexicon."""

    label: str
    start: int
    end: int
    text: str
    entry: dict[str, Any]


@dataclass(frozen=True)
class Marks:
    """All known words of a text by layer, in reading order; within a layer the longest wins and none overlap."""

    people: list[Mark] = field(default_factory=list)
    household: list[Mark] = field(default_factory=list)
    facts: list[Mark] = field(default_factory=list)
    statuses: list[Mark] = field(default_factory=list)


def find_marks(text: str) -> Marks:
    """Every word of the lexicon in folded text (see knowledge/plain.py)."""
    layers: dict[str, list[Mark]] = {layer: [] for layer in set(_LAYERS.values())}
    for mark in itertools.chain(_plain_words(text), _gapped_words(text)):
        layers[_LAYERS[mark.label]].append(mark)
    return Marks(
        **{layer: [mark for mark in _longest(marks) if mark.label != "ignore"] for layer, marks in layers.items()}
    )


def _plain_words(text: str) -> Iterator[Mark]:
    doc = _nlp()(text)
    for span in doc.spans["said"]:
        entry = _entries()[int(span.id_)]
        yield Mark(span.label_, span.start, span.end, span.text, entry)


def _gapped_words(text: str) -> Iterator[Mark]:
    for entry, pattern in _gapped():
        for match in pattern.finditer(text):
            later = pattern.search(text, match.start() + 1, match.end())
            match = later if later and later[0][0] == match[0][0] else match  # 加上孩子(上小学), not 上孩子上小学
            yield Mark(entry["label"], match.start(), match.end(), match.group(), entry)


def _longest(marks: list[Mark]) -> list[Mark]:
    """
    Of overlapping marks of one layer the longest stands, of two as long the later (爷爷 in 我爷爷).

    Facts with different paths may overlap (精神残疾 tells a kind and a grade), but nothing is read inside an `ignore`
    or beside a `whole` one.
    """
    kept: list[Mark] = []
    for mark in sorted(marks, key=lambda m: (not m.entry.get("whole"), m.start - m.end, -m.start)):
        if not any(k.start < mark.end and mark.start < k.end and _excludes(k, mark) for k in kept):
            kept.append(mark)
    return sorted(kept, key=lambda m: m.start)


def _excludes(longer: Mark, mark: Mark) -> bool:
    if longer.label == "ignore" or longer.entry.get("whole"):
        return True
    return longer.label != "fact" or longer.entry["path"] == mark.entry.get("path")


def read_lexicon() -> dict[str, Any]:
    """The lexicon with its classes written out: 住<院> as 住(敬老院|养老院|…)."""
    text = WORDS.read_text(encoding="utf-8")
    classes = yaml.safe_load(text)["classes"]
    for name, words in classes.items():
        text = text.replace(f"<{name}>", f"({words})")
    return yaml.safe_load(text)


@lru_cache(maxsize=1)
def _entries() -> list[dict[str, Any]]:
    """Each line of the lexicon with its label; the number of a line is its patterns' id."""
    lexicon = read_lexicon()
    entries = [{"label": "person", **line} for line in lexicon["people"]]
    entries += [{"label": "fact", **line} for line in lexicon["facts"]]
    entries += [{"label": "status", **line} for line in lexicon["statuses"]]
    return entries + [{"label": label, "words": lexicon[label]} for label in ("ordinal", "household", "ignore")]


@lru_cache(maxsize=1)
def _nlp() -> Language:
    nlp = spacy.blank("zh")  # its character segmenter: a token's offsets are the text's own
    ruler = nlp.add_pipe("span_ruler", config={"spans_key": "said"})
    ruler.add_patterns(
        [
            {"label": entry["label"], "id": str(number), "pattern": word}
            for number, entry in enumerate(_entries())
            for words in entry["words"].split()
            if "~" not in words
            for word in expand(words)
        ]
    )
    return nlp


@lru_cache(maxsize=1)
def _gapped() -> list[tuple[dict[str, Any], re.Pattern]]:
    pairs = [(entry, [word for word in entry["words"].split() if "~" in word]) for entry in _entries()]
    return [
        (entry, re.compile(re.sub(r"\((?!\?)", "(?:", "|".join(words)).replace("~", _GAP)))
        for entry, words in pairs
        if words
    ]


def expand(word: str) -> list[str]:
    """
    Write out the alternatives.

    >>> expand("(没|没有)低保(户|)")
    ['没低保户', '没低保', '没有低保户', '没有低保']
    """
    group = re.search(r"\(([^()]*)\)", word)  # the first of the innermost
    if not group:
        return [word]
    written = (word[: group.start()] + choice + word[group.end() :] for choice in group[1].split("|"))
    return list(dict.fromkeys(itertools.chain.from_iterable(map(expand, written))))
