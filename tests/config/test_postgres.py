"""The embedded database: made, shared, stopped by the last, and back after a crash with nothing lost."""

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from daybook.config.postgres import APP, LONGEST_SOCKET_DIR, OWNER, Cluster, ClusterProblem

pytestmark = [pytest.mark.database, pytest.mark.faults]


@pytest.fixture
def own_cluster(tmp_path: Path) -> Iterator[Cluster]:
    cluster = Cluster(tmp_path / "data")
    yield cluster
    cluster.release()
    cluster.stop()
    cluster.remove()


def test_cluster_is_made_shared_and_stopped_by_the_last(own_cluster: Cluster) -> None:
    own_cluster.hold()
    other = Cluster(own_cluster.data_dir)
    other.hold()
    own_cluster.release()
    assert other.is_ready()
    other.release()
    assert not own_cluster.is_ready()
    assert not own_cluster.is_running()


def test_rows_and_roles_are_there_after_a_crash(own_cluster: Cluster) -> None:
    own_cluster.hold()
    with psycopg.connect(own_cluster.url(OWNER), autocommit=True) as connection:
        connection.execute("create table kept (id int)")
        connection.execute("insert into kept values (7)")
    own_cluster.kill()
    own_cluster.start()
    with psycopg.connect(own_cluster.url(OWNER)) as connection:
        assert connection.execute("select id from kept").fetchone() == (7,)
        roles = connection.execute(
            "select rolname, rolsuper, rolbypassrls, rolcreatedb from pg_roles where rolname like 'daybook%' order by 1"
        ).fetchall()
    assert roles == [(APP, False, False, False), (OWNER, False, False, True)]


def test_process_id_of_a_dead_server_that_another_process_has_now_is_no_hindrance(own_cluster: Cluster) -> None:
    own_cluster.hold()
    pid_file = own_cluster.location / "pgdata" / "postmaster.pid"
    lines = pid_file.read_text().split("\n")
    own_cluster.release()
    pid_file.write_text("\n".join(["1", *lines[1:]]))
    assert not own_cluster.is_running()
    own_cluster.start()
    assert own_cluster.is_ready()


def test_nobody_gets_in_without_the_password(own_cluster: Cluster) -> None:
    own_cluster.hold()
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(own_cluster.url(APP).replace(own_cluster.password(APP), "wrong"))
    assert (own_cluster.data_dir / "postgres.passwords").stat().st_mode & 0o777 == 0o600
    assert own_cluster.socket_dir.stat().st_mode & 0o777 == 0o700


@pytest.mark.unit
def test_long_path_gets_a_short_socket(tmp_path: Path) -> None:
    cluster = Cluster(tmp_path / ("deep" * 40))
    assert len(str(cluster.socket_dir)) <= LONGEST_SOCKET_DIR
    assert cluster.socket_dir != Cluster(tmp_path / ("deep" * 41)).socket_dir


def test_folder_that_is_a_file_is_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("")
    with pytest.raises(ClusterProblem, match="cannot be written. Choose another"):
        Cluster(tmp_path / "data").hold()
