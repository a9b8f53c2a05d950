"""Nothing acknowledged is lost and nothing is done twice when processes die under load. Real processes, real kills."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from daybook.config.postgres import Cluster
from tests.faults.conftest import Proof, caller, remove
from tests.support.live import wait_until_healthy
from tests.support.up import Up, daybook, running, wait_for
from tests.support.work import Load

pytestmark = [pytest.mark.database, pytest.mark.faults]


@pytest.fixture(scope="module")
def up(data_dir: Path) -> Iterator[Up]:
    with running(data_dir) as started:
        started.wait_until_ready()
        yield started


@pytest.fixture
def load(up: Up, operations: int) -> Load:
    return Load(caller(up.data_dir, up.port), operations).prepare()


def kill_all(up: Up, part: str) -> None:
    """`kill -9` of every process of ours whose command line names `part`."""
    for entry in Path("/proc").iterdir():
        if not entry.name.isdecimal():
            continue
        try:
            words = (entry / "cmdline").read_bytes().decode(errors="replace")
            surroundings = (entry / "environ").read_bytes().decode(errors="replace")
        except OSError:
            continue
        if part in words and f"DAYBOOK_DATA_DIR={up.data_dir}" in surroundings:
            os.kill(int(entry.name), signal.SIGKILL)


def test_database_killed_under_load_loses_nothing(up: Up, load: Load, prove: Proof) -> None:
    load.run_until(0.3, Cluster(up.data_dir).kill, times=2)
    wait_until_healthy(up.port)
    prove("kill -9 of the database, twice", load)
    assert "the database has ended and is started again" in up.said()


def test_web_server_killed_under_load_loses_nothing(up: Up, load: Load, prove: Proof) -> None:
    load.run_until(0.3, lambda: kill_all(up, "daybook.config.web"), times=2)
    wait_until_healthy(up.port)
    assert load.retries > 0
    prove("kill -9 of the web server, twice", load)
    assert "the web server ended (signal SIGKILL)" in up.said()


def test_worker_killed_under_load_is_started_again(up: Up, load: Load, prove: Proof) -> None:
    load.run_until(0.5, lambda: kill_all(up, "daybook.config.worker"))
    prove("kill -9 of the worker", load)
    assert wait_for(lambda: "the worker ended (signal SIGKILL)" in up.said(), 15)


def test_backup_under_load_restores_to_the_same_books(up: Up, load: Load, prove: Proof, tmp_path: Path) -> None:
    """A backup taken in the middle comes back whole: its books balance, and it is a state that was."""
    file = tmp_path / "whole.daybook"
    load.run_until(0.5, lambda: daybook("backup", str(file), data_dir=up.data_dir))
    prove("a backup taken meanwhile", load)
    other = tmp_path / "other"
    other.mkdir()
    damaged = tmp_path / "damaged.daybook"
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 0xFF
    damaged.write_bytes(content)
    refused = daybook("restore", str(damaged), data_dir=other)
    assert (refused.returncode, "Nothing was changed" in refused.stderr) == (1, True)
    assert daybook("restore", str(file), data_dir=other).returncode == 0
    checked = daybook("check-ledger", "--json", data_dir=other)
    report = json.loads(checked.stdout)
    assert report and all(each["balanced"] for each in report.values()), report
    remove(other)


def test_ledger_is_proved_from_outside(up: Up) -> None:
    """After all that was done to it."""
    checked = daybook("check-ledger", data_dir=up.data_dir)
    assert (checked.returncode, "balanced" in checked.stdout) == (0, True), checked.stdout
