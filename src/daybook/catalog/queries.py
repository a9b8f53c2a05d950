"""Reading prices: people's own rates, and the services and locations to choose from."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import QuerySet
from django.db.models.functions import Lower

from daybook.catalog.models import ClientRate, Location, Service, WageRate
from daybook.catalog.rules import DatedRate, rate_on


def rates_for(client_ids: Iterable[UUID], service_id: UUID) -> dict[UUID, tuple[DatedRate, ...]]:
    """Each client's own rates for a service, oldest first; clients without any are left out (one query)."""
    rows = ClientRate.objects.filter(client_id__in=list(client_ids), service_id=service_id).order_by("starts_on")
    found: dict[UUID, list[DatedRate]] = defaultdict(list)
    for client_id, cost, starts_on in rows.values_list("client_id", "cost_minor", "starts_on"):
        found[client_id].append(DatedRate(cost, starts_on))
    return {client_id: tuple(rates) for client_id, rates in found.items()}


def wage_rates_for(practitioner_id: UUID, service_id: UUID) -> tuple[DatedRate, ...]:
    """A practitioner's own wages for a service, oldest first (one query)."""
    rows = WageRate.objects.filter(practitioner_id=practitioner_id, service_id=service_id).order_by("starts_on")
    return tuple(DatedRate(wage, starts_on) for wage, starts_on in rows.values_list("wage_minor", "starts_on"))


def services_by_name() -> QuerySet[Service]:
    """All services that are not in the bin, by name."""
    return Service.objects.order_by(Lower("name"), "id")


def locations_by_name() -> QuerySet[Location]:
    """All locations that are not in the bin, by name."""
    return Location.objects.order_by(Lower("name"), "id")


@dataclass(frozen=True, slots=True)
class ServiceRates:
    """One person's rates for one service: what holds today, and every one with its id, newest first."""

    service: Service
    current: DatedRate | None
    rows: tuple[ClientRate | WageRate, ...]


def rates_of_client(client_id: UUID, *, today: date) -> list[ServiceRates]:
    """Every service with the client's own rates for it, by the service's name (two queries)."""
    return _by_service(list(ClientRate.objects.filter(client_id=client_id).order_by("-starts_on")), "cost_minor", today)


def rates_of_practitioner(practitioner_id: UUID, *, today: date) -> list[ServiceRates]:
    """Every service with the practitioner's own wages for it, by the service's name (two queries)."""
    return _by_service(
        list(WageRate.objects.filter(practitioner_id=practitioner_id).order_by("-starts_on")), "wage_minor", today
    )


def _by_service(rows: list, amount: str, today: date) -> list[ServiceRates]:
    grouped: dict[UUID, list] = defaultdict(list)
    for row in rows:
        grouped[row.service_id].append(row)
    result = []
    for service in services_by_name():
        own = grouped.get(service.pk, [])
        current = rate_on(today, tuple(DatedRate(getattr(row, amount), row.starts_on) for row in own))
        result.append(ServiceRates(service, current, tuple(own)))
    return result
