"""Two web servers and two workers on one database: nothing twice, and what one is told the other knows at once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from daybook.people.actors import issue_token
from daybook.tenancy.scope import open_scope
from tests.faults.conftest import Proof
from tests.support.caller import Caller, caller_of_new_business
from tests.support.databases import copied_database, used_by_django
from tests.support.mailbox import Mailbox, mailbox
from tests.support.up import daybook, part, wait_for, web
from tests.support.work import Load, every

pytestmark = [pytest.mark.database, pytest.mark.faults]


@dataclass(frozen=True)
class Two:
    """The same token at two servers."""

    one: Caller
    other: Caller
    mails: Mailbox
    log: Path
    environment: dict[str, str]


@pytest.fixture(scope="module")
def two(cluster: Any, template: str, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Two]:
    log = tmp_path_factory.mktemp("two") / "log"
    with (
        copied_database(cluster, template, "two_servers") as database,
        django_db_blocker.unblock(),
        used_by_django(database),
        mailbox() as mails,
        ExitStack() as stack,
    ):
        environment = {"DATABASE_URL": database.url, "DAYBOOK_SMTP_URL": mails.url, "DAYBOOK_WEB_WORKERS": "1"}
        for _ in range(2):
            stack.enter_context(part("worker", log=log, **environment))
        ports = [stack.enter_context(web(log=log, **environment)) for _ in range(2)]
        one = caller_of_new_business(ports[0], slug="two")
        yield Two(one, replace(one, port=ports[1]), mails, log, environment)


def test_eight_callers_over_two_servers_and_each_job_once(two: Two, operations: int, prove: Proof) -> None:
    load = Load(two.one, operations, ports=(two.one.port, two.other.port), callers=8).prepare()
    load.run()
    prove("no fault: two web servers, two workers, eight callers", load)
    assert load.retries == 0, load.refusals
    payments = [each["id"] for each in every(two.one, f"/payments?client={load.client}")]
    for number, payment in enumerate(payments):
        server = (two.one, two.other)[number % 2]
        assert server.call("POST", f"/payments/{payment}/send-receipt").status == 204
    assert wait_for(lambda: len(two.mails.mails) >= len(payments), 60), two.log.read_text()
    subjects = two.mails.subjects()
    assert (len(subjects), set(subjects.values())) == (len(payments), {1})
    checked = daybook("check-ledger", **two.environment)
    assert (checked.returncode, "balanced" in checked.stdout) == (0, True), checked.stdout


@pytest.fixture
def staff(two: Two) -> tuple[str, Two]:
    """Somebody of the staff, with a token of their own."""
    made = {
        "first_name": "Sam",
        "last_name": "Stone",
        "role": "staff",
        "username": f"sam{len(every(two.one, '/staff'))}",
    }
    user = two.one.made("/staff", made)
    with open_scope(slug="two"):
        token = issue_token(user_id=user, now=datetime.now(UTC))
    return user, replace(two, one=replace(two.one, token=token), other=replace(two.other, token=token))


def test_permission_taken_through_one_server_is_gone_at_the_other(two: Two, staff: tuple[str, Two]) -> None:
    user, own = staff
    assert two.one.call("PATCH", f"/users/{user}/permissions", {"import_data": True}).status == 200
    assert [each.call("GET", "/imports").status for each in (own.other, own.one)] == [200, 200]
    assert two.one.call("PATCH", f"/users/{user}/permissions", {"import_data": False}).status == 200
    assert [each.call("GET", "/imports").status for each in (own.other, own.one)] == [403, 403]


def test_who_is_made_inactive_at_one_server_is_out_at_the_other(two: Two, staff: tuple[str, Two]) -> None:
    user, own = staff
    assert own.other.call("GET", "/me").status == 200
    assert two.one.call("POST", "/users/status", {"users": [user], "status": "inactive"}).status == 200
    assert [each.call("GET", "/me").status for each in (own.other, own.one)] == [401, 401]
    assert two.other.call("POST", "/users/status", {"users": [user], "status": "active"}).status == 200
    assert own.one.call("GET", "/me").status == 200


def test_words_set_at_one_server_are_said_by_the_other(two: Two) -> None:
    for word in ("pupil", "musician"):
        said = {"client": {"singular": word, "plural": f"{word}s"}}
        assert two.one.call("PUT", "/settings/terms", said).status == 200
        assert two.other.call("GET", "/settings/terms").body["client"]["singular"] == word
    assert two.one.call("PATCH", "/business", {"name": "Renamed"}).status == 200
    assert two.other.call("GET", "/business").body["name"] == "Renamed"


def test_web_server_refuses_tables_of_another_version(two: Two) -> None:
    """It neither migrates nor serves what it does not know."""
    import psycopg

    with psycopg.connect(two.environment["DATABASE_URL"], autocommit=True) as owner:
        (kept,) = owner.execute("select obj_description('django_migrations'::regclass, 'pg_class')").fetchone() or ("",)
        owner.execute("comment on table django_migrations is 'another'")
        refused = daybook("web", "--port", "1024", **two.environment)
        owner.execute(f"comment on table django_migrations is '{kept}'")
    assert refused.returncode == 1
    assert refused.stderr == (
        "daybook: The tables are not those of this version. Run `daybook migrate` once, then start again.\n"
    )
