"""A file arrives: what it is, which column is what. Then a person looks, changes the mapping, and lets it be checked and run."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from typing import Any, BinaryIO
from uuid import UUID, uuid4

from django.db import transaction
from procrastinate.contrib.django import app

from jingwei.accounts.rules import KEEPS_REGISTER, SYSTEM, Actor
from jingwei.events.actions import record
from jingwei.kit.codes import is_place
from jingwei.kit.errors import Forbidden, Invalid, NotFound, Refused, TooLarge, invalid
from jingwei.kit.files import plain_name
from jingwei.kit.sheets import Sheet, look, rows
from jingwei.kit.sheets.values import MOST_BYTES
from jingwei.kit.text import T
from jingwei.registry.actions.imports import files
from jingwei.registry.actions.keeping import check_seen
from jingwei.registry.models import Import, KeptMapping
from jingwei.registry.queries import fields_on, require_on
from jingwei.registry.rules.imports.dictionary import fields_of
from jingwei.registry.rules.imports.kinds import KINDS, lacking
from jingwei.registry.rules.imports.mapping import Guess, always_faults, check, headers_key, suggest
from jingwei.registry.rules.imports.shapes import system

SAMPLE = 20
WORK = "jingwei.registry.tasks.work_import"


@dataclass(frozen=True)
class Looked:
    """An import, what its file is, its first lines, and a guess for each column."""

    job: Import
    sheet: Sheet
    lines: list[tuple[int, list[str]]]
    guesses: list[Guess]


def area_for(actor: Actor, area: str) -> str:
    """The area within which an import may write: the one that is said, else the only one where the actor keeps the register."""
    if actor is SYSTEM:
        return area
    areas = actor.areas_of_any(KEEPS_REGISTER)
    if not areas:
        raise Forbidden(T("导入由登记人员办理", "imports are for those who keep the register"))
    if not area and len(areas) == 1:
        return areas[0]
    if not is_place(area):
        raise invalid("area", "请选择本人负责的区域", "choose an area where you keep the register")
    if not area.startswith(areas):
        raise Forbidden(T("只能导入本人负责的区域", "imports are for those who keep the register of the area"))
    return area


def begin_import(*, actor: Actor, at: datetime, kind: str, name: str, stream: BinaryIO, area: str = "", options: Mapping[str, Any] | None = None) -> Looked:
    """Keep a file and look at it; nothing of it is in the register yet. Raises Invalid for what is no table that can be read, TooLarge over 2 GB."""
    if kind not in KINDS:
        raise invalid("kind", f"没有“{kind}”这种导入", f"there is no import of {kind!r}")
    area = area_for(actor, area)
    import_id = uuid4()
    try:
        sha256, size = _keep(stream, import_id)
        job = Import(id=import_id, kind=kind, name=plain_name(name), sha256=sha256, size=size, area=area, started_by_id=actor.id, created_at=at)
        looked = _look(job, dict(options or {}))
        job.mapping, job.options = {"targets": [g.target for g in looked.guesses]}, _kept(dict(options or {}), looked.sheet)
        job.save(force_insert=True)
    except BaseException:
        files.clear(import_id, whole=True)
        raise
    return looked


def _keep(stream: BinaryIO, import_id: UUID) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    with files.upload(import_id).open("wb") as out:
        while block := stream.read(1 << 20):
            size += len(block)
            if size > MOST_BYTES:
                raise TooLarge(T("文件超过 2 GB，请分成几个文件", "the file is larger than 2 GB: divide it into several"))
            digest.update(block)
            out.write(block)
    return digest.hexdigest(), size


def sheet_of(job: Import, options: Mapping[str, Any] | None = None) -> Sheet:
    said = job.options if options is None else options
    path = files.upload(job.id)
    if not path.exists():
        raise Refused(T("文件已按期限清除，请重新上传", "the file was taken away after its term: upload it again"), code="import_cleared")
    return look(path, part=said.get("part", ""), encoding=said.get("encoding", ""), delimiter=said.get("delimiter", ""))


def _kept(options: dict[str, Any], sheet: Sheet) -> dict[str, Any]:
    """The options as they are kept: with the coordinate system that the file declares, where nobody says otherwise."""
    if options.get("crs"):
        options["crs"] = system(options["crs"])
    elif sheet.crs:
        options["crs"] = sheet.crs
    return options | {"columns": list(sheet.columns)}


def _look(job: Import, options: Mapping[str, Any], *, anew: bool = True) -> Looked:
    sheet = sheet_of(job, options)
    first = [(line.number, [cell if isinstance(cell, str) else cell.zh for cell in line.cells]) for line in islice(rows(sheet), SAMPLE)]
    kept = KeptMapping.objects.filter(kind=job.kind, headers=headers_key(sheet.columns)).values_list("mapping", flat=True).first() if anew else None
    guesses = suggest(KINDS[job.kind], sheet.columns, [cells for _, cells in first], kept)
    if not anew:
        targets = job.mapping.get("targets", [])
        guesses = [
            g if g.forbidden or n >= len(targets) or g.target == targets[n] else Guess(g.column, targets[n], "kept" if targets[n] else "")
            for n, g in enumerate(guesses)
        ]
    off = [g.column for g in guesses if g.target and any(names - fields_on(thing) for thing, names in fields_of(job.kind, [g.target]).items())]
    if off:
        names = "、".join(off)
        note = T(f"数据项字典中未启用，不会写入：{names}", f"off in the field dictionary, and not written: {names}")
        sheet = replace(sheet, notes=(*sheet.notes, note))
    return Looked(job, sheet, first, guesses)


def look_at_import(*, actor: Actor, import_id: UUID) -> Looked:
    """The file of an import with its first lines and the mapping as it stands. NotFound; Refused once the file was taken away."""
    job: Import | None = Import.objects.visible_to(actor).filter(pk=import_id).first()
    if job is None:
        raise NotFound()
    return _look(job, job.options, anew=False)


def _locked(actor: Actor, import_id: UUID, seen_version: int | None, *statuses: str) -> Import:
    job = Import.objects.visible_to(actor).select_for_update(of=("self",)).filter(pk=import_id).first()
    if job is None:
        raise NotFound()
    area_for(actor, job.area)
    check_seen(job, seen_version, status=job.status)
    if job.status not in statuses:
        raise Refused(T("导入已到下一步，不能再这样做", "the import has gone on, and this can't be done any more"), code="import_moved_on")
    return job


@transaction.atomic
def map_import(
    *, actor: Actor, at: datetime, import_id: UUID, targets: Sequence[str] | None, options: Mapping[str, Any], seen_version: int | None = None
) -> Looked:
    """Say what each column is, and how the file is to be read (crs, part, encoding, delimiter, source, moving; `always`: {target: what is meant where
    a row doesn't say it}). Where it is read otherwise, the mapping is suggested anew."""
    job = _locked(actor, import_id, seen_version, "draft", "checked", "failed")
    if job.status == "failed" and job.blocks.exists():
        raise Refused(T("导入已开始写入，不能再改对应关系", "the import has begun to write: the mapping stands"), code="import_moved_on")
    said = {**job.options, **{k: v for k, v in options.items() if v is not None}}
    reread = any(said.get(k) != job.options.get(k) for k in ("part", "encoding", "delimiter"))
    sheet = sheet_of(job, said)
    if faults := always_faults(KINDS[job.kind], said.get("always", {})):
        raise Invalid(errors=faults)
    job.options = _kept(said, sheet)
    if targets is not None and not reread:
        job.mapping = {"targets": check(KINDS[job.kind], sheet.columns, targets, said.get("always"))}
    job.status, job.version, job.counts, job.trouble = "draft", job.version + 1, {}, ""
    looked = _look(job, job.options, anew=reread)
    if reread:
        job.mapping = {"targets": [g.target for g in looked.guesses]}
    files.lines(job.id).unlink(missing_ok=True)
    job.save()
    return looked


def _settle(job: Import, sheet: Sheet) -> list[str]:
    """The targets as they stand. The job gets them without those whose field is off in the dictionary: these are not written. Refused where nothing
    of the kind can be without one."""
    kind, always = KINDS[job.kind], job.options.get("always", {})
    targets = check(kind, sheet.columns, job.mapping["targets"], always)
    off = [t for t in (*targets, *always) if t and any(names - fields_on(thing) for thing, names in fields_of(job.kind, [t]).items())]
    left = ["" if target in off else target for target in targets]
    always = {target: value for target, value in always.items() if target not in off}
    if lacking(kind, {*left, *always}):
        for thing, names in fields_of(job.kind, off).items():
            require_on(thing, names)
    job.mapping = {"targets": left}
    job.options = {**job.options, "always": always}
    return targets


@transaction.atomic
def start_check(*, actor: Actor, at: datetime, import_id: UUID, seen_version: int | None = None, defer: bool = True) -> Import:
    """Let it be found out what would change. Raises Invalid where the mapping lacks something."""
    job = _locked(actor, import_id, seen_version, "draft", "checked", "failed")
    if job.status == "failed" and job.blocks.exists():
        raise Refused(T("导入已开始写入，请继续或撤销", "the import has begun to write: go on with it, or undo it"), code="import_moved_on")
    _settle(job, sheet_of(job))
    return _set(job, defer, status="checking", lines_done=0, counts={}, trouble="", started_at=at)


@transaction.atomic
def start_import(*, actor: Actor, at: datetime, import_id: UUID, seen_version: int | None = None, defer: bool = True) -> Import:
    """Let it run, or go on after it failed. The mapping is kept for the next file with these columns."""
    job = _locked(actor, import_id, seen_version, "draft", "checked", "failed")
    sheet = sheet_of(job)
    targets = _settle(job, sheet)
    if KINDS[job.kind].placed and not job.options.get("crs") and not sheet.crs and sheet.format == "shapefile":
        raise invalid("crs", "请选择坐标系", "choose the coordinate system")
    mapping = {column: target for column, target in zip(sheet.columns, targets, strict=True) if target}
    KeptMapping.objects.update_or_create(kind=job.kind, headers=headers_key(sheet.columns), defaults={"mapping": mapping, "used_at": at})
    if not job.blocks.exists():
        dropped = [str(g.column) for g in suggest(KINDS[job.kind], sheet.columns, []) if g.forbidden]
        dropped += [column for column, target, kept in zip(sheet.columns, targets, job.mapping["targets"], strict=True) if target and not kept]
        data = {"kind": job.kind, "file": job.name, "sha256": job.sha256, "dropped": dropped}
        record("import.started", actor=actor, at=at, subject_type="import", subject_id=job.id, place=job.area, data=data)
        job.started_at = at
    return _set(job, defer, status="running", trouble="", ended_at=None)


@transaction.atomic
def start_undo(*, actor: Actor, at: datetime, import_id: UUID, seen_version: int | None = None, defer: bool = True) -> Import:
    """Take the whole import back."""
    job = _locked(actor, import_id, seen_version, "done", "failed")
    if job.status == "failed" and not job.blocks.exists():
        raise Refused(T("这次导入没有写入内容", "the import has written nothing"), code="import_moved_on")
    return _set(job, defer, status="undoing", trouble="", undone_at=at)


def _set(job: Import, defer: bool, **values: Any) -> Import:
    for name, value in values.items():
        setattr(job, name, value)
    job.version += 1
    job.save()
    if defer:
        app.configure_task(WORK).defer(import_id=str(job.id))
    return job


@transaction.atomic
def drop_import(*, actor: Actor, at: datetime, import_id: UUID) -> None:
    """A file that was never run is thrown away."""
    job = _locked(actor, import_id, None, "draft", "checked", "failed")
    if job.blocks.exists():
        raise Refused(T("导入已写入内容，请撤销", "the import has written: undo it"), code="import_moved_on")
    job.delete()
    transaction.on_commit(lambda: files.clear(import_id, whole=True))
