"""Coding rules as the doors take and answer them."""

from datetime import date
from typing import Annotated, Any, Literal, Self

from annotated_types import Len
from ninja import Schema
from pydantic import AfterValidator, Field

from jingwei.kit.schemas import In, Name
from jingwei.registry.models import CodingRule
from jingwei.registry.rules import rooms as rules
from jingwei.registry.schemas.rooms import plain_text


class PartIn(In):
    """A part of a code: `digits` where it has a width, `text` where it is fixed."""

    part: Literal["place", "building", "sequence", "floor", "unit", "number", "fixed"]
    digits: Annotated[int, Field(ge=1, le=15)] | None = None
    text: Annotated[str, Field(min_length=1, max_length=10)] | None = None

    def plain(self) -> dict[str, Any]:
        return self.model_dump(exclude_none=True)


class CodingPartsIn(In):
    kind: Literal["building", "room"]
    parts: Annotated[list[PartIn], Len(1, 12)]

    def plain(self) -> list[dict[str, Any]]:
        return [part.plain() for part in self.parts]


class CodingRuleIn(CodingPartsIn):
    name: Annotated[str, Field(min_length=1, max_length=60), AfterValidator(plain_text)]
    standard: Annotated[str, Field(max_length=100), AfterValidator(plain_text)] = ""
    valid_from: date


class ExampleOut(Schema):
    example: str


class PartOut(Schema):
    part: str
    digits: int | None = None
    text: str | None = None


class CodingRuleOut(Schema):
    """`example` is a code as this rule makes it; a room's begins with a building's of today."""

    kind: str
    name: str
    standard: str
    parts: list[PartOut]
    valid_from: date
    valid_to: date | None
    example: str

    @classmethod
    def of(cls, rule: CodingRule, building: str = "") -> Self:
        return cls(
            kind=rule.kind, name=rule.name, standard=rule.standard, parts=[PartOut(**part) for part in rule.parts],
            valid_from=rule.valid_from, valid_to=rule.valid_to, example=rules.example(rule.kind, rule.parts, building),
        )  # fmt: skip


class ShippedOut(Schema):
    """A set of rules that comes with the program. `standing`: it holds where the city has chosen none."""

    key: str
    name: Name
    standard: str
    building: list[PartOut]
    room: list[PartOut]
    examples: list[str]
    standing: bool

    @classmethod
    def of(cls, each: rules.RuleSet) -> Self:
        first = rules.example("building", each.building)
        return cls(
            key=each.key, name=Name.of(each.name), standard=each.standard, building=[PartOut(**p) for p in each.building],
            room=[PartOut(**p) for p in each.room],
            examples=[first, rules.example("room", each.room, first)], standing=each is rules.DEFAULT,
        )  # fmt: skip


class CodingRulesOut(Schema):
    rules: list[CodingRuleOut]
    shipped: list[ShippedOut]
