"""The web server alone, for several of them or on several machines."""

from __future__ import annotations

import argparse

NAME = "web"
HELP = "run the web server alone (`daybook up` runs everything on one machine)"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen at (default: %(default)s)")
    parser.add_argument("--port", type=int, default=8000, help="the port to listen at (default: %(default)s)")


def run(args: argparse.Namespace) -> int:
    from daybook.config.web import serve
    from daybook.ops.errors import CommandProblem
    from daybook.ops.runtime import ready_to_run_alone

    if not 1 <= args.port <= 65535:
        raise CommandProblem(f"{args.port} is no port: choose one from 1 to 65535.")
    ready_to_run_alone()
    serve(args.host, args.port)
    return 0
