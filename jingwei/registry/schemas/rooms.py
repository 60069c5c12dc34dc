"""What the doors of buildings and rooms take and answer."""

from dataclasses import asdict
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from annotated_types import Len
from ninja import Schema
from pydantic import AfterValidator, Field

from jingwei.kit.schemas import In, Name
from jingwei.registry.actions import BuildingFacts
from jingwei.registry.queries import BuildingRow, BuildingWhole, Matrix, PremisesHere, RoomRow, RoomWhole
from jingwei.registry.rules import rooms as rules

Use = Literal["residence", "dormitory", "shop", "office", "factory", "storage", "public", "parking", "other"]
Tenure = Literal["", "owner_occupied", "rented", "vacant", "shared", "other"]
RoomState = Literal["lived_in", "let", "shop", "empty", "used"]


def plain_text(text: str) -> str:
    """No controls and no halves of letters; outer blanks away."""
    if not text.replace("\t", " ").isprintable():
        raise ValueError("a control character")
    return text.strip()


Text = Annotated[str, Field(max_length=200), AfterValidator(plain_text)]
Reason = Annotated[str, Field(min_length=2, max_length=200), AfterValidator(plain_text)]
Number = Annotated[str, Field(min_length=1, max_length=30), AfterValidator(plain_text)]
Stair = Annotated[str, Field(max_length=20), AfterValidator(plain_text)]
Version = Annotated[int, Field(ge=1, le=2**31 - 1)]
Floor = Annotated[int, Field(ge=-rules.DEEPEST, le=rules.TALLEST)]
Area = Annotated[Decimal, Field(gt=0, lt=10_000_000, max_digits=9, decimal_places=2)]


More = Annotated[dict[Annotated[str, Field(max_length=40)], Any], Field(max_length=60)]  # the city's own fields; null empties one


class BuildingFactsIn(In):
    """What is said of a building; what isn't named stays."""

    name: Annotated[str, Field(max_length=100), AfterValidator(plain_text)] | None = None
    name_en: Text | None = None
    street: Annotated[str, Field(max_length=60), AfterValidator(plain_text)] | None = None
    number: Annotated[str, Field(max_length=40), AfterValidator(plain_text)] | None = None
    floors_above: Annotated[int, Field(ge=0, le=200)] | None = None
    floors_below: Annotated[int, Field(ge=0, le=20)] | None = None
    units: Annotated[int, Field(ge=0, le=100)] | None = None
    use: Literal["", "residence", "dormitory", "shop", "office", "factory", "storage", "public", "parking", "other"] | None = None
    built_year: Annotated[int, Field(ge=1000, le=2200)] | None = None
    height: Annotated[float, Field(ge=0, le=1000, allow_inf_nan=False)] | None = None
    address_id: Annotated[int, Field(ge=1, lt=2**63)] | None = None
    more: More | None = None

    def values(self) -> dict[str, Any]:
        """What was said; a text can be emptied by "", a number by null."""
        texts = ("name", "name_en", "street", "number", "use")
        said = {name: getattr(self, name) for name in BuildingFactsIn.model_fields if name in self.model_fields_set}
        return {name: "" if value is None and name in texts else value for name, value in said.items() if name != "more" or value}


Degree = Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)]


class BuildingIn(BuildingFactsIn):
    """`building` of the base map with the version that was seen, or a new one with a position (`x`, `y`) or the corners of its `footprint`, in `crs`."""

    building: Annotated[int, Field(ge=1, lt=2**63)] | None = None
    seen_version: Version | None = None
    crs: Literal["EPSG:4326", "EPSG:4490", "GCJ-02", "BD-09"] = "EPSG:4326"
    x: Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)] | None = None
    y: Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)] | None = None
    footprint: Annotated[list[tuple[Degree, Degree]], Field(max_length=2000)] = []

    def facts(self) -> BuildingFacts:
        return BuildingFacts(self.values(), self.crs, self.x, self.y, tuple(self.footprint))


class BuildingChangeIn(BuildingFactsIn):
    seen_version: Version


class PlaceIn(In):
    place: Annotated[str, Field(pattern=r"^([0-9]{6}|[0-9]{9}|[0-9]{12}|[0-9]{15})$")]


class EndRoomIn(In):
    """`on`: from this day on it is no more."""

    seen_version: Version
    on: date
    reason: Reason


class NewRoomIn(In):
    unit: Stair = ""
    floor: Floor | None = None
    number: Number
    use: Use = "residence"
    tenure: Tenure = ""
    area: Area | None = None


class PatternIn(In):
    """Stairs × floors × rooms a floor."""

    units: Annotated[list[Stair], Len(1, 30)] = [""]
    first_floor: Floor = 1
    last_floor: Floor
    rooms: Annotated[int, Field(ge=1, le=99)]
    skip: Annotated[list[Floor], Len(0, 50)] = []
    numbers: Literal["floor_and_number", "stair_floor_number", "letters"] = "floor_and_number"

    def pattern(self) -> rules.Pattern:
        return rules.Pattern(tuple(self.units), self.first_floor, self.last_floor, self.rooms, frozenset(self.skip), self.numbers)


class RoomsIn(In):
    """Either a `pattern`, whose rooms that are there already are passed over, or a list of `rooms`. `use` and `tenure` are the pattern's."""

    pattern: PatternIn | None = None
    use: Use = "residence"
    tenure: Tenure = ""
    rooms: Annotated[list[NewRoomIn], Len(0, rules.MOST_ROOMS)] = []


class RoomsAddedOut(Schema):
    added: int
    codes: list[str]


class RoomChangeIn(In):
    """What isn't named stays. `from_date`: since when use and tenure are so."""

    seen_version: Version
    unit: Stair | None = None
    floor: Floor | None = None
    number: Number | None = None
    use: Use | None = None
    tenure: Tenure | None = None
    area: Area | None = None
    more: More | None = None
    from_date: date | None = None

    def values(self) -> dict[str, Any]:
        optional = ("floor", "area")
        said = self.model_fields_set - {"seen_version", "from_date"}
        return {name: value for name in said if (value := getattr(self, name)) is not None or name in optional}


class SplitRoomIn(In):
    seen_version: Version
    numbers: Annotated[list[Number], Len(2, 20)]
    on: date


class SeenRoomIn(In):
    id: UUID
    seen_version: Version


class MergeRoomsIn(In):
    rooms: Annotated[list[SeenRoomIn], Len(2, 20)]
    number: Number
    on: date


class BuildingRowOut(Schema):
    """A line of the list; `code` is "" while it is not registered. Lengths in metres, positions in WGS-84 degrees."""

    id: int
    code: str
    called: str
    name: str
    name_en: str
    place: str
    place_name: str
    use: str
    floors_above: int | None
    units: int | None
    height: float | None
    rooms: int
    lon: float
    lat: float

    @classmethod
    def of(cls, row: BuildingRow) -> Self:
        return cls(**asdict(row))


class BuildingsOut(Schema):
    items: list[BuildingRowOut]
    next: str | None


class ThingHappenedOut(Schema):
    at: datetime
    type: str
    by: str
    data: dict[str, Any]


class BuildingWholeOut(Schema):
    """A building; `residents` and `lived_in` (rooms in which somebody lives) are null for those who do not read people there."""

    id: int
    version: int
    code: str
    called: str
    name: str
    name_en: str
    street: str
    number: str
    place: str
    place_name: str
    use: str
    floors_above: int | None
    floors_below: int | None
    units: int | None
    built_year: int | None
    height: float | None
    address_id: int | None
    source: str
    from_date: date
    to_date: date | None
    lon: float
    lat: float
    geometry: dict[str, Any] | None
    rooms: int
    uses: dict[str, int]
    premises: int
    plates: int
    lived_in: int | None
    residents: int | None
    more: dict[str, Any]
    history: list[ThingHappenedOut]

    @classmethod
    def of(cls, whole: BuildingWhole) -> Self:
        return cls(**asdict(whole))


class CodesGivenOut(Schema):
    """`reasons`: why some could not be coded, with how many."""

    class Why(Schema):
        why: Name
        many: int

    coded: int
    refused: int
    reasons: list[Why]


class MatrixRoomOut(Schema):
    id: UUID
    unit: str
    floor: int | None
    number: str
    use: str
    tenure: str
    state: RoomState
    residents: int | None
    premises: int
    plate: bool


class MatrixOut(Schema):
    """`units` from left to right, `floors` from the top down; null: the floor isn't known."""

    units: list[str]
    floors: list[int | None]
    rooms: list[MatrixRoomOut]

    @classmethod
    def of(cls, matrix: Matrix) -> Self:
        return cls(**asdict(matrix))


class RoomRowOut(Schema):
    id: UUID
    building_id: int
    building: str
    unit: str
    floor: int | None
    number: str
    code: str
    use: str
    tenure: str
    area: Decimal | None
    place: str
    version: int
    state: RoomState
    residents: int | None

    @classmethod
    def of(cls, row: RoomRow) -> Self:
        return cls(**asdict(row))


class RoomsOut(Schema):
    items: list[RoomRowOut]
    next: str | None


class FormerOut(Schema):
    use: str
    tenure: str
    from_date: date | None
    to_date: date


class PremisesInOut(Schema):
    organisation_id: UUID
    name: str
    use: str
    from_date: date | None
    to_date: date | None


class PremisesHereOut(Schema):
    """An organisation that does business in a building; `room` is "" where it is no one room's."""

    id: UUID
    organisation_id: UUID
    name: str
    kind: str
    room_id: UUID | None
    room: str
    use: str
    from_date: date | None
    to_date: date | None

    @classmethod
    def of(cls, here: PremisesHere) -> Self:
        return cls(**asdict(here))


class RoomOut(Schema):
    """A room on a day. `called` is its whole address; `residents` is null for those who do not read people there."""

    id: UUID
    version: int
    building_id: int
    building: str
    called: str
    unit: str
    floor: int | None
    number: str
    code: str
    use: str
    tenure: str
    state_from: date | None
    area: Decimal | None
    place: str
    place_name: str
    ended_date: date | None
    source: str
    lon: float
    lat: float
    predecessors: list[UUID]
    successors: list[UUID]
    state: RoomState
    residents: int | None
    plate: UUID | None
    plate_number: str
    more: dict[str, Any]
    former: list[FormerOut]
    premises: list[PremisesInOut]
    history: list[ThingHappenedOut]

    @classmethod
    def of(cls, whole: RoomWhole) -> Self:
        return cls(**asdict(whole))
