"""Where a row belongs: rooms by their code or by an address as people write it, grids under points."""

import re
from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple
from uuid import UUID

from jingwei.accounts.rules import SYSTEM
from jingwei.kit import db
from jingwei.kit.text import T
from jingwei.registry.queries import address_match, gazetteer
from jingwei.registry.rules import addresses

NO_ROOM = T("没有找到这个地址的房屋，请先登记房屋或改正地址", "no room has this address: register it first, or correct the address")
NO_CODE = T("没有这个编码的房屋", "there is no room with this code")
SEVERAL = T("这个地址对应多处房屋，请写明区划", "several rooms have this address: say the district too")
OUTSIDE = T("房屋不在本次导入的区域之内", "the room lies outside the area of this import")
SURE = 80.0  # of a hundred: how well a text must fit an address to be taken for it
MOST_MATCHED = 200  # of a block: matching costs milliseconds, and a file of nothing but odd addresses is better mended
# The last part of an address as it is mostly written: a stair, a number. What stands before is that of every room of the building.
_ROOM = re.compile(r"(?:([0-9]{1,3}|[甲乙丙丁]|[A-Z])单元)?(B?-?[0-9]{1,5}[A-Z]?)室?")
_TAIL = re.compile(r"(?:(?:[0-9]{1,3}|[甲乙丙丁]|[A-Z])单元)?[0-9]{1,5}[A-Z]?室?$")


class RoomAt(NamedTuple):
    id: UUID
    district: str
    place: str
    building: int


@lru_cache(maxsize=60_000)
def building_key(text: str) -> tuple[str, str]:
    """(key, place named) of a building's address: the same for all its rooms."""
    keys, _, place = _read(text)
    return keys[-1], place


@lru_cache(maxsize=60_000)
def node_keys(text: str) -> tuple[tuple[str, ...], str]:
    """(keys, place named) of the nodes of the tree that an address names, from the street down to what is meant; ("",) where it names none."""
    keys, _, place = _read(text)
    return keys, place


def _read(text: str) -> tuple[tuple[str, ...], addresses.Parts, str]:
    """(keys of the nodes of the tree that a text names, its parts, place named)."""
    reading = addresses.read(text, gazetteer())
    parts = addresses.parts_of(reading)
    names = [name for _, name in addresses.path(parts, (e.label for e in reading.elements))]
    return tuple(addresses.normal("".join(names[:n])) for n in range(1, len(names) + 1)) or ("",), parts, reading.place


@lru_cache(maxsize=60_000)
def room_key(text: str) -> tuple[str, str]:
    """(key of the room, place named) of an address as written."""
    folded = addresses.fold(text).replace(" ", "")
    tail = _TAIL.search(folded)
    if tail and tail.start() and (parts := _ROOM.fullmatch(tail[0])) and folded[tail.start() - 1] in "栋幢号楼座":
        key, place = building_key(folded[: tail.start()])
        return addresses.room_key(key, parts[1] or "", parts[2]), place
    (*_, key), said, place = _read(text)
    return (addresses.room_key(key, said.unit, said.room) if key and said.room else ""), place


_BY_KEY = """
select address_key, id, district, place, building_id from registry_room
 where address_key = any(%s) and address_key <> '' and ended_date is null and place ^@ %s"""
_BY_ID = "select id, district, place, building_id from registry_room where id = any(%s) and ended_date is null"
_BY_CODE = "select code, id, district, place, building_id from registry_room where code = any(%s) and code <> '' and ended_date is null"


def find_rooms(texts: Collection[str], codes: Collection[str], area: str) -> dict[str, RoomAt | T]:
    """The room of each address and each code, or why there is none. Addresses in full are found by their key; the others are matched one by one."""
    found: dict[str, RoomAt | T] = {}
    for code, *room in db.rows(_BY_CODE, [list(codes)]) if codes else []:
        found[code] = RoomAt(*room)
    found |= {code: NO_CODE for code in codes if code not in found}
    if not texts:
        return found
    keys = {text: room_key(text) for text in texts}
    by_key: dict[str, list[RoomAt]] = {}
    for key, *room in db.rows(_BY_KEY, [list({key for key, _ in keys.values() if key}), area]):
        by_key.setdefault(key, []).append(RoomAt(*room))
    missing = []
    for text, (key, place) in keys.items():
        rooms = by_key.get(key, [])
        if len(rooms) > 1:
            rooms = [r for r in rooms if r.place.startswith(place) or place.startswith(r.place)]
        if rooms:
            found[text] = rooms[0] if len(rooms) == 1 else SEVERAL
        else:
            missing.append(text)
    return found | _matched(missing, area)


def _matched(texts: Sequence[str], area: str) -> dict[str, RoomAt | T]:
    """Addresses that are not written in full: taken where one room fits in all that is said, and no other. So many of a block are tried."""
    fits: dict[str, UUID] = {}
    for text in texts[:MOST_MATCHED]:
        candidates = address_match(actor=SYSTEM, text=text, within=area, limit=2).candidates
        if not candidates:
            continue
        best, others = candidates[0], candidates[1:]
        if best.score < SURE or len(best.rooms) != 1 or any(r.verdict in ("differs", "missing", "alike") for r in best.reasons):
            continue
        if not any(r.element == "room" and r.verdict == "agrees" for r in best.reasons) or (others and others[0].score >= best.score):
            continue
        fits[text] = best.rooms[0].id
    rooms = {id: RoomAt(id, *rest) for id, *rest in db.rows(_BY_ID, [list(fits.values())])} if fits else {}
    return {text: rooms.get(fits[text], NO_ROOM) if text in fits else NO_ROOM for text in texts}


_PLACES = """
select p.n, coalesce(
  (select g.code from areas_grid g where ST_Covers(g.boundary, p.point) and g.period @> %(on)s::date and g.kind <> 'micro' order by g.code limit 1),
  (select d.place from areas_division d where ST_Covers(d.boundary, p.point) order by d.level desc, d.code limit 1), '')
  from unnest(%(ns)s::int[], %(shapes)s::text[]) s(n, shape), lateral (select s.n, ST_PointOnSurface(ST_GeomFromEWKT(s.shape)) point) p"""


def places_of(shapes: Iterable[str], on: object) -> list[str]:
    """The grid under each geometry, or where there is none the deepest division; "" outside all."""
    listed = list(shapes)
    if not listed:
        return []
    found = dict(db.rows(_PLACES, {"on": on, "ns": list(range(len(listed))), "shapes": listed}))
    return [found.get(n, "") for n in range(len(listed))]
