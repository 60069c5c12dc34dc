"""Organisations and their premises at the doors."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from jingwei.kit.crypto import mask_name, mask_phone
from jingwei.kit.schemas import In
from jingwei.registry.actions import OrganisationFacts, PremisesFacts, contact_of
from jingwei.registry.models import Organisation, Premises, Room
from jingwei.registry.queries import OrganisationFilter, OrganisationPage
from jingwei.registry.schemas.components import ComponentRowOut
from jingwei.registry.schemas.pledges import PledgeRowOut
from jingwei.registry.schemas.values import CreditCode, Paged, SeenVersion, SpotIn

OrganisationKind = Literal["enterprise", "individual", "institution", "government", "social", "village", "other"]
Status = Literal["active", "suspended", "closed", "moved"]
Use = Literal["", "office", "shop", "workshop", "storage", "school", "clinic", "other"]


class PremisesIn(In):
    """Where an organisation does business: a room, a building, or a point with an address."""

    from_date: date
    building_id: Annotated[int, Field(ge=1, le=2**63 - 1)] | None = None
    room_id: UUID | None = None
    address: Annotated[str, Field(max_length=200)] = ""
    position: SpotIn | None = None
    use: Use = ""

    def facts(self) -> PremisesFacts:
        spot = self.position.spot() if self.position else None
        return PremisesFacts(self.from_date, self.building_id, self.room_id, self.address, spot, self.use)


class OrganisationFactsIn(In):
    """What is written of an organisation. `contact` and `phone` are sealed; left out they stay as they are, empty they go."""

    name: Annotated[str, Field(min_length=1, max_length=120)]
    uscc: CreditCode = ""
    kind: OrganisationKind = "enterprise"
    status: Status = "active"
    industry: Annotated[str, Field(max_length=5)] = ""
    contact: Annotated[str, Field(max_length=60)] | None = None
    phone: Annotated[str, Field(max_length=40)] | None = None

    def facts(self) -> OrganisationFacts:
        return OrganisationFacts(**{name: getattr(self, name) for name in OrganisationFactsIn.model_fields})


class OrganisationIn(OrganisationFactsIn):
    """An organisation to register, where its first `premises` are; without them in a `place`."""

    place: Annotated[str, Field(max_length=15)] = ""
    premises: PremisesIn | None = None


class OrganisationChangeIn(OrganisationFactsIn):
    seen_version: SeenVersion


class OrganisationCloseIn(In):
    on: date
    seen_version: SeenVersion


class PremisesCloseIn(In):
    """`until`: the first day on which they are gone."""

    until: date
    seen_version: SeenVersion


class ContactReasonIn(In):
    reason: Annotated[str, Field(min_length=1, max_length=200)]


class OrganisationFilterIn(BaseModel):
    place: Annotated[str, Field(max_length=15, pattern=r"^[0-9]*$")] = ""
    kind: OrganisationKind | None = None
    status: Status | None = None
    industry: Annotated[str, Field(max_length=5)] = ""
    q: Annotated[str, Field(max_length=100)] = ""
    building: Annotated[int, Field(ge=1, le=2**63 - 1)] | None = None

    def wanted(self) -> OrganisationFilter:
        return OrganisationFilter(self.place, self.kind or "", self.status or "", self.industry.upper(), self.q, self.building)


class OrganisationsIn(OrganisationFilterIn, Paged):
    """A page of them."""


class OrganisationRowOut(BaseModel):
    """An organisation in a list: nothing of it is personal."""

    id: UUID
    name: str
    uscc: str
    kind: OrganisationKind
    status: Status
    industry: str
    place: str
    source: str
    ended_date: date | None
    version: int

    @staticmethod
    def of(organisation: Organisation) -> "OrganisationRowOut":
        return OrganisationRowOut(**{name: getattr(organisation, name) for name in OrganisationRowOut.model_fields})


class OrganisationsOut(BaseModel):
    items: list[OrganisationRowOut]
    next: str | None


class PremisesOut(BaseModel):
    """Premises: `until` is the first day on which they are gone. `room` is named where the caller sees it."""

    id: UUID
    building_id: int | None
    building: str
    room_id: UUID | None
    room: str
    address: str
    use: Use
    from_date: date
    until: date | None
    lon: float | None
    lat: float | None
    version: int

    @staticmethod
    def of(p: Premises, room: Room | None) -> "PremisesOut":
        b = p.building
        return PremisesOut(
            id=p.id,
            building_id=p.building_id,
            building=(b.name or f"{b.street}{b.number}") if b else "",
            room_id=p.room_id,
            room=f"{room.unit}{room.number}" if room else "",
            address=p.address,
            use=p.use,  # type: ignore[arg-type]
            from_date=p.period.lower,
            until=p.period.upper,
            lon=p.point.x if p.point else None,
            lat=p.point.y if p.point else None,
            version=p.version,
        )


class ContactOut(BaseModel):
    """Who to call."""

    name: str
    phone: str


class OrganisationOut(OrganisationRowOut):
    """An organisation's page. `contact` is masked, and null where the caller does not read people."""

    place_name: str
    contact: ContactOut | None
    premises: list[PremisesOut]
    components: list[ComponentRowOut]
    pledges: list[PledgeRowOut]
    may: list[Literal["change", "unmask", "register_component"]]

    @staticmethod
    def of_page(page: OrganisationPage, may: list[str], today: date) -> "OrganisationOut":
        o = page.organisation
        name, phone = contact_of(o) if page.people else ("", "")
        return OrganisationOut(
            **OrganisationRowOut.of(o).model_dump(),
            place_name=page.place_name,
            contact=ContactOut(name=mask_name(name), phone=mask_phone(phone) if phone else "") if page.people else None,
            premises=[PremisesOut.of(p, page.rooms.get(p.room_id)) if p.room_id else PremisesOut.of(p, None) for p in page.premises],
            components=[ComponentRowOut.of(c) for c in page.components],
            pledges=[PledgeRowOut.of(p, o.name, False, today) for p in page.pledges],
            may=may,  # type: ignore[arg-type]
        )
