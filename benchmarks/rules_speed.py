"""How long judging takes on one core: a family against all programmes of its place, the next question, and a county's roster.

python -m benchmarks.rules_speed            every place, milliseconds a family
python -m benchmarks.rules_speed --roster 100000    a roster of that many households, seconds and memory
"""

from __future__ import annotations

import argparse
import datetime as dt
import resource
import statistics
import tempfile
import time
from pathlib import Path
from random import Random
from typing import Any, Callable, Dict, List, Sequence

from openpyxl import Workbook

from benchmarks.families import STANDARD, at, family, hidden
from rules import Household, screen
from rules.questions import next_question
from rules.roster import screen_roster
from rules.screen import judge

PLACES = {
    "黑龙江某县": ("239900", dt.date(2021, 11, 1)),
    "宁夏平罗县": ("640221", dt.date(2021, 11, 1)),
    "阳江江城区": ("441702", dt.date(2018, 6, 1)),
    "泗县墩集镇": ("341324101", dt.date(2020, 6, 1)),
    "贵港某区": ("450899", dt.date(2020, 6, 1)),
    "全国（成都）": ("510104", dt.date(2026, 8, 1)),
}
FIGURES = {"dibao_standard": STANDARD, "minimum_wage": 1800}
FAMILIES = 300
GOAL_MILLISECONDS = 2.0
COLUMNS = (
    "household name size annual_income hukou_kind status.dibao status.tekun status.registered_poor status.out_of_poverty"
    " status.unstable_out_of_poverty status.edge_poverty relation age disability_grade disability_kind serious_illness"
    " work_ability living employed monthly_wage"
).split()


def milliseconds(act: Callable[[Household], Any], families: Sequence[Household]) -> float:
    """The median over the families, after one round to warm up."""
    taken = []
    for household in families:
        act(household)
        begun = time.process_time()
        act(household)
        taken.append((time.process_time() - begun) * 1000)
    return statistics.median(taken)


def by_place() -> None:
    print(f"{FAMILIES} 户编的人家，每户 1—5 人，三成的事没说；一户看当地全部项目要多少毫秒（中位数，单核）")
    for name, (place, day) in PLACES.items():
        random = Random(place)
        raw = [at(place, hidden(family(random), random, 0.3)) for _ in range(FAMILIES)]
        families = [Household.parse(one) for one in raw]
        verdicts = milliseconds(lambda h: judge(h, day, None, FIGURES), families)  # noqa: B023
        words = milliseconds(lambda h: screen(h, day, None, FIGURES), families)  # noqa: B023
        question = milliseconds(lambda h: next_question(h, day, None, FIGURES), families)  # noqa: B023
        told = "够快" if words < GOAL_MILLISECONDS else "太慢"
        print(f"{name:<8} 判断 {verdicts:.2f}  连同理由 {words:.2f}（{told}）  下一个问题 {question:.1f}")


def roster(households: int, workers: int) -> None:
    with tempfile.TemporaryDirectory(dir=_var()) as folder:
        source, out = Path(folder) / "roster.xlsx", Path(folder) / "out.xlsx"
        rows = write_roster(source, households)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        begun = time.perf_counter()
        tally = screen_roster(source, out, dt.date(2021, 11, 1), "239900", FIGURES, workers=workers)
        taken = time.perf_counter() - begun
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(
        f"{households} 户 {rows} 行 {len(COLUMNS)} 列：{taken:.0f} 秒；{tally.visits} 户建议走访，{tally.unread} 处读不了"
    )
    print(f"读写的进程内存最高 {after // 1024} MB（开始时 {before // 1024} MB），另有 {workers} 个进程判断")


def write_roster(path: Path, households: int) -> int:
    """A made-up roster; the number of its rows."""
    random = Random(7)
    book = Workbook(write_only=True)
    sheet = book.create_sheet("名册")
    sheet.append(COLUMNS)
    rows = 0
    for number in range(households):
        for row in _people(number, family(random)):
            sheet.append(row)
            rows += 1
    book.save(path)
    return rows


def _people(number: int, household: Dict[str, Any]) -> List[List[Any]]:
    status = {f"status.{name}": value for name, value in household["status"].items()}
    return [
        [f"H{number:06}", f"某{member['id']}", *map({**household, **status, **member}.get, COLUMNS[2:])]
        for member in household["members"]
    ]


def _var() -> Path:
    var = Path(__file__).parents[1] / "var"
    var.mkdir(exist_ok=True)
    return var


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--roster", type=int, metavar="HOUSEHOLDS")
    parser.add_argument("--workers", type=int, default=1)
    told = parser.parse_args()
    roster(told.roster, told.workers) if told.roster else by_place()
