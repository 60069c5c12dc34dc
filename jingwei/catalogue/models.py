"""The catalogue's tables. All are common: small, copied to every node, and the same for everybody who works here.

`valid_from` is the first day, `valid_to` the first day no longer; periods of one thing never overlap. Every statement on
these tables moves the one row of Revision (a trigger), so that a process knows when its snapshot is stale.
"""

from typing import TypeVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value

from jingwei.accounts.models import AREA, Unit
from jingwei.accounts.rules import Actor
from jingwei.catalogue.rules.clock import UNITS
from jingwei.catalogue.rules.dispatch import DAYS

LIMIT_RANGE = (1, 3650)
SPAN = r"([01][0-9]|2[0-3]):[0-5][0-9]-([01][0-9]|2[0-3]):[0-5][0-9]"


Row = TypeVar("Row", bound=models.Model)


class CatalogueQuerySet(models.QuerySet[Row]):
    """The catalogue is open to whoever works here."""

    def visible_to(self, actor: Actor) -> "CatalogueQuerySet[Row]":
        return self if actor.held else self.none()

    def ever(self) -> "CatalogueQuerySet[Row]":
        """Without the rows that were replaced on their first day: those are kept for what already points at them."""
        return self.exclude(valid_to=F("valid_from"))


def _period() -> Func:
    return Func("valid_from", "valid_to", Value("[)"), function="daterange", output_field=DateRangeField())


def _never_twice(name: str, *fields: str, condition: Q | None = None) -> ExclusionConstraint:
    """No two rows with the same `fields` are valid on one day."""
    return ExclusionConstraint(
        name=name,
        expressions=[*((f, RangeOperators.EQUAL) for f in fields), (_period(), RangeOperators.OVERLAPS)],
        condition=condition,
    )


def _dates(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")), name=name)


class Revision(models.Model):
    """One row: the number of the catalogue's last change. Numbers come from a sequence and are never used again."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    number = models.BigIntegerField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="revision_one_row")]


class Module(models.Model):
    """业务板块: one of the six business modules."""

    code = models.CharField(max_length=30, unique=True)
    name = models.CharField(max_length=60)
    name_en = models.CharField(max_length=60)

    objects = CatalogueQuerySet["Module"].as_manager()


class Edition(models.Model):
    """Who listed the matters: a national standard, the one before it, a city's own. What a national standard lists changes only with the
    installation (a trigger)."""

    code = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=200)
    source = models.CharField(max_length=500)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    objects = CatalogueQuerySet["Edition"].as_manager()

    class Meta:
        constraints = [_dates("edition_dates")]


class Matter(models.Model):
    """事项: a class of business. `component` classes the things themselves, `event` what is to be done about them."""

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="matters")
    kind = models.CharField(max_length=10)
    code = models.CharField(max_length=20)
    name = models.CharField(max_length=100)
    major_code = models.CharField(max_length=10)
    major_name = models.CharField(max_length=60)
    module = models.ForeignKey(Module, on_delete=models.PROTECT, related_name="matters")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    objects = CatalogueQuerySet["Matter"].as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=["component", "event"]), name="matter_kind"),
            models.CheckConstraint(condition=Q(code__regex=r"^[0-9A-Z]+$", code__startswith=F("major_code")), name="matter_code"),
            _dates("matter_dates"),
            _never_twice("matter_once", "edition", "kind", "code"),
        ]


class Crosswalk(models.Model):
    """What a class of one edition became in another. No `new` and relation `none`: it has no counterpart, visibly."""

    old = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="successors")
    new = models.ForeignKey(Matter, on_delete=models.PROTECT, null=True, related_name="predecessors")
    new_edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="crosswalks")
    relation = models.CharField(max_length=10)
    note = models.CharField(max_length=200, blank=True, default="")

    objects = CatalogueQuerySet["Crosswalk"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["old", "new_edition", "new"], nulls_distinct=False, name="crosswalk_once"),
            models.CheckConstraint(
                condition=Q(relation="none", new__isnull=True) | Q(relation__in=["same", "renamed", "partial"], new__isnull=False),
                name="crosswalk_relation",
            ),
        ]


class FilingStandard(models.Model):
    """立案标准: one city's filing and closing conditions."""

    code = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=200)
    source = models.CharField(max_length=500)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    objects = CatalogueQuerySet["FilingStandard"].as_manager()

    class Meta:
        constraints = [_dates("filing_standard_dates")]


class FilingCondition(models.Model):
    """One line of a filing standard. `matter` is the class in which the city wrote it (its own codes). A case keeps the row under which it
    was filed; another text or limit is another row, from its day on."""

    standard = models.ForeignKey(FilingStandard, on_delete=models.PROTECT, related_name="conditions")
    number = models.CharField(max_length=30)
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="conditions")
    text = models.CharField(max_length=500)
    close_text = models.CharField(max_length=500)
    limit_value = models.SmallIntegerField()
    limit_unit = models.CharField(max_length=12)
    local = models.BooleanField(default=False)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    objects = CatalogueQuerySet["FilingCondition"].as_manager()

    class Meta:
        constraints = [
            _dates("condition_dates"),
            _never_twice("condition_never_twice", "standard", "number"),
            models.CheckConstraint(condition=Q(limit_value__range=LIMIT_RANGE, limit_unit__in=UNITS), name="condition_limit"),
            models.CheckConstraint(condition=~Q(text=""), name="condition_text"),
        ]


class Process(models.Model):
    """One version of a process: `definition` holds its states and moves, as in the TOML file.

    A concept may be changed. Publishing checks it and fixes it (a trigger); the version that replaces it freezes it.
    """

    code = models.CharField(max_length=40)
    version = models.SmallIntegerField()
    status = models.CharField(max_length=10, default="concept")
    definition = models.JSONField()
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    objects = CatalogueQuerySet["Process"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="process_version_once"),
            models.CheckConstraint(condition=Q(status__in=["concept", "published", "frozen"]), name="process_status"),
            models.CheckConstraint(condition=Q(version__gte=1), name="process_version"),
            models.CheckConstraint(condition=Q(definition__has_keys=["state", "move"]), name="process_definition"),
            models.CheckConstraint(condition=~Q(status="frozen") | Q(valid_to__isnull=False), name="process_frozen_has_ended"),
            _dates("process_dates"),
            _never_twice("process_once", "code", condition=~Q(status="concept")),
        ]


class TimeLimit(models.Model):
    """How long a state of a process may last, for matters whose code starts with `matter`."""

    process = models.CharField(max_length=40)
    state = models.CharField(max_length=40)
    matter = models.CharField(max_length=20, blank=True, default="")
    urgent = models.BooleanField(default=False)
    limit_value = models.SmallIntegerField()
    limit_unit = models.CharField(max_length=12)
    by_condition = models.BooleanField(default=False)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    objects = CatalogueQuerySet["TimeLimit"].as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(limit_value__range=LIMIT_RANGE, limit_unit__in=UNITS), name="time_limit"),
            _dates("time_limit_dates"),
            _never_twice("time_limit_once", "process", "state", "matter", "urgent"),
        ]


class WorkCalendar(models.Model):
    """工作日历: whose days and hours count. `hours` as "08:00-12:00 14:00-18:00"."""

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=100)
    hours = models.CharField(max_length=100)
    timezone = models.CharField(max_length=40)

    objects = CatalogueQuerySet["WorkCalendar"].as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(hours__regex=rf"^{SPAN}( {SPAN})*$"), name="calendar_hours"),
        ]


class CalendarYear(models.Model):
    """A year of which the holidays are known."""

    calendar = models.ForeignKey(WorkCalendar, on_delete=models.PROTECT, related_name="years")
    year = models.SmallIntegerField()
    source = models.CharField(max_length=500)

    objects = CatalogueQuerySet["CalendarYear"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["calendar", "year"], name="calendar_year_once"),
            models.CheckConstraint(condition=Q(year__range=(1950, 2200)), name="calendar_year_range"),
        ]


class CalendarDay(models.Model):
    """A day off besides plain weekends, or a Saturday or Sunday that is worked (调休)."""

    year = models.ForeignKey(CalendarYear, on_delete=models.CASCADE, related_name="days")
    date = models.DateField()
    kind = models.CharField(max_length=10)
    name = models.CharField(max_length=60)

    objects = CatalogueQuerySet["CalendarDay"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["year", "date"], name="calendar_day_once"),
            models.CheckConstraint(condition=Q(kind="holiday") | Q(kind="makeup", date__iso_week_day__in=[6, 7]), name="calendar_day_kind"),
        ]


class DispatchRule(models.Model):
    """One line of the dispatch table. Codes are kept as written: a rule whose matter or source went away is broken, and says so."""

    position = models.IntegerField()
    matter = models.CharField(max_length=20, blank=True, default="")
    area = models.CharField(max_length=15, blank=True, default="")
    source = models.CharField(max_length=20, blank=True, default="")
    days = models.CharField(max_length=10, default="any")
    from_time = models.TimeField(null=True)
    to_time = models.TimeField(null=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    note = models.CharField(max_length=200, blank=True, default="")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    objects = CatalogueQuerySet["DispatchRule"].as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(days__in=list(DAYS)), name="dispatch_days"),
            models.CheckConstraint(condition=Q(area="") | Q(area__regex=AREA), name="dispatch_area"),
            models.CheckConstraint(
                condition=Q(from_time__isnull=True, to_time__isnull=True) | Q(from_time__isnull=False, to_time__isnull=False) & ~Q(from_time=F("to_time")),
                name="dispatch_hours",
            ),
            _dates("dispatch_dates"),
            _never_twice("dispatch_position_once", "position"),
        ]


class StandardText(models.Model):
    """标准用语: what is often said, with placeholders (catalogue.rules.texts). Empty `process`, `move`, `matter` mean any; a city
    writes in one language, so there is one text."""

    code = models.CharField(max_length=40)
    title = models.CharField(max_length=60)
    process = models.CharField(max_length=40, blank=True, default="")
    move = models.CharField(max_length=40, blank=True, default="")
    matter = models.CharField(max_length=20, blank=True, default="")
    text = models.CharField(max_length=1000)
    position = models.IntegerField(default=100)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    objects = CatalogueQuerySet["StandardText"].as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(code="") & ~Q(title="") & ~Q(text=""), name="standard_text_said"),
            _dates("standard_text_dates"),
            _never_twice("standard_text_once", "code"),
        ]
