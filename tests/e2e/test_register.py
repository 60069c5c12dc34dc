"""A family is registered, moved and found from each direction; who saw a number is told to the one it belongs to. A building that is on no base map is
entered by hand, with its rooms."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from jingwei.registry.rules.numbers import check_digit
from tests.e2e.desk import Desk

FIRST = "99010119800101001"  # a region that does not exist
CARD = FIRST + check_digit(FIRST)


def room_of_somebody(page: Page) -> None:
    """The people of a room in which somebody lives."""
    page.goto("/people")
    page.locator("[data-testid^=resident-] td:nth-child(6) a").first.click()
    expect(page.get_by_test_id("room-people")).to_be_visible()


def another_head_and_a_household_of_ones_own(page: Page) -> None:
    """司徒试二 becomes the head, and 欧阳试一 then keeps house alone."""
    home = page.locator("[data-testid=room-people] article", has=page.get_by_test_id("member-欧阳试一"))
    home.locator("[data-testid^=household-change-]").click()
    page.get_by_test_id("household-head").click()
    page.get_by_test_id("head-司徒试二").click()
    page.get_by_test_id("relation-of-欧阳试一").click()
    page.get_by_test_id("relation-欧阳试一-10").click()
    page.get_by_test_id("form-submit").click()
    expect(page.get_by_test_id("form-dialog")).to_be_hidden()
    expect(page.get_by_test_id("member-司徒试二")).to_contain_text("户主")
    expect(page.get_by_test_id("member-欧阳试一")).to_contain_text("配偶")
    home.locator("[data-testid^=household-split-]").click()
    page.get_by_test_id("form-submit").click()
    expect(page.get_by_test_id("form-dialog").get_by_text("请填写").first).to_be_visible()
    page.get_by_test_id("split-欧阳试一").click()
    page.get_by_test_id("form-submit").click()
    expect(page.get_by_test_id("form-dialog")).to_be_hidden()
    expect(home.locator("[data-testid^=member-]")).to_have_count(1)


def test_a_family_is_registered_moved_found_and_told_who_looked(sitting: Callable[[str], Desk]) -> None:
    page = sitting("street_operator").page
    room_of_somebody(page)
    home = page.url
    page.get_by_test_id("family-new").click()
    page.get_by_test_id("person-0-name").fill("欧阳试一")
    page.get_by_test_id("person-0-identity_number").fill(CARD[:-1] + ("0" if CARD[-1] != "0" else "1"))
    page.get_by_test_id("person-add").click()
    page.get_by_test_id("person-1-name").fill("司徒试二")
    page.get_by_test_id("person-1-relation").click()
    page.get_by_test_id("relation-1-10").click()
    page.get_by_test_id("form-submit").click()
    expect(page.get_by_text("校验位")).to_be_visible()  # nothing is lost
    page.get_by_test_id("person-0-identity_number").fill(CARD)
    expect(page.get_by_test_id("person-0-born")).to_have_value("1980-01")
    page.get_by_test_id("form-submit").click()
    expect(page.get_by_test_id("form-dialog")).to_be_hidden()
    expect(page.get_by_test_id("member-欧阳试一")).to_be_visible()
    another_head_and_a_household_of_ones_own(page)

    # The person by a part of the name, then the house by the person.
    page.goto("/people")
    page.get_by_test_id("people-search").fill("欧阳试")
    page.get_by_test_id("resident-欧阳试一").get_by_role("link").first.click()
    expect(page.get_by_test_id("resident-name")).to_have_text("欧阳试一")
    expect(page.get_by_test_id("resident-identity")).to_contain_text(f"9{'*' * 16}{CARD[-1]}")
    expect(page.get_by_test_id("stays").get_by_role("link").first).to_have_attribute("href", re.compile(home.rpartition("/")[2]))

    # The number in full for a reason, which stands on the subject's page.
    page.get_by_test_id("resident-unmask").click()
    page.get_by_test_id("unmask-purpose").click()
    page.get_by_test_id("purpose-service").click()
    page.get_by_test_id("unmask-reason").fill("核对居住证申请")
    page.get_by_test_id("form-submit").click()
    expect(page.get_by_test_id("resident-identity")).to_contain_text(CARD)
    page.get_by_role("tab", name="谁看过").click()
    expect(page.get_by_test_id("look-resident.unmasked")).to_contain_text("核对居住证申请")
    page.get_by_test_id("looks-link").click()
    link = page.get_by_test_id("link-open").get_attribute("href")
    assert link and "#" in link
    page.context.clear_cookies()  # the resident has no account
    page.goto("about:blank")
    page.goto(link)
    seen = page.get_by_test_id("subject-looks")
    expect(seen).to_contain_text("核对居住证申请")
    assert CARD not in page.content() and "欧阳试一" not in page.content() and "何谷雨" not in seen.inner_text()


def test_a_household_moves_together(sitting: Callable[[str], Desk]) -> None:
    page = sitting("street_operator").page
    room_of_somebody(page)
    left = page.url
    names = page.locator("[data-testid=room-people] article").first.locator("[data-testid^=member-]")
    expect(names.first).to_be_visible()
    moving = names.count()
    title = page.get_by_role("heading", level=1).inner_text()
    page.get_by_test_id("household-move").first.click()
    page.get_by_test_id("move-room").locator("input").fill(re.sub(r"(\d单元)?\s*\d+室$", "", title).strip())
    page.locator("[data-testid^=room-][class*=select-dropdown__item]").first.click()
    page.get_by_test_id("form-submit").click()
    expect(page.get_by_test_id("form-dialog")).to_be_hidden()
    expect(page.get_by_test_id("room-former")).to_contain_text(str(moving))
    assert page.url == left


def test_a_building_is_entered_by_hand_and_two_of_its_rooms_become_one(sitting: Callable[[str], Desk]) -> None:
    page = sitting("street_operator").page
    page.goto("/register/buildings")
    page.get_by_test_id("building-enter").click()
    page.get_by_test_id("enter-find").fill("中山东一路20号")
    page.get_by_test_id("address-0").click()
    page.wait_for_timeout(1_000)  # the map goes there
    page.get_by_test_id("enter-outline").click()
    page.get_by_test_id("enter-map").get_by_role("status").wait_for()
    box = page.get_by_test_id("enter-map").bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    for east, south in ((-40, -30), (40, -30), (40, 30), (-40, 30), (-40, 30)):  # the last one twice closes the shape
        page.mouse.click(x + east, y + south)
        page.wait_for_timeout(350)  # a hand needs that long, and two clicks in one place are a double click
    expect(page.get_by_test_id("enter-again")).to_be_visible()
    expect(page.get_by_test_id("enter-place")).to_contain_text("网格")
    page.get_by_test_id("building-street").fill("试路")
    page.get_by_test_id("building-number").fill("7号")
    page.locator("#b-floors_above").fill("3")
    page.get_by_test_id("form-submit").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("试路7号")
    expect(page.get_by_test_id("building-facts")).to_contain_text(re.compile("[0-9]{19}"))

    page.get_by_test_id("add-rooms").click()
    page.get_by_test_id("form-submit").click()  # two on each of three floors
    page.get_by_test_id("room-301").click()
    page.get_by_test_id("room-merge").click()
    page.get_by_test_id("merge-302").click()
    page.get_by_test_id("merge-number").fill("303")
    page.get_by_test_id("form-submit").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("试路7号303室")
    page.get_by_test_id("room-building").click()
    expect(page.get_by_test_id("matrix").locator("button b")).to_have_text(["303", "201", "202", "101", "102"])
    expect(page.get_by_test_id("history")).to_contain_text("手工登记")
