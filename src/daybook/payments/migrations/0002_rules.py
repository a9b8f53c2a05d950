"""Row-level security and history. Runs before the new code."""

from django.db import migrations

from daybook.audit.operations import TrackTable
from daybook.tenancy.rls import TenantTable


class Migration(migrations.Migration):
    dependencies = [("payments", "0001_initial"), ("audit", "0002_rules")]

    operations = [
        TenantTable("payments_payment"),
        TenantTable("payments_refund"),
        TenantTable("payments_allocation"),
        TrackTable("payments_payment", ignore=("deleted_by",)),
        TrackTable("payments_refund", parent="payment_id"),
        TrackTable("payments_allocation", parent="payment_id"),
    ]
