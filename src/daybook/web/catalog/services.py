"""Settings > Services."""

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
from daybook.catalog.models import Service
from daybook.catalog.permissions import MANAGE_CATALOG, access_service, deleted_services, visible_services
from daybook.ui.listing import Column, Listing
from daybook.web.catalog.forms import KINDS, ServiceForm
from daybook.web.catalog.pages import bins, form_page, yes_or_no
from daybook.web.doors import go, render_page, team_page
from daybook.web.exports import table_file
from daybook.web.money.common import amount
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
    state, rows, is_bin = _listed(request)
    page = state.page_of(rows, total=rows.count())
    kinds = [("", _("Any price")), *((value, str(label)) for value, label in KINDS)]
    filtered = bool(state.q or request.GET.get("kind") or is_bin)
    context = {"listing": state, "page": page, "kinds": kinds, "filtered": filtered, "is_bin": is_bin, "bins": bins()}
    return render_page(request, "web/catalog/services.html", context)


def _listed(request: HttpRequest) -> tuple[Listing, QuerySet[Service], bool]:
    """The state of the list, all its rows in order, and whether they are those in the bin."""
    state = Listing.read(request, "services", COLUMNS, default="name")
    is_bin = request.GET.get("shown") == "deleted"
    rows = deleted_services(request.actor) if is_bin else visible_services(request.actor)
    rows = rows.annotate(by_name=Lower("name"))
    if state.q:
        rows = rows.filter(name__icontains=state.q)
    if request.GET.get("kind") in ("hourly", "fixed"):
        rows = rows.filter(kind=request.GET["kind"])
    return state, rows.order_by(*state.ordering), is_bin


EXPORTED = (
    "id", "name", "kind", "cost", "wage", "tax_rate", "minutes", "buffer_before", "buffer_after", "concurrent",
    "client_bookable", "visibility", "color", "description",
)  # fmt: skip


@require_safe
@team_page(MANAGE_CATALOG)
def export(request: HttpRequest) -> HttpResponse:
    """The list as it is filtered, whole."""
    rows = (
        [
            str(row.pk), row.name, row.kind, amount(request, row.cost_minor), amount(request, row.wage_minor), row.tax_rate,
            row.minutes, row.buffer_before, row.buffer_after, yes_or_no(row.is_concurrent), yes_or_no(row.client_bookable),
            row.visibility, row.color, row.description,
        ]
        for row in _listed(request)[1]
    )  # fmt: skip
    return table_file(request, "services", EXPORTED, rows)


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
