"""Deeds of one click: save, reopen, delete, recover, move."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from daybook.core.errors import DomainError, InvalidInput
from daybook.core.ids import parse_id
from daybook.core.periods import local_instant
from daybook.scheduling.queries import SessionRow, session_detail
from daybook.web.doors import team_page
from daybook.web.scheduling.preview import preview_of
from daybook.web.scheduling.said import as_json, in_words, said
from daybook.workflows.change_session import change_session
from daybook.workflows.complete_session import complete_session
from daybook.workflows.delete_session import delete_session, recover_session
from daybook.workflows.reopen_session import reopen_session


@require_POST
@team_page("manage_schedule", practitioner=True)
def save(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """Complete by the posted `type` (an id or a default's name)."""
    wanted = request.POST.get("type", "")[:60] or None
    session = complete_session(
        actor=request.actor, now=timezone.now(), session_id=session_id, completion_type=parse_id(wanted) or wanted
    )
    label = session.completion_type.label if session.completion_type else session.status
    return _said(request, session_id, _("Saved as %(label)s.") % {"label": label}, undo="web:session_reopen")


@require_POST
@team_page("manage_schedule", practitioner=True)
def reopen(request: HttpRequest, session_id: UUID) -> HttpResponse:
    reopen_session(actor=request.actor, now=timezone.now(), session_id=session_id)
    return _said(request, session_id, _("Open again. What it had charged is taken back."))


@require_POST
@team_page("manage_schedule", practitioner=True)
def delete(request: HttpRequest, session_id: UUID) -> HttpResponse:
    delete_session(actor=request.actor, now=timezone.now(), session_id=session_id)
    undo = reverse("web:session_recover", args=[session_id])
    return said(request, _("Deleted."), onward=reverse("web:sessions"), undo=undo)


@require_POST
@team_page("manage_schedule", practitioner=True)
def recover(request: HttpRequest, session_id: UUID) -> HttpResponse:
    recover_session(actor=request.actor, now=timezone.now(), session_id=session_id)
    return _said(request, session_id, _("Back on the calendar."))


@require_POST
@team_page("manage_schedule", practitioner=True)
def move(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """To other local times (`start`, `end`: `YYYY-MM-DDTHH:MM`), another practitioner or location. For dragging and its Undo.

    `practitioner` takes the place of the one that it was dragged from (`from`); without that, of the leading one. Undo names
    all that there were as `practitioners`. A refusal is 409 with its sentence, so that the event can go back to where it was.
    """
    given = request.POST if request.POST.get("start") else request.GET
    before = session_detail(request.actor, session_id)
    try:
        result = change_session(
            actor=request.actor, now=timezone.now(), session_id=session_id, **_changes(request, given, before)
        )
    except DomainError as error:
        if given is request.GET:
            raise
        return as_json({"sentence": in_words(request, error), "code": error.code}, status=error.status)
    if given is request.GET:
        return _said(request, session_id, _("Back where it was."))
    return as_json(
        {
            "warnings": [in_words(request, notice) for notice in result.warnings],
            "before": [str(each.id) for each in before.practitioners],
        }
    )


@require_safe
@team_page("manage_schedule", practitioner=True)
def clash(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """`{"sentence": …}`: what would stand in the way of that move, "" for nothing. Asked while the event is dragged."""
    row = session_detail(request.actor, session_id)
    values = {
        "service_id": row.service_id,
        "practitioner_id": row.practitioner_id,
        "assistant_ids": [each.id for each in row.assistants],
        "location_id": row.location_id,
        "client_ids": [place.client_id for place in row.participants],
        "starts_at": row.starts_at,
        "ends_at": row.ends_at,
    }
    if request.GET.get("start"):
        values |= _changes(request, request.GET, row)
    found = preview_of(request.actor, values, session_id)
    return as_json({"sentence": in_words(request, found.clash) if found and found.clash else ""})


def _changes(request: HttpRequest, given: Any, row: SessionRow) -> dict[str, Any]:
    zone = request.business.time_zone
    changes: dict[str, Any] = {"starts_at": _instant(given, "start", zone), "ends_at": _instant(given, "end", zone)}
    if location_id := parse_id(given.get("location")):
        changes["location_id"] = location_id
    return changes | _practitioners(given, row)


def _practitioners(given: Any, row: SessionRow) -> dict[str, Any]:
    everybody = [found for text in given.get("practitioners", "")[:1000].split(",") if (found := parse_id(text))]
    if everybody:
        return {"practitioner_id": everybody[0], "assistant_ids": everybody[1:]}
    to, old = parse_id(given.get("practitioner")), parse_id(given.get("from"))
    if to is None:
        return {}
    if old in [each.id for each in row.assistants]:
        return {"assistant_ids": [to if each.id == old else each.id for each in row.assistants]}
    return {"practitioner_id": to}


def _instant(given: Any, name: str, zone: str) -> datetime:
    try:
        local = datetime.strptime(given.get(name, "")[:16], "%Y-%m-%dT%H:%M")  # noqa: DTZ007 - made aware below
    except ValueError:
        raise InvalidInput(field=name, problem="not_an_instant") from None
    if not 1990 <= local.year <= 2150:
        raise InvalidInput(field=name, problem="out_of_range")
    return local_instant(local.date(), local.time(), zone)


def _said(request: HttpRequest, session_id: UUID, text: str, undo: str = "") -> HttpResponse:
    address = reverse(undo, args=[session_id]) if undo else ""
    return said(request, text, onward=reverse("web:session", args=[session_id]), undo=address)
