"""`jingwei load divisions FILE`: the division tree from a CSV (plain or .gz)."""

import time
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.timezone import now

from jingwei.accounts.rules import SYSTEM
from jingwei.areas.actions import load_divisions
from jingwei.kit.errors import Problem


class Command(BaseCommand):
    help = "Load divisions from a CSV: code, name, level, parent_code (and valid_from, predecessors where known)"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--valid-from", type=date.fromisoformat, default=date(2021, 1, 1), help="first day of rows that name none (2021-01-01)")
        parser.add_argument("--rejects", type=Path, help="where refused rows go (FILE.rejects.csv in the working directory)")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        rejects: Path = options["rejects"] or Path(path.name + ".rejects.csv")
        if not path.is_file():
            raise CommandError(f"there is no file {path}")
        start = time.perf_counter()
        try:
            report = load_divisions(actor=SYSTEM, at=now(), path=path, reject_path=rejects, valid_from=options["valid_from"])
        except Problem as problem:
            raise CommandError("\n".join([problem.message.en, *(f"{e.field}: {e.message.en}" for e in problem.errors)])) from None
        self.stdout.write(
            f"read {report.read:,}: added {report.added:,}, changed {report.changed:,}, unchanged {report.unchanged:,}, refused {report.refused:,}"
            f" ({time.perf_counter() - start:.1f} s)" + (f"; refused rows: {rejects}" if report.refused else "")
        )
