"""Settings > Closures: days off, shaded on every calendar."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from daybook.core.periods import local_date
from daybook.scheduling import services
from daybook.scheduling.models import Closure
from daybook.web.catalog.pages import form_page
from daybook.web.doors import go, render_page, team_page
from daybook.web.scheduling.forms import ClosureForm
from daybook.web.scheduling.said import said


@require_safe
@team_page("manage_schedule")
def listing(request: HttpRequest) -> HttpResponse:
    """Those to come, then those gone by."""
    today = local_date(timezone.now(), request.business.time_zone)
    rows = list(Closure.objects.select_related("location").order_by("starts_on", "name")[:1000])
    coming = [row for row in rows if row.ends_on >= today]
    gone = [row for row in reversed(rows) if row.ends_on < today]
    return render_page(request, "web/scheduling/closures.html", {"coming": coming, "gone": gone, "count": len(rows)})


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
    return said(request, _("%(name)s is removed.") % {"name": name}, onward=reverse("web:closures"))


def _form(request: HttpRequest) -> Any:
    return lambda *args, **options: ClosureForm(*args, actor=request.actor, **options)
