"""The connections of one serving process: kept while they live, and never waited for longer than is bearable."""

from __future__ import annotations

import os
import select
import socket
from collections.abc import Callable
from threading import Condition, Lock, Thread
from time import monotonic, sleep
from typing import Any

import psycopg
from psycopg.pq import TransactionStatus

RETRY_SECONDS = 0.2
WATCH_SECONDS = 0.5
LIFETIME_SECONDS = 3600.0


class WatchedConnection(psycopg.Connection[Any]):
    """A connection that knows since when it waits for the server's answer."""

    made_at = 0.0
    asked_at = 0.0
    was_cut = False

    def wait(self, *arguments: Any, **options: Any) -> Any:
        self.asked_at = monotonic()
        return super().wait(*arguments, **options)

    def is_overdue(self, now: float, most: float) -> bool:
        return self.pgconn.transaction_status == TransactionStatus.ACTIVE and now - self.asked_at > most

    def cut(self) -> None:
        """Break the connection from another thread: whoever waits on it gets an error at once."""
        self.was_cut = True
        with socket.socket(fileno=os.dup(self.pgconn.socket)) as line:
            line.shutdown(socket.SHUT_RDWR)


class Pool:
    """Connections of which each thread of the process borrows one for a request.

    The last one given back is lent first. One that the server has closed meanwhile is replaced unseen. Where the server
    cannot be reached, a borrower tries for `patience` seconds, counted from when it was first missed: so a restart of
    the database passes unseen, and a long absence costs no request more than one try. A server that takes a question
    and does not answer within `most_seconds` loses the connection: its own limits should have ended it before.
    """

    def __init__(self, connect: Callable[[], WatchedConnection], *, patience: float, most_seconds: float) -> None:
        self._connect, self._patience, self._most_seconds = connect, patience, most_seconds
        self._lock = Lock()
        self._idle: list[WatchedConnection] = []
        self._lent: set[WatchedConnection] = set()
        self._missed_at: float | None = None
        self._is_lent = Condition(self._lock)
        self._watch: Thread | None = None

    # What Django calls -----------------------------------------------------------------------------------------

    def open(self) -> None:
        """Nothing: connections are made when they are asked for."""

    def getconn(self) -> WatchedConnection:
        """A connection that was alive a moment ago. Raises OperationalError when there is no server to connect to."""
        raw = self._kept() or self._new()
        raw._pool = self  # type: ignore[assignment]
        raw.asked_at = monotonic()
        with self._lock:
            self._lent.add(raw)
            self._is_lent.notify()
            if self._watch is None:
                self._watch = Thread(target=self._cut_overdue, name="daybook-database-watch", daemon=True)
                self._watch.start()
        return raw

    def putconn(self, raw: WatchedConnection) -> None:
        """Take a connection back; one that is broken, or in the middle of something, is closed."""
        with self._lock:
            self._lent.discard(raw)
        if not raw.closed and not raw.was_cut and _is_clean(raw):
            with self._lock:
                self._idle.append(raw)
        else:
            raw.close()

    def close(self) -> None:
        with self._lock:
            idle, self._idle = self._idle, []
        for raw in idle:
            raw.close()

    # Inside ----------------------------------------------------------------------------------------------------

    def _kept(self) -> WatchedConnection | None:
        while True:
            with self._lock:
                if not self._idle:
                    return None
                raw = self._idle.pop()
            if _is_quiet(raw) and monotonic() - raw.made_at < LIFETIME_SECONDS:
                return raw
            raw.close()

    def _new(self) -> WatchedConnection:
        while True:
            began = monotonic()
            try:
                raw = self._connect()
            except psycopg.OperationalError:
                self._missed_at = missed = self._missed_at or began
                if monotonic() - missed >= self._patience:
                    raise
                sleep(RETRY_SECONDS)
            else:
                self._missed_at = None
                raw.made_at = monotonic()
                return raw

    def _cut_overdue(self) -> None:
        while True:
            with self._lock:
                while not self._lent:
                    self._is_lent.wait()
                lent = list(self._lent)
            now = monotonic()
            for raw in lent:
                try:
                    if raw.is_overdue(now, self._most_seconds):
                        raw.cut()
                except (psycopg.Error, OSError):
                    pass  # it was closed meanwhile
            sleep(WATCH_SECONDS)


def _is_quiet(raw: WatchedConnection) -> bool:
    """Whether an idle connection is as it was left: what the server says unasked is that it ends."""
    try:
        line = select.poll()
        line.register(raw.pgconn.socket, select.POLLIN)
        return not line.poll(0)
    except (psycopg.Error, OSError):
        return False


def _is_clean(raw: WatchedConnection) -> bool:
    """Whether nothing is open on a connection, after taking back what was."""
    try:
        if raw.pgconn.transaction_status in (TransactionStatus.INTRANS, TransactionStatus.INERROR):
            raw.rollback()
        return bool(raw.pgconn.transaction_status == TransactionStatus.IDLE)
    except psycopg.Error:
        return False
