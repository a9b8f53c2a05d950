"""Row-level security and history. Runs before the new code."""

from django.db import migrations

from daybook.audit.operations import TrackTable
from daybook.tenancy.rls import TenantTable


class Migration(migrations.Migration):
    dependencies = [("scheduling", "0001_initial"), ("audit", "0002_rules")]

    operations = [
        TenantTable("scheduling_completiontype"),
        TenantTable("scheduling_closure"),
        TenantTable("scheduling_series"),
        TenantTable("scheduling_session"),
        TenantTable("scheduling_participant"),
        TenantTable("scheduling_occupancy"),
        TrackTable("scheduling_completiontype"),
        TrackTable("scheduling_closure"),
        TrackTable("scheduling_series"),
        TrackTable("scheduling_session", ignore=("deleted_by",)),
        TrackTable("scheduling_participant", parent="session_id", ignore=("starts_at",)),
    ]
