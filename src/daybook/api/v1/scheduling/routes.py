"""`/sessions`, `/deleted-sessions`, `/completion-types`, `/closures`."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.timezone import now
from ninja import Query

from daybook.api.errors import warnings_of
from daybook.api.fields import NO_ID, Id
from daybook.api.frame import Router
from daybook.api.paging import Page, Paging, chosen, decode_cursor, encode_cursor, page_of
from daybook.api.requests import ApiRequest
from daybook.api.v1.scheduling.schemas import (
    BulkIn,
    BulkOut,
    ClosureChange,
    ClosureFilter,
    ClosureIn,
    ClosureOut,
    CompleteIn,
    CompletionTypeChange,
    CompletionTypeFilter,
    CompletionTypeIn,
    CompletionTypeOut,
    DeletedSessionOut,
    Scope,
    SessionChange,
    SessionFilter,
    SessionIn,
    SessionOut,
)
from daybook.api.v1.scheduling.shapes import (
    added_out,
    bulk_out,
    closure_out,
    completion_type_out,
    filters_of,
    inner,
    named_practitioners,
    session_out,
)
from daybook.core.errors import InvalidInput, NotFound
from daybook.core.ids import parse_id
from daybook.scheduling import services
from daybook.scheduling.models import Closure, CompletionType
from daybook.scheduling.permissions import require_bin
from daybook.scheduling.queries import Filters, SessionRow, session_detail, session_page
from daybook.scheduling.rules import Override
from daybook.workflows.add_session import add_session
from daybook.workflows.bulk_sessions import bulk_sessions
from daybook.workflows.change_session import change_session
from daybook.workflows.complete_session import complete_session
from daybook.workflows.delete_session import delete_session, recover_session
from daybook.workflows.reopen_session import reopen_session

router = Router(tags=["Sessions"])

# ── sessions ──


@router.get("/sessions", response=Page[SessionOut])
def list_sessions(request: ApiRequest, filters: Query[SessionFilter]) -> dict[str, Any]:
    """Oldest first. Dates in `from` and `to` are whole days of the business; instants bound the begin, half-open."""
    return _page(request, filters_of(filters), filters, sort="when")


@router.post("/sessions", response={201: SessionOut})
def create_session(request: ApiRequest, body: SessionIn) -> dict[str, Any]:
    """409 `double_booking`, `client_not_active`, `not_assigned`. What only warns is in `warnings`.

    `practitioner` or `practitioners` says who is there; several are the team's to name.
    """
    practitioners = named_practitioners(body.given())
    if not practitioners:
        raise InvalidInput(field="practitioner", problem="required")
    result = add_session(
        actor=request.actor,
        now=now(),
        service_id=body.service,
        **practitioners,
        client_ids=body.clients,
        starts_at=body.starts_at,
        ends_at=body.ends_at,
        location_id=body.location,
        public_note=body.public_note,
        internal_note=body.internal_note,
    )
    return added_out(result, request.actor) | {"warnings": warnings_of(result.warnings)}


@router.post("/sessions/bulk", response=BulkOut)
def change_sessions_in_bulk(request: ApiRequest, body: BulkIn) -> dict[str, Any]:
    """One verb on many: each goes through or is refused by itself, and the answer says which."""
    asked = {text: parse_id(text) for text in body.ids}
    known = [each for each in asked.values() if each]
    answers = bulk_sessions(
        actor=request.actor,
        now=now(),
        ids=known or [NO_ID],
        action=body.action,
        completion_type=body.completion_type,
    )
    return bulk_out(asked, dict(answers))


@router.get("/sessions/{session_id}", response=SessionOut)
def get_session(request: ApiRequest, session_id: Id) -> dict[str, Any]:
    return session_out(session_detail(request.actor, session_id), request.actor, explained=True)


@router.patch("/sessions/{session_id}", response=SessionOut)
def update_session(request: ApiRequest, session_id: Id, body: SessionChange, scope: Scope = "this") -> dict[str, Any]:
    """Notes change at any time, the rest while the session is open: 409 `already_completed`, `double_booking`."""
    given = body.given()
    practitioners = named_practitioners(given)
    rest = {name: value for name, value in given.items() if name not in ("practitioner", "practitioners")}
    result = change_session(actor=request.actor, now=now(), session_id=session_id, **inner(rest), **practitioners)
    return _one(request, session_id) | {"warnings": warnings_of(result.warnings)}


@router.delete("/sessions/{session_id}", response={204: None})
def remove_session(request: ApiRequest, session_id: Id, scope: Scope = "this") -> None:
    """Into the bin. 409 `has_history` for one that is saved: reopen it first."""
    delete_session(actor=request.actor, now=now(), session_id=session_id)


@router.post("/sessions/{session_id}/complete", response=SessionOut)
def save_session(request: ApiRequest, session_id: Id, body: CompleteIn) -> dict[str, Any]:
    """Freezes costs and wage, and moves balances. 409 `already_completed`, `not_begun`."""
    given = body.override
    override = Override(given.cost, given.wage, given.wages) if given else None
    if override == Override():
        override = None
    participants = {place.client: place.completion_type for place in body.participants}
    if len(participants) != len(body.participants):
        raise InvalidInput(field="participants", problem="duplicate")
    complete_session(
        actor=request.actor,
        now=now(),
        session_id=session_id,
        completion_type=body.completion_type,
        override=override,
        participants=participants,
    )
    return _one(request, session_id)


@router.post("/sessions/{session_id}/reopen", response=SessionOut)
def open_session_again(request: ApiRequest, session_id: Id) -> dict[str, Any]:
    """Reverses exactly what saving did. 409 `not_saved`, `invoiced`, `double_booking`."""
    reopen_session(actor=request.actor, now=now(), session_id=session_id)
    return _one(request, session_id)


@router.get("/deleted-sessions", response=Page[DeletedSessionOut])
def list_deleted_sessions(request: ApiRequest, page: Query[Paging]) -> dict[str, Any]:
    """The bin, by the time of the sessions. The team's with the calendar; practitioners find their own."""
    require_bin(request.actor)
    return _page(request, Filters(deleted=True), page, sort="when")


@router.post("/deleted-sessions/{session_id}/recover", response=SessionOut)
def recover_deleted_session(request: ApiRequest, session_id: Id) -> dict[str, Any]:
    """Out of the bin. 409 `double_booking` where the time was taken meanwhile."""
    recover_session(actor=request.actor, now=now(), session_id=session_id)
    return _one(request, session_id)


def _one(request: ApiRequest, session_id: UUID) -> dict[str, Any]:
    return session_out(session_detail(request.actor, session_id), request.actor, explained=True)


def _page(request: ApiRequest, filters: Filters, page: Paging, *, sort: str) -> dict[str, Any]:
    after = _after(page.cursor) if page.cursor else None
    rows = session_page(request.actor, filters, sort=sort, limit=page.limit + 1, after=after)
    shown = rows[: page.limit]
    following = encode_cursor(_cursor(shown[-1])) if len(rows) > page.limit else None
    return {"items": [session_out(row, request.actor) for row in shown], "next_cursor": following}


def _cursor(row: SessionRow) -> list[str]:
    return [row.starts_at.isoformat(), str(row.id)]


def _after(cursor: str) -> tuple[datetime, UUID]:
    at, last = decode_cursor(cursor, 2)
    session_id = parse_id(last)
    try:
        starts_at = datetime.fromisoformat(at)
    except (TypeError, ValueError):
        starts_at = None  # type: ignore[assignment]
    if session_id is None or starts_at is None or starts_at.tzinfo is None:
        raise InvalidInput(field="cursor", problem="cursor")
    return starts_at, session_id


# ── completion types ──


@router.get("/completion-types", response=Page[CompletionTypeOut])
def list_completion_types(request: ApiRequest, filters: Query[CompletionTypeFilter]) -> dict[str, Any]:
    given = chosen(
        is_enabled=filters.enabled, status=filters.status, label__iexact=filters.label, modifier=filters.modifier
    )
    if filters.deleted:
        request.actor.require("manage_settings")
        given["deleted_at__isnull"] = False
    rows = (CompletionType.objects.with_deleted() if filters.deleted else CompletionType.objects).filter(**given)
    return page_of(rows, filters, order=("id",), shape=completion_type_out)


@router.post("/completion-types", response={201: CompletionTypeOut})
def create_completion_type(request: ApiRequest, body: CompletionTypeIn) -> dict[str, Any]:
    return completion_type_out(services.create_completion_type(actor=request.actor, **inner(body.model_dump())))


@router.get("/completion-types/{type_id}", response=CompletionTypeOut)
def get_completion_type(request: ApiRequest, type_id: Id) -> dict[str, Any]:
    row = CompletionType.objects.filter(pk=type_id).first()
    if row is None:
        raise NotFound(what="completion type")
    return completion_type_out(row)


@router.patch("/completion-types/{type_id}", response=CompletionTypeOut)
def update_completion_type(request: ApiRequest, type_id: Id, body: CompletionTypeChange) -> dict[str, Any]:
    """Sessions that were saved by it stay as they are."""
    changed = services.update_completion_type(actor=request.actor, type_id=type_id, **inner(body.given()))
    return completion_type_out(changed)


@router.delete("/completion-types/{type_id}", response={204: None})
def delete_completion_type(request: ApiRequest, type_id: Id) -> None:
    """409 `default_type_stays`: the three defaults are switched off by `enabled` instead."""
    services.delete_completion_type(actor=request.actor, type_id=type_id, now=now())


# ── closures ──


@router.get("/closures", response=Page[ClosureOut])
def list_closures(request: ApiRequest, filters: Query[ClosureFilter]) -> dict[str, Any]:
    """Those that touch `from` to `to`, by their first day."""
    given = chosen(
        ends_on__gte=filters.from_,
        starts_on__lte=filters.to,
        starts_on=filters.starts_on,
        ends_on=filters.ends_on,
        name__iexact=filters.name,
        location_id=filters.location,
    )
    rows = Closure.objects.filter(**given)
    return page_of(rows, filters, order=("starts_on", "id"), shape=closure_out)


@router.post("/closures", response={201: ClosureOut})
def create_closure(request: ApiRequest, body: ClosureIn) -> dict[str, Any]:
    closure = services.create_closure(
        actor=request.actor,
        name=body.name,
        starts_on=body.starts_on,
        ends_on=body.ends_on,
        location_id=body.location,
    )
    return closure_out(closure)


@router.get("/closures/{closure_id}", response=ClosureOut)
def get_closure(request: ApiRequest, closure_id: Id) -> dict[str, Any]:
    return closure_out(services.access_closure(closure_id))


@router.patch("/closures/{closure_id}", response=ClosureOut)
def update_closure(request: ApiRequest, closure_id: Id, body: ClosureChange) -> dict[str, Any]:
    return closure_out(services.update_closure(actor=request.actor, closure_id=closure_id, **inner(body.given())))


@router.delete("/closures/{closure_id}", response={204: None})
def delete_closure(request: ApiRequest, closure_id: Id) -> None:
    services.delete_closure(actor=request.actor, closure_id=closure_id)
