"""Two copies of the server on one PostgreSQL database: whoever comes to either finds the same conversations, calls and orders."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import httpx
import pytest
from conftest import started
from desk_client import Receiver, add_people, program, signed_in
from postgresql import Cluster

from bot.outbox import EVERY
from store import calls
from store.base import database_url, engine_for
from store.migrate import upgrade

PATIENCE = 20.0


@pytest.fixture(scope="module")
def hotline() -> Iterator[Receiver]:
    receiver = Receiver()
    yield receiver
    receiver.close()


@pytest.fixture(scope="module")
def servers(model: Path, postgresql: Cluster, hotline: Receiver) -> Iterator[tuple[str, str]]:
    """The addresses of both copies; this process uses their database too."""
    url = postgresql.new_database()
    settings = {"DATABASE_URL": url, "DESK_HOURS": "1-7 00:00-24:00", "DESK_WEBHOOK_URL": hotline.url}
    with ExitStack() as stack, pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setenv("DATABASE_URL", url)
        upgrade()
        add_people()
        yield tuple(stack.enter_context(started(["-m", "bot", "serve"], settings)) for _ in range(2))
        engine_for(url).dispose()


def until(found: Any) -> Any:
    """What `found()` gives once it gives something."""
    end = time.monotonic() + PATIENCE
    while not (given := found()):
        assert time.monotonic() < end, "it never came"
        time.sleep(0.1)
    return given


def test_a_conversation_goes_on_at_either_copy(servers: tuple[str, str]) -> None:
    replies = [
        httpx.post(f"{url}/webhooks/rest/webhook", json={"sender": "one", "message": text, "metadata": {"region": "239900"}}, timeout=60)
        for url, text in zip(servers, ("我妈82了，在家住", "我们家是脱贫户"))
    ]
    custom = replies[1].json()[0]["custom"]

    assert 82 == custom["household"]["members"][0]["age"]
    assert "eligible" in {one["verdict"] for one in custom["results"] if one["programme"] == "elder_home_allowance"}


def test_a_resident_at_one_copy_and_an_agent_at_the_other_talk_and_the_order_arrives_once(
    servers: tuple[str, str], hotline: Receiver
) -> None:
    page, desk = servers
    with httpx.Client(base_url=page, timeout=60) as resident, closing(signed_in(desk, "zuoxi01")) as agent:
        resident.get("/v/239900")
        resident.post("/h5/say", json={"text": "我妈82了，脱贫户"})
        resident.post("/h5/say", json={"text": "找人工"})
        [waiting] = agent.get("/api/desk/queue").json()["calls"]
        address = f"/api/desk/calls/{waiting['call']}"
        agent.post(f"{address}/take")
        agent.post(f"{address}/say", json={"text": "您妈妈住家里吗"})
        assert ["您妈妈住家里吗"] == [line["text"] for line in resident.get("/api/handoff").json()["lines"]]
        resident.post("/h5/say", json={"text": "住家里"})
        living = {fact["path"]: fact["raw"] for fact in agent.get(address).json()["view"]["facts"]}
        assert "home" == living["members[mother].living"]

        order = agent.post(f"{address}/order", json={}).json()["order"]
        assert 200 == agent.post(f"/api/desk/orders/{order}/close", json={"outcome": "urgent"}).status_code
        until(lambda: hotline.got)
        replies = resident.post("/h5/say", json={"text": "能领多少钱"}).json()
        family = next(reply["custom"]["household"] for reply in replies if "household" in reply.get("custom", {}))

    assert "home" == family["members"][0]["living"]
    time.sleep(2 * EVERY)  # by now both copies have looked again
    assert [f"order-{order}"] == [key for key, _ in hotline.got]


def test_of_two_agents_at_two_copies_one_takes_the_call(servers: tuple[str, str]) -> None:
    with ExitStack() as stack:
        agents = [stack.enter_context(closing(signed_in(url, f"zuoxi0{n}"))) for n, url in enumerate(servers, 1)]
        call = calls.start_call(None, by="token:hotline")
        answers: list[int] = []
        both = [
            threading.Thread(target=lambda one=one: answers.append(one.post(f"/api/desk/calls/{call}/take").status_code))
            for one in agents
        ]
        for thread in both:
            thread.start()
        for thread in both:
            thread.join()

    assert [200, 409] == sorted(answers)


def test_lines_pushed_to_one_copy_show_at_the_other_within_a_second(servers: tuple[str, str]) -> None:
    speech, desk = servers
    with closing(signed_in(desk, "zuoxi01")) as agent, program(speech, "transcript") as pushing:
        call = agent.post("/api/desk/calls", json={"region": "239900"}).json()
        address, shown = f"/api/desk/calls/{call['call']}", []

        def watch() -> None:
            news = agent.get(address, params={"after": call["version"], "wait": 25}).json()
            shown.append((time.monotonic(), news["lines"][-1]["text"]))

        watching = threading.Thread(target=watch)
        watching.start()
        time.sleep(0.5)
        pushed = time.monotonic()
        pushing.post(f"{address}/transcript", json={"lines": [{"speaker": "caller", "text": "我妈82了"}]})
        watching.join()

    assert "我妈82了" == shown[0][1]
    assert shown[0][0] - pushed < 1


def test_a_sign_in_at_one_copy_holds_at_the_other_and_so_does_its_lock(servers: tuple[str, str]) -> None:
    here, there = servers
    with closing(signed_in(here, "banzhang")) as client:
        assert 200 == httpx.get(f"{there}/api/desk/board", cookies=dict(client.cookies)).status_code
    for _ in range(5):
        wrong(here)

    assert 429 == wrong(there)


def wrong(url: str) -> int:
    with httpx.Client(base_url=url) as client:
        form = re.search(r'name="form" value="([^"]+)"', client.get("/desk/login").text)
        assert form
        given = {"form": form[1], "login": "chuangkou2", "password": "wrong"}
        return client.post("/desk/login", data=given).status_code


def test_what_people_wrote_is_deleted_from_every_table(servers: tuple[str, str]) -> None:
    with httpx.Client(base_url=servers[0], timeout=60) as resident:
        resident.get("/v/239900")
        resident.post("/h5/say", json={"text": "我妈91了，在家住"})
        resident.post("/h5/say", json={"text": "找人工"})
        sender = calls.waiting()[-1]["sender"]
        resident.post("/h5/forget", json={})

    with engine_for(database_url()).connect() as connection:
        left = connection.exec_driver_sql("SELECT count(*) FROM events WHERE sender_id = %s", (sender,)).scalar()
    assert (0, None) == (left, calls.open_call_of(sender))
