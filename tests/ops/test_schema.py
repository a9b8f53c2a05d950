"""The tables are migrated when the set of migrations changed, and only then."""

import os
import subprocess
import sys

import pytest

from daybook.config.env import read_environment
from daybook.config.postgres import OWNER
from daybook.ops.schema import fingerprint, is_current
from tests.support.databases import Database

pytestmark = pytest.mark.database


def test_migrated_database_is_known_to_be_current(real_database: Database) -> None:
    environment = read_environment({"DATABASE_URL": real_database.url})
    assert is_current(environment)
    with real_database.connect(OWNER) as connection:
        connection.execute("comment on table django_migrations is 'older'")
    assert not is_current(environment)


def test_migrate_brings_an_older_database_up_to_date_and_may_run_again(real_database: Database) -> None:
    with real_database.connect(OWNER) as connection:
        connection.execute("comment on table django_migrations is 'older'")
    for _ in range(2):
        subprocess.run([sys.executable, "-m", "daybook.ops", "migrate"], env=real_database.environment, check=True)
    with real_database.connect() as connection:
        row = connection.execute("select obj_description('django_migrations'::regclass)").fetchone()
    assert row == (fingerprint(),)


@pytest.mark.unit
def test_no_migration_is_missing() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "django", "makemigrations", "--check", "--dry-run"],
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
