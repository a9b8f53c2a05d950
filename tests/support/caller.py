"""A program that calls the API of a running server, and many of them at the same moment."""

from __future__ import annotations

import http.client
import json
import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from daybook.people.actors import issue_token
from daybook.tenancy.scope import open_scope
from daybook.workflows.create_business import create_business

PASSWORD = "correct horse battery"


@dataclass(frozen=True)
class Answered:
    """What the server said; `body` is {} for an empty answer."""

    status: int
    body: dict[str, Any]

    @property
    def code(self) -> str:
        return str(self.body.get("code", ""))


@dataclass(frozen=True)
class Caller:
    """One token's way to the API. Every call opens a connection of its own."""

    port: int
    token: str
    timeout: float = 30

    def call(self, method: str, path: str, body: Any = None, *, key: str = "") -> Answered:
        """Raises OSError or http.client.HTTPException when no whole answer came: then nothing is known."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=self.timeout)
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        if key:
            headers["Idempotency-Key"] = key
        try:
            connection.request(method, f"/api/v1{path}", None if body is None else json.dumps(body), headers)
            response = connection.getresponse()
            text = response.read()
            return Answered(response.status, json.loads(text) if text else {})
        finally:
            connection.close()

    def made(self, path: str, body: dict[str, Any]) -> str:
        """Create something and give its id."""
        answered = self.call("POST", path, body)
        assert answered.status == 201, answered
        return str(answered.body["id"])


def caller_of_new_business(port: int, *, slug: str = "races") -> Caller:
    """A business in the database that Django uses now, and its administrator's token."""
    business, admin = create_business(
        name="Races",
        slug=slug,
        currency="EUR",
        time_zone="Europe/Berlin",
        plan="enterprise",
        admin_username="ada",
        admin_password=PASSWORD,
        now=datetime.now(UTC),
    )
    with open_scope(business.pk):
        token = issue_token(user_id=admin.pk, now=datetime.now(UTC))
    return Caller(port, token)


def at_once(count: int, deed: Callable[[int], Answered]) -> list[Answered]:
    """`deed(0)` … `deed(count - 1)`, all begun at the same moment, each on a thread of its own."""
    gate = threading.Barrier(count)

    def run(number: int) -> Answered:
        gate.wait()
        return deed(number)

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))


def outcomes(answers: list[Answered]) -> dict[tuple[int, str], int]:
    """How often each (status, code) came."""
    return dict(Counter((each.status, each.code) for each in answers))
