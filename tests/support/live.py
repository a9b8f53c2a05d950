"""A running web server on a database of the tests."""

from __future__ import annotations

import fcntl
import http.client
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from tests.support.databases import Database

START_SECONDS = 30
FIRST_PORT, LAST_PORT = 20_000, 30_000
PORT_LOCKS = Path(tempfile.gettempdir()) / f"daybook-test-ports-{os.getuid()}"

_kept: dict[int, IO[str]] = {}


@dataclass(frozen=True)
class Live:
    """`url` has no slash at its end."""

    url: str
    port: int
    database: Database
    process: subprocess.Popen[bytes]


def free_port() -> int:
    """A port that no other test process is given while this one lives.

    A port that the system offers may be offered again before the server has bound it, and servers that share a port
    answer for each other without a word. So ports come from below the system's own range, each behind a lock that
    this process keeps.
    """
    PORT_LOCKS.mkdir(exist_ok=True)
    for port in range(FIRST_PORT, LAST_PORT):
        if port not in _kept and _locked(port) and _unbound(port):
            return port
    raise AssertionError(f"no port is free from {FIRST_PORT} to {LAST_PORT}")


def _locked(port: int) -> bool:
    lock = (PORT_LOCKS / str(port)).open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        lock.close()
        return False
    _kept[port] = lock
    return True


def _unbound(port: int) -> bool:
    with socket.socket() as test:
        test.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            test.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


@contextmanager
def running_server(database: Database, *, workers: int = 1, threads: int = 2, **environment: str) -> Iterator[Live]:
    """Granian on a free port, with the real settings, as the serving role."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "daybook.config.web", "127.0.0.1", str(port)],
        env=database.environment
        | {"DAYBOOK_WEB_WORKERS": str(workers), "DAYBOOK_WEB_THREADS": str(threads), "PYTHONWARNINGS": "ignore"}
        | environment,
        start_new_session=True,
    )
    try:
        wait_until_healthy(port, process)
        yield Live(f"http://127.0.0.1:{port}", port, database, process)
    finally:
        process.terminate()
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, 9)
            process.wait()


def wait_until_healthy(port: int, process: subprocess.Popen[bytes] | None = None) -> None:
    """Until `/healthz` answers 200. Raises AssertionError when the process ends or the time is up."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process is not None and process.poll() is not None:
            raise AssertionError(f"the server ended with exit code {process.returncode}")
        if status(port) == 200:
            return
        time.sleep(0.05)
    raise AssertionError(f"the server did not answer within {START_SECONDS} s")


def status(port: int, path: str = "/healthz") -> int | None:
    """The status of an answer, None while nobody answers."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    except OSError:
        return None
    finally:
        connection.close()
