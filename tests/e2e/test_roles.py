"""The desk as three people work at it all day: an acceptor who never touches the mouse, a dispatcher who clears fifty cases from the map, a shift
leader before the wall. (The supervisor's day is in test_supervision, the administrator's in test_administration.) The two first print how
long they took, at the pace of a hand; what a person thinks in between is not in it."""

import re
import subprocess
import sys
import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from jingwei.site.env import ROOT
from tests.e2e.desk import PICTURES, Desk, in_both_languages, report

ROW = "[data-testid^=queue-row-]"
KEY = 65  # milliseconds a key; a Chinese character is typed with three
HAN = re.compile("[\u4e00-\u9fff]")
MATTERS = ["06013", "01002", "04002", "02001", "06028", "06001"]  # of six departments

FILL = """
from django.utils.timezone import now, timedelta
from jingwei.accounts.rules import SYSTEM
from jingwei.cases.actions import Command, NewCase, open_cases, perform_many
at, matters = now(), {matters!r}
wanted = [(at - timedelta(minutes=3), NewCase(matter=matters[n % len(matters)], text="居民反映，路口第" + str(n) + "处。", source="hotline",
    crs="EPSG:4326", x=121.4835 + (n % 8) * 0.0004, y=31.2395 + (n // 8) * 0.0004)) for n in range({many})]
cases = [o.case for o in open_cases(actor=SYSTEM, wanted=wanted)]
for n, move in enumerate({moves!r}):
    done = perform_many(actor=SYSTEM, commands=[Command(c.id, move, None, at, {{}}) for c in cases])
    assert not [o for o in done if o.problem], done
"""


@pytest.fixture
def fill(surroundings: dict[str, str], served: str) -> Callable[..., None]:
    """`fill(50, "accept", "file")`: so many new cases around the Bund, carried so far."""

    def make(many: int, *moves: str) -> None:
        code = FILL.format(matters=MATTERS, many=many, moves=list(moves))
        subprocess.run([sys.executable, "-m", "jingwei", "shell", "-c", code], env=surroundings, cwd=ROOT, check=True, timeout=120)

    return make


class Hand:
    """Ten fingers and no mouse: keys at a human's pace, counted."""

    def __init__(self, page: Page) -> None:
        self.page, self.keys = page, 0

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.wait_for_timeout(KEY)
            self.page.keyboard.press(key)
            self.keys += 1

    def type(self, text: str) -> None:
        """As it is typed: three keys for a Chinese character, one for any other."""
        for sign in text:
            keys = 3 if HAN.match(sign) else 1
            self.page.wait_for_timeout(KEY * keys)
            self.page.keyboard.press(sign) if sign.isascii() else self.page.keyboard.insert_text(sign)
            self.keys += keys

    def held(self) -> None:
        """Something has the keys, never nothing: what follows can be done without a pointer."""
        for _ in range(20):
            if self.page.evaluate("document.activeElement !== document.body"):
                return
            self.page.wait_for_timeout(100)
        raise AssertionError("the keys have fallen to nowhere")


def say(line: str) -> None:
    print(f"  {line}")
    PICTURES.mkdir(parents=True, exist_ok=True)
    with (PICTURES / "measured.txt").open("a") as file:
        file.write(f"{line}\n")


def test_an_acceptor_works_without_the_mouse(sitting, fill) -> None:  # type: ignore[no-untyped-def]
    """From the queue: open, read, accept, file under its condition, and on to the next; then a call comes in."""
    fill(6)
    page = sitting("acceptor").page
    page.goto("/cases?state=reported&sort=newest")
    page.locator(ROW).first.wait_for()
    hand, took, keys = Hand(page), [], []
    hand.press("j", "Enter")
    seen = set()
    for n in range(4):
        state = page.get_by_test_id("case-state")
        expect(state).to_have_text("待受理")
        number = page.get_by_test_id("case-number").inner_text()
        seen.add(number)
        began, before = time.monotonic(), hand.keys
        hand.press("a")
        expect(page.get_by_test_id("move-dialog")).to_be_visible()
        hand.press("Control+Enter")
        expect(state).to_have_text("待立案")
        hand.held()
        hand.press("f")
        expect(page.get_by_test_id("form-condition").locator("input").first).to_be_visible()
        hand.held()
        hand.press("Tab", "Space")
        expect(page.get_by_test_id("form-condition").locator("input:checked")).to_have_count(1)
        if n == 0:
            in_both_languages(page, "acceptor-file")
            hand.page.get_by_test_id("form-condition").locator("input:checked").focus()
            began += 2.0  # the pictures
        hand.press("Control+Enter")
        expect(state).to_have_text("待派遣")
        hand.held()
        if n == 0:
            in_both_languages(page, "acceptor-filed")
        hand.press("j")
        expect(page.get_by_test_id("case-number")).not_to_have_text(number)
        took.append(time.monotonic() - began)
        keys.append(hand.keys - before)
    assert len(seen) == 4, "each case once"
    assert max(keys) <= 8, keys
    say(f"acceptor: accept, file under a condition, next: {keys[-1]} keys; {', '.join(f'{s:.1f}' for s in took[1:])} s a case")

    began, before = time.monotonic(), hand.keys
    hand.press("n")
    expect(page.get_by_test_id("new-case-name")).to_be_focused()
    hand.type("来电人")
    hand.press("Tab")
    hand.type("19900005678")
    hand.press("Tab", "Tab")
    expect(page.get_by_test_id("new-case-text")).to_be_focused()
    hand.type("店铺把货架摆到了人行道上，行人只能走车道。")
    hand.press("Tab")
    hand.type("店外经营")
    page.locator("[data-testid^=matter-]:visible", has_text="店外经营").first.wait_for()
    hand.press("Enter")
    while not page.evaluate("document.activeElement.dataset.testid === 'new-case-address'"):
        hand.press("Tab")
        assert hand.keys < before + 200, "the address can't be reached by Tab"
    hand.type("中山东一路18号")
    page.get_by_test_id("address-0").wait_for()
    hand.press("Enter")
    expect(page.get_by_test_id("new-case-area")).to_contain_text("网格")
    in_both_languages(page, "acceptor-call")
    page.get_by_test_id("new-case-address").focus()
    began += 2.0
    hand.press("Control+Enter")
    expect(page.get_by_test_id("case-state")).to_have_text("待受理")
    hand.held()
    say(f"acceptor: a call written into a new case: {hand.keys - before} keys, {time.monotonic() - began:.1f} s")


def test_a_dispatcher_clears_fifty_from_the_map(sitting, fill) -> None:  # type: ignore[no-untyped-def]
    """A shape around the quarter, all of its cases, each to the unit that the rules propose for it."""
    fill(50, "accept", "file")
    page = sitting("dispatcher").page
    page.goto("/cases?view=open&state=filed&sort=newest&at=121.48500,31.24080,15.5")
    page.locator(ROW).first.wait_for()
    page.wait_for_timeout(1_500)  # the map has come to rest
    clicks, began = 0, time.monotonic()
    page.get_by_test_id("shape-polygon").click()
    page.locator(".map").get_by_role("status").wait_for()
    box = page.locator(".map canvas").first.bounding_box()
    assert box
    corners = [(0.05, 0.12), (0.85, 0.12), (0.85, 0.75), (0.05, 0.75), (0.05, 0.75)]  # the last one twice closes the shape
    for x, y in corners:
        page.mouse.click(box["x"] + box["width"] * x, box["y"] + box["height"] * y)
        page.wait_for_timeout(350)  # a hand needs that long, and two clicks in one place are a double click
    expect(page).to_have_url(re.compile("within="))
    expect(page.locator(ROW)).to_have_count(50)
    page.get_by_test_id("pick-all").click()
    expect(page.get_by_test_id("many-picked")).to_contain_text("50")
    page.get_by_test_id("many-dispatch").click()
    proposals = page.get_by_test_id("proposals")
    expect(proposals.locator(".row")).to_have_count(50)
    assert proposals.locator("li").count() >= 4, "several departments"
    clicks += 1 + len(corners) + 1 + 1 + 1
    in_both_languages(page, "dispatcher-fifty")
    began += 2.0
    page.get_by_test_id("form-submit").click()
    expect(page.get_by_test_id("many-dialog")).to_be_hidden(timeout=30_000)
    took = time.monotonic() - began
    expect(page.get_by_test_id("many")).to_have_count(0)
    in_both_languages(page, "dispatcher-cleared")
    say(f"dispatcher: 50 cases in a shape drawn on the map, each to its own unit: {clicks} clicks, {took:.1f} s")
    sent = page.request.get("/api/v1/cases?view=open&state=dispatched&sort=newest&size=50").json()["items"]
    assert len({row["unit"]["id"] for row in sent}) >= 4


def test_a_shift_leader_sees_at_a_glance_what_burns(sitting) -> None:  # type: ignore[no-untyped-def]
    """The wall: from the rail, live, in both languages; what comes in stands there by itself; a lost line is seen from afar; peace looks like peace."""
    hotline: Desk = sitting("hotline_operator")
    page = sitting("shift_leader").page
    page.set_viewport_size({"width": 1920, "height": 1080})
    drawn: list[int] = []  # the map's lights are tiles of a filter
    page.on("response", lambda answer: drawn.append(answer.status) if "/tiles/cases/" in answer.url and "light=red" in answer.url else None)
    page.get_by_test_id("nav-wall").click()
    page.get_by_test_id("wall-newest").locator("li").first.wait_for()
    assert page.evaluate("document.documentElement.classList.contains('dark')")
    expect(page.get_by_test_id("wall-red")).to_have_text(re.compile(r"^\d+$"))
    today = int(page.get_by_test_id("wall-today").inner_text())
    report(hotline)
    expect(page.get_by_test_id("wall-today")).to_have_text(str(today + 1), timeout=8_000)
    expect(page.get_by_test_id("wall-newest").locator("li").first).to_contain_text("店外经营")
    assert "来电人" not in page.locator("body").inner_text()
    for language in ("en", "zh-Hans"):
        page.evaluate("language => { localStorage['jingwei.language'] = language }", language)
        page.reload()
        page.get_by_test_id("wall-newest").locator("li").first.wait_for()
        page.wait_for_timeout(1_500)
        page.screenshot(path=PICTURES / f"shift_leader-wall-{language}.png")
    assert drawn and set(drawn) <= {200, 204}, drawn
    page.context.set_offline(True)
    expect(page.get_by_test_id("wall-old")).to_be_visible(timeout=10_000)
    page.screenshot(path=PICTURES / "shift_leader-wall-old.png")
    page.context.set_offline(False)
    expect(page.get_by_test_id("wall-old")).to_be_hidden(timeout=40_000)
    page.goto("/wall?place=999999")
    expect(page.get_by_test_id("wall-calm")).to_be_visible()
    page.screenshot(path=PICTURES / "shift_leader-wall-calm.png")
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("queue-list")).to_be_visible()
    assert not page.evaluate("document.documentElement.classList.contains('dark')"), "the wall's dark is the wall's"
