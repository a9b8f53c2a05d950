"""Whether the tables are those of this version, told from one comment in the database; and bringing them there.

Asking Django what to migrate takes a second and its memory; comparing a digest takes a hundredth of that.
"""

from __future__ import annotations

import hashlib
import os
import sys
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

from daybook.config.database import database_settings
from daybook.config.env import Environment, read_environment
from daybook.config.postgres import APP
from daybook.ops.errors import CommandProblem

PACKAGE = Path(__file__).resolve().parents[1]
LIBRARIES = ("django", "procrastinate")
LOCK_SECONDS = 2
LOCK_TRIES = 100
PAUSE_SECONDS = 1.0
BUSY = ("55P03", "40P01")  # the lock was not free in time; a deadlock was lost
LOCK_KEY = 0x6461_7962_6F6F_6B  # "daybook": one migration at a time


def fingerprint() -> str:
    """A digest over every migration file of the project and the versions of libraries that bring their own."""
    whole = hashlib.sha256()
    for library in LIBRARIES:
        whole.update(f"{library} {version(library)}\n".encode())
    for path in sorted(PACKAGE.glob("*/migrations/**/*")):
        if path.suffix in (".py", ".sql"):
            whole.update(f"{path.relative_to(PACKAGE)}\n".encode() + path.read_bytes())
    return whole.hexdigest()


def is_current(environment: Environment) -> bool:
    """Whether the database was last migrated by this very set of migrations."""
    with connect(environment) as connection:
        row = connection.execute("select obj_description(to_regclass('django_migrations'), 'pg_class')").fetchone()
    return bool(row and row[0] == fingerprint())


def connect(environment: Environment, *, as_owner: bool = False, name: str | None = None) -> Any:
    """One plain connection, without Django; to the database of that name, if one is given.

    Raises CommandProblem when the database does not answer.
    """
    import psycopg

    settings = database_settings(environment)
    options = {name: value for name, value in settings["OPTIONS"].items() if name != "pool"}
    if environment.database_url:
        # Before the first migration there is no serving role to switch to; the login itself can read the comment.
        options.pop("options", None)
    if as_owner and not environment.database_url:
        from daybook.config.database import from_cluster
        from daybook.config.postgres import Cluster

        settings = from_cluster(Cluster(environment.data_dir), "owner")
    try:
        return psycopg.connect(
            host=settings["HOST"],
            port=settings.get("PORT") or None,
            dbname=name or settings["NAME"],
            user=settings["USER"],
            password=settings["PASSWORD"],
            autocommit=True,
            **options,
        )
    except psycopg.OperationalError as error:
        raise CommandProblem(f"The database does not answer: {' '.join(str(error).split())}") from None


def migrate() -> None:
    """Migrate as the owner. Another process that does the same is waited for."""
    os.environ["DAYBOOK_DB_ROLE"] = "owner"
    os.environ["DAYBOOK_SERVES"] = "0"
    environment = read_environment(os.environ)
    with connect(environment, as_owner=True) as guard:
        guard.execute("select pg_advisory_lock(%s)", [LOCK_KEY])
        if is_current(environment):
            return
        from daybook.config.roles import prepare_roles, seal_roles

        _prepare(guard, prepare_roles)
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "daybook.config.settings")
        import django

        django.setup()
        _migrate_beside_others()
        seal_roles(guard)
        # An identifier cannot be a parameter here, and the digest is hexadecimal.
        guard.execute(f"comment on table django_migrations is '{fingerprint()}'")


def _migrate_beside_others() -> None:
    """Run the migrations without holding up who works meanwhile. Raises CommandProblem when a table is never free.

    A statement that waits for a table makes everybody after it wait as well. So it gives up soon, its migration is
    taken back, and tried again a moment later; migrations that are through stay.
    """
    from django.core.management import call_command
    from django.db import OperationalError, connection

    from daybook.tenancy.outage import sqlstate

    with connection.cursor() as cursor:
        cursor.execute(f"set lock_timeout = '{LOCK_SECONDS}s'")
    for attempt in range(LOCK_TRIES):
        try:
            call_command("migrate", interactive=False, verbosity=0)
            return
        except OperationalError as error:
            if sqlstate(error) not in BUSY:
                raise
            print(f"daybook: a table is in use, the migration waits ({attempt + 1})", file=sys.stderr, flush=True)
            time.sleep(PAUSE_SECONDS)
    raise CommandProblem(
        "The tables stayed in use, so they could not be changed; nothing is half done. Try again, "
        "or stop the web servers and workers for it."
    )


def _prepare(connection: Any, prepare_roles: Callable[[Any], None]) -> None:
    """The serving role. Raises CommandProblem where the login may not make it, with what an administrator can run."""
    from psycopg.errors import InsufficientPrivilege

    try:
        prepare_roles(connection)
    except InsufficientPrivilege as error:
        login = connection.info.user
        raise CommandProblem(
            f"The login {login} may not set up the role {APP} ({' '.join(str(error).splitlines()[:1])}). "
            f"Have an administrator of the database run: create role {APP} nologin; grant {APP} to {login};"
        ) from None


if __name__ == "__main__":
    try:
        migrate()
    except CommandProblem as problem:
        sys.exit(f"daybook: {problem}")
