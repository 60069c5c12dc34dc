"""What the register's writes have in common: where a point lies, who may write there, rows locked, and at the version that was seen."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from django.contrib.gis.geos import Point
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.timezone import localdate

from jingwei.accounts.rules import ROLES, Actor
from jingwei.areas.queries import here
from jingwei.events.actions import record
from jingwei.events.rules import key_reused
from jingwei.kit import db
from jingwei.kit.codes import district_of_place, is_place
from jingwei.kit.coords import Crs, to_wgs84
from jingwei.kit.errors import FieldError, Forbidden, Invalid, NotFound, invalid, stale
from jingwei.kit.ids import district_of
from jingwei.kit.text import T
from jingwei.registry.models.common import ByDistrict

Row = TypeVar("Row", bound=ByDistrict)


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
    """Raises Forbidden, which names who may, unless the actor holds one of `roles` over `place`."""
    if not actor.holds(roles, place):
        who = [ROLES[role].name for role in roles]
        zh, en = "、".join(name.zh for name in who), ", ".join(name.en.lower() for name in who)
        raise Forbidden(T(f"您不能在此处登记；可由本区域的{zh}办理", f"you may not keep the register there; who may, in that area: {en}"))


def lock_many(rows: QuerySet[Any], ids: Collection[Any], missing: T | None = None) -> dict[Any, Any]:
    """Those of `rows` (what the actor sees) with these ids, locked in the order of their keys: who locks the same waits, and nobody for each other.

    Raises NotFound (`missing`) unless all are there.
    """
    wanted = rows.filter(id__in=ids).order_by("id")
    if issubclass(rows.model, ByDistrict):
        wanted = rows.filter(district__in=[d for d in {district_of(id) for id in ids} if d], id__in=ids).order_by("district", "id")
    found = {row.id: row for row in wanted.select_for_update(no_key=True, of=("self",))}
    if len(found) < len(set(ids)):
        raise NotFound(missing)
    return found


def check_seen(row: Any, seen_version: int | None, **said: Any) -> None:
    """Raises Conflict where the row is no longer at the version that was seen (None: any), with how it stands: `said`, besides id and version."""
    if seen_version is not None and row.version != seen_version:
        present = {"id": row.id if isinstance(row.id, int) else str(row.id), "version": row.version}
        raise stale(**present | said)


def lock_one(model: type[Row], actor: Actor, id: UUID, seen_version: int | None = None, said: Callable[[Row], dict[str, Any]] | None = None) -> Row:
    """The row that the actor sees, locked, at the version that was seen. Raises NotFound, Conflict (`said`: how it stands)."""
    rows: Any = model._default_manager
    row: Row = lock_many(rows.visible_to(actor), [id])[id]
    check_seen(row, seen_version, **(said(row) if said else {}))
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
