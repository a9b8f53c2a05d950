"""A line of a void invoice keeps no participant in its session. Changes no table; before or after the new code."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("billing", "0002_rules"), ("scheduling", "0004_places_by_time")]

    operations = [
        migrations.AlterField(
            model_name="invoiceline",
            name="participant",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="invoice_lines",
                to="scheduling.participant",
            ),
        ),
    ]
