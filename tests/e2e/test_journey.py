"""One report through the seven steps, by six accounts of four levels, each in a browser of its own, with a picture of every step."""

import io
import re
from collections.abc import Iterator

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import PICTURES

PASSWORD = "jingwei-demo"  # printed at every start of the demonstration
TEXT = "店铺把货架摆到了人行道上，行人只能走车道。"


class Desk:
    """Somebody before the desk."""

    def __init__(self, page: Page, username: str) -> None:
        self.page, self.username = page, username
        page.goto("/login")
        page.get_by_test_id("login-username").fill(username)
        page.get_by_test_id("login-password").fill(PASSWORD)
        page.get_by_test_id("login-submit").click()
        expect(page.get_by_test_id("nav-queue")).to_be_visible()

    def open(self, case: str) -> None:
        self.page.goto(case)
        expect(self.page.get_by_test_id("case-number")).to_be_visible()

    def move(self, action: str, state: str, *, fill: dict[str, str] | None = None, photograph: bytes | None = None) -> None:
        """Press the move's button, fill its form, send it, and see the case in its new state."""
        page = self.page
        page.get_by_test_id(f"move-{action}").click()
        dialog = page.get_by_test_id("move-dialog")
        expect(dialog).to_be_visible()
        for field, value in (fill or {}).items():
            self._fill(field, value)
        if photograph:
            page.get_by_test_id("form-files").set_input_files({"name": "现场.jpg", "mimeType": "image/jpeg", "buffer": photograph})
            expect(page.get_by_test_id("form-submit")).to_be_enabled()
        page.get_by_test_id("form-submit").click()
        expect(dialog).to_be_hidden()
        expect(page.get_by_test_id("case-state")).to_have_text(state)
        self.picture(action)

    def _fill(self, field: str, value: str) -> None:
        target = self.page.get_by_test_id(f"form-{field}")
        if field == "score":
            target.get_by_text(re.compile(f"^{value} ")).click()
        else:
            target.fill(value)

    def picture(self, name: str) -> None:
        PICTURES.mkdir(parents=True, exist_ok=True)
        self.page.wait_for_timeout(400)
        self.page.screenshot(path=PICTURES / f"journey-{name}.png")


@pytest.fixture
def sitting(browser: Browser, served: str) -> Iterator["type[Desk]"]:
    """Call it with a username: that person's desk, in a browser profile of their own. Errors of a page fail the test."""
    contexts, errors = [], []

    def sit(username: str) -> Desk:
        context = browser.new_context(base_url=served, locale="zh-CN", timezone_id="Asia/Shanghai", viewport={"width": 1440, "height": 900})
        context.set_default_timeout(20_000)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        return Desk(page, username)

    yield sit  # type: ignore[misc]
    for context in contexts:
        context.close()
    assert errors == []


def photograph(word: str) -> bytes:
    """A drawing that says what it is; nobody takes it for a photograph of a place."""
    picture = Image.new("RGB", (800, 600), "#dfe5ec")
    ImageDraw.Draw(picture).text((40, 40), word, fill="#223")
    stream = io.BytesIO()
    picture.save(stream, "JPEG")
    return stream.getvalue()


def test_a_residents_report_travels_from_the_telephone_to_the_rating(sitting) -> None:  # type: ignore[no-untyped-def]
    hotline = sitting("hotline_operator")
    number, case = report(hotline)

    acceptor = sitting("acceptor")
    acceptor.page.get_by_test_id("search").fill(number)
    acceptor.page.keyboard.press("Enter")
    acceptor.page.get_by_test_id(f"queue-row-{number}").first.wait_for()
    acceptor.open(case)
    acceptor.move("accept", "待立案")
    acceptor.move("send_confirm", "待核实")

    worker = sitting("worker")
    worker.open(case)
    worker.move("confirm", "待立案", fill={"result": "到现场看过，情况属实。"}, photograph=photograph("before"))

    acceptor.open(case)
    acceptor.move("file", "待派遣")

    dispatcher = sitting("dispatcher")
    dispatcher.open(case)
    dispatcher.move("dispatch", "待签收")
    expect(dispatcher.page.get_by_test_id("case-why")).not_to_be_empty()

    clerk = sitting("department_clerk")
    clerk.open(case)
    clerk.move("acknowledge", "待处置")
    clerk.move("handle", "处置中")
    clerk.move("feed_back", "待核查", fill={"result": "货架已收回店内，人行道恢复通行。"}, photograph=photograph("after"))
    expect(clerk.page.get_by_test_id("move-verify")).to_have_count(0)  # nobody verifies their own work

    worker.open(case)
    worker.move("verify", "待结案")

    leader = sitting("shift_leader")
    leader.open(case)
    leader.move("close", "已结案")

    hotline.open(case)
    hotline.move("rate", "已评价", fill={"score": "5"})
    timeline = hotline.page.get_by_test_id("timeline")
    for word in ("上报", "受理", "核实", "立案", "派遣", "签收", "反馈", "核查通过", "结案", "评价"):
        expect(timeline).to_contain_text(word)


def report(hotline: Desk) -> tuple[str, str]:
    """A resident calls: the address is searched, the grid shown, the case opened. Answers its number and page."""
    page = hotline.page
    page.get_by_test_id("nav-new").click()
    page.get_by_test_id("new-case-name").fill("来电人")
    page.get_by_test_id("new-case-phone").fill("19900005678")
    page.get_by_test_id("new-case-text").fill(TEXT)
    page.get_by_test_id("new-case-matter").locator("input").or_(page.locator("input[data-testid=new-case-matter]")).first.fill("店外经营")
    page.locator("[data-testid^=matter-]:visible").first.click()
    page.get_by_test_id("new-case-address").fill("中山东一路18号")
    page.get_by_test_id("address-0").click()
    expect(page.get_by_test_id("new-case-area")).to_contain_text("网格")
    hotline.picture("report")
    page.get_by_test_id("new-case-submit").click()
    expect(page.get_by_test_id("case-state")).to_have_text("待受理")
    number = page.get_by_test_id("case-number").inner_text().strip()
    assert re.fullmatch(r"\d{6}-\d{7}", number)
    expect(page.locator("body")).to_contain_text("199****5678")
    hotline.picture("reported")
    return number, page.url
