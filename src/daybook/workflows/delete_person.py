"""Put a person in the bin, unless something of the business stands against it (requirements 1.6)."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from daybook.billing.models import Invoice
from daybook.ledger.models import Account, JournalEntry, Posting
from daybook.payments.models import Payment
from daybook.people.errors import HasHistory
from daybook.people.models import User
from daybook.people.permissions import access_user, require_manage
from daybook.people.services import delete_user
from daybook.scheduling.models import Assistant, Participant, Session
from daybook.tenancy.actor import Actor
from daybook.tenancy.ground import change_ground


@transaction.atomic
def delete_person(*, actor: Actor, user_id: UUID, now: datetime, role: str | None = None) -> User:
    """Delete a person (of that role). Raises NotFound, NotPermitted, HasHistory with counts, LastAdministrator."""
    change_ground()
    user = access_user(actor, user_id, role=role, lock=True)
    require_manage(actor, user.role)
    against = history_against_deleting(user)
    if against:
        raise HasHistory(field=None, role=user.role, name=user.name, **against)
    return delete_user(actor=actor, user_id=user.pk, now=now)


def history_against_deleting(user: User) -> dict[str, int]:
    """What stands against deleting a person, and how many of each; what is deleted or void itself does not count."""
    counts = {
        "sessions": _sessions(user),
        "payments": Payment.objects.filter(client=user, deleted_at__isnull=True).count(),
        "invoices": Invoice.objects.exclude(state=Invoice.State.VOID).filter(Q(bill_to=user) | Q(client=user)).count(),
        "wages": _wages(user),
    }
    return {name: count for name, count in counts.items() if count}


def _wages(user: User) -> int:
    """Wages earned and wages paid out that were not taken back."""
    if user.role != "practitioner":
        return 0
    account = Account.objects.filter(owner=user, kind=Account.Kind.WAGES_PAYABLE)
    entries = JournalEntry.objects.filter(pk__in=Posting.objects.filter(account__in=account).values("entry_id"))
    return entries.filter(reverses=None, reversed_by=None).count()


def _sessions(user: User) -> int:
    if user.role == "client":
        return Participant.objects.filter(client=user, session__deleted_at__isnull=True).count()
    if user.role == "practitioner":
        assisted = Assistant.objects.filter(practitioner=user, session__deleted_at__isnull=True)
        return Session.objects.filter(practitioner=user).count() + assisted.count()
    return 0
