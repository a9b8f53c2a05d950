"""Settings > Closures: days off, shaded on every calendar."""

from collections.abc import Collection
from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from daybook.audit.queries import deletions
from daybook.core.periods import local_date
from daybook.scheduling import services
from daybook.scheduling.models import Closure
from daybook.web.catalog.pages import form_page
from daybook.web.doors import go, render_page, team_page
from daybook.web.scheduling.forms import ClosureForm
from daybook.web.scheduling.said import said
from daybook.workflows.recover_setup import recover_closure

SHOWN_REMOVED = 20


@require_safe
@team_page("manage_schedule")
def listing(request: HttpRequest) -> HttpResponse:
    """Those to come, then those gone by."""
    today = local_date(timezone.now(), request.business.time_zone)
    rows = list(Closure.objects.select_related("location").order_by("starts_on", "name")[:1000])
    coming = [row for row in rows if row.ends_on >= today]
    gone = [row for row in reversed(rows) if row.ends_on < today]
    context = {"coming": coming, "gone": gone, "count": len(rows), "removed": _removed({row.pk for row in rows})}
    return render_page(request, "web/scheduling/closures.html", context)


def _removed(there: Collection[UUID]) -> list[dict[str, Any]]:
    """The last few closures that were taken away and are not back, newest first, as they were."""
    found: dict[UUID, dict[str, Any]] = {}
    for version in deletions("scheduling_closure", limit=SHOWN_REMOVED):
        values = version.changes or {}
        if version.row_id not in there and version.row_id not in found:
            found[version.row_id] = {
                "name": values["name"],
                "starts_on": date.fromisoformat(values["starts_on"]),
                "ends_on": date.fromisoformat(values["ends_on"]),
                "by": version.actor_name,
                "at": version.at,
                "url": reverse("web:closure_recover", args=[version.row_id]),
            }
    return list(found.values())


@require_http_methods(["GET", "HEAD", "POST"])
@team_page("manage_schedule")
def add(request: HttpRequest) -> HttpResponse:
    def save(values: dict[str, Any]) -> HttpResponse:
        row = services.create_closure(actor=request.actor, **values)
        return go(request, "web:closures", said=_("%(name)s is added.") % {"name": row.name})

    initial = {"starts_on": request.GET.get("day", "")[:10]}
    return form_page(request, _form(request), "web/scheduling/closure_form.html", save=save, initial=initial)


@require_http_methods(["GET", "HEAD", "POST"])
@team_page("manage_schedule")
def edit(request: HttpRequest, closure_id: UUID) -> HttpResponse:
    row = services.access_closure(closure_id)

    def save(values: dict[str, Any]) -> HttpResponse:
        changed = services.update_closure(actor=request.actor, closure_id=closure_id, **values)
        return go(request, "web:closures", said=_("%(name)s is saved.") % {"name": changed.name})

    initial = {name: getattr(row, name) for name in ("name", "starts_on", "ends_on", "location_id")}
    return form_page(
        request, _form(request), "web/scheduling/closure_form.html", save=save, initial=initial, context={"row": row}
    )


@require_POST
@team_page("manage_schedule")
def delete(request: HttpRequest, closure_id: UUID) -> HttpResponse:
    name = services.access_closure(closure_id).name
    services.delete_closure(actor=request.actor, closure_id=closure_id)
    undo = reverse("web:closure_recover", args=[closure_id])
    return said(request, _("%(name)s is removed.") % {"name": name}, onward=reverse("web:closures"), undo=undo)


@require_POST
@team_page("manage_schedule")
def recover(request: HttpRequest, closure_id: UUID) -> HttpResponse:
    row = recover_closure(actor=request.actor, closure_id=closure_id)
    return said(request, _("%(name)s is back.") % {"name": row.name}, onward=reverse("web:closures"))


def _form(request: HttpRequest) -> Any:
    return lambda *args, **options: ClosureForm(*args, actor=request.actor, **options)
