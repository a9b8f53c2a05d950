"""A job is a row of the caller's transaction, and every name that is asked for is a task."""

import ast
from pathlib import Path
from uuid import UUID

import pytest
from django.db import transaction
from procrastinate.contrib.django.models import ProcrastinateJob

import daybook
from daybook.core.errors import NotPermitted
from daybook.jobs.deferring import defer, defer_once
from daybook.jobs.registry import WAITS_SECONDS, RetryWhatMayPass, task_names
from daybook.tenancy.background import defer_here, each_business
from daybook.tenancy.models import Business
from tests.support.databases import Database

SOURCE = Path(daybook.__file__).parent
DEFERRING = {"defer", "defer_once", "defer_here"}


class Undo(Exception):
    """Rolls a transaction back."""


@pytest.mark.django_db
def test_job_and_its_cause_commit_or_vanish_together() -> None:
    with pytest.raises(Undo), transaction.atomic():
        defer("jobs.rescue_stalled", thing_id=1)
        assert ProcrastinateJob.objects.count() == 1
        raise Undo
    assert ProcrastinateJob.objects.count() == 0


@pytest.mark.django_db
def test_ids_become_plain_arguments() -> None:
    key = UUID(int=7)
    defer("some.task", session_id=key, business_id=3)
    job = ProcrastinateJob.objects.get()
    assert (job.task_name, job.args) == ("some.task", {"session_id": str(key), "business_id": 3})


@pytest.mark.django_db
def test_second_waiting_job_of_one_key_is_not_added_and_the_transaction_goes_on() -> None:
    assert defer_once("some.task", key="a", business_id=1)
    assert not defer_once("some.task", key="a", business_id=1)
    assert defer_once("some.task", key="b", business_id=2)
    assert ProcrastinateJob.objects.count() == 2


def test_job_of_the_open_business_carries_it(business: Business) -> None:
    defer_here("some.task", thing="x")
    assert ProcrastinateJob.objects.get().args == {"business_id": business.pk, "thing": "x"}


@pytest.mark.django_db
def test_clock_defers_one_job_a_business_and_no_second_while_it_waits() -> None:
    from tests.factories.businesses import make_business

    @each_business("tests.nightly", cron="0 3 * * *")
    def nightly() -> None:
        raise AssertionError("only the worker runs it")

    from procrastinate.contrib.django import app

    ids = {make_business().pk for _ in range(3)}
    tick = app.tasks["tests.nightly.tick"]
    for _ in range(2):
        tick.func(timestamp=0)
    jobs = ProcrastinateJob.objects.filter(task_name="tests.nightly")
    assert {job.args["business_id"] for job in jobs} >= ids
    assert jobs.count() == Business.objects.count()


class FakeJob:
    def __init__(self, attempts: int) -> None:
        self.attempts = attempts


@pytest.mark.parametrize(("attempts", "seconds"), [*enumerate(WAITS_SECONDS), (len(WAITS_SECONDS), None)])
def test_failure_is_tried_again_later_each_time_and_then_left(attempts: int, seconds: int | None) -> None:
    decision = RetryWhatMayPass().get_retry_decision(exception=OSError(), job=FakeJob(attempts))  # type: ignore[arg-type]
    assert (decision is None) == (seconds is None)


def test_refusal_is_never_tried_again() -> None:
    refusal = NotPermitted(permission="x")
    assert RetryWhatMayPass().get_retry_decision(exception=refusal, job=FakeJob(0)) is None  # type: ignore[arg-type]


def deferred_names() -> set[tuple[str, str]]:
    """Every (file, task name) that the source asks for by a literal."""
    found = set()
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
                called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                if called in DEFERRING and isinstance(node.func, ast.Name):
                    found.add((str(path.relative_to(SOURCE)), str(node.args[0].value)))
    return found


def test_every_deferred_name_is_a_registered_task() -> None:
    assert task_names() >= {"jobs.rescue_stalled", "jobs.forget_finished"}
    unknown = {place for place in deferred_names() if place[1] not in task_names()}
    assert unknown == set()


@pytest.mark.database
def test_worker_runs_a_task_inside_its_business(real_database: Database) -> None:
    """The real worker's connector and wrapper, on a task that reads the scope."""
    import asyncio

    from procrastinate.contrib.django import app
    from procrastinate.contrib.django.utils import connector_params
    from procrastinate.psycopg_connector import PsycopgConnector

    from daybook.tenancy.background import tenant_task
    from daybook.tenancy.scope import current_business
    from tests.factories.businesses import make_business

    seen: list[tuple[int, str]] = []

    @tenant_task("tests.look")
    def look(*, thing: str) -> None:
        seen.append((current_business().pk, thing))

    made = make_business()
    defer("tests.look", business_id=made.pk, thing="x")

    async def work() -> None:
        with app.replace_connector(PsycopgConnector(kwargs=connector_params(), min_size=1, max_size=3)) as working:
            async with working.open_async():
                await working.run_worker_async(wait=False, install_signal_handlers=False, delete_jobs="successful")

    asyncio.run(work())
    assert seen == [(made.pk, "x")]
    assert ProcrastinateJob.objects.count() == 0
