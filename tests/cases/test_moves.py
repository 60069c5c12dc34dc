"""Every transition of the three shipped processes, through the real actions; and what each of them does."""

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from jingwei.accounts.rules import SYSTEM
from jingwei.cases.actions import keep_file, open_case, perform
from jingwei.cases.models import Assignment, Case, File, Reporter, Step
from jingwei.cases.queries import whole_case
from jingwei.cases.schemas import whole_out
from jingwei.catalogue.actions import ConditionDraft, MatterDraft, add_condition, add_matter, change_condition, end_matter, open_edition
from jingwei.catalogue.actions.editing import mark
from jingwei.catalogue.queries import catalogue
from jingwei.kit import crypto
from jingwei.kit.errors import Conflict, Forbidden, Invalid, NotFound, Refused
from tests.cases.conftest import report, snapshot, told
from tests.kit.test_files import jpeg
from tests.world import IN_A2, IN_FAR, MONDAY, NOWHERE, A, World

Opened = Callable[..., Case]
Move = Callable[..., Case]

# How a case gets into a state: (who, which move, with what form).
WAYS: dict[str, dict[str, list[tuple[str, str, dict[str, Any]]]]] = {
    "standard": {
        "reported": [], "accepted": [("acceptor", "accept", {})], "confirming": [("acceptor", "send_confirm", {})], "filed": [("acceptor", "file", {})],
        "dispatched": [("dispatcher", "dispatch", {"unit": "chengguan"})], "acknowledged": [("department_clerk", "acknowledge", {})],
        "handling": [("department_clerk", "handle", {})], "fed_back": [("department_clerk", "feed_back", {"result": "已清理"})],
        "verified": [("worker", "verify", {})], "closed": [("shift_leader", "close", {})], "rated": [("hotline_operator", "rate", {"score": 1})],
    },
    "hotline": {
        "received": [], "contacting": [("hotline_operator", "accept", {})], "filed": [("hotline_operator", "confirm", {"contact": "已联系诉求人"})],
        "dispatched": [("dispatcher", "dispatch", {"unit": "chengguan"})], "acknowledged": [("department_clerk", "acknowledge", {})],
        "handling": [("department_clerk", "handle", {})], "fed_back": [("department_clerk", "feed_back", {"result": "已清理"})],
        "rated": [("hotline_operator", "rate", {"score": 1})], "closed": [("hotline_operator", "close", {})],
    },
    "imported": {"received": [], "with_unit": [("dispatcher", "dispatch", {"unit": "chengguan"})]},
    "self_handled": {"handled": [], "closed": [("grid_lead", "close", {})], "rated": [("hotline_operator", "rate", {"score": 1})]},
}  # fmt: skip
SKIPPED = {"confirming"}  # a side way: the next state does not come after it
FORMS: dict[str, dict[str, Any]] = {
    "dispatch": {"unit": "lvhua"}, "transfer": {"unit": "lvhua", "reason": "不属本单位"}, "assist": {"unit": "lvhua"}, "escalate": {"unit": "centre",
    "reason": "超出权限"},
    "delegate": {"unit": "contractor"}, "merge": {"case": "other"}, "ask_extension": {"days": 3, "reason": "等待配件"}, "rate": {"score": 2},
    "supervise": {"note": "请抓紧"}, "confirm": {"result": "属实", "contact": "已联系"}, "feed_back": {"result": "已清理", "files": "photo"},
    "assist_done": {"result": "已协办"}, "summon": {"units": ["chengguan", "lvhua"], "reason": "会商"}, "report_back": {"result": "已会商"},
}  # fmt: skip
REASONED = {"decline", "not_file", "return", "rework", "suspend", "void", "refuse_extension", "reopen", "unmerge", "cancel_summon"}


@pytest.fixture
def reach(world: World, opened: Opened, move: Move) -> Callable[..., Case]:
    """`reach("standard", "handling")`: a case in that state, by the shortest way."""

    def make(process: str, state: str) -> Case:
        changes: dict[str, Any] = {"process": process}
        if process == "self_handled":
            changes["files"] = (photo(world, "worker"),)
        case = opened("worker" if process == "self_handled" else "hotline_operator", **changes)
        if state in ("suspended", "merged", "reworking"):
            case = make(process, "handled" if process == "self_handled" else "handling")
            who, action = {"suspended": ("shift_leader", "suspend"), "merged": ("station_clerk" if process == "self_handled" else "dispatcher", "merge"),
                           "reworking": ("grid_lead", "rework")}[state]  # fmt: skip
            return move(case, who, action, **fill(world, opened, {"case": "other"} if action == "merge" else {"reason": "原因"}))
        for on_the_way, steps in WAYS[process].items():
            if on_the_way in SKIPPED and on_the_way != state:
                continue
            for who, action, form in steps:
                case = move(case, who, action, **fill(world, opened, form))
            if on_the_way == state:
                assert case.state == state
                return case
        raise AssertionError(f"no way to {state}")

    return make


def photo(world: World, by: str) -> Any:
    return keep_file(actor=world.actor(by), at=MONDAY, name="现场.jpg", stream=io.BytesIO(jpeg())).id


def fill(world: World, opened: Opened, form: dict[str, Any], by: str = "worker") -> dict[str, Any]:
    """Names of units, and "other" and "photo", become what they stand for."""
    filled = dict(form)
    if "units" in filled:
        filled["units"] = [world.units[name].pk for name in filled["units"]]
    if "unit" in filled:
        filled["unit"] = world.units[filled["unit"]].pk
    if filled.get("case") == "other":
        filled["case"] = opened().number
    if filled.get("files") == "photo":
        filled["files"] = [str(photo(world, by))]
    return filled


def who_may(world: World, case: Case, action: str) -> str:
    """The first of the city's people who is offered the move."""
    for name in (
        "worker",
        "grid_lead",
        "department_clerk",
        "other_clerk",
        "dispatcher",
        "acceptor",
        "shift_leader",
        "supervisor",
        "hotline_operator",
        "station_clerk",
        "street_operator",
    ):
        try:
            if action in [m.action for m in whole_case(actor=world.actor(name), case_id=case.id).moves]:
                return name
        except NotFound:
            continue
    raise AssertionError(f"nobody is offered {action} in {case.state}")


def every_transition() -> list[tuple[str, str, str]]:
    """Read off the shipped files, so that a new transition is tested, or fails here."""
    import tomllib
    from pathlib import Path

    import jingwei.catalogue

    found = []
    for path in sorted((Path(jingwei.catalogue.__file__).parent / "fixtures" / "processes").glob("*.toml")):
        process = tomllib.loads(path.read_text())
        open_states = [s["code"] for s in process["state"] if s["kind"] == "open"]
        for m in process["move"]:
            found += [(process["code"], state, m["action"]) for source in m["from"] for state in (open_states if source == "*" else [source])]
    return found


def called(world: World, move: Move, case: Case, *, arrived: bool) -> Case:
    """A unit is called to the spot, and has come; while a case is suspended nobody can be called, so it goes on for a moment."""
    stood = case.state == "suspended"
    case = move(case, "shift_leader", "resume") if stood else case
    case = move(case, "shift_leader", "summon", units=[world.units["lvhua"].pk], reason="会商")
    case = move(case, "other_clerk", "arrive") if arrived else case
    return move(case, "shift_leader", "suspend", reason="等材料") if stood else case


@pytest.mark.parametrize(("process", "state", "action"), every_transition(), ids=str)
def test_every_transition(world: World, opened: Opened, move: Move, reach: Callable[..., Case], process: str, state: str, action: str) -> None:
    case = reach(process, state)
    if action in ("grant_extension", "refuse_extension"):
        case = move(case, "department_clerk", "ask_extension", days=2, reason="等待配件")
    if action == "assist_done":
        case = move(case, "department_clerk", "assist", unit=world.units["lvhua"].pk)
    if action in ("delegate", "escalate") and case.unit_id is None:
        with pytest.raises((Refused, AssertionError)):
            move(case, who_may(world, case, action), action, **fill(world, opened, FORMS[action]))
        return
    if action in ("arrive", "report_back", "cancel_summon"):
        case = called(world, move, case, arrived=action == "report_back")
    by = who_may(world, case, action)
    transition = catalogue().process_version(case.process_id).move(state, action)
    assert transition
    wanted = {f.name for f in transition.form}
    form = {k: v for k, v in ({"reason": "原因"} if action in REASONED else FORMS.get(action, {})).items() if k in wanted}
    before = snapshot(case)
    at = MONDAY + timedelta(hours=8)
    moved = move(case, by, action, at=at, **fill(world, opened, form, by))
    after = snapshot(moved)
    expected = {"=": state, "<": before["case"]["state_before"]}.get(transition.target, transition.target)
    assert moved.state == expected and moved.version == case.version + 1
    assert len(after["events"]) == len(before["events"]) + 1 and told(moved)[-1] == transition.event
    assert len(after["steps"]) == len(before["steps"]) + (transition.target != "=")
    if transition.target != "=":
        done = max(after["steps"], key=lambda s: s["left_at"])
        assert (done["state"], done["entered_at"], done["left_at"], done["move"]) == (state, case.entered_at, at, action)
    match transition.clock:
        case "keep":
            assert (moved.due_at, moved.limit_value) == (case.due_at, case.limit_value)
        case "stop":
            assert moved.due_at is moved.alarm_at is moved.limit_value is None
        case "pause":
            assert moved.paused_at == at and moved.due_at is moved.alarm_at is None
        case "start":
            assert moved.paused_at is None and (moved.due_at is None) == (moved.limit_value is None) and moved.warned_at is None
    # The page of the case can be shown to whoever moved it.
    whole_out(whole_case(actor=world.actor("shift_leader"), case_id=case.id), at)


def test_the_table_of_ways_is_about_the_shipped_processes(world: World) -> None:
    assert {p.code for p in catalogue().processes()} == set(WAYS)


# -- what a move leaves behind -----------------------------------------------------------------------------------------------------------------


def test_a_suspended_case_has_the_same_time_left(world: World, move: Move, reach: Callable[..., Case]) -> None:
    case = reach("standard", "handling")
    assert case.due_at
    left = case.due_at - (case.entered_at + timedelta(hours=1))
    suspended = move(case, "shift_leader", "suspend", at=case.entered_at + timedelta(hours=1), reason="等待配件", until="2026-12-01T00:00:00+08:00")
    assert suspended.state == "suspended" and suspended.due_at is None and suspended.left_seconds
    week_later = suspended.entered_at + timedelta(days=7)
    resumed = move(suspended, "shift_leader", "resume", at=week_later)
    assert resumed.state == "handling" and resumed.due_at and resumed.left_seconds is None
    assert resumed.due_at - week_later == left, "the same weekday and hour a week later: the same time is left"


def test_an_extension_asked_and_granted(world: World, move: Move, reach: Callable[..., Case]) -> None:
    case = reach("standard", "handling")
    asked = move(case, "department_clerk", "ask_extension", days=3, reason="等待配件")
    assert asked.due_at == case.due_at and asked.extension and asked.extension["days"] == 3
    granted = move(asked, "shift_leader", "grant_extension")
    assert granted.extension is None and granted.due_at and case.due_at and granted.due_at - case.due_at >= timedelta(days=3)
    with pytest.raises(Refused):
        move(granted, "shift_leader", "grant_extension")


def test_an_extension_asked_and_refused(world: World, move: Move, reach: Callable[..., Case]) -> None:
    case = move(reach("standard", "handling"), "department_clerk", "ask_extension", days=3, reason="等待配件")
    refused = move(case, "shift_leader", "refuse_extension", reason="无需延期")
    assert refused.extension is None and refused.due_at == case.due_at


def test_one_leads_and_many_assist(world: World, move: Move, reach: Callable[..., Case]) -> None:
    case = reach("standard", "handling")
    move(case, "department_clerk", "assist", unit=world.units["lvhua"].pk)
    with pytest.raises(Refused):
        move(case, "department_clerk", "assist", unit=world.units["lvhua"].pk)
    with pytest.raises(Refused):
        move(case, "department_clerk", "assist", unit=world.units["chengguan"].pk)
    parts = Assignment.objects.filter(case_id=case.id).values_list("unit__code", "part", "done_at")
    assert sorted((u, p) for u, p, _ in parts) == [("chengguan", "lead"), ("lvhua", "assist")]
    with pytest.raises(Forbidden):
        move(case, "department_clerk", "assist_done", result="不是我们")
    done = move(case, "other_clerk", "assist_done", result="已协办")
    assert done.state == "handling" and Assignment.objects.get(case_id=case.id, part="assist").done_at


def test_a_transferred_case_has_one_lead(world: World, move: Move, reach: Callable[..., Case]) -> None:
    case = move(reach("standard", "handling"), "dispatcher", "transfer", unit=world.units["lvhua"].pk, reason="不属本单位")
    assert case.state == "dispatched" and case.unit == world.units["lvhua"]
    leads = Assignment.objects.filter(case_id=case.id, part="lead").order_by("assigned_at")
    assert [(a.unit.code, a.ended_at is None) for a in leads] == [("chengguan", False), ("lvhua", True)]
    with pytest.raises(Forbidden):
        move(case, "department_clerk", "acknowledge")
    assert move(case, "other_clerk", "acknowledge").state == "acknowledged"


def test_levels(world: World, move: Move, reach: Callable[..., Case]) -> None:
    case = reach("standard", "dispatched")
    with pytest.raises(Refused):
        move(case, "dispatcher", "escalate", unit=world.units["contractor"].pk, reason="不在上级")
    with pytest.raises(Refused):
        move(case, "dispatcher", "delegate", unit=world.units["centre"].pk)
    down = move(case, "dispatcher", "delegate", unit=world.units["contractor"].pk)
    assert down.unit == world.units["contractor"] and down.state == "dispatched"
    up = move(down, "dispatcher", "escalate", unit=world.units["centre"].pk, reason="超出权限")
    assert up.unit == world.units["centre"]


def test_a_merged_report_is_answered_when_the_other_closes(world: World, opened: Opened, move: Move, reach: Callable[..., Case]) -> None:
    lead = reach("standard", "verified")
    twin = opened("hotline_operator", reporter_phone="19900001234")
    merged = move(twin, "acceptor", "merge", case=lead.number)
    assert (merged.state, merged.merged_into, merged.due_at) == ("merged", lead.id, None)
    move(lead, "shift_leader", "close")
    assert told(twin) == ["opened", "merged", "answered"]


def test_unmerged_is_where_it_was(world: World, opened: Opened, move: Move) -> None:
    lead, twin = opened(), opened()
    twin = move(move(twin, "acceptor", "accept"), "acceptor", "merge", case=str(lead.id))
    back = move(twin, "acceptor", "unmerge", reason="不是同一件")
    assert (back.state, back.merged_into) == ("accepted", None) and back.due_at


@pytest.mark.parametrize("wrong", ["itself", "merged", "ended", "unknown", "far"])
def test_what_it_can_not_be_merged_into(world: World, opened: Opened, move: Move, wrong: str) -> None:
    case, other = opened(), opened()
    name = other.number
    match wrong:
        case "itself":
            name = case.number
        case "merged":
            move(other, "acceptor", "merge", case=opened().number)
        case "ended":
            move(other, "acceptor", "decline", reason="不属受理范围")
        case "unknown":
            name = "261116-9999999"
        case "far":
            name = opened("far_acceptor", x=IN_FAR[0], y=IN_FAR[1]).number
    before = snapshot(case)
    with pytest.raises(Refused):
        move(case, "acceptor", "merge", case=name)
    assert snapshot(case) == before


def test_a_bad_rating_reopens_and_a_good_one_does_not(world: World, move: Move, reach: Callable[..., Case]) -> None:
    case = reach("standard", "closed")
    assert case.closed_at
    good = move(case, "hotline_operator", "rate", score=5)
    with pytest.raises(Refused):
        move(good, "hotline_operator", "reopen", reason="不满意")
    bad = move(reach("standard", "closed"), "hotline_operator", "rate", score=1)
    again = move(bad, "hotline_operator", "reopen", reason="没有处理")
    assert (again.state, again.rating, again.closed_at, again.unit_id) == ("filed", None, None, None) and again.due_at


def test_the_handling_unit_does_not_verify_itself(world: World, move: Move, opened: Opened) -> None:
    case = opened()
    for by, action, form in (("acceptor", "accept", {}), ("acceptor", "file", {}), ("dispatcher", "dispatch", {"unit": world.units["station"].pk}),
                             ("station_clerk", "acknowledge", {}), ("station_clerk", "feed_back", {"result": "已清理"})):  # fmt: skip
        case = move(case, by, action, **form)
    for insider in ("grid_lead", "worker"):
        with pytest.raises(Refused):
            move(case, insider, "verify")


def test_a_self_handled_report_wants_a_photograph(world: World, opened: Opened, move: Move) -> None:
    case = opened("worker", process="self_handled")
    with pytest.raises(Refused):
        move(case, "grid_lead", "close")


# -- refusals change nothing -------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("by", "action", "form", "error"),
    [
        ("acceptor", "accept", {}, Refused), ("department_clerk", "verify", {}, Refused), ("acceptor", "no_such_move", {}, Refused),
        ("other_clerk", "feed_back", {"result": "x"}, NotFound), ("far_clerk", "feed_back", {"result": "x"}, NotFound),
        ("analyst", "feed_back", {"result": "x"}, Forbidden),
        ("security_admin", "void", {"reason": "x"}, NotFound), ("department_clerk", "feed_back", {}, Invalid),
        ("department_clerk", "feed_back", {"result": " "}, Invalid),
        ("department_clerk", "feed_back", {"result": "x", "files": ["0190a0a0-0000-8000-8000-000000000000"]}, Invalid),
        ("department_clerk", "feed_back", {"result": "x", "ghost": 1}, Invalid), ("dispatcher", "transfer", {"unit": 10**9, "reason": "x"}, Invalid),
        ("shift_leader", "grant_extension", {}, Refused), ("worker", "supervise", {"note": "x"}, Forbidden),
        ("department_clerk", "ask_extension", {"days": 181, "reason": "x"}, Invalid),
        ("department_clerk", "ask_extension", {"days": 0, "reason": "x"}, Invalid),
    ],
    ids=lambda v: v if isinstance(v, str) else None,
)  # fmt: skip
def test_a_refused_move_changes_nothing(
    world: World, reach: Callable[..., Case], move: Move, by: str, action: str, form: dict[str, Any], error: type[Exception]
) -> None:
    case = reach("standard", "handling")
    before = snapshot(case)
    with pytest.raises(error):
        move(case, by, action, **form)
    assert snapshot(case) == before


def test_a_closed_unit_gets_nothing(world: World, reach: Callable[..., Case], move: Move) -> None:
    from jingwei.accounts.actions import close_unit

    case = reach("standard", "filed")
    close_unit(actor=SYSTEM, at=MONDAY, unit=world.units["lvhua"])
    before = snapshot(case)
    with pytest.raises(Refused):
        move(case, "dispatcher", "dispatch", unit=world.units["lvhua"].pk)
    assert snapshot(case) == before


def test_a_class_that_is_switched_off_is_taken_by_no_case(world: World, opened: Opened, move: Move) -> None:
    wednesday = MONDAY + timedelta(days=2)
    open_edition(actor=SYSTEM, at=MONDAY, code="本市事项", name="本市自定事项", source="公文")
    row = add_matter(actor=SYSTEM, at=MONDAY, edition="本市事项", kind="event", major="06", draft=MatterDraft("电梯困人", "public_safety")).row
    running = opened(matter=row.code)
    end_matter(actor=SYSTEM, at=MONDAY, edition="本市事项", kind="event", code=row.code, seen=mark(row), valid_to=wednesday.date())
    assert move(opened(), "acceptor", "accept", matter=row.code).matter_id == row.pk
    for take in (lambda: opened(at=wednesday, matter=row.code), lambda: move(opened(at=wednesday), "acceptor", "accept", at=wednesday, matter=row.code)):
        with pytest.raises(Invalid) as refused:
            take()
        assert refused.value.errors[0].field in ("matter", "form.matter")
    assert move(running, "acceptor", "accept", at=wednesday).state == "accepted"


def test_a_running_case_keeps_the_condition_under_which_it_was_filed(world: World, opened: Opened, move: Move) -> None:
    """The city halves the time from Wednesday on: what was filed on Monday keeps its hours and its words, what is filed on Wednesday has the new."""
    wednesday = MONDAY + timedelta(days=2)
    said = ConditionDraft("杂物占道", 4, "work_day", "清除")
    row = add_condition(actor=SYSTEM, at=MONDAY, standard="demo_city", edition="GB/T 47678.5-2026", kind="event", code="06001", draft=said).row
    before = move(move(opened(), "acceptor", "accept"), "acceptor", "file", condition=row.pk)
    changed = change_condition(
        actor=SYSTEM, at=MONDAY, condition_id=row.pk, seen=mark(row), draft=replace(said, limit_value=2, text="杂物占道超过一米"), valid_from=wednesday.date()
    ).row
    early, late = (move(opened(at=at), "acceptor", "accept", at=at) for at in (MONDAY, wednesday))
    for case, at, wrong in ((early, MONDAY, changed), (late, wednesday, row)):
        with pytest.raises(Invalid) as refused:
            move(case, "acceptor", "file", at=at, condition=wrong.pk)
        assert [e.field for e in refused.value.errors] == ["form.condition"]
    after = move(late, "acceptor", "file", at=wednesday, condition=changed.pk)
    limits = []
    for case in (before, after):
        for by, action, form in (("dispatcher", "dispatch", {"unit": world.units["chengguan"].pk}), ("department_clerk", "acknowledge", {})):
            case = move(case, by, action, at=wednesday + timedelta(hours=1), **form)
        limits.append((case.condition_id, case.limit_value, case.limit_unit))
    assert limits == [(row.pk, 4, "work_day"), (changed.pk, 2, "work_day")]
    assert catalogue().condition(before.condition_id or 0).text == "杂物占道"


def test_time_does_not_run_backwards(world: World, reach: Callable[..., Case], move: Move) -> None:
    case = reach("standard", "handling")
    with pytest.raises(Refused):
        move(case, "department_clerk", "feed_back", at=case.entered_at - timedelta(seconds=1), result="x")


def test_a_stale_version_hears_the_present_state(world: World, opened: Opened, move: Move) -> None:
    case = opened()
    move(case, "acceptor", "accept")
    before = snapshot(case)
    with pytest.raises(Conflict) as conflict:
        perform(actor=world.actor("acceptor"), case_id=case.id, move="file", form={}, seen_version=1, at=MONDAY + timedelta(hours=1))
    present = conflict.value.extra["present"]
    assert (present.state, present.version) == ("accepted", 2) and snapshot(case) == before


# -- the same command twice --------------------------------------------------------------------------------------------------------------------


def test_the_same_key_opens_one_case(world: World) -> None:
    first = open_case(actor=world.actor("acceptor"), at=MONDAY, new=report(command="k-1"))
    again = open_case(actor=world.actor("acceptor"), at=MONDAY + timedelta(minutes=1), new=report(command="k-1"))
    assert first.case and again.case and again.case.id == first.case.id and (first.repeated, again.repeated) == (False, True)
    assert Case.objects.count() == 1


@pytest.mark.parametrize(
    "changed",
    [{"address": "中山东一路1号"}, {"urgent": True}, {"matter": "06002"}, {"x": IN_A2[0]}, {"text": "另一件"}, {"reporter_phone": "19900001234"}],
    ids=str,
)
def test_a_report_changed_under_its_key_is_refused_and_told_what_arrived(world: World, changed: dict[str, Any]) -> None:
    first = open_case(actor=world.actor("acceptor"), at=MONDAY, new=report(command="k-1")).case
    with pytest.raises(Refused) as refused:
        open_case(actor=world.actor("acceptor"), at=MONDAY, new=report(command="k-1", **changed))
    assert refused.value.code == "key_reused" and refused.value.extra["present"].id == first.id and Case.objects.count() == 1  # type: ignore[union-attr]


def test_the_same_key_is_the_same_case_still_when_it_has_moved(world: World) -> None:
    first = open_case(actor=world.actor("acceptor"), at=MONDAY, new=report(command="k-1", reporter_phone="19900001234")).case
    assert first
    key(world, first, "accept", 1, "k-2")
    assert open_case(actor=world.actor("acceptor"), at=MONDAY, new=report(command="k-1", reporter_phone="19900001234")).repeated


@pytest.mark.parametrize("text", [" \n", "\u200b\u200d", "\ufeff　"], ids=ascii)
def test_text_that_nobody_can_see_is_none(world: World, text: str) -> None:
    with pytest.raises(Invalid) as wrong:
        open_case(actor=world.actor("acceptor"), at=MONDAY, new=report(text=text))
    assert [e.field for e in wrong.value.errors] == ["text"]


def test_another_person_s_key_is_another_key(world: World) -> None:
    ids = {open_case(actor=world.actor(name), at=MONDAY, new=report(command="k-1")).case.id for name in ("acceptor", "hotline_operator", "shift_leader")}  # type: ignore[union-attr]
    assert len(ids) == 3


def key(world: World, case: Case, action: str, version: int, command: str, by: str = "acceptor", at: datetime = MONDAY + timedelta(hours=1)) -> Any:
    return perform(actor=world.actor(by), case_id=case.id, move=action, form={}, seen_version=version, at=at, command=command)


def test_the_same_key_moves_once(world: World, opened: Opened) -> None:
    case = opened()
    assert key(world, case, "accept", 1, "k-2").repeated is False
    before = snapshot(case)
    again = key(world, case, "accept", 1, "k-2")
    assert again.repeated and again.case.state == "accepted" and snapshot(case) == before


def test_a_key_is_for_one_thing(world: World, opened: Opened) -> None:
    """The same key for another move, another case, or a report: refused, never taken for done."""
    opened_by_key = open_case(actor=world.actor("acceptor"), at=MONDAY, new=report(command="k-3")).case
    assert opened_by_key
    with pytest.raises(Refused):
        key(world, opened_by_key, "accept", 1, "k-3")
    case, other = opened(), opened()
    key(world, case, "accept", 1, "k-4")
    for again, action, version in ((case, "file", 2), (other, "accept", 1)):
        with pytest.raises(Refused):
            key(world, again, action, version, "k-4")
    with pytest.raises(Refused):
        open_case(actor=world.actor("acceptor"), at=MONDAY, new=report(command="k-4"))
    assert Case.objects.get(district=case.district, id=case.id).state == "accepted"


# -- places, files, reporters ------------------------------------------------------------------------------------------------------------------


def test_a_case_outside_every_grid_is_kept(world: World, opened: Opened) -> None:
    case = opened(x=NOWHERE[0], y=NOWHERE[1])
    assert case.grid_id is None and case.place == "310101" and (case.x, case.y) == NOWHERE


def test_another_coordinate_system_is_kept_as_it_came(world: World, opened: Opened) -> None:
    from jingwei.kit.coords import wgs84_to_gcj02

    x, y = wgs84_to_gcj02(121.482, 31.235)
    case = opened(crs="GCJ-02", x=x, y=y)
    assert (case.crs, case.x, case.y) == ("GCJ-02", x, y) and case.grid_id == A + "001"
    assert abs(case.point.x - 121.482) < 1e-6 and abs(case.point.y - 31.235) < 1e-6


def test_a_file_is_taken_once(world: World, opened: Opened) -> None:
    file = photo(world, "acceptor")
    case = opened(files=(file,))
    assert [f.move for f in File.objects.filter(case_id=case.id)] == ["open"]
    for other in ("acceptor", "hotline_operator"):
        with pytest.raises(Invalid):
            open_case(actor=world.actor(other), at=MONDAY, new=report(files=(file,)))


def test_a_reporter_is_sealed_in_the_database_and_masked_on_the_screen(world: World, opened: Opened) -> None:
    case = opened("hotline_operator", reporter_name="欧阳测试", reporter_phone="19900001234")
    row = Reporter.objects.get(case_id=case.id)
    for column in (row.phone_sealed, row.name_sealed, row.phone_index):
        assert column and b"19900001234" not in bytes(column) and "欧阳测试".encode() not in bytes(column)
    assert crypto.unseal(row.phone_sealed, about="reporter.phone") == "19900001234"
    assert bytes(row.phone_index) == crypto.index("19900001234")
    shown = whole_out(whole_case(actor=world.actor("shift_leader"), case_id=case.id), MONDAY).model_dump_json()
    assert "199****1234" in shown and "欧***" in shown and "19900001234" not in shown and "欧阳" not in shown


def test_a_step_says_how_it_went(world: World, opened: Opened, move: Move) -> None:
    case = opened()
    late = move(case, "acceptor", "accept", at=MONDAY + timedelta(hours=3))
    step = Step.objects.get(case_id=case.id)
    assert step.overdue_at == case.due_at and late.overdue_at is None
