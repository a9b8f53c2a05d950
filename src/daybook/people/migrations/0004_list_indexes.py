"""Indexes that lists and search can use under row-level security. Runs before the new code."""

from django.db import migrations, models
from django.db.models import Q
from django.db.models.functions import Lower

LIVE = Q(deleted_at__isnull=True)


class Migration(migrations.Migration):
    dependencies = [("people", "0003_custom_fields")]

    operations = [
        migrations.RemoveIndex("user", "people_search"),
        migrations.RemoveIndex("user", "people_by_name"),
        migrations.AddIndex(
            "user",
            models.Index(
                "business", "role", Lower("last_name"), Lower("first_name"), "id", name="people_by_name", condition=LIVE
            ),
        ),
        migrations.AddIndex(
            "user",
            models.Index(
                fields=["business", "role"],
                include=["id", "status", "search_text"],
                name="people_to_search",
                condition=LIVE,
            ),
        ),
    ]
