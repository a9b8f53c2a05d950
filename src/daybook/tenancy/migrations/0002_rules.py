"""Row-level security. Runs before the new code."""

from django.db import migrations

from daybook.tenancy.rls import TenantTable


class Migration(migrations.Migration):
    dependencies = [("tenancy", "0001_initial")]

    operations = [
        TenantTable("tenancy_businesslogo"),
        TenantTable("tenancy_term"),
        TenantTable("tenancy_oncekey"),
    ]
