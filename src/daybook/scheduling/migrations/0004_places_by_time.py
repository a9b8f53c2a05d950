"""A month of the calendar goes through its participants once, by time. Runs before the new code."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("scheduling", "0003_rooms_by_time")]

    operations = [
        migrations.AddIndex(
            model_name="participant",
            index=models.Index(fields=["business", "starts_at"], name="participations_by_time"),
        ),
    ]
