"""E-mail the receipt of a payment."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from daybook.billing.errors import CostsHidden
from daybook.core import format
from daybook.core.periods import local_date
from daybook.messaging.models import Message
from daybook.messaging.services import Attachment, queue_message
from daybook.payments.documents import receipt_number, receipt_pdf
from daybook.payments.permissions import access_payment
from daybook.people.permissions import MANAGE_ACCOUNTING, hides_costs
from daybook.tenancy.actor import Actor
from daybook.tenancy.scope import current_business, set_verb


def send_receipt(*, actor: Actor, now: datetime, payment_id: UUID) -> Message:
    """Put the receipt into the outbox: to the payer, or to its agent where costs are hidden from the client. Raises NotFound, CostsHidden."""
    actor.require(MANAGE_ACCOUNTING)
    with transaction.atomic():
        set_verb("send_receipt")
        payment = access_payment(actor, payment_id)
        business = current_business()
        reader = payment.client
        if hides_costs(reader):
            if reader.agent is None or reader.agent.deleted_at is not None:
                raise CostsHidden(name=reader.name)
            reader = reader.agent
        amount = format.money(payment.amount_minor, payment.currency, business.locale)
        number = receipt_number(payment)
        return queue_message(
            to_user=reader,
            event="receipt",
            subject=f"{business.name}: receipt {number}",
            body=(
                f"Dear {reader.preferred_name or reader.first_name},\n\n"
                f"Thank you. We received {amount} on {format.day(payment.received_on, business.locale)}.\n\n"
                f"The receipt is attached.\n\n{business.name}\n"
            ),
            attachment=Attachment(f"{number}.pdf", receipt_pdf(payment, today=local_date(now, business.time_zone))),
            about_id=payment.pk,
        )
