"""Many at once on the same money: nothing is paid twice over, no number is left out, the books stay proven."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connections

from daybook.billing.models import Invoice
from daybook.billing.rules import FreeLine
from daybook.ledger.queries import balance_of
from daybook.payments.errors import RefundTooLarge
from daybook.payments.models import Payment
from daybook.tenancy.actor import COMMAND
from daybook.tenancy.scope import open_scope
from daybook.workflows.check_books import check_books
from daybook.workflows.create_invoice import create_invoice
from daybook.workflows.pay_invoice import pay_invoice
from daybook.workflows.refund_payment import refund_payment
from daybook.workflows.send_invoice import issue_invoice
from daybook.workflows.take_payment import take_payment
from tests.factories.businesses import make_business
from tests.factories.money import NOW, make_client
from tests.support.databases import Database, copied_database, used_by_django

CALLERS = 40


@pytest.fixture(scope="module")
def database(cluster: Any, template: str, django_db_blocker: Any) -> Iterator[Database]:
    """One for all of these: each test has its own business in it."""
    with (
        copied_database(cluster, template, "money") as own,
        django_db_blocker.unblock(),
        used_by_django(own),
    ):
        yield own
        connections.close_all()


def at_once(business_id, verb):
    """What each of forty callers got, or the code of its refusal; each on a connection of its own."""

    def call(number):
        try:
            with open_scope(business_id, actor=COMMAND):
                return verb(number)
        except Exception as refusal:
            if not hasattr(refusal, "code"):
                raise
            return refusal.code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(max_workers=CALLERS) as pool:
        return list(pool.map(call, range(CALLERS)))


def books_are_proven(business_id):
    with open_scope(business_id, actor=COMMAND):
        report = check_books(actor=COMMAND, now=NOW)
        assert report.balanced, report.problems


def test_forty_invoices_at_once_are_numbered_one_to_forty(database: Database) -> None:
    business = make_business()
    with open_scope(business.pk, actor=COMMAND):
        clients = [make_client() for _ in range(5)]

    def write(number):
        line = FreeLine("Books", unit_minor=100)
        return create_invoice(actor=COMMAND, now=NOW, client_id=clients[number % 5].pk, lines=[line]).sequence

    assert sorted(at_once(business.pk, write)) == list(range(1, CALLERS + 1))
    books_are_proven(business.pk)


def test_forty_payments_of_one_invoice_never_overpay_it(database: Database) -> None:
    business = make_business()
    with open_scope(business.pk, actor=COMMAND):
        client = make_client()
        invoice = create_invoice(
            actor=COMMAND, now=NOW, client_id=client.pk, lines=[FreeLine("Books", unit_minor=1_000)]
        )
        issue_invoice(actor=COMMAND, now=NOW, invoice_id=invoice.pk)

    def pay(number):
        if number % 2:
            pay_invoice(actor=COMMAND, now=NOW, invoice_id=invoice.pk, amount_minor=300, method="cash")
        else:
            take_payment(actor=COMMAND, now=NOW, client_id=client.pk, amount_minor=300, method="cash")
        return "paid"

    answers = at_once(business.pk, pay)
    assert set(answers) <= {"paid", "invoice_paid"}
    with open_scope(business.pk):
        row = Invoice.objects.get()
        assert (row.paid_minor, row.total_minor) == (1_000, 1_000)
        # Whatever came in is on the account, the tenth of it or so that the invoice took included.
        assert balance_of(client.pk).payments == 300 * answers.count("paid")
        assert sum(Payment.objects.values_list("allocated_minor", flat=True)) == 1_000
    books_are_proven(business.pk)


def test_forty_refunds_at_once_never_give_back_more_than_came_in(database: Database) -> None:
    business = make_business()
    with open_scope(business.pk, actor=COMMAND):
        client = make_client()
        payment = take_payment(actor=COMMAND, now=NOW, client_id=client.pk, amount_minor=1_000, method="cash")

    def give_back(_number):
        refund_payment(actor=COMMAND, now=NOW, payment_id=payment.pk, amount_minor=300)
        return "refunded"

    answers = at_once(business.pk, give_back)
    assert sorted(set(answers)) == [RefundTooLarge.code, "refunded"]
    assert answers.count("refunded") == 3
    books_are_proven(business.pk)
