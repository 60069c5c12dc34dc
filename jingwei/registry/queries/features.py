"""Items of the published collections as GeoJSON, made in the database: one statement a page, one an item, whatever their number."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from jingwei.accounts.rules import Actor
from jingwei.kit import db
from jingwei.kit.paging import decode_cursor, encode_cursor
from jingwei.kit.scope import begins_with
from jingwei.registry.queries.fields import dictionary
from jingwei.registry.rules.collections import CGCS2000, Collection, Property, Wanted


@dataclass(frozen=True, slots=True)
class Features:
    """A page: the features as JSON texts, and the cursor of the next page."""

    features: list[str]
    next: str | None


def published(collection: Collection) -> dict[str, Property]:
    """The properties of a collection whose fields are on."""
    held = dictionary()
    return {p.name: p for p in collection.properties if p.field is None or p.field[1] in held.on(p.field[0])}


def decode_key(cursor: str, length: int) -> list[str]:
    """The key in a cursor. Raises Invalid for one that is not ours."""
    return [str(part) for part in decode_cursor(cursor, length=length)]


def scope(collection: Collection, actor: Actor) -> tuple[str, dict[str, Any]]:
    """The condition of what the actor may see: as `visible_to` of the model says it (tests/registry/test_ogc.py holds them against each other)."""
    if not actor.held:
        return "false", {}
    if not collection.place:
        return "true", {}
    areas: Iterable[str] = actor.areas()
    if collection.code == "grids":
        areas = [area[:12] for area in (*areas, *actor.areas_of("system_admin"), *actor.areas_of("security_admin"))]
    given: dict[str, Any] = {}
    return begins_with(collection.place, list(areas), given), given


def feature_page(*, actor: Actor, collection: Collection, properties: dict[str, Property], wanted: Wanted) -> Features:
    """The features that are wanted and may be seen, in the order of their key, with `published` properties. Raises Invalid for a cursor that is not ours."""
    where, values = scope(collection, actor)
    conditions = [where]
    if wanted.boxes:
        boxes = []
        for n, box in enumerate(wanted.boxes):
            values |= {f"w{n}": box[0], f"s{n}": box[1], f"e{n}": box[2], f"n{n}": box[3]}
            envelope = f"ST_MakeEnvelope(%(w{n})s::float8, %(s{n})s::float8, %(e{n})s::float8, %(n{n})s::float8, 4326)"
            boxes.append(_near(collection, envelope))
        conditions.append(f"({' or '.join(boxes)})")
    if wanted.since:
        conditions.append(f"({collection.until} is null or {collection.until} > %(since)s::date)")
        values["since"] = wanted.since
    if wanted.until:
        conditions.append(f"({collection.since} is null or {collection.since} <= %(until)s::date)")
        values["until"] = wanted.until
    for n, (name, value) in enumerate(wanted.equal):
        conditions.append(f"({properties[name].sql})::text = %(p{n})s::text")
        values[f"p{n}"] = value
    columns = [column for column, _ in collection.key]
    if wanted.after:
        key = decode_key(wanted.after, len(columns))
        conditions.append(f"({', '.join(columns)}) > ({', '.join(f'%(k{n})s::{cast}' for n, (_, cast) in enumerate(collection.key))})")
        values |= {f"k{n}": part for n, part in enumerate(key)}
    sql = f"""select {", ".join(f"{column}::text" for column in columns)}, {_feature(collection, properties, wanted.crs)}
                from {collection.tables} where {" and ".join(conditions)} order by {", ".join(columns)} limit %(limit)s"""
    found = db.rows_anew(sql, values | {"limit": wanted.limit + 1})
    more = len(found) > wanted.limit
    found = found[: wanted.limit]
    return Features([row[-1] for row in found], encode_cursor(list(found[-1][:-1])) if more else None)


def one_feature(*, actor: Actor, collection: Collection, id: str, crs: str) -> str | None:
    """One feature by its id, as JSON text; None where there is none to be seen."""
    column, cast = collection.key[-1]
    where, values = scope(collection, actor)
    sql = f"select {_feature(collection, published(collection), crs)} from {collection.tables} where {where} and {column} = %(id)s::{cast}"
    found = db.row(sql, values | {"id": id})
    return str(found[0]) if found else None


def _near(collection: Collection, envelope: str) -> str:
    """Whether a feature touches a box, by the indexes of the columns that the geometry is made of."""
    by_index = {"buildings": "(t.geometry && {0} or t.point && {0})", "organisations": "(t.point && {0} or b.point && {0})"}
    first = by_index.get(collection.code, f"{collection.geometry} && {{0}}").format(envelope)
    return f"({first} and ST_Intersects({collection.geometry}, {envelope}))"


def _feature(collection: Collection, properties: dict[str, Property], crs: str) -> str:
    geometry = f"ST_FlipCoordinates({collection.geometry})" if crs == CGCS2000 else collection.geometry
    said = ", ".join(f"'{p.name}', {p.sql}" for p in properties.values())
    return f"""json_build_object('type', 'Feature', 'id', {collection.key[-1][0]}, 'geometry', ST_AsGeoJSON({geometry}, 7, 0)::json,
               'properties', json_build_object({said}))::text"""
