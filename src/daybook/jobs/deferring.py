"""Asking for background work, by name."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

Id = int | str | UUID | None


def defer(name: str, *, at: datetime | None = None, lock: str | None = None, **ids: Id) -> None:
    """Have the task `name` run once the caller's transaction has committed, not before the instant `at` if given.

    Jobs of one `lock` run one after another. Arguments are ids; the task reads the rest itself when it runs.
    """
    _job(name, schedule_at=at, lock=lock).defer(**_plain(ids))


def defer_once(name: str, *, key: str, at: datetime | None = None, **ids: Id) -> bool:
    """As `defer`, unless a job of the same task and `key` is waiting already. Tells whether a job was added."""
    try:
        with transaction.atomic():  # a refused row would otherwise end the caller's transaction
            _job(name, schedule_at=at, queueing_lock=f"{name}:{key}").defer(**_plain(ids))
    except AlreadyEnqueued:
        return False
    return True


def _job(name: str, **options: Any) -> Any:
    return app.configure_task(name, **{key: value for key, value in options.items() if value is not None})


def _plain(ids: dict[str, Id]) -> dict[str, int | str | None]:
    return {name: str(value) if isinstance(value, UUID) else value for name, value in ids.items()}
