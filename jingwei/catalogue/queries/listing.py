"""What screens list besides the snapshot: a calendar's year, a crosswalk."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db.models import F, Q, QuerySet

from jingwei.accounts.rules import Actor
from jingwei.catalogue.models import CalendarDay, CalendarYear, Crosswalk, FilingCondition, FilingStandard, Module, StandardText, TimeLimit
from jingwei.catalogue.queries.reading import catalogue
from jingwei.catalogue.rules.editing import tag
from jingwei.catalogue.rules.texts import fits, specific
from jingwei.kit.errors import NotFound
from jingwei.kit.text import T
from jingwei.kit.times import localdate


def calendar_year(code: str, year: int) -> tuple[CalendarYear, list[CalendarDay]]:
    """A year of a calendar (with the calendar) and its days off and make-up workdays in order. NotFound."""
    known = catalogue().calendars.get(code)
    if known is None or year not in known.years:
        raise NotFound(T(f"日历“{code}”没有 {year} 年", f'calendar "{code}" has no year {year}'))
    found = CalendarYear.objects.select_related("calendar").get(calendar__code=code, year=year)
    return found, list(found.days.order_by("date"))


def crosswalk_of(edition: str) -> QuerySet[Crosswalk]:
    """What the classes of an edition became, by kind and code; those without counterpart among them. NotFound."""
    if edition not in catalogue().editions:
        raise NotFound(T(f"没有版本“{edition}”", f'no edition "{edition}"'))
    rows = Crosswalk.objects.select_related("old", "new", "new_edition").filter(old__edition__code=edition)
    return rows.order_by("old__kind", "old__code", "new__kind", "new__code", "pk")


def standard_texts(*, actor: Actor, at: datetime, process: str = "", move: str = "", matter: str = "", ended: bool = False) -> list[StandardText]:
    """The texts that fit and hold today or later, the most specific first; with `ended` those of the past too. An empty term isn't asked."""
    today = localdate(at)
    rows = (t for t in StandardText.objects.visible_to(actor) if fits(t, process, move, matter))
    return sorted((t for t in rows if ended or t.valid_to is None or today < t.valid_to), key=lambda t: (specific(t), t.valid_from))


def standing_limits(*, actor: Actor, today: date) -> list[TimeLimit]:
    """The limits that hold today or will later, by process, state, matter and urgency."""
    rows = TimeLimit.objects.visible_to(actor).filter(Q(valid_to__isnull=True) | Q(valid_to__gt=today))
    return list(rows.order_by("process", "state", "matter", "urgent", "valid_from"))


def standing_conditions(*, actor: Actor, code: str, kind: str | None, edition: str | None, today: date, ended: bool = False) -> list[FilingCondition]:
    """The rows of the conditions of a class that hold today or will later, with `ended` those of the past too, by standard and number. NotFound for
    a class that no edition has."""
    book = catalogue()
    found = [c.id for c in book.conditions_ever(book.matter(code, edition, kind=kind)) if ended or c.valid_to is None or today < c.valid_to]
    rows = FilingCondition.objects.visible_to(actor).ever().select_related("standard", "matter").filter(pk__in=found)
    return list(rows.order_by("standard__code", "number", "valid_from"))


def filing_standards(*, actor: Actor) -> list[FilingStandard]:
    """The city's filing standards, those in use first."""
    return list(FilingStandard.objects.visible_to(actor).order_by(F("valid_to").asc(nulls_first=True), "code"))


def modules(*, actor: Actor) -> list[Module]:
    """The business modules, by code."""
    return list(Module.objects.visible_to(actor).order_by("code"))


def year_tag(days: Iterable[CalendarDay]) -> str:
    """The mark of a calendar's year, of its days in order."""
    return tag((d.date, d.kind, d.name) for d in days)
