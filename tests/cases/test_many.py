"""Several cases at once: each is moved or refused on its own; views are kept, shared, and changed by their owner alone."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from jingwei.cases.actions import Command, drop_view, perform_many, save_view
from jingwei.cases.models import Case, SavedView
from jingwei.cases.queries import QueueFilter, moves_of_many, saved_views, view_counts
from jingwei.events.models import Event
from jingwei.kit.errors import Conflict, Forbidden, Invalid, NotFound
from tests.cases.conftest import snapshot
from tests.world import IN_FAR, MONDAY, World

pytestmark = pytest.mark.django_db
SOON = MONDAY + timedelta(minutes=10)


def test_each_case_is_moved_or_refused_on_its_own(world: World, opened: Callable[..., Case], move: Callable[..., Case]) -> None:
    good, stale, ended = opened(), opened(), move(opened(), "shift_leader", "void", reason="误报")
    far = opened(by="far_acceptor", x=IN_FAR[0], y=IN_FAR[1])
    before = [snapshot(c) for c in (stale, ended, far)]
    commands = [Command(c.id, "accept", v, SOON) for c, v in ((good, 1), (stale, 9), (ended, ended.version), (far, 1))]
    outcomes = perform_many(actor=world.actor("acceptor"), commands=commands)
    assert [o.problem and o.problem.code for o in outcomes] == [None, "stale_version", "move_not_possible", "not_found"]
    assert Case.objects.get(id=good.id).state == "accepted"
    assert [snapshot(c) for c in (stale, ended, far)] == before


def test_the_moves_of_many_name_the_cases_that_allow_them(world: World, opened: Callable[..., Case], move: Callable[..., Case]) -> None:
    reported, accepted = opened(), move(opened(), "acceptor", "accept")
    far = opened(by="far_acceptor", x=IN_FAR[0], y=IN_FAR[1])
    found = {m.action: set(ids) for m, ids in moves_of_many(actor=world.actor("acceptor"), ids=[reported.id, accepted.id, far.id])}
    assert found["accept"] == {reported.id} and found["file"] == {accepted.id} and found["remind"] == {reported.id, accepted.id}


def test_a_view_is_kept_and_shared_with_a_unit(world: World, opened: Callable[..., Case]) -> None:
    acceptor, dispatcher, clerk = (world.actor(n) for n in ("acceptor", "dispatcher", "department_clerk"))
    mine = save_view(actor=acceptor, at=SOON, name="红灯", wanted={"view": "open", "light": ["red"]})
    shared = save_view(actor=acceptor, at=SOON, name="全部井盖", wanted={"q": "井盖"}, columns=["number"], unit=world.units["centre"].pk)
    assert [v.pk for v in saved_views(acceptor)] == [shared.pk, mine.pk]
    assert [v.pk for v in saved_views(dispatcher)] == [shared.pk]
    assert saved_views(clerk) == []
    assert Event.objects.filter(type="view.saved").count() == 2
    opened(text="井盖破损")
    counts = view_counts(actor=acceptor, wanted={1: QueueFilter(view="open"), 2: QueueFilter(q="路灯"), 3: QueueFilter(view="mine", q="井盖")}, at=SOON)
    assert counts == {1: 1, 2: 0, 3: 1}


def test_only_the_owner_changes_a_view_and_nobody_an_outdated_one(world: World) -> None:
    acceptor, dispatcher, clerk = (world.actor(n) for n in ("acceptor", "dispatcher", "department_clerk"))
    view = save_view(actor=acceptor, at=SOON, name="红灯", wanted={}, unit=world.units["centre"].pk)
    with pytest.raises(Forbidden):
        drop_view(actor=dispatcher, at=SOON, view_id=view.pk)
    with pytest.raises(NotFound):
        drop_view(actor=clerk, at=SOON, view_id=view.pk)
    changed = save_view(actor=acceptor, at=SOON, name="红灯与黄灯", wanted={"light": ["red", "amber"]}, view_id=view.pk, seen_version=1)
    assert (changed.version, changed.unit_id) == (2, None)
    with pytest.raises(Conflict):
        save_view(actor=acceptor, at=SOON, name="旧", wanted={}, view_id=view.pk, seen_version=1)
    assert SavedView.objects.get().name == "红灯与黄灯"
    drop_view(actor=acceptor, at=SOON, view_id=view.pk)
    assert not SavedView.objects.exists() and Event.objects.filter(type="view.dropped").count() == 1


def test_a_name_is_used_once_and_a_unit_is_ones_own(world: World) -> None:
    acceptor = world.actor("acceptor")
    save_view(actor=acceptor, at=SOON, name="红灯", wanted={})
    with pytest.raises(Invalid) as twice:
        save_view(actor=acceptor, at=SOON, name="红灯", wanted={})
    with pytest.raises(Invalid) as foreign:
        save_view(actor=acceptor, at=SOON, name="别处", wanted={}, unit=world.units["lvhua"].pk)
    assert (twice.value.errors[0].field, foreign.value.errors[0].field) == ("name", "unit")
    assert SavedView.objects.count() == 1
