"""The sample month goes in without a fault, and comes to the sums that were reckoned by hand."""

from __future__ import annotations

import csv
import sys
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path

import pytest

from daybook.imports.rules.reading import read_tables
from daybook.ledger.models import Account
from daybook.payments.models import Payment
from daybook.people.models import User
from daybook.scheduling.models import Participant, Session
from daybook.tenancy.actor import COMMAND, Actor
from daybook.workflows.check_books import check_books
from daybook.workflows.check_import import start_import
from daybook.workflows.run_import import run_import
from tests.factories.sessions import make_completion_types

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "samples"
NOW = datetime(2026, 6, 1, 8, 0, tzinfo=UTC)
# (their rate an hour or a session, minutes): 62 × 45 / 60 = 46.50; 58 × 45 / 60 = 43.50; whole hours as they are.
LESSONS = {
    "Piano lesson": 4650,
    "Guitar lesson": 4350,
    "Maths tutoring": 5400,
    "Science tutoring": 5400,
    "French conversation": 4800,
    "Speech therapy": 8500,
    "First assessment": 9500,
    "Maths exam group": 2400,
}


def rows(name: str) -> list[dict[str, str]]:
    with (SAMPLES / "daybook" / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def expected_charges() -> int:
    """Each place by its service's price; canceled ones what the file says, or nothing."""
    total = 0
    for row in rows("4-sessions.csv"):
        places = len(row["Clients"].split(";"))
        if row["Status"] == "canceled":
            total += round(float(row["Cost"] or 0) * 100) * places
        else:
            total += LESSONS[row["Service"]] * places
    return total


@pytest.mark.django_db
def test_the_sample_month_comes_to_the_sums_reckoned_by_hand(admin: Actor) -> None:
    make_completion_types()
    for path in sorted((SAMPLES / "daybook").glob("*.csv")):
        batch = start_import(actor=admin, now=NOW, file_name=path.name, content=path.read_bytes())
        outcome = run_import(actor=admin, now=NOW, import_id=batch.pk)
        assert outcome.plan.problems == [], path.name
        assert outcome.theirs == outcome.ours, path.name
    assert User.objects.filter(role="client").count() == 42
    assert User.objects.filter(role="practitioner").count() == 8
    assert Session.objects.count() == 310
    assert sum(cost for (cost,) in Participant.objects.values_list("cost_minor")) == expected_charges()
    paid = sum(round(float(row["Amount"]) * 100) for row in rows("5-payments.csv"))
    assert sum(amount for (amount,) in Payment.objects.values_list("amount_minor")) == paid
    receivables = Account.objects.filter(kind="receivable").values_list("balance_minor", flat=True)
    assert sum(receivables) == expected_charges() - paid
    report = check_books(actor=COMMAND, now=NOW)
    assert report.balanced, report.problems


def test_the_samples_are_what_the_script_makes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(ROOT / "scripts"))
    for name in ("make_samples", "foreign_samples"):
        sys.modules.pop(name, None)
    made = import_module("make_samples").all_files()
    assert made
    for name, content in made.items():
        kept = (SAMPLES / name).read_bytes()
        # A workbook is packed a little differently by every compression library.
        same = read_tables(kept, name) == read_tables(content, name) if name.endswith(".xlsx") else kept == content
        assert same, f"{name} is out of date: run scripts/make_samples.py"
