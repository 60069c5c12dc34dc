"""What hands do before the desk, and what is in the database afterwards."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from playwright.sync_api import APIResponse, Page, Route, expect

from tests.e2e.desk import PASSWORD, Desk

Sit = Callable[[str], Desk]
REPORTED = "/cases?view=open&state=reported&sort=newest&map=0"
UNREACHED = "连不上服务器"


def words(about: str) -> str:
    """A text that no other case has."""
    return f"{about}，{uuid4().hex[:12]}"


def write(page: Page, text: str) -> None:
    """A report filled in, and not sent."""
    page.goto("/cases/new")
    page.get_by_test_id("new-case-text").fill(text)
    page.get_by_test_id("new-case-matter").locator("input").or_(page.locator("input[data-testid=new-case-matter]")).first.fill("店外经营")
    page.locator("[data-testid^=matter-]:visible", has_text="店外经营").first.click()
    page.get_by_test_id("new-case-address").fill("中山东一路18号")
    page.get_by_test_id("address-0").click()
    expect(page.get_by_test_id("new-case-area")).to_contain_text("网格")


def got(answer: APIResponse) -> Any:
    assert answer.ok, answer.text()
    return answer.json()


def cases(page: Page, text: str) -> list[dict[str, Any]]:
    """The cases in the database whose text has the last word of `text`."""
    found: list[dict[str, Any]] = got(page.request.get("/api/v1/cases", params={"view": "all", "q": text.rsplit("，", 1)[-1]}))["items"]
    return found


def the_case(page: Page, text: str) -> dict[str, Any]:
    """The only one, whole."""
    (one,) = cases(page, text)
    whole: dict[str, Any] = got(page.request.get(f"/api/v1/cases/{one['id']}"))
    return whole


def ask(page: Page, method: str, address: str, **data: Any) -> Any:
    """By the API, in the name of whoever sits before the page."""
    csrf = next(one["value"] for one in page.context.cookies() if one["name"] == "csrftoken")
    headers = {"X-CSRFToken": csrf, "Referer": page.url}
    return got(page.request.fetch(f"/api/v1/{address}", method=method, data=data, headers=headers))


def opened(page: Page, text: str) -> str:
    """A report by the API: what is tried comes afterwards. Answers the page of its case."""
    position = {"crs": "EPSG:4326", "x": 121.4863, "y": 31.2395}
    return f"/cases/{ask(page, 'POST', 'cases', matter='06001', source='hotline', text=text, position=position)['id']}"


def events(page: Page, text: str) -> list[str]:
    return [one["type"] for one in the_case(page, text)["timeline"]]


def swallow_answer(page: Page, address: str) -> None:
    """The request reaches the server and is carried out; its answer is lost on the way, once."""

    def once(route: Route) -> None:
        route.fetch()
        route.abort("connectionreset")

    page.route(address, once, times=1)


def log_in(page: Page, username: str, password: str = PASSWORD) -> None:
    page.get_by_test_id("login-username").fill(username)
    page.get_by_test_id("login-password").fill(password)
    page.get_by_test_id("login-submit").click()


def compose(page: Page, key: str, **modifiers: bool) -> None:
    """A key that belongs to the input method."""
    made = "new KeyboardEvent('keydown', {key, code: key, isComposing: true, bubbles: true, cancelable: true, ...how})"
    page.evaluate(f"([key, how]) => document.activeElement.dispatchEvent({made})", [key, modifiers])
