"""From the chat to the browser: a signed link under a result opens the resident's page with the same conversation.

The page gets a copy: whoever a link is forwarded to can read it for two days, and change nothing in the chat.
"""

from __future__ import annotations

from itsdangerous import BadData, URLSafeTimedSerializer
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.trackers import DialogueStateTracker
from sanic.request import Request
from sanic.response import HTTPResponse, redirect

from bot.sessions import DAY_SECONDS, Session, Sessions, new_session

PATH = "/webhooks/wechat/result/"
VALID_SECONDS = 2 * DAY_SECONDS


class Handover:
    """Makes the links and follows them. `secret` is the one that signs the page's cookies."""

    def __init__(self, secret: str) -> None:
        self._signer = URLSafeTimedSerializer(secret, salt="wechat-result")
        self._sessions = Sessions(secret)

    def link(self, page: str, sender: str, region: str | None) -> str:
        """The address under a result; `page` is the address of the resident's page."""
        return f"{page}{PATH}{self._signer.dumps([sender, region])}"

    async def follow(self, request: Request, token: str, store: TrackerStore) -> HTTPResponse:
        """Send a browser on to the resident's page, with the conversation where the link is still good."""
        try:
            sender, region = self._signer.loads(token, max_age=VALID_SECONDS)
        except BadData:
            return redirect("/")
        session = new_session(region)
        await _copy(store, sender, session)
        return self._sessions.keep(request, redirect(f"/v/{region}" if region else "/"), session)


async def _copy(store: TrackerStore, sender: str, session: Session) -> None:
    conversation = await store.retrieve(sender)
    if conversation is not None:
        await store.save(DialogueStateTracker.from_events(session.sender, list(conversation.events)))
