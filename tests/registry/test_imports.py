"""Files come into the register: what is new goes in, what is known is changed, what is wrong is refused by line, and the whole can be taken back."""

import io
from typing import Any
from uuid import UUID

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jingwei.accounts.rules import SYSTEM
from jingwei.events.models import Event
from jingwei.kit.errors import Forbidden, Invalid, NotFound, Refused
from jingwei.registry.actions import imports
from jingwei.registry.actions.imports import blocks
from jingwei.registry.models import Building, Household, Import, ImportBlock, ImportedRow, KeptMapping, Residency, Resident, Room
from jingwei.registry.queries import import_rejects, kept_by_undo, opened
from tests.registry.importing import HEAD, begin, card, check, counts, family, premises, reasons, rooms_file, run, table, undo
from tests.world import MONDAY, OTHER_STREET, STREET, A, B, World

pytestmark = pytest.mark.django_db


@pytest.fixture
def street(world: World) -> World:
    premises()
    return world


def state() -> dict[str, Any]:
    """Everything that an import of people may change."""
    return {
        model.__name__: sorted(tuple(str(v) for k, v in row.items() if k not in ("version", "import_id")) for row in model.objects.values())
        for model in (Resident, Household, Residency, Room, Building)
    }


def test_a_family_comes_into_its_room(street: World) -> None:
    row = run("residents", table(HEAD, *family("H1", "上海市黄浦区外滩街道测试路1号101室", 1)))
    assert row.status == "done" and counts(row) == (3, 0, 0, 0) and row.lines == row.lines_done == 3
    home = Household.objects.get()
    room = Room.objects.get(pk=(home.district, home.room_id))
    assert (room.building.address.standard, room.number) == ("测试路1号", "101") and home.number == "H1"
    living = Residency.objects.all()
    assert {r.relation for r in living} == {"02", "10", "20"} and {r.place for r in living} == {A + "001"} and {r.household_id for r in living} == {home.id}
    head = Resident.objects.get(pk=(home.district, home.head_id))
    assert head.place == A + "001" and head.import_id == row.id and head.sex == "1"
    assert opened(head.name_sealed, "name") == "王甲" and opened(head.identity_sealed, "identity") == card(1)
    assert Event.objects.filter(type="import.finished", subject_id=row.id).get().data["added"] == 3


def test_the_same_file_again_changes_nothing(street: World) -> None:
    content = table(HEAD, *family("H1", "测试路1号101室", 1))
    run("residents", content)
    before = state()
    assert counts(run("residents", content)) == (0, 0, 3, 0) and state() == before


def test_what_is_said_otherwise_changes_and_what_is_not_said_stays(street: World) -> None:
    run("residents", table(HEAD, *family("H1", "测试路1号101室", 1)))
    row = run(
        "residents",
        table(HEAD, ["王甲", card(1), "13900139000", "测试路1号101室", "常住", "", "", ""], ["李乙", card(2), "", "测试路3号202", "暂住", "", "", ""]),
    )
    assert counts(row) == (0, 2, 0, 0)
    assert {opened(r.phone_sealed, "phone") for r in Resident.objects.all() if r.phone_sealed} == {"13900139000"}
    assert Residency.objects.filter(kind="temporary").count() == 1 and Residency.objects.filter(kind="permanent").count() == 3


def test_nobody_lives_permanently_in_two_rooms_unless_they_move(street: World) -> None:
    run("residents", table(HEAD, *family("H1", "测试路1号101室", 1)))
    moved = table(HEAD, ["王甲", card(1), "", "测试路3号201室", "常住", "", "", "2026-03-01"])
    refused = run("residents", moved)
    assert counts(refused) == (0, 0, 0, 1) and "lives permanently elsewhere" in reasons(refused)
    assert counts(run("residents", moved, moving="move")) == (0, 1, 0, 0)
    stays = [(s.period.lower.isoformat(), s.period.upper and s.period.upper.isoformat()) for s in Residency.objects.filter(kind="permanent").order_by("period")]
    assert stays.count(("2024-05-01", "2026-03-01")) == 1 and stays.count(("2026-03-01", None)) == 1


def test_one_person_in_two_rooms_of_one_file_is_refused_at_the_second(street: World) -> None:
    lines = family("H1", "测试路1号101室", 1)
    again = ["王甲", card(1), "", "测试路1号201室", "常住", "", "", ""]
    for row, what in ((check("residents", table(HEAD, *lines, again)), "check"), (run("residents", table(HEAD, *lines, again)), "run")):
        assert counts(row, what) == (3, 0, 0, 1), what


def test_a_check_says_what_a_run_does_over_several_blocks_and_writes_nothing(street: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blocks, "SIZE", 2)
    monkeypatch.setattr("jingwei.registry.actions.imports.working.SIZE", 2)
    lines = (
        family("H1", "测试路1号101室", 1)
        + family("H1", "测试路1号101室", 1)
        + [["错", "123", "", "测试路1号101室", "", "", "", ""], *family("H2", "无此路9号1室", 20)]
    )
    lines += [["王甲", card(1), "", "测试路3号101室", "常住", "", "", ""]]
    before = state()
    checked = check("residents", table(HEAD, *lines))
    assert (
        checked.status == "checked"
        and state() == before
        and not Event.objects.filter(type__startswith="import.").exclude(data__kind="rooms").exclude(data__kind="buildings")
    )
    done = run("residents", table(HEAD, *lines))
    assert counts(checked, "check") == counts(done) == (3, 0, 3, 5)
    assert checked.counts["check"]["reasons"] == done.counts["run"]["reasons"]


def test_the_reject_file_has_line_reason_and_row(street: World) -> None:
    row = run(
        "residents",
        table([*HEAD, "备注"], ["王", "3.10115E+17", "", "测试路1号101室", "", "", "", "", "=HYPERLINK(1)"], [*family("H1", "测试路1号101室", 1)[0], "x"]),
    )
    head, only = "".join(import_rejects(actor=SYSTEM, import_id=row.id)).splitlines()
    assert head.startswith("line,reason,reason_en,姓名") and only.startswith("2,证件号码：") and "3.10115E+17" in only and ",'=HYPERLINK(1)" in only


def test_forbidden_columns_are_dropped_and_named(street: World) -> None:
    looked = begin("residents", table([*HEAD, "民族", "政治面貌"], [*family("H1", "测试路1号101室", 1)[0], "汉族", "群众"]))
    assert [g.column for g in looked.guesses if g.forbidden] == ["民族", "政治面貌"]
    imports.start_import(actor=SYSTEM, at=MONDAY, import_id=looked.job.id, defer=False)
    imports.work_import(import_id=looked.job.id, at=MONDAY)
    assert Event.objects.get(type="import.started", subject_id=looked.job.id).data["dropped"] == ["民族", "政治面貌"]
    assert "汉族" not in str(state())


def test_people_without_a_number_are_known_by_room_name_and_month(street: World) -> None:
    head = ["姓名", "出生日期", "地址"]
    content = table(head, ["小宝", "2025-03-04", "测试路1号101室"], ["小贝", "2025-03-04", "测试路1号101室"])
    assert counts(run("residents", content)) == (2, 0, 0, 0)
    assert counts(run("residents", content)) == (0, 0, 2, 0)


def test_another_name_under_a_known_number_is_not_believed(street: World) -> None:
    run("residents", table(HEAD, *family("H1", "测试路1号101室", 1)))
    row = run("residents", table(HEAD, ["赵别人", card(1), "", "测试路1号101室", "", "", "", ""]))
    assert counts(row) == (0, 0, 0, 1) and "another name" in reasons(row)


def test_a_room_in_no_building_and_one_that_stands_twice(world: World) -> None:
    premises()
    row = run("rooms", table(["楼栋地址", "室号"], ["测试路99号", "101"], ["测试路1号", "301"], ["测试路1号", "301室"], ["测试路1号", ""]))
    assert counts(row) == (1, 0, 1, 2) and "no such building" in reasons(row)
    room = Room.objects.get(number="301")
    assert room.floor == 3 and room.code and room.address_key and room.place == A + "001"


def test_a_room_that_is_used_otherwise_keeps_what_it_was(street: World) -> None:
    row = run("rooms", table(["楼栋地址", "室号", "用途", "面积"], ["测试路1号", "101", "商铺", "55.5"]))
    room = Room.objects.get(building__source_id="a", number="101")
    assert counts(row) == (0, 1, 0, 0) and (room.use, room.area and float(room.area), room.version) == ("shop", 55.5, 2)
    undo(row)
    room.refresh_from_db()
    assert (room.use, room.area, room.version) == ("residence", None, 3)


def test_buildings_again_and_moved(street: World) -> None:
    b = Building.objects.get(source_id="a")
    assert b.code and b.address.standard == "测试路1号" and b.place == A + "001"
    wkt = "POLYGON ((121.4811 31.232, 121.4814 31.232, 121.4814 31.2323, 121.4811 31.2323, 121.4811 31.232))"
    row = run(
        "buildings",
        table(["id", "地址", "层数", "wkt"], ["a", "测试路1号", "7", wkt], ["b", "测试路3号", "", "POINT (121.40 31.10)"]),
        source="base map",
        area=STREET,
    )
    assert counts(row) == (0, 1, 0, 1) and "outside" in reasons(row)
    changed = Building.objects.get(source_id="a")
    assert changed.floors_above == 7 and changed.code == b.code and changed.geometry.extent[0] == 121.4811


# -- undo -----------------------------------------------------------------------------------------------------------


def test_a_whole_import_is_undone_to_the_last_value(street: World) -> None:
    run("residents", table(HEAD, *family("H1", "测试路1号101室", 1)))
    before = state()
    changed = [["王甲", card(1), "13900139000", "测试路3号101室", "常住", "", "", "2026-06-01"], *family("H2", "测试路1号102室", 30)]
    row = run("residents", table(HEAD, *changed), moving="move")
    assert counts(row) == (3, 1, 0, 0) and state() != before
    row = undo(row)
    assert row.status == "undone" and row.counts["undo"]["kept"] == 0 and state() == before and not ImportedRow.objects.filter(import_id=row.id)
    assert Event.objects.filter(type="import.undone", subject_id=row.id).exists()


def test_what_somebody_has_changed_or_built_upon_since_stays_and_is_listed(street: World) -> None:
    first = run("residents", table(HEAD, *family("H1", "测试路1号101室", 1)))
    touched = Resident.objects.order_by("id").first()
    assert touched
    Resident.objects.filter(pk=touched.pk).update(version=2, sex="1")
    rooms = Import.objects.get(kind="rooms")
    row = undo(rooms)
    left = Room.objects.get()
    assert left.number == "101" and row.counts["undo"] == {"removed": 11, "restored": 0, "kept": 1}
    assert "hang on it" in "".join(kept_by_undo(actor=SYSTEM, import_id=rooms.id))
    assert undo(first).counts["undo"]["kept"] == 1 and Resident.objects.get().pk == touched.pk
    assert "changed it since" in "".join(kept_by_undo(actor=SYSTEM, import_id=first.id))


# -- once, and on -----------------------------------------------------------------------------------------------------


def test_a_block_is_applied_once_and_a_broken_import_goes_on(street: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("jingwei.registry.actions.imports.working.SIZE", 2)
    lines = [line for n in range(4) for line in family(f"H{n}", f"测试路1号{101 + n % 2}室", 10 * n + 1)]
    looked = begin("residents", table(HEAD, *lines))
    imports.start_import(actor=SYSTEM, at=MONDAY, import_id=looked.job.id, defer=False)
    apply, calls = blocks.apply_block, []

    def killed(job: Any, staged: Any, number: int) -> Any:
        calls.append(number)
        if len(calls) == 3:
            raise RuntimeError("pulled the plug")
        return apply(job, staged, number)

    monkeypatch.setattr("jingwei.registry.actions.imports.working.apply_block", killed)
    with pytest.raises(RuntimeError):
        imports.work_import(import_id=looked.job.id, at=MONDAY)
    row = Import.objects.get(pk=looked.job.id)
    assert row.status == "failed" and "plug" in row.trouble and Resident.objects.count() == 4
    with pytest.raises(Refused):
        imports.map_import(actor=SYSTEM, at=MONDAY, import_id=row.id, targets=None, options={"source": "x"})
    imports.start_import(actor=SYSTEM, at=MONDAY, import_id=row.id, defer=False)
    assert imports.work_import(import_id=row.id, at=MONDAY) == "done"
    row.refresh_from_db()
    assert counts(row) == (12, 0, 0, 0) and calls == [0, 1, 2, 2, 3, 4, 5] and ImportBlock.objects.filter(of=row).count() == 6


def test_what_the_database_alone_refuses_costs_its_own_row(street: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody else writes the same person between our looking and our writing: the halves are tried anew, and see them."""
    from jingwei.registry.actions.imports.writing import residents

    real, hidden = residents._known, []

    def blind(job: Any, indexes: Any) -> Any:
        if not hidden:
            hidden.append(1)
            return {}
        return real(job, indexes)

    run("residents", table(HEAD, *family("H1", "测试路1号101室", 1)))
    monkeypatch.setattr(residents, "_known", blind)
    row = run("residents", table(HEAD, *family("H1", "测试路1号101室", 1), *family("H2", "测试路1号102室", 30)))
    assert counts(row) == (3, 0, 3, 0)


@given(st.lists(st.sampled_from(["good", "again", "card", "room", "name", "phone", "cell", "far"]), min_size=1, max_size=14))
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_counts_add_up_whatever_comes(street: World, whats: list[str]) -> None:
    lines = []
    for n, what in enumerate(whats):
        line = ["张三", card(n + 1), "", "测试路1号101室", "常住", "", "", ""]
        match what:
            case "again":
                line = lines[-1] if lines else line
            case "card":
                line[1] = card(n + 1)[:-1] + "*"
            case "room":
                line[3] = "无此路1号"
            case "name":
                line[0] = ""
            case "phone":
                line[2] = "1"
            case "cell":
                line = [*line, "", "", "更多"]
            case "far":
                line[3] = "乙路5号101室"
        lines.append(line)
    content = table(HEAD, *lines)
    checked = check("residents", content, area=A)
    done = run("residents", content, area=A)
    assert sum(counts(done)) == done.lines == len(lines) and counts(checked, "check") == counts(done)
    assert len("".join(import_rejects(actor=SYSTEM, import_id=done.id)).splitlines()) == counts(done)[3] + 1
    undo(done)
    assert not Resident.objects.exists()


# -- who may ----------------------------------------------------------------------------------------------------------


def test_an_import_writes_only_where_one_keeps_the_register(street: World) -> None:
    clerk, operator = street.actor("station_clerk"), street.actor("street_operator")
    row = run("residents", table(HEAD, *family("H1", "测试路1号101室", 1), *family("H2", "乙路5号101室", 30)), actor=clerk)
    assert row.area == A and counts(row) == (3, 0, 0, 3)
    with pytest.raises(Forbidden):
        begin("residents", table(HEAD, *family("H1", "x", 1)), actor=clerk, area=B)
    for name in ("worker", "acceptor", "system_admin", "analyst"):
        with pytest.raises(Forbidden):
            begin("residents", table(HEAD, *family("H1", "x", 1)), actor=street.actor(name))
    with pytest.raises(NotFound):
        imports.start_undo(actor=street.actor("far_acceptor"), at=MONDAY, import_id=row.id, defer=False)
    with pytest.raises(Forbidden):
        import_rejects(actor=operator, import_id=row.id)
    assert import_rejects(actor=clerk, import_id=row.id) and OTHER_STREET


def test_a_mapping_is_kept_for_the_next_file_with_these_headers(street: World) -> None:
    content = table(["谁", "何处"], ["王甲", "测试路1号101室"])
    looked = begin("residents", content)
    assert [g.target for g in looked.guesses] != ["name", "address"]
    imports.map_import(actor=SYSTEM, at=MONDAY, import_id=looked.job.id, targets=["name", "address"], options={})
    imports.start_import(actor=SYSTEM, at=MONDAY, import_id=looked.job.id, defer=False)
    assert [(g.target, g.why) for g in begin("residents", content).guesses] == [("name", "kept"), ("address", "kept")] and KeptMapping.objects.count() == 3


def test_a_workbook_with_a_formula_and_a_lost_number(street: World) -> None:
    book = openpyxl.Workbook()
    for line in (HEAD, *family("H1", "测试路1号101室", 1)):
        book.active.append(line)
    book.active["A3"] = "=A2"
    book.active["B4"] = 310115199001011234
    content = io.BytesIO()
    book.save(content)
    row = run("residents", content.getvalue())
    assert counts(row) == (1, 0, 0, 2) and "formula" in reasons(row) and "lost its last digits" in reasons(row)


def test_what_can_not_be_read_leaves_nothing_behind(street: World) -> None:
    before = Import.objects.count()
    with pytest.raises(Invalid):
        begin("residents", b"%PDF-1.7")
    with pytest.raises(Invalid):
        begin("persons", b"a,b\n1,2\n")
    assert Import.objects.count() == before
    looked = begin("residents", table(["a", "b"], ["1", "2"]))
    with pytest.raises(Invalid, match="wrong"):
        imports.start_import(actor=SYSTEM, at=MONDAY, import_id=looked.job.id, defer=False)
    imports.drop_import(actor=SYSTEM, at=MONDAY, import_id=looked.job.id)
    assert not Import.objects.filter(pk=looked.job.id).exists() and isinstance(looked.job.id, UUID) and rooms_file()
