"""What the WeChat channel promises to the platform, to a county that switches it on, and to the person who writes."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from xml.etree import ElementTree

import httpx
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rasa.core.tracker_store import InMemoryTrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import BotUttered, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy import text as sql

from bot import transcript, wechat_admin
from bot.sessions import COOKIE, Sessions, signing_secret
from bot.settings import WrongSetting
from bot.wechat import words
from bot.wechat.account import Account, account_from
from bot.wechat.hearing import chosen, cleaned, only_a_nudge
from bot.wechat.platform import Platform, PlatformError
from bot.wechat.writing import LONGEST_REPLY, choices_of, clean, cut, prepared, show
from store.base import session_scope
from store.migrate import upgrade
from tests.wechat_platform import (
    AES_KEY,
    APP_ID,
    LINK,
    SECRET,
    TOKEN,
    WEBHOOK,
    SimulatedPlatform,
    StandInBot,
    api_server,
    build_app,
    event,
    message,
    serving,
    sign,
)

GRANNY, CLERK = "oGrannyAAAAAAAAAAAAAAAAAAAAA", "oClerkBBBBBBBBBBBBBBBBBBBBBB"
QUESTION = {
    "text": "您母亲住在哪里？",
    "buttons": [{"title": "住在家里", "payload": "住在家里"}, {"title": "住养老院", "payload": "她住养老院"}],
}


@pytest.fixture
def platform():
    platform = SimulatedPlatform()
    with api_server(platform) as address:
        platform.api_base = address
        yield platform


@pytest.fixture
def bot():
    return StandInBot()


@pytest.fixture
def account(tmp_path):
    """An uncertified account: passive replies, nothing else."""
    return Account(token=TOKEN, database=f"sqlite:///{tmp_path}/wechat.db", follow_after=0, reply_within=30)


@pytest.fixture
def certified(account, platform):
    """An account with every right."""
    return dataclasses.replace(account, app_id=APP_ID, secret=SECRET, api_base=platform.api_base)


@contextlib.contextmanager
def assistant(account, bot, platform, store=None):
    """The channel, served, with the platform pointed at it; `store` keeps the conversations."""
    with serving(build_app(account, bot, store=store)) as platform.url:
        yield platform


@pytest.fixture
def wechat(account, bot, platform):
    with assistant(account, bot, platform):
        yield platform


class Slow:
    """An answer that is ready when the test says so."""

    def __init__(self, *slow, answer=lambda text: f"查到了：{text}"):
        self.slow, self.answer, self.ready = slow, answer, threading.Event()

    async def __call__(self, text):
        if not self.slow or text in self.slow:
            await asyncio.to_thread(self.ready.wait, 60)
        return self.answer(text)


# --- the account's address and its modes ---


def test_without_a_token_there_is_no_wechat_address(bot):
    with serving(build_app(account_from(env={}), bot)) as url:
        assert httpx.get(url + WEBHOOK).status_code == 404


def test_the_platforms_check_of_the_address_gets_its_echo_back(wechat):
    query, _ = wechat.envelope("<xml/>")

    answer = httpx.get(wechat.url + WEBHOOK, params={**query, "echostr": "4375120948345356249"})

    assert (answer.status_code, answer.text) == (200, "4375120948345356249")


@pytest.mark.parametrize("changes", [{"signature": "0" * 40}, {"timestamp": "1"}, {"nonce": ""}, {"echostr": ""}])
def test_a_check_that_is_not_the_platforms_gets_no_echo(wechat, changes):
    query, _ = wechat.envelope("<xml/>")

    answer = httpx.get(wechat.url + WEBHOOK, params={**query, "echostr": "123", **changes})

    assert 400 <= answer.status_code < 500
    assert "123" not in answer.text


@pytest.mark.parametrize("mode", ["plain", "compatible", "safe"])
def test_every_mode_of_the_console_works(account, bot, platform, mode):
    account = dataclasses.replace(account, aes_key=AES_KEY, app_id=APP_ID)
    platform.mode = mode
    with assistant(account, bot, platform):
        assert platform.say(GRANNY, "低保🙂怎么申请") == "您说：低保🙂怎么申请"


def test_compatible_mode_works_without_an_aes_key(account, bot, platform):
    with assistant(account, bot, platform):
        query, body = dataclasses.replace(platform, mode="compatible").envelope(message(GRANNY, Content="低保"))

        assert "您说：低保" in platform.post(query, body).text


def test_an_account_in_safe_mode_takes_no_plaintext(account, bot, platform):
    account = dataclasses.replace(account, aes_key=AES_KEY, app_id=APP_ID, mode="safe")
    with assistant(account, bot, platform):
        assert platform.push(message(GRANNY, Content="低保")).status == 403

    assert bot.turns == []


def test_settings_that_cannot_work_are_refused_with_what_to_write():
    with pytest.raises(WrongSetting, match="WECHAT_APP_ID"):
        account_from(env={"WECHAT_TOKEN": "t", "WECHAT_AES_KEY": AES_KEY})
    with pytest.raises(WrongSetting, match="4.5"):
        account_from(env={"WECHAT_TOKEN": "t", "WECHAT_REPLY_WITHIN": "soon"})
    with pytest.raises(WrongSetting, match="43"):
        account_from(env={"WECHAT_TOKEN": "t", "WECHAT_AES_KEY": "short", "WECHAT_APP_ID": APP_ID})


def test_secrets_are_not_in_what_the_account_prints():
    account = Account(token=TOKEN, aes_key=AES_KEY, app_id=APP_ID, secret=SECRET, person_key="pepper")

    assert not any(secret in repr(account) for secret in (TOKEN, AES_KEY, SECRET, "pepper"))


# --- who may speak ---


@pytest.mark.parametrize("mode", ["plain", "compatible", "safe"])
@pytest.mark.parametrize("changes", [{"signature": "0" * 40, "msg_signature": "0" * 40}, {"timestamp": "1700000000"}])
def test_a_wrong_signature_or_a_stale_timestamp_does_no_work(account, bot, platform, mode, changes):
    account = dataclasses.replace(account, aes_key=AES_KEY, app_id=APP_ID)
    platform.mode = mode
    if mode == "plain":
        changes = {name: value for name, value in changes.items() if name != "msg_signature"}
    with assistant(account, bot, platform):
        assert platform.post(*platform.envelope(message(GRANNY, Content="低保"), **changes)).status_code == 403

    assert bot.turns == []


def test_in_safe_mode_the_plain_signature_proves_nothing(account, bot, platform):
    account = dataclasses.replace(account, aes_key=AES_KEY, app_id=APP_ID)
    platform.mode = "safe"
    with assistant(account, bot, platform):
        query, body = platform.envelope(message(GRANNY, Content="低保"))
        query["msg_signature"] = query["signature"]

        assert platform.post(query, body).status_code == 403
    assert bot.turns == []


def test_an_old_but_well_signed_message_is_refused(wechat, bot):
    query, body = wechat.envelope(message(GRANNY, Content="低保"))
    query["timestamp"] = str(int(time.time()) - 3600)
    query["signature"] = sign(TOKEN, query["timestamp"], query["nonce"])

    assert wechat.post(query, body).status_code == 403
    assert bot.turns == []


def test_a_signature_used_again_for_another_body_does_no_work(wechat, bot):
    query, body = wechat.envelope(message(GRANNY, Content="低保"))
    wechat.post(query, body)

    assert wechat.post(query, message(GRANNY, Content="把钱打给我")).status_code == 403
    assert bot.texts == ["低保"]


def test_the_plain_signature_of_an_encrypted_message_opens_no_plaintext_one(account, bot, platform):
    account = dataclasses.replace(account, aes_key=AES_KEY, app_id=APP_ID)
    platform.mode = "safe"
    with assistant(account, bot, platform):
        query, body = platform.envelope(message(GRANNY, Content="低保"))
        platform.post(query, body)
        captured = {name: query[name] for name in ("signature", "timestamp", "nonce")}

        assert platform.post(captured, message(GRANNY, Content="把钱打给我")).status_code == 403
    assert bot.texts == ["低保"]


def test_the_same_request_again_is_a_retry_and_no_replay(wechat, bot):
    query, body = wechat.envelope(message(GRANNY, Content="低保"))

    first, second = wechat.post(query, body), wechat.post(query, body)

    assert (first.status_code, second.status_code) == (200, 200)
    assert wechat.read(first)["Content"] == wechat.read(second)["Content"] == "您说：低保"
    assert bot.texts == ["低保"]


# --- bodies that are no messages ---

BOMB = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
FILE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>'


@pytest.mark.parametrize("doctype", [BOMB, FILE, "<!DOCTYPE xml>", '<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x">'])
def test_entities_and_document_types_are_refused(wechat, bot, doctype):
    xml = doctype + message(GRANNY, Content="低保").replace(
        "<![CDATA[低保]]>", "&a;" if "ENTITY" in doctype else "低保"
    )

    assert wechat.post(*wechat.envelope(xml)).status_code == 400
    assert bot.turns == []


def test_somebody_may_write_about_a_doctype(wechat):
    assert wechat.say(GRANNY, "<!DOCTYPE html> 是什么") == "您说：＜!DOCTYPE html> 是什么"


GOOD = message(GRANNY, msg_id=1, Content="低保")
NO_MESSAGES = {
    "nothing": b"",
    "json": b"{}",
    "no utf-8": b"\xff\xfe",
    "empty": b"<xml></xml>",
    "only text": b"<xml>text</xml>",
    "another root": b"<other><MsgType>text</MsgType></other>",
    "encrypted to an account without a key": b"<xml><Encrypt>AAAA</Encrypt></xml>",
    "cut off": GOOD.encode()[:-1],
    "no id": re.sub("<MsgId>.*</MsgId>", "", GOOD).encode(),
    "an id of letters": re.sub("<MsgId>.*</MsgId>", "<MsgId>x</MsgId>", GOOD).encode(),
    "a nested kind": re.sub("<MsgType>.*?</MsgType>", "<MsgType><a>text</a></MsgType>", GOOD).encode(),
    "a strange sender": re.sub("<FromUserName>.*?</FromUserName>", "<FromUserName>a b</FromUserName>", GOOD).encode(),
    "a time of words": re.sub("<CreateTime>.*?</CreateTime>", "<CreateTime>soon</CreateTime>", GOOD).encode(),
    "two ids": GOOD.replace("</xml>", "<MsgId>2</MsgId></xml>").encode(),
    "an event without a kind": GOOD.replace("[text]", "[event]").encode(),
    "deeply nested": b"<xml>" + b"<a>" * 9000 + b"</a>" * 9000 + b"</xml>",
}


@pytest.mark.parametrize("body", NO_MESSAGES.values(), ids=NO_MESSAGES.keys())
def test_a_well_signed_body_that_is_no_message_gets_a_400(wechat, bot, body):
    query, _ = wechat.envelope("<xml/>")

    assert wechat.post(query, body).status_code == 400
    assert bot.turns == []


def test_a_large_body_is_refused(wechat, bot):
    assert wechat.push(message(GRANNY, Content="保" * 30_000)).status == 413
    assert bot.turns == []


def test_a_large_body_in_pieces_is_refused(wechat, bot):
    query, _ = wechat.envelope("<xml/>")

    answer = httpx.post(wechat.url + WEBHOOK, params=query, content=(b"x" * 1000 for _ in range(200)))

    assert answer.status_code == 413


@pytest.fixture(scope="module")
def fuzzed(tmp_path_factory):
    """One server for all examples: accounts of both kinds."""
    folder = tmp_path_factory.mktemp("fuzz")
    plain = Account(token=TOKEN, database=f"sqlite:///{folder}/fuzz.db")
    safe = dataclasses.replace(plain, aes_key=AES_KEY, app_id=APP_ID)
    with serving(build_app(plain, StandInBot())) as plain_url, serving(build_app(safe, StandInBot())) as safe_url:
        yield SimulatedPlatform(plain_url), SimulatedPlatform(safe_url, mode="safe")


FUZZ = settings(deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))
NAMES = st.sampled_from(
    [
        "ToUserName",
        "FromUserName",
        "CreateTime",
        "MsgType",
        "MsgId",
        "Event",
        "EventKey",
        "Content",
        "Recognition",
        "Label",
    ]
)
WORDS = st.one_of(
    st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=40),
    st.sampled_from(
        ["text", "event", "voice", "location", "subscribe", "CLICK", "SCAN", "1", GRANNY, "]]>", "<a>", "&a;"]
    ),
)


@FUZZ
@given(st.lists(st.tuples(NAMES, WORDS, st.sampled_from(["cdata", "raw", "nested"])), max_size=12))
def test_no_xml_however_odd_is_a_server_error(fuzzed, fields):
    shapes = {"cdata": "<{0}><![CDATA[{1}]]></{0}>", "raw": "<{0}>{1}</{0}>", "nested": "<{0}><x>{1}</x></{0}>"}
    xml = "<xml>" + "".join(shapes[shape].format(name, value) for name, value, shape in fields) + "</xml>"
    for platform in fuzzed:
        assert platform.post(*platform.envelope(xml)).status_code < 500


@FUZZ
@given(st.binary(max_size=300))
def test_no_bytes_however_odd_are_a_server_error(fuzzed, body):
    for platform in fuzzed:
        query, _ = platform.envelope("<xml/>")
        assert 400 <= platform.post(query, body).status_code < 500


@FUZZ
@given(
    st.dictionaries(
        st.sampled_from(["signature", "timestamp", "nonce", "encrypt_type", "msg_signature", "echostr", "openid"]),
        st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=60),
        min_size=1,
    )
)
def test_no_query_however_odd_opens_the_door_or_is_a_server_error(fuzzed, changes):
    for platform in fuzzed:
        query, body = platform.envelope(message(GRANNY, Content="低保"))
        needed = (
            {"signature", "timestamp", "nonce"} if platform.mode == "plain" else {"timestamp", "nonce", "msg_signature"}
        )
        spoiled = any(name in needed and query[name] != value for name, value in changes.items())

        status = platform.post({**query, **changes}, body).status_code

        assert 400 <= status < 500 if spoiled else status < 500
        assert platform.http.get(platform.url + WEBHOOK, params=changes).status_code < 500


@FUZZ
@given(st.binary(max_size=200))
def test_no_ciphertext_however_odd_is_a_server_error(fuzzed, sealed):
    platform = fuzzed[1]
    for text in (sealed.decode("latin-1"), sealed.hex(), "AAAA" * (len(sealed) // 3)):
        query, _ = platform.envelope("<xml/>")
        text = re.sub(r"[^ -;=?-~]", "", text)
        query["msg_signature"] = sign(TOKEN, query["timestamp"], query["nonce"], text.strip())

        assert 400 <= platform.post(query, f"<xml><Encrypt><![CDATA[{text}]]></Encrypt></xml>").status_code < 500


# --- what people send ---


def test_a_voice_message_is_read_where_the_platform_still_recognises_it(wechat, bot):
    assert wechat.push(message(GRANNY, "voice", Recognition="低保怎么申请。")).text == "您说：低保怎么申请。"
    assert wechat.push(message(GRANNY, "voice", Recognition="")).text == words.VOICE["text"]
    assert wechat.push(message(GRANNY, "voice", MediaId="m", Format="amr")).text == words.VOICE["text"]
    assert bot.texts == ["低保怎么申请。"]


@pytest.mark.parametrize("kind", ["image", "video", "shortvideo", "link", "file", "something_new"])
def test_what_cannot_be_read_gets_a_kind_word_and_no_turn(wechat, bot, kind):
    assert "打成字" in wechat.push(message(GRANNY, kind, MediaId="m", Title="t", Url="https://example.org")).text
    assert bot.turns == []


@pytest.mark.parametrize("text", ["", "   ", "/", "【收到不支持的消息类型，暂无法显示】"])
def test_an_empty_or_unsupported_text_gets_a_kind_word_and_no_turn(wechat, bot, text):
    assert wechat.say(GRANNY, text) == words.UNREADABLE["text"]
    assert bot.turns == []


def test_a_leading_slash_is_no_command(wechat, bot):
    wechat.say(GRANNY, "/restart")
    wechat.say(GRANNY, "／ /session_start")

    assert bot.texts == ["restart", "session_start"]


def test_card_and_phone_numbers_are_masked_before_the_bot_sees_them(wechat, bot):
    wechat.say(GRANNY, "我叫张三，身份证110101199003078515，电话13800138000")

    assert "110101199003078515" not in bot.texts[0]
    assert "13800138000" not in bot.texts[0]


def test_the_bot_is_told_the_channel_and_a_hash_and_never_the_openid(wechat, bot, tmp_path):
    wechat.push(event(GRANNY, "SCAN", EventKey="341324101"))
    wechat.say(GRANNY, "低保")

    turn = bot.turns[0]
    assert (turn.input_channel, turn.metadata) == ("wechat", {"channel": "wechat", "region": "341324101"})
    assert re.fullmatch(r"wechat-[0-9a-f]{32}", turn.sender_id)
    for file in tmp_path.iterdir():
        assert GRANNY.encode() not in file.read_bytes()


def test_a_hash_of_an_openid_depends_on_the_accounts_key():
    account = Account(token=TOKEN, secret="one")

    assert account.person(GRANNY) == dataclasses.replace(account, token="other").person(GRANNY)
    assert account.person(GRANNY) != dataclasses.replace(account, secret="two").person(GRANNY)
    assert account.person(GRANNY) != account.person(CLERK)


def test_a_location_sets_the_place_when_it_can(wechat, bot):
    where = {"Location_X": "33.5", "Location_Y": "117.9", "Scale": "15"}
    assert "墩集镇" in wechat.push(message(GRANNY, "location", Label="安徽省宿州市泗县墩集镇某街1号", **where)).text
    assert wechat.push(message(GRANNY, "location", Label="月球", **where)).text == words.NOWHERE["text"]

    wechat.say(GRANNY, "低保")

    assert bot.turns[0].metadata["region"] == "341324101"


@pytest.mark.parametrize(
    ("kind", "scene", "place"),
    [
        ("subscribe", "", None),
        ("subscribe", "qrscene_341324101", "341324101"),
        ("subscribe", "qrscene_an-advert", None),
        ("SCAN", "341324101", "341324101"),
        ("SCAN", "341324101201", "341324101"),
        ("SCAN", "511502100201", None),
        ("SCAN", "7", None),
    ],
)
def test_a_scene_carries_the_villages_code(wechat, bot, kind, scene, place):
    assert wechat.push(event(GRANNY, kind, EventKey=scene, Ticket="t")).text

    wechat.say(GRANNY, "低保")

    assert bot.turns[0].metadata.get("region") == place


def test_a_new_subscriber_sees_three_things_to_ask_and_a_tap_asks_one(wechat, bot):
    lines = LINK.findall(wechat.push(event(GRANNY, "subscribe")).text)
    assert len(lines) == 3

    wechat.say(GRANNY, lines[1][0], bizmsgmenuid=lines[1][1])
    wechat.push(event(CLERK, "subscribe"))
    wechat.say(CLERK, "2")

    assert bot.texts == [words.EXAMPLES[1]] * 2


def test_a_menu_click_is_a_plain_message(wechat, bot):
    assert wechat.push(event(GRANNY, "CLICK", EventKey="低保怎么申请")).text == "您说：低保怎么申请"


@pytest.mark.parametrize("kind", ["VIEW", "LOCATION", "unsubscribe", "TEMPLATESENDJOBFINISH", "some_new_event"])
def test_events_that_ask_for_nothing_get_success(wechat, bot, kind):
    delivery = wechat.push(event(GRANNY, kind, EventKey="https://example.org/", Latitude="23.1", Longitude="113.3"))

    assert (delivery.tries, delivery.status, delivery.reply) == (1, 200, None)
    assert bot.turns == []


def test_somebody_who_leaves_is_forgotten(account, bot, platform):
    store = InMemoryTrackerStore(Domain.empty())
    bot.answer = lambda text: QUESTION
    with assistant(account, bot, platform, store):
        platform.push(event(GRANNY, "SCAN", EventKey="341324101"))
        platform.say(GRANNY, "低保")
        asyncio.run(store.save(DialogueStateTracker.from_events(bot.turns[0].sender_id, [UserUttered("低保")])))

        platform.push(event(GRANNY, "unsubscribe"))

    assert list(asyncio.run(store.keys())) == []
    with session_scope(account.database) as session:
        people = session.execute(sql("select region, choices, leftover from wechat_person")).all()
        replies = session.execute(sql("select reply from wechat_message")).scalars().all()
    assert people == [(None, "[]", "[]")]
    assert set(replies) == {None}


def test_somebody_who_asks_to_be_forgotten_keeps_only_the_place(account, bot, platform):
    store = InMemoryTrackerStore(Domain.empty())
    bot.answer = lambda text: {"text": "都删掉了。", "custom": {"forget": True}} if text == "忘掉我" else QUESTION
    with assistant(account, bot, platform, store):
        platform.push(event(GRANNY, "SCAN", EventKey="341324101"))
        platform.say(GRANNY, "我妈82了")
        asyncio.run(store.save(DialogueStateTracker.from_events(bot.turns[0].sender_id, [UserUttered("我妈82了")])))
        assert platform.say(GRANNY, "忘掉我") == "都删掉了。"
        platform.say(GRANNY, "2")

    assert list(asyncio.run(store.keys())) == []
    assert bot.texts[-1] == "2"
    assert bot.turns[-1].metadata["region"] == "341324101"


# --- what people see ---


def test_several_messages_become_one_text(wechat, bot):
    bot.answer = lambda text: ["第一句。", {"text": "第二句。", "custom": {"kind": "answer"}}]

    assert wechat.say(GRANNY, "低保") == "第一句。\n\n第二句。"


def test_choices_can_be_tapped_and_typed(wechat, bot):
    bot.answer = lambda text: QUESTION if text == "我妈82了" else f"您说：{text}"

    shown = wechat.say(GRANNY, "我妈82了")
    assert [(content, label) for content, _, label in LINK.findall(shown)] == [
        ("住在家里", "1. 住在家里"),
        ("她住养老院", "2. 住养老院"),
    ]
    assert wechat.say(GRANNY, "2") == "您说：她住养老院"
    assert wechat.say(GRANNY, "2") == "您说：2"  # the question is over: a number is a number again


@pytest.mark.parametrize("typed", ["2", "２", "2.", "②", "第2个", "选2", "二", "（2）", "住养老院", "她住养老院"])
def test_a_choice_can_be_named_in_many_ways(typed):
    from bot.wechat.hearing import Heard

    assert chosen(Heard(cleaned(typed)), choices_of(prepared([QUESTION])[0])) == "她住养老院"


def test_where_a_number_is_asked_for_a_typed_number_is_the_answer(wechat, bot):
    asks = {
        "text": "家里几口人？",
        "buttons": [{"title": "3 口", "payload": "3口人"}, {"title": "4 口", "payload": "4口人"}],
    }
    bot.answer = lambda text: {**asks, "custom": {"next_question": {"kind": "number"}}} if text == "低保" else text

    assert "1." not in wechat.say(GRANNY, "低保")
    assert wechat.say(GRANNY, "2") == "2"


def test_a_photo_in_between_leaves_the_question_open(wechat, bot):
    bot.answer = lambda text: QUESTION if text == "我妈82了" else f"您说：{text}"
    wechat.say(GRANNY, "我妈82了")

    wechat.push(message(GRANNY, "image", MediaId="m"))

    assert wechat.say(GRANNY, "2") == "您说：她住养老院"


def test_a_tapped_line_is_known_by_its_id_even_if_its_words_come_back_escaped(wechat, bot):
    odd = {"text": "？", "buttons": [{"title": "一半", "payload": '50% & "更多" 以上'}]}
    bot.answer = lambda text: odd if text == "低保" else f"您说：{text}"
    content, line, _ = LINK.findall(wechat.say(GRANNY, "低保"))[0]

    assert wechat.say(GRANNY, content, bizmsgmenuid=line) == '您说：50% & "更多" 以上'


def test_a_long_answer_waits_for_the_next_message_and_loses_nothing(wechat, bot):
    sentences = [f"第{number}条，{'说明' * 20}。" for number in range(60)]
    bot.answer = lambda text: {"text": "".join(sentences), "buttons": QUESTION["buttons"]}

    shown = [wechat.say(GRANNY, "低保有哪些规定")]
    while words.MORE_ON_REPLY in shown[-1]:
        shown.append(wechat.say(GRANNY, "好"))

    assert len(shown) > 3
    assert "".join(part.replace(words.MORE_ON_REPLY, "").strip() for part in shown).startswith("".join(sentences))
    assert all(part.replace(f"\n{words.MORE_ON_REPLY}", "").endswith("。") for part in shown[:-1])
    assert [bool(LINK.search(part)) for part in shown] == [False] * (len(shown) - 1) + [True]
    assert bot.texts == ["低保有哪些规定"]
    assert wechat.say(GRANNY, "2") and bot.texts[-1] == "她住养老院"


def test_a_new_question_shows_what_was_left_over_and_is_answered_too(wechat, bot):
    bot.answer = lambda text: "长。" * 400 if text == "低保有哪些规定" else f"您说：{text}"
    wechat.say(GRANNY, "低保有哪些规定")

    shown = wechat.say(GRANNY, "临时救助呢")

    assert shown.startswith("长。")
    assert shown.endswith("您说：临时救助呢")


def test_an_event_that_asks_for_nothing_does_not_use_up_what_is_left_over(wechat, bot):
    bot.answer = lambda text: "长。" * 400
    wechat.say(GRANNY, "低保有哪些规定")

    assert wechat.push(event(GRANNY, "VIEW", EventKey="https://example.org/")).reply is None
    assert wechat.say(GRANNY, "好").startswith("长。")


@given(
    st.text(alphabet="低保金额。，！ 0123456789,.%a🙂👨\u200d👩\ufe0f\U0001f3fd🇨🇳\n", max_size=300),
    st.integers(30, 200),
)
@settings(deadline=None, max_examples=200)
def test_a_cut_fits_and_loses_nothing(text, room):
    head, tail = cut(text, room)

    assert len(head.encode()) <= room
    assert re.sub(r"\s", "", head + tail) == re.sub(r"\s", "", text)


@pytest.mark.parametrize(
    "torn", ["1,000.50", "80%", "👨\u200d👩\u200d👧", "👍\U0001f3fd", "🇨🇳", '<a href="https://example.org">页</a>']
)
def test_numbers_emoji_and_links_are_never_torn(torn):
    text = "话" * 20 + torn + "完" * 30

    for room in range(60, len(("话" * 20 + torn).encode()) + 1):
        head, tail = cut(text, room)
        assert head + tail == text
        assert torn in head or torn in tail


@given(st.text(alphabet=st.one_of(st.characters(), st.sampled_from("]]><a&\x00\ufffe\ud800")), max_size=200))
@settings(deadline=None)
def test_no_text_breaks_a_reply(text):
    content = clean(text)

    parsed = ElementTree.fromstring(f"<xml><![CDATA[{content}]]></xml>".encode())

    assert (parsed.text or "") == content.replace("\r", "\n")
    assert not re.search("<[A-Za-z/!]", content)


def test_a_reply_with_every_dangerous_character_arrives(wechat, bot):
    bot.answer = lambda text: "a]]>b<script>\x00\x0b\ufffe & 🙂"

    assert wechat.say(GRANNY, "低保") == "a]] >b＜script> & 🙂"


def test_too_many_choices_still_fit(wechat, bot):
    many = [
        {"title": f"第{number}种情况，" + "很长" * 30, "payload": "很长" * 60 + str(number)} for number in range(40)
    ]
    bot.answer = lambda text: {"text": "话。" * 300, "buttons": many}

    shown = wechat.say(GRANNY, "低保")
    assert words.MORE_ON_REPLY in shown
    assert "12. 第11种情况" in wechat.say(GRANNY, "好")


SCREENED = {
    "kind": "screening",
    "household": {"region": "341324", "members": [{"id": "m1", "age": 82}]},
    "results": [{"programme": "dibao", "summary": "低保：可能符合"}, {"programme": "tekun", "summary": "特困：不符合"}],
    "case_offer": True,
}


def test_a_finished_screening_links_to_the_page_where_the_same_conversation_goes_on(account, bot, platform):
    store, region = InMemoryTrackerStore(Domain.empty()), "341324101"
    bot.answer = lambda text: {"text": "看完了。", "custom": SCREENED}
    with assistant(dataclasses.replace(account, page="http://page.test"), bot, platform, store):
        platform.push(event(GRANNY, "SCAN", EventKey=region))
        shown = platform.say(GRANNY, "帮我看看")
        [(path, token)] = re.findall(r'^看完了。\n<a href="http://page.test(/webhooks/wechat/result/([^"]+))">', shown)
        sender = bot.turns[0].sender_id
        said = [UserUttered("帮我看看"), BotUttered("看完了。", data={"custom": SCREENED})]
        asyncio.run(store.save(DialogueStateTracker.from_events(sender, said)))

        good, forged = (httpx.get(f"{platform.url}{path[: -len(token)]}{given}") for given in (token, token + "x"))

    assert (good.status_code, good.headers["location"]) == (302, f"/v/{region}")
    session = Sessions(signing_secret()).read(good.cookies[COOKIE])
    assert session.place == region
    assert transcript.last_screening(asyncio.run(store.retrieve(session.sender))) == SCREENED
    assert (forged.headers["location"], dict(forged.cookies)) == ("/", {})


def test_without_an_address_of_the_page_nothing_links_to_it(wechat, bot):
    bot.answer = lambda text: {"text": "看完了。", "custom": SCREENED}

    assert wechat.say(GRANNY, "帮我看看") == "看完了。"


def test_a_finished_screening_may_be_a_card_and_its_text_follows(account, bot, platform):
    account = dataclasses.replace(account, page="http://page.test", result_as="card")
    bot.answer = lambda text: {"text": "看完了。", "custom": SCREENED}
    with assistant(account, bot, platform):
        delivery = platform.push(message(GRANNY, Content="帮我看看"))
        [card] = delivery.reply["articles"]

        assert delivery.reply["MsgType"] == "news"
        assert card["Url"].startswith("http://page.test/webhooks/wechat/result/")
        assert "低保：可能符合\n特困：不符合" in card["Description"]
        assert platform.say(GRANNY, "好") == "看完了。"


@pytest.mark.parametrize(
    "answer", [lambda text: [], lambda text: 1 / 0, lambda text: {"text": ""}, lambda text: {"custom": {}}]
)
def test_a_turn_without_an_answer_is_an_apology_and_never_silence(wechat, bot, answer):
    bot.answer = answer

    assert "12345" in wechat.say(GRANNY, "低保")


# --- five seconds, three tries, one turn ---


def test_a_retry_gets_the_first_tries_answer_and_no_second_turn(account, platform, bot):
    bot.answer = slow = Slow()
    with assistant(account, bot, platform):
        platform.hangs_up_after = 0.3
        xml = message(GRANNY, Content="低保")
        assert platform.push(xml, tries=2).tries == 2  # nobody answered in time, twice
        slow.ready.set()
        platform.hangs_up_after = 30

        assert platform.push(xml, tries=1).text == "查到了：低保"
        assert platform.push(xml, tries=1).text == "查到了：低保"
    assert bot.texts == ["低保"]


def test_a_retried_event_is_one_event_and_two_in_one_second_are_two(wechat, bot):
    click = event(GRANNY, "CLICK", EventKey="低保", CreateTime=1_700_000_000)

    wechat.push(click)
    wechat.push(click)
    wechat.push(event(GRANNY, "CLICK", EventKey="特困", CreateTime=1_700_000_000))
    wechat.push(event(CLERK, "CLICK", EventKey="低保", CreateTime=1_700_000_000))

    assert bot.texts == ["低保", "特困", "低保"]


def test_a_late_answer_is_announced_at_once_and_waits_for_the_next_message(account, platform, bot):
    bot.answer = slow = Slow("低保")
    with assistant(dataclasses.replace(account, reply_within=0.2), bot, platform):
        assert platform.say(GRANNY, "低保") == words.WAIT_AND_SEE
        assert platform.say(GRANNY, "好") == words.WAIT_AND_SEE
        slow.ready.set()

        assert until(lambda: platform.say(GRANNY, "好"), words.WAIT_AND_SEE) == "查到了：低保"
    assert bot.texts == ["低保"]


def until(ask, *not_yet):
    """Ask again until something else than `not_yet` comes."""
    while (answer := ask()) in not_yet:
        time.sleep(0.05)
    return answer


def test_a_late_answer_is_sent_where_the_account_may_send(certified, platform, bot):
    bot.answer = slow = Slow(answer=lambda text: QUESTION)
    with assistant(dataclasses.replace(certified, reply_within=0.2), bot, platform):
        xml = message(GRANNY, Content="我妈82了")
        assert platform.push(xml).text == words.WAIT_OR_SEE
        slow.ready.set()
        assert platform.something_sent.wait(30)

        [sent] = platform.sent
        assert (sent["touser"], sent["msgtype"]) == (GRANNY, "text")
        assert len(LINK.findall(sent["text"]["content"])) == 2
        assert until(lambda: platform.push(xml).text, words.WAIT_OR_SEE) == ""  # a retry now: it has been said
        bot.answer = lambda text: f"您说：{text}"
        assert platform.say(GRANNY, "2") == "您说：她住养老院"


def test_an_agents_words_reach_the_person_by_customer_service_message(certified, platform, bot):
    app = build_app(certified, bot)
    with serving(app) as platform.url:
        platform.say(GRANNY, "找人工")
        told = asyncio.run(app.ctx.wechat_say(certified.person(GRANNY), "我是人工，您请说"))

        assert told
        assert "我是人工，您请说" in [sent["text"]["content"] for sent in platform.sent]
        assert not asyncio.run(app.ctx.wechat_say(certified.person("nobody-who-wrote"), "您请说"))


def test_the_rest_of_a_long_answer_is_sent_where_the_account_may_send(certified, platform, bot):
    bot.answer = lambda text: "".join(f"第{number}条，{'说明' * 20}。" for number in range(40))
    with assistant(certified, bot, platform):
        first = platform.say(GRANNY, "低保有哪些规定")
        assert words.MORE_FOLLOWS in first
        until(lambda: len(platform.sent), 0, 1)

        parts = [first, *(sent["text"]["content"] for sent in platform.sent)]
        assert "".join(part.replace(words.MORE_FOLLOWS, "").strip() for part in parts) == bot.answer("")


@pytest.mark.parametrize("errcode", [45015, 45047, 40003, -1])
def test_what_the_platform_does_not_take_waits_for_the_next_message(certified, platform, bot, errcode):
    bot.answer = lambda text: "长。" * 400 if text == "低保有哪些规定" else f"您说：{text}"
    platform.refuses = [errcode]
    with assistant(certified, bot, platform):
        platform.say(GRANNY, "低保有哪些规定")
        until(lambda: len(platform.refuses), 1)

        assert until(lambda: platform.say(GRANNY, "好"), "您说：好").startswith("长。")
    assert platform.sent == []


def test_an_account_without_the_right_is_not_promised_a_message_again(certified, platform, bot):
    platform.rights = False
    bot.answer = lambda text: "长。" * 400
    with assistant(certified, bot, platform):
        assert words.MORE_FOLLOWS in platform.say(GRANNY, "低保有哪些规定")
        until(lambda: words.MORE_FOLLOWS in platform.say(CLERK, "低保有哪些规定"), True)
        assert platform.say(GRANNY, "低保有哪些规定").endswith(words.MORE_ON_REPLY)


def test_messages_of_one_person_are_answered_in_the_order_they_came(account, platform, bot):
    slow = Slow("第一")
    bot.answer = slow
    with assistant(account, bot, platform), ThreadPoolExecutor(3) as senders:
        waiting = []
        for number, text in enumerate(["第一", "第二", "第三"], 1):
            waiting.append(senders.submit(platform.say, GRANNY, text))
            until(lambda: _received(account), *range(number))
        assert bot.texts == ["第一"]
        assert platform.say(CLERK, "别人") == "查到了：别人"  # somebody else does not wait
        slow.ready.set()

        assert [answer.result() for answer in waiting] == ["查到了：第一", "查到了：第二", "查到了：第三"]
    assert [text for text in bot.texts if text != "别人"] == ["第一", "第二", "第三"]


def _received(account):
    with contextlib.suppress(Exception), session_scope(account.database) as session:
        return session.execute(sql("select count(*) from wechat_message")).scalar()
    return 0


def test_two_people_never_see_each_others_state(wechat, bot):
    bot.answer = lambda text: QUESTION if "妈" in text else "长。" * 400 if "规定" in text else f"您说：{text}"
    wechat.push(event(GRANNY, "SCAN", EventKey="341324101"))
    wechat.say(GRANNY, "我妈82了")
    wechat.say(CLERK, "低保有哪些规定")
    same_id = 42

    assert wechat.say(CLERK, "2", msg_id=same_id).startswith("长。")
    assert wechat.say(GRANNY, "2", msg_id=same_id) == "您说：她住养老院"
    assert len({turn.sender_id for turn in bot.turns}) == 2
    assert [turn.metadata.get("region") for turn in bot.turns] == ["341324101", None, "341324101"]


def test_when_the_database_fails_the_person_is_told(account, platform, bot, tmp_path):
    blocked = tmp_path / "not a folder"
    blocked.write_text("")
    account = dataclasses.replace(account, database=f"sqlite:///{tmp_path}")
    with assistant(account, bot, platform):
        assert platform.say(GRANNY, "低保") == words.BUSY["text"]
    assert bot.turns == []


def test_nothing_written_nor_any_secret_gets_into_the_log(certified, platform, bot, caplog):
    caplog.set_level("DEBUG")
    bot.answer = lambda text: ["长。" * 400] if "规定" in text else 1 / 0
    with assistant(certified, bot, platform):
        platform.say(GRANNY, "我妈得了重病有哪些规定")
        assert platform.something_sent.wait(30)
        platform.say(GRANNY, "我家的难处")
        platform.post(*platform.envelope(message(GRANNY, Content="我妈"), signature="0" * 40))

    ours = [record for record in caplog.records if not record.name.startswith(("httpx", "httpcore", "asyncio"))]
    log = "\n".join(record.getMessage() for record in ours)
    assert "a turn failed" in log
    for secret in (GRANNY, "我妈", "难处", "长。", SECRET, platform.token, TOKEN, "signature="):
        assert secret not in log


# --- several workers, many people ---


@contextlib.contextmanager
def worker_process(tmp_path, turns, port):
    env = {
        **os.environ,
        "WECHAT_TOKEN": TOKEN,
        "DATABASE_URL": f"sqlite:///{tmp_path}/shared.db",
        "WECHAT_REPLY_WITHIN": "30",
    }
    command = [sys.executable, "-m", "tests.wechat_platform", str(port), str(turns)]
    process = subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{port}"
    try:
        until(lambda: _is_up(url) or process.poll() is not None, False)
        yield url
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def _is_up(url):
    with contextlib.suppress(httpx.TransportError):
        return httpx.get(url + WEBHOOK).status_code == 400
    return False


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def test_two_hundred_people_and_their_retries_at_two_workers_get_one_answer_each(tmp_path):
    turns = tmp_path / "turns.tsv"
    upgrade(f"sqlite:///{tmp_path}/shared.db")
    with (
        worker_process(tmp_path, turns, free_port()) as one,
        worker_process(tmp_path, turns, free_port()) as other,
        ThreadPoolExecutor(24) as senders,
    ):
        xmls = {person: message(f"oPerson{person:021d}", Content=f"问题{person}") for person in range(200)}
        tries = [(person, url) for person in xmls for url in (one, other, one)]
        ask = {url: SimulatedPlatform(url, hangs_up_after=60) for url in (one, other)}

        answers = list(senders.map(lambda what: (what[0], ask[what[1]].push(xmls[what[0]]).text), tries))

    asked = Counter(line.split("\t")[1] for line in turns.read_text(encoding="utf8").splitlines())
    assert asked == {f"问题{person}": 1 for person in xmls}
    for person in xmls:
        replies = {text for who, text in answers if who == person}
        assert len(replies) == 1
        assert replies.pop().endswith(f"答：问题{person}")


# --- the account's own API ---


def test_an_expired_token_is_renewed_once_and_by_force_only_when_it_must(certified, platform):
    api = Platform(certified)
    platform.sends_left[GRANNY] = 5
    api.send(GRANNY, {"text": "一"})
    platform.expire_token()
    api.send(GRANNY, {"text": "二"})
    platform.refuses = [40001]
    api.send(GRANNY, {"text": "三"})

    assert [sent["text"]["content"] for sent in platform.sent] == ["一", "二", "三"]
    assert platform.tokens_given == 3


def test_a_token_near_its_end_is_asked_for_again(certified, platform):
    platform.tokens_last = 30
    platform.sends_left[GRANNY] = 5
    api = Platform(certified)
    api.send(GRANNY, {"text": "一"})
    platform.expire_token()
    api.send(GRANNY, {"text": "二"})

    assert platform.tokens_given == 2


def test_a_platform_that_keeps_refusing_the_token_is_not_asked_for_ever(certified, platform):
    platform.refuses = [40001] * 50

    with pytest.raises(PlatformError) as error:
        Platform(certified).send(GRANNY, {"text": "一"})

    assert error.value.code == 40001
    assert len(platform.refuses) == 48


def test_an_unreachable_platform_is_an_error_without_the_token(certified):
    with pytest.raises(PlatformError) as error:
        Platform(dataclasses.replace(certified, api_base=f"http://127.0.0.1:{free_port()}")).create_menu({})

    assert error.value.code == 0
    assert "token" not in str(error.value)


@pytest.fixture
def owner(certified, platform, monkeypatch, tmp_path):
    """The environment of an account's owner at a terminal."""
    monkeypatch.chdir(tmp_path)
    for name, value in {"TOKEN": TOKEN, "APP_ID": APP_ID, "SECRET": SECRET, "API_BASE": platform.api_base}.items():
        monkeypatch.setenv(f"WECHAT_{name}", value)
    return platform


def test_the_menu_is_created_and_each_of_its_clicks_is_a_question(owner, monkeypatch, capsys):
    assert wechat_admin.run(["menu"]) == 0
    assert "低保怎么申请" in capsys.readouterr().out

    items = [item for group in owner.menus[0]["button"] for item in group["sub_button"]]
    assert all(item["type"] == "click" for item in items)
    monkeypatch.setenv("PUBLIC_URL", "https://example.org/")
    wechat_admin.run(["menu"])
    opens = [
        item["url"] for group in owner.menus[1]["button"] for item in group["sub_button"] if item["type"] == "view"
    ]
    assert opens == ["https://example.org/"]


def test_the_menu_keeps_the_platforms_limits():
    groups = yaml.safe_load(wechat_admin.MENU.read_text(encoding="utf8"))
    menu = wechat_admin.menu_of(groups, "https://example.org")

    assert 1 <= len(menu["button"]) <= 3
    for group in menu["button"]:
        assert len(group["name"]) <= 4
        assert 1 <= len(group["sub_button"]) <= 5
        for item in group["sub_button"]:
            assert len(item["name"]) <= 8
            assert len(item.get("key", "").encode()) <= 128


def test_a_village_gets_a_permanent_code_that_scans_to_the_platforms_address(owner, tmp_path, capsys):
    import zxingcpp
    from PIL import Image

    assert wechat_admin.run(["qr", "--place", "341324101", "--out", str(tmp_path / "village.png")]) == 0

    assert owner.scenes == ["341324101"]
    [code] = zxingcpp.read_barcodes(Image.open(tmp_path / "village.png"))
    assert code.text == "http://weixin.qq.com/q/341324101"


def test_an_account_without_the_right_is_told_what_to_do_instead(owner, capsys):
    owner.rights = False

    assert wechat_admin.run(["qr", "--place", "341324101"]) == 1
    assert "认证" in capsys.readouterr().err


def test_without_an_account_the_commands_say_what_is_missing(monkeypatch, capsys):
    for name in ("TOKEN", "APP_ID", "SECRET"):
        monkeypatch.delenv(f"WECHAT_{name}", raising=False)

    assert wechat_admin.run(["menu"]) == 2
    assert "WECHAT_SECRET" in capsys.readouterr().err


def test_a_wrong_place_code_is_refused_before_anything_is_made(owner, capsys):
    with pytest.raises(SystemExit):
        wechat_admin.run(["qr", "--place", "墩集"])

    assert owner.scenes == []
    assert "341324101" in capsys.readouterr().err


# --- small things ---


@pytest.mark.parametrize("text", ["1", "好", "好的", "嗯", "？", "ok", "👍", "继续", ""])
def test_anything_that_only_says_go_on_is_a_nudge(text):
    assert only_a_nudge(text)


@pytest.mark.parametrize("text", ["低保", "没有", "我妈病了", "dibao", "多少钱", "不是"])
def test_a_real_message_is_no_nudge(text):
    assert not only_a_nudge(text)


def test_leftovers_are_forgotten_after_two_days_and_people_after_a_year(account):
    from store.wechat import HOUR, Inbox

    inbox = Inbox(account.database)
    inbox.claim("k1", "somebody", now=0)
    inbox.move("somebody", "341324")
    inbox.put_back("somebody", [{"text": "还没看"}])
    inbox.claim("k2", "another", now=49 * HOUR)
    visit = inbox.visit("somebody")
    inbox.claim("k3", "another", now=400 * 24 * HOUR)

    assert (visit.region, visit.leftover) == ("341324", [])
    with session_scope(account.database) as session:
        assert session.execute(sql("select person from wechat_person")).scalars().all() == ["another"]


def test_showing_nothing_is_no_reply():
    assert show([]).reply is None
    assert prepared([]) == []
    assert len(json.dumps(show([{"text": "话" * 5000}]).reply, ensure_ascii=False).encode()) <= LONGEST_REPLY + 20
