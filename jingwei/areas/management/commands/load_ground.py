"""`jingwei load ground CODE NAME`: ground to put data on where no division tree is: a place of one's own with communities and a grid in each."""

import csv
import json
import tempfile
from collections.abc import Sequence
from datetime import date
from math import cos, radians
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.timezone import now

from jingwei.accounts.rules import SYSTEM
from jingwei.areas.actions import draw_boundaries, load_divisions
from jingwei.areas.management.commands.load_boundaries import read_features, told
from jingwei.areas.models import Division, Grid
from jingwei.areas.rules import METRES, Box, squares
from jingwei.kit.errors import Problem

INVENTED = "99"  # no province has it, so that the codes are nobody's
MOST = 999  # communities of a street
MARGIN = 1000  # metres by which a district reaches beyond the communities of a file


class Command(BaseCommand):
    help = (
        "没有中国区划代码的地方也能试用：以 99 开头的虚构代码、社区和网格 a place without Chinese codes, to put data on: codes that begin with 99 and are "
        "nobody's, communities from a box or a file, a basic grid in each; again changes nothing"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("code", help="六位，以 99 开头 six digits that begin with 99")
        parser.add_argument("name")
        parser.add_argument("--box", nargs=4, type=float, metavar=("WEST", "SOUTH", "EAST", "NORTH"), help="cut into cells; degrees, WGS-84")
        parser.add_argument("--cell", type=float, default=2000, metavar="METRES", help="longest side of a cell (2000)")
        parser.add_argument("--file", type=Path, help="or a GeoJSON of areas, each a community (plain or .gz)")
        parser.add_argument("--property", default="name", help="of the file: what holds their names")
        parser.add_argument("--valid-from", type=date.fromisoformat, default=date(2026, 1, 1))

    def handle(self, *args: Any, **options: Any) -> None:
        code, name, box = options["code"], options["name"], options["box"]
        if len(code) != 6 or not code.isdecimal() or not code.startswith(INVENTED) or "00" in (code[2:4], code[4:]):
            raise CommandError("代码须为六位，以 99 开头，后两段不为 00 / six digits, 99 first, no pair of them 00")
        if (box is None) == (options["file"] is None):
            raise CommandError("给出 --box 或 --file / give --box or --file")
        stands = Division.objects.filter(pk=f"{code}000000").values_list("name", flat=True).first()
        if stands not in (None, name):
            raise CommandError(f"{code} 已是“{stands}” / {code} is “{stands}” already")
        if there := Grid.objects.filter(code__startswith=code).count():
            self.stdout.write(f"{name} {code}: 已有 {there} 个网格，未改动 has {there} grids already, nothing changed")
            return
        cells, around = _cut(name, Box(*box), options["cell"]) if box else _read(options["file"], options["property"])
        codes = [f"{code}{1 + n // MOST:03d}{1 + n % MOST:03d}" for n in range(len(cells))]
        try:
            _load_tree(code, name, dict(zip(codes, (cell for cell, _ in cells), strict=True)), options["valid_from"])
            draw_boundaries(actor=SYSTEM, at=now(), boundaries={f"{code}000000": json.dumps(around.polygon())}, schematic=True)
            boundaries = {one: json.dumps(geometry) for one, (_, geometry) in zip(codes, cells, strict=True)}
            draw_boundaries(actor=SYSTEM, at=now(), boundaries=boundaries, schematic=bool(box))
        except Problem as problem:
            raise CommandError(told(problem)) from None
        self.stdout.write(f"{name} {code}: {len(cells)} 个社区 communities")
        call_command("load_grids", whole=code, valid_from=options["valid_from"], schematic=bool(box), stdout=self.stdout, stderr=self.stderr)


def _cut(name: str, box: Box, metres: float) -> tuple[list[tuple[str, Any]], Box]:
    if not (-180 <= box.west < box.east <= 180 and -90 < box.south < box.north < 90 and metres >= 10):
        raise CommandError("范围须为 西 南 东 北（度），格边长至少 10 米 / west south east north in degrees, cells of 10 metres or more")
    return [(f"{name} {row}-{column}", cell.polygon()) for row, column, cell in squares(box, metres)], box


def _read(path: Path, called: str) -> tuple[list[tuple[str, Any]], Box]:
    """The areas of a file with their names, and the box around them."""
    cells = [(str(f["properties"].get(called) or n)[:100], f["geometry"]) for n, f in enumerate(read_features(path), start=1)]
    if not cells:
        raise CommandError(f"{path.name}: 没有面 / there are no areas")
    points = [point for _, geometry in cells for point in _points(geometry["coordinates"])]
    xs, ys = [x for x, *_ in points], [y for _, y, *_ in points]
    up = MARGIN / METRES
    across = up / cos(radians(max(map(abs, ys))))
    return cells, Box(round(min(xs) - across, 6), round(min(ys) - up, 6), round(max(xs) + across, 6), round(max(ys) + up, 6))


def _points(coordinates: Sequence[Any]) -> list[Sequence[float]]:
    """The points of a polygon or of several."""
    if coordinates and not isinstance(coordinates[0], (list, tuple)):
        return [coordinates]
    return [point for part in coordinates for point in _points(part)]


def _load_tree(code: str, name: str, communities: dict[str, str], valid_from: date) -> None:
    """The divisions from the invented province down; those above that are there already keep their names."""
    above = [(INVENTED, "虚构", 1), (code[:4], name, 2), (code, name, 3)]
    known = dict(Division.objects.filter(pk__in=[one.ljust(12, "0") for one, _, _ in above]).values_list("pk", "name"))
    rows = [(one.ljust(12, "0"), known.get(one.ljust(12, "0"), called), level) for one, called, level in above]
    streets = sorted({one[:9] for one in communities})
    rows += [(one + "000", name if len(streets) == 1 else f"{name} {n}", 4) for n, one in enumerate(streets, start=1)]
    rows += [(one, called, 5) for one, called in communities.items()]
    parents = {1: "", 2: rows[0][0], 3: rows[1][0], 4: rows[2][0]}
    with tempfile.TemporaryDirectory(prefix="jingwei-") as folder:
        path = Path(folder) / "divisions.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            out = csv.writer(file)
            out.writerow(["code", "name", "level", "parent_code"])
            out.writerows([one, called, level, parents.get(level, f"{one[:9]}000")] for one, called, level in rows)
        report = load_divisions(actor=SYSTEM, at=now(), path=path, reject_path=Path(folder) / "rejects.csv", valid_from=valid_from)
    if report.refused:
        raise CommandError(f"{report.refused} 个区划未采用，请看名称是否过长或有控制字符 / divisions were refused: look at their names")
