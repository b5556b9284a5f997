"""Local figures as a resident tells them: 我们这低保标准620, 最低工资1750. They are used, and said to be the resident's own."""

from __future__ import annotations

import re
from typing import Dict, Mapping

from knowledge.numerals import find_quantities

_STANDARD = re.compile(r"低保(的)?(标准|线)")
_ASKED_FOR = re.compile(r"标准|(村|镇|县|乡|民政|当地|我们这|俺们这|这边).{0,4}(说|是|低保)")
_PAID = re.compile("领|拿|发给|补")
_WAGE = re.compile(r"最低工资")
_ASKS = re.compile(r"[?？]|多少|吗|是不是|几|要是|如果|假如|万一")
REACH = 16
NAMES = {"dibao_standard": "低保标准每人每月", "minimum_wage": "最低工资每月"}
LIKELY = {"dibao_standard": (100, 3_000), "minimum_wage": (500, 5_000)}


def told_figures(text: str, asked_for: bool = False) -> Dict[str, float]:
    """`{"dibao_standard": 620}` in yuan a month (a yearly figure is divided by 12); nothing that cannot be such a figure.

    asked_for: the resident was just asked for the dibao standard, and may call it less exactly.
    """
    if _ASKS.search(text) or asked_for and _PAID.search(text):
        return {}
    found: Dict[str, float] = {}
    for name, pattern in (("dibao_standard", _ASKED_FOR if asked_for else _STANDARD), ("minimum_wage", _WAGE)):
        match = pattern.search(text)
        after = text[match.end() : match.end() + REACH] if match else ""
        yearly = re.search("一年|每年|全年|/年", after)
        values = [q.low / (12 if yearly else 1) for q in find_quantities(after) if q.exact]
        likely = [value for value in values if LIKELY[name][0] <= value <= LIKELY[name][1]]
        if likely:
            found[name] = round(likely[0], 2)
    return found


def figure_names(figures: Mapping[str, float]) -> str:
    """`低保标准每人每月 620 元`."""
    return "、".join(f"{NAMES[name]} {value:g} 元" for name, value in figures.items())


def figure_words(figures: Mapping[str, float]) -> str:
    """`好，按您说的低保标准每人每月 620 元算。`"""
    return f"好，按您说的{figure_names(figures)}算。"
