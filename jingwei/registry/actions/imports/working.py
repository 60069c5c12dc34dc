"""An import is checked, run or undone, block by block. Whoever works on it holds its lock; if they are killed, the lock is free, and what is not done yet is
done by the next."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import transaction

import jingwei
from jingwei.accounts.queries import actor_of_person
from jingwei.accounts.rules import SYSTEM, Actor
from jingwei.events.actions import record
from jingwei.kit import db
from jingwei.kit.errors import Problem
from jingwei.kit.sheets import Staged, rows, stage
from jingwei.registry.actions.imports import files
from jingwei.registry.actions.imports.beginning import sheet_of
from jingwei.registry.actions.imports.blocks import SIZE, apply_block, apply_lines, write_refused
from jingwei.registry.actions.imports.job import WHAT, Job, Outcome
from jingwei.registry.actions.imports.undoing import undo
from jingwei.registry.actions.imports.writing.components import classes_meant
from jingwei.registry.models import Import, ImportBlock
from jingwei.registry.rules.imports.kinds import KINDS
from jingwei.registry.rules.imports.repeats import repeats
from jingwei.registry.rules.imports.rows import Plan

DRAFTS_KEPT, REJECTS_KEPT = timedelta(days=7), timedelta(days=30)
TOLD = 1.0  # seconds between two words on how far it is


def work_import(*, import_id: UUID, at: datetime, processes: int = 1) -> str:
    """Do what is to be done with an import, to its end. Answers its status; "" where somebody else works on it. A problem of the file, or of the program,
    is written down, and what was written stays: it can go on, or be undone."""
    with _alone(import_id) as mine:
        if not mine:
            return ""
        row = Import.objects.get(pk=import_id)
        try:
            if row.status == "checking":
                _check(row)
            elif row.status == "running":
                _run(row, at, processes)
            elif row.status == "undoing":
                _undo(row, at)
        except Problem as problem:
            _fail(row, problem.message.zh)
        except Exception as error:
            _fail(row, f"{type(error).__name__}: {error}")
            raise
    return Import.objects.values_list("status", flat=True).get(pk=import_id)


def _fail(row: Import, trouble: str) -> None:
    Import.objects.filter(pk=row.pk).update(status="failed", trouble=trouble[:500], version=row.version + 1)


@contextmanager
def _alone(import_id: UUID) -> Iterator[bool]:
    key = f"import {import_id}"
    found = db.row("select pg_try_advisory_lock(hashtextextended(%s, 0))", [key])
    mine = bool(found and found[0])
    try:
        yield mine
    finally:
        if mine:
            db.rows("select pg_advisory_unlock(hashtextextended(%s, 0))", [key])


def job_of(row: Import, staged: Staged, *, dry: bool = False) -> Job:
    sheet = sheet_of(row)
    said = row.options
    plan = Plan.of(KINDS[row.kind], sheet.columns, row.mapping["targets"], said.get("always"))
    assert row.started_at
    source = (said.get("source") or ("base map" if row.kind == "buildings" and not said.get("source") else "import"))[:40]
    crs = said.get("crs", "")
    again = repeats(plan, crs, (line for number in range(staged.blocks) for line in staged.block(number)), classes_meant())
    return Job(row.id, row.kind, plan, row.started_at, row.area, crs, source, said.get("moving", "refuse"), dry, again)


def staged_of(row: Import) -> Staged:
    """The lines of the file; read again where they were not finished."""
    path = files.lines(row.id)
    try:
        return Staged.at(path)
    except FileNotFoundError:
        return stage(rows(sheet_of(row)), path, SIZE)


def _check(row: Import) -> None:
    """What each line would do. Nothing is written but what was refused, into its file."""
    staged = staged_of(row)
    job = job_of(row, staged, dry=True)
    whole, told = Outcome(), time.monotonic()
    Import.objects.filter(pk=row.pk).update(lines=staged.lines, lines_done=0)
    done = 0
    try:
        for number in range(staged.blocks):
            lines = staged.block(number)
            outcome = apply_lines(job, lines)
            write_refused(job, number, lines, outcome)
            outcome.refused.clear()
            whole.merge(outcome)
            done += len(lines)
            if time.monotonic() - told > TOLD:
                told = time.monotonic()
                Import.objects.filter(pk=row.pk).update(lines_done=done, counts={"check": whole.json()})
    finally:
        job.forget()
    Import.objects.filter(pk=row.pk).update(status="checked", lines_done=done, counts={"check": whole.json()}, version=row.version + 1)


def _run(row: Import, at: datetime, processes: int) -> None:
    staged = staged_of(row)
    if not row.lines_done:
        for path in files.rejects(row.id, 0).parent.iterdir():
            if not ImportBlock.objects.filter(of=row, number=int(path.stem)).exists():
                path.unlink()  # of a check
    Import.objects.filter(pk=row.pk).update(lines=staged.lines)
    if processes > 1 and staged.blocks > 1:
        _share_out(row, processes)
    else:
        told = time.monotonic()
        for _ in work_blocks(row):
            if time.monotonic() - told > TOLD:
                told = time.monotonic()
                tell(row)
    _finish(row, staged, at)


def work_blocks(row: Import, part: int = 0, parts: int = 1) -> Iterator[int]:
    """Apply the blocks that are not done, each `parts`-th from `part` on; their numbers as they are done."""
    staged = staged_of(row)
    job = job_of(row, staged)
    done = set(ImportBlock.objects.filter(of=row).values_list("number", flat=True))
    for number in range(part, staged.blocks, parts):
        if number not in done:
            apply_block(job, staged, number)
            if number // parts % 10 == 0:
                db.look_again(*_TABLES.get(row.kind, ()))
            yield number


_TABLES = {
    "residents": ("registry_resident", "registry_residency", "registry_household", "registry_room"),
    "rooms": ("registry_room", "registry_building"),
    "buildings": ("registry_building", "registry_address"),
}


def _share_out(row: Import, processes: int) -> None:
    """The blocks are worked on by so many processes of the program itself. They end with this one."""
    surroundings = os.environ | {"PYTHONPATH": os.pathsep.join([str(Path(jingwei.__file__).parents[1]), os.environ.get("PYTHONPATH", "")])}
    command = [sys.executable, "-m", "jingwei", "import_blocks", str(row.pk)]
    children = [subprocess.Popen([*command, str(n), str(processes), str(os.getpid())], env=surroundings) for n in range(processes)]  # noqa: S603
    try:
        while any(child.poll() is None for child in children):
            time.sleep(TOLD)
            tell(row)
            if any(child.poll() not in (None, 0) for child in children):
                break
    finally:
        for child in children:
            if child.poll() is None and any(c.poll() not in (None, 0) for c in children):
                child.terminate()
            child.wait()
    if any(child.returncode for child in children):
        raise RuntimeError("a process of the import ended before its work; it can go on from there")


def outcome_of(row: Import) -> tuple[Outcome, int]:
    """(what came of the blocks that are done, how many lines they had)."""
    whole, lines = Outcome(), 0
    for result, count in ImportBlock.objects.filter(of=row).order_by("number").values_list("result", "lines"):
        whole.merge(Outcome.of(result))
        lines += count
    return whole, lines


def tell(row: Import) -> None:
    whole, lines = outcome_of(row)
    Import.objects.filter(pk=row.pk).update(lines_done=lines, counts=row.counts | {"run": whole.json()})


@transaction.atomic
def _finish(row: Import, staged: Staged, at: datetime) -> None:
    whole, lines = outcome_of(row)
    assert lines == staged.lines == sum(whole.counts[what] for what in WHAT), "the counts add up"
    counts = row.counts | {"run": whole.json()}
    Import.objects.filter(pk=row.pk).update(status="done", lines_done=lines, counts=counts, ended_at=at, version=row.version + 1)
    data = {"kind": row.kind, "file": row.name, "read": lines, **{what: whole.counts[what] for what in WHAT}}
    record("import.finished", actor=_actor(row), at=at, subject_type="import", subject_id=row.id, place=row.area, data=data)
    transaction.on_commit(lambda: files.clear(row.id, whole=False))


def _undo(row: Import, at: datetime) -> None:
    result = undo(row)
    with transaction.atomic():
        Import.objects.filter(pk=row.pk).update(status="undone", counts=row.counts | {"undo": result}, undone_at=at, version=row.version + 1)
        data = {"kind": row.kind, "file": row.name, **result}
        record("import.undone", actor=_actor(row), at=at, subject_type="import", subject_id=row.id, place=row.area, data=data)


def _actor(row: Import) -> Actor:
    return (actor_of_person(row.started_by_id) if row.started_by_id else None) or SYSTEM


def left_lying(*, at: datetime) -> list[UUID]:
    """Imports that are to be worked on; who works on one has its lock, so that asking again does no harm."""
    return list(Import.objects.filter(status__in=["checking", "running", "undoing"]).order_by("created_at").values_list("pk", flat=True)[:20])


def clear_imports(*, at: datetime) -> int:
    """The file of an import that was never run goes after a week, what was refused (and what an undoing has left) after a month. Answers of how many
    imports; folders without an import go too, and exports that nobody fetched within a day."""
    cleared = 0
    for place in Path(settings.IMPORTS_ROOT).glob("*-*-*-*-*"):
        row = Import.objects.filter(pk=place.name).first()
        if row is None or (row.ended_at or row.created_at) < at - REJECTS_KEPT:
            files.clear(UUID(place.name), whole=True)
            cleared += 1
        elif row.status in ("draft", "checked") and row.created_at < at - DRAFTS_KEPT:
            files.clear(row.id, whole=True)
            cleared += 1
    for path in files.left_exports().glob("*"):
        if datetime.fromtimestamp(path.stat().st_mtime, UTC) < at - timedelta(days=1):
            path.unlink(missing_ok=True)
    return cleared
