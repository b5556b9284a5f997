"""The desk in a real browser, by keyboard alone, against the real server: a call of twelve lines and what follows it.

Pictures of the main states are left in var/screenshots for a person to look at.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import httpx
import pytest
from desk_client import add_people, program, signed_in, use_database
from desk_screen import SCREEN, fact, hear, picture, press, row, sign_in
from playwright.sync_api import Browser, Page, expect

from store.cases import create_case

PLACE = "黑龙江省某县"
CALL = [
    "你好，问个事",
    "我妈今年82了",
    "她在家里住",
    "我们家是脱贫户",
    "残疾证是二级的",
    "家里就两口人",
    "一年收入一万多",
    "我们是农村户口",
    "不对，我妈是79",
    "低保一个月多少钱",
    "办低保要带什么",
    "好，谢谢你",
]


@pytest.fixture
def url(server_url: str, server_database: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    use_database(monkeypatch, server_database)
    add_people()
    return server_url


@pytest.fixture
def desk(browser: Browser, url: str) -> Iterator[Page]:
    """The desk of zuoxi01, signed in by keyboard, with a call just begun."""
    with browser.new_context(viewport=SCREEN, locale="zh-CN") as context:
        page = context.new_page()
        sign_in(page, url, "zuoxi01")
        expect(page.locator("#mode")).not_to_be_empty()
        page.keyboard.press("Escape")
        page.keyboard.press("n")
        expect(page.locator("#where")).to_contain_text("电话来电")
        expect(page.locator("#lines li")).to_have_count(0)
        expect(page.locator("#words")).to_be_focused()
        place(page)
        yield page


def place(page: Page) -> None:
    """Say where the family is registered, in the fact's own field."""
    page.keyboard.press("Escape")
    page.keyboard.press("e")
    page.keyboard.press("Control+a")
    page.keyboard.type("239900")
    page.keyboard.press("Enter")
    expect(page.locator("#as-of")).to_contain_text(PLACE)


def test_a_call_of_twelve_lines_from_the_first_word_to_a_closed_order_without_the_mouse(desk: Page) -> None:
    took = []
    for number, line in enumerate(CALL, 1):
        took.append(hear(desk, line))
        if line == "我们家是脱贫户":
            expect(row(desk, "高龄脱贫老人居家养老补贴")).to_contain_text("看起来符合")
            expect(row(desk, "高龄脱贫老人居家养老补贴")).to_have_class(re.compile("changed"))
            expect(desk.locator("#aloud")).to_contain_text("100 元")
            expect(desk.locator("#why")).to_contain_text("三(一)1")
        picture(desk, f"desk-line-{number:02d}")

    assert max(took) < 1  # second, from Enter to the whole screen
    expect(desk.locator("#matter")).to_contain_text("低保")
    expect(fact(desk, "您妈妈的年龄").locator("input")).to_have_value(re.compile("79"))
    expect(fact(desk, "全家一年收入")).to_contain_text("一万多")
    expect(row(desk, "高龄脱贫老人居家养老补贴")).to_contain_text("看起来不符合")

    press(desk, "t")
    expect(desk.locator("#told")).to_have_text("已念")
    press(desk, "g")
    expect(desk.locator("#sheet-title")).to_contain_text("工单")
    told = desk.get_by_label("已承诺")
    expect(told).to_have_value("[待补]")
    expect(desk.get_by_label("已告知")).not_to_have_value("[待补]")
    expect(desk.get_by_role("textbox", name="来电人说", exact=True)).to_have_value("\n".join(CALL))
    picture(desk, "desk-order")

    desk.keyboard.press("1")
    expect(desk.locator("#notice")).to_contain_text("已承诺")
    told.focus()
    desk.keyboard.press("Control+a")
    desk.keyboard.type("没有")
    press(desk, "1")
    expect(desk.locator("#sheet")).to_be_hidden()
    expect(desk.locator("#where")).to_contain_text("已结束")


def test_a_question_is_answered_with_one_key_and_can_be_put_right(desk: Page) -> None:
    hear(desk, "我妈82了")
    asked = desk.locator(".question__words").inner_text()
    choices = desk.locator(".choices button").all_inner_texts()

    press(desk, "2")
    expect(desk.locator(".line--desk").last).to_contain_text(f"{asked} → {choices[1][1:].strip()}")
    expect(desk.locator(".question__words")).not_to_have_text(asked)
    changed = desk.locator("#facts tr.changed select")
    expect(changed).to_have_value("1")

    press(desk, "e")
    while not changed.evaluate("field => field === document.activeElement"):
        desk.keyboard.press("Tab")
    desk.keyboard.press("ArrowUp")
    expect(changed).to_have_value("0")


def test_a_caller_who_does_not_know_is_asked_something_else(desk: Page) -> None:
    hear(desk, "我妈82了")
    asked = desk.locator(".question__words").inner_text()
    known = desk.locator("#facts tr").count()

    press(desk, "0")
    expect(desk.locator(".line--desk").last).to_contain_text("不知道")
    expect(desk.locator(".question__words")).not_to_have_text(asked)
    expect(desk.locator("#facts tr")).to_have_count(known)


def test_the_reasons_and_clauses_of_a_programme_are_two_keys_away(desk: Page) -> None:
    hear(desk, "我妈82了，在家住，脱贫户")
    press(desk, "ArrowDown")

    expect(desk.locator("tr.picked")).to_have_count(1)
    expect(desk.locator("#why-title")).to_contain_text("看起来符合")
    expect(desk.locator("#why .reason--true").first).to_contain_text("✓")
    expect(desk.locator("#why .quote").first).not_to_be_empty()
    picture(desk, "desk-reasons")


def test_reasons_longer_than_the_screen_are_read_by_keyboard_as_well(desk: Page) -> None:
    desk.set_viewport_size({"width": 1366, "height": 600})
    hear(desk, "低保一个月多少钱")
    press(desk, "ArrowDown")
    last = desk.locator("#why > *").last
    expect(last).not_to_be_in_viewport()

    for _ in range(8):
        desk.keyboard.press("PageDown")
    expect(last).to_be_in_viewport()


def test_a_talk_pasted_at_once_is_line_by_line_the_callers_and_the_agents(desk: Page) -> None:
    press(desk, "Enter")
    desk.locator("#words").fill("我妈82了\n我：住在家里吗\n来电人：在家里住")
    desk.keyboard.press("Enter")

    expect(desk.locator(".line--caller")).to_have_text([re.compile("我妈82了"), re.compile("在家里住")])
    expect(desk.locator(".line--agent")).to_contain_text("住在家里吗")
    expect(fact(desk, "您妈妈的住处").locator("select")).to_have_value("0")


def test_an_order_is_saved_as_the_file_that_other_systems_get(desk: Page) -> None:
    hear(desk, "我妈82了")
    press(desk, "g")
    expect(desk.locator("#sheet-title")).to_contain_text("工单")
    with desk.expect_download() as saved:
        desk.keyboard.press("j")
    order = json.loads(Path(saved.value.path()).read_text(encoding="utf8"))

    assert saved.value.suggested_filename == f"gongdan-{order['order']}.json"
    assert ("我妈82了", 1, "draft") == (order["text"]["said"], order["edition"], order["status"])


def test_danger_puts_the_number_first_and_in_red(desk: Page) -> None:
    hear(desk, "着火了，房子着火了")

    expect(desk.locator("#matter")).to_have_class(re.compile("urgent"))
    expect(desk.locator("#aloud")).to_contain_text("119")
    picture(desk, "desk-emergency")


def test_lines_pushed_by_a_speech_system_appear_while_the_agent_does_nothing(desk: Page, url: str) -> None:
    call = desk.evaluate("call.call")
    with program(url, "transcript") as speech:
        told = {"lines": [{"speaker": "caller", "text": "我妈82了", "id": "1", "at": "2026-01-15T09:30:00+08:00"}]}
        assert 200 == speech.post(f"/api/desk/calls/{call}/transcript", json=told).status_code

    expect(desk.locator(".line--caller")).to_contain_text("我妈82了")
    expect(fact(desk, "您妈妈的年龄").locator("input")).to_have_value(re.compile("82"))


def test_a_residents_code_is_opened_after_they_agree_and_the_call_goes_on_from_there(desk: Page) -> None:
    family = {"members": [{"id": "mother", "relation": "mother", "age": 82, "living": "home"}]}
    code = create_case(family, ["members[mother].living"], "239900", words={"members[mother].age": "82了"})

    press(desk, "c")
    desk.keyboard.type(code)
    desk.keyboard.press("Enter")
    expect(desk.locator("#sheet-title")).to_have_text("先问来电人")
    expect(desk.locator("#facts")).not_to_contain_text("您妈妈的年龄")
    desk.keyboard.press("y")

    expect(fact(desk, "您妈妈的年龄")).to_contain_text("82了")
    hear(desk, "我们是脱贫户")
    expect(row(desk, "高龄脱贫老人居家养老补贴")).to_contain_text("看起来符合")
    picture(desk, "desk-case")


def test_a_doubted_answer_reaches_the_supervisor_and_becomes_a_test_case(
    desk: Page, browser: Browser, url: str
) -> None:
    hear(desk, "高龄老人在家养老每月补多少")
    press(desk, "b")
    expect(desk.locator("#sheet-title")).to_have_text("这个答案不对")
    desk.keyboard.type("没说要先是脱贫户")
    desk.keyboard.press("Tab")
    desk.keyboard.type("脱贫")
    press(desk, "s")
    expect(desk.locator("#notice")).to_contain_text("班长会看")

    with browser.new_context(viewport=SCREEN, locale="zh-CN") as context:
        board = context.new_page()
        sign_in(board, url, "banzhang")
        board.goto(f"{url}/desk/board")
        review = board.locator(".review", has_text="没说要先是脱贫户").first
        expect(review).to_contain_text("高龄老人在家养老每月补多少")
        expect(board.locator("svg")).to_have_count(3)
        board.set_viewport_size({"width": 1366, "height": 1400})
        picture(board, "desk-board")
        review.get_by_role("button", name="采纳，做成测试用例").focus()
        board.keyboard.press("Enter")
        expect(board.locator(".review", has_text="没说要先是脱贫户")).to_have_count(0)
    with closing(signed_in(url, "banzhang")) as client:
        assert "say: 高龄老人在家养老每月补多少" in client.get("/api/desk/reviews.yml").text


def test_the_window_clerk_reads_a_case_and_finds_nothing_to_change(browser: Browser, url: str) -> None:
    family = {
        "members": [{"id": "mother", "relation": "mother", "age": 82, "living": "home"}],
        "status": {"out_of_poverty": True},
    }
    code = create_case(family, [], "239900")
    with browser.new_context(viewport=SCREEN, locale="zh-CN") as context:
        page = context.new_page()
        sign_in(page, url, "chuangkou")
        expect(page.locator("#code")).to_be_focused()
        page.keyboard.type(code.lower())
        page.keyboard.press("Enter")
        expect(page.locator("#results tr", has_text="高龄脱贫老人居家养老补贴").first).to_contain_text("100 元")
        expect(page.locator("#facts input, #facts select")).to_have_count(0)
        picture(page, "desk-window")


def test_the_page_itself_never_scrolls_at_1366_by_768(desk: Page) -> None:
    for line in CALL[1:8]:
        hear(desk, line)

    taller = desk.evaluate("document.documentElement.scrollHeight - innerHeight")
    wider = desk.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert (0, 0) == (taller, wider)


def test_letters_in_a_field_are_letters_and_not_commands(desk: Page) -> None:
    press(desk, "Enter")
    desk.keyboard.type("gbcnd 12")

    expect(desk.locator("#words")).to_have_value("gbcnd 12")
    expect(desk.locator("#sheet")).to_be_hidden()


def test_words_that_could_not_be_sent_are_not_lost(desk: Page) -> None:
    desk.context.set_offline(True)
    press(desk, "Enter")
    desk.keyboard.type("我妈82了")
    desk.keyboard.press("Enter")

    expect(desk.locator("#notice")).to_contain_text("写的字还在")
    expect(desk.locator("#words")).to_have_value("我妈82了")


def test_a_printed_order_has_every_field_and_the_printable_page_needs_a_sign_in(desk: Page, url: str) -> None:
    hear(desk, "我妈82了")
    press(desk, "g")
    expect(desk.locator("#sheet-title")).to_contain_text("工单")
    with desk.context.expect_page() as opened:
        desk.keyboard.press("p")
    paper = opened.value

    expect(paper.locator("tr", has_text="已承诺")).to_contain_text("[待补]")
    picture(paper, "desk-paper")
    assert 401 == httpx.get(paper.url).status_code
