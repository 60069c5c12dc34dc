"""A street whistles (吹哨报到): two departments are called, one comes and reports back, the other is late. The supervisor sees it and supervises;
the shift leader prints the case file. The pages are pictured in both languages."""

import re
import subprocess
import sys
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from jingwei.site.env import ROOT
from tests.e2e.desk import PICTURES, Desk, photograph, report

REASON = "货架占道，旁边的行道树也被压断，请到现场会商。"


def speak(desk: Desk, language: str) -> None:
    desk.page.evaluate("language => { localStorage['jingwei.language'] = language }", language)
    desk.page.reload()


def in_both(desk: Desk, name: str, ready: str) -> None:
    """A picture of the page as it stands, in both languages."""
    for language in ("en", "zh-Hans"):
        speak(desk, language)
        expect(desk.page.get_by_test_id(ready)).to_be_visible()
        desk.picture(f"{name}-{language}")


def choose_unit(desk: Desk, name: str) -> None:
    box = desk.page.get_by_test_id("form-units").locator("input").first
    box.fill(name)
    desk.page.locator("[data-testid^=unit-]:visible", has_text=name).first.click()
    expect(desk.page.get_by_test_id("form-units")).to_contain_text(name)


LATE = """
from django.utils.timezone import now, timedelta
from jingwei.cases.actions import run_summons
from jingwei.cases.models import Assignment, Case
ago = now() - timedelta(hours=1)
case = Case.objects.get(number={number!r})
waiting = Assignment.objects.filter(district=case.district, case_id=case.id, part="summon", ended_at__isnull=True)
assert waiting.update(arrive_by=ago, alarm_at=ago) == 1
run_summons(at=now())
"""


@pytest.fixture
def late(surroundings: dict[str, str], served: str) -> Callable[[str], None]:
    """`late(number)`: the hour of whoever is called and has not come runs out, without waiting for it."""

    def make(number: str) -> None:
        code = LATE.format(number=number)
        subprocess.run([sys.executable, "-m", "jingwei", "shell", "-c", code], env=surroundings, cwd=ROOT, check=True, capture_output=True, timeout=60)

    return make


def test_a_summons_from_the_call_to_the_case_file(sitting, late) -> None:  # type: ignore[no-untyped-def]
    number, case = report(sitting("hotline_operator"))

    street = sitting("street_operator")
    street.open(case)
    street.page.get_by_test_id("move-summon").click()
    for unit in ("城管执法局", "绿化市容局"):
        choose_unit(street, unit)
    street.page.get_by_test_id("form-reason").fill(REASON)
    street.page.get_by_test_id("form-meet_place").fill("中山东一路18号门前")
    street.picture("summon-form")
    street.page.get_by_test_id("form-submit").click()
    expect(street.page.get_by_test_id("summons")).to_contain_text("城管执法局")
    expect(street.page.get_by_test_id("case-unit")).to_have_text("尚未派遣")  # the lead stays what it was
    in_both(street, "summoned", "summons")

    clerk = sitting("department_clerk")
    expect(clerk.page.get_by_test_id(f"queue-row-{number}")).to_be_visible()  # called, so it is mine
    clerk.open(case)
    clerk.page.get_by_test_id("move-arrive").click()
    clerk.page.get_by_test_id("form-note").fill("两人已到场。")
    clerk.page.get_by_test_id("form-submit").click()
    expect(clerk.page.locator("[data-testid^=summons-][data-standing=arrived]")).to_contain_text("城管执法局")
    clerk.page.get_by_test_id("move-report_back").click()
    clerk.page.get_by_test_id("form-result").fill("货架已当场清走，已告知店主。")
    clerk.page.get_by_test_id("form-files").set_input_files({"name": "清理后.jpg", "mimeType": "image/jpeg", "buffer": photograph("after")})
    expect(clerk.page.get_by_test_id("form-submit")).to_be_enabled()
    clerk.page.get_by_test_id("form-submit").click()
    expect(clerk.page.locator("[data-testid^=summons-][data-standing=done]")).to_contain_text("城管执法局")
    clerk.picture("reported-back")

    late(number)  # the other department's hour runs out
    supervisor = sitting("supervisor")
    supervisor.page.get_by_test_id("nav-supervision").click()
    supervisor.page.get_by_test_id("total-summons_late").click()
    row = supervisor.page.get_by_test_id(f"watched-{number}")
    expect(row).to_contain_text("逾期：绿化市容局")
    in_both(supervisor, "supervision", f"watched-{number}")
    leader = sitting("shift_leader")
    leader.page.get_by_test_id("nav-supervision").click()
    leader.page.get_by_test_id("total-supervised").click()
    supervisor.page.get_by_test_id(f"mark-{number}").check()
    supervisor.page.get_by_test_id("supervision-supervise").click()
    supervisor.page.get_by_test_id("word-submit").click()
    expect(supervisor.page.get_by_test_id("word-trouble")).to_be_visible()  # nothing is supervised without a word
    supervisor.page.get_by_test_id("word-text").fill("绿化市容局两小时内到场。")
    supervisor.picture("supervise-form")
    supervisor.page.get_by_test_id("word-submit").click()
    expect(supervisor.page.get_by_test_id("word-dialog")).to_be_hidden()
    supervisor.page.get_by_test_id("total-supervised").click()
    expect(supervisor.page.get_by_test_id(f"watched-{number}")).to_contain_text("绿化市容局两小时内到场。")

    expect(leader.page.get_by_test_id(f"watched-{number}")).to_be_visible(timeout=3_000)  # without asking

    leader.open(case)
    expect(leader.page.get_by_test_id("case-supervised")).to_be_visible()
    expect(leader.page.get_by_test_id("arrival-late")).to_have_count(1)
    expect(leader.page.get_by_test_id("event-case.arrival_late")).to_be_visible()
    in_both(leader, "supervised-case", "case-supervised")
    address = leader.page.get_by_test_id("case-print").get_attribute("href")
    assert address
    for lang in ("zh", "en"):
        answer = leader.page.request.get(re.sub(r"lang=\w+", f"lang={lang}", address))
        assert answer.ok and answer.headers["content-type"] == "application/pdf" and answer.body().startswith(b"%PDF-")
        (PICTURES / f"case-file-{lang}.pdf").write_bytes(answer.body())
    leader.page.reload()
    expect(leader.page.get_by_test_id("event-case.printed")).to_have_count(2)
