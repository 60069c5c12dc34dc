"""Administration in a browser: a unit is opened, a person registered, granted a role, and comes in by the one-time password."""

import json

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.desk import Desk, in_both_languages

OWN = "xinlaide-zhi-2026"


def pick(page: Page, field: str, words: str, option: str) -> None:
    """Type into a picker and take what it finds."""
    page.get_by_test_id(field).locator("input").fill(words)
    page.get_by_test_id(option).first.click()


def test_a_newcomer_from_the_unit_to_the_queue(sitting) -> None:  # type: ignore[no-untyped-def]
    system: Desk = sitting("system_admin")
    page = system.page
    page.get_by_test_id("nav-admin").click()
    page.get_by_test_id("unit-new").click()
    page.get_by_test_id("unit-code").fill("E2E")
    page.get_by_test_id("unit-name").fill("夜间受理中心")
    page.get_by_test_id("unit-name-en").fill("Night desk")
    page.get_by_test_id("unit-kind").click()
    page.get_by_test_id("kind-command_centre").click()
    in_both_languages(page, "administration-unit")
    page.get_by_test_id("form-submit").click()
    expect(page.get_by_test_id("unit-facts-name")).to_have_text("夜间受理中心")

    page.get_by_test_id("tab-admin-people").click()
    page.get_by_test_id("person-new").click()
    page.get_by_test_id("person-name").fill("新来的")
    page.get_by_test_id("person-username").fill("xin.laide")
    page.get_by_test_id("form-submit").click()
    one_time = page.get_by_test_id("one-time-secret").inner_text()
    assert len(one_time) == 14
    page.get_by_test_id("one-time-done").click()
    expect(page.get_by_test_id("person-username")).to_have_text("xin.laide")
    expect(page.get_by_test_id("person-grant")).to_be_hidden()  # roles are the security administrator's
    person = page.url
    in_both_languages(page, "administration-person")

    security: Desk = sitting("security_admin")
    page = security.page
    page.goto(person)
    expect(page.get_by_test_id("person-reset")).to_be_hidden()  # passwords are the system administrator's
    page.get_by_test_id("person-grant").click()
    pick(page, "grant-role", "受理", "role-acceptor")
    page.get_by_test_id("grant-unit").locator("input").fill("夜间受理")
    page.get_by_role("option", name="夜间受理中心").click()
    in_both_languages(page, "administration-grant")
    page.get_by_test_id("form-submit").click()
    expect(page.get_by_test_id("grant-acceptor")).to_contain_text("夜间受理中心")

    newcomer = Desk.__new__(Desk)
    page = newcomer.page = security.page.context.browser.new_context(base_url=page.url.split("/admin")[0], locale="zh-CN").new_page()  # type: ignore[union-attr]
    page.goto("/login?next=/cases")
    page.get_by_test_id("login-username").fill("xin.laide")
    page.get_by_test_id("login-password").fill(one_time)
    page.get_by_test_id("login-submit").click()
    expect(page.get_by_test_id("password-page")).to_be_visible()
    page.goto("/cases")  # the address is no way around it
    expect(page.get_by_test_id("password-page")).to_be_visible()
    in_both_languages(page, "administration-password")
    page.get_by_test_id("password-old").fill(one_time)
    page.get_by_test_id("password-new").fill(OWN)
    page.get_by_test_id("password-again").fill(OWN)
    page.get_by_test_id("password-submit").click()
    expect(page.get_by_test_id("queue-list")).to_be_visible(timeout=20_000)  # three slow hashes lie between
    expect(page.locator("[data-testid^=queue-row-]").first).to_be_visible()
    expect(page.get_by_test_id("nav-admin")).to_be_hidden()
    page.context.close()


def test_several_at_once_first_as_a_trial(sitting) -> None:  # type: ignore[no-untyped-def]
    page = sitting("system_admin").page
    page.goto("/admin/people?form=table")
    page.get_by_test_id("table-text").fill("账号,姓名,区域\nbiao.yi,表一,310101\nbiao.er,表二,310101\nacceptor,重名,310101\n")
    expect(page.get_by_test_id("table-go")).to_be_disabled()
    page.get_by_test_id("table-try").click()
    expect(page.get_by_test_id("table-result")).to_contain_text("将新增 2，不变 0，拒收 1")
    in_both_languages(page, "administration-table")
    page.get_by_test_id("table-go").click()
    expect(page.get_by_test_id("table-result")).to_contain_text("新增 2")
    expect(page.locator("[data-outcome=added] code")).to_have_count(2)


@pytest.mark.parametrize(
    ("who", "tabs"),
    [
        ("system_admin", {"units", "people", "areas", "configuration"}),
        ("security_admin", {"units", "people"}),
        ("audit_admin", {"people", "record"}),
        ("acceptor", set()),
    ],
)
def test_each_administrator_has_their_own_pages(sitting, who: str, tabs: set[str]) -> None:  # type: ignore[no-untyped-def]
    page = sitting(who).page
    if not tabs:
        expect(page.get_by_test_id("nav-admin")).to_be_hidden()
        return
    page.get_by_test_id("nav-admin").click()
    page.get_by_test_id("tab-admin-people").wait_for()
    found = {one.get_attribute("data-testid").removeprefix("tab-admin-") for one in page.locator("[data-testid^=tab-admin]").all()}
    assert tabs <= found


def test_the_configuration_out_and_in_again(sitting, tmp_path) -> None:  # type: ignore[no-untyped-def]
    page = sitting("system_admin").page
    page.goto("/admin/configuration")
    with page.expect_download() as told:
        page.get_by_test_id("configuration-export").click()
    file = tmp_path / "city.zip"
    told.value.save_as(file)
    page.get_by_test_id("configuration-file").set_input_files(file)
    expect(page.get_by_test_id("configuration-result")).to_contain_text("与现有配置相同")
    expect(page.get_by_test_id("configuration-apply")).to_be_disabled()
    in_both_languages(page, "administration-configuration")
    page.get_by_test_id("configuration-file").set_input_files({"name": "no.zip", "mimeType": "application/zip", "buffer": b"no"})
    expect(page.get_by_test_id("form-trouble")).to_contain_text("配置文件不能用")


def test_the_record_of_what_was_done(sitting) -> None:  # type: ignore[no-untyped-def]
    page = sitting("audit_admin").page
    page.goto("/admin/record?type=person")
    expect(page.locator("[data-type^='person.']").first).to_be_visible()
    in_both_languages(page, "administration-record")
    with page.expect_download() as told:
        page.get_by_test_id("record-export").click()
    assert told.value.suggested_filename.startswith("record-")
    page.goto("/admin/record?type=record")
    expect(page.locator("[data-type='record.exported']").first).to_be_visible()


def test_a_plan_of_grids_is_tried_before_it_is_adopted(sitting) -> None:  # type: ignore[no-untyped-def]
    page = sitting("system_admin").page
    page.goto("/admin/areas?area=310101013014")
    expect(page.get_by_test_id("grids")).to_be_visible()
    shapes = [
        page.request.get(f"/api/v1/grids/{one['code']}").json() for one in page.request.get("/api/v1/grids?place=310101013014").json() if one["kind"] != "micro"
    ]
    plan = {"type": "FeatureCollection", "features": [
        {"type": "Feature", "properties": {"code": g["code"], "name": g["name"] + "（新）", "kind": g["kind"]}, "geometry": g["boundary"]} for g in shapes
    ]}  # fmt: skip
    page.get_by_test_id("plan").click()
    page.get_by_test_id("plan-file").set_input_files({"name": "plan.geojson", "mimeType": "application/json", "buffer": json.dumps(plan).encode()})
    expect(page.get_by_test_id("plan-result")).to_contain_text(f"改名 {len(shapes)}")
    in_both_languages(page, "administration-plan")
    plan["features"][0]["properties"] |= {"code": "310101013014901", "predecessors": [shapes[0]["code"]]}
    page.get_by_test_id("plan-file").set_input_files({"name": "new.geojson", "mimeType": "application/json", "buffer": json.dumps(plan).encode()})
    expect(page.get_by_test_id("plan-postings").get_by_role("checkbox")).to_be_checked()
    plan["features"][0]["geometry"] = shapes[1]["boundary"]
    page.get_by_test_id("plan-file").set_input_files({"name": "over.geojson", "mimeType": "application/json", "buffer": json.dumps(plan).encode()})
    page.get_by_test_id("plan-fault-1").click()
    expect(page.locator(".fault.on")).to_contain_text("重叠")
    plan["features"].pop()
    page.get_by_test_id("plan-file").set_input_files({"name": "gap.geojson", "mimeType": "application/json", "buffer": json.dumps(plan).encode()})
    expect(page.get_by_test_id("form-trouble")).to_contain_text("未划入网格")
    expect(page.get_by_test_id("plan-adopt")).to_be_disabled()
