"""Who may see which payments."""

from django.db.models import QuerySet

from daybook.core.errors import NotFound
from daybook.core.ids import parse_id
from daybook.payments.models import Payment
from daybook.people.permissions import MANAGE_ACCOUNTING, hides_costs
from daybook.tenancy.actor import Actor


def visible_payments(actor: Actor, *, deleted: bool = False) -> QuerySet[Payment]:
    """The team with accounting sees all; a client its own, an agent its own and its clients'. Unordered.

    A client to whom costs are hidden sees none. With `deleted`, those in the bin too, for the team.
    """
    rows = Payment.objects.with_deleted() if deleted else Payment.objects.all()
    if actor.is_team:
        return rows if actor.may(MANAGE_ACCOUNTING) else rows.none()
    if actor.user_id is None or hides_costs(actor):
        return rows.none()
    if actor.role == "client":
        return rows.filter(client_id=actor.user_id, deleted_at=None)
    if actor.role == "agent":
        return rows.filter(deleted_at=None).filter(client_id=actor.user_id) | rows.filter(
            deleted_at=None, client__agent_id=actor.user_id
        )
    return rows.none()


def access_payment(actor: Actor, payment_id: object, *, lock: bool = False, deleted: bool = False) -> Payment:
    """The payment with its client, row-locked if asked. Raises NotFound also for one that the actor may not know of."""
    key = parse_id(payment_id)
    rows = visible_payments(actor, deleted=deleted)
    rows = rows.select_for_update(of=("self",)) if lock else rows.select_related("client")
    found = rows.filter(pk=key).first() if key else None
    if found is None:
        raise NotFound(what="payment")
    return found
