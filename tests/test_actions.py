"""Promises of the actions, each heard without a trained model: a parsed message in, a reply and what is remembered out."""

from __future__ import annotations

import datetime as dt
from typing import Any, Dict, Optional, Sequence, Tuple

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


# --- asked once of everybody: 家里谁有残疾证

FOUR = [
    {"id": "father", "relation": "father", "age": 75}, {"id": "mother", "relation": "mother", "age": 72},
    {"id": "sibling", "relation": "sibling", "age": 35}, {"id": "self", "relation": "self", "age": 40},
]  # fmt: skip


def asked_of_all(
    fact: str, text: str, people: Sequence[Dict[str, Any]] = FOUR, region: str = COUNTY
) -> Tuple[Reply, Conversation]:
    """A family that was asked who it is, and what it says."""
    paths = [f"members[{one['id']}].{fact}" for one in people]
    state = Conversation(
        household={"members": [dict(one) for one in people]}, screening=True, called={"sibling": "弟弟"},
        pending=f"members.{fact}", group=paths, asked=["status", f"members.{fact}"],
    )  # fmt: skip
    return say(text, state, "inform", region, sure=0.3)


def told_of(state: Conversation, fact: str) -> Dict[str, Any]:
    return {one["id"]: one[fact] for one in state.household["members"] if fact in one}


NOBODY = dict.fromkeys(("father", "mother", "sibling", "self"), 0)


@pytest.mark.parametrize(
    "text, grades",
    [
        ("都没有", {}),
        ("没有人残疾", {}),
        ("没有，都好好的", {}),
        ("我爸二级", {"father": 2}),
        ("就我爸", {"father": [1, 4]}),
        ("我妈和我弟", {"mother": [1, 4], "sibling": [1, 4]}),
        ("爸爸、我自己", {"father": [1, 4], "self": [1, 4]}),
        ("1、3", {"father": [1, 4], "sibling": [1, 4]}),
        ("我爸二级我弟三级", {"father": 2, "sibling": 3}),
        ("我爸有我妈没有", {"father": [1, 4]}),
        ("除了我爸都没有", {"father": [1, 4]}),
        ("除了我爸，别人都没有残疾证", {"father": [1, 4]}),
        ("不是我爸，是我妈", {"mother": [1, 4]}),
        ("爸妈都有", {"father": [1, 4], "mother": [1, 4]}),
        ("我爸，没有别人了", {"father": [1, 4]}),
        ("俺爹有个证是二级的", {"father": 2}),
    ],
)
def test_who_has_it_is_understood_and_the_others_have_it_not(text: str, grades: Dict[str, Any]) -> None:
    _, state = asked_of_all("disability_grade", text)

    assert {**NOBODY, **grades} == told_of(state, "disability_grade")


@pytest.mark.parametrize(
    "text, grades",
    [
        ("不知道", {}),
        ("我也说不清", {}),
        ("我妈有没有我不清楚", {}),
        ("我爸有，别人不清楚", {"father": [1, 4]}),
        ("我爸没有，别的不知道", {"father": 0}),
        ("我没有", {"self": 0}),
        ("我爸可能有吧", {}),
        ("我爸，我妈没有", {}),
        ("有", {}),
        ("二级", {}),
        ("我妈去年得了癌症", {}),
        ("我爸82", {}),
        ("我们村老李二级", {}),
        ("我爸以前有，现在没有了", {}),
        ("低保怎么办", {}),
    ],
)
def test_whoever_is_not_told_of_is_never_taken_to_have_none(text: str, grades: Dict[str, Any]) -> None:
    _, state = asked_of_all("disability_grade", text)

    assert grades == told_of(state, "disability_grade")


@pytest.mark.parametrize(
    "fact, text, told",
    [
        ("serious_illness", "我妈尿毒症", {"father": False, "mother": True, "sibling": False, "self": False}),
        ("serious_illness", "我妈有高血压", {}),
        ("self_care", "我妈瘫了", {"father": "full", "mother": "none", "sibling": "full", "self": "full"}),
        ("self_care", "我妈照顾我爸", {}),
        ("self_care", "我爸有些要人帮，我妈都要人照顾", {"father": "partial", "mother": "none", "sibling": "full", "self": "full"}),
        ("work_ability", "都能干", {"father": "full", "mother": "full", "sibling": "full", "self": "full"}),
        ("employed", "我和我弟", {"father": False, "mother": False, "sibling": True, "self": True}),
        ("basic_pension_monthly", "我爸每月103，我妈110", {"father": 103, "mother": 110, "sibling": 0, "self": 0}),
        ("living", "都住在家里", {"father": "home", "mother": "home", "sibling": "home", "self": "home"}),
    ],
)
def test_every_fact_asked_of_everybody_is_answered_in_its_own_words(fact: str, text: str, told: Dict[str, Any]) -> None:
    _, state = asked_of_all(fact, text)

    assert told == told_of(state, fact)


def test_of_one_who_was_named_the_degree_is_asked_next_and_of_nobody_else() -> None:
    said, state = asked_of_all("self_care", "我妈", region="640000")

    assert "members[mother].self_care" == state.pending
    assert "其他人生活能自理" in said.text and "您妈妈是都要人照顾" in said.text
    assert ["none", "partial"] == [choice["value"] for choice in said.custom["next_question"]["choices"]]


def test_one_who_has_a_certificate_of_an_unknown_grade_keeps_it_and_is_not_asked_for_ever() -> None:
    _, state = asked_of_all("disability_grade", "我爸")
    assert "members[father].disability_grade" == state.pending
    _, state = say("有，不知道几级", state, "dont_know")

    assert [1, 4] == told_of(state, "disability_grade")["father"]
    assert "members[father].disability_grade" != state.pending


def test_those_named_are_asked_on_in_the_order_of_the_family() -> None:
    _, state = asked_of_all("disability_grade", "我弟和我爸")

    assert "members[father].disability_grade" == state.pending


def test_a_name_that_may_be_either_son_leaves_both_open() -> None:
    sons = [{"id": "son", "relation": "son", "age": 12}, {"id": "son2", "relation": "son", "age": 8}, *FOUR[:1]]
    _, state = asked_of_all("disability_grade", "儿子二级", sons)
    _, clear = asked_of_all("disability_grade", "大儿子二级", sons)

    assert {"father": 0} == told_of(state, "disability_grade")
    assert {"son": 2, "son2": 0, "father": 0} == told_of(clear, "disability_grade")


def test_one_more_told_of_afterwards_is_added_and_one_too_many_taken_back() -> None:
    _, state = asked_of_all("disability_grade", "我爸二级")
    said, state = say("我弟也有", state, "inform", sure=0.3)
    assert [1, 4] == told_of(state, "disability_grade")["sibling"] and "您弟弟 有残疾证" in said.text
    _, state = say("我爸也有", state, "inform", sure=0.3)
    assert 2 == told_of(state, "disability_grade")["father"]
    _, state = say("不对，我爸没有", state, "correct", sure=0.3)

    assert 0 == told_of(state, "disability_grade")["father"]


def test_somebody_who_does_not_live_in_the_list_yet_joins_it() -> None:
    _, state = asked_of_all("disability_grade", "就我奶奶")

    assert {**NOBODY, "grandmother": [1, 4]} == told_of(state, "disability_grade")
    assert "您奶奶" == who_of("grandmother", state.household, state.called)


def test_thanks_are_no_yes_to_the_question_before() -> None:
    state = Conversation(household={"members": [dict(FOUR[0])]}, pending="basic_living_difficult", screening=True)
    _, state = say("好的谢谢", state, "thanks")

    assert "basic_living_difficult" not in state.household


def test_several_statuses_ticked_at_once_are_all_held() -> None:
    group = ["status.dibao", "status.out_of_poverty", "status.edge_poverty", "status.sudden_hardship"]
    state = Conversation(household={"members": [dict(FOUR[0])]}, pending="status", group=group, asked=["status"])
    _, state = say("正在领低保、脱贫户、突发严重困难户", state, "ask_other", sure=0.3)

    assert {"dibao": True, "out_of_poverty": True, "edge_poverty": False, "sudden_hardship": True} == state.household["status"]


def test_a_size_told_after_a_question_is_taken_in_and_anything_else_is_looked_for() -> None:
    said, state = respond({"text": "我家4口人", "intent_ranking": [{"name": "ask_complaint", "confidence": 0.7}],
                           "facts": {"household": {"size": 4}, "spans": []}}, Conversation(topic="dibao"))  # fmt: skip
    assert state.household == {"size": 4} and said.custom["kind"] == "screening"
    said, _ = respond({"text": "有没有别的", "intent_ranking": [{"name": "ask_eligibility", "confidence": 0.2}]}, state)
    assert said.custom["kind"] == "screening" and "要同时满足" not in said.text
