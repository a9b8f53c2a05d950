"""Telling what is wrong with the database itself, or with the disk, from a mistake of the program."""

from __future__ import annotations

import errno

import psycopg
from django.db import DatabaseError, InterfaceError, NotSupportedError, OperationalError, connection

_NO_SPACE = (errno.ENOSPC, errno.EDQUOT)
_DISK_FULL = "53100"
# Seconds after which it is worth trying again.
RETRY_AFTER = 5


def sqlstate(error: BaseException | None) -> str:
    return getattr(getattr(error, "__cause__", None), "sqlstate", None) or ""


def is_full(error: BaseException | None) -> bool:
    """Whether a disk has no space left: the database's own, or the one that an upload is put on."""
    if isinstance(error, OSError):
        return error.errno in _NO_SPACE
    return isinstance(error, DatabaseError) and sqlstate(error) == _DISK_FULL


def is_outdated(error: BaseException | None) -> bool:
    """Whether a table was changed under a statement that this connection had prepared."""
    return isinstance(error, NotSupportedError) and "cached plan" in str(error)


def is_lost(error: BaseException | None) -> bool:
    """Whether the same request may pass later, as its cause is neither the caller's values nor the program."""
    lost = OperationalError | InterfaceError | psycopg.OperationalError
    return isinstance(error, lost) or is_full(error) or is_outdated(error)


def forget_connection() -> None:
    """Close this thread's connection for good, with all that was prepared on it; the next statement opens a new one."""
    if connection.connection is not None:
        connection.connection.close()
    connection.close()
