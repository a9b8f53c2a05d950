"""The one process behind `daybook up`: starts database, web server and worker, watches them, stops them.

It stays small: standard library only, and never Django. Why: docs/architecture/decisions/supervisor.md.
"""

from __future__ import annotations

import fcntl
import http.client
import json
import os
import select
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from daybook.config.env import Environment
from daybook.config.postgres import Cluster, ClusterProblem
from daybook.ops.errors import CommandProblem

DAYBOOK = (sys.executable, "-m", "daybook.ops")
STOP_SECONDS = 12
READY_SECONDS = 60
WATCH_SECONDS = 2.0
STEADY_SECONDS = 60
LONGEST_BACK_OFF = 30.0
LONGEST_WITHOUT_DATABASE = 10.0


def log(text: str) -> None:
    stamp = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    print(f"{stamp} INFO daybook.up: {text}", file=sys.stderr, flush=True)


@dataclass
class Child:
    """A process that is to run for as long as the supervisor does."""

    name: str
    command: list[str]
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    failures: int = 0
    next_start: float = 0.0

    def start(self) -> None:
        # A session of its own: Ctrl-C in the terminal reaches the supervisor alone, which stops all in order.
        self.process = subprocess.Popen(
            self.command, stdin=subprocess.DEVNULL, stdout=sys.stderr.fileno(), start_new_session=True
        )
        self.started = time.monotonic()

    def look(self) -> None:
        """Start it again when it has ended, later each time it ends soon."""
        now = time.monotonic()
        if self.process is not None:
            code = self.process.poll()
            if code is None:
                return
            self.failures = 1 if now - self.started > STEADY_SECONDS else self.failures + 1
            wait = min(LONGEST_BACK_OFF, 0.25 * 2 ** (self.failures - 1))
            self.next_start = now + wait
            self.process = None
            log(f"the {self.name} ended ({_how(code)}) and is started again in {wait:g} s")
        elif now >= self.next_start:
            self.start()


def _how(code: int) -> str:
    return f"exit code {code}" if code >= 0 else f"signal {signal.Signals(-code).name}"


@dataclass
class Supervisor:
    """With `demo` (the arguments of the subcommand that makes it), a demo business is there before all is ready."""

    environment: Environment
    host: str
    port: int
    demo: tuple[str, ...] = ()
    children: list[Child] = field(default_factory=list)
    _stopping: bool = False
    _failures: int = 0
    _next_start: float = 0.0
    _lock: IO[str] | None = None

    # Life ------------------------------------------------------------------------------------------------------

    def run(self) -> int:
        """Everything from start to stop. Raises CommandProblem or ClusterProblem when it cannot start."""
        self._lock_data_dir()
        self._end_leftovers()
        self.port = self._free_port()
        wakeup = self._listen_to_signals()
        cluster = None if self.environment.database_url else Cluster(self.environment.data_dir)
        try:
            if cluster:
                cluster.hold()
            self._migrate()
            if not self._stopping:
                demo = self._start_demo()
                self._start_children()
                self._wait_until_ready(wakeup)
                logins = self._finish_demo(demo)
            if not self._stopping:
                self._say_ready(logins)
            while not self._stopping:
                select.select([wakeup], [], [], WATCH_SECONDS)
                _drain(wakeup)
                self._watch(cluster)
        finally:
            self._stop_children()
            if cluster:
                cluster.release()
            self._pid_file.unlink(missing_ok=True)
        return 0

    def _migrate(self) -> None:
        """In a process of its own, as the owner of the tables, which nothing that serves may be."""
        done = subprocess.run([*DAYBOOK, "migrate"], check=False, start_new_session=True)
        if done.returncode != 0 and not self._stopping:
            raise CommandProblem("Daybook could not be started: see the line above.")

    def _start_demo(self) -> subprocess.Popen[str] | None:
        """The demo business is made while the web server starts."""
        if not self.demo:
            return None
        return subprocess.Popen([*DAYBOOK, *self.demo], stdout=subprocess.PIPE, text=True, start_new_session=True)

    def _finish_demo(self, demo: subprocess.Popen[str] | None) -> str:
        """What the demo printed: its logins."""
        if demo is None:
            return ""
        while not self._stopping:
            try:
                output, _ = demo.communicate(timeout=0.2)
            except subprocess.TimeoutExpired:
                continue
            if demo.returncode != 0:
                log("the demo business could not be made (see the lines above); Daybook runs without it")
            return output
        demo.terminate()
        demo.wait()
        return ""

    def _start_children(self) -> None:
        web = [sys.executable, "-m", "daybook.config.web", self.host, str(self.port)]
        self.children = [Child("web server", web), Child("worker", [sys.executable, "-m", "daybook.config.worker"])]
        for child in self.children:
            child.start()
        self._write_pids()

    def _watch(self, cluster: Cluster | None) -> None:
        if self._stopping:
            return
        if cluster and not cluster.is_running() and time.monotonic() >= self._next_start:
            self._start_database(cluster)
        before = [child.process for child in self.children]
        for child in self.children:
            child.look()
        if before != [child.process for child in self.children]:
            self._write_pids()

    def _start_database(self, cluster: Cluster) -> None:
        """Where it cannot start (its disk is full), try again later each time, and go on watching the others."""
        if not self._failures:
            log("the database has ended and is started again")
        try:
            cluster.start()
            self._failures = 0
        except (ClusterProblem, OSError) as problem:
            self._failures += 1
            wait = min(LONGEST_WITHOUT_DATABASE, 2.0**self._failures)
            self._next_start = time.monotonic() + wait
            log(f"{problem} It is tried again in {wait:g} s.")

    def _stop_children(self) -> None:
        running = [child.process for child in self.children if child.process and child.process.poll() is None]
        for process in running:
            process.terminate()
        deadline = time.monotonic() + STOP_SECONDS
        for process in running:
            try:
                process.wait(timeout=max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    # Signals ---------------------------------------------------------------------------------------------------

    def _listen_to_signals(self) -> int:
        """A descriptor that becomes readable with every signal, so that the watch wakes at once."""
        reading, writing = os.pipe()
        os.set_blocking(reading, False)
        os.set_blocking(writing, False)
        signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
        for sign in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(sign, self._stop)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        return reading

    def _stop(self, *_: object) -> None:
        self._stopping = True

    # Readiness -------------------------------------------------------------------------------------------------

    def _wait_until_ready(self, wakeup: int) -> None:
        deadline = time.monotonic() + READY_SECONDS
        while not self._stopping and not self._answers():
            if time.monotonic() > deadline:
                raise CommandProblem("The web server did not answer in time: see the lines above.")
            if any(child.process and child.process.poll() is not None for child in self.children):
                raise CommandProblem("A part of Daybook ended while starting: see the lines above.")
            select.select([wakeup], [], [], 0.05)
            _drain(wakeup)

    def _answers(self) -> bool:
        connection = http.client.HTTPConnection(self._reachable_host(), self.port, timeout=5)
        try:
            connection.request("GET", "/healthz")
            return connection.getresponse().status == 200
        except OSError:
            return False
        finally:
            connection.close()

    def _reachable_host(self) -> str:
        return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)

    def _say_ready(self, logins: str) -> None:
        host = self._reachable_host()
        shown = f"[{host}]" if ":" in host else host
        print(f"Daybook is ready at {self.environment.public_url or f'http://{shown}:{self.port}'}/", flush=True)
        print(logins, end="", flush=True)

    # One at a time ---------------------------------------------------------------------------------------------

    @property
    def _pid_file(self) -> Path:
        return self.environment.data_dir / "up.json"

    def _lock_data_dir(self) -> None:
        """The lock is the kernel's, so it is gone when this process is, however it ends."""
        self.environment.data_dir.mkdir(parents=True, exist_ok=True)
        self._lock = (self.environment.data_dir / "up.lock").open("a")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CommandProblem(
                f"Daybook is running already on the data folder {self.environment.data_dir}. Stop it first, or choose another folder."
            ) from None

    def _write_pids(self) -> None:
        running = [child.process.pid for child in self.children if child.process]
        draft = self._pid_file.with_suffix(".new")
        draft.write_text(json.dumps({str(process): _started(process) for process in running}))
        draft.replace(self._pid_file)

    def _end_leftovers(self) -> None:
        """End what an earlier supervisor left when it was killed. A process id may be another's by now: the time of
        its start tells."""
        try:
            left = json.loads(self._pid_file.read_text())
        except (OSError, ValueError):
            return
        for process, started in left.items():
            if started is not None and _started(int(process)) == started:
                log(f"ending process {process}, left over from an earlier start")
                _end(int(process), started)
        self._pid_file.unlink(missing_ok=True)

    def _free_port(self) -> int:
        """The port, tested: a web server started on a used one would not always fail. Port 0 chooses a free one."""
        family = socket.AF_INET6 if ":" in self.host else socket.AF_INET
        with socket.socket(family, socket.SOCK_STREAM) as test:
            test.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                test.bind((self.host, self.port))
            except PermissionError:
                raise CommandProblem(
                    f"Port {self.port} needs more rights. Choose one from 1024 on with --port."
                ) from None
            except OSError as error:
                raise CommandProblem(
                    f"Port {self.port} on {self.host} cannot be used ({error.strerror}). Choose another with --port."
                ) from None
            return int(test.getsockname()[1])


def _started(process: int) -> str | None:
    """When the kernel started the process, in its ticks: with the number, it names a process for good."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[19]
    except (OSError, IndexError):
        return None


def _end(process: int, started: str) -> None:
    for sign, seconds in ((signal.SIGTERM, 3.0), (signal.SIGKILL, 3.0)):
        try:
            # Its whole session: the web server's workers are in it.
            os.killpg(process, sign)
        except (ProcessLookupError, PermissionError):
            return
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and _started(process) == started:
            time.sleep(0.05)


def _drain(descriptor: int) -> None:
    try:
        while os.read(descriptor, 512):
            pass
    except BlockingIOError:
        pass
