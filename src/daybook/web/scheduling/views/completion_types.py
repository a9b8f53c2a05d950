"""Settings > Completion types."""

from functools import partial
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from daybook.core.errors import NotFound
from daybook.core.money import text_to_minor
from daybook.people.models import User
from daybook.scheduling import services
from daybook.scheduling.models import CompletionType
from daybook.scheduling.queries.completions import completion_types
from daybook.tenancy.queries import business_words
from daybook.web.catalog.pages import form_page
from daybook.web.doors import go, render_page, team_page
from daybook.web.scheduling.forms import CompletionTypeForm
from daybook.web.scheduling.said import said
from daybook.workflows.recover_setup import recover_completion_type

SHOWN_REMOVED = 20


@require_safe
@team_page("manage_settings")
def listing(request: HttpRequest) -> HttpResponse:
    types = completion_types()
    for kind in types:
        kind.client_fixed, kind.practitioner_fixed = (  # type: ignore[attr-defined]
            text_to_minor(str(whole), request.business.currency)
            for whole in (kind.client_modifier, kind.practitioner_modifier)
        )
    gone = CompletionType.objects.with_deleted().filter(deleted_at__isnull=False).order_by("-deleted_at")
    removed = list(gone[:SHOWN_REMOVED])
    names = {
        user.pk: user.name for user in User.objects.with_deleted().filter(pk__in={row.deleted_by for row in removed})
    }
    for row in removed:
        row.by, row.at = names.get(row.deleted_by, ""), row.deleted_at  # type: ignore[attr-defined]
        row.url = reverse("web:completion_type_recover", args=[row.pk])  # type: ignore[attr-defined]
    return render_page(request, "web/scheduling/completion_types.html", {"types": types, "removed": removed})


@require_http_methods(["GET", "HEAD", "POST"])
@team_page("manage_settings")
def add(request: HttpRequest) -> HttpResponse:
    def save(values: dict[str, Any]) -> HttpResponse:
        row = services.create_completion_type(actor=request.actor, **values)
        return go(request, "web:completion_types", said=_("%(label)s is added.") % {"label": row.label})

    return form_page(request, CompletionTypeForm, "web/scheduling/completion_type_form.html", save=save)


@require_http_methods(["GET", "HEAD", "POST"])
@team_page("manage_settings")
def edit(request: HttpRequest, type_id: UUID) -> HttpResponse:
    row = _row(type_id)

    def save(values: dict[str, Any]) -> HttpResponse:
        changed = services.update_completion_type(actor=request.actor, type_id=type_id, **values)
        return go(request, "web:completion_types", said=_("%(label)s is saved.") % {"label": changed.label})

    form_class: Any = partial(CompletionTypeForm, row=row)
    return form_page(
        request,
        form_class,
        "web/scheduling/completion_type_form.html",
        save=save,
        initial=CompletionTypeForm.initial_of(row),
        context={"row": row, "words": business_words()},
    )


@require_POST
@team_page("manage_settings")
def switch(request: HttpRequest, type_id: UUID) -> HttpResponse:
    """On or off, by a click."""
    row = _row(type_id)
    services.update_completion_type(actor=request.actor, type_id=type_id, is_enabled=not row.is_enabled)
    text = _("%(label)s is off.") if row.is_enabled else _("%(label)s is on offer.")
    return said(request, text % {"label": row.label}, onward=reverse("web:completion_types"))


@require_POST
@team_page("manage_settings")
def delete(request: HttpRequest, type_id: UUID) -> HttpResponse:
    row = _row(type_id)
    services.delete_completion_type(actor=request.actor, type_id=type_id, now=timezone.now())
    text = _("%(label)s is removed. What was saved by it stays.") % {"label": row.label}
    undo = reverse("web:completion_type_recover", args=[type_id])
    return said(request, text, onward=reverse("web:completion_types"), undo=undo)


@require_POST
@team_page("manage_settings")
def recover(request: HttpRequest, type_id: UUID) -> HttpResponse:
    row = recover_completion_type(actor=request.actor, type_id=type_id)
    return said(
        request, _("%(label)s is on offer again.") % {"label": row.label}, onward=reverse("web:completion_types")
    )


def _row(type_id: UUID) -> CompletionType:
    row: CompletionType | None = CompletionType.objects.filter(pk=type_id).first()
    if row is None:
        raise NotFound(what="completion type")
    return row
