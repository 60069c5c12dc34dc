"""`jingwei load ground`: a place without Chinese codes gets divisions and grids of its own, to put data on."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from jingwei.areas.models import Division, Grid
from jingwei.areas.queries import grid_at
from jingwei.areas.rules import Box, squares
from tests.world import MONDAY, World, square

BOX = ("-2.72", "51.39", "-2.50", "51.55")


def ground(*words: Any, **options: Any) -> str:
    out = StringIO()
    call_command("load_ground", *words, stdout=out, **options)
    return out.getvalue()


@given(
    st.floats(-170, 170), st.floats(-60, 60), st.floats(0.001, 0.5), st.floats(0.001, 0.5), st.floats(500, 20_000)
)  # fmt: skip
def test_cells_tile_their_box_and_none_is_longer_than_said(west: float, south: float, across: float, up: float, metres: float) -> None:
    box = Box(round(west, 6), round(south, 6), round(west + across, 6), round(south + up, 6))
    cells = [cell for *_, cell in squares(box, metres)]
    assert sum((c.east - c.west) * (c.north - c.south) for c in cells) == pytest.approx((box.east - box.west) * (box.north - box.south), rel=1e-3)
    assert (min(c.west for c in cells), min(c.south for c in cells)) == pytest.approx((box.west, box.south))
    assert all((c.north - c.south) * 111_320 <= metres * 1.001 + 0.1 and c.west < c.east and c.south < c.north for c in cells)
    edges = {c.east for c in cells} - {max(c.east for c in cells)}
    assert edges <= {c.west for c in cells}  # neighbours share their edge to the last digit


@pytest.mark.django_db
def test_a_box_becomes_communities_with_a_grid_each(world: World) -> None:
    said = ground("998101", "Bristol", "--box", *BOX, "--cell", "4000")
    grids = Grid.objects.filter(code__startswith="998101")
    assert grids.count() == 20 and "20 个社区" in said and grids.filter(schematic=True).count() == 20
    tree = Division.objects.filter(place__startswith="99").order_by("level", "code")
    assert list(tree.values_list("level", flat=True)) == [1, 2, 3, 4, *[5] * 20]
    assert [d.name for d in tree][2:5] == ["Bristol", "Bristol", "Bristol 1-1"]
    found = grid_at(-2.6, 51.45, MONDAY.date())
    assert found and found[0].startswith("998101001")


@pytest.mark.django_db
def test_again_changes_nothing_and_a_code_is_one_places(world: World) -> None:
    ground("998101", "Bristol", "--box", *BOX)
    before = Grid.objects.count(), Division.objects.count()
    assert "nothing changed" in ground("998101", "Bristol", "--box", *BOX, "--cell", "500")
    with pytest.raises(CommandError, match="Bristol"):
        ground("998101", "Bath", "--box", *BOX)
    ground("998102", "Bath", "--box", "-2.42", "51.36", "-2.32", "51.41")
    assert Division.objects.get(pk="998100000000").name == "Bristol" and Grid.objects.count() > before[0] and Division.objects.count() > before[1]


@pytest.mark.django_db
def test_the_areas_of_a_file_with_what_lies_just_outside_them(world: World, tmp_path: Path) -> None:
    path = tmp_path / "wards.geojson"
    wards = [("Ward 1", square(-77.1, 38.9, -77.0, 39.0)), ("Ward 2", square(-77.0, 38.9, -76.9, 39.0))]
    features = [{"type": "Feature", "properties": {"NAME": name}, "geometry": shape} for name, shape in wards]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    ground("998201", "Washington", file=path, property="NAME")
    communities = Division.objects.filter(level=5, place__startswith="998201").order_by("code")
    assert [(d.name, d.schematic) for d in communities] == [("Ward 1", False), ("Ward 2", False)]
    district = Division.objects.get(pk="998201000000")
    assert district.schematic and district.boundary
    west, south, east, north = district.boundary.extent
    assert west < -77.1 and south < 38.9 and east > -76.9 and north > 39.0


@pytest.mark.django_db
@pytest.mark.parametrize(
    "words", [("310101", "x", "--box", *BOX), ("990001", "x", "--box", *BOX), ("998101", "x"), ("998101", "x", "--box", "3", "51", "2", "52")]
)
def test_real_codes_no_area_or_a_box_turned_round_are_refused(world: World, words: tuple[str, ...]) -> None:
    before = Division.objects.count()
    with pytest.raises(CommandError):
        ground(*words)
    assert Division.objects.count() == before
