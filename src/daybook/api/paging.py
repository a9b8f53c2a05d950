"""Lists by cursor: each page starts after the last row of the one before, so that new rows shift nothing."""

import base64
import binascii
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Annotated, Any, Generic, TypeVar

import orjson
from django.core.exceptions import ValidationError
from django.db.models import DateTimeField, Q, QuerySet
from django.db.models import Field as ModelField
from pydantic import Field, StringConstraints

from daybook.api.schemas import In, Out
from daybook.core.errors import InvalidInput

Item = TypeVar("Item")
MOST = 500


class Paging(In):
    """The paging part of every list's query: `page: Query[Paging]`, or a filter class that inherits it."""

    limit: Annotated[int, Field(ge=1, le=MOST)] = 50
    cursor: Annotated[str, StringConstraints(max_length=1000)] | None = None


class Page(Out, Generic[Item]):
    """One page of a list: `response=Page[ClientOut]`."""

    items: list[Item]
    next_cursor: str | None


def chosen(**conditions: Any) -> dict[str, Any]:
    """The conditions that a caller gave: those that are not None."""
    return {name: value for name, value in conditions.items() if value is not None}


def encode_cursor(values: Sequence[Any]) -> str:
    return base64.urlsafe_b64encode(orjson.dumps(list(values), default=str)).decode().rstrip("=")


def decode_cursor(cursor: str, length: int) -> list[Any]:
    """The values that a cursor holds. Raises InvalidInput for one that we did not make."""
    try:
        values = orjson.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, binascii.Error):
        raise InvalidInput(field="cursor", problem="cursor") from None
    if (
        not isinstance(values, list)
        or len(values) != length
        or any(isinstance(value, str) and "\x00" in value for value in values)
    ):
        raise InvalidInput(field="cursor", problem="cursor")
    return values


def page_of(
    rows: QuerySet, page: Paging, *, order: Sequence[str], shape: Callable[[Any], dict[str, Any]]
) -> dict[str, Any]:
    """One page of `rows` in `order` (fields or annotations, never null; `-` for descending; the last one unique).

    One query. Each row is shaped by `shape`.
    """
    names = [name.lstrip("-") for name in order]
    if page.cursor is not None:
        rows = rows.filter(_after(rows, order, decode_cursor(page.cursor, len(order))))
    found = list(rows.order_by(*order)[: page.limit + 1])
    more = len(found) > page.limit
    found = found[: page.limit]
    following = encode_cursor([_value(found[-1], name) for name in names]) if more else None
    return {"items": [shape(row) for row in found], "next_cursor": following}


def _value(row: Any, name: str) -> Any:
    return row[name] if isinstance(row, dict) else getattr(row, name)


def _after(rows: QuerySet, order: Sequence[str], texts: list[Any]) -> Q:
    """Rows behind the given values: (a > x) or (a = x and b > y) …, with a >= x beside it for the index."""
    behind, same = Q(), Q()
    for position, (name, text) in enumerate(zip(order, texts, strict=True)):
        field = name.lstrip("-")
        value = _as_field(rows, field, text)
        step = "lt" if name.startswith("-") else "gt"
        behind |= same & Q(**{f"{field}__{step}": value})
        same &= Q(**{field: value})
        if position == 0:
            edge = Q(**{f"{field}__{step}e": value})
    return edge & behind


def _as_field(rows: QuerySet, name: str, text: Any) -> Any:
    """A cursor's value as the field holds it; instants came with their offset, as we wrote them."""
    annotation = rows.query.annotations.get(name)
    field: ModelField = annotation.output_field if annotation is not None else rows.model._meta.get_field(name)
    try:
        value = datetime.fromisoformat(text) if isinstance(field, DateTimeField) else field.to_python(text)
    except (ValidationError, ValueError, TypeError, OverflowError):
        value = None
    if value is None or (isinstance(value, datetime) and value.tzinfo is None):
        raise InvalidInput(field="cursor", problem="cursor")
    return value
