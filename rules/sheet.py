"""One family's results as a clerk reads them on a screen: verdict, reasons with their clauses, what is missing, where to go."""

from __future__ import annotations

import datetime as dt
from typing import Any, Iterator, List, Mapping, Sequence

from knowledge.library import Library
from knowledge.regions import region_name
from rules.explain import amount_words
from rules.household import Household
from rules.paths import path_words

HEADINGS = {"eligible": "看起来符合", "undetermined": "还说不准", "ineligible": "看起来不符合"}
MARKS = {True: "✓", False: "✗", None: "？"}


def family_sheet(results: Sequence[Mapping[str, Any]], household: Household, as_of: dt.date, library: Library) -> str:
    """The whole sheet; those that look eligible first, those that do not in one line each."""
    place = region_name(household.region) if household.region else "地方没说，按全国的规定"
    lines = [f"{place}，按 {as_of.isoformat()} 的规定。这是初步估计，以民政部门审核为准。"]
    for verdict, heading in HEADINGS.items():
        found = [result for result in results if result["verdict"] == verdict]
        if found:
            lines += ["", f"【{heading}】{len(found)} 项"]
            for result in found:
                lines += _brief(result, library) if verdict == "ineligible" else _full(result, household, library)
    return "\n".join(lines)


def _title(result: Mapping[str, Any]) -> str:
    person = f"（{result['member']}）" if result["member"] and result["member"] != "self" else ""
    return f"{result['name']}{person}"


def _brief(result: Mapping[str, Any], library: Library) -> List[str]:
    failed = next(reason for reason in result["because"] if reason["holds"] is False)
    return [f"· {_title(result)}：{_said(failed)}{_source(failed, library)}"]


def _said(reason: Mapping[str, Any]) -> str:
    """The reason without its opening word; the mark or the heading says that already."""
    return str(reason["text"]).partition("：")[2]


def _full(result: Mapping[str, Any], household: Household, library: Library) -> List[str]:
    money = amount_words(result["amount"]) or result.get("amount_note", "")
    lines = [f"· {_title(result)}" + (f"　{money}" if money else "")]
    lines += [f"    {MARKS[reason['holds']]} {_said(reason)}{_source(reason, library)}" for reason in result["because"]]
    if result["missing"]:
        lines.append("    还缺：" + "、".join(path_words(path, household, library) for path in result["missing"]))
    lines += _apply(result["apply"])
    lines += [f"    注意：{caution}" for caution in result["cautions"]]
    return lines


def _source(reason: Mapping[str, Any], library: Library) -> str:
    cite = reason["cite"]
    return f" 〔{library.documents[cite['document']].short} {cite['clause']}〕" if cite else ""


def _apply(apply: Mapping[str, Any]) -> Iterator[str]:
    if apply["where"]:
        yield f"    去哪里：{apply['where']}"
    if apply["materials"]:
        yield f"    带什么：{'；'.join(apply['materials'])}"
    if apply["time"]:
        yield f"    多久：{apply['time']}"
    if apply["phone"]:
        yield f"    电话：{apply['phone']}"
