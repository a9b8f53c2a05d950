"""Search over everything, and reading a day out of it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from daybook.people.models import PermissionSwitch, User
from daybook.people.rules import search_text
from daybook.tenancy.actor import Actor
from daybook.web.search.dates import day_in
from tests.factories.sessions import add, at, make_client, make_person, make_practitioner, make_service
from tests.support.logins import BusinessClient, signed_in

TODAY = date(2026, 1, 12)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("today", date(2026, 1, 12)),
        ("Tomorrow", date(2026, 1, 13)),
        ("2026-03-02", date(2026, 3, 2)),
        ("2.3.", date(2026, 3, 2)),
        ("2.3.2027", date(2027, 3, 2)),
        ("3/2/2026", date(2026, 2, 3)),
        ("2 Mar", date(2026, 3, 2)),
        ("March 2", date(2026, 3, 2)),
        ("24 december", date(2025, 12, 24)),
        ("29 feb 2028", date(2028, 2, 29)),
    ],
)
def test_day_is_read_as_people_write_it(text: str, day: date) -> None:
    assert day_in(text, today=TODAY) == day


@pytest.mark.parametrize(
    "text", ["", "Leo", "31.2.2026", "0.0.", "2026-13-01", "99999-01-01", "1 foo", "0001-01-01", "12"]
)
def test_what_is_no_day_is_none(text: str) -> None:
    assert day_in(text, today=TODAY) is None


def test_month_may_come_first() -> None:
    assert day_in("3/2", today=TODAY, month_first=True) == date(2026, 3, 2)


def named(role: str, first: str, last: str, **fields: Any) -> User:
    values = {"first_name": first, "last_name": last, **fields}
    make = {"client": make_client, "practitioner": make_practitioner}.get(role)
    user = make(**values) if make else make_person(role, **values)
    user.search_text = search_text(user.__dict__)
    user.save()
    return user


def hits(browser: BusinessClient, q: str) -> list[str]:
    answer = browser.get("/search/", {"q": q}, headers={"Accept": "application/json"})
    assert answer.status_code == 200
    return [item["label"] for item in answer.json()["items"]]


@pytest.fixture
def office(admin: Actor) -> BusinessClient:
    """The administrator's browser."""
    return signed_in(User.objects.get(pk=admin.user_id))


def test_people_sessions_and_settings_are_found(office: BusinessClient, admin: Actor) -> None:
    leo, pia = named("client", "Leo", "Brandt"), named("practitioner", "Pia", "Albrecht")
    add(admin, make_service(name="Piano"), pia, leo, starts_at=at(10))
    assert "Leo Brandt" in hits(office, "brandt")
    assert any("Leo Brandt" in label for label in hits(office, "2026-01-12"))
    assert "Services" in hits(office, "services")
    assert hits(office, "x") == []
    page = office.get("/search/", {"q": "brandt"}, headers={"Accept": "text/html"}).content.decode()
    assert "Leo Brandt" in page and "<h1>" in page


@pytest.mark.parametrize("q", ["\x00", "%", "'; drop table people_user; --", "é" * 500, "1e999", "…", "0,0.0,1"])
def test_nothing_typed_breaks_it(office: BusinessClient, q: str) -> None:
    assert isinstance(hits(office, q), list)


def test_staff_find_only_whom_they_may_open(office: BusinessClient) -> None:
    named("client", "Leo", "Brandt")
    staff = named("staff", "Sam", "Brandt", username="sam")
    assert hits(signed_in(staff), "brandt") == ["Leo Brandt"]
    PermissionSwitch.objects.create(user=staff, permission="manage_clients", granted=False)
    assert hits(signed_in(staff), "brandt") == []


def test_staff_without_clients_choose_only_those_whose_names_they_meet(office: BusinessClient, admin: Actor) -> None:
    leo, _mia = named("client", "Leo", "Brandt", email="leo@example.org"), named("client", "Mia", "Brandt")
    add(admin, make_service(), make_practitioner(), leo, starts_at=at(10))
    staff = named("staff", "Sam", "Doe", username="sam")
    PermissionSwitch.objects.create(user=staff, permission="manage_clients", granted=False)

    def offered(path: str, **query: str) -> list[tuple[str, str]]:
        items = signed_in(staff).get(path, query).json()["items"]
        return [(item["label"], item["sub"]) for item in items]

    assert offered("/sessions/clients/", q="brandt") == [("Leo Brandt", "")]
    assert offered("/sessions/clients/", q="leo@example") == []
    assert offered("/search/people/", role="client", q="brandt") == [("Leo Brandt", ""), ("Mia Brandt", "")]
    PermissionSwitch.objects.create(user=staff, permission="manage_accounting", granted=False)
    assert offered("/search/people/", role="client", q="brandt") == []


def test_practitioner_finds_assigned_clients_alone(office: BusinessClient, admin: Actor) -> None:
    leo, _other = named("client", "Leo", "Brandt"), named("client", "Lea", "Brandt")
    pia = named("practitioner", "Pia", "Albrecht", username="pia")
    add(admin, make_service(), pia, leo, starts_at=at(10))
    assert [label for label in hits(signed_in(pia), "brandt") if "·" not in label] == ["Leo Brandt"]


def test_people_to_choose_from_answer_as_a_list(office: BusinessClient) -> None:
    leo = named("client", "Leo", "Brandt")
    answer = office.get("/search/people/", {"role": "client", "q": "leo"}).json()
    assert answer == {"items": [{"value": str(leo.pk), "label": "Leo Brandt", "sub": ""}]}
    assert office.get("/search/people/", {"role": "dragon"}).json() == {"items": []}


def test_search_takes_as_many_queries_for_three_hits_as_for_one(office: BusinessClient) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            hits(office, "brandt")
        return len(captured)

    named("client", "Leo", "Brandt")
    one = queries()
    named("client", "Lea", "Brandt")
    named("client", "Lou", "Brandt")
    assert queries() == one
