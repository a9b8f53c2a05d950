"""Pay an invoice: by a new payment, or from the credit that its client has."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from daybook.billing.errors import InvoiceIsVoid, InvoiceSettled
from daybook.billing.models import Invoice
from daybook.billing.permissions import access_invoice
from daybook.ledger.services import lock_accounts
from daybook.payments.errors import NoCredit
from daybook.payments.models import Payment
from daybook.payments.services import apply_credit
from daybook.people.permissions import MANAGE_ACCOUNTING
from daybook.tenancy.actor import Actor
from daybook.tenancy.scope import set_verb
from daybook.workflows.issue_invoice import issue
from daybook.workflows.take_payment import take_payment


def pay_invoice(
    *,
    actor: Actor,
    now: datetime,
    invoice_id: UUID,
    amount_minor: int | None = None,
    method: str = "other",
    received_on: date | None = None,
    reference: str = "",
    note: str = "",
) -> Payment:
    """Record a payment of the invoice's client and apply it to this invoice; all that is due if no amount is given.

    More than is due goes to the next unpaid invoices, then stays as credit. Raises InvoiceIsVoid, InvoiceSettled, and as
    take_payment.
    """
    actor.require(MANAGE_ACCOUNTING)
    client_id = access_invoice(actor, invoice_id).client_id
    with transaction.atomic():
        lock_accounts([client_id])
        invoice = access_invoice(actor, invoice_id, lock=True)
        if invoice.state == Invoice.State.DRAFT:
            issue(invoice, actor=actor, now=now)
        due = _due(invoice)
        return take_payment(
            actor=actor,
            now=now,
            client_id=client_id,
            amount_minor=due if amount_minor is None else amount_minor,
            method=method,
            received_on=received_on,
            reference=reference or invoice.number,
            note=note,
            invoice_id=invoice.pk,
        )


def use_credit(*, actor: Actor, now: datetime, invoice_id: UUID) -> Invoice:
    """Settle an invoice from what is left of its client's payments. Raises InvoiceIsVoid, InvoiceSettled, NoCredit."""
    actor.require(MANAGE_ACCOUNTING)
    client_id = access_invoice(actor, invoice_id).client_id
    with transaction.atomic():
        set_verb("use_credit")
        lock_accounts([client_id])
        invoice = access_invoice(actor, invoice_id, lock=True)
        _due(invoice)
        before = invoice.paid_minor
        if invoice.state == Invoice.State.DRAFT:
            issue(invoice, actor=actor, now=now)
        else:
            apply_credit(invoice)
        if invoice.paid_minor == before:
            raise NoCredit(number=invoice.number)
    return invoice


def _due(invoice: Invoice) -> int:
    if invoice.state == Invoice.State.VOID:
        raise InvoiceIsVoid(number=invoice.number)
    due = invoice.total_minor - invoice.paid_minor
    if due <= 0:
        raise InvoiceSettled(number=invoice.number)
    return due
