"""Writing invoices: numbers, documents and their lines. Called by workflows, which have authorised and locked."""

from collections.abc import Sequence
from uuid import UUID

from django.db import connection
from django.db.models import F

from daybook.billing.models import Invoice, InvoiceLine
from daybook.billing.rules import NewLine
from daybook.core.ids import new_id
from daybook.tenancy.scope import current_business_id

# Given out under the row's lock: a transaction that fails gives its number back.
_NEXT = """
    insert into billing_numbersequence (id, business_id, name, prefix, last) values (%s, %s, %s, %s, %s)
    on conflict (business_id, name) do update set last = billing_numbersequence.last + excluded.last
    returning last, prefix
"""
_PREFIXES = {"invoice": "INV-"}


def next_numbers(name: str, count: int = 1) -> tuple[int, str]:
    """The first of `count` new numbers of a sequence, and its prefix. Others wait until this transaction ends."""
    prefix = _PREFIXES.get(name, "")
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, [new_id(), current_business_id(), name, prefix, count])
        last, own_prefix = cursor.fetchone()
    return last - count + 1, own_prefix or prefix


def write_invoice(invoice: Invoice, lines: Sequence[NewLine]) -> Invoice:
    """Number and insert a draft with its lines; its totals are the lines' sums."""
    sequence, prefix = next_numbers("invoice")
    invoice.sequence, invoice.number = sequence, f"{prefix}{sequence:04d}"
    _add_up(invoice, lines)
    invoice.save(force_insert=True)
    _insert_lines(invoice, lines)
    return invoice


def rewrite_lines(invoice: Invoice, lines: Sequence[NewLine]) -> None:
    """Replace the lines of a draft. The caller saves the invoice."""
    InvoiceLine.objects.filter(invoice=invoice).delete()
    _add_up(invoice, lines)
    _insert_lines(invoice, lines)


def _add_up(invoice: Invoice, lines: Sequence[NewLine]) -> None:
    invoice.subtotal_minor = sum(line.amount_minor for line in lines)
    invoice.tax_minor = sum(line.tax_minor for line in lines)
    invoice.total_minor = invoice.subtotal_minor + invoice.tax_minor


def _insert_lines(invoice: Invoice, lines: Sequence[NewLine]) -> None:
    InvoiceLine.objects.bulk_create(
        InvoiceLine(
            invoice=invoice,
            position=position,
            description=line.description,
            quantity=line.quantity,
            unit_minor=line.unit_minor,
            tax_rate=line.tax_rate,
            amount_minor=line.amount_minor,
            tax_minor=line.tax_minor,
            participant_id=line.participant_id,
        )
        for position, line in enumerate(lines, 1)
    )


def add_paid(deltas: dict[UUID, int]) -> None:
    """Move what is kept as paid on invoices, in id order."""
    for invoice_id in sorted(deltas):
        if deltas[invoice_id]:
            Invoice.objects.filter(pk=invoice_id).update(paid_minor=F("paid_minor") + deltas[invoice_id])
