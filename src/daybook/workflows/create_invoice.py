"""Write invoices: for one client, from the sessions of a period or from free lines; or for many clients at once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Literal
from uuid import UUID

from django.db import transaction

from daybook.billing.errors import CostsHidden, InvoiceNotDraft, NothingToInvoice, SessionInvoiced, SessionNotBillable
from daybook.billing.models import Invoice
from daybook.billing.permissions import access_invoice
from daybook.billing.queries import Billable, billable, live_invoice_of
from daybook.billing.rules import (
    PAYMENT_DAYS,
    FreeLine,
    NewLine,
    check_document,
    check_lines,
    check_period,
    free_line,
)
from daybook.billing.services import rewrite_lines, write_invoice
from daybook.core.errors import DomainError, InvalidInput, NotFound
from daybook.core.money import MAX_MINOR
from daybook.core.periods import local_date
from daybook.ledger.services import lock_accounts
from daybook.people.models import User
from daybook.people.permissions import MANAGE_ACCOUNTING, hides_costs, known_people
from daybook.tenancy.actor import Actor
from daybook.tenancy.ground import hold_ground
from daybook.tenancy.scope import current_business, set_verb

PAYERS = (User.Role.CLIENT, User.Role.AGENT)
Basis = Literal["completed", "scheduled"]


@dataclass(frozen=True, slots=True)
class Period:
    """Which sessions to bill: those of these business dates, both included, saved ones or planned ones."""

    date_from: date
    date_to: date
    basis: Basis = "completed"


def create_invoice(
    *,
    actor: Actor,
    now: datetime,
    client_id: UUID,
    bill_to_id: UUID | None = None,
    lines: Sequence[FreeLine] | None = None,
    period: Period | None = None,
    issued_on: date | None = None,
    due_on: date | None = None,
    note: str = "",
) -> Invoice:
    """A numbered draft, from the sessions of `period` or from `lines`, due in 14 days unless `due_on` says otherwise.

    It goes to `bill_to_id`; else to the client, or to its agent where costs are hidden from the client.
    Raises InvalidInput, NotFound, NotPermitted, NothingToInvoice, SessionInvoiced, SessionNotBillable, CostsHidden.
    """
    actor.require(MANAGE_ACCOUNTING)
    hold_ground()
    client = _payer(actor, client_id)
    issued = issued_on or local_date(now, current_business().time_zone)
    due = due_on or issued + timedelta(days=PAYMENT_DAYS)
    check_document(note=note, issued_on=issued, due_on=due)
    if period is not None:
        check_period(period.date_from, period.date_to)
    else:
        check_lines(lines or ())
    with transaction.atomic():
        set_verb("create_invoice")
        lock_accounts([client.pk])
        invoice = Invoice(
            client=client,
            bill_to=_bill_to(actor, client, bill_to_id),
            basis=period.basis if period else Invoice.Basis.LINES,
            currency=current_business().currency,
            issued_on=issued,
            due_on=due,
            period_start=period.date_from if period else None,
            period_end=period.date_to if period else None,
            note=note.strip(),
            created_at=now,
        )
        new_lines = _lines_of_period(client, period) if period else _asked_lines(client, lines or ())
        _check_total(new_lines)
        return write_invoice(invoice, new_lines)


def create_invoices(
    *,
    actor: Actor,
    now: datetime,
    period: Period,
    client_ids: Iterable[UUID] | None = None,
    due_on: date | None = None,
    note: str = "",
) -> list[tuple[UUID, Invoice | DomainError]]:
    """An invoice for each of the clients (all, if not given) that has sessions to bill in the period, by client.

    One that cannot be written stops none of the others: its refusal is in its place.
    """
    actor.require(MANAGE_ACCOUNTING)
    check_period(period.date_from, period.date_to)
    wanted = list(client_ids) if client_ids is not None else None
    results: list[tuple[UUID, Invoice | DomainError]] = []
    with transaction.atomic():
        waiting = billable(client_ids=wanted, date_from=period.date_from, date_to=period.date_to, basis=period.basis)
        clients = list(dict.fromkeys(each.client_id for each in waiting))
        lock_accounts(clients)
        for client_id in clients:
            try:
                with transaction.atomic():
                    invoice = create_invoice(
                        actor=actor, now=now, client_id=client_id, period=period, due_on=due_on, note=note
                    )
                results.append((client_id, invoice))
            except DomainError as refusal:
                results.append((client_id, refusal))
    return results


def change_invoice(
    *,
    actor: Actor,
    now: datetime,
    invoice_id: UUID,
    due_on: date | None = None,
    note: str | None = None,
    bill_to_id: UUID | None = None,
    lines: Sequence[FreeLine] | None = None,
) -> Invoice:
    """Change a draft; what is not given stays. Lines replace all lines. Raises InvoiceNotDraft, and as create_invoice."""
    actor.require(MANAGE_ACCOUNTING)
    client = access_invoice(actor, invoice_id).client
    with transaction.atomic():
        set_verb("change_invoice")
        lock_accounts([client.pk])
        invoice = access_invoice(actor, invoice_id, lock=True)
        if invoice.state != Invoice.State.DRAFT:
            raise InvoiceNotDraft(number=invoice.number)
        invoice.due_on = due_on or invoice.due_on
        invoice.note = invoice.note if note is None else note.strip()
        check_document(note=invoice.note, issued_on=invoice.issued_on, due_on=invoice.due_on)
        if bill_to_id is not None:
            invoice.bill_to = _bill_to(actor, client, bill_to_id)
        if lines is not None:
            check_lines(lines)
            invoice.lines.update(is_live=False)
            new_lines = _asked_lines(client, lines)
            _check_total(new_lines)
            rewrite_lines(invoice, new_lines)
        invoice.save()
    return invoice


def _payer(actor: Actor, client_id: UUID) -> User:
    client = (
        known_people(actor, MANAGE_ACCOUNTING).select_related("agent").filter(pk=client_id, role__in=PAYERS).first()
    )
    if client is None:
        raise NotFound(what="client", field="client")
    return client


def _bill_to(actor: Actor, client: User, bill_to_id: UUID | None) -> User:
    """Who gets the document: never somebody to whom costs are hidden."""
    chosen = client
    if bill_to_id is not None and bill_to_id != client.pk:
        found = known_people(actor, MANAGE_ACCOUNTING).filter(pk=bill_to_id, role__in=PAYERS).first()
        if found is None:
            raise NotFound(what="bill_to", field="bill_to")
        chosen = found
    if not hides_costs(chosen):
        return chosen
    if bill_to_id is None and client.agent is not None and client.agent.deleted_at is None:
        return client.agent
    raise CostsHidden(field="bill_to", name=chosen.name)


def _lines_of_period(client: User, period: Period) -> list[NewLine]:
    found = billable(client_ids=[client.pk], date_from=period.date_from, date_to=period.date_to, basis=period.basis)
    if not found:
        raise NothingToInvoice(
            name=client.name, **{"from": period.date_from.isoformat(), "to": period.date_to.isoformat()}
        )
    return [each.line for each in found]


def _asked_lines(client: User, lines: Sequence[FreeLine]) -> list[NewLine]:
    sessions = [line.session_id for line in lines if line.session_id is not None]
    waiting = (
        {each.session_id: each for each in billable(client_ids=[client.pk], session_ids=sessions)} if sessions else {}
    )
    if len(set(sessions)) != len(sessions):
        raise InvalidInput(field="lines", problem="duplicate")
    return [_session_line(client, line, waiting) if line.session_id else free_line(line) for line in lines]


def _session_line(client: User, line: FreeLine, waiting: dict[UUID, Billable]) -> NewLine:
    assert line.session_id is not None
    found = waiting.get(line.session_id)
    if found is None:
        number = live_invoice_of(line.session_id, client_id=client.pk)
        raise SessionInvoiced(field="lines", number=number) if number else SessionNotBillable(field="lines")
    return replace(found.line, description=line.description.strip() or found.line.description)


def _check_total(lines: Sequence[NewLine]) -> None:
    total = sum(line.total_minor for line in lines)
    if total < 0:
        raise InvalidInput(field="lines", problem="total_below_zero")
    if total > MAX_MINOR:
        raise InvalidInput(field="lines", problem="too_large")
