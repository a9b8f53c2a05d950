"""`/imports`: JSON with Base64 or a form, all or nothing, undone again."""

from __future__ import annotations

import base64
from typing import Any

import orjson
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from daybook.payments.models import Payment
from daybook.people.models import User
from tests.api.client import Caller, caller_for
from tests.factories.sessions import make_completion_types, make_person

pytestmark = pytest.mark.django_db

CLIENTS = b"First name,Last name,Email\nIda,Berg,ida@example.org\nTom,Reed,tom@example.org\n"
PAYMENTS = b"Client,Date,Amount,Method\nIda Berg,2026-01-05,40.50,cash\nTom Reed,2026-01-06,9.50,bank\n"


def body(content: bytes, **options: Any) -> dict[str, Any]:
    return {"content": base64.b64encode(content).decode(), "file_name": "table.csv"} | options


def test_create_import_json_writes_all_rows(api: Caller) -> None:
    answer = api.post("/imports", body(CLIENTS))
    assert answer.status == 201
    assert (answer.body["state"], answer.body["layout"], answer.body["rows"]) == ("done", "daybook-clients", 2)
    assert (answer.body["created"], answer.body["totals"]) == (2, {"theirs": "2", "ours": "2"})
    assert set(User.objects.filter(role="client").values_list("last_name", flat=True)) == {"Berg", "Reed"}
    assert api.get(f"/imports/{answer.body['id']}").body == answer.body


def test_create_import_form_takes_a_file(api: Caller) -> None:
    response = Client().post(
        "/api/v1/imports",
        {"file": SimpleUploadedFile("clients.csv", CLIENTS), "layout": "daybook-clients", "partial": "true"},
        headers={"Authorization": f"Bearer {api.token}"},
    )
    assert response.status_code == 201
    assert orjson.loads(response.content)["created"] == 2


def test_create_import_with_row_at_fault_writes_nothing(api: Caller) -> None:
    answer = api.post("/imports", body(CLIENTS + b"Una,Low,not-an-address\n"))
    assert (answer.status, answer.body["state"], answer.body["error_count"]) == (201, "refused", 1)
    assert answer.body["errors"][0] | {"message": ""} == {
        "row": 4,
        "column": "Email",
        "message": "",
        "code": "not_an_email",
    }
    assert "not-an-address" in answer.body["errors"][0]["message"]
    assert not User.objects.filter(role="client").exists()


def test_create_import_partial_takes_the_others(api: Caller) -> None:
    answer = api.post("/imports", body(CLIENTS + b"Una,Low,not-an-address\n", partial=True))
    assert (answer.body["state"], answer.body["created"], answer.body["error_count"]) == ("done", 2, 1)


def test_dry_run_writes_nothing_until_run(api: Caller) -> None:
    answer = api.post("/imports", body(CLIENTS, dry_run=True))
    assert (answer.body["state"], answer.body["created"]) == ("ready", 2)
    assert not User.objects.filter(role="client").exists()
    done = api.post(f"/imports/{answer.body['id']}/run")
    assert (done.status, done.body["state"]) == (200, "done")
    assert User.objects.filter(role="client").count() == 2


def test_undo_takes_money_and_people_back(api: Caller) -> None:
    people = api.post("/imports", body(CLIENTS)).body["id"]
    money = api.post("/imports", body(PAYMENTS))
    assert money.body["totals"] == {"theirs": "50.00", "ours": "50.00"}
    refused = api.post(f"/imports/{people}/undo")
    assert (refused.status, refused.code) == (409, "cannot_undo")
    assert api.post(f"/imports/{money.body['id']}/undo").body["state"] == "undone"
    assert api.post(f"/imports/{people}/undo").body["state"] == "undone"
    assert not Payment.objects.exists()
    assert not User.objects.filter(role="client").exists()


def test_same_file_again_skips_every_row(api: Caller) -> None:
    api.post("/imports", body(CLIENTS))
    api.post("/imports", body(PAYMENTS))
    again = api.post("/imports", body(PAYMENTS)).body
    assert (again["created"], again["skipped"], again["totals"]) == (0, 2, {"theirs": "50.00", "ours": "50.00"})
    assert Payment.objects.count() == 2


def test_undecided_dates_are_asked_about(api: Caller) -> None:
    api.post("/imports", body(CLIENTS))
    content = PAYMENTS.replace(b"2026-01-05", b"05/01/2026").replace(b"2026-01-06", b"06/01/2026")
    assert api.post("/imports", body(content)).code == "dates_undecided"
    done = api.post("/imports", body(content, date_order="day_first"))
    assert done.body["state"] == "done"
    assert str(Payment.objects.order_by("received_on").first().received_on) == "2026-01-05"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file_unreadable"),
        (b"%PDF-1.7 ...", "file_unreadable"),
        (b"PK\x03\x04 half", "file_unreadable"),
        (b'First name,Email\nIda,"half', "file_unreadable"),
        (b"a,b\n1,2\n", "layout_unknown"),
    ],
)
def test_wrong_files_are_refused_whole(api: Caller, content: bytes, code: str) -> None:
    answer = api.post("/imports", body(content))
    assert (answer.status, answer.code) == (422, code)
    assert api.get("/imports").body["items"] == []


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"content": "§"}, "content"),
        ({"content": ""}, None),
        ({}, "content"),
        ({"content": "YQ==", "layout": "nope"}, "layout"),
        ({"content": "YQ==", "time_zone": "Mars/Base"}, "time_zone"),
        ({"content": "YQ==", "strange": 1}, "strange"),
        ({"content": "YQ==", "date_order": "upwards"}, "date_order"),
        ({"content": "YQ==", "mapping": {"amount": "x"}}, "layout"),
        ({"content": "YQ==", "layout": "daybook-payments", "mapping": {"nothing": "x"}}, "mapping"),
    ],
)
def test_wrong_options_name_their_field(api: Caller, given: dict[str, Any], field: str | None) -> None:
    answer = api.post("/imports", given)
    assert answer.status == 422
    assert field is None or field in answer.fields


def test_import_of_others_is_not_there(api: Caller) -> None:
    assert api.get("/imports/00000000-0000-7000-8000-000000000000").status == 404


@pytest.mark.parametrize("role", ["staff", "practitioner", "client", "agent"])
def test_only_administrators_import(api: Caller, role: str) -> None:
    other = caller_for(make_person(role))
    assert other.post("/imports", body(CLIENTS)).status == 403
    assert other.get("/imports").status == 403


def test_layouts_are_listed(api: Caller) -> None:
    names = [each["name"] for each in api.get("/imports/layouts").body["items"]]
    assert {
        "daybook-clients",
        "daybook-practitioners",
        "daybook-services",
        "daybook-sessions",
        "daybook-payments",
    } <= set(names)


def test_discard_forgets_a_file_that_was_not_taken_in(api: Caller) -> None:
    make_completion_types()
    import_id = api.post("/imports", body(CLIENTS, dry_run=True)).body["id"]
    assert api.delete(f"/imports/{import_id}").status == 204
    assert api.get(f"/imports/{import_id}").status == 404
