"""Processes as documents: written in a form, checked, kept as a concept, published."""

from collections.abc import Iterable
from datetime import date
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from jingwei.accounts.rules import ROLES
from jingwei.catalogue.actions.editing import mark
from jingwei.catalogue.models import Process
from jingwei.catalogue.rules.process import Finding
from jingwei.catalogue.rules.registry import ACTIONS, CLOCK_NAMES, FIELDS, GUARDS, KIND_NAMES, STYLE_NAMES
from jingwei.kit.schemas import CodedName, In, Name

Word = Annotated[str, Field(max_length=60)]
Words = Annotated[list[Word], Field(max_length=40)]
Title = Annotated[list[Annotated[str, Field(max_length=60)]], Field(min_length=2, max_length=2)]


class StateDoc(In):
    """A state: its name is [中文, English]."""

    code: Word
    name: Title
    kind: Word
    start: bool = False


class MoveDoc(In):
    """A move, as [[move]] of the TOML file. Unknown words are let in, for the check to name."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    action: Word
    name: Title | None = None
    from_: Annotated[Words, Field(alias="from")]
    to: Word
    roles: Words
    holder: bool = False
    form: Words = []
    guards: Words = []
    clock: Word
    key: Annotated[str, Field(max_length=8)]
    style: Word = "plain"


class ProcessDoc(In):
    """One version of a process. `valid_from` is the day on which new cases start in it."""

    code: Annotated[str, Field(max_length=40)]
    version: Annotated[int, Field(ge=1, le=32_000)]
    name: Title
    valid_from: date | None = None
    state: Annotated[list[StateDoc], Field(max_length=100)]
    move: Annotated[list[MoveDoc], Field(max_length=300)]

    def document(self) -> dict[str, Any]:
        """As the TOML file has it: what is usual is left out."""
        return self.model_dump(by_alias=True, exclude_defaults=True)


class FindingOut(BaseModel):
    """What forbids publishing, and the state or the move (its place in the list) that it is about."""

    message: Name
    state: str
    move: int | None
    part: str


class ConceptIn(In):
    """A concept as edited. `seen`: the tag of the concept that was looked at; empty for a new one."""

    seen: Annotated[str, Field(max_length=40)] = ""
    document: ProcessDoc


class PublishIn(In):
    """`valid_from`: the first day on which new cases start in this version."""

    seen: Annotated[str, Field(max_length=40)]
    valid_from: date


class DocumentOut(BaseModel):
    """A version of a process as its document, with what forbids publishing it."""

    document: ProcessDoc
    status: str
    valid_from: date
    valid_to: date | None
    tag: str
    findings: list[FindingOut]


class VersionOut(BaseModel):
    """A version of a process in the list; concepts among them."""

    code: str
    version: int
    name: Name
    status: str
    valid_from: date
    valid_to: date | None
    states: int
    moves: int


class ActionOut(CodedName):
    event: str


class FieldKindOut(CodedName):
    kind: str


class RegistryOut(BaseModel):
    """The closed registries that a process may name."""

    actions: list[ActionOut]
    guards: list[CodedName]
    fields: list[FieldKindOut]
    clocks: list[CodedName]
    styles: list[CodedName]
    kinds: list[CodedName]
    roles: list[CodedName]


def registry_out() -> RegistryOut:
    return RegistryOut(
        actions=[ActionOut(code=code, name=Name.of(a.name), event=a.event) for code, a in ACTIONS.items()],
        guards=[CodedName.of(code, name) for code, name in GUARDS.items()],
        fields=[FieldKindOut(code=code, name=Name.of(f.label), kind=f.kind) for code, f in FIELDS.items()],
        clocks=[CodedName.of(code, name) for code, name in CLOCK_NAMES.items()],
        styles=[CodedName.of(code, name) for code, name in STYLE_NAMES.items()],
        kinds=[CodedName.of(code, name) for code, name in KIND_NAMES.items()],
        roles=[CodedName.of(code, role.name) for code, role in ROLES.items() if role.reach != "office"],
    )


def findings_out(findings: Iterable[Finding]) -> list[FindingOut]:
    return [FindingOut(message=Name.of(f.message), state=f.state, move=f.move, part=f.part) for f in findings]


def document_out(row: Process, findings: Iterable[Finding]) -> DocumentOut:
    return DocumentOut(
        document=ProcessDoc(**row.definition, valid_from=row.valid_from),
        status=row.status,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        tag=mark(row),
        findings=findings_out(findings),
    )


def version_out(row: Process) -> VersionOut:
    zh, en = row.definition["name"]
    return VersionOut(
        code=row.code,
        version=row.version,
        name=Name(zh=zh, en=en),
        status=row.status,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        states=len(row.definition["state"]),
        moves=len(row.definition["move"]),
    )
