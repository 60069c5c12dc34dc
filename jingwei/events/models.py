"""The event log: one append-only row says what happened."""

from django.db import models
from django.db.models import Q


class EventQuerySet(models.QuerySet["Event"]):
    def visible_to(self, actor) -> "EventQuerySet":  # type: ignore[no-untyped-def]
        """What happened within the actor's areas. The security log has doors of its own."""
        scope = Q(pk__in=[])
        for area in actor.areas():
            scope |= Q(place__startswith=area)
        return self.filter(scope)

    def of(self, subject_id, district: str) -> "EventQuerySet":  # type: ignore[no-untyped-def]
        return self.filter(district=district, subject_id=subject_id).order_by("at", "id")


class Event(models.Model):
    """Written inside the transaction of the change that it records; a trigger forbids UPDATE and DELETE.

    `command` is the idempotency key of the request that caused it: within a district it can be used once.
    `at` is when it happened in the world, `recorded_at` when the program learnt of it.
    """

    pk = models.CompositePrimaryKey("district", "id")
    district = models.CharField(max_length=6)
    id = models.UUIDField()
    type = models.CharField(max_length=60)
    at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=models.functions.Now())
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=100)
    unit_id = models.BigIntegerField(null=True)
    subject_type = models.CharField(max_length=30)
    subject_id = models.UUIDField(null=True)
    subject_key = models.CharField(max_length=100, blank=True, default="", db_default="")
    place = models.CharField(max_length=15, blank=True, default="", db_default="")
    data = models.JSONField(default=dict)
    command = models.CharField(max_length=100, null=True)

    objects = EventQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["district", "command"], condition=Q(command__isnull=False), name="event_command_once"),
            models.CheckConstraint(condition=Q(type__regex=r"^[a-z_]+\.[a-z_]+$"), name="event_type_shape"),
        ]
        indexes = [
            models.Index(fields=["recorded_at", "id"], name="event_recorded"),
            models.Index(fields=["district", "subject_id", "at"], condition=Q(subject_id__isnull=False), name="event_subject"),
        ]


class Reader(models.Model):
    """Who reads the log on (a consumer), and up to when it has read everything."""

    name = models.CharField(primary_key=True, max_length=40)
    read_until = models.DateTimeField()
