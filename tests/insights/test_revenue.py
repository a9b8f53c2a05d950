"""Revenue by month: what was charged, received and given back, on the ledger's dates."""

from datetime import UTC, date, datetime

import pytest

from daybook.insights.reports import Filters, revenue
from daybook.people.models import User
from daybook.tenancy.actor import Actor
from daybook.workflows.delete_payment import delete_payment, recover_payment
from daybook.workflows.refund_payment import refund_payment
from daybook.workflows.take_payment import take_payment
from tests.factories.money import NOW, make_client, make_session

pytestmark = pytest.mark.django_db

FIRST, LAST = date(2026, 2, 1), date(2026, 3, 31)


def pay(admin: Actor, client: User, amount: int, day: date) -> object:
    taken = take_payment(
        actor=admin, now=NOW, client_id=client.pk, amount_minor=amount, method="cash", received_on=day
    )  # fmt: skip
    return taken.pk


def months(client: User | None = None, first: date = FIRST, last: date = LAST) -> list[tuple[object, ...]]:
    report = revenue(Filters(first, last, "Europe/Dublin", client_id=client.pk if client else None))
    return [tuple(item.values()) for item in report.items]


def test_revenue_adds_up_months_with_refunds_apart(admin: Actor) -> None:
    one, other = make_client(), make_client()
    make_session(one, cost=5_000, tax=500, starts_at=datetime(2026, 2, 10, 15, tzinfo=UTC))
    make_session(one, cost=4_000, starts_at=datetime(2026, 3, 2, 15, tzinfo=UTC))
    make_session(other, cost=100, starts_at=datetime(2026, 3, 3, 15, tzinfo=UTC))
    kept = pay(admin, one, 6_000, date(2026, 2, 20))
    refund_payment(actor=admin, now=NOW, payment_id=kept, amount_minor=1_000, refunded_on=date(2026, 3, 5))
    gone = pay(admin, other, 700, date(2026, 3, 6))
    delete_payment(actor=admin, now=NOW, payment_id=gone)

    assert months() == [("2026-02", 5_500, 6_000, 0), ("2026-03", 4_100, 0, 1_000)]
    assert months(other) == [("2026-03", 100, 0, 0)]
    assert months(last=date(2026, 2, 28)) == [("2026-02", 5_500, 6_000, 0)]
    assert months(last=date(2026, 3, 5), first=date(2026, 3, 4)) == [("2026-03", 0, 0, 1_000)]


def test_a_payment_deleted_later_is_gone_from_its_own_month(admin: Actor) -> None:
    client = make_client()
    gone = pay(admin, client, 700, date(2026, 2, 6))
    delete_payment(actor=admin, now=NOW, payment_id=gone)
    assert [row[1:] for row in months()] == [(0, 0, 0)]
    recover_payment(actor=admin, now=NOW, payment_id=gone)
    assert months() == [("2026-02", 0, 700, 0)]
