"""Databases for the tests: one cluster, one migrated template, and as many copies as are wanted."""

from __future__ import annotations

import fcntl
import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from django.db import connections
from psycopg import sql

from daybook.config.postgres import APP, OWNER, SUPERUSER, Cluster
from daybook.ops.schema import PACKAGE, fingerprint


@dataclass(frozen=True)
class Database:
    """A database of the tests' cluster."""

    cluster: Cluster
    name: str

    @property
    def url(self) -> str:
        """The owner's address, as DATABASE_URL takes it."""
        return self.cluster.url(OWNER, self.name)

    @property
    def environment(self) -> dict[str, str]:
        """For a process of its own that is to work on this database."""
        return os.environ | {"DATABASE_URL": self.url, "DJANGO_SETTINGS_MODULE": "daybook.config.settings"}

    def connect(self, login: str = APP) -> psycopg.Connection:
        """A connection of its own, beside Django's."""
        return psycopg.connect(self.cluster.url(login, self.name), autocommit=True)


def template_name() -> str:
    """Named by the migrations and by what builds their SQL, so that a change of either makes a new one."""
    whole = hashlib.sha256(fingerprint().encode())
    for path in sorted([*PACKAGE.glob("*/operations.py"), *PACKAGE.glob("tenancy/rls.py")]):
        whole.update(path.read_bytes())
    return f"template_{whole.hexdigest()[:16]}"


def ensure_template(cluster: Cluster) -> str:
    """The migrated template's name; made when there is none, by the first process that asks."""
    name = template_name()
    with (cluster.data_dir / "template.lock").open("a") as lock, superuser(cluster) as connection:
        fcntl.flock(lock, fcntl.LOCK_EX)
        known = {
            row[0] for row in connection.execute("select datname from pg_database where datname like 'template\\_%'")
        }
        if name in known:
            return name
        for old in known - {"template0", "template1"}:
            drop(connection, old)
        draft = Database(cluster, f"draft_{name}")
        drop(connection, draft.name)
        connection.execute(
            sql.SQL("create database {} owner {}").format(sql.Identifier(draft.name), sql.Identifier(OWNER))
        )
        environment = draft.environment | {"DAYBOOK_DB_ROLE": "owner"}
        subprocess.run([sys.executable, "-m", "daybook.ops.schema"], env=environment, check=True)
        connection.execute(
            sql.SQL("alter database {} rename to {}").format(sql.Identifier(draft.name), sql.Identifier(name))
        )
    return name


@contextmanager
def superuser(cluster: Cluster) -> Iterator[psycopg.Connection]:
    with psycopg.connect(cluster.url(SUPERUSER, "postgres"), autocommit=True) as connection:
        yield connection


def drop(connection: psycopg.Connection, name: str) -> None:
    connection.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))


@contextmanager
def copied_database(cluster: Cluster, template: str, name: str) -> Iterator[Database]:
    """A copy of the template for this process alone, gone afterwards: several that run the tests share a cluster."""
    name = f"{name}_{os.getpid()}"
    with superuser(cluster) as connection:
        drop(connection, name)
        connection.execute(
            sql.SQL("create database {} template {} owner {} strategy file_copy").format(
                sql.Identifier(name), sql.Identifier(template), sql.Identifier(OWNER)
            )
        )
    try:
        yield Database(cluster, name)
    finally:
        with superuser(cluster) as connection:
            drop(connection, name)


@contextmanager
def used_by_django(database: Database) -> Iterator[None]:
    """Django's connection, of every thread that opens one from now on, goes to this database as the serving role."""
    settings = connections["default"].settings_dict
    before = {key: settings[key] for key in ("NAME", "USER", "PASSWORD", "HOST")}
    connections.close_all()
    settings |= {
        "NAME": database.name,
        "USER": APP,
        "PASSWORD": database.cluster.password(APP),
        "HOST": str(database.cluster.socket_dir),
    }
    try:
        yield
    finally:
        connections.close_all()
        settings |= before


def test_dir() -> Path:
    return Path(os.environ["DAYBOOK_DATA_DIR"])
