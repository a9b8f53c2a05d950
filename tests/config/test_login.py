"""The login of a page's request: read on the trip that opens the scope, and trusted only where it holds."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.contrib.sessions.middleware import SessionMiddleware
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from daybook.config.middleware import ActorMiddleware, ScopeMiddleware
from daybook.people.models import LoginSession, PermissionSwitch, User
from daybook.tenancy.models import Business, Term
from daybook.tenancy.queries import business_words
from daybook.tenancy.scope import open_scope
from tests.factories.businesses import make_administrator, make_business
from tests.factories.sessions import make_person
from tests.support.logins import signed_in


def asked(business: Business, key: str) -> dict[str, object]:
    """What a page of the business finds, asked with a cookie."""
    found: dict[str, object] = {}

    def page(request: HttpRequest) -> HttpResponse:
        with connection.cursor() as cursor:
            cursor.execute("select current_setting('app.actor_kind'), current_setting('app.actor_id')")
            found["context"] = cursor.fetchone()
        found.update({"user": request.user, "actor": request.actor, "client": business_words()["client"].singular})
        return HttpResponse()

    request = RequestFactory().get(f"/b/{business.slug}/")
    request.COOKIES[settings.SESSION_COOKIE_NAME] = key
    ScopeMiddleware(SessionMiddleware(ActorMiddleware(page)))(request)
    return found


def key_of(user: User) -> str:
    return signed_in(user).cookies[settings.SESSION_COOKIE_NAME].value


def test_the_holder_acts_and_is_named_in_the_history(business: Business) -> None:
    sam = make_person("staff", username="sam")
    PermissionSwitch.objects.create(user=sam, permission="manage_accounting", granted=False)
    Term.objects.create(term="client", singular="pupil", plural="pupils")
    found = asked(business, key_of(sam))
    assert found["user"] == sam and found["context"] == ("user", str(sam.pk)) and found["client"] == "pupil"
    assert not found["actor"].may("manage_accounting") and found["actor"].may("manage_clients")


@pytest.mark.parametrize("key", ["", "x" * 32, "%00", "' or true --", "a" * 5000])
def test_an_unknown_key_is_nobody(business: Business, key: str) -> None:
    found = asked(business, key)
    assert found["user"] is None and found["context"] == ("", "") and not found["actor"].permissions


@pytest.mark.parametrize(
    "changes", [{"status": "inactive"}, {"password": "changed"}, {"deleted_at": "2026-01-01T00:00Z"}]
)
def test_a_login_that_no_longer_holds_is_nobody(business: Business, changes: dict[str, str]) -> None:
    user = make_administrator()
    key = key_of(user)
    User.objects.filter(pk=user.pk).update(**changes)
    found = asked(business, key)
    assert found["user"] is None and found["context"] == ("", "")


def test_a_login_kept_beside_another_user_is_nobody(business: Business) -> None:
    mine, theirs = make_administrator(), make_administrator()
    key = key_of(mine)
    LoginSession.objects.filter(session_key=key).update(user=theirs)
    assert asked(business, key)["user"] is None


def test_an_expired_login_is_nobody(business: Business) -> None:
    key = key_of(make_administrator())
    LoginSession.objects.filter(session_key=key).update(expire_date="2020-01-01T00:00Z")
    assert asked(business, key)["user"] is None


def test_a_login_of_another_business_is_nobody(business: Business) -> None:
    with open_scope(make_business().pk):
        key = key_of(make_administrator())
    found = asked(business, key)
    assert found["user"] is None and found["context"] == ("", "")
