"""The history of what is set up, and the way back of what was removed from it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from daybook.catalog.models import ClientRate, Location, Service, WageRate
from daybook.ledger.models import Account
from daybook.people.models import User
from daybook.scheduling.models import Closure, CompletionType
from daybook.tenancy.actor import Actor
from tests.factories.sessions import add, at, make_client, make_location, make_person, make_practitioner, make_service
from tests.support.logins import signed_in


@pytest.fixture
def office(admin: Actor) -> Client:
    """The administrator's browser."""
    return signed_in(User.objects.get(pk=admin.user_id))


@pytest.fixture(autouse=True)
def completed(business: object) -> CompletionType:
    """One completion type must always be on."""
    kind: CompletionType = CompletionType.objects.create(status="completed", label="Completed", is_default=True)
    return kind


def shown(browser: Client, path: str) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_service_history_says_who_changed_what_from_what_to_what(office: Client) -> None:
    service = make_service()
    fields = {
        "name": "Cello", "kind": "fixed", "cost": "70.00", "wage": "30.00", "tax_rate": "0", "minutes": "60",
        "buffer_before": "0", "buffer_after": "0", "visibility": "all",
    }  # fmt: skip
    assert office.post(f"/settings/services/{service.pk}/", fields).status_code == 302
    page = shown(office, f"/settings/services/{service.pk}/history/")
    assert all(text in page for text in ("<b>Changed</b>", "<del>€60.00</del> → <ins>€70.00</ins>", "Cello"))
    office.post(f"/settings/services/{service.pk}/delete/")
    assert "<b>Deleted</b>" in shown(office, f"/settings/services/{service.pk}/history/")


def test_business_history_tells_of_its_name_and_of_words_that_came_and_went(office: Client) -> None:
    form = {
        "name": "Rosengarten",
        "time_zone": "Europe/Berlin",
        "currency": "EUR",
        "locale": "en",
        "first_weekday": "6",
    }
    assert office.post("/settings/business/", form).status_code == 302
    for word in ("pupil", ""):
        office.post("/settings/words/", {"client-singular": word, "client-plural": f"{word}s" if word else ""})
    page = shown(office, "/settings/business/history/")
    assert all(text in page for text in ("Rosengarten", "<ins>Sunday</ins>", "<ins>pupil, pupils</ins>", "<del>pupil"))


@pytest.mark.parametrize("what", ["service", "location", "closure", "completion-type"])
def test_history_of_settings_needs_the_area(office: Client, what: str) -> None:
    make: dict[str, Callable[[], object]] = {
        "service": make_service,
        "location": make_location,
        "closure": lambda: Closure.objects.create(name="Off", starts_on="2026-05-01", ends_on="2026-05-01"),
        "completion-type": lambda: CompletionType.objects.all()[0],
    }
    path = f"/settings/{what}s/{make[what]().pk}/history/"  # type: ignore[attr-defined]
    assert office.get(path).status_code == 200
    assert signed_in(make_person("practitioner", username="pia")).get(path).status_code == 403
    staff = signed_in(make_person("staff", username="kim")).get(path).status_code
    assert staff == (200 if what == "closure" else 403)


def test_removed_custom_rate_is_offered_and_comes_back_with_the_price_of_open_sessions(
    office: Client, admin: Actor
) -> None:
    service, leo = make_service(), make_client()
    add(admin, service, make_practitioner(), leo, starts_at=at(10, day=3))
    rate = ClientRate.objects.create(client=leo, service=service, cost_minor=3310, starts_on="2026-01-01")
    back = f"/accounting/custom-rates/rate/{rate.pk}/recover/"
    office.post(f"/accounting/custom-rates/rate/{rate.pk}/delete/")
    assert Account.objects.get(owner=leo).scheduled_minor == 6000
    assert back in shown(office, f"/accounting/custom-rates/{leo.pk}/")
    assert office.post(back).status_code == 302
    assert Account.objects.get(owner=leo).scheduled_minor == 3310
    assert ClientRate.objects.get().pk == rate.pk
    assert back not in shown(office, f"/accounting/custom-rates/{leo.pk}/")
    assert office.post(back).status_code == 404


def test_removed_rate_whose_day_has_another_stays_away_and_says_why(office: Client) -> None:
    pia, service = make_practitioner(), make_service()
    rate = WageRate.objects.create(practitioner=pia, service=service, wage_minor=2000, starts_on="2026-01-01")
    office.post(f"/accounting/wage-rates/rate/{rate.pk}/delete/")
    another = WageRate.objects.create(practitioner=pia, service=service, wage_minor=2500, starts_on="2026-01-01")
    assert office.post(f"/accounting/wage-rates/rate/{rate.pk}/recover/").status_code == 422
    assert list(WageRate.objects.all()) == [another]


def test_removed_closure_and_completion_type_are_offered_and_come_back(office: Client) -> None:
    closure = Closure.objects.create(
        name="Whit Monday", starts_on="2026-05-25", ends_on="2026-05-25", location=make_location()
    )
    kind = CompletionType.objects.create(status="missed", label="No call", client_modifier=50)
    for path, row in (("closures", closure), ("completion-types", kind)):
        assert office.post(f"/settings/{path}/{row.pk}/delete/").status_code == 302
        back = f"/settings/{path}/{row.pk}/recover/"
        assert back in shown(office, f"/settings/{path}/")
        assert office.post(back).status_code == 302
        assert back not in shown(office, f"/settings/{path}/")
        assert office.post(back).status_code == 404
    again = Closure.objects.get()
    assert (again.pk, again.name, str(again.starts_on), again.location_id) == (
        closure.pk, "Whit Monday", "2026-05-25", closure.location_id,
    )  # fmt: skip
    assert CompletionType.objects.get(label="No call").client_modifier == 50


def test_removed_things_that_lost_their_place_stay_away(office: Client) -> None:
    place = make_location()
    closure = Closure.objects.create(name="Paint", starts_on="2026-05-25", ends_on="2026-05-25", location=place)
    kind = CompletionType.objects.create(status="missed", label="No call")
    office.post(f"/settings/closures/{closure.pk}/delete/")
    office.post(f"/settings/completion-types/{kind.pk}/delete/")
    Location.objects.filter(pk=place.pk).update(deleted_at=at(9))
    CompletionType.objects.create(status="missed", label="No call")
    assert office.post(f"/settings/closures/{closure.pk}/recover/").status_code == 404
    assert office.post(f"/settings/completion-types/{kind.pk}/recover/").status_code == 422
    assert not Closure.objects.exists()
    assert Service.objects.count() == 0
