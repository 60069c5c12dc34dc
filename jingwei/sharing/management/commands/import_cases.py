"""`jingwei import cases FILE --mapping MAP.toml [--rejects FILE] [--report FILE]`: another system's cases."""

import csv
import json
import time
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from jingwei.kit.errors import Problem
from jingwei.sharing.actions import ImportReport, Refusal, import_cases
from jingwei.sharing.management.reading import mapping_at, told


class Command(BaseCommand):
    help = "别的系统的案件，连同各自的时间 another system's cases with their own times; again changes nothing, after an interruption it goes on"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--mapping", type=Path, required=True, help="docs/guides/import-cases.md")
        parser.add_argument("--rejects", type=Path, help="拒收的行写到这里 where refused rows go (FILE.rejects.csv in the working directory)")
        parser.add_argument("--report", type=Path, help="按单位、类别、月份的对账 the counts by unit, class and month as a CSV")
        parser.add_argument("--hands", type=int, default=2, choices=range(1, 9), help="同时办理的批数 chunks at a time (2)")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        if not path.is_file():
            raise CommandError(f"{path}: 没有这个文件 / no such file")
        mapping = mapping_at(options["mapping"])
        rejects: Path = options["rejects"] or Path(path.name + ".rejects.csv")
        start = time.perf_counter()
        with rejects.open("w", encoding="utf-8", errors="backslashreplace", newline="") as stream:
            writer = csv.writer(stream, lineterminator="\n")
            writer.writerow(["line", "reason", "reason_en", "row"])

            def reject(refusal: Refusal) -> None:
                writer.writerow([refusal.line, *refusal.reason, json.dumps(refusal.row, ensure_ascii=False)])

            try:
                report = import_cases(mapping=mapping, path=path, reject=reject, progress=self._progress, hands=options["hands"])
            except Problem as problem:
                raise CommandError(f"{path.name}: {told(problem)}") from None
        seconds = time.perf_counter() - start
        if options["report"]:
            _write_counts(options["report"], report)
        self._say(report, seconds, rejects)
        if not report.adds_up:
            raise CommandError("对账不平 / the counts do not add up")

    def _progress(self, report: ImportReport) -> None:
        if self.stderr.isatty():
            self.stderr.write(f"\r{report.read:,} 行 rows …", ending="")
            self.stderr.flush()

    def _say(self, report: ImportReport, seconds: float, rejects: Path) -> None:
        refused = f" → {rejects}" if report.refused or report.stuck else ""
        self.stdout.write(
            f"{report.read:,} 行 rows = {report.opened:,} 收入 opened + {report.there:,} 已有 there already + {report.refused:,} 拒收 refused{refused}\n"
            f"{report.moved:,} 个动作 moves made, {report.stuck:,} 个不成 refused by a rule; {seconds:.1f} s"
            f"（每秒 {(report.opened + report.there) / max(seconds, 1e-9):,.0f} 件 cases a second）"
        )
        for group, zh in (("unit", "单位 units"), ("class", "类别 classes"), ("month", "月份 months")):
            rows = {code: c for (g, code), c in report.counts.items() if g == group}
            wrong = [code for code, (_, source, lost, stored) in rows.items() if source - lost != stored]
            differ = f"; 不符 differ: {', '.join(wrong[:9])}" if wrong else "; 逐组相符 every group agrees"
            self.stdout.write(
                f"{zh}: {len(rows)} 组 groups, 来源 source {sum(c[1] for c in rows.values()):,} = 入库 in the tables {sum(c[3] for c in rows.values()):,}"
                f" + 拒收 refused {sum(c[2] for c in rows.values()):,}" + differ
            )


def _write_counts(path: Path, report: ImportReport) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(["group", "code", "name", "source", "refused", "stored", "agrees"])
        for (group, code), (name, source, refused, stored) in report.counts.items():
            writer.writerow([group, code, name, source, refused, stored, "yes" if source - refused == stored else "no"])
