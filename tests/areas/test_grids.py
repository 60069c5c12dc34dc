"""A community's division into grids: without gap or overlap, valid from a day on, with its lineage; and who serves which grid."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from jingwei.accounts.actions import register_person
from jingwei.accounts.rules import SYSTEM
from jingwei.areas.actions import GridPlan, adopt_grids, draw_boundaries, end_posting, post_worker, try_grids
from jingwei.areas.models import Division, Grid, Posting
from jingwei.areas.queries import grid_at, here
from jingwei.events.models import Event
from jingwei.kit.errors import Forbidden, Invalid, NotFound, Problem, Refused
from tests.world import BOUNDARIES, FAR, GRIDS, IN_A1, IN_A2, IN_B, MONDAY, NOWHERE, START, A, B, World, square

NEXT = date(2027, 1, 1)
WHOLE = square(121.48, 31.23, 121.49, 31.24)


def plan(*parts: tuple[str, dict[str, Any]], **more: Any) -> list[GridPlan]:
    return [GridPlan(A + number, "basic", f"网格{number}", shape, **more) for number, shape in parts]


def adopt(grids: list[GridPlan], valid_from: date = NEXT, community: str = A, **more: Any) -> list[str]:
    return adopt_grids(actor=more.pop("actor", SYSTEM), at=MONDAY, community=community, plan=grids, valid_from=valid_from, **more)


def in_force(on: date, community: str = A) -> list[str]:
    return sorted(Grid.objects.on(on).filter(community_id=community).exclude(kind="micro").values_list("code", flat=True))


NORTH, SOUTH = square(121.48, 31.235, 121.49, 31.24), square(121.48, 31.23, 121.49, 31.235)


def test_a_new_plan_ends_the_old_one(world: World) -> None:
    assert adopt(plan(("011", NORTH), ("012", SOUTH), predecessors=(A + "001", A + "002"))) == [A + "011", A + "012"]
    assert in_force(NEXT - timedelta(days=1)) == [A + "001", A + "002"] and in_force(NEXT) == [A + "011", A + "012"]
    assert Grid.objects.get(code=A + "011").predecessors == [A + "001", A + "002"]
    assert grid_at(*IN_A1, NEXT - timedelta(days=1))[0] == A + "001" and grid_at(*IN_A1, NEXT)[0] in (A + "011", A + "012")  # type: ignore[index]


def test_a_grid_that_stays_keeps_its_code_and_its_days(world: World) -> None:
    west, _ = GRIDS[A]
    halves = [
        replace(west),
        GridPlan(A + "021", "basic", "东北", square(121.485, 31.235, 121.49, 31.24)),
        GridPlan(A + "022", "basic", "东南", square(121.485, 31.23, 121.49, 31.235)),
    ]
    assert adopt(halves) == [A + "021", A + "022"]
    assert Grid.objects.get(code=A + "001").period.lower == START and in_force(NEXT) == [A + "001", A + "021", A + "022"]


def test_the_same_plan_twice_changes_nothing(world: World) -> None:
    events = Event.objects.count()
    assert adopt(GRIDS[A], valid_from=START) == [] and Event.objects.count() == events


MICRO = GridPlan(A + "101", "micro", "微一", square(121.482, 31.236, 121.483, 31.237), parent=A + "011")
BOWTIE = {"type": "Polygon", "coordinates": [[[121.48, 31.23], [121.49, 31.24], [121.49, 31.23], [121.48, 31.24], [121.48, 31.23]]]}
WRONG: dict[str, tuple[list[GridPlan], str]] = {
    "gap": (plan(("011", NORTH)), "lie in no grid"),
    "overlap": (plan(("011", WHOLE), ("012", SOUTH)), "overlap"),
    "outside": (plan(("011", square(121.48, 31.23, 121.492, 31.24))), "outside the community"),
    "invalid": (plan(("011", BOWTIE)), "invalid boundary"),
    "reused with another shape": (plan(("001", WHOLE)), "used before"),
    "lineage": (plan(("011", WHOLE), predecessors=(A + "777",)), "does not exist"),
    "micro outside its parent": ([*plan(("011", NORTH), ("012", SOUTH)), replace(MICRO, parent=A + "012")], "inside its parent"),
    "micro of none": ([*plan(("011", WHOLE)), replace(MICRO, parent=A + "099")], "inside its parent"),
    "micro without parent": ([*plan(("011", WHOLE)), replace(MICRO, parent=None)], "a micro grid has a parent"),
    "two micros overlap": ([*plan(("011", WHOLE)), MICRO, replace(MICRO, code=A + "102")], "overlap"),
    "of another community": ([replace(plan(("011", WHOLE))[0], code=B + "011")], "is not of community"),
    "twice": (plan(("011", NORTH), ("011", SOUTH)), "stands twice"),
}


@pytest.mark.parametrize(("grids", "said"), WRONG.values(), ids=WRONG)
def test_a_wrong_plan_says_what_is_wrong_and_changes_nothing(world: World, grids: list[GridPlan], said: str) -> None:
    before = list(Grid.objects.order_by("code").values_list("code", "period"))
    with pytest.raises(Refused) as refused:
        adopt(grids)
    assert any(said in e.message.en for e in refused.value.errors), [e.message.en for e in refused.value.errors]
    assert list(Grid.objects.order_by("code").values_list("code", "period")) == before


def test_a_micro_grid_lies_in_its_parent(world: World) -> None:
    adopt([*plan(("011", WHOLE)), MICRO])
    assert grid_at(121.4825, 31.2365, NEXT)[0] == A + "011", "a case lies in the basic grid"  # type: ignore[index]


def test_a_plan_does_not_run_into_a_later_one(world: World) -> None:
    adopt(plan(("011", WHOLE)), valid_from=date(2028, 1, 1))
    before = list(Grid.objects.order_by("code").values_list("code", "period"))
    with pytest.raises(Refused) as refused:
        adopt(plan(("012", WHOLE)), valid_from=NEXT)
    assert refused.value.code == "later_plan" and list(Grid.objects.order_by("code").values_list("code", "period")) == before


def test_a_code_is_not_used_again(world: World) -> None:
    adopt(plan(("011", WHOLE)))
    with pytest.raises(Refused):
        adopt(GRIDS[A], valid_from=date(2028, 1, 1))


def test_who_may_adopt(world: World) -> None:
    assert adopt(plan(("011", WHOLE)), actor=world.actor("system_admin"))
    for other in ("security_admin", "shift_leader", "station_clerk"):
        with pytest.raises(Forbidden):
            adopt(plan(("012", WHOLE)), actor=world.actor(other))
    with pytest.raises(NotFound):
        adopt(plan(("012", WHOLE)), community="310101013999")


@pytest.mark.django_db(transaction=True)
def test_two_plans_at_once_leave_one_division(standing_world: World) -> None:
    for n, day in enumerate((NEXT, NEXT + timedelta(days=1), NEXT + timedelta(days=2))):
        start = Barrier(2)

        def take(parts: list[GridPlan]) -> Any:
            try:
                start.wait(10)  # noqa: B023
                return adopt(parts, valid_from=day)  # noqa: B023
            except Problem as problem:
                return problem
            finally:
                connection.close()

        one, two = plan((f"{n}11", NORTH), (f"{n}12", SOUTH)), plan((f"{n}21", WHOLE))
        with ThreadPoolExecutor(2) as threads:
            list(threads.map(take, (one, two)))
        assert in_force(day) in ([g.code for g in one], [g.code for g in two])


INSERT = """insert into areas_grid (code, community_id, kind, name, parent_id, period, boundary)
            values (%s, %s, %s, 'x', %s, %s::daterange, ST_Multi(ST_SetSRID(ST_MakeEnvelope(%s, %s, %s, %s), 4326)))"""


@pytest.mark.parametrize(("row", "constraint"), [
    ((A + "050", A, "basic", None, "[2026-05-01,)", 121.484, 31.23, 121.486, 31.24), "overlap"),
    ((A + "050", A, "basic", None, "[2020-01-01,2021-01-01)", 121.48, 31.23, 121.491, 31.24), "leaves its community"),
    ((A + "050", A, "micro", A + "001", "[2026-05-01,)", 121.484, 31.23, 121.486, 31.24), "leaves its parent"),
    ((A + "050", A, "micro", None, "[2026-05-01,)", 121.481, 31.231, 121.482, 31.232), "grid_micro_has_parent"),
    ((B + "050", A, "basic", None, "[2020-01-01,2021-01-01)", 121.48, 31.23, 121.485, 31.24), "grid_code_in_community"),
    ((A + "050", A, "huge", None, "[2020-01-01,2021-01-01)", 121.48, 31.23, 121.485, 31.24), "grid_kind"),
], ids=lambda v: v if isinstance(v, str) else None)  # fmt: skip
def test_the_database_itself_keeps_the_ground(world: World, row: tuple[Any, ...], constraint: str) -> None:
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(INSERT, row)
        cursor.execute("set constraints all immediate")


# -- where is this? -----------------------------------------------------------------------------------------------------------------------------


def test_point_and_day_to_grid(world: World) -> None:
    for point, code in ((IN_A1, A + "001"), (IN_A2, A + "002"), (IN_B, B + "001")):
        assert grid_at(*point, START)[0] == code  # type: ignore[index]
        assert grid_at(*point, START - timedelta(days=1)) is None
    assert grid_at(*NOWHERE, START) is None


def test_on_a_shared_edge_the_lower_code(world: World) -> None:
    assert grid_at(121.485, 31.235, START)[0] == A + "001" and grid_at(121.49, 31.235, START)[0] == A + "002"  # type: ignore[index]
    assert grid_at(121.48, 31.23, START)[0] == A + "001", "a corner lies in the grid"  # type: ignore[index]


def test_what_a_point_lies_in(world: World) -> None:
    found = here(*IN_A1, START)
    assert found.grid and found.grid[0] == A + "001" and [d[1] for d in found.divisions] == ["上海市", "市辖区", "黄浦区", "外滩街道", "甲居委会"]
    early = here(*IN_A1, START - timedelta(days=1))
    assert early.grid is None and early.divisions == []
    assert here(*NOWHERE, START).divisions == []


# -- boundaries ---------------------------------------------------------------------------------------------------------------------------------

TRIANGLE = '{"type": "Polygon", "coordinates": [[[121.48, 31.26], [121.49, 31.26], [121.485, 31.27], [121.48, 31.26]]]}'


def test_boundaries_are_drawn_once(world: World) -> None:
    assert draw_boundaries(actor=SYSTEM, at=MONDAY, boundaries={FAR: TRIANGLE}, crs="EPSG:4490", schematic=True) == 1
    assert draw_boundaries(actor=SYSTEM, at=MONDAY, boundaries={FAR: TRIANGLE}, crs="EPSG:4490", schematic=True) == 0
    assert Division.objects.get(code=FAR).crs == "EPSG:4490"


@pytest.mark.parametrize("boundaries", [
    {"999999999999": TRIANGLE}, {FAR: '{"type": "Point", "coordinates": [121.48, 31.26]}'},
    {FAR: '{"type": "Polygon", "coordinates": [[[121.48, 31.23], [121.49, 31.24], [121.49, 31.23], [121.48, 31.24], [121.48, 31.23]]]}'},
    {A: TRIANGLE, "999999999999": TRIANGLE}, {FAR: "no GeoJSON"}, {FAR: "{}"},
], ids=str)  # fmt: skip
def test_a_wrong_boundary_draws_none(world: World, boundaries: dict[str, str]) -> None:
    with pytest.raises(Refused):
        draw_boundaries(actor=SYSTEM, at=MONDAY, boundaries=boundaries)
    assert Division.objects.get(code=A).boundary.extent == (121.48, 31.23, 121.49, 31.24) and BOUNDARIES[FAR]


# -- postings -----------------------------------------------------------------------------------------------------------------------------------


def somebody(name: str = "newcomer") -> Any:
    return register_person(actor=SYSTEM, at=MONDAY, username=name, name=name, password=None, area=A)


def test_one_worker_a_grid(world: World) -> None:
    for first, until in ((START, None), (NEXT, None), (date(2026, 6, 1), date(2026, 6, 2))):
        with pytest.raises(Refused) as refused:
            post_worker(actor=SYSTEM, at=MONDAY, person=world.people["second_worker"], grid=A + "001", from_date=first, until=until)
        assert refused.value.code == "grid_is_served"
    helper = post_worker(actor=SYSTEM, at=MONDAY, person=world.people["second_worker"], grid=A + "001", from_date=START, sole=False)
    assert helper.sole is False


def test_one_after_the_other(world: World) -> None:
    first = Posting.objects.get(grid_id=A + "001")
    ended = end_posting(actor=world.actor("station_clerk"), at=MONDAY, posting_id=first.pk, on=date(2026, 12, 1))
    assert ended.period.upper == date(2026, 12, 1)
    follower = somebody()
    post_worker(actor=world.actor("station_clerk"), at=MONDAY, person=follower, grid=A + "001", from_date=date(2026, 12, 1))
    assert [(g.role, g.area, g.period.lower) for g in follower.grants.all()] == [("worker", A + "001", date(2026, 12, 1))]


def test_ended_twice_is_ended(world: World) -> None:
    posting = Posting.objects.get(grid_id=A + "001")
    for _ in range(2):
        end_posting(actor=world.actor("system_admin"), at=MONDAY, posting_id=posting.pk, on=date(2020, 1, 1))
    assert Posting.objects.get(pk=posting.pk).period.isempty and not world.people["worker"].grants.filter(period__isempty=False).exists()


def test_who_may_post_and_where(world: World) -> None:
    person = somebody()
    for other in ("acceptor", "worker", "security_admin"):
        with pytest.raises(Forbidden):
            post_worker(actor=world.actor(other), at=MONDAY, person=person, grid=B + "001", from_date=START)
    with pytest.raises(Forbidden):
        post_worker(actor=world.actor("station_clerk"), at=MONDAY, person=person, grid=B + "001", from_date=START)
    with pytest.raises(NotFound):
        post_worker(actor=SYSTEM, at=MONDAY, person=person, grid=A + "001", from_date=START - timedelta(days=1))
    with pytest.raises(Invalid):
        post_worker(actor=SYSTEM, at=MONDAY, person=person, grid=B + "001", from_date=NEXT, until=NEXT)


@pytest.mark.django_db(transaction=True)
def test_four_race_for_one_grid(standing_world: World) -> None:
    people = [somebody(f"racer-{i}") for i in range(4)]
    start = Barrier(4)

    def take(person: Any) -> str:
        try:
            start.wait(10)
            return post_worker(actor=SYSTEM, at=MONDAY, person=person, grid=B + "001", from_date=START).grid_id  # type: ignore[no-any-return]
        except Problem as problem:
            return problem.code
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as threads:
        assert sorted(threads.map(take, people)) == [B + "001", "grid_is_served", "grid_is_served", "grid_is_served"]


# -- tried first --------------------------------------------------------------------------------------------------------------------------------


def test_a_plan_is_tried_first(world: World) -> None:
    """What it would do, the postings that run on beyond a grid's end among it; nothing is done."""
    west, east = GRIDS[A]
    new = [replace(west, name="甲一（改名）"), GridPlan(A + "021", "basic", "东北", square(121.485, 31.235, 121.49, 31.24))]
    new.append(GridPlan(A + "022", "basic", "东南", square(121.485, 31.23, 121.49, 31.235), predecessors=(east.code,)))
    events = Event.objects.count()
    trial = try_grids(actor=SYSTEM, at=MONDAY, community=A, plan=new, valid_from=NEXT)
    assert (trial.new, trial.ended, trial.renamed, trial.kept) == ([A + "021", A + "022"], [A + "002"], [A + "001"], [])
    assert [(p.posting.person.username, p.posting.grid_id, p.successors) for p in trial.postings] == [("second_worker", A + "002", [A + "022"])]
    assert Posting.objects.get(person=world.people["second_worker"]).period.upper is None
    assert in_force(NEXT) == [A + "001", A + "002"] and Grid.objects.get(code=A + "001").name == "甲一网格" and Event.objects.count() == events
    done = try_grids(actor=SYSTEM, at=MONDAY, community=A, plan=new, valid_from=NEXT, dry_run=False)
    assert (done.new, done.ended) == (trial.new, trial.ended) and in_force(NEXT) == [A + "001", A + "021", A + "022"]
    assert Grid.objects.get(code=A + "001").name == "甲一（改名）" and Event.objects.count() == events + 2


def postings_of(world: World, name: str) -> list[tuple[str, date, date | None]]:
    found = Posting.objects.filter(person=world.people[name]).order_by("pk")
    grants = world.people[name].grants.filter(role="worker").order_by("pk")
    told = [(p.grid_id[12:], p.period.lower, p.period.upper) for p in found]
    assert told == [(g.area[12:], g.period.lower, g.period.upper) for g in grants], "the role is held as long as the posting"
    return told


def split_east(*successors: str) -> list[GridPlan]:
    """The eastern grid in two; `successors` of them name it."""
    halves = (("021", square(121.485, 31.235, 121.49, 31.24)), ("022", square(121.485, 31.23, 121.49, 31.235)))
    return [GRIDS[A][0], *(GridPlan(A + n, "basic", n, shape, predecessors=(A + "002",) if n in successors else ()) for n, shape in halves)]


def test_a_posting_ends_with_its_grid_and_the_role_with_it(world: World) -> None:
    try_grids(actor=world.actor("system_admin"), at=MONDAY, community=A, plan=split_east("021", "022"), valid_from=NEXT, dry_run=False)
    assert postings_of(world, "second_worker") == [("002", START, NEXT)] and postings_of(world, "worker") == [("001", START, None)]
    event = Event.objects.get(type="posting.ended")
    assert (event.subject_key, event.place, event.data) == (str(world.people["second_worker"].pk), A + "002", {"on": "2027-01-01", "plan": A})


def test_whose_grid_has_one_heir_goes_on_there_if_wanted(world: World) -> None:
    before = Posting.objects.get(person=world.people["second_worker"])
    unit = world.people["second_worker"].grants.get(role="worker").unit
    said = {"actor": world.actor("system_admin"), "at": MONDAY, "community": A, "plan": split_east("022"), "valid_from": NEXT}
    done = try_grids(**said, dry_run=False, post_on=[before.pk])
    assert [(p.successors, p.moved_to) for p in done.postings] == [([A + "022"], A + "022")]
    assert postings_of(world, "second_worker") == [("002", START, NEXT), ("022", NEXT, None)]
    assert world.people["second_worker"].grants.get(area=A + "022").unit == unit and Event.objects.filter(type="worker.posted", place=A + "022").exists()


@pytest.mark.parametrize(("heirs", "which"), [(("021", "022"), "second_worker"), ((), "second_worker"), (("022",), "worker"), (("022",), None)])
def test_whose_grid_has_not_one_heir_is_posted_by_hand(world: World, heirs: tuple[str, ...], which: str | None) -> None:
    asked = Posting.objects.get(person=world.people[which]).pk if which else 10**9
    events = Event.objects.count()
    with pytest.raises(Invalid) as refused:
        try_grids(actor=SYSTEM, at=MONDAY, community=A, plan=split_east(*heirs), valid_from=NEXT, dry_run=False, post_on=[asked])
    assert [e.field for e in refused.value.errors] == ["post_on.0"]
    assert in_force(NEXT) == [A + "001", A + "002"] and postings_of(world, "second_worker") == [("002", START, None)] and Event.objects.count() == events


def test_two_workers_of_grids_that_become_one_do_not_both_go_on(world: World) -> None:
    both = [Posting.objects.get(person=world.people[name]).pk for name in ("worker", "second_worker")]
    one = plan(("031", WHOLE), predecessors=(A + "001", A + "002"))
    with pytest.raises(Invalid) as refused:
        try_grids(actor=SYSTEM, at=MONDAY, community=A, plan=one, valid_from=NEXT, dry_run=False, post_on=both)
    assert [e.field for e in refused.value.errors] == ["post_on.1"]
    try_grids(actor=SYSTEM, at=MONDAY, community=A, plan=one, valid_from=NEXT, dry_run=False, post_on=both[1:])
    assert postings_of(world, "worker") == [("001", START, NEXT)] and postings_of(world, "second_worker") == [("002", START, NEXT), ("031", NEXT, None)]


def test_a_finding_names_its_grid(world: World) -> None:
    with pytest.raises(Refused) as refused:
        adopt(plan(("011", WHOLE), ("012", SOUTH)))
    assert [e.field for e in refused.value.errors] == [f"grids.{A}011"]


def test_a_wrong_plan_is_refused_when_tried(world: World) -> None:
    with pytest.raises(Refused):
        try_grids(actor=SYSTEM, at=MONDAY, community=A, plan=plan(("011", NORTH)), valid_from=NEXT)
