"""Row-level security. Imports are a record of work themselves, so only presets keep a history. Runs before the new code."""

from django.db import migrations

from daybook.audit.operations import TrackTable
from daybook.tenancy.rls import TenantTable


class Migration(migrations.Migration):
    dependencies = [("imports", "0001_initial"), ("audit", "0002_rules")]

    operations = [
        TenantTable("imports_import"),
        TenantTable("imports_importfile"),
        TenantTable("imports_importprogress"),
        TenantTable("imports_importrow"),
        TenantTable("imports_importrecord"),
        TenantTable("imports_preset"),
        TrackTable("imports_preset"),
    ]
