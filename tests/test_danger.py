"""Danger said in plain words is heard whatever the classifier says; what once was, is supposed or asked of a rule is not."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any, Dict, Optional

import pytest

from actions.danger import LEARNED, danger_in
from knowledge.library import load

MESSAGES = Path(__file__).parent / "data" / "danger.jsonl"
PAST_OR_RULE = [
    "以前我爸打我妈",
    "去年房子着火烧了，现在能领啥",
    "我爸五年前喝农药走了",
    "如果断粮了能申请什么",
    "没饭吃算不算急难",
    "家暴受害者能申请临时救助吗",
    "听说邻村有人跳河",
    "孩子没人养能领什么",
    "母亲失踪算事实无人抚养吗",
    "弃婴能办孤儿待遇不",
    "村里打我的低保",
    "打我手机",
    "孩子被打针了",
    "申请被打回来了",
    "儿子动手术花了五万",
    "煤气中毒住院花了两万",
    "孩子找不到工作",
    "存折找不到了",
    "没钱看病",
    "没钱",
    "我一分钱没有",
    "不想活动",
    "房子塌了能申请危房改造吗",
]  # fmt: skip


def said(text: str, *ranking: Any, danger: float = 0.0) -> Optional[str]:
    rows = [{"name": name, "confidence": sure} for name, sure in ranking]
    return danger_in({"text": text, "intent_ranking": rows, "danger": danger}, load())


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("我儿子提着刀要砍人", "violence"),
        ("他又动手了，我躲在邻居家", "violence"),
        ("我妈叫我弟打了，腿断了", "violence"),
        ("佢飲醉酒就攞刀斬人", "violence"),
        ("没钱吃饭", "food"),
        ("家里断顿了", "food"),
        ("屋企冇米落鑊", "food"),
        ("两天没吃饭了", "food"),
        ("冬天没煤，人快冻死了", "cold"),
        ("我爸喘不上来气", "medical"),
        ("我妈喝农药了", "life"),
        ("一家人煤气中毒", "gas"),
        ("活着没意思", "life"),
        ("唔想活喇", "life"),
        ("孙子没人管，爹妈都不在", "child"),
        ("隔壁细路成日俾人打，身上瘀青", "child"),
        ("门口捡到个婴儿", "child"),
        ("老爹早上出门走丢了", "missing_person"),
        ("房子塌了，人还在里面", "fire"),
        ("發大水，老人困在屋裡", "fire"),
    ],
)  # fmt: skip
def test_clear_words_need_no_hint(text: str, kind: str) -> None:
    assert said(text) == kind
    assert said(text, ("ask_eligibility", 0.9)) == kind


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("三天没吃饭了能领救济吗", "food"),
        ("老公天天打我能申请低保吗", "violence"),
        ("家里断粮了能申请什么", "food"),
        ("我不想活了，低保能办吗", "life"),
    ],
)
def test_who_asks_for_aid_in_danger_is_in_danger_all_the_same(text: str, kind: str) -> None:
    assert said(text) == kind
    assert said(text, ("ask_eligibility", 0.9)) == kind


@pytest.mark.parametrize("text", PAST_OR_RULE)
def test_what_was_or_is_asked_of_a_rule_is_no_alarm(text: str) -> None:
    assert said(text) is None


def test_what_is_learned_for_sure_is_heard_without_the_words() -> None:
    assert said("他站到楼顶边上去了", ("emergency_life", 0.4), ("emergency_fire", 0.1), danger=LEARNED) == "life"
    assert said("他站到楼顶边上去了", ("emergency_life", 0.4), danger=LEARNED / 2) is None
    assert said("他站到楼顶边上去了", ("tell_family", 0.8), ("emergency_life", 0.1), danger=0.9) is None
    assert said("以前他站到楼顶边上去过", ("emergency_life", 0.4), danger=0.9) is None


def test_what_was_once_does_not_hide_what_is_now() -> None:
    assert said("以前他也打，现在天天打我") == "violence"


def test_every_kind_has_its_number_and_a_word_for_afterwards() -> None:
    rows: Dict[str, Any] = dict(load().emergencies)
    assert all(row["words"] for row in rows.values())
    assert all(row["say_first"][:3].isdigit() and any(ch.isdigit() for ch in row["after"]) for row in rows.values())


async def heard(agent: Any, text: str) -> bool:
    return danger_in({**await agent.parse_message(text), "text": text}, load()) is not None


def test_danger_said_in_ways_never_trained_on_is_mostly_heard_and_calm_talk_seldom_alarms(loaded: Any) -> None:
    rows = [json.loads(line) for line in MESSAGES.read_text(encoding="utf8").splitlines()]

    async def alarms(dangerous: bool) -> float:
        chosen = [row["text"] for row in rows if bool(row["danger"]) == dangerous]
        return sum([await heard(loaded, text) for text in chosen]) / len(chosen)

    assert asyncio.new_event_loop().run_until_complete(alarms(True)) >= 0.75
    assert asyncio.new_event_loop().run_until_complete(alarms(False)) <= 0.15
