"""The desk's style sheet and script, named by their content."""

from __future__ import annotations

from functools import lru_cache

from bot.pages.assets import PAGES, Asset, asset

FOLDER = PAGES / "desk"
SCRIPTS = ("basics.js", "screen.js", "acts.js", "sheets.js", "order.js", "keys.js", "start.js")  # one after the other


@lru_cache(maxsize=1)
def files() -> dict[str, Asset]:
    """Every file by its address (`/desk/static/desk.1f2e3d4c.js`)."""
    script = b"\n".join((FOLDER / name).read_bytes() for name in SCRIPTS)
    made = [asset("desk.css", (FOLDER / "desk.css").read_bytes()), asset("desk.js", b"'use strict';\n" + script)]
    served = [Asset(f"/desk{one.url}", one.body, one.zipped, one.content_type) for one in made]
    return {one.url: one for one in served}


def links() -> dict[str, str]:
    """The addresses a page links to: `css`, `js`."""
    return {kind: next(url for url in files() if url.endswith(f".{kind}")) for kind in ("css", "js")}
