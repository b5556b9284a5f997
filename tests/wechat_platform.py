"""WeChat as a county's server meets it, on loopback: signs and encrypts pushes, hangs up, tries again, answers calls.

The cryptography is written from the published algorithm, apart from the assistant's own. Run as a program it is one
worker process of an assistant with a stand-in bot: `python -m tests.wechat_platform <port> <file of turns>`.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import hashlib
import http.server
import inspect
import itertools
import json
import os
import re
import secrets
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree

import httpx
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from rasa.core.channels.channel import UserMessage
from rasa.core.tracker_store import InMemoryTrackerStore, TrackerStore
from rasa.shared.core.domain import Domain
from sanic import Sanic
from sanic.request import Request
from sanic.response import HTTPResponse, text

from bot.channels.wechat import WeChatInput
from bot.wechat.account import Account, account_from
from bot.wechat.hearing import FindPlace

WEBHOOK = "/webhooks/wechat/webhook"
OURS = "gh_county"
TOKEN, AES_KEY, APP_ID, SECRET = (
    "county-token",
    "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG",
    "wx0000000000000001",
    "s3cret",
)
# A line under a message that sends its words when it is tapped: words, id, label.
LINK = re.compile(r'<a href="weixin://bizmsgmenu\?msgmenucontent=([^"&]+)&msgmenuid=([^"&]+)">([^<]+)</a>')
PLACES = {"341324": "泗县", "341324101": "墩集镇"}
_numbers = itertools.count(7_000_000_000_000_000_000)


def find_place(text: str) -> tuple[str, str] | None:
    """The stand-in's few places, by code or by name."""
    return next(((code, name) for code, name in reversed(PLACES.items()) if text == code or name in text), None)


# --- the published algorithm ---


def sign(*parts: str) -> str:
    """SHA-1 over the sorted parts."""
    return hashlib.sha1("".join(sorted(parts)).encode()).hexdigest()


def encrypt(text: str, aes_key: str, app_id: str, random16: bytes) -> str:
    """AES-256-CBC of 16 random bytes, the length, the text and the app id, padded to 32 bytes."""
    raw = random16 + len(text.encode()).to_bytes(4, "big") + text.encode() + app_id.encode()
    padding = 32 - len(raw) % 32
    key = base64.b64decode(aes_key + "=")
    sealer = Cipher(algorithms.AES(key), modes.CBC(key[:16])).encryptor()
    return base64.b64encode(sealer.update(raw + bytes([padding]) * padding) + sealer.finalize()).decode()


def decrypt(sealed: str, aes_key: str) -> tuple[str, str]:
    """The text and the app id in an encrypted message."""
    key = base64.b64decode(aes_key + "=")
    opener = Cipher(algorithms.AES(key), modes.CBC(key[:16])).decryptor()
    raw = opener.update(base64.b64decode(sealed)) + opener.finalize()
    raw = raw[16 : -raw[-1]]
    length = int.from_bytes(raw[:4], "big")
    return raw[4 : 4 + length].decode(), raw[4 + length :].decode()


# --- messages and events ---


def message(openid: str, kind: str = "text", msg_id: int | None = None, **fields: Any) -> str:
    """The XML of somebody's message."""
    return _xml({"FromUserName": openid, "MsgType": kind, **fields, "MsgId": msg_id or next(_numbers)})


def event(openid: str, kind: str, **fields: Any) -> str:
    """The XML of an event."""
    return _xml({"FromUserName": openid, "MsgType": "event", "Event": kind, **fields})


def _xml(fields: dict[str, Any]) -> str:
    known = {"ToUserName": OURS, "CreateTime": int(time.time()), **fields}
    return "<xml>" + "".join(f"<{name}>{_value(value)}</{name}>" for name, value in known.items()) + "</xml>"


def _value(value: Any) -> str:
    return str(value) if isinstance(value, int) else "<![CDATA[" + value.replace("]]>", "]]]]><![CDATA[>") + "]]>"


@dataclass
class Delivery:
    """What became of a push: how often it was tried, the last HTTP status, and the reply the person sees."""

    tries: int
    status: int
    reply: dict[str, Any] | None = None

    @property
    def text(self) -> str:
        """The words the person sees; empty for none."""
        return (self.reply or {}).get("Content") or ""


@dataclass
class SimulatedPlatform:
    """The platform's side of one account. `mode` is the console's: plain, compatible or safe."""

    url: str = ""
    mode: str = "plain"
    hangs_up_after: float = 5.0
    rights: bool = True
    tokens_last: int = 7200
    token: str = ""
    sent: list[dict[str, Any]] = field(default_factory=list)
    menus: list[dict[str, Any]] = field(default_factory=list)
    scenes: list[str] = field(default_factory=list)
    sends_left: dict[str, int] = field(default_factory=dict)
    tokens_given: int = 0
    refuses: list[int] = field(default_factory=list)  # errcodes for the next API calls
    something_sent: threading.Event = field(default_factory=threading.Event)
    http: httpx.Client = field(default_factory=lambda: httpx.Client(headers={"content-type": "text/xml"}, verify=False))

    # pushes

    def push(self, xml: str, tries: int = 3) -> Delivery:
        """Send a message as often as the platform does, freshly signed each time, until something comes back."""
        openid = ElementTree.fromstring(xml).findtext("FromUserName") or ""
        self.sends_left[openid] = 5
        for tried in range(1, tries + 1):
            query, body = self.envelope(xml, openid)
            with contextlib.suppress(httpx.TimeoutException):
                answer = self.post(query, body)
                return Delivery(tried, answer.status_code, self.read(answer) if answer.status_code == 200 else None)
        return Delivery(tries, 0)

    def say(self, openid: str, text: str, **fields: Any) -> str:
        """The words that come back to somebody's words."""
        return self.push(message(openid, Content=text, **fields)).text

    def envelope(self, xml: str, openid: str = "", **changes: str) -> tuple[dict[str, str], str]:
        """The query and the body of a push in the account's mode; `changes` are made to the query after signing."""
        query = {"timestamp": str(int(time.time())), "nonce": secrets.token_hex(5), "openid": openid}
        query["signature"] = sign(TOKEN, query["timestamp"], query["nonce"])
        if self.mode == "plain":
            return {**query, **changes}, xml
        sealed = encrypt(xml, AES_KEY, APP_ID, secrets.token_bytes(16))
        query |= {"encrypt_type": "aes", "msg_signature": sign(TOKEN, query["timestamp"], query["nonce"], sealed)}
        shell = xml if self.mode == "compatible" else f"<xml><ToUserName>{OURS}</ToUserName></xml>"
        return {**query, **changes}, shell.replace("</xml>", f"<Encrypt><![CDATA[{sealed}]]></Encrypt></xml>")

    def post(self, query: dict[str, str], body: str | bytes) -> httpx.Response:
        """One request, cut off when it takes too long."""
        return self.http.post(self.url + WEBHOOK, params=query, content=body, timeout=self.hangs_up_after)

    def read(self, answer: httpx.Response) -> dict[str, Any] | None:
        """A reply as the person's phone shows it; None for `success`. One the platform could not read is a failure."""
        if answer.text in ("", "success"):
            return None
        reply = ElementTree.fromstring(answer.text)
        if self.mode != "plain":
            sealed, stamp, nonce = (reply.findtext(name) or "" for name in ("Encrypt", "TimeStamp", "Nonce"))
            assert reply.findtext("MsgSignature") == sign(TOKEN, stamp, nonce, sealed)
            opened, app_id = decrypt(sealed, AES_KEY)
            assert app_id == APP_ID
            reply = ElementTree.fromstring(opened)
        assert reply.findtext("FromUserName") == OURS
        assert len((reply.findtext("Content") or "").encode()) <= 2048
        shown: dict[str, Any] = {child.tag: child.text for child in reply}
        shown["articles"] = [{part.tag: part.text for part in item} for item in reply.iter("item")]
        return shown

    # the API

    def api(self, path: str, query: dict[str, str], asked: dict[str, Any]) -> dict[str, Any]:
        """The answer to one API call."""
        if path == "/cgi-bin/stable_token":
            return self._give_token(asked)
        if self.refuses:
            return {"errcode": self.refuses.pop(0), "errmsg": "as told"}
        if not self.token or query.get("access_token") != self.token:
            return {"errcode": 40001, "errmsg": "invalid credential, access_token is invalid or not latest"}
        if not self.rights:
            return {"errcode": 48001, "errmsg": "api unauthorized"}
        return {
            "/cgi-bin/message/custom/send": self._send,
            "/cgi-bin/menu/create": self._create_menu,
            "/cgi-bin/qrcode/create": self._create_qr,
        }[path](asked)

    def _give_token(self, asked: dict[str, Any]) -> dict[str, Any]:
        if asked["appid"] != APP_ID or asked["secret"] != SECRET:
            return {"errcode": 40125, "errmsg": "invalid appsecret"}
        if not self.token or asked.get("force_refresh"):
            self.tokens_given += 1
            self.token = f"token-{self.tokens_given}"
        return {"access_token": self.token, "expires_in": self.tokens_last}

    def _send(self, asked: dict[str, Any]) -> dict[str, Any]:
        left = self.sends_left.get(asked["touser"])
        if not left:
            return {"errcode": 45015 if left is None else 45047, "errmsg": "out of time or of count"}
        self.sends_left[asked["touser"]] = left - 1
        self.sent.append(asked)
        self.something_sent.set()
        return {"errcode": 0, "errmsg": "ok"}

    def _create_menu(self, asked: dict[str, Any]) -> dict[str, Any]:
        assert 1 <= len(asked["button"]) <= 3
        assert all(1 <= len(group["sub_button"]) <= 5 for group in asked["button"])
        self.menus.append(asked)
        return {"errcode": 0, "errmsg": "ok"}

    def _create_qr(self, asked: dict[str, Any]) -> dict[str, Any]:
        assert asked["action_name"] == "QR_LIMIT_STR_SCENE"
        self.scenes.append(asked["action_info"]["scene"]["scene_str"])
        return {"ticket": "gQH47joAAAA=", "url": f"http://weixin.qq.com/q/{self.scenes[-1]}"}

    def expire_token(self) -> None:
        """Let the token end now, whatever lifetime was promised."""
        self.token = ""


@contextlib.contextmanager
def api_server(platform: SimulatedPlatform) -> Iterator[str]:
    """The platform's API on a loopback port; yields its address."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            address = urlsplit(self.path)
            asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
            query = {name: values[0] for name, values in parse_qs(address.query).items()}
            body = json.dumps(platform.api(address.path, query, asked)).encode()
            self.send_response(200)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        platform.http.close()
        server.server_close()


# --- the assistant's side ---


@dataclass
class StandInBot:
    """What stands in for Rasa: answers by a function, which may be a coroutine function, and remembers each turn."""

    answer: Callable[[str], Any] = field(default=lambda text: f"您说：{text}")
    turns: list[UserMessage] = field(default_factory=list)

    async def __call__(self, message: UserMessage) -> None:
        self.turns.append(message)
        said = self.answer(message.text)
        said = await said if inspect.isawaitable(said) else said
        for one in said if isinstance(said, list) else [said]:
            await message.output_channel.send_response(
                message.sender_id, one if isinstance(one, dict) else {"text": one}
            )

    @property
    def texts(self) -> list[str]:
        """What the bot was asked, in order."""
        return [message.text for message in self.turns]


def build_app(
    account: Account | None, on_new_message: Any, find_place: FindPlace = find_place, store: TrackerStore | None = None
) -> Sanic:
    """A server with the channel where Rasa would put it, any handler of messages, and a store of conversations."""
    Sanic.test_mode = True  # apps may share a name
    app = Sanic("wechat_test", configure_logging=False)
    app.ctx.agent = SimpleNamespace(tracker_store=store or InMemoryTrackerStore(Domain.empty()))
    app.add_route(_hello, "/")  # as Rasa has one
    app.blueprint(WeChatInput(account, find_place).blueprint(on_new_message), url_prefix="/webhooks/wechat")
    return app


async def _hello(request: Request) -> HTTPResponse:
    return text("Hello")


@contextlib.contextmanager
def serving(app: Sanic) -> Iterator[str]:
    """Run an app in a thread of its own; yields its address."""
    Sanic.test_mode = True  # apps may share a name
    ready, loop = threading.Event(), asyncio.new_event_loop()
    listener = socket.create_server(("127.0.0.1", 0))

    async def start() -> Any:
        server: Any = await app.create_server(sock=listener, return_asyncio_server=True, access_log=False)
        await server.startup()
        await server.before_start()
        await server.after_start()
        return server

    async def stop(server: Any) -> None:
        await server.before_stop()
        await server.close()
        kept_alive = asyncio.all_tasks() - {asyncio.current_task()}
        for task in kept_alive:
            task.cancel()
        await asyncio.gather(*kept_alive, return_exceptions=True)

    def run() -> None:
        asyncio.set_event_loop(loop)
        server = loop.run_until_complete(start())
        ready.set()
        loop.run_forever()
        loop.run_until_complete(stop(server))
        loop.close()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    assert ready.wait(300)  # the whole assistant loads its model first
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()


def worker(port: int, turns: Path) -> None:
    """One worker process, configured by the environment; writes each turn to a file shared by all workers."""

    async def answer(message: UserMessage) -> None:
        with turns.open("a", encoding="utf8") as file:
            file.write(f"{message.sender_id}\t{message.text}\n")
        await asyncio.sleep(0.05)  # long enough for a retry to arrive in the middle
        await message.output_channel.send_response(message.sender_id, {"text": f"{os.getpid()} 答：{message.text}"})

    build_app(account_from(), answer).run(host="127.0.0.1", port=port, access_log=False, motd=False)


if __name__ == "__main__":
    worker(int(sys.argv[1]), Path(sys.argv[2]))
