"""The clock of the servers set back by two hours and forward by two days in the middle of work; the database's is not."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.faults.conftest import Proof
from tests.faults.test_outage import cookies_of, page
from tests.support.caller import PASSWORD, Caller, caller_of_new_business
from tests.support.databases import Database, copied_database, used_by_django
from tests.support.forms import forms_of
from tests.support.mailbox import Mailbox, mailbox
from tests.support.up import part, wait_for, web
from tests.support.work import Load, every

pytestmark = [pytest.mark.database, pytest.mark.faults]

CLOCK = Path(__file__).resolve().parents[1] / "support" / "clock"
HOUR, DAY = 3600, 86_400
BACK, AHEAD = -2 * HOUR, 2 * DAY


@dataclass(frozen=True)
class Place:
    api: Caller
    clock: Path
    mails: Mailbox
    log: Path

    def set(self, seconds: int) -> None:
        draft = self.clock.with_suffix(".new")
        draft.write_text(str(seconds))
        draft.replace(self.clock)
        assert wait_for(lambda: all(each.read_text() == str(seconds) for each in self._taken()), 20)

    def _taken(self) -> list[Path]:
        """What each living process says of its clock."""
        said = [each for each in self.clock.parent.glob("clock.*") if each.suffix[1:].isdecimal()]
        return [each for each in said if Path(f"/proc/{each.suffix[1:]}").exists()]


@pytest.fixture(scope="module")
def place(
    cluster: Any, template: str, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Place]:
    folder = tmp_path_factory.mktemp("clock")
    with (
        copied_database(cluster, template, "clock") as database,
        django_db_blocker.unblock(),
        used_by_django(database),
        mailbox() as mails,
        ExitStack() as stack,
    ):
        environment = environment_of(database, folder, mails)
        stack.enter_context(part("worker", log=folder / "log", **environment))
        port = stack.enter_context(web(log=folder / "log", **environment))
        yield Place(caller_of_new_business(port, slug="clock"), folder / "clock", mails, folder / "log")


def environment_of(database: Database, folder: Path, mails: Mailbox) -> dict[str, str]:
    (folder / "clock").write_text("0")
    known = os.environ.get("PYTHONPATH")
    return {
        "DATABASE_URL": database.url,
        "DAYBOOK_SMTP_URL": mails.url,
        "TEST_CLOCK": str(folder / "clock"),
        "PYTHONPATH": os.pathsep.join([str(CLOCK), *([known] if known else [])]),
    }


@pytest.fixture(autouse=True)
def right_at_first(place: Place) -> None:
    place.set(0)


def test_jumping_clock_loses_nothing(place: Place, operations: int, prove: Proof) -> None:
    load = Load(place.api, operations).prepare()
    jumps = iter((BACK, AHEAD, 0))
    numbers: list[str] = []
    days: list[date] = []

    def jump() -> None:
        place.set(next(jumps))
        lines = [{"description": "A book", "quantity": "1", "unit_amount": "10.00"}]
        made = place.api.call("POST", "/invoices", {"client": load.client, "lines": lines}).body
        issued = place.api.call("POST", f"/invoices/{made['id']}/issue").body
        numbers.append(issued["number"])
        days.append(date.fromisoformat(issued["issued_on"]))
        assert place.api.call("GET", "/ledger/check").body["balanced"] is True

    load.run_until(0.1, jump, times=3)
    prove("the servers' clock back by 2 hours, forward by 2 days, and right again", load)
    assert load.retries == 0
    assert (days[1] - days[2]).days in (1, 2), "the clock did not jump"
    counted = [int("".join(filter(str.isdigit, number[-6:]))) for number in numbers]
    assert counted == list(range(counted[0], counted[0] + 3)), numbers


def test_key_and_hour_stay_taken_whatever_the_clock_says(place: Place) -> None:
    load = Load(place.api, 4).prepare()
    body = load._session(0, 0)
    first = place.api.call("POST", "/sessions", body, key="the same")
    assert first.status == 201
    for seconds in (BACK, AHEAD):
        place.set(seconds)
        assert place.api.call("POST", "/sessions", body, key="the same").body["id"] == first.body["id"]
        again = place.api.call("POST", "/sessions", body, key=f"another {seconds}")
        assert (again.status, again.code) == (409, "double_booking")
    assert len(every(place.api, f"/sessions?client={load.client}")) == 1


def test_history_stands_in_the_order_of_what_happened(place: Place) -> None:
    client = place.api.made("/clients", {"first_name": "First"})
    for seconds, name in ((AHEAD, "Second"), (BACK, "Third"), (0, "Fourth")):
        place.set(seconds)
        assert place.api.call("PATCH", f"/clients/{client}", {"first_name": name}).status == 200
    changes = every(place.api, f"/audit?record={client}")
    named = [each["changes"]["first_name"] for each in changes if "first_name" in (each["changes"] or {})]
    assert named == [["Third", "Fourth"], ["Second", "Third"], ["First", "Second"]]


def test_mails_asked_for_around_jumps_go_out_once(place: Place) -> None:
    load = Load(place.api, 4, callers=1).prepare()
    load.run()
    before = len(place.mails.mails)
    payments = [each["id"] for each in every(place.api, f"/payments?client={load.client}")]
    for payment, seconds in zip(payments, (0, AHEAD, BACK, 0), strict=True):
        place.set(seconds)
        assert place.api.call("POST", f"/payments/{payment}/send-receipt").status == 204
    assert wait_for(lambda: len(place.mails.mails) >= before + 4, 30), place.log.read_text()
    assert set(place.mails.subjects().values()) == {1}


def test_token_outlives_every_jump_and_a_login_ends_by_its_time(place: Place) -> None:
    port, address = place.api.port, "/b/clock/sign-in/"
    place.api.made("/staff", {"first_name": "Sam", "role": "staff", "username": "sam", "password": PASSWORD})
    _, headers, text = page(port, address)
    jar = cookies_of(headers)
    form = forms_of(text, address)[0].values() | {"name": "sam", "password": PASSWORD}
    status, headers, _ = page(port, address, cookies=_joined(jar), form=form)
    assert status == 302
    cookies = _joined(jar | cookies_of(headers))
    for seconds, signed_in in ((BACK, True), (AHEAD, True), (365 * DAY, False), (0, True)):
        place.set(seconds)
        assert place.api.call("GET", "/me").status == 200
        assert (page(port, "/b/clock/clients/", cookies=cookies)[0] == 200) is signed_in


def _joined(jar: dict[str, str]) -> str:
    return "; ".join(f"{name}={value}" for name, value in jar.items())
