"""`/healthz` tells whether the database answers, and needs nothing else."""

import http.client
from contextlib import closing

import pytest
from django.db import connection
from django.test import Client

from tests.support.databases import Database, superuser
from tests.support.live import Live, status


@pytest.mark.django_db
def test_healthy_without_any_business() -> None:
    answer = Client().get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok\n")
    assert answer["Cache-Control"] == "no-store"
    assert not answer.cookies


def test_database_that_refuses_makes_503_and_comes_back(real_database: Database) -> None:
    connection.close()
    name = connection.settings_dict["NAME"]
    connection.settings_dict["NAME"] = "gone"
    assert Client().get("/healthz").status_code == 503
    connection.settings_dict["NAME"] = name
    assert Client().get("/healthz").status_code == 200


@pytest.mark.faults
def test_server_outlives_a_lost_connection(live_daybook: Live) -> None:
    """The pool replaces connections that the database has closed meanwhile."""
    assert status(live_daybook.port) == 200
    with superuser(live_daybook.database.cluster) as connection:
        connection.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity where datname = %s", [live_daybook.database.name]
        )
    assert {status(live_daybook.port) for _ in range(8)} == {200}


def test_a_connection_can_be_gone_on_with_after_a_refusal(live_daybook: Live) -> None:
    with closing(http.client.HTTPConnection("127.0.0.1", live_daybook.port, timeout=10)) as line:
        for _ in range(2):
            line.request("POST", "/api/v1/sessions", "{}" * 2_000, {"Content-Type": "application/json"})
            answer = line.getresponse()
            answer.read()
            assert answer.status == 401
