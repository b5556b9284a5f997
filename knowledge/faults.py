"""A fault of the knowledge base, said so that a clerk can mend it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Tuple

Words = Tuple[str, str, str]


@dataclass(frozen=True)
class Fault:
    """What is wrong, why it matters and what to write instead, in Chinese and in English."""

    file: Path
    line: int
    zh: Words
    en: Words

    def __str__(self) -> str:
        return f"{shown(self.file)}:{self.line}: {' — '.join(self.zh)} / {' — '.join(self.en)}"


def line_with(path: Path, *words: Any) -> int:
    """The first line that holds all the words, else the first of them; 1 when there is none."""
    lines = path.read_text(encoding="utf8").splitlines()
    wanted = [str(word) for word in words if word is not None]
    for looked_for in (wanted, wanted[:1]):
        found = next(
            (n for n, line in enumerate(lines, 1) if looked_for and all(word in line for word in looked_for)), None
        )
        if found:
            return found
    return 1


def shown(path: Path) -> str:
    """The path from where one stands, if it is below."""
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)
