"""Balance, statement, invoices and receipts. None of it is there for a client to whom costs are hidden."""

from datetime import date
from uuid import UUID

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from daybook.billing.documents import invoice_pdf
from daybook.billing.documents.statement import statement_pdf
from daybook.billing.permissions import access_invoice, visible_invoices
from daybook.billing.queries import with_shown_state
from daybook.core.ids import parse_id
from daybook.core.periods import local_date
from daybook.core.reasons import reasons_from_json
from daybook.ledger.queries import balance_of, statement
from daybook.payments.documents import receipt_number, receipt_pdf
from daybook.payments.permissions import access_payment
from daybook.portal.doors import own_page, priced_subject, render

MOST_INVOICES = 100
MOST_LINES_ON_PAPER = 500


def _today(request: HttpRequest) -> date:
    return local_date(timezone.now(), request.business.time_zone)


@require_safe
@own_page
def overview(request: HttpRequest) -> HttpResponse:
    """`?before=DATE_ID` shows older lines of the statement."""
    subject = priced_subject(request)
    invoices = visible_invoices(request.actor).filter(Q(client_id=subject.id) | Q(bill_to_id=subject.id))
    shown = with_shown_state(invoices, _today(request)).order_by("-sequence")[:MOST_INVOICES]
    before = _mark(request.GET.get("before", ""))
    found = statement(subject.id, before=before)
    context = {
        "balance": balance_of(subject.id),
        "invoices": list(shown),
        "statement": found,
        "lines": [(line, reasons_from_json(line.reasons)) for line in reversed(found.lines)],
        "older": f"{found.older[0].isoformat()}_{found.older[1]}" if found.older else "",
        "is_older": before is not None,
    }
    return render(request, "portal/money.html", context)


def _mark(text: str) -> tuple[date, UUID] | None:
    day, _separator, posting = text.partition("_")
    found = parse_id(posting)
    try:
        return (date.fromisoformat(day), found) if found else None
    except ValueError:
        return None


@require_safe
@own_page
def statement_document(request: HttpRequest) -> HttpResponse:
    subject = priced_subject(request)
    found = statement(subject.id, limit=MOST_LINES_ON_PAPER)
    return _pdf(statement_pdf(subject.person, found, today=_today(request)), "statement")


@require_safe
@own_page
def invoice_document(request: HttpRequest, invoice_id: UUID) -> HttpResponse:
    priced_subject(request)
    invoice = access_invoice(request.actor, invoice_id)
    return _pdf(invoice_pdf(invoice, today=_today(request)), invoice.number)


@require_safe
@own_page
def receipt_document(request: HttpRequest, payment_id: UUID) -> HttpResponse:
    priced_subject(request)
    payment = access_payment(request.actor, payment_id)
    return _pdf(receipt_pdf(payment, today=_today(request)), receipt_number(payment))


def _pdf(content: bytes, name: str) -> HttpResponse:
    plain = "".join(
        character if character.isascii() and character.isalnum() or character in "-_" else "-" for character in name
    )
    return HttpResponse(
        content,
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{plain}.pdf"', "Cache-Control": "private, no-store"},
    )
