"""Standard texts; a change of them moves the catalogue's revision too."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("catalogue", "0002_guards"),
    ]

    operations = [
        migrations.CreateModel(
            name="StandardText",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=40)),
                ("title", models.CharField(max_length=60)),
                ("process", models.CharField(blank=True, default="", max_length=40)),
                ("move", models.CharField(blank=True, default="", max_length=40)),
                ("matter", models.CharField(blank=True, default="", max_length=20)),
                ("text", models.CharField(max_length=1000)),
                ("position", models.IntegerField(default=100)),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("code", ""), _negated=True), models.Q(("title", ""), _negated=True), models.Q(("text", ""), _negated=True)
                        ),
                        name="standard_text_said",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("valid_to__isnull", True), ("valid_to__gte", models.F("valid_from")), _connector="OR"), name="standard_text_dates"
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            ("code", "="),
                            (
                                models.Func(
                                    "valid_from",
                                    "valid_to",
                                    models.Value("[)"),
                                    function="daterange",
                                    output_field=django.contrib.postgres.fields.ranges.DateRangeField(),
                                ),
                                "&&",
                            ),
                        ],
                        name="standard_text_once",
                    ),
                ],
            },
        ),
        migrations.RunSQL(
            "create trigger catalogue_moved after insert or update or delete or truncate on catalogue_standardtext"
            " for each statement execute function catalogue_moved()",
            "drop trigger catalogue_moved on catalogue_standardtext",
        ),
    ]
