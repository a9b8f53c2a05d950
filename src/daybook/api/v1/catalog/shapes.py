"""Rows of the catalog as they are answered."""

from typing import Any

from daybook.api.fields import amount_text
from daybook.catalog.models import ClientRate, Location, Service, WageRate
from daybook.catalog.permissions import sees_prices, sees_wages
from daybook.tenancy.actor import Actor

# What a field is called inside, where it differs.
INNER_NAMES = {"cost": "cost_minor", "wage": "wage_minor", "concurrent": "is_concurrent"}


def inner(given: dict[str, Any]) -> dict[str, Any]:
    """Given fields by the names that services take."""
    return {INNER_NAMES.get(name, name): value for name, value in given.items()}


def service_out(service: Service, actor: Actor) -> dict[str, Any]:
    return {
        "id": str(service.pk),
        "name": service.name,
        "kind": service.kind,
        "description": service.description,
        "cost": amount_text(service.cost_minor) if sees_prices(actor) else None,
        "wage": amount_text(service.wage_minor) if sees_wages(actor) else None,
        "tax_rate": f"{service.tax_rate:f}".rstrip("0").rstrip(".") if service.tax_rate else "0",
        "minutes": service.minutes,
        "client_bookable": service.client_bookable,
        "concurrent": service.is_concurrent,
        "buffer_before": service.buffer_before,
        "buffer_after": service.buffer_after,
        "visibility": service.visibility,
        "color": service.color,
    }


def location_out(location: Location) -> dict[str, Any]:
    return {
        "id": str(location.pk),
        "name": location.name,
        "address": location.address,
        "online_link": location.online_link,
        "capacity": location.capacity,
        "client_bookable": location.client_bookable,
        "color": location.color,
    }


def client_rate_out(rate: ClientRate) -> dict[str, Any]:
    return {
        "id": str(rate.pk),
        "client": str(rate.client_id),
        "service": str(rate.service_id),
        "cost": amount_text(rate.cost_minor),
        "starts_on": rate.starts_on.isoformat(),
    }


def wage_rate_out(rate: WageRate) -> dict[str, Any]:
    return {
        "id": str(rate.pk),
        "practitioner": str(rate.practitioner_id),
        "service": str(rate.service_id),
        "wage": amount_text(rate.wage_minor),
        "starts_on": rate.starts_on.isoformat(),
    }
