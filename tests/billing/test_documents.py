"""Documents: made of data alone, quick, and complete."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from daybook.billing.documents import invoice_content, invoice_pdf, statement_content, statement_pdf, typeset
from daybook.billing.documents.typeset import writable
from daybook.billing.rules import FreeLine
from daybook.ledger.queries import statement
from daybook.payments.documents import receipt_content, receipt_pdf
from daybook.workflows.create_invoice import create_invoice
from daybook.workflows.pay_invoice import pay_invoice
from tests.factories.money import NOW, TODAY, make_client, make_session

HOSTILE = '#panic() *bold* $x$ <label> "quote" \\ // /* @x https://example.com ${} 名前 Ω'


@pytest.fixture
def invoice(admin):
    client = make_client(first_name=HOSTILE[:90], address="Long Street 1\n10115 Berlin")
    place = make_session(
        client, cost=5_000, tax=950, tax_rate=Decimal(19), starts_at=datetime(2026, 3, 2, 15, tzinfo=UTC)
    )
    lines = [FreeLine(session_id=place.session_id), FreeLine(HOSTILE, Decimal("2.5"), 1_000, Decimal(7))]
    made = create_invoice(actor=admin, now=NOW, client_id=client.pk, lines=lines, note=HOSTILE)
    pay_invoice(actor=admin, now=NOW, invoice_id=made.pk, amount_minor=3_000, method="bank")
    made.refresh_from_db()
    return made


def test_invoice_content_adds_up_and_names_each_tax(invoice):
    content = invoice_content(invoice, today=TODAY)
    # 50.00 + 25.00 net, 9.50 at 19 %, 1.75 at 7 %, 30.00 paid.
    assert content["sums"] == [["Subtotal", "€75.00"], ["Tax 7% on €25.00", "€1.75"], ["Tax 19% on €50.00", "€9.50"]]
    assert content["total"] == ["Total", "€86.25"]
    assert content["paid"] == ["Paid so far", "−€30.00"]
    assert content["due"] == ["Amount due", "€56.25"]
    assert content["lines"][0]["day"] == "Mar 2, 2026"
    assert content["due_by"] == "Please pay by Apr 3, 2026."


def test_documents_take_any_text(invoice):
    assert invoice_pdf(invoice, today=TODAY).startswith(b"%PDF")
    payment = invoice.allocations.get().payment
    assert receipt_pdf(payment, today=TODAY).startswith(b"%PDF")
    assert statement_pdf(invoice.client, statement(invoice.client_id), today=TODAY).startswith(b"%PDF")


def test_receipt_says_what_was_settled(invoice):
    content = receipt_content(invoice.allocations.get().payment, today=TODAY)
    assert (content["number"], content["amount"]) == ("R-0001", "€30.00")
    assert content["lines"] == [{"text": "INV-0001", "amount": "€30.00"}]


def test_statement_ends_with_what_is_open(invoice):
    content = statement_content(invoice.client, statement(invoice.client_id), today=date(2026, 3, 21))
    # 59.50 session, 26.75 line, 30.00 paid.
    assert content["closing"] == ["Balance", "−€56.25"]
    assert content["remark"] == "€56.25 is open."


def test_template_text_in_data_is_shown_not_run(invoice):
    content = invoice_content(invoice, today=TODAY) | {"note": '#read("/etc/passwd")'}
    assert typeset("invoice", content).startswith(b"%PDF")


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("🦄 Zoë Ødegård 👩‍👩‍👧", "Zoë Ødegård"),
        ("Ada 🇮🇪 Byrne ❤️ & Sons", "Ada Byrne & Sons"),
        ("🦄", "🦄"),
        ("✓ नेहा क्‍ष محمد", "✓ नेहा क्‍ष محمد"),
        ("山田 太郎", "山田 太郎"),
    ],
)
def test_pictures_in_names_are_left_out_of_documents(text, written):
    assert writable({"to": [text], "day": None, "total": 3}) == {"to": [written], "day": None, "total": 3}


def test_documents_take_writing_that_the_own_fonts_lack(admin):
    client = make_client(first_name="山田 太郎 🦄", last_name="กมล 김민준", address="名前")
    made = create_invoice(actor=admin, now=NOW, client_id=client.pk, lines=[FreeLine("Leçon", unit_minor=3_310)])
    assert invoice_pdf(made, today=TODAY).startswith(b"%PDF")
