"""Row-level security. Runs before the new code."""

from django.db import migrations

from daybook.tenancy.rls import TenantTable


class Migration(migrations.Migration):
    dependencies = [("messaging", "0001_initial")]

    operations = [
        TenantTable("messaging_message"),
    ]
