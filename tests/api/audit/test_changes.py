"""`/audit`."""

from __future__ import annotations

import pytest

from daybook.people.models import PermissionSwitch
from tests.api.client import Caller, caller_for
from tests.factories.sessions import make_person

pytestmark = pytest.mark.django_db


def test_history_of_a_client_says_who_and_from_what_to_what(api: Caller) -> None:
    made = api.post("/clients", {"first_name": "Leo", "last_name": "Lind"}).body["id"]
    api.patch(f"/clients/{made}", {"first_name": "Leonard"})
    changed, created = api.get(f"/audit?record={made}").body["items"]
    assert (created["operation"], changed["operation"], changed["actor_kind"]) == ("created", "changed", "user")
    assert changed["changes"]["first_name"] == ["Leo", "Leonard"]
    assert changed["record"] == made


def test_history_pages_on_by_cursor(api: Caller) -> None:
    for name in ("A", "B", "C"):
        api.post("/clients", {"first_name": name, "last_name": "Lind"})
    first = api.get("/audit?limit=2").body
    second = api.get(f"/audit?limit=2&cursor={first['next_cursor']}").body
    assert {each["id"] for each in first["items"]}.isdisjoint({each["id"] for each in second["items"]})


def test_history_is_for_administrators(api: Caller) -> None:
    staff = caller_for(make_person("staff", first_name="Sam", username="sam"))
    assert (staff.get("/audit").status, staff.get("/audit").body["code"]) == (403, "not_permitted")


def test_history_of_one_record_is_for_staff_who_may_see_all_of_it(api: Caller) -> None:
    leo = api.post("/clients", {"first_name": "Leo", "notes": "secret"}).body["id"]
    service = api.post("/services", {"name": "Piano"}).body["id"]
    sam = make_person("staff", first_name="Sam", username="sam")
    staff = caller_for(sam)
    assert [each["record"] for each in staff.get(f"/audit?record={leo}").body["items"]] == [leo]
    assert [staff.get(f"/audit?record={each}").status for each in (service, sam.pk)] == [403, 403]
    PermissionSwitch.objects.create(user=sam, permission="manage_settings", granted=True)
    PermissionSwitch.objects.create(user=sam, permission="see_client_information", granted=False)
    staff = caller_for(sam)
    assert [staff.get(f"/audit?record={each}").status for each in (service, leo)] == [200, 403]
    assert caller_for(make_person("practitioner", username="pia")).get(f"/audit?record={leo}").status == 403


def test_password_is_never_in_the_history(api: Caller) -> None:
    made = api.post("/clients", {"first_name": "Leo", "username": "leo", "password": "a very good one"}).body["id"]
    api.patch(f"/clients/{made}", {"password": "another very good one"})
    assert "argon2" not in str(api.get(f"/audit?record={made}").body)
