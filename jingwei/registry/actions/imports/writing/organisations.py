"""Organisations come in with their premises: known by their credit code, else by name and place."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import orjson

from jingwei.kit import crypto, db
from jingwei.kit.text import T
from jingwei.registry.actions.imports.job import Job, Outcome, Said, read_each
from jingwei.registry.actions.imports.writing.copying import ids, note_before
from jingwei.registry.actions.imports.writing.places import OUTSIDE, RoomAt, find_rooms, places_of
from jingwei.registry.actions.organisations import CONTACT, PHONE
from jingwei.registry.rules.imports.things import OrganisationRow, read_organisation

FACTS = ("name", "kind", "status", "industry")
NOWHERE = T("不知道在哪里：请写能找到的地址、房屋编码或经纬度", "it isn't known where: give an address that is found, a room's code, or a position")
_KNOWN = """
select uscc, name, place, district, id, kind, status, industry, contact_sealed, phone_index from registry_organisation
 where (uscc = any(%s) and uscc <> '') or (uscc = '' and name = any(%s))"""
_HERE = """
select organisation_id, room_id, address from registry_premises
 where district = any(%s) and organisation_id = any(%s) and period @> %s"""


def write_organisations(job: Job, rows: Sequence[Said], outcome: Outcome) -> None:
    wanted: list[OrganisationRow] = read_each(rows, lambda row: read_organisation(row.number, row.said, job.crs, job.today), outcome)
    rooms = find_rooms({w.address for w in wanted if w.address and not w.room}, {w.room for w in wanted if w.room}, job.area)
    pointed = [w for w in wanted if w.shape]
    under = dict(zip((w.number for w in pointed), places_of([w.shape for w in pointed], job.today), strict=True))
    known = {(r[0] or (r[1], r[2])): list(r) for r in db.rows(_KNOWN, [[w.uscc for w in wanted if w.uscc], [w.name for w in wanted if not w.uscc]])}
    here = {(o.hex, r.hex if r else a) for o, r, a in db.rows(_HERE, [sorted({k[3] for k in known.values()}), [k[4] for k in known.values()], job.today])}
    make, noted, seen = ids(job.at), job.seen(w.uscc or w.name for w in wanted), dict[str, str]()
    new: list[dict[str, Any]] = []
    premises: list[dict[str, Any]] = []
    changed: dict[tuple[str, UUID], dict[str, Any]] = {}
    for row in wanted:
        room = rooms.get(row.room or row.address)
        stands_in = room if isinstance(room, RoomAt) else None
        place = stands_in.place if stands_in else under.get(row.number, "") or (job.area if len(job.area) >= 6 and row.address else "")
        if len(place) < 6:
            outcome.refuse(row.number, T(f"{NOWHERE.zh}（{room.zh}）", f"{NOWHERE.en} ({room.en})") if isinstance(room, T) else NOWHERE)
            continue
        if not job.holds(place):
            outcome.refuse(row.number, OUTSIDE)
            continue
        was = known.get(row.uscc or (row.name, place))
        where = stands_in.id.hex if stands_in else row.address
        if was is None and (row.uscc or row.name) in noted:
            outcome.took("unchanged", row.number)
            continue
        if was is None:
            district, id = place[:6], make(place[:6])
            known[row.uscc or (row.name, place)] = [row.uscc, row.name, place, district, UUID(id), *[row.facts.get(f) for f in FACTS[1:]], None, None]
            new.append({"district": district, "id": id, "place": place, "uscc": row.uscc, **row.facts, **_sealed(row)})
            premises.append(_premises(make(district), district, id, place, stands_in, row))
            here.add((id, where))
            seen[row.uscc or row.name] = ""
            outcome.took("added", row.number, f"{row.name} {row.address or row.room}")
            continue
        now = dict(zip(FACTS, (was[1], *was[5:8]), strict=True))
        differs = {k: v for k, v in row.facts.items() if now[k] != v}
        if row.phone and bytes(was[9] or b"") != crypto.index(row.phone):
            differs |= {k: v for k, v in _sealed(row).items() if k.startswith("phone")}
        if row.contact and (was[8] is None or crypto.unseal(bytes(was[8]), about=CONTACT) != row.contact):
            differs["contact_sealed"] = _sealed(row)["contact_sealed"]
        if differs:
            changed.setdefault((was[3], was[4]), {}).update(differs)
        moved = where and (was[4].hex, where) not in here
        if moved:
            premises.append(_premises(make(was[3]), was[3], was[4].hex, place, stands_in, row))
            here.add((was[4].hex, where))
        outcome.took("changed" if differs or moved else "unchanged", row.number, f"{row.name}（{'、'.join([*differs, *(['address'] if moved else [])])}）")
    job.see(seen)
    if not job.dry:
        _write(job, new, premises, changed, outcome)


def _sealed(row: OrganisationRow) -> dict[str, str]:
    found = {}
    if row.contact:
        found["contact_sealed"] = "\\x" + crypto.seal(row.contact, about=CONTACT).hex()
    if row.phone:
        found |= {"phone_sealed": "\\x" + crypto.seal(row.phone, about=PHONE).hex(), "phone_index": "\\x" + crypto.index(row.phone).hex()}
    return found


def _premises(id: str, district: str, organisation: str, place: str, room: RoomAt | None, row: OrganisationRow) -> dict[str, Any]:
    stands = {"building_id": room.building, "room_id": room.id.hex} if room else {}
    return {
        "district": district,
        "id": id,
        "organisation_id": organisation,
        "place": place,
        "address": row.address,
        "point": row.shape,
        "first": str(row.first),
        **stands,
    }


_NEW = """
insert into registry_organisation (district, id, place, import_id, uscc, name, kind, status, industry, contact_sealed, phone_sealed, phone_index, source)
select district, id, place, %s, uscc, name, coalesce(kind, 'enterprise'), coalesce(status, 'active'), coalesce(industry, ''), contact_sealed, phone_sealed,
       phone_index, %s
  from json_to_recordset(%s::json) r(district varchar, id uuid, place varchar, uscc varchar, name varchar, kind varchar, status varchar, industry varchar,
       contact_sealed bytea, phone_sealed bytea, phone_index bytea)"""
_PREMISES = """
insert into registry_premises (district, id, organisation_id, place, import_id, building_id, room_id, address, point, period, source)
select district, id, organisation_id, place, %s, building_id, room_id, coalesce(address, ''), ST_GeomFromEWKT(nullif(point, '')), daterange(first, null), %s
  from json_to_recordset(%s::json) r(district varchar, id uuid, organisation_id uuid, place varchar, building_id bigint, room_id uuid, address varchar,
       point text, first date)"""
_CHANGE = """
update registry_organisation o set version = version + 1, name = coalesce(r.name, o.name),
       kind = coalesce(r.kind, o.kind), status = coalesce(r.status, o.status),
       industry = coalesce(r.industry, o.industry), contact_sealed = coalesce(r.contact_sealed, o.contact_sealed),
       phone_sealed = coalesce(r.phone_sealed, o.phone_sealed), phone_index = coalesce(r.phone_index, o.phone_index)
  from json_to_recordset(%s::json) r(district varchar, id uuid, name varchar, kind varchar, status varchar, industry varchar, contact_sealed bytea,
       phone_sealed bytea, phone_index bytea) where o.district = r.district and o.id = r.id"""


def _write(job: Job, new: list[dict[str, Any]], premises: list[dict[str, Any]], changed: dict[tuple[str, UUID], dict[str, Any]], outcome: Outcome) -> None:
    if new:
        outcome.made["organisations"] += db.run(_NEW, [job.id, job.source, orjson.dumps(new).decode()])
    ours = {row["id"] for row in new}
    altered = {key: values for key, values in sorted(changed.items()) if key[1].hex not in ours}
    if altered:
        note_before(job, "organisation", "registry_organisation", list(altered))
        db.run(_CHANGE, [orjson.dumps([{"district": d, "id": i.hex, **values} for (d, i), values in altered.items()]).decode()])
    if premises:
        outcome.made["premises"] += db.run(_PREMISES, [job.id, job.source, orjson.dumps(premises).decode()])
