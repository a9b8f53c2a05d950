"""Where open logins are kept: a tenant table, so that a cookie of one business means nothing to another."""

from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.utils import timezone

from daybook.core.ids import parse_id
from daybook.people.actors import OpenLogin
from daybook.people.models import LoginSession
from daybook.tenancy.prepared import fetch_prepared
from daybook.tenancy.scope import current_business_id

_DATA = "select session_data from people_loginsession where session_key = %s::text and expire_date > %s::timestamptz"


class SessionStore(DatabaseStore):
    """Django's store over `LoginSession`, which also names the user, so that a user's logins can be ended."""

    @classmethod
    def get_model_class(cls) -> type[LoginSession]:
        return LoginSession

    known: OpenLogin | None = None
    """What was read already of the login of a key, so that it need not be asked for again."""

    def load(self) -> dict[str, Any]:
        current_business_id()  # a table of tenants is asked inside a scope only
        if self.known and self.known.key == self.session_key:
            known: dict[str, Any] = self.decode(self.known.data)
            return known
        now = timezone.now()  # noqa: TID251 - the clock by which Django's own store sets the expiry
        found = fetch_prepared(_DATA, [self.session_key, now]) if self.session_key else []
        if not found:
            self._session_key = None
            return {}
        data: dict[str, Any] = self.decode(found[0][0])
        return data

    def create_model_instance(self, data: dict[str, Any]) -> LoginSession:
        row: LoginSession = super().create_model_instance(data)  # type: ignore[assignment]
        row.user_id = parse_id(data.get(SESSION_KEY))
        return row
