"""The worker: runs the jobs. Started by the supervisor as `python -m daybook.config.worker`."""

from __future__ import annotations

import asyncio
import os
import signal

from daybook.config.process import end_with_parent

POLL_SECONDS = 15
STOP_SECONDS = 8


async def work(concurrency: int) -> None:
    """Run jobs until SIGTERM or SIGINT; those under way get a few seconds to end."""
    from procrastinate.contrib.django import app
    from procrastinate.contrib.django.utils import connector_params
    from procrastinate.psycopg_connector import PsycopgConnector

    connector = PsycopgConnector(kwargs=connector_params(), min_size=1, max_size=concurrency + 2)
    with app.replace_connector(connector) as working:
        async with working.open_async():
            await working.run_worker_async(
                concurrency=concurrency,
                delete_jobs="successful",
                fetch_job_polling_interval=POLL_SECONDS,
                abort_job_polling_interval=POLL_SECONDS,
                shutdown_graceful_timeout=STOP_SECONDS,
            )


def main() -> None:
    end_with_parent(signal.SIGTERM)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "daybook.config.settings")
    import django

    django.setup()
    from django.conf import settings

    from daybook.config.roles import refuse_powerful_role

    refuse_powerful_role()
    asyncio.run(work(settings.ENVIRONMENT.job_concurrency))


if __name__ == "__main__":
    main()
