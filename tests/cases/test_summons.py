"""吹哨报到: a street calls units to the spot. Who may be called, who answers, what the two clocks do, and what is refused."""

import io
from collections.abc import Callable
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jingwei.cases.actions import keep_file, perform, run_clocks, run_summons
from jingwei.cases.models import Assignment, Case
from jingwei.cases.queries import QueueFilter, queue_page, whole_case
from jingwei.cases.rules.summons import Called, answering, next_alarm
from jingwei.cases.schemas import whole_out
from jingwei.catalogue.queries import catalogue
from jingwei.events.models import Event
from jingwei.kit.errors import Forbidden, Invalid, NotFound, Problem
from tests.cases.conftest import snapshot, told
from tests.kit.test_files import jpeg
from tests.world import MONDAY, World

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def filed(opened: Callable[..., Case], move: Callable[..., Case]) -> Case:
    return move(move(opened(), "acceptor", "accept"), "acceptor", "file")


@pytest.fixture
def called(world: World, filed: Case, move: Callable[..., Case]) -> Case:
    """The street has called two departments to meet at once, at a quarter past nine."""
    units = [world.units["chengguan"].pk, world.units["lvhua"].pk]
    return move(filed, "street_operator", "summon", at=MONDAY + timedelta(minutes=15), units=units, reason="占道与绿化同时受损", meet_place="18号门前")


def standing(case: Case, unit: str, world: World) -> Assignment:
    return Assignment.objects.get(case_id=case.id, part="summon", unit=world.units[unit])


def mine(world: World, name: str) -> list[str]:
    return [str(row.id) for row in queue_page(actor=world.actor(name), wanted=QueueFilter(view="mine"), at=MONDAY + DAY).items]


def test_a_call_gives_each_unit_two_clocks_and_changes_nobodys_lead(world: World, filed: Case, called: Case) -> None:
    for unit in ("chengguan", "lvhua"):
        row = standing(called, unit, world)
        assert row.arrive_by == MONDAY + timedelta(minutes=75), "one urgent hour from the call"
        assert row.answer_by == MONDAY + timedelta(days=7, minutes=15), "five work days"
        assert (row.meet_place, row.arrived_at, row.done_at, row.ended_at) == ("18号门前", None, None, None)
    assert (called.unit_id, called.state, called.due_at) == (filed.unit_id, filed.state, filed.due_at)
    assert not Assignment.objects.filter(case_id=called.id, part="lead").exists()
    assert told(called)[-1] == "summoned"


def test_the_clocks_run_from_the_meeting(world: World, filed: Case, move: Callable[..., Case]) -> None:
    meet = MONDAY + timedelta(hours=4)
    case = move(filed, "street_operator", "summon", units=[world.units["lvhua"].pk], reason="会商", meet_at=meet.isoformat())
    assert standing(case, "lvhua", world).arrive_by == meet + HOUR


def test_limits_are_the_catalogues(world: World) -> None:
    book = catalogue()
    for process in ("standard", "hotline"):
        arrive, answer = book.limit(process, "summon.arrive", None), book.limit(process, "summon.report_back", None)
        assert arrive and (arrive.value, arrive.unit) == (1, "urgent_hour")
        assert answer and (answer.value, answer.unit) == (5, "work_day")


def test_called_units_see_the_case_from_the_call_on_and_find_it_in_their_queue(world: World, filed: Case, move: Callable[..., Case]) -> None:
    with pytest.raises(NotFound):
        whole_case(actor=world.actor("other_clerk"), case_id=filed.id)
    case = move(filed, "street_operator", "summon", units=[world.units["lvhua"].pk], reason="会商")
    whole = whole_case(actor=world.actor("other_clerk"), case_id=case.id)
    assert [m.action for m in whole.moves] == ["arrive"]
    assert str(case.id) in mine(world, "other_clerk") and str(case.id) not in mine(world, "department_clerk")
    move(move(case, "other_clerk", "arrive"), "other_clerk", "report_back", result="已会商")
    assert str(case.id) not in mine(world, "other_clerk")
    assert whole_case(actor=world.actor("other_clerk"), case_id=case.id).moves == [], "it goes on seeing it, with nothing left to do"


def test_arrival_and_feedback(world: World, called: Case, move: Callable[..., Case]) -> None:
    at = MONDAY + timedelta(minutes=50)
    case = move(called, "department_clerk", "arrive", at=at, note="两人到场", position={"lon": 121.482, "lat": 31.235})
    row = standing(case, "chengguan", world)
    assert (row.arrived_at, row.arrived_by, row.arrival_late_at, row.ended_at) == (at, world.people["department_clerk"], None, None)
    assert row.alarm_at == row.answer_by
    file = keep_file(actor=world.actor("department_clerk"), at=at, name="现场.jpg", stream=io.BytesIO(jpeg()))
    case = move(case, "department_clerk", "report_back", at=at + HOUR, result="货架已清", files=[file.id])
    row = standing(case, "chengguan", world)
    assert (row.done_at, row.ended_at, row.alarm_at) == (at + HOUR, at + HOUR, None)
    assert standing(case, "lvhua", world).arrived_at is None, "the other unit stands for itself"
    out = whole_out(whole_case(actor=world.actor("street_operator"), case_id=case.id), at + HOUR)
    assert {(s.unit.name, s.standing, s.arrived_by, s.reason) for s in out.summons} == {
        ("chengguan单位", "done", "department_clerk甲", "占道与绿化同时受损"),
        ("lvhua单位", "called", "", "占道与绿化同时受损"),
    }
    assert [f.shows for f in out.files] == ["after"]
    assert told(case)[-2:] == ["arrived", "reported_back"]


def test_a_position_belongs_to_the_arrival_alone(world: World, called: Case, move: Callable[..., Case]) -> None:
    case = move(called, "department_clerk", "arrive", position={"lon": 121.482, "lat": 31.235})
    told_of = [e.data["form"]["position"] for e in Event.objects.of(case.id, case.district) if "position" in e.data.get("form", {})]
    assert told_of == [{"lon": 121.482, "lat": 31.235}]
    assert not [f.name for f in Assignment._meta.get_fields() if "position" in f.name or "point" in f.name]


@pytest.mark.parametrize(
    ("position", "said"),
    [({"lon": 999, "lat": 0}, "off the earth"), ({"lon": 1}, "lon and lat"), ("here", "lon and lat"), ({"lon": True, "lat": 0}, "off the earth")],
)
def test_a_wrong_position_is_refused_by_name(world: World, called: Case, move: Callable[..., Case], position: object, said: str) -> None:
    with pytest.raises(Invalid) as refused:
        move(called, "department_clerk", "arrive", position=position)
    assert refused.value.errors[0].field == "form.position" and said in refused.value.errors[0].message.en


def refusal(world: World, case: Case, by: str, action: str, **form: object) -> Problem:
    before = snapshot(case)
    with pytest.raises(Problem) as refused:
        perform(actor=world.actor(by), case_id=case.id, move=action, form=form, seen_version=case.version, at=MONDAY + 2 * HOUR)
    assert snapshot(case) == before, "a refused move changes nothing"
    return refused.value


def test_what_is_refused(world: World, called: Case, move: Callable[..., Case]) -> None:
    units = world.units

    def summon(*names: str, **more: object) -> Problem:
        return refusal(world, called, "street_operator", "summon", units=[units[n].pk for n in names], reason="再召", **more)

    assert summon("contractor", "chengguan").code == "summoned_already"
    assert summon("far_chengguan").code == "unit_elsewhere"
    assert summon("contractor", meet_at=MONDAY.isoformat()).code == "meeting_in_the_past"
    units["contractor"].closed_date = MONDAY.date()
    units["contractor"].save(update_fields=["closed_date"])
    assert summon("contractor").code == "unit_closed"
    unknown = refusal(world, called, "street_operator", "summon", units=[999_999], reason="再召")
    assert [e.field for e in unknown.errors] == ["form.units"]
    assert refusal(world, called, "department_clerk", "report_back", result="没去").code == "not_arrived", "feedback is a report from the spot"
    assert isinstance(refusal(world, called, "street_operator", "arrive"), Forbidden), "a unit that was not called"
    assert isinstance(refusal(world, called, "far_clerk", "arrive"), NotFound), "a unit of another district"
    assert isinstance(refusal(world, called, "department_clerk", "summon", units=[units["lvhua"].pk], reason="不归我"), Forbidden)
    case = move(called, "department_clerk", "arrive", at=MONDAY + HOUR)
    assert refusal(world, case, "department_clerk", "arrive").code == "arrived_already"


def test_a_unit_may_be_called_again_once_it_has_reported_back(world: World, called: Case, move: Callable[..., Case]) -> None:
    case = move(move(called, "department_clerk", "arrive"), "department_clerk", "report_back", result="已清")
    move(case, "street_operator", "summon", units=[world.units["chengguan"].pk], reason="又回来了")
    assert Assignment.objects.filter(case_id=case.id, part="summon", unit=world.units["chengguan"]).count() == 2


def test_a_call_is_cancelled_for_one_unit_or_for_all(world: World, called: Case, move: Callable[..., Case]) -> None:
    case = move(called, "street_operator", "cancel_summon", called=world.units["lvhua"].pk, reason="不需要了")
    assert standing(case, "lvhua", world).ended_at and not standing(case, "chengguan", world).ended_at
    assert refusal(world, case, "street_operator", "cancel_summon", called=world.units["lvhua"].pk, reason="又一次").code == "not_summoned"
    case = move(case, "shift_leader", "cancel_summon", reason="取消")
    assert not Assignment.objects.filter(case_id=case.id, part="summon", ended_at__isnull=True).exists()
    assert "cancel_summon" not in [m.action for m in whole_case(actor=world.actor("shift_leader"), case_id=case.id).moves]
    assert refusal(world, case, "shift_leader", "cancel_summon", reason="没有了").code == "summons_open"


def test_what_is_missed_is_marked_once_and_told_once(world: World, called: Case, move: Callable[..., Case]) -> None:
    case = move(called, "department_clerk", "arrive", at=MONDAY + timedelta(minutes=40))
    assert run_summons(at=MONDAY + HOUR) == 0
    late = MONDAY + timedelta(minutes=76)
    assert run_summons(at=late) == 1 and run_summons(at=late) == 0
    assert standing(case, "lvhua", world).arrival_late_at == MONDAY + timedelta(minutes=75)
    assert standing(case, "chengguan", world).arrival_late_at is None
    assert [e.data["unit"] for e in Event.objects.of(case.id, case.district) if e.type == "case.arrival_late"] == ["lvhua单位"]
    later = MONDAY + timedelta(days=7, hours=1)
    assert run_summons(at=later) == 2 and run_summons(at=later + DAY) == 0
    assert told(case).count("feedback_late") == 2 and told(case).count("arrival_late") == 1
    run_clocks(at=later)
    out = whole_out(whole_case(actor=world.actor("supervisor"), case_id=case.id), later)
    assert {s.unit.name: (s.arrival_late, s.answer_late) for s in out.summons} == {"chengguan单位": (False, True), "lvhua单位": (True, True)}


def test_who_comes_late_is_marked_late_even_where_nobody_looked(world: World, called: Case, move: Callable[..., Case]) -> None:
    case = move(called, "other_clerk", "arrive", at=MONDAY + 3 * HOUR)
    assert standing(case, "lvhua", world).arrival_late_at == MONDAY + timedelta(minutes=75)
    assert run_summons(at=MONDAY + 4 * HOUR) == 1, "the other unit's"
    assert told(case).count("arrival_late") == 1


def test_a_suspended_case_still_has_people_waiting_on_the_spot(world: World, called: Case, move: Callable[..., Case]) -> None:
    case = move(called, "shift_leader", "suspend", reason="等材料")
    case = move(move(case, "department_clerk", "arrive"), "department_clerk", "report_back", result="已看")
    assert case.state == "suspended"


def test_a_case_that_ends_calls_nobody_any_more(world: World, called: Case, move: Callable[..., Case]) -> None:
    move(called, "shift_leader", "void", reason="误报")
    assert not Assignment.objects.filter(case_id=called.id, ended_at__isnull=True).exists()
    assert run_summons(at=MONDAY + 30 * DAY) == 0


def test_supervised_and_reminded_until_the_case_or_its_holder_moves(world: World, filed: Case, move: Callable[..., Case]) -> None:
    case = move(filed, "dispatcher", "dispatch", unit=world.units["chengguan"].pk)
    case = move(move(case, "supervisor", "supervise", note="请抓紧"), "dispatcher", "remind")
    assert case.supervised_at and case.reminded_at
    case = move(case, "street_operator", "summon", units=[world.units["lvhua"].pk], reason="会商")
    assert case.supervised_at, "somebody else's word is no answer"
    case = move(case, "department_clerk", "acknowledge")
    assert case.supervised_at is None and case.reminded_at is None
    case = move(case, "supervisor", "supervise", note="再催")
    case = move(case, "department_clerk", "ask_extension", days=2, reason="要施工")
    assert case.supervised_at is None, "the holder's word is an answer"


_moments = st.none() | st.integers(0, 9 * 24).map(lambda hours: MONDAY + hours * HOUR)


@given(_moments, _moments, _moments)
def test_an_alarm_lies_ahead_and_waits_for_no_arrival_that_came(arrive_by: object, arrived_at: object, answer_by: object) -> None:
    after = MONDAY + 4 * DAY
    alarm = next_alarm(arrive_by, arrived_at, answer_by, after)  # type: ignore[arg-type]
    assert alarm is None or (alarm > after and alarm in ((answer_by,) if arrived_at else (arrive_by, answer_by)))


@given(st.lists(st.tuples(st.sampled_from(["/1/", "/1/2/", "/1/2/3/", "/9/"]), st.booleans()), max_size=5), st.sampled_from(["/1/", "/1/2/", "/9/"]))
def test_one_answers_only_for_ones_own_unit_or_one_below(rows: list[tuple[str, bool]], path: str) -> None:
    called = tuple(Called(i, i, p, arrived) for i, (p, arrived) in enumerate(rows))
    for action in ("arrive", "report_back"):
        found = answering(called, action, path)
        fitting = [c for c in called if c.unit_path.startswith(path) and c.arrived == (action == "report_back")]
        assert found == (fitting[0] if fitting else None)
