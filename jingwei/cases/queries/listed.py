"""A case as a line of a list: what every list, map and answer to a report shows of it."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import orjson
from django.db.models import TextField
from django.db.models.expressions import RawSQL

from jingwei.cases.models import Case, CaseQuerySet
from jingwei.cases.queries.filters import compiled
from jingwei.cases.queries.rows import clock_of
from jingwei.cases.rules.clock import light
from jingwei.kit import db


class Listed(NamedTuple):
    """One line. Times and ids are values, or their JSON form where the line came from the database as JSON."""

    id: UUID | str
    number: str
    version: int
    process_id: int
    state: str
    light: str
    due_at: datetime | str | None
    paused_at: datetime | str | None
    matter_id: int
    text: str
    address: str
    place: str
    located: bool
    lon: float | None
    lat: float | None
    unit_id: int | None
    unit_name: str | None
    source: str
    urgent: bool
    opened_at: datetime | str
    entered_at: datetime | str
    closed_at: datetime | str | None
    due_order: str = ""


# The light is the one of cases.rules.clock.light.
_LINE = """json_build_array(cases_case.id, cases_case.number, cases_case.version, cases_case.process_id, cases_case.state,
  case when cases_case.paused_at is not null then 'paused' when cases_case.due_at is null then 'none' when cases_case.due_at <= %s then 'red'
       when cases_case.warn_at <= %s then 'amber' else 'green' end,
  cases_case.due_at, cases_case.paused_at, cases_case.matter_id, cases_case.text, cases_case.address, cases_case.place, cases_case.grid_id is not null,
  ST_X(cases_case.point), ST_Y(cases_case.point), cases_case.unit_id, (select name from accounts_unit where id = cases_case.unit_id),
  cases_case.source, cases_case.urgent, cases_case.opened_at, cases_case.entered_at, cases_case.closed_at, cases_case.due_order)::text"""


def lines(rows: CaseQuerySet, at: datetime) -> list[Listed]:
    """The lines of a (sliced, ordered) query, in one statement: the database writes JSON, which costs a tenth of making models."""
    return _lines(compiled(rows.values_list(_line(at), flat=True)))


def first_lines(parts: Iterable[CaseQuerySet], order: Sequence[str], size: int, at: datetime) -> list[Listed]:
    """The first lines of several queries together, each once, in `order` (names of columns, "-" for descending): of the first of each the
    first of all, in one statement."""
    names = [name.lstrip("-") for name in order]
    asked = [one for part in parts if (one := compiled(part.order_by(*order).values_list(_line(at), *names)[:size]))]
    if not asked:
        return []
    # What is in two parts is the same line twice: the union keeps one.
    together = " union ".join(f"({sql})" for sql, _ in asked)
    by = ", ".join(f"{name} desc" if wanted.startswith("-") else name for name, wanted in zip(names, order, strict=True))
    sql = f"select line from ({together}) found (line, {', '.join(names)}) order by {by} limit {size}"
    return _lines((sql, tuple(value for _, given in asked for value in given)))


def _line(at: datetime) -> RawSQL:
    return RawSQL(_LINE, [at, at], TextField())


def _lines(asked: tuple[str, tuple[Any, ...]] | None) -> list[Listed]:
    found = db.rows_anew(*asked) if asked else []
    return [Listed(*line) for line in orjson.loads("[" + ",".join(line for (line,) in found) + "]")]


def line_of(case: Case, at: datetime) -> Listed:
    """The line of a case in hand."""
    lon, lat = _lonlat(case)
    unit = case.unit if case.unit_id else None
    return Listed(
        case.id,
        case.number,
        case.version,
        case.process_id,
        case.state,
        light(clock_of(case), at),
        case.due_at,
        case.paused_at,
        case.matter_id,
        case.text,
        case.address,
        case.place,
        case.grid_id is not None,
        lon,
        lat,
        unit.pk if unit else None,
        unit.name if unit else None,
        case.source,
        case.urgent,
        case.opened_at,
        case.entered_at,
        case.closed_at,
    )


def _lonlat(case: Case) -> tuple[float | None, float | None]:
    raw: Any = case.__dict__.get("point")
    if raw is None:
        return None, None
    if isinstance(raw, str) and raw.startswith("SRID"):  # just written, SRID=4326;POINT(lon lat): no need to build a geometry
        lon, lat = raw[16:-1].split()
        return float(lon), float(lat)
    return raw.x, raw.y
