"""`jingwei load_basemap DIR|FILE …`: buildings, roads, land and landmarks from GeoJSON."""

from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from jingwei.accounts.rules import SYSTEM
from jingwei.kit.errors import Problem
from jingwei.registry.actions import TABLES, load_base_map


class Command(BaseCommand):
    help = "Load a base map: a folder with {buildings,roads,land,landmarks}.geojson[.gz], or one such file (the layer is its name)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", type=Path)
        parser.add_argument("--layer", choices=list(TABLES), help="where a file's name does not say it")
        parser.add_argument("--source", default="base map", help="who made it; features are known by their id within a source")
        parser.add_argument("--crs", default="EPSG:4326", help="EPSG:4326 or EPSG:4490")
        parser.add_argument("--valid-from", type=date.fromisoformat, default=None)
        parser.add_argument("--complete", action="store_true", help="what the source had and the file has not ends")
        parser.add_argument("--rejects", type=Path, default=None, help="folder of the reject files (default: the current one)")

    def handle(self, **options: Any) -> None:
        path: Path = options["path"]
        if path.is_dir():
            files = {n: f for n in TABLES for f in (path / f"{n}.geojson.gz", path / f"{n}.geojson", path / f"{n}.ndjson") if f.is_file()}
        else:
            files = {options["layer"] or path.name.split(".")[0]: path} if path.is_file() else {}
        if not files:
            raise CommandError(f"no base map at {path}: expected buildings, roads, land or landmarks as .geojson or .geojson.gz")
        now = timezone.now()
        for layer, file in files.items():
            rejects = (options["rejects"] or Path()) / f"{layer}.rejects.csv"
            try:
                report = load_base_map(
                    actor=SYSTEM,
                    at=now,
                    layer=layer,
                    path=file,
                    reject_path=rejects,
                    source=options["source"],
                    valid_from=options["valid_from"] or now.date(),
                    crs=options["crs"],
                    complete=options["complete"],
                )
            except Problem as problem:
                raise CommandError("; ".join([problem.message.en, *(f"{e.field}: {e.message.en}" for e in problem.errors)])) from None
            said = ", ".join(f"{count} {what}" for what, count in report.__dict__.items() if count)
            self.stdout.write(f"{layer}: {said}" + (f" → {rejects}" if report.refused else ""))
            if not report.refused:
                rejects.unlink(missing_ok=True)
