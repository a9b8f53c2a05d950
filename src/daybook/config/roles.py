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
# The policies bind the owner too, and a backup has to hold all businesses: so the owner, and nobody else, may read
# everything in a session that says so. It is a policy of the owner's alone: the serving role's queries know nothing of it.
KEEPER = "-c app.keeper=on"
KEEPER_SQL = """
do $$ declare place regclass; begin
  for place in select c.oid::regclass from pg_class c where c.relrowsecurity and c.relforcerowsecurity
               and not exists (select from pg_policy p where p.polrelid = c.oid and p.polname = 'keeper') loop
    execute format('create policy keeper on %s for select to current_user using (current_setting(''app.keeper'', true) = ''on'')', place);
  end loop;
end $$;
"""
SEAL_SQL = f"revoke insert, update, delete on django_migrations from {APP};"


def prepare_roles(connection: Any) -> None:
    """Before a migration, as the owner: the serving role exists and will have its rights on what is made."""
    connection.execute(CREATE_ROLE_SQL)
    connection.execute(PREPARE_SQL)


def seal_roles(connection: Any) -> None:
    """After a migration, as the owner: what the serving role must not write, and what the owner may read for a backup."""
    connection.execute(SEAL_SQL)
    connection.execute(KEEPER_SQL)


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
