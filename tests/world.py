"""A small city for the tests: one street with two communities and three grids, a second district, units, and one person a role.

Community A lies at 121.480–121.490 E, 31.230–31.240 N, in two halves (grids 001 west, 002 east); community B lies east of it.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from io import StringIO
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command
from django.test import TestCase

from jingwei.accounts.actions import grant_role, issue_token, open_unit, register_person
from jingwei.accounts.models import Grant, Person, Token, Unit
from jingwei.accounts.queries import actor_of_person
from jingwei.accounts.rules import SYSTEM, Actor
from jingwei.areas.actions import GridPlan, adopt_grids, draw_boundaries, post_worker
from jingwei.areas.models import Division
from jingwei.registry.actions import load_fields, switch_on
from jingwei.registry.management.commands.load_fields import SHIPPED as FIELDS
from jingwei.registry.models import Field

START = date(2026, 1, 1)
MONDAY = datetime(2026, 11, 16, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
STREET, OTHER_STREET = "310101013", "310109009"
A, B, FAR = "310101013001", "310101013002", "310109009001"
PASSWORD = "jingwei-test-1"

_TREE = {
    "31": "上海市",
    "3101": "市辖区",
    "310101": "黄浦区",
    STREET: "外滩街道",
    A: "甲居委会",
    B: "乙居委会",
    "310109": "虹口区",
    OTHER_STREET: "四川北路街道",
    FAR: "丙居委会",
}


def square(west: float, south: float, east: float, north: float) -> dict[str, Any]:
    """A rectangle as GeoJSON."""
    return {"type": "Polygon", "coordinates": [[[west, south], [east, south], [east, north], [west, north], [west, south]]]}


BOUNDARIES = {A: square(121.48, 31.23, 121.49, 31.24), B: square(121.49, 31.23, 121.50, 31.24), FAR: square(121.48, 31.26, 121.49, 31.27)}
GRIDS = {
    A: [
        GridPlan(A + "001", "basic", "甲一网格", square(121.48, 31.23, 121.485, 31.24)),
        GridPlan(A + "002", "basic", "甲二网格", square(121.485, 31.23, 121.49, 31.24)),
    ],
    B: [GridPlan(B + "001", "basic", "乙一网格", BOUNDARIES[B])],
    FAR: [GridPlan(FAR + "001", "basic", "丙一网格", BOUNDARIES[FAR])],
}
IN_A1, IN_A2, IN_B, IN_FAR, NOWHERE = (121.482, 31.235), (121.487, 31.235), (121.495, 31.235), (121.485, 31.265), (121.40, 31.10)


@dataclass
class World:
    """The city's units and people by name; `actor(name)` is the person with the roles held today."""

    units: dict[str, Unit] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)

    def actor(self, name: str) -> Actor:
        found = actor_of_person(self.people[name].pk)
        assert found
        return found


# name: role, unit, area
STAFF: dict[str, tuple[str, str, str]] = {
    "grid_lead": ("grid_lead", "station", A),
    "station_clerk": ("station_clerk", "station", A),
    "street_operator": ("street_operator", "street", STREET),
    "acceptor": ("acceptor", "centre", "310101"),
    "dispatcher": ("dispatcher", "centre", "310101"),
    "shift_leader": ("shift_leader", "centre", "310101"),
    "supervisor": ("supervisor", "centre", "310101"),
    "department_clerk": ("department_clerk", "chengguan", "310101"),
    "department_lead": ("department_lead", "chengguan", "310101"),
    "other_clerk": ("department_clerk", "lvhua", "310101"),
    "hotline_operator": ("hotline_operator", "centre", "310101"),
    "analyst": ("analyst", "centre", "310101"),
    "system_admin": ("system_admin", "centre", "31"),
    "security_admin": ("security_admin", "centre", "31"),
    "audit_admin": ("audit_admin", "centre", "31"),
    "far_acceptor": ("acceptor", "far_centre", "310109"),
    "far_clerk": ("department_clerk", "far_chengguan", "310109"),
}


def build_world() -> World:
    """Through the actions that a city would use."""
    call_command("load_catalogue", stdout=StringIO())
    for place, name in _TREE.items():
        code, level = place.ljust(12, "0"), {2: 1, 4: 2, 6: 3, 9: 4, 12: 5}[len(place)]
        parent = {4: place[:2], 6: place[:4], 9: place[:6], 12: place[:9]}.get(len(place), "")
        Division.objects.create(code=code, place=place, name=name, level=level, parent_id=parent.ljust(12, "0") if parent else None, valid_from=START)
    draw_boundaries(actor=SYSTEM, at=MONDAY, boundaries=_as_text(BOUNDARIES))
    for community, plan in GRIDS.items():
        adopt_grids(actor=SYSTEM, at=MONDAY, community=community, plan=plan, valid_from=START)
    world = World()
    for name, kind, area, parent in (
        ("centre", "command_centre", "310101", None),
        ("chengguan", "department", "310101", "centre"),
        ("lvhua", "department", "310101", "centre"),
        ("contractor", "contractor", "310101", "chengguan"),
        ("street", "street_centre", STREET, "centre"),
        ("station", "station", A, "street"),
        ("far_centre", "command_centre", "310109", None),
        ("far_chengguan", "department", "310109", "far_centre"),
    ):
        world.units[name] = open_unit(
            actor=SYSTEM,
            at=MONDAY,
            code=name,
            name=f"{name}单位",
            kind=kind,
            area=area,
            parent=world.units[parent] if parent else None,
        )
    for name, (role, unit, area) in STAFF.items():
        world.people[name] = person = _register(name, area)
        grant_role(actor=SYSTEM, at=MONDAY, person=person, role=role, area=area, unit=world.units[unit], from_date=START)
    for name, grid, unit in (("worker", A + "001", "station"), ("second_worker", A + "002", "station"), ("far_worker", FAR + "001", None)):
        world.people[name] = person = _register(name, grid)
        post_worker(actor=SYSTEM, at=MONDAY, person=person, grid=grid, from_date=START, unit=world.units[unit] if unit else None)
    fill_dictionary()
    return world


def fill_dictionary() -> None:
    """The field dictionary as a city has it that has said everything: owned by the centre, with a basis of its own where none ships, all on."""
    load_fields(actor=SYSTEM, at=MONDAY, text=FIELDS.read_text("utf-8"), owner="centre")
    Field.objects.filter(legal_basis="").update(legal_basis="本市条例（测试用）")
    switch_on(actor=SYSTEM, at=MONDAY, fields=Field.objects.values_list("thing", "name"))


def _register(name: str, area: str) -> Person:
    return register_person(actor=SYSTEM, at=MONDAY, username=name, name=f"{name}甲", password=PASSWORD, area=area, check=False)


def _as_text(shapes: dict[str, dict[str, Any]]) -> dict[str, str]:
    return {code: json.dumps(shape) for code, shape in shapes.items()}


def machine_like(person: Person, *, at: datetime, days: int = 30) -> tuple[Token, str]:
    """A machine with the roles that the person holds, and its token."""
    name = f"{person.username}.machine"
    machine = Person.objects.filter(username=name).first() or register_person(
        actor=SYSTEM, at=at, username=name, name="机器", password=None, area=person.area, is_machine=True
    )
    if not machine.grants.exists():
        Grant.objects.bulk_create(Grant(person=machine, role=g.role, area=g.area, unit=g.unit, period=g.period) for g in person.grants.select_related("unit"))
    return issue_token(actor=SYSTEM, at=at, person=machine, name="x", days=days)


_around: list[Any] = []  # the open transaction of the city


def _leave_city() -> None:
    while _around:
        TestCase._rollback_atomics(_around.pop())


@pytest.fixture(autouse=True)
def _the_city_steps_aside(request: pytest.FixtureRequest, django_db_blocker: Any) -> None:
    """Tests over real transactions come last in a module; they can't begin while the city's is open."""
    marker = request.node.get_closest_marker("django_db")
    if marker and marker.kwargs.get("transaction"):
        with django_db_blocker.unblock():
            _leave_city()


@pytest.fixture(scope="module")
def city(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """The city, built once a module (0.2 s) inside a transaction that is rolled back; each test rolls back to it."""
    with django_db_blocker.unblock():
        _around.append(TestCase._enter_atomics())
        try:
            yield build_world()
        finally:
            _leave_city()


@pytest.fixture
def world(city: World, db: None) -> World:
    """The city, for one test."""
    return replace(city)


@pytest.fixture
def standing_world(transactional_db: None) -> World:
    """The city committed, for tests with several connections; the tables are emptied afterwards."""
    return build_world()
