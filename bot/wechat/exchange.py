"""One push in, one passive reply out: nothing lost, nothing twice.

A message is taken by one process of all, and answered in the order of its person's messages. What does not fit into the
platform's five seconds or 2,048 bytes follows by the customer-service API where the account has that right, and waits
for the person's next message where it has not.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from typing import Any

from sqlalchemy.exc import SQLAlchemyError
from wechatpy.messages import BaseMessage

from bot import logs, turn
from bot.wechat import words
from bot.wechat.account import Account
from bot.wechat.gate import Admitted, Gate, Refused, text_of
from bot.wechat.handover import Handover
from bot.wechat.hearing import FindPlace, chosen, hear, only_a_nudge
from bot.wechat.platform import NO_RIGHT, Platform, PlatformError
from bot.wechat.writing import keep, prepared, render, show
from store.wechat import Claim, Inbox, Said, Shown, Visit

logger = logging.getLogger(__name__)
MAY_WRITE_BACK = 48 * 3600  # seconds after a person's last message in which the platform lets an account write
LOOK_AGAIN = 0.05  # seconds until the next look at what an earlier message or another process is doing
LOOK_AGAIN_AT_MOST = 0.4


class Exchange:
    """The account's correspondence."""

    def __init__(
        self,
        account: Account,
        gate: Gate,
        on_new_message: turn.OnNewMessage,
        find_place: FindPlace,
        handover: Handover,
        erase: Callable[[str], None],
    ) -> None:
        self.account = account
        self.handover = handover
        self.erase = erase  # deletes a conversation of Rasa's
        self.gate = gate
        self.on_new_message = on_new_message
        self.find_place = find_place
        self.platform = Platform(account) if account.has_api else None
        self.inbox: Inbox | None = None
        self.reader = ThreadPoolExecutor(1, "wechat-inbox")  # one thread: messages are taken in the order they came
        self.turns: dict[int, asyncio.Task[None]] = {}
        self.errands: set[asyncio.Task[None]] = set()
        self.writers: dict[str, tuple[str, float]] = {}  # person → openid and when; in memory alone, for two days

    async def receive(self, admitted: Admitted) -> str:
        """The body that answers a push: the reply's XML, or `success`. Raises Refused for a signature used before."""
        message = admitted.message
        person = self.account.person(message.source)
        self._remember(person, message.source)
        try:
            await self._check_proof(admitted)
            claim: Claim = await self._ask("claim", self._key(message), person, self.gate.now())
            if claim.first:
                self._start(claim.number, person, message)
            reply = await self._reply(claim.number, person)
        except SQLAlchemyError as error:
            logs.failure("WeChat: the inbox failed", error)
            reply = words.BUSY
        if reply is None:
            return "success"
        xml = render(reply, message)
        return self.gate.seal(xml) if admitted.encrypted else xml

    async def say(self, person: str, text: str) -> bool:
        """Bring an agent's words to a person by customer-service message; False where the account or the two days do not allow it."""
        openid, written = self.writers.get(person, ("", 0.0))
        if self.platform is None or self.gate.now() - written > MAY_WRITE_BACK:
            return False
        try:
            await asyncio.to_thread(self.platform.send, openid, {"text": text})
        except PlatformError as error:
            logger.warning("WeChat customer-service send failed: %s", error)
            return False
        return True

    def _remember(self, person: str, openid: str) -> None:
        now = self.gate.now()
        self.writers = {who: seen for who, seen in self.writers.items() if now - seen[1] <= MAY_WRITE_BACK}
        self.writers[person] = (openid, now)

    async def prepare(self) -> None:
        """Open the inbox before the first message comes; a database that is not there yet is tried again with it."""
        with suppress(SQLAlchemyError):
            await self._ask("answered", 0)

    async def close(self) -> None:
        """Let what is under way come to its end."""
        if under_way := [*self.turns.values(), *self.errands]:
            await asyncio.wait(under_way, timeout=self.account.reply_within)

    async def _check_proof(self, admitted: Admitted) -> None:
        fits = await self._ask("fits", self.account.keyed("proof", admitted.proof), admitted.body, self.gate.now())
        if not fits and not admitted.encrypted:  # an encrypted message's own signature covers its body
            raise Refused("a signature came again with another body")

    def _key(self, message: BaseMessage) -> str:
        # Two events may fall into one second, so what happened is part of what tells them apart.
        names = ("MsgId",) if text_of(message, "MsgId") else ("CreateTime", "Event", "EventKey")
        return self.account.keyed("message", message.source, *(text_of(message, name) for name in names))

    async def _ask(self, question: str, *about: Any) -> Any:
        """Ask the inbox off the event loop."""
        return await asyncio.get_running_loop().run_in_executor(self.reader, self._asked, question, about)

    def _asked(self, question: str, about: tuple[Any, ...]) -> Any:
        if self.inbox is None:
            self.inbox = Inbox(self.account.database)
        return getattr(self.inbox, question)(*about)

    def _start(self, number: int, person: str, message: BaseMessage) -> None:
        # A task of its own: when the platform hangs up, the handler is cancelled and the turn goes on.
        self.turns[number] = task = asyncio.create_task(self._turn(number, person, message))
        task.add_done_callback(partial(self._ended, number))

    def _ended(self, number: int, task: asyncio.Task[None]) -> None:
        self.turns.pop(number, None)
        if not task.cancelled() and (error := task.exception()):
            logs.failure("WeChat: the inbox failed", error)

    async def _reply(self, number: int, person: str) -> dict[str, Any] | None:
        """What a message gets now: its answer, or, when that takes longer, the request to wait for it."""
        task = self.turns.get(number)
        answered = asyncio.shield(task) if task else self._elsewhere(number)
        try:
            await asyncio.wait_for(answered, self.account.reply_within)
        except asyncio.TimeoutError:
            logger.info("WeChat: an answer takes longer than the platform waits")
        settled, reply = await self._ask("settle", number, person, self._show)
        return reply if settled else {"text": words.WAIT_OR_SEE if self.platform else words.WAIT_AND_SEE}

    async def _elsewhere(self, number: int) -> None:
        while not await self._ask("answered", number):
            await asyncio.sleep(LOOK_AGAIN)

    async def _turn(self, number: int, person: str, message: BaseMessage) -> None:
        told_to_wait = await self._wait_in_line(number, person)
        try:
            said = await self._answer(person, message, told_to_wait)
        except Exception as error:  # whatever it was, the person is told; a retry is no second turn
            logs.failure("WeChat: a turn failed", error)
            said = prepared([turn.sorry()])
        how = keep if said is None else self._show
        left = await self._ask("finish", number, person, said or [], how)
        if left and said is not None and self.platform:
            self._errand(self._follow(self.platform, message.source, person))

    async def _wait_in_line(self, number: int, person: str) -> bool:
        """Wait until the person's earlier messages are answered; whether they had been asked to wait for one."""
        told_to_wait, pause = False, LOOK_AGAIN
        while True:
            busy, held = await self._ask("ahead", number, person, self.gate.now() - self.account.turn_within)
            told_to_wait = told_to_wait or held
            if not busy:
                return told_to_wait
            await asyncio.sleep(pause)
            pause = min(2 * pause, LOOK_AGAIN_AT_MOST)

    async def _answer(self, person: str, message: BaseMessage, told_to_wait: bool) -> Said | None:
        """What is said to a message: `[]` where it only asks for what is left over, None where it asks for nothing."""
        heard = hear(message, self.find_place)
        visit: Visit = await self._ask("visit", person)
        if heard.leaves:
            await self._forget(person, place_too=True)
        if heard.region:
            await self._ask("move", person, heard.region)
        waiting = bool(visit.leftover) or told_to_wait
        if not heard.text:
            return [] if waiting and heard.aside else prepared(heard.say) or None
        text = chosen(heard, visit.choices)
        if waiting and text == heard.text and only_a_nudge(text):
            return []
        return await self._ask_bot(person, text, visit.region)

    async def _ask_bot(self, person: str, text: str, region: str | None) -> Said:
        sender, place = f"wechat-{person}", {"region": region} if region else {}
        answer = turn.reply(self.on_new_message, text, sender, "wechat", place)
        said = await asyncio.wait_for(answer, self.account.turn_within)
        if any(message.get("custom", {}).get("forget") for message in said):  # asked for in words
            await self._forget(person, place_too=False)
        page = self.handover.link(self.account.page, sender, region) if self.account.page else ""
        return prepared(said, page, self.account.result_as == "card") or prepared([turn.sorry()])

    async def _forget(self, person: str, place_too: bool) -> None:
        await self._ask("forget", person, place_too)
        await asyncio.to_thread(self.erase, f"wechat-{person}")

    def _show(self, said: Said) -> Shown:
        return show(said, words.MORE_FOLLOWS if self.platform else words.MORE_ON_REPLY)

    def _errand(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self.errands.add(task)
        task.add_done_callback(self.errands.discard)

    async def _follow(self, platform: Platform, openid: str, person: str) -> None:
        """Send what is left over by the customer-service API; what it does not take waits for the next message."""
        await asyncio.sleep(self.account.follow_after)
        while (shown := await self._ask("take", person, self._show)).reply is not None:
            try:
                await asyncio.to_thread(platform.send, openid, shown.reply)
            except PlatformError as error:
                await self._ask("put_back", person, shown.messages)
                logger.warning("WeChat customer-service send failed: %s", error)
                if error.code == NO_RIGHT:
                    self.platform = None  # from now on promise only what the account can do
                return
