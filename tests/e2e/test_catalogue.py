"""The administrator of the catalogue: a dispatch rule is tried and changed, a process gets a new version that a fresh case then shows."""

import re

from playwright.sync_api import Page, expect

from tests.e2e.desk import Desk, report


def in_language(desk: Desk, language: str) -> Page:
    desk.page.evaluate("language => { localStorage['jingwei.language'] = language }", language)
    desk.page.reload()
    return desk.page


def both_pictures(desk: Desk, name: str, shown: str) -> None:
    """The same page in both languages; `shown`: what is waited for."""
    for language in ("en", "zh-Hans"):
        in_language(desk, language).get_by_test_id(shown).first.wait_for()
        desk.picture(f"{name}-{language}")


def test_a_dispatch_rule_is_tried_before_it_is_saved(sitting) -> None:  # type: ignore[no-untyped-def]
    admin: Desk = sitting("system_admin")
    page = admin.page
    page.get_by_test_id("nav-catalogue").click()
    table = page.get_by_test_id("rule-table")
    last = table.locator("tbody tr").last
    expect(last).to_contain_text("城管执法局")
    before = table.locator("tbody tr").count()
    page.get_by_test_id("rule-add").click()
    page.get_by_test_id("rule-unit").locator("input").fill("绿化")
    page.locator("[data-testid^=unit-]:visible", has_text="绿化市容局").first.click()
    page.get_by_test_id("rule-note").fill("试算")
    page.get_by_test_id("rule-done").click()
    for n in range(before + 1, 1, -1):
        page.get_by_test_id(f"rule-up-{n}").click()
    expect(page.get_by_test_id("rule-1")).to_have_attribute("data-change", "new")
    page.get_by_test_id("rules-try").click()
    said = page.get_by_test_id("trial-said")
    expect(said).to_be_visible()
    elsewhere = re.search(r"([\d,]+) 件会派往别处", said.inner_text())
    assert elsewhere and int(elsewhere[1].replace(",", "")) > 0
    expect(page.get_by_test_id("trial-units")).to_contain_text("绿化市容局")
    both_pictures(admin, "trial-draft", "rules-bar")  # the draft outlives a reload
    page.get_by_test_id("rule-end-1").click()
    page.get_by_test_id("rule-edit-1").click()
    page.get_by_test_id("rule-note").fill("经试算核对")
    page.get_by_test_id("rule-done").click()
    page.get_by_test_id("rules-save").click()
    expect(page.get_by_test_id("rules-bar")).to_be_hidden()
    page.reload()
    expect(page.get_by_test_id("rule-1")).to_contain_text("经试算核对")
    assert table.locator("tbody tr").count() == before


def test_a_new_version_of_a_process_and_a_fresh_case_in_it(sitting) -> None:  # type: ignore[no-untyped-def]
    admin: Desk = sitting("system_admin")
    page = admin.page
    page.goto("/catalogue/processes")
    present = page.locator("[data-testid^=version-standard-][data-status=published]").get_attribute("data-testid")
    assert present
    number = int(present.rpartition("-")[2])
    page.get_by_test_id(f"copy-standard-{number}").click()
    page.get_by_test_id("box-reported").wait_for()
    page.get_by_test_id("move-0").click()
    page.get_by_test_id("m-zh").fill("收件受理")
    page.get_by_test_id("m-en").fill("Take in")
    page.get_by_test_id("m-key").fill("x")
    expect(page.get_by_test_id("process-check")).to_contain_text("1 处问题")  # another move of that state has the key
    expect(page.get_by_test_id("process-publish")).to_be_disabled()
    page.get_by_test_id("m-key").fill("a")
    expect(page.get_by_test_id("process-check")).to_contain_text("检查通过")
    both_pictures(admin, "process-concept", "box-reported")
    page.get_by_test_id("process-publish").click()
    expect(page.get_by_test_id("publish-changes")).to_contain_text("收件受理")
    page.get_by_test_id("publish-confirm").click()
    expect(page.get_by_test_id("publish-dialog")).to_be_hidden()
    page.goto("/catalogue/processes")
    expect(page.get_by_test_id(f"version-standard-{number + 1}")).to_have_attribute("data-status", "published")
    expect(page.get_by_test_id(present)).to_have_attribute("data-status", "frozen")
    hotline: Desk = sitting("hotline_operator")
    _, case = report(hotline)
    acceptor: Desk = sitting("acceptor")
    acceptor.open(case)
    expect(acceptor.page.get_by_test_id("move-accept")).to_contain_text("收件受理")
    acceptor.picture("process-fresh-case")


def test_a_class_of_the_city_and_its_condition(sitting) -> None:  # type: ignore[no-untyped-def]
    """A national standard is read only; in an edition of the city's own each step is looked at before it is published."""
    admin: Desk = sitting("system_admin")
    page = admin.page
    page.goto("/catalogue/matters?matter=06001")
    expect(page.get_by_test_id("national")).to_be_visible()
    expect(page.get_by_test_id("class-add")).to_have_count(0)
    page.get_by_test_id("edition-open").click()
    for field, said in (("code", "本市事项"), ("name", "本市自定事项"), ("source", "某市网格办〔2026〕3 号")):
        page.get_by_test_id(f"open-{field}").fill(said)
    page.get_by_test_id("open-save").click()
    page.get_by_test_id("class-add").click()
    page.get_by_test_id("class-major").click()
    page.keyboard.type("06")
    page.keyboard.press("Enter")
    page.get_by_test_id("class-name").fill("电梯困人")
    page.get_by_test_id("class-module").click()
    page.get_by_test_id("module-public_safety").click()
    publish(page, "电梯困人")
    expect(page.get_by_test_id("matters")).to_contain_text("电梯困人")
    page.get_by_test_id("condition-add").click()
    page.get_by_test_id("condition-text").fill("电梯内有人被困")
    page.get_by_test_id("condition-limit").locator("input").fill("1")
    page.get_by_test_id("revision-look").click()
    expect(page.get_by_test_id("condition-dialog")).to_contain_text("请选择时限的单位")
    page.get_by_test_id("condition-unit").click()
    page.get_by_test_id("unit-urgent_hour").click()
    publish(page, "紧急工作时")
    expect(page.get_by_test_id("conditions")).to_contain_text("1 个紧急工作时")
    both_pictures(admin, "matters", "conditions")


def publish(page: Page, shown: str) -> None:
    page.get_by_test_id("revision-look").click()
    expect(page.get_by_test_id("revision-changes")).to_contain_text(shown)
    page.get_by_test_id("revision-publish").click()
    expect(page.get_by_test_id("revision-publish")).to_be_hidden()
