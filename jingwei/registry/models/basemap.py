"""The things that stand in a place: buildings, roads, land and landmarks of the base map.

Geometry is in degrees, SRID 4326; `crs` says what was declared. A thing is known by (source, source_id), and `place` is
the prefix of the grid, or division, that it lies in ("" outside). The base map is public and read by everybody, so these
are common tables; rooms, people and organisations of a district are tables by district.
"""

from typing import TypeVar

from django.contrib.gis.db import models
from django.contrib.postgres.fields import DateRangeField
from django.contrib.postgres.indexes import GinIndex, GistIndex, OpClass
from django.db.models import F, Q, Value
from django.db.models.functions import Concat, Lower

from jingwei.accounts.models import AREA
from jingwei.accounts.rules import Actor
from jingwei.areas.models import CRS

M = TypeVar("M", bound=models.Model)


class ThingQuerySet(models.QuerySet[M]):
    def visible_to(self, actor: Actor) -> "ThingQuerySet[M]":
        """The base map is public: everybody who works here sees the same one, and no row of it is about a person."""
        return self

    def on(self, date) -> "ThingQuerySet[M]":  # type: ignore[no-untyped-def]
        return self.filter(period__contains=date)


class Thing(models.Model):
    """What all things of the base map have."""

    source = models.CharField(max_length=40)
    source_id = models.CharField(max_length=60)
    kind = models.CharField(max_length=40)
    name = models.CharField(max_length=100, blank=True, default="")
    name_en = models.CharField(max_length=200, blank=True, default="")
    place = models.CharField(max_length=15, blank=True, default="", db_default="")
    crs = models.CharField(max_length=10, default="EPSG:4326", db_default="EPSG:4326")
    period = DateRangeField()

    objects = ThingQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = [
            models.UniqueConstraint(fields=["source", "source_id"], name="%(class)s_source_once"),
            models.CheckConstraint(condition=Q(crs__in=CRS), name="%(class)s_crs"),
            models.CheckConstraint(condition=Q(place="") | Q(place__regex=AREA), name="%(class)s_place"),
            models.CheckConstraint(condition=~Q(source="") & ~Q(source_id=""), name="%(class)s_source"),
            models.CheckConstraint(condition=Q(period__isempty=False), name="%(class)s_period"),
        ]
        indexes = [
            GistIndex(fields=["geometry"], name="%(class)s_geometry"),
            # The collation is the database's (C), so that a prefix test finds its rows here.
            models.Index(fields=["place"], name="%(class)s_place_index"),
        ]


class Addressed(Thing):
    """A thing with a street and a house number. `words` is what a search looks through."""

    street = models.CharField(max_length=60, blank=True, default="")
    number = models.CharField(max_length=40, blank=True, default="")
    number_from = models.IntegerField(null=True)
    number_to = models.IntegerField(null=True)
    words = models.GeneratedField(
        expression=Lower(Concat(F("street"), F("number"), Value(" "), F("name"), Value(" "), F("name_en"))),
        output_field=models.TextField(),
        db_persist=True,
    )

    class Meta(Thing.Meta):
        abstract = True
        constraints = [
            *Thing.Meta.constraints,
            models.CheckConstraint(
                condition=Q(number_from__isnull=True, number_to__isnull=True) | Q(number_to__gte=F("number_from")), name="%(class)s_numbers"
            ),
        ]
        indexes = [
            *Thing.Meta.indexes,
            GinIndex(OpClass(F("words"), "gin_trgm_ops"), name="%(class)s_words"),
            models.Index(fields=["street", "number_from"], condition=~Q(street=""), name="%(class)s_address"),
        ]


class PointInside(models.Func):
    """A point that lies inside a footprint, or the one that was given where there is no footprint."""

    output_field = models.PointField(srid=4326)
    template = "coalesce(ST_PointOnSurface(%(expressions)s)"
    arg_joiner = "), ("

    def as_sql(self, compiler, connection, **extra):  # type: ignore[no-untyped-def,override]
        sql, params = super().as_sql(compiler, connection, **extra)
        return f"{sql})", params


class Building(Addressed):
    """A building: its footprint, height in metres; and where it is registered, its code, standard address, floors and stairs (单元).

    Rooms hang on registered buildings alone (`code`). One without a footprint has the point `given`.
    """

    height = models.FloatField(null=True)
    geometry = models.MultiPolygonField(srid=4326, spatial_index=False, null=True)
    given = models.PointField(srid=4326, spatial_index=False, null=True)
    point = models.GeneratedField(expression=PointInside("geometry", "given"), output_field=models.PointField(srid=4326, spatial_index=False), db_persist=True)
    code = models.CharField(max_length=30, blank=True, default="", db_default="")
    address = models.ForeignKey("registry.Address", on_delete=models.PROTECT, null=True, related_name="buildings")
    floors_above = models.SmallIntegerField(null=True)
    floors_below = models.SmallIntegerField(null=True)
    units = models.SmallIntegerField(null=True)
    use = models.CharField(max_length=12, blank=True, default="", db_default="")
    built_year = models.SmallIntegerField(null=True)
    more = models.JSONField(default=dict, db_default=Value({}, models.JSONField()))
    import_id = models.UUIDField(null=True)
    version = models.IntegerField(default=1, db_default=1)

    class Meta(Addressed.Meta):
        constraints = [
            *Addressed.Meta.constraints,
            models.CheckConstraint(condition=Q(height__isnull=True) | Q(height__range=(0, 1000)), name="building_height"),
            models.CheckConstraint(condition=Q(geometry__isnull=False) | Q(given__isnull=False), name="building_somewhere"),
            models.UniqueConstraint(fields=["code"], condition=~Q(code=""), name="building_code"),
            models.CheckConstraint(condition=Q(floors_above__isnull=True) | Q(floors_above__range=(0, 200)), name="building_floors_above"),
            models.CheckConstraint(condition=Q(floors_below__isnull=True) | Q(floors_below__range=(0, 20)), name="building_floors_below"),
            models.CheckConstraint(condition=Q(units__isnull=True) | Q(units__range=(0, 100)), name="building_units"),
            models.CheckConstraint(condition=Q(built_year__isnull=True) | Q(built_year__range=(1000, 2200)), name="building_built_year"),
        ]
        indexes = [
            *Addressed.Meta.indexes,
            GistIndex(fields=["point"], name="building_point"),
            models.Index(fields=["import_id"], condition=Q(import_id__isnull=False), name="building_import"),
        ]


class Landmark(Addressed):
    """A point that people orient themselves by: a shop, a stop, a monument; or (kind "address") a house number."""

    geometry = models.PointField(srid=4326, spatial_index=False)

    class Meta(Addressed.Meta):
        pass


class Road(Thing):
    """A stretch of road, railway or ferry line. Kinds on the map: highway, major_road, minor_road, path, tunnel, rail, ferry."""

    words = models.GeneratedField(expression=Lower(Concat(F("name"), Value(" "), F("name_en"))), output_field=models.TextField(), db_persist=True)
    geometry = models.MultiLineStringField(srid=4326, spatial_index=False)

    class Meta(Thing.Meta):
        indexes = [*Thing.Meta.indexes, GinIndex(OpClass(F("words"), "gin_trgm_ops"), name="%(class)s_words")]


class LandUse(Thing):
    """A stretch of ground: water, or what OpenStreetMap's landuse, leisure and natural call it (park, grass, residential …)."""

    geometry = models.MultiPolygonField(srid=4326, spatial_index=False)

    class Meta(Thing.Meta):
        pass
