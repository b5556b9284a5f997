"""HTML from templates (everything inserted is escaped), and a document page from the knowledge base."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.pages.assets import PAGES
from knowledge import library
from knowledge.model import Document


@lru_cache(maxsize=1)
def _templates() -> Environment:
    return Environment(
        loader=FileSystemLoader(PAGES), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )


def page(template: str, **values: Any) -> str:
    return _templates().get_template(template).render(**values)


def day(date: dt.date | None) -> str:
    """2021-10-08 as 2021年10月8日; empty for None."""
    return f"{date.year}年{date.month}月{date.day}日" if date else ""


def clause_url(document: str, clause: str) -> str:
    return f"/d/{document}#{quote(clause)}"


def document_facts(document: Document, today: dt.date) -> dict[str, Any]:
    """What a reader must know before reading: title, number, issuer, dates as words, and whether its term has ended."""
    return {
        "title": document.title,
        "short": document.short,
        "kind": document.kind,
        "number": document.number or "没有写文号",
        "issuer": document.issuer or "没有写发文单位",
        "issued": day(document.issued) or "没有写日期",
        "term": _term(document, today),
        "ended": document.ended(today),
        "note": document.note or "",
    }


def _term(document: Document, today: dt.date) -> str:
    if document.valid_until is None:
        return "没有写到哪天为止"
    if document.ended(today):
        return f"执行到{day(document.valid_until)}，已经到期。现在还算不算数，请先问窗口"
    return f"执行到{day(document.valid_until)}"


def clause_lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def clause(document_id: str, clause_id: str, today: dt.date) -> dict[str, Any] | None:
    """One clause for showing in place: the document's facts and `clause`, `lines`, `url`; None when there is none."""
    document = library.load().documents.get(document_id)
    found = document.clauses.get(clause_id) if document else None
    if document is None or found is None:
        return None
    facts = document_facts(document, today)
    return {**facts, "clause": clause_id, "lines": clause_lines(found.text), "url": clause_url(document_id, clause_id)}
