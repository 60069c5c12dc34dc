"""The field dictionary and retention at the doors."""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from jingwei.accounts.rules import Actor
from jingwei.events.models import Event
from jingwei.kit.schemas import CodedName, In, Name, UnitRef
from jingwei.registry.actions import Applied, Description, erasable, may_describe, may_switch_on
from jingwei.registry.queries import Dictionary
from jingwei.registry.rules.fields import LONGEST_RETENTION, MAY_HAVE_OWN, OWN_TYPES, SHARING, THINGS, TYPES, FieldValue, missing

Thing = Literal["building", "room", "resident", "household", "residency", "organisation", "premises", "component", "pledge"]
FieldName = Annotated[str, Field(max_length=40, pattern=r"^[a-z][a-z0-9_]*$")]
Text = Annotated[str, Field(max_length=300)]


class MissingSaidOut(BaseModel):
    field: str
    message: Name


class RecordedFieldOut(BaseModel):
    """A field of the dictionary. `missing`: what has to be said before it can be on; `needed`: nothing of its kind is registered without it;
    `may`: what the caller may do with it (describe, switch_on, switch_off, erase)."""

    thing: str
    name: str
    title: Name
    type: CodedName
    choices: list[CodedName]
    personal: bool
    own: bool
    needed: bool
    owner: UnitRef | None
    purpose: str
    legal_basis: str
    retention_months: int | None
    sharing: CodedName | None
    standard: str
    is_on: bool
    version: int
    missing: list[MissingSaidOut]
    may: list[str]


class ThingFieldsOut(BaseModel):
    thing: str
    name: Name
    takes_own: bool
    fields: list[RecordedFieldOut]


class FieldsOut(BaseModel):
    """The dictionary by thing; `may_define`: whether the caller may add fields of the city's own, of these `own_types`."""

    things: list[ThingFieldsOut]
    may_define: bool
    own_types: list[CodedName]
    sharing: list[CodedName]


class DescriptionIn(In):
    """What is said of a field. `owner`: a unit's id."""

    title: Annotated[str, Field(min_length=1, max_length=60)]
    title_en: Annotated[str, Field(max_length=100)] = ""
    owner: Annotated[int, Field(ge=1, lt=2**63)] | None = None
    purpose: Text = ""
    legal_basis: Text = ""
    retention_months: Annotated[int, Field(ge=0, le=LONGEST_RETENTION)] | None = None
    sharing: Literal["", "open", "unconditional", "conditional", "closed"] = ""
    standard: Annotated[str, Field(max_length=100)] = ""

    def said(self) -> Description:
        return Description(self.title, self.title_en, self.owner, self.purpose, self.legal_basis, self.retention_months, self.sharing, self.standard)


class DescribeIn(DescriptionIn):
    seen_version: Annotated[int, Field(ge=1, lt=2**31)]


class FieldChoiceIn(In):
    code: Annotated[str, Field(min_length=1, max_length=40)]
    title: Annotated[str, Field(min_length=1, max_length=60)]
    title_en: Annotated[str, Field(max_length=100)] = ""


class NewFieldIn(DescriptionIn):
    """A field of the city's own."""

    thing: Thing
    name: FieldName
    type: Literal["text", "number", "date", "choice", "yes_no"]
    personal: bool = False
    choices: Annotated[list[FieldChoiceIn], Field(max_length=100)] = []


class FieldKey(In):
    thing: Thing
    name: FieldName


class FieldKeys(In):
    fields: Annotated[list[FieldKey], Field(min_length=1, max_length=500)]

    def keys(self) -> list[tuple[str, str]]:
        return [(one.thing, one.name) for one in self.fields]


class EraseIn(In):
    reason: Annotated[str, Field(min_length=1, max_length=300)]


class ErasedOut(BaseModel):
    rows: int


class ErasedCountOut(BaseModel):
    """How many values of a field."""

    field: str
    title: Name
    count: int


class RetentionRunOut(BaseModel):
    at: datetime
    day: date
    by: str
    counts: list[ErasedCountOut]
    total: int


class RetentionOut(BaseModel):
    """The last runs, newest first; `may_run`: whether the caller may run it now."""

    runs: list[RetentionRunOut]
    may_run: bool


def field_out(field: FieldValue, actor: Actor) -> RecordedFieldOut:
    wanted = missing(field)
    administers = bool(actor.roles & {"system_admin", "security_admin"})
    may = {
        "describe": may_describe(actor),
        "switch_on": not field.is_on and not wanted and may_switch_on(actor, field.personal) and not (field.personal and field.described_by == actor.id),
        "switch_off": field.is_on and administers,
        "erase": not field.is_on and "security_admin" in actor.roles and erasable(field),
    }
    return RecordedFieldOut(
        thing=field.thing,
        name=field.name,
        title=Name(zh=field.title.zh, en=field.title.en or field.title.zh),
        type=CodedName.of(field.type, TYPES[field.type]),
        choices=[CodedName(code=code, name=Name(zh=title.zh, en=title.en or title.zh)) for code, title in field.choices],
        personal=field.personal,
        own=field.own,
        needed=field.needed,
        owner=UnitRef(id=field.owner_id, name=field.owner) if field.owner_id else None,
        purpose=field.purpose,
        legal_basis=field.legal_basis,
        retention_months=field.retention_months,
        sharing=CodedName.of(field.sharing, SHARING[field.sharing]) if field.sharing else None,
        standard=field.standard,
        is_on=field.is_on,
        version=field.version,
        missing=[MissingSaidOut(field=part, message=Name.of(message)) for part, message in wanted.items()],
        may=[verb for verb, allowed in may.items() if allowed],
    )


def fields_out(held: Dictionary, actor: Actor) -> FieldsOut:
    return FieldsOut(
        things=[
            ThingFieldsOut(thing=thing, name=Name.of(name), takes_own=thing in MAY_HAVE_OWN, fields=[field_out(f, actor) for f in held.of(thing).values()])
            for thing, name in THINGS.items()
        ],
        may_define=may_describe(actor),
        own_types=[CodedName.of(code, TYPES[code]) for code in OWN_TYPES],
        sharing=[CodedName.of(code, name) for code, name in SHARING.items()],
    )


def counts_out(counts: dict[str, int], held: Dictionary) -> list[ErasedCountOut]:
    out = []
    for key, count in sorted(counts.items(), key=lambda one: (list(THINGS).index(one[0].split(".")[0]), one[0])):
        thing, name = key.split(".")
        field = held.of(thing).get(name)
        title = Name(zh=f"{THINGS[thing].zh}·{field.title.zh}", en=f"{THINGS[thing].en}: {field.title.en or name}") if field else Name(zh=key, en=key)
        out.append(ErasedCountOut(field=key, title=title, count=count))
    return out


def run_out(event: Event, held: Dictionary) -> RetentionRunOut:
    counts = event.data["counts"]
    return RetentionRunOut(at=event.at, day=event.data["day"], by=event.actor_name, counts=counts_out(counts, held), total=sum(counts.values()))


def applied_out(applied: Applied, held: Dictionary) -> list[ErasedCountOut]:
    return counts_out(applied.counts, held)
