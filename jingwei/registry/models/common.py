"""What the tables of the register have in common."""

from typing import TypeVar

from django.contrib.gis.db import models
from django.db.models import Q

from jingwei.accounts.rules import KEEPS_REGISTER, READS_PEOPLE, SYSTEM, Actor

M = TypeVar("M", bound=models.Model)
DISTRICT = r"^[0-9]{6}$"


class PlacedQuerySet(models.QuerySet[M]):
    """Rows of things that stand in a place, and are about nobody: rooms, organisations, components."""

    def visible_to(self, actor: Actor) -> "PlacedQuerySet[M]":
        """What stands within the areas in which the actor has business."""
        return self if actor is SYSTEM else self.filter(within(actor.areas()))


class PersonalQuerySet(models.QuerySet[M]):
    """Rows about a person: only for those whose work is with people there."""

    def visible_to(self, actor: Actor) -> "PersonalQuerySet[M]":
        """What lies within the areas where the actor holds a role that reads people."""
        return self if actor is SYSTEM else self.filter(within(actor.areas_of_any(READS_PEOPLE)))

    def kept_by(self, actor: Actor) -> "PersonalQuerySet[M]":
        """What lies within the areas where the actor keeps the register: imports, merges, ends."""
        return self if actor is SYSTEM else self.filter(within(actor.areas_of_any(KEEPS_REGISTER)))


def within(areas: tuple[str, ...]) -> Q:
    """Places that begin with one of `areas`; no area, no row."""
    scope = Q(pk__in=[])
    for area in areas:
        scope |= Q(place__startswith=area)
    return scope


class Scattered(models.Func):
    """A number made from an id, for the beginning of an exclusion constraint. Ids of one import differ in their last bits alone, which GiST weighs as
    nothing: without this each insert looked through most of the index, 0.5 ms a row after twenty thousand (docs/performance.md)."""

    function = "uuid_hash_extended"
    template = "%(function)s(%(expressions)s, 0)"
    output_field = models.BigIntegerField()


class ByDistrict(models.Model):
    """A row by district, with its place (the grid, or the deepest division known) and the import that made it, if one did."""

    pk = models.CompositePrimaryKey("district", "id")
    district = models.CharField(max_length=6)
    id = models.UUIDField()
    place = models.CharField(max_length=15, blank=True, default="", db_default="", db_index=False)
    import_id = models.UUIDField(null=True)
    version = models.IntegerField(default=1, db_default=1)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(condition=Q(district__regex=DISTRICT), name="%(class)s_district"),
            models.CheckConstraint(condition=Q(version__gte=1), name="%(class)s_version"),
        ]
        indexes = [
            models.Index(fields=["place"], name="%(class)s_place_index"),
            models.Index(fields=["import_id"], condition=Q(import_id__isnull=False), name="%(class)s_import"),
        ]
