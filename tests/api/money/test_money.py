"""Balances, statements, payments, invoices, the outbox and the ledger's proof, as programs see them."""

import pytest

from daybook.core.ids import new_id
from daybook.ledger import rules as ledger_rules
from daybook.ledger.services import post
from daybook.people.models import User
from daybook.tenancy.actor import COMMAND
from tests.api.client import caller_for
from tests.factories.money import NOW, TODAY, make_client, make_session


@pytest.fixture
def client(business):
    return make_client()


def pay(api, client, amount="40.00", **more):
    return api.post("/payments", {"client": str(client.pk), "amount": amount, "method": "cash", **more})


def draft(api, client, **more):
    lines = [{"description": "Books", "quantity": 2, "unit_amount": "10.00", "tax_rate": "19"}]
    body = {"client": str(client.pk), **(more or {"lines": lines})}
    answer = api.post("/invoices", body)
    assert answer.status == 201, answer.body
    return answer.body


def test_balance_of_a_client_with_its_explanation(api, client):
    make_session(client, cost=5_000, tax=950)
    make_session(client, cost=3_000, status="open")
    assert pay(api, client).status == 201
    found = api.get(f"/clients/{client.pk}/balance").body
    amounts = {name: found[name] for name in ("payments", "costs", "scheduled", "balance", "available_credit")}
    assert amounts == {
        "payments": "40.00",
        "costs": "59.50",
        "scheduled": "30.00",
        "balance": "-19.50",
        "available_credit": "-49.50",
    }
    assert [step["code"] for step in found["explain"]] == [
        "payments",
        "costs",
        "balance",
        "scheduled",
        "available_credit",
    ]


def test_statement_is_newest_last_and_pages_back(api, client):
    for amount in ("1.00", "2.00", "3.00"):
        pay(api, client, amount)
    last = api.get(f"/clients/{client.pk}/statement?limit=2").body
    assert [entry["balance"] for entry in last["entries"]] == ["3.00", "6.00"]
    first = api.get(f"/clients/{client.pk}/statement?limit=2&cursor={last['next_cursor']}").body
    assert ([entry["balance"] for entry in first["entries"]], first["next_cursor"]) == (["1.00"], None)
    assert api.get(f"/clients/{client.pk}/statement?cursor=WzEsMl0").status == 422


def test_balances_of_all_in_pages(api, client):
    make_session(make_client(first_name="Owen", last_name="Aardvark"), cost=700)
    found = api.get("/balances?limit=1").body
    assert (found["items"][0]["name"], found["items"][0]["balance"]) == ("Owen Aardvark", "-7.00")
    assert len(api.get(f"/balances?cursor={found['next_cursor']}").body["items"]) == 1
    assert [row["name"] for row in api.get("/balances?owing=true").body["items"]] == ["Owen Aardvark"]


def test_payment_goes_its_way(api, client):
    made = pay(api, client, reference="Slip 7").body
    assert (made["status"], made["receipt_number"], made["credit"]) == ("received", "R-0001", "40.00")
    back = api.post(f"/payments/{made['id']}/refund", {"amount": "15.00"}).body
    assert (back["status"], back["refunded"], len(back["refunds"])) == ("partly_refunded", "15.00", 1)
    refused = api.post(f"/payments/{made['id']}/refund", {"amount": "30.00"})
    assert (refused.status, refused.code) == (409, "refund_too_large")
    assert "€25.00" in refused.body["detail"]
    assert api.delete(f"/payments/{made['id']}").code == "payment_refunded"
    document = api.get(f"/payments/{made['id']}/receipt.pdf")
    assert document.response["Content-Type"] == "application/pdf"
    assert document.response.content.startswith(b"%PDF")


def test_deleted_payment_leaves_the_list_and_comes_back(api, client):
    made = pay(api, client).body
    assert api.delete(f"/payments/{made['id']}").status == 204
    assert api.get("/payments").body["items"] == []
    assert [row["id"] for row in api.get("/payments?deleted=true").body["items"]] == [made["id"]]
    assert api.post(f"/payments/{made['id']}/recover").body["status"] == "received"


def test_bulk_is_all_or_none_by_row(api, client):
    good = {"client": str(client.pk), "amount": "5.00", "method": "cash"}
    refused = api.post("/payments/bulk", [good, {**good, "client": "01a20096-8298-7642-a9a5-2bf3daa2ebd8"}])
    assert (refused.status, refused.body["errors"][0]["field"]) == (422, "1.client")
    assert len(api.post("/payments/bulk", [good, good]).body["items"]) == 2


def test_same_key_is_one_payment(api, client):
    body = {"client": str(client.pk), "amount": "5.00", "method": "cash"}
    first = api.post("/payments", body, key="k1").body
    assert api.post("/payments", body, key="k1").body == first
    assert len(api.get("/payments").body["items"]) == 1


def test_invoice_goes_its_way(api, client):
    made = draft(api, client)
    assert (made["number"], made["status"], made["total"], made["due"]) == ("INV-0001", "draft", "23.80", "23.80")
    assert made["lines"][0]["quantity"] == 2
    sent = api.post(f"/invoices/{made['id']}/send").body
    assert sent["status"] == "sent"
    partly = api.post(f"/invoices/{made['id']}/pay", {"amount": "3.80", "method": "card"}).body
    assert (partly["status"], partly["due"]) == ("partly_paid", "20.00")
    assert api.post(f"/invoices/{made['id']}/pay", {}).body["status"] == "paid"
    assert api.post(f"/invoices/{made['id']}/pay", {}).code == "invoice_paid"
    assert api.post(f"/invoices/{made['id']}/void").body["status"] == "void"
    assert api.post(f"/invoices/{made['id']}/send").code == "invoice_void"
    assert api.get(f"/invoices/{made['id']}.pdf").response.content.startswith(b"%PDF")
    assert api.patch(f"/invoices/{made['id']}", {"note": "x"}).code == "invoice_issued"


def test_invoice_from_a_period_and_many_at_once(api, client):
    make_session(client, cost=5_000)
    other = make_client()
    make_session(other, cost=700)
    march = {"from": "2026-03-01", "to": "2026-03-31"}
    made = draft(api, client, **march, basis="completed")
    assert (made["total"], made["lines"][0]["date"]) == ("50.00", "2026-03-02")
    again = api.post("/invoices", {"client": str(client.pk), **march})
    assert (again.status, again.code) == (409, "nothing_to_invoice")
    many = api.post("/invoices/bulk", march).body["items"]
    assert [(row["client"], row["invoice"]["total"]) for row in many] == [(str(other.pk), "7.00")]


@pytest.mark.parametrize(
    "change",
    [
        {"lines": []},
        {"lines": [{"description": "a", "unit_amount": "1.00", "quantity": "NaN"}]},
        {"lines": [{"description": "a", "unit_amount": "1.00", "quantity": 1e300}]},
        {"lines": [{"description": "a\x00", "unit_amount": "1.00"}]},
        {"lines": [{"description": "a", "unit_amount": "1.001"}]},
        {"from": "2026-03-01"},
        {"from": "2026-03-31", "to": "2026-03-01"},
        {"from": "0001-01-01", "to": "9999-12-31"},
        {"lines": [{"description": "a", "unit_amount": "1.00"}], "due_on": "1900-01-01"},
        {"lines": [{"description": "a", "unit_amount": "1.00"}], "from": "2026-03-01", "to": "2026-03-02"},
    ],
)
def test_invoice_of_nonsense_is_422(api, client, change):
    answer = api.post("/invoices", {"client": str(client.pk), **change})
    assert answer.status == 422, answer.body
    assert answer.body["errors"]


def test_outbox_holds_the_invoice_and_sends_it_again(api, client):
    made = draft(api, client)
    api.post(f"/invoices/{made['id']}/send")
    [message] = api.get("/outbox").body["items"]
    assert (message["status"], message["to_address"], message["attachment"]) == (
        "waiting",
        client.email,
        "INV-0001.pdf",
    )
    assert "€23.80" in message["body"]
    assert api.post(f"/outbox/{message['id']}/resend").body["status"] == "waiting"


def test_ledger_check_and_reports(api, client):
    pay(api, client)
    found = api.get("/ledger/check").body
    assert (found["balanced"], found["transactions"], found["entries"], found["problems"]) == (True, 1, 2, [])
    make_session(client, cost=700)
    report = api.get("/reports/service-spending?from=2026-03-01&to=2026-03-31").body
    assert report["totals"]["cost"] == "7.00"
    assert api.get("/reports/wages?from=2026-03-02&to=2026-03-01").status == 422


@pytest.mark.parametrize("rows", [1, 3])
def test_lists_take_the_same_queries_for_any_number(api, client, rows, django_assert_max_num_queries):
    for _ in range(rows):
        made = draft(api, client)
        api.post(f"/invoices/{made['id']}/pay", {})
    for path in ("/payments", "/invoices", "/outbox", "/balances"):
        with django_assert_max_num_queries(10):
            assert api.get(path).status == 200


def test_others_see_their_own_alone(api, client):
    agent = User.objects.create(role="agent", first_name="Ann", username="ann")
    mine = make_client(username="mine", agent=agent)
    paid, made = pay(api, mine).body, draft(api, mine)
    for who in (caller_for(agent), caller_for(mine)):
        assert [row["id"] for row in who.get("/payments").body["items"]] == [paid["id"]]
        assert who.get(f"/clients/{mine.pk}/balance").status == 200
        assert who.get(f"/clients/{client.pk}/balance").status == 404
        assert who.get(f"/invoices/{made['id']}").status == 404
        assert who.post(f"/invoices/{made['id']}/void").status == 403
        assert pay(who, mine).status == 403
        assert who.get("/balances").status == 403
        assert who.get("/ledger/check").status == 403
    api.post(f"/invoices/{made['id']}/send")
    assert caller_for(mine).get(f"/invoices/{made['id']}").status == 200


def test_amounts_say_what_is_wrong_with_them(api, client):
    def message(amount):
        answer = api.post("/payments", {"client": str(client.pk), "amount": amount, "method": "cash"})
        assert answer.status == 422, amount
        return answer.body["errors"][0]["message"]

    assert message("-1") == "This must not be less than zero."
    assert message("99999999999.00") == "This must be at most 10000000000.00."
    assert message("1.555") == message(5) == "This must be an amount as a text, with at most 2 digits after the point."


def test_a_refusal_explains_itself(api, client):
    paid = api.post("/payments", {"client": str(client.pk), "amount": "30.00", "method": "cash"}).body
    refused = api.post(f"/payments/{paid['id']}/refund", {"amount": "31.00"})
    (why,) = refused.body["explain"]
    assert (refused.status, why["code"], why["detail"]) == (409, "refund_too_large", refused.body["detail"])
    assert why["facts"] == {"asked": "31.00", "left": "30.00"}
    assert api.get(f"/payments/{client.pk}").body["explain"] == []


def test_wages_are_listed_paid_out_and_taken_back(api, client):
    place = make_session(client)
    pia = place.session.practitioner
    entry = ledger_rules.wage(practitioner_id=pia.pk, wage_minor=3_000, occurred_on=TODAY, source_id=new_id())
    post([entry], now=NOW, actor=COMMAND)
    month = f"?from={TODAY.replace(day=1)}&to={TODAY}"

    paid = api.post(f"/wages/{pia.pk}/payments", {"amount": "20.00", "paid_on": f"{TODAY}", "note": "March"})
    assert (paid.status, paid.body["owed"], paid.body["method"]) == (201, "10.00", "bank")
    found = api.get(f"/wages{month}").body
    (row,) = [each for each in found["items"] if each["practitioner"] == str(pia.pk)]
    assert (row["sessions"], row["earned"], row["paid"], row["owed"]) == (1, "30.00", "20.00", "10.00")
    assert found["totals"]["owed"] == "10.00"
    lines = api.get(f"/wages/{pia.pk}").body["entries"]
    assert [(each["kind"], each["description"]) for each in lines] == [("wage", ""), ("wage_payment", "March")]

    gone = f"/wages/{pia.pk}/payments/{paid.body['id']}"
    assert api.delete(gone).status == 204
    assert api.delete(gone).body["code"] == "already_reversed"
    assert api.delete(f"/wages/{pia.pk}/payments/{lines[0]['id']}").status == 404
    row = next(each for each in api.get(f"/wages{month}").body["items"] if each["practitioner"] == str(pia.pk))
    assert (row["paid"], row["owed"]) == ("0.00", "30.00")
    assert api.get("/wages?from=2026-03-02&to=2026-03-01").status == 422
    assert caller_for(client).get("/wages").status == 403
