"""The desk's first page in Chromium: from the address to a list that can be used, over a million cases; and how much script it takes."""

import gzip
import json
import os
import signal
import statistics
import subprocess
import sys
import time
from pathlib import Path

from bench.ground import NOW
from bench.million import seed
from bench.posting import wait_for

PORT = 18556
LOADS = 7
PASSWORD = "jingwei-bench-1"
DESK = Path(__file__).resolve().parents[1] / "web" / "apps" / "desk" / "dist"
PAGES = ("src/shell/Shell.vue", "src/features/queue/QueuePage.vue")  # what the first page loads besides the entry


def run(url: str) -> None:
    """Prints the median of seven loads with an empty cache, logged in as an acceptor of the whole district, and the scripts' size before the
    map's. Skipped where the web is not built or there is no Chromium."""
    from playwright.sync_api import sync_playwright

    from jingwei.site.bootstrap import chromium

    if not (DESK / "index.html").exists() or not chromium():
        print("first page        skipped: the web is not built, or there is no Chromium")
        return
    seed()
    _acceptor()
    server = subprocess.Popen([sys.executable, "-m", "jingwei", "serve", "--port", str(PORT), "--workers", "2"], start_new_session=True)
    try:
        wait_for(PORT)
        with sync_playwright() as playwright:
            chrome = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox", "--disable-gpu"])
            context = chrome.new_context(base_url=f"http://localhost:{PORT}", viewport={"width": 1440, "height": 900})
            page = context.new_page()
            page.goto("/login")
            page.get_by_test_id("login-username").fill("first-page")
            page.get_by_test_id("login-password").fill(PASSWORD)
            page.get_by_test_id("login-submit").click()
            page.locator("[data-testid^=queue-row-]").first.wait_for()
            cookies = context.storage_state()
            taken = []
            for _ in range(LOADS):
                fresh = chrome.new_context(base_url=f"http://localhost:{PORT}", viewport={"width": 1440, "height": 900}, storage_state=cookies)
                page = fresh.new_page()
                start = time.perf_counter()
                page.goto("/cases?view=open", wait_until="commit")
                page.locator("[data-testid^=queue-row-]").first.wait_for()
                page.keyboard.press("j")
                page.locator("tr[aria-selected=true]").wait_for()
                taken.append(time.perf_counter() - start)
                fresh.close()
            chrome.close()
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(20)
    print(
        f"first page        usable after {statistics.median(taken):.2f} s (wanted < 1.5; {min(taken):.2f} to {max(taken):.2f})   "
        f"scripts before the map {_scripts() / 1000:.0f} KB gzipped (wanted < 350)"
    )


def _scripts() -> int:
    manifest = json.loads((DESK / ".vite" / "manifest.json").read_text())
    wanted = [name for name, part in manifest.items() if part.get("isEntry") and name.endswith(".html")] + list(PAGES)
    files: set[str] = set()
    while wanted:
        part = manifest[wanted.pop()]
        if part["file"] not in files:
            files.add(part["file"])
            wanted += part.get("imports", [])
    return sum(len(gzip.compress((DESK / name).read_bytes())) for name in files if name.endswith(".js"))


def _acceptor() -> None:
    from jingwei.accounts.actions import grant_role, register_person
    from jingwei.accounts.models import Unit
    from jingwei.accounts.rules import SYSTEM

    person = register_person(actor=SYSTEM, at=NOW, username="first-page", name="首页", password=PASSWORD, area="310101")
    grant_role(actor=SYSTEM, at=NOW, person=person, role="acceptor", area="310101", unit=Unit.objects.get(code="million-centre"), from_date=NOW.date())
