"""The desk in a real browser, for the tests that sit at it: signing in, typing what is heard, looking at the screen."""

from __future__ import annotations

import re
import time
from pathlib import Path

from desk_client import PASSWORD
from playwright.sync_api import Locator, Page, expect

AXE = Path(__file__).parents[1] / "node_modules" / "axe-core" / "axe.min.js"
PICTURES = Path(__file__).parents[1] / "var" / "screenshots"
SCREEN = {"width": 1366, "height": 768}


def sign_in(page: Page, url: str, login: str) -> None:
    page.goto(f"{url}/desk")
    expect(page.locator("input[name=login]")).to_be_focused()
    page.keyboard.type(login)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/desk(/case)?$"))


def hear(page: Page, text: str) -> float:
    """Type what the caller said and wait until it has been understood. Returns how many seconds that took."""
    before = page.locator(".line--caller").count()
    page.keyboard.press("Escape")
    page.keyboard.press("Enter")
    page.keyboard.type(text)
    begun = time.monotonic()
    page.keyboard.press("Enter")
    expect(page.locator(".line--caller")).to_have_count(before + 1)
    return time.monotonic() - begun


def press(page: Page, *keys: str) -> None:
    """Leave whatever field one is in, then press keys."""
    page.keyboard.press("Escape")
    for key in keys:
        page.keyboard.press(key)


def picture(page: Page, name: str) -> None:
    """Leave a picture for a person to look at."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=PICTURES / f"{name}.png")


def faults(page: Page) -> list[str]:
    """What axe finds wrong, as `rule: element`. The policy forbids inserted scripts, so axe is evaluated from outside."""
    page.evaluate(AXE.read_text(encoding="utf8"))
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
    return [f"{rule['id']}: {node['html'][:100]}" for rule in found for node in rule["nodes"]]


def row(page: Page, name: str) -> Locator:
    """A programme's row in the table."""
    return page.locator("#results tr", has_text=name).first


def fact(page: Page, label: str) -> Locator:
    """A fact's row in the family."""
    return page.locator("#facts tr", has_text=label).first
