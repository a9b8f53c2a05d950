"""Rows as objects, made from values at hand."""

from collections.abc import Iterable
from typing import TypeVar

from django.db import DEFAULT_DB_ALIAS, models
from django.db.models.base import ModelState

M = TypeVar("M", bound=models.Model)


def row_of(model: type[M], values: Iterable[tuple[str, object]]) -> M:
    """The row of a table with these columns (`client_id`), as if it had just been read.

    As `from_db`, without calling the constructor, which every request would feel: no signals are sent, and a column
    that is not among the values is read when it is asked for.
    """
    row = model.__new__(model)
    state = row.__dict__
    state.update(values)
    state["_state"] = kept = ModelState()
    kept.adding = False
    kept.db = DEFAULT_DB_ALIAS
    return row
