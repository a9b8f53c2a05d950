"""Settings > Locations."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.db.models.functions import Lower
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from daybook.catalog import services
from daybook.catalog.models import Location
from daybook.catalog.permissions import MANAGE_CATALOG, access_location, deleted_locations, visible_locations
from daybook.ui.listing import Column, Listing
from daybook.web.catalog.forms import LocationForm
from daybook.web.catalog.pages import bins, form_page, yes_or_no
from daybook.web.doors import go, render_page, team_page
from daybook.web.exports import table_file
from daybook.workflows import change_service

COLUMNS = [
    Column("name", gettext_lazy("Name"), order=("by_name", "id"), fixed=True),
    Column("address", gettext_lazy("Where")),
    Column("capacity", gettext_lazy("Places"), order=("capacity", "by_name", "id"), numeric=True),
    Column("bookable", gettext_lazy("Client booking"), order=("-client_bookable", "by_name", "id")),
]


@require_safe
@team_page(MANAGE_CATALOG)
def listing(request: HttpRequest) -> HttpResponse:
    state, rows, is_bin = _listed(request)
    page = state.page_of(rows, total=rows.count())
    context = {"listing": state, "page": page, "is_bin": is_bin, "bins": bins(), "filtered": bool(state.q or is_bin)}
    return render_page(request, "web/catalog/locations.html", context)


def _listed(request: HttpRequest) -> tuple[Listing, QuerySet[Location], bool]:
    """The state of the list, all its rows in order, and whether they are those in the bin."""
    state = Listing.read(request, "locations", COLUMNS, default="name")
    is_bin = request.GET.get("shown") == "deleted"
    rows = deleted_locations(request.actor) if is_bin else visible_locations(request.actor)
    rows = rows.annotate(by_name=Lower("name"))
    if state.q:
        rows = rows.filter(name__icontains=state.q)
    return state, rows.order_by(*state.ordering), is_bin


EXPORTED = ("id", "name", "address", "online_link", "capacity", "client_bookable", "color")


@require_safe
@team_page(MANAGE_CATALOG)
def export(request: HttpRequest) -> HttpResponse:
    """The list as it is filtered, whole."""
    rows = (
        [str(row.pk), row.name, row.address, row.online_link, row.capacity, yes_or_no(row.client_bookable), row.color]
        for row in _listed(request)[1]
    )
    return table_file(request, "locations", EXPORTED, rows)


@require_http_methods(["GET", "HEAD", "POST"])
@team_page(MANAGE_CATALOG)
def add(request: HttpRequest) -> HttpResponse:
    def save(values: dict[str, Any]) -> HttpResponse:
        location = services.create_location(actor=request.actor, **values)
        return go(request, "web:locations", said=_("%(name)s is added.") % {"name": location.name})

    return form_page(request, LocationForm, "web/catalog/location_form.html", save=save)


@require_http_methods(["GET", "HEAD", "POST"])
@team_page(MANAGE_CATALOG)
def edit(request: HttpRequest, location_id: UUID) -> HttpResponse:
    location = access_location(request.actor, location_id)

    def save(values: dict[str, Any]) -> HttpResponse:
        changed = change_service.change_location(
            actor=request.actor, location_id=location_id, now=timezone.now(), **values
        )
        return go(request, "web:locations", said=_("%(name)s is saved.") % {"name": changed.name})

    return form_page(
        request,
        LocationForm,
        "web/catalog/location_form.html",
        save=save,
        initial=LocationForm.initial_of(location),
        context={"location": location},
    )


@require_POST
@team_page(MANAGE_CATALOG)
def delete(request: HttpRequest, location_id: UUID) -> HttpResponse:
    name = access_location(request.actor, location_id).name
    change_service.delete_location(actor=request.actor, location_id=location_id, now=timezone.now())
    undo = reverse("web:location_recover", args=[location_id])
    return go(request, "web:locations", said=_("%(name)s is deleted.") % {"name": name}, undo=undo)


@require_POST
@team_page(MANAGE_CATALOG)
def recover(request: HttpRequest, location_id: UUID) -> HttpResponse:
    location = services.recover_location(actor=request.actor, location_id=location_id)
    return go(request, "web:locations", said=_("%(name)s is back.") % {"name": location.name})
