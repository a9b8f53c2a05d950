"""Whose time a session takes, and when it is free again."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from daybook.core.periods import minutes_between
from daybook.scheduling.rules.facts import Facts, Span


def occupied(facts: Facts, starts_at: datetime, ends_at: datetime) -> tuple[Span, ...]:
    """Whose time a session takes: each practitioner's, unless the service may run side by side, and an exclusive room's.

    Buffers belong to the practitioners' time and to the room's.
    """
    service = facts.service
    first = starts_at - timedelta(minutes=service.buffer_before)
    last = ends_at + timedelta(minutes=service.buffer_after)
    spans = [] if service.is_concurrent else [Span(each.id, first, last) for each in facts.practitioners]
    if facts.location and facts.location.capacity == 1:
        spans.append(Span(facts.location.id, first, last))
    return tuple(spans)


def lock_key(resource_id: UUID) -> int:
    """The number of a resource's advisory lock: the last 64 bits of its id, which are random."""
    return int.from_bytes(resource_id.bytes[8:], "big", signed=True)


def free_from(taken: Sequence[tuple[datetime, datetime]], *, wanted: datetime, length: timedelta) -> datetime:
    """The first instant from `wanted` on at which `length` fits between the taken spans (any order)."""
    at = wanted
    for starts_at, ends_at in sorted(taken):
        if starts_at >= at + length:
            break
        at = max(at, ends_at)
    return at


def session_minutes(starts_at: datetime, ends_at: datetime) -> int:
    """The length that is priced: whole minutes of real time, also over a clock change."""
    return minutes_between(starts_at, ends_at)
