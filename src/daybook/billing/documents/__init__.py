"""Documents as PDF: invoice, receipt, statement. Data goes in as JSON and never as template text."""

from daybook.billing.documents.content import letterhead, person
from daybook.billing.documents.invoice import invoice_content, invoice_pdf
from daybook.billing.documents.statement import statement_content, statement_pdf
from daybook.billing.documents.typeset import typeset

__all__ = [
    "invoice_content",
    "invoice_pdf",
    "letterhead",
    "person",
    "statement_content",
    "statement_pdf",
    "typeset",
]
