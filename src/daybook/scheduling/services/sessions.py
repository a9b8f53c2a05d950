"""Putting sessions on the calendar: rows, participants and taken time in one statement."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from daybook.core.ids import new_id
from daybook.scheduling.models import Participant, Session
from daybook.scheduling.queries.holders import double_booking, is_double_booking
from daybook.scheduling.rules import Facts, Span, lock_key, occupied
from daybook.tenancy.actor import Actor
from daybook.tenancy.prepared import fetch_prepared
from daybook.tenancy.scope import current_business_id


@dataclass(frozen=True, slots=True)
class NewSession:
    """One session to be written: when, and what each client's place stands for on the account (tax included)."""

    starts_at: datetime
    ends_at: datetime
    scheduled: dict[UUID, int]
    id: UUID = field(default_factory=new_id)


@dataclass(frozen=True, slots=True)
class Plan:
    """What the sessions of one verb have in common. `assign` are the clients that the practitioner gains."""

    facts: Facts
    public_note: str = ""
    internal_note: str = ""
    series_id: UUID | None = None
    assign: tuple[UUID, ...] = ()


# The locks come first (the insert reads their count), one a resource, sorted: simultaneous writers of one
# resource queue here rather than wait for each other in a circle inside the exclusion constraint.
_INSERT = """
with locked as materialized (
    select count(pg_advisory_xact_lock(key)) from unnest(%(keys)s::bigint[]) as key
), sessions as (
    insert into scheduling_session (id, business_id, service_id, location_id, practitioner_id, series_id, starts_at,
                                    ends_at, status, public_note, internal_note, created_at)
    select new.id, %(business)s::bigint, %(service)s::uuid, %(location)s::uuid, %(practitioner)s::uuid, %(series)s::uuid,
           new.starts_at, new.ends_at, 'open', %(public_note)s::text, %(internal_note)s::text, %(now)s::timestamptz
    from unnest(%(ids)s::uuid[], %(starts)s::timestamptz[], %(ends)s::timestamptz[]) as new (id, starts_at, ends_at), locked
), participants as (
    insert into scheduling_participant (id, business_id, session_id, client_id, payer_id, starts_at, status,
                                        scheduled_minor, tax_minor)
    select new.id, %(business)s::bigint, new.session_id, new.client_id, new.client_id, new.starts_at, 'open', new.scheduled, 0
    from unnest(%(place_ids)s::uuid[], %(place_sessions)s::uuid[], %(place_clients)s::uuid[],
                %(place_starts)s::timestamptz[], %(place_scheduled)s::bigint[])
         as new (id, session_id, client_id, starts_at, scheduled), locked
), assigned as (
    insert into people_assignment (id, business_id, practitioner_id, client_id, source, created_at)
    select new.id, %(business)s::bigint, %(practitioner)s::uuid, new.client_id, 'session', %(now)s::timestamptz
    from unnest(%(assign_ids)s::uuid[], %(assign)s::uuid[]) as new (id, client_id)
    on conflict do nothing
)
insert into scheduling_occupancy (id, business_id, resource_id, span, session_id)
select new.id, %(business)s::bigint, new.resource_id, tstzrange(new.starts_at, new.ends_at), new.session_id
from unnest(%(span_ids)s::uuid[], %(span_resources)s::uuid[], %(span_starts)s::timestamptz[],
            %(span_ends)s::timestamptz[], %(span_sessions)s::uuid[])
     as new (id, resource_id, starts_at, ends_at, session_id), locked
"""

_OCCUPY = """
with locked as materialized (
    select count(pg_advisory_xact_lock(key)) from unnest(%(keys)s::bigint[]) as key
)
insert into scheduling_occupancy (id, business_id, resource_id, span, session_id)
select new.id, %(business)s::bigint, new.resource_id, tstzrange(new.starts_at, new.ends_at), new.session_id
from unnest(%(span_ids)s::uuid[], %(span_resources)s::uuid[], %(span_starts)s::timestamptz[],
            %(span_ends)s::timestamptz[], %(span_sessions)s::uuid[])
     as new (id, resource_id, starts_at, ends_at, session_id), locked
"""


def insert_sessions(plan: Plan, sessions: Sequence[NewSession], *, actor: Actor, now: datetime) -> list[Session]:
    """Write all of `sessions` or none, and give them back in their order.

    The caller holds the payers' accounts. Locks the practitioner's and the room's time. Raises DoubleBooking.
    """
    facts = plan.facts
    spans = [(session.id, span) for session in sessions for span in occupied(facts, session.starts_at, session.ends_at)]
    places = [
        Participant(
            session_id=session.id,
            client_id=client.id,
            payer_id=client.id,
            starts_at=session.starts_at,
            scheduled_minor=session.scheduled[client.id],
        )
        for session in sessions
        for client in facts.clients
    ]
    values = {
        "business": current_business_id(),
        "now": now,
        "service": facts.service.id,
        "location": facts.location.id if facts.location else None,
        "practitioner": facts.practitioner.id,
        "series": plan.series_id,
        "public_note": plan.public_note,
        "internal_note": plan.internal_note,
        "ids": [session.id for session in sessions],
        "starts": [session.starts_at for session in sessions],
        "ends": [session.ends_at for session in sessions],
        "place_ids": [place.id for place in places],
        "place_sessions": [place.session_id for place in places],
        "place_clients": [place.client_id for place in places],
        "place_starts": [place.starts_at for place in places],
        "place_scheduled": [place.scheduled_minor for place in places],
        "assign_ids": [new_id() for _ in plan.assign],
        "assign": list(plan.assign),
        **_span_values(spans),
    }
    _write(_INSERT, values, [span for _, span in spans], facts=facts, actor=actor)
    return [_as_row(plan, session, places, now) for session in sessions]


def occupy(facts: Facts, session_id: UUID, starts_at: datetime, ends_at: datetime, *, actor: Actor) -> None:
    """Take the time of a session that is moved, reopened or recovered. Raises DoubleBooking."""
    spans = occupied(facts, starts_at, ends_at)
    if spans:
        values = {"business": current_business_id(), **_span_values([(session_id, span) for span in spans])}
        _write(_OCCUPY, values, spans, facts=facts, actor=actor)


def _write(statement: str, values: dict[str, object], spans: Sequence[Span], *, facts: Facts, actor: Actor) -> None:
    """Run a statement that takes time; the savepoint keeps the transaction usable for looking up who holds it."""
    try:
        with transaction.atomic():
            fetch_prepared(statement, values)
    except IntegrityError as error:
        if not is_double_booking(error):
            raise
        raise double_booking(spans, facts=facts, actor=actor) from error


def _span_values(spans: Sequence[tuple[UUID, Span]]) -> dict[str, object]:
    return {
        "keys": sorted({lock_key(span.resource_id) for _, span in spans}),
        "span_ids": [new_id() for _ in spans],
        "span_resources": [span.resource_id for _, span in spans],
        "span_starts": [span.starts_at for _, span in spans],
        "span_ends": [span.ends_at for _, span in spans],
        "span_sessions": [session_id for session_id, _ in spans],
    }


def _as_row(plan: Plan, session: NewSession, places: Sequence[Participant], now: datetime) -> Session:
    facts = plan.facts
    row = Session(
        id=session.id,
        business_id=current_business_id(),
        service_id=facts.service.id,
        location_id=facts.location.id if facts.location else None,
        practitioner_id=facts.practitioner.id,
        series_id=plan.series_id,
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        public_note=plan.public_note,
        internal_note=plan.internal_note,
        created_at=now,
    )
    row._state.adding = False
    # Filled so that whoever shows the row need not read it back.
    row._prefetched_objects_cache = {"participants": [place for place in places if place.session_id == session.id]}
    return row
