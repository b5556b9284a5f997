"""The desk's JSON for a hotline's own software: against its own description, pushed lines, two agents at once."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest
import schemathesis
import yaml
from desk_client import add_people, program, signed_in, use_database
from hypothesis import HealthCheck, settings
from schemathesis import checks

from bot.desk.openapi import SECURITY_SCHEMES, openapi_paths
from store import audit, calls, orders
from store.cases import create_case

DESCRIPTION = {
    "openapi": "3.0.3",
    "info": {"title": "desk", "version": "1"},
    "paths": openapi_paths(),
    "components": {"securitySchemes": SECURITY_SCHEMES},
}
PROMISES = (
    checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
)
schema = schemathesis.openapi.from_dict(DESCRIPTION)
OLD_WOMAN = {"speaker": "caller", "text": "我妈82了，在家住"}


@pytest.fixture
def url(server_url: str, server_database: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    use_database(monkeypatch, server_database)
    add_people()
    return server_url


@pytest.fixture(scope="module")
def prober(server_url: str, server_database: Path) -> Iterator[httpx.Client]:
    """A supervisor who has a call, an order and a review to be probed."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        use_database(monkeypatch, server_database)
        add_people()
        with closing(signed_in(server_url, "banzhang")) as client:
            yield client


@pytest.fixture
def agent(url: str) -> Iterator[httpx.Client]:
    with closing(signed_in(url, "zuoxi01")) as client:
        yield client


def begin(client: httpx.Client, **about: Any) -> str:
    answer = client.post("/api/desk/calls", json={"region": "239900", "as_of": "2022-05-01", **about})
    assert 200 == answer.status_code, answer.text
    return f"/api/desk/calls/{answer.json()['call']}"


def hear(client: httpx.Client, call: str, *lines: Any) -> dict[str, Any]:
    told = [line if isinstance(line, dict) else {"speaker": "caller", "text": line} for line in lines]
    answer = client.post(f"{call}/transcript", json={"lines": told})
    assert 200 == answer.status_code, answer.text
    return dict(answer.json())


def values(call: dict[str, Any]) -> dict[str, Any]:
    return {fact["path"]: fact["raw"] for fact in call["view"]["facts"]}


def verdict(call: dict[str, Any], programme: str) -> str:
    return next(row["verdict"] for row in call["view"]["results"] if row["programme"] == programme)


@schema.parametrize()
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
def test_every_address_keeps_to_its_description_whatever_is_sent(
    case: schemathesis.Case, prober: httpx.Client, server_url: str
) -> None:
    case.query = {key: value for key, value in (case.query or {}).items() if key != "wait"}
    headers = {"X-CSRF-Token": prober.headers["X-CSRF-Token"], **(case.headers or {})}
    answer = case.call(base_url=server_url, headers=headers, cookies=dict(prober.cookies))
    case.validate_response(answer, checks=PROMISES)


def test_lines_pushed_one_by_one_are_understood_as_they_come(url: str, agent: httpx.Client) -> None:
    call = begin(agent)
    with program(url, "transcript") as speech:
        first = hear(speech, call, OLD_WOMAN)
        second = hear(speech, call, "我们家是脱贫户")

    assert "undetermined" == verdict(first, "elder_home_allowance")
    assert "eligible" == verdict(second, "elder_home_allowance")
    assert ["status.out_of_poverty"] == second["view"]["changed"]["facts"]
    assert "elder_home_allowance@mother" in second["view"]["changed"]["results"]
    heard = second["lines"][-1]["heard"]
    assert "100 元" in heard["read_aloud"]
    assert ("hlj-county", "三(一)1") in {(cite["document"], cite["clause"]) for cite in heard["cites"]}


def test_every_fact_stands_beside_the_words_it_came_from(agent: httpx.Client) -> None:
    told = hear(agent, begin(agent), "我妈82了", "家里一年收入一万多")
    words = {fact["path"]: fact["words"] for fact in told["view"]["facts"]}

    assert "82" in words["members[mother].age"]
    assert "一万多" in words["annual_income"]


def test_a_line_pushed_twice_is_there_once(url: str, agent: httpx.Client) -> None:
    call = begin(agent)
    with program(url, "transcript") as speech:
        line = {**OLD_WOMAN, "id": "utterance-7", "at": "2026-01-15T09:30:00+08:00"}
        assert [1, 0] == [hear(speech, call, line)["added"] for _ in range(2)]

    kept = agent.get(call).json()["lines"]
    assert [("我妈82了，在家住", "2026-01-15T09:30:00+08:00")] == [(one["text"], one["at"]) for one in kept]


def test_a_caller_who_tells_of_somebody_else_does_not_answer_for_themselves(agent: httpx.Client) -> None:
    call = begin(agent)
    hear(agent, call, "我想问问能领什么")
    agent.put(f"{call}/facts", json={"path": "members[self].living", "value": "home"})
    told = values(hear(agent, call, "我妈82了"))

    assert 82 == told["members[mother].age"]
    assert "members[self].age" not in told


@pytest.mark.parametrize("nod", ["好的", "嗯嗯，知道了", "好，谢谢你", "哦哦明白了"])
def test_a_nod_is_not_taken_for_a_yes(agent: httpx.Client, nod: str) -> None:
    call = begin(agent)
    before = hear(agent, call, "我妈82了", "我们家是脱贫户", "她在家住")
    after = hear(agent, call, nod)

    assert before["view"]["question"]
    assert values(before) == values(after)


def test_a_yes_to_something_else_is_not_taken_as_the_answer_on_the_screen(url: str, agent: httpx.Client) -> None:
    call = begin(agent)
    with program(url, "transcript") as speech:
        before = hear(speech, call, "我妈82了，在家住")
        hear(speech, call, {"speaker": "agent", "text": "您能听清我说话吗"})
        after = hear(speech, call, "是")

    assert before["view"]["question"]
    assert values(before) == values(after)


def test_what_the_agent_was_heard_reading_aloud_counts_as_told(url: str, agent: httpx.Client) -> None:
    call = begin(agent)
    with program(url, "transcript") as speech:
        offered = hear(speech, call, "高龄老人在家养老每月补多少")["lines"][-1]["heard"]["read_aloud"]
        told = hear(speech, call, {"speaker": "agent", "text": offered.replace("\n", "")})

    assert told["lines"][0]["told"]


def test_cards_and_telephones_that_slip_in_are_never_stored(agent: httpx.Client, server_database: Path) -> None:
    call = begin(agent)
    hear(agent, call, "我电话13800138000，身份证340123194001011234", {"speaker": "agent", "text": "记下了13800138000"})
    agent.put(f"{call}/facts", json={"path": "size", "text": "13800138000"})

    kept = server_database.read_bytes() + server_database.with_name(server_database.name + "-wal").read_bytes()
    assert b"13800138000" not in kept
    assert b"340123194001011234" not in kept


def test_a_hotlines_own_number_of_a_call_finds_the_same_call_and_is_no_telephone_number(url: str) -> None:
    with program(url, "calls") as hotline:
        first, again = begin(hotline, reference="T-20260115-7"), begin(hotline, reference="T-20260115-7")
        refused = hotline.post("/api/desk/calls", json={"reference": "13800138000"})

    assert first == again
    assert "personal_number" == refused.json()["error"]["code"]


def test_a_call_begun_by_the_hotlines_software_waits_until_one_agent_takes_it(url: str, agent: httpx.Client) -> None:
    with program(url, "calls") as hotline, closing(signed_in(url, "zuoxi02")) as other:
        call = begin(hotline)
        both = [agent, other]
        answers: list[int] = []
        taking = [
            threading.Thread(target=lambda one=one: answers.append(one.post(f"{call}/take").status_code))
            for one in both
        ]
        for thread in taking:
            thread.start()
        for thread in taking:
            thread.join()
        waiting = {one["call"] for one in agent.get("/api/desk/queue").json()["calls"]}

    assert [200, 409] == sorted(answers)
    assert call.rpartition("/")[2] not in waiting


def test_two_agents_at_once_keep_two_families_apart(url: str, agent: httpx.Client) -> None:
    with closing(signed_in(url, "zuoxi02")) as other:
        mine, theirs = begin(agent), begin(other)
        for _ in range(2):
            hear(agent, mine, "我妈82了")
            hear(other, theirs, "我爸65了")

        assert {82} == {values(agent.get(mine).json()).get("members[mother].age")}
        assert {65} == {values(other.get(theirs).json()).get("members[father].age")}
        assert "members[father].age" not in values(agent.get(mine).json())


def test_lines_and_keys_that_meet_lose_nothing(url: str, agent: httpx.Client) -> None:
    call = begin(agent)
    hear(agent, call, "我妈82了")
    with program(url, "transcript") as speech:
        pushing = threading.Thread(
            target=lambda: [hear(speech, call, text) for text in ("我们家是脱贫户", "我们是农村户口")]
        )
        pushing.start()
        agent.put(f"{call}/facts", json={"path": "size", "value": 4})
        agent.put(f"{call}/facts", json={"path": "members[mother].living", "value": "home"})
        pushing.join()

    found = values(agent.get(call).json())
    assert (4, "home", True, "rural") == (
        found["size"],
        found["members[mother].living"],
        found["status.out_of_poverty"],
        found["hukou_kind"],
    )


def test_waiting_for_news_returns_when_there_is_some(url: str, agent: httpx.Client) -> None:
    call = begin(agent)
    version = agent.get(call).json()["version"]
    found: list[dict[str, Any]] = []
    waiting = threading.Thread(
        target=lambda: found.append(agent.get(call, params={"after": version, "wait": 25}).json())
    )
    waiting.start()
    with program(url, "transcript") as speech:
        hear(speech, call, "我妈82了")
    waiting.join()

    assert found[0]["version"] > version
    assert "members[mother].age" in values(found[0])


def test_a_value_that_cannot_be_is_refused_and_says_where(agent: httpx.Client) -> None:
    call = begin(agent)
    hear(agent, call, "我妈82了")
    too_old = agent.put(f"{call}/facts", json={"path": "members[mother].age", "text": "300岁"})
    unknown = agent.put(f"{call}/facts", json={"path": "shoe_size", "value": 42})
    misspelt = agent.post(f"{call}/transcript", json={"lines": [{"speaker": "ghost", "text": "啊"}]})

    assert [422, 422, 422] == [too_old.status_code, unknown.status_code, misspelt.status_code]
    assert "lines[0].speaker" == misspelt.json()["error"]["path"]
    assert 82 == values(agent.get(call).json())["members[mother].age"]


def test_an_order_says_what_is_known_with_clauses_and_marks_what_is_not(agent: httpx.Client) -> None:
    call = begin(agent)
    hear(agent, call, OLD_WOMAN, "我们家是脱贫户")
    order = agent.post(f"{call}/order", json={}).json()

    assert "高龄脱贫老人居家养老补贴" in order["text"]["matter"]
    assert "三(一)1" in order["text"]["estimate"]
    assert "来电人妈妈的年龄：82" in order["text"]["family"]
    assert "家里人口：[待补]" in order["text"]["unknown"]
    assert ["[待补]", "[待补]"] == [order["text"]["told"], order["text"]["promised"]]
    assert any(one["verdict"] == "eligible" and "hlj-county#三(一)1" in one["cites"] for one in order["verdicts"])


def test_an_order_changed_in_another_window_is_not_overwritten(agent: httpx.Client) -> None:
    call = begin(agent)
    order = agent.post(f"{call}/order", json={}).json()
    address = f"/api/desk/orders/{order['order']}"
    first = agent.put(address, json={"version": order["version"], "text": {"promised": "三天内回电"}})
    second = agent.put(address, json={"version": order["version"], "text": {"promised": "没有"}})

    assert [200, 409] == [first.status_code, second.status_code]
    assert "三天内回电" == agent.get(address).json()["text"]["promised"]


def test_a_closed_order_ends_its_call_and_neither_changes_any_more(agent: httpx.Client) -> None:
    call = begin(agent)
    hear(agent, call, "我妈82了")
    order = agent.post(f"{call}/order", json={}).json()
    address = f"/api/desk/orders/{order['order']}"
    agent.put(address, json={"version": order["version"], "text": {"promised": "没有"}})
    closed = agent.post(f"{address}/close", json={"outcome": "transferred"}).json()

    assert ("closed", "转办") == (closed["status"], closed["outcome"]["label"])
    assert 409 == agent.post(f"{address}/close", json={"outcome": "answered"}).status_code
    assert 409 == agent.post(f"{call}/transcript", json={"lines": [OLD_WOMAN]}).status_code
    assert 409 == agent.put(f"{call}/facts", json={"path": "size", "value": 3}).status_code
    assert "transferred" == agent.get(call).json()["outcome"]


def test_an_order_outlives_its_call(url: str, agent: httpx.Client) -> None:
    order = orders.draft("forgotten-call", "zuoxi01", {"text": {}, "facts": [], "verdicts": []})["order"]
    closed = agent.post(f"/api/desk/orders/{order}/close", json={"outcome": "answered"})
    opened = agent.post(f"/api/desk/orders/{order}/reopen", json={"reason": "再查"})

    assert [200, 200] == [closed.status_code, opened.status_code]


def test_closed_orders_can_be_fetched_by_the_hotlines_system(url: str, agent: httpx.Client) -> None:
    call = begin(agent)
    order = agent.post(f"{call}/order", json={}).json()["order"]
    agent.post(f"/api/desk/orders/{order}/close", json={"outcome": "urgent"})
    with program(url, "orders") as hotline:
        fetched = {one["order"]: one for one in hotline.get("/api/desk/orders").json()["orders"]}

    assert "urgent" == fetched[order]["outcome"]["code"]


def test_a_code_is_joined_only_when_the_resident_agrees(agent: httpx.Client) -> None:
    code = create_case({"members": [{"id": "mother", "relation": "mother", "age": 82}]}, [], "239900")
    call = begin(agent)

    assert 422 == agent.post(f"{call}/case", json={"code": code}).status_code
    assert 422 == agent.post(f"{call}/case", json={"code": code, "agreed": False}).status_code
    assert [] == [entry for entry in audit.entries(code) if entry["action"] == "open_case"]
    joined = agent.post(f"{call}/case", json={"code": code, "agreed": True}).json()
    assert 82 == values(joined)["members[mother].age"]


def test_what_the_caller_tells_the_agent_is_there_at_the_window(url: str, agent: httpx.Client) -> None:
    code = create_case({"members": [{"id": "mother", "relation": "mother", "age": 82, "living": "home"}]}, [], "239900")
    call = begin(agent)
    agent.post(f"{call}/case", json={"code": code, "agreed": True})
    hear(agent, call, "我们家是脱贫户")
    with closing(signed_in(url, "chuangkou")) as clerk:
        case = clerk.post("/api/desk/cases/open", json={"code": code.lower()}).json()

    assert "eligible" == verdict(case, "elder_home_allowance")
    assert {"user:zuoxi01", "user:chuangkou"} == {e["who"] for e in audit.entries(code) if e["action"] == "open_case"}


def test_somebody_who_guesses_codes_is_stopped_over_http_as_well(url: str) -> None:
    with closing(signed_in(url, "chuangkou2")) as clerk:
        answers = [clerk.post("/api/desk/cases/open", json={"code": "AAAAA" + c}).status_code for c in "CDEFHJ"]

    assert [404] * 5 + [429] == answers


def test_a_doubted_answer_is_exported_as_a_test_case(url: str, agent: httpx.Client) -> None:
    call = begin(agent)
    line = hear(agent, call, "高龄老人在家养老每月补多少")["lines"][-1]["number"]
    number = agent.post(f"{call}/doubt", json={"line": line, "remark": "要说明脱贫户"}).json()["review"]
    with closing(signed_in(url, "banzhang")) as supervisor, program(url, "reviews") as keeper:
        decided = supervisor.put(f"/api/desk/reviews/{number}", json={"status": "accepted", "expected": "100\n脱贫"})
        exported = yaml.safe_load(keeper.get("/api/desk/reviews.yml").text)

    assert "accepted" == decided.json()["status"]
    talk = next(one for one in exported if one["id"] == f"review-{number}")
    assert ("239900", "2022-05-01") == (talk["region"], talk["as_of"])
    assert "高龄老人在家养老每月补多少" == talk["turns"][0]["say"]
    assert ["100", "脱贫"] == talk["turns"][0]["has"]
    assert "hlj-county#三(一)1" in talk["review"]["clauses"]


def test_the_days_figures_count_calls_matters_and_outcomes(url: str, agent: httpx.Client) -> None:
    with closing(signed_in(url, "banzhang")) as supervisor:
        before = supervisor.get("/api/desk/board").json()
        hear(agent, call := begin(agent), "高龄老人在家养老每月补多少")
        agent.post(f"{call}/end")
        after = supervisor.get("/api/desk/board").json()

    assert before["calls"] + 1 == after["calls"]
    assert dict(after["outcomes"])["未建工单"] == dict(before["outcomes"]).get("未建工单", 0) + 1
    assert "高龄脱贫老人居家养老补贴" in dict(after["matters"])


def test_what_is_too_large_or_no_json_is_refused_in_the_contracts_shape(agent: httpx.Client) -> None:
    call = begin(agent)
    large = agent.post(f"{call}/transcript", content=json.dumps({"lines": ["x" * 300_000]}))
    broken = agent.post(f"{call}/transcript", content=b"{")

    assert [(413, "too_large"), (400, "invalid_json")] == [
        (answer.status_code, answer.json()["error"]["code"]) for answer in (large, broken)
    ]


def test_characters_that_no_database_keeps_are_refused_and_not_stumbled_over(agent: httpx.Client) -> None:
    call = begin(agent)
    line = {"speaker": "caller", "text": "我妈82了"}
    bodies = [{"lines": [{**line, "id": "u\0"}]}, {"lines": [{**line, "id": "\ud800"}]}]
    told = [agent.post(f"{call}/transcript", content=json.dumps(body)) for body in bodies]
    asked = [agent.get("/api/desk/calls/%00"), agent.get("/api/desk/orders/a%00b")]

    assert ["invalid_text", "invalid_text"] == [answer.json()["error"]["code"] for answer in told]
    assert ["not_found", "not_found"] == [answer.json()["error"]["code"] for answer in asked]


def test_nothing_of_the_desk_is_kept_by_a_browsers_cache(agent: httpx.Client) -> None:
    assert "no-store" == agent.get(begin(agent)).headers["cache-control"]


def test_a_supervisor_sees_orders_that_have_not_reached_the_hotlines_system(url: str) -> None:
    call = calls.start_call("zuoxi01", by="user:zuoxi01")
    order = orders.draft(call, "zuoxi01", {"text": {}, "facts": [], "verdicts": []})["order"]
    orders.close(order, "answered", True, "user:zuoxi01")
    with closing(signed_in(url, "banzhang")) as supervisor:
        waiting = [letter["order"] for letter in supervisor.get("/api/desk/board").json()["undelivered"]]

    assert order in waiting
