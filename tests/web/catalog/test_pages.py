"""Settings > Services and Locations, custom rates and wage rates."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from daybook.catalog.models import ClientRate, Location, Service, WageRate
from daybook.people.models import User
from daybook.tenancy.actor import Actor
from tests.factories.sessions import make_client, make_location, make_person, make_practitioner, make_service
from tests.support.logins import signed_in

SERVICE = {
    "name": "Piano", "kind": "hourly", "cost": "45.00", "wage": "22.50", "tax_rate": "0", "minutes": "45",
    "buffer_before": "0", "buffer_after": "5", "visibility": "all",
}  # fmt: skip


@pytest.fixture
def office(admin: Actor) -> Client:
    """The administrator's browser."""
    return signed_in(User.objects.get(pk=admin.user_id))


@pytest.mark.parametrize("path", ["services", "locations"])
def test_lists_take_as_many_queries_for_three_rows_as_for_one(office: Client, path: str) -> None:
    make = make_service if path == "services" else make_location

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert office.get(f"/settings/{path}/").status_code == 200
        return len(captured)

    make()
    one = queries()
    make()
    make()
    assert queries() == one


@pytest.mark.parametrize(("path", "make"), [("services", make_service), ("locations", make_location)])
def test_export_is_the_list_as_it_is_filtered(office: Client, path: str, make: Callable[..., Service]) -> None:
    for name in ("=Cello", "Violin"):
        make(name=name)
    head, *rows = csv.reader(io.StringIO(office.get(f"/settings/{path}/export.csv?q=cel").content.decode("utf-8-sig")))
    assert [row[head.index("name")] for row in rows] == ["'=Cello"]
    book = office.get(f"/settings/{path}/export.csv?format=xlsx&sort=-name").content
    names = [row[1] for row in load_workbook(io.BytesIO(book)).active.iter_rows(values_only=True)]
    assert names == ["name", "Violin", "=Cello"]
    assert (
        f"/settings/{path}/export.csv?q=cel&amp;format=xlsx" in office.get(f"/settings/{path}/?q=cel").content.decode()
    )


@pytest.mark.parametrize("path", ["", "services/", "locations/", "business/", "words/", "api/"])
def test_settings_open_for_administrators_and_nobody_below(office: Client, path: str) -> None:
    assert office.get(f"/settings/{path}").status_code == 200
    for role in ("staff", "practitioner"):
        assert signed_in(make_person(role, username=role)).get(f"/settings/{path}").status_code == 403
    for role in ("client", "agent"):
        assert signed_in(make_person(role, username=role)).get(f"/settings/{path}").status_code == 302
    assert Client().get(f"/settings/{path}")["Location"].endswith(f"/sign-in/?next=/settings/{path}")


def test_service_is_added_once_though_sent_twice(office: Client) -> None:
    for _ in range(2):
        assert office.post("/settings/services/new/", SERVICE | {"once": "k"}).status_code == 302
    service = Service.objects.get()
    assert (service.cost_minor, service.wage_minor, service.minutes, service.buffer_after) == (4500, 2250, 45, 5)


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"name": ""}, "required"),
        ({"cost": "-1"}, "below zero"),
        ({"cost": "abc"}, "amount"),
        ({"minutes": "0"}, "1"),
        ({"name": "Violin"}, "taken"),
        ({"kind": "weekly"}, "choice"),
        ({"name": "x" * 10_000}, "120"),
        ({"cost": "99999999999999999999"}, "amount"),
        ({"color": "red"}, "colour"),
    ],
)
def test_refused_service_keeps_what_was_typed_and_says_why(office: Client, change: dict[str, str], text: str) -> None:
    make_service(name="Violin")
    answer = office.post("/settings/services/new/", SERVICE | {"description": "kept words"} | change)
    assert answer.status_code == 422
    assert "kept words" in answer.content.decode()
    assert Service.objects.count() == 1


def test_service_is_changed_deleted_and_brought_back(office: Client) -> None:
    service = make_service(name="Piano")
    page = f"/settings/services/{service.pk}/"
    assert "Piano" in office.get(page).content.decode()
    assert office.post(page, SERVICE | {"name": "Piano, long", "client_bookable": "on"}).status_code == 302
    service.refresh_from_db()
    assert (service.name, service.client_bookable) == ("Piano, long", True)
    assert office.post(f"{page}delete/").status_code == 302
    assert office.get(page).status_code == 404
    assert "Piano, long" not in office.get("/settings/services/").content.decode()
    assert f"{page}recover/" in office.get("/settings/services/?shown=deleted").content.decode()
    assert office.post(f"{page}recover/").status_code == 302
    assert office.get(page).status_code == 200


def test_location_with_one_place_is_exclusive(office: Client) -> None:
    assert office.post("/settings/locations/new/", {"name": "Room 1", "capacity": "1"}).status_code == 302
    assert Location.objects.get().is_exclusive
    assert office.post("/settings/locations/new/", {"name": "Hall", "capacity": "0"}).status_code == 422


def test_deleted_location_is_found_in_its_bin(office: Client) -> None:
    room = make_location(name="Attic")
    office.post(f"/settings/locations/{room.pk}/delete/", follow=True)
    assert "Attic" not in office.get("/settings/locations/").content.decode()
    assert (
        f"/settings/locations/{room.pk}/recover/" in office.get("/settings/locations/?shown=deleted").content.decode()
    )


def test_custom_rate_is_set_shown_and_removed(office: Client) -> None:
    leo, service = make_client(), make_service()
    page = f"/accounting/custom-rates/{leo.pk}/"
    assert office.post(f"{page}{service.pk}/", {"amount": "33.10", "starts_on": "2026-01-01"}).status_code == 302
    rate = ClientRate.objects.get()
    assert (rate.cost_minor, rate.client_id) == (3310, leo.pk)
    assert "33.10" in office.get(page).content.decode()
    assert "33.10" in office.get("/accounting/custom-rates/", {"client": str(leo.pk)}).content.decode()
    assert office.post(f"/accounting/custom-rates/rate/{rate.pk}/delete/").status_code == 302
    assert not ClientRate.objects.exists()


def test_wage_rate_is_set_and_removed(office: Client) -> None:
    pia, service = make_practitioner(), make_service()
    page = f"/accounting/wage-rates/{pia.pk}/"
    assert office.post(f"{page}{service.pk}/", {"amount": "30", "starts_on": "2026-01-01"}).status_code == 302
    assert "30.00" in office.get(page).content.decode()
    office.post(f"/accounting/wage-rates/rate/{WageRate.objects.get().pk}/delete/")
    assert not WageRate.objects.exists()


@pytest.mark.parametrize("client", ["", "x", "018f0000-0000-7000-8000-000000000000"])
def test_rates_of_nobody_are_a_page_or_404(office: Client, client: str) -> None:
    assert office.get("/accounting/custom-rates/", {"client": client}).status_code in (200, 404)
