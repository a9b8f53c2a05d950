"""Who may see and set what is sold and its prices."""

from typing import TypeVar
from uuid import UUID

from django.db.models import Model, QuerySet

from daybook.catalog.models import ClientRate, Location, Service, WageRate
from daybook.core.errors import NotFound
from daybook.people.permissions import MANAGE_ACCOUNTING, MANAGE_SETTINGS, SEE_WAGES, hides_costs, visible_people
from daybook.tenancy.actor import Actor

Row = TypeVar("Row", bound=Model)

MANAGE_CATALOG = MANAGE_SETTINGS
MANAGE_RATES = MANAGE_ACCOUNTING


def visible_services(actor: Actor) -> QuerySet[Service]:
    """Services that the actor may know of: the team and practitioners all, clients and agents those shown to all."""
    services = Service.objects.all()
    if actor.is_team or actor.role == "practitioner":
        return services
    return services.filter(visibility=Service.Visibility.ALL) if actor.role else services.none()


def visible_locations(actor: Actor) -> QuerySet[Location]:
    """Locations are no secret to anybody who may sign in."""
    return Location.objects.all() if actor.is_team or actor.role else Location.objects.none()


def deleted_services(actor: Actor) -> QuerySet[Service]:
    """Services in the bin, for those who may take them out again. Raises NotPermitted."""
    actor.require(MANAGE_CATALOG)
    return Service.objects.with_deleted().filter(deleted_at__isnull=False)


def deleted_locations(actor: Actor) -> QuerySet[Location]:
    """Locations in the bin, for those who may take them out again. Raises NotPermitted."""
    actor.require(MANAGE_CATALOG)
    return Location.objects.with_deleted().filter(deleted_at__isnull=False)


def sees_prices(actor: Actor) -> bool:
    """Whether services show their client cost: to the team, and to clients and agents unless costs are hidden."""
    return actor.is_team or (actor.role in ("client", "agent") and not hides_costs(actor))


def sees_wages(actor: Actor) -> bool:
    """Whether services show their wage: to the team and to practitioners that may see their own."""
    return actor.may(SEE_WAGES) and (actor.is_team or actor.role == "practitioner")


def visible_client_rates(actor: Actor) -> QuerySet[ClientRate]:
    """The team's accountants see all; a client its own, an agent its clients', both unless costs are hidden."""
    rates = ClientRate.objects.filter(service__deleted_at__isnull=True)
    if actor.is_team:
        actor.require(MANAGE_RATES)
        return rates
    if actor.role not in ("client", "agent") or hides_costs(actor):
        return rates.none()
    return rates.filter(client__in=visible_people(actor, "client"))


def visible_wage_rates(actor: Actor) -> QuerySet[WageRate]:
    """The team's accountants see all; a practitioner its own, where it may see wages."""
    rates = WageRate.objects.filter(service__deleted_at__isnull=True)
    if actor.is_team:
        actor.require(MANAGE_RATES)
        return rates
    return rates.filter(practitioner_id=actor.user_id) if sees_wages(actor) else rates.none()


def access_service(actor: Actor, service_id: UUID, *, lock: bool = False, field: str | None = None) -> Service:
    """Raises NotFound, on the input `field` that named it, if one did."""
    found: Service = _one(visible_services(actor), service_id, "service", lock, field)
    return found


def access_location(actor: Actor, location_id: UUID, *, lock: bool = False) -> Location:
    """Raises NotFound."""
    found: Location = _one(visible_locations(actor), location_id, "location", lock)
    return found


def access_client_rate(actor: Actor, rate_id: UUID, *, lock: bool = False) -> ClientRate:
    """Raises NotFound."""
    found: ClientRate = _one(visible_client_rates(actor), rate_id, "client_rate", lock)
    return found


def access_wage_rate(actor: Actor, rate_id: UUID, *, lock: bool = False) -> WageRate:
    """Raises NotFound."""
    found: WageRate = _one(visible_wage_rates(actor), rate_id, "wage_rate", lock)
    return found


def _one(rows: QuerySet[Row], row_id: UUID, what: str, lock: bool, field: str | None = None) -> Row:
    # Not a full lock: sessions being added hold the row's key, and would wait for one another.
    found: Row | None = (rows.select_for_update(of=("self",), no_key=True) if lock else rows).filter(pk=row_id).first()
    if found is None:
        raise NotFound(what=what, field=field)
    return found
