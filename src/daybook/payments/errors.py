"""Refusals of payments."""

from daybook.core.errors import DomainError


class RefundTooLarge(DomainError):
    """More than is left of the payment; `data` has `asked` and `left` as decimal texts."""

    code = "refund_too_large"


class PaymentRefunded(DomainError):
    """The payment has refunds: it cannot be deleted as if it had never been."""

    code = "payment_refunded"


class NoCredit(DomainError):
    """The client has no credit that an invoice could take."""

    code = "no_credit"


class ClientNotActive(DomainError):
    """An inactive client or a prospect does not pay (requirements 1.3)."""

    code = "client_not_active"
