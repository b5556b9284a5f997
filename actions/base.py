"""What every custom action shares: read the tracker, take one turn, say it, remember it."""

from __future__ import annotations

from typing import Any, Dict, List

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.state import Conversation
from actions.turn import respond


class TurnAction(Action):
    """A thin action: the dialogue rule chose it by intent, `respond` weighs intent, facts and the talk so far."""

    action_name = ""

    def name(self) -> str:
        return self.action_name

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Dict[str, Any]) -> List[Dict[str, Any]]:
        metadata = (tracker.latest_message or {}).get("metadata") or {}
        state = Conversation.load(tracker.get_slot("conversation"))
        said, state = respond(tracker.latest_message, state, metadata.get("region"), metadata.get("as_of"))
        dispatcher.utter_message(text=said.text, buttons=said.buttons or None, json_message=said.custom)
        return [SlotSet("conversation", state.dump())]
