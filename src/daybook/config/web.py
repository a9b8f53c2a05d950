"""The web server: granian's main process, which starts and watches its workers.

Started by the supervisor as `python -m daybook.config.web HOST PORT`, and alone as `daybook web`. Django is loaded by
the workers only.
"""

from __future__ import annotations

import os
import signal
import sys

from daybook.config.env import read_environment
from daybook.config.process import end_with_parent

KILL_SECONDS = 3


def serve(host: str, port: int) -> None:
    """Serve until SIGTERM or SIGINT."""
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    environment = read_environment(os.environ)
    os.environ["DAYBOOK_SERVES"] = "1"
    Granian(
        "daybook.config.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=environment.web_workers,
        blocking_threads=environment.web_threads,
        backlog=1024,
        respawn_failed_workers=True,
        workers_kill_timeout=KILL_SECONDS,
        log_level=LogLevels.warning,
        log_access=False,
    ).serve()


def main() -> None:
    # Granian takes a polite signal from a dead parent for half of a shutdown and stays: so the hard one.
    end_with_parent(signal.SIGKILL)
    serve(sys.argv[1], int(sys.argv[2]))


if __name__ == "__main__":
    main()
