"""A passkey's challenge, answered by several at once: one finds it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier

from django.db import connection

from daybook.people.ceremonies import answer_of, ask_to_create
from daybook.people.passkeys import Site
from daybook.people.sessions import SessionStore
from daybook.tenancy.scope import open_scope
from tests.factories.businesses import make_administrator, make_business
from tests.support.databases import Database

MANY = 4
HERE = Site("http", "localhost")


def test_a_challenge_serves_one_of_many_answers_at_once(real_database: Database) -> None:
    now = datetime.now(UTC)
    business = make_business().pk
    with open_scope(business):
        login = SessionStore()
        ask_to_create(login, user=make_administrator(), issuer="Linden", site=HERE, now=now)
        login.save()
    together = Barrier(MANY)

    def answer(_: int) -> bool:
        try:
            with open_scope(business):
                same = SessionStore(login.session_key)
                assert same["passkey_create"]
                together.wait(timeout=30)
                return answer_of(same, "{}", purpose="create", site=HERE, now=now).challenge is not None
        finally:
            connection.close()

    with ThreadPoolExecutor(MANY) as threads:
        assert sorted(threads.map(answer, range(MANY))) == [False] * (MANY - 1) + [True]
