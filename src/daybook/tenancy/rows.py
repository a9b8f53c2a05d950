"""Writing many rows of one table in one statement, without making an object of each."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import orjson
from django.db import connection, models

from daybook.tenancy.prepared import fetch_prepared
from daybook.tenancy.scope import current_business_id

# A statement's rows are one JSON text: far cheaper to send than an array a column, and no longer than this at once.
_BATCH = 2_000


def insert_rows(model: type[models.Model], rows: Sequence[Mapping[str, Any]], *, skip_known: bool = False) -> None:
    """Write rows given as column → value, all with the same columns, into the open business.

    Values are what JSON can say of them (ids, instants, dates, numbers, texts; a range as PostgreSQL writes it). What is
    not named stays null. With `skip_known` those that are there already are left as they are.
    """
    if not rows:
        return
    statement = _statement(model, tuple(rows[0]), skip_known)
    business_id = current_business_id()
    for start in range(0, len(rows), _BATCH):
        fetch_prepared(statement, [business_id, orjson.dumps(rows[start : start + _BATCH]).decode()])


@lru_cache(maxsize=64)
def _statement(model: type[models.Model], columns: tuple[str, ...], skip_known: bool) -> str:
    types = {str(field.column): field.db_type(connection) for field in model._meta.concrete_fields}
    names = ", ".join(columns)
    shape = ", ".join(f"{column} {types[column]}" for column in columns)
    rest = " on conflict do nothing" if skip_known else ""
    return (
        f"insert into {model._meta.db_table} (business_id, {names}) select %s::bigint, {names} "
        f"from json_to_recordset(%s::json) as new ({shape}){rest}"
    )
