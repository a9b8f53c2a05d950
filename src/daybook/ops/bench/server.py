"""A whole Daybook run as people run it: how fast it is there, what it takes at rest, what its API bears."""

import json
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

from daybook.ops.bench.timing import Line, summary
from daybook.ops.errors import CommandProblem

START_SECONDS = 90
REST_SECONDS = 4
ADDED_BY_ONE = 600
ADDED_BY_EIGHT = 1_600
PER_DAY = 16  # sessions of a practitioner on one day
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Running:
    """A supervisor with all that it started."""

    process: "subprocess.Popen[str]"
    port: int
    start_seconds: float


@contextmanager
def running() -> Iterator[Running]:
    """`daybook up` on a free port. Raises CommandProblem when it does not start."""
    with socket.socket() as test:
        test.bind(("127.0.0.1", 0))
        port = int(test.getsockname()[1])
    started = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, "-m", "daybook.ops", "up", "--port", str(port)],
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        _wait_until_ready(process)
        yield Running(process, port, time.monotonic() - started)
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            process.kill()


def _wait_until_ready(process: "subprocess.Popen[str]") -> None:
    assert process.stdout is not None
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if select.select([process.stdout], [], [], 0.05)[0]:
            line = process.stdout.readline()
            if "is ready at" in line:
                return
            if not line:
                break
    raise CommandProblem("Daybook did not start for the measurement: see the lines above.")


def rest_lines(server: Running) -> Iterator[Line]:
    """Start time, and the memory of all processes once they have come to rest."""
    yield Line("start, until it answers", server.start_seconds, unit="s", target=6)
    time.sleep(REST_SECONDS)
    parts = memory_by_part(server.process.pid)
    note = ", ".join(f"{name} {size:.0f}" for name, size in sorted(parts.items(), key=lambda part: -part[1]))
    yield Line("memory at rest", sum(parts.values()), unit="MB", target=450, note=note)


def memory_by_part(supervisor: int) -> dict[str, float]:
    """Proportional set size in MB of the supervisor, of what it started, and of PostgreSQL, by name."""
    parts: dict[str, float] = {}
    for process in _family(supervisor):
        name = _part(process, supervisor)
        parts[name] = parts.get(name, 0.0) + _pss(process)
    return parts


def _part(process: int, supervisor: int) -> str:
    if process == supervisor:
        return "supervisor"
    command = Path(f"/proc/{process}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    for sign, name in (("postgres", "database"), ("config.worker", "worker")):
        if sign in command:
            return name
    return "web server"


def _family(supervisor: int) -> list[int]:
    """The supervisor, its descendants, and the server of its database with what belongs to that."""
    parents: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parents[int(entry.name)] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except (OSError, IndexError, ValueError):
                continue
    roots = {supervisor} | _database_server()
    found = set(roots)
    while more := {process for process, parent in parents.items() if parent in found} - found:
        found |= more
    return sorted(found - {os.getpid()})


def _database_server() -> set[int]:
    """The first line of its pid file names the embedded database's main process."""
    data_dir = Path(os.environ.get("DAYBOOK_DATA_DIR") or "data")
    try:
        return {int((data_dir / "postgres" / "pgdata" / "postmaster.pid").read_text().split()[0])}
    except (OSError, ValueError, IndexError):
        return set()


def _pss(process: int) -> float:
    try:
        text = Path(f"/proc/{process}/smaps_rollup").read_text()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in text.splitlines() if line.startswith("Pss:")), 0.0)


@dataclass(frozen=True, slots=True)
class Adding:
    """Who can be booked with whom, and from which day on the calendar is empty."""

    token: str
    service: UUID
    practitioners: tuple[UUID, ...]
    clients: tuple[UUID, ...]
    from_day: datetime


def add_lines(server: Running, adding: Adding) -> Iterator[tuple[Line, list[str]]]:
    """Sessions added a second by one caller and by eight, with the ids of those acknowledged."""
    begin = 0
    for callers, count, target in ((1, ADDED_BY_ONE, 150), (8, ADDED_BY_EIGHT, 300)):
        _add(server, adding, begin, 40 * callers, callers)  # warm: each worker's connections and statements
        begin += 40 * callers
        seconds, answers = _add(server, adding, begin, count, callers)
        begin += count
        refused = [(status, body) for status, _, body in answers if status != 201]
        times = summary([milliseconds for _, milliseconds, _ in answers])
        note = (
            f"{len(refused)} refused: {refused[0]}"
            if refused
            else f"{count:,} added, {times.median:.1f} ms each, p95 {times.p95:.1f}"
        )
        rate = (len(answers) - len(refused)) / seconds
        line = Line(
            f"sessions added by API, {callers} caller{'s' if callers > 1 else ''}", rate, unit="a second", target=target,
            more_is_better=True, note=note,
        )  # fmt: skip
        yield line, [body for status, _, body in answers if status == 201]


def _add(
    server: Running, adding: Adding, begin: int, count: int, callers: int
) -> tuple[float, list[tuple[int, float, str]]]:
    order = {
        "host": "127.0.0.1", "port": server.port, "path": "/api/v1/sessions", "token": adding.token, "callers": callers,
        "key": str(uuid4()), "bodies": [_body(adding, number) for number in range(begin, begin + count)],
    }  # fmt: skip
    with tempfile.NamedTemporaryFile("w", suffix=".json", encoding="utf-8") as file:
        json.dump(order, file)
        file.flush()
        done = subprocess.run(
            [sys.executable, "-S", "-m", "daybook.ops.bench.load", file.name],
            check=False, stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        )  # fmt: skip
    if done.returncode != 0:
        raise CommandProblem("The calls of the API failed: see the lines above.")
    told = json.loads(done.stdout)
    return told["seconds"], [tuple(answer) for answer in told["answers"]]


def _body(adding: Adding, number: int) -> dict[str, object]:
    """Another practitioner each time, the next half hour once all have had theirs."""
    round_number, practitioner = divmod(number, len(adding.practitioners))
    day, half_hour = divmod(round_number, PER_DAY)
    starts_at = adding.from_day.astimezone(UTC) + day * DAY + timedelta(hours=8, minutes=30 * half_hour)
    return {
        "service": str(adding.service),
        "practitioner": str(adding.practitioners[practitioner]),
        "clients": [str(adding.clients[number * 7 % len(adding.clients)])],
        "starts_at": starts_at.isoformat(),
        "ends_at": (starts_at + timedelta(minutes=30)).isoformat(),
    }
