"""Invoices: from sessions or free lines, issued, paid, voided; numbers without gaps."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from daybook.billing.errors import (
    CostsHidden,
    InvoiceIsVoid,
    InvoiceNotDraft,
    InvoiceSettled,
    NothingToInvoice,
    SessionInvoiced,
    SessionNotBillable,
)
from daybook.billing.models import Invoice
from daybook.billing.permissions import access_invoice, visible_invoices
from daybook.billing.queries import live_invoice_of, with_shown_state
from daybook.billing.rules import FreeLine
from daybook.core.errors import InvalidInput, NotFound
from daybook.ledger.queries import Balance, balance_of
from daybook.messaging.models import Message
from daybook.payments.errors import NoCredit
from daybook.people.models import PermissionSwitch
from daybook.tenancy.actor import Actor
from daybook.workflows.check_books import check_books
from daybook.workflows.create_invoice import Period, change_invoice, create_invoice, create_invoices
from daybook.workflows.pay_invoice import pay_invoice, use_credit
from daybook.workflows.send_invoice import send_invoice
from daybook.workflows.take_payment import take_payment
from daybook.workflows.void_invoice import void_invoice
from tests.factories.money import NOW, make_client, make_session

MARCH = Period(date(2026, 3, 1), date(2026, 3, 31))


@pytest.fixture
def client(business):
    return make_client()


def write(admin, client, *lines, **more):
    if not more.keys() & {"period", "lines"}:
        more["lines"] = lines or (FreeLine("Books", unit_minor=1_000),)
    return create_invoice(actor=admin, now=NOW, client_id=client.pk, **more)


def books(admin):
    report = check_books(actor=admin, now=NOW)
    assert report.balanced, report.problems


def test_free_lines_add_up_with_tax_on_top_each(admin, client):
    lines = [
        FreeLine("Lesson book", Decimal("3"), 1_999, Decimal("19")),
        FreeLine("Room, by the hour", Decimal("1.5"), 3_333, Decimal("7")),
        FreeLine("Discount", Decimal("1"), -500),
    ]
    invoice = write(admin, client, *lines)
    # 59.97 + tax 11.3943 → 11.39; 49.995 → 50.00 + tax 3.50; −5.00.
    assert (invoice.subtotal_minor, invoice.tax_minor, invoice.total_minor) == (10_497, 1_489, 11_986)
    assert (invoice.state, invoice.number, invoice.due_on) == ("draft", "INV-0001", date(2026, 4, 3))
    books(admin)


def test_draft_charges_nothing_and_sending_charges_once(admin, client):
    invoice = write(admin, client, FreeLine("Books", Decimal(2), 500, Decimal(10)))
    assert balance_of(client.pk) == Balance()
    send_invoice(actor=admin, now=NOW, invoice_id=invoice.pk)
    send_invoice(actor=admin, now=NOW, invoice_id=invoice.pk)
    assert balance_of(client.pk) == Balance(costs=1_100)
    assert Message.objects.filter(event="invoice", about_id=invoice.pk).count() == 2
    books(admin)


def test_sessions_of_a_period_are_billed_once_and_charged_never_again(admin, client):
    make_session(client, cost=5_000, tax=950, tax_rate=Decimal(19))
    make_session(client, cost=2_000, starts_at=datetime(2026, 4, 1, 8, tzinfo=UTC))
    make_session(client, cost=0)
    make_session(client, cost=4_000, status="open")
    invoice = write(admin, client, period=MARCH)
    assert [line.amount_minor for line in invoice.lines.all()] == [5_000]
    assert invoice.total_minor == 5_950
    send_invoice(actor=admin, now=NOW, invoice_id=invoice.pk)
    assert balance_of(client.pk).costs == 5_950 + 2_000
    with pytest.raises(NothingToInvoice):
        write(admin, client, period=MARCH)
    books(admin)


def test_a_period_ends_with_the_business_day(admin, client):
    # 31 March 23:30 and 1 April 00:30 in Berlin (summer time).
    make_session(client, cost=100, starts_at=datetime(2026, 3, 31, 21, 30, tzinfo=UTC))
    make_session(client, cost=200, starts_at=datetime(2026, 3, 31, 22, 30, tzinfo=UTC))
    assert write(admin, client, period=MARCH).total_minor == 100


def test_scheduled_sessions_are_billed_net_and_tax_apart(admin, client):
    # 119.00 planned at 19 %: 100.00 net.
    make_session(client, cost=11_900, tax_rate=Decimal(19), status="open")
    invoice = write(admin, client, period=Period(MARCH.date_from, MARCH.date_to, "scheduled"))
    assert (invoice.subtotal_minor, invoice.tax_minor) == (10_000, 1_900)


def test_void_frees_sessions_payments_and_charges(admin, client):
    place = make_session(client, cost=5_000)
    invoice = write(admin, client, lines=[FreeLine(session_id=place.session_id), FreeLine("Books", unit_minor=700)])
    send_invoice(actor=admin, now=NOW, invoice_id=invoice.pk)
    payment = pay_invoice(actor=admin, now=NOW, invoice_id=invoice.pk, method="bank")
    assert payment.amount_minor == 5_700
    assert live_invoice_of(place.session_id) == "INV-0001"
    void_invoice(actor=admin, now=NOW, invoice_id=invoice.pk)
    payment.refresh_from_db()
    assert (payment.allocated_minor, balance_of(client.pk)) == (0, Balance(payments=5_700, costs=5_000))
    assert live_invoice_of(place.session_id) is None
    with pytest.raises(InvoiceIsVoid):
        void_invoice(actor=admin, now=NOW, invoice_id=invoice.pk)
    again = write(admin, client, period=MARCH)
    # The credit of the freed payment settles the new one as soon as it is sent.
    assert send_invoice(actor=admin, now=NOW, invoice_id=again.pk).paid_minor == 5_000
    assert [row.number for row in Invoice.objects.order_by("sequence")] == ["INV-0001", "INV-0002"]
    books(admin)


def test_session_on_a_live_invoice_is_refused_with_its_number(admin, client):
    place = make_session(client)
    write(admin, client, lines=[FreeLine(session_id=place.session_id)])
    with pytest.raises(SessionInvoiced) as refused:
        write(admin, client, lines=[FreeLine(session_id=place.session_id)])
    assert refused.value.data["number"] == "INV-0001"
    with pytest.raises(SessionNotBillable):
        write(admin, make_client(), lines=[FreeLine(session_id=place.session_id)])


@pytest.mark.parametrize(
    ("line", "field"),
    [
        (FreeLine("", unit_minor=1), "lines.0.description"),
        (FreeLine("x" * 301, unit_minor=1), "lines.0.description"),
        (FreeLine("a", Decimal(0), 1), "lines.0.quantity"),
        (FreeLine("a", Decimal("0.0001"), 1), "lines.0.quantity"),
        (FreeLine("a", Decimal("NaN"), 1), "lines.0.quantity"),
        (FreeLine("a", Decimal(999_999), 10**12), "lines.0.unit_amount"),
        (FreeLine("a", unit_minor=1, tax_rate=Decimal(101)), "lines.0.tax_rate"),
        (FreeLine("a", unit_minor=-1), "lines"),
    ],
)
def test_lines_of_nonsense_name_the_field_and_take_no_number(admin, client, line, field):
    with pytest.raises(InvalidInput) as refused:
        write(admin, client, line)
    assert refused.value.errors[0].field == field
    assert write(admin, client).number == "INV-0001"


def test_due_before_issue_is_refused(admin, client):
    with pytest.raises(InvalidInput) as refused:
        write(admin, client, due_on=date(2026, 3, 19))
    assert (refused.value.field, refused.value.errors[0].code) == ("due_on", "due_before_issue")


def test_hide_costs_sends_the_invoice_to_the_agent(admin, client):
    PermissionSwitch.objects.create(user=client, permission="hide_costs", granted=True)
    with pytest.raises(CostsHidden):
        write(admin, client)
    agent = make_client(role="agent", first_name="Ann")
    client.agent = agent
    client.save()
    invoice = write(admin, client)
    assert invoice.bill_to == agent
    with pytest.raises(CostsHidden):
        write(admin, client, bill_to_id=client.pk)


def test_shown_state_follows_the_figures_and_the_date(admin, client):
    invoice = write(admin, client, issued_on=date(2026, 3, 1), due_on=date(2026, 3, 10))

    def shown(today=date(2026, 3, 10)):
        return with_shown_state(Invoice.objects.all(), today).get(pk=invoice.pk).shown

    assert shown() == "draft"
    send_invoice(actor=admin, now=NOW, invoice_id=invoice.pk)
    assert (shown(), shown(date(2026, 3, 11))) == ("sent", "overdue")
    pay_invoice(actor=admin, now=NOW, invoice_id=invoice.pk, amount_minor=400, method="cash")
    assert (shown(), shown(date(2026, 3, 11))) == ("partly_paid", "overdue")
    pay_invoice(actor=admin, now=NOW, invoice_id=invoice.pk, method="cash")
    assert shown(date(2026, 3, 11)) == "paid"
    with pytest.raises(InvoiceSettled):
        pay_invoice(actor=admin, now=NOW, invoice_id=invoice.pk, method="cash")


def test_use_credit_settles_what_it_can(admin, client):
    invoice = write(admin, client)
    send_invoice(actor=admin, now=NOW, invoice_id=invoice.pk)
    with pytest.raises(NoCredit):
        use_credit(actor=admin, now=NOW, invoice_id=invoice.pk)
    take_payment(actor=admin, now=NOW, client_id=client.pk, amount_minor=300, method="cash")
    second = write(admin, client)
    take_payment(actor=admin, now=NOW, client_id=client.pk, amount_minor=1_700, method="cash")
    # 10.00 settle the first invoice, 10.00 are credit that the second takes.
    assert use_credit(actor=admin, now=NOW, invoice_id=second.pk).paid_minor == 1_000
    books(admin)


def test_change_invoice_rewrites_a_draft_only(admin, client):
    place = make_session(client)
    invoice = write(admin, client, period=MARCH)
    lines = [FreeLine(session_id=place.session_id), FreeLine("Books", unit_minor=200)]
    changed = change_invoice(actor=admin, now=NOW, invoice_id=invoice.pk, lines=lines, note="Thank you")
    assert (changed.total_minor, changed.note, changed.lines.count()) == (5_200, "Thank you", 2)
    books(admin)
    send_invoice(actor=admin, now=NOW, invoice_id=invoice.pk)
    with pytest.raises(InvoiceNotDraft):
        change_invoice(actor=admin, now=NOW, invoice_id=invoice.pk, note="No")


def test_create_invoices_writes_one_for_each_and_keeps_refusals(admin, client):
    hidden = make_client()
    PermissionSwitch.objects.create(user=hidden, permission="hide_costs", granted=True)
    make_session(client), make_session(client), make_session(hidden)
    done = dict(create_invoices(actor=admin, now=NOW, period=MARCH))
    assert done[client.pk].total_minor == 10_000
    assert isinstance(done[hidden.pk], CostsHidden)
    assert create_invoices(actor=admin, now=NOW, period=MARCH, client_ids=[client.pk]) == []


def test_visible_invoices_leave_out_drafts_and_strangers(admin, client):
    agent = make_client(role="agent")
    mine = make_client(agent=agent)
    draft, sent = write(admin, mine), write(admin, mine)
    send_invoice(actor=admin, now=NOW, invoice_id=sent.pk)

    def actor(user, *permissions):
        return Actor(kind="user", role=user.role, user_id=user.pk, permissions=frozenset(permissions))

    assert set(visible_invoices(actor(mine))) == {sent}
    assert set(visible_invoices(actor(agent))) == {sent}
    assert set(visible_invoices(actor(client))) == set()
    assert set(visible_invoices(actor(mine, "hide_costs"))) == set()
    with pytest.raises(NotFound):
        access_invoice(actor(mine), draft.pk)
    with pytest.raises(NotFound):
        access_invoice(admin, "nonsense")
