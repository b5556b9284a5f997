"""A village family at the whole assistant as it is served: Rasa, the actions, the knowledge, and WeChat in safe mode."""

from __future__ import annotations

import re

import httpx
import pytest

from bot import launch, train
from bot.settings import Settings
from tests.wechat_platform import (
    AES_KEY,
    APP_ID,
    LINK,
    SECRET,
    TOKEN,
    SimulatedPlatform,
    api_server,
    event,
    message,
    serving,
)

GRANNY, CLERK = "oGrannyAAAAAAAAAAAAAAAAAAAAA", "oClerkBBBBBBBBBBBBBBBBBBBBBB"


@pytest.fixture(scope="module")
def county(tmp_path_factory):
    """A county's assistant as it is served, Rasa and all, with its account in safe mode and every right."""
    platform = SimulatedPlatform(mode="safe", hangs_up_after=60)
    env = {"WECHAT_TOKEN": TOKEN, "WECHAT_AES_KEY": AES_KEY, "WECHAT_APP_ID": APP_ID, "WECHAT_SECRET": SECRET}
    env |= {"WECHAT_MODE": "safe", "PUBLIC_URL": "http://page.test", "WECHAT_REPLY_WITHIN": "50"}
    env["DATABASE_URL"] = f"sqlite:///{tmp_path_factory.mktemp('county')}/county.db"
    with pytest.MonkeyPatch.context() as patch, api_server(platform) as platform.api_base:
        for name, value in {**env, "WECHAT_API_BASE": platform.api_base}.items():
            patch.setenv(name, value)
        with serving(launch.build(Settings.read(), train.current_model())) as platform.url:
            yield platform


def test_a_village_family_scans_asks_is_screened_and_opens_its_result(county):
    greeting = county.push(event(GRANNY, "subscribe", EventKey="qrscene_341324101")).text
    assert "墩集镇" in greeting
    first, line, _ = LINK.findall(greeting)[0]
    assert "乡镇" in county.say(GRANNY, first, bizmsgmenuid=line)

    shown = county.say(GRANNY, "我家五口人，我爸二级残疾，一年收入一万多，帮我看看能享受什么")
    for _ in range(20):
        if "/webhooks/wechat/result/" in shown:
            break
        assert LINK.search(shown)  # every question comes with something to tap
        shown = county.say(GRANNY, "不知道")
    link = re.search('href="http://page.test([^"]+)"', shown).group(1)

    with httpx.Client(base_url=county.url, follow_redirects=True, timeout=60) as browser:
        assert browser.get(link).url.path == "/v/341324101"
        said = browser.get("/h5/state").json()["messages"]
    assert any((message.get("custom") or {}).get("results") for message in said)


def test_a_retry_at_the_whole_assistant_is_answered_alike(county):
    asked = message(CLERK, Content="低保一个月多少钱")

    first, again = county.push(asked).text, county.push(asked).text

    assert first
    assert first == again
