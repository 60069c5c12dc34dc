import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
from django.contrib.postgres.operations import BtreeGistExtension
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
    ]

    operations = [
        BtreeGistExtension(),
        migrations.CreateModel(
            name="Module",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=30, unique=True)),
                ("name", models.CharField(max_length=60)),
                ("name_en", models.CharField(max_length=60)),
            ],
        ),
        migrations.CreateModel(
            name="Edition",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=60, unique=True)),
                ("name", models.CharField(max_length=200)),
                ("source", models.CharField(max_length=500)),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("valid_to__isnull", True), ("valid_to__gte", models.F("valid_from")), _connector="OR"), name="edition_dates"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="FilingStandard",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=60, unique=True)),
                ("name", models.CharField(max_length=200)),
                ("source", models.CharField(max_length=500)),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("valid_to__isnull", True), ("valid_to__gte", models.F("valid_from")), _connector="OR"), name="filing_standard_dates"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Matter",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=10)),
                ("code", models.CharField(max_length=20)),
                ("name", models.CharField(max_length=100)),
                ("major_code", models.CharField(max_length=10)),
                ("major_name", models.CharField(max_length=60)),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(null=True)),
                ("edition", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="matters", to="catalogue.edition")),
                ("module", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="matters", to="catalogue.module")),
            ],
        ),
        migrations.CreateModel(
            name="Process",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=40)),
                ("version", models.SmallIntegerField()),
                ("status", models.CharField(default="concept", max_length=10)),
                ("definition", models.JSONField()),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("code", "version"), name="process_version_once"),
                    models.CheckConstraint(condition=models.Q(("status__in", ["concept", "published", "frozen"])), name="process_status"),
                    models.CheckConstraint(condition=models.Q(("version__gte", 1)), name="process_version"),
                    models.CheckConstraint(condition=models.Q(("definition__has_keys", ["state", "move"])), name="process_definition"),
                    models.CheckConstraint(
                        condition=models.Q(models.Q(("status", "frozen"), _negated=True), ("valid_to__isnull", False), _connector="OR"),
                        name="process_frozen_has_ended",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("valid_to__isnull", True), ("valid_to__gte", models.F("valid_from")), _connector="OR"), name="process_dates"
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        condition=models.Q(("status", "concept"), _negated=True),
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
                        name="process_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Revision",
            fields=[
                ("id", models.SmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("number", models.BigIntegerField()),
            ],
            options={
                "constraints": [models.CheckConstraint(condition=models.Q(("id", 1)), name="revision_one_row")],
            },
        ),
        migrations.CreateModel(
            name="TimeLimit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("process", models.CharField(max_length=40)),
                ("state", models.CharField(max_length=40)),
                ("matter", models.CharField(blank=True, default="", max_length=20)),
                ("urgent", models.BooleanField(default=False)),
                ("limit_value", models.SmallIntegerField()),
                ("limit_unit", models.CharField(max_length=12)),
                ("by_condition", models.BooleanField(default=False)),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("limit_unit__in", ("urgent_hour", "work_hour", "work_day", "natural_day")), ("limit_value__range", (1, 3650))),
                        name="time_limit",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("valid_to__isnull", True), ("valid_to__gte", models.F("valid_from")), _connector="OR"), name="time_limit_dates"
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            ("process", "="),
                            ("state", "="),
                            ("matter", "="),
                            ("urgent", "="),
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
                        name="time_limit_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="WorkCalendar",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=40, unique=True)),
                ("name", models.CharField(max_length=100)),
                ("hours", models.CharField(max_length=100)),
                ("timezone", models.CharField(max_length=40)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "hours__regex",
                                "^([01][0-9]|2[0-3]):[0-5][0-9]-([01][0-9]|2[0-3]):[0-5][0-9]( ([01][0-9]|2[0-3]):[0-5][0-9]-([01][0-9]|2[0-3]):[0-5][0-9])*$",
                            )
                        ),
                        name="calendar_hours",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CalendarYear",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("year", models.SmallIntegerField()),
                ("source", models.CharField(max_length=500)),
                ("calendar", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="years", to="catalogue.workcalendar")),
            ],
        ),
        migrations.CreateModel(
            name="CalendarDay",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("date", models.DateField()),
                ("kind", models.CharField(max_length=10)),
                ("name", models.CharField(max_length=60)),
                ("year", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="days", to="catalogue.calendaryear")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("year", "date"), name="calendar_day_once"),
                    models.CheckConstraint(
                        condition=models.Q(("kind", "holiday"), models.Q(("date__iso_week_day__in", [6, 7]), ("kind", "makeup")), _connector="OR"),
                        name="calendar_day_kind",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DispatchRule",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.IntegerField()),
                ("matter", models.CharField(blank=True, default="", max_length=20)),
                ("area", models.CharField(blank=True, default="", max_length=15)),
                ("source", models.CharField(blank=True, default="", max_length=20)),
                ("days", models.CharField(default="any", max_length=10)),
                ("from_time", models.TimeField(null=True)),
                ("to_time", models.TimeField(null=True)),
                ("note", models.CharField(blank=True, default="", max_length=200)),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(null=True)),
                ("unit", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.unit")),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("days__in", ["any", "workday", "day_off"])), name="dispatch_days"),
                    models.CheckConstraint(
                        condition=models.Q(("area", ""), ("area__regex", "^([0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{9}|[0-9]{12}|[0-9]{15})$"), _connector="OR"),
                        name="dispatch_area",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("from_time__isnull", True), ("to_time__isnull", True)),
                            models.Q(("from_time__isnull", False), ("to_time__isnull", False), models.Q(("from_time", models.F("to_time")), _negated=True)),
                            _connector="OR",
                        ),
                        name="dispatch_hours",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("valid_to__isnull", True), ("valid_to__gte", models.F("valid_from")), _connector="OR"), name="dispatch_dates"
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            ("position", "="),
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
                        name="dispatch_position_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="FilingCondition",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=30)),
                ("text", models.CharField(max_length=500)),
                ("close_text", models.CharField(max_length=500)),
                ("limit_value", models.SmallIntegerField()),
                ("limit_unit", models.CharField(max_length=12)),
                ("local", models.BooleanField(default=False)),
                ("standard", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="conditions", to="catalogue.filingstandard")),
                ("matter", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="conditions", to="catalogue.matter")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("standard", "number"), name="condition_once"),
                    models.CheckConstraint(
                        condition=models.Q(("limit_unit__in", ("urgent_hour", "work_hour", "work_day", "natural_day")), ("limit_value__range", (1, 3650))),
                        name="condition_limit",
                    ),
                    models.CheckConstraint(condition=models.Q(("text", ""), _negated=True), name="condition_text"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Crosswalk",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("relation", models.CharField(max_length=10)),
                ("note", models.CharField(blank=True, default="", max_length=200)),
                ("new_edition", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="crosswalks", to="catalogue.edition")),
                ("new", models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="predecessors", to="catalogue.matter")),
                ("old", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="successors", to="catalogue.matter")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("old", "new_edition", "new"), name="crosswalk_once", nulls_distinct=False),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("new__isnull", True), ("relation", "none")),
                            models.Q(("new__isnull", False), ("relation__in", ["same", "renamed", "partial"])),
                            _connector="OR",
                        ),
                        name="crosswalk_relation",
                    ),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="matter",
            constraint=models.CheckConstraint(condition=models.Q(("kind__in", ["component", "event"])), name="matter_kind"),
        ),
        migrations.AddConstraint(
            model_name="matter",
            constraint=models.CheckConstraint(
                condition=models.Q(("code__regex", "^[0-9A-Z]+$"), ("code__startswith", models.F("major_code"))), name="matter_code"
            ),
        ),
        migrations.AddConstraint(
            model_name="matter",
            constraint=models.CheckConstraint(
                condition=models.Q(("valid_to__isnull", True), ("valid_to__gte", models.F("valid_from")), _connector="OR"), name="matter_dates"
            ),
        ),
        migrations.AddConstraint(
            model_name="matter",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[
                    ("edition", "="),
                    ("kind", "="),
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
                name="matter_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="calendaryear",
            constraint=models.UniqueConstraint(fields=("calendar", "year"), name="calendar_year_once"),
        ),
        migrations.AddConstraint(
            model_name="calendaryear",
            constraint=models.CheckConstraint(condition=models.Q(("year__range", (1950, 2200))), name="calendar_year_range"),
        ),
    ]
