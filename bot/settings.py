"""What the environment may set; see the contract in docs for each name."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Mapping, Optional

ROOT = Path(__file__).resolve().parents[1]
VAR = ROOT / "var"


class WrongSetting(ValueError):
    """An environment variable that cannot be used; its message says which and what it should be."""


@dataclass(frozen=True)
class Settings:
    """
    host, port: where to listen; only this machine unless HOST says otherwise.
    database_url: conversations and records; a SQLite file under var/ unless DATABASE_URL says otherwise.
    place: GB/T 2260 code taken for a message that names no place, or None.
    rest_public, api_token: who beyond this machine may use the JSON ways in.
    wechat_token: the WeChat channel is on when it is set.
    """

    host: str = "127.0.0.1"
    port: int = 5005
    database_url: str = f"sqlite:///{VAR / 'assistant.db'}"
    place: Optional[str] = None
    rest_public: bool = False
    api_token: Optional[str] = None
    wechat_token: Optional[str] = None

    @classmethod
    def read(cls, environ: Mapping[str, str] = os.environ) -> Settings:
        """Settings from the environment; an empty variable counts as unset. Raises WrongSetting."""
        given = {name: value.strip() for name, value in environ.items() if value.strip()}
        port, place = given.get("PORT", str(cls.port)), given.get("PLACE")
        if not port.isdecimal():
            raise WrongSetting(f"PORT is {port!r}; it must be a number such as 5005.")
        if place and not (place.isdecimal() and 2 <= len(place) <= 12):
            raise WrongSetting(f"PLACE is {place!r}; it must be a GB/T 2260 code of 2 to 12 digits such as 341324.")
        return cls(
            host=given.get("HOST", cls.host),
            port=int(port),
            database_url=given.get("DATABASE_URL", cls.database_url),
            place=place,
            rest_public=given.get("REST_PUBLIC") == "1",
            api_token=given.get("API_TOKEN"),
            wechat_token=given.get("WECHAT_TOKEN"),
        )
