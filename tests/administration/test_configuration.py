"""The configuration as one file. The law: exported, imported into an empty city and exported again, it is the same, byte for byte; imported where it
came from, it changes nothing."""

import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import TestCase
from hypothesis import given
from hypothesis import strategies as st

from jingwei.accounts.actions import change_unit, close_unit, open_unit
from jingwei.accounts.models import Person, Unit
from jingwei.accounts.rules import SYSTEM, Actor, Held
from jingwei.administration.actions import export_configuration, import_configuration
from jingwei.administration.rules.parts import MANIFEST, Change, Part, compare, file_name, pack, unpack
from jingwei.catalogue.actions import (
    ConditionDraft,
    MatterDraft,
    add_condition,
    add_matter,
    change_condition,
    change_matter,
    draft_process,
    open_edition,
    publish_process,
)
from jingwei.catalogue.actions.classes import standing_matter
from jingwei.catalogue.actions.editing import mark
from jingwei.catalogue.actions.loading import close_standard, open_standard
from jingwei.catalogue.models import CalendarYear, DispatchRule, FilingStandard, Matter, Process, StandardText, TimeLimit
from jingwei.catalogue.rules.files import read_sheet
from jingwei.events.models import Event
from jingwei.kit.errors import Forbidden, Refused
from tests.api.conftest import Caller, problem, rows_everywhere
from tests.world import MONDAY, START, World, build_world


def a_lived_in_city() -> None:
    """What a city's clerks do over the years: a closed unit, rules past and present, a matter listed anew, a second version of a process, a draft."""
    world = build_world()
    units = world.units
    change_unit(
        actor=SYSTEM, at=MONDAY, unit_id=units["lvhua"].pk, name="绿化，“市容”局", name_en='Greening, "city"', kind="department", area="310101", parent_id=None
    )
    closed = open_unit(actor=SYSTEM, at=MONDAY, code="old", name="老单位", kind="station", area="310101", parent=units["street"])
    DispatchRule.objects.create(position=10, matter="06", unit=closed, valid_from=START, valid_to=date(2026, 6, 1), note="撤销前")
    DispatchRule.objects.create(
        position=20,
        matter="06001",
        area="310101",
        source="hotline",
        days="workday",
        from_time="08:00",
        to_time="18:00",
        unit=units["chengguan"],
        valid_from=START,
    )
    DispatchRule.objects.create(position=30, unit=units["chengguan"], valid_from=START, valid_to=START, note="从未生效")
    close_unit(actor=SYSTEM, at=MONDAY, unit=closed, on=date(2026, 7, 1))
    open_standard()  # an amendment of the national standard, as the installation brings it
    matter = Matter.objects.filter(kind="event", code="06001", valid_to=None).get()
    Matter.objects.filter(pk=matter.pk).update(valid_to=date(2026, 9, 1))
    Matter.objects.create(
        **{f.attname: getattr(matter, f.attname) for f in Matter._meta.concrete_fields if not f.primary_key}
        | {"name": "改名的一类", "valid_from": date(2026, 9, 1), "valid_to": None}
    )
    matter.edition.valid_to = date(2030, 1, 1)
    matter.edition.save()
    close_standard()
    open_edition(actor=SYSTEM, at=MONDAY, code="本市事项", name="本市自定事项", source="公文")
    lift = MatterDraft("电梯困人", "public_safety")
    add_matter(actor=SYSTEM, at=MONDAY, edition="本市事项", kind="event", major="06", code="06901", draft=lift)
    stuck = ConditionDraft("有人被困", 1, "urgent_hour")
    for n, code in enumerate(("06901", "06901")):
        row = add_condition(actor=SYSTEM, at=MONDAY, standard="demo_city", edition="本市事项", kind="event", code=code, draft=stuck).row
        said = {"actor": SYSTEM, "at": MONDAY, "condition_id": row.pk, "seen": mark(row), "draft": replace(stuck, limit_value=2 + n)}
        change_condition(**said, valid_from=date(2026, 12, 1) if n else None)  # one from a day on, one of this very day
    there = standing_matter("本市事项", "event", "06901", date(2026, 11, 16))
    named = {"actor": SYSTEM, "at": MONDAY, "edition": "本市事项", "kind": "event", "code": "06901", "seen": mark(there)}
    change_matter(**named, draft=replace(lift, name="电梯故障"))
    FilingStandard.objects.update(valid_to=date(2029, 1, 1))
    StandardText.objects.filter(code="accept-1").update(text="第一行，“引号”\n第二行", valid_to=date(2027, 1, 1))
    limit = TimeLimit.objects.order_by("pk")[0]
    TimeLimit.objects.filter(pk=limit.pk).update(valid_to=date(2026, 5, 1))
    standard = Process.objects.get(code="standard", status="published").definition
    for version, first in ((8, date(2026, 12, 1)), (9, date(2027, 1, 1))):
        row, _ = draft_process(actor=SYSTEM, at=MONDAY, document=standard | {"version": version, "valid_from": first})
        if version == 8:
            publish_process(actor=SYSTEM, at=MONDAY, process_id=row.pk)


@pytest.fixture(scope="module")
def exported(django_db_setup: None, django_db_blocker: Any) -> bytes:
    """The file of that city, which is gone afterwards."""
    with django_db_blocker.unblock():
        around = TestCase._enter_atomics()
        try:
            a_lived_in_city()
            return export_configuration(actor=SYSTEM, at=MONDAY)
        finally:
            TestCase._rollback_atomics(around)


def parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist() if name != MANIFEST}


def counts(changes: list[Change]) -> tuple[int, int, int, int]:
    assert [c.refused for c in changes if c.refused] == []
    return sum(c.added for c in changes), sum(c.changed for c in changes), sum(c.ended for c in changes), sum(c.unchanged for c in changes)


def altered(content: bytes, path: str, change: Callable[[str], str]) -> bytes:
    """The file with another part, its manifest right."""
    changed = {name: change(text.decode()).encode() if name == path else text for name, text in parts(content).items()}
    return pack([_Raw(name, text) for name, text in changed.items()], program="x", made_on=START, made_by="x")  # type: ignore[misc]


class _Raw:
    def __init__(self, path: str, text: bytes) -> None:
        self.path, self.text = path, text

    def content(self) -> bytes:
        return self.text


# -- the law ------------------------------------------------------------------------------------------------------------------------------------


def test_into_an_empty_city_and_out_again(db: None, exported: bytes) -> None:
    added, changed, ended, unchanged = counts(import_configuration(actor=SYSTEM, at=MONDAY, content=exported, dry_run=False))
    assert added > 1000 and changed == ended == unchanged == 0
    again = export_configuration(actor=SYSTEM, at=MONDAY + timedelta(days=1))
    assert parts(again) == parts(exported)
    assert [p.status for p in Process.objects.filter(code="standard").order_by("version")][-3:] == ["frozen", "published", "concept"]


def test_where_it_came_from_it_changes_nothing(db: None, exported: bytes) -> None:
    import_configuration(actor=SYSTEM, at=MONDAY, content=exported, dry_run=False)
    before, events = rows_everywhere(), Event.objects.count()
    for dry_run in (True, False):
        added, changed, ended, unchanged = counts(import_configuration(actor=SYSTEM, at=MONDAY, content=exported, dry_run=dry_run))
        assert (added, changed, ended) == (0, 0, 0) and unchanged > 1000
    assert Event.objects.count() == events + 1 and Event.objects.order_by("recorded_at", "id").last().type == "configuration.imported"  # type: ignore[union-attr]
    assert rows_everywhere() | {"events_event": 0} == before | {"events_event": 0}


def test_a_dry_run_says_what_would_come_and_does_nothing(db: None, exported: bytes) -> None:
    before = rows_everywhere()
    trial = import_configuration(actor=SYSTEM, at=MONDAY, content=exported, dry_run=True)
    assert rows_everywhere() == before
    done = import_configuration(actor=SYSTEM, at=MONDAY, content=exported, dry_run=False)
    assert [(c.group, c.added) for c in trial] == [(c.group, c.added) for c in done]


def test_no_people_no_secrets_no_cases(exported: bytes) -> None:
    text = b"\n".join(parts(exported).values()).decode()
    for word in ("acceptor甲", "pbkdf2", "password", "jw_", "password"):
        assert word not in text
    assert {path.split("/")[0] for path in parts(exported)} == {
        "units.csv", "modules.csv", "matters", "crosswalks", "conditions", "calendars", "processes", "limits.csv", "dispatch_rules.csv", "texts.csv"
    }  # fmt: skip


# -- from test to live --------------------------------------------------------------------------------------------------------------------------


@pytest.fixture
def live(db: None, exported: bytes) -> bytes:
    """A city with that configuration."""
    import_configuration(actor=SYSTEM, at=MONDAY, content=exported, dry_run=False)
    return exported


def test_what_changed_is_counted_where_it_changed(live: bytes) -> None:
    content = altered(live, "units.csv", lambda text: text.replace("far_chengguan单位", "改了名") + "fresh,新单位,,department,310101,centre,\n")
    content = altered(content, "dispatch_rules.csv", lambda text: text.replace("chengguan,,2026-01-01,", "chengguan,,2026-01-01,2026-12-01"))
    found = {c.group: c for c in import_configuration(actor=SYSTEM, at=MONDAY, content=content, dry_run=False)}
    assert (found["units"].added, found["units"].changed, found["dispatch_rules"].ended) == (1, 1, 1)
    assert Unit.objects.get(code="fresh").parent.code == "centre"  # type: ignore[union-attr]
    assert Event.objects.filter(type="unit.changed", data__is={"name": "改了名"}).exists(), "the parts record their own"


def test_what_is_not_in_the_file_stays(live: bytes) -> None:
    open_unit(actor=SYSTEM, at=MONDAY, code="here", name="只在这里", kind="station", area="310101")
    import_configuration(actor=SYSTEM, at=MONDAY, content=live, dry_run=False)
    assert Unit.objects.filter(code="here", closed_date=None).exists()


@pytest.mark.parametrize(
    ("path", "change"),
    [
        ("units.csv", lambda text: text + "bad,坏单位,,palace,310101,,\n"),
        ("units.csv", lambda text: text + "bad,坏单位,,station,310101,nobody,\n"),
        ("limits.csv", lambda text: text + "standard,nowhere,,no,1,work_day,no,2026-01-01,\n"),
        ("processes/standard_v8.toml", lambda text: text.replace("valid_from = 2026-12-01", "valid_from = 2026-12-02")),
        ("texts.csv", lambda text: text.replace("# valid_from", "# nothing")),
    ],
)
def test_one_refused_row_and_nothing_was_done(live: bytes, path: str, change: Callable[[str], str]) -> None:
    content = altered(altered(live, path, change), "modules.csv", lambda text: text.replace("Social services", "Social work"))
    before, events = rows_everywhere(), Event.objects.count()
    changes = import_configuration(actor=SYSTEM, at=MONDAY, content=content, dry_run=False)
    refused = [refusal for c in changes for refusal in c.refused]
    assert {refusal[0] for refusal in refused} == {path} and all(why.zh and why.en for _, _, why in refused)
    assert rows_everywhere() == before and Event.objects.count() == events and "Social work" not in export_text("modules.csv")


def export_text(path: str) -> str:
    return parts(export_configuration(actor=SYSTEM, at=MONDAY))[path].decode()


def test_a_version_published_there_freezes_the_one_here(db: None, exported: bytes) -> None:
    call_command("load_catalogue", stdout=StringIO())
    only = {path: text for path, text in parts(exported).items() if path == "processes/standard_v8.toml"}
    content = pack([_Raw(path, text) for path, text in only.items()], program="x", made_on=START, made_by="x")  # type: ignore[misc]
    import_configuration(actor=SYSTEM, at=MONDAY, content=content, dry_run=False)
    *_, first, second = Process.objects.filter(code="standard").order_by("version")
    assert (first.status, first.valid_to, second.status) == ("frozen", date(2026, 12, 1), "published")


def test_a_version_frozen_here_is_not_published_again(live: bytes) -> None:
    frozen = Process.objects.get(code="standard", status="frozen", valid_to=date(2026, 12, 1))
    content = altered(live, f"processes/standard_v{frozen.version}.toml", lambda text: text.replace('status = "frozen"', 'status = "published"'))
    changes = {c.group: c for c in import_configuration(actor=SYSTEM, at=MONDAY, content=content, dry_run=False)}
    assert "frozen" in changes["processes"].refused[0][2].en


# -- what is no configuration -------------------------------------------------------------------------------------------------------------------


def no_configurations() -> dict[str, bytes]:
    good = pack([Part("units", "units.csv", {}, ("code",), [("a",)], ("code",))], program="x", made_on=START, made_by="x")
    with zipfile.ZipFile(io.BytesIO(good)) as archive:
        manifest = json.loads(archive.read(MANIFEST))

    def made(files: dict[str, bytes]) -> bytes:
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, text in files.items():
                archive.writestr(name, text)
        return stream.getvalue()

    said = json.dumps(manifest).encode()
    return {
        "nothing": b"",
        "no zip": b"PK nonsense",
        "half": good[: len(good) // 2],
        "no manifest": made({"units.csv": b"code\na\n"}),
        "altered": made({MANIFEST: said, "units.csv": b"code\nb\n"}),
        "one more": made({MANIFEST: said, "units.csv": b"code\na\n", "extra.csv": b""}),
        "one less": made({MANIFEST: said}),
        "newer": made({MANIFEST: json.dumps(manifest | {"format": 99}).encode(), "units.csv": b"code\na\n"}),
        "no list": made({MANIFEST: b"[]", "units.csv": b""}),
        "a path elsewhere": pack([_Raw("../units.csv", b"code\n")], program="x", made_on=START, made_by="x"),  # type: ignore[misc]
        "a bomb": made({MANIFEST: said, "units.csv": b"0" * (21 << 20)}),
    }


@pytest.mark.parametrize("name", list(no_configurations()))
def test_what_is_no_configuration(db: None, name: str) -> None:
    before = rows_everywhere()
    with pytest.raises(Refused) as refused:
        import_configuration(actor=SYSTEM, at=MONDAY, content=no_configurations()[name], dry_run=False)
    assert refused.value.code == "no_configuration" and rows_everywhere() == before


def test_who_may(db: None, exported: bytes) -> None:
    for role in ("security_admin", "audit_admin", "shift_leader"):
        actor = Actor(1, "x", (Held(role, "31"),))
        with pytest.raises(Forbidden):
            export_configuration(actor=actor, at=MONDAY)
        with pytest.raises(Forbidden):
            import_configuration(actor=actor, at=MONDAY, content=exported, dry_run=True)


def test_units_of_another_place_are_refused_by_the_row(db: None, exported: bytes) -> None:
    actor = Actor(Person.objects.create(username="x", name="x", area="310101").pk, "x", (Held("system_admin", "310101"),))
    changes = {c.group: c for c in import_configuration(actor=actor, at=MONDAY, content=exported, dry_run=True)}
    refused = [line for _, line, _ in changes["units"].refused]
    assert refused and changes["units"].added < Unit.objects.count() + 10


# -- on plain values ----------------------------------------------------------------------------------------------------------------------------

cells = st.text(st.characters(blacklist_categories=("Cs", "Cc", "Zl", "Zp")), max_size=12).map(str.strip)


@given(st.lists(st.tuples(cells, cells), max_size=6))
def test_a_table_is_read_as_it_was_written(rows: list[tuple[str, str]]) -> None:
    part = Part("modules", "modules.csv", {"edition": "某版"}, ("code", "name"), rows, ("code",))
    read = read_sheet(part.content(), columns=("code", "name"))
    assert [(row["code"], row["name"]) for _, row in read.rows] == [row for row in rows if any(cell.strip() for cell in row)] and not read.broken
    assert read.head == {"edition": "某版"}


def test_files_have_names_of_their_own() -> None:
    taken: set[str] = set()
    assert [file_name(code, taken=taken) for code in ("GB/T 1", "GB_T_1", "../x", "")] == ["GB_T_1", "GB_T_1_2", ".._x", "_"]


def test_version_ten_comes_after_version_nine() -> None:
    paths = [f"processes/x_v{n}.toml" for n in (10, 9, 1)]
    content = pack([_Raw(path, b"") for path in (*paths, "units.csv")], program="x", made_on=START, made_by="x")  # type: ignore[misc]
    assert list(unpack(content)[1]) == ["units.csv", *paths[::-1]]


def test_what_ended_is_not_called_changed() -> None:
    def rows(*cells: tuple[str, str, str]) -> list[Part]:
        return [Part("limits", "limits.csv", {}, ("code", "name", "valid_to"), cells, ("code",))]

    found = compare(rows(("a", "1", ""), ("b", "1", ""), ("c", "1", "")), rows(("a", "1", "2026-01-01"), ("b", "2", ""), ("c", "1", ""), ("d", "", "")))[
        "limits"
    ]
    assert (found.added, found.changed, found.ended, found.unchanged) == (1, 1, 1, 1)


# -- at the door and on the command line --------------------------------------------------------------------------------------------------------


def test_at_the_door(world: World, caller: Callable[..., Caller]) -> None:
    ask = caller("system_admin")
    answer = ask("GET", "/configuration")
    assert answer.status_code == 200 and answer["Content-Type"] == "application/zip" and "jingwei-" in answer["Content-Disposition"]
    for dry_run in ("true", "false"):
        sent = ask.client.post(f"/api/v1/configuration?dry_run={dry_run}", {"file": SimpleUploadedFile("x.zip", answer.content, "application/zip")})
        body = json.loads(sent.content)
        assert sent.status_code == 200 and body["applied"] is (dry_run == "false"), sent.content
        assert sum(p["added"] + p["changed"] + p["ended"] for p in body["parts"]) == 0
    problem(ask.client.post("/api/v1/configuration", {"file": SimpleUploadedFile("x.zip", b"no", "application/zip")}), 422)


def test_on_the_command_line(world: World, tmp_path: Path) -> None:
    file, out = tmp_path / "city.zip", StringIO()
    call_command("configuration", "export", str(file), stdout=out)
    call_command("configuration", "import", str(file), "--dry-run", stdout=out)
    assert "dry run" in out.getvalue() and "units           0 新增 added" in out.getvalue()
    with pytest.raises(CommandError, match="no configuration"):
        (tmp_path / "no.zip").write_bytes(b"no")
        call_command("configuration", "import", str(tmp_path / "no.zip"), stdout=out)
    assert CalendarYear.objects.exists()
