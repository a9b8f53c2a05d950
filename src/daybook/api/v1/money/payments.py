"""`/payments`."""

from typing import Annotated, Any
from uuid import UUID

from django.db.models import F, Q
from django.http import HttpResponse
from django.utils.timezone import now
from ninja import Body, Query
from pydantic import Field

from daybook.api.answers import PDF_DOCUMENT, pdf
from daybook.api.fields import Id
from daybook.api.frame import Router
from daybook.api.paging import Page, chosen, page_of
from daybook.api.requests import ApiRequest
from daybook.api.v1.money.schemas import PaymentChange, PaymentFilter, PaymentIn, PaymentOut, PaymentsOut, RefundIn
from daybook.api.v1.money.shapes import payment_out, with_parts
from daybook.core.periods import local_date
from daybook.payments.documents import receipt_number, receipt_pdf
from daybook.payments.models import Payment
from daybook.payments.permissions import access_payment, visible_payments
from daybook.payments.rules import NewPayment
from daybook.payments.services import annotate_payment
from daybook.workflows.delete_payment import delete_payment, recover_payment
from daybook.workflows.refund_payment import refund_payment
from daybook.workflows.send_receipt import send_receipt
from daybook.workflows.take_payment import take_payment, take_payments

router = Router(tags=["Payments"])


STATES = {
    "received": Q(refunded_minor=0),
    "partly_refunded": Q(refunded_minor__gt=0, refunded_minor__lt=F("amount_minor")),
    "refunded": Q(refunded_minor=F("amount_minor")),
}


def _shown(request: ApiRequest, payment_id: UUID) -> dict[str, Any]:
    return payment_out(with_parts(visible_payments(request.actor, deleted=True)).get(pk=payment_id))


@router.get("/payments", response=Page[PaymentOut])
def list_payments(request: ApiRequest, filters: Query[PaymentFilter]) -> dict[str, Any]:
    """Payments, the newest first."""
    rows = visible_payments(request.actor, deleted=filters.deleted)
    if filters.deleted:
        rows = rows.exclude(deleted_at=None)
    wanted = chosen(
        client_id=filters.client,
        method=filters.method,
        received_on__gte=filters.from_,
        received_on__lte=filters.to,
        received_on=filters.received_on,
        amount_minor=filters.amount,
        reference=filters.reference,
        allocations__invoice_id=filters.invoice,
    )
    rows = rows.filter(**wanted)
    if filters.status:
        rows = rows.filter(STATES[filters.status])
    return page_of(with_parts(rows), filters, order=("-received_on", "-id"), shape=payment_out)


@router.post("/payments", response={201: PaymentOut})
def create_payment(request: ApiRequest, body: PaymentIn) -> dict[str, Any]:
    """Applied to `invoice` first if given, then to the oldest unpaid invoices; the rest is credit."""
    values = body.model_dump(exclude={"client", "amount", "invoice"})
    made = take_payment(
        actor=request.actor,
        now=now(),
        client_id=body.client,
        amount_minor=body.amount,
        invoice_id=body.invoice,
        **values,
    )
    return _shown(request, made.pk)


@router.post("/payments/bulk", response={201: PaymentsOut})
def create_payments(
    request: ApiRequest, body: Annotated[list[PaymentIn], Field(min_length=1, max_length=1000)] = Body(...)
) -> dict[str, Any]:
    """All or none. What is wrong is named by row: `3.amount`."""
    today = local_date(now(), request.business.time_zone)
    asked = [
        NewPayment(
            each.client, each.amount, each.method, each.received_on or today, each.reference, each.note, each.invoice
        )
        for each in body
    ]
    made = take_payments(actor=request.actor, now=now(), payments=asked)
    rows: dict[UUID, Payment] = with_parts(visible_payments(request.actor)).in_bulk([row.pk for row in made])
    return {"items": [payment_out(rows[row.pk]) for row in made]}


@router.get("/payments/{payment_id}", response=PaymentOut)
def get_payment(request: ApiRequest, payment_id: Id) -> dict[str, Any]:
    return _shown(request, access_payment(request.actor, payment_id, deleted=True).pk)


@router.patch("/payments/{payment_id}", response=PaymentOut)
def update_payment(request: ApiRequest, payment_id: Id, body: PaymentChange) -> dict[str, Any]:
    """Its reference and note. The rest is money: delete the payment and record it again."""
    annotate_payment(actor=request.actor, payment_id=payment_id, **body.given())
    return _shown(request, payment_id)


@router.delete("/payments/{payment_id}", response={204: None})
def remove_payment(request: ApiRequest, payment_id: Id) -> None:
    """Reversed in the ledger, taken off its invoices, and put in the bin. 409 `payment_refunded` if some went back."""
    delete_payment(actor=request.actor, now=now(), payment_id=payment_id)


@router.post("/payments/{payment_id}/recover", response=PaymentOut)
def bring_back_payment(request: ApiRequest, payment_id: Id) -> dict[str, Any]:
    """Out of the bin: recorded again, and applied to the oldest unpaid invoices."""
    return _shown(request, recover_payment(actor=request.actor, now=now(), payment_id=payment_id).pk)


@router.post("/payments/{payment_id}/refund", response=PaymentOut)
def refund(request: ApiRequest, payment_id: Id, body: RefundIn) -> dict[str, Any]:
    """In part or whole. 409 `refund_too_large` for more than is left."""
    refund_payment(
        actor=request.actor,
        now=now(),
        payment_id=payment_id,
        amount_minor=body.amount,
        refunded_on=body.refunded_on,
        note=body.note,
    )
    return _shown(request, payment_id)


@router.post("/payments/{payment_id}/send-receipt", response={204: None})
def mail_receipt(request: ApiRequest, payment_id: Id) -> None:
    """Put the receipt into the outbox, for the payer."""
    send_receipt(actor=request.actor, now=now(), payment_id=payment_id)


@router.get("/payments/{payment_id}/receipt.pdf", response=None, openapi_extra=PDF_DOCUMENT)
def payment_receipt(request: ApiRequest, payment_id: Id) -> HttpResponse:
    payment = access_payment(request.actor, payment_id, deleted=True)
    today = local_date(now(), request.business.time_zone)
    return pdf(receipt_pdf(payment, today=today), f"{receipt_number(payment)}.pdf")
