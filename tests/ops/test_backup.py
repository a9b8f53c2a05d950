"""A backup comes back whole into an empty place; anything else is refused before a byte is touched."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from psycopg import sql

from daybook.config.postgres import Cluster
from daybook.tenancy.actor import COMMAND
from daybook.tenancy.scope import open_scope
from daybook.workflows.create_business import create_business
from daybook.workflows.take_payment import take_payment
from tests.factories.money import NOW, make_client
from tests.support.databases import Database, superuser

pytestmark = pytest.mark.database


def daybook(*arguments: str, folder: Path, url: str = "") -> subprocess.CompletedProcess[str]:
    environment = os.environ | {
        "DAYBOOK_DATA_DIR": str(folder),
        "DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "daybook.config.settings",
        "PYTHONWARNINGS": "ignore",
    }
    if not url:
        del environment["DATABASE_URL"]
    command = [sys.executable, "-m", "daybook.ops", *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


@contextmanager
def empty_database(cluster: Cluster) -> Iterator[Database]:
    name = sql.Identifier(f"empty_{os.getpid()}")
    with superuser(cluster) as connection:
        connection.execute(sql.SQL("drop database if exists {} with (force)").format(name))
        connection.execute(sql.SQL("create database {} owner daybook_owner").format(name))
    try:
        yield Database(cluster, f"empty_{os.getpid()}")
    finally:
        with superuser(cluster) as connection:
            connection.execute(sql.SQL("drop database {} with (force)").format(name))


@pytest.fixture
def backup(real_database: Database, tmp_path: Path) -> Path:
    """A backup of two businesses, one with a payment, and of a private file."""
    for slug in ("first", "second"):
        create_business(
            name=slug.title(),
            slug=slug,
            currency="EUR",
            time_zone="Europe/Berlin",
            plan="enterprise",
            admin_username="ada",
            admin_password="correct horse battery",
            now=NOW,
        )
    with open_scope(slug="second", actor=COMMAND):
        take_payment(actor=COMMAND, now=NOW, client_id=make_client().pk, amount_minor=1_250, method="cash")
    (tmp_path / "source" / "files").mkdir(parents=True)
    (tmp_path / "source" / "files" / "card.png").write_bytes(b"private")
    (tmp_path / "source" / "secret_key").write_text("k" * 60)
    file = tmp_path / "all.daybook"
    done = daybook("backup", str(file), folder=tmp_path / "source", url=real_database.url)
    assert done.returncode == 0, done.stderr
    return file


def test_backup_comes_back_whole_and_not_over_what_is_there(cluster: Cluster, backup: Path, tmp_path: Path) -> None:
    folder = tmp_path / "target"
    folder.mkdir()
    with empty_database(cluster) as other:
        restored = daybook("restore", str(backup), folder=folder, url=other.url)
        assert restored.returncode == 0, restored.stderr
        checked = daybook("check-ledger", "--json", folder=folder, url=other.url)
        assert checked.returncode == 0, checked.stderr
        report = json.loads(checked.stdout)
        assert {slug: (each["balanced"], each["entries"]) for slug, each in report.items()} == {
            "first": (True, 0),
            "second": (True, 2),
        }
        assert (folder / "files" / "card.png").read_bytes() == b"private"
        assert (folder / "secret_key").read_text() == "k" * 60
        assert (folder / "secret_key").stat().st_mode & 0o077 == 0

        again = daybook("restore", str(backup), folder=folder, url=other.url)
        assert again.returncode == 1
        assert "There is a business here already" in again.stderr
        # The serving role sees nothing outside a scope, as before.
        with other.connect() as connection:
            assert connection.execute("select count(*) from people_user").fetchone() == (0,)

    there = daybook("backup", str(backup), folder=folder)
    assert (there.returncode, "is already there" in there.stderr) == (1, True)


def cut(content: bytes) -> bytes:
    return content[: len(content) // 2]


def flipped(content: bytes) -> bytes:
    middle = len(content) // 3
    return content[:middle] + bytes([content[middle] ^ 0x01]) + content[middle + 1 :]


def rewritten(change: Callable[[dict[str, bytes]], None]) -> Callable[[bytes], bytes]:
    """The same file with other members."""

    def make(content: bytes) -> bytes:
        import io

        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = {name: archive.read(name) for name in archive.namelist()}
        change(members)
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            for name, value in members.items():
                archive.writestr(name, value)
        return buffer.getvalue()

    return make


def _newer(members: dict[str, bytes]) -> None:
    members["manifest.json"] = json.dumps(json.loads(members["manifest.json"]) | {"format": 99}).encode()


def _smuggled(members: dict[str, bytes]) -> None:
    members["../../outside"] = b"x"


def _without_dump(members: dict[str, bytes]) -> None:
    del members["database.dump"]


DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "cut short": cut,
    "a byte flipped": flipped,
    "empty": lambda content: b"",
    "no backup at all": lambda content: b"%PDF-1.7 something else",
    "of a newer version": rewritten(_newer),
    "with something smuggled in": rewritten(_smuggled),
    "without its database": rewritten(_without_dump),
}


def test_damaged_backups_are_refused_before_anything_is_touched(backup: Path, tmp_path: Path) -> None:
    """The target is a folder of nothing: it stays one, not even a database is made in it."""
    content = backup.read_bytes()
    for number, (what, damage) in enumerate(DAMAGES.items()):
        file, folder = tmp_path / f"{number}.daybook", tmp_path / f"target {number}"
        folder.mkdir()
        file.write_bytes(damage(content))
        refused = daybook("restore", str(file), folder=folder)
        assert refused.returncode == 1, what
        assert refused.stderr.startswith("daybook: ") and "Nothing was changed" in refused.stderr, (
            what,
            refused.stderr,
        )
        assert list(folder.iterdir()) == [], what


def test_backup_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    refused = daybook("restore", str(tmp_path / "none.daybook"), folder=tmp_path)
    assert (refused.returncode, "There is no file" in refused.stderr) == (1, True)
