"""Queues: every filter, every order, pages that neither lose nor repeat a case, and a search that finds what the log tells."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from itertools import product
from typing import Any

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from jingwei.accounts.rules import Actor
from jingwei.cases.actions import index_words, locate_case
from jingwei.cases.models import Case, CaseWords
from jingwei.cases.queries import QueueFilter, queue_counts, queue_page
from jingwei.kit.errors import Invalid
from jingwei.kit.words import folded_sql, patterns
from tests.world import FAR, IN_A1, IN_A2, IN_B, MONDAY, NOWHERE, STAFF, STREET, A, B, World

LATER = MONDAY + timedelta(hours=3)


def numbers(actor: Actor, at: datetime = LATER, sort: str = "", **wanted: Any) -> list[str]:
    """The numbers that a filter lists, through pages of two."""
    found: list[str] = []
    after = None
    while True:
        page = queue_page(actor=actor, wanted=QueueFilter(**({"view": "all"} | wanted)), at=at, sort=sort, after=after, size=2)
        found += [line.number for line in page.items]
        if page.next is None:
            return found
        after = page.next


def at(point: tuple[float, float]) -> dict[str, float]:
    return {"x": point[0], "y": point[1]}


@pytest.fixture
def some(opened: Callable[..., Case]) -> list[Case]:
    """Five cases, an hour apart: two classes, three communities' worth of places, three sources."""
    hour = timedelta(hours=1)
    return [
        opened(text="路边井盖破损", address="光明新村12号"),
        opened(at=MONDAY + hour, matter="06002", text="井盖下沉", **at(IN_A2)),
        opened(at=MONDAY + 2 * hour, source="resident", text="路灯不亮", **at(IN_B), urgent=True),
        opened(by="worker", at=MONDAY + 25 * hour, source="worker", text="垃圾桶满溢"),
        opened(at=MONDAY + 26 * hour, text="位置不明的积水", **at(NOWHERE)),
    ]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("wanted", "which"),
    [
        ({}, (0, 1, 2, 3, 4)),
        ({"matter": ("06002",)}, (1,)),
        ({"matter": ("06001", "06002")}, (0, 1, 2, 3, 4)),
        ({"source": ("worker", "resident")}, (2, 3)),
        ({"place": B}, (2,)),
        ({"place": A + "001"}, (0, 3)),
        ({"urgent": True}, (2,)),
        ({"urgent": False, "place": A}, (0, 1, 3)),
        ({"opened_from": date(2026, 11, 17)}, (3, 4)),
        ({"opened_to": date(2026, 11, 16)}, (0, 1, 2)),
        ({"opened_from": date(2026, 11, 16), "opened_to": date(2026, 11, 16)}, (0, 1, 2)),
        ({"view": "unlocated"}, (4,)),
        ({"view": "open"}, (0, 1, 2, 3, 4)),
        ({"view": "ended"}, ()),
        ({"state": ("reported",)}, (0, 1, 2, 3, 4)),
        ({"state": ("filed", "closed")}, ()),
        ({"due_in": 0}, (0, 1, 2)),
        ({"light": ("red",)}, (0, 1, 2)),
        ({"light": ("red", "green")}, (0, 1, 2, 3, 4)),
        ({"within": ((121.484, 31.22), (121.50, 31.22), (121.50, 31.25), (121.484, 31.25))}, (1, 2)),
        ({"within": ((121.48, 31.22), (121.50, 31.25), (121.50, 31.22), (121.48, 31.25))}, (0, 1, 2, 3)),  # it crosses itself: two triangles
        ({"q": "井盖"}, (0, 1)),
        ({"q": "井盖 光明"}, (0,)),
        ({"q": "１２号"}, (0,)),
        ({"q": "%"}, ()),
        ({"q": "没有这样的"}, ()),
    ],
    ids=str,
)
def test_a_filter_lists_what_fits_and_nothing_else(world: World, some: list[Case], wanted: dict[str, Any], which: tuple[int, ...]) -> None:
    actor, moment = world.actor("acceptor"), MONDAY + timedelta(hours=25, minutes=30)
    assert sorted(numbers(actor, moment, **wanted)) == sorted(some[i].number for i in which)
    counted = queue_counts(actor=actor, wanted=QueueFilter(**({"view": "all"} | wanted)), at=moment)
    assert sum(sum(c.lights.values()) for c in counted) == len(which)


@pytest.mark.django_db
def test_the_same_search_before_and_after_the_index_has_read(world: World, some: list[Case]) -> None:
    actor = world.actor("acceptor")
    before = [numbers(actor, q=q) for q in ("井盖", "下沉", some[2].number, some[2].number[-5:], "光明新村")]
    assert before == [[some[1].number, some[0].number], [some[1].number], [some[2].number], [some[2].number], [some[0].number]]
    while index_words(at=MONDAY + timedelta(days=3650), most=2):
        pass
    assert CaseWords.objects.count() == 5
    assert [numbers(actor, q=q) for q in ("井盖", "下沉", some[2].number, some[2].number[-5:], "光明新村")] == before
    assert index_words(at=MONDAY + timedelta(days=3650)) == 0


@pytest.mark.django_db
def test_a_new_address_is_found_at_once_and_the_old_one_no_more_once_read(world: World, some: list[Case]) -> None:
    actor = world.actor("acceptor")
    index_words(at=MONDAY + timedelta(days=3650))
    # What one transaction records has one time of recording: let the move be recorded after what has been read.
    with connection.cursor() as cursor:
        cursor.execute("update events_reader set read_until = read_until - interval '1 second'")
    locate_case(actor=actor, case_id=some[0].id, crs="EPSG:4326", x=IN_A1[0], y=IN_A1[1], address="长乐坊7号", seen_version=1, at=LATER)
    assert numbers(actor, q="长乐坊") == [some[0].number]
    index_words(at=MONDAY + timedelta(days=3650))
    assert numbers(actor, q="长乐坊") == [some[0].number]
    assert numbers(actor, q="光明新村") == []


@pytest.mark.django_db
def test_orders(world: World, some: list[Case], move: Callable[..., Case]) -> None:
    actor = world.actor("acceptor")
    move(some[2], "acceptor", "accept", at=MONDAY + timedelta(hours=30))
    opened = [c.number for c in some]
    assert numbers(actor, sort="oldest") == opened
    assert numbers(actor) == numbers(actor, sort="newest") == opened[::-1]
    assert numbers(actor, view="open", sort="longest") == [opened[i] for i in (0, 1, 3, 4, 2)]
    due = {c.number: c.due_at for c in Case.objects.all()}
    by_due = numbers(actor, view="open")
    assert by_due == sorted(by_due, key=lambda n: due[n] or datetime.max.replace(tzinfo=MONDAY.tzinfo)) and len(by_due) == 5
    for sort in ("due", "longest"):
        with pytest.raises(Invalid):
            numbers(actor, view="all", sort=sort)


@pytest.mark.django_db
def test_a_case_without_a_clock_comes_last_in_the_order_of_due_times(world: World, some: list[Case], move: Callable[..., Case]) -> None:
    move(some[0], "shift_leader", "suspend", reason="等待材料", at=MONDAY + timedelta(minutes=1))
    assert numbers(world.actor("acceptor"), view="open")[-1] == some[0].number


@pytest.mark.django_db
def test_a_list_is_the_scope_whatever_the_role_and_the_place(world: World, some: list[Case], move: Callable[..., Case]) -> None:
    """Lists are gathered from the parts of a scope: areas, units that hold or held a case, what one opened."""
    for case in some[:3]:
        move(case, "acceptor", "accept", at=LATER)
        move(case, "acceptor", "file")
        move(case, "dispatcher", "dispatch", unit=world.units["chengguan"].pk)
    move(some[0], "department_clerk", "return", reason="不归我们管")
    move(some[0], "dispatcher", "dispatch", unit=world.units["lvhua"].pk)
    later = MONDAY + timedelta(days=30)
    most = 0
    for who, place in product([*STAFF, "worker"], ["", "31", "310101", STREET, A, f"{A}001", B, FAR, "320000"]):
        actor = world.actor(who)
        seen = set(Case.objects.visible_to(actor).filter(place__startswith=place).values_list("number", flat=True))
        for view, sort in (("all", "newest"), ("all", "oldest"), ("open", "due")):
            listed = numbers(actor, later, sort, view=view, place=place)
            assert (len(listed), set(listed)) == (len(seen), seen), (who, place, view, sort)
        most = max(most, len(seen)) if who in ("department_clerk", "worker") else most
    assert 0 < most < 5


@pytest.mark.django_db
def test_what_is_closed_is_in_no_open_view(world: World, some: list[Case], move: Callable[..., Case]) -> None:
    move(some[0], "shift_leader", "void", reason="误报")
    actor = world.actor("acceptor")
    assert some[0].number not in numbers(actor, view="open") and some[0].number not in numbers(actor, view="mine")
    assert numbers(actor, view="ended") == [some[0].number]


@given(st.text(max_size=12), st.text(max_size=12), st.text(max_size=12))
@pytest.mark.django_db
def test_a_text_is_found_by_every_part_of_it(before: str, word: str, after: str) -> None:
    """Python and the database fold alike: for words as people type them."""
    if "\0" in before + word + after or any("\ud800" <= c <= "\udfff" for c in before + word + after) or (not word.isascii() and word.lower() != word):
        return
    with connection.cursor() as cursor:
        for pattern in patterns(word):
            cursor.execute(f"select {folded_sql('%s::text')} like %s", [f"{before} {word} {after}", pattern])
            (found,) = cursor.fetchone() or (False,)
            assert found
