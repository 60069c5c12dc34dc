"""Plans the cases of the demonstration: what, where, who and when, so that today's queues show every state and light.

Plain planning on the catalogue's snapshot; nothing is written here (load.py carries the plan out). Times are walked
backwards from now: the running step is as old as its wanted light asks, and the steps before it follow the habits of the house.
"""

import random
import tomllib
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from shapely.geometry import Point

from jingwei.cases.rules import clock as clocks
from jingwei.catalogue.queries import Catalogue
from jingwei.catalogue.rules.process import BEFORE, SAME, Process, Transition
from jingwei.catalogue.rules.values import Condition, Matter
from jingwei.site.demonstration import place
from jingwei.site.demonstration.accounts import ACCOUNTS
from jingwei.site.simulation import words
from jingwei.site.simulation.places import Spot, spots

HERE, ZONE = Path(__file__).parent, ZoneInfo("Asia/Shanghai")
OWN = ACCOUNTS[0].area  # the community of the account "worker": there is more to see there
MINUTES = words.habits()["minutes"]


@dataclass(slots=True)
class Step:
    """One move to make: when, in which role (`unit`: by the unit that holds the case), with what form; `photos`: mended or not."""

    move: str
    role: str
    at: datetime
    form: dict[str, Any] = field(default_factory=dict)
    photos: tuple[bool, ...] = ()


@dataclass(slots=True)
class Story:
    """One case. In forms, `unit` is a unit's code and `case` the key of another story."""

    key: int
    process: str
    matter: str
    urgent: bool
    source: str
    opener: str
    text: str
    address: str
    lon: float | None
    lat: float | None
    grid: str | None
    picture: str
    reporter: tuple[str, str] | None
    opened_at: datetime
    photos: tuple[bool, ...]
    steps: list[Step]


def _waterside(found: Sequence[Spot]) -> list[Spot]:
    """Those by the river."""
    waters = [shape for p, shape in place.features("land") if p["kind"] == "water"]
    return [s for s in found if min(w.distance(Point(s.lon, s.lat)) for w in waters) < 0.001]


def plan(book: Catalogue, now: datetime, codes: dict[int, str]) -> list[Story]:
    """All stories; `codes` are the units' by their ids. The same catalogue and moment give the same plan."""
    lot = random.Random(20261122)  # noqa: S311
    matters = [m for m in words.matters() if "weight" in m]
    everywhere = spots(now.date())
    where = {False: everywhere, True: _waterside(everywhere)}
    scripts = tomllib.loads((HERE / "scripts.toml").read_text(encoding="utf-8"))
    stories: list[Story] = []
    duplicates: list[Story] = []
    for process, table in scripts.items():
        fit = [m for m in matters if process == "standard" or m.get("self" if process == "self_handled" else "hotline")]
        for script, light, count in table["rows"]:
            for _ in range(count):
                wanted = lot.choices(fit, [m["weight"] for m in fit])[0]
                fitting = where[bool(wanted.get("waterside"))]
                story = _story(book, now, lot, len(stories) + 1, process, wanted, fitting, script.split(), light, codes)
                stories.append(story)
                if "merge" in script:
                    duplicates.append(story)
    stories += _unlocated(now, len(stories))
    _point_at_main_cases(lot, stories, duplicates)
    return stories


def _story(
    book: Catalogue,
    now: datetime,
    lot: random.Random,
    key: int,
    process_code: str,
    wanted: dict[str, Any],
    fit: Sequence[Spot],
    script: list[str],
    light: str,
    codes: dict[int, str],
) -> Story:
    process, matter = book.process(process_code, now.date()), book.matter(wanted["code"])
    spot = lot.choices(fit, [4 if s.grid.startswith(OWN) else 1 for s in fit])[0]
    source, opener = _source(lot, process_code)
    urgent = bool(wanted.get("urgent")) and lot.random() < 0.5
    conditions = [c for c in book.conditions_of(matter) if c.limit.unit != "natural_day"]
    condition = lot.choice(conditions) if conditions and lot.random() < 0.7 else None
    moves = list(_transitions(process, script))
    times = _times(book, now, lot, process, moves, light, matter, condition, urgent)
    story = Story(
        key=key,
        process=process_code,
        matter=wanted["code"],
        urgent=urgent,
        source=source,
        opener=opener,
        text=lot.choice(wanted["texts"]).format(where=spot.address),
        address=spot.address,
        lon=spot.lon,
        lat=spot.lat,
        grid=spot.grid,
        picture=wanted["picture"],
        opened_at=times[0],
        steps=[],
        reporter=words.reporter(lot, key) if source in ("hotline", "resident") else None,
        photos=(False, True) if process_code == "self_handled" else (False,) if source == "worker" and lot.random() < 0.35 else (),
    )
    if source == "hotline":
        story.text = "来电反映：" + story.text
    rule = codes.get(book.dispatch(matter, spot.grid, times[0], source).unit_id or 0, "D-CG")
    holder = ""
    for (move, hint, _), at in zip(moves, times[1:], strict=True):
        form, photos = _form(lot, move, hint, wanted, condition, spot, rule, holder, now)
        if "unit" in form and move.action != "assist":
            holder = form["unit"] if form["unit"] != "P" else f"S-{spot.grid[:9]}"
        story.steps.append(Step(move.action, _role(lot, move, holder), at, form, photos))
    return story


def _transitions(process: Process, script: list[str]) -> Iterator[tuple[Transition, str, str]]:
    """(move, hint, state it leads to) of each word."""
    state, before = process.start.code, ""
    for word in script:
        action, _, hint = word.partition(":")
        move = process.move(state, action)
        assert move, f"{process.code}: no {action} from {state}"
        if move.target != SAME:
            state, before = before if move.target == BEFORE else move.target, state
        yield move, hint, state


def _source(lot: random.Random, process: str) -> tuple[str, str]:
    """Where the report came from, and which role wrote it down."""
    if process != "standard":
        return ("worker", "worker") if process == "self_handled" else ("hotline", "hotline_operator")
    return lot.choices(
        [
            ("worker", "worker"),
            ("resident", "hotline_operator"),
            ("hotline", "hotline_operator"),
            ("inspection", "grid_lead"),
            ("department", "acceptor"),
            ("superior", "shift_leader"),
            ("media", "acceptor"),
            ("sensor", ""),
        ],
        [50, 18, 12, 8, 5, 3, 2, 2],
    )[0]


def _times(
    book: Catalogue,
    now: datetime,
    lot: random.Random,
    process: Process,
    moves: list[tuple[Transition, str, str]],
    light: str,
    matter: Matter,
    condition: Condition | None,
    urgent: bool,
) -> list[datetime]:
    """When it was opened and when each move was made; the last clock that was started shows `light` now."""
    times: list[datetime] = [now] * (len(moves) + 1)
    started = max((i for i, (m, _, _) in enumerate(moves, 1) if m.clock == "start"), default=0)
    state = moves[started - 1][2] if started else process.start.code
    ended = moves and (process.states[moves[-1][2]].kind != "open")
    if light and not ended:
        filed = any(m.action in ("file", "confirm") for m, _, _ in moves[:started])
        age = _age(book, now, lot, process.code, state, matter, condition if filed else None, urgent, light)
        times[started] = now - age
        shares = sorted(lot.uniform(0.05, 0.9) for _ in moves[started:])
        for n, share in enumerate(shares):
            times[started + 1 + n] = now - age * (1 - share)
    else:
        started = len(moves)
        age = timedelta(hours=lot.uniform(2, 60 if moves and process.states[moves[-1][2]].kind == "open" else 620))
        times[started] = _awake(now - age)
    for i in range(started, 0, -1):
        low, high = MINUTES.get(moves[i - 1][0].action, (20, 240))
        minutes = lot.uniform(low, high) * (lot.uniform(3, 6) if lot.random() < 0.08 else 1)
        times[i - 1] = _awake(times[i] - timedelta(minutes=minutes))
    return times


def _age(
    book: Catalogue,
    now: datetime,
    lot: random.Random,
    process: str,
    state: str,
    matter: Matter,
    condition: Condition | None,
    urgent: bool,
    light: str,
) -> timedelta:
    """How long ago a step must have begun for its clock to show `light`; office hours and holidays decide, so it is tried out."""
    limit = book.limit(process, state, matter, condition, urgent, now.date())
    if limit is None:
        return timedelta(minutes=lot.uniform(10, 600))
    before = {"green": (), "amber": ("green",), "red": ("green", "amber")}[light]
    youngest = _least(lambda age: clocks.light(clocks.started(limit, now - age, book.calendar()), now) not in before)
    oldest = (
        youngest + timedelta(days=2)
        if light == "red"
        else _least(lambda age: clocks.light(clocks.started(limit, now - age, book.calendar()), now) not in (*before, light))
    )
    return youngest + (oldest - youngest) * lot.uniform(0.1, 0.9)


def _least(test: Callable[[timedelta], bool]) -> timedelta:
    """The least age, to the second, of which `test` is true; it is for all greater ones."""
    return timedelta(seconds=bisect_left(range(60 * 86_400), True, key=lambda seconds: test(timedelta(seconds=seconds))))


def _awake(at: datetime) -> datetime:
    """Moved back into the day where it fell into the night."""
    local = at.astimezone(ZONE)
    if local.hour < 7:
        local = (local - timedelta(days=1)).replace(hour=19 + local.minute % 2)
    elif local.hour >= 22:
        local = local.replace(hour=20)
    return local.astimezone(at.tzinfo)


def _role(lot: random.Random, move: Transition, holder: str) -> str:
    if move.holder:
        return "unit"
    if move.action == "assist_done":
        return "assistant"
    if "worker" in move.roles and not holder.startswith(("S-", "T-")):
        return "worker"
    if "worker" in move.roles or move.roles[0] == "grid_lead":
        return lot.choice(("grid_lead", "station_clerk")) if "station_clerk" in move.roles else "grid_lead"
    return "dispatcher" if "dispatcher" in move.roles and move.action in ("escalate", "delegate") else move.roles[0]


def _form(
    lot: random.Random,
    move: Transition,
    hint: str,
    wanted: dict[str, Any],
    condition: Condition | None,
    spot: Spot,
    rule: str,
    holder: str,
    now: datetime,
) -> tuple[dict[str, Any], tuple[bool, ...]]:
    def unit() -> str:
        here = {"S": f"S-{spot.grid[:9]}", "T": f"T-{spot.grid[:12]}", "P": "P"}
        others = [c for c in ("D-CG", "D-LH", "D-SZ", "D-YJ", "D-SW") if c != holder]
        return here.get(hint) or (lot.choice(others) if hint == "O" else rule)

    chosen, score = condition.id if condition else None, int(hint) if hint.isdigit() else None
    form, photo = words.form(lot, move, results=wanted["results"], condition=chosen, unit=unit, score=score, at=now)
    return form, (True,) if photo else ()


def _unlocated(now: datetime, key: int) -> Iterator[Story]:
    """Reports whose place isn't known, or lies in no grid: a queue of their own."""
    told = (
        ("06025", "来电反映：江面靠近渡轮航线有大片漂浮物，说不清具体位置。", "黄浦江上", 121.4905, 31.2375, 25),
        ("09001", "来电反映：昨晚在江边看到兜售荧光棒的摊贩，记不清是哪一段。", "", None, None, 50),
        ("01037", "居民上报：路灯不亮，照片没有定位，只写了“小区后门”。", "小区后门", None, None, 200),
    )
    for n, (matter, text, address, lon, lat, minutes) in enumerate(told, 1):
        yield Story(
            key=key + n,
            process="standard",
            matter=matter,
            urgent=False,
            source="hotline" if n < 3 else "resident",
            opener="hotline_operator",
            text=text,
            address=address,
            lon=lon,
            lat=lat,
            grid=None,
            picture="",
            reporter=("匿名", f"1000001{n:04}"),
            opened_at=now - timedelta(minutes=minutes),
            photos=(),
            steps=[Step("accept", "acceptor", now - timedelta(minutes=minutes - 20))] if minutes > 100 else [],
        )


def _point_at_main_cases(lot: random.Random, stories: list[Story], duplicates: list[Story]) -> None:
    """A duplicate lies where its main case lies, says the same, and came in a little later, while that one was open."""
    mains = [
        s
        for s in stories
        if s.process == "standard" and s.grid and len(s.steps) >= 6 and s not in duplicates and not any(t.move in ("void", "merge", "reopen") for t in s.steps)
    ]
    for story, main in zip(duplicates, lot.sample(mains, len(duplicates)), strict=True):
        merge = next(t for t in story.steps if t.move == "merge")
        merge.form["case"] = main.key
        # Merged within the hour after the main case was filed, whatever came later keeps its distance.
        shift = main.steps[1].at + timedelta(minutes=lot.uniform(5, 50)) - story.opened_at
        last = story.steps[-1] if story.steps[-1] is not merge else None
        story.opened_at += shift
        for step in story.steps:
            if step is not last:
                step.at += shift
        story.matter, story.urgent, story.address, story.grid, story.picture = main.matter, main.urgent, main.address, main.grid, main.picture
        assert main.lon is not None and main.lat is not None
        story.lon, story.lat = main.lon + lot.uniform(-4e-5, 4e-5), main.lat + lot.uniform(-4e-5, 4e-5)
        story.grid = place.grid_of(story.lon, story.lat) or main.grid
        story.text = "同一处再次上报：" + main.text.removeprefix("来电反映：")
