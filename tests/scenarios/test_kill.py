"""kill -9 of the server and of the job worker amid 2,000 reports: what was answered is there, once; what was not can be asked again."""

import http.client
import json
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.utils.timezone import now

from jingwei.cases.models import Case
from jingwei.events.models import Event
from tests.scenarios.serving import Served
from tests.world import IN_A1, World, machine_like

REPORTS, CALLERS, KILLED_AT = 2_000, 8, (500, 1_200)


class Answers:
    """What the callers heard, and how many reports have been answered."""

    def __init__(self) -> None:
        self.lock = threading.Condition()
        self.heard: dict[str, list[tuple[int, str]]] = {}
        self.broken = 0

    def note(self, key: str, status: int, id: str) -> None:
        with self.lock:
            self.heard.setdefault(key, []).append((status, id))
            self.lock.notify_all()

    def wait_for(self, many: int) -> None:
        with self.lock:
            assert self.lock.wait_for(lambda: len(self.heard) >= many, timeout=60), f"only {len(self.heard)} answers"


def call(port: int, token: str, keys: list[str], answers: Answers) -> None:
    """One caller: reports in turn; where the line breaks, the same report with the same key again until it is answered."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    for key in keys:
        body = {"matter": "06001", "source": "worker", "text": key, "position": {"crs": "EPSG:4326", "x": IN_A1[0], "y": IN_A1[1]}}
        while True:
            try:
                headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json", "Idempotency-Key": key}
                line.request("POST", "/api/v1/cases", json.dumps(body), headers)
                answer = line.getresponse()
                content = json.loads(answer.read())
                assert answer.status in (200, 201), (answer.status, content)
                answers.note(key, answer.status, content["id"])
                break
            except (OSError, http.client.HTTPException):
                with answers.lock:
                    answers.broken += 1
                    answers.lock.wait(0.1)
                line.close()
                line = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    line.close()


@pytest.mark.django_db(transaction=True)
def test_every_answered_report_is_there_once(standing_world: World, tmp_path: Path) -> None:
    token = machine_like(standing_world.people["acceptor"], at=now())[1]
    keys = [f"report-{i}" for i in range(REPORTS)]
    answers = Answers()
    with Served(tmp_path, worker=True) as served, ThreadPoolExecutor(CALLERS) as callers:
        calls = [callers.submit(call, served.port, token, keys[i::CALLERS], answers) for i in range(CALLERS)]
        for many in KILLED_AT:
            answers.wait_for(many)
            for name in ("serve", "worker"):
                served.kill(name)
            for name in ("serve", "worker"):
                served.start(name)
        for one in calls:
            one.result(timeout=60)
        # Every twentieth report is sent once more: the phone that never saw the answer.
        call(served.port, token, keys[::20], answers)
    assert answers.broken > 0, "the kills were noticed"
    stored = dict(Case.objects.values_list("text", "id"))
    assert Case.objects.count() == REPORTS == len(stored), "one case a report"
    assert {key: {id for _, id in heard} for key, heard in answers.heard.items()} == {key: {str(stored[key])} for key in keys}
    fresh = Counter(status for heard in answers.heard.values() for status, _ in heard)
    assert fresh[201] <= REPORTS and all(sum(s == 201 for s, _ in heard) <= 1 for heard in answers.heard.values()), "201 is said once"
    assert fresh[200] >= len(keys[::20])
    assert Event.objects.filter(type="case.opened").count() == REPORTS == Event.objects.values("command").distinct().exclude(command=None).count()
    assert Case.objects.values("number").distinct().count() == REPORTS
