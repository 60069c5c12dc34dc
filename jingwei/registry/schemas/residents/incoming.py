"""What the doors of residents take."""

from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field

from jingwei.kit.schemas import In
from jingwei.registry.actions import HouseholdWanted, Newcomer
from jingwei.registry.rules.residents import FACTS

Day = Annotated[date, Field(ge=date(1850, 1, 1))]
Text = Annotated[str, Field(max_length=100)]
Version = Annotated[int, Field(strict=True, ge=1, le=2**31 - 1)]
Kind = Literal["permanent", "temporary"]


class NewcomerIn(In):
    """Somebody who moves in: known (`resident_id`), or described."""

    resident_id: UUID | None = None
    seen_version: Version | None = None
    name: Text = ""
    identity_kind: Text = ""
    identity_number: Text = ""
    phone: Text = ""
    sex: Text = ""
    born: Text = ""
    home_place: Text = ""
    more: Annotated[dict[Annotated[str, Field(max_length=40)], Any], Field(max_length=60)] = {}
    relation: Text = ""
    tenure: Text = ""
    claim: bool = False

    def newcomer(self) -> Newcomer:
        facts = {name: getattr(self, name) for name in FACTS if getattr(self, name)}
        return Newcomer(facts, self.more, self.resident_id, self.seen_version, self.relation, self.tenure, self.claim)


class HouseholdIn(In):
    """A household that stands (`id`), or a new one."""

    id: UUID | None = None
    kind: Literal["family", "collective"] = "family"
    number: Annotated[str, Field(max_length=40)] = ""

    def wanted(self) -> HouseholdWanted:
        return HouseholdWanted(self.id, self.kind, self.number)


class MoveInIn(In):
    people: Annotated[list[NewcomerIn], Field(min_length=1, max_length=30)]
    from_date: Day
    kind: Kind = "permanent"
    household: HouseholdIn | None = None


class SeenIn(In):
    id: UUID
    seen_version: Version


class MoveOutIn(In):
    residents: Annotated[list[SeenIn], Field(min_length=1, max_length=30)]
    on: Day


class ResidentsMoveIn(MoveOutIn):
    """Out of `from_room` and into `room_id` on one day. Without `household` the old one goes with them."""

    from_room: UUID
    room_id: UUID
    kind: Kind = "permanent"
    household: HouseholdIn | None = None


class ResidentChangeIn(In):
    """What turned out otherwise; what is not named stays, "" empties."""

    seen_version: Version
    name: Text | None = None
    identity_kind: Text | None = None
    identity_number: Text | None = None
    phone: Text | None = None
    sex: Text | None = None
    born: Text | None = None
    home_place: Text | None = None
    more: Annotated[dict[Annotated[str, Field(max_length=40)], Any], Field(max_length=60)] | None = None

    def facts(self) -> dict[str, str]:
        return {name: value for name in FACTS if (value := getattr(self, name)) is not None}


class EndIn(In):
    seen_version: Version
    reason: Literal["died", "left", "mistake"]
    on: Day


class CorrectIn(In):
    seen_version: Version
    from_date: Day | None = None
    to_date: Day | None = None
    kind: Kind | None = None
    relation: Text | None = None
    tenure: Text | None = None
    mistaken: bool = False


class RelationIn(In):
    """How a member stands to the household's head: a code of GB/T 4761."""

    id: UUID
    relation: Annotated[str, Field(max_length=20)] = ""


class RelationsIn(In):
    relations: Annotated[list[RelationIn], Field(max_length=30)] = []

    def standing(self) -> dict[UUID, str]:
        return {one.id: one.relation for one in self.relations}


class SplitIn(RelationsIn):
    seen_version: Version
    residents: Annotated[list[UUID], Field(min_length=1, max_length=30)]
    head: UUID
    kind: Literal["family", "collective"] = "family"
    number: Annotated[str, Field(max_length=40)] = ""


class HouseholdChangeIn(RelationsIn):
    """What changes; what is not named stays. `relations` come with another head."""

    seen_version: Version
    head: UUID | None = None
    number: Annotated[str, Field(max_length=40)] | None = None
    kind: Literal["family", "collective"] | None = None


class MergeIn(In):
    """`other` is the same person as the resident of the address."""

    seen_version: Version
    other: UUID
    other_version: Version


class ApartIn(In):
    """`other` only looks like the resident of the address."""

    other: UUID


class UnmergeIn(In):
    seen_version: Version


class ResidentsSearchIn(In):
    """A whole identity or telephone number, or a part of a name."""

    text: Annotated[str, Field(min_length=1, max_length=60)]
    place: Annotated[str, Field(max_length=15, pattern=r"^[0-9]*$")] = ""


class HomesSearchIn(In):
    """Letters of a division's name, or the beginning of its code."""

    text: Annotated[str, Field(min_length=1, max_length=40)]


class UnmaskIn(In):
    fields: Annotated[list[Literal["identity", "phone"]], Field(min_length=1, max_length=2)]
    purpose: Annotated[str, Field(max_length=20)]
    reason: Annotated[str, Field(max_length=200)]


class LinkIn(In):
    days: Annotated[int, Field(strict=True, ge=1, le=30)] = 7


class TicketIn(In):
    ticket: Annotated[str, Field(min_length=1, max_length=400)]
