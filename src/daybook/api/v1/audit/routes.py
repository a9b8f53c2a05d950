"""`/audit`: who changed what, when, from what to what."""

from datetime import datetime, timedelta
from typing import Annotated, Any, Literal

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

router = Router(tags=["History"])

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
    """The history of the business, newest first (administrators)."""
    request.actor.require_administrator()
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
