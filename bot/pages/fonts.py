"""A Chinese font for printed matter. It must have TrueType outlines, or reportlab cannot embed it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFError, TTFont

_SYSTEM = (
    "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc",
    "/usr/share/fonts/truetype/arphic/uming.ttc",
    "/System/Library/Fonts/STHeiti Medium.ttc",
    "C:/Windows/Fonts/simhei.ttf",
)


@lru_cache(maxsize=1)
def chinese_font() -> str:
    """Register the first font that can be embedded and return its name for reportlab."""
    for path in _candidates():
        try:
            pdfmetrics.registerFont(TTFont("chinese", str(path)))
        except (OSError, TTFError):
            continue
        return "chinese"
    raise FileNotFoundError(
        "No Chinese TrueType font found. Install the package paperang-p2-fonts-cjk (requirements.lock has it)."
    )


def _candidates() -> Iterator[Path]:
    package = find_spec("paperang_p2_fonts_cjk")  # WenQuanYi Micro Hei, carried by a Python package: needs no root
    if package and package.origin:
        yield Path(package.origin).parent / "fonts/wqy-microhei.ttc"
    yield from map(Path, _SYSTEM)
