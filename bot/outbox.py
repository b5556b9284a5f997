"""Carries closed work orders to the hotline's system: again and again until it has each, with one key for all tries.

`DESK_WEBHOOK_URL` is where they go; `DESK_WEBHOOK_SECRET`, if set, signs each (`X-Signature: sha256=<HMAC of the body>`). A 2xx answer
means that the order has arrived. The key stands in `Idempotency-Key`: a receiver that has seen it answers 2xx and does nothing. An order
that was opened again and closed comes with a new key, the same `order` and a higher `edition`.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import logging
import os
import time

import aiohttp

from store import orders

PATIENCE = 10.0  # seconds for one try
LEASE = 60.0  # a sender that has not come back after this is taken for dead
EVERY = 2.0
WAITS = (5.0, 30.0, 120.0, 600.0, 3600.0)  # seconds before the second try, the third …; then every hour

log = logging.getLogger(__name__)


def address() -> str | None:
    """Where orders go; None where no hotline system is connected."""
    return os.environ.get("DESK_WEBHOOK_URL", "").strip() or None


async def run() -> None:
    """Deliver what is due, for as long as the server runs."""
    while True:
        try:
            if url := address():
                await deliver_due(url)
        except Exception as error:  # a database that is down now is up later
            log.error("The outbox could not be read: %s", type(error).__name__)
        await asyncio.sleep(EVERY)


async def deliver_due(url: str, now: float | None = None) -> int:
    """Try every letter that is due, once. Returns how many arrived."""
    arrived = 0
    now = time.time() if now is None else now
    while letter := await asyncio.to_thread(orders.lease, LEASE, now):
        fault = await _try(url, letter)
        if fault is None:
            await asyncio.to_thread(orders.delivered, letter.number, now)
            arrived += 1
        else:
            log.warning("A work order did not arrive (try %d): %s", letter.tries + 1, fault)
            due = now + WAITS[min(letter.tries, len(WAITS) - 1)]
            await asyncio.to_thread(orders.failed, letter.number, fault, due)
    return arrived


async def _try(url: str, letter: orders.Sending) -> str | None:
    """Send one letter; None when it arrived, otherwise what went wrong, without the receiver's words."""
    content = letter.body.encode("utf8")
    headers = {"Content-Type": "application/json; charset=utf-8", "Idempotency-Key": letter.key}
    if secret := os.environ.get("DESK_WEBHOOK_SECRET", ""):
        headers["X-Signature"] = f"sha256={hmac.new(secret.encode(), content, hashlib.sha256).hexdigest()}"
    try:
        status = await asyncio.wait_for(_post(url, headers, content), PATIENCE)
    except (aiohttp.ClientError, asyncio.TimeoutError, OSError, ValueError) as error:
        return type(error).__name__
    return None if 200 <= status < 300 else f"HTTP {status}"


async def _post(url: str, headers: dict[str, str], content: bytes) -> int:
    async with (
        aiohttp.ClientSession() as session,
        session.post(url, data=content, headers=headers, allow_redirects=False) as answer,
    ):
        return answer.status
