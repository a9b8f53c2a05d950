"""Give money back, in part or whole."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from daybook.core.errors import FieldProblem, InvalidInput
from daybook.core.money import minor_to_text
from daybook.core.periods import local_date
from daybook.core.texts import text_problem
from daybook.ledger import rules as ledger_rules
from daybook.ledger.services import lock_accounts, post
from daybook.payments.errors import RefundTooLarge
from daybook.payments.models import Refund
from daybook.payments.permissions import access_payment
from daybook.payments.rules import FIRST_DAY, LAST_DAY, amount_problems
from daybook.payments.services import take_back
from daybook.people.permissions import MANAGE_ACCOUNTING
from daybook.tenancy.actor import Actor
from daybook.tenancy.scope import current_business, set_verb


def refund_payment(
    *,
    actor: Actor,
    now: datetime,
    payment_id: UUID,
    amount_minor: int | None = None,
    refunded_on: date | None = None,
    note: str = "",
) -> Refund:
    """Give back `amount_minor` of a payment (all that is left of it, if not given), by the way that it came.

    What no invoice holds goes first, then what was applied last. Raises InvalidInput, NotFound, RefundTooLarge.
    """
    actor.require(MANAGE_ACCOUNTING)
    client_id = access_payment(actor, payment_id).client_id
    day = refunded_on or local_date(now, current_business().time_zone)
    _check(amount_minor, day, note)
    with transaction.atomic():
        set_verb("refund_payment")
        lock_accounts([client_id])
        payment = access_payment(actor, payment_id, lock=True)
        left = payment.amount_minor - payment.refunded_minor
        amount = left if amount_minor is None else amount_minor
        if amount > left or left == 0:
            asked, kept = (minor_to_text(value, payment.currency) for value in (amount, left))
            raise RefundTooLarge(field="amount", asked=asked, left=kept)
        take_back(payment, max(0, amount - (left - payment.allocated_minor)))
        payment.refunded_minor += amount
        payment.save(update_fields=["refunded_minor", "allocated_minor"])
        refund = Refund.objects.create(
            payment=payment, amount_minor=amount, refunded_on=day, note=note.strip(), created_at=now
        )
        entry = ledger_rules.refund(
            payer_id=client_id,
            amount_minor=amount,
            method=payment.method,
            occurred_on=day,
            source_id=refund.pk,
            description=refund.note,
        )
        post([entry], now=now, actor=actor)
    refund.payment = payment
    return refund


def _check(amount_minor: int | None, day: date, note: str) -> None:
    problems = amount_problems(amount_minor) if amount_minor is not None else []
    if not FIRST_DAY <= day <= LAST_DAY:
        problems.append(FieldProblem("refunded_on", "not_a_date"))
    if problem := text_problem(note, longest=500):
        problems.append(FieldProblem("note", *problem))
    if problems:
        raise InvalidInput(problems)
