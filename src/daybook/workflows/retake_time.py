"""A service's buffers, or whether a room is exclusive, change whose time its sessions take: taken anew for what is to come.

Without this, what was booked before the change would not stand in the way of what is booked after it.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from daybook.scheduling.errors import DoubleBooking, WouldOverlap
from daybook.scheduling.models import Session
from daybook.scheduling.queries.locked import LockedSession
from daybook.scheduling.services import free_time, occupy, occupy_many
from daybook.tenancy.actor import Actor
from daybook.workflows.session_locks import lock


@transaction.atomic
def retake_time(
    *, actor: Actor, now: datetime, service_id: UUID | None = None, location_id: UUID | None = None
) -> None:
    """Take the time of sessions that are not over yet as the service or the room is now. The caller has authorised.

    Raises WouldOverlap where two of them cannot both hold.
    """
    coming = Session.objects.filter(ends_at__gt=now).exclude(status="canceled")
    coming = coming.filter(service_id=service_id) if service_id else coming.filter(location_id=location_id)
    sessions = [each for each in lock(list(coming.values_list("id", flat=True))).values() if _takes_time(each)]
    free_time([session.id for session in sessions])
    try:
        with transaction.atomic():
            occupy_many([(each.facts, each.id, each.starts_at, each.ends_at) for each in sessions])
    except IntegrityError:
        _name_the_clash(sessions, actor)
        raise


def _takes_time(session: LockedSession) -> bool:
    return session.deleted_at is None and session.status != "canceled"


def _name_the_clash(sessions: Sequence[LockedSession], actor: Actor) -> None:
    """One by one, in time, until one finds its time taken: that is the one to tell of."""
    for session in sorted(sessions, key=lambda session: session.starts_at):
        try:
            occupy(session.facts, session.id, session.starts_at, session.ends_at, actor=actor)
        except DoubleBooking as clash:
            raise WouldOverlap(
                name=clash.data.get("name"), starts_at=session.starts_at, session=str(session.id)
            ) from clash
