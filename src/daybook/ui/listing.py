"""Lists: what the address says of sort, search, page and columns, for the view and for the table's head."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise

PAGE_SIZE = 50
MOST_PAGES = 100_000


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a list. `order` are the fields to sort by (none: it does not sort); `fixed` cannot be hidden."""

    name: str
    label: str | Promise
    order: Sequence[str] = ()
    numeric: bool = False
    fixed: bool = False
    hidden: bool = False


@dataclass(slots=True)
class Page:
    """One page of rows. `total` is None where counting would cost more than it tells."""

    rows: Sequence[Any]
    number: int
    size: int
    total: int | None
    has_next: bool

    def __iter__(self) -> Iterator[Any]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def has_previous(self) -> bool:
        return self.number > 1

    @property
    def first(self) -> int:
        return (self.number - 1) * self.size + 1 if self.rows else 0

    @property
    def last(self) -> int:
        return (self.number - 1) * self.size + len(self.rows)


@dataclass(slots=True)
class Listing:
    """The state of a list, read from the address and from the cookie of its hidden columns.

    `name` names the list for that cookie; `default` is the column sorted by, `-name` for descending.
    """

    name: str
    columns: Sequence[Column]
    default: str
    address: Mapping[str, str] = field(default_factory=dict)
    hidden: frozenset[str] = frozenset()
    q: str = ""
    sort: str = ""
    descending: bool = False
    number: int = 1
    size: int = PAGE_SIZE
    shows: dict[str, bool] = field(init=False)
    """Column name → shown; for `{% if listing.shows.phone %}`."""

    def __post_init__(self) -> None:
        self.shows = {column.name: column.name not in self.hidden for column in self.columns}

    @classmethod
    def read(cls, request: Any, name: str, columns: Sequence[Column], default: str, size: int = PAGE_SIZE) -> Listing:
        """From a request's `GET` and `COOKIES`. Anything that makes no sense counts as not given."""
        address = request.GET
        asked = address.get("sort", "") or default
        known = {column.name for column in columns if column.order}
        if asked.lstrip("-") not in known:
            asked = default
        page = address.get("page", "1")
        number = min(int(page), MOST_PAGES) if page.isascii() and page.isdecimal() and len(page) < 8 else 1
        cookie = request.COOKIES.get(f"daybook_columns_{name}")
        if cookie is None:
            hidden = frozenset(column.name for column in columns if column.hidden)
        else:
            hidden = frozenset(cookie.split(".")) - {column.name for column in columns if column.fixed}
        q = address.get("q", "").replace("\x00", "").strip()[:200]
        return cls(
            name, columns, default, address, hidden, q, asked.lstrip("-"), asked.startswith("-"), max(number, 1), size
        )

    @property
    def ordering(self) -> list[str]:
        """Fields for `order_by`, turned round when descending."""
        order = next(column.order for column in self.columns if column.name == self.sort)
        if not self.descending:
            return list(order)
        return [field[1:] if field.startswith("-") else f"-{field}" for field in order]

    def page_of(self, rows: Any, total: int | None = None) -> Page:
        """The page asked for, of a queryset or a list: one row more is read, to know whether there is a next page."""
        start = (self.number - 1) * self.size
        found = list(rows[start : start + self.size + 1])
        return Page(found[: self.size], self.number, self.size, total, len(found) > self.size)
