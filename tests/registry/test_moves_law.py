"""Whatever is asked for, in whatever order: nobody has two permanent rooms on a day, and the state of a room on any day is what the moves made it."""

import threading
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jingwei.accounts.rules import SYSTEM
from jingwei.kit.errors import Problem
from jingwei.registry.actions import Newcomer, merge_residents, move, move_in, move_out, register_resident
from jingwei.registry.models import Residency, Resident, Room
from jingwei.registry.queries import people_of_room
from tests.ground import house, room
from tests.registry.test_residents import card
from tests.world import IN_A1, MONDAY, A, World

FIRST = date(2026, 1, 1)
DAYS = 20
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["in", "in", "stay", "out", "move", "move", "merge"]), st.integers(0, 1), st.integers(0, 2), st.integers(0, 2), st.integers(0, DAYS - 1)
    ),
    min_size=1,
    max_size=9,
)


@pytest.mark.django_db
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS)
def test_the_law_of_moves(world: World, flats: list[Room], steps: list[tuple[str, int, int, int, int]]) -> None:
    with transaction.atomic():
        _play(flats, steps)
        transaction.set_rollback(True)


def _play(flats: list[Room], steps: list[tuple[str, int, int, int, int]]) -> None:
    people = [register_resident(actor=SYSTEM, at=MONDAY, place=A + "001", facts={"name": f"试{n}"}).id for n in "甲乙"]
    merged = False
    told: list[list[Any]] = []  # what the moves that were taken say: [person, room, first day, day after the last or None, permanent]
    for verb, who, here, there, n in steps:
        id, on = people[who], FIRST + timedelta(days=n)
        try:
            with transaction.atomic():
                if verb in ("in", "stay"):
                    kind = "permanent" if verb == "in" else "temporary"
                    move_in(actor=SYSTEM, at=MONDAY, room_id=flats[here].id, people=[Newcomer(resident_id=id)], from_date=on, kind=kind)
                elif verb == "out":
                    move_out(actor=SYSTEM, at=MONDAY, room_id=flats[here].id, residents={id: None}, on=on)
                elif verb == "move":
                    move(actor=SYSTEM, at=MONDAY, residents={id: None}, from_room=flats[here].id, room_id=flats[there].id, on=on)
                else:
                    kept, other = people if who == 0 else people[::-1]
                    versions = dict(Resident.objects.filter(id__in=people).values_list("id", "version"))
                    merge_residents(actor=SYSTEM, at=MONDAY, kept=kept, kept_version=versions[kept], other=other, other_version=versions[other])
        except Problem:
            continue
        mine = people if merged else [id]
        if verb == "merge":
            merged = True
        if verb in ("out", "move"):
            for line in told:
                if line[0] in mine and line[1] == here and line[3] is None:
                    line[3] = on
        if verb in ("in", "stay", "move"):
            told.append([id, here if verb != "move" else there, on, None, verb != "stay"])
    for n in range(DAYS + 2):
        day = FIRST + timedelta(days=n)
        for i in range(3):
            seen = people_of_room(actor=SYSTEM, room_id=flats[i].id, on=day)
            found = sorted(str(m.stay.record) for m in [*(m for h in seen.households for m in h.members), *seen.others])
            assert found == sorted(str(line[0]) for line in told if line[1] == i and line[2] <= day and (line[3] is None or day < line[3]))
        for group in [people] if merged else [[id] for id in people]:
            here_for_good = Residency.objects.filter(resident_id__in=group, kind="permanent", period__contains=day)
            assert here_for_good.count() <= 1


def _both(first: Callable[[], Any], second: Callable[[], Any]) -> list[str]:
    """What came of two that begin at once: "done", or the code of the refusal."""
    start, outcomes = threading.Barrier(2), list[str]()

    def run(do: Callable[[], Any]) -> None:
        start.wait()
        try:
            do()
            outcomes.append("done")
        except Problem as refused:
            outcomes.append(refused.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(do,)) for do in (first, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(outcomes)


@pytest.fixture
def two_rooms(standing_world: World) -> list[Room]:
    here = house(IN_A1, A + "001", 18)
    return [room(here, "101"), room(here, "102")]


@pytest.mark.django_db(transaction=True)
def test_two_who_move_one_person_at_once_make_one_permanent_room(standing_world: World, two_rooms: list[Room]) -> None:
    who = register_resident(actor=SYSTEM, at=MONDAY, place=A + "001", facts={"name": "试甲"}).id

    def into(n: int) -> Callable[[], Any]:
        return lambda: move_in(actor=SYSTEM, at=MONDAY, room_id=two_rooms[n].id, people=[Newcomer(resident_id=who)], from_date=FIRST)

    assert _both(into(0), into(1)) == ["done", "two_permanent_rooms"]
    assert Residency.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_who_register_one_number_at_once_make_one_record(standing_world: World, two_rooms: list[Room]) -> None:
    def into(n: int) -> Callable[[], Any]:
        who = Newcomer({"name": "试甲", "identity_number": card(1)})
        return lambda: move_in(actor=SYSTEM, at=MONDAY, room_id=two_rooms[n].id, people=[who], from_date=FIRST)

    assert _both(into(0), into(1)) == ["already_registered", "done"]
    assert Resident.objects.count() == 1
