"""`jingwei load grids FILE.geojson` or `jingwei load grids --whole PLACE`: grids, a community's as one plan."""

import json
from collections import defaultdict
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.utils.timezone import now

from jingwei.accounts.rules import SYSTEM
from jingwei.areas.actions import GridPlan, adopt_grids
from jingwei.areas.management.commands.load_boundaries import read_features, told
from jingwei.areas.models import CRS, Division, Grid
from jingwei.areas.rules import TOLERANCE
from jingwei.kit import db
from jingwei.kit.errors import Problem

# Neighbours whose boundaries overlap by more than rounding: a point there would have two homes.
_OVERLAPS = """
select a.code, b.code, round(ST_Area(ST_Intersection(a.boundary, b.boundary)::geography)::numeric)
  from areas_division a join areas_division b on a.code < b.code and b.level = 5 and b.place ^@ %(place)s and a.boundary && b.boundary
 where a.level = 5 and a.place ^@ %(place)s and ST_Area(ST_Intersection(a.boundary, b.boundary)) > %(tolerance)s"""


MANY = 1000


class Command(BaseCommand):
    help = "网格（GeoJSON：code name kind parent predecessors），或每个社区一个整格 grids from a file, or one a community; again changes nothing"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, nargs="?")
        parser.add_argument("--whole", metavar="PLACE", help="每个社区一个基础网格 each community there with a boundary and no grid becomes one basic grid")
        parser.add_argument("--valid-from", type=date.fromisoformat, required=True)
        parser.add_argument("--crs", choices=CRS, default=CRS[0])
        parser.add_argument("--schematic", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        if (options["file"] is None) == (options["whole"] is None):
            raise CommandError("给出文件或 --whole PLACE / give a file, or --whole PLACE")
        plans, refused = (_from_file(options["file"]), {}) if options["file"] else _whole(options["whole"])
        fresh = 0
        for community, plan in sorted(plans.items()):
            try:
                how = {"valid_from": options["valid_from"], "crs": options["crs"], "schematic": options["schematic"]}
                fresh += len(adopt_grids(actor=SYSTEM, at=now(), community=community, plan=plan, **how))
            except Problem as problem:
                refused[community] = told(problem)
        if fresh >= MANY and not connection.in_atomic_block:
            # An index that grew leaf by leaf is looked into at half the speed of one built at once (docs/performance.md).
            db.run("reindex table concurrently areas_grid")
        for community, why in sorted(refused.items()):
            self.stderr.write(f"{community}: {why}")
        self.stdout.write(f"{len(plans)} 个社区 communities, {fresh} 个新网格 new grids, {len(refused)} 个社区拒收 communities refused")
        if refused:
            raise CommandError("有社区的网格未采用，见上 / the grids of some communities were not adopted, see above")


def _from_file(path: Path) -> dict[str, list[GridPlan]]:
    plans: dict[str, list[GridPlan]] = defaultdict(list)
    for feature in read_features(path):
        said = feature["properties"]
        code = str(said.get("code", ""))
        predecessors = said.get("predecessors") or []
        plans[code[:12]].append(GridPlan(
            code, str(said.get("kind") or "basic"), str(said.get("name") or code), feature["geometry"], said.get("parent"),
            predecessors.split() if isinstance(predecessors, str) else predecessors,
        ))  # fmt: skip
    return plans


def _whole(place: str) -> tuple[dict[str, list[GridPlan]], dict[str, str]]:
    """One plan for each community under `place` without grids: a single basic grid, its boundary. Those whose boundary
    overlaps a neighbour's by more than about one square metre are left out, with the reason."""
    refused: dict[str, str] = {}
    for a, b, metres in db.rows(_OVERLAPS, {"place": place, "tolerance": TOLERANCE}):
        refused[a] = f"与 {b} 重叠 {metres} 平方米 / overlaps {b} by {metres} m²"
        refused[b] = f"与 {a} 重叠 {metres} 平方米 / overlaps {a} by {metres} m²"
    gridded = set(Grid.objects.filter(code__startswith=place).values_list("community_id", flat=True))
    found = Division.objects.filter(level=5, place__startswith=place, boundary__isnull=False).exclude(code__in=gridded | refused.keys())
    return {d.code: [GridPlan(d.code + "001", "basic", d.name[:60], _geometry(d))] for d in found}, refused


def _geometry(division: Division) -> dict[str, Any]:
    assert division.boundary
    geometry: dict[str, Any] = json.loads(division.boundary.geojson)
    return geometry
