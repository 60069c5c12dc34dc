"""Wrong moves with sessions, addresses and the computer itself."""

import re
from datetime import UTC, datetime, timedelta

from playwright.sync_api import Browser, expect

from tests.e2e.desk import Desk, in_both_languages
from tests.e2e.wrong_moves.hands import REPORTED, Sit, ask, events, log_in, opened, words

NOBODYS = "019a0000-0000-7000-8000-000000000000"


def test_a_session_that_ends_while_one_writes_gives_back_what_was_written(hotline: Desk, sitting: Sit) -> None:
    text = words("写着写着退出了")
    case = opened(hotline.page, text)
    acceptor = sitting("acceptor")
    page = acceptor.page
    page.goto(case)
    page.get_by_test_id("move-decline").click()
    page.get_by_test_id("form-reason").fill("不属于受理范围")
    page.context.clear_cookies(name="sessionid")  # what the server does after half an hour
    page.get_by_test_id("form-submit").click()
    expect(page.get_by_test_id("login-ended")).to_contain_text("还在")
    in_both_languages(page, "wrong-ended")
    log_in(page, "acceptor")
    expect(page.get_by_test_id("form-reason")).to_have_value("不属于受理范围")
    assert len(events(page, text)) == 1
    page.get_by_test_id("form-submit").click()
    expect(page.get_by_test_id("move-dialog")).to_be_hidden()
    assert len(events(page, text)) == 2


def test_somebody_else_logs_in_beside_and_nothing_leaks(hotline: Desk, sitting: Sit) -> None:
    text, secret = words("换了人"), "只有受理员写过这句话"
    case = opened(hotline.page, text)
    page = sitting("acceptor").page
    page.goto(case)
    page.get_by_test_id("move-decline").click()
    page.get_by_test_id("form-reason").fill(secret)
    beside = page.context.new_page()
    beside.goto("/cases?map=0")
    beside.get_by_test_id("person-menu").click()
    beside.get_by_test_id("logout").click()
    expect(page.get_by_test_id("login-ended")).to_be_visible()  # at once, not at the next press
    log_in(beside, "shift_leader")
    expect(beside.get_by_test_id("nav-queue")).to_be_visible()
    beside.goto(f"{case}?move=decline")
    expect(beside.get_by_test_id("case-number")).to_be_visible()
    expect(beside.locator("body")).not_to_contain_text(secret)

    beside.goto("/login?ended=other")  # a third person, without a log-out, while the second's page stands open
    page.goto("/cases?map=0")
    expect(page.get_by_test_id("nav-queue")).to_be_visible()
    log_in(beside, "acceptor")
    expect(page.get_by_test_id("login-other")).to_contain_text("登录了")
    in_both_languages(page, "wrong-other-person")
    page.get_by_test_id("login-go-on").click()
    expect(page.get_by_test_id("nav-queue")).to_be_visible()
    page.goto(f"{case}?move=decline")
    expect(page.get_by_test_id("form-reason")).to_have_value(secret)  # their own again
    assert len(events(page, text)) == 1


def test_addresses_that_lead_nowhere_say_so(sitting: Sit) -> None:
    page = sitting("street_operator").page
    for address, word, state in (
        (f"/cases/{NOBODYS}", "没有找到", "state-missing"),
        ("/cases/none", "没有", "state-missing"),
        ("/nowhere", "没有这个页面", "state-missing"),
        ("/cases?view=open&map=0&opened_from=gestern", "条件无效", "state-unreadable"),
        (f"/cases?view=open&map=0&matter={'9' * 3000}", "条件无效", "state-unreadable"),
        ("/cases?view=open&map=0&within=121.4,31.2;nirgends", "条件无效", "state-unreadable"),
        ("/cases?view=open&map=0&state=no_such_state", "没有符合条件", "queue-empty"),
    ):
        page.goto(address)
        expect(page.get_by_test_id(state), address).to_contain_text(word)
        expect(page.locator("body"), address).not_to_contain_text(re.compile(r"\b(404|422|http_)"))
    page.goto("/cases?view=open&map=0&opened_from=gestern")
    in_both_languages(page, "wrong-address")
    page.get_by_test_id("filter-away").click()
    page.get_by_test_id("queue-list").locator("[data-testid^=queue-row-], [data-testid=queue-empty]").first.wait_for()
    page.goto("/cases?view=open&map=0&within=121.4,31.2;121.5,31.3;121.5,31.2;121.4,31.3")  # drawn across itself: both halves count
    page.locator("[data-testid^=queue-row-]").first.wait_for()
    page.goto(f"/api/v1/cases/{NOBODYS}/file.pdf")  # the print of a case that is out of sight
    expect(page.locator("h1")).to_have_text("没有找到")


def test_a_view_deleted_by_its_owner_while_another_looks_at_it(sitting: Sit) -> None:
    page = sitting("dispatcher").page
    page.goto("/cases?view=open&map=0&light=red")
    page.get_by_test_id("saved-views").click()
    page.get_by_test_id("view-name").fill("要删的")
    page.get_by_test_id("view-save").click()
    page.get_by_test_id("view-use-要删的").wait_for()
    other = page.context.new_page()
    other.goto("/cases?view=open&map=0")
    other.get_by_test_id("saved-views").click()
    other.get_by_test_id("view-use-要删的").wait_for()
    for one in (other, page):  # the second finds it gone, which is what was wanted
        one.get_by_role("button", name="删除视图“要删的”？").click()
        one.get_by_role("button", name="删除", exact=True).click()
        expect(one.get_by_test_id("view-use-要删的")).to_have_count(0)
    expect(page).to_have_url(re.compile("light=red"))  # what one looked at stays


def test_a_clock_two_hours_off_changes_no_limit_and_a_page_of_half_the_size_still_works(hotline: Desk, sitting: Sit) -> None:
    text = words("钟不对")
    case = opened(hotline.page, text)
    page = sitting("acceptor").page
    page.goto(case)
    expect(page.get_by_test_id("case-light")).to_contain_text(re.compile("剩 (1 小时|5[0-9] 分)"))
    page.clock.install(time=datetime.now(UTC) + timedelta(hours=2))
    page.goto(case)
    expect(page.get_by_test_id("line")).to_contain_text("120 分钟")
    expect(page.get_by_test_id("case-light")).to_contain_text(re.compile("剩 (1 小时|5[0-9] 分)"))
    in_both_languages(page, "wrong-clock")
    page.set_viewport_size({"width": 720, "height": 450})  # 1440 × 900 at 200 %
    page.get_by_test_id("move-accept").click()
    page.get_by_test_id("form-submit").click()
    expect(page.get_by_test_id("move-dialog")).to_be_hidden()
    assert len(events(page, text)) == 2


def test_what_was_renewed_on_the_server_is_fetched_anew(sitting: Sit) -> None:
    """The desk was built anew meanwhile: parts that an old page asks for are gone."""
    page = sitting("acceptor").page
    page.goto(REPORTED)
    page.route(re.compile(r"/assets/AccountPage.*\.js"), lambda route: route.fulfill(status=404, body="gone"), times=1)
    page.get_by_test_id("nav-account").click()
    expect(page.get_by_test_id("account-name")).to_be_visible()


def test_a_role_taken_away_while_the_form_stands_open(hotline: Desk, sitting: Sit, browser: Browser, served: str) -> None:
    text = words("没有这个角色了")
    case = opened(hotline.page, text)
    office, security = sitting("system_admin").page, sitting("security_admin").page
    made = ask(office, "POST", "people", username=f"temp-{text[-8:]}", name="临时受理员", area="31")
    unit = ask(office, "GET", "units?q=指挥中心")[0]["id"]
    grant = ask(security, "POST", f"people/{made['id']}/grants", role="acceptor", area="31", unit=unit)
    page = browser.new_context(base_url=served, locale="zh-CN").new_page()
    page.goto("/login")
    log_in(page, made["username"], made["one_time_password"])
    for field, word in (("old", made["one_time_password"]), ("new", "Zhongshan-Lu-18"), ("again", "Zhongshan-Lu-18")):
        page.get_by_test_id(f"password-{field}").fill(word)
    page.get_by_test_id("password-submit").click()
    expect(page.get_by_test_id("nav-queue")).to_be_visible()
    page.goto(case)
    page.get_by_test_id("move-decline").click()
    page.get_by_test_id("form-reason").fill("不属于受理范围")
    ask(security, "DELETE", f"grants/{grant['id']}")
    page.get_by_test_id("form-submit").click()
    expect(page.get_by_test_id("form-trouble")).to_contain_text("没有这个案件")
    expect(page.get_by_test_id("form-reason")).to_have_value("不属于受理范围")
    page.context.close()
    assert len(events(hotline.page, text)) == 1
