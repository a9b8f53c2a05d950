"""An upgrade of the tables while requests run: all of them answered, none lost, and nobody waits behind the migration."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import psycopg
import pytest

from tests.faults.conftest import Proof
from tests.support.caller import caller_of_new_business
from tests.support.databases import Database
from tests.support.up import daybook, web
from tests.support.work import Load

pytestmark = [pytest.mark.database, pytest.mark.faults]

ROOT = Path(__file__).resolve().parents[2]
HELD_SECONDS = 4
# A migration waits two seconds for a table, and requests behind it as long.
BEARABLE_SECONDS = 8


def test_migration_beside_running_requests(
    real_database: Database,
    operations: int,
    long: bool,
    prove: Proof,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """One reader, like a backup, holds a table for longer than the migration waits for it."""
    monkeypatch.chdir(ROOT)
    later = {"DATABASE_URL": real_database.url, "DJANGO_SETTINGS_MODULE": "tests.support.later.settings"}
    said: list[str] = []

    def upgrade() -> None:
        with psycopg.connect(real_database.url, autocommit=True) as owner:
            owner.execute("comment on table django_migrations is 'an earlier version'")
        reader = threading.Thread(target=hold_table, args=[real_database.url])
        reader.start()
        done = daybook("migrate", **later)
        reader.join()
        assert done.returncode == 0, done.stderr
        said.append(done.stderr)

    with web(log=tmp_path / "log", DATABASE_URL=real_database.url) as port:
        load = Load(caller_of_new_business(port, slug="upgrade"), operations if long else 4 * operations).prepare()
        load.run_until(0.2, upgrade)
        prove("an upgrade of the tables beside running servers", load)
    assert "a table is in use, the migration waits" in said[0]
    assert load.slowest < BEARABLE_SECONDS
    with psycopg.connect(real_database.url) as owner:
        assert owner.execute("select count(*) from later_thing").fetchone() == (0,)


def hold_table(url: str) -> None:
    with psycopg.connect(url) as reader:
        reader.execute("lock table scheduling_session in access share mode")
        time.sleep(HELD_SECONDS)
