"""What hangs together, in a browser: a case is tied to a building and found from it; the panorama counts what is inside; one box finds all."""

from playwright.sync_api import expect

from tests.e2e.desk import in_both_languages
from tests.e2e.test_pages import faults

HERE = "121.4885,31.2365,300"  # on the Bund


def test_a_case_is_tied_and_found_from_the_other_side(sitting) -> None:  # type: ignore[no-untyped-def]
    desk = sitting("acceptor")
    page = desk.page
    page.get_by_test_id("search").press_sequentially("中山东一路18号", delay=20)
    hit = page.locator("[data-testid^=hit-][data-kind=building]").first
    expect(hit).to_be_visible()
    page.goto("/cases?view=all")
    page.locator("[data-testid^=queue-row-]").first.click()
    page.keyboard.press("Enter")
    number = page.get_by_test_id("case-number").inner_text().strip()
    page.get_by_test_id("case-tie").click()
    page.get_by_test_id("tie-search").press_sequentially("中山东一路18号", delay=20)
    page.locator("[data-testid=tie-search-list] [data-kind=building]").first.click()
    expect(page.get_by_test_id("case-thing")).to_contain_text("中山东一路18号")
    page.get_by_test_id("case-association").click()
    expect(page.get_by_test_id("association-centre")).to_contain_text(number)
    page.get_by_test_id("part-buildings").get_by_role("link").first.click()
    expect(page.get_by_test_id("part-cases")).to_contain_text(number)
    in_both_languages(page, "association-lists")
    assert faults(page, "association") == []
    page.get_by_test_id("view-graph").click()
    expect(page.locator("[data-testid^='box-case/']").first).to_be_visible()
    in_both_languages(page, "association-graph")
    assert faults(page, "graph") == []


def test_the_panorama_and_its_call_out_list(sitting) -> None:  # type: ignore[no-untyped-def]
    page = sitting("acceptor").page
    page.goto("/panorama")
    expect(page.get_by_test_id("panorama-empty")).to_be_visible()
    page.goto(f"/panorama?circle={HERE}")
    expect(page.get_by_test_id("figure-people")).to_have_text("<10")
    assert int(page.get_by_test_id("figure-buildings").inner_text()) > 5
    expect(page.get_by_test_id("inside-people")).to_be_hidden()
    page.get_by_test_id("inside-cases").click()
    expect(page.get_by_test_id("list-cases").get_by_role("link").first).to_be_visible()
    in_both_languages(page, "panorama")
    assert faults(page, "panorama") == []
    page.get_by_test_id("panorama-call").click()
    page.get_by_test_id("form-submit").click()
    expect(page.get_by_test_id("call-dialog")).to_contain_text("请写明理由")
    page.get_by_test_id("call-reason").fill("燃气泄漏，组织疏散")
    page.get_by_test_id("call-csv").click()
    with page.expect_download() as download:
        page.get_by_test_id("form-submit").click()
    assert "任岗人员" in download.value.path().read_text(encoding="utf-8-sig")
    page.goto("/panorama?circle=121.4885,31.2365,3000000")
    expect(page.get_by_test_id("panorama-refused")).to_contain_text("3000")
