"""Rows of money as they go out."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from daybook.api.fields import amount_text, instant_text
from daybook.billing.models import Invoice
from daybook.core.periods import local_date
from daybook.core.reasons import Reason, reasons_from_json
from daybook.ledger.queries import Balance, LedgerReport, StatementLine
from daybook.messaging.models import Message
from daybook.payments.documents import receipt_number
from daybook.payments.models import Payment
from daybook.tenancy.queries import business_words
from daybook.tenancy.scope import current_business
from daybook.ui.sentences import explain


def explained(reasons: Iterable[Reason], words: Any = None) -> list[dict[str, Any]]:
    business = current_business()
    return [
        {
            "code": reason.code,
            "detail": explain(reason, words, business.locale, business.currency, business.time_zone),
            "facts": reason.facts,
        }
        for reason in reasons
    ]


def balance_out(balance: Balance) -> dict[str, Any]:
    return figures(balance) | {
        "package_sessions_left": 0,
        "explain": explained(balance.reasons(current_business().currency), business_words()),
    }


def figures(balance: Balance) -> dict[str, str]:
    """The five amounts of a balance."""
    names = ("payments", "costs", "scheduled", "balance", "available_credit")
    return {name: amount_text(getattr(balance, name)) for name in names}


def statement_line_out(line: StatementLine, words: Any) -> dict[str, Any]:
    return {
        "id": str(line.entry_id),
        "date": line.occurred_on.isoformat(),
        "kind": line.kind,
        "description": line.description,
        "amount": amount_text(line.amount_minor),
        "balance": amount_text(line.balance_minor),
        "reversal": line.is_reversal,
        "explain": explained(reasons_from_json(line.reasons), words),
    }


# ── payments ──


def with_parts(payments: QuerySet[Payment]) -> QuerySet[Payment]:
    """With allocations, their invoices and refunds: two queries more, whatever the number of rows."""
    return payments.prefetch_related("allocations__invoice", "refunds")


def payment_status(payment: Payment) -> str:
    if payment.deleted_at:
        return "deleted"
    if payment.refunded_minor == payment.amount_minor:
        return "refunded"
    return "partly_refunded" if payment.refunded_minor else "received"


def payment_out(payment: Payment) -> dict[str, Any]:
    applied = sorted(payment.allocations.all(), key=lambda row: row.pk)
    left = payment.amount_minor - payment.refunded_minor - payment.allocated_minor
    return {
        "id": str(payment.pk),
        "client": str(payment.client_id),
        "amount": amount_text(payment.amount_minor),
        "method": payment.method,
        "received_on": payment.received_on.isoformat(),
        "reference": payment.reference,
        "note": payment.note,
        "invoice": str(applied[0].invoice_id) if applied else None,
        "allocations": [
            {"invoice": str(row.invoice_id), "number": row.invoice.number, "amount": amount_text(row.amount_minor)}
            for row in applied
        ],
        "refunded": amount_text(payment.refunded_minor),
        "refunds": [
            {
                "id": str(row.pk),
                "amount": amount_text(row.amount_minor),
                "refunded_on": row.refunded_on.isoformat(),
                "note": row.note,
            }
            for row in sorted(payment.refunds.all(), key=lambda row: row.pk)
        ],
        "credit": amount_text(left),
        "gateway": payment.gateway,
        "status": payment_status(payment),
        "receipt_number": receipt_number(payment),
        "receipt_url": f"/api/v1/payments/{payment.pk}/receipt.pdf",
        "created_at": instant_text(payment.created_at),
    }


# ── invoices ──


def with_lines(invoices: QuerySet[Invoice]) -> QuerySet[Invoice]:
    """With their lines and the sessions of those: two queries more, whatever the number of rows."""
    return invoices.prefetch_related("lines__participant")


def invoice_out(invoice: Any) -> dict[str, Any]:
    zone = current_business().time_zone
    return {
        "id": str(invoice.pk),
        "client": str(invoice.client_id),
        "bill_to": str(invoice.bill_to_id),
        "number": invoice.number,
        "status": invoice.shown,
        "basis": invoice.basis,
        "issued_on": invoice.issued_on.isoformat(),
        "due_on": invoice.due_on.isoformat(),
        "sent_at": instant_text(invoice.sent_at) if invoice.sent_at else None,
        "lines": [_line_out(line, zone) for line in sorted(invoice.lines.all(), key=lambda line: line.position)],
        "subtotal": amount_text(invoice.subtotal_minor),
        "tax": amount_text(invoice.tax_minor),
        "total": amount_text(invoice.total_minor),
        "paid": amount_text(invoice.paid_minor),
        "due": amount_text(invoice.due_minor),
        "note": invoice.note,
        "pdf_url": f"/api/v1/invoices/{invoice.pk}.pdf",
    }


def _line_out(line: Any, zone: str) -> dict[str, Any]:
    place = line.participant
    return {
        "description": line.description,
        "quantity": int(line.quantity) if line.quantity == int(line.quantity) else float(line.quantity),
        "unit_amount": amount_text(line.unit_minor),
        "tax_rate": percent_text(line.tax_rate),
        "amount": amount_text(line.amount_minor),
        "tax": amount_text(line.tax_minor),
        "session": str(place.session_id) if place else None,
        "date": local_date(place.starts_at, zone).isoformat() if place else None,
    }


def percent_text(rate: Decimal) -> str:
    """`19`, `7.5`: no zeros that say nothing."""
    return f"{rate:f}".rstrip("0").rstrip(".") if rate else "0"


# ── the rest ──


def message_out(message: Message) -> dict[str, Any]:
    return {
        "id": str(message.pk),
        "channel": message.channel,
        "to": str(message.to_user_id) if message.to_user_id else None,
        "to_address": message.to_address,
        "event": message.event,
        "subject": message.subject,
        "body": message.body,
        "attachment": message.attachment_name,
        "status": message.status,
        "error": message.error,
        "created_at": instant_text(message.created_at),
        "sent_at": instant_text(message.sent_at) if message.sent_at else None,
    }


def ledger_out(report: LedgerReport) -> dict[str, Any]:
    return {
        "balanced": report.balanced,
        "transactions": report.transactions,
        "entries": report.entries,
        "seals": report.seals,
        "problems": [{"code": problem.code, **problem.facts} for problem in report.problems],
    }
