"""Record money received: one payment, or many at once, all or none."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from daybook.billing.errors import InvoiceIsVoid, InvoiceSettled
from daybook.billing.models import Invoice
from daybook.billing.permissions import access_invoice
from daybook.billing.queries import unpaid_invoices
from daybook.billing.services import next_numbers
from daybook.core.errors import FieldProblem, InvalidInput, NotFound
from daybook.core.periods import local_date
from daybook.ledger import rules as ledger_rules
from daybook.ledger.services import lock_accounts, post
from daybook.payments.errors import ClientNotActive
from daybook.payments.models import Payment
from daybook.payments.rules import NewPayment, payment_problems
from daybook.payments.services import allocate
from daybook.people.models import User
from daybook.people.permissions import MANAGE_ACCOUNTING, known_people
from daybook.tenancy.actor import Actor
from daybook.tenancy.ground import hold_ground
from daybook.tenancy.scope import current_business, set_verb
from daybook.workflows.issue_invoice import issue

PAYERS = (User.Role.CLIENT, User.Role.AGENT)
MOST_AT_ONCE = 1000


def take_payment(
    *,
    actor: Actor,
    now: datetime,
    client_id: UUID,
    amount_minor: int,
    method: str,
    received_on: date | None = None,
    reference: str = "",
    note: str = "",
    invoice_id: UUID | None = None,
) -> Payment:
    """Record a payment and apply it: to the chosen invoice first, what is over to the oldest unpaid ones, the rest is credit.

    `received_on` is today in the business's zone unless given. A chosen draft is issued first. Raises InvalidInput,
    NotFound, NotPermitted, ClientNotActive, InvoiceIsVoid, InvoiceSettled.
    """
    day = received_on or local_date(now, current_business().time_zone)
    new = NewPayment(client_id, amount_minor, method, day, reference, note, invoice_id)
    actor.require(MANAGE_ACCOUNTING)
    if problems := payment_problems(new):
        raise InvalidInput(problems)
    hold_ground()
    client = known_people(actor, MANAGE_ACCOUNTING).filter(pk=client_id, role__in=PAYERS).first()
    if client is None:
        raise NotFound(what="client", field="client")
    _check_pays(client)
    return record_payments([new], actor=actor, now=now)[0]


def take_payments(*, actor: Actor, now: datetime, payments: Sequence[NewPayment]) -> list[Payment]:
    """Record many payments, all or none. Raises InvalidInput with every problem, fields named by row (`3.amount`)."""
    actor.require(MANAGE_ACCOUNTING)
    if not 1 <= len(payments) <= MOST_AT_ONCE:
        raise InvalidInput(field="", problem="too_many" if payments else "required", most=MOST_AT_ONCE)
    hold_ground()
    people = known_people(actor, MANAGE_ACCOUNTING).filter(pk__in={new.client_id for new in payments}, role__in=PAYERS)
    clients = {client.pk: client for client in people}
    problems: list[FieldProblem] = []
    for index, new in enumerate(payments):
        problems += payment_problems(new, prefix=f"{index}.")
        if new.client_id not in clients:
            problems.append(FieldProblem(f"{index}.client", "not_found"))
        elif not _may_pay(clients[new.client_id]):
            name = clients[new.client_id].name
            problems.append(FieldProblem(f"{index}.client", ClientNotActive.code, {"name": name}))
    if problems:
        raise InvalidInput(problems)
    return record_payments(payments, actor=actor, now=now)


def _may_pay(client: User) -> bool:
    return client.role != User.Role.CLIENT or client.status == User.Status.ACTIVE


def _check_pays(client: User) -> None:
    if not _may_pay(client):
        raise ClientNotActive(field="client", name=client.name, status=client.status, client=str(client.pk))


@transaction.atomic
def record_payments(payments: Sequence[NewPayment], *, actor: Actor, now: datetime) -> list[Payment]:
    """Write payments that were checked, also old ones of clients who left: rows, ledger, invoices."""
    set_verb("take_payment")
    lock_accounts({new.client_id for new in payments})
    chosen = [_payable(new, actor=actor, now=now) for new in payments]
    first, _ = next_numbers("receipt", len(payments))
    currency = current_business().currency
    rows = [
        Payment(
            client_id=new.client_id,
            amount_minor=new.amount_minor,
            currency=currency,
            method=new.method,
            received_on=new.received_on,
            reference=new.reference.strip(),
            note=new.note.strip(),
            receipt_number=first + index,
            created_at=now,
        )
        for index, new in enumerate(payments)
    ]
    Payment.objects.bulk_create(rows)
    post([entry_of(row) for row in rows], now=now, actor=actor)
    owing = set(
        Invoice.objects.filter(state="issued")
        .filter(client_id__in={row.client_id for row in rows})
        .values_list("client_id", flat=True)
    )
    for row, invoice in zip(rows, chosen, strict=True):
        if row.client_id in owing:
            allocate(row, _targets(row, invoice))
    return rows


def _targets(payment: Payment, chosen: Invoice | None) -> list[Invoice]:
    oldest_first = list(unpaid_invoices(payment.client_id))
    if chosen is None:
        return oldest_first
    return sorted(oldest_first, key=lambda invoice: invoice.pk != chosen.pk)


def _payable(new: NewPayment, *, actor: Actor, now: datetime) -> Invoice | None:
    """The chosen invoice, issued if it was a draft; the account's lock is held."""
    if new.invoice_id is None:
        return None
    invoice = access_invoice(actor, new.invoice_id, lock=True)
    if invoice.client_id != new.client_id:
        raise InvalidInput(field="invoice", problem="other_client", number=invoice.number)
    if invoice.state == Invoice.State.VOID:
        raise InvoiceIsVoid(number=invoice.number)
    if invoice.state == Invoice.State.DRAFT:
        issue(invoice, actor=actor, now=now)
    elif invoice.paid_minor >= invoice.total_minor:
        raise InvoiceSettled(number=invoice.number)
    return invoice


def entry_of(payment: Payment) -> ledger_rules.NewEntry:
    """The journal entry of a payment."""
    return ledger_rules.payment(
        payer_id=payment.client_id,
        amount_minor=payment.amount_minor,
        method=payment.method,
        occurred_on=payment.received_on,
        source_id=payment.pk,
        description=payment.reference,
    )
