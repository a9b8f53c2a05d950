"""The connections of a serving process: kept, replaced, given up, cut off."""

from __future__ import annotations

import time
from collections.abc import Callable

import psycopg
import pytest
from psycopg.pq import TransactionStatus

from daybook.config.engine import pool as pools
from daybook.config.engine.pool import Pool, WatchedConnection
from daybook.config.postgres import APP
from tests.support.databases import Database, superuser
from tests.support.up import wait_for


@pytest.fixture
def connect(real_database: Database) -> Callable[[], WatchedConnection]:
    url = real_database.cluster.url(APP, real_database.name)
    return lambda: WatchedConnection.connect(url, autocommit=True)


@pytest.fixture
def pool(connect: Callable[[], WatchedConnection]):
    made = Pool(connect, patience=0.3, most_seconds=0.5)
    yield made
    made.close()


def test_connection_given_back_is_lent_again(pool: Pool) -> None:
    first = pool.getconn()
    pool.putconn(first)
    assert pool.getconn() is first
    second = pool.getconn()
    assert second is not first
    pool.putconn(first)
    pool.putconn(second)


def test_what_was_left_open_is_taken_back(pool: Pool) -> None:
    raw = pool.getconn()
    raw.autocommit = False
    raw.execute("create temporary table left_behind (id int)")
    pool.putconn(raw)
    assert raw.pgconn.transaction_status == TransactionStatus.IDLE
    assert pool.getconn() is raw
    assert raw.execute("select to_regclass('left_behind')").fetchone() == (None,)
    raw.rollback()
    pool.putconn(raw)


def test_connection_that_the_server_ended_is_replaced_unseen(pool: Pool, real_database: Database) -> None:
    raw = pool.getconn()
    pool.putconn(raw)
    with superuser(real_database.cluster) as other:
        other.execute("select pg_terminate_backend(%s, 2000)", [raw.info.backend_pid])
    fresh = pool.getconn()
    assert fresh is not raw
    assert fresh.execute("select 1").fetchone() == (1,)
    pool.putconn(fresh)


def test_lost_server_is_looked_for_once_and_found_at_once(connect: Callable[[], WatchedConnection]) -> None:
    answers = [False]

    def sometimes() -> WatchedConnection:
        if answers[0]:
            return connect()
        raise psycopg.OperationalError("not there")

    pool = Pool(sometimes, patience=0.3, most_seconds=5)
    waits = []
    for _ in range(2):
        began = time.monotonic()
        with pytest.raises(psycopg.OperationalError):
            pool.getconn()
        waits.append(time.monotonic() - began)
    assert waits[0] >= 0.3 > 0.15 > waits[1]
    answers[0] = True
    pool.putconn(pool.getconn())
    pool.close()


def test_old_connection_is_not_kept_for_good(pool: Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    raw = pool.getconn()
    pool.putconn(raw)
    monkeypatch.setattr(pools, "LIFETIME_SECONDS", 0)
    fresh = pool.getconn()
    assert (fresh is raw, raw.closed) == (False, True)
    pool.putconn(fresh)


def test_server_that_does_not_answer_loses_the_connection(pool: Pool) -> None:
    raw = pool.getconn()
    began = time.monotonic()
    with pytest.raises(psycopg.OperationalError):
        raw.execute("select pg_sleep(30)")
    assert 0.5 <= time.monotonic() - began < 10
    pool.putconn(raw)
    assert raw.closed
    assert wait_for(lambda: not pool._lent)


def test_connection_at_rest_is_left_alone(pool: Pool) -> None:
    """Lent, in a transaction, and asked nothing: the program is at work."""
    raw = pool.getconn()
    with raw.transaction():
        raw.execute("select 1")
        time.sleep(1.2)
        assert raw.execute("select 2").fetchone() == (2,)
    pool.putconn(raw)
