"""A family is registered, moved and found from each direction; who saw a number is told to the one it belongs to."""

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
