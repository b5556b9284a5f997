"""The files a browser fetches: named by their content so that they may be kept for a year, and compressed once."""

from __future__ import annotations

import gzip
import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

PAGES = Path(__file__).parent
WEUI = Path(__file__).parents[2] / "node_modules/weui/dist/style"
WEUI_PARTS = (
    "base/base.min.css",
    "widget/weui-button/weui-button.min.css",
)  # a fifth of the whole
SCRIPTS = ("basics.js", "agent.js", "talk.js", "results.js", "page.js")  # ES2017, no build step: simply one after the other
_TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8"}


@dataclass(frozen=True)
class Asset:
    """One file: its address (`/static/resident.1f2e3d4c.js`), content, and content compressed."""

    url: str
    body: bytes
    zipped: bytes
    content_type: str


def asset(name: str, body: bytes) -> Asset:
    path = Path(name)
    digest = hashlib.sha256(body).hexdigest()[:10]
    return Asset(
        f"/static/{path.stem}.{digest}{path.suffix}", body, gzip.compress(body, 9, mtime=0), _TYPES[path.suffix]
    )


def resident_assets() -> dict[str, Asset]:
    """The resident's page: `css` (WeUI and ours in one request), `js`, and `worker`, which lists the other two."""
    css = asset("resident.css", _weui() + (PAGES / "resident.css").read_bytes())
    script = asset(
        "resident.js", b"'use strict';\n" + b"\n".join((PAGES / "resident" / part).read_bytes() for part in SCRIPTS)
    )
    worker = (PAGES / "worker.js").read_text(encoding="utf8").replace("['FILES']", json.dumps([css.url, script.url]))
    return {"css": css, "js": script, "worker": asset("worker.js", worker.encode("utf8"))}


def _weui() -> bytes:
    try:
        return b"".join((WEUI / part).read_bytes() for part in WEUI_PARTS)
    except FileNotFoundError:
        raise FileNotFoundError(
            f"{WEUI} is missing: WeUI comes from the npm registry. Run `npm install` in the project's folder."
        ) from None
