"""What a process of the running installation says to the kernel."""

from __future__ import annotations

import ctypes
import gc
import os
import signal

PR_SET_PDEATHSIG = 1


def end_with_parent(sign: signal.Signals, *, parent: int | None = None) -> None:
    """Have the kernel send `sign` to this process when its parent dies, even by kill -9. Linux only; elsewhere nothing.

    `parent` is the process that should be there: if it is gone already, this one ends at once.
    """
    try:
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, int(sign), 0, 0, 0)
    except (AttributeError, OSError):
        return
    if parent is not None and os.getppid() != parent:
        os.kill(os.getpid(), sign)


def settle_memory() -> None:
    """What is loaded now stays: the collector need not look at it again in the middle of a page."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
