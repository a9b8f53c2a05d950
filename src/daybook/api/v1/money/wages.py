"""`/wages…`: what practitioners earned, what is owed to them, and that it was paid."""

from typing import Any

from django.utils.timezone import now
from ninja import Query

from daybook.api.fields import Id, amount_text
from daybook.api.frame import Router
from daybook.api.requests import ApiRequest
from daybook.api.v1.money.balances import statement_out
from daybook.api.v1.money.schemas import (
    PeriodFilter,
    StatementFilter,
    StatementOut,
    WagePaymentIn,
    WagePaymentOut,
    WagesOut,
)
from daybook.core.errors import InvalidInput
from daybook.core.periods import local_date, month_span
from daybook.insights.wages import wages_by_practitioner
from daybook.ledger.models import Account
from daybook.ledger.queries import statement
from daybook.people.permissions import MANAGE_ACCOUNTING, access_user
from daybook.workflows.pay_wages import pay_wages, take_back_wage_payment

router = Router(tags=["Wages"])


@router.get("/wages", response=WagesOut)
def list_wages(request: ApiRequest, filters: Query[PeriodFilter]) -> dict[str, Any]:
    """Every practitioner's wages of a period (this month, if not given), and what is owed now, over all time."""
    request.actor.require_team()
    request.actor.require(MANAGE_ACCOUNTING)
    usual = month_span(local_date(now(), request.business.time_zone))
    first, last = filters.from_ or usual[0], filters.to or usual[1]
    if last < first:
        raise InvalidInput(field="to", problem="end_before_start")
    rows = wages_by_practitioner(first, last)
    amounts = ("earned", "paid", "owed")
    return {
        "items": [
            {"practitioner": str(row.id), "name": row.name, "sessions": row.sessions}
            | {name: amount_text(getattr(row, name)) for name in amounts}
            for row in rows
        ],
        "totals": {"sessions": sum(row.sessions for row in rows)}
        | {name: amount_text(sum(getattr(row, name) for row in rows)) for name in amounts},
    }


@router.get("/wages/{practitioner_id}", response=StatementOut)
def wage_statement(request: ApiRequest, practitioner_id: Id, filters: Query[StatementFilter]) -> dict[str, Any]:
    """A practitioner's account, newest last: wages earned and paid out, with what is owed after each."""
    request.actor.require_team()
    request.actor.require(MANAGE_ACCOUNTING)
    owner = access_user(request.actor, practitioner_id, role="practitioner", through=MANAGE_ACCOUNTING)
    return statement_out(owner.pk, filters, kind=Account.Kind.WAGES_PAYABLE)


@router.post("/wages/{practitioner_id}/payments", response={201: WagePaymentOut})
def pay_out(request: ApiRequest, practitioner_id: Id, body: WagePaymentIn) -> dict[str, Any]:
    """Record that wages were paid out; more than is owed is an advance."""
    entry = pay_wages(
        actor=request.actor,
        now=now(),
        practitioner_id=practitioner_id,
        amount_minor=body.amount,
        method=body.method,
        paid_on=body.paid_on,
        note=body.note,
    )
    owed = statement(practitioner_id, kind=Account.Kind.WAGES_PAYABLE, limit=1).closing_minor
    return {
        "id": str(entry.pk),
        "practitioner": str(practitioner_id),
        "amount": amount_text(body.amount),
        "method": body.method,
        "paid_on": entry.occurred_on.isoformat(),
        "note": entry.description,
        "owed": amount_text(owed),
    }


@router.delete("/wages/{practitioner_id}/payments/{payment_id}", response={204: None})
def take_back(request: ApiRequest, practitioner_id: Id, payment_id: Id) -> None:
    """What was marked paid by mistake is owed again."""
    take_back_wage_payment(actor=request.actor, now=now(), practitioner_id=practitioner_id, entry_id=payment_id)
