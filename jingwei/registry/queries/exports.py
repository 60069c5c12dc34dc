"""What an export of each kind holds: its columns (those by which it is imported again), and its rows as a stream, within the areas that are given."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any, NamedTuple

from django.db import connection

from jingwei.kit import crypto
from jingwei.kit.scope import lies_in
from jingwei.kit.text import T
from jingwei.registry.queries.fields import fields_on
from jingwei.registry.queries.naming import address_sql, called_sql, door_sql
from jingwei.registry.queries.residents import opened
from jingwei.registry.rules.imports.dictionary import fields_of
from jingwei.registry.rules.numbers import mask_identity

_WITHIN = lies_in("t.place")
_ROOM = f"{called_sql()} || {door_sql('m')}"
_MASKS: dict[str, Callable[[str], str]] = {"identity": mask_identity, "phone": crypto.mask_phone}


class Exported(NamedTuple):
    """A kind of export. `sealed`: columns that are opened on the way out ("identity", "phone", "name": table's field); `personal`: for those who keep
    the register; the last column of the statement is the geometry."""

    title: T
    columns: tuple[str, ...]
    sql: str
    sealed: tuple[str, ...] = ()
    personal: bool = False


EXPORTS: dict[str, Exported] = {
    "divisions": Exported(
        T("行政区划", "Divisions"),
        ("code", "name", "level", "place"),
        f"select t.code, t.name, t.level, t.place, ST_AsBinary(t.boundary) from areas_division t where {_WITHIN} order by t.code",
    ),
    "grids": Exported(
        T("网格", "Grids"),
        ("code", "name", "kind", "community"),
        f"""select t.code, t.name, t.kind, t.community_id, ST_AsBinary(t.boundary) from areas_grid t where {lies_in("t.code")}
             and upper_inf(t.period) order by t.code""",
    ),
    "addresses": Exported(
        T("标准地址", "Addresses"),
        ("address", "code", "kind", "place"),
        f"select t.standard, t.code, t.kind, t.place, ST_AsBinary(t.point) from registry_address t where {_WITHIN} and t.valid_to is null order by t.id",
    ),
    "buildings": Exported(
        T("楼栋", "Buildings"),
        ("code", "name", "address", "floors_above", "floors_below", "units", "use", "height", "built_year", "source_id"),
        f"""select t.code, t.name, coalesce({address_sql("t")}, ''), t.floors_above, t.floors_below, t.units, t.use, t.height, t.built_year,
                   t.source_id, ST_AsBinary(coalesce(t.geometry, t.given)) from registry_building t
             where {_WITHIN} and upper_inf(t.period) order by t.id""",
    ),
    "rooms": Exported(
        T("房屋", "Rooms"),
        ("building", "unit", "floor", "number", "use", "tenure", "area", "code", "address"),
        f"""select b.code, t.unit, t.floor, t.number, t.use, t.tenure, t.area, t.code, {called_sql()} || {door_sql("t")}, ST_AsBinary(b.point)
              from registry_room t join registry_building b on b.id = t.building_id
             where {_WITHIN} and t.ended_date is null order by t.building_id, t.unit, t.floor, t.number""",
    ),
    "residents": Exported(
        T("实有人口", "Residents"),
        ("name", "identity_kind", "identity", "phone", "sex", "birth_date", "address", "room", "residency_kind", "relation", "household", "from_date"),
        f"""select r.name_sealed, r.identity_kind, r.identity_sealed, r.phone_sealed, r.sex, to_char(r.born, 'YYYY-MM'), {_ROOM}, m.code, t.kind, t.relation,
                   h.number, lower(t.period), null::bytea
              from registry_residency t join registry_resident r on r.district = t.district and r.id = t.resident_id join registry_room m on m.id = t.room_id
              join registry_building b on b.id = m.building_id
              left join registry_household h on h.id = t.household_id
             where {_WITHIN} and r.merged_into is null and t.period @> %(on)s::date order by t.room_id, t.household_id, r.id""",
        sealed=("name", "identity", "phone"),
        personal=True,
    ),
    "organisations": Exported(
        T("法人单位", "Organisations"),
        ("uscc", "name", "kind", "status", "industry", "address"),
        f"""select t.uscc, t.name, t.kind, t.status, t.industry, p.address, ST_AsBinary(coalesce(p.point, b.point)) from registry_organisation t
              left join lateral (select * from registry_premises p where p.district = t.district and p.organisation_id = t.id and p.period @> %(on)s::date
                                  order by p.id limit 1) p on true left join registry_building b on b.id = p.building_id
             where {_WITHIN} and t.ended_date is null order by t.id""",
    ),
    "components": Exported(
        T("部件", "Components"),
        (
            "code", "class", "name", "state", "department", "department_code", "owner", "owner_code", "keeper", "keeper_code", "placed_date", "source",
            "source_id", "address", "crs",
        ),
        f"""select t.code, k.code, t.name, t.state, t.department, t.department_code, t.owner, t.owner_code, t.keeper, t.keeper_code, t.placed_date, t.source,
                   t.source_id, t.address, t.crs, ST_AsBinary(t.geometry) from registry_component t join registry_componentclass k on k.id = t.klass_id
             where {_WITHIN} order by t.code""",
    ),
    "pledges": Exported(
        T("责任书", "Pledges"),
        ("number", "kind", "title", "uscc", "address", "signed_date", "from_date", "to_date"),
        f"""select t.number, t.kind, t.title, o.uscc, case when m.id is not null then {_ROOM} end, t.signed_date, lower(t.term), upper(t.term) - 1, null::bytea
              from registry_pledge t left join registry_organisation o on o.id = t.organisation_id left join registry_room m on m.id = t.room_id
              left join registry_building b on b.id = m.building_id
             where {_WITHIN} order by t.id""",
        personal=True,
    ),
}  # fmt: skip


def export_columns(kind: str) -> list[str]:
    """The columns that come out: none whose field is off in the dictionary."""
    return [c for c in EXPORTS[kind].columns if not any(names - fields_on(thing) for thing, names in fields_of(kind, [c]).items())]


def export_rows(kind: str, *, areas: list[str], on: date, unmasked: bool) -> Iterator[list[Any]]:
    """The rows within `areas` on a day, streamed: the cells of `export_columns`, and the geometry. Numbers are masked unless `unmasked`."""
    what = EXPORTS[kind]
    kept = [n for n, column in enumerate(what.columns) if column in set(export_columns(kind))]
    with connection.chunked_cursor() as cursor:
        cursor.execute(what.sql, {"areas": areas, "on": on} if "%(on)s" in what.sql else {"areas": areas})
        while batch := cursor.fetchmany(2000):
            for row in batch:
                cells = list(row)
                for n in kept:
                    column = what.columns[n]
                    if column in what.sealed:
                        text = opened(cells[n], column) if cells[n] is not None else ""
                        cells[n] = text if unmasked or column not in _MASKS or not text else _MASKS[column](text)
                yield [*(cells[n] for n in kept), cells[-1]]
