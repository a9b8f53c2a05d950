"""What each event of money debits and credits (mechanisms: ledger). Debit is positive; every entry sums to zero."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal
from uuid import UUID

from daybook.core.reasons import Reason, reasons_as_json

Side = Literal["c", "p", "-"]
CHARGED: Side = "c"
PAID: Side = "p"
NEITHER: Side = "-"

# Where a payment's money is kept. A gateway's own payments go through its clearing account.
HOLDER_OF_METHOD = {"cash": "cash", "check": "cash", "card": "bank", "bank": "bank", "paypal": "bank", "other": "bank"}

DESCRIPTION_LENGTH = 300


@dataclass(frozen=True, slots=True)
class NewPosting:
    """An amount on the account of this kind and owner (None: the business's own); `side` as in Posting.Side."""

    kind: str
    owner_id: UUID | None
    amount_minor: int
    side: Side = NEITHER


@dataclass(frozen=True, slots=True)
class NewEntry:
    """An entry before it is written. `occurred_on` is a date of the business; `reasons` in their stored form."""

    kind: str
    occurred_on: date
    source_kind: str
    source_id: UUID
    description: str
    postings: tuple[NewPosting, ...]
    reasons: tuple[dict[str, Any], ...] = ()
    reverses_id: UUID | None = None

    @property
    def total(self) -> int:
        """What the debits and credits add up to: zero, or the entry is wrong."""
        return sum(posting.amount_minor for posting in self.postings)


def _entry(
    kind: str,
    occurred_on: date,
    source: tuple[str, UUID],
    description: str,
    postings: Iterable[NewPosting],
    reasons: Iterable[Reason] = (),
) -> NewEntry:
    kept = tuple(posting for posting in postings if posting.amount_minor != 0)
    if not kept:
        raise ValueError("an entry of nothing")
    stored = tuple(reasons_as_json(list(reasons)))
    return NewEntry(kind, occurred_on, source[0], source[1], description[:DESCRIPTION_LENGTH], kept, stored)


def charge(
    *,
    payer_id: UUID,
    cost_minor: int,
    tax_minor: int = 0,
    occurred_on: date,
    source_id: UUID,
    source_kind: str = "participant",
    description: str = "",
    reasons: Iterable[Reason] = (),
    kind: str = "charge",
) -> NewEntry:
    """A saved session with a cost: the payer owes cost and tax; the cost is revenue, the tax is owed on.

    `cost_minor` is net. Raises ValueError when there is nothing to charge. A charge below zero is a discount.
    """
    return _entry(
        kind,
        occurred_on,
        (source_kind, source_id),
        description,
        (
            NewPosting("receivable", payer_id, cost_minor + tax_minor, CHARGED),
            NewPosting("revenue", None, -cost_minor),
            NewPosting("tax_payable", None, -tax_minor),
        ),
        reasons,
    )


def invoice_charge(
    *,
    payer_id: UUID,
    cost_minor: int,
    tax_minor: int,
    occurred_on: date,
    source_id: UUID,
    description: str = "",
    reasons: Iterable[Reason] = (),
) -> NewEntry:
    """A free line of an issued invoice: as a charge, with the line as its source."""
    return charge(
        payer_id=payer_id,
        cost_minor=cost_minor,
        tax_minor=tax_minor,
        occurred_on=occurred_on,
        source_id=source_id,
        source_kind="invoice_line",
        description=description,
        reasons=reasons,
        kind="invoice_charge",
    )


def wage(
    *,
    practitioner_id: UUID,
    wage_minor: int,
    occurred_on: date,
    source_id: UUID,
    source_kind: str = "session",
    description: str = "",
    reasons: Iterable[Reason] = (),
) -> NewEntry:
    """A wage earned: a cost of the business, owed to the practitioner. Raises ValueError for none."""
    postings = (
        NewPosting("wages", None, wage_minor),
        NewPosting("wages_payable", practitioner_id, -wage_minor, CHARGED),
    )
    return _entry("wage", occurred_on, (source_kind, source_id), description, postings, reasons)


def wage_payment(
    *,
    practitioner_id: UUID,
    amount_minor: int,
    occurred_on: date,
    source_id: UUID,
    source_kind: str = "wage_payment",
    method: str = "bank",
    description: str = "",
) -> NewEntry:
    """Wages paid out: less is owed to the practitioner, less is in the bank or the till."""
    postings = (
        NewPosting("wages_payable", practitioner_id, amount_minor, PAID),
        NewPosting(HOLDER_OF_METHOD[method], None, -amount_minor),
    )
    return _entry("wage_payment", occurred_on, (source_kind, source_id), description, postings)


def payment(
    *, payer_id: UUID, amount_minor: int, method: str, occurred_on: date, source_id: UUID, description: str = ""
) -> NewEntry:
    """Money received from a payer, by a method of HOLDER_OF_METHOD."""
    postings = (
        NewPosting(HOLDER_OF_METHOD[method], None, amount_minor),
        NewPosting("receivable", payer_id, -amount_minor, PAID),
    )
    return _entry("payment", occurred_on, ("payment", source_id), description, postings)


def refund(
    *, payer_id: UUID, amount_minor: int, method: str, occurred_on: date, source_id: UUID, description: str = ""
) -> NewEntry:
    """Money given back to a payer, from where its payment went."""
    postings = (
        NewPosting("receivable", payer_id, amount_minor, PAID),
        NewPosting(HOLDER_OF_METHOD[method], None, -amount_minor),
    )
    return _entry("refund", occurred_on, ("refund", source_id), description, postings)


def opening(
    *, payer_id: UUID, balance_minor: int, occurred_on: date, source_id: UUID, description: str = ""
) -> NewEntry:
    """What a payer brings along from another system: a credit when positive (as paid), a debt when negative (as charged)."""
    postings = (
        NewPosting("receivable", payer_id, -balance_minor, PAID if balance_minor > 0 else CHARGED),
        NewPosting("opening", None, balance_minor),
    )
    return _entry("opening", occurred_on, ("opening", source_id), description, postings)


def reversal(entry: NewEntry, *, entry_id: UUID, occurred_on: date) -> NewEntry:
    """The exact reverse of an entry written before under `entry_id`: same accounts and sides, the other sign."""
    negated = tuple(replace(posting, amount_minor=-posting.amount_minor) for posting in entry.postings)
    return replace(entry, occurred_on=occurred_on, postings=negated, reverses_id=entry_id)
