"""Row-level security and history. Runs before the new code."""

from django.db import migrations

from daybook.audit.operations import TrackTable
from daybook.tenancy.rls import TenantTable


class Migration(migrations.Migration):
    dependencies = [("catalog", "0001_initial"), ("audit", "0002_rules")]

    operations = [
        TenantTable("catalog_service"),
        TenantTable("catalog_location"),
        TenantTable("catalog_clientrate"),
        TenantTable("catalog_wagerate"),
        TrackTable("catalog_service", ignore=("deleted_by",)),
        TrackTable("catalog_location", ignore=("deleted_by",)),
        TrackTable("catalog_clientrate", parent="client_id"),
        TrackTable("catalog_wagerate", parent="practitioner_id"),
    ]
