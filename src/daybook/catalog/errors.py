"""Every refusal that this room can give."""

from daybook.core.errors import DomainError


class NameTaken(DomainError):
    """Another service (or location) of the business has that name."""

    code = "name_taken"


class InUse(DomainError):
    """A service or location cannot be deleted while `sessions` open ones are booked on it."""

    code = "in_use"
