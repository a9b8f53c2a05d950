"""Measure Daybook on this machine, beside hand-written SQL."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

NAME = "bench"
HELP = "measure this installation beside hand-written SQL, on a business of its own"


SIZES = ("small", "large", "huge")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--size", choices=SIZES, action="append",
        help="default: large; given more than once, each is measured, and a table shows how the lines grow",
    )  # fmt: skip
    parser.add_argument(
        "--json", type=Path, metavar="FILE", help="write the figures there as JSON (of several sizes: FILE-size)"
    )
    parser.add_argument(
        "--beside", type=Path, action="append", default=[], metavar="FILE",
        help="JSON of another size, measured before: show how the lines grow from there",
    )  # fmt: skip
    parser.add_argument("--prepare", action="store_true", help="make the business that is measured, and stop there")


def run(args: argparse.Namespace) -> int:
    sizes = sorted(set(args.size or ["large"]), key=SIZES.index)
    if args.prepare:
        for size in sizes:
            _prepare(args, size)
        return 0
    if len(sizes) == 1 and not args.beside:
        return _run_one(sizes[0], args.json)
    return _run_each(sizes, args.json, args.beside)


def _prepare(args: argparse.Namespace, size: str) -> None:
    from daybook.ops import runtime

    runtime.ready(args)
    from django.utils import timezone

    from daybook.ops.bench.business import ensure

    ensure(size, timezone.now())


def _run_one(size: str, json_file: Path | None) -> int:
    from daybook.ops.errors import CommandProblem

    # In a process of its own, so that the database is not running yet when the start is measured.
    if _bench("--prepare", "--size", size) != 0:
        raise CommandProblem("The business to measure could not be made: see the lines above.")
    return _measure(size, json_file)


def _run_each(sizes: Sequence[str], json_file: Path | None, beside: Sequence[Path]) -> int:
    """One run a size, each in a process of its own; then how the lines grow from one to the next."""
    from daybook.ops.bench.growth import as_growth

    reports = [json.loads(file.read_text(encoding="utf-8")) for file in beside]
    ended: list[int] = []
    with tempfile.TemporaryDirectory() as folder:
        for size in sizes:
            file = json_file or Path(folder, size)
            if len(sizes) > 1:
                file = file.with_stem(f"{file.stem}-{size}")
            ended.append(_bench("--size", size, "--json", str(file)))
            if file.is_file():
                reports.append(json.loads(file.read_text(encoding="utf-8")))
    print(as_growth(sorted(reports, key=lambda report: SIZES.index(report["size"]))))
    return max(ended)


def _bench(*arguments: str) -> int:
    return subprocess.run([sys.executable, "-m", "daybook.ops", "bench", *arguments], check=False).returncode


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
