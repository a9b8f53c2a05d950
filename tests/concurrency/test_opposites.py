"""Verbs that do not go together, at the same moment on the same thing: one order of them is what happened, and the books say it."""

from __future__ import annotations

import base64
import itertools
from collections.abc import Iterable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection

from daybook.tenancy.scope import open_scope
from tests.support.caller import Answered, Caller, at_once, outcomes
from tests.support.desk import PAST, Desk

MANY = 40
_names = itertools.count()


@pytest.fixture
def desk(api: Caller) -> Desk:
    return Desk(api, f"Desk {next(_names)}")


def sql(statement: str, *values: object) -> list[tuple[Any, ...]]:
    with open_scope(slug="races"), connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall()


def told(answers: Iterable[Answered], *expected: tuple[int, str]) -> dict[tuple[int, str], int]:
    """How often each outcome came. Nothing else than what is expected may come, a server error least of all."""
    found = outcomes(list(answers))
    assert found.keys() <= set(expected), found
    return found


def test_sessions_added_while_the_buffers_of_their_service_grow_keep_them(api: Caller, desk: Desk) -> None:
    def run(n: int) -> Answered:
        if n % 4 == 0:
            return api.call("PATCH", f"/services/{desk.service}", {"buffer_after": n % 3 * 15, "cost": f"{n}.00"})
        return api.call("POST", "/sessions", desk.session(n % 23, day=f"2031-03-{4 + n // 23:02}"))

    answers = at_once(MANY, run)
    told(answers[::4], (200, ""), (409, "would_overlap"))
    told((each for n, each in enumerate(answers) if n % 4), (201, ""), (409, "double_booking"))

    service = api.call("GET", f"/services/{desk.service}").body
    taken = sql(
        "select upper(o.span) - s.ends_at from scheduling_session s join scheduling_occupancy o on o.session_id = s.id where s.service_id = %s",
        desk.service,
    )
    added = [each for n, each in enumerate(answers) if n % 4 and each.status == 201]
    assert len(taken) == len(added)
    assert {row[0] for row in taken} == {timedelta(minutes=service["buffer_after"])}
    assert Decimal(desk.balance()["scheduled"]) == len(added) * Decimal(service["cost"])
    assert desk.is_balanced()


def test_session_completed_moved_and_deleted_at_once_ends_one_way(api: Caller, desk: Desk, rounds: int) -> None:
    charged = 0
    for day in range(1, rounds + 1):
        session = api.made("/sessions", desk.session(9, day=f"2026-03-{day:02}"))
        path = f"/sessions/{session}"
        moved = desk.session(15, day=f"2026-03-{day:02}")
        deeds = [
            ("POST", f"{path}/complete", {"completion_type": "completed"}),
            ("PATCH", path, {"starts_at": moved["starts_at"], "ends_at": moved["ends_at"]}),
            ("DELETE", path, None),
        ]
        answers = at_once(9, lambda n, deeds=deeds: api.call(*deeds[n % 3]))  # type: ignore[misc]
        gone = (404, "not_found")
        completed = told(answers[0::3], (200, ""), (409, "already_completed"), gone).get((200, ""), 0)
        told(answers[1::3], (200, ""), (409, "already_completed"), gone)
        deleted = told(answers[2::3], (204, ""), (409, "has_history"), gone).get((204, ""), 0)
        assert completed + deleted == 1
        found = api.call("GET", path)
        assert found.status == (404 if deleted else 200)
        charged += completed
    assert desk.balance()["costs"] == f"{40 * charged}.00"
    assert desk.balance()["scheduled"] == "0.00"
    assert desk.is_balanced()


def test_the_same_sessions_completed_in_bulk_by_four_are_each_charged_once(
    api: Caller, desk: Desk, request: pytest.FixtureRequest
) -> None:
    days = 25 if request.config.getoption("--long") else 8
    ids = [
        api.made("/sessions", desk.session(hour, day=f"2026-01-{day:02}"))
        for day in range(1, days + 1)
        for hour in range(8, 16)
    ]
    orders = [ids, ids[::-1], ids[1::2] + ids[::2], ids]
    answers = at_once(4, lambda n: api.call("POST", "/sessions/bulk", {"ids": orders[n], "action": "complete"}))
    assert outcomes(answers) == {(200, ""): 4}
    items = [item for each in answers for item in each.body["items"]]
    assert sorted(item["id"] for item in items if item["ok"]) == sorted(ids)
    assert {item["problem"]["code"] for item in items if not item["ok"]} == {"already_completed"}
    assert desk.balance()["costs"] == f"{40 * len(ids)}.00"
    assert desk.is_balanced()


def test_invoice_paid_and_voided_at_once_frees_what_was_paid(api: Caller, desk: Desk, rounds: int) -> None:
    line = {"description": "Book", "quantity": 1, "unit_amount": "10.00"}
    received = 0
    for _ in range(rounds):
        invoice = api.made("/invoices", {"client": desk.client, "lines": [line]})
        answers = at_once(
            6,
            lambda n, invoice=invoice: (  # type: ignore[misc]
                api.call("POST", f"/invoices/{invoice}/void")
                if n % 3 == 0
                else api.call("POST", f"/invoices/{invoice}/pay", {"amount": "4.00", "method": "cash"})
            ),
        )
        assert told(answers[::3], (200, ""), (409, "invoice_void"))[200, ""] == 1
        paid = told(
            (each for n, each in enumerate(answers) if n % 3), (200, ""), (409, "invoice_void"), (409, "invoice_paid")
        )
        received += 4 * paid.get((200, ""), 0)
        found = api.call("GET", f"/invoices/{invoice}").body
        assert (found["status"], found["paid"]) == ("void", "0.00")
    assert (desk.balance()["payments"], desk.balance()["costs"]) == (f"{received}.00", "0.00")
    assert desk.is_balanced()


def test_the_same_file_taken_in_by_several_at_once_goes_in_once_and_is_undone_once(api: Caller) -> None:
    rows = "".join(f"Ida,Import {n},ida{n}@example.org\n" for n in range(60))
    content = base64.b64encode(f"First name,Last name,E-mail\n{rows}".encode()).decode()
    body = {"layout": "daybook-clients", "file_name": "clients.csv", "content": content}
    answers = at_once(6, lambda n: api.call("POST", "/imports", body))
    assert outcomes(answers) == {(201, ""): 6}
    assert sorted(each.body["created"] for each in answers) == [0] * 5 + [60]
    assert {each.body["created"] + each.body["skipped"] + each.body["matched"] for each in answers} == {60}
    assert len(api.call("GET", "/clients?q=Import&first_name=Ida&limit=500").body["items"]) == 60

    made = next(each.body["id"] for each in answers if each.body["created"])
    undone = at_once(6, lambda n: api.call("POST", f"/imports/{made}/undo"))
    assert told(undone, (200, ""), (409, "import_not_ready"), (409, "cannot_undo"))[200, ""] == 1
    assert api.call("GET", "/clients?q=Import&first_name=Ida&limit=500").body["items"] == []


def test_client_made_inactive_while_sessions_are_added_gets_none_afterwards(api: Caller, desk: Desk) -> None:
    def run(n: int) -> Answered:
        if n == MANY // 2:
            return api.call("PATCH", f"/clients/{desk.client}", {"status": "inactive"})
        return api.call("POST", "/sessions", desk.session(n % 20, day=f"2031-04-{1 + n // 20:02}"))

    answers = at_once(MANY, run)
    assert answers[MANY // 2].status == 200
    told((each for each in answers if each is not answers[MANY // 2]), (201, ""), (409, "client_not_active"))
    assert api.call("POST", "/sessions", desk.session(9, day="2031-05-05")).code == "client_not_active"
    assert desk.is_balanced()


@pytest.mark.parametrize("kind", ["clients", "practitioners", "services", "locations"])
def test_thing_deleted_while_a_session_is_added_to_it_is_gone_or_in_use(
    api: Caller, desk: Desk, rounds: int, kind: str
) -> None:
    """Never both: a session that is there on something that is not."""
    field = {"clients": "clients", "practitioners": "practitioner", "services": "service", "locations": "location"}[
        kind
    ]
    bodies = {
        "clients": {"first_name": "Ann"},
        "practitioners": {"first_name": "Ben"},
        "services": {"name": "Brief", "kind": "fixed", "cost": "1.00", "wage": "0.00", "minutes": 60},
        "locations": {"name": "Shed"},
    }
    for number in range(rounds):
        made = api.made(f"/{kind}", bodies[kind] | ({"name": f"{kind} {number}"} if "name" in bodies[kind] else {}))
        body = desk.session(
            number % 20, day=f"2031-06-{1 + number // 20:02}", **{field: [made] if kind == "clients" else made}
        )
        added, deleted = at_once(
            2,
            lambda n, made=made, body=body: (  # type: ignore[misc]
                api.call("DELETE", f"/{kind}/{made}") if n else api.call("POST", "/sessions", body)
            ),
        )
        assert (added.status, deleted.status) in {(201, 409), (404, 204), (409, 204), (422, 204)}, (added, deleted)
        if deleted.status == 409:
            assert deleted.code in ("has_history", "in_use")
    assert desk.is_balanced()


def test_client_deleted_while_it_pays_is_gone_or_has_paid(api: Caller, rounds: int) -> None:
    for number in range(rounds):
        client = api.made("/clients", {"first_name": "Ann", "last_name": str(number)})
        payment = {"client": client, "amount": "5.00", "method": "cash"}
        paid, deleted = at_once(
            2,
            lambda n, client=client, payment=payment: (  # type: ignore[misc]
                api.call("DELETE", f"/clients/{client}") if n else api.call("POST", "/payments", payment)
            ),
        )
        assert (paid.status, deleted.status) in {(201, 409), (404, 204)}, (paid, deleted)
    assert api.call("GET", "/ledger/check").body["balanced"] is True


def test_completion_type_changed_while_sessions_are_completed_by_it_charges_one_or_the_other(
    api: Caller, desk: Desk
) -> None:
    kind = api.made(
        "/completion-types",
        {"status": "missed", "label": f"Half {next(_names)}", "modifier": "percentage", "client_modifier": 50},
    )
    ids = [api.made("/sessions", desk.session(hour, day=PAST)) for hour in range(8, 20)]

    def run(n: int) -> Answered:
        if n == 6:
            return api.call("PATCH", f"/completion-types/{kind}", {"client_modifier": 25})
        return api.call("POST", f"/sessions/{ids[n % 12]}/complete", {"completion_type": kind})

    answers = at_once(12, run)
    assert outcomes(answers) == {(200, ""): 12}
    costs = {each.body["participants"][0]["cost"] for n, each in enumerate(answers) if n != 6}
    assert costs <= {"20.00", "10.00"}
    assert desk.is_balanced()


def test_what_was_removed_and_is_brought_back_by_many_at_once_comes_back_once(api: Caller, desk: Desk) -> None:
    wage = {"practitioner": desk.practitioner, "service": desk.service, "wage": "21.00"}
    cost = {"client": desk.client, "service": desk.service, "cost": "39.00"}
    closure = {"name": "Off", "starts_on": "2031-12-24", "ends_on": "2031-12-26"}
    for path, body in (("/wage-rates", wage), ("/client-rates", cost), ("/closures", closure)):
        made = api.made(path, body)
        assert api.call("DELETE", f"{path}/{made}").status == 204
        answers = at_once(8, lambda n, path=path, made=made: api.call("POST", f"{path}/{made}/recover"))  # type: ignore[misc]
        assert told(answers, (200, ""), (404, "not_found"))[200, ""] == 1
        assert api.call("GET", f"{path}/{made}").status == 200
