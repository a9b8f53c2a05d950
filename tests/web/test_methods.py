"""Methods that programs ask pages with: monitors and link checkers begin with HEAD."""

from __future__ import annotations

from daybook.people.models import User
from daybook.tenancy.actor import Actor
from tests.support.logins import signed_in
from tests.support.pages import pages


def test_head_is_answered_like_get_on_every_page_without_a_gap(admin: Actor) -> None:
    browser = signed_in(User.objects.get(pk=admin.user_id))
    addresses = sorted(
        {route.address for route in pages() if "{" not in route.address and "sign-out" not in route.address}
    )
    asked = {address: (browser.get(address).status_code, browser.head(address).status_code) for address in addresses}
    assert len(asked) > 40
    assert {address: both for address, both in asked.items() if both[0] != both[1]} == {}


def test_a_method_that_a_page_does_not_take_is_405_with_those_that_it_does(admin: Actor) -> None:
    browser = signed_in(User.objects.get(pk=admin.user_id))
    for method in ("PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW"):
        answer = browser.generic(method, "/clients/")
        assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, HEAD"), method
