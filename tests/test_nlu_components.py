"""What understanding promises before any answer is looked for: one spelling, words, kinds of question, topics, names."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.nlu import components, lexicon, tokenizer
from bot.nlu.classifier import Classifier, Example, matter_of, named
from bot.nlu.normaliser import MAX_LENGTH, normalise

EXAMPLES = [
    Example("低保一个月多少钱", "ask_amount", "dibao"),
    Example("吃低保能拿多少钱", "ask_amount", "dibao"),
    Example("吃低保有啥条件", "ask_eligibility", "dibao"),
    Example("五保老人有啥条件", "ask_eligibility", "tekun"),
    Example("特困供养多少钱", "ask_amount", "tekun"),
    Example("结婚证丢了咋补", "neighbouring_matter", "neighbour/marriage"),
    Example("结婚登记要啥", "neighbouring_matter", "neighbour/marriage"),
    Example("今天下雨不", "out_of_scope", "out_of_scope"),
    Example("明天下雨不", "out_of_scope", "out_of_scope"),
    Example("你好", "greet", "none"),
    Example("您好呀", "greet", "none"),
    Example("我不想活了", "emergency_life", "none"),
    Example("活不下去了", "emergency_life", "none"),
]


@pytest.fixture(scope="module")
def learned() -> Classifier:
    return Classifier.train(EXAMPLES)


# One spelling ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed, read",
    [
        ("低保條件", "低保条件"),
        ("８２歲", "82岁"),
        ("低 保 条 件", "低保条件"),
        ("低\u200b保", "低保"),
        ("<b>低保</b>", "低保"),
        ("低保&amp;特困", "低保&特困"),
        ("低保😭", "低保"),
        ("怎么办？？？？", "怎么办?"),
        ("哈哈哈哈哈哈", "哈哈"),
        ("我哋冇錢", "我们没有钱"),
        ("咋办", "怎么办"),
        ("俺是农村的", "我是农村的"),
        ("关系", "关系"),
    ],
)
def test_what_people_type_is_read_in_one_spelling(typed: str, read: str) -> None:
    assert normalise(typed) == read


def test_figures_are_never_changed_by_normalising() -> None:
    assert normalise("一年 11000 元，6666 元，4 口人") == "一年11000元，6666元，4口人"


def test_a_message_of_signs_alone_is_empty() -> None:
    assert normalise("😭 \u200b 👵") == ""


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=3_000))
def test_any_text_becomes_one_short_line(text: str) -> None:
    read = normalise(text)

    assert len(read) <= MAX_LENGTH
    assert read == read.strip()


# Words -------------------------------------------------------------------------------------------------------------


def test_a_programmes_name_is_one_word() -> None:
    found = [word for word, _ in tokenizer.words("分散供养的特困人员咋申请")]

    assert any("特困" in word and len(word) >= 4 for word in found)


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=200))
def test_words_stand_where_they_say(text: str) -> None:
    read = normalise(text)

    if read:
        assert all(read[start : start + len(word)] == word for word, start in tokenizer.words(read))


def test_there_is_always_a_word_to_featurize() -> None:
    assert len(tokenizer.words("")) == 1


# Kinds of question and topics --------------------------------------------------------------------------------------


def test_a_topic_is_found_by_a_name_that_no_example_used(learned: Classifier) -> None:
    assert learned.predict("最低生活保障金发多少")["topics"][0]["name"] == "dibao"


def test_the_kind_of_question_does_not_hang_on_the_programme(learned: Classifier) -> None:
    kinds = [learned.predict(text)["intents"][0]["name"] for text in ("五保多少钱", "低保有啥条件")]

    assert kinds == ["ask_amount", "ask_eligibility"]


def test_two_needs_in_one_message_are_both_found(learned: Classifier) -> None:
    topics = learned.predict("低保一个月多少钱？还有，结婚证丢了咋补？")["topics"]

    assert {topic["name"] for topic in topics[:2]} == {"dibao", "neighbour/marriage"}


def test_a_message_is_ours_a_neighbours_outside_or_talk(learned: Classifier) -> None:
    said = {"低保多少钱": "ours", "结婚证咋补": "neighbour", "今天下雨": "outside", "你好": "talk"}
    told = {text: learned.predict(text)["matter"] for text in said}

    assert {text: max(shares, key=shares.get) for text, shares in told.items()} == said
    assert matter_of("neighbour/disability_certificate") == "ours"


def test_confidences_come_best_first_as_plain_numbers(learned: Classifier) -> None:
    for ranked in (learned.predict("低保")["topics"], learned.predict("低保")["intents"]):
        shares = [entry["confidence"] for entry in ranked]

        assert shares == sorted(shares, reverse=True)
        assert all(type(share) is float and 0 <= share <= 1 for share in shares)


@pytest.mark.parametrize("text", ["", "？？？", "😭"])
def test_a_message_without_words_has_topics_all_the_same(learned: Classifier, text: str) -> None:
    assert learned.predict(text)["topics"]


def test_a_topic_of_an_example_is_its_own_before_its_blocks() -> None:
    from rasa.shared.nlu.training_data.message import Message

    block = Message.build("低保多少", "ask_amount", intent_metadata={"topic": "dibao"})
    own = Message.build("五保多少", "ask_amount", intent_metadata={"topic": "dibao"}, example_metadata={"topic": "tekun"})
    bare = Message.build("你好", "greet")

    assert [components.topic_of(message) for message in (block, own, bare)] == ["dibao", "tekun", "none"]


# Names -------------------------------------------------------------------------------------------------------------


def test_programmes_are_named_in_the_order_they_stand() -> None:
    found = named("特困和低保能一起拿吗")

    assert [mention.name for mention in found][:2] == ["tekun", "dibao"]
    assert found[1].word == "低保"


def test_a_neighbouring_matter_is_not_named_as_a_programme() -> None:
    assert not [mention for mention in named("养老金怎么领") if mention.name.startswith("neighbour/")]


def test_the_longest_name_wins() -> None:
    words = lexicon.Lexicon({"a": ["低保"], "b": ["低保边缘"]}, needs={})

    assert [mention.name for mention in words.mentions("低保边缘户")] == ["b"]


def test_a_word_of_two_programmes_names_both() -> None:
    words = lexicon.Lexicon({"a": ["生活补贴"], "b": ["生活补贴"]}, needs={})

    assert [mention.name for mention in words.mentions("生活补贴")] == ["a", "b"]


# In the pipeline ---------------------------------------------------------------------------------------------------


def test_an_action_receives_topics_names_facts_and_the_persons_own_words(assistant, monkeypatch) -> None:
    import asyncio

    import actions.base

    seen = {}

    def look(message, state, *context):
        seen.update(message)
        return real(message, state, *context)

    real = actions.base.respond
    monkeypatch.setattr(actions.base, "respond", look)
    asyncio.get_event_loop().run_until_complete(assistant.say("looks", "我媽82岁，低保能拿多少", {"region": "239900"}))

    assert seen["text"] == "我媽82岁，低保能拿多少"
    assert seen["named"][0]["name"] == "dibao"
    assert seen["topics"][0]["name"] == "dibao"
    assert seen["facts"]["household"]
    assert seen["metadata"]["region"] == "239900"
