"""The receipt of a payment as a document."""

from datetime import date
from functools import partial
from typing import Any

from daybook.billing.documents import letterhead, person, typeset
from daybook.core import format
from daybook.payments.models import Allocation, Payment
from daybook.tenancy.scope import current_business

METHODS = {
    "cash": "Cash",
    "check": "Check",
    "card": "Card",
    "bank": "Bank transfer",
    "paypal": "PayPal",
    "other": "Other",
}


def receipt_content(payment: Payment, *, today: date) -> dict[str, Any]:
    """Everything that the receipt shows: what came in, by which way, what it was applied to, what went back."""
    business = current_business()
    money = partial(format.money, currency=payment.currency, locale=business.locale)
    applied = Allocation.objects.filter(payment=payment).select_related("invoice").order_by("id")
    left = payment.amount_minor - payment.refunded_minor - payment.allocated_minor
    lines = [{"text": row.invoice.number, "amount": money(row.amount_minor)} for row in applied]
    if lines and left:
        lines.append({"text": "Credit on account", "amount": money(left)})
    return letterhead(business) | {
        "title": "Receipt",
        "number": receipt_number(payment),
        "stamp": "Deleted"
        if payment.deleted_at
        else "Refunded"
        if payment.refunded_minor == payment.amount_minor
        else "",
        "to": person(payment.client),
        "facts": [
            ["Received", format.day(payment.received_on, business.locale)],
            ["By", METHODS[payment.method]],
            *([["Reference", payment.reference]] if payment.reference else []),
        ],
        "thanks": "Received with thanks",
        "amount": money(payment.amount_minor),
        "lines": lines,
        "remark": f"{money(payment.refunded_minor)} was given back." if payment.refunded_minor else "",
    }


def receipt_number(payment: Payment) -> str:
    """`R-0007`: how people name a receipt."""
    return f"R-{payment.receipt_number:04d}"


def receipt_pdf(payment: Payment, *, today: date) -> bytes:
    return typeset("receipt", receipt_content(payment, today=today))
