"""Components come in from files of any city: by class or code, known again by the source's own number, taken back as a whole."""

import gzip
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from jingwei.accounts.rules import SYSTEM
from jingwei.kit.errors import Invalid
from jingwei.registry.actions import imports, load_shipped_classes
from jingwei.registry.models import Component, ComponentCondition, Import
from tests.registry.importing import begin, counts, reasons, run, undo
from tests.world import IN_A1, IN_B, MONDAY, World

pytestmark = pytest.mark.django_db


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


# -- what no row says -----------------------------------------------------------------------------------------------


def command(path: Path, *words: str) -> str:
    out = StringIO()
    call_command("import", "components", str(path), *words, stdout=out)
    return out.getvalue()


def test_a_packed_file_that_says_no_class_by_one_command(tmp_path: Path) -> None:
    path = tmp_path / "lamps.csv.gz"
    path.write_bytes(gzip.compress(sheet(f"1,{at(IN_A1)}", f"2,{at(IN_B)}", "3,,", head="id,longitude,latitude")))
    with pytest.raises(CommandError, match="missing: Component code or Class"):
        command(path)
    said = command(path, "--set", "class=路灯", "--set", "state=damaged", "--source", "市政", "--rejects", str(tmp_path / "rejects.csv"))
    assert "3 行 rows: 2 新增 added" in said and "1 拒收 refused" in said and "no position" in said
    assert {(c.klass.code, c.state, c.source) for c in Component.objects.select_related("klass")} == {("01037", "damaged", "市政")}
    assert Import.objects.get(status="done").name == "lamps.csv"
    path.write_bytes(path.read_bytes()[:30])
    with pytest.raises(CommandError, match=r"lamps\.csv\.gz"):
        command(path, "--set", "class=路灯")


def test_what_a_row_says_goes_before_what_is_said_of_all() -> None:
    looked = begin("components", sheet(f"1,Litter bin,{at(IN_A1)},", f"2,,{at(IN_B)},丢失"))
    again = imports.map_import(actor=SYSTEM, at=MONDAY, import_id=looked.job.id, targets=None, options={"always": {"class": "路灯", "state": "破损"}})
    assert again.job.options["always"] == {"class": "路灯", "state": "破损"}
    imports.start_import(actor=SYSTEM, at=MONDAY, import_id=looked.job.id, defer=False)
    imports.work_import(import_id=looked.job.id, at=MONDAY)
    assert sorted(Component.objects.values_list("source_id", "klass__code", "state")) == [("1", "03005", "damaged"), ("2", "01037", "missing")]


@pytest.mark.parametrize(
    ("kind", "always", "field"),
    [
        ("components", {"nothing": "x"}, "always.nothing"),
        ("components", {"attributes": "x"}, "always.attributes"),
        ("components", {"class": " "}, "always.class"),
        ("residents", {"name": "王甲"}, "always.name"),
    ],
)
def test_what_can_not_be_said_of_all_rows_is_refused_by_name(kind: str, always: dict[str, str], field: str) -> None:
    looked = begin(kind, sheet(f"1,路灯,{at(IN_A1)},") if kind == "components" else "姓名,地址\n王,x\n".encode())
    with pytest.raises(Invalid) as refused:
        imports.map_import(actor=SYSTEM, at=MONDAY, import_id=looked.job.id, targets=None, options={"always": always})
    assert [e.field for e in refused.value.errors] == [field]


def test_the_doors_take_and_tell_what_is_meant_of_all_rows(world: World) -> None:
    client = Client()
    client.force_login(world.people["station_clerk"], backend="django.contrib.auth.backends.ModelBackend")
    begun = client.post("/api/v1/imports?kind=components", sheet(f"1,{at(IN_A1)}", head="id,longitude,latitude"), content_type="application/octet-stream")
    path = f"/api/v1/imports/{begun.json()['job']['id']}/columns"
    assert begun.json()["always"] == {}
    said = client.put(path, {"always": {"class": "路灯"}, "targets": ["source_id", "lon", "lat"]}, content_type="application/json")
    assert said.status_code == 200 and said.json()["always"] == {"class": "路灯"} and client.get(path).json()["always"] == {"class": "路灯"}
    wrong = client.put(path, {"always": {"attributes": "x"}}, content_type="application/json")
    assert wrong.status_code == 422 and wrong.json()["errors"][0]["field"] == "always.attributes"
