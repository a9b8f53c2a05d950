"""Whoever changes the ledger behind the application's back is found out, and what was changed is named."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from daybook.config.postgres import SUPERUSER
from daybook.core.ids import new_id
from daybook.ledger import rules
from daybook.ledger.models import JournalEntry, Seal
from daybook.ledger.services import post
from daybook.tenancy.actor import COMMAND
from daybook.tenancy.scope import open_scope
from daybook.workflows.check_books import check_books
from tests.factories.businesses import make_business
from tests.factories.money import NOW, TODAY, make_client
from tests.support.databases import Database, copied_database, used_by_django


@pytest.fixture(scope="module")
def database(cluster: Any, template: str, django_db_blocker: Any) -> Iterator[Database]:
    """One for all of these: each test has its own business in it."""
    with (
        copied_database(cluster, template, "tampering") as own,
        django_db_blocker.unblock(),
        used_by_django(own),
    ):
        yield own


@pytest.fixture
def books(database: Database):
    """A business with twelve sealed entries in three seals, and the database that holds it."""
    business = make_business()
    with open_scope(business.pk, actor=COMMAND):
        client = make_client()
        for _ in range(3):
            post(
                [
                    rules.charge(payer_id=client.pk, cost_minor=1_000, occurred_on=TODAY, source_id=new_id())
                    for _ in range(4)
                ],
                now=NOW,
                actor=COMMAND,
            )
            check_books(actor=COMMAND, now=NOW)
    return business, database


def found(books, sql: str) -> set[str]:
    """Run a statement as a superuser with the triggers off, and answer the problems that the check names."""
    business, database = books
    with database.connect(SUPERUSER) as connection:
        connection.execute("set session_replication_role = replica")
        assert connection.execute(sql.replace("BUSINESS", str(business.pk))).rowcount > 0
    with open_scope(business.pk, actor=COMMAND):
        return {problem.code for problem in check_books(actor=COMMAND, now=NOW).problems}


FIRST = "(select min(id::text)::uuid from ledger_journalentry where business_id = BUSINESS)"


@pytest.mark.parametrize(
    ("sql", "codes"),
    [
        (
            f"update ledger_posting set amount_minor = amount_minor + 1 where entry_id = {FIRST} and side = 'c'",
            {"entry_out_of_balance", "kept_total_differs", "seal_does_not_match"},
        ),
        (
            f"update ledger_posting set amount_minor = amount_minor * 2 where entry_id = {FIRST}",
            {"kept_total_differs", "seal_does_not_match"},
        ),
        (f"update ledger_journalentry set description = 'x' where id = {FIRST}", {"seal_does_not_match"}),
        (
            f"update ledger_journalentry set occurred_on = '2020-01-01' where id = {FIRST}",
            {"posting_on_another_day", "seal_does_not_match"},
        ),
        (
            f"delete from ledger_journalentry where id = {FIRST}",
            {"posting_without_entry", "sealed_entry_missing", "seal_does_not_match"},
        ),
        (
            f"delete from ledger_posting where entry_id = {FIRST}",
            {"entry_without_postings", "kept_total_differs", "seal_does_not_match"},
        ),
        ("update ledger_account set balance_minor = 0, charged_minor = 0 where kind = 'receivable' and business_id = BUSINESS", {"kept_total_differs"}),
        ("update ledger_account set balance_minor = 5 where kind = 'revenue' and business_id = BUSINESS", {"total_kept_without_owner"}),
        ("update ledger_account set scheduled_minor = 5 where kind = 'receivable' and business_id = BUSINESS", {"scheduled_differs"}),
        ("delete from ledger_seal where number = 2 and business_id = BUSINESS", {"seal_missing"}),
        (
            f"delete from ledger_sealedentry where entry_id = {FIRST}",
            {"entry_not_in_chain", "seal_incomplete", "seal_does_not_match"},
        ),
        ("update ledger_seal set digest = repeat('0', 64) where number = 1 and business_id = BUSINESS", {"chain_broken", "seal_does_not_match"}),
    ],
)  # fmt: skip
def test_tampering_is_found_and_named(books, sql, codes):
    assert found(books, sql) == codes


def test_check_ledger_command_tells_by_its_exit_code(books):
    business, database = books
    command = [sys.executable, "-m", "daybook.ops", "check-ledger", "--business", business.slug, "--json"]
    environment = database.environment
    assert os.environ["DAYBOOK_DATA_DIR"]
    proven = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert (proven.returncode, json.loads(proven.stdout)[business.slug]["transactions"]) == (0, 12), proven.stderr
    found(books, f"update ledger_journalentry set description = 'x' where id = {FIRST}")
    broken = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    report = json.loads(broken.stdout)[business.slug]
    assert (broken.returncode, [problem["code"] for problem in report["problems"]]) == (1, ["seal_does_not_match"])


def test_seals_are_chained(books):
    business, _database = books
    with open_scope(business.pk):
        first, second, third = Seal.objects.order_by("number")
        assert (second.previous_digest, third.previous_digest) == (first.digest, second.digest)
        assert JournalEntry.objects.count() == 12
