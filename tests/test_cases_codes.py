"""Case codes: made on asking, hard to guess, easy to read, gone after a week, every opening written down."""

from __future__ import annotations

import pytest

from store import audit, cases
from store.cases import ALPHABET, KEPT_SECONDS, WINDOW_SECONDS, TooManyWrongCodes, create_case, open_case

FAMILY = {"region": "239900", "members": [{"id": "mother", "relation": "mother", "age": 82}]}
NOW = 1_800_000_000.0
ALIKE = ("0OQD", "1IL", "2Z", "5S", "6G", "8B", "UV")
pytestmark = pytest.mark.usefixtures("database")  # each test has one of its own, of each kind


def wrong(times: int, by: str, now: float = NOW) -> None:
    for _ in range(times):
        assert open_case("AAAAAA", by, now) is None


def test_a_code_brings_back_the_same_family_and_questions() -> None:
    code = create_case(FAMILY, ["members[mother].age"], "239900", "2022-05-01", words={"size": "五口人"})

    case = open_case(code, "user:zuoxi01")

    assert case
    assert FAMILY == case["household"]
    assert ["members[mother].age"] == case["asked"]
    assert ("239900", "2022-05-01") == (case["region"], case["as_of"])


def test_a_code_has_six_characters_and_none_that_look_alike() -> None:
    codes = {create_case(FAMILY) for _ in range(50)}

    assert 50 == len(codes)
    assert all(6 == len(code) and set(code) <= set(ALPHABET) for code in codes)
    assert all(len(set(group) & set(ALPHABET)) <= 1 for group in ALIKE)


def test_a_code_is_understood_however_it_is_written() -> None:
    code = create_case(FAMILY)
    wide = "".join(chr(ord(c) + 0xFEE0) for c in code)

    assert all(
        open_case(written) for written in (code.lower(), f" {code[:3]}-{code[3:]} ", wide, code.replace("8", "B"))
    )


def test_a_code_used_twice_opens_the_same_family_and_both_are_written_down() -> None:
    code = create_case(FAMILY, now=NOW)
    first, second = open_case(code, "user:zuoxi01", NOW), open_case(code, "user:chuangkou", NOW + 60)

    assert first and second
    assert first["household"] == second["household"]
    assert (None, NOW) == (first["opened"], second["opened"])
    assert ["user:chuangkou", "user:zuoxi01"] == [e["who"] for e in audit.entries(code) if e["action"] == "open_case"]


def test_a_code_ends_after_seven_days_and_the_family_is_gone_with_it() -> None:
    code = create_case(FAMILY, now=NOW)

    assert open_case(code, now=NOW + KEPT_SECONDS - 1)
    assert open_case(code, now=NOW + KEPT_SECONDS) is None

    create_case({}, now=NOW + KEPT_SECONDS)
    assert open_case(code, now=NOW + 1) is None


def test_a_case_ends_at_the_residents_word() -> None:
    code = create_case(FAMILY)
    cases.end_case(code.lower())

    assert open_case(code) is None


def test_whoever_guesses_is_stopped_even_before_the_right_code() -> None:
    code = create_case(FAMILY, now=NOW)
    wrong(5, "user:zuoxi01")

    with pytest.raises(TooManyWrongCodes):
        open_case(code, "user:zuoxi01", NOW)
    assert open_case(code, "user:zuoxi02", NOW)
    assert open_case(code, "user:zuoxi01", NOW + WINDOW_SECONDS + 1)


def test_many_conversations_together_cannot_guess_on_and_the_agents_are_not_held_up() -> None:
    code = create_case(FAMILY, now=NOW)
    for number in range(cases.WRONG_BY_ALL // 4):
        wrong(4, f"h5-{number}")

    with pytest.raises(TooManyWrongCodes):
        open_case(code, "h5-fresh", NOW)
    assert open_case(code, "user:zuoxi01", NOW)


def test_a_wrong_code_is_written_down_without_the_code() -> None:
    wrong(1, "h5-someone")

    entry = audit.entries()[0]
    assert ("h5-someone", "wrong_case_code", "") == (entry["who"], entry["action"], entry["subject"])


def test_what_is_told_later_stands_under_the_same_code() -> None:
    code = create_case(FAMILY)
    cases.update_case(code, {**FAMILY, "size": 2}, ["size"], {"size": "两口人"})

    case = open_case(code)
    assert case
    assert (2, ["size"], "两口人") == (case["household"]["size"], case["asked"], case["words"]["size"])
