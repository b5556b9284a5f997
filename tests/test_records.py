"""What a turn leaves behind in the database: a case code in WeChat, and nothing after 删掉."""

from __future__ import annotations

from actions.records import record
from actions.reply import Reply, reply
from actions.state import Conversation
from store.cases import open_case

FAMILY = {"size": 3, "status": {"dibao": True}}


def asked_for_a_code() -> Reply:
    return reply("answer", ["办事码在结果页下面。"], wants_case=True)


def test_a_code_asked_for_in_wechat_is_said_in_the_chat_and_opens_the_same_family(database: str) -> None:
    state, said = Conversation(household=FAMILY, asked=["size"]), asked_for_a_code()
    record(said, state, {}, "wx-granny", "wechat", [])

    assert state.case and state.case in said.text and "7 天" in said.text
    assert (open_case(state.case) or {})["household"] == FAMILY


def test_a_second_code_ends_the_first(database: str) -> None:
    state = Conversation(household=FAMILY)
    record(asked_for_a_code(), state, {}, "wx-granny", "wechat", [])
    first = str(state.case)
    record(asked_for_a_code(), state, {}, "wx-granny", "wechat", [])

    assert open_case(first) is None and open_case(str(state.case)) is not None


def test_the_page_gives_its_code_itself_and_a_stranger_gets_none(database: str) -> None:
    for channel, household in (("h5", FAMILY), ("wechat", {})):
        state = Conversation(household=household)
        record(asked_for_a_code(), state, {}, "somebody", channel, [])
        assert state.case is None


def test_forgetting_ends_the_code_too(database: str) -> None:
    state = Conversation(household=FAMILY)
    record(asked_for_a_code(), state, {}, "wx-granny", "wechat", [])
    code = str(state.case)
    record(reply("smalltalk", ["都删掉了。"], forget=True, case=code), Conversation(), {}, "wx-granny", "wechat", [])

    assert open_case(code) is None
