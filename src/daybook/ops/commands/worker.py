"""The worker alone, for several of them or on several machines."""

from __future__ import annotations

import argparse

NAME = "worker"
HELP = "run the worker of background jobs alone (`daybook up` runs everything on one machine)"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """None."""


def run(args: argparse.Namespace) -> int:
    from daybook.config import worker
    from daybook.ops.runtime import ready_to_run_alone

    ready_to_run_alone()
    worker.run()
    return 0
