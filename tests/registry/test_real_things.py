"""Real lamps, assets and buildings, by the very commands of the README. Skipped where the data is not at hand."""

import re
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from jingwei.registry.actions import load_shipped_classes
from jingwei.registry.models import Building, Component, ComponentCondition, Import
from tests.registry.importing import counts, reasons, undo
from tests.world import MONDAY, World

DATA = Path(__file__).parents[3] / "shared" / "data"
README = Path(__file__).parents[2] / "README.md"
pytestmark = [pytest.mark.django_db, pytest.mark.skipif(not DATA.exists(), reason="no real data here")]


def typed(tmp_path: Path, *about: str) -> list[str]:
    """Run each command of the README that has one of these words; the files are those of the real data. Answers what they printed."""
    said = []
    for line in README.read_text("utf-8").splitlines():
        if line.startswith("jingwei ") and any(word in line for word in about):
            words = re.findall(r"'[^']*'|\S+", line.split("  #")[0])[1:]
            said.append(_command([_real(word.strip("'")) for word in words], tmp_path))
    assert said
    return said


def _real(word: str) -> str:
    found = [path for path in DATA.glob(f"*/{word}") if path.is_file()] if word.endswith(".gz") else []
    return str(found[0]) if found else word


def _command(words: list[str], tmp_path: Path) -> str:
    out = StringIO()
    name, rest = ("import", words[1:]) if words[0] == "import" else ("_".join(words[:2]), words[2:])
    more: dict[str, Any] = {"rejects": tmp_path / "rejects.csv"} if name == "import" else {"rejects": tmp_path} if name == "load_basemap" else {}
    call_command(name, *rest, stdout=out, **more)
    return out.getvalue()


@pytest.fixture(autouse=True)
def _classes(world: World) -> None:
    load_shipped_classes(at=MONDAY)


def test_bristols_49451_lamps(tmp_path: Path) -> None:
    ground, printed = typed(tmp_path, "998101", "bristol_streetlights")
    row = Import.objects.get()
    # One lamp stands twenty kilometres from the others, outside the city.
    assert counts(row) == (49_450, 0, 0, 1) and row.lines == 49_451 and Component.objects.count() == 49_450, reasons(row)
    assert "communities" in ground and "49451 行" in printed and "lies in no district" in printed
    assert set(Component.objects.values_list("klass__code", flat=True).distinct()) == {"01037"}
    undo(row)
    assert not Component.objects.exists() and not ComponentCondition.objects.exists()


def test_washingtons_65101_assets_of_16_types(tmp_path: Path) -> None:
    typed(tmp_path, "998201", "dc_assets")
    row = Import.objects.get()
    assert counts(row) == (65_101, 0, 0, 0) and Component.objects.count() == 65_101, reasons(row)
    assert Component.objects.values("klass").distinct().count() >= 10 and Component.objects.exclude(attributes={}).exists()


def test_some_of_new_yorks_buildings_and_their_codes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The whole 102,034 take a minute and a half; here the first 3,000."""
    import gzip
    import itertools

    some = tmp_path / "buildings.geojsonl.gz"
    with gzip.open(DATA / "nyc_osm" / "buildings.geojsonl.gz", "rt", encoding="utf-8") as file, gzip.open(some, "wt", encoding="utf-8") as out:
        out.writelines(itertools.islice(file, 3000))
    monkeypatch.setattr("tests.registry.test_real_things._real", lambda word: str(some) if word == some.name else word)
    *_, coded = typed(tmp_path, "998301", "buildings.geojsonl.gz")
    assert Building.objects.count() == Building.objects.exclude(code="").count() >= 2990 and coded.startswith(f"{Building.objects.count()} 栋赋码")
    assert set(Building.objects.values_list("place", flat=True)) and not Building.objects.exclude(place__startswith="998301001").exists()
