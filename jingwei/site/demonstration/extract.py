"""Make the carried base map of the demonstration from a raw OpenStreetMap extract.

In:  a folder with buildings, roads, landuse and pois as GeoJSON (Tilezen properties), and the divisions as CSV.
Out: data/{buildings,roads,land,landmarks}.geojson.gz (one feature on each line, attribution in the first) and
     data/divisions.csv. Kept: what the base map and the address search show. Left out: other languages than zh
     and en, label points, parts of buildings, unnamed clutter. The extract has no water; the river is what
     remains when land, roads and buildings are taken away, and is marked `derived`.

    python -m jingwei.site.demonstration.extract RAW_DIR DIVISIONS_CSV_GZ
"""

from __future__ import annotations

import csv
import gzip
import json
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from shapely import STRtree, box, from_geojson, line_merge, to_geojson, unary_union
from shapely.affinity import scale
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

DATA = Path(__file__).parent / "data"
ATTRIBUTION = "© OpenStreetMap contributors, Open Database Licence 1.0 (https://www.openstreetmap.org/copyright)"
FRAME = box(121.4813, 31.2269, 121.5198, 31.2504)  # where the raw extract is complete
LAND_KINDS = {
    "attraction",
    "commercial",
    "footway",
    "forest",
    "fuel",
    "garden",
    "grass",
    "hospital",
    "library",
    "natural_wood",
    "park",
    "parking",
    "pedestrian",
    "pier",
    "pitch",
    "place_of_worship",
    "recreation_ground",
    "residential",
    "retail",
    "school",
}
STREETS = {
    "Zhongshan East 2nd Road": "中山东二路",
    "Zhongshan East 2nd Rd": "中山东二路",
    "Pudong Road (S)": "浦东南路",
    "South Pudong Road": "浦东南路",
    "Lujiazui Ring Road": "陆家嘴环路",
    "Fucheng Rd": "富城路",
    "Huangpu Road": "黄浦路",
    "外灘隧道": "外滩隧道",
    "外鹹瓜路": "外咸瓜街",
}
STREET_OFFICES = ("310101013", "310101017", "310101018", "310109017", "310109018", "310115004", "310115005")
# Where each water can be at all, drawn by hand well behind its banks: the frame's edges have no land to stop it.
WATERS = (
    (
        "huangpu",
        "黄浦江",
        "Huangpu River",
        45,
        Polygon(
            [
                (121.4963, 31.2260),
                (121.4905, 31.2320),
                (121.4868, 31.2360),
                (121.4852, 31.2400),
                (121.4858, 31.2462),
                (121.4900, 31.2470),
                (121.4975, 31.2510),
                (121.5205, 31.2510),
                (121.5205, 31.2463),
                (121.5150, 31.2465),
                (121.5140, 31.2462),
                (121.5050, 31.2462),
                (121.5010, 31.2455),
                (121.4960, 31.2435),
                (121.4915, 31.2420),
                (121.4914, 31.2390),
                (121.4945, 31.2360),
                (121.4985, 31.2327),
                (121.4995, 31.2318),
                (121.5002, 31.2312),
                (121.5043, 31.2260),
            ]
        ),
    ),
    (
        "suzhou",
        "苏州河",
        "Suzhou Creek",
        14,
        Polygon([(121.4810, 31.2452), (121.4810, 31.2468), (121.4850, 31.2464), (121.4872, 31.2462), (121.4872, 31.2448), (121.4845, 31.2448)]),
    ),
)
METRE = 1 / 111_320  # one metre in degrees of latitude
FLAT = 0.855  # cos(latitude): makes a degree the same both ways

Feature = tuple[BaseGeometry, dict[str, Any]]


def read(path: Path) -> Iterator[Feature]:
    with (gzip.open if path.suffix == ".gz" else open)(path, "rt", encoding="utf-8") as file:
        for feature in json.load(file)["features"]:
            yield from_geojson(json.dumps(feature["geometry"])), feature["properties"]


def names(properties: dict[str, Any]) -> dict[str, str]:
    """Chinese and English name; a name in neither script is left out."""
    english = (properties.get("name:en") or "").strip()
    given = [STREETS.get(name, name) for key in ("name:zh", "name") for name in re.split(r" - ", (properties.get(key) or "").strip())]
    for name in given:
        if re.search(r"[\u4e00-\u9fff]", name):
            return {"name": name, "name_en": english}
    return {"name": "", "name_en": english or next((n for n in given if re.fullmatch(r"[\x20-\x7eÀ-ÿ]+", n)), "")}


def address(properties: dict[str, Any]) -> dict[str, str]:
    """Street and house number as written on the plate: `18号`, without floors and doubled words."""
    street = (properties.get("addr_street") or "").strip()
    street = STREETS.get(street, street)
    number = re.sub(r"^No\.\s*|[号號]$|\s+\S*(Floor|F\d+)$", "", (properties.get("addr_housenumber") or "").strip())
    number = number.replace("~", "-").split(" ")[0]
    if not street or not re.match(r"\d", number):
        return {}
    return {"street": street, "number": number if number.endswith("号") else number + "号"}


def buildings(raw: Path) -> list[tuple[BaseGeometry, dict[str, Any]]]:
    rows: dict[int, Feature] = {}
    parts: list[tuple[int, Feature]] = []
    for shape, p in read(raw / "shanghai_bund_osm_buildings.geojson.gz"):
        if shape.geom_type != "Polygon":
            continue
        kept: dict[str, Any] = {"kind": "building", **names(p), **address(p)}
        if p.get("height"):
            kept["height"] = float(p["height"])
        target = (shape.buffer(0), kept)
        if p["kind"] == "building":
            rows[p["id"]] = target
        else:
            parts.append((p["id"], target))
    tree, shapes = STRtree([shape for shape, _ in rows.values()]), [shape for shape, _ in rows.values()]
    for key, (shape, kept) in parts:  # a part stays only where no building lies under it
        covered = sum(shapes[i].intersection(shape).area for i in tree.query(shape))
        if covered < shape.area / 2:
            rows[key] = (shape, kept)
    return [(shape, {"id": f"osm/{key}", **kept}) for key, (shape, kept) in rows.items()]


def together(features: Iterable[tuple[Any, BaseGeometry, dict[str, Any]]]) -> list[Feature]:
    """Pieces of one object, which the raw extract cut at its tiles, put together again."""
    pieces: dict[Any, tuple[list[BaseGeometry], dict[str, Any]]] = {}
    for key, shape, kept in features:
        pieces.setdefault(key, ([], kept))[0].append(shape)
    return [(unary_union(shapes), kept) for shapes, kept in pieces.values()]


def roads(raw: Path) -> list[Feature]:
    def kept() -> Iterator[tuple[Any, BaseGeometry, dict[str, Any]]]:
        for shape, p in read(raw / "shanghai_bund_osm_roads.geojson.gz"):
            kind = p["kind"] if p["kind"] in ("rail", "ferry") else p.get("kind_detail", p["kind"])
            kind = "tunnel" if p.get("is_tunnel") and kind not in ("rail", "ferry") else kind
            extra = {k: True for k in ("is_tunnel", "is_bridge") if p.get(k)}
            yield (p["id"], kind), shape, {"id": f"osm/{p['id']}", "kind": kind, **names(p), **extra}

    return [(line_merge(shape) if shape.geom_type.startswith("Multi") else shape, p) for shape, p in together(kept())]


def land(raw: Path) -> list[Feature]:
    def kept() -> Iterator[tuple[Any, BaseGeometry, dict[str, Any]]]:
        for shape, p in read(raw / "shanghai_bund_osm_landuse.geojson"):
            if shape.geom_type.endswith("Polygon") and p["kind"] in LAND_KINDS:
                yield p["id"], shape.buffer(0), {"id": f"osm/{p['id']}", "kind": p["kind"], **names(p)}

    return together(kept())


def landmarks(raw: Path) -> list[Feature]:
    rows: dict[Any, Feature] = {}
    for shape, p in read(raw / "shanghai_bund_osm_pois.geojson"):
        name = names(p)
        useful = p["kind"] in ("toilets", "traffic_signals", "bus_stop", "parking", "post_box", "taxi", "atm")
        if useful or any(name.values()):
            rows[p["id"]] = (shape, {"id": f"osm/{p['id']}", "kind": p["kind"], **name})
    for shape, p in read(raw / "shanghai_bund_osm_buildings.geojson.gz"):
        if p["kind"] == "address" and address(p):
            rows[("address", p["id"])] = (shape.representative_point(), {"id": f"osm/{p['id']}/address", "kind": "address", **names(p), **address(p)})
    return list(rows.values())


def water(land_rows: list[Feature], road_rows: list[Feature], building_rows: list[Feature]) -> list[Feature]:
    """The Huangpu and Suzhou Creek: the frame without everything that stands or runs on land."""
    ground = [shape for shape, p in land_rows if p["kind"] != "pier"]
    ground += [shape for shape, _ in building_rows]
    ground += [shape for shape, p in road_rows if p["kind"] not in ("rail", "ferry", "pier") and not p.get("is_tunnel") and not p.get("is_bridge")]
    flat = unary_union([scale(shape, xfact=FLAT, origin=(0, 0)) for shape in ground])
    frame = scale(FRAME, xfact=FLAT, origin=(0, 0))
    rows = []
    for key, name, name_en, reach, bounds in WATERS:
        bounds = scale(bounds, xfact=FLAT, origin=(0, 0))
        open_space = bounds.difference(flat.buffer(reach * METRE))
        body = max(getattr(open_space, "geoms", [open_space]), key=lambda part: part.area)
        body = body.buffer((reach - 6) * METRE).intersection(bounds).intersection(frame).simplify(2 * METRE)
        rows.append((scale(body, xfact=1 / FLAT, origin=(0, 0)), {"id": f"derived/{key}", "kind": "water", "name": name, "name_en": name_en, "derived": True}))
    return rows


def write(name: str, rows: list[Feature]) -> None:
    """One feature on each line, six decimals (10 cm), in a fixed order: a second run writes the same bytes."""
    head = json.dumps({"attribution": ATTRIBUTION, "crs_name": "EPSG:4326", "name": name}, ensure_ascii=False)[1:-1]
    path = DATA / f"{name}.geojson.gz"
    with path.open("wb") as raw, gzip.GzipFile("", "wb", 9, raw, mtime=0) as out:
        out.write(('{"type":"FeatureCollection",' + head + ',"features":[\n').encode())
        lines = []
        for shape, p in sorted(rows, key=lambda row: row[1]["id"]):
            geometry = json.loads(to_geojson(shape), parse_float=lambda n: round(float(n), 6))
            kept = {k: v for k, v in p.items() if v not in ("", None)}
            feature = {"type": "Feature", "properties": kept, "geometry": geometry}
            lines.append(json.dumps(feature, ensure_ascii=False, separators=(",", ":")))
        out.write(",\n".join(lines).encode() + b"\n]}\n")


def divisions(source: Path) -> None:
    """The real divisions that the quarter touches, with their ancestors."""
    with gzip.open(source, "rt", encoding="utf-8") as file:
        rows = [
            row
            for row in csv.DictReader(file)
            if row["code"][:9] in STREET_OFFICES or any(row["code"] == office[:n].ljust(12, "0") for office in STREET_OFFICES for n in (2, 4, 6))
        ]
    with (DATA / "divisions.csv").open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, ["code", "name", "level", "parent_code"], lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def main(raw: Path, division_file: Path) -> None:
    built, paved, ground = buildings(raw), roads(raw), land(raw)
    write("buildings", built)
    write("roads", paved)
    write("land", ground + water(ground, paved, built))
    write("landmarks", landmarks(raw))
    divisions(division_file)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
