from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    dependencies = [("registry", "0013_rooms_by_grid")]

    operations = [
        migrations.CreateModel(
            name="ToldApart",
            fields=[
                ("pk", models.CompositePrimaryKey("district", "one", "other", blank=True, editable=False, primary_key=True, serialize=False)),
                ("district", models.CharField(max_length=6)),
                ("one", models.UUIDField()),
                ("other", models.UUIDField()),
                ("told_at", models.DateTimeField()),
            ],
            options={"constraints": [models.CheckConstraint(condition=Q(one__lt=F("other")), name="told_apart_in_order")]},
        ),
    ]
