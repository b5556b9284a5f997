"""A county's roster: read as clerks write it, judged row by row, written so that a clerk can act on it."""

import csv
import datetime as dt
from typing import Any

import openpyxl
import pytest
from openpyxl import Workbook

from knowledge.library import load
from rules.__main__ import main
from rules.columns import HOUSEHOLD_COLUMN, PERSON_COLUMN, CellError, columns, read_cell, read_header
from rules.roster import CHUNK, _chunks, _households, _in_order, _rows, screen_roster, write_template

NOVEMBER = dt.date(2021, 11, 1)
HLJ = "239900"
HOW_MANY: Any = len
HEADER = ["户号", "姓名", "与户主关系", "年龄", "住处", "脱贫户", "正在领低保", "残疾级别"]
GRANDMOTHER = ["1", "王奶奶", "母亲", 82, "住在家里", "是", "否", "没有残疾证"]


def write(path, rows, header=HEADER):
    """A roster as .xlsx or .csv, by the name's ending."""
    if path.suffix == ".csv":
        with path.open("w", encoding="gb18030", newline="") as text:
            csv.writer(text).writerows([header, *rows])
    else:
        book = Workbook()
        for row in [header, *rows]:
            book.active.append(row)
        book.save(path)
    return path


def read(path):
    """The sheets of the result: {name: rows without the titles}."""
    return {sheet.title: list(sheet.values)[1:] for sheet in openpyxl.load_workbook(path)}


@pytest.fixture()
def run(tmp_path):
    """Screen rows of the one county and read what came out: (sheets, tally)."""

    def screened(rows, header=HEADER, name="roster.xlsx", place=HLJ, **figures):
        out = tmp_path / "out.xlsx"
        tally = screen_roster(write(tmp_path / name, rows, header), out, NOVEMBER, place, figures)
        return read(out), tally

    return screened


@pytest.mark.parametrize("name", ["roster.xlsx", "roster.csv"])
def test_a_family_to_visit_is_named_with_why_and_whence(run, name):
    sheets, tally = run([GRANDMOTHER], name=name)
    (visit,) = sheets["建议走访"]

    assert visit[:2] == ("1", "王奶奶")
    assert "高龄脱贫老人居家养老补贴（王奶奶，每人每月 100 元）" in visit[3]
    assert "年龄 82 周岁" in visit[4]
    assert "黑龙江某县社会保障帮扶方案 三(一)1" in visit[5]
    assert (tally.households, tally.visits, tally.unread) == (1, 1, 0)


def test_people_of_one_household_are_judged_together(run):
    sheets, _ = run(
        [["1", "李大爷", "户主", 70, None, None, "是", None], ["1", "小李", "孙子", 9, None, None, None, None]]
    )
    (visit,) = sheets["建议走访"]

    assert "低保金加发（分类施保）（李大爷" in visit[3] and "低保金加发（分类施保）（小李" in visit[3]


def test_an_empty_cell_is_unknown_and_not_no(run):
    sheets, _ = run([["1", "王奶奶", "母亲", 82, "", "不详", "", ""]])
    (missing,) = sheets["缺少的信息"]

    assert not any("居家养老补贴" in visit[3] for visit in sheets["建议走访"])
    assert "高龄脱贫老人居家养老补贴" in missing[3]


def test_what_the_family_already_gets_is_not_suggested(run):
    sheets, _ = run([["1", "李大爷", "户主", 70, None, None, "是", None]])

    assert not any("最低生活保障" in visit[3] for visit in sheets["建议走访"])


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (["1", "王奶奶", "母亲", "八十多", "住在家里", "是", "否", None], "“年龄”写的是“八十多”，要写数字"),
        (["1", "王奶奶", "母亲", 300, "住在家里", "是", "否", None], "年龄应当"),
        (["1", "王奶奶", "母亲", 82, "医院", "是", "否", None], "“住处”写的是“医院”"),
        (["1", "王奶奶", "母亲", 82, "住在家里", "大概是", "否", None], "要写是或否"),
        ([None, "王奶奶", "母亲", 82, "住在家里", "是", "否", None], "没有写户号"),
        (["1", "王奶奶", "母亲", "90-80", "住在家里", "是", "否", None], "最小值比最大值大"),
    ],
)
def test_a_row_that_cannot_be_read_is_listed_and_nobody_is_judged_by_it(run, row, reason):
    sheets, tally = run([GRANDMOTHER, ["2", *row[1:]] if row[0] else row])
    ((number, _, told),) = sheets["读不了的行"]

    assert number == 3
    assert reason in told
    assert [visit[0] for visit in sheets["建议走访"]] == ["1"]
    assert tally.unread == 1


def test_a_fault_is_told_with_the_row_of_the_person(run):
    sheets, _ = run([GRANDMOTHER, ["1", "王大爷", "父亲", 84, None, None, None, 7]])
    ((number, household, _),) = sheets["读不了的行"]

    assert (number, household) == (3, "1")
    assert sheets["建议走访"] == []


def test_rows_of_one_household_that_disagree_are_not_guessed(run):
    sheets, _ = run([GRANDMOTHER, ["1", "王大爷", "父亲", 84, "住在家里", "否", "否", None]])
    ((_, _, reason),) = sheets["读不了的行"]

    assert "写得不一样" in reason


def test_a_household_whose_rows_do_not_stand_together_is_told(run):
    sheets, _ = run([GRANDMOTHER, ["2", *GRANDMOTHER[1:]], ["1", "王大爷", *GRANDMOTHER[2:]]])
    ((number, household, reason),) = sheets["读不了的行"]

    assert (number, household) == (4, "1")
    assert "没有挨在一起" in reason


def test_a_column_nobody_knows_is_named_and_does_no_harm(run):
    sheets, tally = run([[*GRANDMOTHER, "33012319440101001X"]], [*HEADER, "身份证号"])

    assert tally.strangers == ["身份证号"]
    assert len(sheets["建议走访"]) == 1


def test_a_name_that_looks_like_a_formula_stays_a_name(run):
    sheets, _ = run([["1", "=1+1", *GRANDMOTHER[2:]]], name="roster.csv")

    assert sheets["建议走访"][0][1] == "=1+1"


def test_english_headers_and_codes_are_read_too(run):
    header = ["household", "name", "relation", "age", "living", "status.out_of_poverty"]
    sheets, _ = run([["1", "a", "mother", 82, "home", True]], header)

    assert "高龄脱贫老人居家养老补贴" in sheets["建议走访"][0][3]


def test_a_row_may_name_its_own_place(run):
    sheets, _ = run(
        [["1", "a", 82, "住在家里", "是", "230123"]],
        ["户号", "姓名", "年龄", "住处", "脱贫户", "户口所在地"],
        place=None,
    )

    assert not any("居家养老补贴" in visit[3] for visit in sheets["建议走访"])


def test_a_missing_local_figure_is_noted_once_for_all(run):
    header = ["户号", "姓名", "年龄", "有工作", "家里人口", "全家一年收入"]
    rows = [[str(number), "a", 40, "否", 1, 3000] for number in range(3)]

    _, without = run(rows, header)
    sheets, tally = run(rows, header, dibao_standard=500)

    assert without.figures == {"parameters.dibao_standard"}
    assert tally.figures == set()
    assert all("最低生活保障（低保）" in visit[3] for visit in sheets["建议走访"])


def test_a_roster_without_a_household_column_is_refused(run):
    with pytest.raises(CellError, match="户号"):
        run([[82]], ["年龄"])


@pytest.mark.parametrize(
    ("key", "cell", "fact"),
    [
        ("member.age", 82, 82),
        ("member.age", 82.0, 82),
        ("member.age", "82岁", 82),
        ("member.age", "60-65", [60, 65]),
        ("member.age", "60至65岁", [60, 65]),
        ("member.age", "80岁以上", [80, None]),
        ("annual_income", "12,000元", 12000),
        ("member.disability_grade", "二级", 2),
        ("member.disability_grade", "2级", 2),
        ("member.disability_grade", "没有残疾证", 0),
        ("member.disability_grade", 3, 3),
        ("member.relation", "户主", "self"),
        ("member.relation", "长子", "son"),
        ("member.living", "敬老院", "institution"),
        ("member.living", "特困分散供养", "scattered"),
        ("member.works_away", "在外省", "other_province"),
        ("hukou_kind", "农业", "rural"),
        ("status.dibao", "√", True),
        ("status.dibao", 0, False),
        ("status.dibao", True, True),
        ("status.dibao", "不知道", None),
        ("region", 341324, "341324"),
        ("region", 341324.0, "341324"),
    ],
)
def test_a_cell_is_read_as_a_clerk_writes_it(key, cell, fact):
    assert read_cell(key, cell, load()) == fact


def test_no_two_columns_have_one_name():
    known = columns(load())
    header, strangers = read_header([column.chinese for column in known], load())

    assert strangers == []
    assert list(header.values()) == [column.key for column in known]
    assert len({column.english for column in known}) == len(known)


def test_the_template_can_be_screened_as_it_stands(tmp_path):
    write_template(tmp_path / "roster.xlsx")
    tally = screen_roster(tmp_path / "roster.xlsx", tmp_path / "out.xlsx", NOVEMBER, HLJ)

    assert (tally.households, tally.unread, tally.strangers) == (2, 0, [])
    assert tally.visits == 2


def test_rows_are_written_as_they_are_read(tmp_path):
    """No list of the roster is held: a row is asked for only after the household before it was judged."""
    header = dict(enumerate([HOUSEHOLD_COLUMN, PERSON_COLUMN, "member.age"]))
    asked = []

    def rows():
        for number in range(10 * CHUNK):
            asked.append(number)
            yield (f"h{number}", "a", 70)

    judged = _in_order(HOW_MANY, _chunks(_households(_rows(rows(), header, load()))), workers=0)

    assert next(judged) == CHUNK
    assert len(asked) == CHUNK + 1


def test_several_processes_write_what_one_writes(tmp_path):
    rows = [[f"{number}", "王奶奶", *GRANDMOTHER[2:3], 70 + number % 20, *GRANDMOTHER[4:]] for number in range(250)]
    roster = write(tmp_path / "roster.xlsx", rows)

    alone = screen_roster(roster, tmp_path / "alone.xlsx", NOVEMBER, HLJ)
    together = screen_roster(roster, tmp_path / "together.xlsx", NOVEMBER, HLJ, workers=2)

    assert together == alone
    assert read(tmp_path / "together.xlsx") == read(tmp_path / "alone.xlsx")


# --- the commands


def test_a_family_file_is_told_in_plain_chinese(tmp_path, capsys):
    file = tmp_path / "family.yml"
    file.write_text(
        'place: "239900"\nas_of: 2021-11-01\nhousehold:\n  status: {out_of_poverty: true}\n'
        "  members: [{id: 奶奶, age: 82, living: home}, {id: 爷爷, age: 83}]\n",
        encoding="utf8",
    )

    assert main([str(file)]) == 0
    told = capsys.readouterr().out
    assert "高龄脱贫老人居家养老补贴（奶奶）　每人每月 100 元" in told
    assert "✓ 年满 80 周岁（年龄 82 周岁） 〔黑龙江某县社会保障帮扶方案 三(一)1〕" in told
    assert "还缺：爷爷的住处" in told
    assert "去哪里：" in told and "以民政部门审核为准" in told


def test_a_family_file_with_a_fault_is_refused_with_its_path(tmp_path, capsys):
    file = tmp_path / "family.yml"
    file.write_text("household: {members: [{age: 300}]}", encoding="utf8")

    assert main([str(file)]) == 1
    assert "household.members[0].age" in capsys.readouterr().err


def test_the_commands_make_a_template_and_screen_it(tmp_path, capsys):
    roster, out = str(tmp_path / "roster.xlsx"), str(tmp_path / "out.xlsx")

    assert main(["template", roster]) == 0
    assert (
        main(["batch", roster, "--place", HLJ, "--as-of", "2021-11-01", "--dibao-standard", "500", "--out", out]) == 0
    )
    assert "看了 2 户：2 户可能符合" in capsys.readouterr().out


def test_a_place_that_is_not_is_refused(tmp_path, capsys):
    with pytest.raises(SystemExit):
        main(["batch", "x.xlsx", "--place", "999999", "--out", "y.xlsx"])

    assert "没有 999999 这个地方" in capsys.readouterr().err
