"""Statements that PostgreSQL plans once a connection: for the few paths where planning would cost more than running."""

from collections.abc import Mapping, Sequence
from typing import Any

import psycopg
from django.db import connection


def fetch_prepared(statement: str, values: Mapping[str, Any] | Sequence[Any]) -> list[tuple[Any, ...]]:
    """Run a statement as a prepared one and give its rows (none for a statement that answers none).

    Values travel apart from the text, so each needs a cast where PostgreSQL cannot tell its type. Errors come as
    Django's, with the driver's own as cause.
    """
    connection.ensure_connection()
    raw = connection.connection
    if raw.prepare_threshold is None:
        raw.prepare_threshold = 5
    with connection.wrap_database_errors, psycopg.Cursor(raw) as cursor:
        cursor.execute(statement, values, prepare=True)
        return cursor.fetchall() if cursor.description else []
