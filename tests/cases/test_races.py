"""Everything races with itself: the same report, the same move, the same file, in several connections at once."""

import io
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from jingwei.cases.actions import keep_file, open_case, perform
from jingwei.cases.models import Case, File
from jingwei.events.models import Event
from jingwei.kit.errors import Conflict, Invalid, Problem, Refused
from tests.cases.conftest import report
from tests.kit.test_files import jpeg
from tests.world import MONDAY, World

pytestmark = pytest.mark.django_db(transaction=True)
LATER = MONDAY + timedelta(minutes=10)


def at_once(*jobs: Callable[[], Any]) -> list[Any]:
    """Each job in a connection of its own, all started together; answers what they gave or raised."""
    start = Barrier(len(jobs))

    def run(job: Callable[[], Any]) -> Any:
        try:
            start.wait(10)
            return job()
        except Problem as problem:
            return problem
        finally:
            connection.close()

    with ThreadPoolExecutor(len(jobs)) as threads:
        return list(threads.map(run, jobs))


def test_one_key_eight_times_is_one_case(standing_world: World) -> None:
    actor = standing_world.actor("acceptor")
    for n in range(5):
        answers = at_once(*[lambda: open_case(actor=actor, at=MONDAY, new=report(command=f"k-{n}"))] * 8)  # noqa: B023
        assert Counter(a.repeated for a in answers) == {False: 1, True: 7} and len({a.case.id for a in answers}) == 1
    assert Case.objects.count() == 5 == Event.objects.filter(type="case.opened").count()


def test_numbers_are_unique_and_nobody_waits_for_them(standing_world: World) -> None:
    """Eight open cases while a ninth transaction, which has drawn a number, stays open."""
    actor = standing_world.actor("acceptor")
    with connection.cursor() as cursor:
        cursor.execute("begin")
        cursor.execute("select nextval('cases_number')")

        def many(thread: int) -> list[str]:
            try:
                with connection.cursor() as own:
                    own.execute("set lock_timeout = '500ms'")
                return [open_case(actor=actor, at=MONDAY, new=report(text=f"{thread}-{i}")).case.number for i in range(10)]  # type: ignore[union-attr]
            finally:
                connection.close()

        with ThreadPoolExecutor(8) as threads:
            numbers = [n for found in threads.map(many, range(8)) for n in found]
        cursor.execute("rollback")
    assert len(set(numbers)) == 80 == Case.objects.values("number").distinct().count()


def test_two_who_move_the_same_case(standing_world: World) -> None:
    case = open_case(actor=standing_world.actor("acceptor"), at=MONDAY, new=report()).case
    assert case
    actors = [standing_world.actor(n) for n in ("acceptor", "far_acceptor", "shift_leader")]

    def accept() -> Any:
        return perform(actor=actors[0], case_id=case.id, move="accept", form={}, seen_version=1, at=LATER)

    def void() -> Any:
        return perform(actor=actors[2], case_id=case.id, move="void", form={"reason": "误报"}, seen_version=1, at=LATER)

    answers = at_once(accept, void, accept, void)
    assert sum(not isinstance(a, Problem) for a in answers) == 1
    losers = [a for a in answers if isinstance(a, Problem)]
    assert all(isinstance(a, Conflict) and a.extra["present"].version == 2 for a in losers)
    assert Case.objects.get(id=case.id).version == 2 and Event.objects.filter(subject_id=case.id).count() == 2


def test_one_key_moves_once(standing_world: World) -> None:
    actor = standing_world.actor("acceptor")
    case = open_case(actor=actor, at=MONDAY, new=report()).case
    assert case
    answers = at_once(*[lambda: perform(actor=actor, case_id=case.id, move="accept", form={}, seen_version=1, at=LATER, command="m-1")] * 8)
    assert Counter(a.repeated for a in answers) == {False: 1, True: 7} and {a.case.state for a in answers} == {"accepted"}
    assert Event.objects.filter(subject_id=case.id).count() == 2


def test_one_key_for_two_cases_is_refused_for_one(standing_world: World) -> None:
    actor = standing_world.actor("acceptor")
    for n in range(5):
        cases = [open_case(actor=actor, at=MONDAY, new=report()).case for _ in range(4)]
        answers = at_once(*[
            lambda c=c: perform(actor=actor, case_id=c.id, move="accept", form={}, seen_version=1, at=LATER, command=f"m-{n}") for c in cases  # noqa: B023
        ])  # fmt: skip
        refused = [a for a in answers if isinstance(a, Problem)]
        assert len(refused) == 3 and all(isinstance(a, Refused) and a.code == "key_reused" for a in refused)


def test_a_file_is_taken_by_one_report(standing_world: World) -> None:
    actor = standing_world.actor("acceptor")
    file = keep_file(actor=actor, at=MONDAY, name="x.jpg", stream=io.BytesIO(jpeg()))
    answers = at_once(*[lambda: open_case(actor=actor, at=MONDAY, new=report(files=(file.id,)))] * 6)
    assert sum(isinstance(a, Invalid) for a in answers) == 5
    assert File.objects.filter(case_id__isnull=False).count() == 1 == Case.objects.count() == Event.objects.filter(type="case.opened").count()


def test_two_merged_into_each_other(standing_world: World) -> None:
    """Locks are taken in one order, so neither waits for the other for ever; one of them stays."""
    actor = standing_world.actor("acceptor")
    for _ in range(5):
        one, two = (open_case(actor=actor, at=MONDAY, new=report()).case for _ in range(2))
        assert one and two
        at_once(
            lambda: perform(actor=actor, case_id=one.id, move="merge", form={"case": two.number}, seen_version=1, at=LATER),  # noqa: B023
            lambda: perform(actor=actor, case_id=two.id, move="merge", form={"case": one.number}, seen_version=1, at=LATER),  # noqa: B023
        )
        assert sorted(Case.objects.filter(id__in=[one.id, two.id]).values_list("state", flat=True)) == ["merged", "reported"]
