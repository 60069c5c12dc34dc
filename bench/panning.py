"""The register's map while it is dragged: how long the page's own thread works at a time, and how much of that is the picture's. By hand, beside a program
that runs, over as many components as are to be shown: `python -m bench.panning http://127.0.0.1:8000 registrar PASSWORD 83.02,38.62`.

A task's length says little where the browser draws by software: while the picture is made the page's thread waits, or isn't given a processor. The time that
the thread itself computed (its own clock, in the browser's trace) is what the page costs on any machine, and the same drag with fewer layers says what a
layer costs.
"""

import json
import sys
import time
from dataclasses import dataclass
from typing import Any

FRAMES = """() => {
  const w = window.__frames = []; let last = 0;
  const tick = (now) => { if (last) w.push(now - last); last = now; requestAnimationFrame(tick); };
  requestAnimationFrame(tick);
}"""
IDLE = """() => new Promise((done) => {
  const map = document.querySelector('[data-testid=ground-box]').map, wait = () => (map.loaded() && !map.isMoving() ? done() : setTimeout(wait, 100));
  setTimeout(wait, 500);
})"""
FLAT, TILTED = "", ",55,-17"
LAYERS = (
    ("ground alone", "", FLAT),
    ("buildings, grids", "buildings,grids", FLAT),
    ("… and components", "buildings,grids,components", FLAT),
    ("everything, in 3D", "buildings,solid,grids,divisions,components,cases,landmarks", TILTED),
)
ZOOMS = (15, 17)


@dataclass
class Panned:
    """Milliseconds: the longest task of the page's thread, the most that it computed in one, all that it computed, and its frames."""

    longest: float
    most_own: float
    own: float
    frame: float
    frame_longest: float


def run(base: str, username: str, password: str, middle: str) -> None:
    """Prints a line for each zoom and set of layers."""
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
        for zoom in ZOOMS:
            for name, layers, tilt in LAYERS:
                page.goto(f"/register/map?at={lon},{lat},{zoom}{tilt}&layers={layers}")
                page.get_by_test_id("ground-box").wait_for()
                page.evaluate(IDLE)
                _say(zoom, name, _panned(chrome, page))
        chrome.close()


def _panned(chrome: Any, page: Any) -> Panned:
    page.evaluate(FRAMES)
    chrome.start_tracing(page=page, categories=["toplevel", "disabled-by-default-devtools.timeline", "devtools.timeline"])
    _drag(page)
    tasks = _tasks(json.loads(chrome.stop_tracing())["traceEvents"])
    frames = sorted(page.evaluate("window.__frames")) or [0.0]
    wall, own = [wall for wall, _ in tasks] or [0.0], [own for _, own in tasks] or [0.0]
    return Panned(max(wall), max(own), sum(own), frames[len(frames) // 2], frames[-1])


def _tasks(events: list[dict[str, Any]]) -> list[tuple[float, float]]:
    """(how long it took, how long the thread computed) of each task of the page's main thread, in milliseconds."""
    work: dict[tuple[int, int], list[tuple[float, float]]] = {}
    pages = {(e["pid"], e["tid"]) for e in events if e["name"] == "thread_name" and e["args"]["name"] == "CrRendererMain"}
    for event in events:
        where = (event["pid"], event["tid"])
        if where in pages and event["ph"] == "X" and event["name"] == "RunTask":
            work.setdefault(where, []).append((event.get("dur", 0) / 1000, event.get("tdur", 0) / 1000))
    return max(work.values(), key=lambda tasks: sum(own for _, own in tasks), default=[])  # of several pages, the one that is dragged


def _drag(page: Any) -> None:
    for dx, dy in ((-400, 0), (300, 200), (200, -250), (-300, 150)):
        page.mouse.move(760, 480)
        page.mouse.down()
        page.mouse.move(760 + dx, 480 + dy, steps=12)
        page.mouse.up()
        time.sleep(0.8)


def _say(zoom: int, name: str, took: Panned) -> None:
    print(
        f"zoom {zoom}  {name:18} longest task {took.longest:5.0f} ms, most computed in one {took.most_own:4.0f}, in all {took.own:5.0f} ms   "
        f"frame median {took.frame:5.0f}, longest {took.frame_longest:6.0f} ms",
        flush=True,
    )


if __name__ == "__main__":
    run(*sys.argv[1:5])
