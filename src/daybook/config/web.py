"""The web server: granian's main process, which starts and watches its workers.

Started by the supervisor as `python -m daybook.config.web HOST PORT`. Django is loaded by the workers only.
"""

from __future__ import annotations

import os
import signal
import sys

from daybook.config.env import read_environment
from daybook.config.process import end_with_parent

KILL_SECONDS = 3


def main() -> None:
    # Granian takes a polite signal from a dead parent for half of a shutdown and stays: so the hard one.
    end_with_parent(signal.SIGKILL)
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    environment = read_environment(os.environ)
    os.environ["DAYBOOK_SERVES"] = "1"
    Granian(
        "daybook.config.wsgi:application",
        address=sys.argv[1],
        port=int(sys.argv[2]),
        interface=Interfaces.WSGI,
        workers=environment.web_workers,
        blocking_threads=environment.web_threads,
        backlog=1024,
        respawn_failed_workers=True,
        workers_kill_timeout=KILL_SECONDS,
        log_level=LogLevels.warning,
        log_access=False,
    ).serve()


if __name__ == "__main__":
    main()
