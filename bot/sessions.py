"""Who is talking: a signed, unguessable session kept in a cookie; and how often one may ask."""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from itsdangerous import BadData, URLSafeTimedSerializer
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.settings import VAR

COOKIE = "h5"
DAY_SECONDS = 24 * 60 * 60
KIOSK_SECONDS = 120
_KIOSK_GRACE = 30
_MAX_KEYS = 20_000


@dataclass(frozen=True)
class Session:
    """One visitor. `id`: 128 random bits chosen here, never by the visitor; `place`: a GB/T 2260 code; `case`: the code asked for."""

    id: str
    place: str | None = None
    kiosk: bool = False
    case: str | None = None

    @property
    def sender(self) -> str:
        """The conversation's id inside Rasa."""
        return f"h5-{self.id}"


def new_session(place: str | None = None, kiosk: bool = False) -> Session:
    return Session(secrets.token_urlsafe(16), place, kiosk)


class Sessions:
    """Signed cookies: written, read back. A kiosk's session ends when nobody has used it for two minutes."""

    def __init__(self, secret: str) -> None:
        self._signer = URLSafeTimedSerializer(secret, salt="h5-session")

    def of(self, request: Request) -> Session | None:
        return self.read(request.cookies.get(COOKIE))

    def keep(self, request: Request, answer: HTTPResponse, session: Session) -> HTTPResponse:
        """The answer with the session's cookie. No script can read it and no other site can send it along a POST."""
        answer.cookies[COOKIE] = self.write(session)
        answer.cookies[COOKIE].update({"path": "/", "httponly": True, "samesite": "Lax"})
        if not session.kiosk:  # a kiosk's cookie goes when its browser closes
            answer.cookies[COOKIE]["max-age"] = DAY_SECONDS
        if request.scheme == "https":
            answer.cookies[COOKIE]["secure"] = True
        return answer

    def write(self, session: Session) -> str:
        return self._signer.dumps(asdict(session))

    def read(self, token: str | None) -> Session | None:
        """The session in a cookie; None for a missing, forged or outlived one."""
        try:
            session = Session(**self._signer.loads(token or "", max_age=DAY_SECONDS))
            if session.kiosk:
                self._signer.loads(token or "", max_age=KIOSK_SECONDS + _KIOSK_GRACE)
        except (BadData, TypeError):
            return None
        return session


def signing_secret(path: Path = VAR / "session.key") -> str:
    """The key that signs cookies: SESSION_SECRET, else a file made once and readable by this user only."""
    given = os.environ.get("SESSION_SECRET")
    if given:
        return given
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii")
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        secret = secrets.token_urlsafe(32)
        file.write(secret)
    return secret


class RateLimit:
    """At most `burst` at once, then `per_minute`, for each key (a session, an address)."""

    def __init__(self, per_minute: float, burst: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate = per_minute / 60
        self._burst = burst
        self._clock = clock
        self._left: dict[str, tuple[float, float]] = {}  # key -> (how many are left, when that was so)

    def allows(self, key: str) -> bool:
        now = self._clock()
        left, since = self._left.get(key, (float(self._burst), now))
        left = min(self._burst, left + (now - since) * self._rate)
        if len(self._left) >= _MAX_KEYS:
            self._forget_quiet(now)
        self._left[key] = (max(left - 1, 0) if left >= 1 else left, now)
        return left >= 1

    def _forget_quiet(self, now: float) -> None:
        """Drop those whose allowance is full again, so that memory stays bounded."""
        self._left = {key: (n, t) for key, (n, t) in self._left.items() if n + (now - t) * self._rate < self._burst}
