"""The quarter: base map, divisions, schematic boundaries and grids, through the real actions. Each step may be repeated."""

import gzip
import json
import tempfile
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from shapely import STRtree, coverage_union_all, from_geojson, to_geojson
from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry

from jingwei.accounts.rules import SYSTEM
from jingwei.areas.actions.divisions import draw_boundaries, load_divisions
from jingwei.areas.actions.grids import GridPlan, adopt_grids
from jingwei.registry.actions import TABLES, address_base_map, load_base_map

DATA = Path(__file__).parent / "data"
SINCE = date(2026, 1, 1)
SOURCE = "OpenStreetMap"


@cache
def grids() -> list[tuple[dict[str, Any], BaseGeometry]]:
    """(properties, shape) of every grid of the carried cut."""
    features = json.loads((DATA / "grids.geojson").read_text(encoding="utf-8"))["features"]
    return [(f["properties"], from_geojson(json.dumps(f["geometry"]))) for f in features]


@cache
def tiling() -> dict[str, BaseGeometry]:
    """Code → shape of the grids that tile the quarter (without the micro grids)."""
    return {p["code"]: shape for p, shape in grids() if p["kind"] != "micro"}


@cache
def _index() -> tuple[STRtree, list[str]]:
    return STRtree(list(tiling().values())), list(tiling())


def grid_of(lon: float, lat: float) -> str | None:
    """The grid over a point, as the program itself would find it."""
    tree, codes = _index()
    return min((codes[i] for i in tree.query(Point(lon, lat), "intersects")), default=None)


def features(layer: str) -> list[tuple[dict[str, Any], BaseGeometry]]:
    """(properties, shape) of a layer of the carried base map."""
    with gzip.open(DATA / f"{layer}.geojson.gz", "rt", encoding="utf-8") as file:
        return [(f["properties"], from_geojson(json.dumps(f["geometry"]))) for f in json.load(file)["features"]]


def _boundaries() -> dict[str, str]:
    """Communities and streets as the unions of their grids: the carried part of them, schematic."""
    parts: dict[str, list[BaseGeometry]] = {}
    for code, shape in tiling().items():
        for digits in (9, 12):
            parts.setdefault(code[:digits].ljust(12, "0"), []).append(shape)
    return {code: to_geojson(coverage_union_all(shapes)) for code, shapes in sorted(parts.items())}


def load_place(at: datetime) -> None:
    """Divisions, boundaries, grids, then the base map, whose things find their grid, and the addresses of its house numbers."""
    with tempfile.TemporaryDirectory() as folder:
        rejects = Path(folder) / "rejects.csv"
        load_divisions(actor=SYSTEM, at=at, path=DATA / "divisions.csv", reject_path=rejects, valid_from=SINCE)
        draw_boundaries(actor=SYSTEM, at=at, boundaries=_boundaries(), schematic=True)
        plans: dict[str, list[GridPlan]] = {}
        for p, shape in grids():
            plans.setdefault(p["community"], []).append(GridPlan(p["code"], p["kind"], p["name"], json.loads(to_geojson(shape)), p.get("parent")))
        for community, plan in plans.items():
            adopt_grids(actor=SYSTEM, at=at, community=community, plan=plan, valid_from=SINCE, schematic=True)
        for layer in TABLES:
            load_base_map(actor=SYSTEM, at=at, layer=layer, path=DATA / f"{layer}.geojson.gz", reject_path=rejects, source=SOURCE, valid_from=SINCE)
    address_base_map(actor=SYSTEM, at=at)
