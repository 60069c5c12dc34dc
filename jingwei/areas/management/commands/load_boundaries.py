"""`jingwei load boundaries FILE.geojson --property NAME --mapping TABLE.csv`: the boundaries of divisions."""

import csv
import gzip
import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.timezone import now

from jingwei.accounts.rules import SYSTEM
from jingwei.areas.actions import draw_boundaries
from jingwei.areas.models import CRS
from jingwei.kit.errors import Problem


def read_features(path: Path) -> list[dict[str, Any]]:
    """The features of a GeoJSON FeatureCollection, plain or .gz."""
    try:
        raw = path.read_bytes()
        features = json.loads(gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw)["features"]
        return [f for f in features if f["geometry"]]
    except OSError as error:
        raise CommandError(f"{path}: {error.strerror or error}") from None
    except (ValueError, KeyError, TypeError, EOFError) as error:
        raise CommandError(f"{path.name}: 不是 GeoJSON 要素集 / no GeoJSON FeatureCollection: {error!r}") from None


def read_codes(path: Path | None) -> dict[str, str] | None:
    """source → code of a CSV with these columns; lines that begin with # are skipped."""
    if path is None:
        return None
    try:
        lines = [line for line in path.read_text("utf-8-sig").splitlines() if not line.startswith("#")]
        return {row["source"]: row["code"] for row in csv.DictReader(lines) if row["code"]}
    except OSError as error:
        raise CommandError(f"{path}: {error.strerror}") from None
    except (KeyError, UnicodeDecodeError):
        raise CommandError(f"{path.name}: 缺少列 source、code / the columns source and code are missing") from None


def told(problem: Problem) -> str:
    """A problem for the terminal, each finding on its line."""
    return "\n".join([problem.message.en, *(f"  {e.field}: {e.message.zh} / {e.message.en}" for e in problem.errors)])


class Command(BaseCommand):
    help = "区划的边界（GeoJSON）the boundaries of divisions; again changes nothing"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--property", default="code", help="the property that names the division (code)")
        parser.add_argument("--mapping", type=Path, help="CSV source,code: what the property's values are in 12-digit codes")
        parser.add_argument("--crs", choices=CRS, default=CRS[0])
        parser.add_argument("--schematic", action="store_true", help="示意边界 these are no official boundaries")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        codes, boundaries = read_codes(options["mapping"]), {}
        for feature in read_features(path):
            name = str(feature["properties"].get(options["property"], ""))
            code = name if codes is None else codes.get(name)
            if not code:
                raise CommandError(f"{path.name}: {options['property']} = {name!r}: 对照表里没有 / not in the mapping")
            if code in boundaries:
                raise CommandError(f"{path.name}: {code} 出现两次 / stands twice")
            boundaries[code] = json.dumps(feature["geometry"])
        try:
            changed = draw_boundaries(actor=SYSTEM, at=now(), boundaries=boundaries, crs=options["crs"], schematic=options["schematic"])
        except Problem as problem:
            raise CommandError(f"{path.name}: {told(problem)}") from None
        self.stdout.write(f"{path.name}: {len(boundaries)} 条边界 boundaries, {changed} 有变 changed")
