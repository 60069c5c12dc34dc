"""Free text → standard address: read, looked up by its key, by its street and number, and by likeness; ranked, each with its reasons."""

import csv
import time
from collections import defaultdict
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from uuid import UUID

from jingwei.accounts.rules import SYSTEM, Actor
from jingwei.kit import db
from jingwei.kit.words import folded_sql, patterns
from jingwei.registry.queries.basemap import FoundAddress, address_search
from jingwei.registry.rules import addresses as rules

SHIPPED = Path(__file__).resolve().parents[1] / "fixtures" / "divisions.csv"
FRESH = 600.0  # seconds for which the names of divisions are kept
LEVEL_5 = 60_000  # a whole country's villages are too many names; beyond this only those of districts with grids are read
_kept: list[tuple[float, rules.Gazetteer]] = []


def shipped_divisions() -> list[tuple[str, int, str]]:
    """(place, level, name) of every province, city and district, as they come with the program."""
    with SHIPPED.open(encoding="utf-8", newline="") as stream:
        next(stream)
        return [(row["place"], int(row["level"]), row["name"]) for row in csv.DictReader(stream)]


def gazetteer() -> rules.Gazetteer:
    """The names of divisions: those that ship, and what this city's own tree knows, ended ones too. Kept for ten minutes."""
    if not _kept or time.monotonic() - _kept[0][0] > FRESH:
        own = db.rows(
            """select place, level, name from areas_division where level < 5
               union all select place, level, name from areas_division d
                where level = 5 and ((select count(*) from areas_division where level = 5) <= %s
                                     or exists (select from areas_grid g where g.code ^@ left(d.place, 6)))""",
            [LEVEL_5],
        )
        known = {place for place, _, _ in own}
        _kept[:] = [(time.monotonic(), rules.Gazetteer.of([*own, *(one for one in shipped_divisions() if one[0] not in known)]))]
    return _kept[0][1]


def forget_gazetteer() -> None:
    """Read the names anew at the next question."""
    _kept.clear()


@dataclass(frozen=True)
class RoomFound:
    """A registered room that the text names, and the building that it is in."""

    id: UUID
    building_id: int
    unit: str
    floor: int | None
    number: str
    code: str


@dataclass(frozen=True)
class Candidate:
    """A standard address that the text may mean. `through`: the other name by which it was found."""

    id: int
    standard: str
    kind: str
    code: str
    place: str
    division: str
    status: str
    lon: float | None
    lat: float | None
    metres: float | None
    through: str
    score: float
    reasons: list[rules.Reason]
    buildings: list[int]
    rooms: list[RoomFound]


@dataclass(frozen=True)
class Matched:
    """The text as it was read, and the candidates, the likeliest first."""

    elements: list[rules.Element]
    normal: str
    candidates: list[Candidate]


# Streets and estates are found by pairs of letters, what stands on them by the key that the text would give it there.
_FIND = f"""
with asked as (select w.name, {folded_sql("w.name")} folded from unnest(%(names)s::text[]) w(name)),
named as (
  select a.id, a.key, '' through, a.place ^@ %(said)s or %(said)s ^@ a.place fits, (select max(similarity(a.words, q.folded)) from asked q) alike
    from registry_address a
   where a.parent_id is null and a.valid_to is null and a.words like any(%(pieces)s::text[]) and (a.place ^@ %(within)s or %(within)s ^@ a.place)
  union all
  select a.id, a.key, l.name, a.place ^@ %(said)s or %(said)s ^@ a.place, (select max(similarity(l.words, q.folded)) from asked q)
    from registry_addressalias l join registry_address a on a.id = l.address_id
   where a.parent_id is null and a.valid_to is null and l.words like any(%(pieces)s::text[])
), tops as (select * from named order by fits desc, alike desc, id limit %(tops)s),
found as (
  select id, through from tops
  union all select a.id, t.through from tops t, unnest(%(endings)s::text[]) e(ending), registry_address a where a.key = t.key || e.ending and a.valid_to is null
  union all select id, '' from registry_address where key = any(%(keys)s::text[]) and valid_to is null
  union all select a.id, l.name from registry_addressalias l join registry_address a on a.id = l.address_id
             where l.key = any(%(keys)s::text[]) and a.valid_to is null
), once as (select distinct on (id) id, through from found order by id, through)
select a.id, a.standard, a.kind, a.code, a.place, a.status, ST_X(a.point), ST_Y(a.point),
       case when %(lon)s::float8 is not null then ST_DistanceSphere(a.point, ST_SetSRID(ST_MakePoint(%(lon)s::float8, %(lat)s::float8), 4326)) end,
       o.through, array[a.kind, p.kind, g.kind, h.kind], array[a.name, p.name, g.name, h.name],
       coalesce((select string_agg(d.name, '' order by d.level) from areas_division d
                  where d.place = any(array[left(a.place, 6), left(a.place, 9), left(a.place, 12)])), ''),
       (select array_agg(array[b.id, coalesce(b.floors_above, 0)] order by b.id) from registry_building b where b.address_id = a.id and upper_inf(b.period))
  from once o join registry_address a on a.id = o.id
  left join registry_address p on p.id = a.parent_id left join registry_address g on g.id = p.parent_id left join registry_address h on h.id = g.parent_id
 where a.place ^@ %(within)s or %(within)s ^@ a.place"""
_ROOMS = """
select building_id, id, unit, floor, number, code, place from registry_room
 where building_id = any(%s) and ended_date is null and number = any(%s) order by building_id, unit, number limit 200"""
TOPS = 48


def address_match(*, actor: Actor, text: str, near: tuple[float, float] | None = None, within: str = "", limit: int = 10, with_rooms: bool = True) -> Matched:
    """Standard addresses for what somebody wrote, the likeliest first, each with the reason for every element, down to floor and room.

    `near` (lon, lat) and `within` (a place) help; rooms are told to those who have work there. Two statements, whatever is found.
    """
    text = "".join(letter if letter.isprintable() else " " for letter in text)
    reading = rules.read(text, gazetteer(), within[:9])
    parts, key = rules.parts_of(reading), rules.core(reading)
    if not actor.held and actor is not SYSTEM:
        return Matched(reading.elements, key, [])
    names = list(parts.names)
    if not names and parts.number:
        return Matched(reading.elements, key, [])
    pieces = [pattern for name in names[:3] for piece in rules.pieces(name) for pattern in patterns(piece)]
    pieces += ["".join("__" if c == "_" else patterns(c)[0][1:-1] for c in slip) for name in names[:2] for slip in rules.slips(name) if name.isalnum()]
    lon, lat = near or (None, None)
    asked: dict[str, Any] = {
        "names": names,
        "pieces": list(dict.fromkeys(pieces)),
        "endings": rules.endings(parts),
        "keys": list(dict.fromkeys(k for k in (key, rules.normal(text), *names) if k)),
        "within": within,
        "said": reading.place,
        "tops": TOPS,
        "lon": lon,
        "lat": lat,
    }
    candidates = [_candidate(row, parts, key) for row in db.rows_anew(_FIND, asked)]
    candidates.sort(key=lambda c: (-c.score, c.metres if c.metres is not None else 1e9, len(c.standard), c.id))
    candidates = candidates[: max(1, min(limit, 50))]
    if with_rooms and parts.room:
        candidates = _with_rooms(actor, parts, candidates)
    return Matched(reading.elements, key, candidates)


def _candidate(row: tuple[Any, ...], parts: rules.Parts, key: str) -> Candidate:
    id, standard, kind, code, place, status, lon, lat, metres, through, kinds, names, division, buildings = row
    chain = [(k, n) for k, n in zip(kinds, names, strict=True) if k][::-1]
    top = next((n for k, n in chain if k in ("road", "estate", "village")), "")
    others = [rules.normal(n) for k, n in chain[1:] if k == "estate"]
    if through:
        others.append(rules.normal(through))
    number = "".join(n for k, n in chain if k == "number")
    building = "".join(n for k, n in chain if k == "building")
    match = rules.compare(parts, key, rules.Standard(top, number, building, others, place, division, metres, bool(chain) and chain[0][0] == "road"))
    reasons = list(match.reasons)
    floors = [floor for _, floor in buildings or [] if floor]
    if parts.unit:
        reasons.append(rules.Reason("unit", "missing" if not buildings else "agrees", f"{parts.unit}单元", ""))
    if parts.floor and floors and parts.floor.lstrip("-").isdigit():
        there = any(int(parts.floor) <= floor for floor in floors)
        reasons.append(rules.Reason("floor", "agrees" if there else "differs", f"{parts.floor}层", f"共{max(floors)}层"))
    return Candidate(id, standard, kind, code, place, division, status, lon, lat, metres, through, match.score, reasons, [b for b, _ in buildings or []], [])


def _with_rooms(actor: Actor, parts: rules.Parts, candidates: list[Candidate]) -> list[Candidate]:
    """The rooms that the text names in the candidates' buildings, and what that says for or against each."""
    areas = ("",) if actor is SYSTEM else actor.areas()
    found: dict[int, list[RoomFound]] = defaultdict(list)
    numbers = list(dict.fromkeys([parts.room, parts.room + "室", parts.room + "号"]))
    for building, id, unit, floor, number, code, place in db.rows(_ROOMS, [[b for c in candidates for b in c.buildings], numbers]):
        if any(place.startswith(area) for area in areas):
            found[building].append(RoomFound(id, building, unit, floor, number, code))
    with_them = []
    for c in candidates:
        rooms = [r for b in c.buildings for r in found[b]]
        exact = [r for r in rooms if not parts.unit or rules.figure(r.unit) == parts.unit]
        said = parts.room + "室"
        if exact:
            reason, score = rules.Reason("room", "agrees", said, ""), c.score
        elif rooms:
            reason, score = rules.Reason("room", "differs", f"{parts.unit}单元{said}", f"{rooms[0].unit}单元{said}"), c.score - 3
        else:
            reason, score = rules.Reason("room", "missing", said, ""), c.score - (4 if c.buildings else 0)
        with_them.append(replace(c, rooms=exact or rooms, reasons=[*c.reasons, reason], score=round(max(0.0, score), 1)))
    return sorted(with_them, key=lambda c: -c.score)


LIKELY = 60.0  # a standard address that fits less is not offered among places


def place_search(*, actor: Actor, q: str, near: tuple[float, float] | None = None, limit: int = 10) -> list[FoundAddress]:
    """One box for places: what the base map has, and after it the standard addresses with a point that the text may mean."""
    found = address_search(q=q, near=near, limit=limit)
    labels = {one.label.replace(" ", "") for one in found}
    matched = address_match(actor=actor, text=q, near=near, limit=limit, with_rooms=False).candidates if q.strip() else []
    found += [
        FoundAddress("address", c.standard, "", c.place, c.lon, c.lat, c.metres)
        for c in matched
        if c.lon is not None and c.lat is not None and c.score >= LIKELY and c.standard not in labels
    ]
    return found[:limit]
