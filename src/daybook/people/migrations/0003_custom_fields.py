"""The business's own fields of a person. Runs before the new code."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0002_rules")]

    operations = [
        migrations.AddField(
            model_name="user",
            name="custom",
            field=models.JSONField(blank=True, default=dict, help_text="the business's own fields: name to text"),
        ),
    ]
