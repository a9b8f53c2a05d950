"""Signing in: by name or e-mail, at a limited rate."""

from datetime import timedelta

import pytest

from daybook.core.errors import InvalidInput
from daybook.people import auth
from daybook.people.errors import LoginNotActive, SignInRefused, TooManyAttempts
from daybook.people.models import SignInAttempt, User
from tests.factories.sessions import NOW

PASSWORD = "correct horse"


def login(name, password=PASSWORD, *, address="10.0.0.1", now=NOW):
    return auth.authenticate(name=name, password=password, address=address, now=now)


@pytest.fixture
def leo(business):
    user = User(role="client", first_name="Leo", username="Leo", email="leo@example.org")
    user.set_password(PASSWORD)
    user.save()
    return user


@pytest.mark.parametrize("name", ["Leo", "leo", " LEO ", "leo@example.org", "LEO@EXAMPLE.ORG"])
def test_authenticate_by_name_or_address_in_any_case(leo, name):
    assert login(name).pk == leo.pk
    assert User.objects.get(pk=leo.pk).last_login == NOW


@pytest.mark.parametrize(
    ("name", "password"), [("leo", "wrong"), ("nobody", PASSWORD), ("", ""), ("l\x00eo", "x"), ("leo", "x" * 5000)]
)
def test_authenticate_wrong_pair_is_refused_and_kept(leo, name, password):
    with pytest.raises(SignInRefused):
        login(name, password)
    assert SignInAttempt.objects.count() == 3


def test_authenticate_address_without_a_login_is_refused(leo):
    User.objects.filter(pk=leo.pk).update(username=None)
    with pytest.raises(SignInRefused):
        login("leo@example.org")


def test_authenticate_a_former_login_of_the_same_address_and_password_is_in_nobodys_way(leo):
    now = User(role="client", first_name="Leo", username="leo2", email="leo@example.org", password=leo.password)
    now.save()
    User.objects.filter(pk=leo.pk).update(status="inactive")
    assert login("leo@example.org").pk == now.pk


def test_authenticate_family_of_one_address_the_password_decides(leo):
    mia = User(role="client", first_name="Mia", username="mia", email="leo@example.org")
    mia.set_password("battery staple")
    mia.save()
    assert login("leo@example.org", "battery staple").pk == mia.pk
    assert login("leo@example.org", PASSWORD).pk == leo.pk


@pytest.mark.parametrize("status", ["inactive", "prospect"])
def test_authenticate_not_active_is_told_to_who_knows_the_password(leo, status):
    User.objects.filter(pk=leo.pk).update(status=status)
    with pytest.raises(LoginNotActive):
        login("leo")
    with pytest.raises(SignInRefused):
        login("leo", "wrong")


def test_authenticate_sixth_try_waits_also_with_the_right_password(leo):
    for _ in range(auth.MOST_OF_BOTH):
        with pytest.raises(SignInRefused):
            login("leo", "wrong")
    with pytest.raises(TooManyAttempts) as refused:
        login("leo")
    assert refused.value.data["minutes"] == 15
    assert login("leo", address="10.0.0.2").pk == leo.pk
    assert login("leo", now=NOW + auth.WINDOW + timedelta(seconds=1)).pk == leo.pk


def test_authenticate_many_names_from_one_address_wait(leo):
    for number in range(auth.MOST_OF_ADDRESS):
        with pytest.raises(SignInRefused):
            login(f"name{number}", "wrong")
    with pytest.raises(TooManyAttempts):
        login("leo")


def test_authenticate_right_password_forgets_the_failures(leo):
    for _ in range(auth.MOST_OF_BOTH - 1):
        with pytest.raises(SignInRefused):
            login("leo", "wrong")
    login("leo")
    with pytest.raises(SignInRefused):
        login("leo", "wrong")


def test_forget_old_attempts_keeps_the_recent(leo):
    with pytest.raises(SignInRefused):
        login("leo", "wrong")
    assert auth.forget_old_attempts(NOW) == 0
    assert auth.forget_old_attempts(NOW + auth.WINDOW) == 3


def test_ask_for_password_names_nobody_to_a_stranger(leo):
    assert auth.ask_for_password(name="leo", address="a", now=NOW) == [leo]
    assert auth.ask_for_password(name="nobody", address="a", now=NOW) == []


def test_set_password_by_link_refuses_an_obvious_one(leo):
    with pytest.raises(InvalidInput):
        auth.set_password_by_link(user=leo, password="password", now=NOW)
    assert auth.set_password_by_link(user=leo, password="battery staple", now=NOW).check_password("battery staple")
