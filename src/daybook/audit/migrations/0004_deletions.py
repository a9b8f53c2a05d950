"""Finds what was deleted from a table, so that it can be brought back. Runs before the new code."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("audit", "0003_rows_without_business_key")]

    operations = [
        migrations.AddIndex(
            "version",
            models.Index(
                fields=["business", "table", "id"], name="version_deletions", condition=models.Q(operation="D")
            ),
        ),
    ]
