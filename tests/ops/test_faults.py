"""Nothing acknowledged is lost and nothing is done twice when processes die under load. Real processes, real kills."""

from __future__ import annotations

import http.client
import itertools
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from daybook.config.postgres import Cluster
from tests.ops.test_up import Up, running
from tests.support.caller import Caller
from tests.support.live import wait_until_healthy

pytestmark = [pytest.mark.database, pytest.mark.faults]

CALLERS = 4
_numbers = itertools.count(1)
RETRY_SECONDS = 60


@pytest.fixture
def operations(request: pytest.FixtureRequest) -> int:
    """How many of each kind: 500 in `make faults`, fewer in `make test`."""
    return 500 if request.config.getoption("--long") else 60


@pytest.fixture(scope="module")
def up(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Up]:
    """One running installation; each test has a business of its own in it."""
    folder = tmp_path_factory.mktemp("faults") / "data"
    folder.mkdir()
    with running(folder) as started:
        started.wait_until_ready()
        yield started
    cluster = Cluster(folder)
    cluster.stop()
    cluster.remove()


def command(up: Up, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "daybook.ops", "--data-dir", str(up.data_dir), *arguments],
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "daybook.config.settings", "PYTHONWARNINGS": "ignore"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def administrator(up: Up) -> Caller:
    made = command(
        up,
        *(
            "create-business",
            "--name",
            "Faults",
            "--slug",
            f"faults-{next(_numbers)}",
            "--currency",
            "EUR",
            "--time-zone",
            "Europe/Berlin",
        ),
        *("--plan", "enterprise", "--admin-username", "ada", "--admin-password", "correct horse battery"),
    )
    return Caller(up.port, json.loads(made)["token"])


@dataclass
class Load:
    """Sessions and payments, each with a key of its own, sent again under that key until an answer comes."""

    api: Caller
    operations: int
    done: dict[str, str] = field(default_factory=dict)
    retries: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def prepare(self) -> None:
        self.client = self.api.made("/clients", {"first_name": "Leo", "last_name": "Lind"})
        self.service = self.api.made("/services", {"name": "Lesson", "kind": "fixed", "cost": "40.00", "wage": "20.00"})
        self.practitioners = [
            self.api.made("/practitioners", {"first_name": "Pia", "last_name": str(n)}) for n in range(CALLERS)
        ]

    def run(self) -> None:
        with ThreadPoolExecutor(CALLERS) as pool:
            list(pool.map(self._caller, range(CALLERS)))

    def _caller(self, number: int) -> None:
        for index in range(number, self.operations, CALLERS):
            self._once(f"session-{index}", "/sessions", self._session(number, index))
            self._once(f"payment-{index}", "/payments", self._payment())

    def _session(self, number: int, index: int) -> dict[str, Any]:
        day, slot = divmod(index // CALLERS, 12)
        when = f"{date(2031, 3, 3) + timedelta(days=day)}T{8 + slot:02}"
        return {
            "service": self.service,
            "practitioner": self.practitioners[number],
            "clients": [self.client],
            "starts_at": f"{when}:00:00Z",
            "ends_at": f"{when}:45:00Z",
        }

    def _payment(self) -> dict[str, Any]:
        return {"client": self.client, "amount": "1.00", "method": "cash", "received_on": "2031-03-03"}

    def _once(self, key: str, path: str, body: dict[str, Any]) -> None:
        deadline = time.monotonic() + RETRY_SECONDS
        while time.monotonic() < deadline:
            try:
                answered = self.api.call("POST", path, body, key=key)
            except (OSError, http.client.HTTPException):
                answered = None
            if answered and answered.status == 201:
                with self._lock:
                    self.done[key] = str(answered.body["id"])
                return
            assert answered is None or answered.status in (500, 502, 503), answered
            with self._lock:
                self.retries += 1
            time.sleep(0.1)
        raise AssertionError(f"{key} was not acknowledged within {RETRY_SECONDS} s")


def every(api: Caller, path: str) -> list[dict[str, Any]]:
    """All items of a list, page by page."""
    items: list[dict[str, Any]] = []
    cursor = ""
    while True:
        page = api.call("GET", f"{path}?limit=500{f'&cursor={cursor}' if cursor else ''}").body
        items += page["items"]
        cursor = page["next_cursor"]
        if not cursor:
            return items


def assert_nothing_lost_nothing_twice(load: Load) -> None:
    api, count = load.api, load.operations
    assert len(load.done) == 2 * count
    sessions, payments = every(api, "/sessions"), every(api, "/payments")
    assert len(sessions) == len(payments) == count
    assert {each["id"] for each in sessions + payments} == set(load.done.values())
    balance = api.call("GET", f"/clients/{load.client}/balance").body
    assert (balance["payments"], balance["scheduled"]) == (f"{count}.00", f"{40 * count}.00")
    report = api.call("GET", "/ledger/check").body
    assert report["balanced"] is True, report


def under_fault(up: Up, operations: int, fault: Callable[[], object], *, times: int) -> Load:
    """Run the load, and the fault `times` times while it runs, spread over its work."""
    load = Load(administrator(up), operations)
    load.prepare()
    with ThreadPoolExecutor(1) as pool:
        work = pool.submit(load.run)
        for turn in range(1, times + 1):
            due = 2 * operations * turn // (times + 1)
            while len(load.done) < due and not work.done():
                time.sleep(0.01)
            fault()
        work.result()
    wait_until_healthy(up.port)
    return load


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


def test_database_killed_under_load_loses_nothing(up: Up, operations: int) -> None:
    load = under_fault(up, operations, Cluster(up.data_dir).kill, times=2)
    assert load.retries > 0
    assert_nothing_lost_nothing_twice(load)
    assert "database" in up.said()


def test_web_server_killed_under_load_loses_nothing(up: Up, operations: int) -> None:
    load = under_fault(up, operations, lambda: kill_all(up, "daybook.config.web"), times=2)
    assert load.retries > 0
    assert_nothing_lost_nothing_twice(load)
    assert "the web server ended (signal SIGKILL)" in up.said()


def test_worker_killed_under_load_is_started_again(up: Up, operations: int) -> None:
    load = under_fault(up, operations, lambda: kill_all(up, "daybook.config.worker"), times=1)
    assert_nothing_lost_nothing_twice(load)
    deadline = time.monotonic() + 15
    while "the worker ended (signal SIGKILL)" not in up.said() and time.monotonic() < deadline:
        time.sleep(0.1)
    assert "the worker ended (signal SIGKILL)" in up.said()


def test_backup_under_load_restores_to_the_same_books(up: Up, operations: int, tmp_path: Path) -> None:
    """A backup taken in the middle comes back whole: its books balance, and it is a state that was."""
    file = tmp_path / "whole.daybook"
    load = under_fault(up, operations, lambda: command(up, "backup", str(file)), times=1)
    assert_nothing_lost_nothing_twice(load)
    other = tmp_path / "other"
    other.mkdir()
    with running(other) as place:
        pass
    damaged = tmp_path / "damaged.daybook"
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 0xFF
    damaged.write_bytes(content)
    refused = subprocess.run(
        [sys.executable, "-m", "daybook.ops", "--data-dir", str(other), "restore", str(damaged)],
        env=os.environ | {"PYTHONWARNINGS": "ignore"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (refused.returncode, "Nothing was changed" in refused.stderr) == (1, True)
    command(place, "restore", str(file))
    report = json.loads(command(place, "check-ledger", "--json"))
    assert report and all(each["balanced"] for each in report.values()), report
    cluster = Cluster(other)
    cluster.stop()
    cluster.remove()
