"""Settings > Business, Words and API."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from daybook.people.models import ApiToken, User
from daybook.tenancy.actor import Actor
from daybook.tenancy.models import Business, BusinessLogo, Term
from tests.core.test_images import png
from tests.factories.sessions import make_client, make_service
from tests.support.logins import BusinessClient, signed_in

BUSINESS = {
    "name": "Tonleiter",
    "time_zone": "Europe/Vienna",
    "currency": "CHF",
    "locale": "de",
    "first_weekday": "6",
    "accent": "#bc4a3c",
}


@pytest.fixture
def office(admin: Actor) -> BusinessClient:
    """The administrator's browser."""
    return signed_in(User.objects.get(pk=admin.user_id))


def test_business_is_saved_and_its_currency_stays_once_it_is_used(office: BusinessClient, business: Business) -> None:
    assert office.post("/settings/business/", BUSINESS).status_code == 302
    make_service()
    assert office.post("/settings/business/", BUSINESS | {"currency": "EUR", "name": "Other"}).status_code == 302
    business.refresh_from_db()
    assert (business.name, business.currency, business.time_zone, business.accent) == (
        "Other",
        "CHF",
        "Europe/Vienna",
        "#bc4a3c",
    )


@pytest.mark.parametrize(
    "change", [{"name": ""}, {"time_zone": "Nowhere"}, {"currency": "XXX"}, {"accent": "red"}, {"first_weekday": "9"}]
)
def test_refused_business_stays_as_it_was(office: BusinessClient, business: Business, change: dict[str, str]) -> None:
    assert office.post("/settings/business/", BUSINESS | change).status_code == 422
    name = business.name
    business.refresh_from_db()
    assert business.name == name


def test_logo_is_kept_shown_to_all_and_removed(office: BusinessClient) -> None:
    stranger = BusinessClient()
    stranger.slug = office.slug
    assert stranger.get("/logo/").status_code == 404
    file = SimpleUploadedFile("logo.png", png(40, 20), content_type="text/html")
    assert office.post("/settings/business/logo/", {"logo": file}).status_code == 302
    answer = stranger.get("/logo/")
    assert (answer.content, answer["Content-Type"]) == (png(40, 20), "image/png")
    assert stranger.get("/logo/", headers={"If-None-Match": answer["ETag"]}).status_code == 304
    assert "/logo/?v=" in office.get("/settings/business/").content.decode()
    office.post("/settings/business/logo/remove/")
    assert not BusinessLogo.objects.exists()


@pytest.mark.parametrize("content", [b"", b"<svg/>", png()[:-6], png(4001, 1)])
def test_a_file_that_is_no_picture_is_refused_in_words(office: BusinessClient, content: bytes) -> None:
    answer = office.post("/settings/business/logo/", {"logo": SimpleUploadedFile("logo.png", content)})
    assert answer.status_code == 422
    assert "picture" in answer.content.decode()
    assert office.post("/settings/business/logo/", {}).status_code == 422


def test_own_words_show_in_the_menu_and_half_a_word_is_refused(office: BusinessClient) -> None:
    assert (
        office.post("/settings/words/", {"client-singular": "student", "client-plural": "students"}).status_code == 302
    )
    assert ">Students<" in office.get("/settings/").content.decode()
    answer = office.post("/settings/words/", {"client-singular": "pupil"})
    assert answer.status_code == 422
    assert 'value="pupil"' in answer.content.decode()
    assert Term.objects.get().plural == "students"
    office.post("/settings/words/", {})
    assert not Term.objects.exists()


def test_key_is_shown_once_and_revoked(office: BusinessClient) -> None:
    page = office.post("/settings/api/new/", {"name": "Website"}).content.decode()
    token = ApiToken.objects.get()
    assert "daybook_" in page and token.digest not in page
    assert "daybook_" not in office.get("/settings/api/").content.decode().replace("daybook_session", "")
    office.post(f"/settings/api/{token.pk}/revoke/")
    token.refresh_from_db()
    assert token.revoked_at is not None
    assert make_client() is not None
