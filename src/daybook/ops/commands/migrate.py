"""Bring the tables of the database up to this version."""

from __future__ import annotations

import argparse

NAME = "migrate"
HELP = "bring the database up to this version (every other command does so by itself)"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """None."""


def run(args: argparse.Namespace) -> int:
    from daybook.ops import runtime, schema

    values = runtime.hold_database()
    if not schema.is_current(values):
        schema.migrate()
    return 0
