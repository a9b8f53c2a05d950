"""Signing in and out, signing up, finding a business, setting a password by a link."""

import re

import pytest
from django.db.models import F
from django.test import Client

from daybook.messaging.models import Message
from daybook.people.attempts import MOST_SIGN_UPS, SIGN_UP_WINDOW
from daybook.people.models import LoginSession, User
from daybook.tenancy.models import Business, SignUpAttempt
from daybook.tenancy.scope import open_scope
from daybook.workflows.welcome import password_link
from tests.factories.businesses import make_business
from tests.factories.sessions import make_client, make_person
from tests.support.logins import BusinessClient, signed_in


@pytest.fixture
def visitor(business):
    client = BusinessClient()
    client.slug = business.slug
    return client


@pytest.fixture
def ada(admin):
    return User.objects.get(pk=admin.user_id)


def sign_in(visitor, name, password="correct horse", **data):
    return visitor.post("/sign-in/", {"name": name, "password": password} | data)


def test_sign_in_goes_to_the_page_that_was_asked_for(visitor, ada, business):
    asked = visitor.get("/clients/")
    assert asked.status_code == 302
    assert asked["Location"] == f"/b/{business.slug}/sign-in/?next=/b/{business.slug}/clients/"
    answer = sign_in(visitor, ada.username, next=f"/b/{business.slug}/clients/")
    assert answer["Location"] == f"/b/{business.slug}/clients/"
    assert visitor.get("/clients/").status_code == 200


@pytest.mark.parametrize(
    "target",
    ["https://evil.example/", "//evil.example/", "/b/other/clients/", "/\\evil.example", "javascript:alert(1)"],
)
def test_sign_in_does_not_go_elsewhere(visitor, ada, business, target):
    assert sign_in(visitor, ada.username, next=target)["Location"] == f"/b/{business.slug}/"


def test_sign_in_wrong_password_is_422_and_keeps_the_name(visitor, ada):
    answer = sign_in(visitor, ada.username, "wrong horse")
    assert answer.status_code == 422
    assert f'value="{ada.username}"' in answer.content.decode()
    assert "do not fit together" in answer.content.decode()


def test_sign_in_too_often_is_429(visitor, ada):
    for _ in range(5):
        sign_in(visitor, ada.username, "wrong horse")
    assert sign_in(visitor, ada.username).status_code == 429


def test_sign_in_client_goes_to_its_own_pages(visitor, business):
    leo = make_client(username="leo")
    leo.set_password("correct horse")
    leo.save()
    assert sign_in(visitor, "leo")["Location"] == f"/b/{business.slug}/my/"
    assert visitor.get("/clients/")["Location"] == f"/b/{business.slug}/my/"
    assert visitor.post("/clients/status/", {}).status_code == 403


def test_sign_out_ends_the_login(visitor, ada):
    sign_in(visitor, ada.username)
    assert LoginSession.objects.filter(user=ada).exists()
    visitor.post("/sign-out/")
    assert not LoginSession.objects.filter(user=ada).exists()
    assert visitor.get("/clients/").status_code == 302


def test_status_change_ends_the_login_at_once(admin, ada):
    sam = make_person("staff", username="sam")
    browser = signed_in(sam)
    assert browser.get("/clients/").status_code == 200
    User.objects.filter(pk=sam.pk).update(status="inactive")
    assert browser.get("/clients/").status_code == 302


def test_signing_in_to_one_business_leaves_the_login_to_another_alone(visitor, ada):
    ada.set_password("correct horse")
    ada.username = "ada"
    ada.save()
    first, other = visitor.slug, make_business()
    with open_scope(other.pk):
        boss = make_person("administrator", username="bo")
        boss.set_password("correct horse")
        boss.save()
    assert sign_in(visitor, "ada").status_code == 302
    visitor.slug = other.slug
    assert visitor.get("/clients/").status_code == 302
    assert sign_in(visitor, "bo").status_code == 302
    for slug in (first, other.slug):
        visitor.slug = slug
        assert visitor.get("/clients/").status_code == 200
    visitor.post("/sign-out/")
    assert visitor.get("/clients/").status_code == 302
    visitor.slug = first
    assert visitor.get("/clients/").status_code == 200
    assert {name for name in visitor.cookies if name.startswith("daybook_session")} == {
        f"daybook_session_{first}", f"daybook_session_{other.slug}",
    }  # fmt: skip


def test_login_without_a_slug_holds_with_it_too(ada, business):
    browser = Client()
    browser.cookies["daybook_session"] = signed_in(ada).cookies["daybook_session"].value
    assert browser.get("/clients/").status_code == 200
    assert browser.get(f"/b/{business.slug}/clients/").status_code == 200
    browser.post("/sign-out/")
    assert browser.get(f"/b/{business.slug}/clients/").status_code == 302


def test_a_key_under_the_cookie_of_another_business_opens_nothing(ada):
    key = signed_in(ada).cookies["daybook_session"].value
    browser = BusinessClient()
    browser.slug = make_business().slug
    browser.cookies[f"daybook_session_{browser.slug}"] = key
    assert browser.get("/clients/").status_code == 302


def test_cookie_of_one_business_means_nothing_to_another(ada):
    browser = signed_in(ada)
    browser.slug = make_business().slug
    assert browser.get("/clients/")["Location"].endswith("/sign-in/?next=/b/" + browser.slug + "/clients/")


SIGN_UP = {
    "name": "Blue Door Studio", "slug": "", "currency": "GBP", "time_zone": "Europe/London", "locale": "en_GB",
    "your_name": "Ada King", "email": "ada@example.org", "username": "ada", "password": "correct horse",
}  # fmt: skip


def test_sign_up_makes_a_trial_business_and_signs_its_administrator_in(db):
    browser = Client()
    answer = browser.post("/sign-up/", SIGN_UP)
    assert answer["Location"] == "/b/blue-door-studio/"
    business = Business.objects.get(slug="blue-door-studio")
    assert (business.plan, business.currency) == ("trial", "GBP")
    with open_scope(business.pk):
        assert User.objects.get().name == "Ada King"
    assert browser.get("/b/blue-door-studio/clients/").status_code == 200


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("password", "short"),
        ("email", "nope"),
        ("currency", "XXX"),
        ("slug", "Not ok"),
        ("username", "two words"),
        ("name", "a\x00b"),
    ],
)
def test_sign_up_bad_value_is_422_beside_its_field(db, field, value):
    answer = Client().post("/sign-up/", SIGN_UP | {field: value})
    assert answer.status_code == 422
    assert f'id="id_{field}-error"' in answer.content.decode()
    assert not Business.objects.exists()


def test_sign_up_is_limited_by_address_and_opens_again(db):
    for number in range(MOST_SIGN_UPS):
        assert Client().post("/sign-up/", SIGN_UP | {"slug": f"studio-{number}"}).status_code == 302
    refused = Client().post("/sign-up/", SIGN_UP | {"slug": "one-more"})
    assert refused.status_code == 429
    assert "Wait 60 minutes" in refused.content.decode()
    assert 'value="one-more"' in refused.content.decode()
    assert not Business.objects.filter(slug="one-more").exists()
    assert Client(REMOTE_ADDR="10.9.8.7").post("/sign-up/", SIGN_UP | {"slug": "elsewhere"}).status_code == 302
    SignUpAttempt.objects.update(at=F("at") - SIGN_UP_WINDOW)
    assert Client().post("/sign-up/", SIGN_UP | {"slug": "one-more"}).status_code == 302


def test_sign_up_address_taken_is_told(db):
    make_business(slug="blue-door-studio")
    answer = Client().post("/sign-up/", SIGN_UP)
    assert answer.status_code == 409
    assert "Another business has that web address" in answer.content.decode()


def test_find_leads_to_the_business_or_says_that_there_is_none(db):
    browser = Client()
    assert browser.get("/find/")["Location"] == "/sign-up/"
    make_business(slug="harbour"), make_business(slug="blue")
    assert browser.get("/clients/")["Location"] == "/find/"
    assert browser.get("/find/").status_code == 200
    assert browser.post("/find/", {"slug": "Harbour"})["Location"] == "/b/harbour/sign-in/"
    assert browser.post("/find/", {"slug": "nowhere"}).status_code == 422


def test_password_link_sets_the_password_once(visitor, business):
    leo = make_client(username="leo", email="leo@example.org")
    visitor.post("/new-password/", {"name": "leo"})
    link = re.search(r"/set-password/\S+", Message.objects.get().body)[0]
    assert visitor.get(link).status_code == 200
    assert visitor.post(link, {"password": "short"}).status_code == 422
    assert visitor.post(link, {"password": "battery staple"})["Location"] == f"/b/{business.slug}/my/"
    leo.refresh_from_db()
    assert leo.check_password("battery staple")
    assert visitor.get(link).status_code == 404


def test_password_link_of_nobody_answers_the_same(visitor, business):
    make_client(username="leo", email="leo@example.org")
    known, unknown = (visitor.post("/new-password/", {"name": name}) for name in ("leo", "nobody"))
    assert known.status_code == unknown.status_code == 200
    assert Message.objects.count() == 1


def test_password_link_of_an_inactive_person_is_over(visitor, business):
    leo = make_client(username="leo", status="inactive")
    link = "/set-password/" + password_link(leo, "http://x/").partition("/set-password/")[2]
    assert visitor.get(link).status_code == 404
