"""Loading the base map: what it takes, what it refuses, and that a second time changes nothing."""

import csv
import gzip
import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from jingwei.accounts.rules import SYSTEM, Actor, Held
from jingwei.events.models import Event
from jingwei.kit.errors import Forbidden, Invalid
from jingwei.registry.actions import load_base_map
from jingwei.registry.models import Building, Landmark, LandUse, Road

DATA = Path(__file__).parents[2] / "jingwei/site/demonstration/data"
AT = datetime(2026, 11, 1, 2, tzinfo=UTC)
SQUARE = [[[121.49, 31.24], [121.4902, 31.24], [121.4902, 31.2402], [121.49, 31.2402], [121.49, 31.24]]]
BOW = [[[121.49, 31.24], [121.4902, 31.2402], [121.4902, 31.24], [121.49, 31.2402], [121.49, 31.24]]]

pytestmark = pytest.mark.django_db


def feature(key, geometry=None, **properties):
    return {"type": "Feature", "properties": {"id": key, "kind": "building", **properties}, "geometry": geometry or {"type": "Polygon", "coordinates": SQUARE}}


def written(path: Path, *features) -> Path:
    path.write_text("\n".join(f if isinstance(f, str) else json.dumps(f, ensure_ascii=False) for f in features) + "\n", encoding="utf-8")
    return path


def load(path, tmp_path, layer="buildings", **more):
    return load_base_map(
        **(
            {"actor": SYSTEM, "at": AT, "layer": layer, "path": path, "reject_path": tmp_path / "rejects.csv", "source": "test", "valid_from": date(2026, 1, 1)}
            | more
        )
    )


def rejects(tmp_path):
    with (tmp_path / "rejects.csv").open(encoding="utf-8") as file:
        return [(int(row["line"]), row["reason_en"]) for row in csv.DictReader(file)]


@pytest.mark.parametrize(("layer", "model"), [("buildings", Building), ("roads", Road), ("land", LandUse), ("landmarks", Landmark)])
def test_the_carried_base_map_loads_whole_and_twice(layer, model, tmp_path):
    path = DATA / f"{layer}.geojson.gz"
    with gzip.open(path, "rt", encoding="utf-8") as file:
        count = len(json.load(file)["features"])
    first = load(path, tmp_path, layer)
    assert (first.read, first.added, first.refused) == (count, count, 0)
    before = list(model.objects.order_by("pk").values())
    second = load(path, tmp_path, layer)
    assert (second.unchanged, second.added, second.changed) == (count, 0, 0)
    assert list(model.objects.order_by("pk").values()) == before
    assert Event.objects.filter(type="base_map.loaded").count() == 1, "a load that changed nothing is no event"


def test_every_refused_feature_is_in_the_reject_file_with_its_reason(tmp_path):
    path = written(
        tmp_path / "buildings.ndjson",
        feature("good", number="98~114号", street="南京东路"),
        feature("good"),
        "{not json",
        feature(None),
        feature("bow", {"type": "Polygon", "coordinates": BOW}),
        feature("point", {"type": "Point", "coordinates": [121, 31]}),
        feature("open", {"type": "Polygon", "coordinates": [SQUARE[0][:-1]]}),
        feature("far", {"type": "Polygon", "coordinates": [[[1210, 31], [121, 31], [121, 32], [1210, 31]]]}),
        feature("words", {"type": "Polygon", "coordinates": [[["a", 31], [121, 31], [121, 32], ["a", 31]]]}),
        feature("high", height=5000),
        feature("long", name="路" * 101),
        feature("nul", name="a\x00b"),
        "[1, 2]",
    )
    report = load(path, tmp_path)
    assert (report.read, report.added, report.refused) == (13, 1, 12)
    assert sorted(rejects(tmp_path)) == [
        (2, "the id stands twice in the file"),
        (3, "not JSON"),
        (4, "no id of at most 60 characters"),
        (5, "not a valid geometry: Self-intersection[121.4901 31.2401]"),
        (6, "not a geometry of this layer"),
        (7, "a ring is not closed"),
        (8, "a position lies outside longitude and latitude"),
        (9, "a position is not two numbers"),
        (10, "the height is not 0 to 1000 metres"),
        (11, "name is not a text of at most 100 characters"),
        (12, "name is not a text of at most 100 characters"),
        (13, "not a GeoJSON feature"),
    ]
    good = Building.objects.get()
    assert (good.number_from, good.number_to, good.source_id) == (98, 114, "good")


def test_a_changed_feature_changes_and_a_lost_one_ends_only_when_the_file_is_complete(tmp_path):
    load(written(tmp_path / "a.ndjson", feature("1"), feature("2")), tmp_path)
    newer = written(tmp_path / "b.ndjson", feature("1", name="新楼"))
    part = load(newer, tmp_path, valid_from=date(2026, 6, 1))
    assert (part.changed, part.ended, Building.objects.on(date(2026, 7, 1)).count()) == (1, 0, 2)
    whole = load(newer, tmp_path, valid_from=date(2026, 6, 1), complete=True)
    assert (whole.unchanged, whole.ended) == (1, 1)
    assert Building.objects.on(date(2026, 7, 1)).get().name == "新楼"
    assert Building.objects.on(date(2026, 5, 1)).count() == 2, "what has ended still stood before"


def test_only_the_program_and_system_administrators_load_it(tmp_path):
    path = written(tmp_path / "a.ndjson", feature("1"))
    with pytest.raises(Forbidden):
        load(path, tmp_path, actor=Actor(id=1, name="甲", held=(Held("shift_leader", "31"),)))
    assert not Building.objects.exists() and not Event.objects.exists()
    assert load(path, tmp_path, actor=Actor(id=1, name="甲", held=(Held("system_admin", "31"),))).added == 1


@pytest.mark.parametrize("wrong", [{"layer": "clouds"}, {"crs": "GCJ-02"}, {"source": ""}])
def test_a_wrong_declaration_names_its_field(wrong, tmp_path):
    with pytest.raises(Invalid) as refused:
        load(written(tmp_path / "a.ndjson", feature("1")), tmp_path, **wrong)
    assert refused.value.errors[0].field == next(iter(wrong))


def test_a_declared_coordinate_system_is_kept_with_unchanged_numbers(tmp_path):
    load(written(tmp_path / "a.ndjson", feature("1")), tmp_path, crs="EPSG:4490")
    building = Building.objects.get()
    assert (building.crs, building.geometry.srid, building.geometry.extent[0]) == ("EPSG:4490", 4326, 121.49)
