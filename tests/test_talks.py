"""Conversations through the trained model, each named by what a person achieves. Cases: tests/talks/*.yml."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any, Dict, Iterator, List

import pytest
import yaml

from actions.family import flatten

TALKS = Path(__file__).parent / "talks"


def talks() -> Iterator[Any]:
    for path in sorted(TALKS.glob("*.yml")):
        for talk in yaml.safe_load(path.read_text(encoding="utf8")):
            yield pytest.param(talk, id=talk["id"])


@pytest.mark.parametrize("talk", talks())
def test_a_conversation_reaches_what_the_person_came_for(talk: Dict[str, Any], assistant: Any) -> None:
    metadata = {key: talk[key] for key in ("region", "as_of") if key in talk}
    for number, turn in enumerate(talk["turns"], 1):
        words = turn["say_repeat"][0] * turn["say_repeat"][1] if "say_repeat" in turn else turn["say"]
        messages = asyncio.get_event_loop().run_until_complete(assistant.say(talk["id"], words, metadata))
        faults = faults_of(turn, messages)

        assert not faults, f"turn {number} 「{words[:40]}」: {faults}\n--- said:\n" + "\n".join(
            m.get("text", "") for m in messages
        )


def faults_of(turn: Dict[str, Any], messages: List[Dict[str, Any]]) -> List[str]:
    """What a turn's replies lack of what was promised: `has`, `any`, `not`, `kind`, `programme`, `verdict`,
    `verdict_any`, `asks`, `asks_not`, `fact`, `forgets`, `citation`, `route`."""
    text = "\n".join(message.get("text") or "" for message in messages)
    custom: Dict[str, Any] = {}
    for message in messages:
        custom.update(message.get("custom") or {})
    found = [p for p in [custom.get("programme"), *(custom.get("programmes") or [])] if p]
    results = custom.get("results") or []
    asked = (custom.get("next_question") or {}).get("path")
    household = flatten(custom.get("household") or {})
    faults = [] if text.strip() else ["no reply"]
    faults += [f"lacks {words!r}" for words in turn.get("has", []) if words not in text]
    faults += [f"says {words!r}" for words in turn.get("not", []) if words in text]
    if turn.get("any") and not any(words in text for words in turn["any"]):
        faults.append(f"none of {turn['any']}")
    if turn.get("kind") and custom.get("kind") not in turn["kind"]:
        faults.append(f"kind {custom.get('kind')}, wanted {turn['kind']}")
    if turn.get("programme") and not set(turn["programme"]) & set(found):
        faults.append(f"programme {found}, wanted one of {turn['programme']}")
    if turn.get("aspect") and custom.get("aspect") != turn["aspect"]:
        faults.append(f"aspect {custom.get('aspect')}, wanted {turn['aspect']}")
    for programme, verdict in (turn.get("verdict") or {}).items():
        have = [result["verdict"] for result in results if result["programme"] == programme]
        if verdict not in have or verdict == "ineligible" and "eligible" in have:
            faults.append(f"{programme}: {have}, wanted {verdict}")
    if "asks" in turn and asked != turn["asks"]:
        faults.append(f"asks {asked}, wanted {turn['asks']}")
    if "asks_not" in turn and asked == turn["asks_not"]:
        faults.append(f"asks {asked} again")
    for path, value in (turn.get("fact") or {}).items():
        if household.get(path) != value:
            faults.append(f"{path}: {household.get(path)!r}, wanted {value!r}")
    for programme in turn.get("verdict_any") or []:
        if not any(result["programme"] == programme and result["verdict"] == "eligible" for result in results):
            faults.append(f"{programme}: nobody eligible")
    faults += [f"still knows {path}" for path in turn.get("forgets", []) if path in household]
    if turn.get("citation") and turn["citation"] not in [c["document"] for c in custom.get("citations") or []]:
        faults.append(f"cites {[c['document'] for c in custom.get('citations') or []]}, wanted {turn['citation']}")
    if turn.get("route") and turn["route"] not in str(custom.get("route")):
        faults.append(f"route {custom.get('route')}, wanted {turn['route']}")
    return faults
