"""Fold what people type into plain simplified Mandarin, remembering where every character came from."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import opencc
import yaml

SPELLINGS = Path(__file__).with_name("spellings.yml")
_THOUSANDS = re.compile(r"(?<=\d)[,](?=\d{3}(?!\d))")
_HEARD_AS = (
    (re.compile("(?<=[二三四五六七八九])时(?=[一二三四五六七八九]|了|岁|多岁)"), "十"),
    (re.compile("(?<=[二三四五六七八九]十)[酒久](?=$|[岁了，。])"), "九"),
    (re.compile("(?<=[我俺])八(?=呢|妈|$|[，他今也有的住没在都])"), "爸"),
)
_NUMERAL = "0123456789零一二两三四五六七八九十"
_UNITS = "岁级口人元块万千百多来余年月日个亩周虚%"


@dataclass(frozen=True)
class Plain:
    """Folded text; character i of it came from the original's [starts[i], ends[i])."""

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def original(self, start: int, end: int) -> tuple[int, int]:
        """
        Offsets in the original of the folded text[start:end].

        >>> plain("佢冇錢").original(1, 3)
        (1, 2)
        """
        if start >= end:
            return (0, 0)
        return self.starts[start], self.ends[end - 1]


def plain(text: str) -> Plain:
    """
    Fold width, script, spaces, Cantonese words and common misspellings.

    >>> plain("我媽　８２歲，底保户").text
    '我妈82岁，低保户'
    """
    pieces = [(ch, i, i + 1) for i, raw in enumerate(text) for ch in unicodedata.normalize("NFKC", raw)]
    pieces = _without_spaces(_without_thousands(_numerals(_simplified(pieces))))
    return _pack(_respelled(pieces))


def in_traditional(text: str) -> bool:
    """
    Whether text is written as in Taiwan, Hong Kong and Macao; a single old form is taken for a name.

    >>> in_traditional("勞保年金幾歲領"), in_traditional("养老金几岁领")
    (True, False)
    """
    return sum(old != new for old, new in zip(text, _converter().convert(text))) > 1


Piece = tuple[str, int, int]


def _pack(pieces: list[Piece]) -> Plain:
    return Plain("".join(p[0] for p in pieces), tuple(p[1] for p in pieces), tuple(p[2] for p in pieces))


def _simplified(pieces: list[Piece]) -> list[Piece]:
    joined = "".join(p[0] for p in pieces)
    folded = _converter().convert(joined)
    if len(folded) != len(joined):
        folded = "".join(_converter().convert(ch)[:1] or ch for ch in joined)
    return [(ch, start, end) for ch, (_, start, end) in zip(folded, pieces)]


def _numerals(pieces: list[Piece]) -> list[Piece]:
    """What a voice keyboard makes of numerals, and of 爸: 八时二 is 82, 七十酒 is 79, 我八 is 我爸 but 我八十 is not."""
    joined = "".join(p[0] for p in pieces)
    for wrong, right in _HEARD_AS:
        for match in wrong.finditer(joined):
            pieces[match.start()] = (right, *pieces[match.start()][1:])
    return pieces


def _without_thousands(pieces: list[Piece]) -> list[Piece]:
    joined = "".join(p[0] for p in pieces)
    commas = {m.start() for m in _THOUSANDS.finditer(joined)}
    return [p for i, p in enumerate(pieces) if i not in commas]


def _without_spaces(pieces: list[Piece]) -> list[Piece]:
    """Spaces between two words stand for a comma, as people type them; around figures they mean nothing."""
    kept: list[Piece] = []
    for i, piece in enumerate(pieces):
        ch = piece[0]
        if not ch.isspace():
            kept.append(("，" if ch == "," else ch, *piece[1:]))
        elif ch == "\n":
            kept.append(("\n", *piece[1:]))
        elif kept and _parts(kept[-1][0], next((p[0] for p in pieces[i:] if not p[0].isspace()), "")):
            kept.append(("，", *piece[1:]))
    return kept


def _parts(before: str, after: str) -> bool:
    if not ("一" <= after <= "鿿" or after.isdigit()) or after in _UNITS:
        return False
    if before.isdigit():
        return not after.isdigit()
    return "一" <= before <= "鿿" and not after.isdigit() and not (before in _NUMERAL and after in _NUMERAL)


def _respelled(pieces: list[Piece]) -> list[Piece]:
    joined = "".join(p[0] for p in pieces)
    out: list[Piece] = []
    at = 0
    for match in _spelling_pattern().finditer(joined):
        out += pieces[at : match.start()]
        start, end = pieces[match.start()][1], pieces[match.end() - 1][2]
        standard = spellings()[match.group().lower()]
        if len(standard) == len(match.group()):
            out += [(ch, *pieces[match.start() + i][1:]) for i, ch in enumerate(standard)]
        else:
            out += [(ch, start, end) for ch in standard]
        at = match.end()
    return out + pieces[at:]


@lru_cache(maxsize=1)
def spellings() -> dict[str, str]:
    """What people write -> plain word, from spellings.yml."""
    groups = yaml.safe_load(SPELLINGS.read_text(encoding="utf-8"))
    return {written: word for group in groups.values() for written, word in group.items()}


@lru_cache(maxsize=1)
def _spelling_pattern() -> re.Pattern:
    return re.compile("|".join(re.escape(w) for w in sorted(spellings(), key=len, reverse=True)), re.IGNORECASE)


@lru_cache(maxsize=1)
def _converter() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")
