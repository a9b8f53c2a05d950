"""Settings > Services."""

from typing import Any
from uuid import UUID

from django.db.models.functions import Lower
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from daybook.catalog import services
from daybook.catalog.permissions import MANAGE_CATALOG, access_service, deleted_services, visible_services
from daybook.ui.listing import Column, Listing
from daybook.web.catalog.forms import KINDS, ServiceForm
from daybook.web.catalog.pages import bins, form_page
from daybook.web.doors import go, render_page, team_page
from daybook.workflows import change_service

COLUMNS = [
    Column("name", gettext_lazy("Name"), order=("by_name", "id"), fixed=True),
    Column("kind", gettext_lazy("Price"), order=("kind", "by_name", "id")),
    Column("minutes", gettext_lazy("Length"), order=("minutes", "by_name", "id"), numeric=True),
    Column("cost", gettext_lazy("Cost"), order=("cost_minor", "by_name", "id"), numeric=True),
    Column("wage", gettext_lazy("Wage"), order=("wage_minor", "by_name", "id"), numeric=True),
    Column("tax", gettext_lazy("Tax"), numeric=True, hidden=True),
    Column("bookable", gettext_lazy("Client booking"), order=("-client_bookable", "by_name", "id")),
]


@require_safe
@team_page(MANAGE_CATALOG)
def listing(request: HttpRequest) -> HttpResponse:
    state = Listing.read(request, "services", COLUMNS, default="name")
    is_bin = request.GET.get("shown") == "deleted"
    rows = deleted_services(request.actor) if is_bin else visible_services(request.actor)
    rows = rows.annotate(by_name=Lower("name"))
    if state.q:
        rows = rows.filter(name__icontains=state.q)
    if request.GET.get("kind") in ("hourly", "fixed"):
        rows = rows.filter(kind=request.GET["kind"])
    page = state.page_of(rows.order_by(*state.ordering), total=rows.count())
    kinds = [("", _("Any price")), *((value, str(label)) for value, label in KINDS)]
    filtered = bool(state.q or request.GET.get("kind") or is_bin)
    context = {"listing": state, "page": page, "kinds": kinds, "filtered": filtered, "is_bin": is_bin, "bins": bins()}
    return render_page(request, "web/catalog/services.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@team_page(MANAGE_CATALOG)
def add(request: HttpRequest) -> HttpResponse:
    def save(values: dict[str, Any]) -> HttpResponse:
        service = services.create_service(actor=request.actor, **values)
        return go(request, "web:services", said=_("%(name)s is added.") % {"name": service.name})

    return form_page(request, ServiceForm, "web/catalog/service_form.html", save=save)


@require_http_methods(["GET", "HEAD", "POST"])
@team_page(MANAGE_CATALOG)
def edit(request: HttpRequest, service_id: UUID) -> HttpResponse:
    service = access_service(request.actor, service_id)

    def save(values: dict[str, Any]) -> HttpResponse:
        changed = change_service.change_service(
            actor=request.actor, service_id=service_id, now=timezone.now(), **values
        )
        return go(request, "web:services", said=_("%(name)s is saved.") % {"name": changed.name})

    return form_page(
        request,
        ServiceForm,
        "web/catalog/service_form.html",
        save=save,
        initial=ServiceForm.initial_of(service),
        context={"service": service},
    )


@require_POST
@team_page(MANAGE_CATALOG)
def delete(request: HttpRequest, service_id: UUID) -> HttpResponse:
    name = access_service(request.actor, service_id).name
    change_service.delete_service(actor=request.actor, service_id=service_id, now=timezone.now())
    undo = reverse("web:service_recover", args=[service_id])
    return go(request, "web:services", said=_("%(name)s is deleted.") % {"name": name}, undo=undo)


@require_POST
@team_page(MANAGE_CATALOG)
def recover(request: HttpRequest, service_id: UUID) -> HttpResponse:
    service = services.recover_service(actor=request.actor, service_id=service_id)
    return go(request, "web:services", said=_("%(name)s is back.") % {"name": service.name})
