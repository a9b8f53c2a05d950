"""An index that sums over a period read alone. Runs before the new code."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("ledger", "0003_lock_order")]

    operations = [
        migrations.AddIndex(
            model_name="posting",
            index=models.Index(
                condition=models.Q(("side", "-"), _negated=True),
                fields=["business", "occurred_on"],
                include=("amount_minor", "side", "account"),
                name="postings_by_day",
            ),
        ),
    ]
