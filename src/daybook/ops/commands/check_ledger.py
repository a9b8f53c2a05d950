"""Prove the ledger of one business or of all."""

from __future__ import annotations

import argparse
import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from daybook.ledger.queries import LedgerReport

NAME = "check-ledger"
HELP = "recompute every balance from its entries, and prove the chain; exit code 1 where something does not add up"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--business", metavar="SLUG", help="this business alone (default: all)")
    parser.add_argument("--json", action="store_true", help="print one JSON object, by business")


def run(args: argparse.Namespace) -> int:
    from daybook.ops import runtime
    from daybook.ops.errors import CommandProblem

    runtime.ready(args)
    from django.utils import timezone

    from daybook.tenancy.actor import COMMAND
    from daybook.tenancy.models import Business
    from daybook.tenancy.scope import open_scope
    from daybook.workflows.check_books import check_books

    slugs = list(Business.objects.order_by("slug").values_list("slug", flat=True))
    if args.business and args.business not in slugs:
        raise CommandProblem(f"There is no business {args.business!r}.")
    reports = {}
    for slug in [args.business] if args.business else slugs:
        with open_scope(slug=slug, actor=COMMAND, verb="check_ledger"):
            reports[slug] = check_books(actor=COMMAND, now=timezone.now())
        if not args.json:
            _print(slug, reports[slug])
    if args.json:
        print(json.dumps({slug: _as_json(report) for slug, report in reports.items()}))
    return 0 if all(report.balanced for report in reports.values()) else 1


def _print(slug: str, report: LedgerReport) -> None:
    verdict = "balanced" if report.balanced else f"{len(report.problems)} problems"
    print(f"{slug}: {verdict}; {report.transactions} transactions, {report.entries} entries, {report.seals} seals")
    for problem in report.problems:
        print(f"  {problem}")


def _as_json(report: LedgerReport) -> dict[str, object]:
    return {
        "balanced": report.balanced,
        "transactions": report.transactions,
        "entries": report.entries,
        "seals": report.seals,
        "problems": [{"code": problem.code, **problem.facts} for problem in report.problems],
    }
