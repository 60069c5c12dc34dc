"""People move: a period ends, another begins. Nothing is overwritten, but a wrong date is put right, and that is said."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from jingwei.accounts.rules import KEEPS_REGISTER, Actor
from jingwei.events.actions import Happening, record_all
from jingwei.kit import db
from jingwei.kit.errors import FieldError, Invalid, NotFound, Refused, invalid
from jingwei.kit.ids import district_of
from jingwei.kit.text import T
from jingwei.kit.times import localdate
from jingwei.registry.actions.keeping import check_keeps, check_seen
from jingwei.registry.actions.residents.holding import (
    close_empty_households,
    locked,
    require_room_to_be_free,
    residencies_of,
    room_to_live_in,
    settle,
    stay,
)
from jingwei.registry.actions.residents.registering import HouseholdWanted, MovedIn, Newcomer, move_in
from jingwei.registry.models import Household, Residency, Resident
from jingwei.registry.queries.residents.facts import opened
from jingwei.registry.queries.residents.places import kept_record
from jingwei.registry.rules.relations import ENDED, KINDS, TENURES, relation
from jingwei.registry.rules.residents import stay_faults


@transaction.atomic
def move_out(*, actor: Actor, at: datetime, room_id: UUID, residents: Mapping[UUID, int | None], on: date) -> None:
    """Residents leave a room on a day: they lived there until the day before. A household that nobody is left in ends.

    `residents`: each with the version that was seen. Raises NotFound, Conflict, Refused, Invalid (the day; somebody doesn't live there).
    """
    rows = locked(actor, residents)
    stays = residencies_of(list(rows))
    ended = _end(actor, rows, stays, room_id, on, "moved", localdate(at))
    _bump(rows)
    settle(list(rows))
    close_empty_households([s.household_id for s in ended if s.household_id], on)
    record_all([_happened("resident.moved_out", actor, at, rows[kept], s, {"on": str(on)}) for s, kept in zip(ended, _owners(ended, stays), strict=True)])


def _owners(ended: Sequence[Residency], stays: Mapping[UUID, Sequence[Residency]]) -> list[UUID]:
    of = {row.id: kept for kept, rows in stays.items() for row in rows}
    return [of[row.id] for row in ended]


def _end(
    actor: Actor,
    rows: Mapping[UUID, Resident],
    stays: Mapping[UUID, Sequence[Residency]],
    room_id: UUID | None,
    on: date,
    reason: str,
    today: date,
) -> list[Residency]:
    """End the open residencies of these residents in a room (None: in every one)."""
    open_ones = {id: [s for s in stays[id] if s.period.upper is None and room_id in (None, s.room_id)] for id in rows}
    faults: list[FieldError] = []
    for id, here in open_ones.items():
        name = opened(rows[id].name_sealed, "name")
        if room_id and not here:
            faults.append(FieldError("residents", T(f"{name}不住在这间房", f"{name} does not live in this room")))
        faults += [replace_field(f, "on", name) for s in here for f in stay_faults(s.period.lower, on, born=None, today=today) if f.field == "to_date"]
    if faults:
        raise Invalid(errors=faults)
    ended = [s for here in open_ones.values() for s in here]
    for s in ended:
        s.period = db.days(s.period.lower, on)
        s.end_reason = reason
        s.version += 1
    for s in ended:
        Residency.objects.filter(district=s.district, id=s.id).update(period=s.period, end_reason=s.end_reason, version=s.version)
    return ended


def replace_field(fault: FieldError, field: str, name: str) -> FieldError:
    return FieldError(field, T(f"{name}：{fault.message.zh}", f"{name}: {fault.message.en}"))


def _bump(rows: Mapping[UUID, Resident]) -> None:
    for row in rows.values():
        row.version += 1
        Resident.objects.filter(district=row.district, id=row.id).update(version=row.version)


def _happened(type: str, actor: Actor, at: datetime, row: Resident, s: Residency, data: Mapping[str, object]) -> Happening:
    told = {"residency": str(s.id), "room": str(s.room_id), "kind": s.kind, **data}
    return Happening(type, at, actor, "resident", row.district, row.id, place=s.place, data=told, unit_id=actor.unit_for(s.place))


@transaction.atomic
def move(
    *,
    actor: Actor,
    at: datetime,
    residents: Mapping[UUID, int | None],
    from_room: UUID,
    room_id: UUID,
    on: date,
    kind: str = "permanent",
    household: HouseholdWanted | None = None,
    relations: Mapping[UUID, str] | None = None,
) -> MovedIn:
    """Out of one room and into another on the same day, in one transaction. Who moves together and made up one household makes up one again: its
    kind, number, head and relations go with it, unless said otherwise.

    Raises what move_out and move_in raise; nothing has happened then.
    """
    room_to_live_in(actor, room_id, field="room_id")
    if room_id == from_room:
        raise invalid("room_id", "已住在这间房", "they live in this room already")
    rows = locked(actor, residents)
    here = {id: next((s for s in stays if s.period.upper is None and s.room_id == from_room), None) for id, stays in residencies_of(list(rows)).items()}
    homes = {s.household_id for s in here.values() if s}
    old = Household.objects.filter(district=district_of(home) or "", id=home).first() if len(homes) == 1 and (home := next(iter(homes))) else None
    move_out(actor=actor, at=at, room_id=from_room, residents=dict.fromkeys(residents), on=on)
    said = relations or {}
    whole = old is not None and household is None
    together = HouseholdWanted(kind=old.kind, number=old.number) if whole and old else household
    people = [
        Newcomer(resident_id=id, relation=said.get(id, s.relation if s and whole else ""), tenure=s.tenure if s and s.tenure in ("family", "staff") else "")
        for id, s in here.items()
    ]
    if old and whole and old.head_id in rows and not said:
        people = [replace(p, relation="02" if p.resident_id == old.head_id and p.relation not in ("01", "02") else p.relation) for p in people]
    try:
        return move_in(actor=actor, at=at, room_id=room_id, people=people, from_date=on, kind=kind, household=together)
    except Invalid as wrong:
        raise Invalid(wrong.message, code=wrong.code, errors=[FieldError(_of_move(e.field, list(here)), e.message) for e in wrong.errors]) from None


def _of_move(field: str, ids: Sequence[UUID]) -> str:
    return "on" if field == "from_date" else "residents" if field.startswith("people") else field


@transaction.atomic
def correct_residency(
    *,
    actor: Actor,
    at: datetime,
    residency_id: UUID,
    seen_version: int,
    from_date: date | None = None,
    to_date: date | None = None,
    kind: str | None = None,
    said_relation: str | None = None,
    tenure: str | None = None,
    mistaken: bool = False,
) -> Residency:
    """What was written of a residency was wrong: its days, kind, relation, tenure; or it never was (`mistaken`). An end may be put right, not set: that
    is moving out. What it said before stands in the record.

    Raises NotFound, Conflict, Refused (a mistake already), Invalid.
    """
    found = Residency.objects.visible_to(actor).filter(district=district_of(residency_id) or "", id=residency_id).first()
    if found is None:
        raise NotFound(T("没有这条居住记录", "no such residency"))
    kept = kept_record(found.resident_id)
    row = _hold(kept or found.resident_id)
    s = Residency.objects.select_for_update(no_key=True).get(district=found.district, id=residency_id)
    check_seen(s, seen_version)
    if s.end_reason == "mistake":
        raise Refused(T("这条居住记录已作废", "this residency was struck out"), code="struck_out")
    before = {"from": s.period.lower, "to": s.period.upper, "kind": s.kind, "relation": s.relation, "tenure": s.tenure}
    today = localdate(at)
    if mistaken:
        check_keeps(actor, s.place, KEEPS_REGISTER)
        s.end_reason = "mistake"
        s.period = db.days(s.period.lower, s.period.upper or max(today, date.fromordinal(s.period.lower.toordinal() + 1)))
    else:
        _correct(actor, row, s, from_date or s.period.lower, to_date, kind or s.kind, today)
        if said_relation is not None:
            code = relation(said_relation)
            if code is None:
                raise invalid("relation", "不是与户主的关系", "no relation of GB/T 4761")
            s.relation = code
        if tenure is not None and tenure not in ("", *TENURES):
            raise invalid("tenure", "没有这种住房来源", "there is no such way of holding a room")
        s.tenure = s.tenure if tenure is None else tenure
    after = {"from": s.period.lower, "to": s.period.upper, "kind": s.kind, "relation": s.relation, "tenure": s.tenure}
    changed = {name: value for name, value in before.items() if value != after[name]}
    if not changed and not mistaken:
        return s
    s.version += 1
    s.save(update_fields=["period", "kind", "relation", "tenure", "end_reason", "version"])
    _bump({row.id: row})
    settle([row.id])
    if mistaken and s.household_id:
        close_empty_households([s.household_id], today)
    data = {"before": {k: v and str(v) for k, v in changed.items()}, "after": {k: v and str(v) for k, v in after.items() if k in changed}, "mistake": mistaken}
    record_all([_happened("resident.residency_corrected", actor, at, row, s, data)])
    return s


def _hold(id: UUID) -> Resident:
    """The person's row, locked: its residency is in the actor's area, though the person may live elsewhere by now."""
    return Resident.objects.select_for_update(no_key=True).get(district=district_of(id) or "", id=id)


def _correct(actor: Actor, row: Resident, s: Residency, first: date, end: date | None, kind: str, today: date) -> None:
    if kind not in KINDS:
        raise invalid("kind", "居住类型应为常住或暂住", "permanent or temporary")
    if end is not None and s.period.upper is None:
        raise invalid("to_date", "还住在这里：搬离请用“搬离”", "still lives there: to end it, move them out")
    faults = stay_faults(first, end or s.period.upper, born=row.born, today=today)
    if faults:
        raise Invalid(errors=faults)
    s.period, s.kind = db.days(first, end or s.period.upper), kind
    stays = [other for other in residencies_of([row.id])[row.id] if other.id != s.id]
    require_room_to_be_free(actor, opened(row.name_sealed, "name"), stays, stay(s), field="from_date")


@transaction.atomic
def end_resident(*, actor: Actor, at: datetime, resident_id: UUID, seen_version: int, reason: str, on: date) -> Resident:
    """Somebody died, left the city, or was registered by mistake: the registration ends on a day, and with it every residency.

    Raises NotFound, Conflict, Refused (merged, ended already), Invalid (reason, day), Forbidden (a mistake is a matter of who keeps the register).
    """
    if reason not in ENDED:
        raise invalid("reason", "原因应为死亡、离开或登记有误", "died, left, or mistake")
    row = locked(actor, {resident_id: seen_version})[resident_id]
    if row.ended_date:
        raise Refused(T(f"登记已于 {row.ended_date} 终止", f"the registration ended on {row.ended_date}"), code="resident_ended")
    if reason == "mistake":
        check_keeps(actor, row.place, KEEPS_REGISTER)
    today = localdate(at)
    if on > today or (row.born and on < row.born):
        raise invalid("on", "日期不能在将来，也不能早于出生", "not in the future, nor before the birth")
    stays = residencies_of([resident_id])
    ended = _end(actor, {resident_id: row}, stays, None, on, reason, today)
    row.ended_date, row.end_reason, row.version = on, reason, row.version + 1
    row.save(update_fields=["ended_date", "end_reason", "version"])
    settle([resident_id])
    close_empty_households([s.household_id for s in ended if s.household_id], on)
    data = {"reason": reason, "on": str(on), "residencies": [str(s.id) for s in ended], "version": row.version}
    record_all([Happening("resident.ended", at, actor, "resident", row.district, row.id, place=row.place, data=data, unit_id=actor.unit_for(row.place))])
    return row
