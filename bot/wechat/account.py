"""The settings of one official account, read from the environment or from `credentials.yml`."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.settings import WrongSetting

API_BASE = "https://api.weixin.qq.com"


@dataclass(frozen=True)
class Account:
    """One account. Only `token` is needed; the others switch on what they are for. Times are seconds."""

    token: str = field(repr=False)
    aes_key: str = field(default="", repr=False)  # EncodingAESKey; with it encrypted messages are understood
    app_id: str = ""
    secret: str = field(default="", repr=False)  # with `app_id`: customer-service sends, menu, QR codes
    api_base: str = API_BASE
    mode: str = "any"  # "safe": refuse plaintext; "any": whatever is properly signed
    person_key: str = field(default="", repr=False)  # keys the hashes that stand for openids
    page: str = ""  # address of the resident's page, such as https://example.org
    result_as: str = "text"  # "card": a finished screening is a news card that opens the page
    database: str | None = None
    reply_within: float = 4.5  # the platform hangs up after 5
    turn_within: float = 60.0  # after which a turn is given up with an apology
    follow_after: float = 1.0  # so that what follows arrives after the passive reply
    fresh_for: float = 300.0  # how old, or how far ahead, a signature's timestamp may be
    body_limit: int = 65536  # bytes

    def __post_init__(self) -> None:
        if self.aes_key and not self.app_id:
            raise WrongSetting("WECHAT_AES_KEY needs WECHAT_APP_ID: every encrypted message carries the app id.")
        if self.aes_key and len(_decoded(self.aes_key)) != 32:
            raise WrongSetting("WECHAT_AES_KEY must be the console's EncodingAESKey: 43 letters and digits.")
        if self.mode not in ("any", "safe"):
            raise WrongSetting(
                f"WECHAT_MODE is {self.mode!r}; write safe to refuse plaintext messages, or leave it out."
            )
        if self.mode == "safe" and not self.aes_key:
            raise WrongSetting("WECHAT_MODE=safe needs WECHAT_AES_KEY.")
        if self.result_as not in ("text", "card"):
            raise WrongSetting(f"WECHAT_RESULT_AS is {self.result_as!r}; write card or text.")

    @property
    def has_api(self) -> bool:
        """Whether the account's own API can be called at all."""
        return bool(self.app_id and self.secret)

    def person(self, openid: str) -> str:
        """Who an openid is to us: 32 hex digits that nobody without the key can trace back."""
        return self.keyed("person", openid)[:32]

    def keyed(self, *parts: str) -> str:
        """A keyed hash of some parts, 64 hex digits."""
        key = self.person_key or self.secret or self.token
        return hmac.new(key.encode(), "\0".join(parts).encode("utf-8", "replace"), hashlib.sha256).hexdigest()


def _decoded(aes_key: str) -> bytes:
    try:
        return base64.b64decode(aes_key + "=", validate=True)
    except (binascii.Error, ValueError):
        return b""


ENVIRONMENT = {
    "token": "WECHAT_TOKEN",
    "aes_key": "WECHAT_AES_KEY",
    "app_id": "WECHAT_APP_ID",
    "secret": "WECHAT_SECRET",
    "api_base": "WECHAT_API_BASE",
    "mode": "WECHAT_MODE",
    "person_key": "WECHAT_PERSON_KEY",
    "page": "PUBLIC_URL",
    "result_as": "WECHAT_RESULT_AS",
    "reply_within": "WECHAT_REPLY_WITHIN",
}


def account_from(given: Mapping[str, Any] | None = None, env: Mapping[str, str] | None = None) -> Account | None:
    """The account's settings: the environment's, then what `credentials.yml` gives. None when there is no token."""
    env = os.environ if env is None else env
    values: dict[str, Any] = {
        name: env[variable].strip() for name, variable in ENVIRONMENT.items() if env.get(variable, "").strip()
    }
    values.update({name: value for name, value in (given or {}).items() if value not in (None, "")})
    if not values.get("token"):
        return None
    try:
        values["reply_within"] = float(values.get("reply_within", Account.reply_within))
    except ValueError:
        raise WrongSetting(f"WECHAT_REPLY_WITHIN is {values['reply_within']!r}; write seconds such as 4.5.") from None
    for address in ("api_base", "page"):
        if address in values:
            values[address] = values[address].rstrip("/")
    return Account(**values)
