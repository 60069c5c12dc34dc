"""Lists of residents, and finding one by number or by a part of the name; within one's areas alone."""

from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from jingwei.accounts.rules import Actor
from jingwei.kit import db
from jingwei.kit.crypto import index, piece
from jingwei.kit.errors import invalid
from jingwei.kit.ids import district_sql
from jingwei.kit.paging import Page, decode_row, encode_cursor
from jingwei.registry.models import Resident
from jingwei.registry.queries.residents.facts import RECORD, Known, Record, known_all
from jingwei.registry.queries.residents.places import GROUPS, ROOM, RoomNamed, areas_read, districts_of, kept_records, named, of_room
from jingwei.registry.rules.numbers import NumberFault, identity, plain, telephone
from jingwei.registry.rules.relations import KINDS
from jingwei.registry.rules.residents import born_between, name_part, rank

STATES = ("present", "former")


@dataclass(frozen=True, slots=True)
class ResidentFilter:
    """Which residents: of a place within one's areas, of a room, of an age in whole years, of a kind of residency, here now or no longer."""

    place: str = ""
    room_id: UUID | None = None
    age_from: int | None = None
    age_to: int | None = None
    kind: str = ""
    state: str = "present"


@dataclass(frozen=True, slots=True)
class Listed:
    """A line of a list: the resident, and the room of now (None: none, or outside one's areas). `way`: how the name was found (rules.residents.WAYS)."""

    who: Known
    room: RoomNamed | None
    kind: str = ""
    way: str = ""


def scope_sql(actor: Actor, place: str = "", column: str = "r.place") -> tuple[str, list[str]]:
    """SQL that is true within the areas where the actor reads people, and within `place`; no area, no row."""
    areas = areas_read(actor)
    inside = [wanted for area in areas if (wanted := place if place.startswith(area) else area if area.startswith(place) else None) is not None]
    if "" in inside:
        return "true", []
    either = "(" + (" or ".join([f"{column} like %s"] * len(inside)) or "false") + ")"
    if len(inside) < 2:
        return either, [f"{area}%" for area in inside]
    # An index of places is walked from the first of them, not from the city's beginning.
    return f"{column} >= %s and {either}", [min(inside), *(f"{area}%" for area in inside)]


# One row at a time, each by its key: of `exists … or exists …` the planner makes a table of everybody's residencies first.
HERE = """coalesce(
    (select true from registry_residency s where s.district = r.district and s.resident_id = r.id and upper_inf(s.period)
        and s.end_reason <> 'mistake' {more} limit 1),
    (select true from registry_resident m join registry_residency s on s.district = m.district and s.resident_id = m.id
      where m.merged_into = r.id and upper_inf(s.period) and s.end_reason <> 'mistake' {more} limit 1), false)"""
# Who has a residency in a room: found from the room, not by looking at everybody.
_OF_ROOM = f"""(r.district, r.id) in (select {district_sql("k.id")}, k.id from (
    select coalesce(m.merged_into, m.id) id from registry_residency s join registry_resident m on m.district = s.district and m.id = s.resident_id
     where s.room_id = %s) k)"""


def residents_page(*, actor: Actor, wanted: ResidentFilter, on: date, after: str | None = None, size: int = 50) -> Page[Listed]:
    """Residents of a filter by place; three statements (the dictionary's among them). Raises Invalid."""
    if wanted.state not in STATES:
        raise invalid("state", "应为在住或曾住", "present or former")
    if wanted.kind and wanted.kind not in KINDS:
        raise invalid("kind", "居住类型应为常住或暂住", "permanent or temporary")
    scope, params = scope_sql(actor, wanted.place)
    tests, values = [scope, "r.merged_into is null"], list[Any](params)
    more, in_here = "", list[Any]()
    if wanted.kind:
        more += " and s.kind = %s"
        in_here.append(wanted.kind)
    if wanted.room_id:
        more += " and s.room_id = %s"
        in_here.append(wanted.room_id)
        tests.append(_OF_ROOM)
        values.append(wanted.room_id)
    if wanted.state == "present":
        tests.append(HERE.format(more=more))
        values += in_here * 2
    else:
        tests.append("not " + HERE.format(more=""))
        if more:
            lived = "select from registry_residency s where s.district = r.district and s.resident_id = r.id and s.end_reason <> 'mistake'"
            tests.append(f"exists ({lived} {more})")
            values += in_here
    first, last = born_between(wanted.age_from, wanted.age_to, on)
    for bound, sign in ((first, ">="), (last, "<=")):
        if bound:
            tests.append(f"r.born {sign} %s")
            values.append(bound)
    if after:
        tests.append("(r.place, r.id) > (%s, %s)")
        values += decode_row(after, str, UUID)
    found = _rows(f"select r.* from registry_resident r where {' and '.join(tests)} order by r.place, r.id limit %s", [*values, size + 1])
    page = found[:size]
    last_row = page[-1] if len(found) > size else None
    return Page(with_rooms(actor, known_all(page)), encode_cursor([last_row.place, str(last_row.id)]) if last_row else None)


def _rows(sql: str, params: Sequence[Any]) -> list[Record]:
    """Residents by a statement that is planned for these very parameters: the best way depends on how much the scope holds."""
    return [Record(*row) for row in db.rows_anew(sql.replace("r.*", RECORD), params)]


# Where each lives now: the permanent room first, then the latest. In place of the joins of the room one could ask for it afterwards: a second statement.
_ROOM_NOW = f"""{GROUPS}
select distinct on (g.kept) g.kept, s.kind, s.place, {ROOM} from g
  join registry_residency s on s.district = g.district and s.resident_id = g.id and upper_inf(s.period) and s.end_reason <> 'mistake'
  {of_room("s.room_id")}
 order by g.kept, s.kind, s.period desc"""


def with_rooms(actor: Actor, people: Sequence[Known], ways: Sequence[str] = ()) -> list[Listed]:
    """Each with the room of now: the permanent one first; one statement."""
    ids = [one.id for one in people]
    areas = areas_read(actor)
    found = db.rows(_ROOM_NOW, {"districts": districts_of(ids), "ids": ids}) if ids else []
    now = {kept: (kind, named(room) if place.startswith(areas) else None) for kept, kind, place, *room in found}
    lines = []
    for n, one in enumerate(people):
        kind, room = now.get(one.id, ("", None))
        lines.append(Listed(one, room, kind, ways[n] if ways else ""))
    return lines


# -- search -------------------------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Found:
    """What was found, the best first; `more`: there are more of these than are shown."""

    items: list[Listed]
    more: bool = False


MOST_FOUND = 50


def residents_search(*, actor: Actor, text: str, place: str = "") -> Found:
    """By an identity number or a telephone number, whole; else by a part of the name, ranked: the whole name, its beginning, a part, its letters.

    Numbers are found by their keyed hashes, names by those of their pieces, and looked at again when unsealed: two pieces may share a hash.
    """
    numbers = number_hashes(text)
    if numbers[0] or numbers[1]:
        return _by_number(actor, place, *numbers)
    part = name_part(text, piece)
    if part is None:
        return Found([])
    scope, params = scope_sql(actor, place)
    tiers, values = [], list[Any]()
    for way, wanted in enumerate(part.ways):
        if not wanted:
            continue
        others = [other for other in part.ways[:way] if other]
        without = " and not r.grams @> %s::int[]" * len(others)
        tiers.append(f"(select {way} as way, r.* from registry_resident r where r.grams @> %s::int[]{without} and {scope} limit %s)")
        values += [list(wanted), *(list(other) for other in others), *params, MOST_FOUND + 1]
    sql = f"select way, r.* from ({' union all '.join(tiers)}) r limit %s"
    found = [(row[0], Record(*row[1:])) for row in db.rows_anew(sql.replace("r.*", RECORD), [*values, MOST_FOUND + 1])]
    ways, rows = [way for way, _ in found], known_all(row for _, row in found)
    looked = [(rank(one.name, part.text), way, one) for way, one in zip(ways, rows, strict=True)]
    good = sorted((x for x in looked if x[0] < 4), key=lambda x: x[0])
    people = _kept(actor, [one for _, _, one in good])
    fits = {one.id: WAY_NAMES[best] for best, _, one in reversed(good)}
    return Found(with_rooms(actor, people[:MOST_FOUND], [fits.get(one.id, "") for one in people[:MOST_FOUND]]), len(found) > MOST_FOUND)


WAY_NAMES = ("whole", "beginning", "part", "letters")


def number_hashes(text: str) -> tuple[list[bytes], list[bytes]]:
    """The hashes under which a number would be found: as an identity number, as a telephone. Nothing for what is no number."""
    normal = plain(text)
    if sum(c.isdigit() for c in normal) < 5 or not normal.isascii():
        return [], []
    numbers = {normal}
    with suppress(NumberFault):
        numbers.add(identity(text, today=date.max).number)
    try:
        return [index(number) for number in sorted(numbers)], [index(telephone(text))]
    except NumberFault:
        return [index(number) for number in sorted(numbers)], []


def _by_number(actor: Actor, place: str, identities: list[bytes], phones: list[bytes]) -> Found:
    scope, params = scope_sql(actor, place)
    sql = f"""select r.* from ((select r.* from registry_resident r where r.identity_index = any(%s) and {scope} limit %s)
              union (select r.* from registry_resident r where r.phone_index = any(%s) and {scope} limit %s)) r"""
    rows = _rows(sql, [identities, *params, MOST_FOUND + 1, phones, *params, MOST_FOUND + 1])
    people = _kept(actor, known_all(rows))
    return Found(with_rooms(actor, people[:MOST_FOUND], ["number"] * len(people[:MOST_FOUND])), len(people) > MOST_FOUND)


def _kept(actor: Actor, people: Sequence[Known]) -> list[Known]:
    """The records that are kept of these, each once, in their order; those outside the actor's areas fall away."""
    away = [one.id for one in people if one.merged_into]
    kept = kept_records(away)
    rows = visible_known(actor, set(kept.values())) if kept else {}
    found: dict[UUID, Known] = {}
    for one in people:
        real = rows.get(kept.get(one.id, one.id)) if one.merged_into else one
        if real:
            found.setdefault(real.id, real)
    return list(found.values())


def visible_known(actor: Actor, ids: Collection[UUID]) -> dict[UUID, Known]:
    rows = Resident.objects.visible_to(actor).filter(district__in=districts_of(ids), id__in=list(ids))
    return {one.id: one for one in known_all(rows)}
