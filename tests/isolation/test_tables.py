"""Every tenant table is walled off in the database: read from the catalogue, so that a new table cannot be forgotten."""

import pytest
from django.apps import apps
from django.db import connection

from daybook.tenancy.scope import ScopeNotOpen, open_scope
from tests.factories.businesses import make_administrator, make_business

pytestmark = pytest.mark.django_db

# Tables that hold a business's rows without needing their own history, and why.
WITHOUT_HISTORY = {
    "audit_version": "is the history",
    "tenancy_oncekey": "answers kept for repeated requests",
    "tenancy_businesslogo": "a picture",
    "people_calendarcolor": "a personal taste",
    "people_loginsession": "open logins",
    "people_signinattempt": "rate limit",
    "ledger_account": "kept totals",
    "ledger_journalentry": "append-only itself",
    "ledger_posting": "append-only itself",
    "ledger_unsealed": "a queue",
    "ledger_seal": "append-only itself",
    "ledger_sealedentry": "append-only itself",
    "scheduling_occupancy": "follows from sessions",
    "billing_numbersequence": "a counter",
    "messaging_message": "the outbox keeps all it sent",
    "imports_import": "keeps its own account of what it did",
    "imports_importfile": "a file that waits",
    "imports_importprogress": "a gauge",
    "imports_importrow": "written once, with its import",
    "imports_importrecord": "written once, with its import",
}


def rows(sql: str) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


def tenant_tables() -> set[str]:
    return {
        str(name)
        for (name,) in rows("""
            select c.relname from pg_class c join pg_attribute a on a.attrelid = c.oid
            where c.relkind in ('r', 'p') and c.relnamespace = 'public'::regnamespace and a.attname = 'business_id' and not a.attisdropped
        """)
    }


def test_every_table_with_a_business_has_a_forced_policy() -> None:
    walled = {
        str(name)
        for (name,) in rows("""
            select c.relname from pg_class c join pg_policy p on p.polrelid = c.oid
            where c.relrowsecurity and c.relforcerowsecurity and p.polname = 'tenant' and p.polcmd = '*'
              and pg_get_expr(p.polqual, c.oid) like '%app.business_id%' and pg_get_expr(p.polwithcheck, c.oid) like '%app.business_id%'
        """)
    }
    assert tenant_tables() - walled == set()
    assert len(walled) > 20


def test_every_table_of_ours_belongs_to_a_business() -> None:
    ours = {
        model._meta.db_table
        for model in apps.get_models(include_auto_created=True)
        if model.__module__.startswith("daybook.")
    }
    # The directory, and tries to get into it: both before there is a business.
    assert ours - tenant_tables() == {"tenancy_business", "tenancy_signupattempt"}


def test_every_business_table_keeps_its_history() -> None:
    tracked = {
        str(name)
        for (name,) in rows(
            "select distinct tgrelid::regclass::text from pg_trigger where tgname in ('history_insert', 'history_update', 'history_delete')"
        )
    }
    assert tenant_tables() - tracked == set(WITHOUT_HISTORY) & tenant_tables()


def test_the_role_that_serves_is_no_superuser_and_owns_nothing() -> None:
    assert rows("select rolsuper, rolbypassrls, rolcreaterole from pg_roles where rolname = current_user") == [
        (False, False, False)
    ]
    assert rows("select count(*) from pg_class where relowner = current_user::regrole and relkind = 'r'") == [(0,)]


@pytest.mark.parametrize(
    "table", ["ledger_journalentry", "ledger_posting", "ledger_seal", "ledger_sealedentry", "audit_version"]
)
def test_the_role_that_serves_cannot_rewrite_the_past(table: str) -> None:
    for privilege in ("UPDATE", "DELETE", "TRUNCATE"):
        assert rows(f"select has_table_privilege(current_user, '{table}', '{privilege}')") == [(False,)]


def test_kept_totals_cannot_be_written_by_hand() -> None:
    written = {
        column
        for (column,) in rows(
            "select column_name from information_schema.column_privileges where grantee = current_user and table_name = 'ledger_account' and privilege_type = 'UPDATE'"
        )
    }
    assert written == {"scheduled_minor"}


def test_without_a_scope_every_table_is_empty() -> None:
    with open_scope(make_business().pk):
        make_administrator()
        assert rows("select count(*) from people_user") == [(1,)]
    for table in sorted(tenant_tables()):
        assert rows(f"select count(*) from {table}") == [(0,)], table


def test_without_a_scope_the_managers_refuse() -> None:
    for model in apps.get_models():
        if (
            model.__module__.startswith("daybook.")
            and model._meta.db_table in tenant_tables()
            and hasattr(model.objects, "get_queryset")
        ):
            try:
                list(model.objects.all()[:1])
            except ScopeNotOpen:
                continue
            assert model._meta.db_table in {"ledger_unsealed", "ledger_sealedentry"}, (
                f"{model} can be asked outside a scope"
            )
