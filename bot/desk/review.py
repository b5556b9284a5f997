"""A doubted answer as a test case for the talks under `tests/cases/`: what was asked, what must and must not be said."""

from __future__ import annotations

from typing import Any

import yaml


def talk(review: dict[str, Any]) -> dict[str, Any]:
    """One talk. What was answered and on which clause stands beside it, for whoever decides what is right."""
    turn: dict[str, Any] = {"say": review["question"]}
    if review["expected"]:
        turn["has"] = [line for line in review["expected"].splitlines() if line]
    if review["programme"]:
        turn["programme"] = [review["programme"]]
    about = {name: review[name] for name in ("region", "as_of") if review[name]}
    clauses = [f"{cite['document']}#{cite['clause']}" for cite in review["cites"]]
    answered = {"answered": review["answer"], "clauses": clauses, "remark": review["remark"]}
    return {
        "id": f"review-{review['number']}",
        **about,
        "turns": [turn],
        "review": {k: v for k, v in answered.items() if v},
    }


def as_yaml(reviews: list[dict[str, Any]]) -> str:
    """Several talks as YAML, in the order of their numbers."""
    talks = [talk(review) for review in sorted(reviews, key=lambda one: one["number"])]
    return str(yaml.safe_dump(talks, allow_unicode=True, sort_keys=False, width=120))
