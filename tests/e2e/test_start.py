"""The page that one meets first."""

from playwright.sync_api import Page


def test_the_desk_answers_and_asks_nobody_else(page: Page, served: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto("/")
    page.wait_for_load_state("networkidle")
    assert "经纬" in page.title()
    assert [url for url in asked if not url.startswith((served, "data:", "blob:"))] == []
