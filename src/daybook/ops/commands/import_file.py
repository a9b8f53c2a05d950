"""Take a file in from the command line, or take an import back."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from daybook.ops.errors import CommandProblem

if TYPE_CHECKING:
    from daybook.tenancy.models import Business
    from daybook.workflows.run_import import Outcome

NAME = "import"
HELP = "take in a file of clients, practitioners, services, sessions or payments; undo that"

DONE, REFUSED, UNREADABLE = 0, 1, 2
_SHOWN = 20


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "file", nargs="?", type=Path, metavar="FILE", help="CSV, .xlsx, a web table saved as .xls, or a .zip of them"
    )
    parser.add_argument(
        "--business", metavar="SLUG", help="whose data it is (may be left out where there is only one business)"
    )
    parser.add_argument(
        "--layout",
        default="auto",
        metavar="NAME",
        help="which columns to expect (default: auto, found by the headings)",
    )
    parser.add_argument("--layouts", action="store_true", help="list the layouts and stop")
    parser.add_argument(
        "--time-zone", default="", metavar="ZONE", help="zone of the file's times (default: the business's)"
    )
    order = parser.add_mutually_exclusive_group()
    order.add_argument(
        "--day-first", action="store_true", help="03/04/2026 is the third of April, where nothing else tells"
    )
    order.add_argument(
        "--month-first", action="store_true", help="03/04/2026 is the fourth of March, where nothing else tells"
    )
    parser.add_argument("--partial", action="store_true", help="take the rows that are right, without those at fault")
    parser.add_argument("--dry-run", action="store_true", help="say what would happen, and write nothing")
    parser.add_argument("--json", action="store_true", help="print the outcome as JSON, on the last line")
    parser.add_argument("--undo", metavar="ID", help="take an import back")


def run(args: argparse.Namespace) -> int:
    if args.layouts:
        return _list_layouts(as_json=args.json)
    if not args.undo and args.file is None:
        raise CommandProblem(
            "Name the file to take in, or --undo with an import's id. `daybook import --help` tells more."
        )
    try:
        content = b"" if args.undo else _read(args.file)
    except _Unreadable as problem:
        if args.json:
            print(json.dumps(_empty(args, str(problem))))
        raise
    from daybook.ops import runtime

    runtime.ready(args)
    from django.utils import timezone

    from daybook.tenancy.actor import COMMAND
    from daybook.tenancy.scope import BusinessNotFound, open_scope

    slug = args.business or (_business_of(args.undo) if args.undo else _only_slug())
    try:
        with open_scope(slug=slug, actor=COMMAND, verb="run_import") as business:
            if args.undo:
                answer = _undo(args, now=timezone.now())
            else:
                answer = _take_in(args, business, content, now=timezone.now())
    except BusinessNotFound as error:
        raise CommandProblem(f"There is no business “{slug}”.") from error
    # Said once it is committed: a reader that hangs up must not take the import back with it.
    return answer.say()


@dataclass(slots=True)
class _Answer:
    """What is to be said, and the exit code."""

    code: int
    lines: list[str]
    complaint: str = ""

    def say(self) -> int:
        if self.complaint:
            print(self.complaint, file=sys.stderr)
        for line in self.lines:
            print(line)
        return self.code


def _list_layouts(*, as_json: bool) -> int:
    from daybook.imports.layouts import LAYOUTS

    if as_json:
        print(json.dumps({"layouts": list(LAYOUTS)}))
        return DONE
    for layout in LAYOUTS.values():
        print(f"{layout.public_name:28}{layout.label}")
    return DONE


def _read(path: Path) -> bytes:
    from daybook.imports.rules.tables import MAX_BYTES

    try:
        if path.stat().st_size > MAX_BYTES:
            raise _Unreadable(
                f"{path} is larger than {MAX_BYTES // 1024 // 1024} MB. Split it and import the parts one after another."
            )
        return path.read_bytes()
    except OSError as error:
        raise _Unreadable(f"{path} cannot be read: {error.strerror}.") from error


class _Unreadable(CommandProblem):
    exit_code = UNREADABLE


def _only_slug() -> str:
    from daybook.tenancy.models import Business

    slugs = list(Business.objects.values_list("slug", flat=True)[:2])
    if len(slugs) != 1:
        raise CommandProblem(
            "Say which business by --business SLUG."
            if slugs
            else "There is no business yet: `daybook create-business` makes one."
        )
    return slugs[0]


def _business_of(import_id: str) -> str:
    """The slug of the business that has this import; each is asked in its own scope."""
    from daybook.core.ids import parse_id
    from daybook.imports.models import Import
    from daybook.tenancy.models import Business
    from daybook.tenancy.scope import open_scope

    key = parse_id(import_id)
    for slug in Business.objects.order_by("id").values_list("slug", flat=True) if key else ():
        with open_scope(slug=slug):
            if Import.objects.filter(pk=key).exists():
                return slug
    raise CommandProblem(f"There is no import {import_id}.")


def _take_in(args: argparse.Namespace, business: Business, content: bytes, *, now: datetime) -> _Answer:
    from django.db import transaction

    from daybook.core.errors import DomainError, InvalidInput
    from daybook.imports.errors import DatesUndecided, FileUnreadable, HeaderMissing, LayoutUnknown
    from daybook.imports.services import upload
    from daybook.tenancy.actor import COMMAND
    from daybook.ui.sentences import sentence
    from daybook.workflows.run_import import preview_import, run_import

    orders = {"*": "day_first"} if args.day_first else {"*": "month_first"} if args.month_first else {}
    options = {"layout": args.layout, "time_zone": args.time_zone, "date_orders": orders}
    try:
        batch = upload(
            actor=COMMAND, now=now, file_name=args.file.name, content=content, options=options, is_partial=args.partial
        )
        verb = preview_import if args.dry_run else run_import
        outcome = verb(actor=COMMAND, now=now, import_id=batch.pk)
    except (FileUnreadable, HeaderMissing, LayoutUnknown, DatesUndecided, InvalidInput) as error:
        transaction.set_rollback(True)
        said = sentence(error, currency=business.currency)
        if isinstance(error, InvalidInput):
            said = f"{error.field}: {said}"
        if isinstance(error, DatesUndecided):
            said += " Add --day-first or --month-first."
        return _Answer(UNREADABLE, [json.dumps(_empty(args, said))] if args.json else [], f"daybook: {said}")
    except DomainError:
        transaction.set_rollback(True)
        raise
    if args.dry_run:
        transaction.set_rollback(True)
    return _Answer(REFUSED if outcome.plan.problems else DONE, _report(args, business, outcome))


def _empty(args: argparse.Namespace, said: str) -> dict[str, Any]:
    return {
        "import": None, "layout": None if args.layout == "auto" else args.layout, "rows": 0, "created": 0, "matched": 0, "skipped": 0,
        "errors": [{"row": 0, "column": "", "message": said}], "totals": {"theirs": None, "ours": None},
    }  # fmt: skip


def _report(args: argparse.Namespace, business: Business, outcome: Outcome) -> list[str]:
    errors = _errors(business, outcome)
    written = outcome.is_written
    plan = outcome.plan
    theirs, ours = _totals(business, outcome)
    if not args.json:
        return _in_words(args, outcome, errors, theirs, ours)
    kept = written or args.dry_run
    answer = {
        "import": str(outcome.batch.pk) if not args.dry_run else None,
        "layout": outcome.parsed.layout_name,
        "rows": outcome.parsed.row_count,
        "created": plan.created if kept else 0,
        "matched": plan.matched,
        "skipped": plan.skipped,
        "errors": errors,
        "totals": {"theirs": theirs, "ours": ours},
    }
    return [json.dumps(answer, ensure_ascii=False)]


def _errors(business: Business, outcome: Outcome) -> list[dict[str, Any]]:
    from daybook.ui.sentences.imports import row_sentence

    several = len({problem.sheet for problem in outcome.plan.problems}) > 1
    problems = sorted(outcome.plan.problems, key=lambda each: (each.sheet, each.row))
    return [
        {
            "row": problem.row,
            "column": problem.column,
            "message": row_sentence(
                problem.as_json(), locale=business.locale, zone=business.time_zone, currency=business.currency
            ),
            **({"sheet": problem.sheet} if several else {}),
        }
        for problem in problems
    ]


def _totals(business: Business, outcome: Outcome) -> tuple[str, str]:
    from daybook.core.money import minor_to_text

    if not outcome.in_money:
        return str(outcome.theirs), str(outcome.ours)
    return minor_to_text(outcome.theirs, business.currency), minor_to_text(outcome.ours, business.currency)


def _in_words(
    args: argparse.Namespace, outcome: Outcome, errors: list[dict[str, Any]], theirs: str, ours: str
) -> list[str]:
    plan = outcome.plan
    lines = [f"{args.file.name}: {outcome.parsed.layout_name}, {outcome.parsed.row_count} rows"]
    for error in errors[:_SHOWN]:
        where = f"row {error['row']}" + (f", {error['column']}" if error["column"] else "")
        lines.append(f"  {where}: {error['message']}")
    if len(errors) > _SHOWN:
        lines.append(f"  and {len(errors) - _SHOWN} more")
    done = "would go in" if args.dry_run else "went in" if outcome.is_written else "could go in"
    lines.append(
        f"{plan.created} {done}, {plan.matched} were there, {plan.skipped} came before, {len(errors)} at fault"
    )
    lines.append(f"Their total {theirs}, our total {ours}")
    if outcome.is_written and plan.created:
        lines.append(f"To take it back: daybook import --undo {outcome.batch.pk}")
    elif errors and not args.dry_run:
        lines.append("Nothing was written. Correct the rows, or add --partial to take the others.")
    return lines


def _undo(args: argparse.Namespace, *, now: datetime) -> _Answer:
    from daybook.core.ids import parse_id
    from daybook.tenancy.actor import COMMAND
    from daybook.workflows.undo_import import undo_import

    undone = undo_import(actor=COMMAND, now=now, import_id=parse_id(args.undo))
    if args.json:
        return _Answer(DONE, [json.dumps({"import": str(undone.batch.pk), "undone": undone.counts})])
    counted = ", ".join(f"{count} × {kind}" for kind, count in undone.counts.items()) or "nothing was there"
    return _Answer(DONE, [f"Undone: {counted}"])
