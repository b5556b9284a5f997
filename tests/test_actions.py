"""Promises of the actions, each heard without a trained model: a parsed message in, a reply and what is remembered out."""

from __future__ import annotations

import datetime as dt
from typing import Any, Dict, Optional, Tuple

import pytest

from actions.danger import danger_in
from actions.family import said_back, who_of, with_fact
from actions.figures import told_figures
from actions.reply import MORE, Reply, fitted
from actions.state import Conversation
from actions.turn import respond
from bot.nlu.reading.message import read_facts
from knowledge.library import load

DAY = dt.date(2022, 5, 1)
COUNTY = "239900"


def say(
    text: str,
    state: Optional[Conversation] = None,
    intent: str = "tell_family",
    region: Optional[str] = COUNTY,
    sure: float = 0.9,
) -> Tuple[Reply, Conversation]:
    """One turn as the pipeline would hand it over, the intent given."""
    facts = read_facts(text, DAY, region)
    message = {
        "text": text,
        "intent": {"name": intent, "confidence": sure},
        "intent_ranking": [{"name": intent, "confidence": sure}],
        "topics": [{"name": "none", "confidence": 0.9}],
        "matter": {"ours": 0.9, "talk": 0.9},
        "facts": vars(facts),
    }
    return respond(message, state or Conversation(), region, DAY.isoformat())


def verdicts(said: Reply, programme: str) -> Dict[str, str]:
    return {r["member"]: r["verdict"] for r in said.custom["results"] if r["programme"] == programme}


def test_a_family_told_in_one_sentence_has_its_verdict_and_its_amount() -> None:
    said, _ = say("我姥姥90了，脱贫户，在家住，能领钱不")

    assert verdicts(said, "elder_home_allowance") == {"grandmother": "eligible"}
    assert "100" in said.text and "窗口为准" in said.text


def test_a_correction_says_what_changed_and_how_far_off_it_is_now() -> None:
    _, state = say("我妈82了，脱贫户，在家住")
    said, _ = say("说错了，我妈是79", state, "correct")

    assert "改好了" in said.text and "还差 1 岁" in said.text
    assert said.custom["changes"][0]["path"] == "members[mother].age"
    assert verdicts(said, "elder_home_allowance") == {"mother": "ineligible"}


def test_what_is_not_known_is_never_taken_for_no() -> None:
    _, state = say("我爸83，在家住")
    assert state.pending == "status.out_of_poverty" or state.pending == "status"
    said, state = say("不知道", state, "dont_know")

    assert "先空着" in said.text
    assert "out_of_poverty" not in said.custom["household"].get("status", {})


def test_a_supposition_leaves_the_real_family_alone() -> None:
    _, state = say("我奶奶90，脱贫户，在家住")
    said, state = say("那要是我奶奶住养老院呢", state, "what_if")

    assert "200" in said.text and "没有改" in said.text
    assert state.household["members"][0]["living"] == "home"


def test_an_age_told_of_the_daughter_is_not_the_answer_about_the_mother() -> None:
    state = Conversation(
        household=with_fact({}, "members[mother].living", "home"), pending="members[mother].age", screening=True
    )
    said, state = say("女儿14岁上初中", state, "inform")

    ages = {m["id"]: m.get("age") for m in said.custom["household"]["members"]}
    assert ages == {"mother": None, "daughter": 14}


@pytest.mark.parametrize("tap", ["2", "第二个", "选2", "住养老院/敬老院"])
def test_a_choice_is_understood_by_its_number_and_by_its_words(tap: str) -> None:
    _, state = say("我爹84，脱贫户")
    state.pending = "members[father].living"
    _, state = say(tap, state, "inform", sure=0.2)

    assert state.household["members"][0]["living"] == "institution"


def test_a_child_is_never_asked_about_wages() -> None:
    _, state = say("我儿子8岁，家里领着低保")
    asked = []
    while state.pending and len(asked) < 20:
        asked.append(state.pending)
        _, state = say("不知道", state, "dont_know")

    assert not [path for path in asked if path.endswith((".employed", ".monthly_wage", ".wants_job", ".work_ability"))]


def test_income_is_not_asked_where_no_standard_is_known() -> None:
    _, state = say("我家想吃低保，我妈71")
    asked = []
    while state.pending and len(asked) < 20:
        asked.append(state.pending)
        _, state = say("不知道", state, "dont_know")

    assert "size" not in asked and "annual_income" not in asked


def test_a_standard_told_by_the_resident_is_used_and_said_to_be_theirs() -> None:
    _, state = say("家里就我一个人，55岁，没有工作，一年收入八千")
    said, state = say("我们这低保标准620", state, "ask_amount")

    assert state.parameters == {"dibao_standard": 620}
    assert "按您说的" in said.text and "超出低保线 47 元" in said.text


@pytest.mark.parametrize(
    "text, told",
    [
        ("我们这低保标准620", {"dibao_standard": 620}),
        ("低保线一年7440", {"dibao_standard": 620}),
        ("这边低保标准一个月500块", {"dibao_standard": 500}),
        ("低保标准是多少", {}),
        ("低保标准是8", {}),
        ("最低工资1750", {"minimum_wage": 1750}),
    ],
)
def test_a_local_figure_is_taken_only_where_it_can_be_one(text: str, told: Dict[str, float]) -> None:
    assert told_figures(text) == told


def test_the_whole_familys_income_told_as_one_persons_is_put_right() -> None:
    state = Conversation(household=with_fact({"size": 4}, "members[self].monthly_wage", 3000), screening=True)
    _, state = say("刚才说的收入是全家的", state, "correct")

    assert state.household["annual_income"] == 36000
    assert "monthly_wage" not in state.household["members"][0]


def test_people_are_called_as_the_resident_calls_them() -> None:
    _, state = say("我姥姥90了")

    assert who_of("grandmother", state.household, state.called) == "您姥姥"


def test_a_sister_told_of_later_is_not_the_brother() -> None:
    _, state = say("我弟弟一级残疾")
    _, state = say("还有我姐得了癌症", state, "inform")
    said, state = say("我弟弟30岁", state, "inform")

    people = {m["id"]: m for m in said.custom["household"]["members"]}
    assert people["sibling"].get("disability_grade") == 1 and people["sibling"].get("age") == 30
    assert people["sibling2"].get("serious_illness") is True and "serious_illness" not in people["sibling"]


def test_a_second_son_told_of_later_does_not_change_the_first() -> None:
    _, state = say("我儿子12岁，家里吃低保")
    said, _ = say("还有个儿子8岁", state, "inform")

    assert [m.get("age") for m in said.custom["household"]["members"]] == [12, 8]


def test_a_supposition_about_the_mother_is_not_about_the_brother() -> None:
    _, state = say("我妈82，脱贫户，在家住")
    _, state = say("我弟弟三级残疾", state, "inform")
    said, _ = say("要是我妈也去养老院呢", state, "what_if")

    assert {m["id"]: m.get("living") for m in said.custom["what_if"]["members"]} == {
        "mother": "institution",
        "sibling": None,
    }


def test_a_question_that_was_never_asked_cannot_be_gone_back_to() -> None:
    _, state = say("我妈82")
    state.asked, state.pending = [], None
    said, _ = say("上一个", state, "go_back")

    assert "前面没有别的题了" in said.text


def test_two_sons_are_told_apart_by_age() -> None:
    household = with_fact(with_fact({}, "members[son].age", 12), "members[son2].age", 8)

    assert who_of("son", household) == "12 岁的儿子" and who_of("son2", household) == "8 岁的儿子"


def test_an_unknown_place_does_not_stop_the_talk() -> None:
    said, _ = say("我一级残疾", region="000000")

    assert said.custom["kind"] == "screening" and said.custom["results"]


def test_danger_said_in_plain_words_is_heard_though_the_model_is_unsure() -> None:
    ranking = [{"name": "tell_family", "confidence": 0.3}, {"name": "emergency_violence", "confidence": 0.2}]

    assert danger_in({"text": "老公天天打我", "intent_ranking": ranking}, load()) == "violence"
    assert danger_in({"text": "老公去打工了", "intent_ranking": ranking}, load()) is None


def test_what_is_understood_is_said_back_in_one_short_line() -> None:
    family: Dict[str, Any] = {
        "size": 5,
        "members": [{"id": f"son{i}", "relation": "son", "age": 20 + i} for i in range(1, 9)],
    }
    paths = [f"members[son{i}].age" for i in range(1, 9)] + ["size"]

    assert len(said_back(family, paths, load())) < 90


def test_a_long_result_drops_the_least_needed_lines_and_says_so() -> None:
    kept = fitted([(0, "甲" * 50), (3, "乙" * 100), (1, "丙" * 60), (0, "丁" * 10)])

    assert kept == ["甲" * 50, "丙" * 60, "丁" * 10 + MORE]
