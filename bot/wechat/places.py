"""Which place a scene's code or a location's address means."""

from __future__ import annotations

from knowledge.library import load


def find_place(text: str) -> tuple[str, str] | None:
    """The `(code, name)` of a place given by its GB/T 2260 code, or by an address that its name stands in."""
    named = [(place.code, place.name) for place in load().places.values() if place.code == text or place.name in text]
    return max(named, key=lambda place: len(place[1]), default=None)
