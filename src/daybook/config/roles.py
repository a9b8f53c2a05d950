"""The two roles of the database: the owner migrates, the application serves and can do less.

Why two: docs/architecture/decisions/database-roles.md.
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from daybook.config.postgres import APP

# Rights on tables made from now on. Never `grant … on all tables`: it would give back what migrations took away.
PREPARE_SQL = f"""
alter default privileges in schema public grant select, insert, update, delete on tables to {APP};
alter default privileges in schema public grant usage, select on sequences to {APP};
grant usage on schema public to {APP};
"""
CREATE_ROLE_SQL = f"""
do $$ begin
  if not exists (select from pg_roles where rolname = '{APP}') then
    create role {APP} nologin nosuperuser nobypassrls;
  end if;
  if not pg_has_role(current_user, '{APP}', 'MEMBER') then
    execute format('grant {APP} to %I', current_user);
  end if;
end $$;
"""
SEAL_SQL = f"revoke insert, update, delete on django_migrations from {APP};"


def prepare_roles(connection: Any) -> None:
    """Before a migration, as the owner: the serving role exists and will have its rights on what is made."""
    connection.execute(CREATE_ROLE_SQL)
    connection.execute(PREPARE_SQL)


def seal_roles(connection: Any) -> None:
    """After a migration: what the serving role must not write."""
    connection.execute(SEAL_SQL)


def refuse_powerful_role() -> None:
    """Raise ImproperlyConfigured when this process would serve as a role that row-level security does not bind."""
    with connection.cursor() as cursor:
        cursor.execute("select rolname, rolsuper, rolbypassrls from pg_roles where rolname = current_user")
        name, is_superuser, bypasses = cursor.fetchone()
    if is_superuser or bypasses:
        raise ImproperlyConfigured(
            f"The database role {name} is not bound by row-level security, so businesses could see one another. "
            "Serve as a role that is no superuser and does not bypass it."
        )
