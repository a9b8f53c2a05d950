"""Take a payment back that should never have been recorded, and bring it back from the bin."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from daybook.ledger.services import lock_accounts, post, reverse_sources
from daybook.payments.errors import PaymentRefunded
from daybook.payments.models import Payment
from daybook.payments.permissions import access_payment
from daybook.payments.services import allocate_oldest_first, take_back
from daybook.people.permissions import MANAGE_ACCOUNTING
from daybook.scheduling.errors import PersonDeleted
from daybook.tenancy.actor import Actor
from daybook.tenancy.ground import hold_ground
from daybook.tenancy.scope import set_verb
from daybook.workflows.take_payment import entry_of


def delete_payment(*, actor: Actor, now: datetime, payment_id: UUID) -> Payment:
    """Free the invoices that it paid, reverse it in the ledger, and put it in the bin.

    Raises NotFound, PaymentRefunded: money that was given back had come in.
    """
    actor.require(MANAGE_ACCOUNTING)
    client_id = access_payment(actor, payment_id).client_id
    with transaction.atomic():
        set_verb("delete_payment")
        lock_accounts([client_id])
        payment = access_payment(actor, payment_id, lock=True)
        if payment.refunded_minor:
            raise PaymentRefunded(receipt=payment.receipt_number)
        take_back(payment, payment.allocated_minor)
        payment.deleted_at, payment.deleted_by = now, actor.user_id
        payment.save(update_fields=["allocated_minor", "deleted_at", "deleted_by"])
        reverse_sources([payment.pk], now=now, actor=actor)
    return payment


def recover_payment(*, actor: Actor, now: datetime, payment_id: UUID) -> Payment:
    """Bring a payment back from the bin: recorded again, and applied to the oldest unpaid invoices.

    Raises NotFound, NotPermitted, PersonDeleted while its payer is in the bin.
    """
    actor.require(MANAGE_ACCOUNTING)
    hold_ground()
    client_id = access_payment(actor, payment_id, deleted=True).client_id
    with transaction.atomic():
        set_verb("recover_payment")
        lock_accounts([client_id])
        payment = access_payment(actor, payment_id, lock=True, deleted=True)
        if payment.deleted_at is None:
            return payment
        if payment.client.deleted_at is not None:
            raise PersonDeleted(name=payment.client.name, role=payment.client.role)
        payment.deleted_at = payment.deleted_by = None
        payment.save(update_fields=["deleted_at", "deleted_by"])
        post([entry_of(payment)], now=now, actor=actor)
        allocate_oldest_first(payment)
    return payment
