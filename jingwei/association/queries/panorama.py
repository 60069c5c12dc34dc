"""What lies inside a shape (全景): counts for everybody, names only for those who may read them. As many statements for a street as for a quarter."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.contrib.gis.geos import GEOSGeometry
from django.db.models import Count, Window

from jingwei.accounts.rules import READS_PEOPLE, SYSTEM, Actor
from jingwei.areas.queries import Posted, posted
from jingwei.association.queries.centres import DOOR, HOUSE, NAME, Node
from jingwei.association.queries.scope import scope_of
from jingwei.association.rules.resources import CLASSES, LANDMARKS
from jingwei.association.rules.shapes import Shape
from jingwei.cases.models import Case
from jingwei.cases.queries.rows import clock_of
from jingwei.cases.rules.clock import light
from jingwei.catalogue.queries import catalogue
from jingwei.kit import crypto, db
from jingwei.kit.errors import Forbidden
from jingwei.kit.paging import Page, decode_row, encode_cursor
from jingwei.kit.scope import lies_in
from jingwei.kit.text import T
from jingwei.kit.times import localdate

LISTED = 100  # of a kind


@dataclass(frozen=True)
class GridInside:
    """A grid that the shape touches, with who serves it (never where they are). `whole`: the shape covers all of it."""

    code: str
    name: str
    lon: float
    lat: float
    whole: bool
    posted: list[Posted]


@dataclass(frozen=True)
class ClassCount:
    """Components of a class: how many, and how many are not intact."""

    code: str
    name: str
    major: str
    count: int
    faulty: int


@dataclass
class Panorama:
    """What is inside a shape, within the actor's areas. People: `known` those that the actor may read, `hidden` the others. `beyond`: grids that the
    shape touches outside the actor's areas, of which nothing is told."""

    area: float
    beyond: int = 0
    grids: list[GridInside] = field(default_factory=list)
    buildings: int = 0
    rooms: int = 0
    rooms_by_use: dict[str, int] = field(default_factory=dict)
    people: tuple[int, int] = (0, 0)
    households: tuple[int, int] = (0, 0)
    organisations: int = 0
    components: list[ClassCount] = field(default_factory=list)
    cases: int = 0
    building_list: list[Node] = field(default_factory=list)
    organisation_list: list[Node] = field(default_factory=list)
    resources: list[Node] = field(default_factory=list)
    case_list: list[tuple[Node, str]] = field(default_factory=list)
    reads_people: bool = False


_HERE, _MINE = lies_in("{}"), lies_in("{}", "%(people)s")
SHAPE = "s as materialized (select ST_GeomFromText(%(shape)s, 4326) g)"
INSIDE = (
    f"{SHAPE}, inside as materialized (select b.id, b.place, b.point, {HOUSE} label, b.code from registry_building b, s where b.point && s.g "
    f"and ST_Intersects(b.point, s.g) and upper_inf(b.period) and {_HERE.format('b.place')}), "
    "room as materialized (select o.district, o.id, o.place, o.use, o.building_id, o.unit, o.number from inside i "
    "join registry_room o on o.building_id = i.id where o.ended_date is null)"
)
_GRIDS = f"""
with {SHAPE} select code, name, ST_X(p), ST_Y(p), whole, mine from (
  select code, name, ST_PointOnSurface(boundary) p, ST_Covers(s.g, boundary) whole, {_HERE.format("code")} mine from areas_grid, s
   where boundary && s.g and ST_Intersects(boundary, s.g) and period @> %(on)s::date and kind <> 'micro') t order by code"""
# Whole grids (`whole`, the actor's) are counted by the place of each thing, which goes along with its building's (registry.actions.find_places); only in
# the buildings of grids that the shape cuts is each room gone to: 48,000 people in a third of the time. People once each: a record that was merged into
# another is the other.
_COUNTS = f"""
with {SHAPE},
inside as materialized (select b.id, b.place from registry_building b, s where b.point && s.g and ST_Intersects(b.point, s.g) and upper_inf(b.period)
  and {_HERE.format("b.place")}),
zone as materialized (select place, {_MINE.format("place")} mine from (select unnest(%(whole)s::text[]) union select place from inside) z(place)),
edge as materialized (select o.id, o.use from inside join registry_room o on o.building_id = inside.id
  where inside.place <> all(%(whole)s) and o.ended_date is null),
uses as materialized (select use, count(*) n from (
    select use from registry_room where place = any(%(whole)s) and ended_date is null union all select use from edge) o group by use),
stay as (select district, resident_id, place from registry_residency
          where place = any(%(whole)s) and period @> %(on)s::date and end_reason <> 'mistake'
         union all select y.district, y.resident_id, y.place from edge join registry_residency y on y.room_id = edge.id
          where y.period @> %(on)s::date and y.end_reason <> 'mistake'),
who as (select bool_or(coalesce(zone.mine, false)) mine from stay y left join zone using (place)
          left join registry_resident r on r.merged_into is not null and r.district = y.district and r.id = y.resident_id
         group by coalesce(r.merged_into, y.resident_id)),
home as (select coalesce(zone.mine, false) mine from (
    select place from registry_household where place = any(%(whole)s) and to_date is null
    union all select h.place from edge join registry_household h on h.room_id = edge.id where h.to_date is null) h left join zone using (place))
select (select count(*) from inside), (select coalesce(sum(n), 0)::int from uses), (select json_object_agg(use, n order by use) from uses),
       people.known, people.hidden, homes.known, homes.hidden
  from (select count(*) filter (where mine) known, count(*) filter (where not mine) hidden from who) people,
       (select count(*) filter (where mine) known, count(*) filter (where not mine) hidden from home) homes"""
_BUSINESS = f"""
biz as (select distinct on (g.district, g.id) g.id, g.name, g.uscc, g.place, coalesce(p.point, i.point) point
          from (select p.* from registry_premises p, s where p.point && s.g and ST_Intersects(p.point, s.g)
                union select p.* from inside i join registry_premises p on p.building_id = i.id) p
          join registry_organisation g on g.district = p.district and g.id = p.organisation_id
          left join inside i on i.id = p.building_id
         where p.period @> %(on)s::date and g.ended_date is null and {_HERE.format("g.place")})"""
_LISTS = f"""
with {INSIDE}, {_BUSINESS}
(select 'building' kind, id::text, label, code note, place, ST_X(point), ST_Y(point), 0 total from inside order by label limit {LISTED})
union all (select 'organisation', id::text, name, uscc, place, ST_X(point), ST_Y(point), count(*) over () from biz order by name limit {LISTED})
union all (select 'resource', 'landmark-' || l.id, coalesce(nullif(l.name, ''), nullif(l.name_en, ''), l.kind), l.kind, l.place,
                  ST_X(geometry), ST_Y(geometry), 0 from registry_landmark l, s
            where geometry && s.g and ST_Intersects(geometry, s.g) and upper_inf(period) and l.kind = any(%(landmarks)s)
            order by l.kind, l.id limit {LISTED})
union all (select 'resource', c.id::text, c.name, k.name, c.place, ST_X(ST_PointOnSurface(geometry)), ST_Y(ST_PointOnSurface(geometry)), 0
             from registry_component c join registry_componentclass k on k.id = c.klass_id, s
            where k.name ~* %(classes)s and geometry && s.g and ST_Intersects(geometry, s.g) and c.state <> 'removed' and {_HERE.format("c.place")}
            order by k.code, c.code limit {LISTED})"""
_COMPONENTS = f"""
with {SHAPE}, n as (select klass_id, count(*) n, count(*) filter (where state <> 'intact') faulty from registry_component c, s
  where geometry && s.g and ST_Intersects(geometry, s.g) and state <> 'removed' and {_HERE.format("c.place")} group by klass_id)
select k.code, k.name, k.major_name, n.n, n.faulty from n join registry_componentclass k on k.id = n.klass_id order by k.code, k.edition"""


def panorama(*, actor: Actor, shape: Shape, at: datetime) -> Panorama:
    """What is inside `shape`: figures, and the first of each kind; seven statements."""
    on = localdate(at)
    asked = scope_of(actor, on) | {"shape": shape.wkt, "landmarks": list(LANDMARKS), "classes": CLASSES}
    touched = db.rows_anew(_GRIDS, asked)
    mine = [(code, name, lon, lat, whole) for code, name, lon, lat, whole, mine in touched if mine]
    who = posted([code for code, *_ in mine], on)
    asked["whole"] = [code for code, _, _, _, whole in mine if whole]
    buildings, rooms, uses, people, more_people, homes, more_homes = db.rows_anew(_COUNTS, asked)[0]
    found = Panorama(
        area=shape.area,
        beyond=len(touched) - len(mine),
        grids=[GridInside(*grid, who[grid[0]]) for grid in mine],
        buildings=buildings,
        rooms=rooms,
        rooms_by_use=uses or {},
        people=(people, more_people),
        households=(homes, more_homes),
        components=[ClassCount(*row) for row in db.rows_anew(_COMPONENTS, asked)],
        reads_people=bool(asked["people"]),
    )
    for kind, id, label, note, place, lon, lat, total in db.rows_anew(_LISTS, asked):
        node = Node("landmark" if id.startswith("landmark-") else "component" if kind == "resource" else kind, id, label, note, place, lon, lat)
        {"building": found.building_list, "organisation": found.organisation_list, "resource": found.resources}[kind].append(node)
        if kind == "organisation":
            found.organisations = total
    _cases(actor, shape, at, found)
    return found


def _cases(actor: Actor, shape: Shape, at: datetime, found: Panorama) -> None:
    book = catalogue()
    cases = Case.objects.visible_to(actor).filter(is_open=True, point__intersects=GEOSGeometry(shape.wkt, srid=4326))
    for case in cases.annotate(total=Window(Count("id"))).order_by("-opened_at", "id")[:LISTED]:
        found.cases = case.total  # type: ignore[attr-defined]
        process, matter = book.process_version(case.process_id), book.matter_by_id(case.matter_id)
        assert case.point
        label, state = f"{case.number} {matter.name}", process.states[case.state].name.zh
        found.case_list.append((Node("case", str(case.id), label, state, case.place, case.point.x, case.point.y), light(clock_of(case), at)))


@dataclass(frozen=True)
class Inside:
    """Somebody who lives inside a shape: only for those who may read people there."""

    id: UUID
    name: str
    room_id: UUID
    room: str
    kind: str
    place: str
    phone: bytes | None = None


_PEOPLE = f"""
with {INSIDE}
select r.id, r.name_sealed, o.id, i.label || ' ' || {DOOR}, y.kind, y.place, r.phone_sealed
  from room o join registry_residency y on y.room_id = o.id join registry_resident r on r.district = y.district and r.id = y.resident_id
  join inside i on i.id = o.building_id
 where y.period @> %(on)s::date and y.end_reason <> 'mistake' and r.merged_into is null and {_MINE.format("y.place")} and {_MINE.format("r.place")} {{more}}
 order by o.id, r.id limit %(size)s"""


def people_inside(*, actor: Actor, shape: Shape, on: date, after: str | None = None, size: int = 50, phones: bool = False) -> Page[Inside]:
    """Who lives inside `shape`, a page at a time, where the actor reads people. One statement. Raises Forbidden (nowhere), Invalid (the cursor)."""
    if actor is not SYSTEM and not actor.areas_of_any(READS_PEOPLE):
        raise Forbidden(T("您的角色不能查看居民", "your roles read no people"))
    asked: dict[str, Any] = scope_of(actor, on) | {"shape": shape.wkt, "size": size + 1}
    if after:
        asked["room"], asked["id"] = decode_row(after, UUID, UUID)
    rows = db.rows_anew(_PEOPLE.format(more="and (o.id, r.id) > (%(room)s, %(id)s)" if after else ""), asked)
    last = rows[size - 1] if len(rows) > size else None
    items = [
        Inside(id, crypto.unseal(bytes(name), about=NAME), room_id, room, kind, place, phone if phones else None)
        for id, name, room_id, room, kind, place, phone in rows[:size]
    ]
    return Page(items, encode_cursor([str(last[2]), str(last[0])]) if last else None)


_UNITS = """
select id, name, kind, area from accounts_unit u where closed_date is null and kind in ('station', 'street_centre', 'command_centre')
   and exists (select from unnest(%(grids)s::text[]) g where g ^@ u.area or u.area ^@ g) order by length(area) desc, name, id limit 50"""
_CONTACTS = f"""
with {INSIDE}, {_BUSINESS}
select b.id, b.name, b.place, g.contact_sealed, g.phone_sealed, {_MINE.format("b.place")}
  from biz b join registry_organisation g on g.district = any(%(districts)s) and g.id = b.id order by b.name, b.id limit %(size)s"""


def units_over(grids: list[str]) -> list[tuple[int, str, str, str]]:
    """The command centre, street centres and stations of these grids: (id, name, kind, area), the nearest first."""
    return [(id, name, kind, area) for id, name, kind, area in db.rows(_UNITS, {"grids": grids})] if grids else []


def contacts_inside(*, actor: Actor, shape: Shape, on: date, size: int) -> list[tuple[UUID, str, str, bytes | None, bytes | None, bool]]:
    """Organisations inside `shape`: (id, name, place, contact and telephone as sealed, whether the actor reads people there)."""
    asked = scope_of(actor, on) | {"shape": shape.wkt, "size": size}
    return [(id, name, place, who, phone, mine) for id, name, place, who, phone, mine in db.rows_anew(_CONTACTS, asked)]
