"""Organisations come in with their premises: known by their credit code, else by name and place."""

from collections.abc import Sequence
from dataclasses import dataclass, field
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
 where district = any(%s) and organisation_id = any(%s) and (upper_inf(period) or upper(period) > %s)"""
_DEFAULTS = {"kind": "enterprise", "status": "active", "industry": ""}


@dataclass(slots=True)
class Firm:
    """An organisation that stands, or is made by this file, as its lines have left it. `here`: where it does business (rooms by id, else addresses)."""

    district: str
    id: str
    facts: dict[str, Any]
    contact: bytes | None = None
    phone: bytes | None = None
    here: set[str] = field(default_factory=set)

    def json(self) -> str:
        sealed = [part.hex() if part else "" for part in (self.contact, self.phone)]
        return orjson.dumps([self.district, self.id, self.facts, *sealed, sorted(self.here)]).decode()

    @staticmethod
    def of(text: str) -> "Firm":
        district, id, facts, contact, phone, here = orjson.loads(text)
        return Firm(district, id, facts, bytes.fromhex(contact), bytes.fromhex(phone), set(here))


def write_organisations(job: Job, rows: Sequence[Said], outcome: Outcome) -> None:
    wanted: list[OrganisationRow] = read_each(rows, lambda row: read_organisation(row.number, row.said, job.crs, job.today), outcome)
    placed = _placed(job, wanted, outcome)
    known = _known(job, placed)
    make, seen = ids(job.at), dict[str, str]()
    new: list[dict[str, Any]] = []
    premises: list[dict[str, Any]] = []
    changed: dict[tuple[str, UUID], dict[str, Any]] = {}
    for row, place, room in placed:
        key, where = _key(row, place), room.id.hex if room else row.address
        firm = known.get(key)
        if firm is None:
            district, id = place[:6], make(place[:6])
            values = _sealed(row)
            contact, phone = (bytes.fromhex(values.get(name, "")[2:]) for name in ("contact_sealed", "phone_index"))
            known[key] = Firm(district, id, {**_DEFAULTS, **row.facts}, contact, phone, {where})
            new.append({"district": district, "id": id, "place": place, "uscc": row.uscc, **row.facts, **values})
            premises.append(_premises(make(district), district, id, place, room, row))
            seen[key] = known[key].json()
            outcome.took("added", row.number, f"{row.name} {row.address or row.room}")
            continue
        differs = {k: v for k, v in row.facts.items() if firm.facts[k] != v}
        firm.facts |= differs
        if row.phone and firm.phone != crypto.index(row.phone):
            differs |= {k: v for k, v in _sealed(row).items() if k.startswith("phone")}
            firm.phone = crypto.index(row.phone)
        if row.contact and not (firm.contact and crypto.unseal(firm.contact, about=CONTACT) == row.contact):
            differs["contact_sealed"] = _sealed(row)["contact_sealed"]
            firm.contact = bytes.fromhex(differs["contact_sealed"][2:])
        if differs:
            changed.setdefault((firm.district, UUID(firm.id)), {}).update(differs)
        moved = where and where not in firm.here
        if moved:
            premises.append(_premises(make(firm.district), firm.district, firm.id, place, room, row))
            firm.here.add(where)
        if differs or moved:
            seen[key] = firm.json()
        outcome.took("changed" if differs or moved else "unchanged", row.number, f"{row.name}（{'、'.join([*differs, *(['address'] if moved else [])])}）")
    job.see(seen)
    if not job.dry:
        _write(job, new, premises, changed, outcome)


def _placed(job: Job, wanted: list[OrganisationRow], outcome: Outcome) -> list[tuple[OrganisationRow, str, RoomAt | None]]:
    """Each row with its place and its room; those that lie nowhere, or outside, are refused."""
    rooms = find_rooms({w.address for w in wanted if w.address and not w.room}, {w.room for w in wanted if w.room}, job.area)
    pointed = [w for w in wanted if w.shape]
    under = dict(zip((w.number for w in pointed), places_of([w.shape for w in pointed], job.today), strict=True))
    placed: list[tuple[OrganisationRow, str, RoomAt | None]] = []
    for row in wanted:
        room = rooms.get(row.room or row.address)
        stands_in = room if isinstance(room, RoomAt) else None
        place = stands_in.place if stands_in else under.get(row.number, "") or (job.area if len(job.area) >= 6 and row.address else "")
        if len(place) < 6:
            outcome.refuse(row.number, T(f"{NOWHERE.zh}（{room.zh}）", f"{NOWHERE.en} ({room.en})") if isinstance(room, T) else NOWHERE)
        elif not job.holds(place):
            outcome.refuse(row.number, OUTSIDE)
        else:
            placed.append((row, place, stands_in))
    return placed


def _key(row: OrganisationRow, place: str) -> str:
    """By which an organisation is known: its credit code, else its name and place."""
    return row.uscc or f"{row.name} {place}"


def _known(job: Job, placed: Sequence[tuple[OrganisationRow, str, RoomAt | None]]) -> dict[str, Firm]:
    found: dict[str, Firm] = {}
    for uscc, name, place, district, id, kind, status, industry, contact, phone in db.rows(
        _KNOWN, [[row.uscc for row, *_ in placed if row.uscc], [row.name for row, *_ in placed if not row.uscc]]
    ):
        facts = {"name": name, "kind": kind, "status": status, "industry": industry}
        found[uscc or f"{name} {place}"] = Firm(district, id.hex, facts, bytes(contact or b""), bytes(phone or b""))
    by_id = {firm.id: firm for firm in found.values()}
    asked = [sorted({firm.district for firm in by_id.values()}), [UUID(id) for id in by_id], job.today]
    for id, room, address in db.rows(_HERE, asked) if by_id else []:
        by_id[id.hex].here.add(room.hex if room else address)
    return found | {key: Firm.of(detail) for key, detail in job.seen(_key(row, place) for row, place, _ in placed).items()}


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
    if altered := dict(sorted(changed.items())):
        note_before(job, "organisation", "registry_organisation", list(altered))
        db.run(_CHANGE, [orjson.dumps([{"district": d, "id": i.hex, **values} for (d, i), values in altered.items()]).decode()])
    if premises:
        outcome.made["premises"] += db.run(_PREMISES, [job.id, job.source, orjson.dumps(premises).decode()])
