"""Where a person is administered, one-time passwords; a unit's English name and the number of its last change."""

from django.db import migrations, models
from django.db.models import Q

AREA = r"^([0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{9}|[0-9]{12}|[0-9]{15})$"


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]

    operations = [
        migrations.AddField("unit", "name_en", models.CharField(max_length=100, blank=True, default="", db_default="")),
        migrations.AddField("unit", "version", models.IntegerField(default=1, db_default=1)),
        migrations.AddField("person", "one_time_until", models.DateTimeField(null=True)),
        migrations.AddField("person", "area", models.CharField(max_length=15, default="00"), preserve_default=False),
        # Who was there before is administered where the first role was given; without any, by the program alone.
        migrations.RunSQL(
            """update accounts_person p set area = g.area
                 from (select distinct on (person_id) person_id, area from accounts_grant order by person_id, id) g where g.person_id = p.id""",
            migrations.RunSQL.noop,
        ),
        migrations.AddConstraint("person", models.CheckConstraint(condition=Q(area__regex=AREA), name="person_area")),
        migrations.AddConstraint(
            "person",
            models.CheckConstraint(condition=Q(is_machine=False) | Q(one_time_until__isnull=True), name="person_machine_has_no_password"),
        ),
    ]
