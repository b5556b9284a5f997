"""Signing in at the desk: hashed passwords, lockout, sessions that end, changes that only the page itself can make."""

from __future__ import annotations

import re
from pathlib import Path

import httpx
import pytest
from desk_client import PASSWORD, add_people, page_form, signed_in, use_database

from bot import users as command
from store import audit, users
from store.base import session_scope
from store.users import IDLE_SECONDS, LOCKED_SECONDS, LONGEST_SECONDS, Locked, User, UserError

NOW = 1_800_000_000.0


@pytest.fixture
def own(database: str) -> None:
    """A database of this test's own, of each kind, with the people of the tests."""
    add_people()


@pytest.fixture
def url(server_url: str, server_database: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    use_database(monkeypatch, server_database)
    add_people()
    return server_url


def test_a_fresh_desk_has_nobody_who_could_sign_in(database: str) -> None:
    assert [] == users.users()
    assert users.sign_in("admin", "admin") is None


def test_a_password_is_kept_only_as_an_argon2_hash(own: None) -> None:
    with session_scope() as session:
        kept = session.query(User).filter_by(login="zuoxi01").one().password

    assert kept.startswith("$argon2id$")
    assert PASSWORD not in kept


@pytest.mark.parametrize("password", ["short", "aaaaaaaaaaaa", "zuoxi09-2026", ""])
def test_a_password_that_is_easily_guessed_is_refused(own: None, password: str) -> None:
    with pytest.raises(UserError):
        users.add_user("zuoxi09", "agent", password)


def test_five_wrong_passwords_lock_a_login_for_a_quarter_of_an_hour(own: None) -> None:
    for _ in range(5):
        assert users.sign_in("zuoxi01", "wrong", NOW) is None

    with pytest.raises(Locked):
        users.sign_in("zuoxi01", PASSWORD, NOW)
    assert users.sign_in("zuoxi02", PASSWORD, NOW)
    assert users.sign_in("zuoxi01", PASSWORD, NOW + LOCKED_SECONDS + 1)


def test_nobody_can_tell_from_the_answer_whether_a_login_exists(own: None) -> None:
    for login in ("zuoxi01", "nobody"):
        for _ in range(5):
            assert users.sign_in(login, "wrong", NOW) is None
        with pytest.raises(Locked):
            users.sign_in(login, "wrong", NOW)


def test_a_session_ends_when_nobody_does_anything_and_at_the_latest_after_ten_hours(own: None) -> None:
    key, _ = users.sign_in("zuoxi01", PASSWORD, NOW) or ("", None)

    assert users.signed_in(key, now=NOW + IDLE_SECONDS - 1)
    assert users.signed_in(key, now=NOW + 2 * IDLE_SECONDS - 10)
    assert users.signed_in(key, now=NOW + 4 * IDLE_SECONDS) is None

    key, _ = users.sign_in("zuoxi01", PASSWORD, NOW) or ("", None)
    for minutes in range(0, int(LONGEST_SECONDS) // 60, 20):
        assert users.signed_in(key, now=NOW + minutes * 60)
    assert users.signed_in(key, now=NOW + LONGEST_SECONDS + 1) is None


def test_a_page_that_only_looks_for_news_does_not_keep_its_session_alive(own: None) -> None:
    key, _ = users.sign_in("zuoxi01", PASSWORD, NOW) or ("", None)
    for minutes in range(0, 30, 2):
        assert users.signed_in(key, acts=False, now=NOW + minutes * 60)

    assert users.signed_in(key, acts=False, now=NOW + IDLE_SECONDS + 1) is None


def test_somebody_disabled_is_out_at_once_and_a_new_password_ends_old_sessions(own: None) -> None:
    first, _ = users.sign_in("zuoxi01", PASSWORD) or ("", None)
    second, _ = users.sign_in("zuoxi02", PASSWORD) or ("", None)
    users.set_active("zuoxi01", False)
    users.set_password("zuoxi02", "Bie-De-Mima-88")

    assert users.signed_in(first) is None
    assert users.signed_in(second) is None
    assert users.sign_in("zuoxi01", PASSWORD) is None
    assert users.sign_in("zuoxi02", "Bie-De-Mima-88")


def test_a_token_has_only_the_scopes_it_was_given_and_ends_when_it_is_revoked(own: None) -> None:
    token = users.add_token("hotline", ["transcript", "orders"])

    assert {"transcript", "orders"} == (users.program(token) or users.Program("", frozenset())).scopes
    users.revoke_token("hotline")
    assert users.program(token) is None
    with pytest.raises(UserError):
        users.add_token("other", ["everything"])


def test_people_and_tokens_are_made_on_the_command_line(
    own: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", type("Input", (), {"readline": staticmethod(lambda: "Hao-Ji-De-66\n")}))

    assert 0 == command.main(["add", "zuoxi07", "--role", "agent", "--password-stdin"])
    assert users.sign_in("zuoxi07", "Hao-Ji-De-66")
    assert 2 == command.main(["add", "zuoxi07", "--role", "agent", "--password-stdin"])
    capsys.readouterr()
    assert 0 == command.main(["token", "hotline", "--scope", "orders"])
    assert users.program(capsys.readouterr().out.splitlines()[-1])


def test_sign_ins_and_wrong_passwords_are_written_down(own: None) -> None:
    users.sign_in("zuoxi01", "wrong")
    users.sign_in("zuoxi01", PASSWORD)

    assert ["sign_in", "wrong_password"] == [e["action"] for e in audit.entries() if e["who"] == "user:zuoxi01"]


def test_the_browser_gets_a_cookie_that_no_script_and_no_other_site_can_use(url: str) -> None:
    with httpx.Client(base_url=url) as client:
        form = page_form(client)
        answer = client.post("/desk/login", data={"form": form, "login": "zuoxi01", "password": PASSWORD})

    cookie = answer.headers["set-cookie"]
    assert 303 == answer.status_code
    assert all(word in cookie for word in ("HttpOnly", "SameSite=Strict", "Path=/"))
    assert "Secure" not in cookie

    with httpx.Client(base_url=url, headers={"X-Forwarded-Proto": "https"}) as client:
        form = {"form": page_form(client), "login": "zuoxi01", "password": PASSWORD}
        assert "Secure" in client.post("/desk/login", data=form).headers["set-cookie"]


def test_a_form_from_another_site_cannot_sign_anybody_in(url: str) -> None:
    with httpx.Client(base_url=url) as client:
        page_form(client)
        forged = client.post("/desk/login", data={"form": "guess", "login": "zuoxi01", "password": PASSWORD})
        bare = httpx.post(f"{url}/desk/login", data={"login": "zuoxi01", "password": PASSWORD})

    assert [403, 403] == [forged.status_code, bare.status_code]


def test_a_change_without_the_pages_own_token_is_refused(url: str) -> None:
    client = signed_in(url, "zuoxi01")
    token = client.headers.pop("X-CSRF-Token")

    assert "csrf" == client.post("/api/desk/calls", json={}).json()["error"]["code"]
    assert 403 == client.post("/api/desk/calls", json={}, headers={"X-CSRF-Token": "x" * 43}).status_code
    assert 200 == client.post("/api/desk/calls", json={}, headers={"X-CSRF-Token": token}).status_code


def test_signing_out_ends_the_session_and_not_only_the_cookie(url: str) -> None:
    client = signed_in(url, "zuoxi01")
    cookie = client.cookies["desk"]
    client.post("/desk/logout", data={"csrf": client.headers["X-CSRF-Token"]})

    assert 401 == httpx.get(f"{url}/api/desk/calls", cookies={"desk": cookie}).status_code


def test_the_wrong_password_page_says_nothing_about_which_was_wrong(url: str) -> None:
    def told(login: str) -> str:
        with httpx.Client(base_url=url) as client:
            answer = client.post("/desk/login", data={"form": page_form(client), "login": login, "password": "no"})
            assert 401 == answer.status_code
            return re.sub(r'value="[^"]*"', "", answer.text)

    assert told("zuoxi02") == told("nobody-here")
