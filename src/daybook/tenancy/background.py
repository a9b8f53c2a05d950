"""Background work inside a business: every such job names it, and its task opens the scope itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any, TypeVar
from uuid import UUID

from daybook.jobs.deferring import defer, defer_once
from daybook.jobs.registry import periodic_task, task
from daybook.tenancy.actor import SCHEDULE
from daybook.tenancy.scope import current_business_id, open_scope

Function = TypeVar("Function", bound=Callable[..., Any])


def defer_here(
    name: str, *, at: datetime | None = None, lock: str | None = None, **ids: int | str | UUID | None
) -> None:
    """`defer` for the business of the open scope: what services call."""
    defer(name, at=at, lock=lock, business_id=current_business_id(), **ids)


def tenant_task(name: str) -> Callable[[Function], Function]:
    """Register a task that runs inside the business named by its `business_id`, in one transaction, as the schedule.

    The function gets the other ids, as text.
    """

    def register(function: Function) -> Function:
        @wraps(function)
        def run(*, business_id: int, **ids: Any) -> None:
            with open_scope(business_id, actor=SCHEDULE, verb=name):
                function(**ids)

        task(name)(run)
        return function

    return register


def each_business(name: str, *, cron: str) -> Callable[[Function], Function]:
    """Register a task that the clock (UTC, cron fields) starts for every business, one job each.

    The businesses are listed first and the jobs deferred, so one that fails never stops the others; a business whose
    last job still waits gets no second one.
    """

    def register(function: Function) -> Function:
        tenant_task(name)(function)

        @periodic_task(f"{name}.tick", cron=cron)
        def tick() -> None:
            from daybook.tenancy.models import Business

            for business_id in Business.objects.order_by("id").values_list("id", flat=True):
                defer_once(name, key=str(business_id), business_id=business_id)

        return function

    return register
