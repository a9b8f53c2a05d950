"""Who may see which invoices."""

from django.db.models import Q, QuerySet

from daybook.billing.models import Invoice
from daybook.core.errors import NotFound
from daybook.core.ids import parse_id
from daybook.people.permissions import MANAGE_ACCOUNTING, hides_costs
from daybook.tenancy.actor import Actor


def visible_invoices(actor: Actor) -> QuerySet[Invoice]:
    """The team with accounting sees all; clients and agents those that were sent to them or are theirs, drafts left out.

    A client to whom costs are hidden sees none. Unordered.
    """
    if actor.is_team:
        return Invoice.objects.all() if actor.may(MANAGE_ACCOUNTING) else Invoice.objects.none()
    if actor.user_id is None or hides_costs(actor):
        return Invoice.objects.none()
    sent = Invoice.objects.exclude(state=Invoice.State.DRAFT)
    if actor.role == "client":
        return sent.filter(Q(client_id=actor.user_id) | Q(bill_to_id=actor.user_id))
    if actor.role == "agent":
        return sent.filter(Q(client_id=actor.user_id) | Q(bill_to_id=actor.user_id) | Q(client__agent_id=actor.user_id))
    return Invoice.objects.none()


def access_invoice(actor: Actor, invoice_id: object, *, lock: bool = False) -> Invoice:
    """The invoice, row-locked if asked. Raises NotFound also for one that the actor may not know of."""
    key = parse_id(invoice_id)
    rows = visible_invoices(actor)
    rows = rows.select_for_update(of=("self",)) if lock else rows.select_related("client", "bill_to")
    invoice = rows.filter(pk=key).first() if key else None
    if invoice is None:
        raise NotFound(what="invoice")
    return invoice
