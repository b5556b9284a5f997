"""How the rules judge: what is unknown, what is refused, how income is counted, what is said and asked."""

import datetime as dt
from math import inf, nan

import pytest

from knowledge.library import load
from rules import Household, HouseholdError, screen
from rules.conditions import all3, any3
from rules.quantity import above, at_least, at_most, below, capped, spoken
from rules.questions import next_question
from rules.together import sentences, told_by

HLJ, PINGLUO, YINCHUAN, YANGJIANG, DUNJI = "239900", "640221", "640104", "441702", "341324101"
NOVEMBER_2021 = dt.date(2021, 11, 1)
SPRING_2026 = dt.date(2026, 3, 1)
JUNE_2018 = dt.date(2018, 6, 1)


def judged(programme, household, as_of=NOVEMBER_2021, member=None, **parameters):
    results = screen(Household.parse(household), as_of, [programme], parameters)
    return next(one for one in results if member is None or one["member"] == member)


def couple(annual_income, **husband):
    """Two people in Pingluo, the wife without work; yuan a year."""
    return {
        "region": PINGLUO,
        "size": 2,
        "annual_income": annual_income,
        "members": [{"id": "a", "age": 45, **husband}, {"id": "b", "age": 43, "employed": False}],
    }


# --- three values


@pytest.mark.parametrize(
    ("truths", "every", "some"),
    [
        ([], True, False),
        ([True, True], True, True),
        ([True, None], None, True),
        ([False, None], False, None),
        ([None, None], None, None),
        ([False, True], False, True),
    ],
)
def test_what_is_unknown_is_neither_true_nor_false(truths, every, some):
    assert every is all3(truths)
    assert some is any3(truths)


@pytest.mark.parametrize(
    ("bounds", "reached", "under", "over", "within"),
    [
        ((60, 60), True, False, False, True),
        ((59, 59), False, True, False, True),
        ((61, 61), True, False, True, False),
        ((59, 60), None, None, False, True),
        ((60, 61), True, False, None, None),
        ((0, inf), None, None, None, None),
    ],
)
def test_a_range_is_compared_only_where_all_of_it_agrees(bounds, reached, under, over, within):
    line = (60, 60)

    assert [reached, under, over, within] == [compare(bounds, line) for compare in (at_least, below, above, at_most)]


def test_a_cap_that_is_a_range_caps_both_ends():
    assert capped((360, 540), (300, 500)) == (300, 500)


def test_a_quantity_is_said_as_people_say_it():
    assert [spoken(one) for one in ((82, 82), (501.4, 583.3), (10000, inf))] == ["82", "501—583", "10000 以上"]


# --- the family as told


@pytest.mark.parametrize(
    ("household", "path"),
    [
        ({"members": [{"age": 300}]}, "household.members[0].age"),
        ({"members": [{"age": -1}]}, "household.members[0].age"),
        ({"members": [{"age": "八十"}]}, "household.members[0].age"),
        ({"members": [{"age": True}]}, "household.members[0].age"),
        ({"members": [{"disability_grade": 5}]}, "household.members[0].disability_grade"),
        ({"members": [{"living": "hospital"}]}, "household.members[0].living"),
        ({"members": [{"id": "a"}, {"id": "a"}]}, "household.members[1].id"),
        ({"members": ["妈妈"]}, "household.members[0]"),
        ({"members": {}}, "household.members"),
        ({"members": [{}] * 51}, "household.members"),
        ({"annual_income": [20000, 10000]}, "household.annual_income"),
        ({"annual_income": [None, None]}, "household.annual_income"),
        ({"annual_income": [1, 2, 3]}, "household.annual_income"),
        ({"annual_income": -5}, "household.annual_income"),
        ({"annual_income": nan}, "household.annual_income"),
        ({"annual_income": inf}, "household.annual_income"),
        ({"size": 0}, "household.size"),
        ({"size": 1, "members": [{}, {}]}, "household.size"),
        ({"status": {"dibao": "yes"}}, "household.status.dibao"),
        ({"status": ["dibao"]}, "household.status"),
        ({"status": {"rich": True}}, "household.status.rich"),
        ({"income": 1}, "household.income"),
        ({"region": "999999"}, "household.region"),
        ({"region": 341324}, "household.region"),
        ({"hukou_kind": "village"}, "household.hukou_kind"),
        ([], "household"),
    ],
)
def test_what_cannot_be_is_refused_with_its_path_in_two_languages(household, path):
    with pytest.raises(HouseholdError) as refused:
        Household.parse(household)

    assert path == refused.value.path
    assert " / " in refused.value.message


def test_null_is_the_same_as_not_told():
    told = {"region": HLJ, "annual_income": None, "status": {"dibao": None}, "members": [{"id": "a", "age": None}]}

    assert Household.parse(told).facts == Household.parse({"region": HLJ, "status": {}, "members": []}).facts


@pytest.mark.parametrize(
    ("told", "known"),
    [
        ({"unstable_out_of_poverty": True}, {"out_of_poverty": True}),
        ({"extreme_poverty": True}, {"registered_poor": True}),
        ({"registered_poor": False}, {"extreme_poverty": False}),
        ({"out_of_poverty": False}, {"unstable_out_of_poverty": False}),
        ({"out_of_poverty": True}, {"registered_poor": False, "extreme_poverty": False}),
    ],
)
def test_one_status_tells_another(told, known):
    facts = Household.parse({"status": told}).facts

    assert {f"status.{name}": value for name, value in known.items()}.items() <= facts.items()


def test_a_family_that_fell_back_may_be_both():
    facts = Household.parse({"status": {"out_of_poverty": True, "returned_to_poverty": True}}).facts

    assert "status.registered_poor" not in facts


# --- counting income


def test_a_skipped_income_question_is_never_read_as_zero():
    result = judged("dibao", {"region": HLJ, "size": 3}, dibao_standard=600)

    assert result["verdict"] == "undetermined"
    assert "annual_income" in result["missing"]


@pytest.mark.parametrize(
    ("husband", "verdict"),
    [
        ({"employed": False}, "ineligible"),
        ({"employed": True, "monthly_wage": 2000, "disability_grade": 0}, "ineligible"),
        ({"employed": True, "monthly_wage": 2000, "disability_grade": 3}, "eligible"),
        ({"employed": True, "monthly_wage": 2000}, "undetermined"),
        ({"monthly_wage": 2000, "disability_grade": 3}, "eligible"),
        ({"disability_grade": 3}, "undetermined"),
    ],
)
def test_a_disabled_worker_keeps_half_the_minimum_wage(husband, verdict):
    """2000 yuan a month for two; half of 1800 leaves 550 each, 20—30 % leaves 730 and more; the line is 600."""
    result = judged("dibao", couple(24000, **husband), dibao_standard=600, minimum_wage=1800)

    assert verdict == result["verdict"]


def test_a_child_is_not_thought_to_work():
    household = {"region": HLJ, "size": 1, "annual_income": 12000, "members": [{"id": "a", "age": 15}]}

    assert judged("dibao", household, dibao_standard=600)["verdict"] == "ineligible"


def test_people_who_were_not_listed_may_deduct_only_what_the_rule_allows():
    household = {"region": PINGLUO, "size": 3, "members": [{"id": "a", "age": 45, "employed": False}]}
    known = {"dibao_standard": 600, "minimum_wage": 1800}

    assert judged("dibao", {**household, "annual_income": 300000}, **known)["verdict"] == "ineligible"
    assert judged("dibao", {**household, "annual_income": 30000}, **known)["verdict"] == "undetermined"


def test_how_many_people_there_are_is_not_guessed():
    result = judged("dibao", {"region": HLJ, "annual_income": 12000}, dibao_standard=600)

    assert result["verdict"] == "undetermined"
    assert "size" in result["missing"]


def test_a_clerks_figure_stands_in_for_the_known_one():
    household = {"region": "230600", "hukou_kind": "rural", "size": 1, "annual_income": 8399}
    household["members"] = [{"id": "a", "age": 45, "employed": False}]

    assert judged("dibao", household, dt.date(2025, 6, 1))["verdict"] == "eligible"
    assert judged("dibao", household, dt.date(2025, 6, 1), dibao_standard=500)["verdict"] == "ineligible"


def test_a_figure_known_within_bounds_leaves_the_verdict_open_between_them():
    settled = judged("dibao", couple(12000, employed=False), dibao_standard=[580, 620], minimum_wage=1800)
    between = judged("dibao", couple(14400, employed=False), dibao_standard=[580, 620], minimum_wage=1800)

    assert [settled["verdict"], between["verdict"]] == ["eligible", "undetermined"]


def test_a_pension_is_not_income_while_the_rule_says_so():
    old = {"id": "a", "age": 70, "employed": False, "basic_pension_monthly": 100}
    household = {"region": YANGJIANG, "hukou_kind": "rural", "size": 1, "annual_income": 7800, "members": [old]}
    days = [dt.date(2018, 6, 1), dt.date(2021, 3, 1), dt.date(2025, 6, 1), dt.date(2026, 3, 1)]

    verdicts = [judged("dibao", household, day, dibao_standard=600)["verdict"] for day in days]

    assert verdicts == ["eligible", "ineligible", "eligible", "undetermined"]


# --- place and day


def test_an_emergency_goes_by_where_one_lives():
    household = {"region": DUNJI, "living_region": YINCHUAN, "hardship": {"accident": True}}

    assert judged("emergency_assistance", household)["document"] == "ningxia-2021"
    assert judged("emergency_assistance", {**household, "living_region": None})["document"] == "mca-2018-23"


def test_where_nothing_is_said_of_the_place_the_nation_answers():
    assert judged("dibao", {})["document"] == "mca-2021-57"


def test_an_ended_document_is_shown_beside_the_nations():
    result = judged("temporary_assistance", {"region": DUNJI, "basic_living_difficult": True}, SPRING_2026)

    assert result["document"] == "dunji-2020"
    assert result["national"]["document"] == "mca-2018-23"
    assert any("2020-12-31 已经结束" in caution for caution in result["cautions"])


def test_a_programme_of_some_county_there_is_neither_promised_nor_denied():
    young = {"region": "230123", "members": [{"id": "a", "age": 20}]}
    result = judged("elder_home_allowance", young)

    assert result["verdict"] == "undetermined"
    assert result["amount"] is None
    assert result["missing"] == ["region"]


# --- what is said


def test_a_reason_says_what_is_asked_what_was_told_and_whence():
    old = {"region": HLJ, "status": {"out_of_poverty": True}, "members": [{"id": "a", "age": 82, "living": "home"}]}
    (reason, *_) = judged("elder_home_allowance", old)["because"]

    assert reason["text"] == "符合：年满 80 周岁（年龄 82 周岁）"
    assert (reason["cite"]["document"], reason["cite"]["clause"]) == ("hlj-county", "三(一)1")


def test_the_one_line_says_money_or_the_first_reason():
    old = {"region": HLJ, "status": {"out_of_poverty": True}, "members": [{"id": "a", "age": 82, "living": "home"}]}
    young = {**old, "members": [{"id": "a", "age": 79, "living": "home"}]}
    unsure = {**old, "members": [{"id": "a", "age": 82}]}

    assert judged("elder_home_allowance", old)["summary"] == "看起来符合。每人每月 100 元。"
    assert judged("elder_home_allowance", young)["summary"].startswith("看起来不符合：年满 80 周岁")
    assert judged("elder_home_allowance", unsure)["summary"].startswith("还说不准：住在家里")


def test_a_result_counts_the_conditions_that_hold():
    household = {"region": HLJ, "members": [{"id": "a", "age": 82, "living": "home"}]}

    assert judged("elder_home_allowance", household)["met"] == {"yes": 2, "of": 3}


def test_what_the_office_settles_is_said_and_does_not_hold_back():
    result = judged("dibao", couple(12000, employed=False), dibao_standard=600, minimum_wage=1800)

    assert result["verdict"] == "eligible"
    assert any("公示" in caution for caution in result["cautions"])


def test_what_one_already_has_can_rule_another_out():
    household = {"region": HLJ, "status": {"tekun": True}, "members": [{"id": "a", "age": 70, "disability_grade": 1}]}

    for programme in ("dibao", "disability_living_allowance", "disability_nursing_allowance"):
        result = judged(programme, household)
        assert result["verdict"] == "ineligible"
        assert "特困" in result["because"][0]["text"]


def test_dibao_opens_the_way_to_the_top_up():
    child = {"id": "a", "age": 9}
    before = judged("dibao_top_up", {"region": HLJ, "members": [child]})
    after = judged("dibao_top_up", {"region": HLJ, "status": {"dibao": True}, "members": [child]})

    assert "dibao_top_up" in load().programmes["dibao"].unlocks
    assert (before["missing"], after["verdict"]) == (["status.dibao"], "eligible")


def test_an_amount_that_the_document_left_blank_is_no_amount():
    result = judged("microcredit", {"region": "450899", "status": {"out_of_poverty": True}, "wants_business": True},
                    dt.date(2020, 6, 1))  # fmt: skip

    assert result["amount"] is None
    assert "数字没有公开" in result["amount_note"]


def test_a_gap_is_for_the_household():
    result = judged("dibao", {**couple(9600, employed=False), "region": YANGJIANG, "hukou_kind": "rural"}, JUNE_2018,
                    dibao_standard=600)  # fmt: skip

    assert tuple(result["amount"][key] for key in ("min", "max", "unit")) == (400, 400, "CNY/household/month")


def test_no_amount_is_shown_to_one_who_does_not_qualify():
    assert judged("elder_home_allowance", {"region": HLJ, "members": [{"id": "a", "age": 30}]})["amount"] is None


# --- what is asked


def test_a_question_names_the_person_and_gives_its_reason():
    household = Household.parse(
        {
            "region": HLJ,
            "status": {"out_of_poverty": True},
            "members": [{"id": "妈妈", "relation": "mother", "age": 82}],
        }
    )
    question = next_question(household, NOVEMBER_2021, ["elder_home_allowance"])
    assert question is not None

    assert question.path == "members[妈妈].living"
    assert question.ask.startswith("您妈妈")
    assert question.why and question.choices and "elder_home_allowance" in question.programmes


def test_nothing_is_asked_once_all_is_settled():
    household = Household.parse({"region": HLJ, "members": [{"id": "a", "age": 30}]})

    assert next_question(household, NOVEMBER_2021, ["elder_home_allowance"]) is None


def test_nothing_is_asked_where_only_the_document_leaves_it_open():
    household = Household.parse({"members": [{"id": "a", "age": 85}]})

    assert next_question(household, SPRING_2026, ["old_age_allowance"]) is None


def test_a_skipped_question_is_not_asked_again():
    household = Household.parse({"region": HLJ, "members": [{"id": "a", "age": 82, "living": "home"}]})

    question = next_question(household, NOVEMBER_2021, ["elder_home_allowance"])
    assert question is not None

    assert question.path == "status.out_of_poverty"
    assert next_question(household, NOVEMBER_2021, ["elder_home_allowance"], skip=[question.path]) is None


def test_a_local_figure_is_not_asked_of_the_family():
    household = Household.parse({**couple(12000, employed=False), "region": HLJ})

    assert next_question(household, NOVEMBER_2021, ["dibao"]) is None


def test_a_range_that_was_told_is_not_asked_again():
    told = {**couple([10000, 20000], employed=False), "region": HLJ}
    household = Household.parse(told)

    assert next_question(household, NOVEMBER_2021, ["dibao"], {"dibao_standard": 600}) is None


def test_a_family_that_draws_dibao_is_not_offered_dibao_for_one_person() -> None:
    told = {"region": "239900", "status": {"dibao": True}, "members": [{"id": "a", "age": 50, "disability_grade": 1}]}

    results = screen(Household.parse(told), dt.date(2022, 5, 1), ["dibao_single_person", "dibao_top_up"])

    assert {"dibao_single_person": True, "dibao_top_up": False} == {r["programme"]: r["already"] for r in results}


def test_one_fact_of_several_people_is_one_sentence_and_of_one_person_their_own_question() -> None:
    rows = [
        ((-0.5, 1.0), "members[a].disability_grade", ["dibao"]),
        ((-0.4, 1.0), "status.dibao", ["dibao"]),
        ((-0.3, 1.0), "members[b].disability_grade", ["tekun"]),
        ((-0.2, 1.0), "members[a].age", ["tekun"]),
        ((-0.1, 1.0), "members[b].self_care", ["tekun"]),
    ]
    grade, alone = "members.disability_grade", "members[a].disability_grade"

    found = {one.path: one.paths for one in sentences(rows)}
    assert ["members[a].disability_grade", "members[b].disability_grade"] == found[grade]
    assert {"status.dibao", "members[a].age", "members[b].self_care"} < set(found)
    assert alone in [one.path for one in sentences(rows, apart=[alone])]
    assert ["dibao", "tekun"] == sentences(rows)[0].programmes


def test_who_is_not_named_does_not_have_it_and_of_who_is_only_what_was_told_is_known() -> None:
    paths = ["members[a].self_care", "members[b].self_care"]

    assert {paths[0]: "full", paths[1]: "full"} == told_by("members.self_care", paths, {})
    assert {paths[0]: None, paths[1]: "full"} == told_by("members.self_care", paths, {paths[0]: None})
    assert {paths[0]: "none", paths[1]: "full"} == told_by("members.self_care", paths, {paths[0]: "none"})


def test_a_program_is_asked_about_one_fact_of_one_person() -> None:
    told = {"region": HLJ, "members": [{"id": "a", "age": 75}, {"id": "b", "age": 72}, {"id": "c", "age": 40}]}
    question = next_question(Household.parse(told), NOVEMBER_2021, ["disability_nursing_allowance"])

    assert question is not None and "members[a].disability_grade" == question.path
