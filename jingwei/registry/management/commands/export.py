"""`jingwei export KIND FILE`: what stands in a place, as a file."""

import shutil
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from jingwei.accounts.rules import SYSTEM
from jingwei.kit.errors import Problem
from jingwei.kit.sheets.writing import SUFFIX, Written
from jingwei.registry.actions.exporting import export_register
from jingwei.registry.queries.exports import EXPORTS


class Command(BaseCommand):
    help = "Export the register as CSV, Excel (.xlsx), GeoJSON, Shapefile (.zip) or GeoPackage (.gpkg): the format is the file's ending."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("kind", choices=list(EXPORTS))
        parser.add_argument("file", type=Path)
        parser.add_argument("--area", default="", help="only within this place (prefix of a code)")
        parser.add_argument("--unmasked", metavar="REASON", default="", help="numbers in full, for this reason")

    def handle(self, **options: Any) -> None:
        target: Path = options["file"]
        formats: dict[str, Written] = {suffix: format for format, suffix in SUFFIX.items()}
        if target.suffix not in formats:
            raise CommandError(f"the file must end with one of {', '.join(formats)}")
        reason = options["unmasked"]
        try:
            path = export_register(
                actor=SYSTEM, at=timezone.now(), kind=options["kind"], format=formats[target.suffix], area=options["area"], unmasked=bool(reason), reason=reason
            )
        except Problem as problem:
            raise CommandError("; ".join([problem.message.en, *(e.message.en for e in problem.errors)])) from None
        shutil.move(path, target)
        self.stdout.write(f"→ {target} ({target.stat().st_size:,} bytes)")
