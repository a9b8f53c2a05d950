"""Row-level security and history. Runs before the new code."""

from django.db import migrations

from daybook.audit.operations import TrackTable
from daybook.tenancy.rls import TenantTable


class Migration(migrations.Migration):
    dependencies = [("billing", "0001_initial"), ("audit", "0002_rules")]

    operations = [
        TenantTable("billing_numbersequence"),
        TenantTable("billing_invoice"),
        TenantTable("billing_invoiceline"),
        TrackTable("billing_invoice"),
        TrackTable("billing_invoiceline", parent="invoice_id"),
    ]
