"""The resident's page in a real browser, on a small phone and on a desk, against the real server.

Pictures of the main states are left in var/screenshots for a person to look at.
"""

from __future__ import annotations

import json
from pathlib import Path

import pypdfium2
import pytest
import zxingcpp
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect, sync_playwright

from bot.pages.poster import poster_pdf, village

ROOT = Path(__file__).parents[1]
PICTURES = ROOT / "var" / "screenshots"
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
PLACE = "239900"
GRANDMOTHER = "我姥姥九十了,脱贫户,自己在家住,能领钱不"
HOW_MUCH = "高龄老人在家养老每月补多少"
SIZES = {"phone": {"width": 360, "height": 640}, "desk": {"width": 1280, "height": 800}}
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
MOST_QUESTIONS = 60


@pytest.fixture(scope="module")
def browser():
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture
def context(browser: Browser):
    """A phone of 360×640; its service worker is off so that a test can answer in the server's place."""
    with browser.new_context(viewport=SIZES["phone"], has_touch=True, locale="zh-CN", service_workers="block") as one:
        yield one


@pytest.fixture
def phone(context: BrowserContext, server_url: str) -> Page:
    return opened(context, server_url)


@pytest.fixture(params=SIZES)
def screen(browser: Browser, server_url: str, request):
    """The page at each size, as (name of the size, page)."""
    with browser.new_context(viewport=SIZES[request.param], locale="zh-CN", service_workers="block") as one:
        yield request.param, opened(one, server_url)


def opened(context: BrowserContext, server_url: str) -> Page:
    page = context.new_page()
    page.goto(f"{server_url}/v/{PLACE}")
    return page


def say(page: Page, text: str) -> Locator:
    """Type a message, send it with Enter, and return the last reply."""
    page.get_by_label("写您想问的话").fill(text)
    return after(page, lambda: page.keyboard.press("Enter"))


def after(page: Page, act) -> Locator:
    """Do something that asks the bot, wait for its answer, and return the last reply."""
    before = page.locator(".bot").count()
    act()
    page.wait_for_function(
        "n => document.querySelectorAll('.bot').length > n && !document.querySelector('.waiting')", arg=before
    )
    return page.locator(".bot").last


def answer_questions(page: Page, choose) -> Locator:
    """Go on tapping choices until the bot has no more; returns its last reply. `choose` picks from a list of buttons.

    Where several may be ticked, one is, and that is said.
    """
    for _ in range(MOST_QUESTIONS):
        choices = page.locator(".choices.live button")
        if page.locator(".bot").last.locator(".results").count() or not choices.count():
            return page.locator(".bot").last
        choice = choose(choices)
        if choice.get_attribute("aria-pressed"):
            choice.tap()
            choice = page.get_by_role("button", name="选好了")
        after(page, lambda choice=choice: choice.tap())
    raise AssertionError(f"no end after {MOST_QUESTIONS} questions")


def unknown(choices: Locator) -> Locator:
    return choices.filter(has_text="不知道").last


def picture(page: Page, name: str) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=PICTURES / f"{name}.png")


def violations(page: Page) -> list[str]:
    """What axe finds wrong, as `rule: element`. The policy forbids inserted scripts, so axe is evaluated from outside."""
    page.evaluate(AXE.read_text(encoding="utf8"))
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
    return [f"{rule['id']}: {node['html'][:120]}" for rule in found for node in rule["nodes"]]


def answer_with(page: Page, *messages: dict) -> None:
    """Answer in the server's place, to see how something rare is shown."""
    page.route("**/h5/say", lambda route: route.fulfill(json=list(messages)))


# ---- loading


def test_the_first_visit_loads_under_100_kb(browser, server_url):
    with browser.new_context(viewport=SIZES["phone"]) as one:
        page = one.new_page()
        network = one.new_cdp_session(page)
        sizes: list[int] = []
        network.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
        network.send("Network.enable")
        page.goto(f"{server_url}/v/{PLACE}", wait_until="networkidle")

    assert 0 < sum(sizes) < 100_000


def test_the_first_screen_needs_one_page_one_style_and_one_script(context, server_url):
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.resource_type))
    page.goto(f"{server_url}/v/{PLACE}", wait_until="networkidle")

    assert sorted(asked) == ["document", "script", "stylesheet"]


def test_the_start_shows_the_village_and_four_big_entries(screen):
    size, page = screen
    picture(page, f"{size}-1-start")

    expect(page.locator(".top__place")).to_contain_text("黑龙江省某县")
    for entry in ("我能领什么", "问政策", "去哪办", "找人工"):
        box = page.get_by_role("button", name=entry).bounding_box()
        assert box and box["height"] >= 48 and box["y"] + box["height"] <= SIZES[size]["height"]


# ---- screening


def test_a_whole_screening_by_taps_only(phone):
    after(phone, lambda: phone.get_by_role("button", name="我能领什么").tap())
    answer_questions(phone, lambda choices: choices.first)

    expect(phone.locator(".results").last).to_be_visible()
    picture(phone, "phone-2-result-by-taps")


def test_a_screening_by_typing_ends_in_the_card_with_its_amount(screen):
    size, page = screen
    say(page, GRANDMOTHER)
    while page.locator(".ask__words").count() and not page.locator(".bot").last.locator(".results").count():
        picture(page, f"{size}-3-question")
        say(page, "不知道")
    card = page.locator(".card--eligible").filter(has_text="居家养老")
    expect(card).to_contain_text("每人每月 100 元")
    expect(card).to_contain_text("看起来符合")
    picture(page, f"{size}-4-result")
    card.locator("summary").click()
    card.get_by_role("button", name="看规定").first.click()

    expect(card.locator("blockquote").first).to_contain_text("80周岁以上居家高龄脱贫老人")
    expect(card.locator(".quoted__ended").first).to_contain_text("已经到期")
    picture(page, f"{size}-5-card")


def test_a_question_shows_progress_the_reason_and_a_way_not_to_answer(phone):
    say(phone, "我能领什么补助")
    reply = say(phone, "我爸八十二了")

    expect(reply.locator(".progress")).to_contain_text("第 ")
    reply.get_by_text("为什么问这个").tap()
    assert reply.locator("details[open] p").first.inner_text().strip()
    expect(reply.get_by_role("button", name="不知道")).to_be_visible()
    for choice in reply.locator(".choices button").all():
        box = choice.bounding_box()
        assert box and box["height"] >= 48
    picture(phone, "phone-6-question")


def test_several_people_are_ticked_and_said_together(phone):
    say(phone, "我爸78，我妈76，我弟45，我40，想问残疾人补贴")
    people = phone.locator(".choices.live [aria-pressed]")
    for name in ("妈妈", "弟弟", "我自己", "我自己"):  # one of them by mistake
        people.filter(has_text=name).tap()
    done = phone.get_by_role("button", name="选好了")
    expect(done).to_have_text("选好了：妈妈、弟弟")
    picture(phone, "phone-6-ticking")
    assert violations(phone) == []
    reply = after(phone, lambda: done.tap())

    expect(phone.locator(".mine").last).to_have_text("妈妈、弟弟")
    expect(reply).to_contain_text("其他人没有残疾证")


def test_a_chip_corrects_what_was_understood(phone):
    say(phone, "我妈八十二了，脱贫户，能领什么")
    phone.locator(".chip").filter(has_text="年龄").tap()
    picture(phone, "phone-7-correcting")
    phone.get_by_label("应该是").fill("79")
    reply = after(phone, lambda: phone.get_by_role("button", name="改好了").tap())

    expect(reply.locator(".changed")).to_contain_text("79")
    chip = reply.locator(".chip").filter(has_text="年龄")
    expect(chip).to_contain_text("79")
    picture(phone, "phone-8-corrected")


def test_the_slip_is_shown_as_a_picture_to_keep(phone):
    say(phone, GRANDMOTHER)
    answer_questions(phone, unknown)
    phone.get_by_role("button", name="保存成图片").last.tap()
    slip = phone.locator(".slip__picture").last
    expect(slip).to_be_visible()
    phone.wait_for_function("() => [...document.querySelectorAll('.slip__picture')].pop().naturalWidth > 500")
    slip.scroll_into_view_if_needed()

    picture(phone, "phone-9-slip")
    pdf = phone.request.get(phone.get_by_role("link", name="打开清单文件").evaluate("link => link.href"))
    assert len(pypdfium2.PdfDocument(pdf.body())) == 1


# ---- answers


def test_a_citation_opens_its_clause_highlighted_in_the_document(screen):
    size, page = screen
    reply = say(page, HOW_MUCH)
    expect(reply).to_contain_text("100")
    reply.locator(".source summary").first.click()
    picture(page, f"{size}-10-answer")
    reply.get_by_role("link", name="看文件里的").first.click()
    clause = page.locator(".clause:target")

    expect(clause).to_contain_text("给予每人每月100元高龄居家养老补贴")
    expect(clause).to_be_in_viewport()
    expect(clause.locator(".clause__here")).to_be_visible()
    expect(page.locator(".document__facts")).to_contain_text("2025年12月31日")
    expect(page.locator(".document__ended")).to_contain_text("已经到期")
    picture(page, f"{size}-11-document")
    page.get_by_role("link", name="回到对话").click()
    expect(page.locator(".mine")).to_contain_text(HOW_MUCH)


def test_an_emergency_puts_the_number_first_and_big(phone):
    reply = say(phone, "我不想活了，活着没意思")

    expect(reply).to_have_class("bot bot--urgent")
    number = reply.locator("a[href^='tel:']").first
    expect(number).to_be_in_viewport()
    picture(phone, "phone-12-emergency")


def test_money_is_not_taken_for_a_telephone_number(phone):
    answer_with(phone, {"text": "打 12345 问。每年 12345 元，2021-2025 年。座机 0557-7022345。"})
    reply = say(phone, "喂")

    assert [link.get_attribute("href") for link in reply.locator("a").all()] == ["tel:12345", "tel:05577022345"]


def test_script_is_shown_as_text_whoever_says_it(phone):
    attack = "<img src=x onerror=alert(1)><script>alert(2)</script>"
    phone.on("dialog", lambda dialog: pytest.fail("a script ran"))
    result = {
        "programme": attack,
        "name": attack,
        "member": "m1",
        "verdict": "eligible",
        "amount": None,
        "summary": attack,
    }
    custom = {
        "kind": "screening",
        "understood": [{"path": "size", "label": attack, "value": attack}],
        "results": [
            {**result, "because": [{"text": attack, "holds": True}], "apply": {"where": attack, "materials": [attack]}}
        ],
        "citations": [{"document": attack, "title": attack, "clause": attack, "quote": attack}],
    }
    answer_with(
        phone, {"text": attack, "buttons": [{"title": attack, "payload": attack}]}, {"text": "", "custom": custom}
    )
    say(phone, attack)

    expect(phone.locator(".mine").last).to_have_text(attack)
    expect(phone.locator(".bot__text").first).to_have_text(attack)
    assert phone.locator("#talk img, #talk script").count() == 0


def test_the_server_gives_script_back_as_text_after_a_reload(phone):
    attack = "<script>alert(1)</script>低保"
    phone.on("dialog", lambda dialog: pytest.fail("a script ran"))
    say(phone, attack)
    phone.reload()

    expect(phone.locator(".mine")).to_have_text(attack)


# ---- network


def test_without_a_network_the_words_stay_and_go_out_later(phone):
    phone.context.set_offline(True)
    phone.get_by_label("写您想问的话").fill(HOW_MUCH)
    phone.get_by_role("button", name="发送").tap()
    expect(phone.get_by_role("status")).to_contain_text("没有网络")
    expect(phone.get_by_label("写您想问的话")).to_have_value(HOW_MUCH)
    picture(phone, "phone-13-offline")
    phone.context.set_offline(False)
    expect(phone.get_by_role("status")).to_contain_text("有网了")
    reply = after(phone, lambda: phone.get_by_role("button", name="发送").tap())

    expect(reply).to_contain_text("100")
    expect(phone.get_by_role("status")).to_be_empty()


def test_typed_words_survive_a_reload(phone):
    phone.get_by_label("写您想问的话").press_sequentially("我家三口人")
    phone.reload()

    expect(phone.get_by_label("写您想问的话")).to_have_value("我家三口人")


def test_the_page_opens_without_a_network_once_it_was_visited(browser, server_url):
    with browser.new_context(viewport=SIZES["phone"]) as one:
        page = opened(one, server_url)
        page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        one.set_offline(True)
        page.reload()

        expect(page.get_by_role("button", name="我能领什么")).to_be_visible()
        expect(page.get_by_role("status")).to_contain_text("没有网络")


def test_a_refusal_of_the_server_is_shown_and_keeps_the_words(phone):
    told = {"error": {"code": "too_fast", "message": "您发得太快了，我有点跟不上。"}}
    phone.route("**/h5/say", lambda route: route.fulfill(status=429, json=told))
    phone.get_by_label("写您想问的话").fill("喂喂")
    phone.keyboard.press("Enter")

    expect(phone.get_by_role("status")).to_contain_text("太快了")
    expect(phone.get_by_label("写您想问的话")).to_have_value("喂喂")


# ---- for everybody


def test_care_mode_is_bigger_and_remembered(phone):
    size = "parseFloat(getComputedStyle(document.body).fontSize)"
    before = phone.evaluate(size)
    phone.get_by_role("button", name="大字").tap()
    expect(phone.get_by_role("button", name="大字")).to_have_attribute("aria-pressed", "true")
    phone.reload()

    assert phone.evaluate(size) > 1.15 * before
    assert phone.evaluate("document.body.dataset.weuiMode") == "care"
    picture(phone, "phone-14-care")


@pytest.mark.parametrize("care", [False, True])
def test_axe_finds_nothing_wrong(screen, care):
    size, page = screen
    if care:
        page.get_by_role("button", name="大字").click()
    page.get_by_role("button", name="更多").click()
    found = violations(page)
    page.get_by_role("button", name="更多").click()
    page.get_by_role("button", name="问政策").click()
    found += violations(page)
    say(page, GRANDMOTHER)
    found += violations(page)
    if page.locator(".chip").count():
        page.locator(".chip").first.click()
        found += violations(page)
        page.get_by_role("button", name="不改了").click()
    while page.locator(".choices.live").count() and not page.locator(".results").count():
        say(page, "不知道")
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
    page.get_by_role("button", name="看规定").first.click()
    expect(page.locator(".quoted").first).to_be_visible()
    found += violations(page)
    page.goto(page.url.split("/v/")[0] + "/d/yangjiang-2017")
    found += violations(page)

    assert found == []


def test_the_keyboard_alone_is_enough(screen):
    _, page = screen
    press_until(page, "我能领什么")
    after(page, lambda: page.keyboard.press("Enter"))
    choice = page.locator(".choices.live button").first
    press_until(page, choice.inner_text())
    after(page, lambda: page.keyboard.press("Enter"))

    expect(page.locator(".mine").last).to_be_visible()
    assert "bot" in page.evaluate("document.activeElement.className")


def press_until(page: Page, text: str) -> None:
    """Tab to the element that shows this text; the focus must be seen on the way."""
    for _ in range(40):
        page.keyboard.press("Tab")
        if (
            text in page.evaluate("document.activeElement.textContent")
            and page.evaluate("document.activeElement.tagName") == "BUTTON"
        ):
            assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"
            return
    raise AssertionError(f"Tab never reached {text}")


def test_text_at_twice_its_size_loses_nothing(phone):
    phone.evaluate("document.documentElement.style.fontSize = '36px'")
    wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    assert not phone.evaluate(wide)
    say(phone, GRANDMOTHER)
    answer_questions(phone, unknown)
    phone.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
    picture(phone, "phone-15-twice-the-size")

    assert not phone.evaluate(wide)
    clipped = """[...document.querySelectorAll('#talk button, #talk summary, #talk p, #talk a')]
        .filter(one => one.scrollWidth > one.clientWidth + 1 && getComputedStyle(one).display !== 'inline').map(one => one.textContent)"""
    assert phone.evaluate(clipped) == []
    expect(phone.get_by_role("button", name="发送")).to_be_in_viewport()


def test_an_answer_can_be_read_aloud(context, server_url):
    context.add_init_script(
        "window.said = []; speechSynthesis.speak = speech => said.push(speech.lang + ' ' + speech.text);"
    )
    page = opened(context, server_url)
    answer_with(page, {"text": "带身份证和户口簿。"})
    reply = say(page, "带什么")
    reply.get_by_role("button", name="读给我听").tap()

    assert [text.strip() for text in page.evaluate("said")] == ["zh-CN 带身份证和户口簿。"]


def test_one_may_speak_where_the_browser_listens(context, server_url):
    context.add_init_script("""window.SpeechRecognition = window.webkitSpeechRecognition = class {
        start() { this.onresult({results: [[{transcript: '我妈八十二了'}]]}); this.onend(); }
        stop() {} };""")
    page = opened(context, server_url)
    page.get_by_role("button", name="说话").tap()

    expect(page.get_by_label("写您想问的话")).to_have_value("我妈八十二了")


# ---- privacy


def test_delete_takes_everything_away_at_once(phone):
    say(phone, "我妈八十二了，能领什么")
    phone.get_by_role("button", name="更多").tap()
    phone.get_by_role("button", name="删除我的记录").tap()
    expect(phone.get_by_role("status")).to_contain_text("已经删除")
    assert phone.locator(".mine").count() == 0
    phone.reload()
    phone.wait_for_load_state("networkidle")

    assert phone.locator(".mine").count() == 0
    expect(phone.get_by_role("button", name="我能领什么")).to_be_visible()


def test_two_visitors_never_see_each_other(browser, server_url):
    with browser.new_context() as mine, browser.new_context() as other:
        me, they = opened(mine, server_url), opened(other, server_url)
        say(me, "我妈八十二了，能领什么")
        say(they, "低保怎么申请")
        they.reload()

        expect(they.locator(".mine")).to_have_count(1)
        expect(they.locator(".mine")).to_contain_text("低保怎么申请")
        assert "八十二" not in json.dumps(they.request.get(f"{server_url}/h5/state").json(), ensure_ascii=False)


def test_a_kiosk_clears_itself_after_two_quiet_minutes(context, server_url):
    page = context.new_page()
    page.clock.install()
    page.goto(f"{server_url}/v/{PLACE}?kiosk=1")
    say(page, "我妈八十二了，能领什么")
    page.clock.fast_forward(105_000)
    expect(page.get_by_role("status")).to_contain_text("还在用吗")
    with page.expect_navigation():
        page.clock.fast_forward(20_000)

    expect(page.get_by_role("button", name="我能领什么")).to_be_visible()
    assert page.request.get(f"{server_url}/h5/state").json() == {"messages": []}
    expect(page.locator(".top__place")).to_contain_text("黑龙江省某县")


# ---- the poster


def test_the_posters_code_opens_the_page_with_that_village(context, server_url):
    image = pypdfium2.PdfDocument(poster_pdf([village("341324101")], server_url))[0].render(scale=2).to_pil()
    page = context.new_page()
    page.goto(zxingcpp.read_barcodes(image)[0].text)

    expect(page.locator(".top__place")).to_contain_text("墩集镇")
