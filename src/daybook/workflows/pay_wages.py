"""Record that wages were paid out, and take that back."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from daybook.core.errors import FieldProblem, InvalidInput, NotFound
from daybook.core.ids import new_id
from daybook.core.periods import local_date
from daybook.core.texts import text_problem
from daybook.ledger import rules as ledger_rules
from daybook.ledger.models import Account, JournalEntry
from daybook.ledger.services import post, reverse
from daybook.payments.rules import FIRST_DAY, LAST_DAY, METHODS, amount_problems
from daybook.people.permissions import MANAGE_ACCOUNTING, access_user
from daybook.tenancy.actor import Actor
from daybook.tenancy.scope import current_business, set_verb


def pay_wages(
    *,
    actor: Actor,
    now: datetime,
    practitioner_id: UUID,
    amount_minor: int,
    method: str = "bank",
    paid_on: date | None = None,
    note: str = "",
) -> JournalEntry:
    """Take the amount off what is owed to a practitioner; more than is owed is an advance. Raises InvalidInput, NotFound."""
    actor.require(MANAGE_ACCOUNTING)
    practitioner = access_user(actor, practitioner_id, role="practitioner", through=MANAGE_ACCOUNTING)
    day = paid_on or local_date(now, current_business().time_zone)
    problems = amount_problems(amount_minor)
    if method not in METHODS:
        problems.append(FieldProblem("method", "unknown_choice", {"choices": ", ".join(METHODS)}))
    if not FIRST_DAY <= day <= LAST_DAY:
        problems.append(FieldProblem("paid_on", "not_a_date"))
    if problem := text_problem(note, longest=300):
        problems.append(FieldProblem("note", *problem))
    if problems:
        raise InvalidInput(problems)
    with transaction.atomic():
        set_verb("pay_wages")
        entry = ledger_rules.wage_payment(
            practitioner_id=practitioner.pk,
            amount_minor=amount_minor,
            method=method,
            occurred_on=day,
            source_id=new_id(),
            description=note.strip(),
        )
        return post([entry], now=now, actor=actor)[0]


def take_back_wage_payment(*, actor: Actor, now: datetime, practitioner_id: UUID, entry_id: UUID) -> JournalEntry:
    """What was marked as paid by mistake is owed again, on the day that it bore. Raises NotFound, AlreadyReversed."""
    actor.require(MANAGE_ACCOUNTING)
    practitioner = access_user(actor, practitioner_id, role="practitioner", through=MANAGE_ACCOUNTING)
    with transaction.atomic():
        set_verb("take_back_wages")
        # Locked: of two who take the same one back, the second is told so.
        account = Account.objects.select_for_update().filter(owner=practitioner, kind="wages_payable").first()
        paid = JournalEntry.objects.filter(
            pk=entry_id, kind=JournalEntry.Kind.WAGE_PAYMENT, reverses=None, postings__account=account
        )
        if account is None or not paid.exists():
            raise NotFound(what="payment")
        return reverse([entry_id], now=now, actor=actor)[0]
