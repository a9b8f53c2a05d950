"""A whole installation in one file, and back: the database as of one moment, private files, the key, a checksum of each."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import subprocess
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from daybook.config.env import Environment
from daybook.config.postgres import DATABASE, OWNER, SUPERUSER, Cluster, package_dir
from daybook.ops.errors import CommandProblem
from daybook.ops.schema import fingerprint

FORMAT = 1
DUMP = "database.dump"
MANIFEST = "manifest.json"
KEY = "secret_key"
FILES = "files"
CHUNK = 1 << 20
LOCK_SECONDS = 10
NO_SPACE = (errno.ENOSPC, errno.EDQUOT)


@dataclass(frozen=True, slots=True)
class Contents:
    """What a backup says of itself, after every byte of it was checked."""

    made_at: str
    schema: str
    members: dict[str, str]


@contextmanager
def _connection(environment: Environment) -> Iterator[tuple[list[str], dict[str, str]]]:
    """Arguments and environment for PostgreSQL's own tools, as a login that may read all businesses."""
    if environment.database_url:
        from psycopg.conninfo import conninfo_to_dict, make_conninfo

        from daybook.config.roles import KEEPER

        given = conninfo_to_dict(environment.database_url)
        options = f"{given.pop('options', None) or ''} {KEEPER}".strip()
        secret = {"PGPASSWORD": str(given.pop("password"))} if given.get("password") else {}
        yield ["--dbname", make_conninfo("", **given, options=options)], secret
        return
    cluster = Cluster(environment.data_dir)
    yield (
        ["-h", str(cluster.socket_dir), "-U", SUPERUSER, "--dbname", DATABASE],
        {"PGPASSWORD": cluster.password(SUPERUSER)},
    )


def _tool(name: str, arguments: list[str], extra: dict[str, str]) -> str:
    """What one of PostgreSQL's programs printed. Raises CommandProblem with what it complained of."""
    program = package_dir() / "pginstall" / "bin" / name
    done = subprocess.run(
        [str(program), *arguments],
        env={"PATH": os.defpath, "LC_ALL": "C", **extra},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        said = " / ".join(done.stderr.strip().splitlines()[-3:])
        if os.strerror(errno.ENOSPC) in done.stderr:
            raise OSError(errno.ENOSPC, said)
        raise CommandProblem(f"{name} could not do its work: {said}")
    return done.stdout


def backup(environment: Environment, target: Path) -> Contents:
    """Write everything into `target`, while it is in use; the file appears under its name only when it is whole."""
    if target.exists():
        raise CommandProblem(f"{target} is already there. Choose another name, or move it away first.")
    if not target.parent.is_dir():
        raise CommandProblem(f"The folder {target.parent} is not there.")
    draft = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        with (
            tempfile.TemporaryDirectory(dir=target.parent, prefix=".daybook-backup-") as place,
            _connection(environment) as (where, extra),
        ):
            dump = Path(place) / DUMP
            if environment.database_url:
                _let_owner_read(environment)
                where = [*where, "--enable-row-security"]
            _tool("pg_dump", [*where, "--format=custom", "--no-password", "--file", str(dump)], extra)
            contents = _write(draft, dump, environment)
        draft.replace(target)
        _sync(target.parent)
        return contents
    except OSError as error:
        if error.errno in NO_SPACE:
            raise CommandProblem(f"There is no space left in {target.parent}. No backup was written.") from error
        raise CommandProblem(f"The backup could not be written: {error.strerror or error}.") from error
    finally:
        draft.unlink(missing_ok=True)


def _sync(path: Path) -> None:
    """Have a file, or what a folder says of its files, on the disk and not only on its way there."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _let_owner_read(environment: Environment) -> None:
    """Without its policies the owner would see nothing, and the backup would be empty and look whole."""
    from daybook.config.roles import KEEPER_SQL
    from daybook.ops.schema import connect

    with connect(environment, as_owner=True) as connection:
        connection.execute(f"set lock_timeout = '{LOCK_SECONDS}s'")
        connection.execute(KEEPER_SQL)


def _write(draft: Path, dump: Path, environment: Environment) -> Contents:
    members = {DUMP: dump}
    key = environment.data_dir / KEY
    if key.is_file():
        members[KEY] = key
    root = environment.data_dir / FILES
    members |= {f"{FILES}/{path.relative_to(root)}": path for path in sorted(root.rglob("*")) if path.is_file()}
    descriptor = os.open(draft, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600)
    with (
        os.fdopen(descriptor, "w+b") as file,
        zipfile.ZipFile(file, "w", zipfile.ZIP_STORED, allowZip64=True) as archive,
    ):
        digests = {name: _add(archive, name, path) for name, path in members.items()}
        contents = Contents(datetime.now(UTC).isoformat(timespec="seconds"), fingerprint(), digests)
        archive.writestr(
            MANIFEST,
            json.dumps({"format": FORMAT, "made_at": contents.made_at, "schema": contents.schema, "members": digests}),
        )
    _sync(draft)
    return contents


def _add(archive: zipfile.ZipFile, name: str, path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as source, archive.open(name, "w", force_zip64=True) as sink:
        _copy(source, sink, digest)
    return digest.hexdigest()


def _copy(source: IO[bytes], sink: IO[bytes] | None, digest: hashlib._Hash) -> None:
    while block := source.read(CHUNK):
        digest.update(block)
        if sink is not None:
            sink.write(block)


def inspect(source: Path) -> Contents:
    """Check every byte of a backup. Raises CommandProblem for one that is damaged, cut short, or of another kind."""
    damaged = f"{source} is damaged or not a Daybook backup. Nothing was changed."
    try:
        with zipfile.ZipFile(source) as archive:
            manifest = json.loads(archive.read(MANIFEST))
            if manifest["format"] != FORMAT:
                raise CommandProblem(
                    f"{source} was made by a newer Daybook. Update this one first. Nothing was changed."
                )
            contents = Contents(manifest["made_at"], manifest["schema"], dict(manifest["members"]))
            if set(archive.namelist()) != {*contents.members, MANIFEST} or DUMP not in contents.members:
                raise CommandProblem(damaged)
            for name, expected in contents.members.items():
                digest = hashlib.sha256()
                with archive.open(name) as member:
                    _copy(member, None, digest)
                if digest.hexdigest() != expected or _escapes(name):
                    raise CommandProblem(damaged)
            return contents
    except FileNotFoundError:
        raise CommandProblem(f"There is no file {source}.") from None
    except (
        OSError,
        zipfile.BadZipFile,
        zipfile.LargeZipFile,
        KeyError,
        ValueError,
        TypeError,
        EOFError,
        NotImplementedError,
    ) as error:
        raise CommandProblem(damaged) from error


def _escapes(name: str) -> bool:
    return name.startswith("/") or ".." in Path(name).parts


def restore(environment: Environment, source: Path) -> Contents:
    """Bring a backup into an empty place.

    The file is checked whole before anything is touched, and all of it is laid ready on the disk before the database
    comes, in one transaction: a disk that is too small leaves the place empty.
    """
    contents = inspect(source)
    try:
        _restore(environment, source, contents)
    except OSError as error:
        if error.errno in NO_SPACE:
            raise CommandProblem(
                f"There is no space left for what the backup holds ({environment.data_dir}, or the database's disk). "
                "Make room, and restore into an empty place again."
            ) from error
        raise CommandProblem(f"The backup could not be brought in: {error.strerror or error}.") from error
    return contents


def _restore(environment: Environment, source: Path, contents: Contents) -> None:
    with _connection(environment) as (where, extra):
        _refuse_if_used(environment)
        environment.data_dir.mkdir(parents=True, exist_ok=True)
        with (
            tempfile.TemporaryDirectory(dir=environment.data_dir, prefix=".restore-") as place,
            zipfile.ZipFile(source) as archive,
        ):
            for name in contents.members:
                archive.extract(name, place)
            dump, wanted = Path(place) / DUMP, Path(place) / "wanted"
            wanted.write_text(_wanted(_tool("pg_restore", ["--list", str(dump)], {})), encoding="utf-8")
            as_owner = [] if environment.database_url else ["--role", OWNER]
            _tool(
                "pg_restore",
                [
                    *where,
                    *as_owner,
                    "--no-owner",
                    "--no-password",
                    "--single-transaction",
                    "--exit-on-error",
                    "--clean",
                    "--if-exists",
                    "--use-list",
                    str(wanted),
                    str(dump),
                ],
                extra,
            )
            _set_up_roles(environment)
            for name in contents.members:
                if name.startswith(f"{FILES}/"):
                    target = environment.data_dir / name
                    target.parent.mkdir(parents=True, exist_ok=True)
                    (Path(place) / name).replace(target)
            if KEY in contents.members:
                _put_key(environment.data_dir / KEY, archive.read(KEY))


def _wanted(listing: str) -> str:
    """The parts of a dump without those that name its owner, who may be called otherwise here; `_set_up_roles` makes them."""
    owned = (" DEFAULT ACL ", " COMMENT - EXTENSION ", " keeper ")
    return "\n".join(line for line in listing.splitlines() if not any(part in line for part in owned)) + "\n"


def _set_up_roles(environment: Environment) -> None:
    from daybook.config.roles import prepare_roles, seal_roles
    from daybook.ops.schema import connect

    with connect(environment, as_owner=True) as connection:
        prepare_roles(connection)
        seal_roles(connection)


def _put_key(path: Path, key: bytes) -> None:
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
        file.write(key)
    draft.replace(path)


def _refuse_if_used(environment: Environment) -> None:
    """Only a place without any business is empty."""
    from daybook.ops.schema import connect

    with connect(environment, as_owner=True) as connection:
        there = connection.execute("select to_regclass('tenancy_business')").fetchone()
        used = there and there[0] and connection.execute("select exists (select from tenancy_business)").fetchone()
        if used and used[0]:
            raise CommandProblem(
                "There is a business here already. Restore into an empty data folder (--data-dir) or database. Nothing was changed."
            )
