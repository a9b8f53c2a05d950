"""Registering tasks: under a name of their own, with one policy for trying again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from procrastinate import BaseRetryStrategy, RetryDecision
from procrastinate.contrib.django import app
from procrastinate.jobs import Job

from daybook.core.errors import DomainError

Function = TypeVar("Function", bound=Callable[..., Any])
WAITS_SECONDS = (10, 60, 300, 1_800, 7_200, 21_600)


class RetryWhatMayPass(BaseRetryStrategy):
    """A refusal by a rule stays refused, so it is not tried again; anything else is, six times over nine hours."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        if isinstance(exception, DomainError) or job.attempts >= len(WAITS_SECONDS):
            return None
        return RetryDecision(retry_in={"seconds": WAITS_SECONDS[job.attempts]})


def task(name: str) -> Callable[[Function], Function]:
    """Register a function of keyword arguments (ids) as the task `name`, by which `defer` asks for it."""

    def register(function: Function) -> Function:
        app.task(name=name, retry=RetryWhatMayPass())(function)
        return function

    return register


def periodic_task(name: str, *, cron: str) -> Callable[[Function], Function]:
    """Register a function without arguments to run by the clock (UTC, five cron fields), once however many workers."""

    def register(function: Function) -> Function:
        def run(timestamp: int) -> None:
            function()

        registered = app.task(name=name, queueing_lock=name, retry=False)(run)
        app.periodic(cron=cron)(registered)
        return function

    return register


def task_names() -> frozenset[str]:
    """The names of all tasks that the worker knows. Django must be set up."""
    app.perform_import_paths()
    return frozenset(app.tasks)
