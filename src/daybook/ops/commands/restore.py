"""Bring a backup into an empty place."""

from __future__ import annotations

import argparse
from pathlib import Path

NAME = "restore"
HELP = "bring a backup into an empty data folder or database"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help="a file that `daybook backup` made")


def run(args: argparse.Namespace) -> int:
    from daybook.ops import runtime
    from daybook.ops.backup import inspect, restore
    from daybook.ops.schema import is_current

    source = args.file.expanduser().absolute()
    inspect(source)  # before even an empty database is made
    environment = runtime.hold_database()
    contents = restore(environment, source)
    if not is_current(environment):
        runtime.migrate_if_needed()
    print(f"Restored what was backed up at {contents.made_at}. `daybook check-ledger` proves the books.")
    return 0
