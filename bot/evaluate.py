"""`python -m bot evaluate [FILE…]`: how well questions are understood, on the project's own test set or any file of that shape.

A line is `{"text", "kind": faq|narrative|near_domain|out_of_domain, "program", "aspect"}`. Prints rates, confusion tables and
the worst misses; the agent is loaded in this process, and nothing is stored.
"""

from __future__ import annotations

import argparse
import asyncio
import collections
import json
from pathlib import Path
from typing import Any, Counter, Dict, Iterable, List, Tuple

from actions.state import Conversation
from actions.turn import respond
from bot import agent, logs, train
from bot.settings import ROOT, Settings

OWN = ("tests/data/ask_part1.jsonl", "tests/data/ask_part2.jsonl")
GROUPS: Dict[str, Tuple[str, ...]] = {
    "dibao": ("dibao",), "tekun": ("tekun",), "linshi": ("temporary_assistance", "emergency_assistance"), "canji": ("disability_",),
    "gaoling": ("elder_home_allowance", "old_age_allowance"),
    "jigou_yanglao": ("elder_institution_subsidy", "low_fee_institution_care", "tekun_institution_care"),
    "yiliao": ("medical_assistance", "insurance_premium_subsidy", "high_expense_family"), "weifang": ("dilapidated_house_renovation",),
    "jiaoyu": ("education_aid",),
    "jiuye": ("public_welfare_job", "job_stabilisation_subsidy", "migrant_transport_subsidy", "skills_training"),
    "chanye": ("industry_award", "microcredit"),
    "fangpin": ("poverty_prevention_monitoring", "poverty_prevention_status", "edge_household_special_aid"),
    "ertong": ("orphan_support", "unattended_child_support", "child_helpline"),
    "laoren_fuwu": ("left_behind_elder_visits", "service_assistance"), "banqian": ("relocation_follow_up",),
}  # fmt: skip
TAKEN_UP = ("answer", "screening", "emergency")


class Score:
    """Rates by name, confusions by (wanted, got), and the misses in order."""

    def __init__(self) -> None:
        self.rates: Dict[str, List[int]] = collections.defaultdict(lambda: [0, 0])
        self.confusions: Dict[str, Counter[Tuple[str, str]]] = collections.defaultdict(collections.Counter)
        self.misses: List[str] = []

    def tally(self, name: str, right: bool) -> None:
        self.rates[name][0] += right
        self.rates[name][1] += 1

    def add(self, asked: Dict[str, Any], got: Dict[str, Any]) -> None:
        kind = asked["kind"]
        if kind in ("faq", "narrative"):
            self._inside(kind, asked, got)
        else:
            declined = got["kind"] == "decline" or kind == "out_of_domain" and got["kind"] == "smalltalk"
            self.tally(f"{kind}: declined", declined)
            if kind == "near_domain":
                self.tally("near_domain: declined with a route", got["kind"] == "decline" and bool(got["route"]))
            if not declined:
                self._miss(asked, got)
        self.confusions["kind"][(kind, got["kind"])] += 1

    def _inside(self, kind: str, asked: Dict[str, Any], got: Dict[str, Any]) -> None:
        taken = got["kind"] in TAKEN_UP
        programmes = [p for p in [got["programme"], *(got.get("programmes") or [])] if p]
        self.tally(f"{kind}: taken up", taken)
        if asked["program"] in GROUPS:
            right = taken and any(p.startswith(GROUPS[asked["program"]]) for p in programmes)
            self.tally(f"{kind}: programme right", right)
            self.tally(f"{kind}: first programme right", taken and bool(programmes) and programmes[0].startswith(GROUPS[asked["program"]]))
            if not right:
                self._miss(asked, got)
                self.confusions["programme"][(asked["program"], programmes[0] if programmes else "-")] += 1
        self.tally(f"{kind}: aspect right", got["aspect"] == asked["aspect"])
        if got["aspect"] != asked["aspect"]:
            self.confusions["aspect"][(asked["aspect"], str(got["aspect"]))] += 1

    def _miss(self, asked: Dict[str, Any], got: Dict[str, Any]) -> None:
        self.misses.append(f"{asked['kind']} {asked['program']} → {got['kind']} {got.get('programmes')} | {asked['text'][:70]}")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bot evaluate", description="How well questions are understood.")
    parser.add_argument("files", nargs="*", default=[str(ROOT / name) for name in OWN])
    parser.add_argument("--misses", type=int, default=20)
    given = parser.parse_args()
    logs.configure()
    asyncio.run(_run(given.files, given.misses))


async def _run(files: List[str], misses: int) -> None:
    loaded = await agent.load(train.current_model(), Settings.read())
    for name in files:
        show(name, await evaluate(loaded, read_questions(Path(name))), misses)


def read_questions(path: Path) -> List[Dict[str, Any]]:
    """The questions of a file, one JSON object a line."""
    return [json.loads(line) for line in path.read_text(encoding="utf8").splitlines() if line.strip()]


async def evaluate(loaded: Any, questions: Iterable[Dict[str, Any]]) -> Score:
    """Ask every question afresh, as `/api/ask` would, and score the answers."""
    score = Score()
    for asked in questions:
        message = await loaded.parse_message(asked["text"][:2000])
        said, _ = respond({**message, "text": asked["text"][:2000]}, Conversation())
        score.add(asked, said.custom)
    return score


def show(name: str, score: Score, misses: int) -> None:
    """Rates, confusion tables, worst misses."""
    print(f"\n{name}")
    for label in sorted(score.rates):
        right, of = score.rates[label]
        print(f"  {right / of:6.1%}  {right:4d}/{of:<4d} {label}")
    for table, counts in score.confusions.items():
        print(f"  most confused by {table} (wanted → got):")
        for (wanted, got), count in counts.most_common(12):
            if wanted != got:
                print(f"    {count:3d}  {wanted} → {got}")
    for miss in score.misses[:misses]:
        print(f"  miss  {miss}")
