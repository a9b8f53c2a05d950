"""The records of a file in our words, whatever system it came from."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any


@dataclass(frozen=True, slots=True)
class PersonRef:
    """A person as another record names it: by whatever the file knows. `make` lets a missing one be made."""

    role: str
    text: str = ""
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    phone: str = ""
    foreign_id: str = ""
    make: bool = False

    @property
    def label(self) -> str:
        return self.text or f"{self.first_name} {self.last_name}".strip() or self.email or self.foreign_id


@dataclass(frozen=True, slots=True)
class PersonItem:
    """A client, practitioner or staff member. Empty texts are unknown."""

    role: str
    first_name: str
    last_name: str = ""
    preferred_name: str = ""
    email: str = ""
    phone: str = ""
    address: str = ""
    birthday: date | None = None
    status: str = "active"
    username: str = ""
    notes: str = ""
    tags: tuple[str, ...] = ()
    inactive_on: date | None = None
    practitioners: tuple[str, ...] = ()
    agent: str = ""
    foreign_id: str = ""
    custom: tuple[tuple[str, str], ...] = ()

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()


@dataclass(frozen=True, slots=True)
class ServiceItem:
    """A service. Amounts in minor units."""

    name: str
    kind: str = "hourly"
    cost_minor: int = 0
    wage_minor: int = 0
    minutes: int = 60
    description: str = ""
    tax_rate: Decimal = Decimal(0)
    buffer_before: int = 0
    buffer_after: int = 0
    is_concurrent: bool = False
    client_bookable: bool = False
    foreign_id: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """A client's place in a session, with the outcome and, where the file says it, the cost (net, minor units).

    An outcome of `auto` is that of systems that keep none: completed once its time is over, open before.
    """

    client: PersonRef
    status: str
    cost_minor: int | None = None
    row: int = 0


@dataclass(frozen=True, slots=True)
class SessionItem:
    """One session. Date and times are local to the import's time zone; `end` may be on the next day.

    `practitioner` leads it, and earns `wage_minor` where the file names one.
    """

    service: str
    practitioner: PersonRef
    places: tuple[Place, ...]
    day: date
    start: time
    end: time
    location: str = ""
    public_note: str = ""
    internal_note: str = ""
    wage_minor: int | None = None
    make_service: bool = False
    service_foreign_id: str = ""
    service_cost_minor: int = 0
    foreign_id: str = ""
    assistants: tuple[PersonRef, ...] = ()

    @property
    def group_key(self) -> tuple[Any, ...]:
        """The same for rows that are one session of several clients."""
        return (self.service.casefold(), self.practitioner.label.casefold(), self.day, self.start, self.end)

    @property
    def minutes(self) -> int:
        """Length by the wall clock; past midnight when the end is not after the start."""
        start = self.start.hour * 60 + self.start.minute
        return (self.end.hour * 60 + self.end.minute - start) % 1440


@dataclass(frozen=True, slots=True)
class PaymentItem:
    """Money received from a client."""

    client: PersonRef
    received_on: date
    amount_minor: int
    method: str = "other"
    reference: str = ""
    note: str = ""
    foreign_id: str = ""


@dataclass(frozen=True, slots=True)
class BalanceItem:
    """What a client has to the good (positive) or owes (negative) in the old system."""

    client: PersonRef
    balance_minor: int


@dataclass(frozen=True, slots=True)
class SaleItem:
    """Something sold: a charge to a client, and what was paid for it there and then; both negative for a return."""

    client: PersonRef
    sold_on: date
    description: str
    total_minor: int
    paid_minor: int
    method: str = "other"
    reference: str = ""
    foreign_id: str = ""


Item = PersonItem | ServiceItem | SessionItem | PaymentItem | BalanceItem | SaleItem


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A row of the file that holds a record: what it said, its fingerprint, its items.

    A row that only brings another client to an earlier row's session has none, and `joins` is that row's number.
    """

    number: int
    sheet: str
    digest: str
    texts: tuple[str, ...]
    items: tuple[Item, ...]
    part: int = 0
    joins: int = 0
    amount_minor: int | None = None


@dataclass(frozen=True, slots=True)
class RowProblem:
    """Why a row cannot be taken: the column's heading (empty for the whole row), a code, and its facts."""

    row: int
    column: str
    code: str
    data: Mapping[str, Any] = field(default_factory=dict)
    sheet: str = ""

    def as_json(self) -> dict[str, Any]:
        return {"row": self.row, "column": self.column, "code": self.code, "data": dict(self.data), "sheet": self.sheet}


def as_datetime(day: date, clock: time) -> datetime:
    """The naive wall-clock moment, for sorting and comparing only."""
    return datetime.combine(day, clock)  # noqa: DTZ - a wall clock without its zone
