"""What Django can't say: children belong to a case of their own district; numbers come from a sequence, not from a locked row."""

from django.db import migrations

CHILDREN = ("step", "assignment", "file", "reporter")


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_initial")]

    operations = [
        migrations.RunSQL("create sequence cases_number as bigint cache 1", "drop sequence cases_number"),
        *(
            migrations.RunSQL(
                f"alter table cases_{child} add constraint {child}_of_case foreign key (district, case_id) references cases_case (district, id)",
                f"alter table cases_{child} drop constraint {child}_of_case",
            )
            for child in CHILDREN
        ),
    ]
