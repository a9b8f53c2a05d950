"""The invoice as a document."""

from collections import defaultdict
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

from daybook.billing.documents.content import letterhead, person, term
from daybook.billing.documents.typeset import typeset
from daybook.billing.models import Invoice, InvoiceLine
from daybook.billing.queries import lines_of
from daybook.billing.rules import shown_state
from daybook.core import format
from daybook.core.periods import local_date
from daybook.tenancy.models import Business
from daybook.tenancy.scope import current_business

NOTICES = {"draft": "Draft", "void": "Void", "paid": "Paid"}


def invoice_content(invoice: Invoice, *, today: date) -> dict[str, Any]:
    """Everything that the document shows, in the business's language, currency and zone."""
    business = current_business()
    money = partial(format.money, currency=invoice.currency, locale=business.locale)
    day = partial(format.day, locale=business.locale)
    lines = list(lines_of(invoice.pk))
    state = shown_state(
        state=invoice.state,
        total_minor=invoice.total_minor,
        paid_minor=invoice.paid_minor,
        due_on=invoice.due_on,
        today=today,
    )
    due = 0 if invoice.state == Invoice.State.VOID else invoice.total_minor - invoice.paid_minor
    return letterhead(business) | {
        "title": term("invoice"),
        "number": invoice.number,
        "stamp": NOTICES.get(state, ""),
        "to": person(invoice.bill_to),
        "for": invoice.client.name if invoice.client_id != invoice.bill_to_id else "",
        "facts": [["Issued", day(invoice.issued_on)], ["Due", day(invoice.due_on)], *_period(invoice, day)],
        "lines": [_line(line, business, money) for line in lines],
        "has_tax": invoice.tax_minor != 0,
        "sums": [
            *([["Subtotal", money(invoice.subtotal_minor)]] if invoice.tax_minor else []),
            *_taxes(lines, money),
        ],
        "total": ["Total", money(invoice.total_minor)],
        "paid": ["Paid so far", money(-invoice.paid_minor)] if invoice.paid_minor else None,
        "due": ["Amount due", money(due)],
        "due_by": f"Please pay by {day(invoice.due_on)}." if due and invoice.state != Invoice.State.VOID else "",
        "note": invoice.note,
    }


def invoice_pdf(invoice: Invoice, *, today: date) -> bytes:
    """The invoice as PDF; its client and addressee are read if they are not there yet."""
    return typeset("invoice", invoice_content(invoice, today=today))


def _period(invoice: Invoice, day: Any) -> list[list[str]]:
    if invoice.period_start is None or invoice.period_end is None:
        return []
    return [["Period", f"{day(invoice.period_start)} – {day(invoice.period_end)}"]]


def _line(line: InvoiceLine, business: Business, money: Any) -> dict[str, str]:
    place = line.participant
    when = format.day(local_date(place.starts_at, business.time_zone), business.locale) if place else ""
    return {
        "day": when,
        "text": line.description,
        "quantity": format.number(line.quantity.normalize(), business.locale),
        "unit": money(line.unit_minor),
        "tax": percent(line.tax_rate, business.locale) if line.tax_rate else "",
        "amount": money(line.amount_minor),
    }


def _taxes(lines: list[InvoiceLine], money: Any) -> list[list[str]]:
    """One sum for each rate, as a tax office wants them."""
    locale = current_business().locale
    by_rate: dict[Decimal, list[int]] = defaultdict(lambda: [0, 0])
    for line in lines:
        if line.tax_minor:
            by_rate[line.tax_rate][0] += line.amount_minor
            by_rate[line.tax_rate][1] += line.tax_minor
    return [
        [f"Tax {percent(rate, locale)} on {money(net)}", money(tax)] for rate, (net, tax) in sorted(by_rate.items())
    ]


def percent(rate: Decimal, locale: str) -> str:
    """`19%`, `7.5%`."""
    return f"{format.number(rate.normalize(), locale)}%"
