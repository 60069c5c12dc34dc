"""What the doors of the panorama take and answer."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from jingwei.accounts.rules import ROLES
from jingwei.association.queries import Inside, Node, Panorama
from jingwei.association.rules.counts import shown
from jingwei.association.rules.shapes import Shape, ShapeFault, circle, drawn
from jingwei.association.rules.words import KINDS
from jingwei.kit.errors import FieldError, Invalid, invalid
from jingwei.kit.paging import Page
from jingwei.kit.schemas import Coded, CodedName, In, Name
from jingwei.kit.text import T

Degree = Annotated[float, Field(strict=True, allow_inf_nan=False, ge=-180, le=180)]


class CircleIn(In):
    """A centre (WGS-84 degrees) and a radius in metres."""

    lon: Degree
    lat: Degree
    metres: Annotated[float, Field(allow_inf_nan=False)]


class ShapeIn(In):
    """A circle, or the corners of a drawn shape as [longitude, latitude]."""

    circle: CircleIn | None = None
    corners: Annotated[list[tuple[Degree, Degree]], Field(max_length=2000)] | None = None

    def shape(self) -> Shape:
        """Raises Invalid with the field and what to do."""
        if (self.circle is None) == (self.corners is None):
            raise invalid("circle", "请给出圆或多边形之一", "a circle or the corners of a shape, one of them")
        try:
            return circle(self.circle.lon, self.circle.lat, self.circle.metres) if self.circle else drawn(self.corners or [])
        except ShapeFault as fault:
            raise Invalid(errors=[FieldError(fault.field, fault.why)]) from None


class InsidePeopleIn(ShapeIn):
    after: Annotated[str, Field(max_length=300)] = ""
    size: Annotated[int, Field(strict=True, ge=1, le=200)] = 50


class CallOutIn(ShapeIn):
    """`residents`: with people and their telephones. `reason` stands in the record of everybody whose number is shown."""

    reason: Annotated[str, Field(max_length=200)]
    residents: bool = False
    form: Literal["pdf", "csv"] = "pdf"


class InsidePointOut(BaseModel):
    kind: CodedName
    id: str
    label: str
    note: str
    lon: float | None
    lat: float | None


class CaseInsideOut(InsidePointOut):
    light: Literal["green", "amber", "red", "paused", "none"]


class InsidePostOut(BaseModel):
    role: CodedName
    name: str
    unit: str | None


class GridInsideOut(BaseModel):
    """A grid that the shape touches, where its name stands on a map, and who serves it: never where somebody is."""

    code: str
    name: str
    lon: float
    lat: float
    whole: bool
    posted: list[InsidePostOut]


class InsideClassOut(BaseModel):
    klass: Coded
    major: str
    count: int
    faulty: int


class PanoramaOut(BaseModel):
    """What is inside. Counts of people as the reader may know them; lists hold the first hundred. `beyond`: grids outside the reader's areas."""

    square_metres: float
    beyond: int
    grids: list[GridInsideOut]
    buildings: int
    rooms: int
    rooms_by_use: dict[str, int]
    people: str
    households: str
    organisations: int
    components: list[InsideClassOut]
    cases: int
    building_list: list[InsidePointOut]
    organisation_list: list[InsidePointOut]
    resources: list[InsidePointOut]
    case_list: list[CaseInsideOut]
    reads_people: bool


class InsideOut(BaseModel):
    """Somebody who lives inside, and where."""

    id: UUID
    name: str
    room_id: UUID
    room: str
    kind: str


class InsidePage(BaseModel):
    items: list[InsideOut]
    next: str | None


_LANDMARK = T("地标", "Landmark")


def _point(node: Node) -> dict[str, object]:
    kind = CodedName.of(node.kind, KINDS.get(node.kind, _LANDMARK))
    return {"kind": kind, "id": node.id, "label": node.label, "note": node.note, "lon": node.lon, "lat": node.lat}


def panorama_out(found: Panorama) -> PanoramaOut:
    return PanoramaOut(
        square_metres=round(found.area),
        beyond=found.beyond,
        grids=[
            GridInsideOut(
                code=g.code,
                name=g.name,
                lon=g.lon,
                lat=g.lat,
                whole=g.whole,
                posted=[InsidePostOut(role=CodedName(code=p.role, name=Name.of(ROLES[p.role].name)), name=p.name, unit=p.unit) for p in g.posted],
            )
            for g in found.grids
        ],
        buildings=found.buildings,
        rooms=found.rooms,
        rooms_by_use=found.rooms_by_use,
        people=shown(*found.people, reads=found.reads_people),
        households=shown(*found.households, reads=found.reads_people),
        organisations=found.organisations,
        components=[InsideClassOut(klass=Coded.of(c.code, c.name), major=c.major, count=c.count, faulty=c.faulty) for c in found.components],
        cases=found.cases,
        building_list=[InsidePointOut.model_validate(_point(n)) for n in found.building_list],
        organisation_list=[InsidePointOut.model_validate(_point(n)) for n in found.organisation_list],
        resources=[InsidePointOut.model_validate(_point(n)) for n in found.resources],
        case_list=[CaseInsideOut.model_validate(_point(n) | {"light": light}) for n, light in found.case_list],
        reads_people=found.reads_people,
    )


def inside_page(page: Page[Inside]) -> InsidePage:
    return InsidePage(items=[InsideOut(id=p.id, name=p.name, room_id=p.room_id, room=p.room, kind=p.kind) for p in page.items], next=page.next)
