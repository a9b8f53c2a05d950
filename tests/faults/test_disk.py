"""No space left: what is written is whole or not there, what is said is clear, and reading goes on."""

from __future__ import annotations

import http.client
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.conftest import Proof, caller
from tests.support.caller import Caller, caller_of_new_business
from tests.support.databases import Database
from tests.support.live import Live, running_server, wait_until_healthy
from tests.support.up import Up, daybook, running
from tests.support.work import Load

pytestmark = [pytest.mark.database, pytest.mark.faults]

MB = 1 << 20


class SmallDisk:
    """A file system of its own that holds little. Only root can mount one."""

    def __init__(self, place: Path, megabytes: int) -> None:
        self.place, self.megabytes = place, megabytes

    def __enter__(self) -> SmallDisk:
        self.place.mkdir(parents=True, exist_ok=True)
        options = f"size={self.megabytes}m,mode=0755"
        mounted = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", options, "daybook-test", str(self.place)], capture_output=True, check=False
        )
        if mounted.returncode != 0:
            pytest.skip("a small disk can be mounted by root only")
        return self

    def __exit__(self, *_: object) -> None:
        subprocess.run(["umount", "-l", str(self.place)], check=False)

    @property
    def _ballast(self) -> Path:
        return self.place / "ballast"

    def fill(self, *, leave: int = 0) -> None:
        """Write until nothing more fits, then give `leave` bytes back."""
        with self._ballast.open("ab", buffering=0) as ballast:
            for size in (MB, 4096):
                try:
                    while True:
                        ballast.write(b"\0" * size)
                except OSError:
                    pass
            if leave:
                ballast.truncate(max(0, ballast.tell() - leave))

    def free(self) -> None:
        self._ballast.unlink(missing_ok=True)

    def others(self) -> list[str]:
        return sorted(str(path.relative_to(self.place)) for path in self.place.rglob("*") if path != self._ballast)


@pytest.fixture
def small(tmp_path: Path) -> Iterator[SmallDisk]:
    with SmallDisk(tmp_path / "small", 24) as disk:
        yield disk


@pytest.fixture
def up_on_a_small_disk(data_dir: Path, tmp_path: Path) -> Iterator[tuple[Up, SmallDisk]]:
    with SmallDisk(tmp_path / "disk", 400) as disk:
        copy = disk.place / "data"
        shutil.copytree(data_dir, copy, symlinks=True)
        location = data_dir / "postgres.location"
        if location.is_file():  # the database of root lives elsewhere: bring it here
            shutil.rmtree(copy / "postgres", ignore_errors=True)
            subprocess.run(["cp", "-a", location.read_text().strip(), str(copy / "postgres")], check=True)
            (copy / "postgres.location").write_text(f"{copy / 'postgres'}\n")
            _let_in(tmp_path)
        with running(copy) as up:
            assert up.wait_until_ready(), up.said()
            yield up, disk


def _let_in(folder: Path) -> None:
    """The database of root runs as another user, who must be able to come here."""
    for each in [folder, *folder.parents][:4]:
        if each.stat().st_uid == os.geteuid() and each != Path("/"):
            each.chmod(each.stat().st_mode | 0o011)


def test_full_disk_of_the_database_loses_nothing(
    up_on_a_small_disk: tuple[Up, SmallDisk], operations: int, long: bool, prove: Proof
) -> None:
    up, disk = up_on_a_small_disk
    api = caller(up.data_dir, up.port)
    load = Load(api, operations).prepare()
    seen: list[str] = []

    def fill_for_a_while() -> None:
        disk.fill()
        deadline = time.monotonic() + (20 if long else 4)
        while time.monotonic() < deadline:
            try:
                answered = api.call("GET", f"/clients/{load.client}/balance")
                seen.append(answered.code or str(answered.status))
            except (OSError, http.client.HTTPException):
                seen.append("no answer")
            time.sleep(0.2)
        disk.free()

    load.run_until(0.4, fill_for_a_while)
    wait_until_healthy(up.port)
    prove("the database's disk full for a while", load)
    assert set(seen) <= {"200", "not_available", "no_space", "no answer"}, seen


def test_backup_onto_a_full_disk_leaves_nothing_that_looks_like_one(data_dir: Path, small: SmallDisk) -> None:
    for leave in (0, 200_000):
        small.free()
        small.fill(leave=leave)
        done = daybook("backup", str(small.place / "all.daybook"), data_dir=data_dir)
        assert done.returncode == 1
        assert done.stderr == f"daybook: There is no space left in {small.place}. No backup was written.\n"
        assert small.others() == []
    small.free()
    assert daybook("backup", str(small.place / "all.daybook"), data_dir=data_dir).returncode == 0
    assert small.others() == ["all.daybook"]


@pytest.fixture
def server_with_little_space(real_database: Database, small: SmallDisk) -> Iterator[Live]:
    with running_server(real_database, TMPDIR=str(small.place)) as live:
        yield live


def upload(api: Caller, content: bytes) -> tuple[int, bytes]:
    """A file by a form, as a browser sends it: a long one is put on the disk first."""
    mark = "daybook-test"
    body = (
        (
            f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="clients.csv"\r\n'
            "Content-Type: text/csv\r\n\r\n"
        ).encode()
        + content
        + f"\r\n--{mark}--\r\n".encode()
    )
    connection = http.client.HTTPConnection("127.0.0.1", api.port, timeout=30)
    headers = {"Authorization": f"Bearer {api.token}", "Content-Type": f"multipart/form-data; boundary={mark}"}
    try:
        connection.request("POST", "/api/v1/imports", body, headers)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def test_upload_without_space_is_told_and_keeps_nothing(server_with_little_space: Live, small: SmallDisk) -> None:
    api = caller_of_new_business(server_with_little_space.port, slug="uploads")
    rows = "".join(f"Leo,Lind {number},leo{number}@example.org\n" for number in range(200))
    short = f"First name,Last name,E-mail\n{rows}".encode()
    small.fill(leave=100_000)
    status, said = upload(api, short + b"\n" * (4 * MB))
    assert (status, b'"no_space"' in said) == (503, True), said
    assert b"no space left" in said
    assert api.call("GET", "/imports").body["items"] == []
    assert small.others() == []
    small.free()
    assert upload(api, short)[0] == 201
