"""Write everything into one file."""

from __future__ import annotations

import argparse
from pathlib import Path

NAME = "backup"
HELP = "write the whole installation into one file, also while it is in use"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help="the file to write; it must not be there yet")


def run(args: argparse.Namespace) -> int:
    from daybook.ops.backup import backup
    from daybook.ops.runtime import hold_database

    contents = backup(hold_database(), args.file.expanduser().absolute())
    size = args.file.expanduser().stat().st_size
    print(
        f"{args.file}: {len(contents.members)} parts, {size / 1e6:.1f} MB. Keep it safe: it holds everything, the secret key included."
    )
    return 0
