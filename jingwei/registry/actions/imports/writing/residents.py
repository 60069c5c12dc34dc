"""People come in by the thousand: known ones are found by their number, new ones are sealed, and each is tied to the room where they live."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

import orjson

from jingwei.kit import crypto, db
from jingwei.kit.text import T
from jingwei.registry.actions.imports.job import Job, Outcome, Said, read_each
from jingwei.registry.actions.imports.writing.copying import NULL, copy, ids, note_before, sealed, text
from jingwei.registry.actions.imports.writing.places import OUTSIDE, RoomAt, find_rooms
from jingwei.registry.queries import ABOUT
from jingwei.registry.rules.imports.residents import Inhabitant, read
from jingwei.registry.rules.relations import HEAD
from jingwei.registry.rules.residents import Stay, grams, overlap

ABOUT_NAME, ABOUT_IDENTITY, ABOUT_PHONE = ABOUT["name"], ABOUT["identity"], ABOUT["phone"]
LIVES_ELSEWHERE = T(
    "此人已在别处常住（{since} 起），请先办理迁出，或改为暂住", "lives permanently elsewhere (since {since}): move them out first, or enter as temporary"
)
OTHER_NAME = T("证件号码已登记在另一姓名下，请核对", "the number is registered under another name: check it")


@dataclass(slots=True)
class Living:
    """A stay that stands, or (`fresh`) is made by these lines."""

    room: str
    first: date
    end: date | None
    permanent: bool
    id: str = ""
    relation: str = ""
    district: str = ""
    fresh: bool = False
    moved: bool = False  # made and ended by these lines

    def stay(self) -> Stay:
        return Stay(self.first, self.end, self.permanent)


@dataclass(slots=True)
class Body:
    """Somebody, known before or made by these lines. Their name is here sealed, plain (of these lines), or as its keyed hash (of earlier lines of a check)."""

    id: str
    district: str
    place: str
    name_sealed: bytes | None = None
    name: str = ""
    name_index: bytes | None = None
    phone: bytes | None = None
    sex: str = "0"
    home_place: str = ""
    stays: list[Living] = field(default_factory=list)

    def is_called(self, name: str) -> bool:
        if self.name:
            return self.name == name
        if self.name_sealed is not None:
            return crypto.unseal(self.name_sealed, about=ABOUT_NAME) == name
        return self.name_index is None or self.name_index == crypto.index(name)

    def json(self) -> str:
        """As earlier lines of a check leave them for later ones."""
        index = crypto.index(self.name) if self.name else self.name_index
        stays = [[s.room, s.first, s.end, s.permanent, s.relation] for s in self.stays]
        return orjson.dumps([self.place, index.hex() if index else "", self.phone.hex() if self.phone else "", self.sex, self.home_place, stays]).decode()

    def become(self, text: str) -> None:
        self.place, index, phone, self.sex, self.home_place, stays = orjson.loads(text)
        self.name_index, self.phone = bytes.fromhex(index) or None, bytes.fromhex(phone) or None
        self.stays = [Living(room, date.fromisoformat(a), date.fromisoformat(b) if b else None, lasting, relation=link) for room, a, b, lasting, link in stays]


@dataclass
class _Rows:
    """What is to be written."""

    residents: list[str] = field(default_factory=list)
    households: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    residencies: list[tuple[Living, str, str, str]] = field(default_factory=list)  # with the room's place, the resident, the household
    changes: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    ends: list[tuple[str, str, date]] = field(default_factory=list)
    relations: list[tuple[str, str, str]] = field(default_factory=list)
    heads: dict[tuple[str, str], str] = field(default_factory=dict)


def write_residents(job: Job, rows: Sequence[Said], outcome: Outcome) -> None:
    people: list[Inhabitant] = read_each(rows, lambda row: read(row.number, row.said, job.today), outcome)
    rooms = find_rooms({p.address for p in people if not p.room}, {p.room for p in people if p.room}, job.area)
    indexes = {p.number: crypto.index(p.facts.identity.number) if p.facts.identity else b"" for p in people}
    phones = {p.number: crypto.index(p.facts.phone) if p.facts.phone else None for p in people}
    bodies = _known(job, set(filter(None, indexes.values())))
    nameless = _without_number(job, people, rooms) if not all(indexes.values()) else {}
    homes = _households(people, rooms)
    plan, make, touched = _Rows(), ids(job.at), dict[Any, Body]()
    for person in people:
        room = rooms[person.room or person.address]
        if isinstance(room, T):
            outcome.refuse(person.number, T(f"地址：{room.zh}", f"Address: {room.en}"))
            continue
        if not job.holds(room.place):
            outcome.refuse(person.number, OUTSIDE)
            continue
        index, room_id = indexes[person.number], room.id.hex
        key: Any = index or (room_id, tuple(_grams(person.facts.name)), person.facts.born)
        body = bodies.get(key) if index else nameless.get(key)
        living = Living(room_id, person.first, person.end, person.kind == "permanent", relation=person.relation)
        if body is None:
            body = Body(make(room.district), room.district, room.place, name=person.facts.name, phone=phones[person.number], sex=person.facts.sex)
            body.home_place = person.facts.home_place
            (bodies if index else nameless)[key] = touched[key] = body
            if not job.dry:
                plan.residents.append(_resident(job, body, person, index, phones[person.number]))
            _settle(job, plan, make, body, living, person, room, homes)
            outcome.took("added", person.number, f"{crypto.mask_name(person.facts.name)} {person.address or person.room}")
        else:
            _again(job, plan, make, body, living, person, room, homes, phones[person.number], outcome)
            touched[key] = body
    if job.dry:
        job.see({_seen_key(key): body.json() for key, body in touched.items()})
    else:
        _write(job, plan, outcome)


def _again(
    job: Job, plan: _Rows, make: Any, body: Body, living: Living, person: Inhabitant, room: RoomAt, homes: dict[tuple[str, str], str],
    phone: bytes | None, outcome: Outcome,
) -> None:  # fmt: skip
    """Somebody who is known already: what is new of them, and whether they live there already."""
    if not body.is_called(person.facts.name):
        outcome.refuse(person.number, OTHER_NAME)
        return
    same = next((s for s in body.stays if s.room == living.room and s.permanent == living.permanent and _touch(s, living)), None)
    closes: Living | None = None
    if same is None:
        other = overlap([s.stay() for s in body.stays], living.stay())
        if other is not None:
            closes = next(s for s in body.stays if s.stay() == other)
            if job.moving != "move" or closes.end is not None or living.first <= closes.first:
                outcome.refuse(person.number, LIVES_ELSEWHERE.format(since=f"{closes.first:%Y-%m-%d}"))
                return
    said: list[str] = []
    if job.holds(body.place):
        said = _changes(plan, body, person, phone)
    if same is None:
        if closes is not None:
            closes.end, closes.moved = living.first, True
            if not closes.fresh:
                plan.ends.append((closes.district, closes.id, living.first))
        _settle(job, plan, make, body, living, person, room, homes)
        if living.end is None and living.permanent and body.place != room.place:
            plan.changes.setdefault((body.district, body.id), {})["place"] = body.place = room.place
        said.append("address")
    elif living.relation and same.relation != living.relation:
        if not same.fresh:
            plan.relations.append((same.district, same.id, living.relation))
        same.relation = living.relation
        said.append("relation")
    shown = f"{crypto.mask_name(person.facts.name)} {person.address or person.room}（{'、'.join(said)}）"
    outcome.took("changed" if said else "unchanged", person.number, shown)


def _touch(one: Living, other: Living) -> bool:
    """Whether two stays in one room are the same: they have a day in common."""
    return (one.end is None or other.first < one.end) and (other.end is None or one.first < other.end)


def _changes(plan: _Rows, body: Body, person: Inhabitant, phone: bytes | None) -> list[str]:
    """What a row says otherwise than the register. What it doesn't say is kept."""
    new: dict[str, Any] = {}
    if phone is not None and body.phone != phone:
        new |= {"phone_sealed": crypto.seal(person.facts.phone, about=ABOUT_PHONE), "phone_index": phone}
        body.phone = phone
    if person.facts.sex in ("1", "2") and person.facts.sex != body.sex:
        new["sex"] = body.sex = person.facts.sex
    if person.facts.home_place and person.facts.home_place != body.home_place:
        new["home_place"] = body.home_place = person.facts.home_place
    if new:
        plan.changes.setdefault((body.district, body.id), {}).update(new)
    return [name.removesuffix("_index") for name in new if name != "phone_sealed"]


def _settle(
    job: Job, plan: _Rows, make: Any, body: Body, living: Living, person: Inhabitant, room: RoomAt, homes: dict[tuple[str, str], str]
) -> None:  # fmt: skip
    """A new stay, and the household that it belongs to."""
    body.stays.append(living)
    if job.dry:
        return
    living.id, living.district, living.fresh = make(body.district), body.district, True
    household = NULL
    if person.household and living.end is None:
        key = (living.room, person.household)
        if key not in homes:
            homes[key] = make(room.district)
            plan.households[key] = [room.district, homes[key], room.place, living.room, text(person.household), NULL, str(living.first)]
        household = homes[key]
        if person.relation in HEAD:
            made = plan.households.get(key)
            if made is None:
                plan.heads.setdefault((room.district, household), body.id)
            elif made[5] == NULL:
                made[5] = body.id
    plan.residencies.append((living, room.place, body.id, household))


def _residency(job: Job, living: Living, place: str, resident: str, household: str) -> str:
    kind = "permanent" if living.permanent else "temporary"
    return (
        f"{living.district}\t{living.id}\t{place}\t{job.id.hex}\t{resident}\t{living.room}\t{household}\t{kind}\t{living.relation}\t"
        f"[{living.first},{living.end or ''})\t{'moved' if living.moved else ''}\t{text(job.source)}"
    )


def _grams(name: str) -> list[int]:
    return grams(name, crypto.piece)


def _resident(job: Job, body: Body, person: Inhabitant, index: bytes, phone: bytes | None) -> str:
    facts = person.facts
    known = facts.identity
    return "\t".join(
        (
            body.district,
            body.id,
            body.place,
            job.id.hex,
            sealed(crypto.seal(facts.name, about=ABOUT_NAME)),
            "{" + ",".join(map(str, _grams(facts.name))) + "}",
            known.kind if known else "",
            sealed(crypto.seal(known.number, about=ABOUT_IDENTITY)) if known else NULL,
            sealed(index) if known else NULL,
            sealed(crypto.seal(facts.phone, about=ABOUT_PHONE)) if phone else NULL,
            sealed(phone),
            facts.sex,
            str(facts.born) if facts.born else NULL,
            facts.home_place,
            text(job.source),
        )
    )


# -- what is known ----------------------------------------------------------------------------------------------------

_KNOWN = """
select identity_index, id, district, place, name_sealed, phone_index, sex, home_place from registry_resident
 where identity_index = any(%s) and merged_into is null order by district"""
_STAYS = """
select resident_id, id, district, room_id, lower(period), upper(period), kind, relation from registry_residency
 where district = any(%s) and resident_id = any(%s)"""
# Of people without a number: who lives in that room under that name, born in that month, is the same.
_ALIKE = """
select s.room_id, r.grams, r.born, r.id, r.district, r.place, r.name_sealed, r.phone_index, r.sex, r.home_place
  from registry_residency s join registry_resident r on r.district = s.district and r.id = s.resident_id
 where s.room_id = any(%s) and r.identity_index is null and r.merged_into is null"""


def _known(job: Job, indexes: set[bytes]) -> dict[Any, Body]:
    found: dict[Any, Body] = {}
    for index, id, district, place, *facts in db.rows(_KNOWN, [list(indexes)]) if indexes else []:
        found[bytes(index)] = _body(id, district, place, *facts)
    _with_stays(found.values())
    for key, detail in job.seen(index.hex()[:32] for index in indexes).items():
        index = next(i for i in indexes if i.hex()[:32] == key)
        found.setdefault(index, Body("", "", "")).become(detail)
    return found


def _without_number(job: Job, people: Sequence[Inhabitant], rooms: dict[str, RoomAt | T]) -> dict[Any, Body]:
    found: dict[Any, Body] = {}
    wanted: dict[str, Any] = {}
    for person in people:
        room = rooms[person.room or person.address]
        if person.facts.identity is None and not isinstance(room, T):
            key = (room.id.hex, tuple(_grams(person.facts.name)), person.facts.born)
            wanted[_seen_key(key)] = key
    for room_id, pieces, born, id, district, place, *facts in db.rows(_ALIKE, [[UUID(key[0]) for key in wanted.values()]]) if wanted else []:
        found[(room_id.hex, tuple(pieces), born)] = _body(id, district, place, *facts)
    _with_stays(found.values())
    for noted, detail in job.seen(wanted).items():
        found.setdefault(wanted[noted], Body("", "", "")).become(detail)
    return found


def _body(id: UUID, district: str, place: str, name: Any, phone: Any, sex: str, home_place: str) -> Body:
    return Body(id.hex, district, place, bytes(name), phone=bytes(phone) if phone else None, sex=sex, home_place=home_place)


def _with_stays(bodies: Any) -> None:
    by_id = {body.id: body for body in bodies}
    if not by_id:
        return
    asked = [sorted({body.district for body in by_id.values()}), [UUID(id) for id in by_id]]
    for resident, id, district, room, first, end, kind, relation in db.rows(_STAYS, asked):
        by_id[resident.hex].stays.append(Living(room.hex, first, end, kind == "permanent", id.hex, relation, district))


def _seen_key(key: Any) -> str:
    return key.hex()[:32] if isinstance(key, bytes) else f"{key[0]}{hash(key[1:])}"


def _households(people: Sequence[Inhabitant], rooms: dict[str, RoomAt | T]) -> dict[tuple[str, str], str]:
    """The households that stand: (room, number) → id."""
    ids_ = {room.id for p in people if p.household and not isinstance(room := rooms[p.room or p.address], T)}
    if not ids_:
        return {}
    sql = "select room_id, number, id from registry_household where room_id = any(%s) and to_date is null and number <> ''"
    return {(room.hex, number): id.hex for room, number, id in db.rows(sql, [list(ids_)])}


# -- what is written --------------------------------------------------------------------------------------------------

_RESIDENT = (
    "district", "id", "place", "import_id", "name_sealed", "grams", "identity_kind", "identity_sealed", "identity_index", "phone_sealed", "phone_index",
    "sex", "born", "home_place", "source",
)  # fmt: skip
_HOUSEHOLD = ("district", "id", "place", "room_id", "number", "head_id", "from_date", "import_id")
_RESIDENCY = (
    "district", "id", "place", "import_id", "resident_id", "room_id", "household_id", "kind", "relation", "period", "end_reason", "source",
)  # fmt: skip
_CHANGE = """
update registry_resident r set version = version + 1, phone_sealed = coalesce(c.phone_sealed, r.phone_sealed),
       phone_index = coalesce(c.phone_index, r.phone_index), sex = coalesce(c.sex, r.sex), home_place = coalesce(c.home_place, r.home_place),
       place = coalesce(c.place, r.place)
  from unnest(%s::varchar[], %s::uuid[], %s::bytea[], %s::bytea[], %s::varchar[], %s::varchar[], %s::varchar[])
       c(district, id, phone_sealed, phone_index, sex, home_place, place) where r.district = c.district and r.id = c.id"""
_END = """
update registry_residency r set version = version + 1, period = daterange(lower(r.period), e.day), end_reason = 'moved'
  from unnest(%s::varchar[], %s::uuid[], %s::date[]) e(district, id, day) where r.district = e.district and r.id = e.id"""
_RELATE = """
update registry_residency r set version = version + 1, relation = e.relation
  from unnest(%s::varchar[], %s::uuid[], %s::varchar[]) e(district, id, relation) where r.district = e.district and r.id = e.id"""
_HEADS = """
update registry_household h set version = version + 1, head_id = n.head from unnest(%s::varchar[], %s::uuid[], %s::uuid[]) n(district, id, head)
 where h.district = n.district and h.id = n.id and h.head_id is null"""


def _write(job: Job, plan: _Rows, outcome: Outcome) -> None:
    for sql, changed in ((_END, plan.ends), (_RELATE, plan.relations)):
        if changed:
            note_before(job, "residency", "registry_residency", [(d, i) for d, i, _ in changed])
            db.run(sql, [list(column) for column in zip(*changed, strict=True)])
    if plan.heads:
        note_before(job, "household", "registry_household", list(plan.heads))
        db.run(_HEADS, [[d for d, _ in plan.heads], [i for _, i in plan.heads], list(plan.heads.values())])
    outcome.made["residents"] += copy("registry_resident", _RESIDENT, plan.residents)
    outcome.made["households"] += copy("registry_household", _HOUSEHOLD, ["\t".join((*h, job.id.hex)) for h in plan.households.values()])
    outcome.made["residencies"] += copy("registry_residency", _RESIDENCY, [_residency(job, *one) for one in plan.residencies])
    if plan.changes:  # of people who were made by these lines too
        keys = list(plan.changes)
        note_before(job, "resident", "registry_resident", keys)
        columns = ("phone_sealed", "phone_index", "sex", "home_place", "place")
        values = [[plan.changes[key].get(column) for key in keys] for column in columns]
        db.run(_CHANGE, [[d for d, _ in keys], [i for _, i in keys], *values])
