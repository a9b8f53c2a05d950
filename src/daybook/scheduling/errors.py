"""Every refusal that scheduling can give."""

from daybook.core.errors import DomainError


class DoubleBooking(DomainError):
    """The practitioner's or the exclusive room's time is taken.

    `data`: resource, name, kind (`practitioner`/`room`); starts_at and ends_at of what holds the time, `free_from`
    (aware instants); what (service) and clients only where the actor may see that session.
    """

    code = "double_booking"


class WouldOverlap(DomainError):
    """A service's or a room's new settings would double-book what is on the calendar.

    `data`: the `name` of who or what would be taken twice, `session` and `starts_at` (aware) of one of the two.
    """

    code = "would_overlap"


class PractitionerNotActive(DomainError):
    """An inactive practitioner cannot be given a session; `data["name"]`."""

    code = "practitioner_not_active"


class ClientBusy(DomainError):
    """A client that books for itself has another session at that time."""

    code = "client_overlap"


class AlreadyCompleted(DomainError):
    """The session has been saved: it must be reopened before its facts change. `data["status"]`."""

    code = "already_completed"


class NotSaved(DomainError):
    """Only a saved session can be reopened."""

    code = "not_saved"


class NotBegun(DomainError):
    """A session is completed or missed once it has begun; before that it can be canceled. `data["starts_at"]`."""

    code = "not_begun"


class Invoiced(DomainError):
    """The session stands on a live invoice: void that first. `data["invoices"]` are the numbers."""

    code = "invoiced"


class HasHistory(DomainError):
    """A saved session moved money: reopen it before deleting. `data["status"]`."""

    code = "has_history"


class NotDeleted(DomainError):
    """Only a session in the bin can be recovered."""

    code = "not_deleted"


class PersonDeleted(DomainError):
    """A session in the bin cannot be recovered while somebody of it is there too; `data["name"]`, `data["role"]`."""

    code = "person_deleted"


class DefaultTypeStays(DomainError):
    """A default completion type can be switched off, not removed; `data["label"]`."""

    code = "default_type_stays"


class LastCompletionType(DomainError):
    """At least one completion type must stay switched on."""

    code = "last_completion_type"
