"""Reading history back: the versions of one record, newest first, ready for its History tab."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from daybook.audit.models import Version


@dataclass(frozen=True, slots=True)
class Change:
    """One verb's effect on a record: who, when, and per table what went from what to what."""

    at: datetime
    actor_kind: str
    actor_id: UUID | None
    actor_name: str
    verb: str
    group: UUID | None
    versions: tuple[Version, ...]


def history_of(
    row_id: UUID, *, also: Iterable[UUID] = (), limit: int = 50, before_id: int | None = None
) -> list[Change]:
    """Changes of a record and of the rows that belong to it, newest first; versions of one verb stand together.

    `also` are rows that belong to it without saying so; `before_id` pages on: the id of the last version shown.
    """
    found = Version.objects.filter(Q(row_id__in=[row_id, *also]) | Q(parent_id=row_id))
    if before_id is not None:
        found = found.filter(id__lt=before_id)
    changes: list[list[Version]] = []
    for version in found.order_by("-id")[:limit]:
        if changes and changes[-1][0].group == version.group and version.group is not None:
            changes[-1].append(version)
        else:
            changes.append([version])
    return [_as_change(versions) for versions in changes]


def deletions(table: str, *, parent_id: UUID | None = None, limit: int = 50) -> list[Version]:
    """What was deleted from a table (of one parent), newest first. A row that came back and went again is there twice."""
    found = Version.objects.filter(table=table, operation=Version.Operation.DELETE)
    if parent_id is not None:
        found = found.filter(parent_id=parent_id)
    return list(found.order_by("-id")[:limit])


def last_values(table: str, row_id: UUID) -> dict[str, Any] | None:
    """What a row held when it was deleted last, by column; None where it never was. Dates are ISO texts."""
    found = Version.objects.filter(table=table, operation=Version.Operation.DELETE, row_id=row_id)
    version = found.order_by("-id").first()
    return version.changes if version else None


def _as_change(versions: list[Version]) -> Change:
    first = versions[0]
    return Change(
        first.at, first.actor_kind, first.actor_id, first.actor_name, first.verb, first.group, tuple(versions)
    )


def differences(version: Version) -> list[tuple[str, Any, Any]]:
    """(column, before, after) of one version, by column name; an insertion and a deletion have none."""
    if version.operation != Version.Operation.UPDATE:
        return []
    return [(column, pair[0], pair[1]) for column, pair in sorted((version.changes or {}).items())]


def business_record_id(business_id: int) -> UUID:
    """The id under which the history of a business's own entry in the directory stands."""
    return UUID(f"00000000-0000-7000-8000-{business_id:012x}")
