"""Measure Daybook on this machine, beside hand-written SQL."""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

NAME = "bench"
HELP = "measure this installation beside hand-written SQL, on a business of its own"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--size", choices=("small", "large", "huge"), default="large", help="default: %(default)s")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there as JSON")
    parser.add_argument("--prepare", action="store_true", help="make the business that is measured, and stop there")


def run(args: argparse.Namespace) -> int:
    from daybook.ops import runtime
    from daybook.ops.errors import CommandProblem

    if args.prepare:
        runtime.ready(args)
        from django.utils import timezone

        from daybook.ops.bench.business import ensure

        ensure(args.size, timezone.now())
        return 0
    # In a process of its own, so that the database is not running yet when the start is measured.
    prepared = subprocess.run(
        [sys.executable, "-m", "daybook.ops", "bench", "--prepare", "--size", args.size], check=False
    )
    if prepared.returncode != 0:
        raise CommandProblem("The business to measure could not be made: see the lines above.")
    return _measure(args.size, args.json)


def _measure(size: str, json_file: Path | None) -> int:
    from daybook.ops import runtime
    from daybook.ops.bench import server as servers

    with servers.running() as server:
        lines = list(servers.rest_lines(server))
        runtime.ready()
        from daybook.ops.bench.run import measure_all
        from daybook.ops.bench.table import as_json, as_table

        lines += measure_all(size, server)
        print(as_table(lines))
        if json_file:
            json_file.write_text(as_json(size, lines) + "\n", encoding="utf-8")
    return 0 if all(line.ok is not False for line in lines) else 1
