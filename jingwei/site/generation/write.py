"""The city written out, community by community, so that memory stays that of one."""

import csv
import json
import time
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from pathlib import Path
from typing import IO, Any

import numpy as np
import orjson
import shapely

from jingwei.site.generation import dirt, people, place, things, words
from jingwei.site.generation.plan import CITY_PLACE, Community, Plan

Row = list[Any]
HEADS = {
    "rooms.csv": ["building", "unit", "floor", "number", "use", "tenure", "area"],
    "residents.csv": ["name", "identity_kind", "identity", "phone", "sex", "birth_date", "address", "residency_kind", "relation", "household", "from_date"],
    "organisations.csv": ["uscc", "name", "kind", "address", "phone"],
    "components.csv": ["code", "class", "name", "lon", "lat", "crs", "state", "owner", "owner_code", "keeper", "keeper_code", "placed_date"],
    "pledges.csv": ["number", "kind", "title", "uscc", "identity", "address", "signed_date", "from_date", "to_date"],
}
HEADS["former.csv"] = [*HEADS["residents.csv"], "to_date"]
GB18030 = "residents_gb18030.csv"  # with dirt: the last community's people, as an old system writes them
BUILDINGS = "buildings.geojsonl"
# GB/T 4761, by role; a child's by sex.
_RELATIONS = np.array(["02", "10", "20", "50", "40", "70", "90"], dtype=object)


class Files:
    """The files of a city in `folder`, each with how many rows it has."""

    def __init__(self, folder: Path, stack: ExitStack, heads: dict[str, list[str]], encodings: dict[str, str]) -> None:
        self.counts: Counter[str] = Counter()
        self._writers: dict[str, Any] = {}
        for name, head in heads.items():
            stream = stack.enter_context((folder / name).open("w", encoding=encodings.get(name, "utf-8"), newline="", buffering=1 << 20))
            self._writers[name] = csv.writer(stream, lineterminator="\n")
            self._writers[name].writerow(head)
        self._buildings: IO[bytes] = stack.enter_context((folder / BUILDINGS).open("wb", buffering=1 << 20))

    def add(self, name: str, rows: list[Any]) -> int:
        """Writes rows (features, of the buildings), and answers the line on which the first stands."""
        first = self.counts[name] + (1 if name == BUILDINGS else 2)
        self.counts[name] += len(rows)
        if name == BUILDINGS:
            self._buildings.writelines(orjson.dumps(feature, option=orjson.OPT_APPEND_NEWLINE) for feature in rows)
        else:
            self._writers[name].writerows(rows)
        return first


def write_city(plan: Plan, folder: Path, *, dirty: bool = False, say: Callable[[str], object] = lambda line: None) -> dict[str, int]:
    """Every file of the city, and `city.json` with what is in them; with dirt `dirt.csv` names each wrong row. Answers rows by file."""
    folder.mkdir(parents=True, exist_ok=True)
    counts: Counter[str] = Counter(_divisions(plan, folder))
    heads = HEADS | ({GB18030: HEADS["residents.csv"], "dirt.csv": ["file", "line", "what", "outcome"]} if dirty else {})
    wrong: Counter[str] = Counter()
    households = 0
    started, given = time.perf_counter(), dict[tuple[str, str], int]()
    with ExitStack() as stack:
        files = Files(folder, stack, heads, {GB18030: "gb18030"})
        firms_before = 0
        for community in plan.communities:
            lot = np.random.default_rng((plan.seed, community.number))
            ground = place.build(lot, community)
            everybody = people.inhabit(lot, community, ground)
            firms = things.organisations(lot, community, ground, firms_before)
            firms_before += len(firms)
            households += community.households
            residents = _residents(community, ground, everybody)
            parts: dict[str, list[Any]] = {
                BUILDINGS: _buildings(community, ground),
                "rooms.csv": _rooms(ground),
                "residents.csv": residents,
                "former.csv": _former(residents, ground, everybody),
                "organisations.csv": firms,
                "components.csv": things.components(lot, community, given),
                "pledges.csv": things.pledges(lot, community, ground, everybody, firms),
            }
            notes: dict[str, dirt.Notes] = {}
            if dirty:
                homes = [ground.room_address[i] for i in ground.dwellings[:500].tolist()]
                notes = {name: dirt.spoil(lot, name, parts[name], homes) for name in dirt.RATES}
            called = {"residents.csv": GB18030} if dirty and community is plan.communities[-1] else {}
            first = {name: files.add(called.get(name, name), rows) for name, rows in parts.items()}
            for name, noted in notes.items():
                file = called.get(name, name)
                files.add("dirt.csv", [[file, first[name] + i, what, outcome] for i, what, outcome in noted.rows])
                wrong.update({f"{file}: {what}": count for what, count in noted.counts.items()})
            done = community.number + 1
            if done % 100 == 0 or done == plan.count:
                say(f"{done}/{plan.count}: {files.counts['residents.csv']:,} residents, {time.perf_counter() - started:.0f} s")
        counts.update(files.counts)
    told = {"people": plan.people, "households": households, "seed": plan.seed, "rows": dict(sorted(counts.items()))}
    (folder / "city.json").write_text(json.dumps(told | ({"dirt": dict(sorted(wrong.items()))} if dirty else {}), ensure_ascii=False, indent=1) + "\n", "utf-8")
    return dict(counts)


def _divisions(plan: Plan, folder: Path) -> dict[str, int]:
    """divisions.csv, boundaries.geojson and grids.geojson, as `jingwei load` takes them."""
    names = {CITY_PLACE[:2]: words.PROVINCE, CITY_PLACE: words.CITY}
    outline: dict[str, list[Any]] = {}
    for c in plan.communities:
        names |= {c.code[:6]: c.district, c.code[:9]: c.street, c.code: c.name}
        for digits in (2, 4, 6, 9, 12):
            outline.setdefault(c.code[:digits], []).append(place.envelope(c))
    level = {2: 1, 4: 2, 6: 3, 9: 4, 12: 5}
    above = {4: 2, 6: 4, 9: 6, 12: 9}
    with (folder / "divisions.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(["code", "name", "level", "parent_code"])
        for code, name in sorted(names.items(), key=lambda item: (len(item[0]), item[0])):
            parent = code[: above[len(code)]].ljust(12, "0") if len(code) > 2 else ""
            writer.writerow([code.ljust(12, "0"), name, level[len(code)], parent])
    boundaries = (
        ({"code": code.ljust(12, "0")}, shapely.geometry.mapping(shapely.union_all([shapely.Polygon(r) for r in rings]))) for code, rings in outline.items()
    )
    grids = (
        ({"code": code, "name": name, "kind": "basic"}, {"type": "Polygon", "coordinates": [ring]})
        for c in plan.communities
        for code, name, ring in place.grids(c)
    )
    return {
        "divisions.csv": len(names),
        "boundaries.geojson": _collection(folder / "boundaries.geojson", boundaries),
        "grids.geojson": _collection(folder / "grids.geojson", grids),
    }


def _collection(path: Path, features: Iterable[tuple[dict[str, Any], Any]]) -> int:
    count = 0
    with path.open("wb") as stream:
        stream.write(b'{"type":"FeatureCollection","features":[\n')
        for properties, geometry in features:
            stream.write((b",\n" if count else b"") + orjson.dumps({"type": "Feature", "properties": properties, "geometry": geometry}))
            count += 1
        stream.write(b"\n]}\n")
    return count


def _buildings(community: Community, ground: place.Ground) -> list[dict[str, Any]]:
    return [
        {
            "type": "Feature",
            "properties": {
                "id": f"{community.code}-{i + 1:04d}",
                "name": ground.name[i],
                "address": ground.address[i],
                "floors_above": floors,
                "floors_below": below,
                "units": units,
                "use": ground.use[i],
                "height": height,
                "built_year": built,
            },
            "geometry": {"type": "Polygon", "coordinates": [ground.rings[i]]},
        }
        for i, (floors, below, units, height, built) in enumerate(
            zip(ground.floors.tolist(), ground.below.tolist(), ground.units.tolist(), ground.height.tolist(), ground.built.tolist(), strict=True)
        )
    ]


def _rooms(ground: place.Ground) -> list[Row]:
    columns = (
        ground.building.tolist(),
        ground.unit.tolist(),
        ground.floor.tolist(),
        ground.number.tolist(),
        ground.room_use,
        ground.tenure,
        ground.area.tolist(),
    )
    return [[ground.address[b], f"{u}单元" if u else "", f, d, use, tenure, area] for b, u, f, d, use, tenure, area in zip(*columns, strict=True)]


def _residents(community: Community, ground: place.Ground, them: people.People) -> list[Row]:
    relation = np.where((them.role == people.CHILD) & ~them.male, "30", _RELATIONS[them.role])
    columns = (
        them.name.tolist(),
        them.identity,
        them.phone,
        np.where(them.male, "1", "2").tolist(),
        np.datetime_as_string(them.born, unit="D").tolist(),
        [ground.room_address[r] for r in them.room.tolist()],
        np.where(them.temporary, "temporary", "permanent").tolist(),
        relation.tolist(),
        [f"{community.code}{h + 1:05d}" for h in them.household.tolist()],
        np.datetime_as_string(them.since, unit="D").tolist(),
    )
    return [[name, "identity_card", *rest] for name, *rest in zip(*columns, strict=True)]


def _former(residents: list[Row], ground: place.Ground, them: people.People) -> list[Row]:
    """Where some lived before: until the day on which the present residency begins."""
    began = np.datetime_as_string(them.before_since, unit="D").tolist() if len(them.before_since) else []
    found = []
    for i in np.flatnonzero(them.before >= 0).tolist():
        row = residents[i]
        if began[i] < row[-1]:
            found.append([*row[:6], ground.room_address[them.before[i]], "permanent", "", "", began[i], row[-1]])
    return found
