"""What free text tells of a family, person by person, in the household shape of the API."""

import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.nlu.evaluate_facts import flatten, score
from bot.nlu.reading.lexicon import read_lexicon
from bot.nlu.reading.message import read_facts
from knowledge.library import load
from rules.household import Household

MESSAGES = Path(__file__).parent / "data" / "facts.jsonl"
TODAY = date(2022, 5, 1)


def told(text: str, region: str | None = None) -> dict:
    return flatten(read_facts(text, TODAY, region).household)


def annotated() -> list[dict]:
    return [json.loads(line) for line in MESSAGES.read_text(encoding="utf-8").splitlines()]


def test_the_annotated_messages_are_many_long_and_often_tell_nothing():
    rows = annotated()

    assert len(rows) >= 1_300
    assert sum(100 <= len(row["text"]) <= 300 for row in rows) >= 60
    assert sum(not row["facts"] for row in rows) >= 200


@pytest.mark.parametrize("part", sorted({row["part"] for row in annotated()}))
def test_facts_are_read_with_95_percent_precision_and_90_percent_recall(part):
    reached = score(MESSAGES, part)

    assert reached.precision >= 0.95, reached.misses
    assert reached.recall >= 0.90, reached.misses


@pytest.mark.parametrize("row", annotated(), ids=lambda row: row["text"][:24])
def test_what_is_read_is_a_household_the_rules_accept_and_its_spans_are_the_persons_own_words(row):
    reading = read_facts(row["text"], TODAY)

    Household.parse(reading.household, load())
    assert [row["text"][span["start"] : span["end"]] for span in reading.spans] == [
        span["text"] for span in reading.spans
    ]
    assert {span["path"] for span in reading.spans} == set(flatten(reading.household))
    assert (reading.hypothetical, reading.correction) == (row.get("hypothetical", False), row.get("correction", False))


def test_every_word_of_the_lexicon_tells_a_fact_of_the_closed_list():
    known = load().facts
    lines = read_lexicon()
    told_of = [{line["path"]: line["value"], **line.get("also", {})} for line in lines["facts"]]
    told_of += [{f"status.{line['id']}": True} for line in lines["statuses"]]

    for path, value in [pair for facts in told_of for pair in facts.items() if pair[0] != "fate"]:
        assert path in known
        assert known[path].type != "choice" or value in known[path].values


def test_several_people_each_keep_their_own_facts():
    facts = told("我爸82二级残疾，我妈79身体好，我自己50下岗了")

    assert facts["members[father].age"] == 82
    assert facts["members[father].disability_grade"] == 2
    assert facts["members[mother].age"] == 79
    assert facts["members[self].age"] == 50
    assert facts["members[self].employed"] is False
    assert "members[mother].disability_grade" not in facts


@pytest.mark.parametrize(
    ("said", "age"),
    [
        ("我妈八十三了", 83),
        ("我妈70多了", [70, 79]),
        ("我妈七八十岁", [70, 80]),
        ("我妈虚岁八十一", [79, 80]),
        ("我妈快八十了", [75, 79]),
        ("我妈年近七旬", [65, 69]),
        ("我妈1942年出生", [79, 80]),
        ("我妈1942年3月出生", 80),
        ("我妈明年八十", 79),
    ],
)
def test_an_age_is_as_exact_as_it_was_said(said, age):
    assert told(said)["members[mother].age"] == age


@pytest.mark.parametrize("said", ["我妈属龙", "我妈八十岁以上", "我四岁时我妈去世了", "我妈还有两年八十"])
def test_what_gives_no_age_is_left_unknown(said):
    assert "members[mother].age" not in told(said)


@pytest.mark.parametrize(
    ("said", "income"),
    [
        ("全家一年一万多", [10000, 20000]),
        ("家里三口人，年收入两万五", 25000),
        ("家里月入三千多", [36000, 48000]),
        ("种五亩地，一亩落八百", 4000),
        ("我家种十亩地，一亩地一年能挣五百", 5000),
        ("我家人均年收入六千，五口人", 30000),
        ("我家全靠我一个月三千块工资", 36000),
        ("种地一年五千，我打零工一年一万二", 17000),
        ("一年收入不到五千", [0, 5000]),
    ],
)
def test_income_is_a_year_of_the_whole_household(said, income):
    assert told(said)["annual_income"] == income


@pytest.mark.parametrize(
    "said", ["打零工一天一百", "家里人均收入一个月三百", "我欠了五万块", "我家有存款三万", "一个月房租四百"]
)
def test_money_that_is_no_yearly_income_is_not_made_one(said):
    assert "annual_income" not in told(said)


def test_wages_and_pensions_stay_with_the_one_who_gets_them():
    facts = told("我一个月挣两千，我老公挣三千，我妈养老金每月一百多")

    assert facts["members[self].monthly_wage"] == 2000
    assert facts["members[spouse].monthly_wage"] == 3000
    assert facts["members[mother].basic_pension_monthly"] == [100, 199]
    assert "annual_income" not in facts


def test_only_what_is_left_after_insurance_is_medical_cost():
    assert told("我爸住院花了八万，报完自己还出了三万")["members[father].medical_cost"] == 30000
    assert "members[father].medical_cost" not in told("我爸住院花了八万")


def test_grandparents_telling_of_a_child_tell_what_became_of_its_parents():
    assert told("孙子爹妈都没了，今年十岁")["members[grandchild].parents"] == "dead"
    assert told("孙子他爸坐牢，他妈跑了，八岁")["members[grandchild].parents"] == "unable"
    assert told("儿子车祸走了，儿媳妇失联，剩下孙子七岁")["members[grandchild].parents"] == "unable"
    assert "members[grandchild].parents" not in told("孙子他爸没了，他妈在外打工，孙子八岁")


def test_voice_typing_without_stops_is_read_person_by_person():
    facts = told("我爸今年七十六岁去年查出来肝癌我弟弟还在读高中就靠我一个人在厂里上班一个月三千八请问能不能申请救助")

    assert facts["members[father].age"] == 76
    assert facts["members[father].serious_illness"] is True
    assert facts["members[sibling].studying"] == "senior"
    assert facts["members[self].monthly_wage"] == 3800
    assert "members[sibling].monthly_wage" not in facts


def test_a_clerks_shorthand_is_read():
    assert told("女 67 独居 低保 肢二") == {
        "members[self].sex": "f",
        "members[self].age": 67,
        "members[self].living": "home",
        "size": 1,
        "status.dibao": True,
        "members[self].disability_kind": "limb",
        "members[self].disability_grade": 2,
    }
    assert told("母88失能，父82")["members[mother].self_care"] == "none"


def test_a_relatives_relatives_are_not_ones_own():
    facts = told("我妹妹四十，精神残疾二级，带一个七岁的儿子")

    assert facts["members[other].age"] == 7
    assert "members[son].age" not in facts
    assert told("老公三级残疾，他妈妈也是二级智力残疾")["members[other].disability_grade"] == 2


def test_a_child_keeps_its_place_among_brothers_and_sisters():
    facts = told("大的9岁小的5岁，小的先天性心脏病")

    assert facts == {"members[other].age": 9, "members[other2].age": 5, "members[other2].serious_illness": True}
    assert told("两个孩子，老大读高一，老三七岁")["members[other2].age"] == 7


def test_a_cousins_family_and_an_officials_are_not_the_speakers():
    facts = told("我想替我表姐问问，她今年三十九，老公前年去世，两个女儿大的十四小的十一，父母都快七十了")

    assert facts == {"members[other].age": 39, "members[other2].age": 14, "members[other3].age": 11}
    assert told("我们组长朱某的儿子在县里上班，他母亲八十了。我妈七十") == {"members[mother].age": 70}


@pytest.mark.parametrize(
    "said",
    [
        "我儿子下月去县城上班",
        "我2008年在广东打工出过工伤，现在在家",
        "要不是我妈病了我早就出去打工了",
        "三个子女都在打工，我六十了",
        "我爸生病不能参加工作",
    ],
)
def test_a_job_to_come_long_over_or_of_nobody_in_particular_is_none(said):
    assert not any("employed" in path or "works_away" in path for path in told(said))


@pytest.mark.parametrize("said", ["黑龙江省低保取消标准", "残疾证一二三四级标准", "农村危房等级评定标准", "重度残疾人单人户可以纳入低保"])
def test_a_heading_tells_of_no_family(said):
    assert told(said) == {}


def test_only_what_is_taken_in_for_good_is_income():
    assert told("去年卖了两头牛一万四，种辣椒卖了九千，除去化肥钱剩一万五")["annual_income"] == 15000
    assert "annual_income" not in told("社保自己交，一年八千多")
    assert told("我在超市理货，每月两千二，租房子四百")["members[self].monthly_wage"] == 2200


def test_the_exact_age_stands_beside_a_vague_one():
    assert told("我奶奶八十多岁了，身份证上是1944年出生")["members[grandmother].age"] == [77, 78]


def test_one_told_of_as_a_case_is_the_applicant_and_the_speaker_nobody():
    facts = told("我替我们组的吴大爷问一下，吴大爷七十七，老伴去世了，两个女儿嫁得远，他自己一个月一百四养老金")

    assert facts == {"members[self].age": 77, "members[self].basic_pension_monthly": 140}


@pytest.mark.parametrize("said", ["我家在A市K8县荔溪乡", "我是L5县葛竹坪镇的"])
def test_a_masked_place_is_no_place(said):
    assert told(said) == {}


def test_what_a_soldier_or_a_workers_injury_is_graded_is_no_disability_grade():
    assert told("我是一级伤残军人，六十一岁") == {"members[self].age": 61}
    assert "members[self].disability_grade" not in told("我工伤鉴定七级，今年五十")


def test_nobody_is_what_their_kind_cannot_be():
    assert "members[father].age" not in told("我爸走的时候才五岁")
    assert told("女儿在外地，每月领养老金二百一，73岁，女") == {
        "members[self].basic_pension_monthly": 210,
        "members[self].age": 73,
        "members[self].sex": "f",
    }


def test_the_dead_are_not_members():
    assert told("我老伴得肺癌去世了，我今年七十") == {"members[self].age": 70}


def test_the_tongue_of_the_place_is_understood():
    assert told("我老豆８２歲，冇收入，住喺屋企") == {
        "members[father].age": 82,
        "members[father].income_source": False,
        "members[father].living": "home",
    }
    assert told("俺娘瘫在床上，俺屋头的有残集证，三级") == {
        "members[mother].self_care": "none",
        "members[spouse].disability_grade": 3,
    }
    assert told("建挡立卡户，底保也吃着") == {"status.registered_poor": True, "status.dibao": True}


def test_where_somebody_works_is_seen_from_the_familys_own_place():
    assert told("我在广东打工", region="450899")["members[self].works_away"] == "other_province"
    assert told("我在广东打工", region="441700")["members[self].works_away"] == "province"
    assert told("我在县城上班")["members[self].works_away"] == "county"
    assert "members[self].works_away" not in told("我在外打工")


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ("我家吃低保", {"status.dibao": True}),
        ("我家不是低保户", {"status.dibao": False}),
        ("我家申请低保没批下来", {"status.dibao": False}),
        ("我家的低保被取消了", {"status.dibao": False}),
        ("我家以前是贫困户", {"status.out_of_poverty": True}),
        ("我家2019年脱贫了", {"status.out_of_poverty": True}),
        ("我家是脱贫监测户", {"status.unstable_out_of_poverty": True}),
        ("我家是低保边缘户", {"status.dibao_edge": True}),
        ("我家是边缘户", {"status.edge_poverty": True}),
        ("我家是监测户", {"status.unstable_out_of_poverty": True}),
        ("我家不吃低保了", {"status.dibao": False}),
        ("我家低保停了怎么办", {"status.dibao": False}),
        ("我家以前吃低保", {}),
        ("我家是贫困户还是脱贫户", {}),
        ("我家想申请低保", {}),
    ],
)
def test_a_status_is_held_lost_or_only_hoped_for(said, status):
    assert told(said) == status


@pytest.mark.parametrize(
    "said",
    [
        "60岁以上有什么政策",
        "低保户能买车吗",
        "残疾二级有补贴吗",
        "儿子有工资，老人还能评五保吗",
        "儿子在县里上班老人能吃低保吗",
    ],
)
def test_a_general_question_tells_nothing_of_a_family(said):
    reading = read_facts(said, TODAY)

    assert reading.household == {}
    assert reading.asks


@pytest.mark.parametrize(
    "said", ["我们是脱贫户吗", "我算不算低保户", "我家是不是贫困户", "我家是低保户不", "我爸有残疾证吗"]
)
def test_what_is_itself_asked_is_not_told(said):
    reading = read_facts(said, TODAY)

    assert reading.household == {}
    assert reading.asks


@pytest.mark.parametrize("said", ["村支书亲戚吃低保", "隔壁领低保", "他家亲戚是贫困户", "我家邻居是脱贫户"])
def test_what_others_hold_is_not_this_familys_status(said):
    assert told(said) == {}


def test_going_to_senior_school_is_no_county():
    assert told("我上高中") == {"members[self].studying": "senior"}
    assert told("我是江西上高县的") == {"region": "360923"}


@pytest.mark.parametrize("said", ["低保", "五保户", "残疾", "危房", "82", "住院"])
def test_a_bare_topic_tells_nothing_of_a_family(said):
    assert told(said) == {}


def test_a_question_about_somebody_still_tells_of_them():
    assert told("我爸82，能领钱不") == {"members[father].age": 82}
    assert told("我是低保户能买车吗") == {"status.dibao": True}


def test_the_neighbours_goods_are_not_this_familys():
    assert told("隔壁老王家开小车还吃低保，凭啥") == {}


def test_a_correction_takes_the_new_value_only():
    reading = read_facts("说错了，我爸不是87，是78", TODAY)

    assert reading.correction
    assert flatten(reading.household) == {"members[father].age": 78}


def test_a_supposition_is_read_and_marked():
    reading = read_facts("我妈82，要是住到养老院去还有补贴吗", TODAY)

    assert reading.hypothetical
    assert {span["path"]: span["hypothetical"] for span in reading.spans} == {
        "members[mother].age": False,
        "members[mother].living": True,
    }


def test_people_said_to_be_fewer_than_those_told_of_never_make_an_impossible_household():
    reading = read_facts("我一个人过，今年七十一，儿子在广东打工，女儿在上海打工", TODAY)

    assert reading.household == {"size": 1, "members": [{"id": "self", "relation": "self", "age": 71}]}


def test_nothing_is_read_beyond_two_thousand_characters():
    assert read_facts("啊" * 2_000 + "我爸82了", TODAY).household == {}


WORDS = (
    """
我 我爸 孙子 他 老两口 两个娃 大的 82 八十多 岁 一年 两万 块 二级 残疾 低保 没有 不是 ， 。 ？ 死了 跑了 打工 广东 泗县
养老金 亩 口人 要是 吗 冇 😀 1968年出生 腊月
""".split()
    + ["\u3000", "\n"]
)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(WORDS), max_size=25).map("".join) | st.text(max_size=60))
def test_whatever_is_typed_the_reading_is_a_household_the_rules_accept(text):
    reading = read_facts(text, TODAY)

    Household.parse(reading.household, load())
    assert all(0 <= span["start"] < span["end"] <= len(text) for span in reading.spans)
