"""The register's map with many components: how long the browser is busy while it is dragged and zoomed. By hand, beside a program that runs:
`python -m bench.panning http://127.0.0.1:8000 registrar PASSWORD 121.485,31.235`."""

import sys
import time
from typing import Any

WATCH = """() => {
  const w = window.__watch = { tasks: [], frames: [], last: 0 };
  new PerformanceObserver((list) => { for (const one of list.getEntries()) w.tasks.push(one.duration); }).observe({ type: "longtask", buffered: false });
  const tick = (now) => { if (w.last) w.frames.push(now - w.last); w.last = now; requestAnimationFrame(tick); };
  requestAnimationFrame(tick);
}"""


def run(base: str, username: str, password: str, middle: str) -> dict[str, float]:
    """Drags the map to and fro and zooms through the places where cells become points; answers the longest task of the page's own thread and
    the frames' times in milliseconds."""
    from playwright.sync_api import sync_playwright

    from jingwei.site.bootstrap import chromium

    lon, lat = middle.split(",")
    with sync_playwright() as playwright:
        flags = ["--no-sandbox", "--disable-gpu", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"]
        chrome = playwright.chromium.launch(executable_path=chromium(), args=flags)
        page = chrome.new_context(base_url=base, viewport={"width": 1440, "height": 900}).new_page()
        page.goto("/login")
        page.get_by_test_id("login-username").fill(username)
        page.get_by_test_id("login-password").fill(password)
        page.get_by_test_id("login-submit").click()
        page.get_by_test_id("nav-register").wait_for()
        found: dict[str, float] = {}
        for zoom in (15, 17):
            page.goto(f"/register/map?at={lon},{lat},{zoom}&layers=buildings,grids,components")
            page.get_by_test_id("ground-box").wait_for()
            time.sleep(4)
            page.evaluate(WATCH)
            _drag(page)
            watched = page.evaluate("window.__watch")
            frames = sorted(watched["frames"])
            found[f"zoom {zoom}: longest task"] = max(watched["tasks"], default=0.0)
            found[f"zoom {zoom}: frame, median"] = frames[len(frames) // 2]
            found[f"zoom {zoom}: frame, longest"] = frames[-1]
        chrome.close()
    return found


def _drag(page: Any) -> None:
    for dx, dy in ((-400, 0), (300, 200), (200, -250), (-300, 150)):
        page.mouse.move(760, 480)
        page.mouse.down()
        page.mouse.move(760 + dx, 480 + dy, steps=12)
        page.mouse.up()
        time.sleep(0.8)


if __name__ == "__main__":
    for what, ms in run(*sys.argv[1:5]).items():
        print(f"{what:28} {ms:8.0f} ms")
