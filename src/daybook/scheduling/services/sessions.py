"""Putting sessions on the calendar: rows, participants and taken time in one statement."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

import orjson
from django.db import IntegrityError, transaction

from daybook.core.ids import new_id
from daybook.scheduling.models import Assistant, Participant, Session
from daybook.scheduling.queries.holders import double_booking, is_double_booking
from daybook.scheduling.rules import Facts, Span, lock_key, occupied
from daybook.tenancy.actor import Actor
from daybook.tenancy.prepared import Values, fetch_prepared, write_together
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
    """What the sessions of one verb have in common. `assign` are (practitioner, client) that come to belong together."""

    facts: Facts
    public_note: str = ""
    internal_note: str = ""
    series_id: UUID | None = None
    assign: tuple[tuple[UUID, UUID], ...] = ()


# The locks come first (the inserts read their count), one a resource, sorted: simultaneous writers of one resource
# queue here rather than wait for each other in a circle inside the exclusion constraint.
_LOCKED = """
with locked as materialized (
    select count(pg_advisory_xact_lock(key::bigint)) from json_array_elements_text(%(keys)s::json) as key
)"""
_SPANS = """
insert into scheduling_occupancy (id, business_id, resource_id, span, session_id)
select new.id, %(business)s::bigint, new.resource, tstzrange(new.starts_at, new.ends_at), new.session
from json_to_recordset(%(spans)s::json) as new (id uuid, resource uuid, starts_at timestamptz, ends_at timestamptz, session uuid), locked
"""
_INSERT = f"""{_LOCKED}, sessions as (
    insert into scheduling_session (id, business_id, service_id, location_id, practitioner_id, assistant_count, series_id,
                                    starts_at, ends_at, status, public_note, internal_note, created_at)
    select new.id, %(business)s::bigint, %(service)s::uuid, %(location)s::uuid, %(practitioner)s::uuid,
           %(assistant_count)s::smallint, %(series)s::uuid, new.starts_at, new.ends_at, 'open', %(public_note)s::text, %(internal_note)s::text, %(now)s::timestamptz
    from json_to_recordset(%(sessions)s::json) as new (id uuid, starts_at timestamptz, ends_at timestamptz), locked
), participants as (
    insert into scheduling_participant (id, business_id, session_id, client_id, payer_id, starts_at, status,
                                        scheduled_minor, tax_minor)
    select new.id, %(business)s::bigint, new.session, new.client, new.client, new.starts_at, 'open', new.scheduled, 0
    from json_to_recordset(%(places)s::json)
         as new (id uuid, session uuid, client uuid, starts_at timestamptz, scheduled bigint), locked
), assigned as (
    insert into people_assignment (id, business_id, practitioner_id, client_id, source, created_at)
    select new.id, %(business)s::bigint, new.practitioner, new.client, 'session', %(now)s::timestamptz
    from json_to_recordset(%(assign)s::json) as new (id uuid, practitioner uuid, client uuid)
    on conflict do nothing
){_SPANS}"""
_ASSIST = """
insert into scheduling_assistant (id, business_id, session_id, practitioner_id, starts_at)
select new.id, %(business)s::bigint, new.session, new.practitioner, new.starts_at
from json_to_recordset(%(assistants)s::json) as new (id uuid, session uuid, practitioner uuid, starts_at timestamptz)
"""
_OCCUPY = f"{_LOCKED}{_SPANS}"


@contextmanager
def taking_time(spans: Sequence[Span], *, facts: Facts, actor: Actor) -> Iterator[None]:
    """A savepoint around the writes of a verb that takes these spans: either all of them hold, or it is refused.

    Raises DoubleBooking, with who holds the time as far as the actor may know.
    """
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        if not is_double_booking(error):
            raise
        raise double_booking(spans, facts=facts, actor=actor) from error


def spans_of(facts: Facts, sessions: Iterable[NewSession]) -> list[Span]:
    return [span for session in sessions for span in occupied(facts, session.starts_at, session.ends_at)]


def insert_sessions(
    plan: Plan, sessions: Sequence[NewSession], *, actor: Actor, now: datetime, first: Sequence[tuple[str, Values]] = ()
) -> list[Session]:
    """Write all of `sessions` and give them back in their order, or none.

    The payers' accounts are locked by the caller, or by the statements in `first`, which go on the same trip. Locks the
    practitioner's and the room's time. Raises DoubleBooking, with who holds the time as far as the actor may know.
    """
    facts = plan.facts
    places = [
        Participant.written(
            id=new_id(),
            session_id=session.id,
            client_id=client.id,
            payer_id=client.id,
            starts_at=session.starts_at,
            scheduled_minor=session.scheduled[client.id],
        )
        for session in sessions
        for client in facts.clients
    ]
    assistants = [
        Assistant.written(
            id=new_id(), session_id=session.id, practitioner_id=each.id, starts_at=session.starts_at, wage_minor=None
        )
        for session in sessions
        for each in facts.assistants
    ]
    statements = [*first, (_INSERT, _values(plan, sessions, places, now))]
    if assistants:
        statements.append((_ASSIST, _assistant_values(assistants)))
    try:
        write_together(statements)
    except IntegrityError as error:
        if not is_double_booking(error):
            raise
        raise double_booking(spans_of(facts, sessions), facts=facts, actor=actor) from error
    return [_as_row(plan, session, places, assistants, now) for session in sessions]


def replace_assistants(session_id: UUID, practitioner_ids: Sequence[UUID], *, starts_at: datetime) -> None:
    """Who assists an open session, and when it begins. The caller holds the session, and keeps its `assistant_count`."""
    there = Assistant.objects.filter(session=session_id)
    there.exclude(practitioner__in=practitioner_ids).delete()
    stay = set(there.values_list("practitioner_id", flat=True))
    there.exclude(starts_at=starts_at).update(starts_at=starts_at)
    Assistant.objects.bulk_create(
        Assistant(id=new_id(), session_id=session_id, practitioner_id=each, starts_at=starts_at)
        for each in practitioner_ids
        if each not in stay
    )


def occupy(facts: Facts, session_id: UUID, starts_at: datetime, ends_at: datetime, *, actor: Actor) -> None:
    """Take the time of a session that is moved, reopened or recovered. Raises DoubleBooking."""
    spans = occupied(facts, starts_at, ends_at)
    if spans:
        with taking_time(spans, facts=facts, actor=actor):
            fetch_prepared(_OCCUPY, _span_values([(session_id, span) for span in spans]))


def occupy_many(taken: Iterable[tuple[Facts, UUID, datetime, datetime]]) -> None:
    """Take the time of many sessions in one statement. Raises IntegrityError where two of them, or others, clash."""
    spans = [
        (session_id, span)
        for facts, session_id, starts_at, ends_at in taken
        for span in occupied(facts, starts_at, ends_at)
    ]
    if spans:
        fetch_prepared(_OCCUPY, _span_values(spans))


def _values(
    plan: Plan, sessions: Sequence[NewSession], places: Sequence[Participant], now: datetime
) -> dict[str, object]:
    facts = plan.facts
    spans = [(session.id, span) for session in sessions for span in occupied(facts, session.starts_at, session.ends_at)]
    return {
        "now": now,
        "service": facts.service.id,
        "location": facts.location.id if facts.location else None,
        "practitioner": facts.practitioner.id,
        "assistant_count": len(facts.assistants),
        "series": plan.series_id,
        "public_note": plan.public_note,
        "internal_note": plan.internal_note,
        "sessions": _json({"id": each.id, "starts_at": each.starts_at, "ends_at": each.ends_at} for each in sessions),
        "places": _json(
            {
                "id": each.id,
                "session": each.session_id,
                "client": each.client_id,
                "starts_at": each.starts_at,
                "scheduled": each.scheduled_minor,
            }
            for each in places
        ),
        "assign": _json(
            {"id": new_id(), "practitioner": practitioner_id, "client": client_id}
            for practitioner_id, client_id in plan.assign
        ),
        **_span_values(spans),
    }


def _assistant_values(assistants: Sequence[Assistant]) -> dict[str, object]:
    rows = (
        {"id": each.pk, "session": each.session_id, "practitioner": each.practitioner_id, "starts_at": each.starts_at}
        for each in assistants
    )
    return {"business": current_business_id(), "assistants": _json(rows)}


def _span_values(spans: Sequence[tuple[UUID, Span]]) -> dict[str, object]:
    return {
        "business": current_business_id(),
        "keys": orjson.dumps(sorted({lock_key(span.resource_id) for _, span in spans})).decode(),
        "spans": _json(
            {
                "id": new_id(),
                "resource": span.resource_id,
                "starts_at": span.starts_at,
                "ends_at": span.ends_at,
                "session": session_id,
            }
            for session_id, span in spans
        ),
    }


def _json(rows: Iterable[dict[str, object]]) -> str:
    """Rows as one text: far cheaper to send than an array a column."""
    return orjson.dumps(list(rows)).decode()


def _as_row(
    plan: Plan, session: NewSession, places: Sequence[Participant], assistants: Sequence[Assistant], now: datetime
) -> Session:
    facts = plan.facts
    row = Session.written(
        id=session.id,
        service_id=facts.service.id,
        location_id=facts.location.id if facts.location else None,
        practitioner_id=facts.practitioner.id,
        assistant_count=len(facts.assistants),
        series_id=plan.series_id,
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        public_note=plan.public_note,
        internal_note=plan.internal_note,
        created_at=now,
    )
    # Filled so that whoever shows the row need not read it back.
    own = [place for place in places if place.session_id == session.id]
    helping = [each for each in assistants if each.session_id == session.id]
    row._prefetched_objects_cache = {"participants": own, "assistants": helping}  # type: ignore[attr-defined]
    return row
