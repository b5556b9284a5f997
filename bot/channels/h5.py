"""The resident's way in by browser: the page, and the JSON it speaks.

The page never names a conversation: it is the one of the signed cookie. A browser sends one text, 500 characters at most.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import logging
import os
import re
from dataclasses import replace
from typing import Any, NamedTuple

from rasa.core.channels.channel import InputChannel
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse

from actions.state import Conversation
from bot import transcript, turn
from bot.desk import handoff
from bot.pages import assets, render, web
from bot.pages.web import Fault
from bot.resent import Replies, Turns
from bot.sessions import KIOSK_SECONDS, RateLimit, Session, Sessions, new_session, signing_secret
from bot.settings import Settings
from bot.slip import keep_case, slip_pdf, slip_png
from knowledge import library
from knowledge.regions import region_name
from rules.explain import amount_words
from rules.questions import fact_of
from store import desk
from store.cases import end_case
from store.hours import hours

MAX_CHARACTERS = 500
MAX_BODY = 16_384

log = logging.getLogger(__name__)

TOO_FAST = "您发得太快了，我有点跟不上。请歇一分钟再发。"


class Limits(NamedTuple):
    """A person sends a message every few seconds; a village behind one carrier address sends many."""

    session: RateLimit
    address: RateLimit


def default_limits() -> Limits:
    return Limits(RateLimit(per_minute=40, burst=40), RateLimit(per_minute=400, burst=400))


class H5Input(InputChannel):
    """Pages at `/`, `/v/<place>`, `/d/<document>`; JSON under `/h5/`."""

    def __init__(self, secret: str, limits: Limits, kiosk: bool = False, place: str | None = None) -> None:
        self._sessions = Sessions(secret)
        self._limits = limits
        self._kiosk = kiosk
        self._place = place  # where no village's code was scanned
        self._turns = Turns()
        self._timers: dict[str, asyncio.TimerHandle] = {}

    @classmethod
    def name(cls) -> str:
        return "h5"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> H5Input:
        return cls(signing_secret(), default_limits(), os.environ.get("KIOSK") == "1", Settings.read().place)

    def url_prefix(self) -> str:
        return "/"

    def blueprint(self, on_new_message: turn.OnNewMessage) -> Blueprint:
        routes = Blueprint("h5")
        files = assets.resident_assets()

        @routes.get("/", name="start")
        async def start(request: Request) -> HTTPResponse:
            return self._start_page(request, files, place=None)

        @routes.get("/v/<place:str>", name="village")
        async def village(request: Request, place: str) -> HTTPResponse:
            if not _place_name(place):
                return _missing(request, files)
            return self._start_page(request, files, place)

        @routes.get("/d/<document:str>", name="document")
        async def document(request: Request, document: str) -> HTTPResponse:
            found = library.load().documents.get(document)
            if found is None:
                return _missing(request, files)
            facts = render.document_facts(found, dt.date.today())
            clauses = {name: render.clause_lines(clause.text) for name, clause in found.clauses.items()}
            shown = render.page(
                "document.html", document=facts, clauses=clauses, css=files["css"].url, care=_care(request)
            )
            return web.html(request, shown)

        @routes.get("/static/<name:str>", name="static")
        async def static(request: Request, name: str) -> HTTPResponse:
            for file in (files["css"], files["js"]):
                if file.url == f"/static/{name}":
                    return web.asset(request, file, "public, max-age=31536000, immutable")
            return web.data(request, {"error": {"code": "not_found", "message": "没有这个文件。"}}, 404)

        @routes.get("/worker.js", name="worker")
        async def worker(request: Request) -> HTTPResponse:
            return web.asset(request, files["worker"], "no-cache")

        @routes.post("/h5/say", name="say")
        async def say(request: Request) -> HTTPResponse:
            session = self._sessions.of(request) or new_session(self._place, self._kiosk)
            self._check_pace(request, session)
            text, message_id = _said(request)
            replies = await self._reply(on_new_message, session, text, message_id)
            if any(reply.get("custom", {}).get("forget") for reply in replies):  # asked for in words
                session = await self._forget(request.app, session)
            self._restart_timer(request, session)
            return self._sessions.keep(request, web.data(request, replies), session)

        @routes.get("/h5/state", name="state")
        async def state(request: Request) -> HTTPResponse:
            session = self._sessions.of(request)
            tracker = await _tracker(request, session)
            said = [{**message, **_shown(message)} for message in transcript.messages(tracker)]
            if session and tracker and hours() is not None:
                said = await asyncio.to_thread(handoff.with_conversation, said, tracker, session.sender)
            return web.data(request, {"messages": said[-60:]})

        @routes.post("/h5/forget", name="forget")
        async def forget(request: Request) -> HTTPResponse:
            session = self._sessions.of(request) or new_session(self._place, self._kiosk)
            fresh = await self._forget(request.app, session)
            return self._sessions.keep(request, web.data(request, {"forgotten": True}), fresh)

        @routes.post("/h5/case", name="case")
        async def case(request: Request) -> HTTPResponse:
            session = self._sessions.of(request)
            tracker = await _tracker(request, session)
            told = Conversation.load(tracker.get_slot("conversation") if tracker else None)
            if session is None or not told.household:
                raise Fault(404, "no_results", "还没有结果。请先说说家里的情况，再来要办事码。")
            self._check_pace(request, session)
            session = replace(session, case=keep_case(told, session.case))
            return self._sessions.keep(request, web.data(request, {"code": session.case}), session)

        @routes.get("/h5/slip", name="slip")
        async def slip(request: Request) -> HTTPResponse:
            session = self._sessions.of(request)
            if session:
                self._check_pace(request, session)
            screening = transcript.last_screening(await _tracker(request, session))
            if session is None or screening is None:
                raise Fault(404, "no_results", "还没有结果。请先说说家里的情况，再来要清单。")
            code = session.case if request.args.get("code") == "1" else None
            home = (screening.get("household") or {}).get("region") or session.place
            return await _slip(_offered(screening["results"]), _place_name(home), code, as_png=request.args.get("as") == "png")

        @routes.get("/h5/clause", name="clause")
        async def clause(request: Request) -> HTTPResponse:
            found = render.clause(request.args.get("document", ""), request.args.get("clause", ""), dt.date.today())
            if found is None:
                raise Fault(404, "no_clause", "没有找到这一条。")
            return web.data(request, found)

        @routes.exception(Fault)
        async def tell(request: Request, fault: Fault) -> HTTPResponse:
            return web.data(request, {"error": {"code": fault.code, "message": fault.message}}, fault.status)

        return routes

    def _start_page(self, request: Request, files: dict[str, assets.Asset], place: str | None) -> HTTPResponse:
        old = self._sessions.of(request)
        kiosk = self._kiosk or request.args.get("kiosk") == "1" or bool(old and old.kiosk)
        session = old or new_session(self._place)
        session = replace(session, place=place or session.place, kiosk=kiosk)
        shown = render.page(
            "resident.html",
            css=files["css"].url,
            js=files["js"].url,
            care=_care(request),
            place_name=_place_name(session.place),
            kiosk=kiosk,
            returning=old is not None,
        )
        return self._sessions.keep(request, web.html(request, shown), session)

    def _check_pace(self, request: Request, session: Session) -> None:
        in_pace = self._limits.address.allows(request.remote_addr or request.ip) and self._limits.session.allows(
            session.id
        )
        if not in_pace:
            raise Fault(429, "too_fast", TOO_FAST)

    async def _reply(self, on_new_message: turn.OnNewMessage, session: Session, text: str, message_id: str) -> Replies:
        try:
            return await self._turns.run(session.id, message_id, lambda: _turn(on_new_message, session, text))
        except Exception as failed:  # whatever broke, the visitor is told, and may send it again
            log.error("A turn failed: %s", type(failed).__name__)  # its message may hold what the resident said
            raise Fault(503, "failed", turn.SORRY) from None

    def _restart_timer(self, request: Request, session: Session) -> None:
        """Whatever becomes of the browser, a kiosk's conversation is deleted when it has been quiet for two minutes."""
        self._stop_timer(session)
        if session.kiosk:
            self._timers[session.id] = asyncio.get_running_loop().call_later(
                KIOSK_SECONDS, lambda: asyncio.ensure_future(self._forget(request.app, session))
            )

    def _stop_timer(self, session: Session) -> None:
        running = self._timers.pop(session.id, None)
        if running:
            running.cancel()

    async def _forget(self, app: Any, session: Session) -> Session:
        """Delete the conversation, what the desk has of it, and its case; returns a fresh session in the same place."""
        self._stop_timer(session)
        await self._turns.forget(session.id)
        transcript.forget(app.ctx.agent.tracker_store, session.sender)
        await asyncio.to_thread(desk.forget, session.sender)
        if session.case:
            end_case(session.case)
        return new_session(session.place, session.kiosk)


def _missing(request: Request, files: dict[str, assets.Asset]) -> HTTPResponse:
    return web.html(request, render.page("missing.html", css=files["css"].url, care=_care(request)), status=404)


async def _turn(on_new_message: turn.OnNewMessage, session: Session, text: str) -> Replies:
    place = {"region": session.place} if session.place else {}
    replies = await turn.reply(on_new_message, text, session.sender, "h5", place)
    if replies[0].get("custom", {}).get("kind") == "error":
        raise RuntimeError("the turn gave no reply")
    return [{**reply, **_shown(reply)} for reply in replies]


async def _tracker(request: Request, session: Session | None) -> Any:
    return await request.app.ctx.agent.tracker_store.retrieve(session.sender) if session else None


def _said(request: Request) -> tuple[str, str]:
    """What the visitor wrote and the message's own id (may be empty)."""
    if len(request.body) > MAX_BODY:
        raise Fault(413, "too_long", f"话太长了，请分几次说，每次 {MAX_CHARACTERS} 个字以内。")
    if not request.headers.get("content-type", "").startswith("application/json"):
        raise Fault(415, "not_json", "请用页面上的按钮或输入框。")
    try:
        body = json.loads(request.body)
        text, message_id = body["text"], body.get("id", "")
    except (ValueError, TypeError, KeyError, AttributeError):
        raise Fault(400, "bad_request", "没有收到您的话，请再发一次。") from None
    if not isinstance(text, str) or not isinstance(message_id, str) or len(message_id) > 64:
        raise Fault(400, "bad_request", "没有收到您的话，请再发一次。")
    if not text.strip():
        raise Fault(400, "empty", "您还没有写字。")
    if len(text) > MAX_CHARACTERS:
        raise Fault(413, "too_long", f"话太长了，请分几次说，每次 {MAX_CHARACTERS} 个字以内。")
    return text, message_id


def _shown(message: dict[str, Any]) -> dict[str, Any]:
    """The message's `custom` as the page needs it: amounts in words, each fact with the answers it may have, and no
    results while questions go on (they weigh ten times the rest)."""
    custom = dict(message.get("custom") or {})
    if custom.get("understood"):
        custom["understood"] = [{**fact, "choices": _answers(fact["path"])} for fact in custom["understood"]]
    if custom.get("next_question"):
        custom = {key: value for key, value in custom.items() if key not in ("results", "citations")}
    if custom.get("results"):
        custom["results"] = [
            {**result, "amount_words": amount_words(result.get("amount")) or ""} for result in _offered(custom["results"])
        ]
    return {"custom": custom} if custom else {}


def _offered(results: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What is shown as possible: not what the family has already."""
    return [result for result in results if not result.get("already")]


def _answers(path: str) -> list[str]:
    """What a fact may be corrected to; empty where it is a number or a text."""
    fact = fact_of(path, library.load())
    return ["是", "不是"] if fact.type == "yesno" else [choice.label for choice in fact.choices]


async def _slip(results: list[dict[str, Any]], place: str, code: str | None, as_png: bool) -> HTTPResponse:
    def draw() -> bytes:
        pdf = slip_pdf(results, place, dt.date.today(), code)
        return slip_png(pdf) if as_png else pdf

    body = await asyncio.get_running_loop().run_in_executor(None, draw)
    return web.private_file(body, "image/png" if as_png else "application/pdf")


def _place_name(code: str | None) -> str:
    """A place's name by its GB/T 2260 code; empty for what is no code."""
    return region_name(code) if code and re.fullmatch(r"\d{2,12}", code, re.ASCII) else ""


def _care(request: Request) -> bool:
    return request.cookies.get("care") == "1"
