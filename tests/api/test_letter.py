"""The contract to the letter, as a stranger reads it who has nothing but the page: commands, a running server, plain HTTP.

`docs` call the page `api.md`; names and shapes here are written from it, not from the code.
"""

from __future__ import annotations

import json
import subprocess
import sys
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from tests.support.databases import Database, copied_database
from tests.support.live import running_server

pytestmark = pytest.mark.database

PROBLEM = {"type", "title", "status", "detail", "code"}


@dataclass(frozen=True)
class Said:
    status: int
    body: Any
    raw: bytes
    headers: Any


@dataclass(frozen=True)
class Stranger:
    """Calls the API with a token, by what the page says and nothing else."""

    base: str
    token: str

    def __call__(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        raw: bytes | None = None,
        kind: str = "application/json",
        **headers: str,
    ) -> Said:
        content = json.dumps(body).encode() if body is not None else raw
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.token:
            sent["Authorization"] = f"Bearer {self.token}"
        if content is not None:
            sent["Content-Type"] = kind
        request = urllib.request.Request(f"{self.base}{path}", content, sent, method=method)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                status, found, text = answer.status, answer.headers, answer.read()
        except urllib.error.HTTPError as error:
            status, found, text = error.code, error.headers, error.read()
        is_json = "json" in found.get("Content-Type", "")
        return Said(status, json.loads(text) if text and is_json else None, text, found)

    def made(self, path: str, body: Any, fields: str = "") -> dict[str, Any]:
        """Create, which answers 201 with at least these fields, the ones that were sent unchanged."""
        said = self("POST", path, body)
        assert said.status == 201, said
        assert {"id", *fields.split()} <= said.body.keys(), said.body.keys()
        assert isinstance(said.body["id"], str)
        return said.body

    def refused(self, status: int, code: str, method: str, path: str, body: Any = None, **how: Any) -> Said:
        said = self(method, path, body, **how)
        assert said.status == status, said
        assert said.headers["Content-Type"] == "application/problem+json"
        assert said.body.keys() >= PROBLEM and said.body["status"] == status
        assert said.body["detail"].endswith((".", "?", "!"))
        assert not code or said.body["code"] == code, said.body
        return said


def command(database: Database, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "daybook.ops", *arguments],
        env=database.environment | {"PYTHONWARNINGS": "ignore"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def database(cluster: Any, template: str) -> Iterator[Database]:
    with copied_database(cluster, template, "letter") as own:
        yield own


@pytest.fixture(scope="module")
def call(database: Database) -> Iterator[Stranger]:
    made = command(
        database,
        *("create-business", "--name", "Strange Music", "--slug", "strange", "--currency", "EUR"),
        *("--time-zone", "Europe/Berlin", "--plan", "enterprise"),
        *("--admin-username", "ada", "--admin-password", "correct horse battery"),
    )
    assert made.returncode == 0, made.stderr
    printed = json.loads(made.stdout)
    assert printed.keys() == {"business", "slug", "token"}
    assert printed["slug"] == "strange"
    with running_server(database) as live:
        stranger = Stranger(f"{live.url}/api/v1", printed["token"])
        assert stranger("GET", "/business").body["id"] == printed["business"]
        yield stranger


@dataclass(frozen=True)
class Shop:
    """A service at 100.00 an hour, a practitioner and two clients."""

    service: str
    practitioner: str
    clients: list[str]

    def session(self, day: str, hour: int, **fields: Any) -> dict[str, Any]:
        times = {"starts_at": f"{day}T{hour:02}:00:00+01:00", "ends_at": f"{day}T{hour + 1:02}:00:00+01:00"}
        return (
            {"service": self.service, "practitioner": self.practitioner, "clients": self.clients[:1]} | times | fields
        )


@pytest.fixture
def shop(call: Stranger) -> Shop:
    mark = uuid.uuid4().hex[:6]
    service = {"name": f"Lesson {mark}", "kind": "hourly", "cost": "100.00", "wage": "40.00", "minutes": 60}
    flags = {"client_bookable": True, "concurrent": False, "buffer_before": 5, "buffer_after": 10}
    made = call.made("/services", service | flags)
    assert made.items() >= (service | flags).items()
    practitioner = call.made("/practitioners", {"first_name": "Pia", "last_name": mark}, "services clients")["id"]
    clients = [call.made("/clients", {"first_name": name, "last_name": mark})["id"] for name in ("Leo", "Mia")]
    return Shop(made["id"], practitioner, clients)


def test_commands_refuse_with_a_sentence_and_an_exit_code(database: Database, call: Stranger) -> None:
    token = command(database, "token", "--business", "strange", "--user", "ada")
    assert (token.returncode, token.stderr) == (0, "")
    assert Stranger(call.base, token.stdout.strip())("GET", "/me").body["username"] == "ada"
    wrong = command(database, "token", "--business", "strange", "--user", "nobody")
    assert (wrong.returncode, wrong.stdout) == (1, "")
    bad = command(
        database,
        *("create-business", "--name", "X", "--slug", "x y", "--currency", "ZZZ", "--time-zone", "Mars/Base"),
        *("--plan", "enterprise", "--admin-username", "a", "--admin-password", "correct horse battery"),
    )
    assert (bad.returncode, bad.stdout) == (1, "")
    assert all(option in bad.stderr for option in ("--slug: ", "--currency: ", "--time-zone: "))
    checked = command(database, "check-ledger")
    assert (checked.returncode, checked.stdout.startswith("strange: balanced")) == (0, True)


def test_document_and_its_pages_are_open(call: Stranger) -> None:
    nobody = Stranger(call.base, "")
    assert nobody("GET", "/openapi.json").body["openapi"].startswith("3.1")
    assert nobody("GET", "/docs").headers["Content-Type"].startswith("text/html")
    nobody.refused(401, "", "GET", "/clients")
    Stranger(call.base, "daybook_wrong_secret").refused(401, "", "GET", "/clients")


def test_business_and_its_words(call: Stranger) -> None:
    business = call("GET", "/business").body
    assert business.keys() >= {"name", "slug", "time_zone", "currency", "locale", "plan"}
    assert call("PATCH", "/business", {"name": "Strange Music"}).body == business
    for wrong in ({"currency": "EURO"}, {"time_zone": "Mars/X"}, {"name": ""}, {"name": None}, {"slug": "other"}):
        said = call.refused(422, "", "PATCH", "/business", wrong)
        assert [each.keys() >= {"field", "message"} for each in said.body["errors"]] == [True]
    terms = call("GET", "/settings/terms").body
    words = {"singular": "student", "plural": "students"}
    assert call("PUT", "/settings/terms", terms | {"client": words}).body["client"] == words
    assert call("PUT", "/settings/terms", {}).body == terms


def test_client_has_every_field_in_and_out(call: Stranger) -> None:
    sent: dict[str, Any] = {
        "first_name": "Léa", "last_name": "Noël", "preferred_name": "Lili", "email": "lea@example.org", "phone": "+49 30 12345",
        "address": "Weg 1", "birthday": "2012-02-29", "status": "active", "inactive_on": "2130-01-01", "username": "lea",
        "notes": "n", "calendar_color": "#ff0000", "tags": ["piano"], "custom": {"school": "A"}, "hide_costs": False,
        "practitioners": [], "agent": None,
        "availability": [{"day": "mon", "start": "09:00", "end": "12:00"}, {"day": "mon", "start": "14:00", "end": "18:00"}],
    }  # fmt: skip
    client = call.made("/clients", sent | {"password": "a long password"})
    assert client.items() >= sent.items()
    assert "password" not in client
    assert call("GET", f"/clients/{client['id']}").body == client
    assert call("PATCH", f"/clients/{client['id']}", {"last_name": "N"}).body == client | {"last_name": "N"}
    wrong: dict[str, Any] = {
        "email": "no",
        "birthday": "2012-02-30",
        "status": "dead",
        "tags": "x",
        "hide_costs": "yes",
        "bogus": 1,
    }
    for field, value in wrong.items():
        said = call.refused(422, "", "PATCH", f"/clients/{client['id']}", {field: value})
        assert said.body["errors"][0]["field"] == field
    found = call("GET", "/clients?q=noell").body["items"] + call("GET", "/clients?q=lea").body["items"]
    assert client["id"] in {each["id"] for each in found}
    call.refused(404, "", "GET", f"/clients/{uuid.uuid4()}")
    call("PATCH", f"/clients/{client['id']}", {"status": "inactive"})
    call.refused(409, "client_not_active", "POST", f"/clients/{client['id']}/welcome")
    assert call("DELETE", f"/clients/{client['id']}").status == 204


def test_lists_are_paged_and_filtered(call: Stranger) -> None:
    names = {call.made("/agents", {"first_name": "Agent", "last_name": str(n)})["id"] for n in range(5)}
    seen: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        page = call("GET", f"/agents?limit=2{f'&cursor={cursor}' if cursor else ''}").body
        assert page.keys() == {"items", "next_cursor"}
        seen += [each["id"] for each in page["items"]]
        cursor = page["next_cursor"]
    assert len(seen) == len(set(seen)) and names <= set(seen)
    assert [each["last_name"] for each in call("GET", "/agents?last_name=3&status=active").body["items"]] == ["3"]
    for wrong in ("limit=0", "limit=501", "limit=x", "cursor=zzz", "status=dead", "first_nam=x"):
        call.refused(422, "", "GET", f"/agents?{wrong}")


def test_session_from_plan_to_balance(call: Stranger, shop: Shop) -> None:
    session = call.made(
        "/sessions",
        shop.session("2026-03-02", 9, clients=shop.clients, public_note="p", internal_note="i"),
        "location status series participants wage on_closure warnings",
    )
    assert (session["status"], session["starts_at"]) == ("open", "2026-03-02T09:00:00+01:00")
    assert {frozenset(each) >= {"client", "status", "cost", "completion_type"} for each in session["participants"]} == {
        True
    }
    call.refused(409, "double_booking", "POST", "/sessions", shop.session("2026-03-02", 10))
    path = f"/sessions/{session['id']}"
    assert call("PATCH", f"{path}?scope=this", {"public_note": "q"}).body["public_note"] == "q"
    call.refused(422, "", "PATCH", f"{path}?scope=some", {"public_note": "q"})
    outcome = {
        "completion_type": "completed",
        "participants": [{"client": shop.clients[1], "completion_type": "canceled"}],
    }
    saved = call("POST", f"{path}/complete", outcome).body
    assert [each["cost"] for each in saved["participants"]] == ["100.00", "0.00"]
    assert (saved["status"], saved["wage"]) == ("completed", "40.00")
    call.refused(409, "already_completed", "POST", f"{path}/complete", outcome)
    call.refused(409, "has_history", "DELETE", f"/clients/{shop.clients[0]}")
    balance = call("GET", f"/clients/{shop.clients[0]}/balance").body
    money = {
        "payments": "0.00",
        "costs": "100.00",
        "scheduled": "0.00",
        "balance": "-100.00",
        "available_credit": "-100.00",
    }
    assert balance.items() >= (money | {"package_sessions_left": 0}).items()
    assert call("POST", f"{path}/reopen").body["status"] == "open"
    by_hand = call("POST", f"{path}/complete", {"override": {"cost": "12.34", "wage": "5.00"}}).body
    assert ([each["cost"] for each in by_hand["participants"]], by_hand["wage"]) == (["12.34", "12.34"], "5.00")

    other = call.made("/sessions", shop.session("2026-03-03", 9))["id"]
    items = call("POST", "/sessions/bulk", {"ids": [other, "no id"], "action": "complete"}).body["items"]
    assert [(each["id"], each["ok"]) for each in items] == [(other, True), ("no id", False)]
    third = call.made("/sessions", shop.session("2026-03-04", 9))["id"]
    assert call("DELETE", f"/sessions/{third}").raw == b""
    binned = next(each for each in call("GET", "/deleted-sessions").body["items"] if each["id"] == third)
    assert binned["deleted_at"] and binned["deleted_by"]
    assert call("POST", f"/deleted-sessions/{third}/recover").status == 200
    days = call(
        "GET", f"/sessions?practitioner={shop.practitioner}&from=2026-03-03&to=2026-03-04&client={shop.clients[0]}"
    ).body
    assert [each["id"] for each in days["items"]] == [other, third]
    assert [
        each["id"] for each in call("GET", f"/sessions?practitioner={shop.practitioner}&status=open").body["items"]
    ] == [third]


@pytest.mark.parametrize(
    ("field", "value", "status"),
    [
        ("clients", [], 422),
        ("clients", ["no id"], 404),
        ("service", "00000000-0000-7000-8000-000000000000", 404),
        ("starts_at", "2026-03-05T09:00:00", 422),
        ("starts_at", "2026-02-30T09:00:00+01:00", 422),
        ("starts_at", "9999-12-31T23:59:59Z", 422),
        ("ends_at", "2026-03-05T09:00:00+01:00", 422),
        ("public_note", "a\x00b", 422),
        ("bogus", 1, 422),
    ],
)
def test_session_with_a_wrong_field_is_refused(call: Stranger, shop: Shop, field: str, value: Any, status: int) -> None:
    body = shop.session("2026-03-05", 9, **{field: value})
    assert call.refused(status, "", "POST", "/sessions", body).body["errors" if status == 422 else "code"]


def test_payments_and_invoices(call: Stranger, shop: Shop) -> None:
    client = shop.clients[0]
    fields = "client amount method received_on reference note invoice gateway status receipt_url"
    for method in ("cash", "check", "card", "bank", "paypal", "other"):
        body = {"client": client, "amount": "20.00", "method": method, "received_on": "2026-03-12", "reference": "R"}
        payment = call.made("/payments", body, fields)
    assert call("GET", payment["receipt_url"].removeprefix("/api/v1")).raw.startswith(b"%PDF-")
    assert call("POST", f"/payments/{payment['id']}/refund", {"amount": "5.00"}).status == 200
    assert call("PATCH", f"/payments/{payment['id']}", {"note": "later"}).body["note"] == "later"
    both = [{"client": each, "amount": "1.00", "method": "cash"} for each in shop.clients]
    assert call("POST", "/payments/bulk", both).status == 201
    for amount in ("-5.00", "1.234", "1e3", "1,00", 5, None, "0.00"):
        call.refused(422, "", "POST", "/payments", {"client": client, "amount": amount, "method": "cash"})

    line = {"description": "Book", "quantity": 2, "unit_amount": "12.50", "tax_rate": "19"}
    invoice = call.made(
        "/invoices",
        {"client": shop.clients[1], "lines": [line]},
        "bill_to number status issued_on due_on total paid due",
    )
    assert invoice["lines"][0].items() >= (line | {"session": None}).items()
    assert (invoice["total"], invoice["paid"], invoice["due"]) == ("29.75", "0.00", "29.75")
    path = f"/invoices/{invoice['id']}"
    assert call("POST", f"{path}/send").body["paid"] == "1.00"  # what was paid before is credit
    paid = call("POST", f"{path}/pay", {"amount": "28.75", "method": "bank"}).body
    assert (paid["status"], paid["due"]) == ("paid", "0.00")
    assert call("GET", f"{path}.pdf").headers["Content-Type"] == "application/pdf"
    assert call("POST", f"{path}/void").body["status"] == "void"
    entries = call("GET", f"/clients/{shop.clients[1]}/statement").body["entries"]
    assert all(each.keys() >= {"date", "kind", "description", "amount", "balance"} for each in entries)
    assert entries[-1]["balance"] == call("GET", f"/clients/{shop.clients[1]}/balance").body["balance"] == "29.75"
    check = call("GET", "/ledger/check").body
    assert (check["balanced"], check["problems"]) == (True, [])
    for report in ("service-spending", "wages", "revenue", "receivables", "attendance"):
        assert call("GET", f"/reports/{report}?from=2026-01-01&to=2026-12-31&client={client}").body.keys() >= {
            "items",
            "totals",
        }


def test_key_does_a_thing_once(call: Stranger, shop: Shop) -> None:
    body = {"client": shop.clients[0], "amount": "7.00", "method": "cash"}
    key = uuid.uuid4().hex
    first = call("POST", "/payments", body, Idempotency_Key=key)
    again = call("POST", "/payments", dict(reversed(body.items())), Idempotency_Key=key)
    assert (first.status, first.raw) == (again.status, again.raw)
    assert len(call("GET", f"/payments?client={shop.clients[0]}").body["items"]) == 1
    call.refused(409, "", "POST", "/payments", body | {"amount": "8.00"}, Idempotency_Key=key)
    call.refused(422, "", "POST", "/payments", body, Idempotency_Key="")
    call.refused(422, "", "POST", "/payments", body, Idempotency_Key="x" * 256)
    later = uuid.uuid4().hex
    call.refused(422, "", "POST", "/payments", body | {"amount": "x"}, Idempotency_Key=later)
    assert call("POST", "/payments", body, Idempotency_Key=later).status == 201


def test_file_sent_again_as_a_form_is_the_same_request(call: Stranger) -> None:
    """The boundary between a form's parts is another one each time."""
    key, said = uuid.uuid4().hex, []
    for boundary in ("one", "two"):
        form = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="c.csv"\r\n\r\nFirst name,Last name,Birthday\r\nForm,Sent,2012-01-01\r\n--{boundary}--\r\n'
        kind = f"multipart/form-data; boundary={boundary}"
        said.append(call("POST", "/imports", raw=form.encode(), kind=kind, Idempotency_Key=key))
    assert [each.status for each in said] == [201, 201]
    assert said[0].body["id"] == said[1].body["id"]
    call.refused(
        400, "malformed", "POST", "/imports", raw=b"x", kind="multipart/form-data; boundary=", Idempotency_Key="f"
    )
    call.refused(400, "malformed", "POST", "/imports", raw=b"x", kind="multipart/form-data")


def test_methods_types_and_bodies(call: Stranger) -> None:
    assert call.refused(405, "", "PUT", "/clients").headers["Allow"] == "GET, POST"
    call.refused(415, "", "POST", "/clients", raw=b"first_name=x", kind="application/x-www-form-urlencoded")
    call.refused(400, "", "POST", "/clients", raw=b'{"first_name": ')
    call.refused(404, "", "GET", "/nothing-here")
