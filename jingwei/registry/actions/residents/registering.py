"""People come into the register, and into their rooms: one, or a family in one form."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from jingwei.accounts.rules import KEEPS_REGISTER, READS_PEOPLE, SYSTEM, Actor
from jingwei.events.actions import Happening, record_all
from jingwei.events.models import Event
from jingwei.events.rules import key_reused
from jingwei.kit import db
from jingwei.kit.crypto import index
from jingwei.kit.errors import Conflict, FieldError, Invalid, Refused, invalid
from jingwei.kit.ids import new_id
from jingwei.kit.text import T
from jingwei.kit.times import localdate
from jingwei.registry.actions.residents.holding import (
    locked,
    locked_household,
    require_fields,
    require_room_to_be_free,
    residencies_of,
    room_to_live_in,
    settle,
)
from jingwei.registry.models import Household, Residency, Resident, Room
from jingwei.registry.queries.fields import read_more
from jingwei.registry.queries.residents.facts import opened, sealed
from jingwei.registry.queries.residents.places import districts_of, kept_record
from jingwei.registry.rules.relations import HEAD, HOUSEHOLD_KINDS, KINDS, TENURES, relation
from jingwei.registry.rules.residents import FACTS, Facts, Stay, folded, read_facts, stay_faults

MOST_AT_ONCE = 30
DICTIONARY = {"identity_number": "identity"}  # the dictionary's name of what a form calls otherwise


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Somebody who comes into a room: known (`resident_id`), or described by `facts` (rules.residents.FACTS). `claim`: somebody of that number
    and name who is registered elsewhere and lives nowhere any more is taken over."""

    facts: Mapping[str, str] = field(default_factory=dict)
    more: Mapping[str, Any] = field(default_factory=dict)
    resident_id: UUID | None = None
    seen_version: int | None = None
    relation: str = ""
    tenure: str = ""
    claim: bool = False


@dataclass(frozen=True, slots=True)
class HouseholdWanted:
    """The household to live in: one that stands, or a new one."""

    id: UUID | None = None
    kind: str = "family"
    number: str = ""


@dataclass(frozen=True, slots=True)
class MovedIn:
    residents: list[UUID]
    household: UUID | None
    repeated: bool = False


def read(facts: Mapping[str, str], at: datetime, prefix: str = "", *, checked: bool = False) -> Facts:
    """The facts, read; `checked`: whether their fields are on. Raises Invalid with every fault under its field."""
    unknown = [FieldError(f"{prefix}{name}", T("没有这个数据项", "there is no such field")) for name in facts if name not in FACTS]
    if not checked:
        require_fields("resident", [name for name, value in facts.items() if value and name in FACTS], prefix=prefix, names=DICTIONARY, new=True)
    found, faults = read_facts(facts, today=localdate(at))
    if faults or unknown:
        raise Invalid(errors=[*unknown, *(FieldError(prefix + f.field, f.message) for f in faults)])
    return found


def hold_numbers(indexes: Sequence[bytes]) -> None:
    """Until the transaction ends nobody else registers one of these numbers, in no district: the unique index holds for one district alone."""
    db.run(
        "select pg_advisory_xact_lock(key) from unnest(%s::bigint[]) as key order by key",
        [sorted(int.from_bytes(one[:8], "big", signed=True) for one in indexes)],
    )


def known_by_number(actor: Actor, indexes: Sequence[bytes]) -> dict[bytes, tuple[UUID, bool]]:
    """Who is registered with these numbers: the record that is kept, and whether the actor sees it."""
    found: dict[bytes, tuple[UUID, bool]] = {}
    for row in Resident.objects.filter(identity_index__in=list(indexes)).only("district", "id", "place", "merged_into", "identity_index"):
        kept, place = row.id, row.place
        if row.merged_into:
            kept = kept_record(row.id) or row.id
            place = Resident.objects.filter(id=kept).values_list("place", flat=True).first() or ""
        found[bytes(row.identity_index or b"")] = (kept, actor.holds(READS_PEOPLE, place))
    return found


ELSEWHERE = T("已在辖区之外登记；本人已从那里搬离的，可以迁入", "registered elsewhere; whoever has moved out there can be moved in here")


def refuse_known(actor: Actor, facts: Facts, known: Mapping[bytes, tuple[UUID, bool]], field: str) -> None:
    """Raises Conflict where the number is registered already: with the record, where the actor sees it."""
    there = known.get(index(facts.identity.number)) if facts.identity else None
    if there and there[1]:
        raise Conflict(
            T("该证件号码已登记，请使用已有的记录", "this number is registered: use the record that is there"),
            code="already_registered",
            errors=[FieldError(field, T("该证件号码已登记", "this number is registered"))],
            extra={"present": {"id": str(there[0])}},
        )
    if there:
        raise Conflict(
            T("该证件号码已在您辖区之外登记", "this number is registered outside your area"),
            code="registered_elsewhere",
            errors=[FieldError(field, ELSEWHERE)],
        )


def _own(more: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """The city's own fields as they are kept; faults under `more.name`."""
    try:
        return read_more("resident", more)
    except (Invalid, Refused) as wrong:
        named = [FieldError(f"{prefix}more.{e.field.removeprefix('more.')}", e.message) for e in wrong.errors]
        raise type(wrong)(wrong.message, code=wrong.code, errors=named) from None


def new_row(facts: Facts, more: Mapping[str, Any], place: str, district: str, source: str, at: datetime) -> Resident:
    return Resident(district=district, id=new_id(district, at), place=place, more=more, source=source, **sealed(facts))


@transaction.atomic
def register_resident(*, actor: Actor, at: datetime, place: str, facts: Mapping[str, str], more: Mapping[str, Any] | None = None, source: str = "") -> Resident:
    """Somebody who is here, though in no room yet. Raises Invalid, Forbidden (no work with people there), Conflict (the number is registered)."""
    if not actor.holds(READS_PEOPLE, place):
        raise invalid("place", "不在您的辖区内", "outside your area")
    new = read(facts, at)
    if new.identity:
        number = index(new.identity.number)
        hold_numbers([number])
        refuse_known(actor, new, known_by_number(actor, [number]), "identity_number")
    row = new_row(new, _own(more or {}), place, place[:6].ljust(6, "0"), source, at)
    row.save(force_insert=True)
    record_all([_happened("resident.registered", actor, at, row, place, {"source": source})])
    return row


@transaction.atomic
def move_in(
    *,
    actor: Actor,
    at: datetime,
    room_id: UUID,
    people: Sequence[Newcomer],
    from_date: date,
    kind: str = "permanent",
    household: HouseholdWanted | None = None,
    source: str = "",
    command: str | None = None,
) -> MovedIn:
    """People move into a room, together: those who aren't registered are, the first whose relation is 本人 or 户主 is the head of a new household.

    Raises NotFound (the room), Forbidden, Invalid (each fault under `people.N.field`; somebody has another permanent room), Conflict (a number is
    registered; a record has changed), Refused (the room, or somebody's registration, has ended).
    """
    room = room_to_live_in(actor, room_id)
    if command and (seen := Event.objects.filter(district=room.district, command=f"{actor.id or 0}:{command}").first()):
        return _repeated(seen, room_id)
    _check_form(people, kind, household)
    today = localdate(at)
    rows, new = _rows(actor, at, room, people, source)
    home = locked_household(actor, household.id) if household and household.id else None
    if home and home.room_id != room.id:
        raise invalid("household.id", "这一户不在这间房", "this household lives in another room")
    stays = residencies_of([row.id for row in rows if row not in new])
    wanted = Stay(from_date, None, kind == "permanent")
    faults: list[FieldError] = []
    for n, row in enumerate(rows):
        faults += stay_faults(from_date, None, born=row.born, today=today)
        if any(s.room_id == room.id and s.period.upper is None for s in stays.get(row.id, ())):
            faults.append(FieldError(f"people.{n}", T("已住在这间房", "lives in this room already")))
        elif row not in new:
            name = opened(row.name_sealed, "name")
            require_room_to_be_free(actor, name, stays[row.id], wanted, field=f"people.{n}.resident_id")
    if faults:
        raise Invalid(errors=list(dict.fromkeys(faults)))
    if home is None and (household or kind == "permanent"):
        home = _new_household(room, household or HouseholdWanted(), people, rows, from_date, at)
    residencies = [
        Residency(
            district=row.district,
            id=new_id(row.district, at),
            place=room.place,
            resident_id=row.id,
            room_id=room.id,
            household_id=home.id if home else None,
            kind=kind,
            relation=relation(who.relation) or "",
            tenure=who.tenure,
            period=db.days(from_date, None),
            source=source,
        )
        for who, row in zip(people, rows, strict=True)
    ]
    Resident.objects.bulk_create(new)
    Residency.objects.bulk_create(residencies)
    old = [row.id for row in rows if row not in new]
    if old:
        _here_again(old)
        settle(old)
    told = {"room": str(room.id), "household": str(home.id) if home else None, "kind": kind, "from": str(from_date)}
    happened = [_happened("resident.registered", actor, at, row, room.place, {"source": source}) for row in new]
    happened += [
        _happened("resident.moved_in", actor, at, row, room.place, told | {"residency": str(s.id), "relation": s.relation})
        for row, s in zip(rows, residencies, strict=True)
    ]
    happened.append(
        Happening(
            "room.moved_into",
            at,
            actor,
            "room",
            room.district,
            room.id,
            room.code,
            room.place,
            {"residents": [str(row.id) for row in rows], "household": told["household"]},
            actor.unit_for(room.place),
            command and f"{actor.id or 0}:{command}",
        )
    )
    record_all(happened)
    return MovedIn([row.id for row in rows], home.id if home else None)


def _repeated(seen: Event, room_id: UUID) -> MovedIn:
    if seen.type != "room.moved_into" or seen.subject_id != room_id:
        raise key_reused()
    home = seen.data["household"]
    return MovedIn([UUID(id) for id in seen.data["residents"]], UUID(home) if home else None, repeated=True)


def _check_form(people: Sequence[Newcomer], kind: str, household: HouseholdWanted | None) -> None:
    faults: list[FieldError] = []
    if not 1 <= len(people) <= MOST_AT_ONCE:
        faults.append(FieldError("people", T(f"一次登记 1 至 {MOST_AT_ONCE} 人", f"1 to {MOST_AT_ONCE} people at once")))
    if kind not in KINDS:
        faults.append(FieldError("kind", T("居住类型应为常住或暂住", "permanent or temporary")))
    if household and household.kind not in HOUSEHOLD_KINDS:
        faults.append(FieldError("household.kind", T("户类型应为家庭户或集体户", "a family or a collective")))
    heads = [n for n, who in enumerate(people) if relation(who.relation) in HEAD]
    faults += [FieldError(f"people.{n}.relation", T("一户只有一位户主", "a household has one head")) for n in heads[1:]]
    for n, who in enumerate(people):
        if relation(who.relation) is None:
            faults.append(FieldError(f"people.{n}.relation", T(f"“{who.relation[:20]}”不是与户主的关系", f"“{who.relation[:20]}” is no relation (GB/T 4761)")))
        if who.tenure and who.tenure not in TENURES:
            faults.append(FieldError(f"people.{n}.tenure", T("没有这种住房来源", "there is no such way of holding a room")))
        said = {"tenure": who.tenure, "relation": who.relation, "kind": kind if kind != "permanent" else ""}
        require_fields("residency", [name for name, value in said.items() if value], prefix=f"people.{n}.", new=True)
    ids = [who.resident_id for who in people if who.resident_id]
    if len(set(ids)) < len(ids):
        faults.append(FieldError("people", T("同一位居民写了两次", "somebody stands there twice")))
    if faults:
        raise Invalid(errors=faults)


def _rows(actor: Actor, at: datetime, room: Room, people: Sequence[Newcomer], source: str) -> tuple[list[Resident], list[Resident]]:
    """A row for each of them, those known locked; and which are new."""
    facts = {n: read(who.facts, at, f"people.{n}.") for n, who in enumerate(people) if who.resident_id is None}
    numbers = {n: index(f.identity.number) for n, f in facts.items() if f.identity}
    twice = [n for n, number in numbers.items() if number in [numbers[m] for m in numbers if m < n]]
    if twice:
        raise Invalid(errors=[FieldError(f"people.{n}.identity_number", T("同一证件号码写了两次", "the number stands there twice")) for n in twice])
    hold_numbers(list(numbers.values()))
    known = known_by_number(actor, list(numbers.values()))
    claimed: dict[int, UUID] = {}
    for n, one in facts.items():
        if people[n].claim and n in numbers and numbers[n] in known and not known[numbers[n]][1]:
            claimed[n] = _claimed(actor, room, known[numbers[n]][0], one, f"people.{n}.identity_number")
        else:
            refuse_known(actor, one, known, f"people.{n}.identity_number")
    have = locked(actor, {who.resident_id: who.seen_version for who in people if who.resident_id})
    have |= locked(SYSTEM, dict.fromkeys(claimed.values()))
    for n, who in enumerate(people):
        row = have.get(who.resident_id or claimed.get(n) or UUID(int=0))
        if row and row.end_reason == "died":
            raise Refused(T("这位居民的登记已因死亡终止", "this registration ended by death"), code="resident_ended")
    new: list[Resident] = []
    rows: list[Resident] = []
    for n, who in enumerate(people):
        if id := who.resident_id or claimed.get(n):
            rows.append(have[id])
        else:
            new.append(new_row(facts[n], _own(who.more, f"people.{n}."), room.place, room.district, source, at))
            rows.append(new[-1])
    return rows, new


def _claimed(actor: Actor, room: Room, id: UUID, facts: Facts, field: str) -> UUID:
    """The record of somebody registered elsewhere, whom a keeper of the register takes over: the name fits the number, and they live nowhere now."""
    if not actor.holds(KEEPS_REGISTER, room.place):
        raise invalid(field, "已在辖区之外登记，请由登记簿维护人员办理迁入", "registered elsewhere: ask somebody who keeps the register to move them in")
    row = Resident.objects.get(id=id)
    if folded(opened(row.name_sealed, "name")) != folded(facts.name):
        raise invalid(field, "该证件号码登记的姓名与填写的不符", "the name under this number is another")
    if any(stay.period.upper is None for stay in residencies_of([id])[id]):
        raise invalid(
            field, "本人在辖区之外仍登记有住处，请那里的工作站先办理搬离", "still registered as living elsewhere: the station there has to move them out first"
        )
    return id


def _new_household(room: Room, wanted: HouseholdWanted, people: Sequence[Newcomer], rows: Sequence[Resident], since: date, at: datetime) -> Household:
    number = wanted.number.strip()
    require_fields("household", ["number"] if number else [], prefix="household.")
    if number and Household.objects.filter(district=room.district, room_id=room.id, number=number, to_date=None).exists():
        raise invalid("household.number", "这间房已有这个户号", "the room has a household of that number")
    head = next((row.id for who, row in zip(people, rows, strict=True) if relation(who.relation) in HEAD), None)
    home = Household(
        district=room.district, id=new_id(room.district, at), place=room.place, room_id=room.id, number=number, kind=wanted.kind, head_id=head, from_date=since
    )
    home.save(force_insert=True)
    return home


def _here_again(ids: Sequence[UUID]) -> None:
    """Who moves in is here: an end by leaving, or by mistake, is taken back."""
    db.run(
        "update registry_resident set ended_date = null, end_reason = '', version = version + 1 where district = any(%s) and id = any(%s)",
        [districts_of(ids), list(ids)],
    )


def _happened(type: str, actor: Actor, at: datetime, row: Resident, place: str, data: Mapping[str, Any]) -> Happening:
    return Happening(type, at, actor, "resident", row.district, row.id, place=place, data=data, unit_id=actor.unit_for(place))


def as_bytes(value: Any) -> bytes | None:
    return None if value is None else bytes(value)


@transaction.atomic
def change_resident(
    *, actor: Actor, at: datetime, resident_id: UUID, seen_version: int, facts: Mapping[str, str], more: Mapping[str, Any] | None = None
) -> Resident:
    """Facts about somebody turn out otherwise; those not named stay. The record says which changed, not what they were.

    Raises NotFound, Conflict (stale; or the new number is somebody else's), Invalid, Refused (merged).
    """
    row = locked(actor, {resident_id: seen_version})[resident_id]
    have = {
        "name": opened(row.name_sealed, "name"),
        "identity_kind": row.identity_kind,
        "identity_number": opened(row.identity_sealed, "identity"),
        "phone": opened(row.phone_sealed, "phone"),
        "sex": row.sex if row.sex in ("1", "2", "9") else "",
        "born": f"{row.born:%Y-%m}" if row.born else "",
        "home_place": row.home_place,
    }
    said = have | dict(facts)
    if "identity_number" in facts and facts["identity_number"] != have["identity_number"]:
        said |= {name: "" for name in ("sex", "born") if name not in facts and facts["identity_number"]}  # the new number tells them
        said["identity_kind"] = facts.get("identity_kind", "") if facts["identity_number"] else ""
    require_fields("resident", [name for name in facts if name in FACTS], names=DICTIONARY)
    new = read(said, at, checked=True)
    number = index(new.identity.number) if new.identity else None
    if number and number != as_bytes(row.identity_index):
        hold_numbers([number])
        known = {key: there for key, there in known_by_number(actor, [number]).items() if there[0] != resident_id}
        refuse_known(actor, new, known, "identity_number")
    columns = sealed(new)
    changed = [name for name in ("identity_kind", "sex", "born", "home_place") if columns[name] != getattr(row, name)]
    changed += ["name"] if new.name != have["name"] else []
    changed += [name for name in ("identity", "phone") if columns[f"{name}_index"] != as_bytes(getattr(row, f"{name}_index"))]
    kept = {name: value for name, value in row.more.items() if name not in (more or {})} | _own(more or {})
    if kept != row.more:
        row.more = kept
        changed.append("more")
    if not changed:
        return row
    for column, value in columns.items():
        setattr(row, column, value)
    row.version += 1
    row.save(update_fields=[*columns, "more", "version"])
    record_all([_happened("resident.changed", actor, at, row, row.place, {"fields": sorted(changed), "version": row.version})])
    return row
