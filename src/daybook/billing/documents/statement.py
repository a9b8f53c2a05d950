"""The statement of account as a document."""

from datetime import date
from functools import partial
from typing import Any

from daybook.billing.documents.content import letterhead, person
from daybook.billing.documents.typeset import typeset
from daybook.core import format
from daybook.ledger.queries import Statement, StatementLine
from daybook.people.models import User
from daybook.tenancy.scope import current_business

KINDS = {
    "charge": "Session",
    "invoice_charge": "Invoice",
    "payment": "Payment",
    "refund": "Refund",
    "wage": "Wage",
    "wage_payment": "Wage paid",
    "write_off": "Write-off",
    "credit": "Credit",
    "opening": "Opening balance",
}


def statement_content(owner: User, found: Statement, *, today: date, title_dates: str = "") -> dict[str, Any]:
    """Everything that the document shows. Costs stand below zero, payments above, as the reader counts them."""
    business = current_business()
    money = partial(format.money, currency=business.currency, locale=business.locale)
    owed = -found.closing_minor
    return letterhead(business) | {
        "title": "Statement of account",
        "to": person(owner),
        "facts": [
            ["Date", format.day(today, business.locale)],
            *([["Period", title_dates]] if title_dates else []),
        ],
        "opening": ["Balance before", money(found.opening_minor)],
        "lines": [
            {
                "day": format.day(line.occurred_on, business.locale),
                "kind": kind_of(line),
                "text": line.description,
                "amount": money(line.amount_minor),
                "balance": money(line.balance_minor),
            }
            for line in found.lines
        ],
        "closing": ["Balance", money(found.closing_minor)],
        "remark": f"{money(owed)} is open."
        if owed > 0
        else f"{money(-owed)} is in credit."
        if owed < 0
        else "Nothing is open.",
    }


def kind_of(line: StatementLine) -> str:
    """The word for what a line is."""
    word = KINDS.get(line.kind, line.kind)
    return f"{word}, taken back" if line.is_reversal else word


def statement_pdf(owner: User, found: Statement, *, today: date, title_dates: str = "") -> bytes:
    return typeset("statement", statement_content(owner, found, today=today, title_dates=title_dates))
