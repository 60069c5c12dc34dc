"""A case, its completed steps, who was asked to handle it, its files and those who reported it. All by district."""

from datetime import UTC, datetime

from django.contrib.gis.db import models
from django.contrib.postgres.indexes import GinIndex, GistIndex, OpClass
from django.db.models import DateTimeField, Exists, OuterRef, Q, Value
from django.db.models.functions import Coalesce, Now

from jingwei.accounts.models import Person, Unit
from jingwei.accounts.rules import SYSTEM, Actor
from jingwei.areas.models import Grid
from jingwei.catalogue.models import FilingCondition, Matter, Process
from jingwei.kit.codes import overlap
from jingwei.kit.coords import SYSTEMS
from jingwei.registry.models import Building

NEVER = Value(datetime(9999, 12, 31, tzinfo=UTC), DateTimeField())  # where a case without a due time stands in the order of due times


class CaseQuerySet(models.QuerySet["Case"]):
    def visible_to(self, actor: Actor) -> "CaseQuerySet":
        """What lies in the actor's areas, what the actor opened, and what the actor's units hold or held."""
        if actor is SYSTEM:
            return self
        scope = Q(opened_by_id=actor.id)
        for area in actor.areas_seen():
            scope |= Q(place__startswith=area)
        for held in actor.units_seen():
            scope |= Q(_asked(Q(unit__path__startswith=held.unit_path)), place__startswith=held.area)
        return self.filter(scope)

    def parts_visible_to(self, actor: Actor, *, within: str = "") -> "list[CaseQuerySet]":
        """The same, of what lies in the place `within`, as querysets that may overlap: the first rows of each can be had by an index of its
        own, where no index answers their sum. Asks for the units' numbers: how many cases a unit has had, the database knows by number."""
        if actor is SYSTEM:
            return [self.filter(place__startswith=within)]
        scopes = [Q(opened_by_id=actor.id, place__startswith=within)]
        scopes += [Q(place__startswith=both) for area in actor.areas_seen() if (both := overlap(area, within)) is not None]
        for held in actor.units_seen():
            if (both := overlap(held.area, within)) is not None:
                units = list(Unit.objects.filter(path__startswith=held.unit_path).values_list("id", flat=True))
                scopes.append(Q(_asked(Q(unit_id__in=units)), place__startswith=both))
        return [self.filter(scope) for scope in scopes]


def _asked(units: Q) -> Exists:
    """Whether one of `units` holds or held the case."""
    return Exists(Assignment.objects.filter(units, district=OuterRef("district"), case_id=OuterRef("id")))


class Case(models.Model):
    """One matter at one place, from report to rating. The running step and its clock stand in the row itself.

    `place` is the deepest known place; `grid` is null for a case outside every grid ("unlocated"). `point` is WGS-84
    or CGCS2000 as declared in `crs`; `x`, `y` are the numbers as they came. While the clock is paused, `left_seconds`
    holds what remains of it; `alarm_at` is the next moment at which the clock has something to say. `is_open` until the
    case is closed or its state is final.
    """

    pk = models.CompositePrimaryKey("district", "id")
    district = models.CharField(max_length=6)
    id = models.UUIDField()
    number = models.CharField(max_length=20)
    process = models.ForeignKey(Process, on_delete=models.PROTECT, db_index=False)
    state = models.CharField(max_length=30)
    state_before = models.CharField(max_length=30, default="", db_default="")
    is_open = models.BooleanField(default=True, db_default=True)
    version = models.IntegerField(default=1)
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, db_index=False)
    condition = models.ForeignKey(FilingCondition, on_delete=models.PROTECT, null=True, db_index=False)
    source = models.CharField(max_length=20)
    outer_number = models.CharField(max_length=60, default="", db_default="")
    text = models.TextField()
    urgent = models.BooleanField(default=False)
    place = models.CharField(max_length=15, db_index=False)
    grid = models.ForeignKey(Grid, on_delete=models.PROTECT, null=True, db_index=False)
    address = models.CharField(max_length=200, default="", db_default="")
    point = models.PointField(srid=4326, null=True, spatial_index=False)
    crs = models.CharField(max_length=10, default="", db_default="")
    x = models.FloatField(null=True)
    y = models.FloatField(null=True)
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, db_index=False, related_name="opened_cases")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, db_index=False, related_name="held_cases")
    closed_at = models.DateTimeField(null=True)
    rating = models.SmallIntegerField(null=True)
    merged_into = models.UUIDField(null=True)  # may cross districts: no foreign key
    extension = models.JSONField(null=True)

    entered_at = models.DateTimeField()
    limit_value = models.IntegerField(null=True)
    limit_unit = models.CharField(max_length=12, default="", db_default="")
    due_at = models.DateTimeField(null=True)
    warn_at = models.DateTimeField(null=True)
    escalate_at = models.DateTimeField(null=True)
    alarm_at = models.DateTimeField(null=True)
    paused_at = models.DateTimeField(null=True)
    left_seconds = models.FloatField(null=True)
    warned_at = models.DateTimeField(null=True)
    overdue_at = models.DateTimeField(null=True)
    escalated_at = models.DateTimeField(null=True)
    supervised_at = models.DateTimeField(null=True)  # and reminded: until the case or its holder moves
    reminded_at = models.DateTimeField(null=True)

    due_order = models.GeneratedField(expression=Coalesce("due_at", NEVER), output_field=DateTimeField(), db_persist=True)

    objects = CaseQuerySet.as_manager()
    place_name: str | None = None  # known to whoever has just placed it; no column

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["district", "number"], name="case_number"),
            models.CheckConstraint(condition=Q(district__regex=r"^[0-9]{6}$"), name="case_district"),
            models.CheckConstraint(condition=Q(version__gte=1), name="case_version"),
            models.CheckConstraint(condition=Q(rating__isnull=True) | Q(rating__range=(1, 5)), name="case_rating"),
            models.CheckConstraint(condition=Q(crs__in=["", *SYSTEMS]), name="case_crs"),
            models.CheckConstraint(condition=Q(point__isnull=True, crs="") | Q(point__isnull=False) & ~Q(crs=""), name="case_point_declared"),
            models.CheckConstraint(condition=Q(paused_at__isnull=True) | Q(due_at__isnull=True), name="case_paused_has_no_due"),
        ]
        indexes = [
            models.Index(fields=["due_order", "opened_at", "id"], condition=Q(is_open=True), name="case_due"),
            models.Index(fields=["entered_at", "id"], condition=Q(is_open=True), name="case_entered"),
            models.Index(fields=["opened_by", "opened_at"], condition=Q(opened_by__isnull=False), name="case_opened_by"),
            models.Index(fields=["unit", "opened_at"], condition=Q(unit__isnull=False), name="case_unit"),
            models.Index(fields=["matter", "opened_at"], name="case_matter"),
            models.Index(fields=["place", "opened_at"], opclasses=["varchar_pattern_ops", "timestamptz_ops"], name="case_place"),
            models.Index(fields=["opened_at", "id"], name="case_opened"),
            models.Index(fields=["alarm_at"], condition=Q(alarm_at__isnull=False), name="case_alarm"),
            models.Index(fields=["merged_into"], condition=Q(merged_into__isnull=False), name="case_merged"),
            models.Index(fields=["opened_at"], condition=Q(grid__isnull=True), name="case_unlocated"),
            GistIndex(fields=["point"], condition=Q(point__isnull=False), name="case_point"),
            models.Index(fields=["warn_at"], condition=Q(is_open=True, warn_at__isnull=False), name="case_near_limit"),
        ]


class Step(models.Model):
    """One completed stay of a case in a state, with the clock that it had."""

    pk = models.CompositePrimaryKey("district", "id")
    district = models.CharField(max_length=6)
    id = models.UUIDField()
    case_id = models.UUIDField()
    state = models.CharField(max_length=30)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, db_index=False)
    entered_at = models.DateTimeField()
    left_at = models.DateTimeField()
    limit_value = models.IntegerField(null=True)
    limit_unit = models.CharField(max_length=12, default="", db_default="")
    due_at = models.DateTimeField(null=True)
    paused_at = models.DateTimeField(null=True)
    warned_at = models.DateTimeField(null=True)
    overdue_at = models.DateTimeField(null=True)
    escalated_at = models.DateTimeField(null=True)
    move = models.CharField(max_length=30)
    actor = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, db_index=False)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(left_at__gte=models.F("entered_at")), name="step_forward_in_time")]
        indexes = [models.Index(fields=["district", "case_id", "entered_at"], name="step_case")]


class Assignment(models.Model):
    """A unit was asked to handle a case: as its lead, to assist the lead, or summoned to the spot. One lead at a time.

    A summons has two clocks that run from the meeting on: `arrive_by` and `answer_by`; what was missed is marked once
    (`arrival_late_at`, `answer_late_at`). `done_at` is its feedback.
    """

    pk = models.CompositePrimaryKey("district", "id")
    district = models.CharField(max_length=6)
    id = models.UUIDField()
    case_id = models.UUIDField()
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT)
    part = models.CharField(max_length=6)
    assigned_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    meet_at = models.DateTimeField(null=True)
    meet_place = models.CharField(max_length=200, default="", db_default="")
    arrive_by = models.DateTimeField(null=True)
    arrived_at = models.DateTimeField(null=True)
    arrived_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, db_index=False)
    arrival_late_at = models.DateTimeField(null=True)
    answer_by = models.DateTimeField(null=True)
    answer_late_at = models.DateTimeField(null=True)
    alarm_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["district", "case_id"], condition=Q(part="lead", ended_at__isnull=True), name="assignment_one_lead"),
            models.UniqueConstraint(fields=["district", "case_id", "unit"], condition=Q(part="assist", ended_at__isnull=True), name="assignment_assist_once"),
            models.UniqueConstraint(fields=["district", "case_id", "unit"], condition=Q(part="summon", ended_at__isnull=True), name="assignment_summon_once"),
            models.CheckConstraint(condition=Q(part__in=["lead", "assist", "summon"]), name="assignment_part"),
            models.CheckConstraint(condition=Q(part="summon") | Q(arrive_by__isnull=True, arrived_at__isnull=True), name="assignment_clocks_of_summons"),
        ]
        indexes = [
            models.Index(fields=["district", "case_id"], name="assignment_case"),
            models.Index(fields=["alarm_at"], condition=Q(alarm_at__isnull=False), name="assignment_alarm"),
            models.Index(fields=["unit", "case_id"], condition=Q(part="summon", ended_at__isnull=True), name="assignment_open_summons"),
        ]


class FileQuerySet(models.QuerySet["File"]):
    def visible_to(self, actor: Actor) -> "FileQuerySet":
        """The files of cases that the actor sees, and what the actor has uploaded but not yet attached."""
        cases = Case.objects.visible_to(actor).filter(district=OuterRef("district"), id=OuterRef("case_id"))
        return self.filter(Q(Exists(cases)) | Q(case_id__isnull=True, uploaded_by_id=actor.id))


class File(models.Model):
    """An upload, kept under the SHA-256 of its bytes. It belongs to its uploader, in the uploader's home district, until a
    report or a move takes it: then a copy of the row lives with the case, in the case's district."""

    pk = models.CompositePrimaryKey("district", "id")
    district = models.CharField(max_length=6)
    id = models.UUIDField()
    sha256 = models.CharField(max_length=64)
    name = models.CharField(max_length=200)
    mime = models.CharField(max_length=60)
    size = models.BigIntegerField()
    width = models.IntegerField(null=True)
    height = models.IntegerField(null=True)
    uploaded_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True)
    uploaded_at = models.DateTimeField(db_default=Now())
    taken_at = models.DateTimeField(null=True)
    case_id = models.UUIDField(null=True)
    event_id = models.UUIDField(null=True)
    move = models.CharField(max_length=30, default="", db_default="")

    objects = FileQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["district", "case_id"], name="file_case")]


class Reporter(models.Model):
    """Who reported, sealed (kit.crypto); found by the keyed hash of the number, shown masked."""

    pk = models.CompositePrimaryKey("district", "id")
    district = models.CharField(max_length=6)
    id = models.UUIDField()
    case_id = models.UUIDField()
    name_sealed = models.BinaryField(null=True)
    phone_sealed = models.BinaryField(null=True)
    phone_index = models.BinaryField(null=True)
    reported_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["district", "case_id"], name="reporter_case"),
            models.Index(fields=["phone_index"], condition=Q(phone_index__isnull=False), name="reporter_phone"),
        ]


class CaseTieQuerySet(models.QuerySet["CaseTie"]):
    def visible_to(self, actor: Actor) -> "CaseTieQuerySet":
        """The ties of cases that the actor sees. Whether the actor may also read the thing is asked where it is shown."""
        return self.filter(Exists(Case.objects.visible_to(actor).filter(district=OuterRef("district"), id=OuterRef("case_id"))))


class CaseTie(models.Model):
    """A case is about a thing of the register, from when to when, and how that is known: named in the report, or tied by somebody.

    A building is common and has a number of its own; rooms, components, organisations and residents are told by their id."""

    THINGS = ("room", "building", "component", "organisation", "resident")

    pk = models.CompositePrimaryKey("district", "id")
    district = models.CharField(max_length=6)
    id = models.UUIDField()
    case_id = models.UUIDField()
    thing = models.CharField(max_length=12)
    thing_id = models.UUIDField(null=True)  # may cross districts: no foreign key
    building = models.ForeignKey(Building, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    source = models.CharField(max_length=10)
    since = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    tied_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, db_index=False, related_name="+")

    objects = CaseTieQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["district", "case_id", "thing", "thing_id"], condition=Q(ended_at__isnull=True), name="case_tie_once"),
            models.UniqueConstraint(
                fields=["district", "case_id", "building"], condition=Q(ended_at__isnull=True, building__isnull=False), name="case_tie_building_once"
            ),
            models.CheckConstraint(condition=Q(thing__in=["room", "building", "component", "organisation", "resident"]), name="case_tie_thing"),
            models.CheckConstraint(
                condition=Q(thing="building", building__isnull=False, thing_id__isnull=True)
                | ~Q(thing="building") & Q(building__isnull=True, thing_id__isnull=False),
                name="case_tie_names_one",
            ),
            models.CheckConstraint(condition=Q(source__in=["report", "hand"]), name="case_tie_source"),
            models.CheckConstraint(condition=Q(ended_at__isnull=True) | Q(ended_at__gte=models.F("since")), name="case_tie_forward"),
        ]
        indexes = [
            models.Index(fields=["thing_id"], condition=Q(thing_id__isnull=False), name="case_tie_of_thing"),
            models.Index(fields=["building"], condition=Q(building__isnull=False), name="case_tie_of_building"),
        ]


class CaseWords(models.Model):
    """What a case is found by: number, address and text in small letters, each letter twice (kit.words). A job keeps it up with the event
    log (cases.actions.words), so that reporting does not pay for the index; what it has not read yet is searched as it stands."""

    pk = models.CompositePrimaryKey("district", "id")
    district = models.CharField(max_length=6)
    id = models.UUIDField()
    words = models.TextField()

    class Meta:
        indexes = [GinIndex(OpClass("words", "gin_trgm_ops"), name="case_words")]


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    def visible_to(self, actor: Actor) -> "SavedViewQuerySet":
        """One's own, and what is shared with a unit in which one holds a role."""
        return self.filter(Q(owner_id=actor.id) | Q(unit_id__in={h.unit_id for h in actor.held if h.unit_id}))


class SavedView(models.Model):
    """A filter of the queue under a name, with its columns and order; shared with a unit where it names one."""

    owner = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="saved_views")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+")
    name = models.CharField(max_length=40)
    wanted = models.JSONField()
    columns = models.JSONField(default=list)
    version = models.IntegerField(default=1)

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner", "name"], name="saved_view_name"),
            models.CheckConstraint(condition=~Q(name=""), name="saved_view_named"),
        ]


class LearnedAdvice(models.Model):
    """What a job learnt from the city's closed cases (cases.rules.learning), as plain arrays; the newest row is in use. `matters` and `units`
    are null where there were too few cases; `scores` says of both how well they did on the newest cases, learnt from the older."""

    learnt_at = models.DateTimeField()
    cases = models.IntegerField()
    from_at = models.DateTimeField()
    to_at = models.DateTimeField()
    matters = models.BinaryField(null=True)
    units = models.BinaryField(null=True)
    scores = models.JSONField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(cases__gt=0) & Q(to_at__gte=models.F("from_at")), name="learned_advice_span")]
