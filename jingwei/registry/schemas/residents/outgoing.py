"""What the doors of residents answer. Names are whole for those who may open the door, numbers masked."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel

from jingwei.accounts.rules import ROLES
from jingwei.areas.queries import place_names
from jingwei.kit.paging import Page
from jingwei.kit.schemas import CodedName, Name
from jingwei.kit.text import T
from jingwei.registry.queries import (
    Found,
    Home,
    HouseholdWhole,
    Known,
    Listed,
    Lived,
    Look,
    Member,
    ResidentWhole,
    RoomNamed,
    RoomPeople,
    SubjectLooks,
    home_name,
)
from jingwei.registry.rules import looks as why
from jingwei.registry.rules.numbers import IDENTITY_KINDS
from jingwei.registry.rules.relations import ENDED, HOUSEHOLD_KINDS, KINDS, LEFT, RELATIONS, SEX_NAMES, TENURES, USUAL
from jingwei.registry.rules.residents import age


class RoomNamedOut(BaseModel):
    """A room and what it is called: whole, and within its building."""

    id: UUID
    place: str
    building: int
    label: str
    short: str

    @classmethod
    def of(cls, room: RoomNamed) -> "RoomNamedOut":
        return cls(id=room.id, place=room.place, building=room.building_id, label=room.label, short=room.short)


class RoomsFoundOut(BaseModel):
    items: list[RoomNamedOut]


class KnownOut(BaseModel):
    """A resident: the name whole, numbers masked. `age` in whole years, known by the month."""

    id: UUID
    version: int
    place: str
    place_name: str = ""
    name: str
    sex: CodedName
    born: str
    age: int | None
    identity_kind: CodedName | None
    identity_masked: str
    phone_masked: str
    home_place: str
    home_name: str = ""
    ended_date: date | None
    ended: CodedName | None
    merged_into: UUID | None


class ListedOut(KnownOut):
    room: RoomNamedOut | None
    kind: CodedName | None
    way: str


class ResidentsPage(BaseModel):
    items: list[ListedOut]
    next: str | None


class ResidentsFound(BaseModel):
    """`more`: there are more than are shown; a longer part of the name finds fewer."""

    items: list[ListedOut]
    more: bool


class LivedOut(BaseModel):
    """A residency. `room` is null where it lies outside one's areas."""

    id: UUID
    version: int
    record: UUID
    room: RoomNamedOut | None
    household: UUID | None
    kind: CodedName
    relation: CodedName | None
    tenure: CodedName | None
    from_date: date
    to_date: date | None
    ended: CodedName | None


class MemberOut(BaseModel):
    who: KnownOut
    stay: LivedOut
    open: bool


class HouseholdOut(BaseModel):
    id: UUID
    version: int
    number: str
    kind: CodedName
    head: UUID | None
    from_date: date | None
    to_date: date | None
    room: RoomNamedOut | None
    members: list[MemberOut]


class RoomPeopleOut(BaseModel):
    room: RoomNamedOut
    on: date
    households: list[HouseholdOut]
    others: list[MemberOut]
    former: list[MemberOut]
    may_register: bool


class ResidentOut(BaseModel):
    """`may_keep`: the caller keeps the register there (merges, ends as a mistake, hands out links)."""

    who: KnownOut
    more: dict[str, Any]
    source: str
    present: list[LivedOut]
    former: list[LivedOut]
    households: list[HouseholdOut]
    merged: list[KnownOut]
    may_keep: bool


class MovedInOut(BaseModel):
    residents: list[UUID]
    household: UUID | None


class UnmaskedOut(BaseModel):
    identity_number: str
    phone: str


class SubjectLookOut(BaseModel):
    """A look as the resident is told of it."""

    at: datetime
    kind: CodedName
    role: CodedName | None
    unit: str
    purpose: CodedName | None
    reason: str
    fields: list[CodedName]


class LookOut(SubjectLookOut):
    who: str


class LooksPage(BaseModel):
    items: list[LookOut]
    next: str | None


class SubjectLooksOut(BaseModel):
    name: str
    until: date
    looks: list[SubjectLookOut]


class HomeOut(BaseModel):
    """A division as a registered home, named from its province on."""

    code: str
    name: str


class HomesFound(BaseModel):
    items: list[HomeOut]


class LooksLinkOut(BaseModel):
    """`path` is what follows the program's own address; `qr` the same whole, as an SVG picture."""

    path: str
    until: date
    qr: str


class ResidentWordsOut(BaseModel):
    """The lists that forms choose from."""

    identity_kinds: list[CodedName]
    sexes: list[CodedName]
    relations: list[CodedName]
    usual_relations: list[str]
    kinds: list[CodedName]
    tenures: list[CodedName]
    household_kinds: list[CodedName]
    purposes: list[CodedName]
    fields: list[str]


def coded(names: dict[str, T], code: str) -> CodedName | None:
    return CodedName.of(code, names[code]) if code in names else CodedName.of(code, T(code, code)) if code else None


def sure(names: dict[str, T], code: str) -> CodedName:
    return coded(names, code) or CodedName(code=code, name=Name(zh=code, en=code))


def _room(room: RoomNamed | None) -> RoomNamedOut | None:
    return RoomNamedOut.of(room) if room else None


class Making:
    """Shapes of the residents of one answer: the day for ages, the names of places in one statement."""

    def __init__(self, on: date, people: list[Known]) -> None:
        self.on = on
        self.places = place_names({p for one in people for p in (one.place, one.home_place) if p}) if people else {}

    def facts(self, one: Known) -> dict[str, Any]:
        return {
            "id": one.id,
            "version": one.version,
            "place": one.place,
            "place_name": self.places.get(one.place, ""),
            "name": one.name,
            "sex": sure(SEX_NAMES, one.sex),
            "born": f"{one.born:%Y-%m}" if one.born else "",
            "age": age(one.born, one.ended_date or self.on) if one.born else None,
            "identity_kind": coded(IDENTITY_KINDS, one.identity_kind),
            "identity_masked": one.identity_masked,
            "phone_masked": one.phone_masked,
            "home_place": one.home_place,
            "home_name": self._home(one.home_place),
            "ended_date": one.ended_date,
            "ended": coded(ENDED, one.end_reason),
            "merged_into": one.merged_into,
        }

    def _home(self, code: str) -> str:
        """District and above as they ship, below it as this city's own divisions are called."""
        return home_name(code) + (self.places.get(code, "") if len(code) > 6 else "") or self.places.get(code, "")

    def known(self, one: Known) -> KnownOut:
        return KnownOut(**self.facts(one))

    def listed(self, line: Listed) -> ListedOut:
        return ListedOut(**self.facts(line.who), room=_room(line.room), kind=coded(KINDS, line.kind), way=line.way)

    def member(self, one: Member) -> MemberOut:
        return MemberOut(who=self.known(one.who), stay=lived_out(one.stay), open=one.open)

    def household(self, home: HouseholdWhole) -> HouseholdOut:
        return HouseholdOut(
            id=home.id,
            version=home.version,
            number=home.number,
            kind=sure(HOUSEHOLD_KINDS, home.kind),
            head=home.head_id,
            from_date=home.from_date,
            to_date=home.to_date,
            room=_room(home.room),
            members=[self.member(m) for m in home.members],
        )


def lived_out(stay: Lived) -> LivedOut:
    return LivedOut(
        id=stay.id,
        version=stay.version,
        record=stay.record,
        room=_room(stay.room),
        household=stay.household_id,
        kind=sure(KINDS, stay.kind),
        relation=coded(RELATIONS, stay.relation),
        tenure=coded(TENURES, stay.tenure),
        from_date=stay.from_date,
        to_date=stay.to_date,
        ended=coded(LEFT, stay.end_reason),
    )


def residents_page_out(page: Page[Listed], on: date) -> ResidentsPage:
    making = Making(on, [line.who for line in page.items])
    return ResidentsPage(items=[making.listed(line) for line in page.items], next=page.next)


def residents_found_out(found: Found, on: date) -> ResidentsFound:
    making = Making(on, [line.who for line in found.items])
    return ResidentsFound(items=[making.listed(line) for line in found.items], more=found.more)


def room_people_out(people: RoomPeople, may_register: bool) -> RoomPeopleOut:
    everyone = [m.who for home in people.households for m in home.members] + [m.who for m in (*people.others, *people.former)]
    making = Making(people.on, everyone)
    return RoomPeopleOut(
        room=RoomNamedOut.of(people.room),
        on=people.on,
        households=[making.household(home) for home in people.households],
        others=[making.member(m) for m in people.others],
        former=[making.member(m) for m in people.former],
        may_register=may_register,
    )


def resident_out(whole: ResidentWhole, on: date, may_keep: bool) -> ResidentOut:
    making = Making(on, [whole.who, *whole.merged, *(m.who for home in whole.households for m in home.members)])
    return ResidentOut(
        who=making.known(whole.who),
        more=whole.more,
        source=whole.source,
        present=[lived_out(stay) for stay in whole.present],
        former=[lived_out(stay) for stay in whole.former],
        households=[making.household(home) for home in whole.households],
        merged=[making.known(one) for one in whole.merged],
        may_keep=may_keep,
    )


def household_out(home: HouseholdWhole, on: date) -> HouseholdOut:
    return Making(on, [m.who for m in home.members]).household(home)


def subject_look_out(look: Look) -> SubjectLookOut:
    return SubjectLookOut(**_look(look))


def _look(look: Look) -> dict[str, Any]:
    return {
        "at": look.at,
        "kind": sure(why.KINDS, look.kind),
        "role": CodedName.of(look.role, ROLES[look.role].name) if look.role in ROLES else None,
        "unit": look.unit,
        "purpose": coded(why.PURPOSES, look.purpose),
        "reason": look.reason,
        "fields": [sure(why.UNMASKED, field) for field in look.fields],
    }


def looks_page_out(page: Page[Look]) -> LooksPage:
    return LooksPage(items=[LookOut(**_look(look), who=look.who) for look in page.items], next=page.next)


def subject_looks_out(seen: SubjectLooks) -> SubjectLooksOut:
    return SubjectLooksOut(name=seen.name, until=seen.until, looks=[subject_look_out(look) for look in seen.looks])


def words_out(fields_on: frozenset[str]) -> ResidentWordsOut:
    def every(names: dict[str, T]) -> list[CodedName]:
        return [CodedName.of(code, name) for code, name in names.items()]

    return ResidentWordsOut(
        identity_kinds=every(IDENTITY_KINDS),
        sexes=every(SEX_NAMES),
        relations=every(RELATIONS),
        usual_relations=list(USUAL),
        kinds=every(KINDS),
        tenures=every(TENURES),
        household_kinds=every(HOUSEHOLD_KINDS),
        purposes=every(why.PURPOSES),
        fields=sorted(fields_on),
    )


def homes_found_out(homes: list[Home]) -> HomesFound:
    return HomesFound(items=[HomeOut(code=home.code, name=home.name) for home in homes])


def rooms_found_out(rooms: list[RoomNamed]) -> RoomsFoundOut:
    return RoomsFoundOut(items=[RoomNamedOut.of(room) for room in rooms])
