"""Two-step sign-in: setting it up, signing in with it, being made to have it, and losing it."""

import re
from datetime import UTC, datetime, timedelta

import pyotp
import pytest
import time_machine
from django.test import Client

from daybook.audit.models import Version
from daybook.people import services
from daybook.people.actors import actor_of, issue_token
from daybook.people.models import LoginSession, SecondFactor, User
from daybook.tenancy.actor import COMMAND
from daybook.workflows.welcome import password_link
from tests.factories.businesses import make_administrator
from tests.factories.sessions import make_client, make_person
from tests.support.logins import BusinessClient, signed_in
from tests.support.pages import pages

START = datetime.now(UTC)  # the database has a clock of its own, and sessions end by it
SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


@pytest.fixture
def ada(admin):
    return User.objects.get(pk=admin.user_id)


@pytest.fixture
def recovery(ada):
    """Ada's recovery codes: she set her app up an hour ago."""
    before = START - timedelta(hours=1)
    return services.set_up_second_factor(actor=actor_of(ada), secret=SECRET, code=code(before), now=before)


@pytest.fixture
def visitor(business):
    client = BusinessClient()
    client.slug = business.slug
    return client


def code(at=START):
    return pyotp.TOTP(SECRET).at(at)


def first_step(visitor, user, **data):
    return visitor.post("/sign-in/", {"name": user.username, "password": "correct horse"} | data)


def second_step(visitor, typed):
    return visitor.post("/sign-in/code/", {"code": typed})


def text(answer):
    return answer.content.decode()


# ── signing in ──


def test_sign_in_right_code_goes_to_the_page_that_was_asked_for(visitor, ada, recovery, business):
    asked = f"/b/{business.slug}/clients/"
    assert first_step(visitor, ada, next=asked)["Location"] == f"/b/{business.slug}/sign-in/code/"
    assert visitor.get("/sign-in/code/").status_code == 200
    assert second_step(visitor, f" {code()[:3]} {code()[3:]}")["Location"] == asked
    assert visitor.get("/clients/").status_code == 200
    assert "half_signed_in" not in visitor.session


def test_half_signed_in_session_reaches_nothing(visitor, ada, recovery, business):
    first_step(visitor, ada)
    assert LoginSession.objects.filter(user=ada).count() == 0
    reached = []
    for route in pages():
        if (
            route.gaps
            or route.name.startswith("web:sign_")
            or route.name in ("web:find", "web:password_ask", "web:logo")
        ):
            continue
        for answer in (visitor.get(route.address), visitor.post(route.address)):
            away = answer.status_code in (302, 204) and "/sign-in/" in answer.headers.get("Location", "")
            if not away and answer.status_code != 405:
                reached.append((route.name, answer.status_code))
    assert reached == []


@pytest.mark.parametrize(
    "typed",
    ["000000", "", "abc", "x\x00y", "1" * 60, "1" * 5000, pytest.param(code(START - timedelta(seconds=90)), id="old")],
)
def test_sign_in_wrong_code_is_422(visitor, ada, recovery, typed):
    first_step(visitor, ada)
    assert second_step(visitor, typed).status_code == 422
    assert visitor.get("/clients/").status_code == 302


@pytest.mark.parametrize("seconds", [-30, 0, 30])
def test_sign_in_a_clock_one_step_off_is_fine(visitor, ada, recovery, seconds):
    first_step(visitor, ada)
    assert second_step(visitor, code(START + timedelta(seconds=seconds))).status_code == 302


def test_sign_in_used_code_does_not_work_again(visitor, ada, recovery):
    first_step(visitor, ada)
    assert second_step(visitor, code()).status_code == 302
    visitor.post("/sign-out/")
    first_step(visitor, ada)
    again = second_step(visitor, code())
    assert again.status_code == 422
    assert "was used before" in text(again)


def test_sign_in_recovery_code_works_once(visitor, ada, recovery):
    first_step(visitor, ada)
    assert "Recovery code" in text(visitor.get("/sign-in/code/?recovery"))
    assert second_step(visitor, recovery[3].upper().replace("-", " ")).status_code == 302
    assert len(SecondFactor.objects.get().recovery_digests) == 9
    visitor.post("/sign-out/")
    first_step(visitor, ada)
    assert second_step(visitor, recovery[3]).status_code == 422
    assert second_step(visitor, recovery[4]).status_code == 302


def test_sign_in_sixth_wrong_code_waits_also_with_the_right_one(visitor, ada, recovery, clock):
    first_step(visitor, ada)
    assert [second_step(visitor, "000000").status_code for _ in range(5)] == [422] * 5
    assert second_step(visitor, code()).status_code == 429
    first_step(visitor, ada)  # the right password does not make up for it
    assert second_step(visitor, recovery[0]).status_code == 429
    clock.shift(timedelta(minutes=16))
    first_step(visitor, ada)
    assert second_step(visitor, code(START + timedelta(minutes=16))).status_code == 302


def test_sign_in_code_comes_too_late_after_ten_minutes(visitor, ada, recovery, clock, business):
    first_step(visitor, ada)
    clock.shift(timedelta(minutes=11))
    answer = second_step(visitor, code(START + timedelta(minutes=11)))
    assert answer["Location"] == f"/b/{business.slug}/sign-in/"


@pytest.mark.parametrize("change", [{"status": "inactive"}, {"username": None}, {"password": "another"}])
def test_sign_in_code_of_somebody_changed_since_the_password_is_over(visitor, ada, recovery, change):
    first_step(visitor, ada)
    User.objects.filter(pk=ada.pk).update(**change)
    assert second_step(visitor, code()).headers["Location"].endswith("/sign-in/")
    assert visitor.get("/clients/").status_code == 302


def test_code_page_without_a_password_leads_to_sign_in(visitor, ada, recovery):
    assert visitor.get("/sign-in/code/")["Location"].endswith("/sign-in/")
    assert second_step(visitor, code())["Location"].endswith("/sign-in/")


def test_password_link_does_not_go_round_the_second_step(visitor, ada, recovery):
    link = "/set-password/" + password_link(ada, "http://x/").partition("/set-password/")[2]
    assert visitor.post(link, {"password": "battery staple"})["Location"].endswith("/sign-in/code/")
    assert visitor.get("/clients/").status_code == 302
    assert second_step(visitor, code()).status_code == 302


def test_sign_in_of_others_stays_one_step(visitor, recovery, business):
    sam = make_person("staff", username="sam")
    sam.set_password("correct horse")
    sam.save()
    assert first_step(visitor, sam)["Location"] == f"/b/{business.slug}/"


# ── one's own account ──


def set_up(browser, address="/account/two-steps/"):
    page = text(browser.get(address))
    secret = re.search(r'<code class="secret">([A-Z2-7 ]+)</code>', page)[1].replace(" ", "")
    return secret, page


def test_set_up_shows_the_code_to_scan_and_the_recovery_codes_once(ada):
    browser = signed_in(ada)
    other = signed_in(ada)
    secret, page = set_up(browser)
    assert '<svg role="img"' in page
    assert "<title>" in page
    assert secret == set_up(browser)[0]  # the same while it is being set up
    assert browser.post("/account/two-steps/", {"code": "000000"}).status_code == 422
    assert not SecondFactor.objects.exists()
    done = browser.post("/account/two-steps/", {"code": pyotp.TOTP(secret).at(START)})
    fresh = re.findall(r"<li><code>([a-z0-9-]{19})</code>", text(done))
    assert len(fresh) == 10
    assert 'download="daybook-recovery-codes.txt"' in text(done)
    assert all(each in text(done).partition("data:text/plain")[2] for each in fresh)
    again = text(browser.get("/account/two-steps/"))
    assert not any(each in again for each in fresh)
    assert secret not in again.replace(" ", "")
    assert other.get("/clients/").status_code == 302  # other devices are signed out
    factor = SecondFactor.objects.get(user=ada)
    assert secret not in factor.secret
    assert not any(each in str(factor.recovery_digests) for each in fresh)


def test_set_up_code_is_used_up_for_signing_in(visitor, ada):
    browser = signed_in(ada)
    secret, _page = set_up(browser)
    browser.post("/account/two-steps/", {"code": pyotp.TOTP(secret).at(START)})
    first_step(visitor, ada)
    assert second_step(visitor, pyotp.TOTP(secret).at(START)).status_code == 422


def test_new_recovery_codes_take_the_place_of_the_old(visitor, ada, recovery):
    browser = signed_in(ada)
    assert browser.post("/account/two-steps/codes/", {"code": "000000"}).status_code == 422
    answer = browser.post("/account/two-steps/codes/", {"code": code()})
    fresh = re.findall(r"<li><code>([a-z0-9-]{19})</code>", text(answer))
    assert len(fresh) == 10
    first_step(visitor, ada)
    assert second_step(visitor, recovery[0]).status_code == 422
    assert second_step(visitor, fresh[0]).status_code == 302


def test_turning_off_takes_a_code(ada, recovery):
    browser = signed_in(ada)
    assert browser.post("/account/two-steps/off/", {"code": "000000"}).status_code == 422
    assert SecondFactor.objects.exists()
    assert browser.post("/account/two-steps/off/", {"code": recovery[0]}).status_code == 302
    assert not SecondFactor.objects.exists()


def test_turning_off_at_a_limited_rate(ada, recovery):
    browser = signed_in(ada)
    tries = [browser.post("/account/two-steps/off/", {"code": "000000"}).status_code for _ in range(6)]
    assert tries == [422] * 5 + [429]


def test_client_sets_it_up_in_the_portal(visitor, business):
    leo = make_client(username="leo")
    leo.set_password("correct horse")
    leo.save()
    browser = signed_in(leo)
    secret, _page = set_up(browser, "/my/account/two-steps/")
    done = browser.post("/my/account/two-steps/", {"code": pyotp.TOTP(secret).at(START)})
    fresh = re.findall(r"<li><code>([a-z0-9-]{19})</code>", text(done))
    assert len(fresh) == 10
    assert first_step(visitor, leo)["Location"].endswith("/sign-in/code/")
    assert visitor.get("/my/").status_code == 302
    assert second_step(visitor, fresh[0])["Location"] == f"/b/{business.slug}/my/"
    assert browser.post("/my/account/two-steps/off/", {"code": "000000"}).status_code == 422
    assert browser.post("/my/account/two-steps/codes/", {"code": fresh[1]}).status_code == 200
    assert browser.post("/my/account/two-steps/off/", {"code": fresh[2]}).status_code == 422


# ── required for administrators ──


def test_required_sends_an_administrator_to_set_it_up_before_anything_else(ada, admin):
    services.require_second_factor(actor=admin, of_administrators=True)
    browser = signed_in(ada)
    open_to_all = {
        "web:sign_in",
        "web:sign_in_code",
        "web:sign_in_passkey_options",
        "web:sign_out",
        "web:sign_up",
        "web:find",
        "web:password_ask",
        "web:logo",
    }
    sets_up = {"web:account_second_factor", "web:account_passkey_add", "web:account_passkey_options"}
    reached = []
    for route in pages():
        if route.gaps or route.is_portal or route.name in open_to_all | sets_up:
            continue
        for answer in (browser.get(route.address), browser.post(route.address)):
            if not answer.headers.get("Location", "").endswith("/account/two-steps/") and answer.status_code != 405:
                reached.append((route.name, answer.status_code))
    assert reached == []
    secret, page = set_up(browser)
    assert "administrators here sign in in two steps" in page
    browser.post("/account/two-steps/", {"code": pyotp.TOTP(secret).at(START)})
    assert browser.get("/clients/").status_code == 200


def test_required_leaves_other_roles_alone(admin):
    services.require_second_factor(actor=admin, of_administrators=True)
    assert signed_in(make_person("staff", username="sam")).get("/clients/").status_code == 200


def test_required_is_set_by_administrators_on_the_business_page(ada):
    browser = signed_in(ada)
    assert "Administrators sign in in two steps" in text(browser.get("/settings/business/"))
    assert browser.post("/settings/business/sign-in/", {"administrators": "on"}).status_code == 302
    assert browser.get("/settings/business/")["Location"].endswith("/account/two-steps/")
    sam = make_person("staff", username="sam")
    services.set_permissions(actor=actor_of(ada), user_id=sam.pk, changes={"manage_settings": True})
    assert signed_in(sam).post("/settings/business/sign-in/", {}).status_code == 403


@pytest.mark.parametrize("is_set_up", [True, False])
def test_api_tokens_know_no_second_step(ada, admin, is_set_up, request):
    if is_set_up:
        request.getfixturevalue("recovery")
    services.require_second_factor(actor=admin, of_administrators=True)
    token = issue_token(user_id=ada.pk, now=START)
    answer = Client().get("/api/v1/clients", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 200
    assert "second" not in answer.content.decode()


# ── losing it ──


def test_reset_by_another_administrator_ends_logins_and_is_in_the_history(visitor, ada, recovery):
    eve = make_administrator(first_name="Eve")
    there, boss = signed_in(ada), signed_in(eve)
    page = f"/staff/{ada.pk}/"
    assert "Reset two-step sign-in" in text(boss.get(page))
    assert boss.post(f"{page}two-steps/reset/").status_code == 302
    assert not SecondFactor.objects.exists()
    assert there.get("/clients/").status_code == 302
    assert "Took two-step sign-in off" in text(boss.get(f"{page}history/"))
    version = Version.objects.get(table="people_secondfactor", operation="D")
    assert (version.actor_id, version.parent_id) == (eve.pk, ada.pk)
    assert "secret" not in version.changes
    assert "recovery_digests" not in version.changes
    assert first_step(visitor, ada)["Location"].endswith("/")
    assert boss.post(f"{page}two-steps/reset/").status_code == 404


def test_reset_is_for_administrators_and_never_of_oneself(ada, recovery):
    sam = make_person("staff", username="sam")
    services.set_permissions(actor=COMMAND, user_id=sam.pk, changes={"manage_staff": True})
    assert signed_in(sam).post(f"/staff/{ada.pk}/two-steps/reset/").status_code == 403
    assert "Reset two-step sign-in" not in text(signed_in(ada).get(f"/staff/{ada.pk}/"))
    assert signed_in(ada).post(f"/staff/{ada.pk}/two-steps/reset/").status_code == 403
    assert SecondFactor.objects.exists()
