"""Whatever is done in whatever order: entries sum to zero, kept figures equal recomputed ones, nothing is paid twice."""

from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from daybook.billing.models import Invoice
from daybook.billing.rules import FreeLine, net_of, spread
from daybook.catalog.rules import tax_on
from daybook.core.errors import DomainError
from daybook.core.ids import new_id
from daybook.ledger import rules
from daybook.ledger.queries import balance_of
from daybook.payments.models import Payment
from daybook.tenancy.actor import COMMAND
from daybook.workflows.check_books import check_books
from daybook.workflows.create_invoice import create_invoice
from daybook.workflows.delete_payment import delete_payment, recover_payment
from daybook.workflows.pay_invoice import pay_invoice, use_credit
from daybook.workflows.refund_payment import refund_payment
from daybook.workflows.send_invoice import issue_invoice
from daybook.workflows.take_payment import take_payment
from daybook.workflows.void_invoice import void_invoice
from tests.factories.money import NOW, TODAY, make_client, make_session

AMOUNTS = st.integers(min_value=1, max_value=10**9)
RATES = st.decimals(min_value=0, max_value=100, places=3)
VERBS = ("pay", "refund", "delete", "recover", "write", "issue", "void", "pay_invoice", "use_credit", "session")


@given(cost=st.integers(-(10**9), 10**9), tax=st.integers(-(10**9), 10**9))
def test_every_charge_sums_to_zero(cost, tax):
    if cost == 0 and tax == 0:
        return
    entry = rules.charge(payer_id=new_id(), cost_minor=cost, tax_minor=tax, occurred_on=TODAY, source_id=new_id())
    assert entry.total == 0
    assert rules.reversal(entry, entry_id=new_id(), occurred_on=TODAY).total == 0


@given(net=AMOUNTS, rate=RATES)
def test_net_of_a_planned_total_is_found_again(net, rate):
    assert net_of(net + tax_on(net, rate), rate) + tax_on(net_of(net + tax_on(net, rate), rate), rate) == net + tax_on(
        net, rate
    )


@given(amount=AMOUNTS, dues=st.lists(AMOUNTS, max_size=6))
def test_spread_never_gives_more_than_is_due_or_there(amount, dues):
    ids = [new_id() for _ in dues]
    parts = dict(spread(amount, list(zip(ids, dues, strict=True))))
    assert sum(parts.values()) == min(amount, sum(dues))
    assert all(0 < part <= due for each, due in zip(ids, dues, strict=True) if (part := parts.get(each)))


@pytest.mark.django_db
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.tuples(st.sampled_from(VERBS), st.integers(1, 5_000), st.integers(0, 7)), max_size=10))
def test_random_verbs_leave_the_books_proven(business, steps):
    client = make_client()
    for number, (verb, amount, pick) in enumerate(steps):
        try:
            _do(verb, client, amount, pick, number)
        except DomainError as refusal:
            assert refusal.code
    report = check_books(actor=COMMAND, now=NOW)
    assert report.balanced, (steps, report.problems)
    paid = sum(row.amount_minor - row.refunded_minor for row in Payment.objects.filter(client=client))
    assert balance_of(client.pk).payments == paid


def _do(verb, client, amount, pick, number):
    who = {"actor": COMMAND, "now": NOW}
    payments = list(Payment.objects.with_deleted().filter(client=client).order_by("id"))
    invoices = list(Invoice.objects.filter(client=client).order_by("id"))
    if verb == "pay":
        take_payment(**who, client_id=client.pk, amount_minor=amount, method="cash")
    elif verb == "write":
        create_invoice(**who, client_id=client.pk, lines=[FreeLine("Books", unit_minor=amount, tax_rate=Decimal(19))])
    elif verb == "session":
        make_session(client, cost=amount, tax=amount // 5, starts_at=NOW - timedelta(days=number))
    elif verb in ("refund", "delete", "recover") and payments:
        chosen = payments[pick % len(payments)].pk
        if verb == "refund":
            refund_payment(**who, payment_id=chosen, amount_minor=amount)
        else:
            (delete_payment if verb == "delete" else recover_payment)(**who, payment_id=chosen)
    elif invoices:
        deeds = {"issue": issue_invoice, "void": void_invoice, "use_credit": use_credit}
        chosen = invoices[pick % len(invoices)].pk
        if verb == "pay_invoice":
            pay_invoice(**who, invoice_id=chosen, amount_minor=amount, method="cash")
        elif verb in deeds:
            deeds[verb](**who, invoice_id=chosen)
