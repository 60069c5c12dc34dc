"""Everything races with itself: the same report, the same move, the same file, in several connections at once."""

import io
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import connection, transaction

from jingwei.accounts.actions import open_unit
from jingwei.accounts.rules import SYSTEM
from jingwei.administration.actions import close_unit
from jingwei.cases.actions import keep_file, open_case, perform
from jingwei.cases.models import Assignment, Case, File
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


def until_waiting(job: Future[Any]) -> None:
    """Until another connection waits for a lock of this one's, or the job is over."""
    with connection.cursor() as cursor:
        while not job.done():
            cursor.execute("select 1 from pg_locks where not granted and pg_backend_pid() = any(pg_blocking_pids(pid))")
            if cursor.fetchone():
                return


SENT: dict[str, tuple[str, str, dict[str, Any]]] = {  # move: by whom, on a case in which state, with what besides the unit
    "dispatch": ("dispatcher", "filed", {}),
    "transfer": ("dispatcher", "handling", {"reason": "不属本单位"}),
    "delegate": ("dispatcher", "dispatched", {}),
    "assist": ("department_clerk", "handling", {}),
    "summon": ("shift_leader", "filed", {"reason": "会商"}),
}
WAY = {"filed": [("acceptor", "accept", {}), ("acceptor", "file", {})]}
WAY["dispatched"] = [*WAY["filed"], ("dispatcher", "dispatch", {"unit": "chengguan"})]
WAY["handling"] = [*WAY["dispatched"], ("department_clerk", "acknowledge", {}), ("department_clerk", "handle", {})]


@pytest.mark.parametrize("first", ["closing", "sending"])
def test_no_case_lands_on_a_unit_that_closes(standing_world: World, first: str) -> None:
    """Whoever comes second waits: the case for the closed unit is refused, the unit that has got a case stays open."""
    for n, (action, (by, state, form)) in enumerate(SENT.items()):
        centre = standing_world.units["centre" if action != "delegate" else "chengguan"]
        unit = open_unit(actor=SYSTEM, at=MONDAY, code=f"short-lived-{n}", name="临时单位", kind="department", area="310101", parent=centre)
        opened = open_case(actor=standing_world.actor("acceptor"), at=MONDAY, new=report(text=f"第 {n} 件")).case
        assert opened
        for actor, step, said in WAY[state]:
            more = {k: standing_world.units[v].pk for k, v in said.items()}
            perform(actor=standing_world.actor(actor), case_id=opened.id, move=step, form=more, seen_version=None, at=LATER)
        sender, named = standing_world.actor(by), {"units": [unit.pk]} if action == "summon" else {"unit": unit.pk}

        def send() -> Any:
            return perform(actor=sender, case_id=opened.id, move=action, form=form | named, seen_version=None, at=LATER + timedelta(minutes=1))  # noqa: B023

        def close() -> Any:
            return close_unit(actor=SYSTEM, at=LATER, unit_id=unit.pk)  # noqa: B023

        now, then = (close, send) if first == "closing" else (send, close)
        with ThreadPoolExecutor(1) as other:
            with transaction.atomic():
                now()
                second = other.submit(at_once, then)
                until_waiting(second)
            [answer] = second.result(30)
        unit.refresh_from_db()
        held = Assignment.objects.filter(case_id=opened.id, unit=unit).exists()
        assert (unit.closed_date is None) == held == (first == "sending"), f"{action}, {first} first"
        assert isinstance(answer, Refused), f"{action}, {first} first: {answer}"
        said = answer.errors[0].message.en if answer.errors else answer.message.en
        assert ("closed" in said) if first == "closing" else ("holds 1 open cases" in said), said
