"""One case with everything around it: the building, who serves the grid, what else happened at this place, what each line of the timeline is."""

import io
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from django.contrib.gis.geos import MultiPolygon, Polygon
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.timezone import now

from jingwei.cases.actions import keep_file, run_clocks
from jingwei.cases.models import Case
from jingwei.cases.queries import whole_case
from jingwei.cases.schemas import whole_out
from jingwei.registry.models import Building
from tests.kit.test_files import jpeg
from tests.world import IN_A1, IN_A2, MONDAY, START, World

METRE = 1 / 111_195  # of latitude, in degrees


def building(west: float, south: float, east: float, north: float, **names: str) -> Building:
    shape = MultiPolygon(Polygon.from_bbox((west, south, east, north)), srid=4326)
    return Building.objects.create(source="t", source_id=f"{west}{south}", kind="house", geometry=shape, period=DateRange(START, None), **names)


def test_the_building_over_the_point_is_named(world: World, opened: Callable[..., Case]) -> None:
    lon, lat = IN_A1
    building(lon - 1e-4, lat - 1e-4, lon + 1e-4, lat + 1e-4, name="和平饭店", street="南京东路", number="20号")
    found = whole_case(actor=world.actor("acceptor"), case_id=opened().id).building
    assert found and (found.name, found.address, found.metres) == ("和平饭店", "南京东路20号", 0)


def test_a_point_beside_a_wall_belongs_to_the_building_and_farther_off_to_none(world: World, opened: Callable[..., Case]) -> None:
    lon, lat = IN_A1
    building(lon - 1e-4, lat + 10 * METRE, lon + 1e-4, lat + 40 * METRE, name="和平饭店")
    found = whole_case(actor=world.actor("acceptor"), case_id=opened().id).building
    assert found and found.name == "和平饭店" and 9.5 < found.metres < 10.5
    away = opened(y=lat - 10 * METRE)
    assert whole_case(actor=world.actor("acceptor"), case_id=away.id).building is None


def test_who_serves_the_grid_by_posting(world: World, opened: Callable[..., Case]) -> None:
    found = whole_case(actor=world.actor("acceptor"), case_id=opened().id).posts
    assert [(p.role, p.name) for p in found] == [("worker", "worker甲"), ("grid_lead", "grid_lead甲")]
    found = whole_case(actor=world.actor("acceptor"), case_id=opened(x=IN_A2[0]).id).posts
    assert [(p.role, p.name) for p in found] == [("worker", "second_worker甲"), ("grid_lead", "grid_lead甲")]


def test_other_cases_at_this_place(world: World, opened: Callable[..., Case], move: Callable[..., Case]) -> None:
    """Within 50 metres or in the same building, open or ended, of the last year; of what the asker may see."""
    lon, lat = IN_A1
    at = now()
    case = opened(at=at)
    beside, ended = opened(at=at - timedelta(days=3), y=lat + 40 * METRE), opened(at=at - timedelta(days=2), y=lat - 40 * METRE)
    opened(at=at - timedelta(days=2), y=lat + 70 * METRE)  # too far
    old = opened(at=at - timedelta(days=2), y=lat + 5 * METRE)
    Case.objects.filter(district=old.district, id=old.id).update(opened_at=at - timedelta(days=366))
    move(ended, "acceptor", "decline", reason="不在范围")
    here = whole_case(actor=world.actor("acceptor"), case_id=case.id).here
    assert (here.total, [n.case.id for n in here.newest]) == (2, [ended.id, beside.id])
    assert all(39 < n.metres < 41 for n in here.newest)
    building(lon - 1e-4, lat - 1e-4, lon + 1e-4, lat + 100 * METRE, name="长楼")
    assert whole_case(actor=world.actor("acceptor"), case_id=case.id).here.total == 3
    assert whole_case(actor=world.actor("worker"), case_id=case.id).here.total == 3
    move(move(case, "acceptor", "accept"), "acceptor", "file")
    move(case, "dispatcher", "dispatch", unit=world.units["chengguan"].pk)
    assert whole_case(actor=world.actor("department_clerk"), case_id=case.id).here.total == 0, "a department sees what it was asked to handle"


def test_each_line_of_the_timeline_says_what_it_is(world: World, opened: Callable[..., Case], move: Callable[..., Case]) -> None:
    case = move(opened(), "acceptor", "accept")
    move(case, "supervisor", "supervise", note="请抓紧")
    run_clocks(at=MONDAY + timedelta(days=9))
    out = whole_out(whole_case(actor=world.actor("acceptor"), case_id=case.id), MONDAY + timedelta(days=9))
    assert {h.type.removeprefix("case."): h.kind for h in out.timeline} == {
        "opened": "move",
        "accepted": "move",
        "supervised": "note",
        "warned": "program",
        "overdue": "program",
        "escalated_late": "program",
    }


def test_a_completed_step_tells_its_clock(world: World, opened: Callable[..., Case], move: Callable[..., Case]) -> None:
    case = move(opened(), "acceptor", "accept", at=MONDAY + timedelta(hours=2))
    move(move(case, "shift_leader", "suspend", reason="等施工"), "shift_leader", "resume", at=MONDAY + timedelta(days=1))
    out = whole_out(whole_case(actor=world.actor("acceptor"), case_id=case.id), MONDAY + timedelta(days=1))
    reported, _, stood = out.steps
    assert reported.late and reported.overdue_at == MONDAY + timedelta(hours=1) and reported.limit and reported.limit.value == 1
    assert (stood.state.code, stood.due_at, stood.paused_at) == ("suspended", None, MONDAY + timedelta(hours=2, minutes=5))


def test_pictures_of_the_trouble_and_of_what_was_done(world: World, opened: Callable[..., Case], move: Callable[..., Case]) -> None:
    """A report shows the trouble, feedback what was done; a report that it was mended at once shows both, the trouble first."""

    def picture(by: str) -> UUID:
        return keep_file(actor=world.actor(by), at=MONDAY, name="现场.jpg", stream=io.BytesIO(jpeg())).id

    case = opened(files=(picture("acceptor"),))
    move(move(case, "acceptor", "accept"), "acceptor", "file")
    move(case, "dispatcher", "dispatch", unit=world.units["chengguan"].pk)
    move(case, "department_clerk", "acknowledge")
    move(case, "department_clerk", "feed_back", result="已清", files=[picture("department_clerk")])
    assert [shows for _, shows in whole_case(actor=world.actor("acceptor"), case_id=case.id).shown()] == ["before", "after"]
    mended = opened(by="worker", source="worker", process="self_handled", files=(picture("worker"), picture("worker")))
    assert [shows for _, shows in whole_case(actor=world.actor("worker"), case_id=mended.id).shown()] == ["before", "after"]
