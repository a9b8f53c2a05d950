"""`/services` and `/locations`."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from daybook.tenancy.actor import Actor
from tests.api.client import Caller, caller_for
from tests.factories.sessions import add, at, make_client, make_person, make_practitioner, make_service

PIANO = {"name": "Piano", "kind": "hourly", "cost": "45.00", "wage": "22.50", "minutes": 45, "buffer_after": 10}


def test_create_service_answers_201_and_all_fields(api: Caller) -> None:
    answer = api.post("/services", PIANO)
    assert answer.status == 201
    assert answer.body | PIANO == answer.body
    assert answer.body["concurrent"] is False
    assert api.get(f"/services/{answer.body['id']}").body == answer.body


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "  "}, "name"),
        ({"name": "x" * 121}, "name"),
        ({"kind": "weekly"}, "kind"),
        ({"cost": "-1.00"}, "cost"),
        ({"cost": "1.005"}, "cost"),
        ({"cost": 5}, "cost"),
        ({"cost": "NaN"}, "cost"),
        ({"cost": "9999999999999.00"}, "cost"),
        ({"minutes": 0}, "minutes"),
        ({"minutes": 100000}, "minutes"),
        ({"minutes": True}, "minutes"),
        ({"tax_rate": "101"}, "tax_rate"),
        ({"buffer_before": -5}, "buffer_before"),
        ({"color": "red"}, "color"),
        ({"price": "1.00"}, "price"),
    ],
)
def test_create_service_names_the_field_at_fault(api: Caller, change: dict[str, Any], field: str) -> None:
    answer = api.post("/services", PIANO | change)
    assert (answer.status, answer.fields) == (422, {field})
    assert api.get("/services").body["items"] == []


def test_a_name_is_there_once_until_deleted(api: Caller) -> None:
    first = api.post("/services", PIANO).body
    again = api.post("/services", PIANO)
    assert (again.status, again.code, again.fields) == (409, "name_taken", {"name"})
    assert api.delete(f"/services/{first['id']}").status == 204
    assert api.get(f"/services/{first['id']}").status == 404
    assert api.post("/services", PIANO).status == 201
    assert api.post(f"/services/{first['id']}/recover").code == "name_taken"


def test_patch_changes_what_is_given(api: Caller) -> None:
    service = api.post("/services", PIANO).body
    answer = api.patch(f"/services/{service['id']}", {"cost": "50.00"})
    assert answer.body == service | {"cost": "50.00"}


def test_location_without_capacity_is_unlimited_and_null_puts_it_back(api: Caller) -> None:
    room = api.post("/locations", {"name": "Room 1", "capacity": 1}).body
    assert room["capacity"] == 1
    assert api.patch(f"/locations/{room['id']}", {"capacity": None}).body["capacity"] is None
    assert api.patch(f"/locations/{room['id']}", {"name": "Hall"}).body["capacity"] is None


def test_yen_have_no_digits(api: Caller, business: Any) -> None:
    business.currency = "JPY"
    business.save()
    assert api.post("/services", PIANO | {"cost": "4500", "wage": "0"}).body["cost"] == "4500"
    assert api.post("/services", PIANO | {"name": "Other", "cost": "45.50"}).fields == {"cost", "wage"}


def test_used_by_open_sessions_cannot_be_deleted(api: Caller, admin: Actor) -> None:
    service = make_service()
    add(admin, service, make_practitioner(), make_client())
    answer = api.delete(f"/services/{service.pk}")
    assert (answer.status, answer.code) == (409, "in_use")
    assert api.get(f"/services/{service.pk}").status == 200


def test_new_cost_moves_open_sessions_and_no_saved_ones(api: Caller, admin: Actor) -> None:
    """Two sessions of an hour at 60.00; the second is saved. 70.00 holds for the first alone."""
    from tests.factories.sessions import make_completion_types

    make_completion_types()
    service, leo = make_service(), make_client()
    teacher = make_practitioner()
    add(admin, service, teacher, leo, starts_at=at(10, day=3))
    saved = add(admin, service, teacher, leo, starts_at=at(6)).session
    from daybook.workflows.complete_session import complete_session

    complete_session(actor=admin, now=at(8), session_id=saved.pk)
    assert api.patch(f"/services/{service.pk}", {"cost": "70.00"}).status == 200
    from daybook.ledger.models import Account

    account = Account.objects.get(owner=leo)
    assert (account.scheduled_minor, account.charged_minor) == (7000, 6000)


def test_roles_see_what_they_may(api: Caller, admin: Actor) -> None:
    shown = make_service(name="A", visibility="all")
    make_service(name="B", visibility="team")
    client, hidden = make_client(), make_client()
    from daybook.people.models import PermissionSwitch

    PermissionSwitch.objects.create(user=hidden, permission="hide_costs", granted=True)
    as_client = caller_for(client).get("/services").body["items"]
    assert [(each["id"], each["cost"], each["wage"]) for each in as_client] == [(str(shown.pk), "60.00", None)]
    assert caller_for(hidden).get("/services").body["items"][0]["cost"] is None
    as_practitioner = caller_for(make_practitioner()).get("/services").body["items"]
    assert [(each["cost"], each["wage"]) for each in as_practitioner] == [(None, "25.00")] * 2


@pytest.mark.parametrize("role", ["staff", "practitioner", "client", "agent"])
def test_only_who_manages_settings_changes_services(api: Caller, role: str) -> None:
    service = make_service()
    caller = caller_for(make_person(role))
    for answer in (
        caller.post("/services", PIANO),
        caller.patch(f"/services/{service.pk}", {"name": "x"}),
        caller.delete(f"/services/{service.pk}"),
        caller.post("/locations", {"name": "x"}),
    ):
        assert (answer.status, answer.code) == (403, "not_permitted")


def test_pages_cover_every_row_once(api: Caller) -> None:
    for number in range(7):
        make_service(name=f"{'abcdefg'[number]}")
    seen, cursor = [], None
    while True:
        page = api.get("/services", limit=3, **({"cursor": cursor} if cursor else {})).body
        seen += [each["name"] for each in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
        make_service(name=f"A{len(seen)}")  # before the place that was reached: shifts nothing
    assert seen == list("abcdefg")


@pytest.mark.parametrize("query", [{"limit": 0}, {"limit": 501}, {"limit": "x"}, {"cursor": "x"}, {"cursor": "W10"}])
def test_list_refuses_wrong_paging(api: Caller, query: dict[str, Any]) -> None:
    assert api.get("/services", **query).status == 422


@pytest.mark.parametrize("cursor", [["a"], ["a", "x"], [None, None], ["\x00", "018f0000-0000-7000-8000-000000000000"]])
def test_list_refuses_a_cursor_that_is_not_ours(api: Caller, cursor: list[Any]) -> None:
    from daybook.api.paging import encode_cursor

    make_service()
    assert api.get("/services", cursor=encode_cursor(cursor)).status == 422


def test_list_queries_do_not_grow_with_rows(api: Caller) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert api.get("/services").status == 200
        return len(captured)

    make_service()
    one = queries()
    make_service()
    make_service()
    assert queries() == one


def test_the_same_key_adds_once_and_gives_the_first_answer(api: Caller) -> None:
    first = api.post("/services", PIANO, key="k1")
    again = api.post("/services", PIANO, key="k1")
    assert (again.status, again.body) == (201, first.body)
    assert again.response["Idempotent-Replayed"] == "true"
    assert len(api.get("/services").body["items"]) == 1


def test_the_same_key_with_another_body_is_409(api: Caller) -> None:
    api.post("/services", PIANO, key="k1")
    answer = api.post("/services", PIANO | {"name": "Other"}, key="k1")
    assert (answer.status, answer.code) == (409, "idempotency_conflict")


def test_a_refused_request_frees_its_key(api: Caller) -> None:
    assert api.post("/services", {"name": ""}, key="k1").status == 422
    assert api.post("/services", PIANO, key="k1").status == 201


def test_a_key_belongs_to_one_user(api: Caller) -> None:
    api.post("/services", PIANO, key="k1")
    other = caller_for(make_person("administrator"))
    assert other.post("/services", PIANO | {"name": "Other"}, key="k1").status == 201


@pytest.mark.parametrize("row_id", ["x", "1", "018f0000-0000-7000-8000-000000000000", "%00", "é" * 40, "null"])
def test_an_id_that_is_not_there_is_404(api: Caller, row_id: str) -> None:
    assert api.get(f"/services/{row_id}").status == 404
