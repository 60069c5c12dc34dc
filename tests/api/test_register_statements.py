"""How many statements the doors of the register send: as many for thirty rows as for one, and what the baseline says.

Within the transaction of the test: a savepoint stands for BEGIN and COMMIT. `tests/baselines/register.json` is written anew with JINGWEI_BASELINE=write.
"""

from datetime import date
from functools import partial
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.gis.geos import Point
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.timezone import now

from jingwei.accounts.rules import SYSTEM
from jingwei.registry.actions import issue_plates, record_reading
from jingwei.registry.models import Building, Component, Household, Organisation, Pledge, Premises, Resident
from jingwei.registry.queries.residents.facts import sealed
from jingwei.registry.rules.collections import COLLECTIONS
from jingwei.registry.rules.residents import read_facts
from tests.api.conftest import Caller
from tests.api.test_statement_counts import count, hold_to, say
from tests.ground import GRID, D, build_ground, lives, room, row
from tests.registry.importing import begin
from tests.world import IN_A1, A, World

pytestmark = pytest.mark.django_db
AROUND = {"circle": {"lon": IN_A1[0], "lat": IN_A1[1], "metres": 500}}
TILE = "14/13720/6694.mvt"
SINCE = date(2021, 1, 1)


def lists(g: SimpleNamespace) -> dict[str, tuple[str, str, Any]]:
    """What is asked, by the name in the baseline: method, path, body."""
    ways = {
        "resident": g.father.id, "household": g.home.id, "room": g.flat.id, "organisation": g.shop.id, "component": g.lamp.id, "address": g.road.pk,
        "grid": GRID,
    }  # fmt: skip
    gets = {
        "/residents": f"/residents?place={A}", "/residents/{id}": f"/residents/{g.father.id}", "/residents/{id}/looks": f"/residents/{g.father.id}/looks",
        "/rooms/found": "/rooms/found?q=延安路18号101", "/rooms/{id}/people": f"/rooms/{g.flat.id}/people", "/households/{id}": f"/households/{g.home.id}",
        "/components": "/components", "/components/counts": "/components/counts", "/components/{id}": f"/components/{g.lamp.id}",
        "/component-classes": "/component-classes", "/tiles/components": f"/tiles/components/{TILE}",
        "/organisations": "/organisations", "/organisations?q=": "/organisations?q=试验", "/organisations?building=": f"/organisations?building={g.house.pk}",
        "/organisations/{id}": f"/organisations/{g.shop.id}", "/tiles/premises": f"/tiles/premises/{TILE}",
        "/pledges": "/pledges", "/pledges/{id}": f"/pledges/{g.pledge.id}", "/buildings/{id}/plates": f"/buildings/{g.house.pk}/plates",
        "/fields": "/fields", "/statistics/areas": f"/statistics/areas?place={A}", "/addresses/{id}": f"/addresses/{g.number.pk}",
        "/imports": "/imports", "/imports/{id}": f"/imports/{g.sent.id}", "/imports/{id}/columns": f"/imports/{g.sent.id}/columns",
        "/tiles/base": f"/tiles/base/{TILE}", "/buildings/{id}/matrix": f"/buildings/{g.house.pk}/matrix",
    }  # fmt: skip
    asked = {f"GET {name}": ("GET", path, None) for name, path in gets.items()}
    asked |= {f"GET /association/{kind}": ("GET", f"/association/{kind}/{id}", None) for kind, id in ways.items()}
    asked |= {f"GET /ogc {c}": ("GET", f"/ogc/collections/{c}/items?limit=100", None) for c in COLLECTIONS}
    asked |= {"GET /ogc": ("GET", "/ogc", None), "GET /ogc/collections": ("GET", "/ogc/collections", None)}
    asked |= {f"POST /search {what}": ("POST", "/search", {"q": q}) for what, q in WORDS.items()}
    asked |= {
        "POST /residents/search": ("POST", "/residents/search", {"text": "欧阳"}),
        "POST /panorama/people": ("POST", "/panorama/people", AROUND),
        "POST /panorama/call-out": ("POST", "/panorama/call-out", AROUND | {"reason": "燃气泄漏疏散", "form": "csv"}),
    }
    return asked


WORDS = {"a name": "欧阳", "an address": "延安路18号", "a code": D + "01037", "an organisation": "面馆", "a plate": "P000001"}


def more_of_everything(g: SimpleNamespace, first: int, last: int) -> None:
    """More of each thing that a list shows."""
    for n in range(first, last):
        flat = room(g.house, f"{300 + n}")
        facts, faults = read_facts({"name": "欧阳试", "phone": f"0101200{n:04}"}, today=date(2026, 11, 22))
        assert not faults
        who = row(Resident, **sealed(facts))
        home = row(Household, room_id=flat.id, number=f"B{n}", head_id=who.id, from_date=SINCE)
        lives(who, flat, household=home)
        lives(who, g.flat, date(2010, 1, 1), date(2010 + n % 5, 6, 1), kind="temporary")
        shop = row(Organisation, name=f"试验面馆{n}", uscc="", kind="individual")
        point = Point(IN_A1[0], IN_A1[1] + n * 1e-5, srid=4326)
        for of in (shop, g.shop):
            row(Premises, organisation_id=of.id, building=g.house, room_id=flat.id, point=point, period=DateRange(SINCE, None))
        for klass in (g.lamps, g.hydrants):
            row(Component, code=f"{D}{klass.code}1{n:05}", klass=klass, name=f"面馆灯 {n}", geometry=point, organisation_id=g.shop.id)
        for by in ({"organisation_id": g.shop.id}, {"resident_id": g.father.id, "room_id": g.flat.id}):
            row(Pledge, kind="fire", title="消防安全责任书", signed_date=SINCE, term=DateRange(SINCE, date(2027, 1, 1)), **by)
        begin("buildings", b"name\nx\n", area=A)
        record_reading(actor=g.reader, at=now(), resident_id=who.id)
    issue_plates(actor=SYSTEM, at=now(), building_id=g.house.pk)


def test_the_doors_of_the_register(world: World) -> None:
    g = build_ground()
    g.reader, g.sent = world.actor("station_clerk"), begin("buildings", b"name\nx\n", area=A).job
    Building.objects.filter(pk=g.house.pk).update(kind="residential", use="residential")
    facts, _ = read_facts({"name": "欧阳试一", "phone": "01012000000"}, today=date(2026, 11, 22))
    Resident.objects.filter(id=g.father.id).update(**sealed(facts))
    caller = Caller(world, "station_clerk")
    sent: dict[str, list[str]] = {}
    few: dict[str, list[str]] = {}
    for first, last in ((0, 1), (1, 30)):
        more_of_everything(g, first, last)
        for name, (method, path, body) in lists(g).items():
            ask = partial(caller, method, path, body)
            ask()
            sent[name] = count(name, ask)
            few.setdefault(name, sent[name])
            assert len(sent[name]) == len(few[name]), f"{name}: {len(few[name])} statements for a row, {len(sent[name])} for thirty\n{say(sent[name])}"
    hold_to("register", sent)
