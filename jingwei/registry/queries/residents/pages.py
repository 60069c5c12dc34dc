"""One resident, one household, one room's people: with everything that hangs on them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from jingwei.accounts.rules import KEEPS_REGISTER, READS_PEOPLE, SYSTEM, Actor
from jingwei.kit.errors import Forbidden, NotFound
from jingwei.kit.ids import district_of
from jingwei.kit.text import T
from jingwei.registry.models import Household, Residency, Resident, Room
from jingwei.registry.queries.fields import fields_on, shown
from jingwei.registry.queries.residents.facts import Known, known, known_all
from jingwei.registry.queries.residents.places import RoomNamed, districts_of, kept_record, kept_records, members, rooms_named

MOST = 200


@dataclass(frozen=True, slots=True)
class Lived:
    """A residency as it is shown. `room` None: outside one's areas. `record`: the record it stands in, where two were merged."""

    id: UUID
    version: int
    record: UUID
    room: RoomNamed | None
    household_id: UUID | None
    kind: str
    relation: str
    tenure: str
    from_date: date
    to_date: date | None
    end_reason: str


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who lives, or lived, in a room or household. `open`: the actor may open the page."""

    who: Known
    stay: Lived
    open: bool


@dataclass(frozen=True, slots=True)
class HouseholdWhole:
    id: UUID
    version: int
    number: str
    kind: str
    head_id: UUID | None
    from_date: date | None
    to_date: date | None
    room: RoomNamed | None
    members: list[Member]


@dataclass(frozen=True, slots=True)
class ResidentWhole:
    """A person: the record that is kept, masked; where they live and lived; who they keep house with; the records merged into it."""

    who: Known
    more: dict[str, object]
    source: str
    present: list[Lived]
    former: list[Lived]
    households: list[HouseholdWhole]
    merged: list[Known]


def lived(rows: Sequence[Residency], areas: tuple[str, ...]) -> dict[UUID, Lived]:
    """Residencies as they are shown, rooms by name; one statement."""
    on = fields_on("residency")
    named = rooms_named({row.room_id for row in rows if row.place.startswith(areas)})
    return {
        row.id: Lived(
            id=row.id,
            version=row.version,
            record=row.resident_id,
            room=named.get(row.room_id),
            household_id=row.household_id,
            kind=row.kind,
            relation=row.relation if "relation" in on else "",
            tenure=row.tenure if "tenure" in on else "",
            from_date=row.period.lower,
            to_date=row.period.upper,
            end_reason=row.end_reason,
        )
        for row in rows
    }


def areas_read(actor: Actor) -> tuple[str, ...]:
    return ("",) if actor is SYSTEM else actor.areas_of_any(READS_PEOPLE)


def whole_resident(*, actor: Actor, resident_id: UUID) -> ResidentWhole:
    """A person's page; a record that was merged answers with the one that is kept. Six statements. The look is recorded by
    actions.record_reading. Raises NotFound."""
    id = kept_record(resident_id)
    row = id and Resident.objects.visible_to(actor).filter(district=district_of(id) or "", id=id).first()
    if not row:
        raise NotFound(T("没有这位居民", "no such resident"))
    group = members([row.id])
    away = known_all(Resident.objects.filter(district__in=districts_of(group), id__in=[m for m in group if m != row.id]).order_by("id"))
    stays = list(Residency.objects.filter(district__in=districts_of(group), resident_id__in=list(group)).order_by("-period", "-id"))
    told = lived(stays, areas_read(actor))
    present = [s for s in stays if s.period.upper is None and s.end_reason != "mistake"]
    homes = _households(actor, [s.household_id for s in present if s.household_id])
    return ResidentWhole(
        who=known(row),
        more=shown("resident", {"more": row.more})["more"],
        source=row.source,
        present=[told[s.id] for s in present],
        former=[told[s.id] for s in stays if s not in present],
        households=homes,
        merged=away,
    )


def household_whole(*, actor: Actor, household_id: UUID) -> HouseholdWhole:
    """A household and who lives in it. Raises NotFound."""
    if not Household.objects.visible_to(actor).filter(district=district_of(household_id) or "", id=household_id).exists():
        raise NotFound(T("没有这一户", "no such household"))
    return _households(actor, [household_id])[0]


def _households(actor: Actor, ids: Sequence[UUID]) -> list[HouseholdWhole]:
    """Households that the actor sees, with their members of now, the head first; those of ended ones were the last."""
    homes = list(Household.objects.visible_to(actor).filter(district__in=districts_of(ids), id__in=list(ids)).order_by("from_date", "id"))
    stays = list(Residency.objects.filter(household_id__in=[h.id for h in homes]).exclude(end_reason="mistake").order_by("period", "id"))
    ended = {h.id: h.to_date for h in homes}
    stays = [s for s in stays if s.household_id and s.period.upper in (None, ended[s.household_id])]
    people = _members(actor, stays)
    rooms = rooms_named({h.room_id for h in homes})
    found = []
    for home in homes:
        inside = sorted((people[s.id] for s in stays if s.household_id == home.id and s.id in people), key=lambda m: m.stay.record != home.head_id)
        found.append(HouseholdWhole(home.id, home.version, home.number, home.kind, home.head_id, home.from_date, home.to_date, rooms.get(home.room_id), inside))
    return found


def _members(actor: Actor, stays: Sequence[Residency]) -> dict[UUID, Member]:
    """Who these residencies are of, by their ids: of a record that was merged, the one that is kept."""
    kept = kept_records({s.resident_id for s in stays})
    areas = areas_read(actor)
    rows = {one.id: one for one in known_all(Resident.objects.filter(district__in=districts_of(kept.values()), id__in=list(kept.values())))}
    told = lived(stays, areas)
    found = {}
    for stay in stays:
        if row := rows.get(kept.get(stay.resident_id, stay.resident_id)):
            found[stay.id] = Member(row, told[stay.id], row.place.startswith(areas))
    return found


@dataclass(frozen=True, slots=True)
class RoomPeople:
    """Who lives in a room on a day: by household, and who belongs to none; and who lived there before that day."""

    room: RoomNamed
    on: date
    households: list[HouseholdWhole]
    others: list[Member]
    former: list[Member]


def people_of_room(*, actor: Actor, room_id: UUID, on: date) -> RoomPeople:
    """The people of a room on a day; constant statements. Raises NotFound, Forbidden (others see the room, not who lives in it)."""
    room = Room.objects.visible_to(actor).filter(district=district_of(room_id) or "", id=room_id).first()
    if room is None:
        raise NotFound(T("没有这间房", "no such room"))
    areas = areas_read(actor)
    if not room.place.startswith(areas):
        raise Forbidden(T("您不能查看这里的居民", "you may not see who lives here"))
    stays = list(Residency.objects.filter(room_id=room_id).exclude(end_reason="mistake").order_by("-period", "id")[:MOST])
    there = [s for s in stays if on in s.period]
    people = _members(actor, stays)
    homes = Household.objects.filter(district=room.district, id__in=[s.household_id for s in there if s.household_id]).order_by("from_date", "id")
    named = rooms_named([room_id])[room_id]
    found, housed = [], set[UUID]()
    for home in homes:
        mine = [s for s in there if s.household_id == home.id and s.id in people]
        housed.update(s.id for s in mine)
        inside = sorted((people[s.id] for s in mine), key=lambda m: (m.stay.record != home.head_id, m.stay.relation or "99", m.stay.from_date))
        found.append(HouseholdWhole(home.id, home.version, home.number, home.kind, home.head_id, home.from_date, home.to_date, named, inside))
    return RoomPeople(
        named,
        on,
        found,
        [people[s.id] for s in there if s.id not in housed and s.id in people],
        [people[s.id] for s in stays if s.id in people and s.period.upper and s.period.upper <= on],
    )


def rooms_of_resident(*, actor: Actor, resident_id: UUID) -> list[Lived]:
    """Every room of a person, now and before, the latest first; mistakes left out. Raises NotFound."""
    whole = whole_resident(actor=actor, resident_id=resident_id)
    return [*whole.present, *(s for s in whole.former if s.end_reason != "mistake")]


def keeps_register(actor: Actor, place: str) -> bool:
    """Whether the actor keeps the register there: merges, strikes out, hands out links."""
    return actor is SYSTEM or actor.held_as(KEEPS_REGISTER, place, None) is not None
