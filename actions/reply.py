"""The shape of a reply: what a person reads, what may be tapped, and what programs read (the contract's keys)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Dict, List, Sequence, Tuple

LIMIT = 170
WHOLE = 180
MORE = "（回“详细”看全部）"


@dataclass
class Reply:
    """`text` for people, `buttons` of plain sentences to tap, `custom` with the contract's keys."""

    text: str
    custom: Dict[str, Any]
    buttons: List[Dict[str, str]] = field(default_factory=list)


def reply(kind: str, lines: Sequence[str], *, buttons: Sequence[str] = (), **keys: Any) -> Reply:
    """A reply of one kind (answer, clarify, screening, decline, emergency, smalltalk); other keys of the contract as given."""
    text = "\n".join(line for line in lines if line)
    custom: Dict[str, Any] = {
        "kind": kind,
        "programme": None,
        "programmes": [],
        "aspect": None,
        "answer": text,
        "citations": [],
        "route": None,
        "confidence": None,
        **keys,
    }
    return Reply(text, custom, [{"title": title, "payload": title} for title in buttons])


def shortened(lines: Sequence[str], limit: int = LIMIT) -> List[str]:
    """As many whole lines as fit in a phone's glance (at least one), and how to get the rest."""
    kept: List[str] = []
    for line in lines:
        if kept and sum(map(len, kept)) + len(line) > limit:
            kept[-1] += MORE
            break
        kept.append(line)
    return kept


def fitted(lines: Sequence[Tuple[int, str]], limit: int = WHOLE) -> List[str]:
    """Lines as (weight, words), the heaviest dropped first until the rest fits; weight 0 always stays. Says so where some were dropped."""
    kept = list(lines)
    while sum(len(words) for _, words in kept) > limit and any(weight for weight, _ in kept):
        heaviest = max(weight for weight, _ in kept)
        kept.pop(max(i for i, (weight, _) in enumerate(kept) if weight == heaviest))
    words = [line for _, line in kept]
    if len(kept) < len(lines) and words:
        words[-1] += MORE
    return words


def joined(sets: Sequence[Sequence[Any]]) -> List[Any]:
    """Several lists as one, each thing once, in order."""
    seen: List[Any] = []
    for one in sets:
        seen += [item for item in one if item not in seen]
    return seen
