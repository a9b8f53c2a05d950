"""Passkeys: making them, signing in with them, and all that must not sign in."""

import re
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pyotp
import pytest
import time_machine

from daybook.audit.models import Version
from daybook.people import services
from daybook.people.actors import actor_of
from daybook.people.models import LoginSession, Passkey, SecondFactor, SignInAttempt, User
from daybook.tenancy.scope import open_scope
from tests.factories.businesses import make_administrator, make_business
from tests.factories.sessions import make_client
from tests.support.authenticator import Device
from tests.support.logins import BusinessClient, signed_in

START = datetime.now(UTC)  # the database has a clock of its own, and sessions end by it
SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
TEAM, PORTAL = "/account/two-steps/", "/my/account/two-steps/"


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


@pytest.fixture
def ada(admin):
    return User.objects.get(pk=admin.user_id)


def at(desk, host):
    desk.defaults["HTTP_HOST"] = host


def here(desk):
    at(desk, "localhost")
    return desk


@pytest.fixture
def desk(ada):
    """Ada's, signed in."""
    return here(signed_in(ada))


@pytest.fixture
def visitor(business):
    client = BusinessClient()
    client.slug = business.slug
    return here(client)


def make(desk, device, name="Laptop", base=TEAM, **client):
    options = desk.post(f"{base}passkeys/options/", {"purpose": "create"}).json()
    return desk.post(f"{base}passkeys/add/", {"name": name, "passkey": device.make(options, **client)})


def proof(desk, device, base=TEAM, **client):
    return device.prove(desk.post(f"{base}passkeys/options/", {"purpose": "get"}).json(), **client)


@pytest.fixture
def device():
    return Device()


@pytest.fixture
def recovery(desk, device):
    """Ada's recovery codes: her first second factor is this device's passkey."""
    return codes_in(make(desk, device))


def codes_in(answer):
    return re.findall(r"<li><code>([a-z0-9-]{19})</code>", text(answer))


def text(answer):
    return answer.content.decode()


def first_step(visitor, user, **data):
    return visitor.post("/sign-in/", {"name": user.username, "password": "correct horse"} | data)


def asked(visitor):
    return visitor.post("/sign-in/passkey/").json()


def second_step(visitor, answer):
    return visitor.post("/sign-in/code/", {"passkey": answer})


# ── making ──


def test_first_passkey_turns_two_steps_on_and_gives_recovery_codes(ada, desk, device):
    other = signed_in(ada)
    assert "Make a passkey" in text(desk.get(TEAM))
    done = make(desk, device)
    assert len(codes_in(done)) == 10
    passkey = Passkey.objects.get(user=ada)
    assert (passkey.name, passkey.site, passkey.credential_id) == ("Laptop", "localhost", device.id)
    assert not SecondFactor.objects.get(user=ada).has_app
    assert other.get("/clients/").status_code == 302  # other devices are signed out
    assert desk.get("/clients/").status_code == 200
    page = text(desk.get(TEAM))
    assert "Laptop" in page
    assert device.id not in page


def test_second_passkey_keeps_logins_and_recovery_codes(ada, desk, recovery):
    other, before = signed_in(ada), SecondFactor.objects.get().recovery_digests
    assert make(desk, Device(), "Phone").status_code == 302  # a moment after the first: confirmed still
    assert SecondFactor.objects.get().recovery_digests == before
    assert [each.name for each in Passkey.objects.order_by("created_at", "id")] == ["Laptop", "Phone"]
    assert other.get("/clients/").status_code == 200


def test_creation_leaves_out_devices_that_hold_one(desk, device, recovery):
    options = desk.post(f"{TEAM}passkeys/options/", {"purpose": "create"}).json()
    assert [each["id"] for each in options["excludeCredentials"]] == [device.id]
    assert make(desk, device).status_code == 409
    assert Passkey.objects.count() == 1


@pytest.mark.parametrize(
    "client",
    [
        {"origin": "http://evil.example"},
        {"origin": "https://localhost"},
        {"challenge": "AAAA"},
        {"type": "webauthn.get"},
    ],
)
def test_making_with_a_wrong_answer_keeps_nothing(desk, device, client):
    assert make(desk, device, **client).status_code == 422
    assert not Passkey.objects.exists()
    assert not SecondFactor.objects.exists()


@pytest.mark.parametrize("name", ["", " ", "x" * 61, "x\x00y"])
def test_making_asks_for_a_name_that_can_be_kept(desk, device, name):
    assert make(desk, device, name).status_code == 422
    assert not Passkey.objects.exists()


def test_making_without_an_answer_says_so(desk):
    refused = desk.post(f"{TEAM}passkeys/add/", {"name": "Laptop"})
    assert refused.status_code == 422
    assert "No passkey came along" in text(refused)


def test_challenge_serves_once_and_for_five_minutes(desk, device, clock):
    options = desk.post(f"{TEAM}passkeys/options/", {"purpose": "create"}).json()
    wrong = {"name": "Laptop", "passkey": device.make(options, origin="http://evil.example")}
    assert desk.post(f"{TEAM}passkeys/add/", wrong).status_code == 422
    right = {"name": "Laptop", "passkey": device.make(options)}
    assert desk.post(f"{TEAM}passkeys/add/", right).status_code == 422  # used up by the try before
    options = desk.post(f"{TEAM}passkeys/options/", {"purpose": "create"}).json()
    clock.shift(timedelta(seconds=301))
    late = {"name": "Laptop", "passkey": device.make(options)}
    assert desk.post(f"{TEAM}passkeys/add/", late).status_code == 422
    assert make(desk, device).status_code == 200


def test_challenge_of_another_login_does_not_serve(ada, desk, device):
    elsewhere = here(signed_in(ada))
    options = elsewhere.post(f"{TEAM}passkeys/options/", {"purpose": "create"}).json()
    answer = desk.post(f"{TEAM}passkeys/add/", {"name": "Laptop", "passkey": device.make(options)})
    assert answer.status_code == 422


def test_no_more_than_twenty(ada, desk, recovery):
    Passkey.objects.bulk_create(
        Passkey(user=ada, name="x", site="localhost", credential_id=str(each), public_key=b"", created_at=START)
        for each in range(19)
    )
    refused = make(desk, Device())
    assert refused.status_code == 409
    assert "20 passkeys are the most" in text(refused)


def test_adding_to_what_is_there_asks_who_it_is(ada, recovery, device):
    later = here(signed_in(ada))  # an open login that showed no second factor lately
    assert "Is it you?" in text(later.get(f"{TEAM}passkeys/add/"))
    assert "Is it you?" in text(later.get(f"{TEAM}app/"))
    assert "Is it you?" in text(make(later, Device(), "Thief's"))
    refused = later.post(f"{TEAM}confirm/", {"code": "000000", "then": "app"})
    assert refused.status_code == 422
    assert "Is it you?" in text(refused)
    onward = later.post(f"{TEAM}confirm/", {"passkey": proof(later, device)})
    assert onward["Location"].endswith("/two-steps/passkeys/add/")
    assert "Make a passkey" in text(later.get(f"{TEAM}passkeys/add/"))
    assert make(later, Device(), "Phone").status_code == 302
    assert Passkey.objects.count() == 2


def test_confirming_holds_for_ten_minutes(ada, desk, recovery, clock):
    clock.shift(timedelta(minutes=11))
    assert "Is it you?" in text(make(desk, Device(), "Phone"))
    assert desk.post(f"{TEAM}confirm/", {"code": recovery[0], "then": "app"})["Location"].endswith("/app/")
    assert make(desk, Device(), "Phone").status_code == 302


def test_app_beside_a_passkey_keeps_the_recovery_codes(ada, desk, recovery):
    page = text(desk.get(f"{TEAM}app/"))
    secret = re.search(r'<code class="secret">([A-Z2-7 ]+)</code>', page)[1].replace(" ", "")
    done = desk.post(f"{TEAM}app/", {"code": pyotp.TOTP(secret).at(START)})
    assert done.status_code == 302
    factor = SecondFactor.objects.get()
    assert factor.has_app
    assert len(factor.recovery_digests) == 10
    assert desk.post(f"{TEAM}app/off/", {"code": "000000"}).status_code == 422
    assert desk.post(f"{TEAM}app/off/", {"code": recovery[0]}).status_code == 302
    assert not SecondFactor.objects.get().has_app


def test_passkey_beside_an_app_gives_no_new_recovery_codes(ada):
    now = START - timedelta(hours=1)
    services.set_up_second_factor(actor=actor_of(ada), secret=SECRET, code=pyotp.TOTP(SECRET).at(now), now=now)
    desk = here(signed_in(ada))
    assert "Is it you?" in text(desk.get(f"{TEAM}passkeys/add/"))
    assert desk.post(f"{TEAM}confirm/", {"code": pyotp.TOTP(SECRET).at(START)}).status_code == 302
    assert make(desk, Device()).status_code == 302
    assert SecondFactor.objects.get().has_app


def test_required_of_administrators_is_met_by_a_passkey(ada, admin, desk, device):
    services.require_second_factor(actor=admin, of_administrators=True)
    assert desk.get("/clients/")["Location"].endswith("/account/two-steps/")
    assert "administrators here sign in in two steps" in text(desk.get(TEAM))
    assert make(desk, device).status_code == 200
    assert desk.get("/clients/").status_code == 200


# ── signing in ──


def test_sign_in_with_a_passkey(visitor, ada, recovery, device, business):
    wanted = f"/b/{business.slug}/clients/"
    assert first_step(visitor, ada, next=wanted)["Location"] == f"/b/{business.slug}/sign-in/code/"
    page = text(visitor.get("/sign-in/code/"))
    assert "Use a passkey" in page
    assert "six digits" not in page  # there is no app
    options = asked(visitor)
    assert [each["id"] for each in options["allowCredentials"]] == [device.id]
    assert second_step(visitor, device.prove(options))["Location"] == wanted
    assert visitor.get("/clients/").status_code == 200
    passkey = Passkey.objects.get()
    assert (passkey.sign_count, passkey.last_used_at) == (device.count, START)
    assert make(visitor, Device(), "Phone").status_code == 302  # signing in confirmed the login


def test_sign_in_by_recovery_code_where_the_passkey_is_not_at_hand(visitor, ada, recovery):
    first_step(visitor, ada)
    assert "Recovery code" in text(visitor.get("/sign-in/code/?recovery"))
    assert visitor.post("/sign-in/code/", {"code": recovery[0]}).status_code == 302


def test_sign_in_answer_does_not_serve_twice(visitor, ada, recovery, device):
    first_step(visitor, ada)
    answer = device.prove(asked(visitor))
    assert second_step(visitor, answer).status_code == 302
    visitor.post("/sign-out/")
    first_step(visitor, ada)
    assert second_step(visitor, answer).status_code == 422  # nothing was asked
    asked(visitor)
    assert second_step(visitor, answer).status_code == 422  # something else was asked
    assert visitor.get("/clients/").status_code == 302


def test_sign_in_challenge_is_gone_after_a_wrong_answer_and_after_five_minutes(visitor, ada, recovery, device, clock):
    first_step(visitor, ada)
    options = asked(visitor)
    assert second_step(visitor, device.prove(options, origin="http://evil.example")).status_code == 422
    assert second_step(visitor, device.prove(options)).status_code == 422
    options = asked(visitor)
    clock.shift(timedelta(seconds=301))
    assert second_step(visitor, device.prove(options)).status_code == 422
    assert second_step(visitor, device.prove(asked(visitor))).status_code == 302


def test_sign_in_challenge_of_another_half_does_not_serve(visitor, ada, recovery, device, business):
    other = BusinessClient()
    other.slug = business.slug
    first_step(here(other), ada)
    first_step(visitor, ada)
    asked(visitor)
    assert second_step(visitor, device.prove(asked(other))).status_code == 422


@pytest.mark.parametrize(
    "change",
    [
        {"origin": "http://evil.example"},
        {"origin": "http://localhost:8000"},
        {"rp_id": "evil.example"},
        {"challenge": "AAAA"},
        {"type": "webauthn.create"},
    ],
)
def test_sign_in_with_a_wrong_answer_is_422(visitor, ada, recovery, device, change):
    first_step(visitor, ada)
    assert second_step(visitor, device.prove(asked(visitor), **change)).status_code == 422
    assert visitor.get("/clients/").status_code == 302


def test_sign_in_at_another_port_or_host_is_refused(visitor, ada, recovery, device):
    first_step(visitor, ada)
    answer = device.prove(asked(visitor))
    at(visitor, "localhost:8000")
    assert second_step(visitor, answer).status_code == 422
    at(visitor, "other.localhost")
    assert "Recovery code" in text(visitor.get("/sign-in/code/"))  # no passkey works there
    assert visitor.post("/sign-in/passkey/").status_code == 422


def test_sign_in_with_the_passkey_of_a_colleague_is_refused(visitor, ada, recovery, device):
    eve = make_administrator(first_name="Eve", username="eve")
    eve.set_password("correct horse")
    eve.save()
    other = Device()
    make(here(signed_in(eve)), other)
    first_step(visitor, ada)
    answer = other.prove(asked(visitor))
    assert second_step(visitor, answer).status_code == 422
    assert visitor.get("/clients/").status_code == 302
    assert Passkey.objects.get(user=eve).last_used_at is None


def test_sign_in_with_the_passkey_of_another_business_is_refused(visitor, ada, recovery):
    elsewhere, stolen = make_business(), Device()
    with open_scope(elsewhere.pk):
        make(here(signed_in(make_administrator(username="zoe"))), stolen)
        assert Passkey.objects.count() == 1
    assert list(Passkey.objects.values_list("user_id", flat=True)) == [ada.pk]
    first_step(visitor, ada)
    assert second_step(visitor, stolen.prove(asked(visitor))).status_code == 422


def test_sign_in_with_a_removed_passkey_is_refused(visitor, ada, desk, recovery, device):
    make(desk, Device(), "Phone")
    first_step(visitor, ada)
    options = asked(visitor)
    services.remove_passkey(
        actor=actor_of(ada), passkey_id=Passkey.objects.get(name="Laptop").pk, proof=recovery[0], now=START
    )
    assert second_step(visitor, device.prove(options)).status_code == 422
    assert device.id not in str(asked(visitor))


def test_sign_in_with_a_copy_is_refused_from_then_on_and_told(visitor, ada, desk, recovery, device):
    Passkey.objects.update(sign_count=7)
    first_step(visitor, ada)
    refused = second_step(visitor, device.prove(asked(visitor)))
    assert refused.status_code == 422
    assert "there may be a copy" in text(refused)
    assert Passkey.objects.get().copied_at == START
    device.count = 90
    assert visitor.post("/sign-in/passkey/").status_code == 422  # it is not asked any more
    assert "Use a passkey" not in text(visitor.get("/sign-in/code/"))
    assert "May be copied" in text(desk.get(TEAM))
    passkey = Passkey.objects.get()
    assert "Its counter went back" in text(desk.get(f"{TEAM}passkeys/{passkey.pk}/"))
    assert Version.objects.filter(table="people_passkey", verb="distrust_passkey").count() == 1
    assert visitor.post("/sign-in/code/", {"code": recovery[0]}).status_code == 302


def test_sign_in_wrong_answers_count_with_wrong_codes(visitor, ada, recovery, device, clock):
    first_step(visitor, ada)
    for _ in range(3):
        assert second_step(visitor, device.prove(asked(visitor), origin="http://evil.example")).status_code == 422
    assert [visitor.post("/sign-in/code/", {"code": "000000"}).status_code for _ in range(2)] == [422] * 2
    assert second_step(visitor, device.prove(asked(visitor))).status_code == 429
    clock.shift(timedelta(minutes=16))
    first_step(visitor, ada)
    assert second_step(visitor, device.prove(asked(visitor))).status_code == 302
    assert not SignInAttempt.objects.filter(at__gt=START).exists()


@pytest.mark.parametrize("sent", ["", "null", "{}", "[1]", "x\x00y", "9" * 31_000, "x" * 40_000, '{"id": "é"}'])
def test_sign_in_with_what_is_no_answer_is_422(visitor, ada, recovery, sent):
    first_step(visitor, ada)
    asked(visitor)
    assert second_step(visitor, sent).status_code == 422


def test_options_are_for_who_knows_the_password(visitor, ada, recovery):
    answer = visitor.post("/sign-in/passkey/", headers={"HX-Request": "true"})
    assert answer.status_code == 204
    assert answer["HX-Redirect"].endswith("/sign-in/")


def test_options_of_half_a_login_reach_no_account(visitor, ada, recovery):
    first_step(visitor, ada)
    assert visitor.post(f"{TEAM}passkeys/options/", {"purpose": "create"}).status_code == 302
    assert LoginSession.objects.filter(user=ada).count() == 1  # that of the desk that set it up


def test_where_no_browser_takes_part_the_page_says_why(ada, desk, recovery, visitor):
    at(desk, "127.0.0.1")
    page = text(desk.get(TEAM))
    assert "Passkeys need an address with a name" in page
    assert "data-passkey=" not in page
    at(desk, "example.org")
    assert "begin with https" in text(desk.get(TEAM))
    refused = desk.post(f"{TEAM}passkeys/options/", {"purpose": "create"}, headers={"HX-Request": "true"})
    assert refused.status_code == 422
    assert "https" in refused["HX-Trigger"]
    at(visitor, "127.0.0.1")
    first_step(visitor, ada)
    page = text(visitor.get("/sign-in/code/"))
    assert "Passkeys need an address with a name" in page
    assert "Recovery code" in page


# ── looking after them ──


def test_rename(desk, recovery):
    passkey = Passkey.objects.get()
    page = f"{TEAM}passkeys/{passkey.pk}/"
    assert desk.post(page, {"name": "Old laptop"}).status_code == 302
    assert desk.post(page, {"name": ""}).status_code == 422
    assert Passkey.objects.get().name == "Old laptop"


def test_remove_takes_a_proof_and_the_last_one_turns_it_off(desk, recovery, device):
    make(desk, Device(), "Phone")
    laptop, phone = Passkey.objects.order_by("name")
    address = f"{TEAM}passkeys/{laptop.pk}/remove/"
    assert desk.post(address).status_code == 422
    assert desk.post(address, {"code": "000000"}).status_code == 422
    assert desk.post(address, {"passkey": proof(desk, device, origin="http://evil.example")}).status_code == 422
    assert Passkey.objects.count() == 2
    assert desk.post(address, {"passkey": proof(desk, device)}).status_code == 302
    assert SecondFactor.objects.exists()
    assert desk.post(f"{TEAM}passkeys/{phone.pk}/remove/", {"code": recovery[0]}).status_code == 302
    assert not SecondFactor.objects.exists()
    assert "Make a passkey" in text(desk.get(TEAM))


def test_turning_off_and_new_codes_take_a_passkey_too(ada, desk, recovery, device):
    fresh = codes_in(desk.post(f"{TEAM}codes/", {"passkey": proof(desk, device)}))
    assert len(fresh) == 10
    assert desk.post(f"{TEAM}off/", {"code": recovery[0]}).status_code == 422
    assert desk.post(f"{TEAM}off/", {"passkey": proof(desk, device)}).status_code == 302
    assert not Passkey.objects.exists()
    assert not SecondFactor.objects.exists()


def test_passkeys_of_others_are_not_there(desk, recovery):
    eve = here(signed_in(make_administrator(first_name="Eve", username="eve")))
    make(eve, Device())
    theirs = Passkey.objects.get(name="Laptop", user__first_name="Eve")
    for address in (f"{TEAM}passkeys/{theirs.pk}/", f"{TEAM}passkeys/{uuid4()}/"):
        assert desk.get(address).status_code == 404
        assert desk.post(address, {"name": "Mine"}).status_code == 404
        assert desk.post(f"{address}remove/", {"code": recovery[0]}).status_code == 404
    assert len(SecondFactor.objects.get(user__first_name="Ada").recovery_digests) == 10


def test_reset_takes_passkeys_away_too(ada, desk, recovery, device, visitor):
    boss = signed_in(make_administrator(first_name="Eve", username="eve"))
    assert boss.post(f"/staff/{ada.pk}/two-steps/reset/").status_code == 302
    assert not Passkey.objects.exists()
    assert desk.get("/clients/").status_code == 302
    assert "Took two-step sign-in off" in text(boss.get(f"/staff/{ada.pk}/history/"))
    assert first_step(visitor, ada)["Location"].endswith("/")


def test_history_tells_of_passkeys_and_keeps_no_keys(ada, desk, recovery, device):
    desk.post(f"{TEAM}passkeys/{Passkey.objects.get().pk}/", {"name": "Old laptop"})
    desk.post(f"{TEAM}passkeys/{Passkey.objects.get().pk}/remove/", {"passkey": proof(desk, device)})
    page = text(desk.get(f"/staff/{ada.pk}/history/"))
    for said in ("Added a passkey", "Renamed a passkey", "Removed a passkey"):
        assert said in page
    kept = Version.objects.filter(table="people_passkey")
    assert set(kept.values_list("operation", flat=True)) == {"I", "U", "D"}
    gone = kept.get(operation="D").changes
    assert gone["name"] == "Old laptop"
    assert not {"credential_id", "public_key", "sign_count"} & set(gone)


def test_client_has_passkeys_in_the_portal(visitor, business, device):
    leo = make_client(username="leo")
    leo.set_password("correct horse")
    leo.save()
    desk = here(signed_in(leo))
    assert "Make a passkey" in text(desk.get(PORTAL))
    recovery = codes_in(make(desk, device, base=PORTAL))
    assert len(recovery) == 10
    assert first_step(visitor, leo)["Location"].endswith("/sign-in/code/")
    assert second_step(visitor, device.prove(asked(visitor)))["Location"] == f"/b/{business.slug}/my/"
    assert make(desk, Device(), "Phone", base=PORTAL).status_code == 302
    one = f"{PORTAL}passkeys/{Passkey.objects.get(name='Phone').pk}/"
    assert "Phone" in text(desk.get(one))
    assert desk.post(one, {"name": "Old phone"}).status_code == 302
    assert desk.post(f"{one}remove/", {"code": "000000"}).status_code == 422
    assert desk.post(f"{one}remove/", {"passkey": proof(desk, device, base=PORTAL)}).status_code == 302
    later = here(signed_in(leo))
    assert "Is it you?" in text(make(later, Device(), base=PORTAL))
    assert later.post(f"{PORTAL}confirm/", {"code": recovery[0], "then": "app"})["Location"].endswith("/app/")
    page = text(later.get(f"{PORTAL}app/"))
    secret = re.search(r'<code class="secret">([A-Z2-7 ]+)</code>', page)[1].replace(" ", "")
    assert later.post(f"{PORTAL}app/", {"code": pyotp.TOTP(secret).at(START)}).status_code == 302
    assert later.post(f"{PORTAL}app/off/", {"code": recovery[1]}).status_code == 302
    assert later.post(f"{PORTAL}off/", {"passkey": proof(later, device, base=PORTAL)}).status_code == 302
    assert not SecondFactor.objects.exists()
