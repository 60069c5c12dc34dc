"""Retention: what is past its time is erased, nothing else is; rows stay, nameless; the record says how many values, and no name."""

import json
from datetime import UTC, date, datetime
from io import StringIO
from itertools import count
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.management import call_command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jingwei.accounts.rules import SYSTEM
from jingwei.events.models import Event
from jingwei.kit import crypto
from jingwei.kit.errors import Forbidden, Invalid, Refused
from jingwei.registry.actions import apply_retention, erase_field, switch_off
from jingwei.registry.models import Field, ImportedRow, Organisation, Pledge, Residency, Resident
from jingwei.registry.queries import retention_runs
from tests.ground import build_ground, lives, resident, row
from tests.world import World

pytestmark = pytest.mark.django_db


def at(day: str) -> datetime:
    return datetime.fromisoformat(f"{day}T04:00:00+00:00").astimezone(UTC)


@pytest.fixture
def ground(world: World) -> SimpleNamespace:
    return build_ground()


NUMBERS = count()


def whole(name: str, **more: Any) -> Resident:
    """A resident of whom everything is recorded."""
    number = crypto.index(name)
    values: dict[str, Any] = {
        "grams": [crypto.piece(name)],
        "identity_kind": "passport",
        "identity_sealed": crypto.seal("A1", about="resident.identity"),
        "identity_index": number,
        "phone_sealed": crypto.seal("1", about="resident.phone"),
        "phone_index": number,
        "sex": "2",
        "born": date(1980, 3, 1),
        "home_place": "310101",
        "more": {"dogs": 2},
    }
    return resident(name, **(values | more))


def name_of(who: Resident) -> str:
    who.refresh_from_db()
    return crypto.unseal(who.name_sealed, about="resident.name")


def gone(who: Resident) -> bool:
    who.refresh_from_db()
    return who.erased_date is not None and (who.identity_index, who.sex, who.born, who.home_place, list(who.grams)) == (None, "0", None, "", [])


def test_who_left_is_erased_when_the_time_is_over_and_not_a_day_before(ground: SimpleNamespace) -> None:
    who = whole("钱试四")
    lives(who, ground.empty, date(2020, 1, 1), date(2024, 3, 1))
    apply_retention(actor=SYSTEM, at=at("2025-02-28"))
    who.refresh_from_db()
    assert who.phone_index is not None and name_of(who) == "钱试四"
    apply_retention(actor=SYSTEM, at=at("2025-03-01"))
    who.refresh_from_db()
    assert who.phone_index is None and who.phone_sealed is None, "telephones go after 12 months"
    assert name_of(who) == "钱试四" and who.identity_index is not None
    apply_retention(actor=SYSTEM, at=at("2026-02-28"))
    assert name_of(who) == "钱试四"
    applied = apply_retention(actor=SYSTEM, at=at("2026-03-01"))
    assert gone(who) and name_of(who) == "已删除" and applied.counts["resident.name"] == 1
    assert apply_retention(actor=SYSTEM, at=at("2026-03-01")).counts == {}, "again erases nothing"


def test_who_lives_here_keeps_everything(ground: SimpleNamespace) -> None:
    who = whole("钱试四")
    lives(who, ground.empty, date(2000, 1, 1))
    apply_retention(actor=SYSTEM, at=at("2099-01-01"))
    assert name_of(who) == "钱试四" and who.phone_index is not None and who.more == {"dogs": 2}


def test_a_past_residency_of_somebody_who_lives_elsewhere_becomes_nobodys(ground: SimpleNamespace) -> None:
    """Where somebody lived long ago is a trace of their movements; how many lived there is not."""
    past = next(s for s in ground.stays if s.resident_id == ground.before.id and s.room_id == ground.flat.id)
    people, stays = Resident.objects.count(), Residency.objects.count()
    applied = apply_retention(actor=SYSTEM, at=at("2026-06-01"))
    past.refresh_from_db()
    assert applied.counts["residency.room"] == 1 and past.resident_id != ground.before.id and past.room_id == ground.flat.id
    assert Resident.objects.get(district=past.district, id=past.resident_id).erased_date == date(2026, 6, 1)
    assert name_of(ground.before) == "赵试三", "they live somewhere, and are known there"
    assert (Resident.objects.count(), Residency.objects.count()) == (people + 1, stays)
    assert not apply_retention(actor=SYSTEM, at=at("2026-06-01")).counts


def test_records_of_one_person_end_together(ground: SimpleNamespace) -> None:
    survivor, other = whole("钱试四"), whole("钱试四四", identity_index=None, identity_sealed=None, identity_kind="")
    Resident.objects.filter(id=other.id).update(merged_into=survivor.id)
    lives(other, ground.empty, date(2015, 1, 1), date(2016, 1, 1))
    stay = lives(survivor, ground.empty, date(2016, 1, 1))
    apply_retention(actor=SYSTEM, at=at("2030-01-01"))
    assert not gone(other), "the person lives here, by the other record"
    Residency.objects.filter(id=stay.id).update(period=(date(2016, 1, 1), date(2029, 1, 1)))
    apply_retention(actor=SYSTEM, at=at("2030-12-31"))
    assert not gone(other) and not gone(survivor)
    apply_retention(actor=SYSTEM, at=at("2031-01-01"))
    assert gone(other) and gone(survivor)


def test_who_never_lived_anywhere_counts_from_the_day_of_the_record(ground: SimpleNamespace) -> None:
    who = whole("钱试四")  # recorded on 5 January 2026
    apply_retention(actor=SYSTEM, at=at("2028-01-04"))
    assert name_of(who) == "钱试四"
    apply_retention(actor=SYSTEM, at=at("2028-01-05"))
    assert gone(who)


def test_who_died_is_erased_though_nobody_ended_the_residency(ground: SimpleNamespace) -> None:
    who = whole("钱试四", ended_date=date(2024, 1, 1), end_reason="died")
    lives(who, ground.empty, date(2000, 1, 1))
    apply_retention(actor=SYSTEM, at=at("2026-01-01"))
    assert gone(who) and who.end_reason == "" and who.ended_date == date(2024, 1, 1)


def test_own_fields_contacts_and_signatures(ground: SimpleNamespace) -> None:
    Field.objects.create(
        thing="resident", name="dogs", title="宠物犬", type="number", own=True, personal=True, owner=Field.objects.first().owner, retention_months=3
    )
    who = whole("钱试四", more={"dogs": 2, "other": 1}, ended_date=date(2025, 1, 1))
    shop = row(Organisation, name="关了的店", contact_sealed=b"x", phone_sealed=b"x", phone_index=b"x", ended_date=date(2025, 1, 1))
    Pledge.objects.filter(id=ground.pledge.id).update(ended_date=date(2024, 2, 1), scan_sha256="a" * 64, scan_name="张三.pdf")
    applied = apply_retention(actor=SYSTEM, at=at("2026-02-01"))
    who.refresh_from_db()
    shop.refresh_from_db()
    ground.pledge.refresh_from_db()
    assert who.more == {"other": 1} and (shop.contact_sealed, shop.phone_sealed, shop.phone_index) == (None, None, None)
    assert ground.pledge.scan_sha256 == "" and ground.pledge.scan_name == "" and ground.pledge.resident_id != ground.father.id
    assert {"resident.dogs", "organisation.contact", "organisation.phone", "pledge.resident", "pledge.scan"} <= applied.counts.keys()


def test_a_dry_run_counts_the_same_and_touches_nothing(ground: SimpleNamespace) -> None:
    who = whole("钱试四", ended_date=date(2024, 1, 1))
    dry = apply_retention(actor=SYSTEM, at=at("2026-06-01"), dry_run=True)
    assert name_of(who) == "钱试四" and not Event.objects.filter(type="retention.applied").exists()
    assert apply_retention(actor=SYSTEM, at=at("2026-06-01")).counts == dry.counts and dry.total > 5


def test_the_record_has_counts_and_no_names(ground: SimpleNamespace, world: World) -> None:
    whole("钱试四", ended_date=date(2024, 1, 1))
    apply_retention(actor=SYSTEM, at=at("2026-06-01"))
    (run,) = retention_runs(actor=world.actor("audit_admin"))
    assert run.data["counts"]["resident.name"] == 1 and "试" not in json.dumps(run.data, ensure_ascii=False)
    with pytest.raises(Forbidden):
        retention_runs(actor=world.actor("worker"))


def test_what_imports_keep_to_be_undone_by_goes_too(ground: SimpleNamespace) -> None:
    who, stays = whole("钱试四", ended_date=date(2024, 1, 1)), ground.father
    for one in (who, stays):
        ImportedRow.objects.create(district=one.district, id=one.id, import_id=one.id, thing="resident", thing_id=str(one.id), version=1, before={"phone": "x"})
    apply_retention(actor=SYSTEM, at=at("2026-06-01"))
    assert [r.thing_id for r in ImportedRow.objects.all()] == [str(stays.id)]


def test_who_may(world: World, ground: SimpleNamespace) -> None:
    for who in ("system_admin", "audit_admin", "worker", "street_operator"):
        with pytest.raises(Forbidden):
            apply_retention(actor=world.actor(who), at=at("2026-06-01"))
    apply_retention(actor=world.actor("system_admin"), at=at("2026-06-01"), dry_run=True)
    apply_retention(actor=world.actor("security_admin"), at=at("2026-06-01"))
    with pytest.raises(Forbidden):
        apply_retention(actor=world.actor("worker"), at=at("2026-06-01"), dry_run=True)


def test_a_field_that_is_off_can_be_erased_at_once(world: World, ground: SimpleNamespace) -> None:
    who, security = whole("钱试四"), world.actor("security_admin")
    asked: dict[str, Any] = {"actor": security, "at": at("2026-06-01"), "thing": "resident", "name": "phone"}
    with pytest.raises(Refused):
        erase_field(**asked, reason="不再需要")
    switch_off(actor=security, at=at("2026-06-01"), fields=[("resident", "phone")])
    with pytest.raises(Invalid):
        erase_field(**asked, reason=" ")
    with pytest.raises(Forbidden):
        erase_field(**(asked | {"actor": world.actor("system_admin")}), reason="不再需要")
    assert erase_field(**asked, reason="不再需要") == 1
    who.refresh_from_db()
    assert who.phone_index is None and name_of(who) == "钱试四"
    with pytest.raises(Refused):
        erase_field(**(asked | {"name": "from_date", "thing": "residency"}), reason="不再需要")


def test_the_command(ground: SimpleNamespace) -> None:
    whole("钱试四", ended_date=date(2020, 1, 1))
    said = StringIO()
    call_command("apply_retention", dry_run=True, stdout=said)
    assert "resident.name: 1" in said.getvalue()
    call_command("apply_retention", stdout=said)
    assert not Resident.objects.filter(ended_date=date(2020, 1, 1), erased_date=None).exists()


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.tuples(st.booleans(), st.dates(date(2018, 1, 1), date(2029, 1, 1)), st.booleans(), st.integers(0, 600)), min_size=1, max_size=6),
    st.dates(date(2020, 1, 1), date(2032, 1, 1)),
)
def test_whoever_they_are_the_living_stay_and_the_long_gone_go(ground: SimpleNamespace, people: list[tuple[bool, date, bool, int]], day: date) -> None:
    """The law: erased if and only if nothing has been going on for 24 months."""
    made = []
    for open_ended, first, two, length in people:
        who = whole(f"试{next(NUMBERS)}")
        last = date.fromordinal(first.toordinal() + length + 1)
        lives(who, ground.empty, first, None if open_ended else last)
        if two:
            lives(who, ground.shop_room, date(2001, 1, 1), date(2002, 1, 1))
        made.append((who, None if open_ended else last))
    apply_retention(actor=SYSTEM, at=at(day.isoformat()))
    for who, last in made:
        over = last is not None and last <= day and _months_later(last, 24) <= day
        assert gone(who) == over


def _months_later(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, min(day.day, last))
        except ValueError:
            continue
    raise AssertionError
