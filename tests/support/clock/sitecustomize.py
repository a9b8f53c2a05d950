"""Read by each Python process that has this folder on its path: its clock is off by what the file TEST_CLOCK says.

The number of seconds in the file may change at any time; beside it, a file of each process says what it took. Durations
(`time.monotonic`) are left alone, as a clock that is set leaves them.
"""

import os
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

import time_machine

PAUSE_SECONDS = 0.02


def _follow(path: Path, began: float) -> None:
    wait = threading.Event()
    taken = path.with_name(f"{path.name}.{os.getpid()}")
    traveller = None
    known = ""
    while True:
        wanted = path.read_text()
        if wanted != known:
            if traveller is not None:
                traveller.stop()
            now = began + time.monotonic() + float(wanted)
            traveller = time_machine.travel(datetime.fromtimestamp(now, UTC), tick=True)
            traveller.start()
            known = wanted
            taken.write_text(known)
        wait.wait(PAUSE_SECONDS)


def _start() -> None:
    threading.Thread(target=_follow, args=[Path(os.environ["TEST_CLOCK"]), began], daemon=True).start()


if "TEST_CLOCK" in os.environ:
    began = time.time() - time.monotonic()
    _start()
    os.register_at_fork(after_in_child=_start)
