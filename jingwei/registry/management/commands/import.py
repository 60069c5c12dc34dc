"""`jingwei import KIND FILE`: a file comes into the register, as it does on the desk."""

import gzip
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any, BinaryIO
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from jingwei.accounts.rules import SYSTEM
from jingwei.kit.coords import SYSTEMS
from jingwei.kit.errors import Problem
from jingwei.registry.actions import imports
from jingwei.registry.models import Import
from jingwei.registry.queries import import_rejects
from jingwei.registry.rules.imports.kinds import KINDS


class Command(BaseCommand):
    help = (
        "Import buildings, rooms, residents, organisations, components, pledges or addresses from CSV, Excel, GeoJSON (each also as .gz), "
        "Shapefile (.zip) or GeoPackage."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("kind", choices=[*KINDS, "undo", "resume"])
        parser.add_argument("file", help="the file; of undo and resume: the import's id")
        parser.add_argument("--dry-run", action="store_true", help="only say what would change")
        parser.add_argument("--area", default="", help="write only within this place (prefix of a code)")
        parser.add_argument("--crs", default="", help=f"coordinate system: {', '.join(SYSTEMS)} (default: what the file says)")
        parser.add_argument("--part", default="", help="which worksheet or layer")
        parser.add_argument("--encoding", default="", help="of a CSV (default: recognised)")
        parser.add_argument("--source", default="", help="who gave the data; buildings and components are known by their id within it")
        parser.add_argument("--map", action="append", default=[], metavar="COLUMN=TARGET", help="what a column is; COLUMN= leaves it out")
        parser.add_argument("--set", action="append", default=[], metavar="TARGET=VALUE", help="what is meant where a row doesn't say it: class=路灯")
        parser.add_argument("--moving", choices=["refuse", "move"], default="refuse", help="who lives elsewhere already")
        parser.add_argument("--processes", type=int, default=1, help="so many work on it at once")
        parser.add_argument("--rejects", type=Path, default=None, help="where refused rows go (FILE.rejects.csv)")

    def handle(self, **options: Any) -> None:
        try:
            if options["kind"] in ("undo", "resume"):
                self._go_on(options)
            else:
                self._import(options)
        except Problem as problem:
            raise CommandError("\n".join([_both(problem.message), *(f"  {e.field}: {_both(e.message)}" for e in problem.errors)])) from None

    def _import(self, options: dict[str, Any]) -> None:
        path, now = Path(options["file"]), timezone.now()
        said = {name: options[name] for name in ("crs", "part", "encoding", "source", "moving") if options[name]}
        name = path.name.removesuffix(".gz")
        try:
            with _opened(path) as stream:
                looked = imports.begin_import(actor=SYSTEM, at=now, kind=options["kind"], name=name, stream=stream, area=options["area"], options=said)
        except (OSError, EOFError) as error:
            raise CommandError(f"{path}: {getattr(error, 'strerror', '') or error}") from None
        targets = [g.target for g in looked.guesses]
        for one in options["map"]:
            column, _, target = one.partition("=")
            if column not in looked.sheet.columns:
                raise CommandError(f"there is no column {column!r}; there are {', '.join(looked.sheet.columns)}")
            targets = ["" if t == target and not KINDS[options["kind"]].columns[target].many else t for t in targets] if target else targets
            targets[looked.sheet.columns.index(column)] = target
        if options["map"] or options["set"]:
            always = dict(one.partition("=")[::2] for one in options["set"])
            looked = imports.map_import(actor=SYSTEM, at=now, import_id=looked.job.id, targets=targets, options={"always": always})
        for note in looked.sheet.notes:
            self.stdout.write(f"  {_both(note)}")
        for guess, target in zip(looked.guesses, targets, strict=True):
            what = target or (f"✗ 不予登记 never recorded: {_both(guess.forbidden)}" if guess.forbidden else "–")
            self.stdout.write(f"  {guess.column} → {what}")
        job = looked.job
        if options["dry_run"]:
            imports.start_check(actor=SYSTEM, at=now, import_id=job.id, defer=False)
        else:
            imports.start_import(actor=SYSTEM, at=now, import_id=job.id, defer=False)
        self._work(job.id, options, options["rejects"] or path.with_name(f"{path.name}.rejects.csv"))
        if options["dry_run"]:
            imports.drop_import(actor=SYSTEM, at=now, import_id=job.id)

    def _go_on(self, options: dict[str, Any]) -> None:
        import_id = UUID(options["file"])
        row = Import.objects.filter(pk=import_id).first()
        if row is None:
            raise CommandError("there is no such import")
        if options["kind"] == "undo":
            imports.start_undo(actor=SYSTEM, at=timezone.now(), import_id=import_id, defer=False)
        elif row.status == "failed":
            imports.start_import(actor=SYSTEM, at=timezone.now(), import_id=import_id, defer=False)
        self._work(import_id, options, options["rejects"] or Path(f"{row.name}.rejects.csv"))

    def _work(self, import_id: UUID, options: dict[str, Any], rejects: Path) -> None:
        began = timezone.now()
        status = imports.work_import(import_id=import_id, at=began, processes=options["processes"])
        row = Import.objects.get(pk=import_id)
        seconds = (timezone.now() - began).total_seconds()
        if status == "failed" or not status:
            raise CommandError(f"{row.trouble or 'somebody else works on it'}\n  → jingwei import resume {import_id}")
        if status == "undone":
            self.stdout.write(f"{row.name}: {', '.join(f'{count} {what}' for what, count in row.counts['undo'].items())}")
            return
        result = row.counts["check" if status == "checked" else "run"]
        c = result["counts"]
        self.stdout.write(
            f"{row.name}: {row.lines} 行 rows: {c['added']} 新增 added, {c['changed']} 修改 changed, {c['unchanged']} 不变 unchanged, "
            f"{c['refused']} 拒收 refused ({seconds:.1f} s){'' if status == 'done' else '，试运行 dry run'}"
        )
        if made := ", ".join(f"{count} {what}" for what, count in result["made"].items() if count):
            self.stdout.write(f"  {made}")
        for reason in result["reasons"][:20]:
            self.stdout.write(f"  {reason['count']} × {reason['zh']} / {reason['en']}（第 {reason['line']} 行起 from line {reason['line']}）")
        if c["refused"]:
            with rejects.open("w", encoding="utf-8-sig", newline="") as out:
                out.writelines(import_rejects(actor=SYSTEM, import_id=import_id))
            self.stdout.write(f"  → {rejects}")
        if status == "done":
            self.stdout.write(f"  撤销 to undo: jingwei import undo {import_id}")
        sys.stdout.flush()


def _opened(path: Path) -> BinaryIO:
    """The file; unpacked where it is packed by gzip."""
    with path.open("rb") as file:
        packed = file.read(2) == b"\x1f\x8b"
    return gzip.open(path) if packed else path.open("rb")  # type: ignore[return-value]


def _both(text: Any) -> str:
    return f"{text.zh} / {text.en}"
