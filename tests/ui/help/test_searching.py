"""The search of the help finds what people ask, as they ask it."""

from __future__ import annotations

import pytest

from daybook.tenancy import permissions
from daybook.ui.help import reading, searching
from daybook.ui.help.reading import Reader

STUDENTS = {"client": {"singular": "Schüler", "plural": "Schüler"}}


def reader(role: str = "administrator", terms: object = None) -> Reader:
    return Reader(role, permissions.effective(role), terms)  # type: ignore[arg-type]


def first(query: str, **options: object) -> str:
    found = reading.find(reader(**options), query)  # type: ignore[arg-type]
    return found[0].slug if found else ""


@pytest.mark.parametrize(
    ("query", "slug"),
    [
        ("I can't delete a client user", "delete-a-client"),
        ("what does client status mean?", "client-status"),
        ("login information for clients", "client-login"),
        ("how do I save a session", "complete-a-session"),
        ("custom session completion types", "completion-types"),
        ("cancel sessions bad weather", "cancel-a-day"),
        ("recover deleted sessions", "recover-sessions"),
        ("bulk delete sessions", "delete-sessions"),
        ("hide costs", "hide-costs"),
        ("custom rates", "custom-rates"),
        ("calendar color", "calendar-colour"),
        ("invoice future sessions", "bill-ahead"),
        ("welcome email", "welcome-email"),
        ("what are agents", "agents"),
        ("API", "what-is-the-api"),
        ("passwrod", "sign-in-and-password"),
        ("paymnets at once", "add-many-payments"),
    ],
)
def test_questions_find_their_article(query: str, slug: str) -> None:
    assert first(query) == slug


def test_the_words_of_the_business_find_as_ours_do() -> None:
    assert (
        first("schuler löschen delete", terms=STUDENTS) == first("client delete", terms=STUDENTS) == "delete-a-client"
    )


def test_only_articles_of_the_role_are_found() -> None:
    assert first("invoice", role="client") == "my-money"
    assert {entry.slug for entry in reading.find(reader("client"), "two steps")} == {"my-two-steps"}
    assert "my-money" not in {entry.slug for entry in reading.find(reader(), "what do I owe")}


@pytest.mark.parametrize("query", ["", "   ", "qqqqqqqq", "\x00", "🦆", "a" * 100, "the of and"])
def test_what_means_nothing_finds_little_and_breaks_nothing(query: str) -> None:
    assert len(reading.find(reader(), query)) <= searching.MOST


@pytest.mark.parametrize(("asked", "word"), [("invoce", "invoice"), ("recieve", "receive"), ("teh", "the")])
def test_slips_of_the_finger_are_near(asked: str, word: str) -> None:
    assert searching._is_near(asked, word)
    assert not searching._is_near("session", "service")
