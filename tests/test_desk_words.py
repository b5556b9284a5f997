"""What the desk makes of words, without a server: reading aloud, orders, figures, reviews."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from typing import Any

import pytest
import yaml

from actions.state import Conversation
from bot.desk import assist, board, order, review
from bot.desk.assist import NotUnderstood, aloud, covered, tells_otherwise, view_of, was_asked

MOTHER = {"id": "mother", "relation": "mother", "age": 82, "living": "home"}
FAMILY: dict[str, Any] = {"members": [MOTHER], "status": {"out_of_poverty": True}}


def conversation(**about: Any) -> Conversation:
    return Conversation(**{"household": FAMILY, "region": "239900", "as_of": "2022-05-01", **about})


def told(*paths_and_values: tuple[str, Any]) -> dict[str, Any]:
    household: dict[str, Any] = {}
    for path, value in paths_and_values:
        household = assist.with_fact(household, path, value)
    return {"text": "", "facts": {"household": household}}


# Reading aloud --------------------------------------------------------------------------------------------------------


def test_what_is_read_aloud_has_no_source_line_no_question_and_nothing_to_tap() -> None:
    spoken, more = aloud(
        "我记下了：您妈妈 82 岁。\n（第 2 题，大约还有 3 题）您家几口人？\n依据：某文件 三(一)1。\n去哪办：乡镇窗口。"
    )

    assert ("我记下了：您妈妈 82 岁。", "去哪办：乡镇窗口。") == (spoken, more)


def test_an_agent_who_says_good_has_not_read_the_sentence_aloud() -> None:
    offered = "每人每月 100 元。给这样的人：年满 80 周岁、住在家里、是脱贫户。"

    assert covered(offered, "每人每月是100元，给年满80周岁、住在家里、是脱贫户的人") > 0.5
    assert covered(offered, "好的好的") < 0.5


@pytest.mark.parametrize(
    ("line", "asked"),
    [("您家里一起吃住的有几口人啊", True), ("几口人", True), ("您能听清我说话吗", False), ("好", False)],
)
def test_a_question_counts_as_put_only_when_the_agent_was_heard_putting_it(line: str, asked: bool) -> None:
    assert asked is was_asked("一起吃住、一本账过日子的有几口人？", line)


# What a line may answer -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("message", "pending", "otherwise"),
    [
        (told(("members[mother].age", 82)), "members[self].age", True),
        (told(("members[self].age", 82)), "members[mother].age", False),
        (told(("size", 3)), "annual_income", True),
        (told(("hardship.illness", True)), "hardship.accident", True),
        (told(("status.dibao", True)), "status", False),
        (told(("members[mother].disability_grade", 2)), "members.disability_grade", False),
        (told(("members[mother].age", 82)), "members.disability_grade", True),
        (told(), "size", False),
    ],
)
def test_a_line_about_something_else_is_no_answer(message: dict[str, Any], pending: str, otherwise: bool) -> None:
    assert otherwise is tells_otherwise(message, pending)


def test_one_status_that_a_family_holds_says_nothing_of_the_others() -> None:
    asked = conversation(household={}, pending="status", group=["status.dibao", "status.tekun"]).dump()

    assert {"status": {"dibao": True}} == assist.with_choice(asked, "status", "status.dibao", "")["household"]
    assert {"status": {"dibao": False, "tekun": False}} == assist.with_choice(asked, "status", "none", "")["household"]


def test_a_key_names_one_person_and_the_others_are_asked_about_again() -> None:
    people = [{"id": name, "relation": name, "age": 70} for name in ("father", "mother", "self")]
    path, group = "members.disability_grade", [f"members[{one['id']}].disability_grade" for one in people]
    asked = conversation(household={"members": people}, pending=path, group=group).dump()
    named = assist.with_choice(asked, path, group[1], "")
    nobody_else = assist.with_choice(named, path, "none", "")

    assert [None, [1, 4], None] == [one.get("disability_grade") for one in named["household"]["members"]]
    assert "您妈妈的残疾证是几级？" == (view_of(Conversation.load(named))["question"] or {})["ask"]
    assert [0, [1, 4], 0] == [one["disability_grade"] for one in nobody_else["household"]["members"]]


def test_people_have_a_key_each_under_the_names_the_caller_uses() -> None:
    people = [{"id": "grandmother", "relation": "grandmother", "age": 80}, {"id": "self", "relation": "self", "age": 40}]
    about = {"topic": "disability_nursing_allowance", "called": {"grandmother": "姥姥"}}
    question = view_of(conversation(household={"members": people}, **about))["question"]

    assert [(1, "姥姥"), (2, "我自己"), (3, "都没有")] == [(one["key"], one["label"]) for one in question["choices"]]


def test_an_impossible_value_by_the_agents_own_hand_is_refused_in_words() -> None:
    state = conversation().dump()

    with pytest.raises(NotUnderstood):
        assist.with_value(state, "members[mother].age", 300, "坐席填")
    with pytest.raises(NotUnderstood, match="没找到"):
        assist.value_from(state, "region", "不存在的地方")
    assert "341324101" == assist.value_from(state, "region", "泗县墩集镇")


# The screen -----------------------------------------------------------------------------------------------------------


def test_what_changed_since_the_last_line_is_marked_and_nothing_else() -> None:
    before = view_of(conversation(household={"members": [MOTHER]}))
    after = view_of(conversation(), before=before)

    assert ["status.out_of_poverty"] == after["changed"]["facts"]
    assert "elder_home_allowance@mother" in after["changed"]["results"]
    assert {"facts": [], "results": [], "question": False} == view_of(conversation(), before=after)["changed"]


def test_a_question_that_was_not_there_before_the_last_line_is_marked() -> None:
    before = view_of(conversation(household={}))
    after = view_of(conversation(), before=before)

    assert (None, True) == (before["question"], after["changed"]["question"])
    assert not view_of(conversation(), before=after)["changed"]["question"]


def test_the_matter_in_hand_stands_first_in_the_table() -> None:
    rows = view_of(conversation(topic="temporary_assistance"))["results"]

    assert "temporary_assistance" == rows[0]["programme"]
    assert "eligible" == rows[1]["verdict"]


def test_before_anything_was_heard_there_is_nothing_to_ask() -> None:
    assert view_of(Conversation(region="239900"))["question"] is None


def test_choices_are_numbered_as_the_keys_are() -> None:
    question = view_of(conversation(household={"members": [{"id": "mother", "relation": "mother", "age": 82}]}))[
        "question"
    ]

    assert list(range(1, len(question["choices"]) + 1)) == [choice["key"] for choice in question["choices"]]


# Orders ---------------------------------------------------------------------------------------------------------------


def test_an_order_of_a_silent_call_is_all_to_be_filled_in() -> None:
    call = {"view": view_of(Conversation()), "channel": "phone", "reference": None}
    text = order.draft(call, [])["text"]

    assert {"matter", "place", "said", "family", "estimate", "told", "promised"} <= {
        name for name, words in text.items() if words == order.TO_FILL
    }
    assert "户口所在地：[待补]" in text["unknown"]


def test_only_what_was_read_aloud_is_written_down_as_told() -> None:
    heard = {"kind": "answer", "matter": None, "read_aloud": "每人每月 100 元。", "more": "", "cites": []}
    lines = [
        {"speaker": "caller", "text": "多少钱", "heard": heard, "told": True},
        {"speaker": "caller", "text": "带啥", "heard": {**heard, "read_aloud": "带身份证。"}, "told": False},
    ]
    call = {"view": view_of(conversation()), "channel": "phone", "reference": None}

    assert "每人每月 100 元。" == order.draft(call, lines)["text"]["told"]


def test_an_order_speaks_of_the_caller_and_not_to_them() -> None:
    call = {"view": view_of(conversation()), "channel": "phone", "reference": None}
    text = order.draft(call, [])["text"]

    assert "来电人妈妈的年龄" in text["family"]
    assert "您" not in text["family"] + text["estimate"] + text["unknown"]


# Figures and reviews --------------------------------------------------------------------------------------------------


def test_the_drawings_are_well_formed_whatever_the_labels() -> None:
    rows = [('<b>&"低保', 3), ("很长很长很长很长很长很长的名字", 0)]

    for drawing in (board.bars('A "title"', rows), board.columns("b", rows), board.bars("none", [])):
        ElementTree.fromstring(drawing)


def test_a_review_becomes_a_talk_that_yaml_can_read() -> None:
    found = {
        "number": 7, "question": "老人：每月\n多少", "answer": "100 元", "expected": "100 元\n脱贫户", "remark": "", "programme": "dibao",
        "region": "239900", "as_of": None, "cites": [{"document": "hlj-county", "clause": "三(一)1"}],
    }  # fmt: skip
    talk = yaml.safe_load(review.as_yaml([found]))[0]

    assert ("review-7", "239900") == (talk["id"], talk["region"])
    assert {"say": "老人：每月\n多少", "has": ["100 元", "脱贫户"], "programme": ["dibao"]} == talk["turns"][0]
