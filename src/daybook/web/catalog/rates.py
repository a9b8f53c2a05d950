"""Accounting > Balances > Custom rates, and practitioners' own wages."""

from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from daybook.audit.queries import deletions
from daybook.catalog import services
from daybook.catalog.permissions import MANAGE_RATES, access_client_rate, access_service, access_wage_rate
from daybook.catalog.queries import rates_of_client, rates_of_practitioner
from daybook.core.ids import parse_id
from daybook.core.periods import local_date
from daybook.people.models import User
from daybook.people.permissions import access_user
from daybook.ui.widgets import Combobox
from daybook.web.catalog.forms import RateForm
from daybook.web.catalog.pages import form_page
from daybook.web.doors import go, render_page, team_page
from daybook.workflows import set_rate

SHOWN_REMOVED = 20


def _today(request: HttpRequest) -> Any:
    return local_date(timezone.now(), request.business.time_zone)


class Chooser(forms.Form):
    """Whose rates are looked at."""

    client = forms.ChoiceField(label=gettext_lazy("Client"))

    def __init__(self, person: User | None) -> None:
        super().__init__(initial={"client": str(person.pk)} if person else None)
        choices = [("", ""), *([(str(person.pk), person.name)] if person else [])]
        url = reverse("web:people_choices") + "?role=client"
        self.fields["client"].widget = Combobox(url=url, placeholder=_("Name, e-mail or phone"), choices=choices)


@require_safe
@team_page(MANAGE_RATES)
def choose_client(request: HttpRequest) -> HttpResponse:
    """`?client=` of the chooser shows that client's rates."""
    chosen = parse_id(request.GET.get("client"))
    return (
        of_client(request, chosen)
        if chosen
        else render_page(request, "web/catalog/rates.html", {"kind": "client", "chooser": Chooser(None)})
    )


@require_safe
@team_page(MANAGE_RATES)
def of_client(request: HttpRequest, person_id: UUID) -> HttpResponse:
    person = access_user(request.actor, person_id, role="client", through=MANAGE_RATES)
    rates = rates_of_client(person.pk, today=_today(request))
    context = _context(request, person, rates, "client") | {"chooser": Chooser(person)}
    return render_page(request, "web/catalog/rates.html", context)


@require_safe
@team_page(MANAGE_RATES)
def of_practitioner(request: HttpRequest, person_id: UUID) -> HttpResponse:
    person = access_user(request.actor, person_id, role="practitioner", through=MANAGE_RATES)
    rates = rates_of_practitioner(person.pk, today=_today(request))
    return render_page(request, "web/catalog/rates.html", _context(request, person, rates, "wage"))


def _context(request: HttpRequest, person: User, rates: list[Any], kind: str) -> dict[str, Any]:
    amount = "cost_minor" if kind == "client" else "wage_minor"
    today = _today(request)
    rows = [
        {
            "service": each.service,
            "usual": getattr(each.service, amount),
            "current": each.current,
            "rates": [
                {
                    "id": rate.pk,
                    "amount": getattr(rate, amount),
                    "starts_on": rate.starts_on,
                    "is_coming": rate.starts_on > today,
                }
                for rate in each.rows
            ],
            "set_url": reverse(
                "web:client_rate_set" if kind == "client" else "web:wage_rate_set", args=[person.pk, each.service.pk]
            ),
        }
        for each in rates
    ]
    own = sum(1 for row in rows if row["rates"])
    return {"person": person, "rows": rows, "kind": kind, "own": own, "removed": _removed(person, rates, kind)}


def _removed(person: User, rates: list[Any], kind: str) -> list[dict[str, Any]]:
    """The last few rates that were taken away and are not back, newest first, as they were."""
    table, amount, page = (
        ("catalog_clientrate", "cost_minor", "web:client_rate_recover")
        if kind == "client"
        else ("catalog_wagerate", "wage_minor", "web:wage_rate_recover")
    )
    services_by_id = {str(each.service.pk): each.service for each in rates}
    there = {rate.pk for each in rates for rate in each.rows}
    found: dict[UUID, dict[str, Any]] = {}
    for version in deletions(table, parent_id=person.pk, limit=SHOWN_REMOVED):
        values = version.changes or {}
        service = services_by_id.get(values.get("service_id", ""))
        if service and version.row_id not in there | found.keys():
            found[version.row_id] = {
                "service": service,
                "amount": values[amount],
                "starts_on": date.fromisoformat(values["starts_on"]),
                "by": version.actor_name,
                "at": version.at,
                "url": reverse(page, args=[version.row_id]),
            }
    return list(found.values())


@require_http_methods(["GET", "HEAD", "POST"])
@team_page(MANAGE_RATES)
def set_client(request: HttpRequest, person_id: UUID, service_id: UUID) -> HttpResponse:
    person = access_user(request.actor, person_id, role="client", through=MANAGE_RATES)

    def save(values: dict[str, Any]) -> HttpResponse:
        set_rate.set_client_rate(
            actor=request.actor,
            client_id=person_id,
            service_id=service_id,
            cost_minor=values["amount"],
            starts_on=values["starts_on"],
            now=timezone.now(),
        )
        return go(
            request, "web:client_rates", person_id, said=_("The rate is set. Open sessions have their new price.")
        )

    return _rate_form(request, person, service_id, save, "client")


@require_http_methods(["GET", "HEAD", "POST"])
@team_page(MANAGE_RATES)
def set_practitioner(request: HttpRequest, person_id: UUID, service_id: UUID) -> HttpResponse:
    person = access_user(request.actor, person_id, role="practitioner", through=MANAGE_RATES)

    def save(values: dict[str, Any]) -> HttpResponse:
        services.set_wage_rate(
            actor=request.actor,
            practitioner_id=person_id,
            service_id=service_id,
            wage_minor=values["amount"],
            starts_on=values["starts_on"],
            now=timezone.now(),
        )
        return go(
            request, "web:wage_rates", person_id, said=_("The wage is set. It holds for what is saved from now on.")
        )

    return _rate_form(request, person, service_id, save, "wage")


def _rate_form(request: HttpRequest, person: User, service_id: UUID, save: Any, kind: str) -> HttpResponse:
    service = access_service(request.actor, service_id)
    usual = service.cost_minor if kind == "client" else service.wage_minor
    context = {"person": person, "service": service, "usual": usual, "kind": kind}
    return form_page(
        request,
        RateForm,
        "web/catalog/rate_form.html",
        save=save,
        initial={"starts_on": _today(request)},
        context=context,
    )


@require_POST
@team_page(MANAGE_RATES)
def delete_client(request: HttpRequest, rate_id: UUID) -> HttpResponse:
    client_id = access_client_rate(request.actor, rate_id).client_id
    set_rate.delete_client_rate(actor=request.actor, rate_id=rate_id)
    said = _("The rate is removed. Open sessions have their new price.")
    return go(
        request, "web:client_rates", client_id, said=said, undo=reverse("web:client_rate_recover", args=[rate_id])
    )


@require_POST
@team_page(MANAGE_RATES)
def recover_client(request: HttpRequest, rate_id: UUID) -> HttpResponse:
    rate = set_rate.recover_client_rate(actor=request.actor, rate_id=rate_id)
    return go(
        request, "web:client_rates", rate.client_id, said=_("The rate is back. Open sessions have its price again.")
    )


@require_POST
@team_page(MANAGE_RATES)
def delete_wage(request: HttpRequest, rate_id: UUID) -> HttpResponse:
    practitioner_id = access_wage_rate(request.actor, rate_id).practitioner_id
    services.delete_wage_rate(actor=request.actor, rate_id=rate_id)
    undo = reverse("web:wage_rate_recover", args=[rate_id])
    return go(request, "web:wage_rates", practitioner_id, said=_("The wage is removed."), undo=undo)


@require_POST
@team_page(MANAGE_RATES)
def recover_wage(request: HttpRequest, rate_id: UUID) -> HttpResponse:
    rate = services.recover_wage_rate(actor=request.actor, rate_id=rate_id)
    return go(request, "web:wage_rates", rate.practitioner_id, said=_("The wage is back."))
