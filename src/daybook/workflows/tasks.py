"""Jobs of verbs that touch more than one room."""

from datetime import timedelta

from django.utils.timezone import now

from daybook.tenancy.background import each_business, tenant_task
from daybook.workflows import queue_import

KEPT_DAYS = 14


@tenant_task(queue_import.TASK)
def run_import(import_id: str) -> None:
    """Take a long file in."""
    queue_import.run_queued(import_id=import_id, clock=now)


@tenant_task(queue_import.UNDO_TASK)
def undo_import(import_id: str, user_id: str | None = None) -> None:
    """Take a long import back."""
    queue_import.undo_queued(import_id=import_id, user_id=user_id, clock=now)


@each_business("imports.forget_files", cron="41 3 * * *")
def forget_files() -> None:
    """Uploaded files that were not taken in within two weeks are deleted."""
    queue_import.forget_files(before=now() - timedelta(days=KEPT_DAYS))
