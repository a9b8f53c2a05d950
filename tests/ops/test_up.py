"""`daybook up` with real processes: start, stop, crash, and start again."""

from __future__ import annotations

import os
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from daybook.config.postgres import Cluster
from tests.support.live import free_port, status, wait_until_healthy
from tests.support.up import Up, running, wait_for

pytestmark = [pytest.mark.database, pytest.mark.faults]


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """One data folder for all: making the database is not what is tested here."""
    folder = tmp_path_factory.mktemp("up") / "data"
    folder.mkdir()
    yield folder
    cluster = Cluster(folder)
    cluster.stop()
    cluster.remove()


def is_gone(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] in "ZX"
    except FileNotFoundError:
        return True


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_up_says_one_line_answers_and_stops_everything(data_dir: Path, sign: signal.Signals) -> None:
    with running(data_dir) as up:
        assert up.wait_until_ready() == f"Daybook is ready at http://127.0.0.1:{up.port}/\n"
        assert status(up.port) == 200
        children = up.children()
        assert up.stop(sign) == (0, "")
    assert all(is_gone(each) for each in children)
    assert not Cluster(data_dir).is_running()
    assert status(up.port) is None


def test_second_up_on_the_same_data_is_refused(data_dir: Path) -> None:
    with running(data_dir) as up:
        up.wait_until_ready()
        said = Up(data_dir, free_port()).wait_for_refusal()
        assert "Daybook is running already on the data folder" in said
        assert status(up.port) == 200


def test_used_port_is_refused_before_anything_starts(data_dir: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        said = Up(data_dir, taken.getsockname()[1]).wait_for_refusal()
    assert "cannot be used (Address already in use). Choose another with --port." in said
    assert not Cluster(data_dir).is_running()


def test_up_starts_again_after_kill_9_on_the_same_port(data_dir: Path) -> None:
    with running(data_dir) as first:
        first.wait_until_ready()
        children = first.children()
        first.kill()
    with running(data_dir, first.port) as second:
        assert second.wait_until_ready().startswith("Daybook is ready")
        assert all(is_gone(each) for each in children)
        assert status(second.port) == 200
        assert second.stop(signal.SIGTERM)[0] == 0


def test_what_dies_is_started_again(data_dir: Path) -> None:
    with running(data_dir) as up:
        up.wait_until_ready()
        before = up.children()
        for each in before:
            os.kill(each, signal.SIGKILL)
        assert wait_for(lambda: not set(before) & set(up.children()) and len(up.children()) == len(before))
        wait_until_healthy(up.port)
        Cluster(data_dir).kill()
        assert wait_for(lambda: status(up.port) == 503 or "the database has ended" in up.said())
        wait_until_healthy(up.port)
        assert "the web server ended (signal SIGKILL)" in up.said()
        assert "the database has ended and is started again" in up.said()
        assert up.stop(signal.SIGTERM)[0] == 0
