"""Put sessions into the bin and take them out: the time and the amounts set aside go and come with them."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from daybook.core.errors import DomainError
from daybook.ledger.services import add_scheduled
from daybook.people.models import User
from daybook.scheduling.errors import HasHistory, Invoiced, PersonDeleted
from daybook.scheduling.models import Session
from daybook.scheduling.queries.locked import LockedSession
from daybook.scheduling.services import bin_sessions, occupy, set_scheduled, unbin_sessions
from daybook.tenancy.actor import Actor
from daybook.tenancy.ground import hold_ground
from daybook.tenancy.scope import set_verb
from daybook.workflows.session_locks import (
    Refusals,
    allowed,
    by_payer,
    held,
    live_invoices,
    lock,
    lock_one,
    scheduled_of,
)


def delete_session(*, actor: Actor, now: datetime, session_id: UUID) -> None:
    """Put one session into the bin. Raises NotFound, NotPermitted, HasHistory, Invoiced."""
    refused = delete_many(actor=actor, now=now, session_ids=[session_id])
    if refused:
        raise refused[session_id]


@transaction.atomic
def delete_many(*, actor: Actor, now: datetime, session_ids: Sequence[UUID]) -> Refusals:
    """Put open sessions, and canceled ones that moved no money, into the bin. Answers why some were not."""
    set_verb("delete_session")
    sessions, refused = allowed(actor, session_ids, lock(session_ids), permission="edit_sessions")
    numbers = live_invoices(sessions, of_any_basis=True)
    binned: list[LockedSession] = []
    for session in sessions:
        try:
            _check_may_delete(session, [number for place in session.places for number in numbers.get(place.id, [])])
            binned.append(session)
        except DomainError as refusal:
            refused[session.id] = refusal
    if binned:
        add_scheduled(held(binned, sign=-1))
        set_scheduled({place.id: 0 for session in binned for place in session.places})
        bin_sessions([session.id for session in binned], actor_id=actor.user_id, now=now)
    return refused


def _check_may_delete(session: LockedSession, invoices: list[str]) -> None:
    if session.status in ("completed", "missed") or session.moved_money:
        raise HasHistory(status=session.status, what="session")
    if invoices:
        raise Invoiced(invoices=sorted(set(invoices)))


@transaction.atomic
def recover_session(*, actor: Actor, now: datetime, session_id: UUID) -> Session:
    """Take a session out of the bin; an open one takes its time again, at the rates of now.

    Raises NotFound, NotPermitted, PersonDeleted, DoubleBooking.
    """
    set_verb("recover_session")
    hold_ground()
    session = lock_one(actor, session_id, permission="edit_sessions", in_bin=True)
    _check_people_are_there(session)
    unbin_sessions([session_id])
    if session.status == "open":
        occupy(session.facts, session_id, session.starts_at, session.ends_at, actor=actor)
        scheduled = scheduled_of(session)
        add_scheduled(by_payer(session, scheduled))
        set_scheduled(scheduled)
    return Session.objects.get(pk=session_id)


def _check_people_are_there(session: LockedSession) -> None:
    """Nobody who was deleted comes back into a session. Raises PersonDeleted."""
    people = [*session.practitioner_ids, *(place.client_id for place in session.places)]
    gone = User.objects.with_deleted().filter(pk__in=people, deleted_at__isnull=False).first()
    if gone is not None:
        raise PersonDeleted(name=gone.name, role=gone.role)
