"""Two at once, forty at once: one right outcome each, the losers told, never a server error. Real server, real database."""

from __future__ import annotations

from typing import Any

from tests.support.caller import Caller, at_once, outcomes
from tests.support.desk import Desk

MANY = 40


def test_forty_overlapping_sessions_of_one_practitioner_leave_one(api: Caller) -> None:
    desk = Desk(api, "Overlap")
    answers = at_once(MANY, lambda n: api.call("POST", "/sessions", desk.session(9, n)))
    assert outcomes(answers) == {(201, ""): 1, (409, "double_booking"): MANY - 1}


def test_forty_sessions_of_one_who_leads_or_assists_leave_one(api: Caller) -> None:
    desk = Desk(api, "Together")
    pias = [api.made("/practitioners", {"first_name": "Pia", "last_name": f"T{n}"}) for n in range(MANY)]

    def people(n: int) -> list[str]:
        return [desk.practitioner, pias[n]] if n % 2 else [pias[n], desk.practitioner]

    answers = at_once(
        MANY,
        lambda n: api.call("POST", "/sessions", desk.session(9, n, practitioner=people(n)[0], practitioners=people(n))),
    )
    assert outcomes(answers) == {(201, ""): 1, (409, "double_booking"): MANY - 1}
    assert all("Pia Together" in each.body["detail"] for each in answers if each.status == 409)


def test_forty_sessions_in_one_exclusive_room_leave_one(api: Caller) -> None:
    desk = Desk(api, "Room")
    room = api.made("/locations", {"name": "Piano room", "capacity": 1})
    pias = [api.made("/practitioners", {"first_name": "Pia", "last_name": str(n)}) for n in range(MANY)]
    answers = at_once(
        MANY, lambda n: api.call("POST", "/sessions", desk.session(9, n, location=room, practitioner=pias[n]))
    )
    assert outcomes(answers) == {(201, ""): 1, (409, "double_booking"): MANY - 1}


def test_the_first_sessions_of_a_client_make_one_account(api: Caller) -> None:
    desk = Desk(api, "Account")
    pias = [api.made("/practitioners", {"first_name": "Pia", "last_name": f"A{n}"}) for n in range(8)]
    for hour in range(6, 16):
        client = api.made("/clients", {"first_name": "New", "last_name": str(hour)})
        answers = at_once(
            len(pias),
            lambda n, hour=hour, client=client: api.call(
                "POST", "/sessions", desk.session(hour, practitioner=pias[n], clients=[client])
            ),
        )
        assert outcomes(answers) == {(201, ""): len(pias)}
        assert api.call("GET", f"/clients/{client}/balance").body["scheduled"] == "320.00"


def test_forty_posts_under_one_key_do_it_once(api: Caller) -> None:
    desk = Desk(api, "Key")
    answers = at_once(MANY, lambda n: api.call("POST", "/sessions", desk.session(11), key="the-same"))
    assert outcomes(answers) == {(201, ""): MANY}
    assert len({each.body["id"] for each in answers}) == 1
    other = api.call("POST", "/sessions", desk.session(15), key="the-same")
    assert (other.status, other.code) == (409, "idempotency_conflict")


def test_forty_clients_of_one_user_name_leave_one(api: Caller) -> None:
    answers = at_once(
        MANY,
        lambda n: api.call(
            "POST",
            "/clients",
            {"first_name": "Leo", "last_name": str(n), "username": "leo", "password": "a long enough one"},
        ),
    )
    statuses = [each.status for each in answers]
    assert statuses.count(201) == 1
    assert set(statuses) <= {201, 409, 422}


def test_two_sessions_moved_onto_each_others_time_both_stay_or_one_is_told(api: Caller) -> None:
    desk = Desk(api, "Swap")
    for hour in range(6, 22, 4):
        first, second = (api.made("/sessions", desk.session(each)) for each in (hour, hour + 2))
        targets = {first: desk.session(hour + 2), second: desk.session(hour)}
        pairs = list(targets.items())

        def move(n: int, pairs: list[Any] = pairs) -> Any:
            session, target = pairs[n]
            return api.call(
                "PATCH", f"/sessions/{session}", {"starts_at": target["starts_at"], "ends_at": target["ends_at"]}
            )

        answers = at_once(2, move)
        assert outcomes(answers) == {(409, "double_booking"): 2}


def test_forty_invoices_have_the_numbers_one_to_forty(api: Caller) -> None:
    desk = Desk(api, "Invoice")
    line = {"description": "Book", "quantity": "1", "unit_amount": "12.00"}
    before = int(
        "".join(
            filter(str.isdigit, api.call("POST", "/invoices", {"client": desk.client, "lines": [line]}).body["number"])
        )
    )
    answers = at_once(MANY, lambda n: api.call("POST", "/invoices", {"client": desk.client, "lines": [line]}))
    assert outcomes(answers) == {(201, ""): MANY}
    numbers = sorted(int("".join(filter(str.isdigit, each.body["number"]))) for each in answers)
    assert numbers == list(range(before + 1, before + 1 + MANY))


def test_payments_of_one_invoice_at_once_never_overpay_it(api: Caller) -> None:
    desk = Desk(api, "Pay")
    invoice = api.call(
        "POST",
        "/invoices",
        {"client": desk.client, "lines": [{"description": "Book", "quantity": "1", "unit_amount": "10.00"}]},
    ).body["id"]
    payment = {
        "client": desk.client,
        "amount": "4.00",
        "method": "cash",
        "received_on": "2031-03-03",
        "invoice": invoice,
    }
    answers = at_once(8, lambda n: api.call("POST", "/payments", payment))
    assert all(each.status in (201, 409, 422) for each in answers)
    taken = sum(each.status == 201 for each in answers)
    found = api.call("GET", f"/invoices/{invoice}").body
    assert float(found["paid"]) <= 10.0
    balance = api.call("GET", f"/clients/{desk.client}/balance").body
    assert balance["payments"] == f"{4 * taken}.00"
    assert api.call("GET", "/ledger/check").body["balanced"] is True


def test_the_same_session_completed_by_many_at_once_is_charged_once(api: Caller) -> None:
    desk = Desk(api, "Complete")
    session = api.made(
        "/sessions", desk.session(9, starts_at="2026-03-03T09:00:00+01:00", ends_at="2026-03-03T10:00:00+01:00")
    )
    answers = at_once(10, lambda n: api.call("POST", f"/sessions/{session}/complete", {"completion_type": "completed"}))
    found = outcomes(answers)
    assert found.pop((200, ""), 0) + found.pop((201, ""), 0) == 1
    assert found == {(409, "already_completed"): 9}
    assert api.call("GET", f"/clients/{desk.client}/balance").body["costs"] == "40.00"
