"""Real buildings of New York (OpenStreetMap, ODbL), as the README loads them. Skipped where the data is not there."""

import gzip
import itertools
import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from jingwei.accounts.rules import SYSTEM
from jingwei.registry.actions import add_pattern, load_base_map, register_building
from jingwei.registry.models import Building
from jingwei.registry.rules.rooms import Pattern
from tests.world import World

DATA = Path(__file__).parents[3] / "shared/data/nyc_osm/buildings.geojsonl.gz"
AT = datetime(2026, 11, 1, 2, tzinfo=UTC)
SOME = 3000

pytestmark = [pytest.mark.django_db, pytest.mark.skipif(not DATA.exists(), reason="no real data here")]


def test_every_building_is_taken_or_refused_with_its_reason_and_can_have_rooms(world: World, tmp_path: Path) -> None:
    path = tmp_path / "buildings.geojsonl"
    with gzip.open(DATA, "rt", encoding="utf-8") as file:
        lines = list(itertools.islice(file, SOME))
    path.write_text("".join(lines), encoding="utf-8")
    report = load_base_map(
        actor=SYSTEM, at=AT, layer="buildings", path=path, reject_path=tmp_path / "rejects.csv", source="OpenStreetMap", valid_from=date(2026, 1, 1)
    )
    assert report.read == len(lines) == report.added + report.refused and report.added > SOME * 0.99
    named = next(feature for feature in map(json.loads, lines) if feature["properties"].get("addr_housenumber"))
    building = Building.objects.get(source_id=str(named["id"]))
    assert building.number == named["properties"]["addr_housenumber"]
    Building.objects.filter(pk=building.pk).update(place="310101013001001")
    register_building(actor=SYSTEM, at=AT, values={}, building_id=building.pk)
    assert len(add_pattern(actor=SYSTEM, at=AT, building_id=building.pk, pattern=Pattern(last_floor=20, rooms=8))) == 160
