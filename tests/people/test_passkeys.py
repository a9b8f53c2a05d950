"""What a passkey is asked, and whose answer is taken: against devices in software, honest and other."""

import json
from uuid import UUID

import pytest

from daybook.people.errors import BadPasskey, PasskeyCopied, PasskeysNotHere
from daybook.people.passkeys import (
    PasskeyAnswer,
    Site,
    creation_options,
    decoded,
    encoded,
    read_new,
    read_proof,
    request_options,
    site_at,
    went_back,
)
from tests.support.authenticator import PRESENT, VERIFIED, Device, changed, flipped

LEO, MIA = UUID(int=1), UUID(int=2)
HERE = Site("http", "localhost:8000")
CHALLENGE = b"c" * 32


def options_to_make(site=HERE, challenge=CHALLENGE, known=()):
    return creation_options(
        site, challenge=challenge, user_id=LEO, account="leo", name="Leo Roth", issuer="Linden", known=known
    )


def options_to_ask(device, site=HERE, challenge=CHALLENGE):
    return request_options(site, challenge=challenge, known=[(device.id, [])])


def answer(text, challenge=CHALLENGE, site=HERE):
    return PasskeyAnswer(text, challenge, site)


@pytest.fixture
def device():
    return Device(origin=HERE.origin)


@pytest.fixture
def made(device):
    return read_new(answer(device.make(options_to_make())))


def proven(made, text, *, user_id=LEO, sign_count=0, **where):
    return read_proof(answer(text, **where), user_id=user_id, public_key=made.public_key, sign_count=sign_count)


# ── where ──


@pytest.mark.parametrize(
    ("scheme", "host", "name", "origin"),
    [
        ("https", "example.org", "example.org", "https://example.org"),
        ("https", "Example.org:443", "example.org", "https://example.org"),
        ("https", "example.org:8443", "example.org", "https://example.org:8443"),
        ("http", "localhost:80", "localhost", "http://localhost"),
        ("http", "localhost:443", "localhost", "http://localhost:443"),
        ("http", "[::1]:8000", "[::1]", "http://[::1]:8000"),
        ("http", "[::1]", "[::1]", "http://[::1]"),
    ],
)
def test_site_has_a_name_and_an_origin_as_browsers_write_it(scheme, host, name, origin):
    assert (Site(scheme, host).name, Site(scheme, host).origin) == (name, origin)


@pytest.mark.parametrize(
    ("site", "obstacle"),
    [
        (Site("https", "example.org"), ""),
        (Site("http", "localhost:8000"), ""),
        (Site("http", "linden.localhost:8000"), ""),
        (Site("http", "example.org"), "not_secure"),
        (Site("http", "localhost.example.org"), "not_secure"),
        (Site("http", "127.0.0.1:8000"), "number"),
        (Site("https", "192.0.2.7"), "number"),
        (Site("https", "[2001:db8::1]:8443"), "number"),
    ],
)
def test_site_says_what_is_in_the_way(site, obstacle):
    assert site.obstacle == obstacle
    if obstacle:
        with pytest.raises(PasskeysNotHere) as refusal:
            options_to_make(site)
        assert refusal.value.data == {"obstacle": obstacle}


@pytest.mark.parametrize(
    ("scheme", "host", "public_url", "origin"),
    [
        ("http", "example.org", "https://example.org", "https://example.org"),  # a proxy that forgets to say so
        ("https", "example.org", "https://example.org", "https://example.org"),
        ("http", "evil.example", "https://example.org", "http://evil.example"),
        ("http", "example.org:8000", "https://example.org", "http://example.org:8000"),
        ("http", "example.org", "http://example.org", "http://example.org"),
        ("http", "localhost:8000", None, "http://localhost:8000"),
    ],
)
def test_site_at_takes_the_installations_own_address_as_it_is_set(scheme, host, public_url, origin):
    assert site_at(scheme, host, public_url=public_url).origin == origin


# ── what is asked ──


def test_creation_options_name_the_person_and_leave_out_known_devices():
    options = options_to_make(known=[("abc", ["usb"])])
    assert options["rp"] == {"id": "localhost", "name": "Linden"}
    assert decoded(options["user"]["id"]) == LEO.bytes
    assert decoded(options["challenge"]) == CHALLENGE
    assert options["excludeCredentials"] == [{"type": "public-key", "id": "abc", "transports": ["usb"]}]
    assert options["authenticatorSelection"]["userVerification"] == "preferred"
    assert options["attestation"] == "none"
    assert json.loads(json.dumps(options)) == options


def test_request_options_allow_the_persons_own_only(device):
    options = options_to_ask(device)
    assert [each["id"] for each in options["allowCredentials"]] == [device.id]
    assert options["rpId"] == "localhost"


# ── what is made ──


def test_read_new_gives_the_public_half(device, made):
    assert made.credential_id == device.id
    assert made.transports == ["internal"]  # and nothing that nobody knows
    assert made.sign_count == 0


@pytest.mark.parametrize(
    "client",
    [
        {"origin": "http://localhost"},
        {"origin": "https://localhost:8000"},
        {"origin": "http://localhost:8000.evil.example"},
        {"challenge": encoded(b"d" * 32)},
        {"type": "webauthn.get"},
    ],
)
def test_read_new_of_another_origin_challenge_or_kind_is_refused(device, client):
    with pytest.raises(BadPasskey):
        read_new(answer(device.make(options_to_make(), **client)))


def test_read_new_of_another_site_is_refused(device):
    elsewhere = options_to_make(Site("https", "evil.example"))
    with pytest.raises(BadPasskey):
        read_new(answer(device.make(elsewhere)))


def test_read_new_without_a_challenge_is_refused(device):
    with pytest.raises(BadPasskey):
        read_new(answer(device.make(options_to_make()), challenge=None))


@pytest.mark.parametrize(
    "text",
    [
        "", "null", "[]", "7", '"x"', "{}", "{", "[" * 20_000, '{"id": "x"}', '{"id": 7, "rawId": 7, "response": {}}', "x\x00y",
        '{"id":"","rawId":"","type":"public-key","response":{"clientDataJSON":"","attestationObject":""}}',
        '{"id":"AA","rawId":"AA","type":"public-key","response":{"clientDataJSON":"AA","attestationObject":"é"}}',
        '{"id":"AA","rawId":"AA","type":"other","response":[]}',
        "9" * 31_000,
    ],
)  # fmt: skip
def test_what_is_no_answer_is_refused(made, text):
    with pytest.raises(BadPasskey):
        read_new(answer(text))
    with pytest.raises(BadPasskey):
        proven(made, text)


def test_read_new_of_an_endless_answer_is_refused(device):
    with pytest.raises(BadPasskey):
        read_new(answer(device.make(options_to_make()) + " " * 32_000))


# ── what is proven ──


def test_read_proof_gives_the_new_count(device, made):
    assert proven(made, device.prove(options_to_ask(device))) == 1
    assert proven(made, device.prove(options_to_ask(device)), sign_count=1) == 2


@pytest.mark.parametrize(
    "client",
    [
        {"origin": "http://localhost"},
        {"origin": "https://localhost:8000"},
        {"challenge": encoded(b"d" * 32)},
        {"type": "webauthn.create"},
    ],
)
def test_read_proof_of_another_origin_challenge_or_kind_is_refused(device, made, client):
    with pytest.raises(BadPasskey):
        proven(made, device.prove(options_to_ask(device), **client))


def test_read_proof_at_another_site_is_refused(device, made):
    with pytest.raises(BadPasskey):
        proven(made, device.prove(options_to_ask(device), rp_id="evil.example"))


def test_read_proof_without_anybody_there_is_refused(device, made):
    with pytest.raises(BadPasskey):
        proven(made, device.prove(options_to_ask(device), flags=VERIFIED))
    assert (
        proven(made, device.prove(options_to_ask(device), flags=PRESENT)) > 0
    )  # verifying the person is preferred only


def test_read_proof_with_another_key_is_refused(device, made):
    other = Device(origin=HERE.origin, credential=device.credential, user_handle=device.user_handle)
    with pytest.raises(BadPasskey):
        proven(made, other.prove(options_to_ask(device)))


@pytest.mark.parametrize("part", ["signature", "authenticatorData", "clientDataJSON"])
def test_read_proof_changed_on_its_way_is_refused(device, made, part):
    text = device.prove(options_to_ask(device))
    with pytest.raises(BadPasskey):
        proven(made, changed(text, **{part: flipped(json.loads(text)["response"][part])}))
    with pytest.raises(BadPasskey):
        proven(made, changed(text, **{part: None}))


@pytest.mark.parametrize("handle", [encoded(MIA.bytes), "", "é", "AA"])
def test_read_proof_for_another_person_is_refused(device, made, handle):
    with pytest.raises(BadPasskey):
        proven(made, changed(device.prove(options_to_ask(device)), userHandle=handle))


def test_read_proof_need_not_name_the_person(device, made):
    assert proven(made, changed(device.prove(options_to_ask(device)), userHandle=None)) == 1


@pytest.mark.parametrize(
    ("count", "before", "back"),
    [(1, 0, False), (8, 7, False), (7, 7, True), (6, 7, True), (0, 7, True), (0, 0, False)],
)
def test_went_back_where_the_count_does_not_grow(count, before, back):
    assert went_back(count, before=before) is back


def test_read_proof_with_a_count_that_went_back_tells_of_a_copy(device, made):
    with pytest.raises(PasskeyCopied):
        proven(made, device.prove(options_to_ask(device)), sign_count=5)


def test_read_proof_of_a_device_that_does_not_count_is_fine(made, device):
    device.counts = False
    assert proven(made, device.prove(options_to_ask(device))) == 0
    assert proven(made, device.prove(options_to_ask(device))) == 0
