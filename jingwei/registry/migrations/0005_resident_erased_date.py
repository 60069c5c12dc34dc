"""A resident whose name is no longer kept."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0004_address_keys"),
    ]

    operations = [
        migrations.AddField(
            model_name="resident",
            name="erased_date",
            field=models.DateField(null=True),
        ),
    ]
