"""An upgrade of the tables while requests run: all of them answered, none lost, and nobody waits behind the migration."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest

from tests.faults.conftest import Proof
from tests.support.caller import caller_of_new_business
from tests.support.databases import Database
from tests.support.up import part, wait_for, web
from tests.support.work import Load

pytestmark = [pytest.mark.database, pytest.mark.faults]

ROOT = Path(__file__).resolve().parents[2]
WAITS = "a table is in use, the migration waits"
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

    def said() -> str:
        return (tmp_path / "migration").read_text()

    def upgrade() -> None:
        with psycopg.connect(real_database.url, autocommit=True) as owner:
            owner.execute("comment on table django_migrations is 'an earlier version'")
        with psycopg.connect(real_database.url) as reader:
            reader.execute("lock table scheduling_session in access share mode")
            with part("migrate", log=tmp_path / "migration", **later) as migration:
                assert wait_for(lambda: WAITS in said(), 60), said()
                reader.rollback()
                assert migration.wait(60) == 0, said()

    with web(log=tmp_path / "log", DATABASE_URL=real_database.url) as port:
        load = Load(caller_of_new_business(port, slug="upgrade"), operations if long else 4 * operations).prepare()
        load.run_until(0.2, upgrade)
        prove("an upgrade of the tables beside running servers", load)
    assert load.slowest < BEARABLE_SECONDS
    with psycopg.connect(real_database.url) as owner:
        assert owner.execute("select count(*) from later_thing").fetchone() == (0,)
