"""Refusals of billing."""

from daybook.core.errors import DomainError


class NothingToInvoice(DomainError):
    """No session of the period is waiting to be invoiced; `data` has the period and the client's name."""

    code = "nothing_to_invoice"


class SessionInvoiced(DomainError):
    """The session stands on a live invoice: `data["number"]` says which."""

    code = "invoiced"


class SessionNotBillable(DomainError):
    """The session is not the client's, is not there, or has no cost to bill."""

    code = "session_not_billable"
    status = 422


class InvoiceIsVoid(DomainError):
    """The invoice was voided: it can be read, nothing else."""

    code = "invoice_void"


class InvoiceNotDraft(DomainError):
    """The invoice was issued: it can be voided and written anew, not changed."""

    code = "invoice_issued"


class InvoiceSettled(DomainError):
    """Nothing is due on the invoice."""

    code = "invoice_paid"


class CostsHidden(DomainError):
    """The client must not see costs and has no agent who could get the invoice."""

    code = "costs_hidden"
