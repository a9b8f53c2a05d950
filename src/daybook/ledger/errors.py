"""Refusals of the ledger."""

from daybook.core.errors import DomainError


class AlreadyReversed(DomainError):
    """The entry was reversed before: it can be taken back once."""

    code = "already_reversed"
