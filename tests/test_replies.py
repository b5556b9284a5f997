"""Bare answers to a question."""

import pytest

from knowledge.library import load
from knowledge.replies import UNKNOWN, read_reply


def question(path: str) -> dict:
    fact = load().facts["member." + path.split("].")[1] if "]." in path else path]
    choices = [{"value": choice.value, "label": choice.label} for choice in fact.choices]
    kind = fact.type if not choices or fact.type == "yesno" else "choice"
    return {"path": path, "kind": kind, "unit": fact.unit, "choices": choices}


@pytest.mark.parametrize(
    ("path", "said", "value"),
    [
        ("members[mother].age", "82", 82),
        ("members[mother].age", "八十二了", 82),
        ("members[mother].age", "快八十", [75, 79]),
        ("size", "四口人", 4),
        ("size", "就我一个人", 1),
        ("size", "我们老两口", 2),
        ("annual_income", "两三千吧", [2000, 3000]),
        ("annual_income", "一个月三千", 36000),
        ("annual_income", "种地五千，打工一万", 15000),
        ("annual_income", "一分钱没有", 0),
        ("members[mother].basic_pension_monthly", "一百多", [100, 199]),
        ("members[mother].basic_pension_monthly", "没有", 0),
        ("status.dibao", "有", True),
        ("status.dibao", "领着呢", True),
        ("status.dibao", "没有", False),
        ("status.dibao", "以前有，现在没了", False),
        ("members[mother].living", "住家里", "home"),
        ("members[mother].living", "2", "institution"),
        ("members[mother].living", "第二个", "institution"),
        ("members[mother].disability_grade", "2", 2),
        ("members[mother].disability_grade", "没有残疾证", 0),
        ("members[mother].disability_grade", "有，忘了几级", [1, 4]),
        ("members[mother].self_care", "都要人照顾", "none"),
        ("house", "墙都裂了", "dangerous"),
        ("region", "安徽泗县墩集镇", "341324101"),
    ],
)
def test_a_bare_answer_is_read_as_the_fact_that_was_asked(path, said, value):
    assert read_reply(said, question(path)) == value


@pytest.mark.parametrize("said", ["不知道", "唔知", "说不清", "不想说", "记不得了"])
@pytest.mark.parametrize("path", ["annual_income", "status.dibao", "members[mother].living"])
def test_not_knowing_is_neither_no_nor_zero(path, said):
    assert read_reply(said, question(path)) is UNKNOWN


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("annual_income", "3"),
        ("annual_income", "问这个干嘛？"),
        ("status.dibao", "低保怎么申请"),
        ("members[mother].living", "能领多少钱"),
        ("members[mother].age", "你好"),
    ],
)
def test_what_is_no_answer_is_none(path, said):
    assert read_reply(said, question(path)) is None
