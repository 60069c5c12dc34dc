"""Carries the demonstration out: place, staff, rules, then every story through the real actions at its own times."""

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from io import BytesIO
from uuid import UUID

from django.core.management import call_command
from django.db import transaction

from jingwei.accounts.models import Unit
from jingwei.accounts.rules import SYSTEM, Actor
from jingwei.cases.actions import Command, NewCase, keep_file, open_cases, perform_many, run_clocks
from jingwei.cases.models import Case
from jingwei.catalogue.actions import load_calendar, load_dispatch_rules, load_matters
from jingwei.catalogue.models import CalendarYear, WorkCalendar
from jingwei.catalogue.queries import catalogue
from jingwei.catalogue.rules.files import read_sheet
from jingwei.events.actions import record
from jingwei.events.models import Event
from jingwei.kit.coords import wgs84_to_gcj02
from jingwei.site.demonstration import dictionary, place, register, residents, staff, stories, things
from jingwei.site.demonstration.stories import Step, Story
from jingwei.site.simulation import LIVELIHOOD
from jingwei.site.simulation.people import People
from jingwei.site.simulation.pictures import picture

LOADED = "demonstration.loaded"


def is_loaded() -> bool:
    return Event.objects.filter(type=LOADED).exists()


def load(now: datetime, say: Callable[[str], None] = lambda line: None) -> bool:
    """Load what is missing; False when all of it is there already. Killed in between, it begins where it was: all steps but
    the last may be repeated, and the last, the cases, is one transaction."""
    if is_loaded():
        return False
    say("目录 catalogue …")
    call_command("load_catalogue", verbosity=0)
    load_matters(actor=SYSTEM, at=now, sheet=read_sheet(LIVELIHOOD.read_bytes(), columns=("kind", "code", "name")))
    _calendar_to_come(now)
    say("区划、网格、底图 divisions, grids, base map …")
    place.load_place(now)
    say("单位与人员 units and people …")
    units = staff.open_units(now)
    staff.hire(now, units)
    say("数据项字典 field dictionary …")
    dictionary.fill_dictionary(now, "SH")
    say("楼栋与房屋 buildings and rooms …")
    register.load_rooms(now)
    say("居民 residents …")
    residents.load_residents(now)
    say("部件、单位、责任书 components, organisations, pledges …")
    things.load_things(now)
    load_dispatch_rules(actor=SYSTEM, at=now, sheet=read_sheet((place.DATA / "dispatch_rules.csv").read_bytes(), columns=("position", "unit")))
    say("案件 cases …")
    with transaction.atomic():
        count = _Cast(units, now).play(stories.plan(catalogue(), now, {unit.pk: code for code, unit in units.items()}))
        _ring_clocks(now)
        record(LOADED, actor=SYSTEM, at=now, subject_type="demonstration", data={"cases": count})
    return True


def _calendar_to_come(now: datetime) -> None:
    """The year to come, with weekends only and said to be so, where its holidays aren't announced: deadlines may reach into it."""
    calendar = WorkCalendar.objects.get(code="default")
    known = set(CalendarYear.objects.filter(calendar=calendar).values_list("year", flat=True))
    for year in {now.year, now.year + 1} - known:
        head = {
            "calendar": calendar.code,
            "name": calendar.name,
            "years": str(year),
            "timezone": calendar.timezone,
            "hours": calendar.hours,
            "source": "演示：节假日安排尚未公布，只含周末 demonstration: weekends only",
        }
        text = "".join(f"# {k}: {v}\n" for k, v in head.items()) + "first_date,last_date,kind,name\n"
        load_calendar(actor=SYSTEM, at=now, sheet=read_sheet(text.encode(), columns=("first_date", "kind")))


def _ring_clocks(now: datetime) -> None:
    """The clocks of the weeks behind us ring when they rang, not all at once now."""
    while first := Case.objects.filter(alarm_at__lte=now).order_by("alarm_at").values_list("alarm_at", flat=True).first():
        run_clocks(at=min(first + timedelta(seconds=40), now))


class _Cast:
    """Who plays which part."""

    def __init__(self, units: dict[str, Unit], now: datetime) -> None:
        self.units = units
        self.by_id = {unit.pk: unit for unit in units.values()}
        self.people = People(now.date(), now.date())
        self.cases: dict[int, Case] = {}

    def play(self, plan: list[Story]) -> int:
        """Open all cases, then make everybody's first move, then the second …; answers how many cases there are."""
        for batch in self._by_actor([(self._opener(s), s.opened_at, s) for s in plan]):
            actor, work = batch
            wanted = [(at, self._new(actor, s)) for at, s in work]
            for (_, story), answer in zip(work, open_cases(actor=actor, wanted=wanted), strict=True):
                if answer.problem:
                    raise answer.problem
                assert answer.case
                self.cases[story.key] = answer.case
        for n in range(max(len(s.steps) for s in plan)):
            turn = [(self._mover(s, s.steps[n]), s.steps[n].at, s) for s in plan if n < len(s.steps)]
            for actor, work in self._by_actor(turn):
                commands = [self._command(actor, s, s.steps[n]) for _, s in work]
                for (_, story), outcome in zip(work, perform_many(actor=actor, commands=commands), strict=True):
                    if outcome.problem:
                        raise RuntimeError(f"story {story.key}, {story.steps[n].move}: {outcome.problem} {outcome.problem.errors}") from outcome.problem
                    assert outcome.case
                    self.cases[story.key] = outcome.case
        return len(plan)

    @staticmethod
    def _by_actor(turn: list[tuple[Actor, datetime, Story]]) -> list[tuple[Actor, list[tuple[datetime, Story]]]]:
        groups: dict[int | None, tuple[Actor, list[tuple[datetime, Story]]]] = {}
        for actor, at, story in sorted(turn, key=lambda t: t[1]):
            groups.setdefault(actor.id, (actor, []))[1].append((at, story))
        return list(groups.values())

    def _opener(self, story: Story) -> Actor:
        return self._player(story.opener, story) if story.opener else SYSTEM

    def _player(self, role: str, story: Story, holder: Unit | None = None) -> Actor:
        """Somebody with that role where the story plays; with `holder` somebody of that unit."""
        lot = random.Random(story.key)  # noqa: S311  the same story, the same hands
        return self.people.who(lot, [role], story.grid or "3101", holder=holder.path if holder else None)[0]

    def _mover(self, story: Story, step: Step) -> Actor:
        if step.role not in ("unit", "assistant"):
            return self._player(step.role, story)
        case = self.cases[story.key]
        if step.role == "assistant":
            code = next(s.form["unit"] for s in reversed(story.steps) if s.move == "assist")
            unit = self._unit(case, code)
        else:
            unit = self.by_id[case.unit_id or 0]
        role = {"street_centre": "street_operator", "station": "station_clerk"}.get(unit.kind, "department_clerk")
        return self._player(role, story, unit)

    def _unit(self, case: Case, code: str) -> Unit:
        if code == "P":
            return self.by_id[self.by_id[case.unit_id or 0].parent_id or 0]
        return self.units[code]

    def _pictures(self, actor: Actor, story: Story, at: datetime, photos: tuple[bool, ...]) -> tuple[UUID, ...]:
        # A few dozen scenes are enough: the same bytes are kept once.
        return tuple(
            keep_file(
                actor=actor,
                at=at,
                name=f"{'after' if mended else 'before'}-{story.key}.png",
                stream=BytesIO(picture(story.picture, story.key % 6, mended=mended)),
            ).id
            for mended in photos
        )

    def _new(self, actor: Actor, story: Story) -> NewCase:
        x, y, crs = story.lon, story.lat, "EPSG:4326"
        if x is None or y is None:
            crs = ""
        elif story.source == "worker" and story.key % 7 == 0:
            crs, (x, y) = "GCJ-02", wgs84_to_gcj02(x, y)  # some telephones know no other numbers
        name, phone = story.reporter or ("", "")
        return NewCase(
            process=story.process,
            matter=story.matter,
            text=story.text,
            source=story.source,
            address=story.address,
            crs=crs,
            x=x,
            y=y,
            urgent=story.urgent,
            reporter_name=name,
            reporter_phone=phone,
            files=self._pictures(actor, story, story.opened_at, story.photos),
        )

    def _command(self, actor: Actor, story: Story, step: Step) -> Command:
        case, form = self.cases[story.key], dict(step.form)
        if "unit" in form:
            form["unit"] = self._unit(case, form["unit"]).pk
        if "case" in form:
            form["case"] = str(self.cases[form["case"]].id)
        if step.photos:
            form["files"] = [str(f) for f in self._pictures(actor, story, step.at, step.photos)]
        return Command(case_id=case.id, move=step.move, seen_version=case.version, at=step.at, form=form)
