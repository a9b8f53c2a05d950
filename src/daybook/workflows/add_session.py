"""Add a session for one client or several: on the calendar, on the accounts, in the practitioner's list of clients."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from daybook.core.periods import local_date
from daybook.ledger.services import adding_scheduled
from daybook.scheduling import rules
from daybook.scheduling.queries import Asked, load_facts
from daybook.scheduling.services import NewSession, Plan, insert_sessions
from daybook.tenancy.actor import Actor
from daybook.tenancy.scope import current_business
from daybook.workflows.results import SessionResult


def add_session(
    *,
    actor: Actor,
    now: datetime,
    service_id: UUID,
    practitioner_id: UUID,
    client_ids: Iterable[UUID],
    starts_at: datetime,
    ends_at: datetime,
    location_id: UUID | None = None,
    public_note: str = "",
    internal_note: str = "",
    assistant_ids: Sequence[UUID] = (),
) -> SessionResult:
    """Add one session. The first one that the team makes assigns its clients to each practitioner of it.

    `assistant_ids` are further practitioners, whom the team alone names.

    Raises InvalidInput, NotFound, NotPermitted, NotAssigned, ClientNotActive, PractitionerNotActive, DoubleBooking.
    """
    actor.require("manage_schedule" if actor.is_team else "add_sessions")
    rules.check_period(starts_at, ends_at)
    rules.check_notes(public_note=public_note, internal_note=internal_note)
    clients = rules.check_clients(client_ids)
    assistants = rules.check_assistants(practitioner_id, assistant_ids)
    asked = Asked(service_id, practitioner_id, clients, starts_at, ends_at, location_id, assistant_ids=assistants)
    facts = load_facts(asked, zone=current_business().time_zone, verb="add_session")
    rules.check_may_add(actor, facts, newcomers=clients)
    new = NewSession(starts_at, ends_at, scheduled_amounts(facts, starts_at, ends_at))
    plan = Plan(facts, public_note, internal_note, assign=tuple(facts.strangers()))
    [session] = insert_sessions(plan, [new], actor=actor, now=now, first=adding_scheduled(new.scheduled))
    return SessionResult(session, rules.notices(facts), facts.closures)


def scheduled_amounts(facts: rules.Facts, starts_at: datetime, ends_at: datetime) -> dict[UUID, int]:
    """What each client would owe for the session if it were completed in full, tax included."""
    business = current_business()
    minutes = rules.session_minutes(starts_at, ends_at)
    day = local_date(starts_at, business.time_zone)
    return {
        client.id: rules.charge_of(
            facts.service, client.rates, minutes=minutes, day=day, currency=business.currency
        ).total_minor
        for client in facts.clients
    }
