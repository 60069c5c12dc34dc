"""Residents, households, and who lives or lived where.

What tells who somebody is, is sealed (kit.crypto): name, identity number, telephone. Numbers are found again by their keyed hash, a name by the keyed
hashes of its letters and pairs (`grams`, rules.residents). Of the birth date the month is kept in the open, for ages; the day stays in the sealed number.
"""

from django.contrib.gis.db import models
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.contrib.postgres.indexes import GinIndex
from django.db.models import F, Q

from jingwei.registry.models.common import ByDistrict, PersonalQuerySet, Scattered
from jingwei.registry.rules.numbers import IDENTITY_KINDS

SEXES = ("0", "1", "2", "9")  # GB/T 2261.1: unknown, male, female, not stated


class Resident(ByDistrict):
    """Somebody who lives, or lived, here. `place` is that of the present room (the permanent one first), or of the last.

    `merged_into` names the record that this one turned out to be the same as; nothing is moved, so that it can be taken back. `more` holds the
    fields that the city has defined for itself in the dictionary.
    """

    name_sealed = models.BinaryField()
    grams = ArrayField(models.IntegerField(), default=list, db_default=[])
    identity_kind = models.CharField(max_length=20, default="", db_default="", blank=True)
    identity_sealed = models.BinaryField(null=True)
    identity_index = models.BinaryField(null=True)
    phone_sealed = models.BinaryField(null=True)
    phone_index = models.BinaryField(null=True)
    sex = models.CharField(max_length=1, default="0", db_default="0")
    born = models.DateField(null=True)
    home_place = models.CharField(max_length=12, default="", db_default="", blank=True)
    more = models.JSONField(default=dict, db_default=models.Value({}, models.JSONField()))
    source = models.CharField(max_length=40, default="", db_default="", blank=True)
    ended_date = models.DateField(null=True)
    end_reason = models.CharField(max_length=12, default="", db_default="", blank=True)
    erased_date = models.DateField(null=True)  # nobody since: the name's retention has ended
    merged_into = models.UUIDField(null=True)  # may cross districts: no foreign key

    objects = PersonalQuerySet.as_manager()

    class Meta(ByDistrict.Meta):
        constraints = [
            *ByDistrict.Meta.constraints,
            models.UniqueConstraint(
                fields=["district", "identity_index"], condition=Q(identity_index__isnull=False, merged_into__isnull=True), name="resident_identity_once"
            ),
            models.CheckConstraint(condition=Q(identity_kind__in=["", *IDENTITY_KINDS]), name="resident_identity_kind"),
            models.CheckConstraint(
                condition=Q(identity_sealed__isnull=True, identity_index__isnull=True) | Q(identity_sealed__isnull=False, identity_index__isnull=False),
                name="resident_identity_whole",
            ),
            models.CheckConstraint(
                condition=Q(phone_sealed__isnull=True, phone_index__isnull=True) | Q(phone_sealed__isnull=False, phone_index__isnull=False),
                name="resident_phone_whole",
            ),
            models.CheckConstraint(condition=Q(sex__in=SEXES), name="resident_sex"),
            models.CheckConstraint(condition=Q(born__isnull=True) | Q(born__day=1), name="resident_born_month"),
            models.CheckConstraint(condition=Q(end_reason__in=["", "died", "left", "mistake"]), name="resident_end_reason"),
        ]
        indexes = [
            models.Index(fields=["import_id"], condition=Q(import_id__isnull=False), name="%(class)s_import"),
            models.Index(fields=["place", "id"], name="%(class)s_place_index"),
            models.Index(fields=["identity_index"], condition=Q(identity_index__isnull=False), name="resident_identity"),
            models.Index(fields=["phone_index"], condition=Q(phone_index__isnull=False), name="resident_phone"),
            models.Index(fields=["merged_into"], condition=Q(merged_into__isnull=False), name="resident_merged"),
            GinIndex(fields=["grams"], name="resident_grams"),
        ]


class Household(ByDistrict):
    """People who keep house together in a room: a family, or a collective (dormitory)."""

    room_id = models.UUIDField()  # may cross districts: no foreign key
    number = models.CharField(max_length=40, default="", db_default="", blank=True)
    kind = models.CharField(max_length=10, default="family", db_default="family")
    head_id = models.UUIDField(null=True)
    from_date = models.DateField(null=True)
    to_date = models.DateField(null=True)

    objects = PersonalQuerySet.as_manager()

    class Meta(ByDistrict.Meta):
        constraints = [
            *ByDistrict.Meta.constraints,
            models.CheckConstraint(condition=Q(kind__in=["family", "collective"]), name="household_kind"),
            models.CheckConstraint(condition=Q(to_date__isnull=True) | Q(from_date__isnull=True) | Q(to_date__gte=F("from_date")), name="household_days"),
            models.UniqueConstraint(fields=["district", "room_id", "number"], condition=Q(to_date__isnull=True) & ~Q(number=""), name="household_number"),
        ]
        indexes = [*ByDistrict.Meta.indexes, models.Index(fields=["room_id"], name="household_room")]


class Residency(ByDistrict):
    """A resident lives in a room for a period. `permanent` (常住) is one room at a time; `relation` is to the head of the household (GB/T 4761).

    The district is the resident's; the room may lie in another. `place` is the room's.
    """

    resident_id = models.UUIDField()
    room_id = models.UUIDField()  # may cross districts: no foreign key
    household_id = models.UUIDField(null=True)
    kind = models.CharField(max_length=10, default="permanent", db_default="permanent")
    relation = models.CharField(max_length=2, default="", db_default="", blank=True)
    tenure = models.CharField(max_length=10, default="", db_default="", blank=True)
    period = DateRangeField()
    end_reason = models.CharField(max_length=12, default="", db_default="", blank=True)
    source = models.CharField(max_length=40, default="", db_default="", blank=True)

    objects = PersonalQuerySet.as_manager()

    class Meta(ByDistrict.Meta):
        constraints = [
            *ByDistrict.Meta.constraints,
            ExclusionConstraint(
                name="residency_one_permanent",
                expressions=[
                    (Scattered("resident_id"), RangeOperators.EQUAL),
                    ("district", RangeOperators.EQUAL),
                    ("resident_id", RangeOperators.EQUAL),
                    ("period", RangeOperators.OVERLAPS),
                ],
                condition=Q(kind="permanent") & ~Q(end_reason="mistake"),
            ),
            models.CheckConstraint(condition=Q(kind__in=["permanent", "temporary"]), name="residency_kind"),
            models.CheckConstraint(condition=Q(relation="") | Q(relation__regex=r"^[0-9]{2}$"), name="residency_relation"),
            models.CheckConstraint(condition=Q(tenure__in=["", "owner", "tenant", "family", "staff", "other"]), name="residency_tenure"),
            models.CheckConstraint(condition=Q(period__isempty=False, period__startswith__isnull=False), name="residency_period"),
            models.CheckConstraint(condition=Q(end_reason__in=["", "moved", "split", "died", "left", "mistake"]), name="residency_end_reason"),
            models.CheckConstraint(condition=Q(end_reason="") | Q(period__endswith__isnull=False), name="residency_ended"),
        ]
        indexes = [
            *ByDistrict.Meta.indexes,
            models.Index(fields=["room_id"], name="residency_room"),
            models.Index(fields=["district", "resident_id"], name="residency_resident"),
            models.Index(fields=["household_id"], condition=Q(household_id__isnull=False), name="residency_household"),
        ]


class ToldApart(models.Model):
    """Two records that look like one person and, somebody has said, are two. `district` is that of the first, by id; the other may lie elsewhere."""

    pk = models.CompositePrimaryKey("district", "one", "other")
    district = models.CharField(max_length=6)
    one = models.UUIDField()
    other = models.UUIDField()
    told_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(one__lt=F("other")), name="told_apart_in_order")]
