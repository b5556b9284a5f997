"""The notice-board poster of a village: what this is, the code to scan, and where to go without a phone.

    python -m bot poster --place 341324101 --url https://example.org --out poster.pdf
    python -m bot poster --places villages.csv --url https://example.org --size A3 --out county.pdf

`villages.csv` has a column `code` and may have `name`, `office`, `phone`, `hours`.
"""

from __future__ import annotations

import argparse
import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import segno
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A3, A4
from reportlab.pdfgen.canvas import Canvas

from bot.pages.fonts import chinese_font
from knowledge import library
from knowledge.regions import region_name

QUIET_ZONE = 4  # modules of white around a code, as its standard asks
EXAMPLES = ("我八十二了，一个人住，能领什么钱？", "家里有人得了大病，有什么救助？", "低保去哪里办，要带什么？")
FREE = "免费，不收任何费用，不要身份证"
_SIZES = {"A4": A4, "A3": A3}
_GREEN, _BLACK, _GREY = HexColor("#07713a"), HexColor("#111111"), HexColor("#444444")


@dataclass(frozen=True)
class Village:
    """What one poster says. `code` is a GB/T 2260 code; an empty line is left out of the poster."""

    code: str
    name: str
    office: str = ""
    phone: str = ""
    hours: str = ""


def main(argv: Sequence[str] | None = None) -> None:
    """Write the PDF; for a single place also the code alone as PNG and SVG beside it."""
    given = _arguments(argv)
    villages = read_villages(given.places) if given.places else [village(given.place)]
    given.out.write_bytes(poster_pdf(villages, given.url, given.size))
    print(f"{given.out}: {len(villages)} 张海报")
    if given.place:
        for kind in ("png", "svg"):
            picture = given.out.with_suffix(f".{kind}")
            qr(page_url(given.url, given.place)).save(str(picture), scale=12, border=QUIET_ZONE)
            print(f"{picture}: 单独的二维码")


def _arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m bot poster", description="Make a printable poster (PDF) with a village's code."
    )
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("--place", help="GB/T 2260 code, such as 341324101")
    which.add_argument(
        "--places", type=Path, help="CSV with columns code, name, office, phone, hours: one page a village"
    )
    parser.add_argument("--url", required=True, help="public address of the page, such as https://example.org")
    parser.add_argument("--out", type=Path, default=Path("poster.pdf"))
    parser.add_argument("--size", choices=_SIZES, default="A4")
    given = parser.parse_args(argv)
    if urlsplit(given.url).scheme not in ("http", "https") or not urlsplit(given.url).netloc:
        parser.error(f"--url is {given.url!r}; write the whole address, such as https://example.org")
    try:
        given.out.parent.mkdir(parents=True, exist_ok=True)
        if given.place:
            village(given.place)
    except ValueError as fault:
        parser.error(str(fault))
    return given


def village(code: str, name: str = "", office: str = "", phone: str = "", hours: str = "") -> Village:
    """A village with what is known of its window. Raises ValueError for a code that no place has."""
    known = region_name(code)
    if not known and not name:
        raise ValueError(f"No place has the code {code}. Write the GB/T 2260 code of the village, town or county.")
    offices = [
        place.offices[0]
        for place in library.load().places_upward(code)
        if place.code != library.NATION and place.offices
    ]
    if offices and not (office or phone):
        nearest = offices[0]
        office, phone, hours = nearest.name, nearest.phone or "", nearest.hours or ""
    return Village(code, name or known or "", office, phone, hours)


def read_villages(path: Path) -> list[Village]:
    """The villages of a CSV. Raises SystemExit naming the line that cannot be used."""
    villages = []
    with path.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            columns = {key: (row.get(key) or "").strip() for key in ("code", "name", "office", "phone", "hours")}
            try:
                villages.append(village(**columns))
            except ValueError as fault:
                raise SystemExit(f"{path}: {fault}") from None
    if not villages:
        raise SystemExit(f"{path}: no rows; the first line must name the columns: code,name,office,phone,hours")
    return villages


def page_url(base: str, code: str) -> str:
    return f"{base.rstrip('/')}/v/{code}"


def qr(url: str) -> segno.QRCode:
    """Error level H: a third of the code may be torn or stained and it still reads."""
    return segno.make_qr(url, error="h", boost_error=False)


def poster_pdf(villages: Iterable[Village], url: str, size: str = "A4") -> bytes:
    """One page a village."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=_SIZES[size])
    canvas.setTitle("救助问答 海报")
    for one in villages:
        canvas.saveState()
        canvas.scale(_SIZES[size][0] / A4[0], _SIZES[size][1] / A4[1])  # drawn once, for A4
        _draw(canvas, one, page_url(url, one.code))
        canvas.restoreState()
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def _draw(canvas: Canvas, one: Village, url: str) -> None:
    """One poster on a canvas of A4 points, from the top down."""
    middle = A4[0] / 2
    canvas.setFillColor(_GREEN)
    canvas.rect(0, 700, A4[0], A4[1] - 700, stroke=0, fill=1)
    _line(canvas, "家里有困难，能领什么补助？", middle, 768, 36, HexColor("#ffffff"), bold=True)
    _line(canvas, "手机扫一扫，说说就知道", middle, 722, 26, HexColor("#ffffff"))
    _line(canvas, one.name, middle, 666, 22, _BLACK, bold=True)
    _code(canvas, url, middle, 338, 320)
    _line(canvas, "打开微信或手机相机，对准上面的码", middle, 330, 18, _GREY)
    _line(canvas, "可以这样问：", middle, 294, 20, _GREEN, bold=True)
    for row, example in enumerate(EXAMPLES):
        _line(canvas, f"“{example}”", middle, 260 - row * 32, 21, _BLACK)
    _line(canvas, FREE, middle, 158, 27, _GREEN, bold=True)
    canvas.setStrokeColor(_GREEN)
    canvas.line(60, 138, A4[0] - 60, 138)
    _line(canvas, "不会用手机？请到窗口问，或者打电话：", middle, 110, 17, _GREY)
    _line(canvas, _window(one), middle, 78, 20, _BLACK, bold=True)
    _line(canvas, "结果是估计，能不能办由窗口核实后定", middle, 42, 14, _GREY)


def _window(one: Village) -> str:
    told = "　".join(part for part in (one.office, one.phone, one.hours) if part)
    return told or "乡镇政府（街道）民政窗口　12345"


def _line(canvas: Canvas, text: str, middle: float, y: float, size: float, color: HexColor, bold: bool = False) -> None:
    """A centred line, smaller when it would not fit. Bold draws the outline as well: the font has one weight."""
    font = chinese_font()
    size = min(size, size * (A4[0] - 60) / max(canvas.stringWidth(text, font, size), 1))
    words = canvas.beginText(middle - canvas.stringWidth(text, font, size) / 2, y)
    words.setFont(font, size)
    words.setFillColor(color)
    words.setStrokeColor(color)
    words.setTextRenderMode(2 if bold else 0)
    words.textOut(text)
    canvas.setLineWidth(size / 45)
    canvas.drawText(words)


def _code(canvas: Canvas, url: str, middle: float, y: float, side: float) -> None:
    """The code as vector squares, so that it stays sharp at any size."""
    rows = list(qr(url).matrix_iter(border=QUIET_ZONE))
    module = side / len(rows)
    canvas.setFillColor(_BLACK)
    for down, row in enumerate(rows):
        for across, dark in enumerate(row):
            if dark:
                left = middle - side / 2 + across * module
                canvas.rect(left, y + side - (down + 1) * module, module * 1.02, module * 1.02, stroke=0, fill=1)
