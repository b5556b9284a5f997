"""Chinese words by jieba, which also knows the names of the programmes."""

from __future__ import annotations

import logging
from functools import lru_cache
from pathlib import Path
from typing import List, Tuple

import jieba

from bot.nlu import lexicon

CACHE = Path(__file__).resolve().parents[2] / "var" / "jieba"
NOTHING = "∅"


def words(normalised: str) -> List[Tuple[str, int]]:
    """
    Return the words of a normalised text with their offsets. A text without any gives one mark, never an empty list.

    >>> words("")
    [('∅', 0)]
    """
    found = [(word, start) for word, start, _ in _segmenter().tokenize(normalised) if not word.isspace()]
    return found or [(NOTHING, 0)]


@lru_cache(maxsize=1)
def _segmenter() -> jieba.Tokenizer:
    # An own instance, so that the names do not leak into other users of jieba; an own folder, because jieba loads its
    # cache unchecked and would otherwise take it from the shared temporary directory.
    CACHE.mkdir(parents=True, exist_ok=True)
    jieba.setLogLevel(logging.WARNING)
    segmenter = jieba.Tokenizer()
    segmenter.tmp_dir = str(CACHE)
    for word in lexicon.load().words:
        segmenter.add_word(word)
    return segmenter
