"""Pledges at the doors."""

from datetime import date, timedelta
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from jingwei.kit.schemas import In
from jingwei.registry.actions import PledgeFacts
from jingwei.registry.models import Pledge
from jingwei.registry.queries import PledgeFilter, PledgeRow
from jingwei.registry.rules import pledges as rules
from jingwei.registry.schemas.values import Paged, SeenVersion

PledgeKind = Literal["landlord", "fire", "safety", "frontage", "keeping", "other"]
PledgeState = Literal["coming", "in_force", "expired", "ended"]


class PledgeIn(In):
    """A pledge as it stands on paper; `last_date` is the last day on which it holds. Signed by an organisation or a resident."""

    kind: PledgeKind
    title: Annotated[str, Field(min_length=1, max_length=120)]
    number: Annotated[str, Field(max_length=40)] = ""
    signed_date: date
    first_date: date
    last_date: date
    organisation_id: UUID | None = None
    resident_id: UUID | None = None
    room_id: UUID | None = None
    component_id: UUID | None = None
    building_id: Annotated[int, Field(ge=1, le=2**63 - 1)] | None = None

    def facts(self) -> PledgeFacts:
        return PledgeFacts(**{name: getattr(self, name) for name in PledgeIn.model_fields})


class PledgeRenewIn(In):
    signed_date: date
    first_date: date
    last_date: date
    number: Annotated[str, Field(max_length=40)] = ""
    seen_version: SeenVersion


class PledgeEndIn(In):
    on: date
    reason: Annotated[str, Field(min_length=1, max_length=200)]
    seen_version: SeenVersion


class PledgeFilterIn(BaseModel):
    """`within`: in force, and running out in so many days."""

    place: Annotated[str, Field(max_length=15, pattern=r"^[0-9]*$")] = ""
    kind: PledgeKind | None = None
    state: PledgeState | None = None
    within: Annotated[int, Field(ge=0, le=3660)] | None = None
    organisation: UUID | None = None
    resident: UUID | None = None
    room: UUID | None = None
    scanned: bool | None = None

    def wanted(self) -> PledgeFilter:
        values = {name: getattr(self, name) for name in PledgeFilterIn.model_fields}
        return PledgeFilter(**(values | {"kind": self.kind or "", "state": self.state or ""}))


class PledgesIn(PledgeFilterIn, Paged):
    """A page of them."""


class PledgeRowOut(BaseModel):
    """A pledge in a list. `signer` is the organisation's name; of a person the list names nothing but the id."""

    id: UUID
    number: str
    kind: PledgeKind
    title: str
    state: PledgeState
    signer: str
    organisation_id: UUID | None
    resident_id: UUID | None
    room_id: UUID | None
    component_id: UUID | None
    building_id: int | None
    place: str
    signed_date: date
    first_date: date
    last_date: date
    days_left: int
    ended_date: date | None
    scanned: bool
    renewed: bool
    version: int

    @staticmethod
    def of(p: Pledge, signer: str, renewed: bool, today: date) -> "PledgeRowOut":
        last = p.term.upper - timedelta(days=1)
        return PledgeRowOut(
            id=p.id,
            number=p.number,
            kind=p.kind,  # type: ignore[arg-type]
            title=p.title,
            state=rules.state(p.term.lower, last, p.ended_date, today),  # type: ignore[arg-type]
            signer=signer,
            organisation_id=p.organisation_id,
            resident_id=p.resident_id,
            room_id=p.room_id,
            component_id=p.component_id,
            building_id=p.building_id,
            place=p.place,
            signed_date=p.signed_date,
            first_date=p.term.lower,
            last_date=last,
            days_left=(last - today).days,
            ended_date=p.ended_date,
            scanned=bool(p.scan_sha256),
            renewed=renewed,
            version=p.version,
        )


class PledgesOut(BaseModel):
    items: list[PledgeRowOut]
    next: str | None


class PledgeOut(PledgeRowOut):
    """A pledge's page."""

    place_name: str
    end_reason: str
    source: str
    previous_id: UUID | None
    scan_name: str
    scan_mime: str
    component_name: str
    may: list[Literal["change"]]

    @staticmethod
    def of_row(row: PledgeRow, may: list[str], today: date) -> "PledgeOut":
        p = row.pledge
        return PledgeOut(
            **PledgeRowOut.of(p, row.signer, row.renewed, today).model_dump(),
            place_name=row.place_name,
            end_reason=p.end_reason,
            source=p.source,
            previous_id=p.previous_id,
            scan_name=p.scan_name,
            scan_mime=p.scan_mime,
            component_name=row.component.name if row.component else "",
            may=may,  # type: ignore[arg-type]
        )
