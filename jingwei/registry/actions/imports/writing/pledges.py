"""Pledges come in: signed by an organisation or a resident who is registered, about a room or a component."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

import orjson

from jingwei.kit import crypto, db
from jingwei.kit.text import T
from jingwei.registry.actions.imports.job import Job, Outcome, Said, read_each
from jingwei.registry.actions.imports.writing.copying import ids
from jingwei.registry.actions.imports.writing.places import OUTSIDE, RoomAt, find_rooms
from jingwei.registry.rules.imports.things import PledgeRow, read_pledge

NO_ORGANISATION = T("没有登记过这个统一社会信用代码的单位", "no organisation with this credit code is registered")
NO_RESIDENT = T("没有登记过这个证件号码的人", "nobody with this identity number is registered")
NO_COMPONENT = T("没有登记过这个标识码的部件", "no component with this code is registered")
OTHER = T("编号已用于另一份责任书", "the number is another pledge's")
_SIGNERS = {
    "organisation": "select uscc, id, place from registry_organisation where uscc = any(%s) and uscc <> ''",
    "resident": "select identity_index, coalesce(merged_into, id), place from registry_resident where identity_index = any(%s)",
    "component": "select code, id, place from registry_component where code = any(%s)",
}
_KNOWN = "select number, kind, signed_date, organisation_id, resident_id from registry_pledge where number = any(%s) and number <> ''"
_READ: tuple[Callable[[Any], Any], ...] = (str, date.fromisoformat, UUID, UUID)  # what a number is known by, out of JSON
_SAME = """
select kind, signed_date, organisation_id, resident_id, room_id from registry_pledge
 where organisation_id = any(%s) or resident_id = any(%s)"""
_INSERT = """
insert into registry_pledge (district, id, place, import_id, number, kind, title, organisation_id, resident_id, room_id, building_id, component_id, signed_date,
                             term, source)
select district, id, place, %s, number, kind, title, organisation_id, resident_id, room_id, building_id, component_id, signed, daterange(first, until), %s
  from json_to_recordset(%s::json) r(district varchar, id uuid, place varchar, number varchar, kind varchar, title varchar, organisation_id uuid,
       resident_id uuid, room_id uuid, building_id bigint, component_id uuid, signed date, first date, until date)"""


def write_pledges(job: Job, rows: Sequence[Said], outcome: Outcome) -> None:
    wanted: list[PledgeRow] = read_each(rows, lambda row: read_pledge(row.number, row.said, job.today), outcome)
    rooms = find_rooms({w.address for w in wanted if w.address and not w.room}, {w.room for w in wanted if w.room}, job.area)
    index = {w.identity: crypto.index(w.identity) for w in wanted if w.identity}
    firms = _found("organisation", [w.uscc for w in wanted if w.uscc])
    people = _found("resident", list(index.values()))
    things = _found("component", [w.component for w in wanted if w.component])
    numbers = {n: rest for n, *rest in db.rows(_KNOWN, [[w.number for w in wanted if w.number]])}
    same = {tuple(r) for r in db.rows(_SAME, [[id for id, _ in firms.values()], [id for id, _ in people.values()]])}
    alike = {w.line: _alike(w, firms.get(w.uscc), people.get(index.get(w.identity, b"")), rooms.get(w.room or w.address)) for w in wanted}
    noted = job.seen([*map(str, alike.values()), *(f"number {w.number}" for w in wanted if w.number)])
    for number, detail in noted.items():
        if number.startswith("number "):
            numbers[number.removeprefix("number ")] = [None if one is None else read(one) for read, one in zip(_READ, orjson.loads(detail), strict=True)]
    make, seen, new = ids(job.at), dict[str, str](), list[dict[str, Any]]()
    for row in wanted:
        firm, person, thing = firms.get(row.uscc), people.get(index.get(row.identity, b"")), things.get(row.component)
        lacks = (
            NO_ORGANISATION if row.uscc and not firm else NO_RESIDENT if row.identity and not person else NO_COMPONENT if row.component and not thing else None
        )
        room = rooms.get(row.room or row.address)
        if lacks is None and isinstance(room, T) and (row.room or row.address):
            lacks = T(f"地址：{room.zh}", f"Address: {room.en}")
        if lacks:
            outcome.refuse(row.line, lacks)
            continue
        stands = room if isinstance(room, RoomAt) else None
        place = stands.place if stands else thing[1] if thing else firm[1] if firm else person[1] if person else ""
        if len(place) < 6 or not job.holds(place):
            outcome.refuse(row.line, OUTSIDE)
            continue
        who = (firm[0] if firm else None, person[0] if person else None)
        known = numbers.get(row.number) if row.number else None
        if known is not None and [row.kind, row.signed, *who] != known:
            outcome.refuse(row.line, OTHER)
            continue
        key = alike[row.line]
        if known is not None or (not row.number and (key in same or str(key) in noted)):
            outcome.took("unchanged", row.line)
            continue
        if row.number:
            numbers[row.number] = [row.kind, row.signed, *who]
            seen[f"number {row.number}"] = orjson.dumps(numbers[row.number]).decode()
        same.add(key)
        seen[str(key)] = ""
        new.append(
            {"district": place[:6], "id": make(place[:6]), "place": place, "number": row.number, "kind": row.kind, "title": row.title}
            | {"organisation_id": who[0], "resident_id": who[1], "room_id": stands.id if stands else None, "building_id": stands.building if stands else None}
            | {"component_id": thing[0] if thing else None, "signed": row.signed, "first": row.first, "until": row.last}
        )
        outcome.took("added", row.line, f"{row.number} {row.title}")
    job.see(seen)
    if new and not job.dry:
        outcome.made["pledges"] += db.run(_INSERT, [job.id, job.source, orjson.dumps(new).decode()])


def _alike(row: PledgeRow, firm: tuple[Any, str] | None, person: tuple[Any, str] | None, room: Any) -> tuple[Any, ...]:
    """Pledges without a number that agree in this are the same."""
    return row.kind, row.signed, firm[0] if firm else None, person[0] if person else None, room.id if isinstance(room, RoomAt) else None


def _found(what: str, keys: list[Any]) -> dict[Any, tuple[Any, str]]:
    return {bytes(key) if isinstance(key, memoryview) else key: (id, place) for key, id, place in db.rows(_SIGNERS[what], [keys])} if keys else {}
