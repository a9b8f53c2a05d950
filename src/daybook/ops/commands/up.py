"""Run everything on this machine: database, web server, worker."""

from __future__ import annotations

import argparse
import os

NAME = "up"
HELP = "run Daybook on this machine: database, web server and worker"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen at (default: %(default)s)")
    parser.add_argument(
        "--port", type=int, default=8000, help="the port to listen at (default: %(default)s; 0: a free one)"
    )
    parser.add_argument(
        "--demo", action="store_true", help="make the demo business when there is none, and print its logins"
    )


def run(args: argparse.Namespace) -> int:
    from daybook.ops.command import subcommands
    from daybook.ops.errors import CommandProblem
    from daybook.ops.runtime import environment
    from daybook.ops.supervisor import Supervisor

    if not 0 <= args.port <= 65535:
        raise CommandProblem(f"{args.port} is no port: choose one from 1 to 65535.")
    values = environment()
    os.environ["DAYBOOK_DATA_DIR"] = str(values.data_dir)
    demo = ("demo", "--size", "small") if args.demo and "demo" in subcommands() else ()
    return Supervisor(values, args.host, args.port, demo).run()
