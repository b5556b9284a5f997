"""The knowledge base is clean, and each way of breaking it is told with file, line, reason and remedy."""

import re
import shutil
from pathlib import Path

import pytest

from knowledge.__main__ import main
from knowledge.check import check
from knowledge.library import ROOT, load
from rules.rulebook import compiled

# id: (file, what stands there, what is written instead, the line of the fault, words of the fault)
BROKEN = {
    "a citation of a clause that is not there": (
        "places/239900_heilongjiang_county/elder_home_allowance.yml",
        'cite: "hlj-county#三(一)1", quote: 居家高龄脱贫老人',
        'cite: "hlj-county#三(九)", quote: 居家高龄脱贫老人',
        4,
        "引用 hlj-county#三(九) 找不到",
    ),
    "a citation of a document that is not there": (
        "programmes/dibao.yml",
        "says_cite: law-2026#第18条",
        "says_cite: law-2062#第18条",
        9,
        "documents/ 里没有 law-2062.md",
    ),
    "a quote with another figure": (
        "places/239900_heilongjiang_county/elder_home_allowance.yml",
        "quote: 给予每人每月100元高龄居家养老补贴",
        "quote: 给予每人每月120元高龄居家养老补贴",
        7,
        "「给予每人每月120元高龄居家养老补贴」不在 hlj-county#三(一)1 里",
    ),
    "a summary quoted as if it were the document": (
        "places/000000_nation/dibao.yml",
        'cite: "law-2026#第18条"}',
        'cite: "law-2026#第18条", quote: 家庭人均收入低于当地标准}',
        8,
        "是要点，不是原文",
    ),
    "a fact that nobody asks": (
        "places/239900_heilongjiang_county/elder_home_allowance.yml",
        "fact: member.age",
        "fact: member.years",
        3,
        "facts.yml 里没有 member.years",
    ),
    "an answer that cannot be given": (
        "places/239900_heilongjiang_county/elder_institution_subsidy.yml",
        "is: institution",
        "is: instituton",
        4,
        "住处没有 instituton 这个答案",
    ),
    "a number that is compared with yes": (
        "places/239900_heilongjiang_county/elder_home_allowance.yml",
        "at_least: 80",
        "is: true",
        3,
        "年龄是数字",
    ),
    "a yes-or-no that is compared with a number": (
        "places/239900_heilongjiang_county/temporary_assistance.yml",
        "is: true",
        "at_least: 1",
        3,
        "不是数字",
    ),
    "a definition that was never given": (
        "places/239900_heilongjiang_county/dibao_top_up.yml",
        "use: key_person",
        "use: key_persons",
        4,
        "definitions.yml 里没有 key_persons",
    ),
    "two judgements in one condition": (
        "places/239900_heilongjiang_county/dibao_top_up.yml",
        "use: key_person,",
        "use: key_person, fact: member.age, at_least: 60,",
        4,
        "一个条件只能写一种判断",
    ),
    "an income line without its parameter": (
        "places/239900_heilongjiang_county/dibao.yml",
        "parameter: dibao_standard, ",
        "",
        3,
        "并写 parameter",
    ),
    "a condition that rests on memory": (
        "places/000000_nation/dibao.yml",
        'cite: "mca-2021-57#第23条"}\n  amount',
        'cite: "mca-2021-57#第9条"}\n  amount',
        4,
        "mca-2021-57#第9条 只凭记忆",
    ),
    "a rule of another place": (
        "places/640000_ningxia/temporary_assistance.yml",
        'cite: "ningxia-2021#三条·二", quote: 全面落实“先行救助”“分级审批”政策规定',
        'cite: "dunji-2020#(四)", quote: 视情先行给予临时救助',
        3,
        "dunji-2020 是别处(341324101)的文件",
    ),
    "a card that opens the way to nothing": (
        "programmes/tekun.yml",
        "unlocks: [tekun_institution_care,",
        "unlocks: [tekun_home_care,",
        None,
        "unlocks: 没有叫 tekun_home_care 的项目卡片",
    ),
    "a near miss that is not there": (
        "programmes/elder_home_allowance.yml",
        "near_miss: [old_age_allowance,",
        "near_miss: [old_age_allowence,",
        None,
        "near_miss: 没有叫 old_age_allowence 的项目卡片",
    ),
    "an exclusion of nothing": (
        "programmes/disability_nursing_allowance.yml",
        "{programme: tekun,",
        "{programme: tekuns,",
        None,
        "excludes: 没有叫 tekuns 的项目卡片",
    ),
    "a local amount of a programme without a card": (
        "places/440000_guangdong/place.yml",
        "programme: disability_living_allowance, min: 217",
        "programme: disability_living_alowance, min: 217",
        4,
        "没有叫 disability_living_alowance 的项目卡片",
    ),
    "two versions of a rule on one day": (
        "places/000000_nation/dibao.yml",
        "until: 2026-06-30",
        "until: 2026-07-01",
        1,
        "dibao (mca-2021-57, law-2026) 有两条同时管用",
    ),
    "two figures on one day": (
        "places/230600_daqing/place.yml",
        "hukou_kind: urban",
        "hukou_kind: rural",
        None,
        "dibao_standard rural 有两条同时管用",
    ),
    "two amounts on one day": (
        "places/440000_guangdong/place.yml",
        "from: 2025-01-01, until: 2025-12-31}\n- {programme: disability_nursing_allowance, min: 280",
        "from: 2025-01-01, until: 2026-01-31}\n- {programme: disability_nursing_allowance, min: 280",
        None,
        "disability_living_allowance amount 有两条同时管用",
    ),
    "two ways of counting income on one day": (
        "places/000000_nation/place.yml",
        "until: 2025-12-31}",
        "until: 2026-01-01}",
        None,
        "basic_pension 有两条同时管用",
    ),
    "an end before the beginning": (
        "places/000000_nation/place.yml",
        "until: 2025-12-31}",
        "until: 2021-06-30}",
        5,
        "结束比开始早",
    ),
    "a second-hand figure that passes for read": (
        "places/440000_guangdong/place.yml",
        "sure: seen-secondary, from: 2025-01-01, until: 2025-12-31}\n- {programme: disability_nursing_allowance",
        "from: 2025-01-01, until: 2025-12-31}\n- {programme: disability_nursing_allowance",
        None,
        "是转述，这里却写成核到了原文",
    ),
    "an amount without a source": (
        "places/239900_heilongjiang_county/elder_home_allowance.yml",
        ', cite: "hlj-county#三(一)1", quote: 给予每人每月100元高龄居家养老补贴',
        "",
        7,
        "这个金额没有出处",
    ),
    "a blank": ("programmes/tekun.yml", "group: 基本生活", "group: 〔请填〕", 5, "还有没填的地方"),
    "a misspelt key": ("programmes/tekun.yml", "group: 基本生活", "gruop: 基本生活", None, "gruop: extra fields"),
    "an id that is not the file's name": (
        "programmes/hotline.yml",
        "id: hotline",
        "id: hot_line",
        1,
        "id 和文件名不一样",
    ),
}


@pytest.fixture()
def base(tmp_path):
    """A copy of the knowledge base that a test may break."""
    root = tmp_path / "knowledge"
    shutil.copytree(ROOT, root, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    return root


def test_the_knowledge_base_is_clean():
    assert [str(fault) for fault in check()] == []


def test_what_passes_the_check_can_be_judged():
    library = load()

    assert all(compiled(rule, library).checks for versions in library.rules.values() for rule in versions)


@pytest.mark.parametrize("name", BROKEN)
def test_it_is_told(name, base):
    file, before, after, line, words = BROKEN[name]
    path = base / file
    text = path.read_text(encoding="utf8")
    assert before in text
    path.write_text(text.replace(before, after, 1), encoding="utf8")

    found = [fault for fault in check(base) if words in str(fault)]

    assert found, [str(fault) for fault in check(base)]
    assert path == found[0].file
    assert line in (None, found[0].line)
    assert re.fullmatch(r".+\.(yml|md):\d+: .+ — .+ — .+ / .+ — .+ — .+", str(found[0]), re.DOTALL)


def test_a_rule_without_a_card_is_told(base):
    rule = base / "places/239900_heilongjiang_county/hot_spring_allowance.yml"
    shutil.copy(base / "places/239900_heilongjiang_county/temporary_assistance.yml", rule)

    assert [(rule, True)] == [
        (fault.file, "没有叫 hot_spring_allowance 的项目卡片" in str(fault)) for fault in check(base)
    ]


def test_a_place_described_twice_is_told_with_both_files(base):
    shutil.copytree(base / "places/640000_ningxia", base / "places/640000_ningxia_too")
    told = [str(fault) for fault in check(base)]

    assert any("place 640000 有两条同时管用" in one and "640000_ningxia/place.yml" in one for one in told)


def test_a_folder_that_is_not_its_code_is_told(base):
    (base / "places/640000_ningxia").rename(base / "places/640001_ningxia")

    assert any("和代码 640000 对不上" in str(fault) for fault in check(base))


def test_a_clause_that_stands_twice_is_told(base):
    path = base / "documents/hlj-county.md"
    path.write_text(path.read_text(encoding="utf8").replace("## 三(一)2", "## 三(一)1"), encoding="utf8")

    (fault,) = check(base)

    assert path == fault.file
    assert "clause 三(一)1 stands twice" in str(fault)


def test_the_command_says_how_many_faults_and_fails(base, capsys):
    assert main(["--root", str(base), "check"]) == 0
    (base / "places/239900_heilongjiang_county/dibao.yml").write_text(
        "document: hlj-county\nconditions: 80 岁\n", "utf8"
    )

    assert main(["--root", str(base), "check"]) == 1
    assert "查完了，1 处要改 / checked, 1 to mend" in capsys.readouterr().out


def test_every_file_named_in_a_fault_is_a_file(base):
    for path in [base / "programmes/tekun.yml", base / "places/000000_nation/tekun.yml"]:
        path.write_text(
            path.read_text(encoding="utf8").replace("mca-2021-43#第4条", "mca-2021-43#第400条"), encoding="utf8"
        )

    assert {True} == {Path(fault.file).is_file() for fault in check(base)}
