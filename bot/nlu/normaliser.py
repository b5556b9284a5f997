"""One spelling for what people type: simplified characters, half-width, no emoji or markup, dialect words in Mandarin.

Only the classifiers read the normalised text; what is stored and shown stays the person's own.
"""

from __future__ import annotations

import html
import re
import unicodedata
from functools import lru_cache
from pathlib import Path
from typing import Dict, Tuple

import yaml

from knowledge.plain import plain

MAX_LENGTH = 2_000
DIALECT = Path(__file__).with_name("dialect.yml")

_HAN = "[\u3400-\u9fff]"
_TAG = re.compile(r"<[/!a-zA-Z][^<>]{0,300}>")
_SPACED_OUT = re.compile(rf"(?<!{_HAN}){_HAN}(?: {_HAN})+(?!{_HAN})")
_REPEATED = re.compile(r"([^\d\s])\1{3,}")
_REPEATED_MARK = re.compile(r"([!?。，;:~、.])\1+")
_INVISIBLE = {"Cf", "Cn", "Co", "Cs", "Mn", "Sk"}


def normalise(text: str) -> str:
    """
    Return at most 2,000 characters of simplified, half-width Chinese on one line; may be empty.

    >>> normalise("我哋屋企冇錢，咋樣攞 低 保？？？😭")
    '我们家里没有钱，怎么样领，低保?'
    """
    text = _TAG.sub(" ", html.unescape(text[: 2 * MAX_LENGTH]))
    text = " ".join("".join(map(_visible, text)).split())
    text = plain(_SPACED_OUT.sub(lambda match: match.group().replace(" ", ""), text)).text
    text = _in_mandarin(text)
    return _REPEATED_MARK.sub(r"\1", _REPEATED.sub(r"\1\1", text))[:MAX_LENGTH].strip()


def _visible(character: str) -> str:
    category = unicodedata.category(character)
    if category in ("Cc", "So"):
        return " "
    return "" if category in _INVISIBLE else character


def _in_mandarin(text: str) -> str:
    words, pattern = _dialect()
    return pattern.sub(lambda match: words[match.group()], text)


@lru_cache(maxsize=1)
def _dialect() -> Tuple[Dict[str, str], "re.Pattern[str]"]:
    words = yaml.safe_load(DIALECT.read_text("utf-8"))
    return words, re.compile("|".join(map(re.escape, sorted(words, key=len, reverse=True))))
