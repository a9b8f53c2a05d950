"""Set, change or remove a client's own rate, and with it the price of that client's open sessions.

Wage rates move nothing until a session is saved, so their services are called as they are.
"""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from daybook.catalog import services
from daybook.catalog.models import ClientRate
from daybook.catalog.permissions import access_client_rate
from daybook.tenancy.actor import Actor
from daybook.tenancy.ground import change_ground
from daybook.workflows.reprice import reprice_open


@transaction.atomic
def set_client_rate(
    *, actor: Actor, client_id: UUID, service_id: UUID, cost_minor: int, starts_on: date, now: datetime
) -> ClientRate:
    """A client's own cost for a service from a day on. Raises NotPermitted, NotFound, InvalidInput."""
    change_ground()
    rate = services.set_client_rate(
        actor=actor, client_id=client_id, service_id=service_id, cost_minor=cost_minor, starts_on=starts_on, now=now
    )
    reprice_open(client_id=rate.client_id, service_id=rate.service_id, from_date=rate.starts_on)
    return rate


@transaction.atomic
def change_client_rate(*, actor: Actor, rate_id: UUID, **changes: Any) -> ClientRate:
    """Change a rate's amount or first day. Raises NotPermitted, NotFound, InvalidInput."""
    change_ground()
    before = access_client_rate(actor, rate_id).starts_on
    rate = services.update_client_rate(actor=actor, rate_id=rate_id, **changes)
    reprice_open(client_id=rate.client_id, service_id=rate.service_id, from_date=min(before, rate.starts_on))
    return rate


@transaction.atomic
def delete_client_rate(*, actor: Actor, rate_id: UUID) -> None:
    """Remove a rate. Raises NotPermitted, NotFound."""
    change_ground()
    rate = services.delete_client_rate(actor=actor, rate_id=rate_id)
    reprice_open(client_id=rate.client_id, service_id=rate.service_id, from_date=rate.starts_on)


@transaction.atomic
def recover_client_rate(*, actor: Actor, rate_id: UUID) -> ClientRate:
    """Bring a removed rate back. Raises NotPermitted, NotFound, InvalidInput where its day has another by now."""
    change_ground()
    rate = services.recover_client_rate(actor=actor, rate_id=rate_id)
    reprice_open(client_id=rate.client_id, service_id=rate.service_id, from_date=rate.starts_on)
    return rate
