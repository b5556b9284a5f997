"""What WeChat has sent and what is still to be shown: each message once, each person apart, no openid in sight.

A *person* is a keyed hash, a *message* (of the bot) is `{"text", "buttons", ...}` as a channel collects it.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Boolean, Column, Float, Integer, String, Text, delete, or_, select, update
from sqlalchemy.exc import IntegrityError

from store.base import Base, session_scope
from store.migrate import upgrade

Said = list[dict[str, Any]]
HOUR = 3600.0
KEPT_FOR_RETRIES = HOUR  # the platform stops after three tries in 15 seconds
KEPT_FOR_READING = 48 * HOUR  # as long as the platform lets an account speak to somebody who wrote
KEPT_PLACE = 365 * 24 * HOUR  # somebody silent for a year is forgotten altogether


class Message(Base):
    """One message or event as the platform numbers it, and the reply that a retry of it gets."""

    __tablename__ = "wechat_message"
    __table_args__ = ({"sqlite_autoincrement": True},)

    number = Column(Integer, primary_key=True)  # the order in which they came
    key = Column(String(64), unique=True, nullable=False)
    person = Column(String(64), index=True, nullable=False)
    received = Column(Float, nullable=False)
    answered = Column(Boolean, nullable=False, default=False)
    held = Column(Boolean, nullable=False, default=False)  # its passive reply was spent on "please wait"
    reply = Column(Text)


class Person(Base):
    """What must outlast one message: the place, the choices last shown, and what was said but not shown yet."""

    __tablename__ = "wechat_person"

    person = Column(String(64), primary_key=True)
    region = Column(String(12))
    choices = Column(Text, nullable=False, default="[]")
    leftover = Column(Text, nullable=False, default="[]")
    seen = Column(Float, nullable=False)


class Signature(Base):
    """A signature that was used, and for which body: it holds for no other."""

    __tablename__ = "wechat_signature"

    signature = Column(String(64), primary_key=True)
    body = Column(String(64), nullable=False)
    seen = Column(Float, nullable=False)


@dataclass(frozen=True)
class Shown:
    """One passive reply made of some messages. `reply` is None when there is nothing to show now.

    `choices` are those under it, None when the ones shown before still stand.
    """

    reply: dict[str, Any] | None
    choices: list[dict[str, str]] | None = None
    messages: Said = field(default_factory=list)
    rest: Said = field(default_factory=list)


Show = Callable[[Said], Shown]


@dataclass(frozen=True)
class Claim:
    """A message's place in the line; `first` when nobody has seen it before."""

    number: int
    first: bool


@dataclass(frozen=True)
class Visit:
    """What is known about a person when their turn begins."""

    region: str | None
    choices: list[dict[str, str]]
    leftover: Said


class Inbox:
    """Every question the WeChat channel asks its database. Methods block: call them off the event loop."""

    def __init__(self, url: str | None = None) -> None:
        self.url = url
        self.swept = 0.0
        upgrade(url)

    def fits(self, signature: str, body: str, now: float) -> bool:
        """Whether a signature is new, or comes with the body it came with before."""
        try:
            with session_scope(self.url) as session:
                used = session.get(Signature, signature)
                if used is None:
                    session.add(Signature(signature=signature, body=body, seen=now))
                return used is None or used.body == body
        except IntegrityError:
            return self.fits(signature, body, now)

    def claim(self, key: str, person: str, now: float) -> Claim:
        """Take a message for the first time, or find that it was taken: of all processes, one is first."""
        self._sweep(now)
        try:
            with session_scope(self.url) as session:
                message = Message(key=key, person=person, received=now)
                session.add(message)
                session.flush()
                number = message.number
        except IntegrityError:
            with session_scope(self.url) as session:
                return Claim(session.execute(select(Message.number).filter_by(key=key)).scalar_one(), first=False)
        self._greet(person, now)
        return Claim(number, first=True)

    def _greet(self, person: str, now: float) -> None:
        try:
            with session_scope(self.url) as session:
                known = session.get(Person, person)
                if known is None:
                    session.add(Person(person=person, seen=now))
                else:
                    known.seen = now
        except IntegrityError:
            return  # another message of the same person got there first

    def ahead(self, number: int, person: str, since: float) -> tuple[bool, bool]:
        """Whether an earlier message of the person is still being answered; whether they were asked to wait for it."""
        query = select(Message.held).where(
            Message.person == person, Message.number < number, Message.answered.is_(False), Message.received > since
        )
        with session_scope(self.url) as session:
            held = session.execute(query).scalars().all()
        return bool(held), any(held)

    def visit(self, person: str) -> Visit:
        """The person's place, the choices they last saw and what they have not seen yet."""
        with session_scope(self.url) as session:
            known = session.get(Person, person)
            return Visit(known.region, json.loads(known.choices), json.loads(known.leftover))

    def move(self, person: str, region: str) -> None:
        """Remember where a person's questions are about."""
        with session_scope(self.url) as session:
            session.execute(update(Person).where(Person.person == person).values(region=region))

    def finish(self, number: int, person: str, said: Said, show: Show) -> bool:
        """Settle a turn: its reply, or, when that was spent on waiting, something to be shown later.

        What an earlier turn left over comes first. Returns whether anything is left over now.
        """
        with session_scope(self.url) as session:
            session.execute(update(Message).where(Message.number == number).values(answered=True))
            message = session.get(Message, number)
            known = session.get(Person, person, with_for_update=True)
            waiting = json.loads(known.leftover) + said
            if not message.held:
                waiting = self._show(known, waiting, show, message)
            known.leftover = _json(waiting)
            return bool(waiting)

    def settle(self, number: int, person: str, show: Show) -> tuple[bool, dict[str, Any] | None]:
        """The reply for a message now: `(True, reply)`; or `(False, None)` and it counts as asked to wait.

        A message that was asked to wait and is answered by now gets what is left over for the person, if anything.
        """
        with session_scope(self.url) as session:
            hold = update(Message).where(Message.number == number, Message.answered.is_(False)).values(held=True)
            if session.execute(hold).rowcount:
                return False, None
            message = session.get(Message, number)
            if message.held and message.reply is None:
                known = session.get(Person, person, with_for_update=True)
                known.leftover = _json(self._show(known, json.loads(known.leftover), show, message))
            return True, json.loads(message.reply) if message.reply else None

    @staticmethod
    def _show(known: Person, said: Said, show: Show, message: Message) -> Said:
        shown = show(said)
        message.reply = None if shown.reply is None else _json(shown.reply)
        known.choices = known.choices if shown.choices is None else _json(shown.choices)
        return shown.rest

    def answered(self, number: int) -> bool:
        """Whether a message has been answered, by this process or another."""
        with session_scope(self.url) as session:
            return bool(session.execute(select(Message.answered).filter_by(number=number)).scalar())

    def take(self, person: str, show: Show) -> Shown:
        """Take the next thing left over for a person; whoever takes it is the only one to show it."""
        with session_scope(self.url) as session:
            session.execute(update(Person).where(Person.person == person).values(person=person))  # lock before reading
            known = session.get(Person, person, with_for_update=True)
            shown = show(json.loads(known.leftover) if known else [])
            if shown.reply is not None:
                known.choices = known.choices if shown.choices is None else _json(shown.choices)
                known.leftover = _json(shown.rest)
            return shown

    def put_back(self, person: str, messages: Said) -> None:
        """Return what could not be sent: it waits for the person's next message."""
        with session_scope(self.url) as session:
            session.execute(update(Person).where(Person.person == person).values(person=person))
            known = session.get(Person, person, with_for_update=True)
            if known is not None:
                known.leftover = _json(messages + json.loads(known.leftover))

    def forget(self, person: str, place_too: bool) -> None:
        """Keep nothing that was said to somebody; where they left, not their place either."""
        values = {"choices": "[]", "leftover": "[]", **({"region": None} if place_too else {})}
        with session_scope(self.url) as session:
            session.execute(update(Person).where(Person.person == person).values(**values))
            session.execute(update(Message).where(Message.person == person).values(reply=None))

    def _sweep(self, now: float) -> None:
        if now - self.swept < HOUR / 6:
            return
        self.swept = now
        sweep(now, self.url)


def sweep(now: float, url: str | None = None) -> int:
    """Drop what nobody can ask for any more; returns how many people were forgotten altogether."""
    with session_scope(url) as session:
        session.execute(delete(Message).where(Message.received < now - KEPT_FOR_RETRIES))
        session.execute(delete(Signature).where(Signature.seen < now - KEPT_FOR_RETRIES))
        holding = or_(Person.choices != "[]", Person.leftover != "[]")
        session.execute(
            update(Person).where(Person.seen < now - KEPT_FOR_READING, holding).values(choices="[]", leftover="[]")
        )
        return int(session.execute(delete(Person).where(Person.seen < now - KEPT_PLACE)).rowcount)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
