"""What one meets only in the field: another business's ids in every field, zones far away, nights of clock changes."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection

from daybook.tenancy.scope import open_scope
from tests.api.client import Caller, caller_for
from tests.factories.businesses import make_administrator, make_business
from tests.factories.sessions import make_completion_types

Ids = dict[str, str]
TABLES = (
    "people_user", "people_assignment", "people_permissionswitch", "scheduling_session", "scheduling_participant",
    "scheduling_occupancy", "scheduling_closure", "catalog_clientrate", "catalog_wagerate", "payments_payment",
    "billing_invoice", "ledger_journalentry", "audit_version",
)  # fmt: skip
LINE = {"description": "Books", "unit_amount": "1.00"}


@pytest.fixture(autouse=True)
def loud(settings: Any) -> None:
    settings.API_RAISES = True
    settings.API_RATE = 1_000_000


def furnish(**fields: Any) -> tuple[Caller, Ids]:
    """A business with one of everything: its administrator's caller, and the ids by name."""
    with open_scope(make_business(**fields).pk):
        make_completion_types()
        api = caller_for(make_administrator())

    def made(path: str, **body: Any) -> str:
        answer = api.post(path, body)
        assert answer.status == 201, answer.body
        return answer.body["id"]

    ids = {
        "client": made("/clients", first_name="Leo"),
        "practitioner": made("/practitioners", first_name="Pia"),
        "agent": made("/agents", first_name="Ann"),
        "service": made("/services", name="Piano", kind="hourly", cost="33", wage="10", tax_rate="7.7"),
        "location": made("/locations", name="Room", capacity=1),
        "type": made("/completion-types", status="missed", label="Half"),
        "closure": made("/closures", name="Holiday", starts_on="2026-01-01"),
    }
    ids["session"] = made("/sessions", **hour(ids, "2026-03-02T10:00:00Z"))
    ids["invoice"] = made("/invoices", client=ids["client"], lines=[LINE])
    return api, ids


def hour(ids: Ids, starts_at: str, *, minutes: int = 60, **changes: Any) -> dict[str, Any]:
    ends_at = datetime.fromisoformat(starts_at) + timedelta(minutes=minutes)
    body = {"service": ids["service"], "practitioner": ids["practitioner"], "clients": [ids["client"]]}
    return body | {"starts_at": starts_at, "ends_at": ends_at.isoformat()} | changes


def foreign(own: Ids, their: Ids) -> list[tuple[str, str, Any]]:
    """Every place where an id can be given, with one of another business in it."""
    session, client = f"/sessions/{own['session']}", own["client"]
    paid = {"amount": "1", "method": "cash"}
    return [
        *(("POST", "/sessions", hour(own, "2026-05-02T10:00:00Z", **{name: their[name]})) for name in ("service", "practitioner", "location")),
        *(("PATCH", session, {name: their[name]}) for name in ("service", "practitioner", "location")),
        ("POST", "/sessions", hour(own, "2026-05-02T10:00:00Z", clients=[client, their["client"]])),
        ("PATCH", session, {"clients": [client, their["client"]]}),
        ("POST", f"{session}/complete", {"completion_type": their["type"]}),
        ("POST", f"{session}/complete", {"participants": [{"client": their["client"], "completion_type": "missed"}]}),
        ("POST", f"{session}/complete", {"participants": [{"client": client, "completion_type": their["type"]}]}),
        ("POST", "/sessions/bulk", {"ids": [own["session"]], "action": "complete", "completion_type": their["type"]}),
        ("POST", "/clients", {"first_name": "Mia", "agent": their["agent"]}),
        ("POST", "/clients", {"first_name": "Mia", "practitioners": [their["practitioner"]]}),
        ("PATCH", f"/clients/{client}", {"agent": their["agent"]}),
        ("PATCH", f"/clients/{client}", {"practitioners": [their["practitioner"]]}),
        ("PATCH", f"/practitioners/{own['practitioner']}", {"clients": [their["client"]]}),
        ("PATCH", f"/agents/{own['agent']}", {"clients": [their["client"]]}),
        ("POST", "/client-rates", {"client": their["client"], "service": own["service"], "cost": "1"}),
        ("POST", "/client-rates", {"client": client, "service": their["service"], "cost": "1"}),
        ("POST", "/wage-rates", {"practitioner": their["practitioner"], "service": own["service"], "wage": "1"}),
        ("POST", "/wage-rates", {"practitioner": own["practitioner"], "service": their["service"], "wage": "1"}),
        ("POST", "/payments", {"client": their["client"], **paid}),
        ("POST", "/payments", {"client": client, "invoice": their["invoice"], **paid}),
        ("POST", "/payments/bulk", [{"client": client, **paid}, {"client": their["client"], **paid}]),
        ("POST", "/invoices", {"client": their["client"], "lines": [LINE]}),
        ("POST", "/invoices", {"client": client, "bill_to": their["client"], "lines": [LINE]}),
        ("POST", "/invoices", {"client": client, "lines": [{"session": their["session"]}]}),
        ("POST", "/closures", {"name": "Holiday", "starts_on": "2026-02-01", "location": their["location"]}),
        ("PATCH", f"/closures/{own['closure']}", {"location": their["location"]}),
        ("POST", "/permissions/bulk", {"permission": "pay", "value": True, "users": [their["client"]], "role": "client"}),
        ("POST", "/users/status", {"users": [client, their["client"]], "status": "inactive"}),
    ]  # fmt: skip


def rows_of(api: Caller) -> dict[str, int]:
    assert api.token is not None
    with open_scope(public_id=api.token.split("_")[1]), connection.cursor() as cursor:
        found = {}
        for table in TABLES:
            cursor.execute(f"select count(*) from {table}")
            found[table] = cursor.fetchone()[0]
        return found


def test_ids_of_another_business_are_refused_in_every_field_and_nothing_is_written(db: None) -> None:
    (api, own), (stranger, their) = furnish(), furnish()
    before = rows_of(api), rows_of(stranger)
    for method, path, body in foreign(own, their):
        answer = api.call(method, path, body)
        assert answer.status in (404, 422), (method, path, body, answer.body)
    listed = api.post("/sessions/bulk", {"ids": [their["session"]], "action": "delete"}).body["items"]
    assert [item["problem"]["code"] for item in listed] == ["not_found"]
    for name in ("client", "practitioner", "service", "location"):
        assert api.get("/sessions", **{name: their[name]}).body["items"] == []
    assert (rows_of(api), rows_of(stranger)) == before


@pytest.mark.parametrize(
    "currency, zone, before, after",
    [
        # 33 × 50 / 60 = 27.5 and 7.7 % of it; from the rate's first day 50 × 50 / 60
        ("EUR", "Pacific/Niue", ("27.50", "2.12"), ("41.67", "3.21")),
        ("KWD", "Pacific/Kiritimati", ("27.500", "2.118"), ("41.667", "3.208")),
        ("JPY", "Asia/Tokyo", ("28", "2"), ("42", "3")),
    ],
)
def test_a_rate_begins_at_midnight_of_the_business(
    db: None, currency: str, zone: str, before: tuple[str, str], after: tuple[str, str]
) -> None:
    api, ids = furnish(currency=currency, time_zone=zone)
    rate = {"client": ids["client"], "service": ids["service"], "cost": "50", "starts_on": "2026-03-10"}
    assert api.post("/client-rates", rate).status == 201
    midnight = datetime(2026, 3, 10, tzinfo=ZoneInfo(zone))
    for starts_at, amounts in ((midnight - timedelta(minutes=60), before), (midnight, after)):
        added = api.post("/sessions", hour(ids, starts_at.isoformat(), minutes=50)).body
        [place] = api.post(f"/sessions/{added['id']}/complete").body["participants"]
        assert (place["cost"], place["tax"]) == amounts
    dates = [entry["date"] for entry in api.get(f"/clients/{ids['client']}/statement").body["entries"]]
    assert dates == ["2026-03-09", "2026-03-10"]
    made = api.post("/invoices", {"client": ids["client"], "from": "2026-03-10", "to": "2026-03-10"}).body
    assert [(line["date"], line["amount"]) for line in made["lines"]] == [("2026-03-10", after[0])]


@pytest.mark.parametrize(
    "starts_at, ends_at, scheduled",
    [
        ("2026-03-29T00:30:00+01:00", "2026-03-29T03:30:00+02:00", "66.00"),  # two hours, three on the wall
        ("2026-10-25T00:30:00+02:00", "2026-10-25T03:30:00+01:00", "132.00"),  # four hours, three on the wall
        ("2026-06-01T23:30:00+02:00", "2026-06-02T00:30:00+02:00", "33.00"),
        ("2026-06-01T12:00:00+02:00", "2026-06-01T12:01:00+02:00", "0.55"),
        ("2026-06-01T12:00:00+02:00", "2026-06-02T12:00:00+02:00", "792.00"),
    ],
)
def test_real_time_is_priced(db: None, starts_at: str, ends_at: str, scheduled: str) -> None:
    api, ids = furnish()
    api.patch(f"/services/{ids['service']}", {"tax_rate": "0"})
    added = api.post("/sessions", hour(ids, starts_at, ends_at=ends_at)).body
    assert (added["participants"][0]["scheduled"], added["starts_at"]) == (scheduled, starts_at)


def test_thirty_at_once_each_pay_and_the_practitioner_earns_once(db: None) -> None:
    api, ids = furnish()
    clients = [api.post("/clients", {"first_name": f"Client {n}"}).body["id"] for n in range(30)]
    added = api.post("/sessions", hour(ids, "2026-04-01T10:00:00Z", clients=clients)).body
    saved = api.post(f"/sessions/{added['id']}/complete").body
    assert [place["cost"] for place in saved["participants"]] == ["33.00"] * 30
    assert saved["wage"] == "10.00"
    assert api.get("/ledger/check").body["balanced"] is True
