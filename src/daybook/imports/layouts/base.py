"""What a layout says: the columns of one system's file, and how a row becomes items."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as made_by
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from daybook.imports.rules.items import Item

Kind = Literal[
    "text",
    "long_text",
    "name",
    "names",
    "email",
    "phone",
    "date",
    "time",
    "moment",
    "money",
    "whole",
    "yes_no",
    "choice",
    "percent",
]
Values = Mapping[str, Any]

# Records of a later kind refer to those of an earlier one.
RECORD_ORDER = ("services", "practitioners", "clients", "balances", "sessions", "sales", "payments")


@dataclass(frozen=True, slots=True)
class Column:
    """One column: our field, the headings it goes by (the first is the one that we write), and what its cells hold."""

    field: str
    names: tuple[str, ...]
    kind: Kind = "text"
    required: bool = False
    choices: Mapping[str, str] = made_by(default_factory=dict)
    empty: frozenset[str] = frozenset()
    help: str = ""

    @property
    def heading(self) -> str:
        return self.names[0]


@dataclass(frozen=True, slots=True)
class Layout:
    """A file that one system writes.

    `build` turns a row's values into items. `needs` lists fields of which one set must have a column (any of them),
    `signature` headings that only this system writes, as they are compared (`|` between other forms of one). `drops` says which rows
    are no records: totals, groups, examples. `total` is the field of amounts whose sum is "their total" unless a row
    of totals states it, `amount` what one row adds to it; a layout or a file without amounts counts its rows.
    `joins` says that rows of one time are one session of several clients. Layouts of one `family` are the tables of one
    file, chosen and shown under the family's name.
    """

    name: str
    label: str
    system: str
    record: str
    columns: tuple[Column, ...]
    build: Callable[[Values, Setting], Sequence[Item]]
    signature: tuple[str, ...] = ()
    needs: tuple[frozenset[str], ...] = ()
    weight: int = 0
    drops: Callable[[Sequence[str], Values], str | None] = lambda texts, values: None
    total: str | None = None
    amount: Callable[[Values], int | None] = lambda values: None
    joins: bool = False
    family: str = ""
    asks_time_zone: bool = False
    help: str = ""

    @property
    def public_name(self) -> str:
        return self.family or self.name

    def is_complete(self, fields: Iterable[str]) -> bool:
        return not self.missing(fields)

    def missing(self, fields: Iterable[str]) -> list[str]:
        """Headings of needed columns that are not among `fields`."""
        there = set(fields)
        single = [column.heading for column in self.columns if column.required and column.field not in there]
        sets = [
            " / ".join(self.column(name).heading for name in sorted(names)) for names in self.needs if not names & there
        ]
        return single + sets

    def is_signed(self, headings: Iterable[str]) -> bool:
        there = set(headings)
        return all(any(name in there for name in names.split("|")) for names in self.signature)

    def column(self, name: str) -> Column:
        return next(column for column in self.columns if column.field == name)


@dataclass(frozen=True, slots=True)
class Setting:
    """What a row's meaning depends on besides its cells."""

    currency: str
    time_zone: str
    system: str = ""
