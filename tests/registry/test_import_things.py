"""Organisations, components, pledges and addresses by import; the jobs around imports; several processes at once."""

import json
import os
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone

from jingwei.registry.actions import imports, load_shipped_classes
from jingwei.registry.actions.imports import files
from jingwei.registry.models import (
    Address,
    Component,
    ComponentCondition,
    Import,
    ImportBlock,
    Organisation,
    Pledge,
    Premises,
    Residency,
    Resident,
)
from jingwei.registry.rules.numbers import organisation_check, uscc_check
from tests.registry.importing import HEAD, begin, card, check, counts, family, premises, reasons, run, table, undo
from tests.world import IN_A1, IN_FAR, MONDAY, A, World

pytestmark = pytest.mark.django_db


def uscc(n: int) -> str:
    eight = f"{n:08d}"
    first = "91990000" + eight + organisation_check(eight)
    return first + uscc_check(first)


@pytest.fixture
def street(world: World) -> World:
    premises()
    return world


FIRMS = ["统一社会信用代码", "单位名称", "类型", "联系电话", "经营地址", "法定代表人"]


def test_organisations_with_their_premises(street: World) -> None:
    lines = [
        [uscc(1), "某某商行", "个体工商户", "13800138000", "测试路1号101室", "王甲"],
        [uscc(2)[:-1] + "*", "坏代码", "", "", "测试路1号102室", ""],
        [uscc(3), "无处可寻公司", "", "", "无此路9号", ""],
    ]
    content = table(FIRMS, *lines)
    assert counts(check("organisations", content), "check") == (1, 0, 0, 2)
    row = run("organisations", content)
    firm, place = Organisation.objects.get(), Premises.objects.get()
    assert counts(row) == (1, 0, 0, 2) and (firm.kind, firm.place) == ("individual", A + "001") and place.room_id and place.organisation_id == firm.id
    assert b"1380013" not in bytes(firm.phone_sealed)
    assert counts(run("organisations", content)) == (0, 0, 1, 2)
    other = table(FIRMS, [uscc(1), "某某商行（新）", "", "13900139000", "测试路3号201室", ""])
    changed = run("organisations", other)
    assert counts(changed) == (0, 1, 0, 0) and Premises.objects.count() == 2
    undo(changed)
    firm.refresh_from_db()
    assert firm.name == "某某商行" and Premises.objects.count() == 1
    undo(row)
    assert not Organisation.objects.exists() and not Premises.objects.exists()


def lamps(*points: tuple[str, float, float], state: str = "完好") -> bytes:
    features = [
        {"type": "Feature", "properties": {"id": id, "类别": "路灯", "状态": state, "瓦数": "60"}, "geometry": {"type": "Point", "coordinates": [lon, lat]}}
        for id, lon, lat in points
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False).encode()


def lamp_class() -> str:
    from jingwei.registry.models import ComponentClass

    load_shipped_classes(at=MONDAY)
    name: str = ComponentClass.objects.filter(name__contains="灯").order_by("edition", "code").values_list("name", flat=True)[0]
    return name


def test_components_are_placed_numbered_and_known_again(street: World) -> None:
    name = lamp_class()
    content = lamps(("L1", *IN_A1), ("L2", IN_A1[0] + 0.0001, IN_A1[1]), ("L3", 0, 0)).replace("路灯".encode(), name.encode())
    row = run("components", content, source="test")
    assert counts(row) == (2, 0, 0, 1) and "position" in reasons(row)
    assert {c.place for c in Component.objects.all()} == {A + "001"} and ComponentCondition.objects.count() == 2
    assert counts(run("components", content, source="test"))[:3] == (0, 0, 2)
    worse = run("components", content.replace("完好".encode(), "破损".encode()), source="test")
    assert counts(worse) == (0, 2, 0, 1) and {c.state for c in Component.objects.all()} == {"damaged"}
    undo(worse)
    assert {c.state for c in Component.objects.all()} == {"intact"}
    undo(row)
    assert not Component.objects.exists() and not ComponentCondition.objects.exists()


def test_components_outside_the_area_are_refused(street: World) -> None:
    name = lamp_class()
    row = run("components", lamps(("L1", *IN_FAR)).replace("路灯".encode(), name.encode()), area=A)
    assert counts(row) == (0, 0, 0, 1) and "outside" in reasons(row)


def test_pledges_of_firms_and_residents(street: World) -> None:
    run("residents", table(HEAD, *family("H1", "测试路1号101室", 1)))
    run("organisations", table(FIRMS, [uscc(1), "某某商行", "", "", "测试路1号102室", ""]))
    head = ["编号", "类型", "信用代码", "证件号码", "地址", "签订日期", "截止日期"]
    lines = [
        ["P1", "消防安全责任书", uscc(1), "", "测试路1号102室", "2026-01-01", "2026-12-31"],
        ["P2", "房屋租赁安全", "", card(1), "测试路1号101室", "2026/1/1", ""],
        ["P3", "消防", uscc(9), "", "", "2026-01-01", ""],
        ["P4", "消防", uscc(1), "", "", "2026-01-01", "2025-01-01"],
        ["P1", "消防安全责任书", uscc(1), "", "测试路1号102室", "2026-01-01", "2026-12-31"],
    ]
    assert counts(check("pledges", table(head, *lines)), "check") == (2, 0, 1, 2)
    row = run("pledges", table(head, *lines))
    assert counts(row) == (2, 0, 1, 2) and {p.kind for p in Pledge.objects.all()} == {"fire", "landlord"}
    assert counts(run("pledges", table(head, *lines))) == (0, 0, 3, 2)
    undo(row)
    assert not Pledge.objects.exists()


def test_addresses_go_into_the_tree(street: World) -> None:
    before = Address.objects.count()
    row = run(
        "addresses", table(["地址", "经度", "纬度"], ["新路8号", str(IN_A1[0]), str(IN_A1[1])], ["测试路1号", str(IN_A1[0]), str(IN_A1[1])], ["8号", "", ""])
    )
    assert counts(row) == (1, 0, 1, 1) and Address.objects.count() == before + 2
    undo(row)
    assert Address.objects.count() == before


# -- jobs -----------------------------------------------------------------------------------------------------------


def test_files_are_taken_away_after_their_term(street: World) -> None:
    draft, done = begin("residents", table(HEAD, *family("H", "x", 1))).job, run("residents", table(HEAD, *family("H", "x", 1)))
    imports.clear_imports(at=MONDAY + timedelta(days=1))
    assert files.upload(draft.id).exists()
    imports.clear_imports(at=MONDAY + timedelta(days=8))
    assert not files.upload(draft.id).exists() and files.rejects(done.id, 0).exists()
    export = files.left_exports() / "residents.csv"
    export.parent.mkdir(exist_ok=True)
    export.write_text("left")
    imports.clear_imports(at=timezone.now())
    assert export.exists()
    imports.clear_imports(at=timezone.now() + timedelta(days=2))
    assert not export.exists()
    imports.clear_imports(at=MONDAY + timedelta(days=40))
    assert not files.rejects(done.id, 0).exists() and imports.left_lying(at=MONDAY) == []


@pytest.mark.django_db(transaction=True)
def test_a_killed_import_goes_on_and_does_nothing_twice(standing_world: World, tmp_path: Path) -> None:
    """kill -9 of the command and its two processes in the middle; `import resume` does what is left."""
    premises()
    names = ["王甲", "李乙", "张丙"]
    lines = [
        [names[n % 3], card(n % 999, birth=f"19{50 + n // 999}0102"), "", f"测试路1号{101 + n % 2}室", "常住", "", f"H{n // 3}", ""] for n in range(20_000)
    ]
    file = tmp_path / "people.csv"
    file.write_bytes(table(HEAD, *lines))
    url = str(os.environ["DATABASE_URL"]).replace("/jingwei?", f"/{connection.settings_dict['NAME']}?")
    env = os.environ | {"DATABASE_URL": url, "JINGWEI_VAR": str(tmp_path / "var"), "DJANGO_SETTINGS_MODULE": "jingwei.site.settings"}
    (tmp_path / "var").mkdir()
    command = [sys.executable, "-m", "jingwei", "import"]
    child = subprocess.Popen([*command, "residents", str(file), "--processes", "2"], env=env, stdout=subprocess.DEVNULL, start_new_session=True, cwd=tmp_path)
    for _ in range(600):
        if ImportBlock.objects.filter(of__kind="residents").exists() or child.poll() is not None:
            break
        time.sleep(0.05)
    os.killpg(child.pid, signal.SIGKILL)
    child.wait()
    row = Import.objects.get(kind="residents")
    assert row.status == "running" and 0 < row.blocks.count() < 5
    time.sleep(1)  # the database notices that they are gone
    subprocess.run([*command, "resume", str(row.id), "--processes", "2"], env=env, check=True, stdout=subprocess.DEVNULL, cwd=tmp_path)
    row.refresh_from_db()
    assert row.status == "done" and counts(row) == (20_000, 0, 0, 0)
    assert Resident.objects.count() == Residency.objects.filter(kind="permanent").count() == 20_000
