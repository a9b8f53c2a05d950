"""A running `daybook up`, and the other commands, as processes of their own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.live import free_port, wait_until_healthy

PROGRAM = (sys.executable, "-m", "daybook.ops")


def surroundings(**environment: str) -> dict[str, str]:
    """The environment of a process that is to be Daybook as it is run, not as it is tested."""
    return os.environ | {"DJANGO_SETTINGS_MODULE": "daybook.config.settings", "PYTHONWARNINGS": "ignore"} | environment


class Up:
    """A running `daybook up`."""

    def __init__(self, data_dir: Path, port: int, **environment: str) -> None:
        self.data_dir, self.port = data_dir, port
        with self.log.open("a") as errors:
            self.process = subprocess.Popen(
                [*PROGRAM, "--data-dir", str(data_dir), "up", "--port", str(port)],
                env=surroundings(**environment),
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
                start_new_session=True,
            )

    @property
    def log(self) -> Path:
        return self.data_dir.parent / "stderr"

    def wait_until_ready(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline()

    def stop(self, sign: signal.Signals) -> tuple[int, str]:
        self.process.send_signal(sign)
        output, _ = self.process.communicate(timeout=30)
        return self.process.returncode, output

    def wait_for_refusal(self) -> str:
        """What it said instead of starting."""
        self.process.communicate(timeout=30)
        assert self.process.returncode == 1
        return self.said()

    def kill(self) -> None:
        self.process.kill()
        self.process.communicate()

    def children(self) -> list[int]:
        return [int(each) for each in json.loads((self.data_dir / "up.json").read_text())]

    def said(self) -> str:
        return self.log.read_text()


@contextmanager
def running(data_dir: Path, port: int | None = None, **environment: str) -> Iterator[Up]:
    up = Up(data_dir, port or free_port(), **environment)
    try:
        yield up
    finally:
        if up.process.poll() is None:
            up.stop(signal.SIGTERM)


def daybook(*arguments: str, data_dir: Path | None = None, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    place = ["--data-dir", str(data_dir)] if data_dir else []
    return subprocess.run(
        [*PROGRAM, *place, *arguments], env=surroundings(**environment), capture_output=True, text=True, check=False
    )


@contextmanager
def part(*arguments: str, log: Path, **environment: str) -> Iterator[subprocess.Popen[bytes]]:
    """`daybook web` or `daybook worker`, until the end of the block; what it says goes into the file `log`."""
    with log.open("ab") as said:
        process = subprocess.Popen(
            [*PROGRAM, *arguments],
            env=surroundings(**environment),
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=said,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


@contextmanager
def web(*, log: Path, **environment: str) -> Iterator[int]:
    """`daybook web` on a free port, which is given once it answers."""
    port = free_port()
    with part("web", "--port", str(port), log=log, **environment) as process:
        wait_until_healthy(port, process)
        yield port


def wait_for(condition: Callable[[], object], seconds: float = 10) -> bool:
    """Whether the condition came true in time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.05)
    return False
