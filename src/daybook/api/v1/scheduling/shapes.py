"""Sessions, completion types and closures as they are answered."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from daybook.api.errors import Reader, document
from daybook.api.fields import amount_text, instant_text
from daybook.api.v1.scheduling.schemas import CompletionTypeIn, SessionFilter
from daybook.core.errors import DomainError, InvalidInput, NotFound
from daybook.core.periods import day_start
from daybook.core.reasons import reasons_from_json
from daybook.scheduling.models import Closure, CompletionType
from daybook.scheduling.permissions import Sight
from daybook.scheduling.queries import Filters, ParticipantRow, SessionRow
from daybook.tenancy.actor import Actor
from daybook.tenancy.scope import current_business
from daybook.ui.sentences import explain
from daybook.workflows.results import SessionResult

# What a field is called inside, where it differs.
INNER_NAMES = {
    "service": "service_id",
    "location": "location_id",
    "practitioner": "practitioner_id",
    "clients": "client_ids",
    "enabled": "is_enabled",
}


def inner(given: dict[str, Any]) -> dict[str, Any]:
    """Given fields by the names that services take."""
    return {INNER_NAMES.get(name, name): value for name, value in given.items()}


def named_practitioners(given: dict[str, Any]) -> dict[str, Any]:
    """`practitioner` and `practitioners`, as far as given, by the names that verbs take. Raises InvalidInput where the two
    contradict each other.
    """
    leading, everybody = given.get("practitioner"), given.get("practitioners")
    if everybody is None:
        return {} if leading is None else {"practitioner_id": leading}
    if leading is not None and leading != everybody[0]:
        raise InvalidInput(field="practitioners", problem="other_leads")
    if len(set(everybody)) != len(everybody):
        raise InvalidInput(field="practitioners", problem="duplicate")
    return {"practitioner_id": everybody[0], "assistant_ids": everybody[1:]}


def _text(value: UUID | None) -> str | None:
    return str(value) if value else None


def _amount(minor: int | None) -> str | None:
    return None if minor is None else amount_text(minor)


def session_out(row: SessionRow, actor: Actor, *, explained: bool = False) -> dict[str, Any]:
    """A session that the actor may see; what it may not see of it is null already."""
    places = [_participant(place) for place in row.participants]
    shape: dict[str, Any] = {
        "id": str(row.id),
        "service": str(row.service_id),
        "location": _text(row.location_id),
        "practitioner": str(row.practitioner_id),
        "practitioners": [str(each.id) for each in row.practitioners],
        "clients": [str(place.client_id) for place in row.participants],
        "starts_at": instant_text(row.starts_at),
        "ends_at": instant_text(row.ends_at),
        "status": row.status,
        "completion_type": _text(row.completion_type_id),
        "series": _text(row.series_id),
        "public_note": row.public_note,
        "internal_note": row.internal_note if Sight(actor).internal_note else None,
        "participants": places,
        "wage": _amount(row.wage_minor),
        "wages": [{"practitioner": str(each.id), "wage": _amount(each.wage_minor)} for each in row.practitioners],
        "on_closure": bool(row.closures),
        "closures": list(row.closures),
    }
    if row.deleted_at:
        shape |= {"deleted_at": instant_text(row.deleted_at), "deleted_by": _text(row.deleted_by)}
    if explained:
        shape["explain_wage"] = _explained(row.wage_reasons)
        for place, shaped in zip(row.participants, places, strict=True):
            shaped["explain"] = _explained(place.reasons)
        for each, shaped in zip(row.practitioners, shape["wages"], strict=True):
            shaped["explain"] = _explained(each.wage_reasons)
    return shape


def _participant(place: ParticipantRow) -> dict[str, Any]:
    return {
        "client": str(place.client_id),
        "status": place.status,
        "completion_type": _text(place.completion_type_id),
        "cost": _amount(place.cost_minor),
        "tax": _amount(place.tax_minor) if place.cost_minor is not None else None,
        "scheduled": _amount(place.scheduled_minor),
    }


def _explained(reasons: list[dict[str, Any]] | None) -> list[dict[str, Any]]:
    if not reasons:
        return []
    reader, business = Reader.of_scope(), current_business()
    return [
        {
            "code": reason.code,
            "detail": explain(reason, reader.words, business.locale, business.currency, business.time_zone),
            "facts": reason.facts,
        }
        for reason in reasons_from_json(reasons)
    ]


def added_out(result: SessionResult, actor: Actor) -> dict[str, Any]:
    """A session as it was just added: everything is known, nothing is read back."""
    session, sight = result.session, Sight(actor)
    places = session.participants.all()
    practitioners = [str(session.practitioner_id)]
    if session.assistant_count:
        practitioners += [str(each.practitioner_id) for each in session.assistants.all()]
    return {
        "id": str(session.pk),
        "service": str(session.service_id),
        "location": _text(session.location_id),
        "practitioner": practitioners[0],
        "practitioners": practitioners,
        "clients": [str(place.client_id) for place in places],
        "starts_at": instant_text(session.starts_at),
        "ends_at": instant_text(session.ends_at),
        "status": "open",
        "completion_type": None,
        "series": _text(session.series_id),
        "public_note": session.public_note,
        "internal_note": session.internal_note if sight.internal_note else None,
        "participants": [
            {
                "client": str(place.client_id),
                "status": "open",
                "completion_type": None,
                "cost": None,
                "tax": None,
                "scheduled": amount_text(place.scheduled_minor) if sight.costs else None,
            }
            for place in places
        ],
        "wage": None,
        "wages": [{"practitioner": each, "wage": None, "explain": []} for each in practitioners],
        "on_closure": bool(result.closures),
        "closures": list(result.closures),
    }


def filters_of(query: SessionFilter, *, deleted: bool = False) -> Filters:
    """Dates bound whole days of the business, both included; instants bound half-open."""
    return Filters(
        starts=_instant(query.from_, after=False),
        ends=_instant(query.to, after=True),
        practitioner_id=query.practitioner,
        client_id=query.client,
        service_id=query.service,
        location_id=query.location,
        series_id=query.series,
        status=query.status,
        deleted=deleted,
    )


def _instant(moment: date | datetime | None, *, after: bool) -> datetime | None:
    if moment is None or isinstance(moment, datetime):
        return moment
    return day_start(moment + timedelta(days=1) if after else moment, current_business().time_zone)


def bulk_out(asked: dict[str, UUID | None], answers: dict[UUID, DomainError | None]) -> dict[str, Any]:
    """Per id as it was sent: done, or the problem that kept it as it was."""
    reader = Reader.of_scope()
    errors = {text: answers[item] if item else NotFound(what="session") for text, item in asked.items()}
    return {
        "items": [{"id": text, "ok": not error, "problem": _problem(error, reader)} for text, error in errors.items()]
    }


def _problem(error: DomainError | None, reader: Reader) -> dict[str, Any] | None:
    return document(error, reader) | {"errors": []} if error else None


def completion_type_out(row: CompletionType) -> dict[str, Any]:
    shape: dict[str, Any] = {name: getattr(row, INNER_NAMES.get(name, name)) for name in CompletionTypeIn.model_fields}
    return {"id": str(row.pk), "default": row.is_default, **shape}


def closure_out(row: Closure) -> dict[str, Any]:
    return {
        "id": str(row.pk),
        "name": row.name,
        "starts_on": row.starts_on.isoformat(),
        "ends_on": row.ends_on.isoformat(),
        "location": _text(row.location_id),
    }
