"""The tree of standard addresses: road or estate or village, number, building. Below it stand the rooms, which have no rows here.

A node has its own name ("100号"), and the whole from the top of the tree on (`standard`: "南京东路100号2号楼"), without divisions: those are in
`place`. `key` is the normal form under which a text is looked up at once (rules.addresses). Levels after GB/T 23705 and CH/Z 9010; states after GB/T 37149.
"""

from django.contrib.gis.db import models
from django.contrib.postgres.indexes import GinIndex, GistIndex, OpClass
from django.db.models import Q

from jingwei.areas.models import CRS
from jingwei.kit.words import folded_sql
from jingwei.registry.models.basemap import ThingQuerySet


class Folded(models.Func):
    """A text in small letters of one width, each twice: how kit.words finds parts of Chinese texts."""

    function = ""
    output_field = models.TextField()

    def as_sql(self, compiler, connection, **extra):  # type: ignore[no-untyped-def,override]
        sql, params = compiler.compile(self.source_expressions[0])
        return folded_sql(sql), params


class Address(models.Model):
    """A node of the tree. Addresses are public: everybody who works here reads them."""

    class Kind(models.TextChoices):
        ROAD = "road", "路街巷"
        ESTATE = "estate", "小区"
        VILLAGE = "village", "自然村"
        NUMBER = "number", "门牌号"
        BUILDING = "building", "楼栋"

    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="children", db_index=False)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    name = models.CharField(max_length=100)
    standard = models.CharField(max_length=200)
    key = models.CharField(max_length=200)
    code = models.CharField(max_length=30, default="", db_default="", blank=True)
    place = models.CharField(max_length=15, default="", db_default="", blank=True)
    point = models.PointField(srid=4326, null=True, spatial_index=False)
    crs = models.CharField(max_length=10, default="EPSG:4326", db_default="EPSG:4326")
    status = models.CharField(max_length=2, default="OC", db_default="OC")
    source = models.CharField(max_length=40, default="", db_default="", blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    import_id = models.UUIDField(null=True)
    version = models.IntegerField(default=1, db_default=1)
    words = models.GeneratedField(expression=Folded("standard"), output_field=models.TextField(), db_persist=True)

    objects = ThingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["parent", "kind", "name"], condition=Q(parent__isnull=False, valid_to__isnull=True), name="address_once"),
            # The same name written otherwise (3号楼, 3幢) is the same name.
            models.UniqueConstraint(fields=["parent", "key"], condition=Q(parent__isnull=False, valid_to__isnull=True), name="address_key_once"),
            models.UniqueConstraint(fields=["place", "kind", "name"], condition=Q(parent__isnull=True, valid_to__isnull=True), name="address_top_once"),
            models.UniqueConstraint(fields=["code"], condition=~Q(code=""), name="address_code"),
            models.CheckConstraint(condition=Q(kind__in=["road", "estate", "village", "number", "building"]), name="address_kind"),
            models.CheckConstraint(condition=~Q(name="") & ~Q(standard=""), name="address_named"),
            models.CheckConstraint(condition=Q(status__in=["OC", "AB", "IN", "UN"]), name="address_status"),
            models.CheckConstraint(condition=Q(crs__in=CRS), name="address_crs"),
            models.CheckConstraint(condition=Q(valid_to__isnull=True) | Q(valid_to__gt=models.F("valid_from")), name="address_period"),
        ]
        indexes = [
            models.Index(fields=["key"], name="address_key"),
            models.Index(fields=["place"], name="address_place"),
            models.Index(fields=["import_id"], condition=Q(import_id__isnull=False), name="address_import"),
            GistIndex(fields=["point"], condition=Q(point__isnull=False), name="address_point"),
            GinIndex(OpClass(models.F("words"), "gin_trgm_ops"), name="address_words"),
            # A text is matched by its street first; those are few among the addresses.
            GinIndex(OpClass(models.F("words"), "gin_trgm_ops"), condition=Q(parent__isnull=True, valid_to__isnull=True), name="address_top_words"),
        ]


class AddressAlias(models.Model):
    """Another name of a whole address: a former one, a popular one, one that a department uses."""

    address = models.ForeignKey(Address, on_delete=models.PROTECT, related_name="aliases")
    name = models.CharField(max_length=200)
    key = models.CharField(max_length=200)
    kind = models.CharField(max_length=10)
    source = models.CharField(max_length=40, default="", db_default="", blank=True)
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    words = models.GeneratedField(expression=Folded("name"), output_field=models.TextField(), db_persist=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["address", "key"], name="address_alias_once"),
            models.CheckConstraint(condition=Q(kind__in=["former", "popular", "other"]), name="address_alias_kind"),
            models.CheckConstraint(condition=~Q(name=""), name="address_alias_named"),
        ]
        indexes = [
            models.Index(fields=["key"], name="address_alias_key"),
            GinIndex(OpClass(models.F("words"), "gin_trgm_ops"), name="address_alias_words"),
        ]
