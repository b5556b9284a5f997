"""Families as a county clerk writes them down (tests/cases/*.yml), with what the documents' own words give them.

A file opens with `place` and `as_of` for all its cases; a case may say its own. `expect` is by programme, or by
programme@member; `absent` means that the programme is not offered there on that day. `amount` is [min, max, unit] or null,
`missing` names paths that must be among those asked for, `caution` and `no_caution` words that must or must not be said.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from pathlib import Path
from typing import Any, Dict, Iterator, List, Tuple

import pytest
import yaml

from knowledge.library import load
from rules import Household, screen
from rules.screen import BY_LIVING_REGION

FILES = sorted(Path(__file__).with_name("cases").glob("*.yml"))
ENOUGH = 6
KEYS = {"id", "say", "as_of", "parameters", "household", "expect", "amount", "missing", "caution", "no_caution"}


def cases() -> List[Tuple[str, Dict[str, Any]]]:
    """Every case with its file's place and day filled in."""
    found = []
    for path in FILES:
        content = yaml.safe_load(path.read_text(encoding="utf8"))
        for case in content["cases"]:
            household = {"region": content["place"], **case["household"]}
            found.append((path.stem, {"as_of": content["as_of"], **case, "household": household}))
    return found


CASES = cases()


def screened(case: Dict[str, Any]) -> Dict[str, Dict[str, Any]]:
    results = screen(Household.parse(case["household"]), case["as_of"], parameters=case.get("parameters"))
    return {"@".join(filter(None, (one["programme"], one["member"]))): one for one in results}


def amount_of(result: Dict[str, Any]) -> Any:
    amount = result["amount"]
    return amount and [amount["min"], amount["max"], amount["unit"]]


@pytest.mark.parametrize("case", [pytest.param(case, id=f"{file}：{case['id']}") for file, case in CASES])
def test_a_family_gets_what_the_document_says(case):
    found = screened(case)

    assert case["expect"] == {key: found[key]["verdict"] if key in found else "absent" for key in case["expect"]}
    assert case.get("amount", {}) == {key: amount_of(found[key]) for key in case.get("amount", {})}
    for key, paths in case.get("missing", {}).items():
        assert set(paths) <= set(found[key]["missing"])
    for key, words in case.get("caution", {}).items():
        assert words in "".join(found[key]["cautions"])
    for key, words in case.get("no_caution", {}).items():
        assert words not in "".join(found[key]["cautions"])


@pytest.mark.parametrize("case", [pytest.param(case, id=f"{file}：{case['id']}") for file, case in CASES])
def test_a_verdict_shows_its_reasons(case):
    """An eligible family sees every condition hold; an ineligible one sees one that fails; an open one what is missing."""
    for result in screened(case).values():
        holds = [reason["holds"] for reason in result["because"]]
        if result["verdict"] == "eligible":
            assert {True} == set(holds)
        elif result["verdict"] == "ineligible":
            assert False in holds
        else:
            assert False not in holds and None in holds
        assert all(reason["cite"]["quote"] for reason in result["because"] if reason["cite"])


def test_no_two_cases_have_one_name():
    names = Counter((file, case["id"]) for file, case in CASES)

    assert [name for name, times in names.items() if times > 1] == []


def test_a_case_is_written_with_known_words():
    for _, case in CASES:
        assert set(case) <= KEYS
        assert case["say"].endswith("。")
        assert isinstance(case["as_of"], dt.date)


def holders(case: Dict[str, Any]) -> Iterator[Tuple[str, str]]:
    """The place and programme of each rule that a case tests."""
    library = load()
    for programme in (key.partition("@")[0] for key, verdict in case["expect"].items() if verdict != "absent"):
        household = case["household"]
        region = household["living_region"] if programme in BY_LIVING_REGION and "living_region" in household else None
        for place in library.places_upward(region or household["region"]):
            if library.rule(place.code, programme, case["as_of"]):
                yield place.code, programme
                break


def test_every_programme_of_every_place_has_enough_cases():
    tested = Counter(holder for _, case in CASES for holder in holders(case))

    assert {rule: tested[rule] for rule in load().rules if tested[rule] < ENOUGH} == {}
