"""A case whose place was unknown or wrong is put where it is."""

from datetime import datetime
from uuid import UUID

from django.contrib.gis.geos import Point
from django.db import transaction
from django.utils.timezone import localdate

from jingwei.accounts.rules import SYSTEM, Actor
from jingwei.areas.queries import here
from jingwei.cases.models import Case
from jingwei.cases.rules.moves import may_locate
from jingwei.catalogue.queries import catalogue
from jingwei.events.actions import record
from jingwei.events.rules import key_reused
from jingwei.kit import db
from jingwei.kit.coords import Crs, to_wgs84
from jingwei.kit.errors import Conflict, Forbidden, NotFound, Refused, invalid
from jingwei.kit.ids import district_of
from jingwei.kit.text import T


@transaction.atomic
def locate_case(
    *, actor: Actor, case_id: UUID, crs: Crs, x: float, y: float, address: str = "", seen_version: int, at: datetime, command: str | None = None
) -> Case:
    """Put a case at a point; its grid is the one of today. Its home district stays, wherever the place turns out to lie.

    Raises NotFound, Conflict (stale version), Forbidden, Invalid (off the earth), Refused (it has ended; or the point
    lies in no grid, which would leave it where it was).
    """
    district = district_of(case_id)
    case = district and Case.objects.visible_to(actor).filter(district=district, id=case_id).select_for_update(no_key=True).first()
    if not case:
        raise NotFound(T("没有这个案件", "no such case"))
    if command and (seen := db.row("select subject_id, type from events_event where district = %s and command = %s", [district, f"{actor.id or 0}:{command}"])):
        if seen != (case_id, "case.located"):
            raise key_reused()
        return case
    if case.version != seen_version:
        raise Conflict(T("案件已被他人办理，请看最新情况", "somebody else has moved this case since"), code="stale_version", extra={"present": case})
    process = catalogue().process_version(case.process_id)
    if not may_locate(actor, case.place, process.states[case.state].kind):
        raise Forbidden(T("您不能改动这个案件的地点", "you may not move this case to another place"))
    try:
        lon, lat = to_wgs84(crs, x, y)
    except ValueError:
        raise invalid("position", "经纬度超出范围", "the coordinates are off the earth") from None
    found = here(lon, lat, localdate(at))
    if found.grid is None:
        raise Refused(T("该点不在任何网格内", "that point lies in no grid"), code="outside_every_grid")
    if actor is not SYSTEM and not any(found.grid[0].startswith(area) for area in actor.areas_seen()):
        raise Forbidden(T("地点不在您的管辖范围内", "that place lies outside your area"))
    before = case.place
    case.place = case.grid_id = found.grid[0]
    case.point, case.crs, case.x, case.y = Point(lon, lat, srid=4326), crs, x, y
    case.address = address.strip() or case.address
    case.version += 1
    Case.objects.filter(district=case.district, id=case.id).update(
        place=case.place,
        grid_id=case.grid_id,
        point=case.point,
        crs=crs,
        x=x,
        y=y,
        address=case.address,
        version=case.version,
    )
    record(
        "case.located",
        actor=actor,
        at=at,
        subject_type="case",
        subject_id=case.id,
        place=case.place,
        district=case.district,
        data={"place_before": before, "version": case.version},
        command=command and f"{actor.id or 0}:{command}",
    )
    return case
