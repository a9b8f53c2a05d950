"""Send an invoice: issue the draft if it is one, and put the e-mail with its PDF into the outbox."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from daybook.billing.documents import invoice_pdf
from daybook.billing.errors import InvoiceIsVoid
from daybook.billing.models import Invoice
from daybook.billing.permissions import access_invoice
from daybook.core import format
from daybook.core.periods import local_date
from daybook.ledger.services import lock_accounts
from daybook.messaging.models import Message
from daybook.messaging.services import Attachment, queue_message
from daybook.people.permissions import MANAGE_ACCOUNTING
from daybook.tenancy.actor import Actor
from daybook.tenancy.queries import business_words
from daybook.tenancy.scope import current_business, set_verb
from daybook.workflows.issue_invoice import issue


def send_invoice(*, actor: Actor, now: datetime, invoice_id: UUID) -> Invoice:
    """Issue it if it is a draft, and e-mail it (again). Raises NotFound, InvoiceIsVoid."""
    actor.require(MANAGE_ACCOUNTING)
    client_id = access_invoice(actor, invoice_id).client_id
    with transaction.atomic():
        set_verb("send_invoice")
        lock_accounts([client_id])
        invoice = access_invoice(actor, invoice_id, lock=True)
        if invoice.state == Invoice.State.VOID:
            raise InvoiceIsVoid(number=invoice.number)
        if invoice.state == Invoice.State.DRAFT:
            issue(invoice, actor=actor, now=now)
        invoice.sent_at = now
        invoice.save(update_fields=["sent_at"])
        _mail(invoice, today=local_date(now, current_business().time_zone))
    return invoice


def issue_invoice(*, actor: Actor, now: datetime, invoice_id: UUID) -> Invoice:
    """Issue a draft without an e-mail: it was handed over, or will be printed. Raises NotFound, InvoiceIsVoid."""
    actor.require(MANAGE_ACCOUNTING)
    client_id = access_invoice(actor, invoice_id).client_id
    with transaction.atomic():
        set_verb("issue_invoice")
        lock_accounts([client_id])
        invoice = access_invoice(actor, invoice_id, lock=True)
        if invoice.state == Invoice.State.VOID:
            raise InvoiceIsVoid(number=invoice.number)
        if invoice.state == Invoice.State.DRAFT:
            issue(invoice, actor=actor, now=now)
    return invoice


def _mail(invoice: Invoice, *, today: date) -> Message:
    business = current_business()
    word = business_words()["invoice"].singular
    due = format.money(invoice.total_minor - invoice.paid_minor, invoice.currency, business.locale)
    total = format.money(invoice.total_minor, invoice.currency, business.locale)
    day = format.day(invoice.due_on, business.locale)
    paid = invoice.total_minor <= invoice.paid_minor
    about = f" for {invoice.client.name}" if invoice.client_id != invoice.bill_to_id else ""
    ask = "It is paid; nothing is left to do." if paid else f"Please pay {due} by {day}."
    body = (
        f"Dear {invoice.bill_to.preferred_name or invoice.bill_to.first_name},\n\n"
        f"Here is {word} {invoice.number}{about} over {total}. {ask}\n\n"
        f"The document is attached.\n\n{business.name}\n"
    )
    return queue_message(
        to_user=invoice.bill_to,
        event="invoice",
        subject=f"{business.name}: {word} {invoice.number}",
        body=body,
        attachment=Attachment(f"{invoice.number}.pdf", invoice_pdf(invoice, today=today)),
        about_id=invoice.pk,
    )
