"""Where things lie, found anew after grids or boundaries have changed; whoever lives or works in a building goes along with it.

Set by set: no statement is sent for a single thing. What lies in no grid and no division keeps the place that it had.
"""

from datetime import date, datetime

from django.db import transaction

from jingwei.accounts.rules import SYSTEM, Actor
from jingwei.events.actions import record
from jingwei.kit import db
from jingwei.kit.errors import Forbidden
from jingwei.kit.times import localdate

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
_FIND = """
update {table} t set place = n.place from (
  select s.{key}, {district} coalesce(
    (select g.code from areas_grid g where ST_Covers(g.boundary, s.point) and g.period @> %(on)s::date and g.kind <> 'micro' order by g.code limit 1),
    (select d.place from areas_division d where ST_Covers(d.boundary, s.point) order by d.level desc, d.code limit 1), {none}) place
    from (select {key}, {district} place, {point} point from {table} where {point} is not null) s) n
 where n.{key} = t.{key} {same} and n.place <> t.place"""
# Rooms first, then all that names a room. Only what has moved is looked at: the rest is where it was.
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
insert into moved_resident select distinct district, resident_id from moved""",
    # Of the present room, the permanent one first; else of the last one (models.residents).
    "residents": """
update registry_resident p set place = n.place from (
  select distinct on (l.district, l.resident_id) l.district, l.resident_id, l.place from registry_residency l join moved_resident using (district, resident_id)
   order by l.district, l.resident_id, upper_inf(l.period) desc, l.kind = 'permanent' desc, lower(l.period) desc nulls last) n
 where p.district = n.district and p.id = n.resident_id and p.place <> n.place""",
    "premises": """
with moved as (
  update registry_premises o set place = n.place from (
    select x.district, x.id, coalesce(m.place, nullif(b.place, ''), g.code) place from registry_premises x
      left join moved_room m on m.id = x.room_id left join registry_building b on b.id = x.building_id
      left join areas_grid g on x.building_id is null and ST_Covers(g.boundary, x.point) and g.period @> %(on)s::date and g.kind <> 'micro'
     where m.id is not null or x.room_id is null) n
   where o.district = n.district and o.id = n.id and o.place <> n.place returning o.district, o.organisation_id)
insert into moved_organisation select distinct district, organisation_id from moved""",
    # Where an organisation does business now; the place that it came to last, where it has several.
    "organisations": """
update registry_organisation g set place = n.place from (
  select distinct on (o.district, o.organisation_id) o.district, o.organisation_id, o.place
    from registry_premises o join moved_organisation using (district, organisation_id)
   order by o.district, o.organisation_id, upper_inf(o.period) desc, lower(o.period) desc nulls last, o.id) n
 where g.district = n.district and g.id = n.organisation_id and g.place <> n.place""",
    "pledges": """
update registry_pledge p set place = n.place from (
  select x.district, x.id, coalesce(m.place, nullif(b.place, '')) place from registry_pledge x
    left join moved_room m on m.id = x.room_id left join registry_building b on b.id = x.building_id
   where m.id is not null or (x.room_id is null and b.id is not null)) n
 where p.district = n.district and p.id = n.id and p.place <> n.place""",
}


def find_places(at: datetime, *, layers: tuple[str, ...] = tuple(_POINTS)) -> dict[str, int]:
    """Give each thing of `layers` the code of the grid that it lies in (where no grid is, of the deepest division with a boundary), and take along
    what stands in buildings. Answers how many of each moved."""
    moved = {layer: _find(*_POINTS[layer], on=localdate(at)) for layer in layers}
    if moved.get("buildings"):
        moved |= _take_along(localdate(at))
    return {what: many for what, many in moved.items() if many}


def _find(table: str, point: str, on: date) -> int:
    by_district = table == "registry_component"
    sql = _FIND.format(
        table=table, point=point, key="id", district="district, " if by_district else "", same="and n.district = t.district" if by_district else "",
        none="s.place" if by_district else "''",
    )  # fmt: skip
    return db.run(sql, {"on": on})


def _take_along(on: date) -> dict[str, int]:
    for table, columns in (
        ("moved_room", "id uuid, place varchar(15)"),
        ("moved_resident", "resident_id uuid"),
        ("moved_organisation", "organisation_id uuid"),
    ):
        db.run(f"create temp table if not exists {table} (district varchar(6), {columns}) on commit drop")
        db.run(f"truncate {table}")
    moved = {}
    for what, sql in _ALONG.items():
        moved[what] = db.run(sql, {"on": on} if "%(on)s" in sql else None)
        if what == "rooms":
            db.run("analyze moved_room")
    moved.pop("rooms moved", None)
    return moved


@transaction.atomic
def place_things(*, actor: Actor, at: datetime) -> int:
    """Find the place of every thing of the base map and the register anew, after grids or boundaries changed. Answers how many moved."""
    if actor is not SYSTEM and "system_admin" not in actor.roles:
        raise Forbidden()
    moved = find_places(at)
    if moved:
        record("base_map.placed", actor=actor, at=at, subject_type="base_map", data={"moved": sum(moved.values()), **moved})
    return sum(moved.values())
