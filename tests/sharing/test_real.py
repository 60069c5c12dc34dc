"""The two real files, where they stand beside the checkout: counts equal the source's, counted here by other means."""

import csv
import gzip
from collections import Counter
from io import StringIO, TextIOWrapper
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db.models import Count

from jingwei.cases.models import Case
from jingwei.events.models import Event
from jingwei.sharing.actions import importing
from tests.sharing.conftest import MAPPINGS, SHARED, Importer, prepare

pytestmark = [pytest.mark.django_db, pytest.mark.skipif(not SHARED.is_dir(), reason="the real files are not here")]
PINGSHAN, DC = SHARED / "pingshan_2018" / "events_first_6000.csv.gz", SHARED / "dc_2016" / "requests.csv.gz"


def rows_of(path: Path) -> list[dict[str, str]]:
    with gzip.open(path) as raw:
        return list(csv.DictReader(TextIOWrapper(raw, encoding="utf-8-sig", newline="")))


def table(path: Path) -> dict[str, str]:
    return {r["source"]: r["code"] for r in csv.DictReader(x for x in path.open(encoding="utf-8") if not x.startswith("#")) if r["source"]}


def stored(field: str) -> Counter[str]:
    return Counter(dict(Case.objects.values_list(field).annotate(n=Count("id"))))


def months(zone: str) -> Counter[str]:
    from zoneinfo import ZoneInfo

    return Counter(f"{at.astimezone(ZoneInfo(zone)):%Y-%m}" for at in Case.objects.values_list("opened_at", flat=True))


def test_pingshan(bring: Importer, monkeypatch: pytest.MonkeyPatch) -> None:
    call_command("load_catalogue", stdout=StringIO())
    prepare("pingshan_2018")
    calls, real = 0, importing.open_with_history

    def broken(**given: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == 4:
            raise KeyboardInterrupt
        return real(**given)

    monkeypatch.setattr(importing, "open_with_history", broken)
    with pytest.raises(KeyboardInterrupt):
        bring(PINGSHAN, "pingshan_2018")
    assert Case.objects.count() == 3000
    run = bring(PINGSHAN, "pingshan_2018")
    assert (run.report.there, run.report.opened, run.report.refused, run.report.stuck) == (3000, 2990, 10, 0)
    assert Counter(r.reason.en for r in run.refused) == {"there is no unit": 9, 'unknown place "0"': 1}

    rows = [r for r in rows_of(PINGSHAN) if r["DISPOSE_UNIT_ID"] != "-" and r["COMMUNITY_ID"] not in ("-", "0")]
    assert len(rows) == 5990
    folder = MAPPINGS / "pingshan_2018"
    units, classes, areas = table(folder / "units.csv"), table(folder / "matters.csv"), table(folder / "areas.csv")
    assert stored("unit__code") == Counter(units[r["DISPOSE_UNIT_ID"]] for r in rows)
    assert stored("matter__code") == Counter(classes[f"{r['MAIN_TYPE_ID']}/{r['SUB_TYPE_ID']}"] for r in rows)
    assert stored("place") == Counter(areas[r["COMMUNITY_ID"]] for r in rows)
    assert months("Asia/Shanghai") == Counter(r["CREATE_TIME"][:7] for r in rows)
    late = Event.objects.filter(type="case.closed", data__facts__按期办结="否").count()
    assert late == sum(r["OVERTIME_ARCHIVE_NUM"] == "1" for r in rows)
    before = Event.objects.count()
    again = bring(PINGSHAN, "pingshan_2018").report
    assert (again.there, again.opened, again.moved, again.adds_up) == (5990, 0, 0, True) and Event.objects.count() == before


def test_washington(bring: Importer) -> None:
    call_command("load_catalogue", stdout=StringIO())
    prepare("dc_2016", SHARED / "dc_2016")
    run = bring(DC, "dc_2016")
    assert (run.report.read, run.report.opened, run.report.refused, run.report.stuck) == (14624, 14624, 0, 0) and run.report.adds_up
    rows, folder = rows_of(DC), MAPPINGS / "dc_2016"
    units, classes = table(folder / "units.csv"), table(folder / "matters.csv")
    assert stored("unit__code") == Counter(units[r["SERVICETYPECODEDESCRIPTION"]] for r in rows)
    assert stored("matter__code") == Counter(classes[r["SERVICECODE"]] for r in rows)
    assert months("America/New_York") == Counter(r["ADDDATE"][:7] for r in rows)
    state = {"CLOSED": "closed", "CLOSED - INCOMPLETE INFORMATION": "closed", "OPEN": "with_unit", "IN-PROGRESS": "with_unit"}
    assert stored("state") == Counter(state.get(r["SERVICEORDERSTATUS"], "voided") for r in rows)
    assert Case.objects.filter(grid__isnull=True).count() == 0, "every request lies in one single-member district"
    ward = {r["SERVICEREQUESTID"]: r["WARD"] for r in rows if r["WARD"] != "NULL"}
    placed = dict(Case.objects.values_list("outer_number", "place"))
    same = sum(int(w) == int(placed[number][4:6]) for number, w in ward.items())
    assert same / len(ward) > 0.99, "our ward, found from the point, is the ward that the source names"
    before = Event.objects.count()
    again = bring(DC, "dc_2016").report
    assert (again.there, again.opened, again.moved) == (14624, 0, 0) and Event.objects.count() == before
