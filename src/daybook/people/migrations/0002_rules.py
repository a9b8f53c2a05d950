"""Row-level security and history. Runs before the new code."""

from django.db import migrations

from daybook.audit.operations import TrackTable
from daybook.tenancy.rls import TenantTable


class Migration(migrations.Migration):
    dependencies = [("people", "0001_initial"), ("audit", "0002_rules")]

    operations = [
        TenantTable("people_user"),
        TenantTable("people_permissionswitch"),
        TenantTable("people_assignment"),
        TenantTable("people_availabilitywindow"),
        TenantTable("people_calendarcolor"),
        TenantTable("people_apitoken"),
        TenantTable("people_loginsession"),
        TenantTable("people_signinattempt"),
        TrackTable("people_user", ignore=("search_text", "last_login", "deleted_by"), hide=("password",)),
        TrackTable("people_permissionswitch", parent="user_id"),
        TrackTable("people_assignment", parent="client_id", ignore=("created_at",)),
        TrackTable("people_availabilitywindow", parent="user_id"),
        TrackTable("people_apitoken", parent="user_id", hide=("digest",)),
    ]
