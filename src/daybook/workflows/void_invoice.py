"""Void an invoice: its number stays, nothing is owed on it any more."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from daybook.billing.errors import InvoiceIsVoid
from daybook.billing.models import Invoice, InvoiceLine
from daybook.billing.permissions import access_invoice
from daybook.core.periods import local_date
from daybook.ledger.services import lock_accounts, reverse_sources
from daybook.payments.services import free_invoice
from daybook.people.permissions import MANAGE_ACCOUNTING
from daybook.tenancy.actor import Actor
from daybook.tenancy.scope import current_business, set_verb


def void_invoice(*, actor: Actor, now: datetime, invoice_id: UUID) -> Invoice:
    """Reverse what its free lines charged, free its sessions and the payments on it. Raises NotFound, InvoiceIsVoid."""
    actor.require(MANAGE_ACCOUNTING)
    client_id = access_invoice(actor, invoice_id).client_id
    with transaction.atomic():
        set_verb("void_invoice")
        lock_accounts([client_id])
        invoice = access_invoice(actor, invoice_id, lock=True)
        if invoice.state == Invoice.State.VOID:
            raise InvoiceIsVoid(number=invoice.number)
        free_invoice(invoice)
        lines = InvoiceLine.objects.filter(invoice=invoice)
        charged = list(lines.filter(participant=None).values_list("pk", flat=True))
        today = local_date(now, current_business().time_zone)
        reverse_sources(charged, occurred_on=today, now=now, actor=actor)
        lines.update(is_live=False)
        invoice.state, invoice.voided_at = Invoice.State.VOID, now
        invoice.save(update_fields=["state", "voided_at"])
    return invoice
