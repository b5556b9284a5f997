"""A resident on the page and an agent at the desk, side by side in real browsers, from 找人工 until the assistant goes on.

Pictures of both sides are left in var/screenshots for a person to look at.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from desk_client import add_people, use_database
from desk_screen import SCREEN, fact, faults, hear, picture, press, row, sign_in
from playwright.sync_api import Browser, Page, expect

from bot.desk.handoff import BACK_AGAIN
from store import calls, desk

PHONE = {"width": 390, "height": 844}
PLACE = "239900"


@pytest.fixture
def url(server_url: str, server_database: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The server, with nobody in the desk's queue."""
    use_database(monkeypatch, server_database)
    add_people()
    for call in [*calls.waiting(), *calls.open_calls("zuoxi02")]:
        calls.finish(call["call"], "no_order", "test")
    return server_url


@pytest.fixture
def agent(browser: Browser, url: str) -> Iterator[Page]:
    with browser.new_context(viewport=SCREEN, locale="zh-CN") as context:
        page = context.new_page()
        sign_in(page, url, "zuoxi02")
        expect(page.locator("#mode")).not_to_be_empty()
        yield page


@pytest.fixture
def resident(browser: Browser, url: str) -> Iterator[Page]:
    with browser.new_context(viewport=PHONE, has_touch=True, locale="zh-CN", service_workers="block") as context:
        page = context.new_page()
        page.goto(f"{url}/v/{PLACE}")
        yield page


def say(page: Page, text: str) -> None:
    """The resident's words, sent; an answer is not waited for."""
    page.get_by_label("写您想问的话").fill(text)
    page.keyboard.press("Enter")
    expect(page.locator(".mine").last).to_have_text(text)
    expect(page.locator(".waiting")).to_have_count(0)


def ask_for_a_person(resident: Page) -> None:
    say(resident, "我妈82了，脱贫户")
    say(resident, "找人工")
    expect(resident.locator(".bot").last).to_contain_text("已经帮您叫人工了")
    expect(resident.locator(".bot").last).to_contain_text("12345")


def take_first(agent: Page) -> None:
    press(agent, "d")
    expect(agent.locator(".pick").first).to_contain_text("网页")
    agent.keyboard.press("1")
    expect(agent.locator("#where")).to_contain_text("网页来电")


def answer(agent: Page, text: str) -> None:
    press(agent, "Enter")
    agent.keyboard.type(text)
    agent.keyboard.press("Enter")
    expect(agent.locator(".line--agent").last).to_contain_text(text)


def spoken(resident: Page) -> list[str]:
    """What the resident and the person said, in the order in which it stands."""
    said = resident.locator("#talk > .mine, #talk > .bot--person").all_inner_texts()
    return [words.splitlines()[0] for words in said]


def test_a_resident_and_an_agent_talk_and_then_the_assistant_goes_on_with_the_same_family(
    resident: Page, agent: Page
) -> None:
    ask_for_a_person(resident)
    expect(resident.locator(".standing")).to_have_text("在等人工，下一位就是您。")
    picture(resident, "handoff-1-waiting")

    expect(agent.locator("#waiting")).to_have_text("1")
    press(agent, "d")
    expect(agent.locator(".pick").first).to_contain_text("我妈82了，脱贫户 / 找人工")
    picture(agent, "handoff-2-queue")
    agent.keyboard.press("1")
    expect(agent.locator(".line--caller").first).to_contain_text("我妈82了，脱贫户")
    expect(agent.locator(".line--assistant").first).to_contain_text("您妈妈现在住在家里还是养老机构")
    expect(agent.locator("#matter")).to_contain_text("高龄脱贫老人居家养老补贴")
    expect(fact(agent, "您妈妈的年龄").locator("input")).to_have_value(re.compile("82"))

    press(agent, "t")  # the question on the screen goes into the reply
    expect(agent.locator("#words")).to_have_value("您妈妈现在住在家里还是养老机构？")
    agent.keyboard.press("Enter")
    person = resident.locator(".bot--person")
    expect(person).to_have_text(re.compile("^人工：您妈妈现在住在家里还是养老机构？"))
    expect(resident.locator(".standing")).to_have_text("人工在线，正在看您的话。")

    say(resident, "住家里")
    expect(agent.locator(".line--caller").last).to_contain_text("住家里")
    expect(row(agent, "高龄脱贫老人居家养老补贴")).to_contain_text("看起来符合")
    expect(agent.locator("#facts tr.changed")).to_contain_text("住处")
    picture(agent, "handoff-3-desk")
    picture(resident, "handoff-3-page")

    resident.reload()
    expect(resident.locator(".standing")).to_have_text("人工在线，正在看您的话。")
    assert ["我妈82了，脱贫户", "找人工", "人工：您妈妈现在住在家里还是养老机构？", "住家里"] == spoken(resident)

    press(agent, "h")
    expect(agent.locator("#where")).to_contain_text("已结束")
    expect(person.last).to_contain_text("接下来还是助手回答您")
    expect(resident.locator(".standing")).to_have_count(0)
    say(resident, "能领多少钱")
    last = resident.locator(".bot").last
    expect(last).to_contain_text("100 元")
    expect(last).to_contain_text("您妈妈的住处：住在家里")
    picture(resident, "handoff-4-assistant")

    resident.reload()
    expect(resident.locator(".bot").last).to_contain_text("100 元")
    assert ["住家里", f"人工：{BACK_AGAIN}", "能领多少钱"] == spoken(resident)[-3:]


def test_whoever_waits_behind_somebody_else_sees_how_many(resident: Page) -> None:
    desk.open_handoff("h5", "h5-somebody-before", [{"from": "me", "text": "找人工"}])
    ask_for_a_person(resident)

    expect(resident.locator(".standing")).to_have_text("在等人工，前面还有 1 位。")


def test_closing_the_order_gives_the_resident_back_to_the_assistant_as_well(resident: Page, agent: Page) -> None:
    ask_for_a_person(resident)
    take_first(agent)
    answer(agent, "您妈妈住家里是吧，我记下了")
    press(agent, "1")
    expect(row(agent, "高龄脱贫老人居家养老补贴")).to_contain_text("看起来符合")
    press(agent, "g")
    expect(agent.get_by_label("诉求事项")).to_have_value(re.compile("高龄脱贫老人居家养老补贴"))
    agent.get_by_label("已承诺").fill("没有")
    press(agent, "1")
    expect(agent.locator("#where")).to_contain_text("已结束")

    expect(resident.locator(".bot--person").last).to_contain_text("接下来还是助手回答您")
    say(resident, "能领多少钱")
    expect(resident.locator(".bot").last).to_contain_text("您妈妈的住处：住在家里")


def test_a_resident_who_deletes_everything_disappears_from_the_agents_screen(resident: Page, agent: Page) -> None:
    ask_for_a_person(resident)
    take_first(agent)
    resident.get_by_role("button", name="更多").click()
    resident.get_by_role("button", name="删除我的记录").click()

    expect(agent.locator("#notice")).to_contain_text("群众删除了自己的记录")
    expect(agent.locator("#lines li, #facts tr, #results tr")).to_have_count(0)
    expect(resident.locator(".standing")).to_have_count(0)


def test_an_order_is_opened_again_by_keyboard_with_a_reason_that_the_supervisor_reads(
    agent: Page, browser: Browser, url: str
) -> None:
    press(agent, "n")
    expect(agent.locator("#where")).to_contain_text("电话来电")
    hear(agent, "我妈82了")
    press(agent, "g")
    agent.get_by_label("已承诺").fill("三天内回电")
    press(agent, "3")
    expect(agent.locator("#where")).to_contain_text("已结束")

    press(agent, "l")
    agent.keyboard.press(agent.locator(".pick", has_text="回拨").first.locator("kbd").inner_text())
    expect(agent.locator("#sheet-body")).to_contain_text("已办结：回拨")
    number = agent.locator("#sheet-title").inner_text().removeprefix("工单 ")
    agent.keyboard.press("o")
    expect(agent.get_by_label("为什么重开")).to_be_focused()
    agent.keyboard.type("来电人又打来，说两口人")
    press(agent, "s")
    expect(agent.locator("#sheet-body")).to_contain_text("第 2 次办，重开的原因：来电人又打来，说两口人")
    agent.get_by_label("备注").fill("家里两口人")
    picture(agent, "handoff-5-opened-again")
    press(agent, "1")
    expect(agent.locator("#sheet-body")).to_contain_text("已办结：答复")

    with browser.new_context(viewport=SCREEN, locale="zh-CN") as context:
        board = context.new_page()
        sign_in(board, url, "banzhang")
        board.goto(f"{url}/desk/board")
        expect(board.locator("tr", has_text="重开工单").first).to_contain_text("来电人又打来，说两口人")
        board.locator(".orders a", has_text=number).click()
        expect(board.get_by_label("备注")).to_have_value("家里两口人")


@pytest.mark.parametrize("size", [PHONE, SCREEN], ids=["phone", "desktop"])
@pytest.mark.parametrize(("address", "login"), [("/desk", "zuoxi02"), ("/desk/board", "banzhang"), ("/desk/case", "chuangkou")])
def test_no_page_of_the_desk_is_wider_than_its_window_or_has_a_fault_that_axe_finds(
    browser: Browser, url: str, address: str, login: str, size: dict[str, int]
) -> None:
    with browser.new_context(viewport=size, locale="zh-CN") as context:
        page = context.new_page()
        sign_in(page, url, login)
        page.goto(url + address)
        if address == "/desk":
            press(page, "n")
            hear(page, "我妈82了，脱贫户，住家里")
        picture(page, f"desk-{address.rpartition('/')[2]}-{size['width']}")

        assert 0 == page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert [] == faults(page)
