"""A resident whose name is no longer kept."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0003_field_revision"),
    ]

    operations = [
        migrations.AddField(
            model_name="resident",
            name="erased_date",
            field=models.DateField(null=True),
        ),
    ]
