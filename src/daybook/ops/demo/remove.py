"""Removing a demo business, ledger and history included: the one thing that only the owner of the tables can do.

Runs in a process of its own, as migrations do. Real businesses are refused.
"""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Any

from daybook.config.env import read_environment
from daybook.ops.errors import CommandProblem
from daybook.ops.schema import connect

_TABLES = """
    select c.relname from pg_class c join pg_attribute a on a.attrelid = c.oid
    where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and a.attname = 'business_id' and not a.attisdropped
    order by c.relname
"""
# Foreign keys between tenant tables whose columns no index begins with: without one, every row deleted from the other
# side would read the whole table.
_UNINDEXED = """
    select distinct k.conrelid::regclass::text, a.attname from pg_constraint k
    join pg_attribute a on a.attrelid = k.conrelid and a.attnum = k.conkey[1]
    where k.contype = 'f' and k.connamespace = 'public'::regnamespace and k.confrelid <> 'tenancy_business'::regclass
      and k.conrelid::regclass::text = any(%s)
      and not exists (select from pg_index i where i.indrelid = k.conrelid and i.indkey[0] = k.conkey[1] and i.indpred is null)
"""


def remove_demo(slug: str) -> None:
    """Remove the demo business of that slug. Raises CommandProblem."""
    done = subprocess.run([sys.executable, "-m", "daybook.ops.demo.remove", slug], check=False)
    if done.returncode != 0:
        raise CommandProblem("The demo business could not be removed: see the lines above.")


def _remove(slug: str) -> None:
    with connect(read_environment(os.environ), as_owner=True) as connection:
        found = connection.execute("select id, is_demo from tenancy_business where slug = %s", [slug]).fetchone()
        if found is None:
            return
        if not found[1]:
            raise CommandProblem(f"{slug} is no demo business, and only those can be removed.")
        with connection.transaction():
            connection.execute("select set_config('app.business_id', %s, true)", [str(found[0])])
            tables = [row[0] for row in connection.execute(_TABLES)]
            for table in tables:
                connection.execute(f"alter table {table} disable trigger user")
            helpers = _index_foreign_keys(connection, tables)
            for table in tables:
                connection.execute(f"delete from {table} where business_id = %s", [found[0]])
            connection.execute("delete from tenancy_business where id = %s", [found[0]])
            # Foreign keys are looked at now: a table with checks outstanding cannot have its triggers back.
            connection.execute("set constraints all immediate")
            for helper in helpers:
                connection.execute(f"drop index {helper}")
            for table in tables:
                connection.execute(f"alter table {table} enable trigger user")


def _index_foreign_keys(connection: Any, tables: list[str]) -> list[str]:
    """Indexes for the time of the removal; answers their names."""
    names = []
    for number, (table, column) in enumerate(connection.execute(_UNINDEXED, [tables]).fetchall()):
        names.append(f"demo_removal_{number}")
        connection.execute(f"create index {names[-1]} on {table} ({column})")
    return names


if __name__ == "__main__":
    try:
        _remove(sys.argv[1])
    except CommandProblem as problem:
        sys.exit(f"daybook: {problem}")
