"""The take-away slip (办事清单): one A4 page for the window, with programmes, papers and offices, and nobody's data."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any
from xml.sax.saxutils import escape

import pypdfium2
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, Frame, HRFlowable, KeepInFrame, Paragraph, Spacer

from actions.state import Conversation
from bot.pages.fonts import chinese_font
from bot.pages.render import day
from rules.explain import amount_words
from store.base import create_tables
from store.cases import create_case, update_case

MARGIN = 16 * mm
MOST_OPEN = 6  # undetermined programmes listed by name; a longer list helps nobody at a window


def keep_case(told: Conversation, code: str | None) -> str:
    """File what a resident told for the desk and return its code of 6 characters: the given one again, or a new one."""
    create_tables()
    if code:
        update_case(code, told.household, told.asked, told.words)
        return code
    return create_case(told.household, told.asked, told.region, told.as_of, words=told.words)


def slip_pdf(results: list[dict[str, Any]], place: str, today: dt.date, code: str | None = None) -> bytes:
    """The slip as a PDF. `results` as in /api/screen; `place` is a name or empty. One page: type shrinks to fit."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=A4)
    canvas.setTitle("办事清单")
    width, height = A4[0] - 2 * MARGIN, A4[1] - 2 * MARGIN
    story = KeepInFrame(width - 12, height - 12, _story(results, place, today, code), mode="shrink")
    Frame(MARGIN, MARGIN, width, height).addFromList([story], canvas)
    canvas.save()
    return buffer.getvalue()


def slip_png(pdf: bytes) -> bytes:
    """The same page as a picture, for phones that cannot keep a PDF."""
    buffer = io.BytesIO()
    pypdfium2.PdfDocument(pdf)[0].render(scale=1.6).to_pil().convert("L").save(buffer, "PNG", optimize=True)
    return buffer.getvalue()


def _story(results: list[dict[str, Any]], place: str, today: dt.date, code: str | None) -> list[Flowable]:
    eligible = _once_a_programme(results, "eligible")
    open_ones = [
        r
        for r in _once_a_programme(results, "undetermined")
        if r["programme"] not in {e["programme"] for e in eligible}
    ]
    listed = eligible or open_ones[:MOST_OPEN]
    story = [_text("办事清单", 26, after=2), _text(f"{place}　{day(today)}", 12, after=4)]
    if code:
        story += [
            _text(f"办事码　{' '.join(code)}", 24, after=2),
            _text("窗口的人凭这个码，能看到您说过的情况，不用从头再说。", 12),
        ]
    story += _section("看起来可以申请", [_programme(r) for r in eligible])
    story += _section("还要向窗口问清楚", [r["name"] for r in open_ones[:MOST_OPEN]])
    story += _section("去哪里", _offices(listed))
    story += _section("带上这些", [f"□ {item}" for item in _materials(listed)])
    return [*story, Spacer(1, 8), HRFlowable(width="100%", color=colors.black), _text(_NOTE, 12)]


_NOTE = "这是按您说的情况估计的。能不能办、给多少，由窗口核实后定。办理不收任何费用。有事可以打 12345。"


def _section(title: str, lines: list[str]) -> list[Flowable]:
    if not lines:
        return []
    return [
        Spacer(1, 8),
        HRFlowable(width="100%", color=colors.grey),
        _text(title, 17, after=2),
        *(_text(line, 14) for line in lines),
    ]


def _programme(result: dict[str, Any]) -> str:
    amount = amount_words(result.get("amount"))
    return f"{result['name']}　{amount}" if amount else result["name"]


def _offices(results: list[dict[str, Any]]) -> list[str]:
    lines = []
    for apply in (result.get("apply") or {} for result in results):
        parts = [apply.get("where"), apply.get("phone") and f"电话 {apply['phone']}"]
        lines.append("　".join(part for part in parts if part))
    return [line for line in dict.fromkeys(lines) if line]


def _materials(results: list[dict[str, Any]]) -> list[str]:
    return list(
        dict.fromkeys(item for result in results for item in (result.get("apply") or {}).get("materials") or [])
    )


def _once_a_programme(results: list[dict[str, Any]], verdict: str) -> list[dict[str, Any]]:
    """One result a programme: who in the family it is for is not written down."""
    return list({r["programme"]: r for r in results if r["verdict"] == verdict}.values())


def _text(words: str, size: float, after: float = 0) -> Paragraph:
    style = ParagraphStyle(
        "plain", fontName=chinese_font(), fontSize=size, leading=size * 1.5, spaceAfter=after, wordWrap="CJK"
    )
    return Paragraph(escape(words), style)
