"""Adding, editing and completing sessions by form."""

from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from daybook.core.errors import DomainError, Notice
from daybook.core.ids import parse_id
from daybook.scheduling.queries import SessionRow, session_detail
from daybook.scheduling.queries.completions import completion_types
from daybook.scheduling.rules import Override
from daybook.tenancy.queries import business_words
from daybook.web.doors import once, render_page, render_part, safe_next, team_page
from daybook.web.scheduling.forms import CompleteForm, SessionForm, clock_values, initial_of
from daybook.web.scheduling.preview import preview_of
from daybook.web.scheduling.said import in_words, said, when_in_words
from daybook.workflows.add_session import add_session
from daybook.workflows.change_session import change_session
from daybook.workflows.complete_session import complete_session


@require_http_methods(["GET", "HEAD", "POST"])
@team_page("manage_schedule", practitioner="add_sessions")
def add(request: HttpRequest) -> HttpResponse:
    """The form for a new session; `day`, `start`, `end`, `practitioner`, `location`, `client` of the address fill it in."""

    def save(values: dict[str, Any]) -> HttpResponse:
        result = add_session(actor=request.actor, now=timezone.now(), **values)
        url = reverse("web:session", args=[result.session.pk])
        undo = reverse("web:session_delete", args=[result.session.pk])
        when = when_in_words(request, result.session.starts_at, result.session.ends_at)
        text = _("Added: %(when)s.") % {"when": when}
        return said(request, _with_warnings(request, text, result.warnings), onward=safe_next(request, url), undo=undo)

    return _page(request, save, initial=_initial(request), row=None)


@require_http_methods(["GET", "HEAD", "POST"])
@team_page("manage_schedule", practitioner="edit_sessions")
def edit(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """The same form for a session that is there; a saved one offers its notes only."""
    row = session_detail(request.actor, session_id)

    def save(values: dict[str, Any]) -> HttpResponse:
        notes = {name: values[name] for name in ("public_note", "internal_note")}
        changes = values if row.status == "open" else notes
        result = change_session(actor=request.actor, now=timezone.now(), session_id=session_id, **changes)
        url = reverse("web:session", args=[session_id])
        return said(request, _with_warnings(request, _("Saved."), result.warnings), onward=safe_next(request, url))

    return _page(request, save, initial=initial_of(row, request.business.time_zone), row=row)


def _page(request: HttpRequest, save: Any, *, initial: dict[str, Any], row: SessionRow | None) -> HttpResponse:
    form = SessionForm(
        request.POST or None,
        business=request.business,
        terms=business_words(),
        actor=request.actor,
        clients_url=reverse("web:session_clients"),
        current=row,
        initial=initial,
    )
    if request.method == "POST" and form.is_valid():
        try:
            return once(request, lambda: save(form.for_services()))
        except DomainError as error:
            if error.status in (403, 404):
                raise
            form.refuse(error)
    status = 422 if request.method == "POST" else 200
    context = {"form": form, "row": row, "minutes": form.minutes, "next": safe_next(request, "")}
    return render_page(request, "web/scheduling/session_form.html", context, status=status)


def _with_warnings(request: HttpRequest, text: str, warnings: tuple[Notice, ...]) -> str:
    return " ".join([text, *(in_words(request, notice) for notice in warnings)])


def _initial(request: HttpRequest) -> dict[str, Any]:
    """From the address; without a time, the next full hour, or the next morning."""
    zone = ZoneInfo(request.business.time_zone)
    given = request.GET
    now = timezone.now().astimezone(zone)
    starts_at = (now + timedelta(hours=1)).replace(minute=0, second=0, microsecond=0)
    if not 7 <= starts_at.hour <= 20:
        starts_at = (starts_at + timedelta(hours=4 if starts_at.hour > 20 else 0)).replace(hour=9)
    values = clock_values(starts_at, starts_at + timedelta(hours=1), request.business.time_zone)
    try:
        if given.get("day"):
            values["day"] = datetime.strptime(given["day"][:10], "%Y-%m-%d").date()  # noqa: DTZ007 - a date alone
        if given.get("start"):
            values["start"] = time.fromisoformat(given["start"][:5])
            begin = datetime.combine(values["day"], values["start"])
            values["end"] = (
                time.fromisoformat(given["end"][:5]) if given.get("end") else (begin + timedelta(hours=1)).time()
            )
    except ValueError:
        pass
    clients = [str(found) for each in given.getlist("client") if (found := parse_id(each))]
    own = str(request.actor.user_id) if request.actor.role == "practitioner" else ""
    return values | {
        "clients": clients,
        "service": given.get("service", ""),
        "practitioner": given.get("practitioner", own) or own,
        "location": given.get("location", ""),
    }


@require_POST
@team_page("manage_schedule", practitioner=True)
def preview(request: HttpRequest) -> HttpResponse:
    """What follows from the form as it stands: price, clash, credit, warnings."""
    session_id = parse_id(request.GET.get("session"))
    row = session_detail(request.actor, session_id) if session_id else None
    form = SessionForm(
        request.POST,
        business=request.business,
        terms=business_words(),
        actor=request.actor,
        clients_url="",
        current=row,
    )
    found = preview_of(request.actor, form.for_services(), session_id) if form.is_enough else None
    context: dict[str, Any] = {"preview": found}
    if found:
        context["clash"] = in_words(request, found.clash) if found.clash else ""
        context["warnings"] = [in_words(request, notice) for notice in found.notices]
    return render_part(request, "web/scheduling/_preview.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@team_page("manage_schedule", practitioner="complete_sessions")
def complete(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """Completing with a type of its own for some participants, or with amounts by hand."""
    row = session_detail(request.actor, session_id)
    form = CompleteForm(
        request.POST or None,
        business=request.business,
        terms=business_words(),
        row=row,
        types=completion_types(enabled_only=True),
        may_override=request.actor.may("cost_override"),
    )
    if request.method == "POST" and form.is_valid():
        try:
            return once(request, lambda: _complete(request, row, form))
        except DomainError as error:
            if error.status in (403, 404):
                raise
            form.refuse(error)
    status = 422 if request.method == "POST" else 200
    return render_page(request, "web/scheduling/complete_form.html", {"form": form, "row": row}, status=status)


def _complete(request: HttpRequest, row: SessionRow, form: CompleteForm) -> HttpResponse:
    values = form.cleaned_data
    override = Override(values.get("cost"), values.get("wage"), form.assistant_wages)
    session = complete_session(
        actor=request.actor,
        now=timezone.now(),
        session_id=row.id,
        completion_type=values["completion_type"],
        override=override if override != Override() else None,
        participants=form.own_types,
    )
    label = session.completion_type.label if session.completion_type else session.status
    text = _("Saved as %(label)s.") % {"label": label}
    undo = reverse("web:session_reopen", args=[row.id])
    return said(request, text, onward=reverse("web:session", args=[row.id]), undo=undo)
