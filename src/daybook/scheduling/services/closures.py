"""Days off (requirements 4.12). Sessions on them stay, and are marked."""

from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction

from daybook.catalog.models import Location
from daybook.core.errors import NotFound
from daybook.scheduling.models import Closure
from daybook.scheduling.rules.settings import check_closure
from daybook.tenancy.actor import Actor
from daybook.tenancy.scope import set_verb


@transaction.atomic
def create_closure(
    *, actor: Actor, name: str, starts_on: date, ends_on: date | None = None, location_id: UUID | None = None
) -> Closure:
    """Close the business, or one location, from a day to a day, both included. Raises NotPermitted, InvalidInput, NotFound."""
    actor.require("manage_schedule")
    set_verb("create_closure")
    check_closure(name, starts_on, ends_on or starts_on)
    _check_location(location_id)
    return Closure.objects.create(
        name=name.strip(), starts_on=starts_on, ends_on=ends_on or starts_on, location_id=location_id
    )


@transaction.atomic
def update_closure(*, actor: Actor, closure_id: UUID, **changes: Any) -> Closure:
    """Change name, starts_on, ends_on, location_id. Raises NotPermitted, NotFound, InvalidInput."""
    actor.require("manage_schedule")
    set_verb("change_closure")
    row = access_closure(closure_id, lock=True)
    for name in ("name", "starts_on", "ends_on", "location_id"):
        if name in changes:
            setattr(row, name, changes[name])
    check_closure(row.name, row.starts_on, row.ends_on)
    if "location_id" in changes:
        _check_location(row.location_id)
    row.name = row.name.strip()
    row.save()
    return row


@transaction.atomic
def delete_closure(*, actor: Actor, closure_id: UUID) -> None:
    """Open again. Raises NotPermitted, NotFound."""
    actor.require("manage_schedule")
    set_verb("delete_closure")
    access_closure(closure_id, lock=True).delete()


def access_closure(closure_id: UUID, *, lock: bool = False) -> Closure:
    """A closure; everybody of the business may know of it. Raises NotFound."""
    rows = Closure.objects.select_for_update() if lock else Closure.objects.all()
    row: Closure | None = rows.filter(pk=closure_id).first()
    if row is None:
        raise NotFound(what="closure")
    return row


def _check_location(location_id: UUID | None) -> None:
    if location_id and not Location.objects.filter(pk=location_id).exists():
        raise NotFound(field="location", what="location")
