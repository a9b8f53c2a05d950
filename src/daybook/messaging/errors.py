"""Refusals of the outbox."""

from daybook.core.errors import DomainError


class NoAddress(DomainError):
    """The person has no e-mail address: add one, then send again."""

    code = "no_address"
