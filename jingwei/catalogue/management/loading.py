"""What the loading commands share: read the file, call the action, say what came of it, write down what was refused."""

import csv
import json
from abc import abstractmethod
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from jingwei.accounts.rules import SYSTEM
from jingwei.catalogue.actions import LoadReport, Refusal
from jingwei.catalogue.rules.files import Sheet, read_sheet
from jingwei.kit.errors import Problem
from jingwei.kit.text import T


def read_file(path: Path, columns: tuple[str, ...] = ()) -> Sheet:
    """The sheet in a file; a sentence when it can't be read."""
    try:
        return read_sheet(path.read_bytes(), columns=columns)
    except OSError as error:
        raise CommandError(f"{path}: {error.strerror}") from None


def told(problem: Problem) -> str:
    """A problem as one text for the terminal: what is wrong, and each field on its line."""
    return "\n".join([both(problem.message), *(f"  {e.field}: {both(e.message)}" for e in problem.errors)])


def both(text: T) -> str:
    return f"{text.zh} / {text.en}"


def write_rejects(path: Path, refused: list[Refusal]) -> None:
    """line, reason, reason_en, row (JSON): what a clerk mends and loads again."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(["line", "reason", "reason_en", "row"])
        for refusal in sorted(refused, key=lambda r: r.line):
            writer.writerow([refusal.line, *refusal.reason, json.dumps(refusal.row, ensure_ascii=False)])


def counted(report: LoadReport) -> str:
    c = report.counts()
    return f"{c['read']} 行 rows: {c['added']} 新增 added, {c['changed']} 修改 changed, {c['unchanged']} 不变 unchanged, {c['refused']} 拒收 refused"


class LoadFile(BaseCommand):
    """A command that takes one CSV. Sound rows are taken; refused ones are written beside the file with their reasons."""

    columns: tuple[str, ...]

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--rejects", type=Path, help="拒收的行写到这里 where refused rows go (FILE.rejects.csv)")

    @abstractmethod
    def load(self, sheet: Sheet, at: datetime) -> LoadReport:
        """Call the action."""

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        try:
            report = self.load(read_file(path, self.columns), datetime.now(UTC))
        except Problem as problem:
            raise CommandError(f"{path.name}: {told(problem)}") from None
        self.stdout.write(f"{path.name}: {counted(report)}")
        if report.refused:
            rejects = options["rejects"] or path.with_name(f"{path.name}.rejects.csv")
            write_rejects(rejects, report.refused)
            for refusal in sorted(report.refused, key=lambda r: r.line)[:20]:
                self.stdout.write(f"  第 {refusal.line} 行 line {refusal.line}: {both(refusal.reason)}")
            self.stdout.write(f"  → {rejects}")


ACTOR = SYSTEM
