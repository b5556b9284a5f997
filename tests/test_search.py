"""A question about a document's own matters finds the sentence that says it."""

from __future__ import annotations

import pytest

from knowledge.library import load
from knowledge.search import search

LIBRARY = load()


@pytest.mark.parametrize(
    "question, place, clause",
    [
        ("消费扶贫是什么", "450899", "guigang-district#三(六)"),
        ("三非户怎么帮扶", "450899", "guigang-district#三(十三)"),
        ("低保3+1综合测评怎么打分", "441702", "yangjiang-2017#二(二)四"),
        ("低保名单要公示吗", "441700", "yangjiang-2017#二(四)"),
        ("社工站有什么服务", "640104", "ningxia-2021#三条·三"),
        ("互助服务队是干啥的", "239900", "hlj-county#三(二)3"),
        ("虚报冒领怎么处理", "239900", "hlj-county#四(三)"),
    ],
)
def test_a_question_finds_the_clause_that_speaks_of_it(question: str, place: str, clause: str) -> None:
    assert clause == search(question, place, LIBRARY)[0].passage.address


def test_another_places_document_is_never_searched() -> None:
    assert all(not found.passage.address.startswith("guigang") for found in search("消费扶贫是什么", "640000", LIBRARY))


def test_without_a_place_nothing_is_quoted() -> None:
    assert [] == search("消费扶贫是什么", None, LIBRARY)


def test_a_passage_stands_word_for_word_in_its_clause() -> None:
    found = search("跟踪管理多长时间", "450899", LIBRARY)[0].passage

    assert found.text in LIBRARY.clause(found.address).text


def test_a_question_of_another_world_is_hardly_covered() -> None:
    assert all(found.covered < 0.5 for found in search("白羊座和什么星座最配", "450899", LIBRARY))
