"""Change a service, and with it the price of its open sessions; delete one that nothing open is booked on."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from daybook.catalog import services
from daybook.catalog.errors import InUse
from daybook.catalog.models import Location, Service
from daybook.catalog.permissions import access_location, access_service
from daybook.scheduling.models import Session
from daybook.tenancy.actor import Actor
from daybook.tenancy.ground import change_ground
from daybook.workflows.reprice import reprice_open
from daybook.workflows.retake_time import retake_time

# What a session's price follows from.
PRICING = ("kind", "cost_minor", "tax_rate")
# Whose time its sessions take, and how much of it.
TIMING = ("is_concurrent", "buffer_before", "buffer_after")


@transaction.atomic
def change_service(*, actor: Actor, service_id: UUID, now: datetime, **changes: Any) -> Service:
    """Change what is given. Saved sessions keep their price, open ones get the new one; those to come take their time anew.

    Raises NotFound, NotPermitted, InvalidInput, NameTaken, WouldOverlap.
    """
    change_ground()
    before = access_service(actor, service_id)
    service = services.update_service(actor=actor, service_id=service_id, **changes)
    if any(getattr(before, field) != getattr(service, field) for field in PRICING):
        reprice_open(service_id=service.pk)
    if any(getattr(before, field) != getattr(service, field) for field in TIMING):
        retake_time(actor=actor, now=now, service_id=service.pk)
    return service


@transaction.atomic
def change_location(*, actor: Actor, location_id: UUID, now: datetime, **changes: Any) -> Location:
    """Change what is given. Where it becomes an exclusive room, or is one no more, sessions to come take its time anew.

    Raises NotFound, NotPermitted, InvalidInput, NameTaken, WouldOverlap.
    """
    change_ground()
    was_exclusive = access_location(actor, location_id).capacity == 1
    location = services.update_location(actor=actor, location_id=location_id, **changes)
    if was_exclusive is not (location.capacity == 1):
        retake_time(actor=actor, now=now, location_id=location.pk)
    return location


@transaction.atomic
def delete_service(*, actor: Actor, service_id: UUID, now: datetime) -> None:
    """Put a service in the bin. Raises NotFound, NotPermitted, InUse while open sessions are booked on it."""
    change_ground()
    services.delete_service(actor=actor, service_id=access_service(actor, service_id).pk, now=now)
    _refuse_used(Session.objects.filter(service_id=service_id, status="open").count())


@transaction.atomic
def delete_location(*, actor: Actor, location_id: UUID, now: datetime) -> None:
    """Put a location in the bin. Raises NotFound, NotPermitted, InUse while open sessions are booked on it."""
    change_ground()
    services.delete_location(actor=actor, location_id=access_location(actor, location_id).pk, now=now)
    _refuse_used(Session.objects.filter(location_id=location_id, status="open").count())


def _refuse_used(sessions: int) -> None:
    if sessions:
        raise InUse(sessions=sessions)
