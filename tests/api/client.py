"""A caller of the API inside a test: a token, JSON in and out, and every answer held against its document."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson
from django.http import HttpResponse
from django.test import Client

from daybook.people.actors import issue_token
from daybook.people.models import User
from tests.factories.sessions import NOW


@dataclass
class Answer:
    """`body` is the JSON, or None."""

    status: int
    body: Any
    response: HttpResponse

    @property
    def code(self) -> str:
        """The code of a problem document."""
        return self.body["code"]

    @property
    def fields(self) -> set[str]:
        """The fields at fault."""
        return {error["field"] for error in self.body["errors"]}


class Caller:
    """Calls `/api/v1` with a token. `body` is sent as JSON unless it is bytes already."""

    def __init__(self, token: str | None = None) -> None:
        self.token = token
        self.client = Client()

    def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        key: str | None = None,
        content_type: str = "application/json",
        **query: Any,
    ) -> Answer:
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        if key is not None:
            headers["Idempotency-Key"] = key
        content = body if isinstance(body, bytes) else b"" if body is None else orjson.dumps(body)
        response = self.client.generic(
            method, f"/api/v1{path}", content, content_type=content_type, headers=headers, query_params=query or None
        )
        is_json = "json" in response.headers.get("Content-Type", "")
        return Answer(
            response.status_code, orjson.loads(response.content) if is_json and response.content else None, response
        )

    def get(self, path: str, **query: Any) -> Answer:
        return self.call("GET", path, **query)

    def post(self, path: str, body: Any = None, **options: Any) -> Answer:
        return self.call("POST", path, {} if body is None else body, **options)

    def patch(self, path: str, body: Any) -> Answer:
        return self.call("PATCH", path, body)

    def put(self, path: str, body: Any) -> Answer:
        return self.call("PUT", path, body)

    def delete(self, path: str) -> Answer:
        return self.call("DELETE", path)


def caller_for(user: User | UUID) -> Caller:
    """A caller with a new token of a user of the open business."""
    user_id = user.pk if isinstance(user, User) else user
    return Caller(issue_token(user_id=user_id, now=NOW))
