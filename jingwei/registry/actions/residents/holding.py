"""What every write about residents begins with: the rows, locked, and whether the actor may."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from uuid import UUID

from jingwei.accounts.rules import READS_PEOPLE, Actor
from jingwei.kit import db
from jingwei.kit.errors import FieldError, Invalid, NotFound, Refused
from jingwei.kit.ids import district_of
from jingwei.kit.text import T
from jingwei.registry.actions.keeping import check_keeps, check_seen, lock_many
from jingwei.registry.models import Household, Residency, Resident, Room
from jingwei.registry.queries.fields import require_on
from jingwei.registry.queries.residents.places import GROUPS, districts_of, members, rooms_named
from jingwei.registry.rules.residents import Stay, overlap

NOBODY = T("没有这位居民", "no such resident")
NO_ROOM = T("没有这间房", "no such room")


def room_to_live_in(actor: Actor, room_id: UUID, *, field: str = "") -> Room:
    """A room into which the actor may register people. NotFound, or with `field` Invalid, for one that isn't there or can't be seen."""
    room = Room.objects.visible_to(actor).filter(district=district_of(room_id) or "", id=room_id).first()
    if room is None:
        raise Invalid(errors=[FieldError(field, NO_ROOM)]) if field else NotFound(NO_ROOM)
    check_keeps(actor, room.place, READS_PEOPLE)
    if room.ended_date:
        raise Refused(T(f"这间房已于 {room.ended_date} 注销", f"this room was ended on {room.ended_date}"), code="room_ended")
    return room


def locked(actor: Actor, seen: Mapping[UUID, int | None]) -> dict[UUID, Resident]:
    """The residents, locked in the order of their keys. `seen`: the version that the caller has seen of each (None: any).

    Raises NotFound (none, or outside the actor's areas), Refused (merged into another), Conflict (stale, with the present version).
    """
    found: dict[UUID, Resident] = lock_many(Resident.objects.visible_to(actor), seen, NOBODY)
    for id, version in seen.items():
        row = found[id]
        if row.merged_into:
            raise Refused(
                T("这条记录已合并到另一条，请在保留的记录上办理", "this record was merged into another: use the one that is kept"),
                code="merged",
                extra={"present": {"id": str(row.merged_into)}},
            )
        check_seen(row, version)
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
    named = rooms_named([other.room_id]).get(other.room_id) if actor.holds(READS_PEOPLE, other.place) else None
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


# Where each person of `g` (kept_district, kept, district, id) lives: the permanent room first, then the latest; who left stays where the last room was.
SETTLE = """, best as (
  select distinct on (g.kept) g.kept_district, g.kept, s.place
    from g join registry_residency s on s.district = g.district and s.resident_id = g.id
   where s.end_reason <> 'mistake'
   order by g.kept, upper_inf(s.period) desc, (s.kind = 'permanent') desc, lower(s.period) desc, s.id desc)
update registry_resident r set place = best.place from best
 where r.district = best.kept_district and r.id = best.kept and r.place <> best.place"""


def settle(kept: Collection[UUID]) -> None:
    """Put residents where they live."""
    db.run(GROUPS + SETTLE, {"districts": districts_of(kept), "ids": list(kept)})


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
    row: Household = lock_many(Household.objects.visible_to(actor), [id], T("没有这一户", "no such household"))[id]
    if row.to_date:
        raise Refused(T(f"这一户已于 {row.to_date} 销户", f"this household ended on {row.to_date}"), code="household_ended")
    check_seen(row, seen_version)
    return row


def require_fields(thing: str, said: Iterable[str], *, prefix: str = "", names: Mapping[str, str] | None = None, new: bool = False) -> None:
    """Refused where one of the fields `said` is off in the dictionary; `names`: what the dictionary calls a form's field otherwise."""
    called = names or {}
    try:
        require_on(thing, [called.get(field, field) for field in said], new=new)
    except Refused as off:
        back = {there: here for here, there in called.items()}
        raise Refused(off.message, code=off.code, errors=[FieldError(f"{prefix}{back.get(e.field, e.field)}", e.message) for e in off.errors]) from None
