"""Completion types: how sessions are saved (requirements 4.6). What was saved by one never changes."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from daybook.core.errors import InvalidInput, NotFound
from daybook.scheduling.errors import DefaultTypeStays, LastCompletionType
from daybook.scheduling.models import CompletionType
from daybook.scheduling.rules.settings import check_completion_type
from daybook.tenancy.actor import Actor
from daybook.tenancy.scope import set_verb


@transaction.atomic
def create_completion_type(*, actor: Actor, **fields: Any) -> CompletionType:
    """A new way to save sessions. Raises NotPermitted, InvalidInput."""
    actor.require("manage_settings")
    set_verb("create_completion_type")
    values = check_completion_type({"label": "", "status": None} | fields)
    return _save(CompletionType(**values))


@transaction.atomic
def update_completion_type(*, actor: Actor, type_id: UUID, **changes: Any) -> CompletionType:
    """Change a completion type, or switch it off. Raises NotPermitted, NotFound, InvalidInput, LastCompletionType."""
    actor.require("manage_settings")
    set_verb("change_completion_type")
    row = _locked(type_id)
    values = check_completion_type(changes)
    if row.is_default and values.get("status", row.status) != row.status:
        raise DefaultTypeStays(field="status", label=row.label)
    for name, value in values.items():
        setattr(row, name, value)
    if not row.is_enabled:
        _check_another(row)
    return _save(row)


@transaction.atomic
def delete_completion_type(*, actor: Actor, type_id: UUID, now: datetime) -> None:
    """Take a completion type off the offer. Raises NotPermitted, NotFound, DefaultTypeStays, LastCompletionType."""
    actor.require("manage_settings")
    set_verb("delete_completion_type")
    row = _locked(type_id)
    if row.is_default:
        raise DefaultTypeStays(label=row.label)
    _check_another(row)
    row.deleted_at, row.deleted_by = now, actor.user_id
    row.save(update_fields=["deleted_at", "deleted_by"])


def _locked(type_id: UUID) -> CompletionType:
    """The type, with all the others locked too: the last one that is on must stay on."""
    rows = {row.pk: row for row in CompletionType.objects.order_by("id").select_for_update()}
    if type_id not in rows:
        raise NotFound(what="completion type")
    return rows[type_id]


def _check_another(row: CompletionType) -> None:
    if not CompletionType.objects.filter(is_enabled=True).exclude(pk=row.pk).exists():
        raise LastCompletionType(field="enabled")


def _save(row: CompletionType) -> CompletionType:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise InvalidInput(field="label", problem="taken", label=row.label) from error
    return row
