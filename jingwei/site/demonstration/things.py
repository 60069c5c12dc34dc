"""What stands and trades in the quarter: lamps, covers, bins and trees along its roads, shops in its buildings, with frontages, signs and pledges.

All of it is invented, and says so: names begin with 试验, credit codes are of the division 999999, which is none. Each step may be repeated.
"""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db import transaction
from shapely.geometry import LineString, MultiLineString, Point
from shapely.geometry.base import BaseGeometry

from jingwei.accounts.rules import SYSTEM
from jingwei.events.actions import record
from jingwei.registry.actions import (
    ComponentFacts,
    OrganisationFacts,
    PledgeFacts,
    PremisesFacts,
    Spot,
    load_shipped_classes,
    register_component,
    register_organisation,
    sign_pledge,
)
from jingwei.registry.actions.components.bulk import TakenComponent, take_components
from jingwei.registry.models import Building, ComponentClass, Organisation
from jingwei.registry.rules.numbers import organisation_check, uscc_check
from jingwei.site.demonstration import place

SOURCE = "演示（虚构）"
STEP = 1 / 96_000  # a metre, in degrees, as far as a demonstration wants to know
# class: metres between two of them, and from the middle of the road
ALONG = {"01037": (42, 5), "01002": (55, 0), "01003": (70, 2), "03005": (120, 6), "04002": (24, 7), "02010": (150, 6), "01013": (160, 7), "02003": (210, 5)}
STATES = ("intact",) * 44 + ("damaged",) * 4 + ("missing",) + ("abandoned",)
MOST = 900  # components
TRADES = (
    ("面馆", "H6210", "shop"), ("便利店", "F5212", "shop"), ("五金店", "F5273", "shop"), ("理发店", "O8040", "shop"), ("药房", "F5251", "shop"),
    ("茶室", "H6231", "shop"), ("印刷社", "C2319", "workshop"), ("旅社", "H6120", "other"), ("设计事务所", "M7485", "office"), ("诊所", "Q8425", "clinic"),
)  # fmt: skip
GIVEN = "一二三四五六七八九十"
SHOPS = 40
FOUR = "包卫生、包秩序、包绿化、包设施"


def load_things(now: datetime) -> None:
    """Load what is missing of it."""
    load_shipped_classes(at=now)
    with transaction.atomic():
        taken = take_components(at=now, rows=_some(list(_components())), source=SOURCE)
        if taken.added:
            record("components.taken", actor=SYSTEM, at=now, subject_type="components", data={"source": SOURCE, "added": len(taken.added)})
    if not Organisation.objects.filter(source=SOURCE).exists():
        with transaction.atomic():
            _shops(now)


def _some(rows: list[TakenComponent]) -> list[TakenComponent]:
    """So many of them, from everywhere in the quarter."""
    return rows[:: max(1, len(rows) // MOST)]


def _components() -> Iterator[TakenComponent]:
    """Along the roads, every so many metres, now on this side, now on that."""
    lot = random.Random(47678)  # noqa: S311  the same things each time
    classes = {k.code: k.pk for k in ComponentClass.objects.filter(edition="GB/T 47678.5-2026", code__in=ALONG)}
    line = 0
    for properties, shape in place.features("roads"):
        for code, (every, aside) in ALONG.items():
            for n, point in enumerate(_every(shape, every * STEP, aside * STEP)):
                if place.grid_of(point.x, point.y) is None:
                    continue
                line += 1
                name = properties.get("name") or ""
                facts = {
                    "state": lot.choice(STATES),
                    "address": f"{name}（演示）" if name else "",
                    "keeper": "试验养护公司",
                    "owner": "试验市政所",
                    "note": "虚构",
                }
                shape_text = f"SRID=4326;POINT({point.x:.7f} {point.y:.7f})"
                yield TakenComponent(line, classes[code], code, shape_text, source_id=f"{properties['id']}-{code}-{n}", facts=facts)


def _every(shape: BaseGeometry, step: float, aside: float) -> Iterator[Point]:
    for piece in shape.geoms if isinstance(shape, MultiLineString) else [shape]:
        if not isinstance(piece, LineString) or piece.length < step:
            continue
        for n in range(1, int(piece.length / step) + 1):
            at, ahead = piece.interpolate(n * step - step / 2), piece.interpolate(n * step - step / 2 + STEP)
            length = max(at.distance(ahead), 1e-12)
            side = aside if n % 2 else -aside
            yield Point(at.x - (ahead.y - at.y) / length * side, at.y + (ahead.x - at.x) / length * side)


def _shops(now: datetime) -> None:
    lot, today = random.Random(31000), now.date()  # noqa: S311
    buildings = list(Building.objects.filter(place__regex=r"^\d{15}$", geometry__isnull=False).order_by("source_id")[:: max(1, 1200 // SHOPS)][:SHOPS])
    for n, building in enumerate(buildings):
        trade, industry, use = TRADES[n % len(TRADES)]
        name = f"试验{GIVEN[n // 10]}{GIVEN[n % 10]}{trade}"
        since = today - timedelta(days=lot.randrange(60, 2000))
        shop = register_organisation(
            actor=SYSTEM, at=now, source=SOURCE, premises=PremisesFacts(since, building_id=building.pk, use=use),
            facts=OrganisationFacts(name, _code(n), "individual" if use == "shop" else "enterprise", industry=industry),
        )  # fmt: skip
        assert building.geometry
        middle = building.geometry.point_on_surface
        spot = Spot("EPSG:4326", middle.x, middle.y)
        if use == "shop":
            register_component(
                actor=SYSTEM, at=now, klass="90001", edition="本市部件", spot=spot, source=SOURCE,
                facts=ComponentFacts(name=f"{name}门前", organisation_id=shop.id, attributes={"长度": str(lot.randrange(4, 20)), "责任内容": FOUR}),
            )  # fmt: skip
            register_component(actor=SYSTEM, at=now, klass="03007", spot=spot, source=SOURCE, facts=ComponentFacts(name=f"{name}店招", organisation_id=shop.id))
        first = min(today - timedelta(days=360 - lot.choice((-30, 3, 12, 25, 90, 200, 300))), today)
        last = first + timedelta(days=364)
        kind, title = ("frontage", "门前四包责任书") if use == "shop" and n % 2 else ("fire", "消防安全责任书")
        sign_pledge(
            actor=SYSTEM, at=now, source=SOURCE,
            facts=PledgeFacts(kind, title, min(first, today), first, last, f"试验-{n + 1:03d}", organisation_id=shop.id, building_id=building.pk),
        )  # fmt: skip


def _code(n: int) -> str:
    eight = f"{n:08d}"
    first = "92999999" + eight + organisation_check(eight)
    return first + uscc_check(first)
