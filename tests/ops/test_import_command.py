"""`daybook import` as programs use it: exit codes, one line of JSON, and nothing undone by a reader that hangs up."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from daybook.people.models import User
from daybook.tenancy.models import Business
from daybook.tenancy.scope import open_scope
from tests.factories.businesses import make_business
from tests.support.databases import Database

CLIENTS = "First name,Last name,Email\nIda,Berg,ida@example.org\nTom,Reed,tom@example.org\n"
FAULTY = CLIENTS + "Una,Low,no-address\n"


@pytest.fixture
def business_of_command(real_database: Database) -> Business:
    return make_business()


def call(database: Database, *arguments: object, stdout: Any = subprocess.PIPE) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "daybook.ops", "import", *map(str, arguments)],
        env=database.environment, stdout=stdout, stderr=subprocess.PIPE, text=True, timeout=120, check=False,
    )  # fmt: skip


def file(folder: Path, text: str, name: str = "clients.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def clients(business: Business) -> int:
    with open_scope(business.pk):
        return User.objects.filter(role="client").count()


def test_import_and_undo_as_written_in_the_contract(
    real_database: Database, business_of_command: Business, tmp_path: Path
) -> None:
    business = business_of_command
    named = ("--business", business.slug, "--json")

    refused = call(real_database, *named, file(tmp_path, FAULTY, "faulty.csv"))
    answer = json.loads(refused.stdout.splitlines()[-1])
    assert (refused.returncode, answer["created"], clients(business)) == (1, 0, 0)
    assert [(each["row"], each["column"]) for each in answer["errors"]] == [(4, "Email")]
    assert "no-address" in answer["errors"][0]["message"]

    dry = call(real_database, *named, "--dry-run", file(tmp_path, CLIENTS))
    assert (dry.returncode, json.loads(dry.stdout)["created"], clients(business)) == (0, 2, 0)

    done = call(real_database, *named, "--layout", "auto", file(tmp_path, CLIENTS))
    answer = json.loads(done.stdout.splitlines()[-1])
    assert set(answer) == {"import", "layout", "rows", "created", "matched", "skipped", "errors", "totals"}
    assert (done.returncode, answer["layout"], answer["rows"], answer["created"]) == (0, "daybook-clients", 2, 2)
    assert answer["totals"] == {"theirs": "2", "ours": "2"}
    assert clients(business) == 2

    assert call(real_database, "--undo", answer["import"]).returncode == 0
    assert clients(business) == 0


def test_files_that_cannot_be_read_exit_with_two(
    real_database: Database, business_of_command: Business, tmp_path: Path
) -> None:
    named = ("--business", business_of_command.slug, "--json")
    for path in (file(tmp_path, "", "empty.csv"), file(tmp_path, "%PDF-1.4", "page.csv"), tmp_path / "missing.csv"):
        answer = call(real_database, *named, path)
        assert answer.returncode == 2
        assert json.loads(answer.stdout.splitlines()[-1])["import"] is None
        assert "Traceback" not in answer.stderr


def test_a_reader_that_hangs_up_takes_nothing_back(
    real_database: Database, business_of_command: Business, tmp_path: Path
) -> None:
    path = file(tmp_path, CLIENTS)
    reader = subprocess.Popen(["true"], stdin=subprocess.PIPE)
    reader.wait()
    assert reader.stdin is not None
    call(real_database, "--business", business_of_command.slug, path, stdout=reader.stdin)
    reader.stdin.close()
    assert clients(business_of_command) == 2


def test_layouts_are_listed_without_a_database(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "daybook.ops", "import", "--layouts"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    names = [line.split()[0] for line in done.stdout.splitlines()]
    assert done.returncode == 0
    assert {"acuity-clients", "teachworks-students", "mindbody-sales", "easyappointments", "daybook-payments"} <= set(
        names
    )
