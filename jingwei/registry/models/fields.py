"""The field dictionary (数据项字典): what is recorded of each kind of thing, why, on what basis, how long, by whom, shared with whom."""

from django.db import models
from django.db.models import Q

from jingwei.accounts.models import Person, Unit

THINGS = ("building", "room", "resident", "household", "residency", "organisation", "premises", "component", "pledge")
SHARING = ("", "open", "unconditional", "conditional", "closed")  # 开放、无条件共享、有条件共享、不予共享
TYPES = ("text", "number", "date", "choice", "yes_no", "sealed", "link", "geometry", "file")


class Field(models.Model):
    """One field of one kind of thing. Off until owner, purpose, legal basis, retention, sharing class and standard are said.

    `own`: defined by this city; its values stand in the thing's `more`. `retention_months` count from the end of what it belongs to (a residency, a
    premises, the thing itself); 0: as long as the thing stands, which no personal field may have. `described_by`: who last said what it is for;
    somebody else switches a personal field on (docs/decisions/0040).
    """

    thing = models.CharField(max_length=12)
    name = models.CharField(max_length=40)
    title = models.CharField(max_length=60)
    title_en = models.CharField(max_length=100, default="", db_default="", blank=True)
    type = models.CharField(max_length=10, default="text", db_default="text")
    choices = models.JSONField(default=list, db_default=models.Value([], models.JSONField()))
    personal = models.BooleanField(default=False, db_default=False)
    own = models.BooleanField(default=False, db_default=False)
    owner = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+")
    purpose = models.CharField(max_length=300, default="", db_default="", blank=True)
    legal_basis = models.CharField(max_length=300, default="", db_default="", blank=True)
    retention_months = models.IntegerField(null=True)
    sharing = models.CharField(max_length=14, default="", db_default="", blank=True)
    standard = models.CharField(max_length=100, default="", db_default="", blank=True)
    is_on = models.BooleanField(default=False, db_default=False)
    described_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    version = models.IntegerField(default=1, db_default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["thing", "name"], name="field_once"),
            models.CheckConstraint(condition=Q(thing__in=THINGS), name="field_thing"),
            models.CheckConstraint(condition=Q(name__regex=r"^[a-z][a-z0-9_]*$"), name="field_name"),
            models.CheckConstraint(condition=Q(type__in=TYPES), name="field_type"),
            models.CheckConstraint(condition=Q(sharing__in=SHARING), name="field_sharing"),
            models.CheckConstraint(
                condition=Q(is_on=False)
                | Q(owner__isnull=False, retention_months__isnull=False)
                & ~Q(purpose="")
                & ~Q(legal_basis="")
                & ~Q(sharing="")
                & ~Q(standard="")
                & ~Q(title=""),
                name="field_on_only_when_said",
            ),
            models.CheckConstraint(condition=Q(is_on=False) | Q(personal=False) | Q(retention_months__gt=0), name="field_personal_has_an_end"),
        ]


class FieldRevision(models.Model):
    """One row: the number of the dictionary's last change, moved by a trigger; a process knows by it that its snapshot is stale."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    number = models.BigIntegerField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="field_revision_one_row")]
