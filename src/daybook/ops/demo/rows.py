"""Rows of the large tables as the story tells them: each tuple's fields are columns of its table."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from psycopg.types.range import TimestamptzRange


class SessionRow(NamedTuple):
    id: UUID
    service_id: UUID
    location_id: UUID
    practitioner_id: UUID
    starts_at: datetime
    ends_at: datetime
    status: str
    completion_type_id: UUID | None
    saved_at: datetime | None
    wage_minor: int | None
    wage_reasons: str | None
    public_note: str
    internal_note: str
    created_at: datetime
    deleted_at: datetime | None
    deleted_by: UUID | None
    assistant_count: int


class AssistantRow(NamedTuple):
    id: UUID
    session_id: UUID
    practitioner_id: UUID
    starts_at: datetime
    wage_minor: int | None
    wage_reasons: str | None


class ParticipantRow(NamedTuple):
    id: UUID
    session_id: UUID
    client_id: UUID
    payer_id: UUID
    starts_at: datetime
    status: str
    completion_type_id: UUID | None
    scheduled_minor: int
    cost_minor: int | None
    tax_minor: int
    reasons: str | None


class OccupancyRow(NamedTuple):
    id: UUID
    resource_id: UUID
    span: TimestamptzRange
    session_id: UUID


class AccountRow(NamedTuple):
    id: UUID
    kind: str
    owner_id: UUID | None


class EntryRow(NamedTuple):
    id: UUID
    kind: str
    occurred_on: date
    recorded_at: datetime
    actor_kind: str
    actor_id: UUID | None
    source_kind: str
    source_id: UUID
    description: str
    reasons: str
    reverses_id: UUID | None


class PostingRow(NamedTuple):
    id: UUID
    entry_id: UUID
    account_id: UUID
    amount_minor: int
    side: str
    occurred_on: date


class InvoiceRow(NamedTuple):
    id: UUID
    client_id: UUID
    bill_to_id: UUID
    number: str
    sequence: int
    state: str
    basis: str
    currency: str
    issued_on: date
    due_on: date
    period_start: date | None
    period_end: date | None
    note: str
    subtotal_minor: int
    tax_minor: int
    total_minor: int
    paid_minor: int
    sent_at: datetime | None
    voided_at: datetime | None
    created_at: datetime


class LineRow(NamedTuple):
    id: UUID
    invoice_id: UUID
    position: int
    description: str
    quantity: Decimal
    unit_minor: int
    tax_rate: Decimal
    amount_minor: int
    tax_minor: int
    participant_id: UUID | None
    is_live: bool


class PaymentRow(NamedTuple):
    id: UUID
    client_id: UUID
    amount_minor: int
    currency: str
    method: str
    received_on: date
    reference: str
    note: str
    receipt_number: int
    refunded_minor: int
    allocated_minor: int
    created_at: datetime


class RefundRow(NamedTuple):
    id: UUID
    payment_id: UUID
    amount_minor: int
    refunded_on: date
    note: str
    created_at: datetime


class AllocationRow(NamedTuple):
    id: UUID
    payment_id: UUID
    invoice_id: UUID
    amount_minor: int


@dataclass(slots=True)
class Batch:
    """A stretch of the story, in the order in which its tables are written.

    Nothing before `entries` needs a row of those, so the books of one batch can be written beside the calendar of
    the next.
    """

    accounts: list[AccountRow] = field(default_factory=list)
    sessions: list[SessionRow] = field(default_factory=list)
    participants: list[ParticipantRow] = field(default_factory=list)
    assistants: list[AssistantRow] = field(default_factory=list)
    occupancies: list[OccupancyRow] = field(default_factory=list)
    payments: list[PaymentRow] = field(default_factory=list)
    refunds: list[RefundRow] = field(default_factory=list)
    invoices: list[InvoiceRow] = field(default_factory=list)
    lines: list[LineRow] = field(default_factory=list)
    allocations: list[AllocationRow] = field(default_factory=list)
    entries: list[EntryRow] = field(default_factory=list)
    postings: list[PostingRow] = field(default_factory=list)

    def calendar(self) -> list[Sequence[NamedTuple]]:
        """What happened, and what was asked and paid for it."""
        return [
            self.accounts, self.sessions, self.participants, self.assistants, self.occupancies, self.payments,
            self.refunds, self.invoices, self.lines, self.allocations,
        ]  # fmt: skip

    def books(self) -> list[Sequence[NamedTuple]]:
        """What the ledger says of it."""
        return [self.entries, self.postings]
