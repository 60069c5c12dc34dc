"""Organisations by their credit code, their premises for periods, and pledges for terms with their scans."""

import io
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest
from django.db import connection

from jingwei.accounts.rules import SYSTEM
from jingwei.events.models import Event
from jingwei.kit.errors import Conflict, Forbidden, Invalid, NotFound, Problem, Refused, Unsupported
from jingwei.registry.actions import (
    OrganisationFacts,
    PledgeFacts,
    PremisesFacts,
    Spot,
    change_organisation,
    close_organisation,
    close_premises,
    contact_of,
    end_pledge,
    keep_scan,
    open_premises,
    read_scan,
    register_organisation,
    renew_pledge,
    sign_pledge,
    switch_off,
    unmask_contact,
)
from jingwei.registry.models import Field, Organisation, Pledge, Premises
from jingwei.registry.queries import (
    OrganisationFilter,
    PledgeFilter,
    organisation_page,
    organisation_whole,
    pledge_page,
    pledge_whole,
    premises_of_building,
    premises_tile,
)
from jingwei.registry.rules.numbers import organisation_check, uscc_check
from tests.ground import build_ground
from tests.kit.test_files import jpeg
from tests.tiles import features
from tests.world import FAR, IN_A1, IN_B, MONDAY, A, World

TODAY = MONDAY.date()
GRID = A + "001"


def credit_code(number: int) -> str:
    """A code that is sound and nobody's: 999999 is no division."""
    eight = f"{number:08d}"
    first = "92999999" + eight + organisation_check(eight)
    return first + uscc_check(first)


def organisation(world: World, name: str = "试验面馆", *, by: str = "worker", place: str = GRID, **facts: Any) -> Organisation:
    premises = facts.pop("premises", None)
    actor = world.actor(by) if by else SYSTEM
    return register_organisation(actor=actor, at=MONDAY, facts=OrganisationFacts(name, **facts), place="" if premises else place, premises=premises)


def told(error: pytest.ExceptionInfo[Any]) -> set[str]:
    return {e.field for e in error.value.errors}


# -- organisations


@pytest.mark.django_db
def test_an_organisation_is_registered_where_its_premises_are(world: World) -> None:
    shop = organisation(world, uscc=credit_code(1).lower(), premises=PremisesFacts(TODAY, address="延安路 18 号", spot=Spot("EPSG:4326", *IN_A1)))
    assert (shop.uscc, shop.place, shop.district) == (credit_code(1), GRID, "310101")
    page = organisation_whole(actor=world.actor("worker"), organisation_id=shop.id)
    assert [(p.address, p.period.lower, p.period.upper) for p in page.premises] == [("延安路 18 号", TODAY, None)]
    assert set(Event.objects.filter(type__regex="organisation|premises").values_list("type", flat=True)) == {"organisation.registered", "premises.opened"}


@pytest.mark.django_db
def test_a_credit_code_is_one_organisations_in_the_whole_city(world: World) -> None:
    first = organisation(world, uscc=credit_code(1))
    with pytest.raises(Refused) as error:
        organisation(world, "另一家", uscc=credit_code(1))
    assert error.value.code == "uscc_known" and told(error) == {"uscc"} and error.value.extra["present"]["id"] == str(first.id)
    with pytest.raises(Refused) as error:  # from elsewhere: not which one it is
        organisation(world, "另一家", by="far_worker", place=FAR + "001", uscc=credit_code(1))
    assert error.value.extra == {} and "试验面馆" not in str(error.value.message)
    assert Organisation.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"uscc": credit_code(1)[:-1] + "0"}, "uscc"), ({"uscc": "1.23E+17"}, "uscc"), ({"uscc": "91"}, "uscc"), ({"phone": "12"}, "phone"),
        ({"industry": "5211"}, "industry"), ({"status": "closed"}, "status"), ({"name": "  "}, "name"), ({"place": "31"}, "place"),
        ({"place": "9999"}, "place"),
        ({"premises": PremisesFacts(TODAY)}, "premises.position"), ({"premises": PremisesFacts(TODAY, building_id=999_999)}, "premises.building_id"),
    ],
)  # fmt: skip
def test_bad_input_names_its_field(world: World, facts: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as error:
        organisation(world, **facts)
    assert told(error) == {field} and not Organisation.objects.exists()


@pytest.mark.django_db
def test_who_may_register(world: World) -> None:
    for by in ("acceptor", "department_clerk", "second_worker", "far_worker"):
        with pytest.raises(Forbidden):
            organisation(world, by=by)


@pytest.mark.django_db
def test_the_contact_is_sealed_masked_and_unmasked_with_a_reason(world: World) -> None:
    shop = organisation(world, contact="试某某", phone="138 0000 0000")
    assert b"\xe8\xaf\x95" not in bytes(shop.contact_sealed or b"") and contact_of(shop) == ("试某某", "13800000000")
    assert unmask_contact(actor=world.actor("worker"), at=MONDAY, organisation_id=shop.id, reason="通知检查") == ("试某某", "13800000000")
    event = Event.objects.get(type="organisation.unmasked")
    assert event.data == {"reason": "通知检查"}
    with pytest.raises(Forbidden):
        unmask_contact(actor=world.actor("acceptor"), at=MONDAY, organisation_id=shop.id, reason="x")
    with pytest.raises(Invalid):
        unmask_contact(actor=world.actor("worker"), at=MONDAY, organisation_id=shop.id, reason=" ")
    assert not Event.objects.filter(data__icontains="13800000000").exists()
    kept = change_organisation(actor=world.actor("worker"), at=MONDAY, organisation_id=shop.id, seen_version=1, facts=OrganisationFacts("新名"))
    assert contact_of(kept) == ("试某某", "13800000000")


@pytest.mark.django_db
def test_a_contact_is_not_taken_while_its_field_is_off(world: World) -> None:
    Field.objects.filter(thing="organisation", name="contact").update(is_on=False)
    with connection.cursor() as cursor:
        cursor.execute("update registry_fieldrevision set number = number + 1")
    with pytest.raises(Refused) as error:
        organisation(world, contact="试某某")
    assert error.value.code == "field_off" and told(error) == {"contact"}
    assert not organisation_whole(actor=world.actor("worker"), organisation_id=organisation(world).id).people


@pytest.mark.django_db
def test_a_change_and_its_refusals(world: World) -> None:
    shop, worker = organisation(world, uscc=credit_code(1)), world.actor("worker")
    organisation(world, "别家", uscc=credit_code(2))
    change_organisation(actor=worker, at=MONDAY, organisation_id=shop.id, seen_version=1, facts=OrganisationFacts("改名面馆", credit_code(1), "individual"))
    assert Event.objects.get(type="organisation.changed").data["before"] == {"name": "试验面馆", "kind": "enterprise"}
    with pytest.raises(Conflict):
        change_organisation(actor=worker, at=MONDAY, organisation_id=shop.id, seen_version=1, facts=OrganisationFacts("x"))
    with pytest.raises(Refused):
        change_organisation(actor=worker, at=MONDAY, organisation_id=shop.id, seen_version=2, facts=OrganisationFacts("x", credit_code(2)))
    with pytest.raises(NotFound):
        change_organisation(actor=world.actor("far_worker"), at=MONDAY, organisation_id=shop.id, seen_version=2, facts=OrganisationFacts("x"))


@pytest.mark.django_db
def test_premises_are_opened_and_closed_and_end_with_the_organisation(world: World) -> None:
    g, worker = build_ground(), world.actor("worker")
    shop = organisation(world)
    first = open_premises(actor=worker, at=MONDAY, organisation_id=shop.id, premises=PremisesFacts(date(2025, 1, 1), room_id=g.shop_room.id, use="shop"))
    second = open_premises(actor=worker, at=MONDAY, organisation_id=shop.id, premises=PremisesFacts(date(2025, 6, 1), building_id=g.house.pk))
    assert (first.building_id, first.place, second.room_id) == (g.house.pk, GRID, None) and first.point is not None
    with pytest.raises(Refused) as error:
        open_premises(actor=worker, at=MONDAY, organisation_id=shop.id, premises=PremisesFacts(TODAY, room_id=g.shop_room.id))
    assert error.value.code == "premises_open"
    with pytest.raises(Invalid):
        close_premises(actor=worker, at=MONDAY, premises_id=first.id, seen_version=1, until=date(2025, 1, 1))
    close_premises(actor=worker, at=MONDAY, premises_id=first.id, seen_version=1, until=date(2026, 1, 1))
    open_premises(actor=worker, at=MONDAY, organisation_id=shop.id, premises=PremisesFacts(TODAY, room_id=g.shop_room.id))
    closed = close_organisation(actor=worker, at=MONDAY, organisation_id=shop.id, seen_version=1, on=TODAY)
    assert (closed.status, closed.ended_date) == ("closed", TODAY)
    assert not Premises.objects.filter(organisation_id=shop.id, period__contains=TODAY + timedelta(days=1)).exists()
    with pytest.raises(Refused):
        close_organisation(actor=worker, at=MONDAY, organisation_id=shop.id, seen_version=2, on=TODAY)
    with pytest.raises(Refused):
        change_organisation(actor=worker, at=MONDAY, organisation_id=shop.id, seen_version=2, facts=OrganisationFacts("x"))
    after = premises_of_building(actor=worker, building_id=g.house.pk, on=TODAY + timedelta(days=1))
    assert [one.name for one in after] == ["试验面馆"]  # the ground's own


@pytest.mark.django_db
def test_who_does_business_in_a_building_room_by_room(world: World) -> None:
    g, worker = build_ground(), world.actor("worker")
    for name, premises in (
        ("整栋物业", PremisesFacts(TODAY, building_id=g.house.pk)),
        ("将开书店", PremisesFacts(TODAY + timedelta(days=30), room_id=g.empty.id)),
        ("已走茶馆", PremisesFacts(date(2020, 1, 1), room_id=g.empty.id)),
    ):
        made = organisation(world, name, premises=premises)
        if name == "已走茶馆":
            gone = Premises.objects.get(organisation_id=made.id)
            close_premises(actor=worker, at=MONDAY, premises_id=gone.id, seen_version=1, until=date(2021, 1, 1))

    def here() -> list[tuple[str, str]]:
        return [(one.name, one.room) for one in premises_of_building(actor=worker, building_id=g.house.pk, on=TODAY)]

    assert here() == [("整栋物业", ""), ("试验面馆", "1单元102室"), ("将开书店", "1单元201室")]
    assert premises_of_building(actor=world.actor("far_worker"), building_id=g.far_house.pk, on=TODAY) == []
    with pytest.raises(NotFound):
        premises_of_building(actor=world.actor("far_worker"), building_id=g.house.pk, on=TODAY)
    switch_off(actor=SYSTEM, at=MONDAY, fields=[("room", "unit"), ("premises", "use")])
    assert here()[1] == ("试验面馆", "102室")


@pytest.mark.django_db
def test_lists_and_points_within_the_scope(world: World, django_assert_num_queries: Any) -> None:
    first = organisation(world, "试验面馆", kind="individual", industry="H6210", premises=PremisesFacts(TODAY, spot=Spot("EPSG:4326", *IN_A1)))
    second = organisation(world, "试验五金", by="street_operator", premises=PremisesFacts(TODAY, spot=Spot("EPSG:4326", *IN_B)), uscc=credit_code(7))

    def names(by: str, **wanted: Any) -> set[str]:
        with django_assert_num_queries(0 if by == "system_admin" else 1):
            return {o.name for o in organisation_page(actor=actors[by], wanted=OrganisationFilter(**wanted)).items}

    actors = {by: world.actor(by) for by in ("acceptor", "worker", "far_worker", "system_admin")}
    assert names("acceptor") == {first.name, second.name} and names("worker") == {first.name} and names("far_worker") == names("system_admin") == set()
    assert names("acceptor", q="面馆") == {first.name} and names("acceptor", q=credit_code(7)) == {second.name}
    assert names("acceptor", kind="individual") == names("acceptor", industry="H") == {first.name} and names("acceptor", status="closed") == set()
    page = organisation_page(actor=actors["acceptor"], wanted=OrganisationFilter(), size=1)
    rest = organisation_page(actor=actors["acceptor"], wanted=OrganisationFilter(), size=1, after=page.next)
    assert {page.items[0].id, rest.items[0].id} == {first.id, second.id} and rest.next is None
    found = features(premises_tile(actor=actors["acceptor"], z=13, x=6860, y=3347, on=TODAY), "premises")
    assert {f["name"] for f in found} == {first.name, second.name}
    assert len(features(premises_tile(actor=actors["worker"], z=13, x=6860, y=3347, on=TODAY), "premises")) == 1


# -- pledges


def pledge(world: World, signer: dict[str, Any], *, by: str = "worker", **more: Any) -> Pledge:
    facts = {"kind": "fire", "title": "消防安全责任书", "signed_date": TODAY, "first_date": TODAY, "last_date": TODAY + timedelta(days=30)}
    return sign_pledge(actor=world.actor(by), at=MONDAY, facts=PledgeFacts(**(facts | signer | more)))


@pytest.mark.django_db
def test_pledges_run_out_in_their_order(world: World, django_assert_num_queries: Any) -> None:
    shop = organisation(world)
    late, soon = pledge(world, {"organisation_id": shop.id}), pledge(world, {"organisation_id": shop.id}, last_date=TODAY + timedelta(days=3))
    actor = world.actor("acceptor")
    with django_assert_num_queries(3):
        page = pledge_page(actor=actor, wanted=PledgeFilter(), on=TODAY)
    assert [r.pledge.id for r in page.items] == [soon.id, late.id] and page.items[0].signer == "试验面馆"

    def ids(**wanted: Any) -> list[Any]:
        return [r.pledge.id for r in pledge_page(actor=actor, wanted=PledgeFilter(**wanted), on=TODAY).items]

    assert ids(within=3) == [soon.id] and ids(within=2) == [] and ids(state="in_force") == [soon.id, late.id] and ids(state="expired") == []
    first = pledge_page(actor=actor, wanted=PledgeFilter(), on=TODAY, size=1)
    assert [r.pledge.id for r in pledge_page(actor=actor, wanted=PledgeFilter(), on=TODAY, size=1, after=first.next).items] == [late.id]


@pytest.mark.django_db
def test_a_pledge_of_a_person_is_read_by_those_who_read_people(world: World) -> None:
    g = build_ground()
    theirs = pledge(world, {"resident_id": g.father.id, "room_id": g.flat.id}, kind="landlord")
    for by in ("acceptor", "department_clerk", "far_worker"):
        with pytest.raises(NotFound):
            pledge_whole(actor=world.actor(by), pledge_id=theirs.id)
    assert pledge_whole(actor=world.actor("worker"), pledge_id=theirs.id).pledge.place == GRID
    with pytest.raises(Invalid):
        pledge(world, {"resident_id": g.father.id}, by="acceptor")
    keep_scan(actor=world.actor("worker"), at=MONDAY, pledge_id=theirs.id, name="责任书.jpg", stream=io.BytesIO(jpeg()))
    read_scan(actor=world.actor("worker"), at=MONDAY, pledge_id=theirs.id)
    event = Event.objects.get(type="resident.pledge_read")
    assert (event.subject_type, event.subject_id) == ("resident", g.father.id)
    with pytest.raises(NotFound):
        read_scan(actor=world.actor("acceptor"), at=MONDAY, pledge_id=theirs.id)


@pytest.mark.django_db
def test_a_scan_is_a_pdf_or_a_picture(world: World) -> None:
    signed = pledge(world, {"organisation_id": organisation(world).id})
    with pytest.raises(NotFound):
        read_scan(actor=world.actor("acceptor"), at=MONDAY, pledge_id=signed.id)
    for bad in (b"ID3\x03\x00\x00\x00\x00\x00\x21TSSE" + b"\0" * 400, b"plain text"):
        with pytest.raises(Unsupported):
            keep_scan(actor=world.actor("worker"), at=MONDAY, pledge_id=signed.id, name="x", stream=io.BytesIO(bad))
    keep_scan(actor=world.actor("worker"), at=MONDAY, pledge_id=signed.id, name="x.jpg", stream=io.BytesIO(jpeg()))
    assert read_scan(actor=world.actor("acceptor"), at=MONDAY, pledge_id=signed.id).scan_mime == "image/jpeg"
    assert not Event.objects.filter(type="resident.pledge_read").exists()


@pytest.mark.django_db
def test_renewing_and_ending(world: World) -> None:
    worker, old = world.actor("worker"), pledge(world, {"organisation_id": organisation(world).id}, number="A-1")
    terms = {"signed_date": TODAY, "first_date": TODAY + timedelta(days=31), "last_date": TODAY + timedelta(days=400)}
    with pytest.raises(Invalid) as error:
        renew_pledge(actor=worker, at=MONDAY, pledge_id=old.id, seen_version=1, **(terms | {"first_date": TODAY}))
    assert told(error) == {"first_date"}
    new = renew_pledge(actor=worker, at=MONDAY, pledge_id=old.id, seen_version=1, number="A-2", **terms)
    assert (new.previous_id, new.organisation_id, new.title) == (old.id, old.organisation_id, old.title)
    with pytest.raises(Refused) as refused:
        renew_pledge(actor=worker, at=MONDAY, pledge_id=old.id, seen_version=1, **terms)
    assert refused.value.code == "pledge_renewed" and pledge_whole(actor=worker, pledge_id=old.id).renewed
    with pytest.raises(Invalid):
        end_pledge(actor=worker, at=MONDAY, pledge_id=old.id, seen_version=1, on=TODAY, reason=" ")
    ended = end_pledge(actor=worker, at=MONDAY, pledge_id=old.id, seen_version=1, on=TODAY, reason="停业")
    assert (ended.ended_date, ended.version) == (TODAY, 2)
    with pytest.raises(Refused):
        end_pledge(actor=worker, at=MONDAY, pledge_id=old.id, seen_version=2, on=TODAY, reason="停业")
    with pytest.raises(Refused) as refused:
        pledge(world, {"organisation_id": old.organisation_id}, number="A-2")
    assert refused.value.code == "pledge_number_taken"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"kind": "x"}, "kind"), ({"title": " "}, "title"), ({"organisation_id": None}, "organisation_id"), ({"last_date": TODAY - timedelta(1)}, "last_date"),
        ({"signed_date": TODAY + timedelta(1)}, "signed_date"), ({"building_id": 99_999}, "building_id"),
    ],
)  # fmt: skip
def test_a_pledge_that_is_wrong_names_its_field(world: World, more: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as error:
        pledge(world, {"organisation_id": organisation(world).id} | more)
    assert told(error) == {field} and not Pledge.objects.exists()


# -- several at once


def at_once(*asked: Callable[[], Any]) -> list[Any]:
    def ask(one: Callable[[], Any]) -> Any:
        try:
            return one()
        except Problem as problem:
            return problem.code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(asked)) as pool:
        return list(pool.map(ask, asked))


@pytest.mark.django_db(transaction=True)
def test_two_districts_register_one_credit_code_at_once(standing_world: World) -> None:
    world = standing_world
    theirs = 3 * (("worker", GRID), ("far_worker", FAR + "001"))
    answers = at_once(*(partial(organisation, world, by=by, place=place, uscc=credit_code(3)) for by, place in theirs))
    assert sum(isinstance(a, Organisation) for a in answers) == 1 and answers.count("uscc_known") == 5
    assert Organisation.objects.count() == 1
