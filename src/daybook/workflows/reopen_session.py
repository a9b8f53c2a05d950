"""Take back what saving a session did, exactly: reversals in the ledger, the amounts set aside, the time."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from daybook.ledger.services import add_scheduled, reverse_sources
from daybook.scheduling.errors import Invoiced, NotSaved
from daybook.scheduling.models import Session
from daybook.scheduling.services import occupy, reopen_sessions
from daybook.tenancy.actor import Actor
from daybook.tenancy.ground import hold_ground
from daybook.tenancy.scope import set_verb
from daybook.workflows.session_locks import by_payer, live_invoices, lock_one, scheduled_of


@transaction.atomic
def reopen_session(*, actor: Actor, now: datetime, session_id: UUID) -> Session:
    """Open a saved session again, at the rates of now. One that was canceled takes its time again.

    Raises NotFound, NotPermitted, NotSaved, Invoiced, DoubleBooking.
    """
    set_verb("reopen_session")
    hold_ground()
    session = lock_one(actor, session_id, permission="complete_sessions")
    if session.status == "open":
        raise NotSaved()
    if numbers := live_invoices([session]):
        raise Invoiced(invoices=sorted({number for found in numbers.values() for number in found}))
    if session.status == "canceled":
        occupy(session.facts, session.id, session.starts_at, session.ends_at, actor=actor)
    scheduled = scheduled_of(session)
    add_scheduled(by_payer(session, scheduled))
    reopen_sessions([session], scheduled)
    reverse_sources(session.sources, now=now, actor=actor)
    return Session.objects.get(pk=session_id)
