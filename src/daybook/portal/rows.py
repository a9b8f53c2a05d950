"""A session as its client's list shows it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from daybook.core import format
from daybook.core.periods import local_date
from daybook.scheduling.queries.rows import ParticipantRow, SessionRow
from daybook.tenancy.models import Business


@dataclass(frozen=True, slots=True)
class OwnSession:
    """`day` and `month` are the tile at its left; `near` is `today`, `tomorrow` or empty; `total_minor` is None where there is no price to show."""

    row: SessionRow
    place: ParticipantRow
    day: int
    month: str
    is_past: bool
    near: str = ""

    @property
    def total_minor(self) -> int | None:
        """Tax included: what was charged, or what it will come to."""
        if self.place.status == "open":
            return self.place.scheduled_minor
        return None if self.place.cost_minor is None else self.place.cost_minor + (self.place.tax_minor or 0)


def own_sessions(rows: Iterable[SessionRow], client_id: UUID, *, business: Business, now: datetime) -> list[OwnSession]:
    """Rows with the client's own place in each; those without one are left out."""
    found = []
    today = local_date(now, business.time_zone)
    for row in rows:
        place = next((each for each in row.participants if each.client_id == client_id), None)
        if place is not None:
            local = format.local(row.starts_at, business.time_zone)
            month = format.short_month(local.date(), business.locale)
            ahead = (local.date() - today).days
            near = {0: "today", 1: "tomorrow"}.get(ahead, "")
            found.append(OwnSession(row, place, local.day, month, row.ends_at < now, near))
    return found
