"""Sessions of a room are looked up by time, for the places taken in it. Runs before the new code."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0002_rules"),
        ("scheduling", "0002_rules"),
    ]

    operations = [
        migrations.AlterField(
            model_name="session",
            name="location",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="sessions",
                to="catalog.location",
            ),
        ),
        migrations.AddIndex(
            model_name="session",
            index=models.Index(
                condition=models.Q(("location__isnull", False)),
                fields=["location", "starts_at"],
                name="sessions_of_location",
            ),
        ),
    ]
