"""Every page, in both languages and both themes, for people who can't see it as it was drawn (WCAG 2.2 AA, by axe-core)."""

import re
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.e2e.desk import PICTURES, Desk

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"], "resultTypes": ["violations"]}
HAN = re.compile("[\u4e00-\u9fff]")


def faults(page: Page, where: str) -> list[str]:
    """What axe-core calls serious or critical, with the elements meant; before an open dialog, of the dialog alone."""
    dialog = "[role=dialog][aria-modal=true]"
    found = Axe().run(page, context=dialog if page.locator(dialog).and_(page.locator(":visible")).count() else None, options=RULES).response["violations"]
    return [f"{where}: {node['target']} {node['failureSummary']}" for f in found if f["impact"] in ("serious", "critical") for node in f["nodes"]]


class Walk:
    """Somebody who goes from page to page in one language and theme, and keeps what is found."""

    def __init__(self, sitting: Callable[[str], Desk], language: str, theme: str) -> None:
        self.sitting, self.language, self.theme = sitting, language, theme
        self.found: list[str] = []

    def at(self, username: str, address: str) -> Page:
        self.page = self.sitting(username).page
        keep = "([language, theme]) => { localStorage['jingwei.language'] = language; localStorage['jingwei.theme'] = theme }"
        self.page.evaluate(keep, [self.language, self.theme])
        self.page.goto(address)
        return self.page

    def look(self, where: str) -> None:
        self.page.wait_for_timeout(500)  # things have come to rest
        self.page.screenshot(path=PICTURES / f"page-{where}-{self.language}-{self.theme}.png")
        self.found.extend(faults(self.page, where))


@pytest.fixture(params=[("zh-Hans", "light"), ("zh-Hans", "dark"), ("en", "light"), ("en", "dark")], ids="-".join)
def walk(request: pytest.FixtureRequest, sitting: Callable[[str], Desk]) -> Walk:
    return Walk(sitting, *request.param)


def test_no_page_shuts_anybody_out(walk: Walk) -> None:
    language, found, at, look = walk.language, walk.found, walk.at, walk.look
    page = at("shift_leader", "/cases")
    page.locator("[data-testid^=queue-row-]").first.wait_for()
    assert page.locator("html").get_attribute("lang") == language
    look("queue")
    for key, panel in (("f", "filter-panel"), ("v", "saved-views-panel")):
        page.keyboard.press(key)
        expect(page.get_by_test_id(panel)).to_be_visible()
        look(panel)
        page.keyboard.press("Escape")
        page.get_by_test_id(panel).get_by_role("button").first.or_(page.get_by_test_id("view-name")).first.press("Escape")
        expect(page.get_by_test_id(panel)).to_be_hidden()
    page.get_by_test_id("list-menu").click()
    expect(page.get_by_test_id("list-menu-panel")).to_be_visible()
    look("list-menu")
    page.get_by_test_id("list-menu").click()
    page.keyboard.press("?")
    expect(page.get_by_test_id("keys-card")).to_be_visible()
    look("keys")
    page.keyboard.press("Escape")
    page.locator("[data-testid^=queue-row-]").first.click()
    page.keyboard.press("Enter")
    page.get_by_test_id("case-number").wait_for()
    look("case")
    page.locator("[data-testid^=move-]").first.click()
    page.get_by_test_id("move-dialog").wait_for()
    look("move")
    page.goto("/cases")
    page.get_by_test_id("pick-all").check()
    page.get_by_test_id("many").wait_for()
    look("many")
    page.locator("[data-testid^=many-]:not([disabled])").and_(page.get_by_role("button")).first.click()
    page.get_by_test_id("many-dialog").wait_for()
    look("many-dialog")
    page.goto("/supervision?kind=near")
    page.get_by_test_id("supervision-units").wait_for()
    look("supervision")
    page.goto("/wall")
    page.get_by_test_id("wall-newest").locator("li").first.wait_for()
    look("wall")
    for address, where in (("/account", "account"), ("/forbidden", "forbidden"), ("/nowhere", "missing")):
        page.goto(address)
        page.get_by_test_id("nav-queue").wait_for()
        look(where)
        if language == "en" and where == "missing":
            assert not HAN.search(page.locator("main").inner_text()), "Chinese on an English page"
    page.goto("/password")
    page.get_by_test_id("password-page").wait_for()
    look("password")
    page = at("dispatcher", "/cases?state=filed")
    page.locator("[data-testid^=queue-row-]").first.click()
    page.keyboard.press("Enter")
    page.get_by_test_id("move-dispatch").click()
    page.get_by_test_id("move-dialog").wait_for()
    look("dispatch")
    page = at("hotline_operator", "/cases/new")
    page.get_by_test_id("new-case-text").wait_for()
    look("new")
    page.get_by_test_id("new-case-submit").click()
    page.locator(".is-error").first.wait_for()
    look("refused")
    page = at("system_admin", "/admin/units")
    for address, ready, where in (
        ("/admin/units", "units", "units"),
        ("/admin/units?form=new", "form-dialog", "unit-new"),
        ("/admin/units/1", "holdings", "unit"),
        ("/admin/people", "people", "people"),
        ("/admin/people?form=table", "table-dialog", "people-table"),
        ("/admin/people/1", "grants", "person"),
        ("/admin/configuration", "configuration-export", "configuration"),
        ("/admin/areas?area=310101013014", "grids", "areas"),
        ("/register/fields?thing=resident", "fields", "fields"),
        ("/register/retention", "retention-look", "retention"),
        ("/register/coding", "coding", "coding"),
        ("/register/coding?form=code-room", "coding-example", "coding-rule"),
    ):
        page.goto(address)
        page.get_by_test_id(ready).wait_for()
        look(where)
    page.goto("/register/fields?thing=room")
    page.get_by_test_id("edit-use").click()
    page.get_by_test_id("field-dialog").wait_for()
    look("field")
    page.goto("/admin/areas?area=310101013014")
    page.get_by_test_id("plan").click()
    page.get_by_test_id("plan-dialog").wait_for()
    look("plan")
    page = at("security_admin", "/admin/people/5?form=grant")
    page.get_by_test_id("form-dialog").wait_for()
    look("grant")
    page = at("analyst", "/register/statistics?place=310101")
    page.get_by_test_id("statistics-map").locator("svg, p").wait_for()
    look("statistics")
    page = at("audit_admin", "/admin/record")
    page.get_by_test_id("record").wait_for()
    look("record")
    page = at("system_admin", "/catalogue/dispatch")
    shows = {"dispatch": "rule-table", "processes": "versions", "limits": "limits", "calendars": "calendar-year", "matters": "matters", "texts": "texts"}
    for part, shown in shows.items():
        page.goto(f"/catalogue/{part}")
        page.get_by_test_id(shown).wait_for()
        look(f"catalogue-{part}")
    page.goto("/catalogue/processes/imported/1?move=0")
    page.get_by_test_id("box-received").wait_for()
    look("catalogue-process")
    page.goto("/catalogue/dispatch")
    page.get_by_test_id("rule-edit-1").click()
    page.get_by_test_id("rule-dialog").wait_for()
    look("catalogue-rule")
    page.goto("/catalogue/matters?matter=06001")
    page.get_by_test_id("edition-open").click()
    page.get_by_test_id("open-code").wait_for()
    look("catalogue-edition")
    page = at("street_operator", "/register/addresses")
    page.get_by_test_id("addresses-tree").wait_for()
    page.get_by_test_id("match-text").fill("上海市黄浦区外滩街道中山东一路20号3层302室")
    page.get_by_test_id("match-go").click()
    page.get_by_test_id("candidate-0").get_by_role("button").click()
    expect(page.get_by_test_id("address-standard")).to_have_text("中山东一路20号")
    look("addresses")
    page.get_by_test_id("address-below").click()
    page.get_by_test_id("address-name").wait_for()
    look("address-below")
    room = page.request.get("/api/v1/rooms?size=1").json()["items"][0]
    building, one = f"/register/buildings/{room['building_id']}", f"/register/rooms/{room['id']}"
    for address, ready, where in (
        ("/register/map", "ground-layers", "ground"),
        ("/register/buildings", "buildings", "buildings"),
        ("/register/buildings?form=enter", "building-street", "building-enter"),
        (building, "matrix", "building"),
        (f"{building}?form=change", "building-street", "building-change"),
        (f"{building}?form=plates", "plates-dialog", "building-plates"),
        (f"{building}?form=premises", "premises-organisation", "building-premises"),
        (one, "room-facts", "room"),
        (f"{one}?form=merge", "merge-number", "room-merge"),
        (f"{one}?form=split", "split-numbers", "room-split"),
    ):
        page.goto(address)
        page.get_by_test_id(ready).wait_for()
        look(where)
    page.context.clear_cookies()
    page.goto("/login")
    page.get_by_test_id("login-submit").wait_for()
    look("login")
    assert found == []


def test_no_page_of_the_register_shuts_anybody_out(walk: Walk) -> None:
    page, look = walk.at("street_operator", "/people?age=pupil"), walk.look  # who is 7 to 17 years old lives with somebody
    somebody = page.locator("[data-testid^=resident-]").first
    somebody.wait_for()
    look("residents")
    somebody.get_by_role("link").nth(1).click()
    page.locator("[data-testid^=household-split-]").first.wait_for()
    look("household")
    for act in ("change", "split"):
        page.locator(f"[data-testid^=household-{act}-]").first.click()
        page.get_by_test_id("form-dialog").wait_for()
        look(f"household-{act}")
        page.get_by_test_id("form-cancel").click()
    page.get_by_test_id("family-new").click()
    page.get_by_test_id("person-add").wait_for()
    look("family")
    page.get_by_test_id("form-cancel").click()
    page.locator("[data-testid^=member-]").get_by_role("link").first.click()
    page.get_by_test_id("resident-pledges").wait_for()
    look("resident")
    for form in ("change", "pledge"):
        page.get_by_test_id({"change": "resident-change", "pledge": "pledge-new"}[form]).click()
        page.get_by_test_id("form-dialog").wait_for()
        look(f"resident-{form}")
        page.get_by_test_id("form-cancel").click()
    page.get_by_test_id("tied").click()
    page.get_by_test_id("association-lists").wait_for()
    look("association-lists")
    for view, drawn in (("graph", "[data-testid=association-graph]"), ("map", "canvas")):
        page.get_by_test_id(f"view-{view}").click()
        page.locator(drawn).first.wait_for()
        look(f"association-{view}")
    for things, row, whole in (
        ("organisations", "organisation-row", "organisation-facts"),
        ("components", "component-row-", "component-facts"),
        ("pledges", "pledge-row-", "pledge-facts"),
    ):
        page.goto(f"/register/{things}")
        first = page.locator(f"[data-testid^={row}]").first
        first.wait_for()
        look(things)
        first.get_by_role("link").first.click()
        page.get_by_test_id(whole).wait_for()
        look(things.removesuffix("s"))
    page.goto("/register/components/classes")
    page.locator("[data-testid^=class-row-]").first.wait_for()
    look("component-classes")
    page.goto("/panorama?circle=121.4885,31.2365,300")
    page.get_by_test_id("figure-buildings").wait_for()
    look("panorama")
    page.get_by_test_id("panorama-call").click()
    page.get_by_test_id("call-dialog").wait_for()
    look("call-out")
    page.goto("/register/imports")
    page.get_by_test_id("import-kind").wait_for()
    look("imports")
    assert walk.found == []
