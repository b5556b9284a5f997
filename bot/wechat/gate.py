"""The account's door: signatures, freshness, encryption, and XML that is only a message.

The algorithms are the platform's: SHA-1 over the sorted parts; AES-256-CBC with the app id inside.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from xml.parsers import expat

import xmltodict
from wechatpy import parse_message
from wechatpy.crypto import PrpCrypto, WeChatCrypto
from wechatpy.messages import BaseMessage
from wechatpy.utils import WeChatSigner

from bot.wechat.account import Account

NAME = re.compile(r"[\w.@-]{1,64}", re.ASCII)  # an openid, or the account's own gh_… name
DIGITS = re.compile(r"[0-9]{1,20}", re.ASCII)
LONGEST_NONCE = 128


class Refused(Exception):
    """A request that is not the platform's, or is no message. `status` is the HTTP answer; the text has no secrets."""

    def __init__(self, why: str, status: int = 403) -> None:
        super().__init__(why)
        self.status = status


@dataclass(frozen=True)
class Admitted:
    """A message that came in properly. `proof` is the signature it used, `body` a digest of what it says."""

    message: BaseMessage
    proof: str
    body: str
    encrypted: bool


class Gate:
    """Checks what comes in and seals what goes out, for one account."""

    def __init__(self, account: Account, now: Callable[[], float] = time.time) -> None:
        self.account = account
        self.now = now
        self.crypto = WeChatCrypto(account.token, account.aes_key, account.app_id) if account.aes_key else None

    def check_address(self, query: Mapping[str, Any]) -> str:
        """The `echostr` of the platform's check of our address."""
        self._check(query, "signature")
        return _one(query, "echostr", 1024)

    def admit(self, query: Mapping[str, Any], body: bytes) -> Admitted:
        """The message in a request. Raises Refused; nothing has been done by then."""
        encrypted = _maybe(query, "encrypt_type") not in ("", "raw") or bool(_maybe(query, "msg_signature"))
        if self.crypto and encrypted:
            return self._decrypt(query, body)
        if self.account.mode == "safe":
            raise Refused("a plaintext message came to an account in safe mode")
        proof = self._check(query, "signature")
        return _admitted(_text(body), proof, encrypted=False)

    def _decrypt(self, query: Mapping[str, Any], body: bytes) -> Admitted:
        assert self.crypto is not None
        self._fresh(query)
        sealed = _fields(_text(body)).get("Encrypt")
        if not isinstance(sealed, str):
            raise Refused("no Encrypt in an encrypted message", 400)
        self._check(query, "msg_signature", sealed)
        try:
            xml = PrpCrypto(self.crypto.key).decrypt(sealed, self.account.app_id)
        except Exception as error:  # struct.error, IndexError, InvalidAppIdException…: no one kind
            raise Refused(f"an encrypted message that cannot be opened ({type(error).__name__})", 400) from None
        # The same address also carries a plaintext signature, which must open no other body.
        return _admitted(xml, self._sign(query), encrypted=True)

    def seal(self, xml: str) -> str:
        """A reply as it goes back to an encrypted message."""
        assert self.crypto is not None
        return self.crypto.encrypt_message(xml, secrets.token_hex(8), str(int(self.now())))

    def _check(self, query: Mapping[str, Any], name: str, *more: str) -> str:
        self._fresh(query)
        given = _one(query, name, 128)
        if not hmac.compare_digest(self._sign(query, *more).encode(), given.encode("utf-8", "replace")):
            raise Refused(f"{name} does not match: is WECHAT_TOKEN the console's token?")
        return given

    def _sign(self, query: Mapping[str, Any], *more: str) -> str:
        signer = WeChatSigner()
        signer.add_data(self.account.token, _one(query, "timestamp", 20), _one(query, "nonce", LONGEST_NONCE), *more)
        return signer.signature

    def _fresh(self, query: Mapping[str, Any]) -> None:
        stamp = _one(query, "timestamp", 20)
        if not DIGITS.fullmatch(stamp) or abs(self.now() - int(stamp)) > self.account.fresh_for:
            raise Refused("timestamp is not of these minutes: is the server's clock right?")


def _one(query: Mapping[str, Any], name: str, longest: int) -> str:
    value = _maybe(query, name)
    if not value or len(value) > longest:
        raise Refused(f"{name} is missing or too long", 400)
    return value


def _maybe(query: Mapping[str, Any], name: str) -> str:
    return str(query.get(name) or "")


def _text(body: bytes) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        raise Refused("the body is not UTF-8", 400) from None


def _fields(xml: str) -> Mapping[str, Any]:
    """The elements of `<xml>…</xml>`. A document type, and with it every entity, is refused."""
    try:
        parser = expat.ParserCreate("utf-8")
        parser.StartDoctypeDeclHandler = _no_doctype
        parser.Parse(xml.encode("utf-8"), True)
        fields = xmltodict.parse(xml)["xml"]
    except Refused:
        raise
    except Exception as error:  # expat's and xmltodict's own, KeyError, RecursionError
        raise Refused(f"the body is no message ({type(error).__name__})", 400) from None
    if not isinstance(fields, dict):
        raise Refused("the body is no message", 400)
    return fields


def _no_doctype(*_: Any) -> None:
    raise Refused("a message has no document type", 400)


def _admitted(xml: str, proof: str, encrypted: bool) -> Admitted:
    fields = _fields(xml)
    if "Encrypt" in fields and "FromUserName" not in fields:
        raise Refused("an encrypted message came, but WECHAT_AES_KEY is not set", 400)
    for name in ("ToUserName", "FromUserName"):
        _require(fields, name, NAME)
    _require(fields, "CreateTime", DIGITS)
    _require(fields, "MsgType", NAME)
    _require(fields, "MsgId", DIGITS, needed=fields["MsgType"].lower() != "event")
    _require(fields, "Event", NAME, needed=fields["MsgType"].lower() == "event")
    try:
        message = parse_message(xml)
        said = repr(sorted((name, value) for name, value in fields.items() if name != "Encrypt"))
    except Exception as error:  # wechatpy trips over values of a wrong shape in many ways
        raise Refused(f"the body is no message ({type(error).__name__})", 400) from None
    return Admitted(message, proof, hashlib.sha256(said.encode("utf-8", "replace")).hexdigest(), encrypted)


def _require(fields: Mapping[str, Any], name: str, shape: re.Pattern[str], needed: bool = True) -> None:
    value: Any | None = fields.get(name)
    if value is None and not needed:
        return
    if not isinstance(value, str) or not shape.fullmatch(value):
        raise Refused(f"{name} is missing or has the wrong shape", 400)


def text_of(message: BaseMessage, name: str) -> str:
    """An element of a message as text; empty when it is missing or is no text."""
    value = message._data.get(name)
    return value.strip() if isinstance(value, str) else ""
