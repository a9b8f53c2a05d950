"""Shapes of money."""

from decimal import Decimal, InvalidOperation
from typing import Annotated, Any, Literal

from pydantic import Field, PlainValidator, StringConstraints, WithJsonSchema
from pydantic_core import PydanticCustomError

from daybook.api.fields import (
    Amount,
    AmountText,
    Day,
    DayText,
    FilterId,
    Id,
    IdText,
    InstantText,
    SignedAmount,
)
from daybook.api.paging import Paging
from daybook.api.schemas import OMITTED, In, Out, ReasonOut

Method = Literal["cash", "check", "card", "bank", "paypal", "other"]
PaymentStatus = Literal["received", "partly_refunded", "refunded", "deleted"]
InvoiceStatus = Literal["draft", "sent", "partly_paid", "paid", "overdue", "void"]
Basis = Literal["completed", "scheduled"]
MessageStatus = Literal["waiting", "sent", "failed"]
Reference = Annotated[str, StringConstraints(max_length=120)]
Note = Annotated[str, StringConstraints(max_length=500)]
LongNote = Annotated[str, StringConstraints(max_length=2000)]


def _decimal(value: object) -> Decimal:
    """A plain number, as JSON or as a text, of a size that a document can hold."""
    if isinstance(value, bool) or not isinstance(value, int | float | str) or len(str(value)) > 20:
        raise PydanticCustomError("number", "This must be a number.")
    try:
        found = Decimal(str(value))
    except InvalidOperation:
        raise PydanticCustomError("number", "This must be a number.") from None
    if not found.is_finite() or abs(found) > 10**9:
        raise PydanticCustomError("number", "This must be a number.")
    return found


_NUMBER: dict[str, Any] = {"anyOf": [{"type": "number"}, {"type": "string", "pattern": r"^[0-9]+(\.[0-9]+)?$"}]}
Quantity = Annotated[Decimal, PlainValidator(_decimal), WithJsonSchema(_NUMBER | {"example": 1})]
Percent = Annotated[
    Decimal, PlainValidator(_decimal), WithJsonSchema(_NUMBER | {"example": "19", "description": "percent"})
]


# ── balances ──


class BalanceOut(Out):
    payments: AmountText
    costs: Annotated[AmountText, Field(description="tax included")]
    scheduled: AmountText
    balance: Annotated[AmountText, Field(description="payments − costs")]
    available_credit: Annotated[AmountText, Field(description="balance − scheduled")]
    package_sessions_left: int
    explain: list[ReasonOut]


class ClientBalanceOut(Out):
    client: IdText
    name: str
    payments: AmountText
    costs: AmountText
    scheduled: AmountText
    balance: AmountText
    available_credit: AmountText


class BalanceFilter(Paging):
    owing: bool | None = OMITTED


class StatementFilter(Paging):
    # A statement is one document: all of it, up to a length that an answer can carry, unless fewer lines are asked for.
    limit: Annotated[int, Field(ge=1, le=10_000)] = 10_000
    from_: Annotated[Day, Field(alias="from")] = OMITTED
    to: Day = OMITTED


class StatementEntryOut(Out):
    id: IdText
    date: DayText
    kind: str
    description: str
    amount: Annotated[AmountText, Field(description="above zero: paid; below: charged")]
    balance: Annotated[AmountText, Field(description="after this entry")]
    reversal: bool
    explain: list[ReasonOut]


class StatementOut(Out):
    opening: AmountText
    entries: Annotated[list[StatementEntryOut], Field(description="newest last; the cursor leads to older ones")]
    closing: AmountText
    next_cursor: str | None


# ── payments ──


class PaymentIn(In):
    client: Id
    amount: Amount
    method: Method
    received_on: Day = OMITTED
    reference: Reference = ""
    note: Note = ""
    invoice: Annotated[Id, Field(description="applied to this one first; a draft is issued")] = OMITTED


class PaymentChange(In):
    reference: Reference = OMITTED
    note: Note = OMITTED


class AllocationOut(Out):
    invoice: IdText
    number: str
    amount: AmountText


class RefundOut(Out):
    id: IdText
    amount: AmountText
    refunded_on: DayText
    note: str


class PaymentOut(Out):
    id: IdText
    client: IdText
    amount: AmountText
    method: Method
    received_on: DayText
    reference: str
    note: str
    invoice: IdText | None
    allocations: list[AllocationOut]
    refunded: AmountText
    refunds: list[RefundOut]
    credit: Annotated[AmountText, Field(description="neither given back nor applied")]
    gateway: str
    status: PaymentStatus
    receipt_number: str
    receipt_url: str
    created_at: InstantText


class PaymentFilter(Paging):
    client: FilterId = OMITTED
    method: Method = OMITTED
    from_: Annotated[Day, Field(alias="from")] = OMITTED
    to: Day = OMITTED
    received_on: Day = OMITTED
    amount: Amount = OMITTED
    reference: Reference = OMITTED
    invoice: FilterId = OMITTED
    status: Literal["received", "partly_refunded", "refunded"] = OMITTED
    deleted: bool = False


class PaymentsOut(Out):
    items: list[PaymentOut]


class RefundIn(In):
    amount: Annotated[Amount, Field(description="all that is left, if not given")] = OMITTED
    refunded_on: Day = OMITTED
    note: Note = ""


# ── invoices ──


class LineIn(In):
    description: Annotated[str, StringConstraints(max_length=300)] = ""
    quantity: Quantity = Decimal(1)
    unit_amount: Annotated[SignedAmount, Field(description="net; below zero for a discount")] = 0
    tax_rate: Percent = Decimal(0)
    session: Annotated[Id, Field(description="bill the client's place in it, at its own cost")] = OMITTED


class InvoiceIn(In):
    client: Id
    bill_to: Id = OMITTED
    lines: Annotated[list[LineIn], Field(max_length=500)] = OMITTED
    from_: Annotated[Day, Field(alias="from")] = OMITTED
    to: Day = OMITTED
    basis: Basis = "completed"
    issued_on: Day = OMITTED
    due_on: Day = OMITTED
    note: LongNote = ""


class InvoiceChange(In):
    bill_to: Id = OMITTED
    lines: Annotated[list[LineIn], Field(max_length=500)] = OMITTED
    due_on: Day = OMITTED
    note: LongNote = OMITTED


class InvoicesIn(In):
    from_: Annotated[Day, Field(alias="from")]
    to: Day
    basis: Basis = "completed"
    clients: Annotated[list[Id], Field(max_length=1000)] = OMITTED
    due_on: Day = OMITTED
    note: LongNote = ""


class LineOut(Out):
    description: str
    quantity: float
    unit_amount: AmountText
    tax_rate: Annotated[str, Field(description="percent")]
    amount: Annotated[AmountText, Field(description="net")]
    tax: AmountText
    session: IdText | None
    date: DayText | None


class InvoiceOut(Out):
    id: IdText
    client: IdText
    bill_to: IdText
    number: str
    status: InvoiceStatus
    basis: Literal["completed", "scheduled", "lines"]
    issued_on: DayText
    due_on: DayText
    sent_at: InstantText | None
    lines: list[LineOut]
    subtotal: AmountText
    tax: AmountText
    total: AmountText
    paid: AmountText
    due: AmountText
    note: str
    pdf_url: str


class InvoiceFilter(Paging):
    client: FilterId = OMITTED
    bill_to: FilterId = OMITTED
    status: InvoiceStatus = OMITTED
    number: Annotated[str, StringConstraints(max_length=40)] = OMITTED
    issued_on: Day = OMITTED
    due_on: Day = OMITTED
    from_: Annotated[Day, Field(alias="from")] = OMITTED
    to: Day = OMITTED


class BulkInvoiceOut(Out):
    client: IdText
    invoice: InvoiceOut | None
    code: str | None
    detail: str | None


class BulkInvoicesOut(Out):
    items: list[BulkInvoiceOut]


class PayIn(In):
    amount: Annotated[Amount, Field(description="all that is due, if not given")] = OMITTED
    method: Method = "other"
    received_on: Day = OMITTED
    reference: Reference = ""
    note: Note = ""


# ── the outbox, the ledger ──


class MessageOut(Out):
    id: IdText
    channel: str
    to: IdText | None
    to_address: str
    event: str
    subject: str
    body: str
    attachment: str
    status: MessageStatus
    error: str
    created_at: InstantText
    sent_at: InstantText | None


class MessageFilter(Paging):
    status: MessageStatus = OMITTED
    event: Annotated[str, StringConstraints(max_length=40)] = OMITTED
    to: FilterId = OMITTED


class LedgerOut(Out):
    balanced: bool
    transactions: Annotated[int, Field(description="journal entries")]
    entries: Annotated[int, Field(description="postings")]
    seals: int
    problems: list[dict[str, Any]]


class PeriodFilter(In):
    from_: Annotated[Day, Field(alias="from")] = OMITTED
    to: Day = OMITTED


class WageRowOut(Out):
    practitioner: IdText
    name: str
    sessions: int
    earned: AmountText
    paid: AmountText
    owed: Annotated[AmountText, Field(description="now, over all time")]


class WageTotalsOut(Out):
    sessions: int
    earned: AmountText
    paid: AmountText
    owed: AmountText


class WagesOut(Out):
    items: list[WageRowOut]
    totals: WageTotalsOut


class WagePaymentIn(In):
    amount: Amount
    method: Method = "bank"
    paid_on: Day = OMITTED
    note: Annotated[str, StringConstraints(max_length=300)] = ""


class WagePaymentOut(Out):
    id: IdText
    practitioner: IdText
    amount: AmountText
    method: Method
    paid_on: DayText
    note: str
    owed: Annotated[AmountText, Field(description="what is left")]


class ReportFilter(PeriodFilter):
    service: FilterId = OMITTED
    client: FilterId = OMITTED
    practitioner: FilterId = OMITTED


class ReportOut(Out):
    items: list[dict[str, Any]]
    totals: dict[str, Any]
