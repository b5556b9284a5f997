"""Work orders on their way to the hotline's system: none lost when it is down, none there twice."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import time
from typing import Any, Iterator

import pytest
from desk_client import Receiver

from bot import outbox
from store import audit, calls, orders

HOUR = 3600.0
NOWHERE = "http://127.0.0.1:9/orders"
pytestmark = pytest.mark.usefixtures("database")  # each test has one of its own, of each kind


@pytest.fixture
def hotline() -> Iterator[Receiver]:
    receiver = Receiver()
    yield receiver
    receiver.close()


def closed_order(outcome: str = "answered") -> str:
    """An order that was just closed, with its letter in the outbox."""
    call = calls.start_call("zuoxi01", by="user:zuoxi01")
    order = orders.draft(call, "zuoxi01", {"text": {"matter": "低保"}, "facts": [], "verdicts": []})["order"]
    assert orders.close(order, outcome, True, "user:zuoxi01")
    return str(order)


def deliver(url: str, later: float = 0.0) -> int:
    return asyncio.run(outbox.deliver_due(url, time.time() + later))


def test_a_closed_order_arrives_with_its_outcome(hotline: Receiver) -> None:
    order = closed_order("callback")

    assert 1 == deliver(hotline.url)

    sent = json.loads(hotline.got[0][1])
    assert order == sent["order"]
    assert {"code": "callback", "label": "回拨"} == sent["outcome"]
    assert [] == orders.undelivered()


def test_an_order_that_arrived_is_not_sent_again(hotline: Receiver) -> None:
    closed_order()
    deliver(hotline.url)

    assert 0 == deliver(hotline.url, 48 * HOUR)
    assert 1 == len(hotline.got)


def test_an_order_waits_while_the_system_is_down_and_arrives_when_it_is_back(hotline: Receiver) -> None:
    order = closed_order()

    assert 0 == deliver(NOWHERE)
    assert [order] == [letter["order"] for letter in orders.undelivered()]
    assert 1 == deliver(hotline.url, HOUR)


def test_a_failing_system_gets_the_same_key_and_the_same_words_each_time(hotline: Receiver) -> None:
    hotline.answers = [500, 503, 404]
    closed_order()
    for tries in range(4):
        deliver(hotline.url, tries * 2 * HOUR)

    assert 4 == len(hotline.got)
    assert 1 == len(set(hotline.got))
    assert [] == orders.undelivered()


def test_a_system_that_answers_too_late_still_has_the_order_once(
    hotline: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "PATIENCE", 0.2)
    hotline.late = 1.0
    order = closed_order()

    assert 0 == deliver(hotline.url)
    assert "TimeoutError" == orders.undelivered()[0]["fault"]

    hotline.late = 0.0
    assert 1 == deliver(hotline.url, HOUR)
    assert {f"order-{order}"} == hotline.orders()


def test_the_next_try_comes_later_and_later_but_it_always_comes() -> None:
    closed_order()
    waits = []
    moment = time.time()
    for _ in range(8):
        asyncio.run(outbox.deliver_due(NOWHERE, moment))
        due = orders.undelivered()[0]["due"]
        waits.append(round(due - moment))
        moment = due

    assert [5, 30, 120, 600, 3600, 3600, 3600, 3600] == waits


def test_two_senders_at_once_send_an_order_once(hotline: Receiver) -> None:
    for _ in range(5):
        closed_order()

    async def both() -> list[int]:
        return list(await asyncio.gather(outbox.deliver_due(hotline.url), outbox.deliver_due(hotline.url)))

    assert 5 == sum(asyncio.run(both()))
    assert 5 == len(hotline.got) == len(hotline.orders())


def test_a_letter_in_the_hands_of_a_sender_that_died_is_sent_by_another(hotline: Receiver) -> None:
    closed_order()
    assert orders.lease(outbox.LEASE)

    assert 0 == deliver(hotline.url)
    assert 1 == deliver(hotline.url, outbox.LEASE + 1)


def test_closing_twice_leaves_one_letter(hotline: Receiver) -> None:
    order = closed_order()

    assert orders.close(order, "urgent", True, "user:zuoxi01") is None
    assert 1 == len(orders.undelivered())


def test_an_order_and_its_letter_stand_or_fall_together(monkeypatch: pytest.MonkeyPatch) -> None:
    call = calls.start_call("zuoxi01", by="user:zuoxi01")
    order = orders.draft(call, "zuoxi01", {"text": {}})["order"]

    def breaks(*_: Any) -> None:
        raise RuntimeError("the machine stopped")

    monkeypatch.setattr(orders, "exported", breaks)
    with pytest.raises(RuntimeError):
        orders.close(order, "answered", True, "user:zuoxi01")

    assert "draft" == (orders.order_of(order) or {})["status"]
    assert [] == orders.undelivered()


def test_a_receiver_can_check_who_sent_an_order(hotline: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DESK_WEBHOOK_SECRET", "between-us")
    closed_order()
    deliver(hotline.url)

    expected = hmac.new(b"between-us", hotline.got[0][1], hashlib.sha256).hexdigest()
    assert f"sha256={expected}" == hotline.headers["X-Signature"]


def test_a_redirect_is_no_delivery_and_is_not_followed(hotline: Receiver) -> None:
    hotline.answers = [302]
    closed_order()

    assert 0 == deliver(hotline.url)
    assert 1 == len(hotline.got)
    assert "HTTP 302" == orders.undelivered()[0]["fault"]


# Opened again ---------------------------------------------------------------------------------------------------------


def opened_again(order: str, reason: str = "来电人又打来") -> None:
    """The order opened again, written on and closed with another outcome."""
    draft = orders.reopen(order, "banzhang", reason)
    assert draft
    assert orders.edit(order, draft["version"], {**draft["body"], "text": {"matter": "低保、残补"}}, "user:banzhang")
    assert orders.close(order, "transferred", True, "user:banzhang")


def test_an_order_opened_again_arrives_as_a_new_edition_of_the_same_order_with_a_key_of_its_own(hotline: Receiver) -> None:
    order = closed_order()
    deliver(hotline.url)
    opened_again(order)
    deliver(hotline.url)

    first, second = (json.loads(body) for _, body in hotline.got)
    assert [f"order-{order}", f"order-{order}-2"] == [key for key, _ in hotline.got]
    assert (order, 1, None) == (first["order"], first["edition"], first["reopened"])
    assert (order, 2, "来电人又打来") == (second["order"], second["edition"], second["reopened"])
    assert ("transferred", "低保、残补") == (second["outcome"]["code"], second["text"]["matter"])


def test_a_new_edition_waits_until_the_one_before_has_arrived(hotline: Receiver) -> None:
    order = closed_order()
    deliver(NOWHERE)
    opened_again(order)

    assert 0 == deliver(hotline.url)
    assert 2 == deliver(hotline.url, HOUR)
    assert [1, 2] == [json.loads(body)["edition"] for _, body in hotline.got]


def test_an_order_is_opened_again_only_when_it_is_closed_and_the_reason_is_written_down() -> None:
    order = closed_order()
    assert orders.reopen(order, "zuoxi01", "收入说错了")
    assert orders.reopen(order, "zuoxi02", "我也要") is None

    assert ("draft", None, "zuoxi01") == tuple((orders.order_of(order) or {})[name] for name in ("status", "outcome", "agent"))
    entry = next(entry for entry in audit.entries(order) if entry["action"] == "reopen_order")
    assert ("user:zuoxi01", "收入说错了") == (entry["who"], entry["detail"])


def test_the_calls_outcome_is_that_of_its_orders_last_edition() -> None:
    order = closed_order("callback")
    call = (orders.order_of(order) or {})["call"]
    opened_again(order)

    assert "transferred" == calls.existing(call)["outcome"]
