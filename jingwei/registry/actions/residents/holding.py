"""What every write about residents begins with: the rows, locked, and whether the actor may."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from uuid import UUID

from jingwei.accounts.rules import KEEPS_REGISTER, READS_PEOPLE, SYSTEM, Actor
from jingwei.kit import db
from jingwei.kit.errors import Conflict, FieldError, Forbidden, Invalid, NotFound, Refused
from jingwei.kit.ids import district_of
from jingwei.kit.text import T
from jingwei.registry.models import Household, Residency, Resident, Room
from jingwei.registry.queries.fields import require_on
from jingwei.registry.queries.residents.places import GROUPS, districts_of, members, rooms_named
from jingwei.registry.rules.residents import Stay, overlap

NOBODY = T("没有这位居民", "no such resident")
NO_ROOM = T("没有这间房", "no such room")
CHANGED = T("这条记录已被他人更改，请看最新情况", "somebody else has changed this record since")


def may_write(actor: Actor, place: str, roles: tuple[str, ...] = READS_PEOPLE) -> bool:
    return actor is SYSTEM or actor.held_as(roles, place, None) is not None


def require_keeper(actor: Actor, place: str) -> None:
    """Raises Forbidden for who does not keep the register there."""
    if not may_write(actor, place, KEEPS_REGISTER):
        raise Forbidden(T("只有登记簿的维护人员可以这样做", "only those who keep the register may do this"))


def room_to_live_in(actor: Actor, room_id: UUID, *, field: str = "") -> Room:
    """A room into which the actor may register people. NotFound, or with `field` Invalid, for one that isn't there or can't be seen."""
    room = Room.objects.visible_to(actor).filter(district=district_of(room_id) or "", id=room_id).first()
    if room is None:
        raise Invalid(errors=[FieldError(field, NO_ROOM)]) if field else NotFound(NO_ROOM)
    if not may_write(actor, room.place):
        raise Forbidden(T("您不能在这间房登记居民", "you may not register people in this room"))
    if room.ended_date:
        raise Refused(T(f"这间房已于 {room.ended_date} 注销", f"this room was ended on {room.ended_date}"), code="room_ended")
    return room


def locked(actor: Actor, seen: Mapping[UUID, int | None]) -> dict[UUID, Resident]:
    """The residents, locked in the order of their keys. `seen`: the version that the caller has seen of each (None: any).

    Raises NotFound (none, or outside the actor's areas), Refused (merged into another), Conflict (stale, with the present version).
    """
    rows = (
        Resident.objects.visible_to(actor).filter(district__in=districts_of(seen), id__in=list(seen)).order_by("district", "id").select_for_update(no_key=True)
    )
    found = {row.id: row for row in rows}
    if len(found) < len(seen):
        raise NotFound(NOBODY)
    for id, version in seen.items():
        row = found[id]
        if row.merged_into:
            raise Refused(
                T("这条记录已合并到另一条，请在保留的记录上办理", "this record was merged into another: use the one that is kept"),
                code="merged",
                extra={"present": {"id": str(row.merged_into)}},
            )
        if version is not None and version != row.version:
            raise Conflict(CHANGED, code="stale_version", extra={"present": {"id": str(id), "version": row.version}})
    return found


def residencies_of(kept: Collection[UUID]) -> dict[UUID, list[Residency]]:
    """The residencies of each person, of all the records that are one with it, the latest first; mistakes left out."""
    group = members(kept)
    found: dict[UUID, list[Residency]] = {id: [] for id in kept}
    rows = Residency.objects.filter(district__in=districts_of(group), resident_id__in=list(group)).exclude(end_reason="mistake").order_by("-period", "-id")
    for row in rows:
        found[group[row.resident_id]].append(row)
    return found


def stay(row: Residency) -> Stay:
    return Stay(row.period.lower, row.period.upper, row.kind == "permanent")


def require_room_to_be_free(actor: Actor, name: str, rows: Sequence[Residency], new: Stay, *, but: Collection[UUID] = (), field: str) -> None:
    """Nobody lives in two rooms for good. Raises Invalid that names the other room, where the actor may see it."""
    others = {(row.period.lower, row.period.upper): row for row in rows if row.kind == "permanent" and row.id not in but}
    clash = overlap((stay(row) for row in others.values()), new)
    if clash is None:
        return
    other = others[(clash.first, clash.end)]
    seen = actor is SYSTEM or any(other.place.startswith(area) for area in actor.areas_of_any(READS_PEOPLE))
    named = rooms_named([other.room_id]).get(other.room_id) if seen else None
    zh, en = (named.label, named.label) if named else ("您辖区之外的一间房", "a room outside your area")
    since = f"{clash.first}"
    until = f" 至 {clash.end}" if clash.end else " 起"
    raise Invalid(
        errors=[
            FieldError(
                field,
                T(
                    f"{name}已在{zh}常住（{since}{until}）；请先办理搬离，或登记为暂住",
                    f"{name} lives permanently in {en} (from {since}{f' to {clash.end}' if clash.end else ''}): end that first, or register as temporary",
                ),
            )
        ],
        code="two_permanent_rooms",
    )


def settle(kept: Collection[UUID]) -> None:
    """Put residents where they live: the permanent room first, then the latest; who left stays where the last room was."""
    db.run(
        f"""{GROUPS}, best as (
              select distinct on (g.kept) g.kept_district, g.kept, s.place
              from g join registry_residency s on s.district = g.district and s.resident_id = g.id
              where s.end_reason <> 'mistake'
              order by g.kept, upper_inf(s.period) desc, (s.kind = 'permanent') desc, lower(s.period) desc, s.id desc)
            update registry_resident r set place = best.place from best
            where r.district = best.kept_district and r.id = best.kept and r.place <> best.place""",
        {"districts": districts_of(kept), "ids": list(kept)},
    )


def close_empty_households(ids: Collection[UUID], on: date) -> None:
    """Households that nobody lives in any more end; one whose head has left has none until somebody says who is."""
    wanted = [id for id in ids if id]
    if not wanted:
        return
    names = {"districts": districts_of(wanted), "ids": wanted, "on": on}
    db.run(
        """update registry_household h set to_date = greatest(%(on)s, h.from_date), version = version + 1
           where h.district = any(%(districts)s) and h.id = any(%(ids)s) and h.to_date is null
             and not exists (select from registry_residency s where s.household_id = h.id and upper_inf(s.period) and s.end_reason <> 'mistake')""",
        names,
    )
    db.run(
        """update registry_household h set head_id = null, version = version + 1
           where h.district = any(%(districts)s) and h.id = any(%(ids)s) and h.to_date is null and h.head_id is not null
             and not exists (select from registry_residency s where s.household_id = h.id and s.resident_id = h.head_id and upper_inf(s.period))""",
        names,
    )


def locked_household(actor: Actor, id: UUID, seen_version: int | None = None) -> Household:
    """A household that stands, locked. Raises NotFound, Refused (it has ended), Conflict (stale)."""
    row = Household.objects.visible_to(actor).filter(district=district_of(id) or "", id=id).select_for_update(no_key=True).first()
    if row is None:
        raise NotFound(T("没有这一户", "no such household"))
    if row.to_date:
        raise Refused(T(f"这一户已于 {row.to_date} 销户", f"this household ended on {row.to_date}"), code="household_ended")
    if seen_version is not None and row.version != seen_version:
        raise Conflict(CHANGED, code="stale_version", extra={"present": {"id": str(id), "version": row.version}})
    return row


def require_fields(thing: str, said: Iterable[str], *, prefix: str = "", names: Mapping[str, str] | None = None, new: bool = False) -> None:
    """Refused where one of the fields `said` is off in the dictionary; `names`: what the dictionary calls a form's field otherwise."""
    called = names or {}
    try:
        require_on(thing, [called.get(field, field) for field in said], new=new)
    except Refused as off:
        back = {there: here for here, there in called.items()}
        raise Refused(off.message, code=off.code, errors=[FieldError(f"{prefix}{back.get(e.field, e.field)}", e.message) for e in off.errors]) from None
