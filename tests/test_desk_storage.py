"""What the store promises whatever the database: its tables, nothing lost and nothing twice when several act at once."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import sqlalchemy
from alembic import command

from store import calls, desk, migrate, orders
from store.base import database_url, engine_for, session_scope
from store.calls import Line
from store.desk import record_unanswered
from store.migrate import differences, load_models, upgrade
from store.wechat import Inbox, Shown

ROOT = Path(__file__).parents[1]
NOW = 1_800_000_000.0
MANY = 8


def at_once(work: Callable[[int], Any]) -> list[Any]:
    """What `work` returns for each of several that begin together."""
    with ThreadPoolExecutor(MANY) as pool:
        return list(pool.map(work, range(MANY)))


def rows(query: str) -> list[Any]:
    with engine_for(database_url()).connect() as connection:
        return list(connection.execute(sqlalchemy.text(query)).scalars())


# Tables ---------------------------------------------------------------------------------------------------------------


def test_a_fresh_database_has_exactly_the_tables_of_the_models(database: str) -> None:
    load_models()

    assert [] == differences()


def test_bringing_a_database_up_twice_and_beside_rasas_own_tables_changes_nothing(new_database: str) -> None:
    with engine_for(new_database).begin() as connection:
        connection.execute(sqlalchemy.text("CREATE TABLE events (id INTEGER PRIMARY KEY, data TEXT)"))
        connection.execute(sqlalchemy.text("INSERT INTO events (id, data) VALUES (1, 'kept')"))
    upgrade()
    upgrade()

    assert [] == differences()
    assert ["kept"] == rows("SELECT data FROM events")


def test_several_programs_that_bring_a_database_up_at_once_all_succeed(new_database: str) -> None:
    program = [sys.executable, "-c", "from store.migrate import upgrade; upgrade()"]
    running = [subprocess.Popen(program, cwd=ROOT) for _ in range(3)]

    assert [0, 0, 0] == [one.wait(60) for one in running]
    assert [] == differences()


def test_an_order_of_the_first_version_is_still_there_after_the_next_step(new_database: str) -> None:
    migrate._run(new_database, command.upgrade, "0001")
    with engine_for(new_database).begin() as connection:
        old = """INSERT INTO desk_order ("order", call, agent, body, status, created, version)
                 VALUES ('20260115-1A2B3C4D', 'c1', 'zuoxi01', '{"text": {}}', 'closed', 1.0, 2)"""
        connection.execute(sqlalchemy.text(old))
        connection.execute(sqlalchemy.text("INSERT INTO desk_audit (at, who, action, subject) VALUES (1.0, 'x', 'y', 'z')"))
    upgrade()

    found = orders.order_of("20260115-1A2B3C4D") or {}
    assert (1, None, {"text": {}}) == (found["edition"], found["reopened"], found["body"])
    assert [""] == rows("SELECT detail FROM desk_audit")


# Several at once ------------------------------------------------------------------------------------------------------


def test_of_several_agents_one_takes_a_waiting_call(database: str) -> None:
    call = calls.start_call(None, by="token:hotline")
    taken = at_once(lambda n: calls.take(call, f"zuoxi0{n}"))

    assert 1 == sum(taken)
    assert f"zuoxi0{taken.index(True)}" == calls.existing(call)["agent"]


def test_a_line_or_a_call_pushed_several_times_at_once_is_there_once(database: str) -> None:
    begun = set(at_once(lambda _: calls.start_call(None, by="token:hotline", reference="T-1")))
    [call] = begun
    added = at_once(lambda _: calls.add_line(call, "caller", "我妈82了", reference="u-1"))

    assert 1 == sum(number is not None for number in added)
    assert 1 == len(calls.lines_of(call))


def test_lines_added_at_once_are_all_there_and_each_shows(database: str) -> None:
    call = calls.start_call("zuoxi01", by="user:zuoxi01")
    at_once(lambda n: calls.add_line(call, "caller", f"第 {n} 句"))

    assert MANY == len(calls.lines_of(call)) == calls.version_of(call)


def test_of_several_that_saw_the_same_version_one_advances_the_call(database: str) -> None:
    call = calls.start_call("zuoxi01", by="user:zuoxi01")
    done = at_once(lambda n: calls.advance(call, 0, {"by": n}, {}))

    assert 1 == sum(done)
    assert {"by": done.index(True)} == calls.existing(call)["state"]


def test_a_draft_asked_for_several_times_at_once_is_one_order(database: str) -> None:
    call = calls.start_call("zuoxi01", by="user:zuoxi01")
    drafts = at_once(lambda _: orders.draft(call, "zuoxi01", {"text": {}})["order"])

    assert 1 == len(set(drafts))


def test_an_order_closed_or_opened_by_several_at_once_changes_once(database: str) -> None:
    call = calls.start_call("zuoxi01", by="user:zuoxi01")
    order = orders.draft(call, "zuoxi01", {"text": {}})["order"]

    assert 1 == sum(bool(one) for one in at_once(lambda _: orders.close(order, "answered", True, "user:zuoxi01")))
    assert 1 == sum(bool(one) for one in at_once(lambda _: orders.reopen(order, "banzhang", "再办")))
    assert 1 == len(orders.undelivered())


def test_a_letter_is_leased_by_one_of_several_senders(database: str) -> None:
    call = calls.start_call("zuoxi01", by="user:zuoxi01")
    orders.close(orders.draft(call, "zuoxi01", {"text": {}})["order"], "answered", True, "user:zuoxi01")

    assert 1 == sum(letter is not None for letter in at_once(lambda _: orders.lease(60.0)))


# What is kept ---------------------------------------------------------------------------------------------------------


def test_whatever_people_write_comes_back_as_it_was(database: str) -> None:
    call = calls.start_call("zuoxi01", by="user:zuoxi01")
    said = "我媽82了，%s 'x' \\ \u2028 𠮷 👵 :name"
    calls.add_line(call, "caller", said, heard={"read_aloud": said})

    [line] = calls.lines_of(call)
    assert (said, said) == (line["text"], line["heard"]["read_aloud"])


def test_lines_keep_their_order_and_numbers_are_never_used_again(database: str) -> None:
    call = calls.start_call("zuoxi01", by="user:zuoxi01")
    first = [calls.add_line(call, "caller", text) for text in ("一", "二", "三")]
    with session_scope() as session:
        session.query(Line).delete()
    again = calls.add_line(call, "caller", "四")

    assert first == sorted(first)
    assert again not in first


def test_unanswered_questions_are_counted_and_the_commonest_comes_first(database: str) -> None:
    for text in ("社保卡丢了", "公积金怎么提", "公积金怎么提"):
        record_unanswered(text, "239900", "h5")

    assert [("公积金怎么提", 2), ("社保卡丢了", 1)] == [(row["text"], row["times"]) for row in desk.unanswered(0)]


def test_a_doubted_answer_is_decided_by_number(database: str) -> None:
    cites = [{"document": "hlj-county", "clause": "三(一)1"}]
    number = desk.record_feedback("问", "答", cites, by="user:zuoxi01", remark="不对")

    decided = desk.decide(number, "accepted", "应该这样", "banzhang") or {}
    assert (cites, "accepted", "banzhang") == (decided["cites"], decided["status"], decided["decided_by"])
    assert [number] == [one["number"] for one in desk.reviews("accepted")]
    assert desk.decide(number + 1, "accepted", "", "banzhang") is None


# WeChat's inbox -------------------------------------------------------------------------------------------------------


def show(said: list[dict[str, Any]]) -> Shown:
    return Shown({"text": said[0]["text"]}, [], said[:1], said[1:]) if said else Shown(None)


def test_a_message_that_several_processes_get_is_answered_by_one(database: str) -> None:
    claims = at_once(lambda _: Inbox().claim("m-1", "person", NOW))

    assert 1 == sum(claim.first for claim in claims)
    assert 1 == len({claim.number for claim in claims})


def test_what_a_wechat_person_has_not_seen_yet_waits_for_them(database: str) -> None:
    inbox = Inbox()
    claim = inbox.claim("m-1", "person", NOW)
    assert inbox.finish(claim.number, "person", [{"text": "一"}, {"text": "二"}], show)

    assert (True, {"text": "一"}) == inbox.settle(claim.number, "person", show)
    assert [{"text": "二"}] == inbox.visit("person").leftover
    inbox.move("person", "239900")
    inbox.put_back("person", [{"text": "人工：您好"}])
    assert ("239900", 2) == (inbox.visit("person").region, len(inbox.visit("person").leftover))


def test_a_signature_holds_for_one_body_only(database: str) -> None:
    inbox = Inbox()

    assert all(at_once(lambda _: inbox.fits("s", "body", NOW)))
    assert not inbox.fits("s", "another", NOW)
