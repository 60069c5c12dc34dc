"""Pledges (责任书): what a landlord, a shop or a keeper has signed, for a term, with the scan."""

from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models import F, Func, Q

from jingwei.accounts.rules import READS_PEOPLE, SYSTEM, Actor
from jingwei.registry.models.basemap import Building
from jingwei.registry.models.common import ByDistrict, PlacedQuerySet, within


class EndOf(Func):
    """The first day after a period of days."""

    function = "upper"
    output_field = models.DateField()


class PledgeQuerySet(PlacedQuerySet["Pledge"]):
    def visible_to(self, actor: Actor) -> "PledgeQuerySet":
        """Pledges of organisations in the actor's areas; those that a person signed only where the actor reads people."""
        if actor is SYSTEM:
            return self
        return self.filter(within(actor.areas()) & (Q(resident_id__isnull=True) | within(actor.areas_of_any(READS_PEOPLE))))


class Pledge(ByDistrict):
    """Signed by an organisation or a resident, about a room, a building or a component. Who signed as a person is read by those who read people."""

    number = models.CharField(max_length=40, default="", db_default="", blank=True)
    kind = models.CharField(max_length=30)
    title = models.CharField(max_length=120)
    organisation_id = models.UUIDField(null=True)  # these may cross districts: no foreign keys
    resident_id = models.UUIDField(null=True)
    room_id = models.UUIDField(null=True)
    component_id = models.UUIDField(null=True)
    building = models.ForeignKey(Building, on_delete=models.PROTECT, null=True, related_name="pledges")
    signed_date = models.DateField()
    term = DateRangeField()
    ended_date = models.DateField(null=True)
    end_reason = models.CharField(max_length=200, default="", db_default="", blank=True)
    scan_sha256 = models.CharField(max_length=64, default="", db_default="", blank=True)
    scan_mime = models.CharField(max_length=60, default="", db_default="", blank=True)
    scan_name = models.CharField(max_length=200, default="", db_default="", blank=True)
    source = models.CharField(max_length=40, default="", db_default="", blank=True)

    previous_id = models.UUIDField(null=True)  # the one that this renews

    objects = PledgeQuerySet.as_manager()

    class Meta(ByDistrict.Meta):
        constraints = [
            *ByDistrict.Meta.constraints,
            models.UniqueConstraint(fields=["district", "number"], condition=~Q(number=""), name="pledge_number"),
            models.UniqueConstraint(fields=["district", "previous_id"], condition=Q(previous_id__isnull=False), name="pledge_renewed_once"),
            models.CheckConstraint(condition=Q(organisation_id__isnull=False) | Q(resident_id__isnull=False), name="pledge_signed_by"),
            models.CheckConstraint(condition=~Q(title="") & ~Q(kind=""), name="pledge_titled"),
            models.CheckConstraint(condition=Q(term__isempty=False), name="pledge_term"),
        ]
        indexes = [
            *ByDistrict.Meta.indexes,
            models.Index(fields=["organisation_id"], condition=Q(organisation_id__isnull=False), name="pledge_organisation"),
            models.Index(fields=["resident_id"], condition=Q(resident_id__isnull=False), name="pledge_resident"),
            models.Index(fields=["room_id"], condition=Q(room_id__isnull=False), name="pledge_room"),
            models.Index(fields=["component_id"], condition=Q(component_id__isnull=False), name="pledge_component"),
            models.Index(EndOf("term"), F("id"), name="pledge_running_out"),
        ]
