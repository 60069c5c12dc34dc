"""Many components at once: counted, placed, numbered and known again; real lamps where they are at hand."""

import csv
import gzip
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from jingwei.kit.ids import district_of
from jingwei.registry.actions.components.bulk import Moved, Taken, TakenComponent, take_components
from jingwei.registry.models import Component, ComponentClass, ComponentCondition, GivenNumber
from tests.registry.test_components import LAMP, _classes, lamp  # noqa: F401
from tests.world import IN_A1, IN_A2, IN_FAR, MONDAY, NOWHERE, A, World

DATA = Path(__file__).parents[2] / ".." / "shared" / "data"


def row(line: int, at: tuple[float, float] = IN_A1, klass: str = LAMP, **more: Any) -> TakenComponent:
    it = ComponentClass.objects.get(edition__contains="2026", code=klass)
    return TakenComponent(line, it.pk, klass, f"SRID=4326;POINT({at[0] + line * 1e-6} {at[1]})", **({"source_id": str(line)} | more))


def take(*rows: TakenComponent, **more: Any) -> Taken:
    with transaction.atomic():
        return take_components(at=MONDAY, rows=rows, source="测试", **more)


class Told:
    """A journal that only listens."""

    def __init__(self) -> None:
        self.changed: list[Any] = []
        self.moved: list[Moved] = []

    def changing(self, keys: Sequence[Any]) -> None:
        self.changed += keys

    def conditions(self, moved: Sequence[Moved]) -> None:
        self.moved += moved


@pytest.mark.django_db
def test_rows_are_placed_numbered_and_told_by_their_ids(world: World) -> None:
    lamp(world)
    done = take(row(1), row(2, IN_A2, facts={"owner": "市政", "state": "damaged"}), row(3, IN_FAR), row(4, klass="01001"))
    assert (done.added, done.refused) == ([1, 2, 3, 4], {})
    found = {c.source_id: c for c in Component.objects.filter(source="测试")}
    assert [found[n].code for n in "1234"] == ["31010101037000002", "31010101037000003", "31010901037000001", "31010101001000001"]
    assert (found["2"].place, found["2"].state, found["2"].owner, found["1"].name) == (A + "002", "damaged", "市政", "路灯")
    assert all(district_of(c.id) == c.district for c in found.values())
    conditions = ComponentCondition.objects.filter(component_id__in=[c.id for c in found.values()])
    assert len(conditions) == 4 and all(district_of(c.id) == c.district for c in conditions)
    assert GivenNumber.objects.get(within="310101" + LAMP).last == 3 and lamp(world).code.endswith("000004")


@pytest.mark.django_db
def test_a_second_time_changes_nothing_and_what_differs_is_changed_with_its_state(world: World) -> None:
    rows = [row(1), row(2), row(3)]
    take(*rows)
    assert take(*rows).unchanged == [1, 2, 3]
    told = Told()
    done = take(rows[0], replace(rows[1], facts={"state": "missing", "keeper": "照明所"}), replace(rows[2], attributes={"功率": "70"}), journal=told)
    assert (done.added, done.changed, done.unchanged) == ([], [2, 3], [1])
    assert len(told.changed) == 2 and [moved.made for moved in told.moved] == [False, True]
    second = Component.objects.get(source_id="2")
    assert (second.version, second.state, second.keeper) == (2, "missing", "照明所") and Component.objects.get(source_id="3").attributes == {"功率": "70"}
    history = ComponentCondition.objects.filter(component_id=second.id).order_by("from_at", "to_at")
    assert sorted((c.state, c.to_at is None) for c in history) == [("intact", False), ("missing", True)]
    assert ComponentCondition.objects.count() == 4


@pytest.mark.django_db
def test_what_is_refused_and_the_rest_goes_in(world: World) -> None:
    take(row(1))
    rows = [
        row(2, NOWHERE), row(3, code="31010901037000001"), row(4), row(5, source_id="4"), row(6, klass="01001", source_id="1"),
        replace(row(7), shape="SRID=4326;POINT EMPTY"), row(8, IN_FAR), row(9, code="31010101037000700"),
    ]  # fmt: skip
    done = take(*rows, area="310101")
    assert done.added == [4, 9] and sorted(done.refused) == [2, 3, 5, 6, 7, 8]
    assert {line: why.en for line, why in done.refused.items()}[5] == "its number stands twice in the file"
    assert GivenNumber.objects.get(within="310101" + LAMP).last == 701
    assert Component.objects.get(source_id="4").code.endswith("000701")


@pytest.mark.django_db
def test_a_check_writes_nothing(world: World) -> None:
    take(row(1))
    done = take(row(1, facts={"keeper": "x"}), row(2), dry=True)
    assert (done.added, done.changed) == ([2], [1]) and Component.objects.count() == 1 and not Component.objects.filter(keeper="x").exists()


@pytest.mark.django_db
def test_a_row_without_any_number_is_known_by_class_and_place(world: World) -> None:
    rows = [row(1, source_id=""), row(2, source_id="")]
    take(*rows)
    assert take(*rows).unchanged == [1, 2] and Component.objects.count() == 2


@pytest.mark.django_db
@pytest.mark.skipif(not (DATA / "bristol_streetlights").exists(), reason="the real lamps are not at hand")
def test_the_49451_lamps_of_bristol(world: World) -> None:
    with gzip.open(DATA / "bristol_streetlights" / "bristol_streetlights.csv.gz", "rt") as file:
        lamps = list(csv.DictReader(file))
    # Bristol laid over the test's grid: every lamp keeps its place within, so that each lies in a district.
    west, south = min(float(r["longitude"]) for r in lamps), min(float(r["latitude"]) for r in lamps)
    like = row(1)
    points = [(121.4801 + (float(r["longitude"]) - west) / 20, 31.2301 + (float(r["latitude"]) - south) / 20) for r in lamps]
    rows = [replace(like, line=n, source_id=r["id"], shape=f"SRID=4326;POINT({x} {y})") for n, (r, (x, y)) in enumerate(zip(lamps, points, strict=True), 2)]
    began = time.perf_counter()
    done = take(*rows)
    print(f"{len(rows):,} lamps in {time.perf_counter() - began:.1f} s")
    # One lamp stands twenty kilometres from the others, outside the city.
    assert len(rows) == 49_451 and len(done.added) == Component.objects.count() == 49_450 and [lamps[n - 2]["id"] for n in done.refused] == ["3004"]
    assert len(take(*rows).unchanged) == 49_450
