"""Every address of the desk against everybody who might call it."""

from __future__ import annotations

import re
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest
from desk_client import add_people, program, signed_in, use_database

from bot.desk.endpoints import everything
from bot.desk.http import Endpoint
from store import calls, orders
from store.desk import record_feedback

# Who may, by hand: a = agent, s = supervisor, c = clerk; then the scope of a program, or none.
ALLOWED = {
    "GET /api/desk/calls": ("as", "calls"),
    "POST /api/desk/calls": ("as", "calls"),
    "GET /api/desk/queue": ("as", "calls"),
    "GET /api/desk/calls/<call>": ("as", "calls"),
    "POST /api/desk/calls/<call>/take": ("as", None),
    "POST /api/desk/calls/<call>/transcript": ("as", "transcript"),
    "PUT /api/desk/calls/<call>/facts": ("as", None),
    "POST /api/desk/calls/<call>/told": ("as", None),
    "POST /api/desk/calls/<call>/doubt": ("as", None),
    "POST /api/desk/calls/<call>/say": ("as", None),
    "POST /api/desk/calls/<call>/back": ("as", None),
    "POST /api/desk/calls/<call>/end": ("as", None),
    "POST /api/desk/calls/<call>/case": ("as", None),
    "POST /api/desk/calls/<call>/order": ("as", None),
    "POST /api/desk/cases/open": ("asc", None),
    "GET /api/desk/orders": ("as", "orders"),
    "GET /api/desk/orders/<order>": ("as", "orders"),
    "PUT /api/desk/orders/<order>": ("as", None),
    "POST /api/desk/orders/<order>/close": ("as", None),
    "POST /api/desk/orders/<order>/reopen": ("as", None),
    "GET /api/desk/orders/<order>/print": ("as", None),
    "GET /api/desk/board": ("s", None),
    "GET /api/desk/reviews": ("s", "reviews"),
    "GET /api/desk/reviews.yml": ("s", "reviews"),
    "PUT /api/desk/reviews/<number>": ("s", None),
    "GET /api/desk/audit": ("s", None),
}
PAGES = {"/desk": "as", "/desk/case": "asc", "/desk/board": "s"}
LETTER = {"a": "zuoxi01", "s": "banzhang", "c": "chuangkou"}
SCOPES = ("calls", "transcript", "orders", "reviews")


@pytest.fixture
def url(server_url: str, server_database: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    use_database(monkeypatch, server_database)
    add_people()
    return server_url


def name_of(endpoint: Endpoint) -> str:
    return f"{endpoint.method} {re.sub(':str', '', endpoint.path)}"


def parts() -> dict[str, str]:
    """A call and an order of the second agent, and a review: somebody else's, whoever asks."""
    call = calls.start_call("zuoxi02", by="user:zuoxi02")
    order = orders.draft(
        call, "zuoxi02", {"text": {}, "facts": [], "verdicts": [], "channel": "电话", "reference": None}
    )
    number = record_feedback("问", "答", by="user:zuoxi02")
    return {"call": call, "order": order["order"], "number": str(number)}


def ask(client: httpx.Client, endpoint: Endpoint, given: dict[str, str]) -> httpx.Response:
    """Call an address with an empty body: whoever may is told what is missing, nobody else gets so far."""
    address = re.sub(r"<(\w+):str>", lambda part: given[part[1]], endpoint.path)
    return client.request(endpoint.method, address, json={} if endpoint.takes else None)


def barred(answer: httpx.Response) -> bool:
    """Refused for who one is, not for what one asked."""
    return answer.status_code == 401 or answer.status_code == 403 and answer.json()["error"]["code"] == "forbidden"


def test_the_table_names_every_address_of_the_desk() -> None:
    assert set(ALLOWED) == {name_of(endpoint) for endpoint in everything()}


@pytest.mark.parametrize("role", LETTER)
def test_each_role_gets_exactly_where_it_may(url: str, role: str) -> None:
    given = parts()
    with closing(signed_in(url, LETTER[role])) as client:
        let_in = {name_of(e) for e in everything() if not barred(ask(client, e, given))}

    expected = {name for name, (roles, _) in ALLOWED.items() if role in roles}
    assert expected == let_in


@pytest.mark.parametrize("scope", SCOPES)
def test_each_program_gets_exactly_where_its_scope_reaches(url: str, scope: str) -> None:
    given = parts()
    with program(url, scope) as client:
        let_in = {name_of(e) for e in everything() if not barred(ask(client, e, given))}

    assert {name for name, (_, needed) in ALLOWED.items() if scope == needed} == let_in


def test_without_a_sign_in_there_is_nothing_to_see(url: str) -> None:
    given = parts()
    with (
        httpx.Client(base_url=url) as nobody,
        httpx.Client(base_url=url, headers={"Authorization": "Bearer x"}) as liar,
    ):
        answers = [ask(client, endpoint, given) for endpoint in everything() for client in (nobody, liar)]
        pages = [nobody.get(page) for page in PAGES]

    assert {401} == {answer.status_code for answer in answers}
    assert {"/desk/login"} == {page.headers["location"] for page in pages}


@pytest.mark.parametrize("role", LETTER)
def test_each_role_opens_exactly_its_pages(url: str, role: str) -> None:
    with closing(signed_in(url, LETTER[role])) as client:
        opened = {page for page in PAGES if client.get(page).status_code == 200}

    assert {page for page, roles in PAGES.items() if role in roles} == opened


def test_an_agent_neither_reads_nor_changes_the_call_of_another(url: str) -> None:
    given = parts()
    changes: list[tuple[str, str, Any]] = [
        ("GET", "", None),
        ("POST", "/transcript", {"lines": [{"speaker": "caller", "text": "我妈82了"}]}),
        ("PUT", "/facts", {"path": "size", "value": 3}),
        ("POST", "/told", {"line": 1, "told": True}),
        ("POST", "/doubt", {"line": 1}),
        ("POST", "/say", {"text": "您好"}),
        ("POST", "/back", None),
        ("POST", "/end", None),
        ("POST", "/case", {"code": "AAAAAA", "agreed": True}),
        ("POST", "/order", {}),
    ]
    with closing(signed_in(url, "zuoxi01")) as client:
        address = f"/api/desk/calls/{given['call']}"
        answers = [client.request(method, address + rest, json=body) for method, rest, body in changes]
        order = f"/api/desk/orders/{given['order']}"
        answers += [client.get(order), client.get(f"{order}/print"), client.put(order, json={"version": 1, "text": {}})]
        answers.append(client.post(f"{order}/close", json={"outcome": "answered"}))

    assert {"not_yours"} == {answer.json()["error"]["code"] for answer in answers}
    assert [] == calls.lines_of(given["call"])
    assert "draft" == (orders.order_of(given["order"]) or {})["status"]


def test_a_supervisor_reads_any_call_and_order_and_changes_none(url: str) -> None:
    given = parts()
    with closing(signed_in(url, "banzhang")) as client:
        call, order = f"/api/desk/calls/{given['call']}", f"/api/desk/orders/{given['order']}"
        assert [200, 200] == [client.get(call).status_code, client.get(order).status_code]
        assert 403 == client.put(f"{call}/facts", json={"path": "size", "value": 3}).status_code
        assert 403 == client.post(f"{order}/close", json={"outcome": "answered"}).status_code
        seen = client.get("/api/desk/audit", params={"subject": given["call"]}).json()["entries"]

    assert ("user:banzhang", "see_call") in {(entry["who"], entry["action"]) for entry in seen}


def test_an_agent_lists_their_own_orders_only(url: str) -> None:
    theirs = parts()["order"]
    with closing(signed_in(url, "zuoxi01")) as client:
        listed = client.get("/api/desk/orders").json()["orders"]

    assert theirs not in {order["order"] for order in listed}
    assert {"zuoxi01"} >= {order["agent"] for order in listed}


def test_a_closed_order_is_opened_again_by_its_agent_or_a_supervisor_and_nobody_else(url: str) -> None:
    order = parts()["order"]
    orders.close(order, "answered", False, "user:zuoxi02")
    address, reason = f"/api/desk/orders/{order}/reopen", {"reason": "来电人又打来"}
    with closing(signed_in(url, "zuoxi01")) as other, closing(signed_in(url, "zuoxi02")) as agent:
        assert "not_yours" == other.post(address, json=reason).json()["error"]["code"]
        assert 422 == agent.post(address, json={"reason": " "}).status_code
        given = agent.post(address, json=reason).json()
        assert ("draft", 2) == (given.get("status"), given.get("edition")), given
        assert "not_closed" == agent.post(address, json=reason).json()["error"]["code"]
    orders.close(order, "answered", False, "user:zuoxi02")
    with closing(signed_in(url, "banzhang")) as supervisor, closing(signed_in(url, "zuoxi02")) as agent:
        again = supervisor.post(address, json={"reason": "电话 13800138000 的人说没人回"}).json()
        assert ("banzhang", 3) == (again["agent"], again["edition"])
        assert "not_yours" == agent.post(f"/api/desk/orders/{order}/close", json={"outcome": "answered"}).json()["error"]["code"]
        assert 200 == supervisor.post(f"/api/desk/orders/{order}/close", json={"outcome": "urgent"}).status_code
        trail = supervisor.get("/api/desk/audit", params={"subject": order}).json()["entries"]

    reasons = [(entry["who"], entry["detail"]) for entry in trail if entry["action"] == "reopen_order"]
    assert [("user:banzhang", "电话 [电话] 的人说没人回"), ("user:zuoxi02", "来电人又打来")] == reasons
