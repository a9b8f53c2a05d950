"""Who holds the time that was wanted: what a refused double booking tells."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from daybook.scheduling.errors import DoubleBooking
from daybook.scheduling.rules import Facts, Span, free_from
from daybook.tenancy.actor import Actor
from daybook.tenancy.prepared import fetch_prepared

# All taken spans of the resource in the two days from the wanted start, so that the next free time can be told.
_TAKEN = """
    select lower(o.span), upper(o.span), s.starts_at, s.ends_at, s.id,
           s.practitioner_id = %s::uuid or (s.assistant_count > 0 and exists (
               select from scheduling_assistant a where a.session_id = s.id and a.practitioner_id = %s::uuid)),
           v.name,
           (select array_agg(coalesce(nullif(c.preferred_name, ''), c.first_name) order by c.first_name)
            from scheduling_participant p join people_user c on c.id = p.client_id where p.session_id = s.id)
    from scheduling_occupancy o join scheduling_session s on s.id = o.session_id join catalog_service v on v.id = s.service_id
    where o.resource_id = %s::uuid and o.span && tstzrange(%s::timestamptz, %s::timestamptz) and not o.session_id = any(%s::uuid[])
    order by lower(o.span)
"""


def double_booking(spans: Sequence[Span], *, facts: Facts, actor: Actor, without: Iterable[UUID] = ()) -> DoubleBooking:
    """The refusal for `spans` that could not be taken. If the holder is gone by now, it names nobody."""
    found = find_clash(spans, facts=facts, actor=actor, without=without)
    return found or DoubleBooking(kind="practitioner", name=facts.practitioner.name)


def find_clash(
    spans: Sequence[Span], *, facts: Facts, actor: Actor, without: Iterable[UUID] = ()
) -> DoubleBooking | None:
    """What stands in the way of the first taken one of `spans`, with what the actor may know of it; None if all are free.

    `without` are sessions that are being moved themselves. To show beforehand: only the constraint decides.
    """
    skipped = list(without)
    for span in spans:
        until = span.ends_at + timedelta(days=2)
        values = [actor.user_id, actor.user_id, span.resource_id, span.starts_at, until, skipped]
        rows = fetch_prepared(_TAKEN, values)
        clash = next((row for row in rows if row[0] < span.ends_at and row[1] > span.starts_at), None)
        if clash:
            return _refusal(span, clash, [(row[0], row[1]) for row in rows], facts, actor)
    return None


def _refusal(
    span: Span, clash: Sequence[Any], taken: Sequence[tuple[datetime, datetime]], facts: Facts, actor: Actor
) -> DoubleBooking:
    buffer = timedelta(minutes=facts.service.buffer_before)
    free = free_from(taken, wanted=span.starts_at, length=span.ends_at - span.starts_at) + buffer
    is_room = facts.location is not None and span.resource_id == facts.location.id
    known = actor.is_team or bool(clash[5])
    taken_name = next((each.name for each in facts.practitioners if each.id == span.resource_id), "")
    return DoubleBooking(
        field="location" if is_room else "starts_at",
        kind="room" if is_room else "practitioner",
        resource=str(span.resource_id),
        name=facts.location.name if is_room and facts.location else taken_name,
        starts_at=clash[2],
        ends_at=clash[3],
        free_from=free,
        wanted_at=span.starts_at + buffer,
        session=str(clash[4]) if known else None,
        what=clash[6] if known else None,
        clients=clash[7] if known else None,
    )


def is_double_booking(error: Exception) -> bool:
    """Whether a database refusal came from the one constraint that judges double booking."""
    cause = getattr(error.__cause__, "diag", None)
    return cause is not None and cause.constraint_name == "no_double_booking"
