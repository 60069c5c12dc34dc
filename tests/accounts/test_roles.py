"""Units, roles and what one person can't hold together."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from itertools import permutations
from threading import Barrier
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.timezone import localdate, now

from jingwei.accounts.actions import close_unit, end_grant, grant_role, open_unit, register_person
from jingwei.accounts.models import Grant, Person, Unit
from jingwei.accounts.queries import actor_of_person
from jingwei.accounts.rules import ADMINISTRATORS, ROLES, SYSTEM, Actor, Held
from jingwei.events.models import Event
from jingwei.kit.errors import Forbidden, Invalid, NotFound, Problem, Refused
from tests.world import MONDAY, START, A, World


def somebody(name: str = "somebody") -> Person:
    return register_person(actor=SYSTEM, at=MONDAY, username=name, name=name, password=None, area="31")


def grant(person: Person, role: str, area: str = "31", **more: Any) -> Grant:
    return grant_role(
        actor=more.pop("actor", SYSTEM), at=more.pop("at", MONDAY), person=person, role=role, area=area, from_date=more.pop("from_date", START), **more
    )


# -- three administrators -----------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("first", "second"), list(permutations(ADMINISTRATORS, 2)))
def test_nobody_is_two_administrators(db: None, first: str, second: str) -> None:
    person = somebody()
    grant(person, first)
    events = Event.objects.count()
    with pytest.raises(Refused, match="administrators"):
        grant(person, second, area="310101")
    assert [g.role for g in person.grants.all()] == [first] and Event.objects.count() == events


@pytest.mark.parametrize("role", ADMINISTRATORS)
def test_a_machine_is_no_administrator(db: None, role: str) -> None:
    machine = register_person(actor=SYSTEM, at=MONDAY, username="hotline.machine", name="热线接口", password=None, area="31", is_machine=True)
    events = Event.objects.count()
    with pytest.raises(Refused, match="machine") as refused:
        grant(machine, role)
    assert refused.value.code == "grant_refused" and not machine.grants.exists() and Event.objects.count() == events
    assert grant(machine, "hotline_operator", unit=open_unit(actor=SYSTEM, at=MONDAY, code="u", name="热线", kind="command_centre", area="31"))


def test_one_after_the_other_is_possible(db: None) -> None:
    person = somebody()
    grant(person, "system_admin", until=date(2026, 6, 1))
    grant(person, "audit_admin", from_date=date(2026, 6, 1))
    with pytest.raises(Refused):
        grant(person, "security_admin", from_date=date(2026, 5, 31), until=date(2026, 6, 1))


def test_the_same_role_in_two_areas_is_possible(db: None) -> None:
    person = somebody()
    grant(person, "system_admin", area="310101")
    grant(person, "system_admin", area="310109")
    grant(person, "acceptor", area="310101")


def test_the_database_itself_refuses(db: None) -> None:
    person = somebody()
    grant(person, "system_admin")
    with pytest.raises(IntegrityError, match="grant_one_administrator_each"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("insert into accounts_grant (person_id, role, area, period) values (%s, 'audit_admin', '31', '[2026-01-01,)')", [person.pk])


@pytest.mark.django_db(transaction=True)
def test_three_administrators_race_for_one_person() -> None:
    for n in range(6):
        person = somebody(f"racer-{n}")
        start = Barrier(3)

        def take(role: str) -> str:
            try:
                start.wait(10)  # noqa: B023
                return grant(person, role).role  # noqa: B023
            except Problem as problem:
                return problem.code
            finally:
                connection.close()

        with ThreadPoolExecutor(3) as threads:
            answers = list(threads.map(take, ADMINISTRATORS))
        assert answers.count("grant_refused") == 2 and person.grants.count() == 1


# -- periods ------------------------------------------------------------------------------------------------------------------------------------


def roles_now(person: Person) -> frozenset[str]:
    actor = actor_of_person(person.pk)
    assert actor
    return actor.roles


def test_a_role_is_held_from_its_first_day_until_the_day_before_its_last(db: None) -> None:
    today, person = localdate(), somebody()
    grant(person, "analyst", from_date=today, until=today + timedelta(days=1))
    grant(person, "acceptor", from_date=today + timedelta(days=1))
    grant(person, "dispatcher", from_date=today - timedelta(days=5), until=today)
    assert roles_now(person) == {"analyst"}


def test_a_role_ends_at_once(db: None) -> None:
    person = somebody()
    given = grant(person, "analyst")
    assert roles_now(person) == {"analyst"}
    for _ in range(2):
        ended = end_grant(actor=SYSTEM, at=now(), grant_id=given.pk)
        assert ended.period.upper == localdate() and roles_now(person) == frozenset()
    assert Event.objects.filter(type="role.ended").count() == 1, "ended twice is ended once"


def test_a_role_that_has_not_begun_never_begins(db: None) -> None:
    person = somebody()
    given = grant(person, "analyst", from_date=localdate() + timedelta(days=30))
    for _ in range(2):
        end_grant(actor=SYSTEM, at=now(), grant_id=given.pk)
    assert Grant.objects.get(pk=given.pk).period.isempty


@pytest.mark.parametrize("until", [START, START - timedelta(days=1), date.min])
def test_a_period_ends_after_it_begins(db: None, until: date) -> None:
    with pytest.raises(Invalid) as refused:
        grant(somebody(), "analyst", until=until)
    assert [e.field for e in refused.value.errors] == ["until"]


def test_the_same_role_twice_is_refused(db: None) -> None:
    person = somebody()
    grant(person, "analyst")
    with pytest.raises(Refused, match="there already"):
        grant(person, "analyst", from_date=date(2026, 8, 1))


@pytest.mark.parametrize("role", ["department_clerk", "department_lead"])
def test_a_department_s_role_needs_its_unit(db: None, role: str) -> None:
    with pytest.raises(Refused, match="needs a unit"):
        grant(somebody(), role)


@pytest.mark.parametrize(("role", "area", "field"), [("king", "31", "role"), ("analyst", "310", "area"), ("analyst", "", "area"), ("analyst", "٣١", "area")])
def test_what_is_no_grant(db: None, role: str, area: str, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        grant(somebody(), role, area=area)
    assert [e.field for e in refused.value.errors] == [field]


def test_who_may_grant(world: World) -> None:
    person = world.people["analyst"]
    assert grant(person, "supervisor", actor=world.actor("security_admin"), area="310101").pk
    for other in ("system_admin", "audit_admin", "shift_leader", "far_acceptor"):
        with pytest.raises(Forbidden):
            grant(person, "dispatcher", actor=world.actor(other), area="310101")
    with pytest.raises(NotFound):
        end_grant(actor=Actor(1, "x", (Held("security_admin", "44"),)), at=MONDAY, grant_id=person.grants.all()[0].pk)


# -- units --------------------------------------------------------------------------------------------------------------------------------------


def test_a_unit_s_path_leads_from_the_root(world: World) -> None:
    units = world.units
    assert units["contractor"].path == f"/{units['centre'].pk}/{units['chengguan'].pk}/{units['contractor'].pk}/"
    assert units["station"].path.startswith(units["street"].path) and units["far_chengguan"].path.startswith(units["far_centre"].path)
    assert not units["far_centre"].path.startswith(units["centre"].path)


def test_a_code_is_used_once(world: World) -> None:
    with pytest.raises(Refused, match="taken"):
        open_unit(actor=SYSTEM, at=MONDAY, code="centre", name="另一个", kind="department", area="31")


@pytest.mark.parametrize(("kind", "area", "field"), [("palace", "31", "kind"), ("department", "310", "area")])
def test_what_is_no_unit(db: None, kind: str, area: str, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        open_unit(actor=SYSTEM, at=MONDAY, code="x", name="x", kind=kind, area=area)
    assert [e.field for e in refused.value.errors] == [field]


@pytest.mark.django_db(transaction=True)
def test_one_code_for_four_units_at_once() -> None:
    start = Barrier(4)

    def found(_: int) -> str:
        try:
            start.wait(10)
            return open_unit(actor=SYSTEM, at=MONDAY, code="new", name="新单位", kind="department", area="31").code
        except Refused as refused:
            return refused.code
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as threads:
        assert sorted(threads.map(found, range(4))) == ["new", "refused", "refused", "refused"]
    assert Unit.objects.count() == 1


def test_a_closed_unit_is_no_longer_offered(world: World) -> None:
    close_unit(actor=SYSTEM, at=MONDAY, unit=world.units["lvhua"])
    assert "lvhua" not in Unit.objects.current().values_list("code", flat=True)


# -- scope, on plain values ---------------------------------------------------------------------------------------------------------------------


def test_areas_without_those_inside_another() -> None:
    actor = Actor(1, "x", (Held("acceptor", "310101"), Held("worker", A + "001"), Held("analyst", "310109"), Held("system_admin", "44")))
    assert actor.areas() == ("310101", "310109") == actor.areas_seen()
    assert actor.roles_at(A) == {"acceptor"} and actor.roles_at(A + "001") == {"acceptor", "worker"} and actor.roles_at("44") == {"system_admin"}


def test_a_holder_is_of_the_unit_or_above_it() -> None:
    clerk = Actor(1, "x", (Held("department_clerk", "310101", 4, "/1/4/"),))
    assert clerk.held_as(("department_clerk",), A, "/1/4/") and clerk.held_as(("department_clerk",), A, "/1/4/9/")
    for place, path in ((A, "/1/"), (A, "/1/5/"), (A, "/1/40/"), ("310109", "/1/4/")):
        assert clerk.held_as(("department_clerk",), place, path) is None
    assert clerk.held_as(("acceptor",), A, None) is None


def test_the_program_itself_holds_nothing() -> None:
    assert SYSTEM.areas() == () and SYSTEM.roles == frozenset() and SYSTEM.opening_area() is None and SYSTEM.home_district() == "000000"


def test_every_role_has_its_name_in_both_languages() -> None:
    assert len(ROLES) == 16 and all(r.name.zh and r.name.en for r in ROLES.values())
    assert DateRange(START, None).upper is None
