"""The desk's addresses, one file a subject. `everything()` lists them all."""

from __future__ import annotations

from bot.desk.endpoints import board, calls, cases, orders
from bot.desk.http import Endpoint


def everything() -> list[Endpoint]:
    """Every address behind the desk's sign-in that speaks JSON."""
    return [*calls.ENDPOINTS, *cases.ENDPOINTS, *orders.ENDPOINTS, *board.ENDPOINTS]
