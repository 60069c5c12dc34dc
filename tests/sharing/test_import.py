"""Cases come in once, with their own times, through the actions; what can't is refused with its reason."""

import csv
import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jingwei.areas.models import Grid
from jingwei.cases.models import Assignment, Case, Step
from jingwei.catalogue.queries import catalogue
from jingwei.events.models import Event
from jingwei.kit.errors import Invalid, Refused
from jingwei.sharing.actions import importing
from tests.sharing.conftest import EXTRACTS, MAPPINGS, Importer, prepare


def _table() -> list[tuple[Any, ...]]:
    cases = Case.objects.order_by("outer_number").values_list("id", "state", "version", "unit__code", "place", "opened_at", "closed_at")
    return [*cases, (Event.objects.count(), Step.objects.count(), Assignment.objects.count())]


def test_pingshans_events_come_in_and_are_counted(pingshan: Path, bring: Importer) -> None:
    run = bring(pingshan, "pingshan_2018")
    report = run.report
    assert (report.read, report.opened, report.there, report.refused, report.stuck) == (21, 17, 0, 4, 0)
    assert report.adds_up
    assert [r.reason.en for r in run.refused] == ["there is no unit"] * 3 + ['unknown place "0"']
    case = Case.objects.get(outer_number="9148")
    assert (case.state, case.place, case.unit.code, case.process.code, case.source) == ("closed", "440310006004", "PS1805", "imported", "resident")  # type: ignore[union-attr]
    assert case.opened_at.isoformat() == "2018-02-08T07:34:40+00:00"


def test_a_closing_whose_time_the_source_does_not_say_invents_none(pingshan: Path, bring: Importer) -> None:
    bring(pingshan, "pingshan_2018")
    case = Case.objects.get(outer_number="9148")
    assert case.closed_at is None and not Step.objects.filter(case_id=case.id).exists()
    closing = Event.objects.get(subject_id=case.id, type="case.closed")
    assert closing.data["undated"] is True and closing.data["facts"]["按期办结"] == "是"
    assert closing.data["facts"]["时间 time"].startswith("来源未说明")
    late = Event.objects.get(subject_id=Case.objects.get(outer_number="9188").id, type="case.closed")
    assert late.data["facts"]["按期办结"] == "否"


def test_what_is_not_closed_stays_with_its_unit(pingshan: Path, bring: Importer) -> None:
    bring(pingshan, "pingshan_2018")
    [case] = Case.objects.exclude(state="closed")
    assert case.state == "with_unit" and case.unit is not None


def test_two_classes_with_one_number_are_told_apart(pingshan: Path, bring: Importer) -> None:
    bring(pingshan, "pingshan_2018")
    names = set(Case.objects.filter(matter__code__endswith="0602").values_list("matter__name", flat=True))
    assert len(names) == 2


def test_twice_changes_nothing(pingshan: Path, bring: Importer) -> None:
    bring(pingshan, "pingshan_2018")
    before = _table()
    again = bring(pingshan, "pingshan_2018").report
    assert (again.opened, again.there, again.moved, again.refused) == (0, 17, 0, 4) and again.adds_up
    assert _table() == before


def test_after_a_break_it_goes_on(pingshan: Path, bring: Importer, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = 0
    real = importing.open_with_history

    def broken(**given: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == 3:
            raise KeyboardInterrupt
        return real(**given)

    monkeypatch.setattr(importing, "open_with_history", broken)
    with pytest.raises(KeyboardInterrupt):
        bring(pingshan, "pingshan_2018", chunk=5)
    assert Case.objects.count() == 10, "two whole chunks, nothing of the third"
    rest = bring(pingshan, "pingshan_2018", chunk=5).report
    assert (rest.there, rest.opened, rest.moved) == (10, 7, 13) and rest.adds_up


def test_moves_that_were_not_made_are_made_later(pingshan: Path, bring: Importer, tmp_path: Path) -> None:
    """A later file of the same source moves its cases on."""
    lines = pingshan.read_text("utf-8").splitlines(keepends=True)
    rows = list(csv.reader(lines))
    late, intime = rows[0].index("OVERTIME_ARCHIVE_NUM"), rows[0].index("INTIME_ARCHIVE_NUM")
    earlier = tmp_path / "earlier.csv"
    with earlier.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([rows[0], *([*r[:late], "-", r[late + 1], "-", *r[intime + 1 :]] for r in rows[1:])])
    first = bring(earlier, "pingshan_2018").report
    assert (first.opened, first.moved) == (17, 17)
    later = bring(pingshan, "pingshan_2018").report
    assert (later.there, later.opened, later.moved) == (17, 0, 16)
    assert Case.objects.filter(state="closed").count() == 16


def test_statements_do_not_grow_with_the_rows(pingshan: Path, bring: Importer, tmp_path: Path) -> None:
    lines = pingshan.read_text("utf-8").splitlines(keepends=True)
    few, many = tmp_path / "few.csv", tmp_path / "many.csv"
    few.write_text("".join(lines[:3]), "utf-8")
    many.write_text("".join([lines[0], *lines[3:]]), "utf-8")
    catalogue()  # read once a process
    counts = []
    for path in (few, many):
        with CaptureQueriesContext(connection) as seen:
            bring(path, "pingshan_2018")
        counts.append([sql for q in seen.captured_queries if not (sql := " ".join(q["sql"].split())[:60]).startswith("analyze")])
    assert len(counts[0]) == len(counts[1]) == 16, "\n".join(counts[1])


def test_washingtons_requests_keep_their_times(dc_mapping: Path, bring: Importer) -> None:
    report = bring(EXTRACTS / "dc.csv", dc_mapping).report
    assert (report.read, report.opened, report.refused, report.stuck) == (32, 32, 0, 0) and report.adds_up
    case = Case.objects.get(outer_number="16-00579652")
    assert case.opened_at.isoformat() == "2016-07-08T04:19:28+00:00", "the city's own time, although the file ends it in Z"
    assert case.closed_at and case.closed_at.isoformat() == "2016-07-19T17:28:07+00:00"
    with_unit = Step.objects.get(case_id=case.id, state="with_unit")
    assert with_unit.due_at and with_unit.due_at.isoformat() == "2016-07-11T21:00:00+00:00"
    assert with_unit.overdue_at == with_unit.due_at, "closed after its due time"
    standing = Case.objects.filter(state="with_unit").first()
    assert standing and standing.due_at, "the source's due time stays"


def test_duplicates_and_void_ones_end_with_their_reason(dc_mapping: Path, bring: Importer) -> None:
    bring(EXTRACTS / "dc.csv", dc_mapping)
    assert Case.objects.filter(state="voided").count() == 12
    reasons = Event.objects.filter(type="case.voided").values_list("data__form__reason", flat=True)
    assert any("DUPLICATE (OPENED)" in r for r in reasons) and any("voided in the source" in r for r in reasons)


def test_outside_every_boundary_a_case_is_kept_unlocated(dc_mapping: Path, bring: Importer) -> None:
    bring(EXTRACTS / "dc.csv", dc_mapping)
    assert set(Case.objects.values_list("place", "grid")) == {("9901", None)}
    assert not Case.objects.filter(point__isnull=True).exists()


def _geojson(path: Path, features: dict[str, list[list[float]]]) -> Path:
    found = [{"type": "Feature", "properties": {"SMD_ID": k}, "geometry": {"type": "Polygon", "coordinates": [v]}} for k, v in features.items()]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": found}))
    return path


def _box(west: float, south: float, east: float, north: float) -> list[list[float]]:
    return [[west, south], [east, south], [east, north], [west, north], [west, south]]


def test_boundaries_and_whole_grids_locate_the_cases(dc_mapping: Path, bring: Importer, tmp_path: Path) -> None:
    file = _geojson(tmp_path / "smd.geojson", {"1A01": _box(-77.2, 38.7, -77.0, 39.1), "1A02": _box(-77.0, 38.7, -76.8, 39.1)})
    said = StringIO()
    call_command("load_boundaries", file, property="SMD_ID", mapping=dc_mapping.parent / "areas.csv", stdout=said)
    call_command("load_grids", "--whole", "9901", "--valid-from", "2012-01-01", stdout=said)
    call_command("load_grids", "--whole", "9901", "--valid-from", "2012-01-01", stdout=said)
    assert "2 有变 changed" in said.getvalue() and "2 个新网格" in said.getvalue() and "0 个新网格" in said.getvalue()
    bring(EXTRACTS / "dc.csv", dc_mapping)
    assert Grid.objects.count() == 2 and not Case.objects.filter(grid__isnull=True).exists()


def test_neighbours_that_overlap_are_refused_and_named(dc_mapping: Path, tmp_path: Path) -> None:
    file = _geojson(tmp_path / "smd.geojson", {"1A01": _box(-77.2, 38.7, -77.0, 39.1), "1A02": _box(-77.01, 38.7, -76.8, 39.1)})
    call_command("load_boundaries", file, property="SMD_ID", mapping=dc_mapping.parent / "areas.csv", stdout=StringIO())
    said = StringIO()
    with pytest.raises(CommandError):
        call_command("load_grids", "--whole", "9901", "--valid-from", "2012-01-01", stdout=StringIO(), stderr=said)
    assert "overlaps" in said.getvalue() and not Grid.objects.exists()


def test_prepare_again_changes_nothing(pingshan: Path) -> None:
    before = Event.objects.count()
    said = prepare("pingshan_2018")
    assert Event.objects.count() == before and "120 个已有" in said


def test_the_command_writes_rejects_and_counts(pingshan: Path, tmp_path: Path) -> None:
    said = StringIO()
    rejects, report = tmp_path / "rejects.csv", tmp_path / "report.csv"
    call_command("import_cases", pingshan, mapping=MAPPINGS / "pingshan_2018" / "map.toml", rejects=rejects, report=report, hands=1, stdout=said)
    refused = list(csv.DictReader(rejects.open(encoding="utf-8")))
    assert len(refused) == 4 and refused[0]["reason"] == "没有单位" and json.loads(refused[0]["row"])[0]
    counts = list(csv.DictReader(report.open(encoding="utf-8")))
    assert {c["agrees"] for c in counts} == {"yes"} and {c["group"] for c in counts} == {"unit", "class", "month"}
    assert "21 行 rows = 17 收入 opened + 0 已有 there already + 4 拒收 refused" in said.getvalue()


def test_a_file_without_the_columns_is_refused_whole(pingshan: Path, bring: Importer, tmp_path: Path) -> None:
    path = tmp_path / "other.csv"
    path.write_text("a,b\n1,2\n", "utf-8")
    with pytest.raises(Invalid) as caught:
        bring(path, "pingshan_2018")
    assert "REC_ID" in {e.field for e in caught.value.errors} and not Case.objects.exists()


def test_bytes_of_another_encoding_cost_only_their_rows(pingshan: Path, bring: Importer, tmp_path: Path) -> None:
    path = tmp_path / "mixed.csv"
    lines = pingshan.read_bytes().splitlines(keepends=True)
    lines[1] = lines[1].decode("utf-8").encode("gb18030")
    path.write_bytes(b"".join(lines[:4]))
    run = bring(path, "pingshan_2018")
    assert (run.report.opened, run.report.refused) == (2, 1) and "encoding" in run.refused[0].reason.en and run.refused[0].line == 2


def test_without_its_units_nothing_comes_in(db: None, bring: Importer) -> None:
    call_command("load_catalogue", stdout=StringIO())
    with pytest.raises(Refused, match="import prepare"):
        bring(EXTRACTS / "pingshan.csv", "pingshan_2018")


def test_a_case_that_was_ended_here_is_reported_not_forced(pingshan: Path, bring: Importer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Somebody voided a case by hand before the source closed it: the source's closing is refused and said."""
    from jingwei.accounts.rules import SYSTEM
    from jingwei.cases.actions import perform
    from tests.world import MONDAY

    lines = pingshan.read_text("utf-8").splitlines(keepends=True)
    path = tmp_path / "one.csv"
    path.write_text("".join(lines[:2]).replace(",1,0,0,1,", ",1,-,0,-,"), "utf-8")
    bring(path, "pingshan_2018")
    [case] = Case.objects.all()
    assert case.state == "with_unit"
    perform(actor=SYSTEM, case_id=case.id, move="void", form={"reason": "重复"}, seen_version=case.version, at=MONDAY)
    path.write_text("".join(lines[:2]), "utf-8")
    run = bring(path, "pingshan_2018")
    assert (run.report.there, run.report.stuck, run.report.refused) == (1, 1, 0)
    assert run.refused[0].inside and "close" in run.refused[0].reason.en
