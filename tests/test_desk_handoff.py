"""A resident who asks for a person: the queue, the agent's words in the resident's own channel, and back to the assistant."""

from __future__ import annotations

import asyncio
import datetime as dt
import secrets
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest
from desk_client import add_people, signed_in, use_database

from bot.desk import handoff
from bot.sessions import Session, Sessions, signing_secret
from store import calls
from store.desk import forget, open_handoff
from store.hours import CHINA, WrongHours, handoff_words, hours
from store.wechat import Inbox

SAID = [
    {"from": "me", "text": "我妈82了"},
    {"from": "bot", "text": "您妈妈现在住在家里还是养老机构？"},
    {"from": "me", "text": "找人工"},
]
FAMILY = {"region": "239900", "members": [{"id": "mother", "relation": "mother", "age": 82}]}
MONDAY = dt.datetime(2026, 1, 12, tzinfo=CHINA)


@pytest.fixture
def url(server_url: str, server_database: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    use_database(monkeypatch, server_database)
    add_people()
    return server_url


@pytest.fixture
def agent(url: str) -> Iterator[httpx.Client]:
    with closing(signed_in(url, "zuoxi01")) as client:
        yield client


class Resident:
    """A visitor of the page, known by their cookie."""

    def __init__(self, url: str) -> None:
        session = Session(secrets.token_urlsafe(16), "239900")
        self.sender = session.sender
        self.client = httpx.Client(base_url=url, timeout=60, cookies={"h5": Sessions(signing_secret()).write(session)})

    def reads(self, after: int = 0) -> dict[str, Any]:
        return dict(self.client.get("/api/handoff", params={"after": after}).json())

    def says(self, text: str) -> list[dict[str, Any]] | None:
        """What the channel does first with every message."""
        return asyncio.run(handoff.intercept(self.sender, text))


@pytest.fixture
def resident(url: str) -> Iterator[Resident]:
    one = Resident(url)
    yield one
    one.client.close()


def test_a_resident_waits_in_the_queue_with_the_conversation_so_far(agent: httpx.Client, resident: Resident) -> None:
    call = open_handoff("h5", resident.sender, SAID, FAMILY)

    assert call in {one["call"] for one in agent.get("/api/desk/queue").json()["calls"]}
    assert "waiting" == resident.reads()["state"]
    taken = agent.post(f"/api/desk/calls/{call}/take").json()
    assert [line["text"] for line in SAID] == [line["text"] for line in taken["lines"]]
    assert ["caller", "assistant", "caller"] == [line["speaker"] for line in taken["lines"]]
    assert "members[mother].age" in {fact["path"] for fact in taken["view"]["facts"]}


def test_asking_twice_is_waiting_once(resident: Resident) -> None:
    assert open_handoff("h5", resident.sender, SAID) == open_handoff("h5", resident.sender, SAID)


def test_until_somebody_is_there_the_assistant_goes_on_answering(agent: httpx.Client, resident: Resident) -> None:
    assert resident.says("我妈82了") is None
    call = open_handoff("h5", resident.sender, [])

    assert resident.says("她在家里住") is None
    assert ["她在家里住"] == [line["text"] for line in calls.lines_of(call)]


def test_the_agents_words_reach_the_page_and_the_residents_words_reach_the_agent(
    agent: httpx.Client, resident: Resident
) -> None:
    call = open_handoff("h5", resident.sender, SAID, FAMILY)
    address = f"/api/desk/calls/{call}"
    agent.post(f"{address}/take")
    assert handoff.AGENT_HERE == (resident.says("您好，人工吗") or [{}])[0]["text"]

    assert "page" == agent.post(f"{address}/say", json={"text": "您好，我是人工"}).json()["reached"]
    seen = resident.reads()
    assert ("taken", ["您好，我是人工"]) == (seen["state"], [line["text"] for line in seen["lines"]])
    assert [] == resident.reads(seen["lines"][-1]["number"])["lines"]

    assert [] == resident.says("我们家是脱贫户，我妈在家住")
    found = agent.get(address).json()
    assert "eligible" == next(
        r["verdict"] for r in found["view"]["results"] if r["programme"] == "elder_home_allowance"
    )


def test_nobody_reads_the_handoff_of_another_visitor(url: str, agent: httpx.Client, resident: Resident) -> None:
    call = open_handoff("h5", resident.sender, SAID)
    agent.post(f"/api/desk/calls/{call}/take")
    agent.post(f"/api/desk/calls/{call}/say", json={"text": "您好"})
    stranger, forged = Resident(url), httpx.Client(base_url=url, cookies={"h5": "forged"})

    nothing = {"state": "none", "words": "", "lines": []}
    assert [nothing, nothing] == [stranger.reads(), forged.get("/api/handoff").json()]
    stranger.client.close()
    forged.close()


def test_after_the_handoff_the_assistant_goes_on_with_the_family_as_the_agent_left_it(
    agent: httpx.Client, resident: Resident
) -> None:
    resident.client.post("/h5/say", json={"text": "我妈82了"})
    call = open_handoff("h5", resident.sender, SAID, FAMILY)
    address = f"/api/desk/calls/{call}"
    agent.post(f"{address}/take")
    agent.put(f"{address}/facts", json={"path": "members[mother].living", "value": "home"})
    ended = agent.post(f"{address}/back").json()

    assert "handed_back" == ended["outcome"]
    assert ("none", handoff.BACK_AGAIN) == (resident.reads()["state"], resident.reads()["lines"][-1]["text"])
    assert resident.says("我们家是脱贫户") is None
    replies = resident.client.post("/h5/say", json={"text": "我们家是脱贫户"}).json()
    family = next(reply["custom"]["household"] for reply in replies if "household" in reply.get("custom", {}))
    assert "home" == family["members"][0]["living"]
    assert family["status"]["out_of_poverty"]


def test_an_agents_answer_waits_for_a_wechat_resident_who_cannot_be_written_to(agent: httpx.Client) -> None:
    person = secrets.token_hex(16)
    inbox = Inbox()
    inbox.claim(secrets.token_hex(8), person, 1_800_000_000.0)
    call = open_handoff("wechat", f"wechat-{person}", SAID)
    agent.post(f"/api/desk/calls/{call}/take")

    assert "waits" == agent.post(f"/api/desk/calls/{call}/say", json={"text": "您好，我是人工"}).json()["reached"]
    assert ["您好，我是人工"] == [message["text"] for message in inbox.visit(person).leftover]


def test_an_agents_answer_is_sent_at_once_where_the_account_can() -> None:
    sent: list[tuple[str, str]] = []

    async def speak(person: str, text: str) -> bool:
        sent.append((person, text))
        return True

    context = type("Context", (), {"wechat_say": staticmethod(speak)})
    app = type("App", (), {"ctx": context})

    assert "sent" == asyncio.run(handoff._to_wechat(app, "wechat-abc", "您好"))
    assert [("abc", "您好")] == sent


def test_a_resident_who_deletes_everything_is_gone_from_the_desk_as_well(
    agent: httpx.Client, resident: Resident
) -> None:
    call = open_handoff("h5", resident.sender, SAID, FAMILY)
    forget(resident.sender)

    assert call not in {one["call"] for one in agent.get("/api/desk/queue").json()["calls"]}
    assert [] == calls.lines_of(call)
    kept = calls.existing(call)
    assert ({}, {}, None) == (kept["state"], kept["view"], kept["sender"])


def test_outside_working_hours_a_resident_hears_when_and_which_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DESK_HOURS", "1-5 08:30-12:00 14:00-17:30")
    monkeypatch.setenv("DESK_PHONE", "0455-1234567")
    lunch, working, sunday = MONDAY.replace(hour=12, minute=30), MONDAY.replace(hour=9), MONDAY - dt.timedelta(days=1)

    assert "叫人工" in handoff_words(working)
    for moment in (lunch, sunday.replace(hour=9)):
        assert "周一到周五 8:30—12:00、14:00—17:30" in handoff_words(moment)
        assert "0455-1234567" in handoff_words(moment)


def test_without_hours_nobody_is_promised(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DESK_HOURS", raising=False)

    assert "没有人工" in handoff_words(MONDAY)
    assert "12345" in handoff_words(MONDAY)


@pytest.mark.parametrize("wrong", ["9-17", "1-5", "1-8 09:00-17:00", "1-5 9:00-17:00", "1-5 09:00"])
def test_hours_that_cannot_be_read_say_how_to_write_them(wrong: str) -> None:
    with pytest.raises(WrongHours, match="1-5 08:30-12:00"):
        hours(wrong)
