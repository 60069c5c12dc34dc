"""Many components come in at once: matched, placed, numbered and written set by set, so that 100,000 take seconds."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple, Protocol
from uuid import UUID

import orjson

from jingwei.kit import db
from jingwei.kit.ids import new_id
from jingwei.kit.text import T
from jingwei.kit.times import localdate

# Columns that a row may say; what it does not say (None) stays as it is.
FACTS = (
    *("name", "state", "department", "department_code", "owner", "owner_code", "keeper", "keeper_code"),
    *("accuracy", "placed_date", "changed_date", "note", "address"),
)


@dataclass(frozen=True, slots=True)
class TakenComponent:
    """One sound row: its line, its class (id and code), its EWKT shape in degrees, and the facts that it says. Known again by `code`, else by the
    source's own number, else by class and shape."""

    line: int
    klass_id: int
    klass: str
    shape: str
    crs: str = "EPSG:4326"
    code: str = ""
    source_id: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)
    attributes: Mapping[str, str] = field(default_factory=dict)


class Moved(NamedTuple):
    """A condition of a known component that has ended, or (`made`) begins."""

    district: str
    id: UUID
    component_id: UUID
    made: bool


class Journal(Protocol):
    """Who is told what changes, so that it can be taken back: components (district, id) before they do, conditions afterwards."""

    def changing(self, keys: Sequence[tuple[str, UUID]]) -> None: ...

    def conditions(self, moved: Sequence[Moved]) -> None: ...


@dataclass
class Taken:
    """What became of the rows, by line: read = added + changed + unchanged + refused."""

    added: list[int] = field(default_factory=list)
    changed: list[int] = field(default_factory=list)
    unchanged: list[int] = field(default_factory=list)
    refused: dict[int, T] = field(default_factory=dict)


WHY = {
    "shape": T("几何无效或为空", "not a valid geometry"),
    "nowhere": T("该点不在任何区县之内", "the point lies in no district"),
    "outside": T("不在本次导入的区域之内", "it lies outside the area of this import"),
    "twice": T("编号在文件中重复", "its number stands twice in the file"),
    "district": T("标识码的区划与所在地不符", "the code names another district than the place"),
    "klass": T("同一标识码（编号）已是另一类部件", "this code or number is of a component of another class"),
    "taken": T("标识码已是来自另一来源的部件", "the code is that of a component of another source"),
    "removed": T("该部件已移除，不再变更", "it was removed and is not changed any more"),
    "full": T("该类部件的顺序号已用尽", "the numbers of this class are used up"),
}
_TABLE = f"""
create temp table incoming_component (line int, klass_id bigint, klass varchar, shape text, crs varchar, code varchar, source_id varchar, attributes jsonb,
  {", ".join(f"{name} {'date' if name.endswith('_date') else 'varchar'}" for name in FACTS)})"""
_MORE = """
alter table incoming_component add geometry geometry, add place varchar, add district varchar, add id uuid, add was uuid, add home varchar, add what varchar"""
_SHAPED = """
update incoming_component set geometry = ST_GeomFromEWKT(shape),
       source_id = case when source_id <> '' then source_id when code <> '' then '' else '#' || md5(klass || shape) end"""
_PLACED = """
update incoming_component i set place = p.place, district = left(p.place, 6), what = case
         when not ST_IsValid(geometry) or ST_IsEmpty(geometry) then 'shape' when length(p.place) < 6 then 'nowhere' when not p.place ^@ %(area)s then 'outside'
         when i.code <> '' and left(i.code, 6) <> left(p.place, 6) then 'district' end
  from (select line, coalesce(
          (select g.code from areas_grid g where ST_Covers(g.boundary, s.point) and g.period @> %(on)s::date and g.kind <> 'micro' order by g.code limit 1),
          (select d.place from areas_division d where ST_Covers(d.boundary, s.point) order by d.level desc, d.code limit 1), '') place
          from (select line, case when ST_Dimension(geometry) = 0 then geometry else ST_PointOnSurface(geometry) end point from incoming_component) s) p
 where p.line = i.line"""
_TWICE = """
update incoming_component i set what = 'twice'
  from (select line, row_number() over (partition by coalesce(nullif(code, ''), 's' || source_id) order by line) n from incoming_component where what is null) d
 where d.line = i.line and d.n > 1"""
# A component is known by its code, else by the number that its source gives it.
_KNOWN = f"""
update incoming_component i set was = c.id, home = c.district, what = case
         when c.import_id = %(import)s then 'twice'
         when c.klass_id <> i.klass_id then 'klass' when i.code <> '' and c.source <> %(source)s and c.source <> '' then 'taken'
         when c.state = 'removed' and coalesce(i.state, 'removed') <> 'removed' then 'removed'
         when ({", ".join(f"coalesce(i.{f}, c.{f})" for f in FACTS)}) is distinct from ({", ".join(f"c.{f}" for f in FACTS)})
              or i.geometry::bytea <> c.geometry::bytea or i.place <> c.place or not c.attributes @> i.attributes then 'changed' else 'unchanged' end
  from (select n.line seen, k.* from incoming_component n join registry_component k on k.code = n.code where n.what is null and n.code <> ''
        union all  -- one way each, so that each can be joined by its index
        select n.line, k.* from incoming_component n join registry_component k on k.source = %(source)s and k.source_id = n.source_id
         where n.what is null and n.code = '' and n.source_id <> '') c
 where i.line = c.seen"""
_COUNTED = """
insert into registry_givennumber as g (kind, within, last)
select 'component', w.within, greatest(w.taken, m.last) + w.wanting
  from (select district || klass as within, district, count(*) filter (where code = '') wanting,
               coalesce(max(right(code, 6)::int) filter (where code <> ''), 0) taken
          from incoming_component where what is null group by 1, 2) w,
       lateral (select coalesce(max(right(code, 6)::int), 0) last from registry_component c
                 where c.district = w.district and c.code ^@ w.within and length(c.code) = length(w.within) + 6) m
 order by w.within
on conflict (kind, within) do update set last = (
  select greatest(g.last, coalesce(max(right(i.code, 6)::int) filter (where i.code <> ''), 0)) + count(*) filter (where i.code = '')
    from incoming_component i where i.what is null and i.district || i.klass = excluded.within)
returning within, last"""
_NUMBERED = """
update incoming_component i set code = n.code, what = n.what
  from (select line, case when first + nth <= 999999 then district || klass || lpad((first + nth)::text, 6, '0') else '' end code,
               case when first + nth > 999999 then 'full' end what
          from (select i.line, i.district, i.klass, g.last - count(*) over w first, row_number() over (w order by i.line) nth
                  from incoming_component i join registry_givennumber g on g.kind = 'component' and g.within = i.district || i.klass
                 where i.what is null and i.code = '' window w as (partition by i.district, i.klass)) s) n
 where n.line = i.line"""
# An id (kit.ids) is the moment and the district, and 54 bits that are drawn; a condition shares the moment and district of its component.
_IDENTIFIED = """
update incoming_component i set what = 'added', home = i.district,
       id = (b.high || to_hex(b.low | (('x' || replace(right(gen_random_uuid()::text, 17), '-', ''))::bit(64)::bigint & ((1::bigint << 54) - 1))))::uuid
  from unnest(%s::varchar[], %s::varchar[], %s::bigint[]) b(district, high, low) where b.district = i.district and i.what is null"""
_GIVEN = [name for name in FACTS if name not in ("name", "state", "placed_date", "changed_date")]
_INSERTED = f"""
insert into registry_component (district, id, place, import_id, code, klass_id, name, state, placed_date, changed_date, {", ".join(_GIVEN)}, source,
                                source_id, attributes, geometry, crs)
select i.district, i.id, i.place, %(import)s, i.code, i.klass_id, coalesce(nullif(i.name, ''), k.name), coalesce(i.state, 'intact'), i.placed_date,
       i.changed_date, {", ".join(f"coalesce(i.{name}, '')" for name in _GIVEN)}, %(source)s, i.source_id, i.attributes, i.geometry, i.crs
  from incoming_component i join registry_componentclass k on k.id = i.klass_id where i.what = 'added' order by i.line"""
_CONDITIONS = """
insert into registry_componentcondition (district, id, component_id, state, from_at, note, source)
select c.district, (left(c.id::text, 22) || right(gen_random_uuid()::text, 14))::uuid, c.id, c.state, %(at)s, '', %(source)s
  from incoming_component i join registry_component c on c.district = i.home and c.id = coalesce(i.was, i.id)"""
_FIRST_CONDITIONS = f"{_CONDITIONS} where i.what = 'added'"
_NEXT_CONDITIONS = f"""{_CONDITIONS}
 where i.what = 'changed' and not exists (
   select from registry_componentcondition o where o.district = c.district and o.component_id = c.id and o.to_at is null)
returning district, id, component_id, true"""
_ENDED = """
update registry_componentcondition o set to_at = greatest(%(at)s, o.from_at)
  from incoming_component i join registry_component c on c.district = i.home and c.id = i.was
 where i.what = 'changed' and i.state is not null and i.state <> c.state and o.district = c.district and o.component_id = c.id and o.to_at is null
returning o.district, o.id, o.component_id, false"""
_CHANGED = f"""
update registry_component c set {", ".join(f"{f} = coalesce(i.{f}, c.{f})" for f in FACTS)}, geometry = i.geometry, crs = i.crs, place = i.place,
       attributes = c.attributes || i.attributes, version = c.version + 1
  from incoming_component i where i.what = 'changed' and c.district = i.home and c.id = i.was"""


def take_components(
    *, at: datetime, rows: Iterable[TakenComponent], source: str, area: str = "", import_id: UUID | None = None, dry: bool = False,
    journal: Journal | None = None,
) -> Taken:  # fmt: skip
    """Rows of one `source` become components, or change those that they are known by; a second time changes nothing. Inside a transaction of the
    caller's, who records the event. `area`: the prefix of places within which rows are taken; `dry`: only said what would be;
    `journal` is told what changes."""
    cells = [_cells(row) for row in rows]  # before the COPY begins: whoever makes them may ask the database
    db.run("drop table if exists pg_temp.incoming_component")
    db.run(_TABLE)
    db.copy_in(f"copy incoming_component (line, klass_id, klass, shape, crs, code, source_id, attributes, {', '.join(FACTS)}) from stdin", cells)
    db.run(_MORE)
    with db.planned_anew():
        db.run(_SHAPED)
        db.run("analyze incoming_component")
        db.run(_PLACED, {"area": area, "on": localdate(at)})
        db.run(_TWICE)
        db.run(_KNOWN, {"source": source, "import": import_id})
        if not dry:
            _write(at, source, import_id, journal)
    taken = Taken()
    lists = {"added": taken.added, "changed": taken.changed, "unchanged": taken.unchanged}
    for line, what in db.rows("select line, coalesce(what, 'added') from incoming_component order by line"):
        if what in lists:
            lists[what].append(line)
        else:
            taken.refused[line] = WHY[what]
    db.run("drop table incoming_component")
    return taken


def _write(at: datetime, source: str, import_id: UUID | None, journal: Journal | None) -> None:
    said = {"at": at, "source": source, "import": import_id}
    if journal and (going := db.rows("select home, was from incoming_component where what = 'changed' order by home, was")):
        journal.changing([(home, was) for home, was in going])
    db.run(_COUNTED)
    db.run(_NUMBERED)
    bases = {district: new_id(district, at).int for (district,) in db.rows("select distinct district from incoming_component where what is null")}
    low = [_signed(base & 0xFFFFFFFFFFFFFFFF & ~((1 << 54) - 1)) for base in bases.values()]
    db.run(_IDENTIFIED, [list(bases), [f"{base >> 64:016x}" for base in bases.values()], low])
    db.run(_INSERTED, said)
    ended = db.rows(_ENDED, said)
    db.run(_CHANGED)
    made = db.rows(_NEXT_CONDITIONS, said)
    db.run(_FIRST_CONDITIONS, said)
    if journal and (ended or made):
        journal.conditions([Moved(*row) for row in (*ended, *made)])


def _signed(number: int) -> int:
    return number - (1 << 64) if number >> 63 else number


def _cells(row: TakenComponent) -> tuple[Any, ...]:
    facts = [row.facts.get(name) for name in FACTS]
    return row.line, row.klass_id, row.klass, row.shape, row.crs, row.code, row.source_id, orjson.dumps(row.attributes).decode(), *facts
