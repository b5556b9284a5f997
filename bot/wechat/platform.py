"""The platform's API: `stable_token`, customer-service sends, menu, QR codes. Blocking; errors carry no token.

wechatpy makes the calls; its plain `token` API would take the token from every other holder, so it is not used.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import requests
from wechatpy import WeChatClient
from wechatpy.exceptions import WeChatClientException

from bot.wechat.account import Account

STALE_TOKEN = (40001, 40014, 42001)
NO_RIGHT = 48001
UNREACHABLE = 0
PATIENCE = 10  # seconds
EARLY = 60  # seconds before its end a token is renewed


class PlatformError(Exception):
    """A call that failed. `code` is the platform's errcode, `UNREACHABLE` when there was no proper answer."""

    def __init__(self, code: int, why: str) -> None:
        super().__init__(f"{code}: {why}")
        self.code = code


class _Client(WeChatClient):
    """wechatpy's client with the account's API address and a token from `stable_token`."""

    def __init__(self, account: Account) -> None:
        # wechatpy's own retry asks for a new token for ever when the platform keeps refusing it.
        super().__init__(account.app_id, account.secret, timeout=PATIENCE, auto_retry=False)
        self.API_BASE_URL = f"{account.api_base}/cgi-bin/"
        self.token, self.good_until, self.lock = "", 0.0, threading.Lock()

    @property
    def access_token(self) -> str:
        """The token every call carries."""
        with self.lock:
            if time.time() > self.good_until - EARLY:
                self._fetch()
            return self.token

    def renew(self) -> None:
        """Replace a token the platform no longer takes, by force only when it hands out the same one again."""
        with self.lock:
            refused = self.token
            self._fetch()
            if self.token == refused:
                self._fetch(force=True)

    def _fetch(self, force: bool = False) -> None:
        asked = {"grant_type": "client_credential", "appid": self.appid, "secret": self.secret, "force_refresh": force}
        answer = self._http.post(f"{self.API_BASE_URL}stable_token", json=asked, timeout=PATIENCE).json()
        answer = answer if isinstance(answer, dict) else {}
        if not answer.get("access_token"):
            raise PlatformError(int(answer.get("errcode") or UNREACHABLE), str(answer.get("errmsg") or "no token"))
        self.token, self.good_until = answer["access_token"], time.time() + int(answer.get("expires_in") or 0)


class Platform:
    """What an account with rights can do of its own accord."""

    def __init__(self, account: Account) -> None:
        logging.getLogger("urllib3").setLevel(
            logging.INFO
        )  # at debug level it writes addresses, and they carry the token
        self.client = _Client(account)

    def send(self, openid: str, reply: dict[str, Any]) -> None:
        """Send a reply to somebody who wrote within 48 hours."""
        if "card" in reply:
            self._call(lambda: self.client.message.send_articles(openid, [{**reply["card"], "image": ""}]))
        else:
            self._call(lambda: self.client.message.send_text(openid, reply["text"]))

    def create_menu(self, menu: dict[str, Any]) -> None:
        """Replace the account's menu."""
        self._call(lambda: self.client.menu.create(menu))

    def create_qr(self, scene: str) -> dict[str, str]:
        """A permanent QR code that carries a scene: `{"ticket", "url"}`; the code itself is an image of `url`."""
        asked = {"action_name": "QR_LIMIT_STR_SCENE", "action_info": {"scene": {"scene_str": scene}}}
        return self._call(lambda: self.client.qrcode.create(asked))

    def _call(self, action: Callable[[], Any]) -> Any:
        with _plain_faults():
            try:
                answer = action()
            except WeChatClientException as error:
                if error.errcode not in STALE_TOKEN:
                    raise
                self.client.renew()
                answer = action()
        if not isinstance(answer, dict):  # wechatpy hands on what is no JSON
            raise PlatformError(UNREACHABLE, "the platform's answer could not be understood")
        return answer


@contextmanager
def _plain_faults() -> Iterator[None]:
    try:
        yield
    except (WeChatClientException, requests.RequestException, ValueError) as error:
        raise _fault(error) from None


def _fault(error: Exception) -> PlatformError:
    # The text of requests' errors has the address, and with it the token.
    if isinstance(error, WeChatClientException) and error.errcode:
        return PlatformError(int(error.errcode), str(error.errmsg))
    return PlatformError(UNREACHABLE, f"the platform could not be reached or understood ({type(error).__name__})")
