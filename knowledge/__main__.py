"""python -m knowledge check | new-place CODE pinyin 名称 | new-programme ID"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import List, Optional

from knowledge.check import check
from knowledge.faults import shown
from knowledge.library import ROOT, KnowledgeError
from knowledge.skeleton import new_place, new_programme


def main(arguments: Optional[List[str]] = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m knowledge", description="查资料库、加一个地方、加一个项目")
    parser.add_argument("--root", type=Path, default=ROOT, help="资料库所在的文件夹")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("check", help="查每条引用、每个条件、每个数字")
    place = commands.add_parser("new-place", help="写一个新地方的空架子")
    place.add_argument("code", help="行政区划代码，例如 341324")
    place.add_argument("pinyin", help="拼音，例如 sixian")
    place.add_argument("name", help="名称，例如 安徽省宿州市泗县")
    programme = commands.add_parser("new-programme", help="写一个新项目的空卡片")
    programme.add_argument("id", help="英文小写和下划线，例如 heating_aid")
    told = parser.parse_args(arguments)
    if told.command == "check":
        return _check(told.root)
    try:
        written = (
            new_place(told.code, told.pinyin, told.name, told.root)
            if told.command == "new-place"
            else new_programme(told.id, told.root)
        )
    except KnowledgeError as error:
        print(error, file=sys.stderr)
        return 1
    for path in written:
        print(shown(path))
    print("填好以后运行 python -m knowledge check / fill these in, then run python -m knowledge check")
    return 0


def _check(root: Path) -> int:
    faults = check(root)
    for fault in faults:
        print(fault)
    print(
        f"查完了，{len(faults)} 处要改 / checked, {len(faults)} to mend"
        if faults
        else "查完了，没有毛病 / checked, all is well"
    )
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
