"""The invented city: as many of everything as it should have, the same by seed, nobody real, and wrong only where it says so."""

import csv
import hashlib
import itertools
import json
from collections import Counter, defaultdict
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import shapely

from jingwei.kit.codes import is_division_code, is_grid_code
from jingwei.registry.rules import numbers
from jingwei.registry.rules.imports.premises import read_building, read_room
from jingwei.registry.rules.imports.residents import read as read_resident
from jingwei.registry.rules.imports.rows import RowFault
from jingwei.site.cli import WITHOUT_DATABASE
from jingwei.site.generation.plan import TODAY, Plan, hilbert
from jingwei.site.generation.write import write_city

PEOPLE = 20_000


def rows(path: Path, encoding: str = "utf-8") -> list[dict[str, str]]:
    with path.open(encoding=encoding, newline="") as stream:
        return list(csv.DictReader(stream))


def lines(path: Path) -> list[Any]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("city")
    write_city(Plan(PEOPLE), folder)
    return folder


@pytest.fixture(scope="module")
def dirty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dirty")
    write_city(Plan(PEOPLE), folder, dirty=True)
    return folder


def test_five_million_people_have_what_the_issue_says() -> None:
    plan = Plan(5_000_000)
    assert plan.count * 32 == 32_576
    for what, whole in {"people": 5_000_000, "households": 1_560_000, "components": 118_000, "buildings": 300_000, "organisations": 76_500}.items():
        assert sum(getattr(c, what) for c in plan.communities) == whole
    assert len({c.code for c in plan.communities}) == 1018 and len({c.code[:6] for c in plan.communities}) == 10
    assert len({c.cell for c in plan.communities}) == 1018
    assert all(is_division_code(c.code) for c in plan.communities)


def test_the_curve_steps_from_neighbour_to_neighbour() -> None:
    cells = [hilbert(4, d) for d in range(256)]
    assert len(set(cells)) == 256
    assert all(abs(a[0] - b[0]) + abs(a[1] - b[1]) == 1 for a, b in itertools.pairwise(cells))


def test_a_small_city_is_in_proportion(city: Path) -> None:
    told = json.loads((city / "city.json").read_text("utf-8"))
    assert told["people"] == PEOPLE and told["households"] == 6240
    assert told["rows"]["residents.csv"] == PEOPLE and told["rows"]["components.csv"] == 472 and told["rows"]["buildings.geojsonl"] == 1200
    assert 8_000 < told["rows"]["rooms.csv"] < 20_000
    assert len(rows(city / "residents.csv")) == PEOPLE


def test_households_have_one_head_and_sizes_as_in_life(city: Path) -> None:
    of = defaultdict(list)
    for row in rows(city / "residents.csv"):
        of[row["household"]].append(row)
    assert len(of) == 6240
    assert all(Counter(r["relation"] for r in them)["02"] == 1 and len({r["address"] for r in them}) == 1 for them in of.values())
    sizes = Counter(len(them) for them in of.values())
    assert set(sizes) <= set(range(1, 10)) and sizes.most_common(1)[0][0] == 3
    parents = [(r, head) for them in of.values() for head in them if head["relation"] == "02" for r in them if r["relation"] in ("20", "30")]
    assert parents and all(child["birth_date"] > head["birth_date"] for child, head in parents)


def test_the_same_seed_is_the_same_city(city: Path, tmp_path: Path) -> None:
    def digests(folder: Path) -> dict[str, str]:
        return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())}

    write_city(Plan(PEOPLE), tmp_path / "again")
    write_city(Plan(PEOPLE, seed=2), tmp_path / "other")
    assert digests(tmp_path / "again") == digests(city)
    assert digests(tmp_path / "other")["residents.csv"] != digests(city)["residents.csv"]


def test_every_number_is_right_and_nobodys(city: Path) -> None:
    seen = set()
    for row in rows(city / "residents.csv"):
        found = numbers.identity(row["identity"], row["identity_kind"], today=TODAY)
        assert not found.known_region and found.number not in seen
        assert found.birth_date == date.fromisoformat(row["birth_date"]) and found.sex == row["sex"]
        assert row["birth_date"] <= row["from_date"] <= TODAY.isoformat()
        seen.add(found.number)
        if row["phone"]:
            # A land line of area code 010 whose own number begins with 1, as no subscriber's does.
            assert numbers.telephone(row["phone"]) == row["phone"] and row["phone"].startswith("0101")
    codes = [numbers.uscc(row["uscc"]) for row in rows(city / "organisations.csv")]
    assert len(set(codes)) == len(codes) and {code[2:4] for code in codes} == {"99"}


def test_everybody_lives_in_a_room_of_a_building(city: Path) -> None:
    buildings = {f["properties"]["address"] for f in lines(city / "buildings.geojsonl")}
    assert len(buildings) == 1200
    rooms = rows(city / "rooms.csv")
    assert {room["building"] for room in rooms} <= buildings
    addresses = {f"{r['building']}{r['unit']}{r['number']}室": r["use"] for r in rooms}
    assert len(addresses) == len(rooms)
    assert {addresses[row["address"]] for row in rows(city / "residents.csv")} == {"residence"}
    former = rows(city / "former.csv")
    assert 0.03 * PEOPLE < len(former) < 0.07 * PEOPLE
    assert all(row["address"] in addresses and row["from_date"] < row["to_date"] for row in former)
    assert {row["address"] for row in rows(city / "organisations.csv")} <= set(addresses)


def test_buildings_stand_apart_inside_grids_that_tile_the_communities(city: Path) -> None:
    grids = [shapely.geometry.shape(f["geometry"]) for f in json.loads((city / "grids.geojson").read_text())["features"]]
    codes = [f["properties"]["code"] for f in json.loads((city / "grids.geojson").read_text())["features"]]
    assert all(is_grid_code(code) for code in codes) and len(set(codes)) == len(codes) == 128
    whole = [shapely.geometry.shape(f["geometry"]) for f in json.loads((city / "boundaries.geojson").read_text())["features"]]
    assert shapely.union_all(grids).symmetric_difference(whole[0]).area < 1e-12
    assert sum(g.area for g in grids) == pytest.approx(whole[0].area)
    shapes = [shapely.geometry.shape(f["geometry"]) for f in lines(city / "buildings.geojsonl")]
    assert all(shape.is_valid for shape in shapes)
    tree = shapely.STRtree(shapes)
    left, right = tree.query(shapes, predicate="intersects")
    assert [(a, b) for a, b in zip(left, right, strict=True) if a < b] == []
    assert len(set(tree.query(grids, predicate="contains")[1].tolist())) == len(shapes)


def test_components_have_codes_of_the_standard_and_stand_in_a_grid(city: Path) -> None:
    found = rows(city / "components.csv")
    assert len({row["code"] for row in found}) == len(found) == 472
    assert all(len(row["code"]) == 17 and row["code"][6:11] == row["class"] for row in found)
    grids = shapely.union_all([shapely.geometry.shape(f["geometry"]) for f in json.loads((city / "grids.geojson").read_text())["features"]])
    assert shapely.contains_xy(grids, [float(r["lon"]) for r in found], [float(r["lat"]) for r in found]).all()
    assert {row["state"] for row in found} <= {"intact", "damaged", "missing", "abandoned", "removed"}


def test_dirt_is_told_row_by_row_and_the_city_stays_whole(city: Path, dirty: Path) -> None:
    noted = rows(dirty / "dirt.csv")
    counts = json.loads((dirty / "city.json").read_text("utf-8"))["dirt"]
    assert counts == dict(sorted(Counter(f"{row['file']}: {row['what']}" for row in noted).items()))
    people = {
        name: [None, None, *rows(dirty / name, encoding)] for name, encoding in (("residents.csv", "utf-8"), ("residents_gb18030.csv", "gb18030"))
    }  # by line
    wrong = Counter()
    for note in noted:
        if note["file"] in people:
            row = people[note["file"]][int(note["line"])]
            assert row
            try:
                numbers.identity(row["identity"], row["identity_kind"], today=TODAY)
                right = True
            except numbers.NumberFault:
                right = False
            assert right == (note["what"] not in ("check_digit", "scientific_notation", "birth_date"))
            wrong[note["what"]] += 1
    assert wrong["check_digit"] and wrong["scientific_notation"] and wrong["two_permanent_rooms"] and wrong["address_written_otherwise"] > 100
    added = {(n["file"], int(n["line"])) for n in noted if n["outcome"] != "taken"}
    own = [row["identity"] for name, them in people.items() for line, row in enumerate(them) if row and (name, line) not in added]
    assert sorted(own) == sorted(row["identity"] for row in rows(city / "residents.csv"))


def said(row: dict[str, Any]) -> dict[str, str]:
    return {name: str(value) for name, value in row.items() if value not in ("", None)}


def test_every_row_is_one_that_the_import_takes(city: Path) -> None:
    for n, row in enumerate(rows(city / "residents.csv") + rows(city / "former.csv")):
        assert read_resident(n, said(row), TODAY).facts.identity
    for n, row in enumerate(rows(city / "rooms.csv")):
        assert read_room(n, said(row)).door.floor == int(row["floor"])
    for n, feature in enumerate(lines(city / "buildings.geojsonl")):
        properties = feature["properties"]
        row = said(properties | {"source_id": properties["id"], "geometry": json.dumps(feature["geometry"])})
        assert read_building(n, {k: v for k, v in row.items() if k != "id"}, "").address == properties["address"]


def test_wrong_rows_are_those_that_the_import_refuses(dirty: Path) -> None:
    refused = {"check_digit", "scientific_notation", "birth_date"}
    noted = {int(n["line"]) for n in rows(dirty / "dirt.csv") if n["file"] == "residents.csv" and n["what"] in refused}
    found = set()
    for line, row in enumerate(rows(dirty / "residents.csv"), start=2):
        try:
            read_resident(line, said(row), TODAY)
        except RowFault:
            found.add(line)
    assert found == noted


def test_generating_needs_no_database() -> None:
    assert "generate_city" in WITHOUT_DATABASE
