"""A block of lines is applied once, as a whole: its rows, its refusals and the mark that it is done commit together."""

from collections.abc import Sequence

import orjson
from django.db import DataError, IntegrityError, OperationalError, transaction

from jingwei.kit import db
from jingwei.kit.sheets import Line, Staged
from jingwei.kit.text import T
from jingwei.registry.actions.imports import files
from jingwei.registry.actions.imports.job import Job, Outcome, Said
from jingwei.registry.actions.imports.writing import WRITERS
from jingwei.registry.rules.imports.repeats import same_as
from jingwei.registry.rules.imports.rows import RowFault

SIZE = 4000
MOST_UNEXPECTED = 40  # rows of a block that the database refuses though the rules took them
_DONE = "insert into registry_importblock (import_id, number, lines, result) values (%s, %s, %s, %s)"


def apply_block(job: Job, staged: Staged, number: int) -> Outcome | None:
    """None where the block is done already. The file of what was refused is written before the commit, and again if it comes to another try."""
    with transaction.atomic():
        if db.row("select 1 from registry_importblock where import_id = %s and number = %s", [job.id, number]):
            return None
        lines = staged.block(number)
        outcome = apply_lines(job, lines)
        write_refused(job, number, lines, outcome)
        db.run(_DONE, [job.id, number, len(lines), orjson.dumps(outcome.json()).decode()])
    return outcome


def apply_lines(job: Job, lines: Sequence[Line]) -> Outcome:
    """What comes of some lines, within the running transaction (in a check nothing is written)."""
    outcome = Outcome()
    rows = []
    for number, cells in lines:
        if number in job.repeats:
            outcome.refuse(number, same_as(job.repeats[number]))
            continue
        try:
            rows.append(Said(number, job.plan.said(cells), job.plan.more(cells) if job.plan.many else {}))
        except RowFault as wrong:
            outcome.refuse(number, wrong.why)
    _write(job, rows, outcome)
    return outcome


def _write(job: Job, rows: Sequence[Said], outcome: Outcome) -> None:
    """Where somebody else has just written the same, or a row is such that the database refuses it, the halves are tried by themselves: they see what
    the other has written, and one bad row costs itself alone."""
    if not rows:
        return
    part = Outcome()
    try:
        with transaction.atomic():
            WRITERS[job.kind](job, rows, part)
    except (IntegrityError, DataError, OperationalError) as error:
        if isinstance(error, OperationalError) and getattr(error.__cause__, "sqlstate", None) != "40P01":  # no deadlock: the database is away
            raise
        if len(rows) == 1:
            said = str(error).splitlines()[0][:120]
            outcome.made["unexpected"] += 1
            if outcome.made["unexpected"] > MOST_UNEXPECTED:  # it is not the rows
                raise
            outcome.refuse(rows[0].number, T(f"数据库不接受这一行：{said}", f"the database does not accept the row: {said}"))
            return
        half = len(rows) // 2
        _write(job, rows[:half], outcome)
        _write(job, rows[half:], outcome)
        return
    outcome.merge(part)


def write_refused(job: Job, block: int, lines: Sequence[Line], outcome: Outcome) -> None:
    path = files.rejects(job.id, block)
    if not outcome.refused:
        path.unlink(missing_ok=True)
        return
    with path.open("wb") as out:
        for number, cells in lines:
            if why := outcome.refused.get(number):
                out.write(orjson.dumps([number, why.zh, why.en, *[cell if isinstance(cell, str) else cell.zh for cell in cells]]) + b"\n")
