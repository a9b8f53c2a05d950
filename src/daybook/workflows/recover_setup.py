"""Bring back what was removed from the settings of the calendar: a closure from its history, a completion type from the bin."""

from datetime import date
from uuid import UUID

from django.db import IntegrityError, transaction

from daybook.audit.queries import last_values
from daybook.catalog.models import Location
from daybook.core.errors import InvalidInput, NotFound
from daybook.people.permissions import MANAGE_SCHEDULE, MANAGE_SETTINGS
from daybook.scheduling.models import Closure, CompletionType
from daybook.tenancy.actor import Actor
from daybook.tenancy.ground import change_ground
from daybook.tenancy.scope import set_verb


@transaction.atomic
def recover_closure(*, actor: Actor, closure_id: UUID) -> Closure:
    """Close again, as it was. Raises NotPermitted, NotFound, also where its location is in the bin."""
    actor.require(MANAGE_SCHEDULE)
    set_verb("recover_closure")
    change_ground()  # two who bring the same one back: the second finds it there
    is_there = Closure.objects.filter(pk=closure_id).exists()
    values = None if is_there else last_values(Closure._meta.db_table, closure_id)
    if values is None:
        raise NotFound(what="closure")
    if values["location_id"] and not Location.objects.filter(pk=values["location_id"]).exists():
        raise NotFound(what="location", field="location")
    days = {name: date.fromisoformat(values[name]) for name in ("starts_on", "ends_on")}
    row = Closure(**(values | days))
    row.save(force_insert=True)
    return row


@transaction.atomic
def recover_completion_type(*, actor: Actor, type_id: UUID) -> CompletionType:
    """Offer a removed completion type again. Raises NotPermitted, NotFound, InvalidInput where its label is taken."""
    actor.require(MANAGE_SETTINGS)
    set_verb("recover_completion_type")
    bin_of = CompletionType.objects.with_deleted().filter(deleted_at__isnull=False)
    row: CompletionType | None = bin_of.select_for_update().filter(pk=type_id).first()
    if row is None:
        raise NotFound(what="completion type")
    row.deleted_at = row.deleted_by = None
    try:
        with transaction.atomic():
            row.save(update_fields=["deleted_at", "deleted_by"])
    except IntegrityError as error:
        raise InvalidInput(field="label", problem="taken", label=row.label) from error
    return row
