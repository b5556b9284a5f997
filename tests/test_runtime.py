"""What the program around the dialogue promises: it starts, it answers or apologises, it keeps quiet about people."""

from __future__ import annotations

import asyncio
import importlib
import json
import logging
import sqlite3
import subprocess
import sys
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Dict, Iterator, List, Optional, Tuple

import httpx
import pytest
import yaml
from conftest import free_port, started

from bot import logs, privacy, settings, setup, train, turn

ROOT = Path(__file__).parents[1]
ASK = "低保一个月能领多少钱"


def intents_used() -> List[str]:
    files = sorted((ROOT / "data" / "nlu").glob("*.yml"))
    return sorted({block["intent"] for path in files for block in yaml.safe_load(path.read_text("utf-8"))["nlu"]})


def rules() -> Dict[str, List[str]]:
    """Intent → the actions of its dialogue rules."""
    found: Dict[str, List[str]] = {}
    for path in (ROOT / "data" / "dialogue").glob("*.yml"):
        for rule in yaml.safe_load(path.read_text("utf-8"))["rules"]:
            intent, action = rule["steps"]
            found.setdefault(intent["intent"], []).append(action["action"])
    return found


@pytest.fixture(scope="module")
def domain() -> Dict[str, Any]:
    return yaml.safe_load((ROOT / "domain.yml").read_text("utf-8"))


# Dialogue ----------------------------------------------------------------------------------------------------------


def test_every_intent_has_exactly_one_rule(domain) -> None:
    assert {intent: len(actions) for intent, actions in rules().items()} == {intent: 1 for intent in domain["intents"]}


def test_every_intent_of_the_examples_is_in_the_domain(domain) -> None:
    assert set(intents_used()) <= set(domain["intents"])


def test_every_action_of_the_domain_is_written(domain) -> None:
    from rasa_sdk.executor import ActionExecutor

    executor = ActionExecutor()
    executor.register_package("actions")

    assert set(domain["actions"]) <= set(executor.actions)
    assert {action for actions in rules().values() for action in actions} == set(domain["actions"])


def test_starting_over_is_ours_and_the_talk_goes_on(assistant) -> None:
    loop = asyncio.get_event_loop()
    again = loop.run_until_complete(assistant.say("over", "重新开始"))
    after = loop.run_until_complete(assistant.say("over", ASK))

    assert again[0]["text"] != turn.SORRY
    assert after[0]["text"] != turn.SORRY


def test_a_conversation_that_ran_away_recovers_with_the_next_message(assistant) -> None:
    from rasa.shared.core.events import ActionExecuted
    from rasa.shared.core.trackers import DialogueStateTracker

    runaway = DialogueStateTracker.from_events("runaway", [ActionExecuted("action_clarify") for _ in range(12)])
    loop = asyncio.get_event_loop()
    loop.run_until_complete(assistant.agent.tracker_store.save(runaway))
    loop.run_until_complete(assistant.say("runaway", ASK))

    assert loop.run_until_complete(assistant.say("runaway", ASK))[0]["text"] != turn.SORRY


# What leaves the process -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "said, kept",
    [
        ("我叫她打13800138000", "我叫她打[电话]"),
        ("电话138 0013 8000", "电话[电话]"),
        ("+86 138-0013-8000", "[电话]"),
        ("一三八零零一三八零零零", "[电话]"),
        ("身份证340123194001011234", "身份证[证件号]"),
        ("34012319400101123X是我妈", "[证件号]是我妈"),
        ("340123 19400101 1234", "[证件号]"),
        ("３４０１２３１９４００１０１１２３４", "[证件号]"),
        ("340123400101123", "[证件号]"),
        ("卡号6222021234567890123", "卡号[卡号]"),
        ("6222 0212 3456 7890 123", "[卡号]"),
        ("打12345或12355", "打12345或12355"),
        ("一年收入12000元到13000元", "一年收入12000元到13000元"),
        ("收入 12000 13000 14000 15000", "收入 12000 13000 14000 15000"),
        ("2019 2020 2021 2022 2023 年", "2019 2020 2021 2022 2023 年"),
        ("地区码341324101203", "地区码341324101203"),
    ],
)
def test_numbers_of_persons_are_masked_and_amounts_are_not(said: str, kept: str) -> None:
    assert privacy.mask(said) == kept


def test_nothing_of_a_masked_number_reaches_the_store(assistant) -> None:
    asyncio.get_event_loop().run_until_complete(assistant.say("masked", "我妈身份证340123194001011234，能吃低保吗"))
    tracker = asyncio.get_event_loop().run_until_complete(assistant.agent.tracker_store.retrieve("masked"))

    assert "3401231940" not in json.dumps([event.as_dict() for event in tracker.events])


def test_a_failing_action_apologises_and_logs_neither_words_nor_slots(assistant, monkeypatch, caplog, capfd) -> None:
    import actions.base

    def boom(message, *rest):
        raise RuntimeError(f"cannot answer {message['text']}")

    monkeypatch.setattr(actions.base, "respond", boom)
    logs.configure()
    messages = asyncio.get_event_loop().run_until_complete(assistant.say("boom", "葫芦娃家的低保"))
    printed = "".join(capfd.readouterr())

    assert messages == [turn.sorry()]
    assert "RuntimeError" in printed
    assert "葫芦娃" not in printed


def test_a_structured_event_keeps_its_name_and_loses_what_was_said() -> None:
    event = {"event": "processor.slots.log", "level": "warning", "user_text": "葫芦娃", "exc_info": ValueError("葫芦娃")}

    assert logs.without_words(None, "warning", event) == {
        "event": "processor.slots.log",
        "level": "warning",
        "exception_type": "ValueError",
    }


def test_an_exception_in_the_log_has_its_place_and_type_but_not_its_words() -> None:
    try:
        raise ValueError("葫芦娃")
    except ValueError:
        record = logging.LogRecord("bot", logging.ERROR, "here", 1, "failed", (), sys.exc_info())
    written = logs.WordlessFormatter().format(record)

    assert "ValueError" in written and "test_runtime.py" in written
    assert "葫芦娃" not in written.replace('raise ValueError("葫芦娃")', "")


# The actions' answers ----------------------------------------------------------------------------------------------


def test_the_compiled_schema_judges_as_rasas_own(loaded) -> None:
    from jsonschema import ValidationError
    from rasa.core.actions.action import RemoteAction

    action = RemoteAction("action_answer", None)
    good = {"events": [{"event": "slot", "name": "conversation", "value": {"a": 1}}], "responses": [{"text": "好"}]}

    assert action._validate_action_result(good)
    for bad in ({"events": "none"}, {"events": [{"name": "no kind"}]}, {"responses": "好"}):
        with pytest.raises(ValidationError):
            action._validate_action_result(bad)


def test_the_schema_is_left_alone_in_any_other_version(monkeypatch) -> None:
    from rasa.core.actions.action import RemoteAction

    from bot import agent

    untouched = RemoteAction._validate_action_result
    monkeypatch.setattr(agent.rasa, "__version__", "3.7.0")
    agent.compile_response_schema()

    assert RemoteAction._validate_action_result is untouched


# REST --------------------------------------------------------------------------------------------------------------


@pytest.fixture
def rest() -> Iterator[Any]:
    """`rest(body, …)` → answer of the REST channel before a bot that repeats what it was given."""
    from sanic import Sanic

    from bot.channels.rest import RestInput

    Sanic.test_mode = True

    async def echo(message):
        if message.text == "沉默":
            return
        if message.text == "坏了":
            raise RuntimeError(message.text)
        given = {"sender": message.sender_id, "metadata": message.metadata}
        await message.output_channel.send_response(message.sender_id, {"text": message.text, "custom": given})

    def ask(body: Any, address: str = "127.0.0.1", headers: Optional[Dict[str, str]] = None, **environment: str) -> Any:
        async def run() -> httpx.Response:
            app = Sanic("rest", configure_logging=False)
            channel = RestInput(settings.Settings.read(environment))
            app.blueprint(channel.blueprint(echo), url_prefix="/webhooks/rest")
            await app._startup()
            transport = httpx.ASGITransport(app=app, client=(address, 1))
            async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
                content = body if isinstance(body, (str, bytes)) else json.dumps(body)
                return await client.post("/webhooks/rest/webhook", content=content, headers=headers)

        return asyncio.new_event_loop().run_until_complete(run())

    return ask


def test_a_message_gets_a_list_of_messages(rest) -> None:
    answer = rest({"sender": "a", "message": "低保", "metadata": {"region": "239900", "as_of": "2022-03-01"}})

    assert answer.status_code == 200
    assert answer.json() == [
        {
            "text": "低保",
            "custom": {"sender": "a", "metadata": {"region": "239900", "as_of": "2022-03-01", "channel": "rest"}},
        }
    ]


@pytest.mark.parametrize(
    "body, status, path",
    [
        ("[1", 400, None),
        pytest.param(b"\xff\xfe", 400, None, id="not-text"),
        ("[" * 30_000, 400, None),
        ([], 400, None),
        ({}, 422, "message"),
        ({"message": None}, 422, "message"),
        ({"message": 12}, 422, "message"),
        ({"message": "低保", "sender": ["a"]}, 422, "sender"),
        ({"message": "低保", "sender": "a" * 201}, 422, "sender"),
        ({"message": "低保", "sender": "a\u0000"}, 422, "sender"),
        ({"message": "低保", "metadata": "239900"}, 422, "metadata"),
        ({"message": "低保", "metadata": {"region": 239900}}, 422, "metadata.region"),
        ({"message": "低保", "metadata": {"region": "黑龙江"}}, 422, "metadata.region"),
        ({"message": "低保", "metadata": {"as_of": "2022-3-1"}}, 422, "metadata.as_of"),
        ({"message": "低保", "metadata": {"as_of": "2022-02-30"}}, 422, "metadata.as_of"),
        ({"message": "低" * 30_000}, 413, None),
    ],
)
def test_a_faulty_request_is_told_its_fault_in_both_languages(rest, body, status, path) -> None:
    answer = rest(body)
    error = answer.json()["error"]

    assert (answer.status_code, error["path"]) == (status, path)
    assert any("\u4e00" <= letter <= "\u9fff" for letter in error["message"])
    assert any(letter.isascii() and letter.isalpha() for letter in error["message"])


def test_a_command_of_rasas_cannot_be_typed(rest) -> None:
    said = [rest({"message": text}).json()[0]["text"] for text in ("/restart", " ／ /session_start", "//inform{}")]

    assert said == ["restart", "session_start", "inform{}"]


@pytest.mark.parametrize("text", ["", "   ", "/", "？？", "😭", "\u0000"])
def test_a_message_without_words_gets_a_friendly_hint(rest, text) -> None:
    assert rest({"message": text}).json()[0]["text"] == turn.EMPTY


def test_a_very_long_message_is_read_in_part_and_told_so(rest) -> None:
    first, second = rest({"message": "我家困难。" * 2_000}).json()

    assert first["text"] == turn.CUT
    assert len(second["text"]) == turn.READ_AT_MOST


def test_silence_and_failure_become_an_apology(rest) -> None:
    assert rest({"message": "沉默"}).json() == [turn.sorry()]
    assert rest({"message": "坏了"}).json() == [turn.sorry()]


def test_a_message_without_a_sender_belongs_to_nobody_else(rest) -> None:
    first, second = (rest({"message": "低保"}).json()[0]["custom"]["sender"] for _ in range(2))

    assert first != second


def test_the_default_place_holds_only_where_the_message_names_none(rest) -> None:
    own = rest({"message": "低保", "metadata": {"region": "64"}}, PLACE="341324").json()[0]["custom"]["metadata"]
    none = rest({"message": "低保"}, PLACE="341324").json()[0]["custom"]["metadata"]

    assert (own["region"], none["region"]) == ("64", "341324")


def test_only_this_machine_may_use_it_unless_it_is_opened_or_a_token_is_shown(rest) -> None:
    far, proxied = "10.1.2.3", {"x-forwarded-for": "10.1.2.3"}
    token = {"authorization": "Bearer s3cret"}

    assert rest({"message": "低保"}, far).status_code == 401
    assert rest({"message": "低保"}, headers=proxied).status_code == 401
    assert rest({"message": "低保"}, far, headers=token).status_code == 401
    assert rest({"message": "低保"}, far, headers={"authorization": "Bearer wrong"}, API_TOKEN="s3cret").status_code == 401
    assert rest({"message": "低保"}, far, headers=token, API_TOKEN="s3cret").status_code == 200
    assert rest({"message": "低保"}, far, REST_PUBLIC="1").status_code == 200
    assert rest({"message": "低保"}, "::1").status_code == 200


# The running server ------------------------------------------------------------------------------------------------


def post(url: str, body: Dict[str, Any]) -> List[Dict[str, Any]]:
    request = urllib.request.Request(f"{url}/webhooks/rest/webhook", json.dumps(body).encode())
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.load(answer)


def fetch(url: str, method: str = "GET") -> Tuple[int, Any]:
    try:
        with urllib.request.urlopen(urllib.request.Request(url, method=method), timeout=60) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as refused:
        return refused.code, json.load(refused)


def test_the_server_answers_over_rest_with_the_contracts_keys(server_url) -> None:
    custom = post(server_url, {"sender": "keys", "message": ASK})[0]["custom"]

    assert {"kind", "programme", "aspect", "citations", "route", "confidence"} <= set(custom)


def test_rasas_own_api_is_off(server_url) -> None:
    assert fetch(f"{server_url}/conversations/keys/tracker")[0] == 404
    assert fetch(f"{server_url}/model", "DELETE")[0] == 404


def test_an_unknown_address_is_an_error_of_the_contracts_shape(server_url) -> None:
    status, body = fetch(f"{server_url}/nowhere")

    assert (status, body["error"]["code"]) == (404, "not_found")


def test_messages_of_one_sender_are_all_answered_in_one_conversation(server_url, server_database) -> None:
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: post(server_url, {"sender": "burst", "message": ASK}), range(4)))
    with sqlite3.connect(server_database) as connection:
        kinds = [kind for (kind,) in connection.execute("SELECT type_name FROM events WHERE sender_id = 'burst' ORDER BY id")]

    assert all(answer[0]["text"] != turn.SORRY for answer in answers)
    assert kinds.count("session_started") == 1
    assert [kind for kind in kinds if kind in ("user", "bot")] == ["user", "bot"] * 4


def test_a_lost_database_is_an_apology_not_amnesia(server_url, server_database) -> None:
    post(server_url, {"sender": "memory", "message": "我妈82岁，想问低保"})
    with sqlite3.connect(server_database) as connection:
        connection.execute("ALTER TABLE events RENAME TO away")
    try:
        during = post(server_url, {"sender": "memory", "message": "还有呢"})
        health = fetch(f"{server_url}/health")
    finally:
        with sqlite3.connect(server_database) as connection:
            connection.execute("ALTER TABLE away RENAME TO events")
    after = fetch(f"{server_url}/health")

    assert during[0]["text"] == turn.SORRY
    assert health == (503, {"status": "failing", "database": "failing", "understanding": "ok"})
    assert after == (200, {"status": "ok", "database": "ok", "understanding": "ok"})


def test_stock_rasa_in_two_processes_answers_from_the_same_files(model, tmp_path) -> None:
    """`rasa run` beside `rasa run actions`, with the project's own endpoints but for a free port and a fresh database."""
    endpoints = yaml.safe_load((ROOT / "endpoints.yml").read_text("utf-8"))
    port = free_port()
    endpoints["action_endpoint"]["url"] = f"http://127.0.0.1:{port}/webhook"
    endpoints["tracker_store"]["db"] = str(tmp_path / "assistant.db")
    (tmp_path / "endpoints.yml").write_text(yaml.safe_dump(endpoints))
    actions = subprocess.Popen([sys.executable, "-m", "rasa", "run", "actions", "--port", str(port)], cwd=ROOT)
    try:
        web = free_port()
        run = ["-m", "rasa", "run", "--model", str(model), "--endpoints", str(tmp_path / "endpoints.yml"), "--port", str(web)]
        with started([*run, "--interface", "127.0.0.1"], {}, port=web) as url:
            said = post(url, {"sender": "stock", "message": ASK})
    finally:
        actions.terminate()
        actions.wait(30)

    assert said[0]["custom"]["programme"] == "dibao"


# Set-up ------------------------------------------------------------------------------------------------------------


def test_a_wrong_setting_is_named() -> None:
    for environment in ({"PORT": "http"}, {"PLACE": "黑龙江"}):
        with pytest.raises(settings.WrongSetting, match=next(iter(environment))):
            settings.Settings.read(environment)


def test_an_empty_variable_counts_as_unset() -> None:
    assert settings.Settings.read({"PORT": "", "API_TOKEN": " "}) == settings.Settings()


def test_the_model_is_of_all_that_it_is_made_from(monkeypatch, tmp_path) -> None:
    monkeypatch.setattr(train, "ROOT", tmp_path)
    examples = tmp_path / "data" / "nlu" / "a.yml"
    examples.parent.mkdir(parents=True)
    examples.write_text("nlu: []")
    before = train.digest()
    examples.write_text("nlu: [1]")

    assert train.digest() != before


def test_a_set_up_step_is_skipped_until_its_lock_file_changes(monkeypatch, tmp_path) -> None:
    monkeypatch.setattr(setup, "ROOT", tmp_path)
    lock, stamp = tmp_path / "requirements.lock", tmp_path / "done"
    lock.write_text("a==1")
    first = setup.done(stamp, lock.name)
    setup.remember(stamp, lock.name)
    second = setup.done(stamp, lock.name)
    lock.write_text("a==2")

    assert (first, second, setup.done(stamp, lock.name)) == (False, True, False)


def test_an_interpreter_that_does_not_run_is_passed_over() -> None:
    assert setup.version("/nowhere/python3.10") is None
    assert setup.version(sys.executable) == "3.10"


def test_nothing_happens_when_a_module_is_imported(monkeypatch) -> None:
    def forbidden(*args: Any, **kwargs: Any) -> None:
        raise AssertionError("a module did something while it was imported")

    monkeypatch.setattr(sqlite3, "connect", forbidden)
    monkeypatch.setattr(subprocess, "Popen", forbidden)
    for name in ("settings", "privacy", "turn", "agent", "train", "chat", "launch", "setup"):
        importlib.reload(importlib.import_module(f"bot.{name}"))


def test_access_needs_an_address_that_is_one() -> None:
    from bot.channels.access import allowed

    assert not allowed(SimpleNamespace(ip="", headers={}), settings.Settings())
