"""What people said goes when its time is over: by the running server once a day, and by `python -m bot forget`."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from typing import Any

import pytest
from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot import forget
from bot.channels.desk import DeskInput
from bot.settings import WrongSetting
from store import audit, calls, cases, desk, keeping, orders
from store.base import session_scope
from store.keeping import AT_ONCE, DAY, WrongDays, forget_old
from store.orders import Letter
from store.wechat import Inbox

NOW = time.time()
BODY: dict[str, Any] = {
    "channel": "电话", "reference": "T-1", "programme": "dibao", "urgent": False,
    "text": {"said": "我妈82了", "matter": "低保"}, "facts": [{"path": "size", "raw": 2}], "verdicts": [],
}  # fmt: skip


@pytest.fixture(autouse=True)
def own(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A database of each test's own, of each kind, with the days as they are by default."""
    for name in ("KEEP_TALKS_DAYS", "KEEP_CALLS_DAYS"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def talks(database: str) -> Iterator[SQLTrackerStore]:
    """Rasa's own store of conversations in the same database, as the server has it."""
    store = SQLTrackerStore(Domain.empty(), host=database)
    yield store
    with session_scope() as session:
        session.execute(keeping.EVENTS.delete())
    store.engine.dispose()


def say(talks: SQLTrackerStore, sender: str, *days_ago: float) -> None:
    """A conversation in which something was said so many days ago."""
    said = [UserUttered("我妈82了", timestamp=NOW - days * DAY) for days in days_ago]
    asyncio.run(talks.save(DialogueStateTracker.from_events(sender, said)))


def senders(talks: SQLTrackerStore) -> set[str]:
    return set(asyncio.run(talks.keys()))


def call(days_ago: float, sender: str | None = None) -> str:
    moment = NOW - days_ago * DAY
    began = calls.start_call("zuoxi01", by="user:zuoxi01", sender=sender, state={"household": {"size": 2}}, now=moment)
    calls.add_line(began, "caller", "我妈82了", at=moment)
    return began


def closed(days_ago: float, letter: bool = False) -> str:
    moment = NOW - days_ago * DAY
    order = orders.draft(call(days_ago), "zuoxi01", BODY, moment)["order"]
    assert orders.close(order, "answered", letter, "user:zuoxi01", moment)
    return str(order)


def test_a_conversation_goes_thirty_days_after_its_last_word(talks: SQLTrackerStore) -> None:
    say(talks, "h5-old", 40, 31)
    say(talks, "h5-came-back", 40, 29)
    say(talks, "wechat-new", 1)

    assert 1 == forget_old(NOW)["talks"]
    assert {"h5-came-back", "wechat-new"} == senders(talks)
    assert 2 == len(asyncio.run(talks.retrieve("h5-came-back")).events)


def test_more_conversations_than_one_transaction_takes_all_go(talks: SQLTrackerStore) -> None:
    rows = [{"sender_id": f"h5-{n}", "timestamp": NOW - 31 * DAY} for n in range(AT_ONCE + 20)]
    with session_scope() as session:
        session.execute(talks.SQLEvent.__table__.insert(), [{**row, "type_name": "user", "data": "{}"} for row in rows])

    assert AT_ONCE + 20 == forget_old(NOW)["talks"]
    assert set() == senders(talks)


def test_a_database_in_which_nobody_has_talked_yet_is_no_obstacle() -> None:
    assert 0 == forget_old(NOW)["talks"]


def test_calls_and_handovers_go_with_every_line_after_half_a_year() -> None:
    old, waiting, recent = call(181), call(200, "h5-somebody"), call(179)
    gone = forget_old(NOW)

    assert 2 == gone["calls"]
    assert [None, None] == [calls.call_of(old), calls.call_of(waiting)]
    assert [] == calls.lines_of(old)
    assert "我妈82了" == calls.lines_of(recent)[0]["text"]


def test_an_old_work_order_keeps_its_number_and_outcome_and_says_nothing_of_people_any_more() -> None:
    old, recent = closed(181), closed(179)
    assert 1 == forget_old(NOW)["orders"]
    assert 0 == forget_old(NOW)["orders"]

    kept = orders.order_of(old) or {}
    assert ("answered", "dibao", {}, [], None) == (
        kept["outcome"],
        *(kept["body"][name] for name in ("programme", "text", "facts", "reference")),
    )
    assert BODY == (orders.order_of(recent) or {})["body"]


def test_an_order_that_has_not_arrived_is_kept_whole_until_it_has() -> None:
    order = closed(400, letter=True)
    forget_old(NOW)
    assert BODY == (orders.order_of(order) or {})["body"]

    letter = orders.lease(60.0, NOW)
    assert letter
    orders.delivered(letter.number, NOW - 31 * DAY)
    forget_old(NOW)
    assert {} == (orders.order_of(order) or {})["body"]["text"]
    with session_scope() as session:
        assert 0 == session.query(Letter).count()


def test_questions_and_doubted_answers_go_with_the_calls() -> None:
    for days in (181, 1):
        desk.record_unanswered(f"{days} 天前", now=NOW - days * DAY)
        desk.record_feedback(f"{days} 天前", "答", by="user:zuoxi01", now=NOW - days * DAY)
    forget_old(NOW)

    assert ["1 天前"] == [row["text"] for row in desk.unanswered(0)]
    assert ["1 天前"] == [review["question"] for review in desk.reviews()]


def test_case_codes_that_ended_and_wechat_people_who_never_came_back_go_too() -> None:
    code = cases.create_case({"size": 2}, now=NOW - 8 * DAY)
    Inbox().claim("m-1", "gone", NOW - 366 * DAY)
    gone = forget_old(NOW)

    assert (1, 1) == (gone["cases"], gone["wechat"])
    assert cases.open_case(code, now=NOW - 2 * DAY) is None


def test_who_saw_what_is_kept_for_two_years() -> None:
    audit.record("user:banzhang", "see_call", "old", NOW - 731 * DAY)
    audit.record("user:banzhang", "see_call", "recent", NOW - 729 * DAY)
    forget_old(NOW)

    assert [] == audit.entries("old")
    assert 1 == len(audit.entries("recent"))


def test_whoever_runs_it_says_how_many_days(talks: SQLTrackerStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KEEP_TALKS_DAYS", "7")
    monkeypatch.setenv("KEEP_CALLS_DAYS", "365")
    say(talks, "h5-old", 8)
    kept = call(300)
    forget_old(NOW)

    assert set() == senders(talks)
    assert calls.call_of(kept)


@pytest.mark.parametrize("wrong", ["0", "-3", "ten", "1.5", "十"])
def test_days_that_cannot_be_used_stop_the_server_before_it_starts(wrong: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KEEP_CALLS_DAYS", wrong)

    with pytest.raises(WrongDays):
        keeping.keeping()
    with pytest.raises(WrongSetting, match="KEEP_CALLS_DAYS"):
        DeskInput.from_credentials(None)


def test_the_command_says_what_went(talks: SQLTrackerStore, capsys: pytest.CaptureFixture[str]) -> None:
    say(talks, "h5-old", 40)
    call(181)

    assert 0 == forget.main()
    assert "群众的对话 1，坐席的通话 1" in capsys.readouterr().out


def test_the_running_server_does_it_by_itself(talks: SQLTrackerStore) -> None:
    say(talks, "h5-old", 40)

    async def a_moment() -> None:
        task = asyncio.ensure_future(forget.daily())
        while list(await talks.keys()):
            await asyncio.sleep(0.05)
        task.cancel()

    asyncio.run(asyncio.wait_for(a_moment(), 10))
