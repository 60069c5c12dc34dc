"""Drafting, publishing and freezing: in the action and in the database itself."""

import copy
import tomllib
from datetime import UTC, date, datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, IntegrityError, connection, transaction

from jingwei.accounts.rules import SYSTEM
from jingwei.catalogue.actions import draft_process, drop_process, publish_process
from jingwei.catalogue.actions.editing import mark
from jingwei.catalogue.management.commands.load_catalogue import SHIPPED
from jingwei.catalogue.models import Edition, Matter, Process, TimeLimit
from jingwei.catalogue.queries import catalogue
from jingwei.events.models import Event
from jingwei.kit.errors import Conflict, Invalid, NotFound, Problem, Refused

AT = datetime(2026, 5, 6, 2, tzinfo=UTC)


def document(**changes: Any) -> dict[str, Any]:
    return copy.deepcopy(tomllib.loads((SHIPPED / "processes/standard.toml").read_text("utf-8"))) | changes


def draft(**changes: Any) -> Process:
    return draft_process(actor=SYSTEM, at=AT, document=document(**changes))[0]


def publish(process: Process) -> Process:
    return publish_process(actor=SYSTEM, at=AT, process_id=process.pk)


def rows() -> list[tuple[Any, ...]]:
    return [*Process.objects.order_by("pk").values_list(), ("events", Event.objects.count())]


def test_a_new_version_freezes_the_one_before(loaded: None) -> None:
    second = draft(version=3, valid_from=date(2026, 7, 1))
    assert second.status == "concept"
    with pytest.raises(NotFound):
        catalogue().process("nothing", date(2026, 7, 2))
    assert catalogue().process("standard", date(2026, 7, 2)).version == 2
    assert publish(second).status == "published"
    first = Process.objects.get(code="standard", version=2)
    assert (first.status, first.valid_to) == ("frozen", date(2026, 7, 1))
    book = catalogue()
    assert [book.process("standard", d).version for d in (date(2026, 6, 30), date(2026, 7, 1))] == [2, 3]
    assert book.process_version(first.pk).version == 2
    assert Event.objects.filter(type="process.published", subject_key=str(second.pk)).get().data["froze"] == 2


def test_an_unsound_process_is_refused_with_every_finding(loaded: None) -> None:
    broken = document(version=3, valid_from=date(2026, 7, 1))
    broken["move"][0].update(roles=["mayor"], guards=["full_moon"], form=["shoe_size"])
    process, _ = draft_process(actor=SYSTEM, at=AT, document=broken)
    before = rows()
    with pytest.raises(Refused) as refusal:
        publish(process)
    said = " ".join(e.message.en for e in refusal.value.errors)
    assert all(word in said for word in ("mayor", "full_moon", "shoe_size")) and len(refusal.value.errors) == 3
    assert rows() == before


def test_a_concept_may_change_and_a_published_version_not(loaded: None) -> None:
    draft(version=3, valid_from=date(2026, 7, 1))
    changed = draft(version=3, valid_from=date(2026, 8, 1))
    assert changed.valid_from == date(2026, 8, 1)
    publish(changed)
    before = rows()
    publish(changed)
    assert draft(version=3, valid_from=date(2026, 8, 1)).pk == changed.pk
    assert rows() == before
    with pytest.raises(Refused, match="new version number"):
        draft(version=3, valid_from=date(2026, 9, 1))
    with pytest.raises(Refused, match="not earlier"):
        publish(draft(version=4, valid_from=date(2009, 1, 1)))


@pytest.mark.parametrize("changes", [{"version": 0}, {"version": "2"}, {"code": "a b"}, {"code": 3}, {"valid_from": "soon"}, {"state": 1}, {"name": "x"}])
def test_a_garbled_document_is_refused(loaded: None, changes: dict[str, Any]) -> None:
    before = rows()
    with pytest.raises(Problem):
        draft(**{"version": 3, **changes})
    assert rows() == before


@pytest.mark.parametrize(
    "statement",
    [
        "update catalogue_process set definition = jsonb_set(definition, '{version}', '9') where code = 'standard'",
        "update catalogue_process set definition = '{\"state\": [], \"move\": []}' where code = 'standard'",
        "update catalogue_process set status = 'concept' where code = 'standard'",
        "update catalogue_process set valid_from = '2001-01-01' where code = 'standard'",
        "update catalogue_process set version = 9 where code = 'standard'",
        "update catalogue_process set id = 99999 where code = 'standard'",
        "delete from catalogue_process where code = 'standard'",
    ],
)
@pytest.mark.parametrize("frozen", [False, True])
def test_not_even_sql_changes_what_is_published(loaded: None, statement: str, frozen: bool) -> None:
    if frozen:
        publish(draft(version=3, valid_from=date(2026, 7, 1)))
    before = rows()
    with pytest.raises(DatabaseError, match="cannot be"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement + " and version = 2")
    assert rows() == before


def test_not_even_the_end_of_a_frozen_version_moves(loaded: None) -> None:
    publish(draft(version=3, valid_from=date(2026, 7, 1)))
    with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
        Process.objects.filter(code="standard", version=2).update(valid_to=None)


def test_the_database_keeps_periods_apart(loaded: None) -> None:
    matter = Matter.objects.filter(code="06010").get()
    twin = {"edition": matter.edition, "kind": "event", "code": "06010", "name": "x", "major_code": "06", "major_name": "x", "module": matter.module}
    for again in (
        lambda: Matter.objects.create(**twin, valid_from=date(2026, 9, 1)),
        lambda: TimeLimit.objects.create(process="standard", state="reported", limit_value=1, limit_unit="work_hour", valid_from=date(2026, 1, 1)),
        lambda: Process.objects.create(code="standard", version=7, status="published", definition={"state": [], "move": []}, valid_from=date(2026, 1, 1)),
        lambda: Process.objects.create(code="other", version=1, definition={}, valid_from=date(2026, 1, 1)),
        lambda: TimeLimit.objects.create(process="p", state="s", limit_value=0, limit_unit="work_hour", valid_from=date(2026, 1, 1)),
        lambda: TimeLimit.objects.create(process="p", state="s", limit_value=1, limit_unit="moon", valid_from=date(2026, 1, 1)),
        lambda: Edition.objects.create(code="e", name="n", source="s", valid_from=date(2026, 1, 2), valid_to=date(2026, 1, 1)),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            again()


def test_the_command(loaded: None, tmp_path: Path) -> None:
    text = (SHIPPED / "processes/standard.toml").read_text("utf-8").replace("version = 2\n", "version = 3\n").replace("2010-01-01", "2026-07-01")
    path = tmp_path / "mine.toml"
    path.write_text(text, "utf-8")
    out = StringIO()
    call_command("load_process", str(path), stdout=out)
    assert "concept" in out.getvalue()
    call_command("load_process", str(path), "--publish", stdout=out)
    assert Process.objects.get(code="standard", version=3).status == "published"
    path.write_text(text.replace("version = 3\n", "version = 4\n").replace('"acceptor"', '"mayor"'), "utf-8")
    with pytest.raises(CommandError, match="mayor"):
        call_command("load_process", str(path), "--publish", stdout=out)
    path.write_text("code = ", "utf-8")
    with pytest.raises(CommandError, match="TOML"):
        call_command("load_process", str(path), stdout=out)


def test_two_people_edit_a_concept(loaded: None) -> None:
    first = draft(version=3, valid_from=date(2026, 7, 1))
    seen = mark(first)
    draft_process(actor=SYSTEM, at=AT, document=document(version=3, valid_from=date(2026, 8, 1)), seen=seen)
    with pytest.raises(Conflict):
        draft_process(actor=SYSTEM, at=AT, document=document(version=3, valid_from=date(2026, 9, 1)), seen=seen)
    with pytest.raises(Conflict):
        publish_process(actor=SYSTEM, at=AT, process_id=first.pk, seen=seen)
    with pytest.raises(Conflict):
        draft_process(actor=SYSTEM, at=AT, document=document(version=3, valid_from=date(2026, 9, 1)), seen="")


def test_published_from_the_day_that_is_said(loaded: None) -> None:
    concept = draft(version=3)
    with pytest.raises(Invalid):
        publish_process(actor=SYSTEM, at=AT, process_id=concept.pk, seen=mark(concept), valid_from=date(2026, 5, 5))
    published = publish_process(actor=SYSTEM, at=AT, process_id=concept.pk, seen=mark(concept), valid_from=date(2026, 6, 1))
    assert (published.valid_from, Process.objects.get(code="standard", version=2).valid_to) == (date(2026, 6, 1), date(2026, 6, 1))


def test_a_concept_is_thrown_away_and_a_published_version_never(loaded: None) -> None:
    concept = draft(version=3)
    drop_process(actor=SYSTEM, at=AT, process_id=concept.pk, seen=mark(concept))
    assert not Process.objects.filter(pk=concept.pk).exists() and Event.objects.filter(type="process.dropped").count() == 1
    first = Process.objects.get(code="standard")
    with pytest.raises(Refused):
        drop_process(actor=SYSTEM, at=AT, process_id=first.pk, seen=mark(first))


def test_a_standing_database_gets_the_shipped_version_and_its_cases_keep_theirs(db: None) -> None:
    """Version 1 had no joint summons. Loading the catalogue again publishes the shipped version, with the limits of its clocks."""
    before = document(version=1)
    before["move"] = [m for m in before["move"] if m["action"] not in ("summon", "arrive", "report_back", "cancel_summon")]
    first = publish(draft_process(actor=SYSTEM, at=AT, document=before)[0])
    call_command("load_catalogue", stdout=StringIO(), stderr=StringIO())
    book = catalogue()
    assert book.process("standard", date(2026, 7, 1)).version == 2
    assert book.process("standard", date(2026, 7, 1)).move("filed", "summon") and not book.process_version(first.pk).move("filed", "summon")
    assert TimeLimit.objects.filter(process="standard", state__startswith="summon.").count() == 2


def test_a_citys_own_version_stays(loaded: None) -> None:
    own = document(version=3, valid_from=date(2026, 7, 1))
    own["move"] = [m for m in own["move"] if m["action"] != "summon"]
    publish(draft_process(actor=SYSTEM, at=AT, document=own)[0])
    standing, out = rows(), StringIO()
    call_command("load_catalogue", stdout=out)
    assert [r for r in rows() if r[0] != "events"] == [r for r in standing if r[0] != "events"]
    assert "own and stays" in out.getvalue()
