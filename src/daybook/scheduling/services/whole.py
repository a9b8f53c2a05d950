"""Writing many sessions at once in the state that they are in: open, or saved with everything that saving freezes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from daybook.core.ids import new_id
from daybook.core.reasons import reasons_as_json
from daybook.scheduling.models import Assistant, Occupancy, Participant, Session
from daybook.scheduling.rules import lock_key, occupied
from daybook.scheduling.rules.whole import WholeSession
from daybook.tenancy.rows import insert_rows


def lock_time(resource_ids: Sequence[UUID]) -> None:
    """Lock the time of practitioners and rooms until the transaction ends, in the order that every writer keeps."""
    keys = sorted({lock_key(resource_id) for resource_id in resource_ids})
    with connection.cursor() as cursor:
        cursor.execute("select count(pg_advisory_xact_lock(key)) from unnest(%s::bigint[]) as key", [keys])


def insert_whole(sessions: Sequence[WholeSession], *, now: datetime) -> None:
    """Write sessions, places and taken time. The caller holds the accounts and the time, and has looked for clashes:
    one that was missed ends the transaction by the exclusion constraint.
    """
    insert_rows(Session, [_session(each, now) for each in sessions])
    insert_rows(Participant, [row for each in sessions for row in _places(each)])
    insert_rows(Assistant, [row for each in sessions for row in _assistants(each)])
    insert_rows(Occupancy, [row for each in sessions if each.is_taking_time for row in _spans(each)])


def _session(each: WholeSession, now: datetime) -> dict[str, Any]:
    facts, outcome = each.facts, each.outcome
    return {
        "id": each.id,
        "service_id": facts.service.id,
        "location_id": facts.location.id if facts.location else None,
        "practitioner_id": facts.practitioner.id,
        "assistant_count": len(each.assistants),
        "starts_at": each.starts_at,
        "ends_at": each.ends_at,
        "status": outcome.type.status if outcome else Session.Status.OPEN.value,
        "completion_type_id": outcome.type.id if outcome else None,
        "saved_at": now if outcome else None,
        "wage_minor": outcome.wage.minor if outcome else None,
        "wage_reasons": reasons_as_json(outcome.wage.reasons) if outcome else None,
        "public_note": each.public_note,
        "internal_note": each.internal_note,
        "created_at": now,
    }


def _places(each: WholeSession) -> list[dict[str, Any]]:
    saved = each.outcome.places if each.outcome else (None,) * len(each.places)
    return [
        {
            "id": place.id,
            "session_id": each.id,
            "client_id": place.client_id,
            "payer_id": place.client_id,
            "starts_at": each.starts_at,
            "status": found.type.status if found else Session.Status.OPEN.value,
            "completion_type_id": found.type.id if found else None,
            "scheduled_minor": place.scheduled_minor,
            "cost_minor": found.charge.minor if found else None,
            "tax_minor": found.charge.tax_minor if found else 0,
            "reasons": reasons_as_json(found.charge.reasons) if found else None,
        }
        for place, found in zip(each.places, saved, strict=True)
    ]


def _assistants(each: WholeSession) -> list[dict[str, Any]]:
    wages = each.outcome.assistant_wages if each.outcome else (None,) * len(each.assistants)
    return [
        {
            "id": assistant.id,
            "session_id": each.id,
            "practitioner_id": assistant.practitioner_id,
            "starts_at": each.starts_at,
            "wage_minor": wage.minor if wage else None,
            "wage_reasons": reasons_as_json(wage.reasons) if wage else None,
        }
        for assistant, wage in zip(each.assistants, wages, strict=True)
    ]


def _spans(each: WholeSession) -> list[dict[str, Any]]:
    return [
        {
            "id": new_id(),
            "resource_id": span.resource_id,
            "span": f"[{span.starts_at.isoformat()},{span.ends_at.isoformat()})",
            "session_id": each.id,
        }
        for span in occupied(each.facts, each.starts_at, each.ends_at)
    ]
