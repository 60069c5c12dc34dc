"""What the case doors take. A body may have no field that isn't known: a typing error is not lost in silence."""

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field, StrictBool

from jingwei.cases.actions import Named, NewCase
from jingwei.cases.rules.likeness import READ
from jingwei.kit.coords import Crs
from jingwei.kit.schemas import In

Number = Annotated[float, Field(strict=True, allow_inf_nan=False)]


class PositionIn(In):
    """A point and the coordinate system in which it is declared; degrees."""

    crs: Crs
    x: Number
    y: Number


class ReporterIn(In):
    name: Annotated[str, Field(max_length=60)] = ""
    phone: Annotated[str, Field(max_length=30, pattern=r"^[0-9+ ()-]*$")] = ""


class NamedIn(In):
    """A thing of the register as a reporter names it: a component's code, or the number on a plate."""

    kind: Literal["component", "plate"]
    code: Annotated[str, Field(min_length=1, max_length=20, pattern=r"^[0-9A-Za-z-]+$")]


class TieIn(In):
    """A thing of the register by its id (a building's is a number)."""

    thing: Literal["room", "building", "component", "organisation", "resident"]
    id: Annotated[str, Field(min_length=1, max_length=40)]


class CaseIn(In):
    """A report. `place` (a code's significant digits) where no point is known. `things`: what it is about."""

    process: Annotated[str, Field(max_length=40)] = "standard"
    matter: Annotated[str, Field(max_length=20)]
    source: Annotated[str, Field(max_length=20)]
    text: Annotated[str, Field(min_length=1, max_length=5000)]
    address: Annotated[str, Field(max_length=200)] = ""
    position: PositionIn | None = None
    place: Annotated[str, Field(max_length=15)] = ""
    urgent: StrictBool = False
    reporter: ReporterIn | None = None
    files: Annotated[list[UUID], Field(max_length=20)] = []
    outer_number: Annotated[str, Field(max_length=60)] = ""
    things: Annotated[list[NamedIn], Field(max_length=10)] = []

    def new_case(self, command: str | None) -> NewCase:
        at, who = self.position, self.reporter
        return NewCase(
            process=self.process,
            matter=self.matter,
            source=self.source,
            text=self.text,
            address=self.address,
            crs=at.crs if at else "",
            x=at.x if at else None,
            y=at.y if at else None,
            place=self.place,
            urgent=self.urgent,
            reporter_name=who.name if who else "",
            reporter_phone=who.phone if who else "",
            files=tuple(dict.fromkeys(self.files)),
            outer_number=self.outer_number,
            things=tuple(dict.fromkeys(Named(t.kind, t.code) for t in self.things)),
            command=command,
        )


class MoveIn(In):
    """A move's form and the version of the case that the mover saw."""

    seen_version: Annotated[int, Field(strict=True, ge=1, le=2**31 - 1)]
    form: dict[Annotated[str, Field(max_length=40)], Any] = {}


class NearIn(In):
    """A point (WGS-84 degrees) and what is known so far of what happens there."""

    lon: Annotated[float, Field(ge=-180, le=180, strict=True, allow_inf_nan=False)]
    lat: Annotated[float, Field(ge=-90, le=90, strict=True, allow_inf_nan=False)]
    metres: Annotated[float, Field(gt=0, le=5000, allow_inf_nan=False)] = 200
    matter: Annotated[str, Field(max_length=40)] = ""
    text: Annotated[str, Field(max_length=READ)] = ""
    address: Annotated[str, Field(max_length=200)] = ""


class ReasonIn(In):
    """Why personal data is looked at."""

    reason: Annotated[str, Field(min_length=1, max_length=200)]


class LocateIn(In):
    """Where a case really is, and the version of the case that was seen."""

    seen_version: Annotated[int, Field(strict=True, ge=1, le=2**31 - 1)]
    position: PositionIn
    address: Annotated[str, Field(max_length=200)] = ""
