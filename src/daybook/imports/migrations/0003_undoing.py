"""An import that a job takes back. Before the new code; no table changes."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("imports", "0002_rules"),
    ]

    operations = [
        migrations.AlterField(
            model_name="import",
            name="state",
            field=models.CharField(
                choices=[
                    ("ready", "Ready"),
                    ("queued", "Queued"),
                    ("running", "Running"),
                    ("refused", "Refused"),
                    ("failed", "Failed"),
                    ("done", "Done"),
                    ("undoing", "Undoing"),
                    ("undone", "Undone"),
                ],
                default="ready",
                max_length=10,
            ),
        ),
    ]
