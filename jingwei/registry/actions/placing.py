"""Where things lie, found anew after grids or boundaries have changed; whoever lives or works in a building goes along with it.

Set by set: no statement is sent for a single thing. What lies in no grid and no division keeps the place that it had.
"""

from datetime import date, datetime

from django.db import transaction

from jingwei.accounts.rules import SYSTEM, Actor
from jingwei.events.actions import record
from jingwei.kit import db
from jingwei.kit.errors import Forbidden
from jingwei.kit.ids import district_sql
from jingwei.kit.times import localdate
from jingwei.registry.actions.residents.holding import SETTLE

# Each table with the point that tells where a thing is.
_POINTS = {
    "buildings": ("registry_building", "point"),
    "roads": ("registry_road", "ST_PointOnSurface(geometry)"),
    "land": ("registry_landuse", "ST_PointOnSurface(geometry)"),
    "landmarks": ("registry_landmark", "geometry"),
    "addresses": ("registry_address", "case when kind in ('number', 'building') then point end"),  # a street lies in many grids
    "components": ("registry_component", "ST_PointOnSurface(geometry)"),
}
BASE_MAP = ("buildings", "roads", "land", "landmarks")
_GRID = """(select g.code from areas_grid g where ST_Covers(g.boundary, {point}) and g.period @> %(on)s::date and g.kind <> 'micro' order by g.code limit 1),
    (select d.place from areas_division d where ST_Covers(d.boundary, {point}) order by d.level desc, d.code limit 1)"""
_FIND = """
update {table} t set place = n.place from (
  select s.id, {district} coalesce({grid}, {none}) place
    from (select id, {district} place, {point} point from {table} where {point} is not null) s) n
 where n.id = t.id {same} and n.place <> t.place"""
_UP = district_sql("up.merged_into")
# Rooms first, then all that names one. Each takes along what goes with it: only what has moved is looked at, the rest is where it was.
_ALONG = {
    "rooms": """
insert into moved_room select r.district, r.id, b.place from registry_room r join registry_building b on b.id = r.building_id
 where r.place <> b.place and b.place <> ''""",
    "rooms moved": "update registry_room r set place = m.place from moved_room m where r.district = m.district and r.id = m.id",
    "plates": """
update registry_plate p set place = b.place from registry_building b where b.id = p.building_id and p.place <> b.place and b.place <> ''""",
    "households": "update registry_household h set place = m.place from moved_room m where h.room_id = m.id and h.place <> m.place",
    "residencies": """
with moved as (update registry_residency l set place = m.place from moved_room m where l.room_id = m.id and l.place <> m.place
               returning l.district, l.resident_id)
insert into moved_stay select distinct district, resident_id from moved""",
    # Whose record was merged into another lives where that one does: those above are found anew too, each with all that were merged into it.
    "records moved": f"""
with recursive up(district, id, merged_into, place) as (
  select r.district, r.id, r.merged_into, r.place from moved_stay m join registry_resident r on r.district = m.district and r.id = m.resident_id
  union select r.district, r.id, r.merged_into, r.place from up join registry_resident r on r.district = {_UP} and r.id = up.merged_into)
insert into moved_record select district, id, place from up""",
    "residents": f"""
with recursive g(kept_district, kept, district, id) as (
  select district, id, district, id from moved_record
  union all select g.kept_district, g.kept, r.district, r.id from g join registry_resident r on r.merged_into = g.id)
{SETTLE}""",
    # In a room, in a building, or at a point alone.
    "premises": f"""
insert into moved_premises select * from (
  select x.district, x.id, x.organisation_id, x.period, x.place was, coalesce(m.place, nullif(b.place, ''), {_GRID.format(point="x.point")}, '') place
    from registry_premises x left join moved_room m on m.id = x.room_id left join registry_building b on b.id = x.building_id
   where m.id is not null or x.room_id is null) n where place <> was and place <> ''""",
    "premises moved": "update registry_premises x set place = m.place from moved_premises m where x.district = m.district and x.id = m.id",
    # An organisation goes with the premises where it stood: with those of today, and the last that it came to, where several stood there.
    "organisations": """
with moved as (
  update registry_organisation o set place = n.place from (
    select distinct on (district, organisation_id, was) district, organisation_id, was, place from moved_premises
     order by district, organisation_id, was, upper_inf(period) desc, lower(period) desc nulls last, id) n
   where o.district = n.district and o.id = n.organisation_id and o.place = n.was returning o.district, o.id, n.was, o.place)
insert into moved_organisation select * from moved""",
    # A pledge stands at its room, else its building, else its component (actions.pledges); else it goes with who signed it.
    "pledges": f"""
update registry_pledge p set place = n.place from (
  select x.district, x.id, coalesce(nullif(r.place, ''), nullif(b.place, ''), nullif(c.place, ''), o.place, s.place) place from registry_pledge x
    left join registry_room r on r.district = {district_sql("x.room_id")} and r.id = x.room_id
    left join registry_building b on b.id = x.building_id
    left join registry_component c on c.district = {district_sql("x.component_id")} and c.id = x.component_id
    left join moved_organisation o on o.id = x.organisation_id and o.was = x.place
    left join moved_record m on m.id = x.resident_id and m.was = x.place left join registry_resident s on s.district = m.district and s.id = m.id) n
 where p.district = n.district and p.id = n.id and p.place <> n.place and n.place <> ''""",
}
_MOVED = {
    "moved_room": "id uuid, place varchar(15)",
    "moved_stay": "resident_id uuid",
    "moved_record": "id uuid, was varchar(15)",
    "moved_premises": "id uuid, organisation_id uuid, period daterange, was varchar(15), place varchar(15)",
    "moved_organisation": "id uuid, was varchar(15), place varchar(15)",
}


def find_places(at: datetime, *, layers: tuple[str, ...] = tuple(_POINTS)) -> dict[str, int]:
    """Give each thing of `layers` the code of the grid that it lies in (where no grid is, of the deepest division with a boundary), and take along
    what stands in buildings. Answers how many of each moved."""
    moved = {layer: _find(*_POINTS[layer], on=localdate(at)) for layer in layers}
    if "buildings" in layers:
        moved |= _take_along(localdate(at))
    return {what: many for what, many in moved.items() if many}


def _find(table: str, point: str, on: date) -> int:
    by_district = table == "registry_component"
    sql = _FIND.format(
        table=table, point=point, grid=_GRID.format(point="s.point"), none="s.place" if by_district else "''",
        district="district, " if by_district else "", same="and n.district = t.district" if by_district else "",
    )  # fmt: skip
    return db.run(sql, {"on": on})


def _take_along(on: date) -> dict[str, int]:
    for table, columns in _MOVED.items():
        db.run(f"create temp table if not exists {table} (district varchar(6), {columns}) on commit drop")
        db.run(f"truncate {table}")
    moved = {}
    for what, sql in _ALONG.items():
        moved[what] = db.run(sql, {"on": on} if "%(on)s" in sql else None)
        for table in _MOVED:
            if f"insert into {table} " in sql:
                db.run(f"analyze {table}")
    return {what: many for what, many in moved.items() if not what.endswith(" moved")}


@transaction.atomic
def place_things(*, actor: Actor, at: datetime) -> int:
    """Find the place of every thing of the base map and the register anew, after grids or boundaries changed. Answers how many moved."""
    if actor is not SYSTEM and "system_admin" not in actor.roles:
        raise Forbidden()
    moved = find_places(at)
    if moved:
        record("base_map.placed", actor=actor, at=at, subject_type="base_map", data={"moved": sum(moved.values()), **moved})
    return sum(moved.values())
