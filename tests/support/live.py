"""A running web server on a database of the tests."""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from tests.support.databases import Database

START_SECONDS = 30


@dataclass(frozen=True)
class Live:
    """`url` has no slash at its end."""

    url: str
    port: int
    database: Database
    process: subprocess.Popen[bytes]


def free_port() -> int:
    with socket.socket() as test:
        test.bind(("127.0.0.1", 0))
        return int(test.getsockname()[1])


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
