"""What every page says to the browser."""

import pytest
from django.test import Client

WANTED = {
    "default-src 'self'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "object-src 'none'",
}


@pytest.mark.django_db
def test_every_page_carries_the_strict_policy() -> None:
    answer = Client().get("/sign-up/")
    assert {part.strip() for part in answer["Content-Security-Policy"].split(";")} == WANTED
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"


@pytest.mark.django_db
def test_unknown_address_is_a_page_of_ours() -> None:
    answer = Client().get("/no/such/page/")
    assert answer.status_code == 404
    assert b"Traceback" not in answer.content
