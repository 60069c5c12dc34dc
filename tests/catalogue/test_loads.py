"""The shipped files and a city's own, through the commands, into a real database."""

import csv
from collections import Counter
from datetime import UTC, date, datetime
from io import StringIO
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.core.management import CommandError, call_command

from jingwei.accounts.models import Unit
from jingwei.accounts.rules import SYSTEM, Actor, Held
from jingwei.catalogue import actions, models
from jingwei.catalogue.queries import catalogue, current_revision
from jingwei.catalogue.rules.clock import Limit, deadline
from jingwei.catalogue.rules.files import read_sheet
from jingwei.events.models import Event
from jingwei.kit.errors import Forbidden, Invalid, NotFound

AT = datetime(2026, 5, 6, 2, tzinfo=UTC)
GB2026, GB2013 = "GB/T 47678.5-2026", "GB/T 30428.2-2013"
TABLES = [m for m in vars(models).values() if isinstance(m, type) and issubclass(m, models.models.Model) and m.__module__ == models.__name__]


def everything() -> dict[str, list[tuple]]:
    """Every row of the catalogue, and how many events there are."""
    rows = {m.__name__: list(m.objects.order_by("pk").values_list()) for m in TABLES if m is not models.Revision}
    return rows | {"revision": [(current_revision(),)], "events": [(Event.objects.count(),)]}


def run(command: str, *args: object) -> str:
    out = StringIO()
    call_command(command, *map(str, args), stdout=out)
    return out.getvalue()


@pytest.fixture
def unit(db: None) -> Unit:
    return Unit.objects.create(code="CG", name="城管局", kind="department", path="/1/", area="310101")


def test_the_counts_of_the_issue(loaded: None) -> None:
    kinds = Counter(models.Matter.objects.values_list("edition__code", "kind"))
    assert kinds[GB2026, "component"] == 153 and kinds[GB2026, "event"] == 250
    assert kinds[GB2013, "component"] + kinds[GB2013, "event"] == 204
    assert models.FilingCondition.objects.count() == 519
    units = Counter(models.FilingCondition.objects.values_list("limit_unit", flat=True))
    assert units == {"work_day": 412, "work_hour": 61, "urgent_hour": 42, "natural_day": 4}
    assert models.Module.objects.count() == 6
    assert {*models.Process.objects.values_list("code", "status")} == {(code, "published") for code in ("hotline", "imported", "self_handled", "standard")}
    assert sorted(models.CalendarYear.objects.values_list("year", flat=True)) == [2025, 2026]
    assert models.FilingStandard.objects.get().name == "示范市立案标准"


def test_again_changes_nothing(loaded: None) -> None:
    before = everything()
    said = run("load_catalogue")
    assert everything() == before
    assert "0 新增" in said and not any(f"{n} 新增" in said.replace("0 新增", "") for n in range(1, 10))


def test_the_calendar_is_the_notices(loaded: None, china) -> None:
    held = catalogue().calendar()
    days = [date.fromordinal(n) for n in range(date(2025, 1, 1).toordinal(), date(2027, 1, 1).toordinal())]
    assert [d for d in days if held.is_workday(d) != china.is_workday(d)] == []
    assert (held.hours, held.tz, held.years) == (china.hours, china.tz, china.years)


def test_the_crosswalk_leaves_nothing_out(loaded: None) -> None:
    """Each class of 2013 and each local one has a line; what has no counterpart says so."""
    walked = set(models.Crosswalk.objects.values_list("old_id", flat=True))
    assert walked == set(models.Matter.objects.exclude(edition__code=GB2026).values_list("pk", flat=True))
    none = models.Crosswalk.objects.filter(relation="none", old__edition__code=GB2013)
    assert set(none.values_list("old__code", flat=True)) >= {"0131", "0205"}
    pairs = models.Crosswalk.objects.filter(old__kind="event", old__edition__code=GB2013, relation__in=["same", "renamed"])
    majors = {"01": "06", "02": "07", "03": "08", "04": "09"}
    for old, new in pairs.values_list("old__code", "new__code"):
        if old[:2] in majors:
            assert new == majors[old[:2]] + "0" + old[2:]
    # A component's own trouble is a matter with its code.
    own = models.Crosswalk.objects.filter(old__kind="component", new__kind="event", relation="same", old__edition__code=GB2013)
    for name, old, new in own.values_list("new__name", "old__name", "new__code"):
        assert name == old + "异常" or new == "01066"


def test_the_snapshot_answers(loaded: None) -> None:
    book = catalogue()
    assert book is catalogue() is catalogue(book.revision)
    litter = book.matter("06010")
    assert (litter.name, litter.kind, litter.edition) == ("暴露垃圾", "event", GB2026)
    assert book.matter("01001").name == "供水井盖异常" and book.matter("01001", kind="component").name == "供水井盖"
    assert book.matter("0101", edition=GB2013).name == "私搭乱建" and book.matter("0101", GB2013, kind="component").name == "上水井盖"
    assert book.matter_by_id(litter.id) is litter
    with pytest.raises(NotFound):
        book.matter("06010", on=date(2013, 1, 1))
    with pytest.raises(NotFound):
        book.matter("0131", edition=GB2026)
    (condition,) = book.conditions_of(litter)
    assert condition.matter_code == "0110" and condition.number == "S0110-01" and book.condition(condition.id) is condition
    manholes = book.conditions_of(book.matter("01002"))
    assert len(manholes) == 4 and manholes == book.conditions_of(book.matter("0102", GB2013, kind="component"))
    assert book.conditions_of(book.matter("06039"))[0].local
    assert [m.code for m in book.matters("噪声扰", kind="event", edition=GB2026)] == ["06028"]
    standard = book.process("standard", date(2026, 11, 22))
    assert standard.start.code == "reported" and book.process_version(standard.id) is standard
    with pytest.raises(NotFound):
        book.process("standard", date(2001, 1, 1))


def test_limits_by_step_class_and_urgency(loaded: None) -> None:
    book = catalogue()
    litter, day = book.matter("06010"), date(2026, 11, 22)
    urgent_one = next(c for c in book.conditions_of(book.matter("01002")) if c.limit.unit == "urgent_hour")
    slow_one = next(c for c in book.conditions_of(book.matter("01002")) if c.limit.unit == "work_day")

    def limit(state: str, condition=None, urgent: bool = False) -> Limit | None:
        return book.limit("standard", state, litter, condition, urgent, day)

    assert limit("reported") == Limit(1, "urgent_hour")
    assert limit("acknowledged") == Limit(5, "work_day")
    assert limit("acknowledged", slow_one) == slow_one.limit
    assert limit("acknowledged", urgent_one, urgent=True) == urgent_one.limit
    assert limit("acknowledged", slow_one, urgent=True) == Limit(4, "urgent_hour")
    assert limit("closed") is None and limit("suspended") is None
    assert book.limit("standard", "reported", None, on=day) == Limit(1, "urgent_hour")
    for process in book.processes():
        for state in process.states.values():
            timed = state.kind == "open" and process.code != "imported"  # what comes from elsewhere keeps its source's own time
            assert (book.limit(process.code, state.code, litter, on=day) is not None) == timed, (process.code, state.code)


def test_a_city_adds_its_own_matters(loaded: None, tmp_path: Path) -> None:
    """In Chinese, from Excel (GBK), with good and bad rows."""
    path = tmp_path / "本市.csv"
    path.write_bytes(
        "\n".join(
            [
                "# edition: 某市事项",
                "# name: 某市自定事项",
                "# source: 某市办公室",
                "# valid_from: 2026-06-01",
                "种类,代码,大类代码,大类,名称,业务板块",
                "事项,20001,20,物业管理类,电梯困人,public_safety",
                "事项,20002,20,物业管理类,,public_safety",
                "事项,20003,20,物业管理类,楼道堆物,不存在",
                "事项,06003,20,物业管理类,楼道堆物,public_safety",
                "事项,20001,20,物业管理类,电梯困人,public_safety",
                "怪物,20004,20,物业管理类,楼道堆物,public_safety",
                "事项,20005,20",
                "",
            ]
        ).encode("gb18030")
    )
    said = run("load_matters", path)
    assert "7 行 rows: 1 新增 added, 0 修改 changed, 0 不变 unchanged, 6 拒收 refused" in said
    rejects = list(csv.reader((tmp_path / "本市.csv.rejects.csv").open(encoding="utf-8")))
    assert [int(r[0]) for r in rejects[1:]] == [7, 8, 9, 10, 11, 12]
    assert "name 不能为空" in rejects[1][1] and "与第 6 行重复" in rejects[4][1] and "电梯困人" in rejects[4][3]
    assert catalogue().matter("20001").module.code == "public_safety"
    before = everything()
    run("load_matters", path)
    assert everything() == before


def test_a_matter_ends_and_begins_anew(loaded: None, tmp_path: Path) -> None:
    path = tmp_path / "m.csv"
    head = "# edition: 某市事项\n# name: n\n# source: s\n# valid_from: 2026-01-01\nkind,code,major_code,major_name,name,module,valid_from,valid_to\n"
    path.write_text(head + "event,20001,20,类,旧名,economy,,\n")
    run("load_matters", path)
    path.write_text(head + "event,20001,20,类,新名,economy,2026-07-01,\n")
    assert "1 拒收" in run("load_matters", path)
    path.write_text(head + "event,20001,20,类,旧名,economy,,2026-07-01\nevent,20001,20,类,新名,economy,2026-07-01,\n")
    assert "1 新增 added, 1 修改 changed" in run("load_matters", path)
    book = catalogue()
    assert book.matter("20001", on=date(2026, 6, 30)).name == "旧名" and book.matter("20001", on=date(2026, 7, 1)).name == "新名"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("kind,code\n", "major_code"),
        ("", "kind"),
        ("kind,code,major_code,major_name,name,module\nevent,1,1,x,y,economy\n", "valid_from"),
        ("# valid_from: 1 Jan\nkind,code,major_code,major_name,name,module\n", "2026-01-31"),
        ('# valid_from: 2026-01-01\nkind,code,major_code,major_name,name,module\n"event,1', "CSV"),
        ("\0\0\0", "UTF-8"),
    ],
)
def test_what_is_no_such_file_is_refused_whole(loaded: None, tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "x.csv"
    path.write_text(text)
    before = everything()
    with pytest.raises(CommandError, match=said):
        run("load_matters", path)
    with pytest.raises(CommandError):
        run("load_matters", tmp_path / "absent.csv")
    assert everything() == before


def test_a_calendar_is_taken_whole_or_not_at_all(loaded: None, tmp_path: Path) -> None:
    path = tmp_path / "c.csv"
    head = (
        "# calendar: default\n# name: 中国大陆工作日历\n# years: 2027\n# timezone: Asia/Shanghai\n# hours: 08:00-12:00 14:00-18:00\n# source: 假设\n"
        "first_date,last_date,kind,name\n"
    )
    bad = [
        "2027-01-01,2027-01-03,holiday,元旦",
        "2027-02-03,,makeup,周三",
        "2026-12-31,,holiday,去年",
        "2027-01-03,,holiday,重复",
        "2027-05-05,2027-05-01,holiday,倒置",
    ]
    path.write_text(head + "\n".join(bad))
    before = everything()
    said = run("load_calendar", path)
    assert "4 拒收" in said and "0 新增" in said and everything() == before
    with pytest.raises(Exception, match="2027"):
        deadline(datetime(2026, 12, 31, 17, tzinfo=ZoneInfo("Asia/Shanghai")), Limit(2, "work_hour"), catalogue().calendar())
    path.write_text(head + bad[0])
    run("load_calendar", path)
    assert deadline(datetime(2026, 12, 31, 17, tzinfo=ZoneInfo("Asia/Shanghai")), Limit(2, "work_hour"), catalogue().calendar()).day == 4
    before = everything()
    run("load_calendar", path)
    assert everything() == before
    # A corrected notice replaces the year.
    path.write_text(head + "2027-01-01,,holiday,元旦")
    assert "1 修改" in run("load_calendar", path)
    assert catalogue().calendar().is_workday(date(2027, 1, 4)) and models.CalendarDay.objects.filter(date__year=2027).count() == 1


@pytest.mark.parametrize("line", ["# years: soon", "# hours: 9 to 5", "# hours: 14:00-12:00", "# timezone: Mars/Olympus"])
def test_a_calendars_head_is_checked(db: None, line: str) -> None:
    head = {"calendar": "c", "name": "n", "years": "2027", "timezone": "Asia/Shanghai", "hours": "08:00-12:00", "source": "s"}
    key, _, value = line[2:].partition(": ")
    text = "".join(f"# {k}: {v}\n" for k, v in (head | {key: value}).items()) + "first_date,kind,name\n"
    with pytest.raises(Invalid) as error:
        actions.load_calendar(actor=SYSTEM, at=AT, sheet=read_sheet(text.encode(), columns=()))
    assert error.value.errors[0].field == key


def test_conditions_and_limits_of_a_city(loaded: None, tmp_path: Path) -> None:
    path = tmp_path / "s.csv"
    path.write_text(
        f"# standard: ours\n# name: 某市立案标准\n# edition: {GB2026}\n# source: s\n# valid_from: 2026-06-01\n编号,种类,代码,立案条件,结案条件,时限,时限单位\n"
        "1,事项,06010,有垃圾,清除,4,工作时\n2,事项,06999,有垃圾,清除,4,工作时\n3,事项,06010,有垃圾,清除,0,工作时\n4,事项,06010,有垃圾,清除,4,年\n"
    )
    assert "1 新增 added, 0 修改 changed, 0 不变 unchanged, 3 拒收" in run("load_conditions", path)
    assert [c.limit for c in catalogue().conditions_of(catalogue().matter("06010")) if c.standard == "ours"] == [Limit(4, "work_hour")]
    path = tmp_path / "l.csv"
    path.write_text(
        "# valid_from: 2010-01-01\nprocess,state,matter,value,unit\nstandard,acknowledged,06,2,work_day\nstandard,acknowledged,06010,1,work_day\n"
        "standard,closed,,1,work_day\nstandard,nowhere,,1,work_day\n"
    )
    assert "2 新增 added, 0 修改 changed, 0 不变 unchanged, 2 拒收" in run("load_limits", path)
    book = catalogue()
    for code, days in (("06010", 1), ("06011", 2), ("01001", 5)):
        assert book.limit("standard", "acknowledged", book.matter(code)) == Limit(days, "work_day")


def test_dispatch_rules_of_a_city(loaded: None, unit: Unit, tmp_path: Path) -> None:
    path = tmp_path / "d.csv"
    path.write_text(
        "# valid_from: 2026-01-01\n顺序,事项,区域,来源,日子,时段,单位\n10,06,310101,,,,CG\n5,06010,,hotline,逢工作日,08:00-18:00,CG\n"
        "11,99,,,,,CG\n12,06,abc,,,,CG\n13,06,,rumour,,,CG\n14,06,,,,8 to 5,CG\n15,06,,,,,NOBODY\nx,06,,,,,CG\n"
    )
    assert "8 行 rows: 2 新增 added, 0 修改 changed, 0 不变 unchanged, 6 拒收" in run("load_dispatch_rules", path)
    book = catalogue()
    assert [r.position for r in book.dispatch_rules] == [5, 10]
    answer = book.dispatch(book.matter("06010"), "310101002001", AT, "worker")
    assert answer.unit_id == unit.pk and "规则 10" in answer.why.zh
    before = everything()
    run("load_dispatch_rules", path)
    assert everything() == before
    # A unit closes (a change of accounts): the snapshot knows, and both rules say so.
    Unit.objects.filter(pk=unit.pk).update(closed_date=date(2026, 5, 1))
    book = catalogue()
    answer = book.dispatch(book.matter("06010"), "310101002001", AT, "worker")
    assert answer.unit_id is None and "规则 10 失效" in answer.why.zh and "撤销" in answer.why.zh
    assert [rule.position for rule, _ in book.broken_rules(date(2026, 5, 6))] == [5, 10]


def test_a_change_shows_at_once_and_a_rollback_leaves_no_trace(loaded: None) -> None:
    from django.db import transaction

    book = catalogue()
    with transaction.atomic():
        models.Module.objects.filter(code="city_management").update(name="改名")
        assert catalogue() is not book and catalogue().matter("06010").module.name.zh == "改名"
        transaction.set_rollback(True)
    assert catalogue().matter("06010").module.name == book.matter("06010").module.name


def test_who_may_change_the_catalogue(loaded: None) -> None:
    before = everything()
    for role in ("shift_leader", "security_admin", "analyst"):
        with pytest.raises(Forbidden):
            actions.load_modules(actor=Actor(1, "x", (Held(role, "31"),)), at=AT, sheet=read_sheet(b"code,name,name_en\na,b,c\n", columns=()))
    assert everything() == before
    admin = Actor(1, "x", (Held("system_admin", "31"),))
    assert actions.load_modules(actor=admin, at=AT, sheet=read_sheet(b"code,name,name_en\na,b,c\n", columns=())).added == 1
    event = Event.objects.order_by("-recorded_at").first()
    assert event and (event.type, event.actor_id, event.at, event.data["added"]) == ("modules.loaded", 1, AT, 1)


def test_reading_the_snapshot_takes_few_statements(loaded: None, django_assert_max_num_queries) -> None:
    revision = catalogue().revision
    with django_assert_max_num_queries(1):
        catalogue()
    with django_assert_max_num_queries(0):
        catalogue(revision)
    models.Module.objects.filter(code="economy").update(name="经济")
    with django_assert_max_num_queries(17):
        catalogue()
