"""Another system's cases come in through the actions that people's cases come in through, with their own times."""

import csv
import gc
import gzip
import io
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import transaction

from jingwei.accounts.models import Unit
from jingwei.accounts.rules import SYSTEM
from jingwei.cases.actions import Command, NewCase, Outcome, open_with_history, perform_many
from jingwei.kit import db
from jingwei.kit.errors import FieldError, Invalid, Problem, Refused
from jingwei.kit.ids import district_of
from jingwei.kit.text import T
from jingwei.sharing import queries
from jingwei.sharing.actions.hands import in_hands
from jingwei.sharing.rules.mapping import Mapping
from jingwei.sharing.rules.reading import CaseSaid, HeaderFault, MoveSaid, Reader, RowRefused

CHUNK = 1000  # cases a transaction
GROUPS = ("unit", "class", "month")
NOT_SAID = {"时间 time": "来源未说明 not said by the source"}
NIL = UUID(int=0)
Cells = list[str]
Chunk = list[tuple[CaseSaid, list[str]]]


@dataclass(frozen=True, slots=True)
class Refusal:
    """A row that was not taken, or a case that came in without one of its moves (`inside`)."""

    line: int
    reason: T
    row: Cells
    inside: bool = False


@dataclass
class ImportReport:
    """What an import did. read = opened + there + refused; `moved` counts the moves made, `stuck` those that a rule refused.

    `counts`: for each unit, class and month (group, code) → name, rows in the source, rows refused, cases in the tables.
    """

    read: int = 0
    opened: int = 0
    there: int = 0
    refused: int = 0
    moved: int = 0
    stuck: int = 0
    header: Cells = field(default_factory=list)
    counts: dict[tuple[str, str], tuple[str, int, int, int]] = field(default_factory=dict)

    @property
    def adds_up(self) -> bool:
        """Every row is accounted for, and in each group the tables hold what the source holds but for the refused."""
        return self.read == self.opened + self.there + self.refused and all(s - r == d for _, s, r, d in self.counts.values())


def import_cases(
    *,
    mapping: Mapping,
    path: Path,
    reject: Callable[[Refusal], None],
    progress: Callable[[ImportReport], None] = lambda _: None,
    chunk: int = CHUNK,
    hands: int = 2,
) -> ImportReport:
    """Take the rows of a CSV (plain or gzip) as cases of the mapping's process, `chunk` rows a transaction, `hands` chunks
    at a time (1: in the caller's own transaction, if there is one).

    A row that came in before is recognised by its number; of its moves those are made that were not made then. So a
    second run changes nothing, a run that was killed goes on, and a later file of the same source moves its cases on.
    Refused rows go to `reject`. Raises Invalid when the file or the mapping can't be used at all.
    """
    report = ImportReport()
    source: dict[str, Counter[str]] = {g: Counter() for g in GROUPS}
    lost: dict[str, Counter[str]] = {g: Counter() for g in GROUPS}
    desk = _Desk(mapping)
    with _open(path, mapping.encoding) as stream:
        rows = _rows(stream, mapping)
        report.header = [name.strip() for name in next(rows, (1, []))[1]]
        try:
            reader = Reader(mapping, report.header)
        except HeaderFault as fault:
            raise Invalid(errors=[FieldError(c, T(f"文件缺少列 {c}", f"the file lacks the column {c}")) for c in fault.missing]) from None

        def refuse(refusal: Refusal) -> None:
            if not refusal.inside:
                report.refused += 1
                for group, code in zip(GROUPS, reader.key_of(refusal.row), strict=True):
                    lost[group][code] += 1
            reject(refusal)

        def chunks() -> Iterator[Chunk]:
            waiting: Chunk = []
            for line, cells in rows:
                report.read += 1
                for group, code in zip(GROUPS, reader.key_of(cells), strict=True):
                    source[group][code] += 1
                try:
                    waiting.append((reader.read(line, cells), cells))
                except RowRefused as refused:
                    refuse(Refusal(line, refused.reason, cells))
                if len(waiting) >= chunk:
                    yield waiting
                    waiting = []
            if waiting:
                yield waiting

        with _seldom_collected():
            for n, taken in enumerate(in_hands(desk.take, chunks(), hands)):
                if n == 0:
                    db.look_again("events_event", "cases_case", "cases_step", "cases_assignment")
                report.opened += taken.opened
                report.there += taken.there
                report.moved += taken.moved
                report.stuck += sum(r.inside for r in taken.refusals)
                for refusal in taken.refusals:
                    refuse(refusal)
                progress(report)
    report.counts = _counted(source, lost, queries.counts_in(mapping, desk.districts))
    return report


@contextmanager
def _seldom_collected() -> Iterator[None]:
    """A chunk's many small values hold no cycles: looking for them at the usual pace costs a tenth of the time."""
    usual = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(200_000, 20, 20)
    try:
        yield
    finally:
        gc.set_threshold(*usual)
        gc.unfreeze()


@dataclass
class _Taken:
    """What became of one chunk, once it is committed."""

    opened: int = 0
    there: int = 0
    moved: int = 0
    refusals: list[Refusal] = field(default_factory=list)


class _Desk:
    """Takes chunks of cases, each in one transaction and with a constant number of statements."""

    def __init__(self, mapping: Mapping) -> None:
        self.mapping = mapping
        self.districts = queries.home_districts(mapping)
        self.units = dict(Unit.objects.filter(code__in=set(mapping.units.values())).values_list("code", "pk"))
        missing = sorted(set(mapping.units.values()) - set(self.units))
        if missing:
            zh, en = "、".join(missing[:9]), ", ".join(missing[:9])
            raise Refused(T(f"没有单位 {zh}，请先运行 import prepare", f"no such units: {en}; run `import prepare` first"))

    @transaction.atomic
    def take(self, chunk: Chunk) -> _Taken:
        """Open what is new, and make the moves that have not been made."""
        taken, command = _Taken(), self.mapping.command
        with db.planned_anew():
            known = queries.cases_in(self.districts, [command(said.number) for said, _ in chunk])
        there = [(said, cells, known[c][1]) for said, cells in chunk if (c := command(said.number)) in known]
        new = [(said, cells) for said, cells in chunk if command(said.number) not in known]
        made = open_with_history(actor=SYSTEM, wanted=[(said.opened_at, self._new(said), self._commands(said)) for said, _ in new]) if new else []
        for (said, cells), told in zip(new, made, strict=True):
            case, problem = told.opened.case, told.opened.problem
            if problem or case is None:
                taken.refusals.append(Refusal(said.line, _why(problem), cells))
            elif told.opened.repeated:  # somebody else brought it at this very moment
                there.append((said, cells, case.id))
            else:
                taken.opened += 1
                self._note(taken, said, cells, said.moves, told.outcomes)
        if there:
            with db.planned_anew():
                self._move_on(taken, there)
        return taken

    def _move_on(self, taken: _Taken, there: Sequence[tuple[CaseSaid, Cells, UUID]]) -> None:
        """Make the moves of cases that came in before, where they were not made then."""
        taken.there += len(there)
        done = queries.commands_of([(district_of(id) or "", id) for _, _, id in there])
        pending = [(said, cells, id, m, c) for said, cells, id in there for m, c in zip(said.moves, self._commands(said), strict=True) if c.command not in done]
        if pending:
            outcomes = perform_many(actor=SYSTEM, commands=[replace(c, case_id=id) for _, _, id, _, c in pending])
            for (said, cells, _, move, _), outcome in zip(pending, outcomes, strict=True):
                self._note(taken, said, cells, [move], [outcome])

    def _note(self, taken: _Taken, said: CaseSaid, cells: Cells, moves: Sequence[MoveSaid], outcomes: Sequence[Outcome]) -> None:
        for move, outcome in zip(moves, outcomes, strict=True):
            if outcome.problem:
                why = _why(outcome.problem)
                reason = T(f"已收入，但动作 {move.move} 不成：{why.zh}", f"taken, but not its move {move.move}: {why.en}")
                taken.refusals.append(Refusal(said.line, reason, cells, inside=True))
            elif not outcome.repeated:
                taken.moved += 1

    def _new(self, said: CaseSaid) -> NewCase:
        mapping = self.mapping
        return NewCase(
            process=mapping.process,
            matter=said.matter,
            edition=mapping.edition,
            text=said.text,
            source=said.source,
            address=said.address,
            crs=mapping.crs if said.x is not None else "",
            x=said.x,
            y=said.y,
            place=said.place,
            outer_number=said.number,
            due_at=said.due_at,
            command=mapping.command(said.number),
            facts=said.facts,
        )

    def _commands(self, said: CaseSaid) -> list[Command]:
        """The case's moves as commands; of which case, is filled in when it has an id."""
        commands = []
        for move in said.moves:
            form: dict[str, Any] = {**move.form, "unit": self.units[said.unit]} if move.unit else dict(move.form)
            facts = move.facts if move.dated else {**NOT_SAID, **move.facts}
            key = self.mapping.command(said.number, move.move)
            commands.append(Command(NIL, move.move, None, move.at, form, key, facts, undated=not move.dated))
        return commands


def _why(problem: Problem | None) -> T:
    if problem is None:
        return T("未知原因", "unknown reason")
    said = [e.message for e in problem.errors] or [problem.message]
    return T("；".join(m.zh for m in said), "; ".join(m.en for m in said))


def _counted(
    source: dict[str, Counter[str]], lost: dict[str, Counter[str]], stored: dict[tuple[str, str], tuple[str, int]]
) -> dict[tuple[str, str], tuple[str, int, int, int]]:
    keys = sorted({(g, code) for g in GROUPS for code in source[g]} | stored.keys(), key=lambda k: (GROUPS.index(k[0]), k[1]))
    return {(g, c): (stored.get((g, c), ("", 0))[0], source[g][c], lost[g][c], stored.get((g, c), ("", 0))[1]) for g, c in keys}


def _open(path: Path, encoding: str) -> io.TextIOWrapper:
    # Bytes that are not of the encoding become surrogates, so that only their own rows are refused.
    with path.open("rb") as stream:
        zipped = stream.read(2) == b"\x1f\x8b"
    raw: Any = (gzip.open if zipped else open)(path, "rb")
    return io.TextIOWrapper(raw, encoding=encoding, errors="surrogateescape", newline="")


def _rows(stream: io.TextIOWrapper, mapping: Mapping) -> Iterator[tuple[int, Cells]]:
    """The rows that aren't empty, with the line on which each begins."""
    reader, line = csv.reader(stream, delimiter=mapping.delimiter), 1
    try:
        for cells in reader:
            if cells:
                yield line, cells
            line = reader.line_num + 1
    except (csv.Error, EOFError, gzip.BadGzipFile) as error:
        raise Refused(T(f"文件从第 {line} 行起无法读取：{error}", f"the file can't be read from line {line} on: {error}")) from None
