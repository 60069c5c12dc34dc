"""A residency struck out is in nobody's way; one that has ended has a day of it."""

import django.contrib.postgres.constraints
from django.db import migrations, models

import jingwei.registry.models.common


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0006_scattered_exclusions"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="residency",
            name="residency_period",
        ),
        migrations.RemoveConstraint(
            model_name="residency",
            name="residency_one_permanent",
        ),
        migrations.RemoveIndex(
            model_name="resident",
            name="resident_place_index",
        ),
        migrations.AddIndex(
            model_name="resident",
            index=models.Index(fields=["place", "id"], name="resident_place_index"),
        ),
        migrations.AddConstraint(
            model_name="household",
            constraint=models.CheckConstraint(
                condition=models.Q(("to_date__isnull", True), ("from_date__isnull", True), ("to_date__gte", models.F("from_date")), _connector="OR"),
                name="household_days",
            ),
        ),
        migrations.AddConstraint(
            model_name="residency",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                condition=models.Q(("kind", "permanent"), models.Q(("end_reason", "mistake"), _negated=True)),
                expressions=[(jingwei.registry.models.common.Scattered("resident_id"), "="), ("district", "="), ("resident_id", "="), ("period", "&&")],
                name="residency_one_permanent",
            ),
        ),
        migrations.AddConstraint(
            model_name="residency",
            constraint=models.CheckConstraint(condition=models.Q(("period__isempty", False), ("period__startswith__isnull", False)), name="residency_period"),
        ),
        migrations.AddConstraint(
            model_name="residency",
            constraint=models.CheckConstraint(
                condition=models.Q(("end_reason__in", ["", "moved", "split", "died", "left", "mistake"])), name="residency_end_reason"
            ),
        ),
        migrations.AddConstraint(
            model_name="residency",
            constraint=models.CheckConstraint(
                condition=models.Q(("end_reason", ""), ("period__endswith__isnull", False), _connector="OR"), name="residency_ended"
            ),
        ),
    ]
