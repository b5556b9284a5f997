"""Reasons in plain words, each with its clause: what is required, what the family said, and whether it holds."""

from __future__ import annotations

from typing import Any, Dict, Iterable, List, Mapping, Optional

from knowledge.library import Library
from knowledge.model import Say
from rules.case import Case
from rules.conditions import Check
from rules.quantity import Truth
from rules.rulebook import CompiledRule

OPENING: Mapping[Truth, str] = {True: "符合", False: "不符合", None: "还不知道"}
UNITS = {
    "CNY/person/month": "每人每月 {} 元",
    "CNY/household/month": "全家每月 {} 元",
    "CNY/once": "一次 {} 元",
    "CNY/year": "一年 {} 元",
    "month": "{} 个月",
    "percent": "{}%",
}
BASES = {"dibao_standard": "低保标准的 ", "medical_cost": "报销后自己花的合规费用的 "}


def because(checks: Iterable[Check], case: Case, library: Library) -> List[Dict[str, Any]]:
    """One reason a condition: `{"text", "holds", "cite"}`."""
    return [_reason(check, case, library) for check in checks]


def _reason(check: Check, case: Case, library: Library) -> Dict[str, Any]:
    holds = check.holds(case)
    told = check.told(case)
    text = f"{OPENING[holds]}：{check.text}" + (f"（{told}）" if told else "")
    return {"text": text, "holds": holds, "cite": citation(check.cite, library, check.quote)}


def citation(address: Optional[str], library: Library, quote: Optional[str] = None) -> Optional[Dict[str, Any]]:
    """A clause as the contract cites it: document, clause, title, and words that stand in it (the gist, for a summary)."""
    if not address:
        return None
    clause = library.clause(address)
    document = library.documents[clause.document]
    return {
        "document": document.id,
        "clause": clause.id,
        "title": document.title,
        "quote": quote or clause.text,
        "kind": document.kind,
        "number": document.number,
        "valid_until": document.valid_until.isoformat() if document.valid_until else None,
    }


def excluded_because(say: Say, library: Library) -> Dict[str, Any]:
    """Why something the family already has rules this out."""
    return {"text": f"不符合：{say.say}", "holds": False, "cite": citation(say.cite, library)}


def possible_because(compiled: CompiledRule, library: Library) -> Dict[str, Any]:
    """A programme that some county there has: named, not promised."""
    document = library.documents[compiled.rule.document]
    cite = next((check.cite for check in compiled.checks if check.cite), None)
    text = f"还不知道：{document.short}里有这一项，您那里有没有要问当地"
    return {"text": text, "holds": None, "cite": citation(cite, library)}


def amount_words(amount: Optional[Mapping[str, Any]]) -> Optional[str]:
    """An amount in words: `每人每月 100 元`, `不少于低保标准的 15%`, `3—18 个月`."""
    if not amount:
        return None
    if amount.get("text"):
        return str(amount["text"])
    basis = BASES.get(str(amount.get("basis")), "")
    return UNITS[amount["unit"]].format(_figure_words(amount["min"], amount["max"], basis))


def _figure_words(low: float, high: Optional[float], basis: str) -> str:
    gap = "" if basis else " "
    if high is None:
        return f"不少于{gap}{basis}{_digits(low)}"
    if low == high:
        return f"{basis}{_digits(low)}"
    return f"最多{gap}{basis}{_digits(high)}" if low == 0 else f"{basis}{_digits(low)}—{_digits(high)}"


def _digits(value: float) -> str:
    return str(int(value)) if value == int(value) else f"{value:.2f}"


def summary(result: Mapping[str, Any]) -> str:
    """One plain line for a result's card."""
    if result["verdict"] == "eligible":
        money = amount_words(result["amount"])
        return f"看起来符合。{money}。" if money else "看起来符合。"
    wanted = False if result["verdict"] == "ineligible" else None
    reason = next((r["text"].partition("：")[2] for r in result["because"] if r["holds"] is wanted), "").rstrip("。")
    return f"看起来不符合：{reason}。" if wanted is False else f"还说不准：{reason}。"
