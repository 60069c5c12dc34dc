"""Somebody before the desk, in a browser: what every journey does alike."""

import io
import re

from PIL import Image, ImageDraw
from playwright.sync_api import Page, expect

from jingwei.site.env import ROOT

PICTURES = ROOT / "var" / "e2e"
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


def in_both_languages(page: Page, name: str) -> None:
    """Pictures of the page as it stands, an open dialog included, in Chinese and in English."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    for _ in range(2):
        page.wait_for_timeout(400)
        page.screenshot(path=PICTURES / f"{name}-{page.locator('html').get_attribute('lang')}.png")
        page.evaluate("document.querySelector('[data-testid=language]').click()")
    page.wait_for_timeout(200)


def photograph(word: str) -> bytes:
    """A drawing that says what it is; nobody takes it for a photograph of a place."""
    picture = Image.new("RGB", (800, 600), "#dfe5ec")
    ImageDraw.Draw(picture).text((40, 40), word, fill="#223")
    stream = io.BytesIO()
    picture.save(stream, "JPEG")
    return stream.getvalue()


def report(hotline: Desk) -> tuple[str, str]:
    """A resident calls: the address is searched, the grid shown, the case opened. Answers its number and page."""
    page = hotline.page
    page.get_by_test_id("nav-new").click()
    page.get_by_test_id("new-case-name").fill("来电人")
    page.get_by_test_id("new-case-phone").fill("19900005678")
    page.get_by_test_id("new-case-text").fill(TEXT)
    page.get_by_test_id("new-case-matter").locator("input").or_(page.locator("input[data-testid=new-case-matter]")).first.fill("店外经营")
    page.locator("[data-testid^=matter-]:visible", has_text="店外经营").first.click()
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
