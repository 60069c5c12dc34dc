"""Where things are: the division tree, the grids inside its communities, and who serves them when.

Geometry is in degrees, SRID 4326; `crs` says what was declared (EPSG:4326 or EPSG:4490, whose numbers are kept).
"""

from django.contrib.gis.db import models
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.contrib.postgres.indexes import GistIndex
from django.db.models import F, Q

from jingwei.accounts.models import Person
from jingwei.accounts.rules import Actor

CRS = ("EPSG:4326", "EPSG:4490")


class DivisionQuerySet(models.QuerySet["Division"]):
    def visible_to(self, actor: Actor) -> "DivisionQuerySet":
        """The division tree is public law: whoever has work here sees all of it."""
        return self if actor.held else self.none()

    def on(self, date) -> "DivisionQuerySet":  # type: ignore[no-untyped-def]
        return self.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=date), valid_from__lte=date)


class Division(models.Model):
    """A province, city, district, street or community. `place` is the significant part of `code`."""

    code = models.CharField(max_length=12, primary_key=True)
    place = models.CharField(max_length=12, unique=True)
    name = models.CharField(max_length=100)
    level = models.SmallIntegerField()
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="children")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    predecessors = ArrayField(models.CharField(max_length=12), default=list, db_default=[])
    boundary = models.MultiPolygonField(srid=4326, null=True, spatial_index=False)
    crs = models.CharField(max_length=10, default="EPSG:4326", db_default="EPSG:4326")
    schematic = models.BooleanField(default=False, db_default=False)

    objects = DivisionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(code__regex=r"^[0-9]{12}$"), name="division_code"),
            models.CheckConstraint(condition=Q(level__range=(1, 5)), name="division_level"),
            models.CheckConstraint(condition=Q(level=1, parent__isnull=True) | Q(level__gt=1, parent__isnull=False), name="division_parent"),
            models.CheckConstraint(condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")), name="division_dates"),
            models.CheckConstraint(condition=Q(crs__in=CRS), name="division_crs"),
        ]
        indexes = [GistIndex(fields=["boundary"], condition=Q(boundary__isnull=False), name="division_boundary")]


class GridQuerySet(models.QuerySet["Grid"]):
    def visible_to(self, actor: Actor) -> "GridQuerySet":
        """Grids in the actor's areas; a worker sees the neighbours in the same community too, who administers them those of theirs."""
        scope = Q(pk__in=[])
        for area in (*actor.areas(), *actor.areas_of("system_admin"), *actor.areas_of("security_admin")):
            scope |= Q(code__startswith=area[:12])
        return self.filter(scope)

    def on(self, date) -> "GridQuerySet":  # type: ignore[no-untyped-def]
        return self.filter(period__contains=date)


class Grid(models.Model):
    """A cell inside one community, served by a worker. Its code is never used again: a new shape is a new grid,
    which names its `predecessors`. Basic and dedicated grids tile the community; micro grids lie inside one of them."""

    class Kind(models.TextChoices):
        BASIC = "basic", "基础网格"
        DEDICATED = "dedicated", "专属网格"
        MICRO = "micro", "微网格"

    code = models.CharField(max_length=15, primary_key=True)
    community = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="grids")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    name = models.CharField(max_length=60)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="micros")
    period = DateRangeField()
    predecessors = ArrayField(models.CharField(max_length=15), default=list, db_default=[])
    boundary = models.MultiPolygonField(srid=4326)
    crs = models.CharField(max_length=10, default="EPSG:4326", db_default="EPSG:4326")
    schematic = models.BooleanField(default=False, db_default=False)

    objects = GridQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(code__regex=r"^[0-9]{15}$", code__startswith=F("community")), name="grid_code_in_community"),
            models.CheckConstraint(condition=Q(kind__in=["basic", "dedicated", "micro"]), name="grid_kind"),
            models.CheckConstraint(condition=Q(kind="micro", parent__isnull=False) | ~Q(kind="micro") & Q(parent__isnull=True), name="grid_micro_has_parent"),
            models.CheckConstraint(condition=Q(crs__in=CRS), name="grid_crs"),
        ]


class PostingQuerySet(models.QuerySet["Posting"]):
    def visible_to(self, actor: Actor) -> "PostingQuerySet":
        """One's own; those in the areas of which one sees everything; for system and security administrators those in theirs."""
        scope = Q(person_id=actor.id)
        for area in (*actor.areas_seen(), *actor.areas_of("system_admin"), *actor.areas_of("security_admin")):
            scope |= Q(grid__code__startswith=area)
        return self.filter(scope)


class Posting(models.Model):
    """Who serves which grid, from when to when. A `sole` posting (the default) shares its grid with no other sole one."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="postings")
    grid = models.ForeignKey(Grid, on_delete=models.PROTECT, related_name="postings")
    sole = models.BooleanField(default=True)
    period = DateRangeField()

    objects = PostingQuerySet.as_manager()

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="posting_one_worker_a_grid",
                expressions=[("grid", RangeOperators.EQUAL), ("period", RangeOperators.OVERLAPS)],
                condition=Q(sole=True),
            ),
            ExclusionConstraint(
                name="posting_once",
                expressions=[("grid", RangeOperators.EQUAL), ("person", RangeOperators.EQUAL), ("period", RangeOperators.OVERLAPS)],
            ),
        ]
