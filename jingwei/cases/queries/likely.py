"""What is likely the same thing: asked while a report is written, and of a case already reported."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import cos, radians
from uuid import UUID

from django.contrib.gis.db.models.functions import Distance
from django.contrib.gis.geos import Point
from django.contrib.gis.measure import D
from django.db.models.functions import Left

from jingwei.accounts.rules import Actor
from jingwei.cases.models import Case, CaseQuerySet
from jingwei.cases.queries.whole import one_case
from jingwei.cases.rules.likeness import DAYS, METRES, READ, Sighting, ranked
from jingwei.catalogue.queries import catalogue
from jingwei.kit.text import T

# The nearest so many are looked at: 640 lay in the fullest field in which the rule was fitted.
MOST = 640


@dataclass(frozen=True)
class Likely:
    """A case, its distance in metres, and what besides distance and age speaks for its being the same thing."""

    case: Case
    metres: float
    why: list[T]


def near_cases(
    *, actor: Actor, at: datetime, lon: float, lat: float, metres: float, matter: str = "", text: str = "", address: str = "", limit: int = 20
) -> list[Likely]:
    """Cases still open within `metres` of a WGS-84 point, the likeliest to be what is being reported first; two statements."""
    rows = Case.objects.visible_to(actor).filter(is_open=True)
    return _likeliest(rows, Sighting(lon, lat, at, matter, text, address), metres, limit)


def similar_cases(*, actor: Actor, case_id: UUID, limit: int = 10) -> list[Likely]:
    """What was reported near a case in the days before it and that the actor sees, in whatever state, the likeliest to be the same thing first;
    three statements. Nothing for a case without a point. Raises NotFound."""
    case = one_case(actor=actor, case_id=case_id)
    if case.point is None:
        return []
    x, y = case.point.coords
    matter = catalogue().matter_by_id(case.matter_id).code
    rows = Case.objects.visible_to(actor).exclude(district=case.district, id=case.id)
    rows = rows.filter(opened_at__gte=case.opened_at - timedelta(days=DAYS), opened_at__lte=case.opened_at)
    return _likeliest(rows, Sighting(x, y, case.opened_at, matter, case.text, case.address), METRES, limit)


def _likeliest(rows: CaseQuerySet, report: Sighting, metres: float, limit: int) -> list[Likely]:
    """Of `rows` within `metres` of the report those that rank first: what the rule wants of many, then the few that are shown."""
    book, here = catalogue(), Point(report.lon, report.lat, srid=4326)
    degrees = metres / 111_000 / max(0.05, cos(radians(report.lat)))
    found = (
        rows.filter(point__bboverlaps=here.buffer(degrees))
        .annotate(away=Distance("point", here), said=Left("text", READ))
        .filter(away__lte=D(m=metres))
        .order_by("away", "opened_at", "id")
        .values_list("district", "id", "point", "opened_at", "matter_id", "said", "address")[:MOST]
    )
    keys, seen = [], []
    for district, id, point, opened_at, matter_id, said, address in found:
        assert point
        keys.append((district, id))
        seen.append(Sighting(point.x, point.y, opened_at, book.matter_by_id(matter_id).code, said, address))
    first = ranked(report, seen)[:limit]
    chosen = [keys[one.index] for one in first]
    whole = Case.objects.filter(district__in={d for d, _ in chosen}, id__in=[id for _, id in chosen]).select_related("unit")
    by_id = {case.id: case for case in whole}
    return [Likely(by_id[keys[one.index][1]], one.metres, one.why) for one in first if keys[one.index][1] in by_id]
