"""A served program of its own, as `make demo` runs it, and Debian's Chromium."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from jingwei.site.bootstrap import chromium
from jingwei.site.env import ROOT
from tests.e2e.desk import PICTURES, Desk

QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
expect.set_options(timeout=15_000)  # a machine that also does other work
PATIENCE = 240  # seconds for a first start, the demonstration included


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        item.add_marker(pytest.mark.e2e)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture(scope="session")
def surroundings() -> Iterator[dict[str, str]]:
    """The environment of a program of its own: its folder, its port, its cluster."""
    with tempfile.TemporaryDirectory(prefix="jingwei-e2e-") as place:
        Path(place).chmod(0o755)
        kept = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "DJANGO_SETTINGS_MODULE")}
        yield kept | {"JINGWEI_VAR": place, "PORT": str(free_port()), "HOST": "127.0.0.1"}


@pytest.fixture(scope="session")
def served(surroundings: dict[str, str]) -> Iterator[str]:
    """The address of a demonstration with a cluster of its own, gone afterwards."""
    place = surroundings["JINGWEI_VAR"]
    log = (Path(place) / "demo.log").open("w+")
    demo = subprocess.Popen([sys.executable, "-m", "jingwei", "demo"], cwd=ROOT, env=surroundings, stdout=log, stderr=log)
    try:
        _wait_until_ready(demo, Path(log.name))
        yield f"http://localhost:{surroundings['PORT']}"
    finally:
        demo.send_signal(signal.SIGINT)
        demo.wait(60)
        PICTURES.mkdir(parents=True, exist_ok=True)
        (PICTURES / "demo.log").write_text(Path(log.name).read_text())
        log.close()
        assert left_over(place) == [], "Ctrl-C left somebody behind"
        subprocess.run([sys.executable, "-m", "jingwei", "cluster", "destroy"], cwd=ROOT, env=surroundings, check=False)


def left_over(place: str) -> list[str]:
    """The command lines of processes that were started for `place`, or serve its cluster."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            words = (process / "cmdline").read_bytes()
            if place.encode() in words or f"JINGWEI_VAR={place}\0".encode() in (process / "environ").read_bytes():
                found.append(words.replace(b"\0", b" ").decode())
    return found


def _wait_until_ready(demo: "subprocess.Popen[bytes]", log: Path) -> None:
    for _ in range(PATIENCE * 5):
        if "\nready" in log.read_text():
            return
        if demo.poll() is not None:
            break
        time.sleep(0.2)
    pytest.exit(f"the demonstration did not start:\n{log.read_text()[-3000:]}", returncode=1)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chrome = playwright.chromium.launch(executable_path=chromium(), args=QUIET)
        yield chrome
        chrome.close()


@pytest.fixture
def page(browser: Browser, served: str, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A fresh browser profile at the desk. Its errors fail the test; a picture of its end is kept under var/e2e."""
    context = browser.new_context(base_url=served, locale="zh-CN", viewport={"width": 1440, "height": 900})
    context.set_default_timeout(15_000)
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=PICTURES / f"{request.node.name}.png")
    context.close()
    assert errors == []


@pytest.fixture
def sitting(browser: Browser, served: str) -> Iterator["type[Desk]"]:
    """Call it with a username: that person's desk, in a browser profile of their own. Errors of a page fail the test."""
    contexts, errors = [], []

    def sit(username: str) -> Desk:
        context = browser.new_context(base_url=served, locale="zh-CN", timezone_id="Asia/Shanghai", viewport={"width": 1440, "height": 900})
        context.set_default_timeout(20_000)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        return Desk(page, username)

    yield sit  # type: ignore[misc]
    for context in contexts:
        context.close()
    assert errors == []
