"""`/services`, `/locations`, `/client-rates`, `/wage-rates`."""

from datetime import date
from typing import Any

from django.db.models.functions import Lower
from django.utils.timezone import now
from ninja import Query

from daybook.api.fields import Id
from daybook.api.frame import Router
from daybook.api.paging import Page, chosen, page_of
from daybook.api.requests import ApiRequest
from daybook.api.v1.catalog.schemas import (
    ClientRateChange,
    ClientRateFilter,
    ClientRateIn,
    ClientRateOut,
    LocationChange,
    LocationFilter,
    LocationIn,
    LocationOut,
    ServiceChange,
    ServiceFilter,
    ServiceIn,
    ServiceOut,
    WageRateChange,
    WageRateFilter,
    WageRateIn,
    WageRateOut,
)
from daybook.api.v1.catalog.shapes import client_rate_out, inner, location_out, service_out, wage_rate_out
from daybook.catalog import permissions, services
from daybook.core.periods import local_date
from daybook.workflows import change_service, set_rate

router = Router(tags=["Services, locations, rates"])


def today(request: ApiRequest) -> date:
    return local_date(now(), request.business.time_zone)


# ── services ──


@router.get("/services", response=Page[ServiceOut])
def list_services(request: ApiRequest, filters: Query[ServiceFilter]) -> dict[str, Any]:
    among = permissions.deleted_services if filters.deleted else permissions.visible_services
    rows = among(request.actor).annotate(by_name=Lower("name"))
    rows = rows.filter(
        **chosen(
            name__iexact=filters.name,
            kind=filters.kind,
            client_bookable=filters.client_bookable,
            is_concurrent=filters.concurrent,
        )
    )
    return page_of(rows, filters, order=("by_name", "id"), shape=lambda row: service_out(row, request.actor))


@router.post("/services", response={201: ServiceOut})
def create_service(request: ApiRequest, body: ServiceIn) -> dict[str, Any]:
    return service_out(services.create_service(actor=request.actor, **inner(body.given())), request.actor)


@router.get("/services/{service_id}", response=ServiceOut)
def get_service(request: ApiRequest, service_id: Id) -> dict[str, Any]:
    return service_out(permissions.access_service(request.actor, service_id), request.actor)


@router.patch("/services/{service_id}", response=ServiceOut)
def update_service(request: ApiRequest, service_id: Id, body: ServiceChange) -> dict[str, Any]:
    """Saved sessions keep their price; open ones get the new one. 409 `would_overlap` where new buffers clash."""
    changed = change_service.change_service(
        actor=request.actor, service_id=service_id, now=now(), **inner(body.given())
    )
    return service_out(changed, request.actor)


@router.delete("/services/{service_id}", response={204: None})
def delete_service(request: ApiRequest, service_id: Id) -> None:
    """409 `in_use` while open sessions are booked on it."""
    change_service.delete_service(actor=request.actor, service_id=service_id, now=now())


@router.post("/services/{service_id}/recover", response=ServiceOut)
def recover_service(request: ApiRequest, service_id: Id) -> dict[str, Any]:
    """Take a deleted service out of the bin."""
    return service_out(services.recover_service(actor=request.actor, service_id=service_id), request.actor)


# ── locations ──


@router.get("/locations", response=Page[LocationOut])
def list_locations(request: ApiRequest, filters: Query[LocationFilter]) -> dict[str, Any]:
    among = permissions.deleted_locations if filters.deleted else permissions.visible_locations
    rows = among(request.actor).annotate(by_name=Lower("name"))
    rows = rows.filter(
        **chosen(name__iexact=filters.name, capacity=filters.capacity, client_bookable=filters.client_bookable)
    )
    return page_of(rows, filters, order=("by_name", "id"), shape=location_out)


@router.post("/locations", response={201: LocationOut})
def create_location(request: ApiRequest, body: LocationIn) -> dict[str, Any]:
    return location_out(services.create_location(actor=request.actor, **inner(body.given())))


@router.get("/locations/{location_id}", response=LocationOut)
def get_location(request: ApiRequest, location_id: Id) -> dict[str, Any]:
    return location_out(permissions.access_location(request.actor, location_id))


@router.patch("/locations/{location_id}", response=LocationOut)
def update_location(request: ApiRequest, location_id: Id, body: LocationChange) -> dict[str, Any]:
    """409 `would_overlap` where a room that becomes exclusive is booked twice."""
    changed = change_service.change_location(
        actor=request.actor, location_id=location_id, now=now(), **inner(body.given())
    )
    return location_out(changed)


@router.delete("/locations/{location_id}", response={204: None})
def delete_location(request: ApiRequest, location_id: Id) -> None:
    """409 `in_use` while open sessions are booked on it."""
    change_service.delete_location(actor=request.actor, location_id=location_id, now=now())


@router.post("/locations/{location_id}/recover", response=LocationOut)
def recover_location(request: ApiRequest, location_id: Id) -> dict[str, Any]:
    """Take a deleted location out of the bin."""
    return location_out(services.recover_location(actor=request.actor, location_id=location_id))


# ── clients' own rates ──


@router.get("/client-rates", response=Page[ClientRateOut])
def list_client_rates(request: ApiRequest, filters: Query[ClientRateFilter]) -> dict[str, Any]:
    rows = permissions.visible_client_rates(request.actor)
    rows = rows.filter(**chosen(client_id=filters.client, service_id=filters.service, starts_on=filters.starts_on))
    return page_of(rows, filters, order=("-starts_on", "id"), shape=client_rate_out)


@router.post("/client-rates", response={201: ClientRateOut})
def create_client_rate(request: ApiRequest, body: ClientRateIn) -> dict[str, Any]:
    """A rate of the same client, service and day is replaced. Saved sessions keep their price."""
    rate = set_rate.set_client_rate(
        actor=request.actor,
        client_id=body.client,
        service_id=body.service,
        cost_minor=body.cost,
        starts_on=body.starts_on or today(request),
        now=now(),
    )
    return client_rate_out(rate)


@router.get("/client-rates/{rate_id}", response=ClientRateOut)
def get_client_rate(request: ApiRequest, rate_id: Id) -> dict[str, Any]:
    return client_rate_out(permissions.access_client_rate(request.actor, rate_id))


@router.patch("/client-rates/{rate_id}", response=ClientRateOut)
def update_client_rate(request: ApiRequest, rate_id: Id, body: ClientRateChange) -> dict[str, Any]:
    return client_rate_out(set_rate.change_client_rate(actor=request.actor, rate_id=rate_id, **inner(body.given())))


@router.delete("/client-rates/{rate_id}", response={204: None})
def delete_client_rate(request: ApiRequest, rate_id: Id) -> None:
    set_rate.delete_client_rate(actor=request.actor, rate_id=rate_id)


@router.post("/client-rates/{rate_id}/recover", response=ClientRateOut)
def recover_client_rate(request: ApiRequest, rate_id: Id) -> dict[str, Any]:
    """Bring a removed rate back as it was; open sessions get its price again. 422 where its day has another by now."""
    return client_rate_out(set_rate.recover_client_rate(actor=request.actor, rate_id=rate_id))


# ── practitioners' own wages ──


@router.get("/wage-rates", response=Page[WageRateOut])
def list_wage_rates(request: ApiRequest, filters: Query[WageRateFilter]) -> dict[str, Any]:
    rows = permissions.visible_wage_rates(request.actor)
    rows = rows.filter(
        **chosen(practitioner_id=filters.practitioner, service_id=filters.service, starts_on=filters.starts_on)
    )
    return page_of(rows, filters, order=("-starts_on", "id"), shape=wage_rate_out)


@router.post("/wage-rates", response={201: WageRateOut})
def create_wage_rate(request: ApiRequest, body: WageRateIn) -> dict[str, Any]:
    """A wage of the same practitioner, service and day is replaced. Saved sessions keep their wage."""
    rate = services.set_wage_rate(
        actor=request.actor,
        practitioner_id=body.practitioner,
        service_id=body.service,
        wage_minor=body.wage,
        starts_on=body.starts_on or today(request),
        now=now(),
    )
    return wage_rate_out(rate)


@router.get("/wage-rates/{rate_id}", response=WageRateOut)
def get_wage_rate(request: ApiRequest, rate_id: Id) -> dict[str, Any]:
    return wage_rate_out(permissions.access_wage_rate(request.actor, rate_id))


@router.patch("/wage-rates/{rate_id}", response=WageRateOut)
def update_wage_rate(request: ApiRequest, rate_id: Id, body: WageRateChange) -> dict[str, Any]:
    return wage_rate_out(services.update_wage_rate(actor=request.actor, rate_id=rate_id, **inner(body.given())))


@router.delete("/wage-rates/{rate_id}", response={204: None})
def delete_wage_rate(request: ApiRequest, rate_id: Id) -> None:
    services.delete_wage_rate(actor=request.actor, rate_id=rate_id)


@router.post("/wage-rates/{rate_id}/recover", response=WageRateOut)
def recover_wage_rate(request: ApiRequest, rate_id: Id) -> dict[str, Any]:
    """Bring a removed wage back as it was. 422 where its day has another by now."""
    return wage_rate_out(services.recover_wage_rate(actor=request.actor, rate_id=rate_id))
