"""Whole lists of addresses go into the tree at once: those of a file, and the house numbers of the base map."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from jingwei.accounts.rules import KEEPS_REGISTER, SYSTEM, Actor
from jingwei.events.actions import record
from jingwei.kit import db
from jingwei.kit.codes import is_place
from jingwei.kit.errors import Forbidden, invalid
from jingwei.kit.times import localdate
from jingwei.registry.actions.keeping import check_keeps
from jingwei.registry.queries import gazetteer as names_of_divisions
from jingwei.registry.rules import addresses as rules


@dataclass(frozen=True)
class Written:
    """An address as a list has it: where (a place of six digits or more), its words, and its point in WGS-84 where known."""

    place: str
    text: str
    lon: float | None = None
    lat: float | None = None


_ENTER = """
insert into registry_address (parent_id, kind, name, standard, key, place, point, source, valid_from, import_id)
select n.parent, n.kind, n.name, n.standard, n.key, n.place, ST_SetSRID(ST_MakePoint(n.lon, n.lat), 4326), %s, %s, %s
  from unnest(%s::bigint[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::float8[], %s::float8[])
       n(parent, kind, name, standard, key, place, lon, lat)
 where not exists (select from registry_address a where a.key = n.key and a.valid_to is null and a.parent_id is not distinct from n.parent
                     and (n.parent is not null or a.place = n.place))
on conflict do nothing"""
_ENTERED = """
select n.i, a.id from unnest(%s::int[], %s::bigint[], %s::text[], %s::text[]) n(i, parent, key, place)
  join registry_address a on a.key = n.key and a.valid_to is null and a.parent_id is not distinct from n.parent
                         and (n.parent is not null or a.place = n.place)"""


@transaction.atomic
def enter_addresses(
    *, actor: Actor, at: datetime, written: Sequence[Written], source: str, gazetteer: rules.Gazetteer = rules.EMPTY, import_id: UUID | None = None
) -> list[int | None]:
    """A whole list, read and put into the tree level by level: street, number, building. A street is one of its district; what stands on it has the
    place of its line. What is there already is kept. Answers for each line the deepest node that its words name; None where they name none. `import_id`: of
    the import that makes them, so that it can be undone."""
    for area in {one.place for one in written}:
        check_keeps(actor, area, KEEPS_REGISTER)
        if not is_place(area) or len(area) < 6:
            raise invalid("place", "须为区县以下的区划或网格代码", "the code of a district, or of what lies in one")
    paths = []
    for one in written:
        reading = rules.read(one.text, gazetteer, one.place[:9])
        nodes = rules.path(rules.parts_of(reading), (e.label for e in reading.elements))
        paths.append([(kind, name) for kind, name in nodes if not rules.name_fault(name)])
    ids: list[int | None] = [None] * len(written)
    wholes = [""] * len(written)
    for depth in range(max(map(len, paths), default=0)):
        at_depth = [i for i, nodes in enumerate(paths) if len(nodes) > depth and (depth == 0 or ids[i] is not None)]
        for i in at_depth:
            wholes[i] += paths[i][depth][1]
        at_depth = [i for i in at_depth if len(wholes[i]) <= rules.WHOLE]
        _enter_level(at_depth, depth, written, paths, ids, wholes, (source, localdate(at), import_id))
    made = len({i for i in ids if i is not None})
    record("address.list_entered", actor=actor, at=at, subject_type="address", data={"source": source, "read": len(written), "nodes": made})
    return ids


def _place(one: Written, depth: int) -> str:
    return one.place if depth else one.place[:6]


def _enter_level(
    rows: Iterable[int],
    depth: int,
    written: Sequence[Written],
    paths: list[list[Any]],
    ids: list[int | None],
    wholes: list[str],
    whence: tuple[str, date, UUID | None],
) -> None:
    first: dict[tuple[int | None, str, str], int] = {}
    rows = list(rows)
    for i in rows:
        first.setdefault((ids[i] if depth else None, rules.normal(wholes[i]), _place(written[i], depth)), i)
    new = [
        (parent, *paths[i][depth], wholes[i], key, place, *((written[i].lon, written[i].lat) if len(paths[i]) == depth + 1 else (None, None)))
        for (parent, key, place), i in first.items()
    ]
    if not new:
        return
    db.run(_ENTER, [*whence, *map(list, zip(*new, strict=True))])
    keys = list(first)
    found = dict(db.rows(_ENTERED, [list(range(len(keys))), *map(list, zip(*keys, strict=True))]))
    known = {key: found.get(n) for n, key in enumerate(keys)}
    for i in rows:
        ids[i] = known.get((ids[i] if depth else None, rules.normal(wholes[i]), _place(written[i], depth)))


_PLATES = """
select {table}.id, place, street || number || case when number ~ '[0-9]$' then '号' else '' end, ST_X(p), ST_Y(p)
  from (select b.*, {point} p from {table} b) {table}
 where street <> '' and number <> '' and length(place) >= 6 and upper_inf(period) order by place, street, number_from, id"""


@transaction.atomic
def address_base_map(*, actor: Actor, at: datetime) -> int:
    """Every house number of the base map becomes a standard address, and its building stands at it where it stood at none. May be repeated. Answers how
    many buildings and points have one. Forbidden unless system administrator."""
    if actor is not SYSTEM and "system_admin" not in actor.roles:
        raise Forbidden()
    many = 0
    for table, point in (("registry_building", "b.point"), ("registry_landmark", "b.geometry")):
        plates = db.rows(_PLATES.format(table=table, point=point))
        written = [Written(place, text, lon, lat) for _, place, text, lon, lat in plates]
        ids = enter_addresses(actor=SYSTEM, at=at, written=written, source="base map", gazetteer=names_of_divisions())
        many += sum(i is not None for i in ids)
        if table == "registry_building":
            found = [(plate[0], i) for plate, i in zip(plates, ids, strict=True) if i is not None]
            db.run(
                """update registry_building b set address_id = n.address from unnest(%s::bigint[], %s::bigint[]) n(id, address)
                    where b.id = n.id and b.address_id is null""",
                [[b for b, _ in found], [a for _, a in found]],
            )
    return many
