"""What a command needs before it can work: a running database, current tables, Django."""

from __future__ import annotations

import argparse
import atexit
import os
import subprocess
import sys

from daybook.config.env import Environment, read_environment
from daybook.config.postgres import Cluster
from daybook.ops.errors import CommandProblem

_held: dict[str, Cluster] = {}


def environment() -> Environment:
    return read_environment(os.environ)


def hold_database() -> Environment:
    """Have the embedded database running until this process ends (nothing to do with DATABASE_URL).

    The last process that lets go of it stops it.
    """
    values = environment()
    place = str(values.data_dir)
    if values.database_url is None and place not in _held:
        cluster = Cluster(values.data_dir)
        cluster.hold()
        _held[place] = cluster
        atexit.register(cluster.release)
    return values


def migrate_if_needed() -> None:
    """Bring the tables up to date, as the owner and therefore in a process of its own."""
    done = subprocess.run([sys.executable, "-m", "daybook.ops.schema"], check=False)
    if done.returncode != 0:
        raise CommandProblem("The database could not be brought up to date: see the lines above.")


def start_django() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "daybook.config.settings")
    import django

    django.setup()


def ready(args: argparse.Namespace | None = None) -> None:
    """Everything: the database runs, its tables are current, Django is set up as the serving role."""
    from daybook.ops.schema import is_current

    values = hold_database()
    if not is_current(values):
        migrate_if_needed()
    start_django()
    from daybook.config.roles import refuse_powerful_role

    refuse_powerful_role()


def ready_to_run_alone() -> None:
    """What `daybook web` and `daybook worker` need. Raises CommandProblem where the tables are not this version's.

    They do not migrate: where several start at once, that is for one command before all of them.
    """
    from daybook.config.postgres import APP
    from daybook.ops.schema import connect, is_current

    values = hold_database()
    if not is_current(values):
        raise CommandProblem("The tables are not those of this version. Run `daybook migrate` once, then start again.")
    with connect(values) as connection:
        name = APP if values.database_url else connection.info.user
        row = connection.execute("select rolsuper or rolbypassrls from pg_roles where rolname = %s", [name]).fetchone()
    if row is None or row[0]:
        raise CommandProblem(
            f"The database role {name} is missing, or not bound by row-level security. Run `daybook migrate` once."
        )
