"""Row-level security and the function that writes history. Runs before the new code."""

from django.db import migrations

from daybook.audit.operations import FUNCTION
from daybook.tenancy.rls import TenantTable


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]

    operations = [
        TenantTable("audit_version"),
        migrations.RunSQL(FUNCTION, "drop function audit_record()"),
        migrations.RunSQL(
            "revoke insert, update, delete, truncate on audit_version from daybook_app",
            "grant insert, update, delete on audit_version to daybook_app",
        ),
    ]
