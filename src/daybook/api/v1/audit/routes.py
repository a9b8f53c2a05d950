"""`/audit`: who changed what, when, from what to what."""

from datetime import datetime, timedelta
from typing import Annotated, Any, Literal
from uuid import UUID

from django.db.models import Q
from ninja import Query
from pydantic import Field

from daybook.api.fields import Day, FilterId, instant_text
from daybook.api.frame import Router
from daybook.api.paging import Page, Paging, page_of
from daybook.api.requests import ApiRequest
from daybook.api.schemas import OMITTED, Out
from daybook.audit.models import Version
from daybook.core.periods import day_start
from daybook.people.models import User
from daybook.people.permissions import (
    MANAGE_ACCOUNTING,
    MANAGE_ROLE,
    MANAGE_SCHEDULE,
    MANAGE_SETTINGS,
    SEE_CLIENT_INFORMATION,
    SEE_CONTACT_DATA,
    SEE_WAGES,
)
from daybook.tenancy.actor import Actor

router = Router(tags=["History"])

# What the team needs to read the history of one record of a table.
AREAS = {
    "scheduling_session": (MANAGE_SCHEDULE, SEE_WAGES),
    "scheduling_closure": (MANAGE_SCHEDULE,),
    "scheduling_completiontype": (MANAGE_SETTINGS,),
    "catalog_service": (MANAGE_SETTINGS,),
    "catalog_location": (MANAGE_SETTINGS,),
    "payments_payment": (MANAGE_ACCOUNTING,),
    "billing_invoice": (MANAGE_ACCOUNTING,),
}
OPERATIONS = {"I": "created", "U": "changed", "D": "deleted"}


class AuditFilter(Paging):
    """`record` takes the changes of one record and of the rows that belong to it; dates are the business's, both included."""

    record: FilterId = OMITTED
    actor: FilterId = OMITTED
    group: FilterId = OMITTED
    table: Annotated[str, Field(max_length=60)] = OMITTED
    operation: Literal["created", "changed", "deleted"] = OMITTED
    from_: Annotated[Day, Field(alias="from")] = OMITTED
    to: Day = OMITTED


class ChangeOut(Out):
    """One change of one row. `changes` maps a field to [before, after], or to its last value for what was deleted."""

    id: str
    at: datetime
    actor_kind: str
    actor: str | None
    actor_name: str
    verb: str
    group: str | None
    table: str
    record: str
    parent: str | None
    operation: Literal["created", "changed", "deleted"]
    changes: dict[str, Any]


@router.get("/audit", response=Page[ChangeOut])
def list_changes(request: ApiRequest, page: Query[AuditFilter]) -> dict[str, Any]:
    """The history of the business, newest first (administrators); of one `record` for those who may see all of it."""
    _require_reading(request.actor, page.record)
    found = Version.objects.all()
    if page.record:
        found = found.filter(Q(row_id=page.record) | Q(parent_id=page.record))
    if page.actor:
        found = found.filter(actor_id=page.actor)
    if page.group:
        found = found.filter(group=page.group)
    if page.table:
        found = found.filter(table=page.table)
    if page.operation:
        found = found.filter(operation=next(code for code, word in OPERATIONS.items() if word == page.operation))
    zone = request.business.time_zone
    if page.from_:
        found = found.filter(at__gte=day_start(page.from_, zone))
    if page.to:
        found = found.filter(at__lt=day_start(page.to + timedelta(days=1), zone))
    return page_of(found, page, order=["-id"], shape=_shape)


def _require_reading(actor: Actor, record: UUID | None) -> None:
    """Raise unless the actor may read it all, as nothing is left out here."""
    needed = None if actor.is_administrator or record is None else _needed(record)
    if needed is None:
        actor.require_administrator()
        return
    actor.require_team()
    for permission in needed:
        actor.require(permission)


def _needed(record: UUID) -> tuple[str, ...] | None:
    """The permissions to read a record's history; None where it is for administrators alone."""
    table = Version.objects.filter(row_id=record).values_list("table", flat=True).first()
    if table != "people_user":
        return AREAS.get(table or "")
    role = User.objects.with_deleted().filter(pk=record).values_list("role", flat=True).first()
    if role is None or role == "administrator":
        return None
    return MANAGE_ROLE[role], SEE_CLIENT_INFORMATION, SEE_CONTACT_DATA, MANAGE_ACCOUNTING


def _shape(version: Version) -> dict[str, Any]:
    return {
        "id": str(version.pk),
        "at": instant_text(version.at),
        "actor_kind": version.actor_kind,
        "actor": str(version.actor_id) if version.actor_id else None,
        "actor_name": version.actor_name,
        "verb": version.verb,
        "group": str(version.group) if version.group else None,
        "table": version.table,
        "record": str(version.row_id),
        "parent": str(version.parent_id) if version.parent_id else None,
        "operation": OPERATIONS[version.operation],
        "changes": version.changes or {},
    }
