"""What holds of every import, whatever its lines: a check counts as the run does, blocks make no difference, and an undoing leaves what was there before."""

import json
from typing import Any

import pytest
from django.apps import apps
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jingwei.registry.actions import load_shipped_classes
from jingwei.registry.models import Component, ComponentCondition, GivenNumber, Import, ImportBlock, ImportedRow, KeptMapping
from jingwei.registry.rules.numbers import organisation_check, uscc_check
from tests.registry.importing import HEAD as PEOPLE
from tests.registry.importing import card, check, counts, family, premises, reasons, run, table, undo
from tests.world import IN_A1, IN_A2, IN_B, MONDAY, NOWHERE, World

pytestmark = pytest.mark.django_db
BLOCK = "jingwei.registry.actions.imports.working.SIZE"


def uscc(n: int) -> str:
    eight = f"{n:08d}"
    first = "91990000" + eight + organisation_check(eight)
    return first + uscc_check(first)


def pick(*values: str) -> st.SearchStrategy[str]:
    return st.sampled_from(values)


def square(lon: float, lat: float) -> str:
    return f"POLYGON (({lon} {lat}, {lon + 1e-4} {lat}, {lon + 1e-4} {lat + 1e-4}, {lon} {lat + 1e-4}, {lon} {lat}))"


BOW = "POLYGON ((121.481 31.235, 121.482 31.236, 121.482 31.235, 121.481 31.236, 121.481 31.235))"
POINTS = [f"POINT ({lon} {lat})" for lon, lat in (IN_A1, IN_A2, IN_B, NOWHERE)]
# kind → the columns, and what may stand in each.
LINES: dict[str, tuple[list[str], list[st.SearchStrategy[str]]]] = {
    "addresses": (["地址"], [pick("黄浦区新路", "黄浦区新路2号", "黄浦区新路2号3幢", "虹口区新路2号", "黄浦区测试路1号", "8号", "", "黄浦区测试路")]),
    "buildings": (
        ["id", "楼栋编码", "地址", "层数", "wkt"],
        [pick("", "a", "x", "y"), pick("", "", "", "C1"), pick("", "测试路1号", "测试路9号"), pick("", "6", "7"),
         pick(square(*IN_A1), square(*IN_A2), square(*IN_B), square(*NOWHERE), BOW)],
    ),
    "rooms": (
        ["楼栋地址", "室号", "用途", "面积", "房屋编码"],
        [pick("测试路1号", "测试路3号", "无此路1号"), pick("101", "102", "301", ""), pick("", "住宅", "商铺", "飞船"), pick("", "50"), pick("", "", "", "R1")],
    ),
    "residents": (
        ["姓名", "证件号码", "出生日期", "手机", "地址", "居住类型", "与户主关系", "户号", "入住日期", "搬离日期"],
        [pick("王甲", "李乙"), pick(card(1), card(2), "", card(3)[:-1] + "*"), pick("", "1990-01"), pick("", "13800138000", "13900139000"),
         pick("测试路1号101室", "测试路3号202室", "乙路5号101室", "无此路1号"), pick("常住", "暂住"), pick("", "户主", "子"), pick("", "H1"),
         pick("2024-05-01", "2025-06-01", "2026-03-01"), pick("", "", "2026-06-01")],
    ),
    "organisations": (
        ["统一社会信用代码", "单位名称", "类型", "联系电话", "经营地址", "法定代表人"],
        [pick(uscc(1), uscc(2), "", uscc(3)[:-1] + "*"), pick("甲商行", "乙公司"), pick("", "个体工商户"), pick("", "13800138000", "13900139000"),
         pick("测试路1号101室", "测试路3号201室", "无此路9号"), pick("", "王甲", "李乙")],
    ),
    "components": (
        ["id", "code", "class", "state", "keeper", "wkt"],
        [pick("", "1", "2", "3"), pick("", "", "", "31010101037000900"), pick("路灯", "01037", "street_light", "Litter bin", "宇宙飞船"),
         pick("", "完好", "丢失", "飞走"),
         pick("", "养护一队"), st.sampled_from(POINTS)],
    ),
    "pledges": (
        ["编号", "类型", "信用代码", "证件号码", "地址", "签订日期"],
        [pick("", "P1", "P2"), pick("消防", "房屋租赁安全"), pick(uscc(1), "", uscc(9)), pick("", card(1)), pick("", "测试路1号101室"),
         pick("2026-01-01", "2026-02-01")],
    ),
}  # fmt: skip


def lines(kind: str, most: int = 8) -> st.SearchStrategy[list[list[str]]]:
    return st.lists(st.tuples(*LINES[kind][1]).map(list), min_size=1, max_size=most)


@pytest.fixture
def street(world: World) -> World:
    load_shipped_classes(at=MONDAY)
    premises()
    run("residents", table(PEOPLE, *family("H1", "测试路1号101室", 1)))
    run("organisations", table(LINES["organisations"][0], [uscc(1), "甲商行", "", "", "测试路1号102室", ""]))
    run("components", table(["id", "class", "wkt"], ["1", "路灯", POINTS[0]]))
    return world


def tried(kind: str, content: bytes, block: int, monkeypatch: pytest.MonkeyPatch, **options: Any) -> tuple[Any, Any]:
    """(counts, reasons) of a run in blocks of so many, of which nothing stays."""
    monkeypatch.setattr(BLOCK, block)
    with transaction.atomic():
        row = run(kind, content, **options)
        transaction.set_rollback(True)
    return counts(row), row.counts["run"]["reasons"]


@pytest.mark.parametrize("moving", ["refuse", "move"])
@pytest.mark.parametrize("kind", LINES)
def test_a_check_counts_as_the_run_does_in_blocks_of_any_size(street: World, monkeypatch: pytest.MonkeyPatch, kind: str, moving: str) -> None:
    if moving == "move" and kind != "residents":
        pytest.skip("only people move")

    @given(lines(kind))
    @settings(max_examples=25, suppress_health_check=list(HealthCheck))
    def law(listed: list[list[str]]) -> None:
        content = table(LINES[kind][0], *listed)
        said = {"source": "base map" if kind == "buildings" else "import", "moving": moving}
        monkeypatch.setattr(BLOCK, 2)
        checked = check(kind, content, **said)
        expected = counts(checked, "check"), checked.counts["check"]["reasons"]
        assert sum(expected[0]) == checked.lines
        assert tried(kind, content, 2, monkeypatch, **said) == expected
        assert tried(kind, content, 1000, monkeypatch, **said) == expected

    law()


# Counters give no number twice, and a row that was changed and changed back has another version.
APART = {Import, ImportBlock, ImportedRow, KeptMapping, GivenNumber}


def shown(value: Any) -> str:
    return bytes(value).hex() if isinstance(value, (bytes, memoryview)) else str(value)


def everything() -> dict[str, list[dict[str, Any]]]:
    """What stands in every table of the register, the journal of imports excepted."""
    return {
        model.__name__: sorted(({k: shown(v) for k, v in row.items() if k != "version"} for row in model._default_manager.values()), key=str)
        for model in apps.get_app_config("registry").get_models()
        if model not in APART
    }


@pytest.mark.parametrize("kind", LINES)
def test_an_undoing_leaves_what_was_there_before(street: World, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    @given(lines(kind, 5), lines(kind, 5))
    @settings(max_examples=12, suppress_health_check=list(HealthCheck))
    def law(first: list[list[str]], second: list[list[str]]) -> None:
        monkeypatch.setattr(BLOCK, 2)
        said = {"source": "base map" if kind == "buildings" else "import", "moving": "move"}
        with transaction.atomic():
            run(kind, table(LINES[kind][0], *first), **said)
            before = everything()
            row = undo(run(kind, table(LINES[kind][0], *second), **said))
            assert row.status == "undone" and row.counts["undo"]["kept"] == 0 and everything() == before
            transaction.set_rollback(True)

    law()


def test_undoing_a_change_of_state_leaves_one_condition_that_runs_on(street: World) -> None:
    lamp = Component.objects.get()
    before = everything()
    row = run("components", table(["id", "class", "state", "wkt"], ["1", "路灯", "丢失", POINTS[0]]))
    assert counts(row) == (0, 1, 0, 0) and ComponentCondition.objects.filter(component_id=lamp.id).count() == 2
    undo(row)
    (condition,) = ComponentCondition.objects.filter(component_id=lamp.id)
    assert (condition.state, condition.to_at) == ("intact", None) and everything() == before


def test_undoing_buildings_takes_away_the_addresses_that_were_made_for_them(street: World) -> None:
    before = everything()
    row = run("buildings", table(["id", "地址", "wkt"], ["n", "黄浦区新路8号", square(*IN_A1)], ["m", "黄浦区测试路2号", square(*IN_A2)]), source="base map")
    assert counts(row) == (2, 0, 0, 0) and len(everything()["Address"]) == len(before["Address"]) + 3
    undo(row)
    assert everything() == before


def test_a_number_that_stands_again_in_a_later_block_is_the_same_as_that_line(street: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(BLOCK, 2)
    content = table(["id", "class", "wkt"], ["7", "路灯", POINTS[0]], ["8", "路灯", POINTS[1]], ["9", "路灯", POINTS[1]], ["7", "路灯", POINTS[2]])
    checked, done = check("components", content), run("components", content)
    assert counts(checked, "check") == counts(done) == (3, 0, 0, 1) and "the same as line" in reasons(done)
    shapes = [{"type": "Feature", "properties": {"id": i}, "geometry": {"type": "Point", "coordinates": IN_A1}} for i in ("p", "q", "r", "p")]
    content = json.dumps({"type": "FeatureCollection", "features": shapes}).encode()
    assert counts(check("buildings", content), "check") == counts(run("buildings", content)) == (3, 0, 0, 1)
