"""Payments: recorded, applied, refunded, deleted, recovered."""

from datetime import date

import pytest

from daybook.billing.errors import InvoiceIsVoid, InvoiceSettled
from daybook.billing.rules import FreeLine
from daybook.core.errors import InvalidInput, NotFound, NotPermitted
from daybook.ledger.queries import Balance, balance_of
from daybook.payments.errors import ClientNotActive, PaymentRefunded, RefundTooLarge
from daybook.payments.models import Payment
from daybook.payments.permissions import visible_payments
from daybook.payments.rules import NewPayment
from daybook.tenancy.actor import Actor
from daybook.workflows.check_books import check_books
from daybook.workflows.create_invoice import create_invoice
from daybook.workflows.delete_payment import delete_payment, recover_payment
from daybook.workflows.refund_payment import refund_payment
from daybook.workflows.send_invoice import send_invoice
from daybook.workflows.take_payment import take_payment, take_payments
from daybook.workflows.void_invoice import void_invoice
from tests.factories.money import NOW, TODAY, make_client, make_session


@pytest.fixture
def client(business):
    return make_client()


def pay(admin, client, amount, **more):
    return take_payment(actor=admin, now=NOW, client_id=client.pk, amount_minor=amount, method="cash", **more)


def invoice_of(admin, client, amount, **more):
    made = create_invoice(
        actor=admin, now=NOW, client_id=client.pk, lines=[FreeLine(description="Books", unit_minor=amount)], **more
    )
    return send_invoice(actor=admin, now=NOW, invoice_id=made.pk)


def books(admin):
    report = check_books(actor=admin, now=NOW)
    assert report.balanced, report.problems


def test_take_payment_moves_the_balance_and_counts_receipts(admin, client):
    first, second = pay(admin, client, 4_000), pay(admin, client, 100)
    assert balance_of(client.pk) == Balance(payments=4_100)
    assert (first.receipt_number, second.receipt_number) == (1, 2)
    assert first.received_on == TODAY
    books(admin)


def test_take_payment_pays_the_oldest_invoice_first(admin, client):
    late = invoice_of(admin, client, 3_000, due_on=date(2026, 4, 30))
    early = invoice_of(admin, client, 2_000, due_on=date(2026, 4, 1))
    payment = pay(admin, client, 2_500)
    early.refresh_from_db(), late.refresh_from_db()
    assert (early.paid_minor, late.paid_minor, payment.allocated_minor) == (2_000, 500, 2_500)
    books(admin)


def test_take_payment_pays_the_chosen_invoice_then_the_others(admin, client):
    early = invoice_of(admin, client, 2_000, due_on=date(2026, 4, 1))
    chosen = invoice_of(admin, client, 3_000, due_on=date(2026, 4, 30))
    payment = pay(admin, client, 6_000, invoice_id=chosen.pk)
    early.refresh_from_db(), chosen.refresh_from_db()
    # 30.00 to the chosen one, 20.00 to the other, 10.00 stay as credit.
    assert (chosen.paid_minor, early.paid_minor, payment.allocated_minor) == (3_000, 2_000, 5_000)


def test_take_payment_on_a_draft_issues_it(admin, client):
    draft = create_invoice(actor=admin, now=NOW, client_id=client.pk, lines=[FreeLine("Books", unit_minor=900)])
    pay(admin, client, 900, invoice_id=draft.pk)
    draft.refresh_from_db()
    assert (draft.state, draft.paid_minor) == ("issued", 900)
    assert balance_of(client.pk) == Balance(payments=900, costs=900)


def test_take_payment_on_a_settled_or_void_invoice_is_refused(admin, client):
    invoice = invoice_of(admin, client, 900)
    pay(admin, client, 900)
    with pytest.raises(InvoiceSettled):
        pay(admin, client, 900, invoice_id=invoice.pk)
    void_invoice(actor=admin, now=NOW, invoice_id=invoice.pk)
    with pytest.raises(InvoiceIsVoid):
        pay(admin, client, 900, invoice_id=invoice.pk)


def test_take_payment_on_another_clients_invoice_is_refused(admin, client):
    other = invoice_of(admin, make_client(), 900)
    with pytest.raises(InvalidInput) as refused:
        pay(admin, client, 900, invoice_id=other.pk)
    assert refused.value.field == "invoice"


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"amount_minor": 0}, "amount"),
        ({"amount_minor": -5}, "amount"),
        ({"amount_minor": 10**15}, "amount"),
        ({"method": "gold"}, "method"),
        ({"received_on": date(1, 1, 1)}, "received_on"),
        ({"reference": "x" * 121}, "reference"),
        ({"note": "a\x00b"}, "note"),
    ],
)
def test_take_payment_of_nonsense_names_the_field(admin, client, values, field):
    asked = {"client_id": client.pk, "amount_minor": 100, "method": "cash"} | values
    with pytest.raises(InvalidInput) as refused:
        take_payment(actor=admin, now=NOW, **asked)
    assert [each.field for each in refused.value.errors] == [field]
    assert Payment.objects.count() == 0


@pytest.mark.parametrize("status", ["inactive", "prospect"])
def test_take_payment_of_one_who_is_not_active_is_refused(admin, business, status):
    with pytest.raises(ClientNotActive):
        pay(admin, make_client(status=status), 100)


def test_take_payment_without_the_permission_is_refused(admin, client):
    nobody = Actor(kind="user", role="practitioner", user_id=admin.user_id)
    with pytest.raises(NotPermitted):
        pay(nobody, client, 100)


def test_take_payments_takes_all_or_none_and_names_the_rows(admin, client):
    good = NewPayment(client.pk, 100, "cash", TODAY)
    bad = NewPayment(make_client(status="inactive").pk, 0, "cash", TODAY)
    with pytest.raises(InvalidInput) as refused:
        take_payments(actor=admin, now=NOW, payments=[good, bad])
    assert [each.field for each in refused.value.errors] == ["1.amount", "1.client"]
    assert Payment.objects.count() == 0
    rows = take_payments(actor=admin, now=NOW, payments=[good, NewPayment(make_client().pk, 250, "bank", TODAY)])
    assert [row.amount_minor for row in rows] == [100, 250]
    books(admin)


def test_refund_takes_free_money_first_then_the_latest_application(admin, client):
    first = invoice_of(admin, client, 1_000, due_on=date(2026, 4, 1))
    second = invoice_of(admin, client, 1_000, due_on=date(2026, 4, 2))
    payment = pay(admin, client, 2_500)
    # 5.00 are free, so 12.00 back take 7.00 off the second invoice.
    refund_payment(actor=admin, now=NOW, payment_id=payment.pk, amount_minor=1_200)
    first.refresh_from_db(), second.refresh_from_db()
    assert (first.paid_minor, second.paid_minor) == (1_000, 300)
    assert balance_of(client.pk) == Balance(payments=1_300, costs=2_000)
    books(admin)


def test_refund_of_more_than_is_left_is_refused_with_the_amounts(admin, client):
    payment = pay(admin, client, 1_000)
    refund_payment(actor=admin, now=NOW, payment_id=payment.pk, amount_minor=400)
    with pytest.raises(RefundTooLarge) as refused:
        refund_payment(actor=admin, now=NOW, payment_id=payment.pk, amount_minor=601)
    assert refused.value.data == {"asked": "6.01", "left": "6.00"}
    assert refund_payment(actor=admin, now=NOW, payment_id=payment.pk).amount_minor == 600
    with pytest.raises(RefundTooLarge):
        refund_payment(actor=admin, now=NOW, payment_id=payment.pk)


def test_delete_payment_frees_the_invoice_and_recovering_pays_it_again(admin, client):
    invoice = invoice_of(admin, client, 1_000)
    payment = pay(admin, client, 1_000)
    delete_payment(actor=admin, now=NOW, payment_id=payment.pk)
    invoice.refresh_from_db()
    assert (invoice.paid_minor, balance_of(client.pk).payments) == (0, 0)
    with pytest.raises(NotFound):
        delete_payment(actor=admin, now=NOW, payment_id=payment.pk)
    books(admin)
    recover_payment(actor=admin, now=NOW, payment_id=payment.pk)
    invoice.refresh_from_db()
    assert (invoice.paid_minor, balance_of(client.pk).payments) == (1_000, 1_000)
    books(admin)
    delete_payment(actor=admin, now=NOW, payment_id=payment.pk)
    books(admin)


def test_delete_refunded_payment_is_refused(admin, client):
    payment = pay(admin, client, 1_000)
    refund_payment(actor=admin, now=NOW, payment_id=payment.pk, amount_minor=1)
    with pytest.raises(PaymentRefunded):
        delete_payment(actor=admin, now=NOW, payment_id=payment.pk)


def test_visible_payments_are_own_ones_only(admin, client):
    agent = make_client(role="agent")
    mine = make_client(agent=agent)
    own, other = pay(admin, mine, 100), pay(admin, client, 100)

    def seen_by(user, *permissions):
        actor = Actor(kind="user", role=user.role, user_id=user.pk, permissions=frozenset(permissions))
        return set(visible_payments(actor))

    assert seen_by(mine) == {own}
    assert seen_by(agent) == {own}
    assert seen_by(client) == {other}
    assert seen_by(mine, "hide_costs") == set()


def test_check_books_finds_charges_of_sessions(admin, client):
    make_session(client, cost=5_000, tax=950)
    make_session(client, cost=3_000, status="open")
    assert balance_of(client.pk) == Balance(costs=5_950, scheduled=3_000)
    books(admin)
