"""Where open logins are kept: a tenant table, so that a cookie of one business means nothing to another."""

from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore

from daybook.core.ids import parse_id
from daybook.people.models import LoginSession


class SessionStore(DatabaseStore):
    """Django's store over `LoginSession`, which also names the user, so that a user's logins can be ended."""

    @classmethod
    def get_model_class(cls) -> type[LoginSession]:
        return LoginSession

    def create_model_instance(self, data: dict[str, Any]) -> LoginSession:
        row: LoginSession = super().create_model_instance(data)  # type: ignore[assignment]
        row.user_id = parse_id(data.get(SESSION_KEY))
        return row
