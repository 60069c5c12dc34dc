"""A process knows when its snapshot of the dictionary is stale; who described a field."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

REVISION = """
create sequence registry_field_revision_number;
create function registry_field_moved() returns trigger language plpgsql as $$
begin
  insert into registry_fieldrevision (id, number) values (1, nextval('registry_field_revision_number'))
    on conflict (id) do update set number = excluded.number;
  return null;
end $$;
create trigger registry_field_moved after insert or update or delete or truncate on registry_field for each statement execute function registry_field_moved();
"""
UNDO = """
drop trigger registry_field_moved on registry_field;
drop function registry_field_moved();
drop sequence registry_field_revision_number;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_registrar"),
        ("registry", "0002_the_register"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="FieldRevision",
            fields=[
                ("id", models.SmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("number", models.BigIntegerField()),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="field",
            name="field_type",
        ),
        migrations.AddField(
            model_name="field",
            name="described_by",
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddConstraint(
            model_name="field",
            constraint=models.CheckConstraint(
                condition=models.Q(("type__in", ("text", "number", "date", "choice", "yes_no", "sealed", "link", "geometry", "file"))), name="field_type"
            ),
        ),
        migrations.AddConstraint(
            model_name="fieldrevision",
            constraint=models.CheckConstraint(condition=models.Q(("id", 1)), name="field_revision_one_row"),
        ),
        migrations.RunSQL(REVISION, UNDO),
    ]
