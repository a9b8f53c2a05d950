"""Codes of an app, recovery codes, and the seal of a secret."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from daybook.people import codes

# RFC 6238, appendix B: the secret `12345678901234567890`; its codes' last six digits.
SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
LEO, MIA = UUID(int=1), UUID(int=2)


def at(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


@pytest.mark.parametrize(
    ("seconds", "code"),
    [
        (59, "287082"),
        (1111111109, "081804"),
        (1111111111, "050471"),
        (1234567890, "005924"),
        (2000000000, "279037"),
        (20000000000, "353130"),
    ],
)
def test_matching_step_agrees_with_the_standard(seconds, code):
    assert codes.matching_step(SECRET, code, now=at(seconds), after=0) == seconds // 30


@pytest.mark.parametrize(
    ("late", "is_taken"), [(-60, False), (-30, True), (-29, True), (0, True), (30, True), (59, True), (60, False)]
)
def test_matching_step_allows_one_step_of_drift(late, is_taken):
    moment = at(1111111110)  # the first second of its step
    found = codes.matching_step(SECRET, "050471", now=moment + timedelta(seconds=late), after=0)
    assert (found is not None) == is_taken


def test_matching_step_takes_each_code_once():
    step = codes.matching_step(SECRET, "050471", now=at(1111111111), after=0)
    assert codes.matching_step(SECRET, "050471", now=at(1111111111), after=step) is None
    assert codes.matching_step(SECRET, "081804", now=at(1111111111), after=step) is None  # the one before it too


@pytest.mark.parametrize("code", ["", "50471", "0504711", "abcdef", "٠٥٠٤٧١", "050 471", "1" * 5000])
def test_matching_step_refuses_what_is_no_code(code):
    assert codes.matching_step(SECRET, code, now=at(1111111111), after=0) is None


def test_plain_takes_codes_as_people_type_them():
    assert codes.plain(" 050 471 ") == "050471"
    assert codes.plain("7KQM-x2vd–m9tf hw4c") == "7kqmx2vdm9tfhw4c"


def test_new_recovery_codes_are_ten_and_none_is_like_another():
    fresh = codes.new_recovery_codes()
    assert len(set(fresh)) == 10
    assert all(len(codes.plain(code)) == 16 and not codes.is_time_code(codes.plain(code)) for code in fresh)


def test_recovery_digest_is_of_one_person_and_of_the_plain_code():
    assert codes.recovery_digest("7KQM X2VD", LEO) == codes.recovery_digest("7kqm-x2vd", LEO)
    assert codes.recovery_digest("7kqm-x2vd", LEO) != codes.recovery_digest("7kqm-x2vd", MIA)


def test_seal_hides_the_secret_and_opens_for_its_person_and_key_only():
    sealed = codes.seal(SECRET, key="key", user_id=LEO)
    assert SECRET not in sealed
    assert len(sealed) <= 200
    assert codes.unseal(sealed, key="key", user_id=LEO) == SECRET
    assert codes.unseal(sealed, key="key", user_id=MIA) is None
    assert codes.unseal(sealed, key="other", user_id=LEO) is None
    assert codes.unseal("", key="key", user_id=LEO) is None


def test_app_address_names_the_business_and_the_person():
    address = codes.app_address(SECRET, account="ada", issuer="Blue Door & Sons")
    assert address.startswith("otpauth://totp/Blue%20Door%20%26%20Sons:ada?")
    assert f"secret={SECRET}" in address
