"""Cut the quarter into communities and grids: `python -m jingwei.site.demonstration.cut`.

In:  data/{roads,land,buildings}.geojson.gz and data/divisions.csv (see extract.py), plan.toml.
Out: data/grids.geojson: grids (code, name, kind, community, schematic) that cover the land of the frame without gap or
     overlap, each inside one community, along roads and banks; no building is cut. Shared borders have the same
     vertices. The same input gives the same bytes.

Method: real road lines make blocks; blocks too big are cut by their inner ways, or straight where nothing stands; a
building on a line goes wholly to the block that holds most of it; scraps join the neighbour with the longest common
border; blocks go to streets by plan.toml, to communities by the nearest seed; a community is halved until each part
carries about one grid's load.
"""

from __future__ import annotations

import csv
import gzip
import json
import math
import tomllib
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from shapely import (
    STRtree,
    coverage_is_valid,
    coverage_union_all,
    from_geojson,
    get_parts,
    line_merge,
    polygonize,
    set_precision,
    transform,
    unary_union,
)
from shapely.geometry import LineString, MultiPolygon, Point, Polygon, box
from shapely.geometry.base import BaseGeometry

HERE = Path(__file__).parent
FRAME = box(121.4813, 31.2269, 121.5198, 31.2504)
LON, LAT, METRE, FLAT = 121.5, 31.24, 111_320.0, math.cos(math.radians(31.24))
Feature = tuple[BaseGeometry, dict[str, Any]]
GRAIN = 0.05  # metres: the arrangement is noded on this grid
STREETS = {"trunk", "primary", "secondary", "tertiary", "residential", "unclassified", "living_street"}
WAYS = {"service", "pedestrian", "footway", "path", "cycleway"}


def metres(shape: BaseGeometry) -> BaseGeometry:
    return transform(shape, lambda xy: (xy - (LON, LAT)) * (METRE * FLAT, METRE))


def degrees(shape: BaseGeometry) -> BaseGeometry:
    return transform(shape, lambda xy: (xy / (METRE * FLAT, METRE) + (LON, LAT)).round(7))


def read(name: str) -> list[Feature]:
    with gzip.open(HERE / "data" / f"{name}.geojson.gz", "rt", encoding="utf-8") as file:
        return [(metres(from_geojson(json.dumps(f["geometry"]))), f["properties"]) for f in json.load(file)["features"]]


def lengthened(line: LineString, by: float) -> LineString:
    """Both ends drawn on, so that a street meets the one it nearly touches."""
    first, second, *_ = line.coords
    *_, last_but_one, last = line.coords

    def on(a: tuple[float, ...], b: tuple[float, ...]) -> tuple[float, float]:
        share = by / (math.dist(a, b) or 1)
        return (b[0] + (b[0] - a[0]) * share, b[1] + (b[1] - a[1]) * share)

    return LineString([on(second, first), *line.coords, on(last_but_one, last)])


def lines_of(roads: list[Feature], kinds: set[str], by: float) -> list[Any]:
    merged = line_merge(unary_union([shape for shape, p in roads if p["kind"] in kinds and not p.get("is_tunnel") and not p.get("is_bridge")]))
    return [lengthened(line, by) for line in get_parts(merged) if line.length > 5]


def faces_of(lines: list[BaseGeometry], land: BaseGeometry) -> list[Polygon]:
    arrangement = unary_union([*lines, land.boundary], grid_size=GRAIN)
    return [face for face in get_parts(polygonize(get_parts(arrangement).tolist())) if land.contains(face.representative_point())]


def straight_cuts(face: Polygon, tree: STRtree, shapes: Sequence[BaseGeometry], largest: float) -> list[BaseGeometry]:
    """Lines across the long side of a block, near its middle, where they meet the fewest buildings."""
    if face.area <= largest:
        return []
    around = face.minimum_rotated_rectangle
    assert isinstance(around, Polygon)
    a, b, c, d, _ = around.exterior.coords
    if math.dist(a, b) < math.dist(b, c):
        a, b, c, d = b, c, d, a

    def across(t: float) -> LineString:
        return LineString([(a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t), (d[0] + (c[0] - d[0]) * t, d[1] + (c[1] - d[1]) * t)])

    def cost(t: float) -> float:
        line = across(t).intersection(face)
        return float(sum(line.intersection(shapes[i]).length for i in tree.query(line)) + abs(t - 0.5) * line.length)

    line = lengthened(across(min((0.5 + s * n / 50 for n in range(13) for s in (1, -1)), key=cost)), 2)
    halves = faces_of([line], face)
    return [line.intersection(face.buffer(1))] + [more for half in halves if len(halves) > 1 for more in straight_cuts(half, tree, shapes, largest)]


def common_border(a: BaseGeometry, b: BaseGeometry) -> float:
    return a.boundary.intersection(b.boundary).length


class Blocks:
    """Blocks as sets of atoms of one arrangement: joining them never moves a border."""

    def __init__(self, pieces: list[list[Polygon]]):
        self.shape: dict[int, BaseGeometry] = {i: coverage_union_all(p) for i, p in enumerate(pieces) if p}
        self.near: dict[int, dict[int, float]] = defaultdict(dict)
        keys = list(self.shape)
        tree = STRtree([self.shape[k] for k in keys])
        for k in keys:
            for j in tree.query(self.shape[k]):
                other = keys[j]
                if other > k and (length := common_border(self.shape[k], self.shape[other])) > 0.01:
                    self.near[k][other] = self.near[other][k] = length

    def join(self, scrap: int, into: int) -> None:
        self.shape[into] = coverage_union_all([self.shape.pop(scrap), self.shape[into]])
        for other, length in self.near.pop(scrap).items():
            del self.near[other][scrap]
            if other != into:
                total = self.near[into].get(other, 0) + length
                self.near[into][other] = self.near[other][into] = total

    def connected(self, keys: set[int]) -> list[set[int]]:
        parts, left = [], set(keys)
        while left:
            part, edge = set(), {min(left)}
            while edge:
                part |= edge
                edge = {n for k in edge for n, length in self.near[k].items() if n in left and length > 3} - part
            parts.append(part)
            left -= part
        return sorted(parts, key=lambda p: -sum(self.shape[k].area for k in p))


def is_scrap(shape: BaseGeometry) -> bool:
    return shape.area < 3500 or 2 * shape.area / shape.length < 14


def whole_buildings(faces: list[Polygon], lines: BaseGeometry, buildings: Sequence[BaseGeometry], land: BaseGeometry) -> list[list[Polygon]]:
    """The atoms of every face, after each building on a line went wholly to the face that holds most of it."""
    clusters = list(get_parts(unary_union([b.buffer(0.3, join_style="mitre") for b in buildings])))
    cut = [set_precision(c.simplify(0.1), GRAIN) for c in clusters if lines.intersection(c).length > 0.2]
    arrangement = unary_union([lines, *(c.boundary for c in cut)], grid_size=GRAIN)
    atoms = [a for a in get_parts(polygonize(get_parts(arrangement).tolist())) if land.contains(a.representative_point())]
    tree, inside = STRtree(faces), STRtree(cut)
    pieces: list[list[Polygon]] = [[] for _ in faces]
    of_building: dict[int, list[tuple[int, Polygon]]] = defaultdict(list)
    for atom in atoms:
        point = atom.representative_point()
        face = next(iter(tree.query(point, "intersects")), tree.nearest(point))
        building = next(iter(inside.query(point, "intersects")), None)
        if building is None:
            pieces[face].append(atom)
        else:
            of_building[building].append((face, atom))
    for parts in of_building.values():
        share: dict[int, float] = defaultdict(float)
        for face, atom in parts:
            share[face] += atom.area
        pieces[max(share, key=lambda f: share[f])].extend(atom for _, atom in parts)
    return pieces


def main() -> None:
    plan = tomllib.loads((HERE / "plan.toml").read_text(encoding="utf-8"))
    roads, ground = read("roads"), read("land")
    buildings = [shape.buffer(0) for shape, _ in read("buildings")]
    tree = STRtree(buildings)
    frame = metres(FRAME)
    water = unary_union([shape for shape, p in ground if p["kind"] == "water"])
    over = [b.buffer(2, join_style="mitre") for b in buildings if not frame.contains(b)]
    land = unary_union([frame.difference(water), *over], grid_size=GRAIN)
    land = MultiPolygon([Polygon(p.exterior) for p in get_parts(land) if p.area > 5000])

    lines: list[BaseGeometry] = list(lines_of(roads, STREETS, 30))
    for place in plan["dedicated"]:
        if "road" in place:
            course = unary_union([s for s, p in roads if p.get("name") == place["road"]])
            place["area"] = (
                course.buffer(place["width"] / 2, cap_style="flat")
                .buffer(3)
                .buffer(-3)
                .difference(unary_union([buildings[i] for i in tree.query(course.buffer(60))]))
                .buffer(-1)
                .buffer(1)
            )
            lines += [part.exterior for part in get_parts(place["area"]) if part.area > 500]
        else:
            place["area"] = metres(Polygon(place.get("within", [])))
    inner = lines_of(roads, WAYS, 12)
    for face in faces_of(lines, land):
        if face.area > plan["largest"] * 0.6:
            found = [w.intersection(face.buffer(-4)) for w in inner if w.intersects(face)]
            lines += [lengthened(w, 12) for f in found for w in get_parts(f) if w.geom_type == "LineString" and w.length > 60]
    for face in faces_of(lines, land):
        lines += straight_cuts(face, tree, buildings, plan["largest"])

    faces = faces_of(lines, land)
    noded = unary_union([*lines, land.boundary], grid_size=GRAIN)
    blocks = Blocks(whole_buildings(faces, noded, buildings, land))
    streets: list[tuple[str, BaseGeometry]] = []
    for place in plan["street"]:  # where two overlap, the first has it
        taken = unary_union([area for _, area in streets])
        streets.append((place["code"], metres(Polygon(place["within"])).difference(taken)))

    def street_of(shape: BaseGeometry) -> str:
        return max(streets, key=lambda s: (s[1].intersection(shape).area, -s[1].distance(shape)))[0]

    street = {k: street_of(s) for k, s in blocks.shape.items()}
    dedicated: dict[int, dict[str, Any]] = {}
    for place in plan["dedicated"]:
        for k, shape in blocks.shape.items():
            if any(shape.contains(metres(Point(p))) for p in place.get("at", [])) or place["area"].intersection(shape).area > shape.area / 2:
                dedicated[k] = place
    # Scraps first, smallest first; a scrap stays on its own street's side and off a dedicated place.
    while scraps := sorted((s.area, k) for k, s in blocks.shape.items() if is_scrap(s) and k not in dedicated and blocks.near[k]):
        _, k = scraps[0]
        best = max(blocks.near[k], key=lambda n: (street[n] == street[k], n not in dedicated, blocks.near[k][n]))
        blocks.join(k, best)
    for k in [k for k, s in blocks.shape.items() if not blocks.near[k]]:
        del blocks.shape[k]  # an islet that touches nothing

    seeds = {c["code"]: [metres(Point(p)) for p in c["seeds"]] for c in plan["community"]}
    belongs: dict[int, str] = {}
    for k, shape in blocks.shape.items():
        near = [c for c in seeds if c.startswith(street[k])]
        belongs[k] = (
            dedicated[k]["community"] if k in dedicated else min(near, key=lambda c: min(shape.centroid.distance(s) + shape.distance(s) for s in seeds[c]))
        )
    for _ in range(20):  # a part cut off from its community goes to the neighbour
        moved = False
        for code in sorted(seeds):
            for part in blocks.connected({k for k, c in belongs.items() if c == code})[1:]:
                around: dict[str, float] = defaultdict(float)
                for k in part:
                    for n, length in blocks.near[k].items():
                        if n not in part:
                            around[belongs[n]] += length + (1e6 if belongs[n][:9] == code[:9] else 0)
                if around and not any(k in dedicated for k in part):
                    moved = True
                    belongs.update(dict.fromkeys(part, max(around, key=lambda c: around[c])))
        if not moved:
            break

    def load(keys: set[int]) -> float:
        return float(sum(weight[k] for k in keys))

    weight = {
        k: sum(buildings[i].intersection(s).area for i in tree.query(s)) / plan["load_building"] + s.area / plan["load_land"] for k, s in blocks.shape.items()
    }

    def halved(keys: set[int]) -> list[set[int]]:
        """Contiguous parts of about the target load: cut across the longer extent, then mend what fell apart."""
        parts = blocks.connected(keys)
        if len(parts) > 1:
            return [g for p in parts for g in halved(p)]
        count = round(load(keys) / plan["target_load"])
        if count < 2 or len(keys) < 2:
            return [keys]
        box_ = unary_union([blocks.shape[k].minimum_rotated_rectangle for k in keys]).minimum_rotated_rectangle
        assert isinstance(box_, Polygon)
        a, b, c, *_ = box_.exterior.coords
        u = (b[0] - a[0], b[1] - a[1]) if math.dist(a, b) > math.dist(b, c) else (c[0] - b[0], c[1] - b[1])
        order = sorted(keys, key=lambda k: blocks.shape[k].centroid.x * u[0] + blocks.shape[k].centroid.y * u[1])
        want = load(keys) * (count // 2) / count
        first: set[int] = set()
        for k in order[:-1]:
            if first and load(first | {k}) - want > want - load(first):
                break
            first.add(k)
        second = keys - first
        for one, other in ((first, second), (second, first)):
            for scrap in blocks.connected(one)[1:]:
                one -= scrap
                other |= scrap
        return [g for half in (first, second) for g in (halved(half) if half != keys else [half]) if half]

    def mended(groups: list[set[int]]) -> list[set[int]]:
        """A grid too small to be one joins the neighbour in its community with the longest common border."""
        while len(groups) > 1:
            small = min(groups, key=load)
            touch = {id(g): sum(blocks.near[k].get(n, 0) for k in small for n in g) for g in groups if g is not small}
            best = max((g for g in groups if g is not small), key=lambda g: touch[id(g)])
            if load(small) > plan["target_load"] / 3 or not touch[id(best)]:
                break
            groups = [g for g in groups if g is not small and g is not best] + [small | best]
        return groups

    names = {
        row["code"][:12]: row["name"].removesuffix("居委会")
        for row in csv.DictReader((HERE / "data/divisions.csv").open(encoding="utf-8"))
        if row["level"] == "5"
    }
    grids: list[Feature] = []
    for code in sorted(set(belongs.values())):
        own = {k for k, c in belongs.items() if c == code}
        places = [p for p in plan["dedicated"] if p["community"] == code]
        groups = [({k for k in own if dedicated.get(k) is p}, p["name"]) for p in places]
        basic = [(g, "") for g in mended(halved({k for k in own if k not in dedicated}))]
        cells = [(coverage_union_all([blocks.shape[k] for k in g]), name, g) for g, name in groups + basic if g]
        cells.sort(key=lambda c: (-round(c[0].centroid.y / 150), c[0].centroid.x))
        for number, (shape, name, group) in enumerate(cells, 1):
            assert isinstance(shape, Polygon)
            shape = Polygon(shape.exterior, [r for r in shape.interiors if Polygon(r).area > 1])  # noding leaves pinholes
            grids.append(
                (
                    degrees(shape),
                    {
                        "code": f"{code}{number:03}",
                        "name": f"{name}专属网格" if name else f"{names[code]}{number:02}网格",
                        "kind": "dedicated" if name else "basic",
                        "community": code,
                        "schematic": True,
                    },
                )
            )
            if grids[-1][1]["code"] in plan["micro_in"]:
                for micro, k in enumerate(sorted(group, key=lambda k: blocks.shape[k].centroid.x), 1):
                    grids.append(
                        (
                            degrees(blocks.shape[k]),
                            {
                                "code": f"{code}{number * 100 + micro:03}",
                                "name": f"{names[code]}{number:02}网格{micro}号微网格",
                                "kind": "micro",
                                "parent": f"{code}{number:03}",
                                "community": code,
                                "schematic": True,
                            },
                        )
                    )
    shapes = [shape for shape, p in grids if p["kind"] != "micro"]
    bad = [p["code"] for s, p in grids if not s.is_valid or s.geom_type != "Polygon"]
    print(
        len(shapes),
        "grids and",
        len(grids) - len(shapes),
        "micro grids in",
        len(set(belongs.values())),
        "communities;",
        "coverage valid:",
        coverage_is_valid(shapes),
        "; not simple:",
        bad,
    )
    write(grids)


def write(grids: list[Feature]) -> None:
    head = {
        "type": "FeatureCollection",
        "schematic": True,
        "attribution": "Cut along roads © OpenStreetMap contributors, ODbL 1.0. Schematic: not the official boundaries.",
    }
    lines = [
        json.dumps({"type": "Feature", "properties": p, "geometry": s.normalize().__geo_interface__}, ensure_ascii=False, separators=(",", ":"))
        for s, p in grids
    ]
    text = json.dumps(head, ensure_ascii=False)[:-1] + ',"features":[\n' + ",\n".join(lines) + "\n]}\n"
    (HERE / "data/grids.geojson").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
