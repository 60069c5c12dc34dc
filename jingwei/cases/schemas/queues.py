"""What the queue's doors take and answer: filters, saved views, moves of several cases at once."""

from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field, field_validator

from jingwei.cases.queries import QueueFilter
from jingwei.cases.queries.filters import Light, Sort, View
from jingwei.cases.schemas.incoming import MoveIn
from jingwei.cases.schemas.outgoing import CaseRow, FieldOut
from jingwei.kit.schemas import In, Name, UnitRef

Code = Annotated[str, Field(min_length=1, max_length=40)]
UnitId = Annotated[int, Field(ge=1, lt=2**63)]
Some = Field(max_length=20)
FAR_AHEAD = 24 * 366

Column = Literal["light", "number", "state", "what", "where", "unit", "opened_at", "entered_at", "source", "place", "due_at"]


class FilterIn(In):
    """A filter of the queue; of several values of a field one must fit. `within`: corners of a shape, "lon,lat;lon,lat;…" (WGS-84)."""

    view: View = "mine"
    state: Annotated[list[Code], Some] = []
    process: Annotated[list[Code], Some] = []
    light: Annotated[list[Light], Some] = []
    matter: Annotated[list[Code], Some] = []
    unit: Annotated[list[UnitId], Some] = []
    place: Annotated[str, Field(max_length=15, pattern=r"^[0-9]*$")] = ""
    source: Annotated[list[Code], Some] = []
    q: Annotated[str, Field(max_length=100)] = ""
    opened_from: date | None = None
    opened_to: date | None = None
    due_in: Annotated[int, Field(ge=0, le=FAR_AHEAD)] | None = None
    urgent: bool | None = None
    within: Annotated[str, Field(max_length=4000)] = ""

    @field_validator("state", "process", "light", "matter", "source", mode="before")
    @classmethod
    def _no_empty(cls, value: Any) -> Any:
        """`?state=` asks nothing."""
        return [v for v in value if v != ""] if isinstance(value, list) else value

    @field_validator("within")
    @classmethod
    def _a_shape(cls, value: str) -> str:
        shape_of(value)
        return value

    def wanted(self) -> QueueFilter:
        return QueueFilter(
            view=self.view,
            state=tuple(self.state),
            process=tuple(self.process),
            light=tuple(self.light),
            matter=tuple(self.matter),
            unit=tuple(self.unit),
            place=self.place,
            source=tuple(self.source),
            q=self.q,
            opened_from=self.opened_from,
            opened_to=self.opened_to,
            due_in=self.due_in,
            urgent=self.urgent,
            within=shape_of(self.within),
        )


def shape_of(text: str) -> tuple[tuple[float, float], ...]:
    """The corners in "lon,lat;lon,lat;…"; empty for an empty text. Raises ValueError for fewer than three, or what is no degree."""
    if not text:
        return ()
    corners = []
    for pair in text.split(";"):
        lon, lat = (float(number) for number in pair.split(","))
        if not (-180 <= lon <= 180 and -90 <= lat <= 90):
            raise ValueError("no degrees")
        corners.append((lon, lat))
    if not 3 <= len(corners) <= 200:
        raise ValueError("a shape has 3 to 200 corners")
    return tuple(corners)


class QueueIn(FilterIn):
    """A filter, an order, and where to go on."""

    sort: Sort | Literal[""] = ""
    after: Annotated[str, Field(max_length=300)] = ""
    size: Annotated[int, Field(ge=1, le=200)] = 50


class ViewIn(In):
    """A filter under a name. `unit`: shared with whoever holds a role there."""

    name: Annotated[str, Field(min_length=1, max_length=40, pattern=r"\S")]
    filter: FilterIn
    sort: Sort | Literal[""] = ""
    columns: Annotated[list[Column], Field(max_length=20)] = []
    unit: UnitId | None = None


class ViewChange(ViewIn):
    seen_version: Annotated[int, Field(ge=1, lt=2**31)]


class ViewOut(BaseModel):
    """A saved filter; `mine`: whether the asker may change it."""

    id: int
    name: str
    version: int
    filter: dict[str, Any]
    sort: str
    columns: list[str]
    unit: UnitRef | None
    owner: str
    mine: bool


class ViewCount(BaseModel):
    """How many cases a saved view has now; `more`: at least that many."""

    id: int
    cases: int
    more: bool


class Seen(In):
    """A case and the version of it that was seen."""

    id: UUID
    seen_version: Annotated[int, Field(strict=True, ge=1, le=2**31 - 1)]


class SomeIn(In):
    """Several cases by their ids."""

    id: Annotated[list[UUID], Field(min_length=1, max_length=200)]


FormIn = Annotated[dict[Annotated[str, Field(max_length=40)], Any], Field(max_length=20)]


class Told(Seen):
    """One of several cases, with what its form says differently from the others' (the unit it goes to)."""

    form: FormIn = MoveIn.model_fields["form"].default


class ManyIn(In):
    """One move for several cases, with one form; fields that a case brings itself outweigh it."""

    cases: Annotated[list[Told], Field(min_length=1, max_length=200)]
    form: FormIn = MoveIn.model_fields["form"].default


class WrongField(BaseModel):
    field: str
    message: Name


class Refusal(BaseModel):
    """Why one case did not move."""

    code: str
    detail: Name
    errors: list[WrongField]


class OutcomeOut(BaseModel):
    """One case after the move, or why it stayed; outcomes stand in the order in which the cases were named."""

    case: CaseRow | None
    refused: Refusal | None


class ManyMoves(BaseModel):
    """A move that some of the asked cases allow now, and which."""

    move: str
    name: Name
    key: str
    style: str
    form: list[FieldOut]
    cases: list[UUID]
