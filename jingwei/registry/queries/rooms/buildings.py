"""The list of buildings of an area, and one building with all that is counted in it. What is off in the field dictionary is not shown; where a building
stands is the base map's, and everybody's."""

from collections.abc import Collection
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

import orjson

from jingwei.accounts.rules import Actor
from jingwei.areas.queries import place_names
from jingwei.events.models import Event
from jingwei.kit import db, words
from jingwei.kit.codes import district_of_place
from jingwei.kit.errors import NotFound
from jingwei.kit.paging import Page, decode_row, encode_cursor
from jingwei.registry.queries.fields import blanked, dictionary, more_shown
from jingwei.registry.queries.naming import called_sql
from jingwei.registry.queries.rooms.scope import PEOPLE, PREMISES, reads_people, within_areas
from jingwei.registry.rules.basemap import like


def building_subject(building_id: int) -> UUID:
    """Under which id the log keeps what happened to a building."""
    return UUID(int=building_id)


@dataclass(frozen=True)
class BuildingFilter:
    """`q`: words of address or name, or the beginning of a code. `registered`: with a code, without, or None for both."""

    place: str = ""
    q: str = ""
    use: str = ""
    registered: bool | None = None


@dataclass(frozen=True)
class BuildingRow:
    id: int
    code: str
    called: str
    name: str
    name_en: str
    place: str
    use: str
    floors_above: int | None
    units: int | None
    height: float | None
    rooms: int
    lon: float
    lat: float
    place_name: str = ""


_PAGE = """
with found as (
  select b.id, b.street, coalesce(b.number_from, 0) n from registry_building b
   where {where} and upper_inf(b.period) and (b.street = '', b.street, coalesce(b.number_from, 0), b.id) > (%(bare)s, %(street)s, %(number)s, %(id)s)
   order by b.street = '', b.street, coalesce(b.number_from, 0), b.id limit %(size)s + 1)
select b.id, b.code, {called}, b.name, b.name_en, b.place, b.use, b.floors_above, b.units, b.height,
       (select count(*) from registry_room r where r.building_id = b.id and r.ended_date is null), ST_X(b.point), ST_Y(b.point), f.street, f.n
  from found f join registry_building b using (id)
 order by f.street = '', f.street, f.n, f.id"""


def building_page(*, actor: Actor, wanted: BuildingFilter, after: str | None = None, size: int = 50) -> Page[BuildingRow]:
    """Standing buildings in the actor's areas, street by street; three statements."""
    off = dictionary().off("building")
    bare, street, number, id = decode_row(after, _yes, str, int, int) if after else (False, "", -1, 0)
    given: dict[str, Any] = {"bare": bare, "street": street, "number": number, "id": id, "size": size}
    where = [within_areas(actor, "b.place", given)]
    if wanted.place:
        where.append("b.place like %(place)s")
        given["place"] = wanted.place + "%"
    if wanted.use:
        where.append("b.use = %(use)s")
        given["use"] = wanted.use
    if wanted.registered is not None:
        where.append("b.code <> ''" if wanted.registered else "b.code = ''")
    if q := wanted.q.strip():
        where.append(_words(q, given))
    found = db.rows_anew(_PAGE.format(where=" and ".join(where), called=called_sql("b", off)), given)
    shown = found[:size]
    names = place_names({row[5] for row in shown})
    rows = [blanked(replace(BuildingRow(*row[:13]), place_name=names.get(row[5], "")), off) for row in shown]
    last = shown[-1] if len(found) > size else None
    return Page(rows, encode_cursor(["1" if last[13] == "" else "", last[13], last[14], last[0]]) if last else None)


def _yes(text: str) -> bool:
    return text == "1"


def _words(q: str, given: dict[str, Any]) -> str:
    """A code by its beginning, or every word in the building's own words, or all of them in its standard address."""
    if q.isascii() and q.isdigit() and len(q) >= 9:
        given["code"] = q + "%"
        return "b.code like %(code)s"
    own, parts = [], q.lower().split()[: words.MOST]
    for i, word in enumerate(parts):
        given[f"w{i}"] = like(word)
        own.append(f"b.words like %(w{i})s")
    named = []
    for i, pattern in enumerate(words.patterns(q)):
        given[f"a{i}"] = pattern
        named.append(f"words like %(a{i})s")
    return f"(({' and '.join(own)}) or b.address_id in (select id from registry_address where {' and '.join(named)} limit 2000))"


@dataclass(frozen=True)
class Happened:
    """A line of what happened to a thing."""

    at: datetime
    type: str
    by: str
    data: dict[str, Any]


@dataclass(frozen=True)
class BuildingWhole:
    """A building with what is counted in it. `residents`, `lived_in`: None for those who do not read people there."""

    id: int
    version: int
    code: str
    called: str
    name: str
    name_en: str
    street: str
    number: str
    place: str
    use: str
    floors_above: int | None
    floors_below: int | None
    units: int | None
    built_year: int | None
    height: float | None
    address_id: int | None
    source: str
    from_date: date
    to_date: date | None
    lon: float
    lat: float
    geometry: dict[str, Any] | None
    rooms: int
    uses: dict[str, int]
    premises: int
    plates: int
    lived_in: int | None
    residents: int | None
    place_name: str
    more: dict[str, Any]
    history: list[Happened]


_WHOLE = """
with b as (select * from registry_building b where b.id = %(id)s and {where}),
counted as (select r.use, count(*) n, sum(({people})) people, count(*) filter (where exists (
                     select from registry_residency l where l.room_id = r.id and l.period @> %(on)s::date)) lived, sum(({premises})) premises
              from b join registry_room r on r.building_id = b.id where r.ended_date is null group by r.use)
select b.id, b.version, b.code, {called}, b.name, b.name_en, b.street, b.number, b.place, b.use, b.floors_above, b.floors_below, b.units, b.built_year,
       b.height, b.address_id, b.source, lower(b.period), upper(b.period), ST_X(b.point), ST_Y(b.point), ST_AsGeoJSON(b.geometry, 6),
       (select coalesce(sum(n), 0)::int from counted), (select coalesce(jsonb_object_agg(use, n), '{{}}')::text from counted),
       (select coalesce(sum(premises), 0)::int from counted), (select count(*) from registry_plate p where p.building_id = b.id and p.voided_at is null),
       (select coalesce(sum(lived), 0)::int from counted), (select coalesce(sum(people), 0)::int from counted), b.more::text
  from b"""


def building_whole(*, actor: Actor, building_id: int, on: date) -> BuildingWhole:
    """One building, standing or ended, in four statements. Raises NotFound outside the actor's areas."""
    held = dictionary()
    off = held.off("building")
    off |= {"address_id"} if "address" in off else set()
    given: dict[str, Any] = {"id": building_id, "on": on}
    where = within_areas(actor, "b.place", given)
    found = db.row(_WHOLE.format(where=where, called=called_sql("b", off), people=PEOPLE, premises=PREMISES), given)
    if found is None:
        raise NotFound()
    reads = reads_people(actor, found[8])
    *values, more = found
    values[21], values[23] = orjson.loads(found[21]) if found[21] else None, orjson.loads(found[23])
    values[26:28] = values[26:28] if reads else [None, None]
    name = place_names({found[8]}).get(found[8], "")
    said = dict(zip([field.name for field in fields(BuildingWhole)], values, strict=False))
    if "use" in held.off("room"):
        said["uses"] = {}
    lines = happened("building", building_subject(building_id), district_of_place(found[8]), off | held.off("building", own=True))
    return blanked(BuildingWhole(**said, place_name=name, more=more_shown(held, "building", orjson.loads(more)), history=lines), off)


def happened(type: str, subject: UUID, district: str, off: Collection[str]) -> list[Happened]:
    """The last fifty lines about a thing of the register, the newest first, without the fields that are off."""

    def told(data: dict[str, Any]) -> dict[str, Any]:
        return {name: told(value) if name in ("changes", "said") else value for name, value in data.items() if name not in off}

    events = Event.objects.of(subject, district).filter(subject_type=type).reverse()[:50]
    return [Happened(event.at, event.type, event.actor_name, told(event.data)) for event in events]
