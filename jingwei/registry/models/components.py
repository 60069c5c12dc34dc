"""City components (GB/T 47678.5-2026, GB/T 30428.2-2013), frontages (门前四包) and outdoor signs, with the history of their condition."""

from django.contrib.gis.db import models
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, GistIndex, OpClass
from django.db.models import F, Q, Value
from django.db.models.functions import Concat

from jingwei.areas.models import CRS
from jingwei.registry.models.addresses import Folded
from jingwei.registry.models.common import ByDistrict, PlacedQuerySet
from jingwei.registry.rules import components as rules

STATES = tuple(rules.STATES)


class ComponentClass(models.Model):
    """A class of components of one edition of the standard, or of the city's own; `attributes` names what is recorded of its things besides."""

    edition = models.CharField(max_length=30)
    code = models.CharField(max_length=5)
    name = models.CharField(max_length=60)
    name_en = models.CharField(max_length=100, default="", db_default="", blank=True)
    major = models.CharField(max_length=2)
    major_name = models.CharField(max_length=60)
    kind = models.CharField(max_length=10, default="component", db_default="component")
    replaces = ArrayField(models.CharField(max_length=5), default=list, db_default=[])  # classes of the edition before
    attributes = models.JSONField(default=list, db_default=models.Value([], models.JSONField()))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["edition", "code"], name="component_class_once"),
            models.CheckConstraint(condition=Q(kind__in=["component", "frontage", "sign"]), name="component_class_kind"),
        ]


class Component(ByDistrict):
    """A manhole cover, a lamp, a tree; or a shop's frontage, a sign. Its code is 6 division + 2 major + 3 class + 6 number (2013: two digits of class).

    Department, owner and keeper are named with their credit codes as the standard's table 2 has them. `organisation_id`: whose frontage or sign it is.
    """

    code = models.CharField(max_length=17)
    klass = models.ForeignKey(ComponentClass, on_delete=models.PROTECT, related_name="components", db_index=False)
    name = models.CharField(max_length=60)
    state = models.CharField(max_length=10, default="intact", db_default="intact")
    department = models.CharField(max_length=100, default="", db_default="", blank=True)
    department_code = models.CharField(max_length=18, default="", db_default="", blank=True)
    owner = models.CharField(max_length=100, default="", db_default="", blank=True)
    owner_code = models.CharField(max_length=18, default="", db_default="", blank=True)
    keeper = models.CharField(max_length=100, default="", db_default="", blank=True)
    keeper_code = models.CharField(max_length=18, default="", db_default="", blank=True)
    accuracy = models.CharField(max_length=1, default="", db_default="", blank=True)
    placed_date = models.DateField(null=True)
    changed_date = models.DateField(null=True)
    source = models.CharField(max_length=40, default="", db_default="", blank=True)
    source_id = models.CharField(max_length=60, default="", db_default="", blank=True)
    note = models.CharField(max_length=1000, default="", db_default="", blank=True)
    address = models.CharField(max_length=200, default="", db_default="", blank=True)
    attributes = models.JSONField(default=dict, db_default=models.Value({}, models.JSONField()))
    organisation_id = models.UUIDField(null=True)  # may cross districts: no foreign key
    geometry = models.GeometryField(srid=4326, spatial_index=False)
    crs = models.CharField(max_length=10, default="EPSG:4326", db_default="EPSG:4326")
    words = models.GeneratedField(
        expression=Folded(Concat(F("name"), Value(" "), F("code"), Value(" "), F("source_id"), Value(" "), F("address"))),
        output_field=models.TextField(),
        db_persist=True,
    )

    objects = PlacedQuerySet.as_manager()

    class Meta(ByDistrict.Meta):
        constraints = [
            *ByDistrict.Meta.constraints,
            models.UniqueConstraint(fields=["district", "code"], name="component_code"),
            models.UniqueConstraint(fields=["district", "source", "source_id"], condition=~Q(source_id=""), name="component_source_once"),
            models.CheckConstraint(condition=Q(code__regex=r"^[0-9]{16,17}$"), name="component_code_shape"),
            models.CheckConstraint(condition=Q(state__in=STATES), name="component_state"),
            models.CheckConstraint(condition=Q(accuracy__in=["", "A", "B", "C"]), name="component_accuracy"),
            models.CheckConstraint(condition=Q(crs__in=CRS), name="component_crs"),
        ]
        indexes = [
            *ByDistrict.Meta.indexes,
            models.Index(fields=["klass", "place"], name="component_class"),
            models.Index(fields=["code"], name="component_code_index"),
            models.Index(fields=["source", "source_id"], condition=~Q(source_id=""), name="component_source"),
            models.Index(fields=["organisation_id"], condition=Q(organisation_id__isnull=False), name="component_organisation"),
            GistIndex(fields=["geometry"], name="component_geometry"),
            GinIndex(OpClass(F("words"), "gin_trgm_ops"), name="component_words"),
        ]


class ComponentCondition(models.Model):
    """The state of a component from a moment on, until the next; who saw it and in which case."""

    pk = models.CompositePrimaryKey("district", "id")
    district = models.CharField(max_length=6)
    id = models.UUIDField()
    component_id = models.UUIDField()
    state = models.CharField(max_length=10)
    from_at = models.DateTimeField()
    to_at = models.DateTimeField(null=True)
    note = models.CharField(max_length=500, default="", db_default="", blank=True)
    case_id = models.UUIDField(null=True)  # may cross districts: no foreign key
    source = models.CharField(max_length=40, default="", db_default="", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["district", "component_id"], condition=Q(to_at__isnull=True), name="component_condition_one"),
            models.CheckConstraint(condition=Q(state__in=STATES), name="component_condition_state"),
            models.CheckConstraint(condition=Q(to_at__isnull=True) | Q(to_at__gte=F("from_at")), name="component_condition_forward"),
        ]
        indexes = [models.Index(fields=["district", "component_id", "from_at"], name="component_condition_of")]
