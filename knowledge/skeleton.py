"""Skeletons of a new place and a new programme: every key, a word on each, and marks where to fill in."""

from __future__ import annotations

from pathlib import Path
from typing import List

from knowledge.check import BLANK
from knowledge.library import ROOT, KnowledgeError
from knowledge.regions import is_known, region_name

_PLACE = """\
# {name}的资料。数字都要写出处(cite)、从哪天起(from)、到哪天止(until,没有就不写)。
code: "{code}"
name: {name}
# 算收入的办法；没有自己的规定就删掉，用上级的。
# income_rules:
# - {{kind: employment_cost, rate: [0.2, 0.3], text: 打工收入扣多少。, from: 2026-01-01,
#    cite: "{document}#一", quote: 原话}}
# 当地的数：低保标准(元/人/月)、最低工资(元/月)。
# parameters:
#   dibao_standard:
#   - {{value: 700, from: 2026-01-01, hukou_kind: rural, cite: "{document}#一"}}
# 办事的地方。
# offices:
# - {{name: 民政窗口, address: 地址, phone: 电话, hours: 时间, cite: "{document}#一"}}
"""
_RULE = """\
# {name}的低保规则。文件名就是项目的 id;每个项目一个文件，照这个样子写。
document: {document}
conditions:
- {{income: below, parameter: dibao_standard, text: 家庭人均月收入低于当地低保标准,
   cite: "{document}#一", quote: {blank}}}
amount_open: {{say: 文件没有写发多少，要问乡镇民政。, cite: "{document}#一"}}
"""
_DOCUMENT = """\
---
id: {document}
kind: quoted
title: {blank}
short: {blank}
number: null
issuer: {blank}
place: "{code}"
issued: null
valid_from: null
valid_until: null
note: {blank}
---

## 一
{blank}
"""
_PROGRAMME = """\
id: {id}
name: {blank}
# household:一户算一份;member:一个人算一份。
scope: household
# true:能按条件估一估;false:只能回答问题。
screened: true
group: {blank}
# 老百姓怎么叫它。
also_called: []
# 说了什么样的难处，就该想到它。
needs: []
says: {blank}
says_cite: null
apply:
  where: {{say: 户籍所在地的乡镇政府或街道办事处。, cite: law-2026#第37条}}
  how: []
  materials: []
  phone: {{say: 打 12345 问当地（据公开转述，以当地为准）。, number: "12345", cite: hotlines#12345}}
# 每句话一条出处：eligibility、amount、definition、income_rules、
# asset_rules、exit_or_cancel、review_or_complaint、other:每句话一条出处。
answers: {{}}
office_checks: []
# 办了它，还能打开哪些；够不上它，可以看看哪些；有了它，不能再领哪些。
unlocks: []
near_miss: []
excludes: []
"""


def new_place(code: str, pinyin: str, name: str, root: Path = ROOT) -> List[Path]:
    """Write a place's folder, its document and one rule to copy.

    Raises KnowledgeError when the code is no place or the files are there already.
    """
    if not is_known(code) or len(code) not in (6, 9, 12):
        raise KnowledgeError(
            f"{code}: 不是 6、9 或 12 位的行政区划代码，例如泗县 341324 / not a GB/T 2260 code, such as 341324"
        )
    if not (pinyin.isascii() and pinyin.replace("_", "").isalnum()):
        raise KnowledgeError(
            f"{pinyin}: 拼音只用英文字母和下划线，例如 sixian / use letters and underscores, such as sixian"
        )
    document = pinyin.replace("_", "-").lower()
    words = {"code": code, "name": name or region_name(code), "document": document, "blank": BLANK}
    folder = root / "places" / f"{code}_{pinyin}"
    return _write(
        {
            folder / "place.yml": _PLACE.format(**words),
            folder / "dibao.yml": _RULE.format(**words),
            root / "documents" / f"{document}.md": _DOCUMENT.format(**words),
        }
    )


def new_programme(programme: str, root: Path = ROOT) -> List[Path]:
    """Write a programme's card to fill in."""
    if not (programme.isascii() and programme.isidentifier()):
        raise KnowledgeError(
            f"{programme}: id 只用英文小写和下划线，例如 heating_aid / lower case and underscores only"
        )
    return _write({root / "programmes" / f"{programme}.yml": _PROGRAMME.format(id=programme, blank=BLANK)})


def _write(files: dict[Path, str]) -> List[Path]:
    there = [path for path in files if path.exists()]
    if there:
        raise KnowledgeError(f"{there[0]}: 已经有了，不覆盖 / exists already and is left alone")
    for path, text in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf8")
    return list(files)
