"""Components come in from files of any city: by class or code, known again by the source's own number, taken back as a whole."""

import csv
import gzip
import io
from pathlib import Path

import pytest

from jingwei.registry.actions import load_shipped_classes
from jingwei.registry.models import Component, ComponentCondition
from tests.registry.importing import counts, reasons, run, undo
from tests.world import IN_A1, IN_B, MONDAY, World

pytestmark = pytest.mark.django_db
DATA = Path(__file__).parents[2] / ".." / "shared" / "data"


@pytest.fixture(autouse=True)
def _classes(world: World) -> None:
    load_shipped_classes(at=MONDAY)


def sheet(*rows: str, head: str = "id,class,longitude,latitude,state") -> bytes:
    return ("\n".join([head, *rows]) + "\n").encode()


def at(point: tuple[float, float]) -> str:
    return f"{point[0]},{point[1]}"


def test_classes_are_known_by_code_name_and_other_cities_words() -> None:
    row = run("components", sheet(f"1,01037,{at(IN_A1)},完好", f"2,路灯,{at(IN_A1)},", f"3,street_light,{at(IN_B)},破损", f"4,Litter bin,{at(IN_B)},good"))
    assert counts(row) == (4, 0, 0, 0), reasons(row)
    found = {c.source_id: c for c in Component.objects.select_related("klass")}
    assert [found[n].klass.code for n in "1234"] == ["01037", "01037", "01037", "03005"] and [found[n].state for n in "1234"] == [
        "intact",
        "intact",
        "damaged",
        "intact",
    ]
    assert all(c.import_id == row.id for c in found.values())


def test_what_is_wrong_is_refused_with_its_reason_and_the_counts_add_up() -> None:
    row = run("components", sheet(f"1,路灯,{at(IN_A1)},", f"2,宇宙飞船,{at(IN_A1)},", "3,路灯,,,", "4,路灯,0.1,0.1,", f"5,路灯,{at(IN_A1)},飞走了"))
    assert counts(row) == (1, 0, 0, 4) and Component.objects.count() == 1


def test_again_changes_nothing_then_a_state_and_back() -> None:
    first = sheet(f"1,路灯,{at(IN_A1)},", f"2,路灯,{at(IN_B)},")
    run("components", first, source="市政")
    assert counts(run("components", first, source="市政")) == (0, 0, 2, 0)
    changed = run("components", sheet(f"1,路灯,{at(IN_A1)},丢失", f"2,路灯,{at(IN_B)},"), source="市政")
    assert counts(changed) == (0, 1, 1, 0) and Component.objects.get(source_id="1").state == "missing"
    undo(changed)
    assert Component.objects.get(source_id="1").state == "intact"


def test_undoing_takes_all_back() -> None:
    undo(run("components", sheet(f"1,路灯,{at(IN_A1)},", f"2,路灯,{at(IN_B)},")))
    assert not Component.objects.exists() and not ComponentCondition.objects.exists()


@pytest.mark.skipif(not (DATA / "dc_2016").exists(), reason="the real assets are not at hand")
def test_washingtons_65101_assets_of_16_types() -> None:
    """Laid over the test's two communities: each type finds its class, and every row is counted."""
    with gzip.open(DATA / "dc_2016" / "dc_assets.csv.gz", "rt") as file:
        assets = list(csv.DictReader(file))[::20]
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["id", "class", "longitude", "latitude"])
    for one in assets:
        writer.writerow([one["id"], one["asset_type"], 121.481 + (float(one["lon"]) + 77.2) / 40, 31.231 + (float(one["lat"]) - 38.79) / 40])
    row = run("components", out.getvalue().encode())
    assert sum(counts(row)) == len(assets) and counts(row)[3] == 0, reasons(row)
    assert Component.objects.values("klass").distinct().count() >= 10
