"""Issue a draft: from here on it is owed. Part of sending and of paying an invoice."""

from datetime import date, datetime

from daybook.billing.models import Invoice, InvoiceLine
from daybook.core.periods import local_date
from daybook.ledger import rules as ledger_rules
from daybook.ledger.rules import NewEntry
from daybook.ledger.services import post
from daybook.payments.services import apply_credit
from daybook.tenancy.actor import Actor
from daybook.tenancy.scope import current_business


def issue(invoice: Invoice, *, actor: Actor, now: datetime) -> None:
    """Charge the free lines, and settle what the client's credit covers. Sessions were charged when they were saved.

    The caller holds the lock on the client's account and the invoice's row, and has seen that it is a draft.
    """
    today = local_date(now, current_business().time_zone)
    free = InvoiceLine.objects.filter(invoice=invoice, participant=None).order_by("position")
    entries = [_charge(invoice, line, today) for line in free if line.amount_minor or line.tax_minor]
    post(entries, now=now, actor=actor)
    invoice.state = Invoice.State.ISSUED
    invoice.save(update_fields=["state"])
    apply_credit(invoice)


def _charge(invoice: Invoice, line: InvoiceLine, today: date) -> NewEntry:
    return ledger_rules.invoice_charge(
        payer_id=invoice.client_id,
        cost_minor=line.amount_minor,
        tax_minor=line.tax_minor,
        occurred_on=today,
        source_id=line.pk,
        description=f"{invoice.number}: {line.description}",
    )
