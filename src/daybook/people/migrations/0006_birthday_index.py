"""Birthdays of the week by an index. Runs before the new code."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("people", "0005_second_factor")]

    operations = [
        migrations.AddIndex(
            "user",
            models.Index(
                fields=["business", "birthday"],
                name="people_by_birthday",
                condition=Q(birthday__isnull=False, deleted_at__isnull=True),
            ),
        ),
    ]
