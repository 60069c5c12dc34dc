"""Two people before one case: the second is told what the first did, and loses nothing."""

from playwright.sync_api import expect

from tests.e2e.desk import Desk, report


def test_the_second_hand_sees_what_the_first_did(sitting) -> None:  # type: ignore[no-untyped-def]
    _, case = report(sitting("hotline_operator"))
    first: Desk = sitting("acceptor")
    second: Desk = sitting("acceptor")
    first.open(case)
    second.open(case)
    second.page.get_by_test_id("move-decline").click()
    second.page.get_by_test_id("form-reason").fill("不属于受理范围")
    first.move("accept", "待立案")
    second.page.get_by_test_id("form-submit").click()
    expect(second.page.get_by_test_id("move-conflict")).to_be_visible()
    second.picture("conflict")
    first.page.reload()
    expect(first.page.get_by_test_id("case-state")).to_have_text("待立案")  # the stale move changed nothing
    expect(first.page.get_by_test_id("timeline")).not_to_contain_text("不属于受理范围")
