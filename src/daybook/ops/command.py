"""The frame of the `daybook` command: finds the subcommands, reads the arguments, says what went wrong in one line."""

from __future__ import annotations

import argparse
import ast
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from types import ModuleType

from daybook.config.env import EnvironmentProblem
from daybook.config.postgres import ClusterProblem
from daybook.ops.errors import CommandProblem

COMMANDS = Path(__file__).parent / "commands"


@dataclass(frozen=True)
class Subcommand:
    """A subcommand as far as it is known without importing it."""

    module: str
    name: str
    help: str

    def load(self) -> ModuleType:
        return import_module(f"daybook.ops.commands.{self.module}")


def subcommands() -> dict[str, Subcommand]:
    """All subcommands by name, in the order of their names."""
    found = [_read(path) for path in sorted(COMMANDS.glob("*.py")) if path.name != "__init__.py"]
    return {each.name: each for each in sorted(found, key=lambda each: each.name)}


def _read(path: Path) -> Subcommand:
    texts: dict[str, str] = {}
    for statement in ast.parse(path.read_text(encoding="utf-8")).body:
        match statement:
            case ast.Assign(targets=[ast.Name(id="NAME" | "HELP" as name)], value=value):
                texts[name] = ast.literal_eval(value)
    return Subcommand(module=path.stem, name=texts.get("NAME", path.stem.replace("_", "-")), help=texts.get("HELP", ""))


def build_parser(chosen: str | None) -> argparse.ArgumentParser:
    """The parser, with the arguments of the `chosen` subcommand only."""
    parser = argparse.ArgumentParser(
        prog="daybook", description="Scheduling, billing and records for tutoring centres and therapy practices."
    )
    _add_data_dir(parser, default=None)
    places = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for each in subcommands().values():
        place = places.add_parser(each.name, description=each.help, help=each.help)
        _add_data_dir(place, default=argparse.SUPPRESS)
        if each.name == chosen:
            module = each.load()
            module.add_arguments(place)
            place.set_defaults(run=module.run)
    return parser


def _add_data_dir(parser: argparse.ArgumentParser, *, default: str | None) -> None:
    parser.add_argument(
        "--data-dir",
        type=Path,
        default=default,
        metavar="FOLDER",
        help="where the embedded database and private files live (DAYBOOK_DATA_DIR; default: ./data)",
    )


def chosen_name(arguments: Sequence[str]) -> str | None:
    """The subcommand among `arguments`, for which alone a module is imported."""
    names = subcommands()
    return next((each for each in arguments if each in names), None)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a subcommand and answer its exit code: 0 done, 1 refused, 2 wrong use, 130 interrupted."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        args = build_parser(chosen_name(given)).parse_args(given)
        if args.data_dir is not None:
            os.environ["DAYBOOK_DATA_DIR"] = str(args.data_dir.expanduser().absolute())
        return int(args.run(args) or 0)
    except (CommandProblem, EnvironmentProblem, ClusterProblem) as problem:
        print(f"daybook: {problem}", file=sys.stderr)
        return getattr(problem, "exit_code", 1)
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        if (sentence := _sentence(error)) is None:
            raise
        print(f"daybook: {sentence}", file=sys.stderr)
        return 1


def _sentence(error: Exception) -> str | None:
    """What to say for an expected refusal of a service or of the database; None for a defect, whose traceback helps."""
    if "django" not in sys.modules:
        return None
    from django.core.exceptions import ImproperlyConfigured
    from django.db import OperationalError

    from daybook.core.errors import DomainError, InvalidInput

    if isinstance(error, DomainError):
        from daybook.ui.sentences import field_sentence, sentence

        if isinstance(error, InvalidInput):
            said = [(each.field.replace("_", "-"), field_sentence(each)) for each in error.errors]
            return " ".join(f"--{option}: {text}" if option else text for option, text in said)
        return sentence(error)
    if isinstance(error, ImproperlyConfigured):
        return str(error)
    if isinstance(error, OperationalError):
        return f"The database does not answer: {' '.join(str(error).split())}"
    return None
