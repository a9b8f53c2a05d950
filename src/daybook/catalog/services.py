"""Writing what is sold and for how much. Open sessions get their new price by the workflows that call these."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from daybook.audit.queries import last_values
from daybook.catalog.errors import NameTaken
from daybook.catalog.models import ClientRate, Location, Service, WageRate
from daybook.catalog.permissions import (
    MANAGE_CATALOG,
    MANAGE_RATES,
    access_client_rate,
    access_location,
    access_service,
    access_wage_rate,
)
from daybook.catalog.rules import CLIENT_RATE, LOCATION, SERVICE, WAGE_RATE, clean
from daybook.core.errors import InvalidInput, NotFound
from daybook.core.ids import new_id
from daybook.people.permissions import access_user
from daybook.tenancy.actor import Actor
from daybook.tenancy.ground import change_ground
from daybook.tenancy.scope import set_verb


def create_service(*, actor: Actor, **fields: Any) -> Service:
    """Add a service; amounts are minor units. Raises NotPermitted, InvalidInput, NameTaken."""
    actor.require(MANAGE_CATALOG)
    set_verb("add_service")
    return _save(Service(id=new_id(), **_needing_name(clean(SERVICE, fields))))


def add_services(*, actor: Actor, rows: Sequence[tuple[UUID, Mapping[str, Any]]]) -> None:
    """Add many services under the given ids, their fields cleaned beforehand. Raises NotPermitted."""
    _add_many(Service, actor, rows, "add_service")


def add_locations(*, actor: Actor, rows: Sequence[tuple[UUID, Mapping[str, Any]]]) -> None:
    """Add many locations under the given ids, their fields cleaned beforehand. Raises NotPermitted."""
    _add_many(Location, actor, rows, "add_location")


def update_service(*, actor: Actor, service_id: UUID, **changes: Any) -> Service:
    """Change what is given; sessions that are saved keep their price. Raises NotFound and as `create_service`."""
    actor.require(MANAGE_CATALOG)
    service = access_service(actor, service_id, lock=True)
    set_verb("change_service")
    return _change(service, clean(SERVICE, changes))


def delete_service(*, actor: Actor, service_id: UUID, now: datetime) -> None:
    """Put a service in the bin. Raises NotFound, NotPermitted."""
    actor.require(MANAGE_CATALOG)
    set_verb("delete_service")
    _bin(access_service(actor, service_id, lock=True), actor, now)


def recover_service(*, actor: Actor, service_id: UUID) -> Service:
    """Take a service out of the bin. Raises NotFound, NotPermitted, NameTaken."""
    actor.require(MANAGE_CATALOG)
    set_verb("recover_service")
    return _recover(Service, service_id)


def create_location(*, actor: Actor, **fields: Any) -> Location:
    """Add a location. Raises NotPermitted, InvalidInput, NameTaken."""
    actor.require(MANAGE_CATALOG)
    set_verb("add_location")
    return _save(Location(id=new_id(), **_needing_name(clean(LOCATION, fields))))


def update_location(*, actor: Actor, location_id: UUID, **changes: Any) -> Location:
    """Change what is given. Raises NotFound and as `create_location`."""
    actor.require(MANAGE_CATALOG)
    location = access_location(actor, location_id, lock=True)
    set_verb("change_location")
    return _change(location, clean(LOCATION, changes))


def delete_location(*, actor: Actor, location_id: UUID, now: datetime) -> None:
    """Put a location in the bin. Raises NotFound, NotPermitted."""
    actor.require(MANAGE_CATALOG)
    set_verb("delete_location")
    _bin(access_location(actor, location_id, lock=True), actor, now)


def recover_location(*, actor: Actor, location_id: UUID) -> Location:
    """Take a location out of the bin. Raises NotFound, NotPermitted, NameTaken."""
    actor.require(MANAGE_CATALOG)
    set_verb("recover_location")
    return _recover(Location, location_id)


def set_client_rate(
    *, actor: Actor, client_id: UUID, service_id: UUID, cost_minor: int, starts_on: date, now: datetime
) -> ClientRate:
    """A client's own cost for a service from a day on; one of the same day is replaced.

    Raises NotPermitted, NotFound, InvalidInput.
    """
    actor.require(MANAGE_RATES)
    values = clean(CLIENT_RATE, {"cost_minor": cost_minor, "starts_on": starts_on})
    access_user(actor, client_id, role="client", through=MANAGE_RATES, field="client")
    access_service(actor, service_id, field="service")
    set_verb("set_client_rate")
    rate, _ = ClientRate.objects.update_or_create(
        client_id=client_id,
        service_id=service_id,
        starts_on=values["starts_on"],
        defaults={"cost_minor": values["cost_minor"]},
    )
    return rate


def update_client_rate(*, actor: Actor, rate_id: UUID, **changes: Any) -> ClientRate:
    """Change a rate's amount or first day. Raises NotPermitted, NotFound, InvalidInput."""
    actor.require(MANAGE_RATES)
    rate = access_client_rate(actor, rate_id, lock=True)
    set_verb("set_client_rate")
    return _change(rate, clean(CLIENT_RATE, changes))


def delete_client_rate(*, actor: Actor, rate_id: UUID) -> ClientRate:
    """Remove a rate; the one before it, or the service's cost, holds again. Answers what it was."""
    actor.require(MANAGE_RATES)
    rate = access_client_rate(actor, rate_id, lock=True)
    set_verb("delete_client_rate")
    ClientRate.objects.filter(pk=rate.pk).delete()
    return rate


def recover_client_rate(*, actor: Actor, rate_id: UUID) -> ClientRate:
    """Bring a removed rate back as it was. Raises NotPermitted, NotFound, InvalidInput where its day has another by now."""
    actor.require(MANAGE_RATES)
    set_verb("recover_client_rate")
    values = _removed(ClientRate, rate_id)
    access_user(actor, values["client_id"], role="client", through=MANAGE_RATES, field="client")
    rate: ClientRate = _save(ClientRate(**values))
    return rate


def set_wage_rate(
    *, actor: Actor, practitioner_id: UUID, service_id: UUID, wage_minor: int, starts_on: date, now: datetime
) -> WageRate:
    """A practitioner's own wage for a service from a day on; one of the same day is replaced.

    Raises NotPermitted, NotFound, InvalidInput.
    """
    actor.require(MANAGE_RATES)
    values = clean(WAGE_RATE, {"wage_minor": wage_minor, "starts_on": starts_on})
    access_user(actor, practitioner_id, role="practitioner", through=MANAGE_RATES, field="practitioner")
    access_service(actor, service_id, field="service")
    set_verb("set_wage_rate")
    rate, _ = WageRate.objects.update_or_create(
        practitioner_id=practitioner_id,
        service_id=service_id,
        starts_on=values["starts_on"],
        defaults={"wage_minor": values["wage_minor"]},
    )
    return rate


def update_wage_rate(*, actor: Actor, rate_id: UUID, **changes: Any) -> WageRate:
    """Change a wage's amount or first day. Raises NotPermitted, NotFound, InvalidInput."""
    actor.require(MANAGE_RATES)
    rate = access_wage_rate(actor, rate_id, lock=True)
    set_verb("set_wage_rate")
    return _change(rate, clean(WAGE_RATE, changes))


def delete_wage_rate(*, actor: Actor, rate_id: UUID) -> WageRate:
    """Remove a wage; the one before it, or the service's, holds again. Answers what it was."""
    actor.require(MANAGE_RATES)
    rate = access_wage_rate(actor, rate_id, lock=True)
    set_verb("delete_wage_rate")
    WageRate.objects.filter(pk=rate.pk).delete()
    return rate


def recover_wage_rate(*, actor: Actor, rate_id: UUID) -> WageRate:
    """Bring a removed wage back as it was. Raises NotPermitted, NotFound, InvalidInput where its day has another by now."""
    actor.require(MANAGE_RATES)
    set_verb("recover_wage_rate")
    values = _removed(WageRate, rate_id)
    access_user(actor, values["practitioner_id"], role="practitioner", through=MANAGE_RATES, field="practitioner")
    rate: WageRate = _save(WageRate(**values))
    return rate


def _removed(model: type[ClientRate] | type[WageRate], rate_id: UUID) -> dict[str, Any]:
    """The columns of a removed rate, from its history. Raises NotFound, also where its service is in the bin."""
    change_ground()  # two who bring the same one back: the second finds it there
    values = None if model.objects.filter(pk=rate_id).exists() else last_values(model._meta.db_table, rate_id)
    if values is None:
        raise NotFound(what=model._meta.model_name)
    if not Service.objects.filter(pk=values["service_id"]).exists():
        raise NotFound(what="service", field="service")
    return values | {"starts_on": date.fromisoformat(values["starts_on"])}


def _add_many(
    model: type[Service] | type[Location], actor: Actor, rows: Sequence[tuple[UUID, Mapping[str, Any]]], verb: str
) -> None:
    if not rows:
        return
    actor.require(MANAGE_CATALOG)
    set_verb(verb)
    model.objects.bulk_create([model(id=row_id, **values) for row_id, values in rows], batch_size=1000)


def _needing_name(values: dict[str, Any]) -> dict[str, Any]:
    if "name" not in values:
        raise InvalidInput(field="name", problem="required")
    return values


def _change(row: Any, values: dict[str, Any]) -> Any:
    changed = [field for field, value in values.items() if getattr(row, field) != value]
    for field in changed:
        setattr(row, field, values[field])
    return _save(row, update_fields=changed) if changed else row


def _save(row: Any, **options: Any) -> Any:
    """Write a row; a name (or a rate's day) that is taken is the only thing that the tables can still refuse."""
    try:
        with transaction.atomic():
            row.save(**options, **({} if options else {"force_insert": True}))
    except IntegrityError as error:
        if "_name_once" in str(error):
            raise NameTaken(field="name", name=row.name) from None
        if "rate_a_day" in str(error):
            raise InvalidInput(field="starts_on", problem="taken") from None
        raise
    return row


def _bin(row: Service | Location, actor: Actor, now: datetime) -> None:
    row.deleted_at, row.deleted_by = now, actor.user_id
    row.save(update_fields=["deleted_at", "deleted_by"])


def _recover(model: type[Service] | type[Location], row_id: UUID) -> Any:
    row = model.objects.with_deleted().select_for_update().filter(pk=row_id, deleted_at__isnull=False).first()
    if row is None:
        raise NotFound(what=model._meta.model_name)
    row.deleted_at = row.deleted_by = None
    return _save(row, update_fields=["deleted_at", "deleted_by"])
