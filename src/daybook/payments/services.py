"""What a payment says, and applying payments to invoices.

Applying is called by workflows that hold the lock on the payer's account, so that no two of one payer run at once: that
is what keeps an invoice from being paid twice over.
"""

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.db.models import F

from daybook.billing.models import Invoice
from daybook.billing.queries import unpaid_invoices
from daybook.billing.rules import spread
from daybook.billing.services import add_paid
from daybook.core.errors import InvalidInput
from daybook.payments.models import Allocation, Payment
from daybook.payments.permissions import access_payment
from daybook.payments.rules import text_problems
from daybook.people.permissions import MANAGE_ACCOUNTING
from daybook.tenancy.actor import Actor
from daybook.tenancy.scope import set_verb


def annotate_payment(*, actor: Actor, payment_id: UUID, **texts: str) -> Payment:
    """Change the `reference` and `note` of a payment: what it says, never what it moves. Raises NotFound, InvalidInput."""
    actor.require(MANAGE_ACCOUNTING)
    if problems := text_problems(**texts):
        raise InvalidInput(problems)
    with transaction.atomic():
        set_verb("annotate_payment")
        payment = access_payment(actor, payment_id, lock=True)
        for name, text in texts.items():
            setattr(payment, name, text.strip())
        payment.save(update_fields=list(texts))
    return payment


def allocate(payment: Payment, invoices: Sequence[Invoice]) -> int:
    """Apply what is left of a payment to these invoices in their order; answers how much went. Saves all three tables."""
    left = payment.amount_minor - payment.refunded_minor - payment.allocated_minor
    dues = [(invoice.pk, invoice.total_minor - invoice.paid_minor) for invoice in invoices]
    parts = spread(left, dues)
    if not parts:
        return 0
    before = {row.invoice_id: row for row in Allocation.objects.filter(payment=payment)}
    for invoice_id, part in parts:
        if invoice_id in before:
            Allocation.objects.filter(pk=before[invoice_id].pk).update(amount_minor=F("amount_minor") + part)
        else:
            Allocation.objects.create(payment=payment, invoice_id=invoice_id, amount_minor=part)
    add_paid(dict(parts))
    moved = sum(part for _, part in parts)
    payment.allocated_minor += moved
    payment.save(update_fields=["allocated_minor"])
    return moved


def allocate_oldest_first(payment: Payment) -> int:
    """Apply a payment to its client's unpaid invoices, the one due first first."""
    return allocate(payment, list(unpaid_invoices(payment.client_id)))


def apply_credit(invoice: Invoice) -> int:
    """Settle an invoice from what is left of its client's payments, the oldest first; answers how much. Updates the row."""
    due = invoice.total_minor - invoice.paid_minor
    applied = 0
    for payment in payments_with_credit(invoice.client_id):
        if applied >= due:
            break
        applied += allocate(payment, [invoice])
        invoice.refresh_from_db(fields=["paid_minor"])
    return applied


def payments_with_credit(client_id: UUID) -> list[Payment]:
    """Payments of which something is neither given back nor applied, the oldest first."""
    free = Payment.objects.filter(client_id=client_id, amount_minor__gt=F("refunded_minor") + F("allocated_minor"))
    return list(free.order_by("received_on", "id"))


def take_back(payment: Payment, amount_minor: int) -> None:
    """Free this much of a payment from its invoices, the latest application first. The caller saves the payment."""
    freed: dict[UUID, int] = {}
    left = amount_minor
    for row in Allocation.objects.filter(payment=payment).order_by("-id"):
        part = min(left, row.amount_minor)
        if part <= 0:
            break
        freed[row.invoice_id] = -part
        left -= part
        if part == row.amount_minor:
            row.delete()
        else:
            row.amount_minor -= part
            row.save(update_fields=["amount_minor"])
    add_paid(freed)
    payment.allocated_minor -= amount_minor - left


def free_invoice(invoice: Invoice) -> None:
    """Take every payment off an invoice; the money stays with the client as credit."""
    for row in Allocation.objects.filter(invoice=invoice).order_by("payment_id"):
        Payment.objects.with_deleted().filter(pk=row.payment_id).update(
            allocated_minor=F("allocated_minor") - row.amount_minor
        )
        row.delete()
    invoice.paid_minor = 0
    invoice.save(update_fields=["paid_minor"])
