"""A new county or programme is files under knowledge/ and no code."""

import datetime as dt
import shutil

import pytest

from knowledge.__main__ import main
from knowledge.check import check
from knowledge.library import ROOT, KnowledgeError, load
from knowledge.skeleton import new_place, new_programme
from rules import Household, screen
from rules.questions import next_question

JANUARY = dt.date(2026, 1, 10)
DOCUMENT = """\
---
id: lingbi
kind: quoted
title: 灵璧县老人取暖补贴通知
short: 灵璧县取暖补贴通知
number: null
issuer: 灵璧县民政局
place: "341323"
issued: 2025-10-01
valid_from: 2025-11-01
valid_until: 2026-03-31
note: 测试用的文件，不是真的。
---

## 一
家里领着低保、年满七十周岁的老人，今冬每人发取暖费300元。
"""
CARD = """\
id: heating_aid
name: 老人取暖费
scope: member
screened: true
group: 老人
says: 低保家庭里的老人，冬天发一次取暖费。
says_cite: lingbi#一
near_miss: [dibao]
"""
RULE = """\
document: lingbi
conditions:
- {fact: status.dibao, is: true, text: 家里正在领低保, cite: "lingbi#一", quote: 家里领着低保}
- {fact: member.age, at_least: 70, text: 年满 70 周岁, cite: "lingbi#一", quote: 年满七十周岁的老人}
amount:
- {min: 300, max: 300, unit: CNY/once, cite: "lingbi#一", quote: 每人发取暖费300元}
"""
DATED_AMOUNT = """\
- {min: 350, max: 350, unit: CNY/once, cite: "lingbi#一", from: 2026-02-01}
"""


@pytest.fixture()
def base(tmp_path):
    root = tmp_path / "knowledge"
    shutil.copytree(ROOT, root, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    return root


@pytest.fixture()
def lingbi(base):
    """The knowledge base with one more county and one more programme, written from the skeletons."""
    place, rule, document = new_place("341323", "lingbi", "安徽省宿州市灵璧县", base)
    (card,) = new_programme("heating_aid", base)
    document.write_text(DOCUMENT, encoding="utf8")
    card.write_text(CARD, encoding="utf8")
    rule.unlink()
    (place.parent / "heating_aid.yml").write_text(RULE, encoding="utf8")
    return base


def family(library, **facts):
    return Household.parse({"region": "341323", **facts}, library)


def result(library, household, as_of=JANUARY):
    (found,) = screen(household, as_of, ["heating_aid"], library=library)
    return found


def test_a_filled_skeleton_passes_the_check(lingbi):
    assert [str(fault) for fault in check(lingbi)] == []


def test_a_skeleton_that_was_not_filled_says_what_is_left(base, capsys):
    assert main(["--root", str(base), "new-place", "341323", "lingbi", "安徽省宿州市灵璧县"]) == 0
    assert main(["--root", str(base), "new-programme", "heating_aid"]) == 0

    assert {"还有没填的地方"} == {fault.zh[0] for fault in check(base)}
    assert "places/341323_lingbi/place.yml" in capsys.readouterr().out


def test_a_new_county_gives_verdicts_with_its_clause_and_amount(lingbi):
    library = load(lingbi)
    told = family(library, status={"dibao": True}, members=[{"id": "奶奶", "relation": "grandmother", "age": 70}])
    found = result(library, told)

    assert found["verdict"] == "eligible"
    assert found["amount"] == {"min": 300, "max": 300, "unit": "CNY/once", "cite": "lingbi#一"}
    assert [reason["cite"]["quote"] for reason in found["because"]] == ["家里领着低保", "年满七十周岁的老人"]


def test_a_new_county_gets_its_boundary_right(lingbi):
    library = load(lingbi)
    told = family(library, status={"dibao": True}, members=[{"id": "奶奶", "age": 69}])

    assert result(library, told)["verdict"] == "ineligible"


def test_a_new_county_asks_what_is_missing(lingbi):
    library = load(lingbi)
    told = family(library, members=[{"id": "奶奶", "relation": "grandmother", "age": 75}])

    assert result(library, told)["missing"] == ["status.dibao"]
    assert next_question(told, JANUARY, ["heating_aid"], library=library).path == "status.dibao"


def test_a_new_programme_is_offered_only_where_its_rule_holds(lingbi):
    library = load(lingbi)
    neighbour = Household.parse({"region": "341324", "members": [{"age": 75}]}, library)

    assert screen(neighbour, JANUARY, ["heating_aid"], library=library) == []


def test_an_amount_that_changes_within_a_rule_goes_by_its_dates(lingbi):
    path = lingbi / "places/341323_lingbi/heating_aid.yml"
    ended = RULE.replace("unit: CNY/once", "unit: CNY/once, until: 2026-01-31")
    path.write_text(ended + DATED_AMOUNT, encoding="utf8")
    library = load(lingbi)
    told = family(library, status={"dibao": True}, members=[{"id": "奶奶", "age": 70}])

    assert [str(fault) for fault in check(lingbi)] == []
    assert result(library, told)["amount"]["max"] == 300
    assert result(library, told, dt.date(2026, 2, 1))["amount"]["max"] == 350


def test_what_is_there_is_not_overwritten(base):
    with pytest.raises(KnowledgeError, match="已经有了"):
        new_programme("dibao", base)


@pytest.mark.parametrize("code", ["341399", "99", "泗县"])
def test_a_code_that_is_no_place_is_refused(code, base, capsys):
    assert main(["--root", str(base), "new-place", code, "x", "某地"]) == 1
    assert "不是 6、9 或 12 位的行政区划代码" in capsys.readouterr().err
