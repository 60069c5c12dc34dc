"""What writes to the things of a district have in common: where a point lies, who may write there, one row locked at the version that was seen."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from django.contrib.gis.geos import Point
from django.db import IntegrityError, transaction
from django.utils.timezone import localdate

from jingwei.accounts.rules import SYSTEM, Actor
from jingwei.areas.queries import here
from jingwei.events.actions import record
from jingwei.events.rules import key_reused
from jingwei.kit import db
from jingwei.kit.codes import district_of_place, is_place
from jingwei.kit.coords import Crs, to_wgs84
from jingwei.kit.errors import Conflict, FieldError, Forbidden, Invalid, NotFound, invalid
from jingwei.kit.ids import district_of
from jingwei.kit.text import T
from jingwei.registry.models.common import ByDistrict

Row = TypeVar("Row", bound=ByDistrict)
STALE = T("内容已被他人更改，请看最新情况", "somebody else changed this since")


@dataclass(frozen=True, slots=True)
class Spot:
    """A point as somebody declares it, in one of the coordinate systems."""

    crs: Crs
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a point lies: its grid, or the deepest division around it, and the numbers as they are kept."""

    point: Point
    crs: str
    place: str

    @property
    def district(self) -> str:
        return district_of_place(self.place)


def placed(spot: Spot, at: datetime, field: str = "position") -> Placed:
    """Raises Invalid for what is off the earth, or lies in no division that is known down to its district."""
    try:
        lon, lat = to_wgs84(spot.crs, spot.x, spot.y)
    except ValueError:
        raise invalid(field, "经纬度超出范围", "the coordinates are off the earth") from None
    found = here(lon, lat, localdate(at))
    place = found.grid[0] if found.grid else _deepest(found.divisions)
    if len(place) < 6:
        raise invalid(field, "该点不在任何区县之内", "that point lies in no district")
    return Placed(Point(lon, lat, srid=4326), "EPSG:4490" if spot.crs == "EPSG:4490" else "EPSG:4326", place)


def _deepest(divisions: list[tuple[str, str, int]]) -> str:
    return divisions[-1][0][: (2, 4, 6, 9, 12)[divisions[-1][2] - 1]] if divisions else ""


def known_place(place: str, field: str = "place") -> str:
    """A place of which a grid or division is known, at least a district. Raises Invalid."""
    known = (
        is_place(place)
        and len(place) >= 6
        and db.row("select 1 from areas_division where place = %(p)s union all select 1 from areas_grid where code = %(p)s limit 1", {"p": place})
    )
    if not known:
        raise invalid(field, "没有这个区划或网格（至少到区县）", "there is no such division or grid (a district at least)")
    return place


def check_keeps(actor: Actor, place: str, roles: tuple[str, ...]) -> None:
    """Raises Forbidden unless the actor holds one of `roles` over `place`."""
    if actor is not SYSTEM and not actor.roles_at(place) & set(roles):
        raise Forbidden(T("您不能在此处登记", "you may not keep the register there"))


def lock_one(model: type[Row], actor: Actor, id: UUID, seen_version: int | None = None, said: Callable[[Row], dict[str, Any]] | None = None) -> Row:
    """The row that the actor sees, locked. Raises NotFound, Conflict when it is no longer what was seen (`said`: how it stands)."""
    rows: Any = model._default_manager
    district = district_of(id)
    row: Row | None = rows.visible_to(actor).filter(district=district, id=id).select_for_update(no_key=True, of=("self",)).first() if district else None
    if row is None:
        raise NotFound()
    if seen_version is not None and row.version != seen_version:
        raise Conflict(STALE, code="stale_version", extra={"present": {"version": row.version, **(said(row) if said else {})}})
    return row


def done_before(command: str | None, actor: Actor, district: str, type: str) -> UUID | None:
    """What was made under this idempotency key before. Raises Refused where it was used for something else."""
    seen = command and db.row("select subject_id, type from events_event where district = %s and command = %s", [district, f"{actor.id or 0}:{command}"])
    if seen and seen[1] != type:
        raise key_reused()
    return seen[0] if seen else None


def note(type: str, *, actor: Actor, at: datetime, row: ByDistrict, subject: str, data: dict[str, Any], command: str | None = None) -> UUID:
    """The event of a write to `row`. Raises Refused when another request used the key at this very moment."""
    try:
        with transaction.atomic():
            return record(
                type, actor=actor, at=at, subject_type=subject, subject_id=row.id, place=row.place, district=row.district, data=data,
                command=command and f"{actor.id or 0}:{command}",
            )  # fmt: skip
    except IntegrityError as error:
        if "event_command_once" not in str(error):
            raise
        raise key_reused() from None


def change(row: Row, values: dict[str, Any]) -> dict[str, Any]:
    """Write what differs, and the next version; answers the fields that changed with what they were before."""
    before = {key: getattr(row, key) for key, value in values.items() if getattr(row, key) != value}
    if before:
        for key in before:
            setattr(row, key, values[key])
        row.version += 1
        write(row, *before)
    return before


def write(row: ByDistrict, *fields: str) -> None:
    """The named fields and the version, as they stand in `row`."""
    rows: Any = type(row)._default_manager
    rows.filter(district=row.district, id=row.id).update(version=row.version, **{key: getattr(row, key) for key in fields})


def refuse(faults: list[tuple[str, T | None]]) -> None:
    """Raises Invalid with every field that has a fault."""
    errors = [FieldError(field, fault) for field, fault in faults if fault]
    if errors:
        raise Invalid(errors=errors)
