"""What the doors of the address tree take and answer."""

from datetime import date, datetime
from typing import Annotated, Any, Literal, cast
from uuid import UUID

from ninja import Schema
from pydantic import Field

from jingwei.kit.coords import Crs
from jingwei.kit.schemas import In, Name
from jingwei.kit.text import T
from jingwei.registry.models import AddressAlias
from jingwei.registry.queries import AddressWhole, Candidate, Matched, Node
from jingwei.registry.rules import addresses as rules

Kind = Literal["road", "estate", "village", "number", "building"]
Status = Literal["OC", "AB", "IN", "UN"]
Compared = Literal["division", "name", "number", "building", "unit", "floor", "room"]
AliasKind = Literal["former", "popular", "other"]
Words = Annotated[str, Field(min_length=1, max_length=200)]
PlaceCode = Annotated[str, Field(max_length=15, pattern=r"^[0-9]*$")]
Id = Annotated[int, Field(strict=True, ge=1, lt=2**63)]
Version = Annotated[int, Field(strict=True, ge=1, lt=2**31)]
Number = Annotated[float, Field(strict=True, allow_inf_nan=False)]

HAPPENED: dict[str, T] = {
    "address.entered": T("登记", "entered"),
    "address.renamed": T("更名", "renamed"),
    "address.moved": T("改换上级", "moved"),
    "address.ended": T("废止", "ended"),
    "address.judged": T("核实状态", "judged on the spot"),
    "address.alias_added": T("增加别名", "other name added"),
    "address.alias_dropped": T("删除别名", "other name dropped"),
}


class AddressPositionIn(In):
    """A point in the coordinate system in which it is declared; degrees."""

    crs: Crs
    x: Number
    y: Number


class AddressIn(In):
    """A new node. Without `parent` it is a street, estate or village at the top of `place`."""

    parent: Id | None = None
    kind: Kind
    name: Annotated[str, Field(min_length=1, max_length=100)]
    place: PlaceCode = ""
    code: Annotated[str, Field(max_length=30, pattern=r"^[0-9A-Za-z-]*$")] = ""
    position: AddressPositionIn | None = None


class AddressNameIn(In):
    name: Annotated[str, Field(min_length=1, max_length=100)]
    seen_version: Version


class AddressParentIn(In):
    parent: Id | None
    seen_version: Version


class AddressStatusIn(In):
    status: Literal["OC", "IN", "UN"]
    seen_version: Version


class AddressEndIn(In):
    reason: Words
    seen_version: Version


class AddressAliasIn(In):
    name: Words
    kind: AliasKind = "popular"


class AddressMatchIn(In):
    """`lon`, `lat`: where one looks from; `within`: a place that the address lies in."""

    text: Words
    lon: Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)] | None = None
    lat: Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)] | None = None
    within: PlaceCode = ""
    limit: Annotated[int, Field(strict=True, ge=1, le=50)] = 10


class AddressElementOut(Schema):
    """A stretch of the text: from `start` until `end`."""

    label: str
    start: int
    end: int
    text: str


class AddressReasonOut(Schema):
    """One element compared. verdict: agrees, alike, differs, missing (from the register), unsaid (in the text)."""

    element: Compared
    verdict: Literal["agrees", "alike", "differs", "missing", "unsaid"]
    words: Name

    @classmethod
    def of(cls, reason: rules.Reason) -> "AddressReasonOut":
        words = reason.words()
        return cls(element=cast(Compared, reason.element), verdict=reason.verdict, words=Name(zh=words.zh, en=words.en))


class AddressRoomOut(Schema):
    id: UUID
    building: int
    unit: str
    floor: int | None
    number: str
    code: str


class AddressCandidateOut(Schema):
    """A standard address that the text may mean; `score` 0 to 100; `through`: the other name by which it was found."""

    id: int
    standard: str
    kind: Kind
    code: str
    place: str
    division: str
    status: Status
    lon: float | None
    lat: float | None
    metres: float | None
    through: str
    score: float
    reasons: list[AddressReasonOut]
    buildings: list[int]
    rooms: list[AddressRoomOut]

    @classmethod
    def of(cls, c: Candidate) -> "AddressCandidateOut":
        return cls(
            id=c.id, standard=c.standard, kind=cast(Kind, c.kind), code=c.code, place=c.place, division=c.division, status=cast(Status, c.status),
            lon=_rounded(c.lon), lat=_rounded(c.lat), metres=None if c.metres is None else round(c.metres), through=c.through, score=c.score,
            reasons=[AddressReasonOut.of(r) for r in c.reasons], buildings=c.buildings,
            rooms=[AddressRoomOut(id=r.id, building=r.building_id, unit=r.unit, floor=r.floor, number=r.number, code=r.code) for r in c.rooms],
        )  # fmt: skip


class AddressMatchOut(Schema):
    """The text as it was read, its normal form without divisions, and what it may mean, the likeliest first."""

    elements: list[AddressElementOut]
    normal: str
    candidates: list[AddressCandidateOut]

    @classmethod
    def of(cls, found: Matched) -> "AddressMatchOut":
        elements = [AddressElementOut(label=e.label, start=e.start, end=e.end, text=e.text) for e in found.elements]
        return cls(elements=elements, normal=found.normal, candidates=[AddressCandidateOut.of(c) for c in found.candidates])


class AddressNodeOut(Schema):
    """A node of the tree; `children` stand directly below it."""

    id: int
    parent: int | None
    kind: Kind
    name: str
    standard: str
    place: str
    status: Status
    children: int

    @classmethod
    def of(cls, n: Node) -> "AddressNodeOut":
        return cls(
            id=n.id,
            parent=n.parent_id,
            kind=cast(Kind, n.kind),
            name=n.name,
            standard=n.standard,
            place=n.place,
            status=cast(Status, n.status),
            children=n.children,
        )


class AddressNodesOut(Schema):
    items: list[AddressNodeOut]
    next: str | None


class AddressAliasOut(Schema):
    """Another name, and the days for which it held (`until` is the first day on which it did not)."""

    id: int
    name: str
    kind: AliasKind
    from_date: date | None
    until: date | None

    @classmethod
    def of(cls, a: AddressAlias) -> "AddressAliasOut":
        return cls(id=a.pk, name=a.name, kind=cast(AliasKind, a.kind), from_date=a.valid_from, until=a.valid_to)


class AddressHappenedOut(Schema):
    type: str
    title: Name
    at: datetime
    actor: str
    data: dict[str, Any]


class AddressAboveOut(Schema):
    id: int
    kind: Kind
    name: str


class AddressBuildingOut(Schema):
    id: int
    name: str
    code: str
    floors_above: int | None
    rooms: int


class AddressWholeOut(Schema):
    """One standard address with all that hangs on it. `keeps`: the caller may change it; `extends`: enter what stands below it."""

    id: int
    parent: int | None
    kind: Kind
    name: str
    standard: str
    code: str
    place: str
    status: Status
    source: str
    valid_from: date
    valid_to: date | None
    version: int
    lon: float | None
    lat: float | None
    children: int
    keeps: bool
    extends: bool
    above: list[AddressAboveOut]
    aliases: list[AddressAliasOut]
    buildings: list[AddressBuildingOut]
    history: list[AddressHappenedOut]

    @classmethod
    def of(cls, w: AddressWhole) -> "AddressWholeOut":
        row = w.row
        return cls(
            id=row.pk, parent=row.parent_id, kind=cast(Kind, row.kind), name=row.name, standard=row.standard, code=row.code, place=row.place,
            status=cast(Status, row.status),
            source=row.source, valid_from=row.valid_from, valid_to=row.valid_to, version=row.version, lon=_rounded(w.lon), lat=_rounded(w.lat),
            children=w.children, keeps=w.keeps, extends=w.extends,
            above=[AddressAboveOut(id=a.pk, kind=cast(Kind, a.kind), name=a.name) for a in w.above],
            aliases=[AddressAliasOut.of(a) for a in w.aliases],
            buildings=[AddressBuildingOut(id=b.id, name=b.name, code=b.code, floors_above=b.floors_above, rooms=b.rooms) for b in w.buildings],
            history=[
                AddressHappenedOut(type=h.type, title=Name.of(HAPPENED.get(h.type, T(h.type, h.type))), at=h.at, actor=h.actor, data=h.data) for h in w.history
            ],
        )  # fmt: skip


def _rounded(degrees: float | None) -> float | None:
    return None if degrees is None else round(degrees, 6)
