"""python -m rules FILE.yml | batch roster.xlsx --place CODE --as-of DATE --out out.xlsx | template roster.xlsx"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import sys
from pathlib import Path
from typing import Any, Dict, List, Optional

import yaml
from tqdm import tqdm

from knowledge.library import load
from knowledge.regions import is_known
from rules.columns import CellError
from rules.household import Household, HouseholdError
from rules.paths import FIGURES
from rules.roster import Tally, screen_roster, write_template
from rules.screen import screen
from rules.sheet import family_sheet

COMMANDS = ("batch", "template")


def main(arguments: Optional[List[str]] = None) -> int:
    told = list(sys.argv[1:] if arguments is None else arguments)
    command = told.pop(0) if told and told[0] in COMMANDS else "family"
    try:
        return {"batch": _batch, "template": _template, "family": _family}[command](told)
    except (HouseholdError, CellError, OSError, ValueError) as error:
        print(f"{getattr(error, 'path', '')} {error}".strip(), file=sys.stderr)
        return 1


def _family(arguments: List[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m rules", description="一户人家（YAML）能办什么、还缺什么")
    parser.add_argument("file", type=Path, help="YAML 文件：household，另可写 place、as_of、parameters")
    _place_and_day(parser)
    told = parser.parse_args(arguments)
    written: Dict[str, Any] = yaml.safe_load(told.file.read_text(encoding="utf8")) or {}
    if "household" not in written:
        written = {"household": written}
    raw = dict(written["household"] or {})
    place = told.place or written.get("place")
    if place:
        raw.setdefault("region", str(place))
    as_of = told.as_of or written.get("as_of") or dt.date.today()
    household = Household.parse(raw)
    results = screen(household, as_of, parameters={**(written.get("parameters") or {}), **_figures(told)})
    print(family_sheet(results, household, as_of, load()))
    return 0


def _batch(arguments: List[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m rules batch", description="一份名册（xlsx 或 csv）逐户看")
    parser.add_argument("roster", type=Path, help="名册；列名见 python -m rules template")
    parser.add_argument("--out", type=Path, required=True, help="结果写到哪个 xlsx")
    _place_and_day(parser)
    told = parser.parse_args(arguments)
    as_of = told.as_of or dt.date.today()
    tally = screen_roster(
        told.roster,
        told.out,
        as_of,
        told.place,
        _figures(told),
        progress=lambda rows: tqdm(rows, unit=" 行"),
        workers=max(1, (os.cpu_count() or 1) - 1),
    )
    print(_summary(tally, told.out))
    return 0


def _template(arguments: List[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m rules template", description="写一份空名册，列名和填法都在里头")
    parser.add_argument("out", type=Path, help="写到哪个 xlsx")
    out = parser.parse_args(arguments).out
    write_template(out)
    print(f"写好了 {out}。照着填，空着就是不知道。")
    return 0


def _place_and_day(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--place", type=_place, help="行政区划代码，例如 341324")
    parser.add_argument("--as-of", type=dt.date.fromisoformat, help="按哪一天的规定，例如 2026-03-01；不写就是今天")
    parser.add_argument("--dibao-standard", type=float, help="当地低保标准，元/人/月")
    parser.add_argument("--minimum-wage", type=float, help="当地最低工资，元/月")


def _place(code: str) -> str:
    if not is_known(code):
        raise argparse.ArgumentTypeError(f"没有 {code} 这个地方，例如泗县写 341324 / no such place")
    return code


def _figures(told: argparse.Namespace) -> Dict[str, float]:
    named = {"dibao_standard": told.dibao_standard, "minimum_wage": told.minimum_wage}
    return {name: value for name, value in named.items() if value is not None}


def _summary(tally: Tally, out: Path) -> str:
    lines = [
        f"看了 {tally.households} 户：{tally.visits} 户可能符合、建议走访，{tally.missing} 户还缺信息，{tally.unread} 处读不了。",
        f"结果在 {out}。都是初步估计，以民政部门审核为准。",
    ]
    if tally.strangers:
        lines.append(f"没有用到的列：{'、'.join(tally.strangers)}")
    if tally.figures:
        names = "、".join(FIGURES.get(path[11:], path[11:]) for path in sorted(tally.figures))
        lines.append(f"有的户因为没有{names}判不了，可以加上 --dibao-standard、--minimum-wage。")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
