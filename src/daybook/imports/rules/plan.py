"""What planning starts from and what it comes to: the facts that are there, the plan, and what one row adds to it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from daybook.catalog.rules import DatedRate
from daybook.imports.rules.items import RowProblem, SaleItem, SourceRow
from daybook.imports.rules.roster import Person
from daybook.imports.rules.timetable import Timetable
from daybook.payments.rules import NewPayment
from daybook.scheduling.rules import CompletionFacts, LocationFacts, ServiceFacts
from daybook.scheduling.rules.whole import WholeSession


@dataclass(slots=True)
class Known:
    """What is there before the import. `foreign` maps (kind, number in the file's system) to a record's id.

    `zone` is that of the file's times, `home_zone` the business's, by whose days rates and books go.
    """

    people: Iterable[Person]
    foreign: Mapping[tuple[str, str], UUID]
    services: Mapping[UUID, ServiceFacts]
    locations: Mapping[UUID, LocationFacts]
    types: Mapping[str, CompletionFacts]
    client_rates: Mapping[tuple[UUID, UUID], tuple[DatedRate, ...]]
    wage_rates: Mapping[tuple[UUID, UUID], tuple[DatedRate, ...]]
    timetable: Timetable
    digests: frozenset[str]
    assigned: frozenset[tuple[UUID, UUID]]
    currency: str
    currency_digits: int
    zone: str
    home_zone: str
    now: datetime
    today: date


@dataclass(frozen=True, slots=True)
class NewPerson:
    """Columns of a person to be made, checked; the practitioners to assign to it."""

    id: UUID
    values: Mapping[str, Any]
    practitioner_ids: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class Record:
    """What a row made or found: `kind` is person, service, location, session, payment, balance, sale."""

    row: int
    part: int
    kind: str
    id: UUID
    is_new: bool
    foreign_id: str = ""


@dataclass(slots=True)
class Plan:
    """Everything to be written, in the order of writing, and what became of each row."""

    services: list[tuple[UUID, dict[str, Any]]] = field(default_factory=list)
    locations: list[tuple[UUID, dict[str, Any]]] = field(default_factory=list)
    people: list[NewPerson] = field(default_factory=list)
    assignments: dict[tuple[UUID, UUID], str] = field(default_factory=dict)
    sessions: list[WholeSession] = field(default_factory=list)
    payments: list[tuple[UUID, NewPayment]] = field(default_factory=list)
    balances: list[tuple[UUID, UUID, int]] = field(default_factory=list)
    sales: list[tuple[UUID, UUID, SaleItem]] = field(default_factory=list)
    records: list[Record] = field(default_factory=list)
    problems: list[RowProblem] = field(default_factory=list)
    notices: list[RowProblem] = field(default_factory=list)
    created: int = 0
    matched: int = 0
    skipped: int = 0
    taken_rows: list[SourceRow] = field(default_factory=list)
    skipped_rows: list[SourceRow] = field(default_factory=list)

    def count(self, kind: str) -> int:
        return sum(1 for record in self.records if record.is_new and record.kind == kind)


class RowRefused(Exception):
    """A row cannot be taken: our field, the code of the sentence, its facts; `row` when a row that was joined is at fault."""

    def __init__(self, field: str, code: str, row: int = 0, **data: Any) -> None:
        super().__init__(code)
        self.field, self.code, self.row, self.data = field, code, row, data


@dataclass(slots=True)
class Step:
    """What one row would write; kept when all of it is right, forgotten when any of it is not."""

    row: SourceRow
    services: list[tuple[UUID, dict[str, Any]]] = field(default_factory=list)
    locations: list[tuple[UUID, dict[str, Any]]] = field(default_factory=list)
    people: list[NewPerson] = field(default_factory=list)
    made: list[Person] = field(default_factory=list)
    assignments: list[tuple[UUID, UUID]] = field(default_factory=list)
    source: str = "preassigned"
    sessions: list[WholeSession] = field(default_factory=list)
    payments: list[tuple[UUID, NewPayment]] = field(default_factory=list)
    balances: list[tuple[UUID, UUID, int]] = field(default_factory=list)
    sales: list[tuple[UUID, UUID, SaleItem]] = field(default_factory=list)
    records: list[Record] = field(default_factory=list)
    notices: list[RowProblem] = field(default_factory=list)

    def record(self, kind: str, record_id: UUID, *, is_new: bool, foreign_id: str = "") -> None:
        self.records.append(Record(self.row.number, self.row.part, kind, record_id, is_new, foreign_id))
