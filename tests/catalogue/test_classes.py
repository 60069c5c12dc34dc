"""A city's own classes and its filing conditions, edited one by one; what a national standard lists stays as it is."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from jingwei.accounts.rules import SYSTEM, Actor, Held
from jingwei.catalogue import actions
from jingwei.catalogue.actions import ConditionDraft, MatterDraft
from jingwei.catalogue.actions.classes import standing_matter
from jingwei.catalogue.actions.editing import mark
from jingwei.catalogue.models import Edition, FilingCondition, Matter
from jingwei.catalogue.queries import catalogue
from jingwei.catalogue.rules.clock import Limit
from jingwei.catalogue.rules.codes import next_code, next_number
from jingwei.catalogue.rules.files import read_sheet
from jingwei.catalogue.rules.values import is_national
from jingwei.events.models import Event
from jingwei.kit.errors import Conflict, Forbidden, Invalid, NotFound, Refused

AT = datetime(2026, 11, 16, 2, tzinfo=UTC)
TODAY, LATER = date(2026, 11, 16), date(2026, 12, 1)
GB, OURS = "GB/T 47678.5-2026", "本市事项"
CLERK, ADMIN = Actor(1, "甲", (Held("shift_leader", "31"),)), Actor(2, "乙", (Held("system_admin", "31"),))
LIFT = MatterDraft("电梯困人", "public_safety")
STUCK = ConditionDraft("电梯内有人被困", 1, "urgent_hour", "人员救出")


@pytest.fixture
def ours(loaded: None) -> None:
    actions.open_edition(actor=ADMIN, at=AT, code=OURS, name="本市自定事项", source="某市网格办〔2026〕3 号")
    actions.open_filing_standard(actor=ADMIN, at=AT, code="ours", name="本市立案标准", source="某市网格办〔2026〕3 号")


def add(**more: Any) -> Matter:
    said = {"actor": ADMIN, "at": AT, "edition": OURS, "kind": "event", "major": "06", "draft": LIFT} | more
    return actions.add_matter(**said).row  # type: ignore[arg-type]


def change(draft: MatterDraft, code: str, edition: str = OURS, **more: Any) -> Any:
    row = standing_matter(edition, "event", code, TODAY)
    said = {"actor": ADMIN, "at": AT, "edition": edition, "kind": "event", "code": code, "seen": mark(row), "draft": draft} | more
    return actions.change_matter(**said)


def condition(code: str = "06001", edition: str = GB, **more: Any) -> FilingCondition:
    said = {"actor": ADMIN, "at": AT, "standard": "ours", "edition": edition, "kind": "event", "code": code, "draft": STUCK} | more
    return actions.add_condition(**said).row  # type: ignore[arg-type]


def rewrite(row: FilingCondition, **more: Any) -> Any:
    said = {"actor": ADMIN, "at": AT, "condition_id": row.pk, "seen": mark(row), "draft": replace(STUCK, limit_value=2)} | more
    return actions.change_condition(**said)  # type: ignore[arg-type]


def on(day: date, code: str = "06001") -> list[tuple[str, Limit]]:
    """Text and limit of the city's own conditions of a class on a day."""
    return [(c.text, c.limit) for c in catalogue().conditions_of(catalogue().matter(code), day) if c.standard == "ours"]


# -- classes ------------------------------------------------------------------------------------------------------------------------------------


def test_a_class_below_a_major_one_gets_the_next_code_and_a_case_may_name_it(ours: None) -> None:
    row = add()
    last = max(m.code for m in catalogue().matters(edition=GB, kind="event") if m.major_code == "06")
    assert row.code == f"{int(last) + 1:05}" and row.major_name == catalogue().matter("06001").major_name
    assert catalogue().matter(row.code, on=TODAY).name == "电梯困人"
    event = Event.objects.get(type="matter.added")
    assert event.data["code"] == row.code and event.actor_id == 2 and ["name", "", "电梯困人"] in event.data["changes"]


def test_renamed_from_a_day_on_and_the_old_name_stays_with_what_was_opened_before(ours: None) -> None:
    row = add()
    before = catalogue().matter_by_id(row.pk)
    condition(row.code, OURS)
    change(MatterDraft("电梯故障", "city_management"), row.code, valid_from=LATER)
    book = catalogue()
    assert [book.matter(row.code, on=day).name for day in (LATER - timedelta(1), LATER)] == ["电梯困人", "电梯故障"]
    assert book.matter(row.code).name == "电梯困人", "asked without a day, what has begun goes before what is to come"
    assert book.matter_by_id(row.pk) == replace(before, valid_to=LATER)
    assert book.conditions_of(book.matter(row.code, on=LATER), LATER), "its conditions go with it"


def test_a_name_of_this_very_day_stays_for_what_was_opened_under_it(ours: None) -> None:
    row = add()
    change(replace(LIFT, name="电梯故障"), row.code)
    book = catalogue()
    assert book.matter(row.code, on=TODAY).name == "电梯故障" and book.matter_by_id(row.pk).name == "电梯困人"
    assert [m.name for m in book.matters(edition=OURS)] == ["电梯故障"]


def test_switched_off_from_a_day_on(ours: None) -> None:
    row = add()
    actions.end_matter(actor=ADMIN, at=AT, edition=OURS, kind="event", code=row.code, seen=mark(row), valid_to=LATER)
    book = catalogue()
    assert book.matter(row.code, on=LATER - timedelta(1))
    with pytest.raises(NotFound):
        book.matter(row.code, on=LATER)
    assert Event.objects.get(type="matter.ended").data["changes"] == [["valid_to", "", "2026-12-01"]]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"code": "06001"}, "code"),
        ({"code": "07999"}, "code"),
        ({"code": "06-9"}, "code"),
        ({"code": "06"}, "code"),
        ({"code": "06" + "1" * 20}, "code"),
        ({"edition": "没有的"}, "edition"),
        ({"edition": GB}, "edition"),
        ({"edition": "示范市扩展类"}, "edition"),  # ended with 2025
        ({"major": "99"}, "major"),
        ({"major": ""}, "major"),
        ({"draft": replace(LIFT, name=" ")}, "name"),
        ({"draft": replace(LIFT, module="x")}, "module"),
        ({"valid_from": date(2026, 1, 1)}, "valid_from"),
    ],
)
def test_a_wrong_class_is_refused_at_its_field(ours: None, wrong: dict[str, Any], field: str) -> None:
    before = Matter.objects.count(), Event.objects.count()
    with pytest.raises(Invalid) as refused:
        add(**wrong)
    assert field in [e.field for e in refused.value.errors]
    assert (Matter.objects.count(), Event.objects.count()) == before


def test_tried_first_nothing_is_kept(ours: None) -> None:
    tried = actions.add_matter(actor=ADMIN, at=AT, edition=OURS, kind="event", major="06", draft=LIFT, dry_run=True)
    assert ("name", "", "电梯困人") in tried.changes and not Matter.objects.filter(name="电梯困人").exists()
    row = add()
    tried = change(replace(LIFT, name="电梯故障"), row.code, dry_run=True, valid_from=LATER)
    assert tried.changes == [("name", "电梯困人", "电梯故障"), ("valid_from", "2026-11-16", "2026-12-01")]
    assert standing_matter(OURS, "event", row.code, TODAY).name == "电梯困人" and not Event.objects.filter(type="matter.changed").exists()


def test_two_who_change_a_class(ours: None) -> None:
    row = add()
    seen = mark(row)
    change(replace(LIFT, name="电梯故障"), row.code)
    with pytest.raises(Conflict) as conflict:
        change(LIFT, row.code, seen=seen)
    assert conflict.value.extra["present"]["name"] == "电梯故障"


def test_nothing_different_is_no_event(ours: None) -> None:
    row = add()
    assert change(LIFT, row.code).changes == [] and not Event.objects.filter(type="matter.changed").exists()


def test_an_edition_of_one_s_own_has_a_code_of_its_own(ours: None) -> None:
    for code in (OURS, GB, "GB/T 99999-2030", " "):
        with pytest.raises(Invalid) as refused:
            actions.open_edition(actor=ADMIN, at=AT, code=code, name="x", source="x")
        assert {e.field for e in refused.value.errors} == {"code"}


# -- a national standard --------------------------------------------------------------------------------------------------------------------------


def test_what_is_a_national_standard() -> None:
    assert [is_national(code) for code in (GB, "GB 50180-2018", "GB/Z 1-2020")] == [True] * 3
    assert [is_national(code) for code in (OURS, "DB31/T 1-2020", "GBX", "示范市扩展类")] == [False] * 4


def gb_sheet(rows: str, name: str = "城市运行管理服务平台 管理部件和事项（2026 年版）") -> Any:
    edition = Edition.objects.get(code=GB)
    head = f"# edition: {GB}\n# name: {name}\n# source: {edition.source}\n# valid_from: {edition.valid_from}\n"
    return read_sheet(f"{head}kind,code,major_code,major_name,name,module\n{rows}".encode(), columns=())


def same(code: str = "06001", **other: str) -> str:
    m = Matter.objects.select_related("module").get(edition__code=GB, kind="event", code=code)
    said = {"kind": "event", "code": code, "major_code": m.major_code, "major_name": m.major_name, "name": m.name, "module": m.module.code} | other
    return ",".join(said.values()) + "\n"


def test_an_administrator_changes_nothing_of_a_national_standard(ours: None) -> None:
    events = Event.objects.count()
    rows = same() + same("06002", name="别的名字") + "event,06998,06,x,新的,economy\n"
    report = actions.load_matters(actor=ADMIN, at=AT, sheet=gb_sheet(rows))
    assert (report.unchanged, report.added, report.changed) == (1, 0, 0)
    assert [(r.row["code"], "can't be changed" in r.reason.en) for r in report.refused] == [("06002", True), ("06998", True)]
    with pytest.raises(Invalid) as head:
        actions.load_matters(actor=ADMIN, at=AT, sheet=gb_sheet(same(), name="改名"))
    assert [e.field for e in head.value.errors] == ["name"]
    for edit in (
        lambda: change(MatterDraft("别的", "economy"), "06001", GB),
        lambda: actions.end_matter(actor=ADMIN, at=AT, edition=GB, kind="event", code="06001", seen=mark(standing_matter(GB, "event", "06001", TODAY))),
    ):
        with pytest.raises(Refused) as refused:
            edit()
        assert refused.value.code == "national_standard"
    assert Event.objects.count() == events and not Matter.objects.filter(name__in=["别的名字", "新的", "别的"]).exists()


@pytest.mark.parametrize(
    "write",
    [
        lambda: Matter.objects.filter(edition__code=GB, code="06001").update(name="别的"),
        lambda: Matter.objects.filter(edition__code=OURS).update(edition=Edition.objects.get(code=GB)),
        lambda: Matter.objects.filter(edition__code=GB, code="06001").update(edition=Edition.objects.get(code=OURS)),
        lambda: Matter.objects.filter(edition=Edition.objects.get(code=GB), code="06001")._raw_delete("default"),
        lambda: Edition.objects.filter(code=GB).update(valid_to=LATER),
    ],
)
def test_the_database_itself_refuses(ours: None, write: Any) -> None:
    add()
    with pytest.raises(IntegrityError, match="national standard"), transaction.atomic():
        write()


def test_the_installation_corrects_it_and_the_guard_stands_again(ours: None) -> None:
    report = actions.load_matters(actor=SYSTEM, at=AT, sheet=gb_sheet(same(name="更正后的名字")))
    assert report.changed == 1 and Matter.objects.filter(edition__code=GB, name="更正后的名字").exists()
    with pytest.raises(IntegrityError, match="national standard"), transaction.atomic():
        Matter.objects.filter(edition__code=GB, code="06001").update(name="别的")


def test_a_new_national_standard_comes_in_whole_or_not_at_all(ours: None) -> None:
    head = "# edition: GB/T 1-2031\n# name: n\n# source: s\n# valid_from: 2031-01-01\nkind,code,major_code,major_name,name,module\n"
    with pytest.raises(Invalid, match="whole"):
        actions.load_matters(actor=ADMIN, at=AT, sheet=read_sheet(f"{head}event,01001,01,x,甲,economy\nevent,01002,01,x,乙,nope\n".encode(), columns=()))
    report = actions.load_matters(actor=ADMIN, at=AT, sheet=read_sheet(f"{head}event,01001,01,x,甲,economy\n".encode(), columns=()))
    assert report.added == 1


# -- filing conditions --------------------------------------------------------------------------------------------------------------------------


def test_a_condition_for_a_class_of_the_standard(ours: None) -> None:
    row = condition()
    assert (row.number, row.local) == ("06001-01", False) and condition().number == "06001-02"
    assert on(TODAY)[0] == ("电梯内有人被困", Limit(1, "urgent_hour"))
    event = Event.objects.get(type="condition.added", data__number="06001-01")
    assert ["limit_unit", "", "urgent_hour"] in event.data["changes"]


def test_a_condition_changes_on_its_day_and_the_old_row_stays_as_it_was(ours: None) -> None:
    row = condition()
    held = rewrite(row, valid_from=LATER).row
    assert on(LATER - timedelta(1)) == [("电梯内有人被困", Limit(1, "urgent_hour"))] and on(LATER) == [("电梯内有人被困", Limit(2, "urgent_hour"))]
    assert held.pk != row.pk and catalogue().condition(row.pk).limit == Limit(1, "urgent_hour")


def test_a_condition_of_this_very_day_is_not_written_over(ours: None) -> None:
    """Somebody may have filed under it this morning."""
    row = condition()
    rewrite(row)
    assert on(TODAY) == [("电梯内有人被困", Limit(2, "urgent_hour"))] and catalogue().condition(row.pk).limit == Limit(1, "urgent_hour")


def test_one_that_is_to_come_is_corrected_in_place(ours: None) -> None:
    row = condition(valid_from=LATER)
    assert rewrite(row, valid_from=TODAY).row.pk == row.pk and on(TODAY) == [] and on(LATER) == [("电梯内有人被困", Limit(2, "urgent_hour"))]


def test_an_ended_condition_is_offered_no_more(ours: None) -> None:
    row = condition()
    actions.end_condition(actor=ADMIN, at=AT, condition_id=row.pk, seen=mark(row), valid_to=LATER)
    assert on(LATER - timedelta(1)) and not on(LATER) and catalogue().condition(row.pk).text == "电梯内有人被困"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"draft": replace(STUCK, text=" ")}, "text"),
        ({"draft": replace(STUCK, limit_value=0)}, "limit_value"),
        ({"draft": replace(STUCK, limit_value=None)}, "limit_value"),
        ({"draft": replace(STUCK, limit_unit="")}, "limit_unit"),
        ({"draft": replace(STUCK, limit_unit="weeks")}, "limit_unit"),
        ({"standard": "x"}, "standard"),
        ({"code": "99999"}, "code"),
        ({"number": "06001-01"}, "number"),
        ({"valid_from": date(2026, 1, 1)}, "valid_from"),
    ],
)
def test_a_wrong_condition_is_refused_at_its_field(ours: None, wrong: dict[str, Any], field: str) -> None:
    condition()
    before = FilingCondition.objects.count(), Event.objects.count()
    with pytest.raises(Invalid) as refused:
        condition(**wrong)
    assert [e.field for e in refused.value.errors] == [field]
    assert (FilingCondition.objects.count(), Event.objects.count()) == before


def test_two_who_change_a_condition(ours: None) -> None:
    row = condition()
    seen = mark(row)
    rewrite(row, valid_from=LATER)
    row.refresh_from_db()
    with pytest.raises(Conflict):
        rewrite(row, seen=seen)
    with pytest.raises(Invalid) as later:
        rewrite(row)
    assert [(e.field, "later version" in e.message.en) for e in later.value.errors] == [("valid_from", True)]


def test_only_the_administrator_edits(ours: None) -> None:
    row = condition()
    for edit in (lambda: add(actor=CLERK), lambda: condition(actor=CLERK), lambda: rewrite(row, actor=CLERK)):
        with pytest.raises(Forbidden):
            edit()


def test_a_file_that_changes_a_condition_from_a_day_on(ours: None) -> None:
    head = f"# standard: ours\n# name: 本市立案标准\n# edition: {GB}\n# source: s\n# valid_from: 2026-06-01\n"
    head += "编号,种类,代码,立案条件,时限,时限单位,生效日期,失效日期\n"
    rows = "1,事项,06001,旧的,1,工作日,2026-06-01,2026-12-01\n1,事项,06001,新的,2,工作日,2026-12-01,\n"
    assert actions.load_conditions(actor=ADMIN, at=AT, sheet=read_sheet((head + rows).encode(), columns=())).added == 2
    assert [text for text, _ in on(TODAY)] == ["旧的"] and [text for text, _ in on(LATER)] == ["新的"]
    both = read_sheet((head + "1,事项,06001,旧的,1,工作日,2026-06-01,\n").encode(), columns=())
    report = actions.load_conditions(actor=ADMIN, at=AT, sheet=both)
    assert [r.reason.en for r in report.refused] == ["its period overlaps another row's"]


def test_the_next_code_and_number() -> None:
    assert next_code("06", ["06001", "06107", "07300"]) == "06108" and next_code("22", []) == "22001" and next_code("0", ["099"]) == "0100"
    assert next_number("06001", {"06001-01", "06001-03"}) == "06001-02"
