"""Who works here: units in a tree, people, the roles granted to them, and the tokens of machines."""

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from jingwei.accounts.rules import ADMINISTRATORS, ROLES, Actor

AREA = r"^([0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{9}|[0-9]{12}|[0-9]{15})$"


class UnitQuerySet(models.QuerySet["Unit"]):
    def visible_to(self, actor: Actor) -> "UnitQuerySet":
        """Units are no secret among those who work here; outside work there is nothing to see."""
        return self if actor.held else self.none()

    def current(self) -> "UnitQuerySet":
        return self.filter(closed_date__isnull=True)


class Unit(models.Model):
    """A command centre, department, street centre, station or contractor. `path` lists the ids from the root."""

    class Kind(models.TextChoices):
        COMMAND_CENTRE = "command_centre", "指挥中心"
        DEPARTMENT = "department", "委办局"
        STREET_CENTRE = "street_centre", "街道中心"
        STATION = "station", "社区工作站"
        CONTRACTOR = "contractor", "养护单位"

    code = models.CharField(max_length=30, unique=True)
    name = models.CharField(max_length=100)
    name_en = models.CharField(max_length=100, blank=True, default="", db_default="")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="children")
    path = models.CharField(max_length=200, unique=True)
    area = models.CharField(max_length=15)
    closed_date = models.DateField(null=True)
    version = models.IntegerField(default=1, db_default=1)

    objects = UnitQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=["command_centre", "department", "street_centre", "station", "contractor"]), name="unit_kind"),
            models.CheckConstraint(condition=Q(area__regex=AREA), name="unit_area"),
            models.CheckConstraint(condition=Q(path__regex=r"^/([0-9]+/)+$"), name="unit_path"),
        ]


class PersonQuerySet(models.QuerySet["Person"]):
    def visible_to(self, actor: Actor) -> "PersonQuerySet":
        """Oneself; for those who lead or administer, the people who hold a role within their areas; for administrators also those who
        were registered there and hold none yet."""
        seen = Q(pk=actor.id)
        for held in actor.held:
            if held.role in (*ADMINISTRATORS, "shift_leader", "supervisor", "grid_lead", "station_clerk", "street_operator"):
                seen |= Q(pk__in=Grant.objects.filter(area__startswith=held.area).values("person_id"))
            if held.role in ADMINISTRATORS:
                seen |= Q(area__startswith=held.area)
        return self.filter(seen)


class PersonManager(BaseUserManager.from_queryset(PersonQuerySet)):  # type: ignore[misc]
    """Django's own commands (createsuperuser) find nothing here: people come through `actions.register_person`."""


class Person(AbstractBaseUser):
    """Somebody who works here and can log in, or a machine that holds tokens. `area` is where they were registered, and so who administers
    them. `one_time_until`: the password was made by an administrator, opens until then, and has to be changed before anything else.
    `phone_sealed`: the telephone at which they are called at work, told on call-out lists alone (docs/decisions/0045)."""

    username = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=60)
    is_active = models.BooleanField(default=True)
    is_machine = models.BooleanField(default=False)
    area = models.CharField(max_length=15)
    one_time_until = models.DateTimeField(null=True)
    phone_sealed = models.BinaryField(null=True)

    objects = PersonManager()

    USERNAME_FIELD = "username"

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(username="") & ~Q(name=""), name="person_named"),
            models.CheckConstraint(condition=Q(area__regex=AREA), name="person_area"),
            models.CheckConstraint(condition=Q(is_machine=False) | Q(one_time_until__isnull=True), name="person_machine_has_no_password"),
            models.CheckConstraint(condition=Q(is_machine=False, is_active=True) | Q(phone_sealed__isnull=True), name="person_phone_of_who_works_here"),
        ]


class GrantQuerySet(models.QuerySet["Grant"]):
    def visible_to(self, actor: Actor) -> "GrantQuerySet":
        """The grants of the people whom the actor may see."""
        return self.filter(person__in=Person.objects.visible_to(actor))


class Grant(models.Model):
    """A role held within an area and a unit, for a period."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="grants")
    role = models.CharField(max_length=30)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="grants")
    area = models.CharField(max_length=15)
    period = DateRangeField()

    objects = GrantQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(role__in=sorted(ROLES)), name="grant_role"),
            models.CheckConstraint(condition=Q(area__regex=AREA), name="grant_area"),
            models.CheckConstraint(condition=~Q(role__in=["department_clerk", "department_lead"]) | Q(unit__isnull=False), name="grant_unit_where_needed"),
            ExclusionConstraint(
                name="grant_one_administrator_each",
                expressions=[("person", RangeOperators.EQUAL), ("role", RangeOperators.NOT_EQUAL), ("period", RangeOperators.OVERLAPS)],
                condition=Q(role__in=ADMINISTRATORS),
            ),
            ExclusionConstraint(
                name="grant_once",
                expressions=[
                    ("person", RangeOperators.EQUAL),
                    ("role", RangeOperators.EQUAL),
                    ("area", RangeOperators.EQUAL),
                    (models.functions.Coalesce("unit_id", models.Value(0, models.BigIntegerField())), RangeOperators.EQUAL),
                    ("period", RangeOperators.OVERLAPS),
                ],
            ),
        ]


class Token(models.Model):
    """A machine's bearer token: only its SHA-256 is kept."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="tokens")
    name = models.CharField(max_length=60)
    digest = models.BinaryField(unique=True)
    created_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
