"""Helpers for the tests of the desk: people who sign in, a database of one's own, a receiver of work orders."""

from __future__ import annotations

import re
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx

from store import users
from store.migrate import upgrade

PASSWORD = "Xin-Mima-4071"
PEOPLE = {
    "zuoxi01": "agent",
    "zuoxi02": "agent",
    "banzhang": "supervisor",
    "chuangkou": "clerk",
    "chuangkou2": "clerk",
}


def use_database(monkeypatch: Any, path: Path) -> None:
    """Let the store of this process use a SQLite file, with all its tables."""
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{path}")
    upgrade()


def add_people() -> None:
    """The people of the tests, where they are not there yet."""
    known = {user["login"] for user in users.users()}
    for login, role in PEOPLE.items():
        if login not in known:
            users.add_user(login, role, PASSWORD)


def page_form(client: httpx.Client) -> str:
    """The hidden value of the sign-in form, fresh."""
    form = re.search(r'name="form" value="([^"]+)"', client.get("/desk/login").text)
    assert form
    return form[1]


def signed_in(url: str, login: str, password: str = PASSWORD) -> httpx.Client:
    """A browser without a screen, signed in at the desk; it sends the page's CSRF token with everything."""
    client = httpx.Client(base_url=url, timeout=60, follow_redirects=True)
    page = client.post("/desk/login", data={"form": page_form(client), "login": login, "password": password})
    token = re.search(r'<meta name="csrf" content="([^"]+)"', page.text)
    assert token, page.text
    client.headers["X-CSRF-Token"] = token[1]
    return client


def program(url: str, *scopes: str) -> httpx.Client:
    """A program with a token of its own."""
    token = users.add_token(f"test{time.time_ns()}", list(scopes))
    return httpx.Client(base_url=url, timeout=60, headers={"Authorization": f"Bearer {token}"})


class Receiver:
    """A hotline's system on a port of its own. `answers`: the status of each next request; 200 when they are used up.

    `got` holds (idempotency key, body) of every request; `late`: seconds before it answers; `headers` are the last request's.
    """

    def __init__(self) -> None:
        self.answers: list[int] = []
        self.got: list[tuple[str, bytes]] = []
        self.headers: dict[str, str] = {}
        self.late = 0.0
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self._server.server_port}/orders"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def orders(self) -> set[str]:
        """The orders it has, as a system that heeds the key counts them."""
        return {key for key, _ in self.got}

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.headers = dict(self.headers)
                receiver.got.append((self.headers["Idempotency-Key"], body))
                status = receiver.answers.pop(0) if receiver.answers else 200
                time.sleep(receiver.late)
                self.send_response(status)
                if status == 302:
                    self.send_header("Location", receiver.url)
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                return

        return Handler
