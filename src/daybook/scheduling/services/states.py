"""Changing the state of many sessions at once: saved, open again, in the bin, out of it. The callers hold the locks."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

import orjson
from django.db import connection

from daybook.core.reasons import reasons_as_json
from daybook.scheduling.models import Occupancy, Session
from daybook.scheduling.queries.locked import LockedSession
from daybook.scheduling.rules import Outcome, PlaceOutcome

_SAVE_SESSIONS = """
    update scheduling_session s
    set status = new.status, completion_type_id = new.type_id, saved_at = %s, wage_minor = new.wage, wage_reasons = new.reasons
    from unnest(%s::uuid[], %s::text[], %s::uuid[], %s::bigint[], %s::jsonb[]) as new (id, status, type_id, wage, reasons)
    where s.id = new.id
"""
_SAVE_PLACES = """
    update scheduling_participant p
    set status = new.status, completion_type_id = new.type_id, scheduled_minor = 0, cost_minor = new.cost,
        tax_minor = new.tax, reasons = new.reasons
    from unnest(%s::uuid[], %s::text[], %s::uuid[], %s::bigint[], %s::bigint[], %s::jsonb[])
         as new (id, status, type_id, cost, tax, reasons)
    where p.id = new.id
"""
_SAVE_ASSISTANTS = """
    update scheduling_assistant a set wage_minor = new.wage, wage_reasons = new.reasons
    from unnest(%s::uuid[], %s::bigint[], %s::jsonb[]) as new (id, wage, reasons) where a.id = new.id
"""
_REOPEN_ASSISTANTS = "update scheduling_assistant set wage_minor = null, wage_reasons = null where id = any(%s)"
_REOPEN_SESSIONS = """
    update scheduling_session set status = 'open', completion_type_id = null, saved_at = null, wage_minor = null, wage_reasons = null
    where id = any(%s)
"""
_OPEN_PLACES = """
    update scheduling_participant p
    set status = 'open', completion_type_id = null, cost_minor = null, tax_minor = 0, reasons = null, scheduled_minor = new.scheduled
    from unnest(%s::uuid[], %s::bigint[]) as new (id, scheduled) where p.id = new.id
"""
_SET_SCHEDULED = """
    update scheduling_participant p set scheduled_minor = new.scheduled
    from unnest(%s::uuid[], %s::bigint[]) as new (id, scheduled) where p.id = new.id and p.scheduled_minor <> new.scheduled
"""


def save_sessions(saved: Sequence[tuple[LockedSession, Outcome]], *, now: datetime) -> None:
    """Freeze outcomes, prices and reasons; canceled sessions give their time back."""
    places = [
        (place.id, found)
        for session, outcome in saved
        for place, found in zip(session.places, outcome.places, strict=True)
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            _SAVE_SESSIONS,
            [
                now,
                [session.id for session, _ in saved],
                [outcome.type.status for _, outcome in saved],
                [outcome.type.id for _, outcome in saved],
                [outcome.wage.minor for _, outcome in saved],
                [_stored(outcome.wage.reasons) for _, outcome in saved],
            ],
        )
        cursor.execute(_SAVE_PLACES, _columns(places))
        if wages := _wages(saved):
            cursor.execute(_SAVE_ASSISTANTS, wages)
    free_time([session.id for session, outcome in saved if outcome.type.status == "canceled"])


def _wages(saved: Sequence[tuple[LockedSession, Outcome]]) -> list[list[object]]:
    """The assistants' wages as columns; nothing where nobody assists."""
    found = [
        (each.id, wage)
        for session, outcome in saved
        for each, wage in zip(session.assistants, outcome.assistant_wages, strict=True)
    ]
    if not found:
        return []
    ids, wages = zip(*found, strict=True)
    return [list(ids), [wage.minor for wage in wages], [_stored(wage.reasons) for wage in wages]]


def _columns(places: Sequence[tuple[UUID, PlaceOutcome]]) -> list[list[object]]:
    return [
        [place_id for place_id, _ in places],
        [found.type.status for _, found in places],
        [found.type.id for _, found in places],
        [found.charge.minor for _, found in places],
        [found.charge.tax_minor for _, found in places],
        [_stored(found.charge.reasons) for _, found in places],
    ]


def _stored(reasons: Sequence[object]) -> str:
    return orjson.dumps(reasons_as_json(reasons)).decode()  # type: ignore[arg-type]


def reopen_sessions(sessions: Sequence[LockedSession], scheduled: Mapping[UUID, int]) -> None:
    """Open again; `scheduled` maps each participant's id to what it stands for on the account."""
    assistants = [each.id for session in sessions for each in session.assistants]
    with connection.cursor() as cursor:
        cursor.execute(_REOPEN_SESSIONS, [[session.id for session in sessions]])
        if assistants:
            cursor.execute(_REOPEN_ASSISTANTS, [assistants])
        cursor.execute(_OPEN_PLACES, [list(scheduled), list(scheduled.values())])


def set_scheduled(scheduled: Mapping[UUID, int]) -> None:
    """Keep what each participant (by id) stands for on the account."""
    with connection.cursor() as cursor:
        cursor.execute(_SET_SCHEDULED, [list(scheduled), list(scheduled.values())])


def free_time(session_ids: Sequence[UUID]) -> None:
    """Give back the time that these sessions take."""
    if session_ids:
        Occupancy.objects.filter(session_id__in=session_ids).delete()


def bin_sessions(session_ids: Sequence[UUID], *, actor_id: UUID | None, now: datetime) -> None:
    """Into the bin, their time given back."""
    Session.objects.filter(pk__in=session_ids).update(deleted_at=now, deleted_by=actor_id)
    free_time(session_ids)


def unbin_sessions(session_ids: Sequence[UUID]) -> None:
    """Out of the bin. The caller takes their time again."""
    Session.objects.with_deleted().filter(pk__in=session_ids).update(deleted_at=None, deleted_by=None)
