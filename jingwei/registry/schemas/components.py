"""City components at the doors."""

import json
from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from jingwei.kit.schemas import In, Name
from jingwei.kit.text import T
from jingwei.registry.actions import EDITION, ComponentFacts
from jingwei.registry.models import Component, ComponentClass
from jingwei.registry.queries import ComponentFilter, ComponentPage
from jingwei.registry.rules import components as rules
from jingwei.registry.schemas.values import Code, CreditCode, Paged, SeenVersion, SpotIn, Title

State = Literal["intact", "damaged", "missing", "abandoned", "removed"]
Kind = Literal["component", "frontage", "sign"]


class ComponentFactsIn(In):
    """What is written of a component. An empty `name` is the class's."""

    name: Annotated[str, Field(max_length=60)] = ""
    department: Title = ""
    department_code: CreditCode = ""
    owner: Title = ""
    owner_code: CreditCode = ""
    keeper: Title = ""
    keeper_code: CreditCode = ""
    accuracy: Annotated[str, Field(max_length=1)] = ""
    placed_date: date | None = None
    changed_date: date | None = None
    note: Annotated[str, Field(max_length=1000)] = ""
    address: Annotated[str, Field(max_length=200)] = ""
    attributes: Annotated[dict[Annotated[str, Field(max_length=40)], Annotated[str, Field(max_length=200)]], Field(max_length=40)] = {}
    organisation_id: UUID | None = None

    def facts(self) -> ComponentFacts:
        return ComponentFacts(**{name: getattr(self, name) for name in ComponentFactsIn.model_fields})


class ComponentIn(ComponentFactsIn):
    """A component, frontage or sign to register. Without `code` it is given the next of its class."""

    klass: Annotated[str, Field(max_length=5)]
    edition: Annotated[str, Field(max_length=30)] = EDITION
    code: Code = ""
    state: State = "intact"
    position: SpotIn


class ComponentChangeIn(ComponentFactsIn):
    seen_version: SeenVersion


class ComponentMoveIn(In):
    position: SpotIn
    seen_version: SeenVersion


class ComponentStateIn(In):
    """`case_id`: the case in which it was seen. `seen_version` may be left out by whoever only reports."""

    state: State
    note: Annotated[str, Field(max_length=500)] = ""
    case_id: UUID | None = None
    seen_version: SeenVersion | None = None


class ComponentFilterIn(BaseModel):
    place: Annotated[str, Field(max_length=15, pattern=r"^[0-9]*$")] = ""
    kind: Kind | None = None
    klass: Annotated[list[Annotated[str, Field(max_length=5, pattern=r"^[0-9]+$")]], Field(max_length=60)] = []
    edition: Annotated[str, Field(max_length=30)] = ""
    state: Annotated[list[State], Field(max_length=5)] = []
    owner: Title = ""
    keeper: Title = ""
    q: Annotated[str, Field(max_length=100)] = ""
    organisation: UUID | None = None

    def wanted(self) -> ComponentFilter:
        values = {name: getattr(self, name) for name in ComponentFilterIn.model_fields}
        return ComponentFilter(**(values | {"kind": self.kind or "", "klass": tuple(self.klass), "state": tuple(self.state)}))


class ComponentsIn(ComponentFilterIn, Paged):
    """A page of them."""


class AttributeOut(BaseModel):
    """An attribute that a class has besides; `code` is the key under which it is written."""

    code: str
    name: Name


class ClassOut(BaseModel):
    id: int
    edition: str
    code: str
    name: Name
    major: str
    major_name: str
    kind: Kind
    replaces: list[str]
    attributes: list[AttributeOut]

    @staticmethod
    def of(klass: ComponentClass) -> "ClassOut":
        return ClassOut(
            id=klass.pk,
            edition=klass.edition,
            code=klass.code,
            name=Name(zh=klass.name, en=klass.name_en or klass.name),
            major=klass.major,
            major_name=klass.major_name,
            kind=klass.kind,  # type: ignore[arg-type]
            replaces=klass.replaces,
            attributes=[AttributeOut(code=zh, name=Name(zh=zh, en=en or zh)) for zh, en in klass.attributes],
        )


class CountedClassOut(ClassOut):
    """A class with the number of its components that the caller sees."""

    count: int


class ComponentRowOut(BaseModel):
    """A component in a list."""

    id: UUID
    code: str
    name: str
    klass: str
    klass_name: Name
    kind: Kind
    state: State
    place: str
    address: str
    owner: str
    keeper: str
    organisation_id: UUID | None
    lon: float
    lat: float
    version: int

    @staticmethod
    def of(component: Component) -> "ComponentRowOut":
        return ComponentRowOut(**_row(component))


class ComponentsOut(BaseModel):
    items: list[ComponentRowOut]
    next: str | None


class CountsOut(BaseModel):
    """How many components of a filter there are in each state."""

    states: dict[str, int]


class ComponentStateOut(BaseModel):
    """A state of a component, from when to when, and who saw it in which case."""

    state: State
    from_at: datetime
    to_at: datetime | None
    note: str
    case_id: UUID | None
    source: str


class OrganisationRef(BaseModel):
    id: UUID
    name: str


class FactOut(BaseModel):
    """A field of the standard's table 2, as `code` calls it here."""

    code: str
    abbreviation: str
    name: Name
    length: int
    need: Literal["M", "C", "O"]


class ComponentOut(ComponentRowOut):
    """A component's page. `may` says what the caller may do; `next_states` which states may follow."""

    edition: str
    attributes_known: list[AttributeOut]
    department: str
    department_code: str
    owner_code: str
    keeper_code: str
    accuracy: str
    placed_date: date | None
    changed_date: date | None
    source: str
    source_id: str
    note: str
    attributes: dict[str, Any]
    geometry: dict[str, Any]
    crs: str
    place_name: str
    organisation: OrganisationRef | None
    conditions: list[ComponentStateOut]
    next_states: list[State]
    may: list[Literal["change", "set_state"]]

    @staticmethod
    def of_page(page: ComponentPage, may: list[str]) -> "ComponentOut":
        c = page.component
        states = [s for s in rules.FOLLOWS[c.state] if s != "removed" or "change" in may] if "set_state" in may else []
        return ComponentOut(
            **_row(c),
            edition=c.klass.edition,
            attributes_known=ClassOut.of(c.klass).attributes,
            department=c.department,
            department_code=c.department_code,
            owner_code=c.owner_code,
            keeper_code=c.keeper_code,
            accuracy=c.accuracy,
            placed_date=c.placed_date,
            changed_date=c.changed_date,
            source=c.source,
            source_id=c.source_id,
            note=c.note,
            attributes=c.attributes,
            geometry=json.loads(c.geometry.geojson),
            crs=c.crs,
            place_name=page.place_name,
            organisation=OrganisationRef(id=page.organisation.id, name=page.organisation.name) if page.organisation else None,
            conditions=[
                ComponentStateOut(state=o.state, from_at=o.from_at, to_at=o.to_at, note=o.note, case_id=o.case_id, source=o.source)  # type: ignore[arg-type]
                for o in page.conditions
            ],
            next_states=states,  # type: ignore[arg-type]
            may=may,  # type: ignore[arg-type]
        )


FACTS_OUT = [FactOut(code=code, abbreviation=f.abbreviation, name=Name.of(f.name), length=f.length, need=f.need) for code, f in rules.FACTS.items()]  # type: ignore[arg-type]


def _row(c: Component) -> dict[str, Any]:
    middle = c.geometry if c.geometry.geom_type == "Point" else c.geometry.centroid
    return {
        "id": c.id,
        "code": c.code,
        "name": c.name,
        "klass": c.klass.code,
        "klass_name": Name.of(T(c.klass.name, c.klass.name_en or c.klass.name)),
        "kind": c.klass.kind,
        "state": c.state,
        "place": c.place,
        "address": c.address,
        "owner": c.owner,
        "keeper": c.keeper,
        "organisation_id": c.organisation_id,
        "lon": middle.x,
        "lat": middle.y,
        "version": c.version,
    }
