"""The database gone for a while, or there and not answering: an honest 503, nothing lost, and all comes back by itself."""

from __future__ import annotations

import http.client
import json
import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from daybook.config.postgres import Cluster
from tests.faults.conftest import Proof, caller
from tests.support.caller import PASSWORD
from tests.support.forms import forms_of
from tests.support.live import wait_until_healthy
from tests.support.mailbox import Mailbox, mailbox
from tests.support.up import part, wait_for, web
from tests.support.work import Load, every

pytestmark = [pytest.mark.database, pytest.mark.faults]

STATEMENT_SECONDS = 1
# Its own limit, the grace above it, the look for another connection, the same once more for who waits for a thread,
# and what a busy machine adds.
BEARABLE_SECONDS = 20


@dataclass
class Place:
    """A web server and a worker on a database that is watched by nobody, and a mail server that counts."""

    cluster: Cluster
    port: int
    processes: list[int]
    mails: Mailbox
    log: Path

    def server_processes(self) -> list[int]:
        """Every process of the database, its first one at the end."""
        first = int((self.cluster.location / "pgdata" / "postmaster.pid").read_text().split("\n", 1)[0])
        own = [int(each) for each in Path(f"/proc/{first}/task/{first}/children").read_text().split()]
        return [*own, first]


@pytest.fixture(scope="module")
def place(data_dir: Path) -> Iterator[Place]:
    cluster = Cluster(data_dir)
    cluster.hold()
    log = data_dir.parent / "parts.log"
    with mailbox() as mails, ExitStack() as stack:
        environment = {
            "DATABASE_URL": cluster.url(),
            "DAYBOOK_DATA_DIR": str(data_dir),
            "DAYBOOK_STATEMENT_SECONDS": str(STATEMENT_SECONDS),
            "DAYBOOK_SMTP_URL": mails.url,
        }
        worker = stack.enter_context(part("worker", log=log, **environment))
        port = stack.enter_context(web(log=log, **environment))
        yield Place(cluster, port, [worker.pid], mails, log)
        assert worker.poll() is None, "the worker did not outlive the outage"
    cluster.start()
    cluster.release()


@pytest.fixture
def load(place: Place, operations: int) -> Load:
    return Load(caller(place.cluster.data_dir, place.port), operations).prepare()


@pytest.fixture
def seconds(long: bool) -> float:
    return 30 if long else 4


def page(
    port: int, path: str, *, cookies: str = "", token: str = "", form: dict[str, Any] | None = None
) -> tuple[int, Any, str]:
    """A page's status, headers and text, by a browser's means."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    headers = {"Cookie": cookies, "Authorization": f"Bearer {token}"}
    headers |= {"Content-Type": "application/x-www-form-urlencoded"} if form else {}
    try:
        connection.request("POST" if form else "GET", path, urlencode(form, doseq=True) if form else None, headers)
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read().decode()
    finally:
        connection.close()


def cookies_of(headers: Any) -> dict[str, str]:
    return dict(each.partition(";")[0].split("=", 1) for each in headers.get_all("Set-Cookie") or ())


def gone(place: Place, seconds: float, look: Callable[[], object]) -> Callable[[], None]:
    def deed() -> None:
        place.cluster.stop()
        began = time.monotonic()
        look()
        time.sleep(max(0.0, seconds - (time.monotonic() - began)))
        place.cluster.start()

    return deed


def test_database_gone_for_a_while_loses_nothing(place: Place, load: Load, prove: Proof, seconds: float) -> None:
    looked: list[tuple[int, Any, str]] = []

    def look() -> None:
        looked.append(page(place.port, "/b/faults/sign-in/"))
        looked.append(page(place.port, "/api/v1/me", token=load.api.token))

    load.run_until(0.4, gone(place, seconds, look))
    wait_until_healthy(place.port)
    prove(f"the database shut down for {seconds:g} s", load)
    (status, headers, text), (api_status, api_headers, problem) = looked
    assert (status, headers["Retry-After"], headers["Content-Type"]) == (503, "5", "text/html; charset=utf-8")
    assert "Daybook is not available at the moment" in text
    assert "Try again" in text
    assert (api_status, api_headers["Retry-After"], json.loads(problem)["code"]) == (503, "5", "not_available")
    assert load.refusals.keys() <= {"not_available"}, load.refusals


def test_mails_asked_for_around_an_outage_go_out(place: Place, load: Load, seconds: float) -> None:
    """The jobs wait with their rows, and the worker goes on by itself."""
    load.operations = 4
    load.run()
    payments = every(load.api, f"/payments?client={load.client}")
    for payment in payments[:2]:
        assert load.api.call("POST", f"/payments/{payment['id']}/send-receipt").status == 204
    gone(place, min(seconds, 2), lambda: None)()
    wait_until_healthy(place.port)
    for payment in payments[2:]:
        assert load.api.call("POST", f"/payments/{payment['id']}/send-receipt").status == 204
    assert wait_for(lambda: len(place.mails.mails) >= 4, 60), place.log.read_text()
    assert set(place.mails.subjects().values()) == {1}


def test_server_that_does_not_answer_holds_nobody_for_long(
    place: Place, load: Load, prove: Proof, seconds: float
) -> None:
    """Stopped, not dead: sockets stay open and nothing comes."""

    def stop_for_a_while() -> None:
        stopped = place.server_processes()
        for process in stopped:
            os.kill(process, signal.SIGSTOP)
        time.sleep(seconds + 2)
        for process in reversed(stopped):
            os.kill(process, signal.SIGCONT)

    load.run_until(0.4, stop_for_a_while)
    wait_until_healthy(place.port)
    prove(f"the database stopped (SIGSTOP) for {seconds + 2:g} s", load)
    assert load.retries > 0
    assert load.slowest < BEARABLE_SECONDS
    assert load.refusals.keys() <= {"not_available"}, load.refusals


def test_form_sent_into_an_outage_can_be_sent_again_and_is_done_once(place: Place, load: Load) -> None:
    client = load.client
    status, headers, text = page(place.port, "/b/faults/sign-in/")
    jar = cookies_of(headers)
    (form,) = forms_of(text, "/b/faults/sign-in/")
    values = form.values() | {"name": "ada", "password": PASSWORD}
    cookies = "; ".join(f"{name}={value}" for name, value in jar.items())
    status, headers, _ = page(place.port, "/b/faults/sign-in/", cookies=cookies, form=values)
    assert status == 302
    jar |= cookies_of(headers)
    cookies = "; ".join(f"{name}={value}" for name, value in jar.items())
    address = "/b/faults/accounting/payments/add/"
    status, _, text = page(place.port, address, cookies=cookies)
    assert status == 200
    form = next(each for each in forms_of(text, address) if "amount" in each.fields)
    values = form.values() | {"client": client, "amount": "12.50", "method": "cash", "reference": "typed with care"}
    place.cluster.stop()
    status, _, text = page(place.port, address, cookies=cookies, form=values)
    assert status == 503
    (again,) = forms_of(text, address)
    assert again.values()["reference"] == "typed with care"
    place.cluster.start()
    wait_until_healthy(place.port)
    for _ in range(2):
        assert page(place.port, again.action, cookies=cookies, form=again.values())[0] == 302
    assert len(every(load.api, f"/payments?client={client}")) == 1
