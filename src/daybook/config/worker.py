"""The worker: runs the jobs. Started by the supervisor as `python -m daybook.config.worker`, and alone as `daybook worker`."""

from __future__ import annotations

import asyncio
import logging
import os
import signal

from daybook.config.process import end_with_parent

POLL_SECONDS = 15
STOP_SECONDS = 8
PATIENCE_SECONDS = 5
LONGEST_PAUSE = 5.0

log = logging.getLogger("daybook.worker")


async def work(concurrency: int) -> None:
    """Run jobs until SIGTERM or SIGINT; those under way get a few seconds to end. A lost database is waited for."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for sign in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(sign, stop.set)
    stopping = asyncio.create_task(stop.wait())
    pause = 0.5
    while not stop.is_set():
        began = loop.time()
        turn = asyncio.create_task(_turn(concurrency))
        await asyncio.wait({turn, stopping}, return_when=asyncio.FIRST_COMPLETED)
        if stop.is_set():
            turn.cancel()
        try:
            await turn
        except asyncio.CancelledError:
            break
        except Exception as error:
            if not _is_of_the_database(error):
                raise
            log.warning("the worker lost the database and looks for it again: %s", " ".join(str(error).split()))
        pause = 0.5 if loop.time() - began > 60 else min(LONGEST_PAUSE, pause * 2)
        await asyncio.wait({stopping}, timeout=pause)


async def _turn(concurrency: int) -> None:
    """Work with one pool of connections until it is cancelled, or breaks with the database."""
    from procrastinate.contrib.django import app
    from procrastinate.contrib.django.utils import connector_params
    from procrastinate.psycopg_connector import PsycopgConnector

    connector = PsycopgConnector(
        kwargs=connector_params(),
        min_size=1,
        max_size=concurrency + 2,
        timeout=PATIENCE_SECONDS,
        reconnect_timeout=PATIENCE_SECONDS,
    )
    with app.replace_connector(connector) as working:
        async with working.open_async():
            await working.run_worker_async(
                concurrency=concurrency,
                delete_jobs="successful",
                fetch_job_polling_interval=POLL_SECONDS,
                abort_job_polling_interval=POLL_SECONDS,
                shutdown_graceful_timeout=STOP_SECONDS,
                install_signal_handlers=False,
            )


def _is_of_the_database(error: BaseException) -> bool:
    from procrastinate.exceptions import ConnectorException
    from psycopg import OperationalError

    return isinstance(error, ConnectorException | OperationalError | OSError)


def main() -> None:
    """Work as a child of the supervisor, and end with it."""
    end_with_parent(signal.SIGTERM)
    run()


def run() -> None:
    """Work until SIGTERM or SIGINT."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "daybook.config.settings")
    import django

    django.setup()
    from django.conf import settings

    from daybook.config.roles import refuse_powerful_role

    refuse_powerful_role()
    asyncio.run(work(settings.ENVIRONMENT.job_concurrency))


if __name__ == "__main__":
    main()
