"""Imports at the doors."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from jingwei.accounts.rules import Actor
from jingwei.kit.coords import Crs
from jingwei.kit.schemas import CodedName, In, Name
from jingwei.registry.actions.imports import Looked
from jingwei.registry.models import Import
from jingwei.registry.rules.imports.kinds import KINDS, Kind

ImportKind = Literal["addresses", "buildings", "rooms", "residents", "organisations", "components", "pledges"]
Area = Annotated[str, Field(max_length=15, pattern=r"^[0-9]*$")]


class ImportColumnOut(BaseModel):
    """What a column may be. `needed`: groups of which one has to be mapped; `values`: what a choice may be."""

    code: str
    title: Name
    personal: bool
    many: bool
    values: list[str]


class ImportKindOut(BaseModel):
    code: str
    title: Name
    personal: bool
    placed: bool
    columns: list[ImportColumnOut]
    needs: list[list[str]]


class ImportCountsOut(BaseModel):
    """read = added + changed + unchanged + refused."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: int = 0


class ImportReasonOut(BaseModel):
    """Why rows were refused: how many, and the first line."""

    reason: Name
    count: int
    line: int


class ImportExampleOut(BaseModel):
    line: int
    text: str


class ImportResultOut(BaseModel):
    counts: ImportCountsOut
    made: dict[str, int]
    reasons: list[ImportReasonOut]
    added: list[ImportExampleOut]
    changed: list[ImportExampleOut]


class ImportUndoneOut(BaseModel):
    removed: int
    restored: int
    kept: int


class ImportOut(BaseModel):
    """A file on its way into the register. `lines_done` of `lines` is how far it is; `check` what a dry run found, `run` what came of it; `may`: what the
    caller may do now (map, check, run, undo, drop, rejects, kept)."""

    id: UUID
    kind: CodedName
    name: str
    size: int
    area: str
    status: Literal["draft", "checking", "checked", "running", "done", "failed", "undoing", "undone"]
    lines: int | None
    lines_done: int
    trouble: str
    started_by: str
    created_at: datetime
    ended_at: datetime | None
    undone_at: datetime | None
    version: int
    check: ImportResultOut | None
    run: ImportResultOut | None
    undone: ImportUndoneOut | None
    may: list[str]


class ImportGuessOut(BaseModel):
    """A column of the file: what it is taken for, and why so; `forbidden`: what it would record that is never recorded."""

    column: str
    target: str
    why: Literal["kept", "name", "like", "values", "forbidden", ""]
    forbidden: Name | None


class ImportLineOut(BaseModel):
    number: int
    cells: list[str]


class ImportLookedOut(BaseModel):
    """The file as it is read: format, encoding, the worksheets or layers there are, its first lines, and what each column is; `always`: what is meant
    where a row doesn't say it, by target."""

    job: ImportOut
    format: str
    encoding: str
    delimiter: str
    part: str
    parts: list[str]
    crs: str
    crs_declared: str
    source: str
    moving: str
    always: dict[str, str]
    notes: list[Name]
    columns: list[ImportGuessOut]
    first: list[ImportLineOut]


class ImportMappingIn(In):
    """What each column is ("" nothing), in order; and how the file is read. What is left out stays."""

    targets: Annotated[list[Annotated[str, Field(max_length=20)]], Field(max_length=500)] | None = None
    part: Annotated[str, Field(max_length=100)] | None = None
    encoding: Annotated[str, Field(max_length=20)] | None = None
    delimiter: Annotated[str, Field(max_length=1)] | None = None
    crs: Crs | None = None
    source: Annotated[str, Field(max_length=40)] | None = None
    moving: Literal["refuse", "move"] | None = None
    always: Annotated[dict[Annotated[str, Field(max_length=20)], Annotated[str, Field(max_length=200)]], Field(max_length=30)] | None = None
    seen_version: int | None = None

    def options(self) -> dict[str, Any]:
        return self.model_dump(exclude={"targets", "seen_version"})


class ImportSeenIn(In):
    seen_version: int | None = None


def kind_out(kind: Kind) -> ImportKindOut:
    columns = [
        ImportColumnOut(code=c.code, title=Name.of(c.title), personal=c.personal, many=c.many, values=list(dict.fromkeys(c.words.values())))
        for c in kind.columns.values()
    ]
    return ImportKindOut(
        code=kind.code, title=Name.of(kind.title), personal=kind.personal, placed=kind.placed, columns=columns, needs=[list(group) for group in kind.needs]
    )


def _result(kept: dict[str, Any] | None) -> ImportResultOut | None:
    if not kept:
        return None
    reasons = [ImportReasonOut(reason=Name(zh=r["zh"], en=r["en"]), count=r["count"], line=r["line"]) for r in kept["reasons"]]
    shown = {what: [ImportExampleOut(**e) for e in kept["examples"].get(what, [])] for what in ("added", "changed")}
    return ImportResultOut(counts=ImportCountsOut(**kept["counts"]), made=kept["made"], reasons=reasons, **shown)


_MAY: dict[str, tuple[str, ...]] = {
    "draft": ("map", "check", "run", "drop"),
    "checked": ("map", "check", "run", "drop", "rejects"),
    "done": ("undo", "rejects"),
    "undone": ("rejects", "kept"),
}


def import_out(row: Import, actor: Actor) -> ImportOut:
    may = _MAY.get(row.status, ())
    if row.status == "failed":
        may = ("run", "undo", "rejects") if row.lines_done else ("map", "check", "run", "drop")
    keeper = any(row.area.startswith(area) for area in actor.areas_of("registrar")) or row.started_by_id == actor.id
    undone = row.counts.get("undo")
    return ImportOut(
        id=row.id,
        kind=CodedName.of(row.kind, KINDS[row.kind].title),
        name=row.name,
        size=row.size,
        area=row.area,
        status=row.status,  # type: ignore[arg-type]
        lines=row.lines,
        lines_done=row.lines_done,
        trouble=row.trouble,
        started_by=row.started_by.name if row.started_by else "",
        created_at=row.created_at,
        ended_at=row.ended_at,
        undone_at=row.undone_at if row.status == "undone" else None,
        version=row.version,
        check=_result(row.counts.get("check")),
        run=_result(row.counts.get("run")),
        undone=ImportUndoneOut(**undone) if undone else None,
        may=[what for what in may if keeper or what not in ("rejects", "kept")],
    )


def looked_out(looked: Looked, actor: Actor) -> ImportLookedOut:
    sheet, options = looked.sheet, looked.job.options
    return ImportLookedOut(
        job=import_out(looked.job, actor),
        format=sheet.format,
        encoding=sheet.encoding,
        delimiter=sheet.delimiter,
        part=sheet.part,
        parts=list(sheet.parts),
        crs=options.get("crs", ""),
        crs_declared=sheet.crs,
        source=options.get("source", ""),
        moving=options.get("moving", "refuse"),
        always=options.get("always", {}),
        notes=[Name.of(note) for note in sheet.notes],
        columns=[ImportGuessOut(column=g.column, target=g.target, why=g.why, forbidden=Name.of(g.forbidden) if g.forbidden else None) for g in looked.guesses],
        first=[ImportLineOut(number=number, cells=cells) for number, cells in looked.lines],
    )
