"""Housekeeping of the jobs themselves."""

from __future__ import annotations

import logging

from asgiref.sync import async_to_sync
from procrastinate.contrib.django import app

from daybook.jobs.registry import periodic_task

log = logging.getLogger(__name__)
FINISHED_HOURS = 24 * 30


@periodic_task("jobs.rescue_stalled", cron="* * * * *")
def rescue_stalled() -> None:
    """Give jobs whose worker was killed to another one. Their tasks may run twice without harm."""
    for job in async_to_sync(app.job_manager.get_stalled_jobs)():
        log.warning("job %s (%s) lost its worker and is tried again", job.id, job.task_name)
        async_to_sync(app.job_manager.retry_job)(job)


@periodic_task("jobs.forget_finished", cron="17 3 * * *")
def forget_finished() -> None:
    """Failed and cancelled jobs are kept for a month; jobs that went well are gone at once."""
    delete = async_to_sync(app.job_manager.delete_old_jobs)
    delete(nb_hours=FINISHED_HOURS, include_failed=True, include_cancelled=True, include_aborted=True)
