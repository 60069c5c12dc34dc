"""Who may move a case, and what the move does: one pure decision for every transition of every process."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from jingwei.accounts.rules import SYSTEM, Actor, Held
from jingwei.cases.rules import clock as clocks
from jingwei.cases.rules import summons
from jingwei.cases.rules.clock import Clock
from jingwei.cases.rules.summons import Call, Called
from jingwei.catalogue.rules.clock import Limit, WorkCalendar
from jingwei.catalogue.rules.process import BEFORE, SAME, Process, Transition
from jingwei.kit.errors import Forbidden, Refused
from jingwei.kit.text import T

BAD_RATING = 2  # 1 very dissatisfied, 2 dissatisfied … 5 very satisfied


@dataclass(frozen=True, slots=True)
class Target:
    """The unit that a form names: its path in the tree and whether it still works."""

    id: int
    name: str
    path: str
    closed: bool = False
    area: str = ""


@dataclass(frozen=True, slots=True)
class Other:
    """The case that a form names, to merge into."""

    id: Any
    number: str
    ended: bool
    merged: bool
    visible: bool = True


@dataclass(frozen=True, slots=True)
class Situation:
    """A case as the rules see it."""

    id: Any
    process: Process
    state: str
    state_before: str
    place: str
    holder_path: str | None
    clock: Clock
    entered_at: datetime
    extension: Mapping[str, Any] | None = None
    rating: int | None = None
    closed: bool = False
    photographed: bool = False
    assisting_paths: tuple[str, ...] = ()
    called: tuple[Called, ...] = ()


@dataclass(frozen=True, slots=True)
class Facts:
    """What a form's values stand for, looked up before the decision."""

    unit: Target | None = None
    other: Other | None = None
    with_files: bool = False
    units: tuple[Target, ...] = ()


@dataclass(slots=True)
class Decision:
    """What a move does: the next state, whether the case is open then, the clock (None: the clock is untouched), and the columns that change besides."""

    move: Transition
    by: Held | None
    state: str
    state_before: str
    stays: bool
    is_open: bool
    clock: Clock | None
    changes: dict[str, Any] = field(default_factory=dict)
    calls: tuple[Call, ...] = ()
    answered: Called | None = None
    cancelled: tuple[Called, ...] = ()


LOCATORS = ("acceptor", "dispatcher", "shift_leader", "station_clerk", "street_operator")


def may_locate(actor: Actor, place: str, kind: str) -> bool:
    """Whether the actor may put a case, whose state is of `kind`, at another place."""
    return kind != "final" and (actor is SYSTEM or bool(actor.roles_at(place) & set(LOCATORS)))


CALLERS_BACK = ("hotline_operator", "acceptor", "shift_leader")


def may_unmask(actor: Actor, place: str) -> bool:
    """Whether the actor may see a reporter's name and number whole, for a reason."""
    return bool(actor.roles_at(place) & set(CALLERS_BACK))


def permitted(case: Situation, actor: Actor) -> list[Transition]:
    """The moves that `actor` may make now, in the order of the process; what a form decides is left to `decide`."""
    found = []
    for move in case.process.moves_from(case.state):
        by = _grant(case, move, actor)
        if move.action in summons.ANSWERS and not summons.answering(case.called, move.action, by.unit_path if by else "/"):
            continue
        if by is not _NOBODY and not any(_EARLY[g](case, actor) for g in move.guards if g in _EARLY):
            found.append(move)
    return found


def decide(
    case: Situation,
    action: str,
    form: Mapping[str, Any],
    facts: Facts,
    *,
    actor: Actor,
    at: datetime,
    limit_in: Callable[[str], Limit | None],
    calendar: WorkCalendar,
) -> Decision:
    """What `action` does to the case. `limit_in` answers the limit of a state.

    Raises Refused (no such move now, or a guard says no), Forbidden (not this actor), MissingYear (the calendar ends).
    """
    moves = [t for t in case.process.transitions if t.action == action and case.state in t.sources]
    if not moves:
        zh, en = case.process.states[case.state].name
        raise Refused(T(f"案件处于“{zh}”，不能办理此动作", f'the case is "{en}": {action} is not possible now'), code="move_not_possible")
    move = moves[0]
    by = _grant(case, move, actor)
    if by is _NOBODY:
        raise Forbidden(T(f"您不能办理“{move.name.zh}”", f'you may not "{move.name.en}" here'), code="move_not_yours")
    if at < case.entered_at:
        raise Refused(T("办理时间早于上一步", "that time lies before the last step"), code="before_last_step")
    for guard in move.guards:
        fault = _EARLY[guard](case, actor) if guard in _EARLY else _LATE[guard](case, facts)
        if fault:
            raise Refused(fault, code=guard)
    if facts.unit and facts.unit.closed:
        raise Refused(T(f"“{facts.unit.name}”已撤销", f"{facts.unit.name} is closed"), code="unit_closed")
    if facts.unit and action == "assist" and facts.unit.path in (case.holder_path, *case.assisting_paths):
        raise Refused(T(f"“{facts.unit.name}”已在办理此案", f"{facts.unit.name} works on this case already"), code="assists_already")

    stays = move.target == SAME
    state = case.state if stays else (case.state_before if move.target == BEFORE else move.target)
    decision = Decision(
        move,
        None if by is _NOBODY else by,
        state,
        case.state_before if stays else case.state,
        stays,
        case.process.states[state].kind != "final" and (action == "reopen" or not case.closed) and action != "close",
        _next_clock(case, move, state, form, at, limit_in, calendar),
    )
    _effects(case, decision, form, facts, at)
    if action == "summon":
        meeting = (form.get("meet_at"), form.get("meet_place", ""))
        decision.calls = summons.calls(facts.units, case.called, case.place, *meeting, at=at, limit_in=limit_in, calendar=calendar)
    elif action in summons.ANSWERS:
        decision.answered = summons.may_answer(case.called, action, by.unit_path if by else "/")
    elif action == "cancel_summon":
        decision.cancelled = summons.cancelled(case.called, form.get("called"))
    return decision


def _next_clock(
    case: Situation,
    move: Transition,
    state: str,
    form: Mapping[str, Any],
    at: datetime,
    limit_in: Callable[[str], Limit | None],
    calendar: WorkCalendar,
) -> Clock | None:
    match move.clock:
        case "start":
            return clocks.started(limit_in(state), at, calendar)
        case "pause":
            return clocks.paused(case.clock, at, calendar)
        case "resume":
            return clocks.resumed(case.clock, at, calendar)
        case "extend":
            return clocks.extended(case.clock, form.get("days") or (case.extension or {}).get("days", 1), at, calendar)
        case "stop":
            return Clock()
        case "keep":
            return None


def _effects(case: Situation, decision: Decision, form: Mapping[str, Any], facts: Facts, at: datetime) -> None:
    changes, action = decision.changes, decision.move.action
    if facts.unit and action != "assist":
        changes["unit_id"] = facts.unit.id
    if action == "return" or action == "reopen":
        changes["unit_id"] = None
    if action == "ask_extension":
        changes["extension"] = {"days": form["days"], "reason": form["reason"], "asked_at": at.isoformat()}
    elif action in ("grant_extension", "refuse_extension") or (case.extension and not decision.stays):
        changes["extension"] = None
    if action in ("supervise", "remind"):
        changes["supervised_at" if action == "supervise" else "reminded_at"] = at
    elif not decision.stays or decision.move.holder:  # answered by whatever carries the case on, and by its holder's word
        changes["supervised_at"] = changes["reminded_at"] = None
    if action == "rate":
        changes["rating"] = form["score"]
    if action == "close":
        changes["closed_at"] = at
    if action == "reopen":
        changes["closed_at"] = changes["rating"] = None
    if action == "merge" and facts.other:
        changes["merged_into"] = facts.other.id
    if action == "unmerge":
        changes["merged_into"] = None


_NOBODY = Held("", "-")


def _grant(case: Situation, move: Transition, actor: Actor) -> Held | None:
    """By which grant the actor may make this move; None for the program itself; _NOBODY when by none."""
    if actor is SYSTEM:
        return None
    if move.action == "assist_done":
        for path in case.assisting_paths:
            if by := actor.held_as(move.roles, case.place, path):
                return by
        return _NOBODY
    if move.action in summons.ANSWERS:
        for called in sorted(case.called, key=lambda c: c.arrived != (move.action == "report_back")):
            if by := actor.held_as(move.roles, case.place, called.unit_path):
                return by
        return _NOBODY
    if move.holder and case.holder_path is None:
        return _NOBODY
    return actor.held_as(move.roles, case.place, case.holder_path if move.holder else None) or _NOBODY


def _not_badly_rated(case: Situation, actor: Actor) -> T | None:
    if case.rating is not None and case.rating <= BAD_RATING:
        return None
    return T("只有评价为不满意的案件可以重新办理", "only a case with a bad rating is reopened")


def _no_extension_asked(case: Situation, actor: Actor) -> T | None:
    return None if case.extension else T("没有待批的延期申请", "no extension was asked for")


def _nobody_called(case: Situation, actor: Actor) -> T | None:
    return None if case.called else T("没有未了结的吹哨", "nobody is called at present")


def _same_hand(case: Situation, actor: Actor) -> T | None:
    if actor is not SYSTEM and case.holder_path and any(h.unit_path.startswith(case.holder_path) for h in actor.held if h.unit_path):
        return T("处置单位的人不能核查自己的案件", "people of the handling unit can't verify their own case")
    return None


def _no_photograph(case: Situation, facts: Facts) -> T | None:
    return None if case.photographed or facts.with_files else T("需要附照片", "a photograph is needed")


def _not_above(case: Situation, facts: Facts) -> T | None:
    if facts.unit and case.holder_path and case.holder_path.startswith(facts.unit.path) and case.holder_path != facts.unit.path:
        return None
    return T("只能上呈给承办单位的上级单位", "it can only be escalated to a unit above the one that holds it")


def _not_below(case: Situation, facts: Facts) -> T | None:
    if facts.unit and case.holder_path and facts.unit.path.startswith(case.holder_path) and case.holder_path != facts.unit.path:
        return None
    return T("只能下派给承办单位的下级单位", "it can only be delegated to a unit below the one that holds it")


def _not_mergeable(case: Situation, facts: Facts) -> T | None:
    other = facts.other
    if other is None or not other.visible:
        return T("找不到主案件", "the case to merge into was not found")
    if other.id == case.id:
        return T("案件不能挂接到自己", "a case can't be merged into itself")
    if other.merged:
        return T(f"{other.number} 本身已挂接到别的案件", f"{other.number} is merged into another case itself")
    if other.ended:
        return T(f"{other.number} 已结束，不能再挂接", f"{other.number} has ended")
    return None


# Guards that need only the case and the actor also decide which buttons are offered; the rest wait for the form.
_EARLY: dict[str, Callable[[Situation, Actor], T | None]] = {
    "bad_rating": _not_badly_rated,
    "extension_asked": _no_extension_asked,
    "other_hand": _same_hand,
    "summons_open": _nobody_called,
}
_LATE: dict[str, Callable[[Situation, Facts], T | None]] = {
    "has_photo": _no_photograph,
    "unit_above": _not_above,
    "unit_below": _not_below,
    "mergeable": _not_mergeable,
}
