"""Accounting and the outbox as people use them: every page answers, forms do their deed once, slips are told."""

import io
import re
from datetime import timedelta

import pytest
from openpyxl import load_workbook

from daybook.billing.models import Invoice
from daybook.billing.rules import FreeLine
from daybook.core.ids import new_id
from daybook.ledger import rules as ledger_rules
from daybook.ledger.queries import balance_of
from daybook.ledger.services import post
from daybook.messaging.models import Message
from daybook.payments.models import Payment
from daybook.people.models import User
from daybook.tenancy.models import Business
from daybook.workflows.create_invoice import create_invoice
from daybook.workflows.delete_payment import delete_payment
from daybook.workflows.send_invoice import send_invoice
from daybook.workflows.take_payment import take_payment
from tests.factories.money import NOW, TODAY, make_client, make_session
from tests.support.logins import signed_in


@pytest.fixture
def web(admin):
    return signed_in(User.objects.get(pk=admin.user_id))


@pytest.fixture
def client(business):
    return make_client(first_name="Leo", last_name="Brandt")


def get(web, path, status=200):
    answer = web.get(path)
    assert answer.status_code == status, (path, answer.status_code)
    return answer.content.decode(errors="replace")


def post_to(web, path, data, status=302):
    answer = web.post(path, data)
    assert answer.status_code == status, (path, answer.status_code, _errors(answer.content.decode(errors="replace")))
    return answer.content.decode(errors="replace")


def _errors(text):
    return re.findall(r"field-error.*?</div>|note-bad.*?</div>", text, re.S)[:5]


def invoice_of(admin, client, amount=1_000):
    lines = [FreeLine("Books", unit_minor=amount)]
    return create_invoice(actor=admin, now=NOW, client_id=client.pk, lines=lines)


def pay(admin, client, amount=4_000):
    return take_payment(
        actor=admin, now=NOW, client_id=client.pk, amount_minor=amount, method="cash", received_on=TODAY
    )


def test_every_page_answers_on_an_empty_business(web):
    for path in (
        "/accounting/balances/", "/accounting/payments/", "/accounting/payments/add/", "/accounting/payments/many/",
        "/accounting/invoices/", "/accounting/invoices/add/", "/accounting/invoices/add/lines/",
        "/accounting/invoices/many/", "/accounting/wages/", "/communications/",
    ):  # fmt: skip
        assert "<h1>" in get(web, path)
    get(web, "/accounting/", 302)


def test_every_page_answers_with_data(web, admin, client):
    make_session(client, cost=5_000, tax=950)
    draft, sent = invoice_of(admin, client), invoice_of(admin, client)
    send_invoice(actor=admin, now=NOW, invoice_id=sent.pk)
    payment, gone = pay(admin, client), pay(admin, client)
    delete_payment(actor=admin, now=NOW, payment_id=gone.pk)
    pia = User.objects.create(role="practitioner", first_name="Pia")
    wage = ledger_rules.wage(practitioner_id=pia.pk, wage_minor=3_000, occurred_on=TODAY, source_id=new_id())
    entry = post([wage], now=NOW, actor=admin)[0]
    message = Message.objects.get()
    for path in (
        "/accounting/balances/?shown=owing&sort=-balance&q=bra", f"/accounting/balances/{client.pk}/explain/",
        f"/accounting/entries/{entry.pk}/explain/", f"/accounting/statements/{client.pk}/?from=2026-03-01",
        f"/accounting/statements/{client.pk}/statement.pdf", "/accounting/payments/?shown=deleted",
        "/accounting/payments/?q=leo&method=cash&from=2026-01-01", f"/accounting/payments/{payment.pk}/",
        f"/accounting/payments/{gone.pk}/", f"/accounting/payments/{payment.pk}/refund/",
        f"/accounting/payments/{payment.pk}/receipt.pdf", f"/accounting/payments/add/?client={client.pk}",
        "/accounting/invoices/?status=unpaid", f"/accounting/invoices/{draft.pk}/", f"/accounting/invoices/{sent.pk}/",
        f"/accounting/invoices/{draft.pk}/edit/", f"/accounting/invoices/{sent.pk}/pay/",
        f"/accounting/invoices/{sent.pk}/invoice.pdf", "/accounting/invoices/many/", "/accounting/wages/",
        f"/accounting/wages/{pia.pk}/", f"/accounting/wages/{pia.pk}/pay/", f"/communications/outbox/{message.pk}/",
        f"/communications/outbox/{message.pk}/attachment.pdf", "/communications/?q=inv&status=waiting",
        "/accounting/balances/export.csv", "/accounting/payments/export.csv", "/accounting/invoices/export.csv",
        "/accounting/wages/?format=csv", "/accounting/payers/?q=leo",
    ):  # fmt: skip
        get(web, path)


@pytest.mark.parametrize("rows", [1, 3])
def test_lists_take_the_same_queries_for_any_number(web, admin, business, rows, django_assert_max_num_queries):
    for _ in range(rows):
        client = make_client()
        send_invoice(actor=admin, now=NOW, invoice_id=invoice_of(admin, client).pk)
        pay(admin, client)
    for path in (
        "/accounting/balances/",
        "/accounting/payments/",
        "/accounting/invoices/",
        "/accounting/wages/",
        "/communications/",
    ):
        with django_assert_max_num_queries(14):
            get(web, path)


def test_add_payment_records_once_for_a_double_click(web, client):
    form = {"client": str(client.pk), "amount": "45,50", "method": "cash", "received_on": "2026-03-02", "once": "k"}
    post_to(web, "/accounting/payments/add/", form)
    post_to(web, "/accounting/payments/add/", form)
    assert [row.amount_minor for row in Payment.objects.all()] == [4_550]


def test_add_payment_with_slips_comes_back_with_them(web, client):
    page = post_to(
        web,
        "/accounting/payments/add/",
        {
            "client": str(client.pk),
            "amount": "lots",
            "method": "gold",
            "received_on": "2026-02-30",
            "reference": "kept",
        },
        422,
    )
    assert "Enter an amount" in page
    assert "kept" in page
    assert Payment.objects.count() == 0


def test_payment_preview_tells_what_it_pays(web, admin, client):
    made = send_invoice(actor=admin, now=NOW, invoice_id=invoice_of(admin, client).pk)
    text = post_to(web, "/accounting/payments/add/preview/", {"client": str(client.pk), "amount": "12.00"}, 200)
    assert made.number in text
    assert "paid by this" in text
    assert "€2.00 stays as credit" in text


def test_many_payments_are_all_or_none(web, client):
    rows = {
        "client": ["Leo Brandt", "Nobody"],
        "amount": ["10.00", "5.00"],
        "method": ["cash", "cash"],
        "received_on": ["2026-03-02", "2026-03-02"],
        "reference": ["", ""],
    }
    page = post_to(web, "/accounting/payments/many/", rows, 422)
    assert "Nobody has this name" in page
    assert Payment.objects.count() == 0
    rows["client"][1] = client.email
    post_to(web, "/accounting/payments/many/", rows)
    assert balance_of(client.pk).payments == 1_500


def test_a_cell_pasted_too_full_is_told_and_kept_whole(web, client):
    long = "x" * 121
    rows = {"client": ["Leo Brandt", "y" * 201], "amount": ["10.00", "5.00"], "method": ["cash", "cash"],
            "received_on": ["2026-03-02", "2026-03-02"], "reference": [long, "ok"]}  # fmt: skip
    page = post_to(web, "/accounting/payments/many/", rows, 422)
    assert "121 characters; at most 120 fit." in page
    assert "201 characters; at most 200 fit." in page
    assert f'value="{long}"' in page and "maxlength" not in page.split("data-grid-row", 1)[1].split("</tbody>")[0]
    assert Payment.objects.count() == 0


def test_refund_too_large_is_told_beside_the_amount(web, admin, client):
    payment = pay(admin, client)
    page = post_to(
        web, f"/accounting/payments/{payment.pk}/refund/", {"amount": "41.00", "refunded_on": "2026-03-21"}, 422
    )
    assert "is more than the" in page
    post_to(web, f"/accounting/payments/{payment.pk}/refund/", {"amount": "1.00", "refunded_on": "2026-03-21"})
    assert balance_of(client.pk).payments == 3_900


def test_payment_is_deleted_and_recovered(web, admin, client):
    payment = pay(admin, client)
    post_to(web, f"/accounting/payments/{payment.pk}/delete/", {})
    assert balance_of(client.pk).payments == 0
    post_to(web, f"/accounting/payments/{payment.pk}/recover/", {})
    assert balance_of(client.pk).payments == 4_000


def test_invoice_from_a_period_is_previewed_then_written(web, client):
    make_session(client, cost=5_000)
    form = {
        "client": str(client.pk), "basis": "completed", "date_from": "2026-03-01", "date_to": "2026-03-31",
        "issued_on": "2026-03-31", "due_on": "2026-04-14", "note": "",
    }  # fmt: skip
    assert "€50.00" in post_to(web, "/accounting/invoices/add/preview/", form, 200)
    post_to(web, "/accounting/invoices/add/", form)
    assert Invoice.objects.get().total_minor == 5_000
    assert "no sessions from" in post_to(web, "/accounting/invoices/add/", form, 422)


def test_invoice_of_free_lines_is_written_edited_sent_paid_and_voided(web, client):
    form = {
        "client": str(client.pk), "issued_on": "2026-03-20", "due_on": "2026-04-03", "note": "",
        "line_session": ["", ""], "description": ["Books", ""], "quantity": ["2", "1"],
        "unit_amount": ["10,00", ""], "tax_rate": ["19", ""],
    }  # fmt: skip
    assert "€23.80" in post_to(web, "/accounting/invoices/add/lines/preview/", form, 200)
    post_to(web, "/accounting/invoices/add/lines/", form)
    made = Invoice.objects.get()
    post_to(web, f"/accounting/invoices/{made.pk}/edit/", form | {"unit_amount": ["20.00", ""]})
    post_to(web, f"/accounting/invoices/{made.pk}/send/", {})
    paid = {"amount": "47.60", "method": "bank", "received_on": "2026-03-21", "reference": ""}
    post_to(web, f"/accounting/invoices/{made.pk}/pay/", paid)
    made.refresh_from_db()
    assert (made.total_minor, made.paid_minor, made.state) == (4_760, 4_760, "issued")
    post_to(web, f"/accounting/invoices/{made.pk}/void/", {})
    made.refresh_from_db()
    assert made.state == "void"


def test_lines_with_slips_come_back_with_them(web, client):
    form = {
        "client": str(client.pk), "issued_on": "2026-03-20", "due_on": "2026-04-03",
        "line_session": [""], "description": ["Books"], "quantity": ["many"], "unit_amount": ["1.00"], "tax_rate": ["300"],
    }  # fmt: skip
    assert "Enter a number" in post_to(web, "/accounting/invoices/add/lines/", form, 422)
    form |= {"quantity": ["1"]}
    assert "from 0 to 100" in post_to(web, "/accounting/invoices/add/lines/", form, 422)
    assert Invoice.objects.count() == 0


def test_many_invoices_are_written_for_those_ticked(web, client):
    other = make_client()
    make_session(client), make_session(other)
    form = {"basis": "completed", "date_from": "2026-03-01", "date_to": "2026-03-31", "due_on": "2030-01-01"}
    assert "€100.00" in post_to(web, "/accounting/invoices/many/preview/", form, 200)
    post_to(web, "/accounting/invoices/many/", form | {"client": [str(client.pk)]})
    assert [row.client_id for row in Invoice.objects.all()] == [client.pk]
    ids = [str(row.pk) for row in Invoice.objects.all()]
    post_to(web, "/accounting/invoices/bulk/", {"action": "send", "id": [*ids, "nonsense"]})
    assert Invoice.objects.get().state == "issued"


def test_wages_are_marked_paid(web, admin):
    pia = User.objects.create(role="practitioner", first_name="Pia")
    wage = ledger_rules.wage(practitioner_id=pia.pk, wage_minor=3_000, occurred_on=TODAY, source_id=new_id())
    post([wage], now=NOW, actor=admin)
    assert "€30.00 is owed" in get(web, f"/accounting/wages/{pia.pk}/pay/")
    post_to(web, f"/accounting/wages/{pia.pk}/pay/", {"amount": "30.00", "method": "bank", "paid_on": "2026-03-31"})
    assert "€0.00 is owed" in get(web, f"/accounting/wages/{pia.pk}/pay/")
    (back,) = re.findall(rf"/accounting/wages/{pia.pk}/[0-9a-f-]+/take-back/", get(web, f"/accounting/wages/{pia.pk}/"))
    post_to(web, back, {})
    lines = get(web, f"/accounting/wages/{pia.pk}/")
    assert "taken back" in lines and "take-back/" not in lines
    assert "€30.00 is owed" in get(web, f"/accounting/wages/{pia.pk}/pay/")


def test_older_wages_are_a_page_further_or_between_dates(web, admin):
    pia = User.objects.create(role="practitioner", first_name="Pia")
    days = [TODAY - timedelta(days=number) for number in range(53)]
    wages = [
        ledger_rules.wage(practitioner_id=pia.pk, wage_minor=100, occurred_on=day, source_id=new_id()) for day in days
    ]
    post(wages, now=NOW, actor=admin)
    first = get(web, f"/accounting/wages/{pia.pk}/")
    assert first.count("€1.00<") == 50
    (older,) = re.findall(r'rel="next" href="([^"]+)"', first)
    assert get(web, f"/accounting/wages/{pia.pk}/{older.replace('&amp;', '&')}").count("€1.00<") == 3 + 1
    assert get(web, f"/accounting/wages/{pia.pk}/?from={days[6]}").count("€1.00<") == 7


def test_nonsense_in_addresses_is_no_error(web, client):
    for path in (
        "/accounting/balances/?sort=x&page=99999999&shown=y&q=%00", "/accounting/payments/?from=0001-01-01&to=nonsense&client=1",
        "/accounting/invoices/?status=%27&from=9999-12-31", f"/accounting/statements/{client.pk}/?day=2026-01-01&before=x",
        "/accounting/wages/?from=2026-05-01&to=2026-01-01", "/accounting/payments/add/?client=nobody",
    ):  # fmt: skip
        get(web, path)
    get(web, f"/accounting/invoices/{client.pk}/", 404)
    get(web, f"/accounting/statements/{new_id()}/", 404)


def test_those_without_accounting_are_kept_out(business, client):
    teacher = signed_in(User.objects.create(role="practitioner", first_name="Pia", username="pia"))
    pupil = signed_in(make_client(username="pupil"))
    for path in ("balances/", "payments/", "invoices/", f"statements/{client.pk}/", "wages/"):
        assert teacher.get(f"/accounting/{path}").status_code == 403
        assert pupil.get(f"/accounting/{path}").status_code == 302


def test_payments_add_up_this_month_until_they_are_narrowed(web, admin, client, monkeypatch):
    monkeypatch.setattr("daybook.web.money.views.payments.today_of", lambda request: TODAY)
    for amount, day in ((4_000, TODAY), (500, TODAY.replace(day=1)), (70_000, TODAY.replace(year=TODAY.year - 1))):
        take_payment(actor=admin, now=NOW, client_id=client.pk, amount_minor=amount, method="cash", received_on=day)
    everything = get(web, "/accounting/payments/")
    assert everything.count("data-href=") == 3 and "(2):" in everything and ">€45.00<" in everything
    assert ">€745.00<" in get(web, f"/accounting/payments/?client={client.pk}")
    assert ">€700.00<" in get(web, "/accounting/payments/?to=2025-12-31")
    assert get(web, "/accounting/payments/export.csv").count("\n") == 4


def test_lists_are_kept_as_workbooks(web, admin, client):
    make_session(client, cost=5_000, tax=950)
    send_invoice(actor=admin, now=NOW, invoice_id=invoice_of(admin, client).pk)
    pay(admin, client)
    for path in ("balances/export.csv", "payments/export.csv", "invoices/export.csv", "wages/"):
        answer = web.get(f"/accounting/{path}?format=xlsx")
        assert answer.status_code == 200 and answer["Content-Disposition"].endswith('.xlsx"')
        assert load_workbook(io.BytesIO(answer.content)).active.max_row >= 1 + (path != "wages/")


def test_payment_history_of_a_client_is_a_click_away(web, admin, client):
    pay(admin, client)
    pay(admin, make_client(first_name="Ada", last_name="Byrne"), 9_900)
    way = f"/accounting/payments/?client={client.pk}"
    for path in ("/clients/", f"/clients/{client.pk}/", "/accounting/balances/"):
        assert f'{way}"' in get(web, path)
    found = get(web, way)
    assert "€40.00" in found and "€99.00" not in found and "Client: <b>Leo Brandt</b>" in found
    assert "Client: <b>Leo Brandt</b>" in get(web, f"/accounting/invoices/?client={client.pk}")


@pytest.mark.parametrize(
    ("currency", "typed", "said"),
    [
        ("EUR", "abc", "Enter an amount, such as 45.50."),
        ("JPY", "abc", "Enter an amount, such as 4550."),
        ("JPY", "12.50", "This currency has no digits after the point."),
        ("BHD", "1.2345", "This currency has 3 digits after the point, no more."),
        ("BHD", "99999999999", "That is too much: at most BHD\u00a01,000,000,000.000."),
    ],
)
def test_an_amount_that_cannot_be_says_why(web, business, client, currency, typed, said):
    Business.objects.filter(pk=business.pk).update(currency=currency)
    data = {"client": str(client.pk), "amount": typed, "method": "cash", "received_on": "2026-03-01"}
    assert said in post_to(web, "/accounting/payments/add/", data, 422)
    row = {"client": "Leo Brandt", "amount": typed, "method": "cash", "received_on": "2026-03-01", "reference": ""}
    assert said in post_to(web, "/accounting/payments/many/", row, 422)
