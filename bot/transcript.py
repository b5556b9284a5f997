"""A conversation as the resident saw it, read back from Rasa's tracker; and its removal at the resident's word."""

from __future__ import annotations

from typing import Any

from rasa.core.tracker_store import InMemoryTrackerStore, SQLTrackerStore, TrackerStore
from rasa.shared.core.events import BotUttered, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker


def messages(tracker: DialogueStateTracker | None) -> list[dict[str, Any]]:
    """All that was said, oldest first: {"from": "me", "text"} or {"from": "bot", "text", "buttons", "custom"}."""
    said: list[dict[str, Any]] = []
    for event in tracker.events if tracker else ():
        if isinstance(event, UserUttered) and event.text and not event.text.startswith("/"):
            said.append({"from": "me", "text": event.text})
        elif isinstance(event, BotUttered):
            data = {key: event.data[key] for key in ("buttons", "custom") if event.data.get(key)}
            said.append({"from": "bot", "text": event.text or "", **data})
    return said


def last_screening(tracker: DialogueStateTracker | None) -> dict[str, Any] | None:
    """The `custom` of the last reply that carried results, or None."""
    for message in reversed(messages(tracker)):
        if message.get("custom", {}).get("results"):
            return message["custom"]
    return None


def forget(store: TrackerStore, sender: str) -> None:
    """Delete every event of a conversation. Rasa's stores have no such call, so each kind is asked in its own way."""
    while hasattr(store, "_tracker_store"):  # Rasa wraps the configured store once or twice
        store = store._tracker_store
    if isinstance(store, SQLTrackerStore):
        with store.session_scope() as session:
            session.query(store.SQLEvent).filter_by(sender_id=sender).delete()
            session.commit()
    elif isinstance(store, InMemoryTrackerStore):
        store.store.pop(sender, None)
    else:
        raise TypeError(f"{type(store).__name__} cannot delete a conversation; use SQLTrackerStore (see endpoints.yml)")
