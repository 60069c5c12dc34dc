"""Pairs of records that are probably one person, for who keeps the register; each with its reasons."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from jingwei.accounts.rules import KEEPS_REGISTER, SYSTEM, Actor
from jingwei.kit import db
from jingwei.kit.errors import Forbidden, invalid
from jingwei.kit.text import T
from jingwei.registry.models import Resident
from jingwei.registry.queries.fields import fields_on
from jingwei.registry.queries.residents.facts import UNREADABLE, known_all, opened
from jingwei.registry.queries.residents.lists import Listed, with_rooms
from jingwei.registry.queries.residents.places import districts_of
from jingwei.registry.rules.likely import LIKELY, Likeness, Told, likeness

STREET = 9  # digits of a place in which one looks: all pairs of a city are no list
MOST_COMPARED = 4000
MOST_SHOWN = 100
SHARED = 6  # a telephone that more records have than this is an office's

# Those of the place, beside everybody within the keeper's areas: found by what they share, never everybody with everybody. Names are the same where their
# pieces are. A pair that a smaller way finds is not looked for by a greater one's limit.
_ALIVE = "{0}.merged_into is null and {0}.erased_date is null and {0}.ended_date is null"
_PAIRS = f"""
with p as materialized (select r.district, r.id, r.grams, r.born, r.identity_kind, r.identity_index, r.phone_index from registry_resident r
                         where {{here}} and {_ALIVE.format("r")}),
pairs as (
  select 0 way, p.id a, o.id b from p join registry_resident o on o.identity_index = p.identity_index and o.id <> p.id
   where {{there}} and {_ALIVE.format("o")}
  union all
  select 1, p.id, o.id from p join registry_resident o on o.phone_index = p.phone_index and o.id <> p.id
   where {{there}} and {_ALIVE.format("o")}
     and (select count(*) from (select from registry_resident c where c.phone_index = p.phone_index limit {SHARED + 1}) c) <= {SHARED}
  union all
  select 2, p.id, o.id from p join p o on o.grams = p.grams and o.born = p.born and o.id > p.id where p.grams <> '{{{{}}}}'
  union all
  select 3, p.id, o.id from p
    join registry_residency s on s.district = p.district and s.resident_id = p.id and upper_inf(s.period) and s.end_reason <> 'mistake'
    join registry_residency t on t.room_id = s.room_id and t.resident_id <> s.resident_id and upper_inf(t.period) and t.end_reason <> 'mistake'
    join registry_resident o on o.district = t.district and o.id = t.resident_id and o.born = p.born
   where {{there}} and {_ALIVE.format("o")}
  union all
  select 4, p.id, o.id from p join p o on o.grams = p.grams and o.identity_kind = p.identity_kind and o.id > p.id
   where p.grams <> '{{{{}}}}' and p.identity_index is not null and o.identity_index is not null)
select least(a, b) one, greatest(a, b) other from pairs
 where not exists (select from registry_toldapart n where n.one = least(a, b) and n.other = greatest(a, b))
 group by 1, 2 order by min(way), 1, 2 limit {MOST_COMPARED + 1}"""
_ROOMS = """select resident_id, array_agg(room_id) from registry_residency
 where district = any(%s) and resident_id = any(%s) and upper_inf(period) and end_reason <> 'mistake' group by resident_id"""


@dataclass(frozen=True, slots=True)
class LikelyPair:
    """Two records, how likely they are one person (of a hundred), and why."""

    one: Listed
    other: Listed
    likeness: Likeness


@dataclass(frozen=True, slots=True)
class LikelyPairs:
    """The likeliest first; `more`: not all could be looked at, or shown."""

    items: list[LikelyPair]
    more: bool


def likely_pairs(*, actor: Actor, place: str = "") -> LikelyPairs:
    """The pairs of which one record at least lies in a place, both in areas where the actor keeps the register; what was told apart is left out.

    Raises Forbidden for who keeps no register there, Invalid for a place larger than a street.
    """
    areas = ("",) if actor is SYSTEM else actor.areas_of_any(KEEPS_REGISTER)
    inside = [place if place.startswith(area) else area for area in areas if place.startswith(area) or area.startswith(place)]
    if not inside:
        raise Forbidden(T("只有登记簿的维护人员可以这样做", "only those who keep the register may do this"))
    if any(len(one) < STREET for one in inside):
        raise invalid("place", "请选择一个街道或社区", "choose a street or a community")
    here, there = ("(" + " or ".join([f"{column} like %s"] * len(under)) + ")" for column, under in (("r.place", inside), ("o.place", areas)))
    under = [f"{area}%" for area in areas]
    found = db.rows_anew(_PAIRS.format(here=here, there=there), [*(f"{one}%" for one in inside), *under * 3])
    pairs = found[:MOST_COMPARED]
    rows, told = _told({id for pair in pairs for id in pair})
    compared = ((likeness(told[a], told[b]), a, b) for a, b in pairs if a in told and b in told)
    good = sorted((one for one in compared if one[0].score >= LIKELY), key=lambda one: (-one[0].score, one[1], one[2]))
    shown = good[:MOST_SHOWN]
    listed = {line.who.id: line for line in with_rooms(actor, known_all(rows[id] for id in dict.fromkeys(id for _, a, b in shown for id in (a, b))))}
    return LikelyPairs([LikelyPair(listed[a], listed[b], how) for how, a, b in shown], len(found) > MOST_COMPARED or len(good) > MOST_SHOWN)


def _told(ids: Collection[UUID]) -> tuple[dict[UUID, Resident], dict[UUID, Told]]:
    """What the records say, opened; fields that are switched off in the dictionary say nothing."""
    districts, on = districts_of(ids), fields_on("resident")
    rows = {row.id: row for row in Resident.objects.filter(district__in=districts, id__in=list(ids))}
    rooms = {id: frozenset(found) for id, found in db.rows(_ROOMS, [districts, list(ids)])} if ids else {}
    return rows, {id: _one(row, on, rooms.get(id, frozenset())) for id, row in rows.items()}


def _one(row: Resident, on: Collection[str], rooms: frozenset[Any]) -> Told:
    number = opened(row.identity_sealed, "identity") if "identity" in on else ""
    number = "" if number == UNREADABLE else number
    day = _day(number) if "born" in on else None
    return Told(
        name=opened(row.name_sealed, "name").replace(UNREADABLE, ""),
        born=day or (row.born if "born" in on else None),
        exact=day is not None,
        sex=row.sex if "sex" in on else "0",
        kind=row.identity_kind if number else "",
        number=number,
        phone=bytes(row.phone_index) if row.phone_index and "phone" in on else b"",
        rooms=rooms,
    )


def _day(number: str) -> date | None:
    """The birth date that a number of eighteen digits tells."""
    try:
        return date(int(number[6:10]), int(number[10:12]), int(number[12:14])) if len(number) == 18 else None
    except ValueError:
        return None
