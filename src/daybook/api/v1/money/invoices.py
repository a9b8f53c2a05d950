"""`/invoices`."""

from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.timezone import now
from ninja import Query

from daybook.api.answers import PDF_DOCUMENT, pdf
from daybook.api.fields import Id
from daybook.api.frame import Router
from daybook.api.paging import Page, chosen, page_of
from daybook.api.requests import ApiRequest
from daybook.api.v1.money.schemas import (
    BulkInvoicesOut,
    InvoiceChange,
    InvoiceFilter,
    InvoiceIn,
    InvoiceOut,
    InvoicesIn,
    LineIn,
    PayIn,
)
from daybook.api.v1.money.shapes import invoice_out, with_lines
from daybook.billing.documents import invoice_pdf
from daybook.billing.models import Invoice
from daybook.billing.permissions import access_invoice, visible_invoices
from daybook.billing.queries import with_shown_state
from daybook.billing.rules import FreeLine
from daybook.core.errors import DomainError, InvalidInput
from daybook.core.periods import local_date
from daybook.tenancy.queries import business_words
from daybook.ui.sentences import sentence
from daybook.workflows.create_invoice import Period, change_invoice, create_invoice, create_invoices
from daybook.workflows.pay_invoice import pay_invoice, use_credit
from daybook.workflows.send_invoice import issue_invoice, send_invoice
from daybook.workflows.void_invoice import void_invoice

router = Router(tags=["Invoices"])


def _today(request: ApiRequest) -> date:
    return local_date(now(), request.business.time_zone)


def _shown(request: ApiRequest, invoice_id: UUID) -> dict[str, Any]:
    rows = with_lines(with_shown_state(visible_invoices(request.actor), _today(request)))
    return invoice_out(rows.get(pk=invoice_id))


def _lines(lines: list[LineIn] | None) -> list[FreeLine] | None:
    if lines is None:
        return None
    return [FreeLine(line.description, line.quantity, line.unit_amount, line.tax_rate, line.session) for line in lines]


@router.get("/invoices", response=Page[InvoiceOut])
def list_invoices(request: ApiRequest, filters: Query[InvoiceFilter]) -> dict[str, Any]:
    """Invoices, the newest first."""
    rows = with_shown_state(visible_invoices(request.actor), _today(request))
    wanted = chosen(
        client_id=filters.client,
        bill_to_id=filters.bill_to,
        shown=filters.status,
        number=filters.number,
        issued_on__gte=filters.from_,
        issued_on__lte=filters.to,
        issued_on=filters.issued_on,
        due_on=filters.due_on,
    )
    rows = rows.filter(**wanted)
    return page_of(with_lines(rows), filters, order=("-sequence",), shape=invoice_out)


@router.post("/invoices", response={201: InvoiceOut})
def write_invoice(request: ApiRequest, body: InvoiceIn) -> dict[str, Any]:
    """A numbered draft: from `lines`, or from the client's sessions of the dates `from` to `to`."""
    period = None
    if body.lines is None or body.from_ or body.to:
        if body.lines is not None:
            raise InvalidInput(field="lines", problem="lines_or_period")
        if body.from_ is None or body.to is None:
            raise InvalidInput(field="from" if body.from_ is None else "to", problem="required")
        period = Period(body.from_, body.to, body.basis)
    made = create_invoice(
        actor=request.actor,
        now=now(),
        client_id=body.client,
        bill_to_id=body.bill_to,
        lines=_lines(body.lines),
        period=period,
        issued_on=body.issued_on,
        due_on=body.due_on,
        note=body.note,
    )
    return _shown(request, made.pk)


@router.post("/invoices/bulk", response={201: BulkInvoicesOut})
def write_invoices(request: ApiRequest, body: InvoicesIn) -> dict[str, Any]:
    """A draft for each client with sessions to bill in the period; a refusal stands in its client's place."""
    done = create_invoices(
        actor=request.actor,
        now=now(),
        period=Period(body.from_, body.to, body.basis),
        client_ids=body.clients,
        due_on=body.due_on,
        note=body.note,
    )
    made = [result.pk for _, result in done if isinstance(result, Invoice)]
    rows = with_lines(with_shown_state(visible_invoices(request.actor), _today(request))).in_bulk(made)
    words = business_words()
    return {
        "items": [
            {
                "client": str(client_id),
                "invoice": invoice_out(rows[result.pk]) if isinstance(result, Invoice) else None,
                "code": result.code if isinstance(result, DomainError) else None,
                "detail": sentence(result, words) if isinstance(result, DomainError) else None,
            }
            for client_id, result in done
        ]
    }


@router.get("/invoices/{invoice_id}.pdf", response=None, openapi_extra=PDF_DOCUMENT)
def invoice_document(request: ApiRequest, invoice_id: Id) -> HttpResponse:
    invoice = access_invoice(request.actor, invoice_id)
    return pdf(invoice_pdf(invoice, today=_today(request)), f"{invoice.number}.pdf")


@router.get("/invoices/{invoice_id}", response=InvoiceOut)
def get_invoice(request: ApiRequest, invoice_id: Id) -> dict[str, Any]:
    return _shown(request, access_invoice(request.actor, invoice_id).pk)


@router.patch("/invoices/{invoice_id}", response=InvoiceOut)
def update_invoice(request: ApiRequest, invoice_id: Id, body: InvoiceChange) -> dict[str, Any]:
    """Drafts only: 409 `invoice_issued` for others. Lines replace all lines."""
    changed = change_invoice(
        actor=request.actor,
        now=now(),
        invoice_id=invoice_id,
        due_on=body.due_on,
        note=body.note,
        bill_to_id=body.bill_to,
        lines=_lines(body.lines),
    )
    return _shown(request, changed.pk)


@router.post("/invoices/{invoice_id}/send", response=InvoiceOut)
def send(request: ApiRequest, invoice_id: Id) -> dict[str, Any]:
    """Issue the draft, settle what credit covers, and e-mail it; an issued one is e-mailed again."""
    return _shown(request, send_invoice(actor=request.actor, now=now(), invoice_id=invoice_id).pk)


@router.post("/invoices/{invoice_id}/issue", response=InvoiceOut)
def issue(request: ApiRequest, invoice_id: Id) -> dict[str, Any]:
    """Issue the draft without an e-mail."""
    return _shown(request, issue_invoice(actor=request.actor, now=now(), invoice_id=invoice_id).pk)


@router.post("/invoices/{invoice_id}/void", response=InvoiceOut)
def void(request: ApiRequest, invoice_id: Id) -> dict[str, Any]:
    """The number stays; its charges are reversed, its sessions and payments freed."""
    return _shown(request, void_invoice(actor=request.actor, now=now(), invoice_id=invoice_id).pk)


@router.post("/invoices/{invoice_id}/pay", response=InvoiceOut)
def pay(request: ApiRequest, invoice_id: Id, body: PayIn) -> dict[str, Any]:
    """Record a payment and apply it here; more than is due goes to the next unpaid invoices, then stays as credit."""
    values = body.model_dump(exclude={"amount"})
    pay_invoice(actor=request.actor, now=now(), invoice_id=invoice_id, amount_minor=body.amount, **values)
    return _shown(request, invoice_id)


@router.post("/invoices/{invoice_id}/use-credit", response=InvoiceOut)
def settle(request: ApiRequest, invoice_id: Id) -> dict[str, Any]:
    """Settle it from what is left of the client's payments. 409 `no_credit` where nothing is."""
    return _shown(request, use_credit(actor=request.actor, now=now(), invoice_id=invoice_id).pk)
