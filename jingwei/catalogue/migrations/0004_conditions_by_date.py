"""Filing conditions hold from a day on, as limits do; national standards are guarded."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
from django.db import migrations, models

# `jingwei.standard` is set by `actions.loading.open_standard`, for a transaction.
FIXED = """
create function catalogue_standard_guard() returns trigger language plpgsql as $$
declare
  standard text;
begin
  if coalesce(current_setting('jingwei.standard', true), '') = 'open' then
    return coalesce(new, old);
  end if;
  if tg_table_name = 'catalogue_edition' then
    standard := old.code;
  else
    select code into standard from catalogue_edition where id in (old.edition_id, new.edition_id) and code ~ '^GB(/[TZ])?\\s*[0-9]';
  end if;
  if standard ~ '^GB(/[TZ])?\\s*[0-9]' then
    raise exception '% is a national standard: what it lists cannot be changed', standard using errcode = 'restrict_violation';
  end if;
  return coalesce(new, old);
end $$;
create trigger standard_guard before insert or update or delete on catalogue_matter
  for each row execute function catalogue_standard_guard();
create trigger standard_guard before update or delete on catalogue_edition
  for each row execute function catalogue_standard_guard();
"""


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0003_standard_text")]

    operations = [
        migrations.AddField("filingcondition", "valid_from", models.DateField(null=True)),
        migrations.AddField("filingcondition", "valid_to", models.DateField(null=True)),
        migrations.RunSQL(
            "update catalogue_filingcondition c set valid_from = s.valid_from, valid_to = s.valid_to from catalogue_filingstandard s where s.id = c.standard_id",
            migrations.RunSQL.noop,
        ),
        migrations.AlterField("filingcondition", "valid_from", models.DateField()),
        migrations.RemoveConstraint("filingcondition", "condition_once"),
        migrations.AddConstraint(
            "filingcondition",
            models.CheckConstraint(
                condition=models.Q(("valid_to__isnull", True), ("valid_to__gte", models.F("valid_from")), _connector="OR"), name="condition_dates"
            ),
        ),
        migrations.AddConstraint(
            "filingcondition",
            django.contrib.postgres.constraints.ExclusionConstraint(
                name="condition_never_twice",
                expressions=[
                    ("standard", "="),
                    ("number", "="),
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
            ),
        ),
        migrations.RunSQL(
            FIXED,
            "drop trigger standard_guard on catalogue_matter; drop trigger standard_guard on catalogue_edition; drop function catalogue_standard_guard()",
        ),
    ]
