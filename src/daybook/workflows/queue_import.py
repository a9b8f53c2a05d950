"""Take a file in, or back, now when it is short, or by a job when it is long."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.db import IntegrityError, transaction

from daybook.core.errors import DomainError
from daybook.imports.errors import ImportNotReady
from daybook.imports.models import Import, ImportFile, ImportProgress
from daybook.imports.permissions import access_import
from daybook.imports.services import SideProgress, require_open
from daybook.people.actors import actor_of
from daybook.people.models import User
from daybook.tenancy.actor import COMMAND, Actor
from daybook.tenancy.background import defer_here
from daybook.tenancy.scope import set_verb
from daybook.workflows.run_import import run_import
from daybook.workflows.undo_import import undo_import

AT_ONCE_BYTES = 120_000
AT_ONCE_RECORDS = 300
TASK = "imports.run"
UNDO_TASK = "imports.undo"


@transaction.atomic
def queue_import(*, actor: Actor, now: datetime, import_id: object) -> Import:
    """Have a job take the file in; its state tells how that goes. Raises NotFound, NotPermitted, ImportNotReady."""
    batch = access_import(actor, import_id, lock=True)
    require_open(batch)
    batch.state = Import.State.QUEUED
    batch.save(update_fields=["state"])
    defer_here(TASK, import_id=batch.pk)
    return batch


def take_in(*, actor: Actor, now: datetime, import_id: object) -> Import:
    """Take the file in at once where that takes a moment, otherwise by a job. Raises as `run_import`."""
    batch = access_import(actor, import_id)
    if batch.file_size > AT_ONCE_BYTES:
        return queue_import(actor=actor, now=now, import_id=import_id)
    return run_import(actor=actor, now=now, import_id=import_id).batch


def run_queued(*, import_id: str, clock: Callable[[], datetime]) -> None:
    """What the job does: as whoever asked for it. A refusal of the whole file is kept with the import."""
    now = clock()
    batch = Import.objects.filter(pk=import_id, state=Import.State.QUEUED).first()
    if batch is None:
        return
    user = User.objects.filter(pk=batch.created_by).first() if batch.created_by else None
    actor = actor_of(user) if user else COMMAND
    progress = SideProgress(batch)
    try:
        with transaction.atomic():
            run_import(actor=actor, now=now, import_id=batch.pk, progress=progress)
        Import.objects.filter(pk=batch.pk).update(finished_at=clock())
    except DomainError as refusal:
        _fail(batch, {"code": refusal.code, "data": _plain(refusal.data)}, now)
    except IntegrityError:
        _fail(batch, {"code": "import_clash", "data": {}}, now)
    finally:
        progress.close()


def take_back(*, actor: Actor, now: datetime, import_id: object) -> Import:
    """Undo an import at once where that takes a moment, otherwise by a job. Raises as `undo_import`."""
    batch = access_import(actor, import_id)
    if sum(batch.made.values()) > AT_ONCE_RECORDS:
        return queue_undo(actor=actor, now=now, import_id=import_id)
    return undo_import(actor=actor, now=now, import_id=import_id).batch


@transaction.atomic
def queue_undo(*, actor: Actor, now: datetime, import_id: object) -> Import:
    """Have a job take an import back; its state tells how that goes. Raises NotFound, NotPermitted, ImportNotReady."""
    batch = access_import(actor, import_id, lock=True)
    if batch.state != Import.State.DONE:
        raise ImportNotReady(state=batch.state)
    set_verb("undo_import")
    batch.state, batch.failure = Import.State.UNDOING, None
    batch.save(update_fields=["state", "failure"])
    ImportProgress.objects.filter(batch=batch).update(phase="waiting", done=0, total=0)
    defer_here(UNDO_TASK, import_id=batch.pk, user_id=actor.user_id)
    return batch


def undo_queued(*, import_id: str, user_id: str | None, clock: Callable[[], datetime]) -> None:
    """What the job does: as whoever asked for it. What cannot be undone stays, with the reasons kept with the import."""
    batch = Import.objects.filter(pk=import_id, state=Import.State.UNDOING).first()
    if batch is None:
        return
    user = User.objects.filter(pk=user_id).first() if user_id else None
    progress = SideProgress(batch)
    try:
        with transaction.atomic():
            actor = actor_of(user) if user else COMMAND
            undo_import(actor=actor, now=clock(), import_id=batch.pk, progress=progress, is_queued=True)
    except DomainError as refusal:
        batch.state, batch.failure = Import.State.DONE, {"code": refusal.code, "data": _plain(refusal.data)}
        batch.save(update_fields=["state", "failure"])
    finally:
        progress.close()


def _fail(batch: Import, failure: dict[str, object], now: datetime) -> None:
    batch.state, batch.failure, batch.finished_at = Import.State.FAILED, failure, now
    batch.save(update_fields=["state", "failure", "finished_at"])


def _plain(data: dict[str, object]) -> dict[str, object]:
    return {key: value if isinstance(value, str | int | list | dict) else str(value) for key, value in data.items()}


def forget_files(*, before: datetime) -> None:
    """Files that nobody took in are not kept for ever."""
    ImportFile.objects.filter(batch__created_at__lt=before).delete()
