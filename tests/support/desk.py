"""A desk at a running server: a service, a practitioner and a client, made through the API like anybody's."""

from __future__ import annotations

from typing import Any

from tests.support.caller import Caller

DAY = "2031-03-03"
PAST = "2026-03-03"


class Desk:
    """What a race needs. Sessions cost 40.00 and pay 20.00."""

    def __init__(self, api: Caller, name: str) -> None:
        self.api = api
        self.service = api.made(
            "/services", {"name": f"Lesson {name}", "kind": "fixed", "cost": "40.00", "wage": "20.00", "minutes": 60}
        )
        self.practitioner = api.made("/practitioners", {"first_name": "Pia", "last_name": name})
        self.client = api.made("/clients", {"first_name": "Leo", "last_name": name})

    def session(self, hour: int, minute: int = 0, *, day: str = DAY, **fields: Any) -> dict[str, Any]:
        """The body of an hour's session at a time of the clock of Berlin in winter."""
        body = {
            "service": self.service,
            "practitioner": self.practitioner,
            "clients": [self.client],
            "starts_at": f"{day}T{hour:02}:{minute:02}:00+01:00",
            "ends_at": f"{day}T{hour + 1:02}:{minute:02}:00+01:00",
        }
        return body | fields

    def balance(self, client: str = "") -> dict[str, Any]:
        return self.api.call("GET", f"/clients/{client or self.client}/balance").body

    def is_balanced(self) -> bool:
        return self.api.call("GET", "/ledger/check").body["balanced"] is True
