"""`/client-rates` and `/wage-rates`."""

from __future__ import annotations

import pytest

from daybook.ledger.models import Account
from daybook.people.models import PermissionSwitch
from daybook.tenancy.actor import Actor
from tests.api.client import Caller, caller_for
from tests.factories.sessions import add, at, make_client, make_person, make_practitioner, make_service


def test_client_rate_holds_from_its_day_for_open_sessions(api: Caller, admin: Actor) -> None:
    """60.00 an hour by the service; 33.10 from the 14th on: sessions on the 13th and the 15th come to 93.10."""
    service, leo, teacher = make_service(), make_client(), make_practitioner()
    add(admin, service, teacher, leo, starts_at=at(10, day=1))
    add(admin, service, teacher, leo, starts_at=at(10, day=3))
    body = {"client": str(leo.pk), "service": str(service.pk), "cost": "33.10", "starts_on": "2026-01-14"}
    answer = api.post("/client-rates", body)
    assert (answer.status, answer.body) == (201, {"id": answer.body["id"], **body})
    assert Account.objects.get(owner=leo).scheduled_minor == 6000 + 3310
    assert api.patch(f"/client-rates/{answer.body['id']}", {"starts_on": "2026-01-01"}).status == 200
    assert Account.objects.get(owner=leo).scheduled_minor == 3310 + 3310
    assert api.delete(f"/client-rates/{answer.body['id']}").status == 204
    assert Account.objects.get(owner=leo).scheduled_minor == 12000


def test_a_rate_of_the_same_day_is_replaced(api: Caller) -> None:
    body = {
        "client": str(make_client().pk),
        "service": str(make_service().pk),
        "cost": "10.00",
        "starts_on": "2026-01-01",
    }
    first = api.post("/client-rates", body).body
    second = api.post("/client-rates", body | {"cost": "11.00"}).body
    assert second == first | {"cost": "11.00"}
    later = api.post("/client-rates", body | {"starts_on": "2026-02-01"}).body
    answer = api.patch(f"/client-rates/{later['id']}", {"starts_on": "2026-01-01"})
    assert (answer.status, answer.fields) == (422, {"starts_on"})


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"client": "018f0000-0000-7000-8000-000000000000"}, 404),
        ({"client": "x"}, 404),
        ({"service": None}, 422),
        ({"cost": "x"}, 422),
        ({"starts_on": "2026-02-30"}, 422),
        ({"starts_on": "0001-01-01"}, 422),
        ({"starts_on": "9999-12-31"}, 422),
        ({"starts_on": "2026-1-1"}, 422),
    ],
)
def test_client_rate_refuses_what_cannot_be(api: Caller, change: dict[str, object], status: int) -> None:
    body = {
        "client": str(make_client().pk),
        "service": str(make_service().pk),
        "cost": "10.00",
        "starts_on": "2026-01-01",
    }
    assert api.post("/client-rates", body | change).status == status
    assert api.get("/client-rates").body["items"] == []


def test_a_rate_of_a_practitioner_is_no_client_rate(api: Caller) -> None:
    body = {"client": str(make_practitioner().pk), "service": str(make_service().pk), "cost": "10.00"}
    assert api.post("/client-rates", body).status == 404


def test_wage_rate_is_set_listed_and_removed(api: Caller) -> None:
    pia, service = make_practitioner(), make_service()
    body = {"practitioner": str(pia.pk), "service": str(service.pk), "wage": "30.00", "starts_on": "2026-01-01"}
    rate = api.post("/wage-rates", body).body
    assert api.get("/wage-rates", practitioner=str(pia.pk)).body["items"] == [rate]
    assert api.get("/wage-rates", practitioner="nobody").body["items"] == []
    assert api.patch(f"/wage-rates/{rate['id']}", {"wage": "31.00"}).body["wage"] == "31.00"
    assert api.delete(f"/wage-rates/{rate['id']}").status == 204
    assert api.get(f"/wage-rates/{rate['id']}").status == 404


def test_own_rates_are_seen_by_their_own_people_alone(api: Caller) -> None:
    leo, service = make_client(), make_service()
    rate = api.post("/client-rates", {"client": str(leo.pk), "service": str(service.pk), "cost": "10.00"}).body
    agent = make_person("agent")
    assert caller_for(leo).get("/client-rates").body["items"] == [rate]
    assert caller_for(make_client()).get("/client-rates").body["items"] == []
    assert caller_for(agent).get(f"/client-rates/{rate['id']}").status == 404
    leo.agent = agent
    leo.save()
    assert caller_for(agent).get(f"/client-rates/{rate['id']}").status == 200
    PermissionSwitch.objects.create(user=leo, permission="hide_costs", granted=True)
    assert caller_for(leo).get("/client-rates").body["items"] == []
    assert caller_for(leo).delete(f"/client-rates/{rate['id']}").status == 403


def test_staff_without_accounting_may_not_see_rates(api: Caller) -> None:
    staff = make_person("staff")
    PermissionSwitch.objects.create(user=staff, permission="manage_accounting", granted=False)
    assert caller_for(staff).get("/client-rates").status == 403
    assert caller_for(staff).get("/wage-rates").status == 403


def test_removed_rates_come_back_as_they_were(api: Caller) -> None:
    service, leo, pia = make_service(), make_client(), make_practitioner()
    rate = {"client": str(leo.pk), "service": str(service.pk), "cost": "33.10", "starts_on": "2026-01-14"}
    wage = {"practitioner": str(pia.pk), "service": str(service.pk), "wage": "20.00", "starts_on": "2026-01-14"}
    for path, body in (("/client-rates", rate), ("/wage-rates", wage)):
        made = api.post(path, body).body
        assert api.post(f"{path}/{made['id']}/recover").status == 404
        api.delete(f"{path}/{made['id']}")
        assert api.post(f"{path}/{made['id']}/recover").body == made
        api.delete(f"{path}/{made['id']}")
        assert api.post(path, body).status == 201
        again = api.post(f"{path}/{made['id']}/recover")
        assert (again.status, again.fields) == (422, {"starts_on"})


def test_removed_rate_of_a_deleted_service_waits_for_it(api: Caller) -> None:
    service, leo = make_service(), make_client()
    body = {"client": str(leo.pk), "service": str(service.pk), "cost": "33.10", "starts_on": "2026-01-14"}
    made = api.post("/client-rates", body).body
    api.delete(f"/client-rates/{made['id']}")
    api.delete(f"/services/{service.pk}")
    gone = api.post(f"/client-rates/{made['id']}/recover")
    assert (gone.status, gone.fields) == (404, {"service"})
    assert [each["id"] for each in api.get("/services?deleted=true").body["items"]] == [str(service.pk)]
    api.post(f"/services/{service.pk}/recover")
    assert api.post(f"/client-rates/{made['id']}/recover").status == 200
