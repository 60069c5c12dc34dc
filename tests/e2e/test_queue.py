"""The queue: a filter by the keyboard, kept under a name; several cases at once; what another does appears by itself, also after the line was cut."""

import re

from playwright.sync_api import expect

from tests.e2e.desk import Desk, in_both_languages, report

ROW = "[data-testid^=queue-row-]"


def test_a_filter_by_keys_is_kept_and_counted(sitting) -> None:  # type: ignore[no-untyped-def]
    page = sitting("dispatcher").page
    page.goto("/cases?view=open")
    page.locator(ROW).first.wait_for()
    page.keyboard.press("f")
    page.get_by_test_id("filter-light-red").click()
    page.get_by_test_id("filter-done").click()
    expect(page).to_have_url(re.compile("light=red"))
    expect(page.locator(f"{ROW} [data-light]:not([data-light=red])")).to_have_count(0)
    page.keyboard.press("v")
    page.get_by_test_id("view-name").fill("超期的")
    page.get_by_test_id("view-save").click()
    expect(page.get_by_test_id("view-count-超期的")).to_have_text(re.compile(r"^\d+\+?$"))
    in_both_languages(page, "queue-red")
    page.goto("/cases?view=open")
    page.locator(ROW).first.wait_for()
    page.keyboard.press("v")
    page.get_by_test_id("view-use-超期的").click()
    expect(page).to_have_url(re.compile("light=red"))


def test_several_at_once_each_on_its_own(sitting) -> None:  # type: ignore[no-untyped-def]
    """Three reports are picked and accepted together; one of them was accepted by somebody else meanwhile."""
    hotline: Desk = sitting("hotline_operator")
    cases = [report(hotline) for _ in range(3)]
    other: Desk = sitting("acceptor")
    other.open(cases[1][1])
    page = sitting("acceptor").page
    page.goto("/cases?view=open&state=reported&sort=newest")
    for number, _ in cases:
        page.get_by_test_id(f"pick-{number}").check()
    page.get_by_test_id("many-accept").click()
    page.get_by_test_id("many-dialog").wait_for()
    other.move("accept", "待立案")
    page.get_by_test_id("form-submit").click()
    expect(page.get_by_test_id("many-outcomes")).to_contain_text("2")
    expect(page.get_by_test_id(f"refused-{cases[1][0]}")).to_be_visible()
    in_both_languages(page, "queue-many")
    page.get_by_test_id("form-cancel").click()
    for number, _ in cases:
        expect(page.get_by_test_id(f"queue-row-{number}")).to_have_count(0)

    # Cases of several classes have no filing condition in common, unless they are all given one class.
    page.goto("/cases?view=open&state=accepted")
    page.get_by_test_id("pick-all").check()
    page.get_by_test_id("many-file").click()
    expect(page.get_by_test_id("conditions-apart")).to_be_visible()
    expect(page.get_by_test_id("form-condition")).to_have_count(0)
    page.get_by_test_id("form-matter").click()
    page.keyboard.type("暴露垃圾")
    page.get_by_role("option", name="暴露垃圾").first.wait_for()
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("form-condition").get_by_role("radio").first).to_be_visible()


def test_what_another_does_appears_by_itself(sitting) -> None:  # type: ignore[no-untyped-def]
    hotline, page = sitting("hotline_operator"), sitting("acceptor").page
    page.goto("/cases?view=open&state=reported&sort=newest")
    page.locator(ROW).first.wait_for()
    number, _ = report(hotline)
    page.get_by_test_id(f"queue-row-{number}").wait_for(timeout=5_000)  # nobody reloaded


def test_the_lost_line_is_shown_and_mends_by_itself(sitting) -> None:  # type: ignore[no-untyped-def]
    hotline, page = sitting("hotline_operator"), sitting("acceptor").page
    page.goto("/cases?view=open&state=reported&sort=newest")
    page.locator(ROW).first.wait_for()
    page.context.set_offline(True)
    expect(page.get_by_test_id("line")).to_contain_text("▲", timeout=30_000)
    in_both_languages(page, "line-down")
    missed, _ = report(hotline)
    page.context.set_offline(False)
    page.get_by_test_id(f"queue-row-{missed}").wait_for(timeout=60_000)
    expect(page.get_by_test_id("line")).to_have_text("", timeout=60_000)
