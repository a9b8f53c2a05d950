"""What is said while the database is away, or the disk is full."""

from __future__ import annotations

import errno
import json
import logging
import sys

import psycopg
import pytest
from django.db import InterfaceError, NotSupportedError, OperationalError
from django.test import RequestFactory

from daybook.api import errors
from daybook.config.errors import server_error, unavailable
from daybook.config.logs import OneLine
from daybook.tenancy.outage import is_full, is_lost
from tests.support.forms import forms_of

LOST = OperationalError("server closed the connection unexpectedly\n\tThis probably means …")
FULL = OSError(errno.ENOSPC, "No space left on device")


def full_database() -> OperationalError:
    error = OperationalError("could not extend file")
    error.__cause__ = psycopg.errors.DiskFull()
    return error


@pytest.mark.parametrize(
    "error", [LOST, InterfaceError("the connection is closed"), FULL, NotSupportedError("cached plan must not change")]
)
def test_what_may_pass_later_is_told_from_mistakes(error: Exception) -> None:
    assert is_lost(error)
    assert not is_lost(ValueError("a mistake of ours"))
    assert not is_lost(OSError(errno.EACCES, "Permission denied"))


def test_full_disk_is_told_apart() -> None:
    assert [is_full(each) for each in (FULL, full_database(), LOST)] == [True, True, False]
    assert [errors.from_database(each).code for each in (FULL, full_database(), LOST)] == [
        "no_space",
        "no_space",
        "not_available",
    ]
    answer = errors.problem(errors.NoSpace())
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert "no space left" in json.loads(answer.content)["detail"]


def page_while(error: Exception, request: object) -> object:
    try:
        raise error
    except type(error):
        assert sys.exc_info()[1] is error
        return server_error(request)  # type: ignore[arg-type]


def test_page_comes_back_by_itself() -> None:
    answer = page_while(LOST, RequestFactory().get("/clients/"))
    assert (answer.status_code, answer["Retry-After"], answer["Cache-Control"]) == (503, "5", "no-store")
    text = answer.content.decode()
    assert "Daybook is not available at the moment" in text
    assert 'data-waiting="reload"' in text
    assert forms_of(text, "/") == []


def test_mistake_of_ours_stays_500() -> None:
    assert page_while(ValueError("no"), RequestFactory().get("/")).status_code == 500


def test_form_is_kept_in_the_page() -> None:
    sent = {"name": ["Léo <3", "zwei"], "once": "abc", "password": "", "postal_code": "10115"}
    answer = unavailable(
        RequestFactory().post("/b/x/clients/add/?next=/", _encoded(sent), content_type=FORM), full=False
    )
    text = answer.content.decode()
    (form,) = forms_of(text, "/")
    assert form.action == "/b/x/clients/add/?next=/"
    assert form.values() == {"name": "zwei", "once": "abc", "password": "", "postal_code": "10115"}
    assert "Léo &lt;3" in text
    assert 'data-waiting="say"' in text


FORM = "application/x-www-form-urlencoded"


def _encoded(fields: dict[str, object]) -> str:
    from urllib.parse import urlencode

    return urlencode(fields, doseq=True)


@pytest.mark.parametrize("secret", [{"password": "hush"}, {"code": "123456"}, {"new_password": "hush"}])
def test_secret_is_not_repeated(secret: dict[str, str]) -> None:
    answer = unavailable(RequestFactory().post("/sign-in/", _encoded(secret), content_type=FORM), full=False)
    text = answer.content.decode()
    assert forms_of(text, "/") == []
    assert next(iter(secret.values())) not in text
    assert "Go back" in text


def test_part_of_a_page_gets_a_notice() -> None:
    answer = unavailable(RequestFactory().get("/", headers={"HX-Request": "true"}), full=True)
    assert (answer.status_code, answer.content) == (503, b"")
    assert "no space left" in json.loads(answer["HX-Trigger"])["daybook:notice"]["text"]


def test_full_disk_on_the_page() -> None:
    text = unavailable(RequestFactory().get("/"), full=True).content.decode()
    assert "The disk is full" in text
    assert "data-waiting" not in text


def test_log_of_a_lost_database_is_one_short_line() -> None:
    try:
        raise RuntimeError("in a job") from LOST
    except RuntimeError:
        record = logging.LogRecord("daybook", logging.ERROR, __file__, 1, "it failed", (), sys.exc_info())
    line = OneLine().format(record)
    assert line.endswith(
        "it failed | OperationalError: server closed the connection unexpectedly | \tThis probably means …"
    )
    assert "Traceback" not in line
