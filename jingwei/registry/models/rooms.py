"""Rooms of buildings, their former states, how codes are given, and the plates with QR codes on them."""

from django.contrib.gis.db import models
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.db.models import Q
from django.db.models.functions import Now

from jingwei.registry.models.basemap import Building
from jingwei.registry.models.common import ByDistrict, PlacedQuerySet, Scattered

USES = ("residence", "dormitory", "shop", "office", "factory", "storage", "public", "parking", "other")
TENURES = ("", "owner_occupied", "rented", "vacant", "shared", "other")


class CodingRule(models.Model):
    """How a building or a room gets its code: parts in order, each {"part": "place"|"building"|"sequence"|"floor"|"unit"|"number"|"fixed", "digits": n, …}."""

    kind = models.CharField(max_length=10)
    name = models.CharField(max_length=60)
    standard = models.CharField(max_length=100)
    parts = models.JSONField()
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind"], condition=Q(valid_to__isnull=True), name="coding_rule_one"),
            models.CheckConstraint(condition=Q(kind__in=["building", "room"]), name="coding_rule_kind"),
        ]


class GivenNumber(models.Model):
    """The last number that a coding rule gave out within a place or building: none is given twice."""

    kind = models.CharField(max_length=10)
    within = models.CharField(max_length=40)
    last = models.IntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "within"], name="given_number_once")]


class Room(ByDistrict):
    """A room (间、套) of a building. `unit` is the stair (单元), `floor` the floor it lies on (no 0; below ground negative), `number` what is on its door.

    `address_key` is the normal form of its whole address: an import finds the room by it at once. Use and tenure hold since `state_from`; what was
    before is in RoomState. Who lives in it is said by residencies alone. `predecessors`: the rooms that it was made of by splitting or merging.
    """

    building = models.ForeignKey(Building, on_delete=models.PROTECT, related_name="rooms", db_index=False)
    unit = models.CharField(max_length=20, default="", db_default="", blank=True)
    floor = models.SmallIntegerField(null=True)
    number = models.CharField(max_length=30)
    code = models.CharField(max_length=30, default="", db_default="", blank=True)
    address_key = models.CharField(max_length=200, default="", db_default="", blank=True)
    use = models.CharField(max_length=12, default="residence", db_default="residence")
    tenure = models.CharField(max_length=16, default="", db_default="", blank=True)
    state_from = models.DateField(null=True)
    area = models.DecimalField(max_digits=9, decimal_places=2, null=True)
    source = models.CharField(max_length=40, default="", db_default="", blank=True)
    more = models.JSONField(default=dict, db_default=models.Value({}, models.JSONField()))
    ended_date = models.DateField(null=True)
    predecessors = ArrayField(models.UUIDField(), default=list, db_default=[])

    objects = PlacedQuerySet.as_manager()

    class Meta(ByDistrict.Meta):
        constraints = [
            *ByDistrict.Meta.constraints,
            models.UniqueConstraint(fields=["district", "building", "unit", "number"], condition=Q(ended_date__isnull=True), name="room_once"),
            models.UniqueConstraint(fields=["district", "code"], condition=~Q(code=""), name="room_code"),
            models.CheckConstraint(condition=~Q(number=""), name="room_numbered"),
            models.CheckConstraint(condition=Q(floor__isnull=True) | ~Q(floor=0), name="room_floor"),
            models.CheckConstraint(condition=Q(use__in=USES), name="room_use"),
            models.CheckConstraint(condition=Q(tenure__in=TENURES), name="room_tenure"),
            models.CheckConstraint(condition=Q(area__isnull=True) | Q(area__gt=0), name="room_area"),
        ]
        indexes = [
            models.Index(fields=["import_id"], condition=Q(import_id__isnull=False), name="%(class)s_import"),
            models.Index(fields=["place", "building"], name="%(class)s_place_index"),
            models.Index(fields=["building", "unit", "floor"], name="room_building"),
            models.Index(fields=["code"], condition=~Q(code=""), name="room_code_index"),
            models.Index(fields=["address_key"], condition=~Q(address_key=""), name="room_address_key"),
        ]


class RoomState(models.Model):
    """What a room's use and tenure were before they changed, for a period."""

    pk = models.CompositePrimaryKey("district", "id")
    district = models.CharField(max_length=6)
    id = models.UUIDField()
    room_id = models.UUIDField()
    use = models.CharField(max_length=12)
    tenure = models.CharField(max_length=16, default="", db_default="", blank=True)
    period = DateRangeField()

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="room_state_one",
                expressions=[
                    (Scattered("room_id"), RangeOperators.EQUAL),
                    ("district", RangeOperators.EQUAL),
                    ("room_id", RangeOperators.EQUAL),
                    ("period", RangeOperators.OVERLAPS),
                ],
            ),
        ]


class Plate(ByDistrict):
    """A plate with a QR code on a room's door or a building's wall. Its link carries `number` and a signature; a lost plate is voided."""

    number = models.CharField(max_length=16)
    building = models.ForeignKey(Building, on_delete=models.PROTECT, related_name="plates")
    room_id = models.UUIDField(null=True)
    issued_at = models.DateTimeField(db_default=Now())
    voided_at = models.DateTimeField(null=True)

    objects = PlacedQuerySet.as_manager()

    class Meta(ByDistrict.Meta):
        constraints = [
            *ByDistrict.Meta.constraints,
            models.UniqueConstraint(fields=["district", "number"], name="plate_number"),
            models.UniqueConstraint(fields=["district", "room_id"], condition=Q(voided_at__isnull=True, room_id__isnull=False), name="plate_one_a_room"),
            models.UniqueConstraint(fields=["district", "building"], condition=Q(voided_at__isnull=True, room_id__isnull=True), name="plate_one_a_building"),
        ]
