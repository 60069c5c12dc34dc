"""Imports: what came in from which file, row by row, so that the whole of it can be undone."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from jingwei.accounts.models import AREA, Person
from jingwei.accounts.rules import KEEPS_REGISTER, SYSTEM, Actor

IMPORT_KINDS = ("addresses", "buildings", "rooms", "residents", "organisations", "components", "pledges")


class ImportQuerySet(models.QuerySet["Import"]):
    def visible_to(self, actor: Actor) -> "ImportQuerySet":
        """One's own, and those of the areas where one keeps the register."""
        if actor is SYSTEM:
            return self
        scope = Q(started_by_id=actor.id)
        for area in actor.areas_of_any(KEEPS_REGISTER):
            scope |= Q(area__startswith=area)
        return self.filter(scope)


class Import(models.Model):
    """One file on its way into the register. `lines_done` is how far it has come: what is below is written, each chunk in one transaction."""

    id = models.UUIDField(primary_key=True)
    kind = models.CharField(max_length=14)
    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()
    area = models.CharField(max_length=15, default="", db_default="", blank=True)
    status = models.CharField(max_length=10, default="draft", db_default="draft")
    mapping = models.JSONField(default=dict, db_default=models.Value({}, models.JSONField()))
    options = models.JSONField(default=dict, db_default=models.Value({}, models.JSONField()))
    counts = models.JSONField(default=dict, db_default=models.Value({}, models.JSONField()))
    lines = models.BigIntegerField(null=True)
    lines_done = models.BigIntegerField(default=0, db_default=0)
    trouble = models.CharField(max_length=500, default="", db_default="", blank=True)
    started_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(db_default=Now())
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)
    version = models.IntegerField(default=1, db_default=1)

    objects = ImportQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=IMPORT_KINDS), name="import_kind"),
            models.CheckConstraint(
                condition=Q(status__in=["draft", "checking", "checked", "running", "done", "failed", "undoing", "undone"]), name="import_status"
            ),
            models.CheckConstraint(condition=Q(area="") | Q(area__regex=AREA), name="import_area"),
        ]


class ImportBlock(models.Model):
    """A block of lines that is done: written in the transaction that wrote its rows, so that none is applied twice. `result`: what came of them."""

    of = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="blocks", db_column="import_id")
    number = models.IntegerField()
    lines = models.IntegerField()
    result = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["of", "number"], name="import_block_once")]


class ImportedRow(models.Model):
    """What a row was before an import changed it (sealed values stay sealed). Rows that an import made carry its id themselves."""

    pk = models.CompositePrimaryKey("district", "id")
    district = models.CharField(max_length=6)
    id = models.UUIDField()
    import_id = models.UUIDField()
    thing = models.CharField(max_length=14)
    thing_id = models.CharField(max_length=40)
    version = models.IntegerField()
    before = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["district", "import_id", "thing", "thing_id"], name="imported_row_once")]


class KeptMapping(models.Model):
    """How the columns of files with these headers were read last time."""

    kind = models.CharField(max_length=14)
    headers = models.CharField(max_length=64)  # SHA-256 of the headers in their order
    mapping = models.JSONField()
    used_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "headers"], name="kept_mapping_once")]
