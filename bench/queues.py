"""The lists of the desk over a million cases: each page through the program, beside the bare SQL that it amounts to, in turn."""

import random
import statistics
import time
from collections.abc import Callable
from typing import Any

from bench.ground import NOW
from bench.million import seed

ROUNDS = 6  # times everything that is asked
WANTED = 3.0


def run(url: str) -> None:
    """Prints for queue pages, filtered pages and text searches: median and p95 of the program and of the bare SQL, their ratio, and the
    statements of a page. The program: filter, scope, SQL, labels, JSON; without HTTP. Bare: the statement of the list alone, sent by the driver."""
    import psycopg
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from jingwei.cases.queries import queue_page
    from jingwei.cases.schemas import page_out
    from jingwei.catalogue.queries import catalogue
    from jingwei.kit.http import answer

    seed()
    catalogue()
    with psycopg.connect(url, autocommit=True, prepare_threshold=1) as bare:
        for title, asked in _asked().items():
            program: list[float] = []
            floor: list[float] = []
            most = 0
            for _ in range(ROUNDS):
                random.Random(4).shuffle(asked)
                for actor, wanted, after in asked:

                    def page(actor: Any = actor, wanted: Any = wanted, after: Any = after) -> Any:
                        return answer(page_out(queue_page(actor=actor, wanted=wanted, at=NOW, after=after)))

                    with CaptureQueriesContext(connection) as sent:
                        page()
                    most = max(most, len(sent))
                    listed = next(q["sql"] for q in sent if "json_build_array" in q["sql"])
                    with bare.cursor() as cursor:
                        floor.append(_timed(lambda cursor=cursor, sql=listed: cursor.execute(sql).fetchall()))
                    program.append(_timed(page))
            print(
                f"{title:22} bare p50 {_ms(floor, 50)} p95 {_ms(floor, 95)}   page p50 {_ms(program, 50)} p95 {_ms(program, 95)}   "
                f"p95 {_at(program, 95) / _at(floor, 95):.2f} times the bare (wanted < {WANTED:.0f})   statements {most} (wanted ≤ 6)"
            )


def _timed(work: Callable[[], Any]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _at(seconds: list[float], percent: int) -> float:
    return statistics.quantiles(seconds, n=100)[percent - 1]


def _ms(seconds: list[float], percent: int) -> str:
    return f"{_at(seconds, percent) * 1000:6.1f} ms"


def _asked() -> dict[str, list[Any]]:
    """What is asked: by an acceptor of the whole district, a clerk of a community, a clerk of a department, and a worker."""
    from jingwei.accounts.models import Unit
    from jingwei.accounts.rules import Actor, Held
    from jingwei.cases.queries import QueueFilter, queue_page

    unit = Unit.objects.get(code="million-3")
    district = Actor(1, "a", (Held("acceptor", "310101"), Held("shift_leader", "310101")))
    community = Actor(1, "b", (Held("station_clerk", "310101001005"),))
    clerk = Actor(1, "c", (Held("department_clerk", "310101", unit.pk, unit.path),))
    worker = Actor(1, "d", (Held("worker", "310101001005123"),))
    everybody = (district, community, clerk, worker)
    far: list[Any] = []  # deep in the list
    for view in ("open", "all"):
        after = None
        for _ in range(40):
            after = queue_page(actor=district, wanted=QueueFilter(view), at=NOW, after=after, size=200).next  # type: ignore[arg-type]
        far.append((district, QueueFilter(view), after))  # type: ignore[arg-type]
    filters = (
        {"view": "open", "light": ("red",)},
        {"view": "open", "state": ("handling", "dispatched")},
        {"view": "open", "matter": ("06",), "source": ("hotline",)},
        {"view": "open", "due_in": 24, "urgent": True},
        {"view": "all", "matter": ("06005",)},
        {"view": "all", "unit": (unit.pk,), "source": ("worker",)},
        {"view": "all", "place": "310101001007"},
        {"view": "all", "opened_from": NOW.date().replace(day=1), "state": ("closed",)},
    )
    words = ("井盖 光明新村", "路灯", "护栏 倾斜 人民路", "长乐坊 221号", "没有这样的词", "积水")
    return {
        "queue page": [(a, QueueFilter(v), None) for a in everybody for v in ("mine", "open", "all")] + far,  # type: ignore[arg-type]
        "filtered page": [(a, QueueFilter(**f), None) for a in everybody[:3] for f in filters],  # type: ignore[arg-type]
        "text search": [(a, QueueFilter(v, q=q), None) for a in everybody[:3] for q in words for v in ("open", "all")],  # type: ignore[arg-type]
    }
