"""What every custom action shares: read the tracker, take one turn, say it, remember it."""

from __future__ import annotations

import asyncio
from typing import Any, Dict, List

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.records import record
from actions.state import Conversation
from actions.turn import respond


class TurnAction(Action):
    """A thin action: the dialogue rule chose it by intent, `respond` weighs intent, facts and the talk so far."""

    action_name = ""

    def name(self) -> str:
        return self.action_name

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Dict[str, Any]
    ) -> List[Dict[str, Any]]:
        message = tracker.latest_message or {}
        metadata = message.get("metadata") or {}
        state = Conversation.load(tracker.get_slot("conversation"))
        said, state = respond(message, state, metadata.get("region"), metadata.get("as_of"))
        channel = str(metadata.get("channel") or "")
        await asyncio.to_thread(record, said, state, message, tracker.sender_id, channel, tracker.events)
        dispatcher.utter_message(text=said.text, buttons=said.buttons or None, json_message=said.custom)
        return [SlotSet("conversation", state.dump())]
