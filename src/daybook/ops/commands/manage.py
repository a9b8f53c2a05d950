"""Django's own commands, for those who develop Daybook."""

from __future__ import annotations

import argparse
import os
import sys

NAME = "manage"
HELP = "run one of Django's own commands, such as makemigrations"

AS_OWNER = ("migrate", "makemigrations", "sqlmigrate", "squashmigrations", "dbshell", "inspectdb", "flush")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("arguments", nargs=argparse.REMAINDER, help="what follows manage.py elsewhere")


def run(args: argparse.Namespace) -> int:
    from daybook.ops import runtime

    if args.arguments and args.arguments[0] in AS_OWNER:
        os.environ.setdefault("DAYBOOK_DB_ROLE", "owner")
    runtime.hold_database()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "daybook.config.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(["daybook manage", *args.arguments])
    sys.stdout.flush()
    return 0
