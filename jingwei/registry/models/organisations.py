"""Organisations, known by their unified social credit code (GB 32100), and where they do business."""

from django.contrib.gis.db import models
from django.contrib.postgres.fields import DateRangeField
from django.contrib.postgres.indexes import GinIndex, GistIndex, OpClass
from django.db.models import F, Q, Value
from django.db.models.functions import Concat

from jingwei.registry.models.addresses import Folded
from jingwei.registry.models.basemap import Building
from jingwei.registry.models.common import ByDistrict, PlacedQuerySet

ORGANISATION_KINDS = ("enterprise", "individual", "institution", "government", "social", "village", "other")


class Organisation(ByDistrict):
    """A company, shop, school, office. Who leads it and its contact's telephone are personal, and sealed."""

    uscc = models.CharField(max_length=18, default="", db_default="", blank=True)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=12, default="enterprise", db_default="enterprise")
    status = models.CharField(max_length=10, default="active", db_default="active")
    industry = models.CharField(max_length=5, default="", db_default="", blank=True)  # GB/T 4754
    contact_sealed = models.BinaryField(null=True)
    phone_sealed = models.BinaryField(null=True)
    phone_index = models.BinaryField(null=True)
    more = models.JSONField(default=dict, db_default=models.Value({}, models.JSONField()))
    source = models.CharField(max_length=40, default="", db_default="", blank=True)
    ended_date = models.DateField(null=True)
    words = models.GeneratedField(expression=Folded(Concat(F("name"), Value(" "), F("uscc"))), output_field=models.TextField(), db_persist=True)

    objects = PlacedQuerySet.as_manager()

    class Meta(ByDistrict.Meta):
        constraints = [
            *ByDistrict.Meta.constraints,
            models.UniqueConstraint(fields=["district", "uscc"], condition=~Q(uscc=""), name="organisation_uscc"),
            models.CheckConstraint(condition=~Q(name=""), name="organisation_named"),
            models.CheckConstraint(condition=Q(uscc="") | Q(uscc__regex=r"^[0-9A-HJ-NPQRTUWXY]{18}$"), name="organisation_uscc_shape"),
            models.CheckConstraint(condition=Q(kind__in=ORGANISATION_KINDS), name="organisation_kind"),
            models.CheckConstraint(condition=Q(status__in=["active", "suspended", "closed", "moved"]), name="organisation_status"),
        ]
        indexes = [
            *ByDistrict.Meta.indexes,
            models.Index(fields=["uscc"], condition=~Q(uscc=""), name="organisation_uscc_index"),
            GinIndex(OpClass(F("words"), "gin_trgm_ops"), name="organisation_words"),
        ]


class Premises(ByDistrict):
    """An organisation does business in a room, in a building, or at an address, for a period."""

    organisation_id = models.UUIDField()
    building = models.ForeignKey(Building, on_delete=models.PROTECT, null=True, related_name="premises")
    room_id = models.UUIDField(null=True)  # may cross districts: no foreign key
    address = models.CharField(max_length=200, default="", db_default="", blank=True)
    point = models.PointField(srid=4326, null=True, spatial_index=False)
    use = models.CharField(max_length=12, default="", db_default="", blank=True)
    period = DateRangeField()
    source = models.CharField(max_length=40, default="", db_default="", blank=True)

    objects = PlacedQuerySet.as_manager()

    class Meta(ByDistrict.Meta):
        constraints = [*ByDistrict.Meta.constraints, models.CheckConstraint(condition=Q(period__isempty=False), name="premises_period")]
        indexes = [
            *ByDistrict.Meta.indexes,
            models.Index(fields=["district", "organisation_id"], name="premises_organisation"),
            models.Index(fields=["room_id"], condition=Q(room_id__isnull=False), name="premises_room"),
            GistIndex(fields=["point"], condition=Q(point__isnull=False), name="premises_point"),
        ]
