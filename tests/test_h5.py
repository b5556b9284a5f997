"""The resident's channel without a browser: sessions, limits, and what it says when something is wrong."""

from __future__ import annotations

import asyncio
import json
import re
from types import SimpleNamespace

import httpx
import pypdfium2
import pytest
from desk_client import use_database
from rasa.core.channels.channel import UserMessage
from rasa.core.tracker_store import InMemoryTrackerStore, SQLTrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import BotUttered, SlotSet, UserUttered
from sanic import Sanic

from bot.channels.h5 import H5Input, Limits
from bot.sessions import KIOSK_SECONDS, RateLimit, Sessions, new_session, signing_secret
from bot.slip import slip_pdf
from store.cases import open_case

PLACE = "239900"
RESULT = {
    "programme": "elder_home_allowance",
    "name": "高龄脱贫老人居家养老补贴",
    "member": "m1",
    "verdict": "eligible",
    "amount": {"min": 100, "max": 100, "unit": "CNY/person/month"},
    "because": [{"text": "年龄 82 周岁", "holds": True, "cite": {"document": "hlj-county", "clause": "三(一)1"}}],
    "missing": [],
    "cautions": [],
    "summary": "82 岁，住在家里",
    "apply": {"where": "乡镇政府", "materials": ["身份证、户口簿"], "phone": "12345"},
}


class Bot:
    """Stands where Rasa's agent would: keeps the conversation and answers from `say`."""

    def __init__(self, say=lambda text: {"text": f"听到：{text}"}, store=None, *events) -> None:
        self.say = say
        self.events = events
        self.heard: list[UserMessage] = []
        self.tracker_store = store or InMemoryTrackerStore(Domain.empty())

    async def handle(self, message: UserMessage) -> None:
        self.heard.append(message)
        reply = self.say(message.text)
        tracker = await self.tracker_store.get_or_create_tracker(message.sender_id, append_action_listen=False)
        tracker.update(UserUttered(message.text))
        tracker.update(BotUttered(reply["text"], {key: reply.get(key) for key in ("buttons", "custom")}))
        for event in self.events:
            tracker.update(event)
        await self.tracker_store.save(tracker)
        await message.output_channel.send_response(message.sender_id, reply)


@pytest.fixture(autouse=True)
def database(tmp_path, monkeypatch):
    use_database(monkeypatch, tmp_path / "desk.db")


def serve(bot: Bot, limits: Limits | None = None, kiosk: bool = False) -> Sanic:
    Sanic.test_mode = True
    app = Sanic(f"h5-{id(bot)}", configure_logging=False)
    app.ctx.agent = SimpleNamespace(tracker_store=bot.tracker_store)
    plenty = Limits(RateLimit(1000, 1000), RateLimit(1000, 1000))
    app.blueprint(H5Input("a secret of the test", limits or plenty, kiosk).blueprint(bot.handle), url_prefix="/")
    return app


def visitor(app: Sanic) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://page")


def talk(bot: Bot, steps, **settings):
    """Run `steps(visitor)` against a server with this bot and return what it returns."""

    async def run():
        app = serve(bot, **settings)
        await app._startup()
        async with visitor(app) as one:
            return await steps(one)

    return asyncio.run(run())


def test_the_village_of_the_code_goes_with_every_message():
    bot = Bot()

    async def steps(one):
        page = await one.get(f"/v/{PLACE}")
        await one.post("/h5/say", json={"text": "你好"})
        return page

    page = talk(bot, steps)

    assert "黑龙江省某县" in page.text
    assert bot.heard[0].metadata == {"region": PLACE, "channel": "h5"}


def test_an_unknown_village_gets_a_plain_page_and_no_place():
    bot = Bot()

    async def steps(one):
        page = await one.get("/v/999999")
        await one.post("/h5/say", json={"text": "你好"})
        return page

    page = talk(bot, steps)

    assert page.status_code == 404 and "没有找到" in page.text
    assert "region" not in bot.heard[0].metadata


def test_the_session_cookie_is_closed_to_scripts_and_other_sites():
    cookie = talk(Bot(), lambda one: one.get("/")).headers["set-cookie"]

    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie


def test_a_sender_in_the_request_is_ignored():
    bot = Bot()
    talk(
        bot, lambda one: one.post("/h5/say", json={"text": "你好", "sender": "h5-somebody", "sender_id": "h5-somebody"})
    )

    assert re.fullmatch(r"h5-[\w-]{22}", bot.heard[0].sender_id) and "somebody" not in bot.heard[0].sender_id


def test_a_forged_cookie_opens_nobodys_conversation():
    bot = Bot()

    async def steps(one):
        await one.get("/")
        await one.post("/h5/say", json={"text": "只给我看"})
        real = one.cookies["h5"]
        own = (await one.get("/h5/state")).json()
        forged = Sessions("another secret").write(new_session())
        seen = []
        for token in (forged, real[:-2] + "xx", "", "null"):
            one.cookies.clear()
            seen.append((await one.get("/h5/state", headers={"Cookie": f"h5={token}"})).json())
        return own, seen

    own, seen = talk(bot, steps)

    assert own["messages"][0]["text"] == "只给我看"
    assert all(state == {"messages": []} for state in seen)


def test_a_reload_finds_the_conversation_again_with_its_buttons():
    bot = Bot(
        lambda text: {
            "text": "几口人？",
            "buttons": [{"title": "3 口", "payload": "3 口"}],
            "custom": {"kind": "screening"},
        }
    )

    async def steps(one):
        await one.post("/h5/say", json={"text": "我能领什么"})
        return (await one.get("/h5/state")).json()["messages"]

    mine, reply = talk(bot, steps)

    assert mine == {"from": "me", "text": "我能领什么"}
    assert (reply["from"], reply["text"], reply["buttons"][0]["title"]) == ("bot", "几口人？", "3 口")


@pytest.mark.parametrize("kind", ["memory", "sql"])
def test_forgetting_deletes_every_event_and_changes_the_session(kind, tmp_path):
    sql = kind == "sql"
    store = (
        SQLTrackerStore(Domain.empty(), db=str(tmp_path / "talks.db")) if sql else InMemoryTrackerStore(Domain.empty())
    )
    bot = Bot(store=store)

    async def steps(one):
        await one.post("/h5/say", json={"text": "我妈八十二了"})
        before = one.cookies["h5"]
        await one.post("/h5/forget", json={})
        return before, one.cookies["h5"], list(await store.keys())

    before, after, left = talk(bot, steps)

    assert before != after
    assert left == []


def test_a_message_sent_again_is_answered_once():
    bot = Bot()

    async def steps(one):
        await one.get("/")
        first = await one.post("/h5/say", json={"text": "你好", "id": "m-1"})
        again = await one.post("/h5/say", json={"text": "你好", "id": "m-1"})
        other = await one.post("/h5/say", json={"text": "你好", "id": "m-2"})
        return first.json(), again.json(), other.json()

    first, again, other = talk(bot, steps)

    assert first == again == other
    assert len(bot.heard) == 2


def test_too_many_messages_get_a_kind_word_and_do_not_reach_the_bot():
    bot = Bot()

    async def steps(one):
        await one.get("/")
        return [await one.post("/h5/say", json={"text": "喂"}) for _ in range(4)]

    answers = talk(bot, steps, limits=Limits(RateLimit(1, 3), RateLimit(1000, 1000)))

    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert "歇一分钟" in answers[-1].json()["error"]["message"]
    assert len(bot.heard) == 3


def test_new_cookies_do_not_get_round_the_limit_of_an_address():
    bot = Bot()

    async def steps(one):
        answers = []
        for _ in range(3):
            one.cookies.clear()
            answers.append(await one.post("/h5/say", json={"text": "喂"}))
        return answers

    answers = talk(bot, steps, limits=Limits(RateLimit(1000, 1000), RateLimit(1, 2)))

    assert [answer.status_code for answer in answers] == [200, 200, 429]


def test_a_limit_refills_with_time():
    now = [0.0]
    limit = RateLimit(per_minute=6, burst=1, clock=lambda: now[0])

    assert limit.allows("a") and not limit.allows("a") and limit.allows("b")
    now[0] += 10
    assert limit.allows("a")


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"text": "长" * 501}, 413),
        ({"text": "  "}, 400),
        ({"text": 5}, 400),
        ({"words": "喂"}, 400),
        (["喂"], 400),
        ("喂", 400),
    ],
)
def test_what_is_no_message_is_refused_in_chinese(body, status):
    bot = Bot()
    answer = talk(bot, lambda one: one.post("/h5/say", json=body))

    assert status == answer.status_code
    assert re.search("[一-鿿]", answer.json()["error"]["message"])
    assert bot.heard == []


def test_a_form_of_another_site_is_refused():
    answer = talk(Bot(), lambda one: one.post("/h5/say", data={"text": "喂"}))

    assert answer.status_code == 415


def test_a_typed_command_reaches_the_bot_as_words():
    bot = Bot()
    talk(bot, lambda one: one.post("/h5/say", json={"text": '/restart{"a": 1}'}))

    assert bot.heard[0].text == 'restart{"a": 1}'


def test_a_failed_turn_is_told_as_a_failure():
    def broken(text):
        raise RuntimeError("the database is gone")

    answer = talk(Bot(broken), lambda one: one.post("/h5/say", json={"text": "喂"}))

    assert answer.status_code == 503
    assert "12345" in answer.json()["error"]["message"]
    assert "database" not in answer.text


def test_a_turn_without_a_reply_is_told_as_a_failure():
    bot = Bot()

    async def silent(message):
        bot.heard.append(message)

    bot.handle = silent
    answer = talk(bot, lambda one: one.post("/h5/say", json={"text": "喂"}))

    assert answer.status_code == 503 and len(bot.heard) == 1


def test_pages_carry_a_strict_policy_and_no_inline_script():
    page = talk(Bot(), lambda one: one.get("/"))
    policy = page.headers["content-security-policy"]

    assert "default-src 'none'" in policy and "unsafe" not in policy
    assert not re.search(r"<script(?![^>]*src=)|\son\w+=|\sstyle=", page.text)


def test_files_are_named_by_content_and_kept_for_a_year():
    async def steps(one):
        page = await one.get("/")
        addresses = re.findall(r"/static/[\w.]+", page.text)
        return [await one.get(address) for address in addresses]

    files = talk(Bot(), steps)

    assert len(files) == 2
    assert all("immutable" in file.headers["cache-control"] for file in files)
    assert all(file.headers["content-encoding"] == "gzip" for file in files)


def test_a_document_page_shows_number_dates_and_an_ended_term():
    page = talk(Bot(), lambda one: one.get("/d/yangjiang-2017"))

    assert "阳府办" in page.text and "2017年3月24日" in page.text
    assert "已经到期" in page.text


def test_a_clause_is_given_in_its_own_words():
    clause = talk(
        Bot(), lambda one: one.get("/h5/clause", params={"document": "hlj-county", "clause": "三(一)1"})
    ).json()

    assert "对我县80周岁以上居家高龄脱贫老人，给予每人每月100元高龄居家养老补贴。" in "".join(clause["lines"]).replace(
        ",", "，"
    )
    assert clause["url"][:14] == "/d/hlj-county#"


def test_there_is_no_slip_before_there_are_results():
    answer = talk(Bot(), lambda one: one.get("/h5/slip"))

    assert answer.status_code == 404 and "还没有结果" in answer.json()["error"]["message"]


def test_the_slip_is_one_page_with_papers_and_office_and_nothing_about_the_family():
    bot = Bot(lambda text: {"text": "看好了", "custom": {"kind": "screening", "results": [RESULT], "household": {}}})

    async def steps(one):
        await one.get(f"/v/{PLACE}")
        await one.post("/h5/say", json={"text": "我妈 82 岁，脱贫户，住家里"})
        return await one.get("/h5/slip"), await one.get("/h5/slip", params={"as": "png"})

    pdf, png = talk(bot, steps)
    document = pypdfium2.PdfDocument(pdf.content)
    text = document[0].get_textpage().get_text_range()

    assert len(document) == 1
    assert "高龄脱贫老人居家养老补贴" in text and "每人每月 100 元" in text
    assert "乡镇政府" in text and "身份证、户口簿" in text and "12345" in text
    assert "82" not in text and "妈" not in text
    assert png.content.startswith(b"\x89PNG")


def test_a_case_code_is_made_only_when_asked_for_and_goes_with_the_records():
    family = {
        "household": {"members": [{"id": "mother", "relation": "mother", "age": 82}]},
        "asked": ["members[mother].living"],
    }
    domain = Domain.from_dict({"slots": {"conversation": {"type": "any", "mappings": [{"type": "custom"}]}}})
    screening = {"kind": "screening", "results": [RESULT], "household": family["household"]}
    bot = Bot(
        lambda text: {"text": "看好了", "custom": screening},
        InMemoryTrackerStore(domain),
        SlotSet("conversation", family),
    )

    async def steps(one):
        await one.get(f"/v/{PLACE}")
        too_early = await one.post("/h5/case", json={})
        await one.post("/h5/say", json={"text": "我妈 82 岁"})
        code = (await one.post("/h5/case", json={})).json()["code"]
        again = (await one.post("/h5/case", json={})).json()["code"]
        slip = pypdfium2.PdfDocument((await one.get("/h5/slip?code=1")).content)[0].get_textpage().get_text_range()
        kept = open_case(code)
        await one.post("/h5/forget", json={})
        return too_early.status_code, code, again, slip, kept, open_case(code)

    too_early, code, again, slip, kept, afterwards = talk(bot, steps)

    assert too_early == 404
    assert code == again and " ".join(code) in slip
    assert family["household"] == kept["household"]
    assert afterwards is None


def test_deleting_in_words_changes_the_session_too():
    bot = Bot(lambda text: {"text": "都删掉了", "custom": {"kind": "smalltalk", "forget": True}})

    async def steps(one):
        await one.get("/")
        before = one.cookies["h5"]
        await one.post("/h5/say", json={"text": "删除我的记录"})
        return before, one.cookies["h5"], list(await bot.tracker_store.keys())

    before, after, left = talk(bot, steps)

    assert before != after
    assert left == []


def test_a_long_slip_still_fits_one_page():
    import datetime as dt

    many = [
        {**RESULT, "programme": f"p{n}", "apply": {"materials": [f"材料 {n}-{m}" for m in range(8)]}} for n in range(12)
    ]
    document = pypdfium2.PdfDocument(slip_pdf(many, "黑龙江省某县", dt.date(2026, 1, 5), "K7M4QP"))

    assert len(document) == 1
    assert "K 7 M 4 Q P" in document[0].get_textpage().get_text_range()


def test_a_kiosks_session_outlives_its_last_use_by_minutes_only(monkeypatch):
    sessions = Sessions("secret")
    token = sessions.write(new_session(kiosk=True))
    later = __import__("time").time() + KIOSK_SECONDS + 60
    monkeypatch.setattr("itsdangerous.timed.time.time", lambda: later)

    assert sessions.read(token) is None


def test_a_kiosk_deletes_the_conversation_though_the_browser_is_gone(monkeypatch):
    monkeypatch.setattr("bot.channels.h5.KIOSK_SECONDS", 0)
    bot = Bot()

    async def steps(one):
        await one.get("/?kiosk=1")
        await one.post("/h5/say", json={"text": "我妈八十二了"})
        for _ in range(20):
            await asyncio.sleep(0)
        return list(await bot.tracker_store.keys())

    assert talk(bot, steps) == []


def test_the_signing_secret_is_made_once_and_only_its_owner_can_read_it(tmp_path, monkeypatch):
    monkeypatch.delenv("SESSION_SECRET", raising=False)
    path = tmp_path / "var" / "session.key"
    first = signing_secret(path)

    assert first == signing_secret(path) and len(first) > 30
    assert path.stat().st_mode & 0o777 == 0o600


def test_script_in_a_message_comes_back_as_data():
    bot = Bot()
    answer = talk(bot, lambda one: one.post("/h5/say", json={"text": "<script>alert(1)</script>"}))

    assert answer.headers["content-type"] == "application/json"
    assert json.loads(answer.text)[0]["text"] == "听到：<script>alert(1)</script>"
