"""Rows of the list as texts: what fifty rows share is worked out once, so that a page stays quick."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from daybook.scheduling.queries import SessionRow
from daybook.tenancy.models import Business
from daybook.ui import format
from daybook.ui.colours import hue_class
from daybook.ui.tags.people import avatar, state


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the list, ready to be written."""

    id: str
    url: str
    classes: str
    day: str
    span: str
    clients: str
    first_client: str
    size: int
    face: SafeString
    service: str
    hue: str
    practitioner: str
    practitioners: str
    location: str
    state: SafeString
    closures: str
    cost: str
    is_set_aside: bool
    wage: str


def lines_of(rows: Iterable[SessionRow], business: Business, *, now: datetime) -> list[Line]:
    base = reverse("web:sessions")
    return [_line(row, f"{base}{row.id}/", business, now) for row in rows]


def _line(row: SessionRow, url: str, business: Business, now: datetime) -> Line:
    zone, locale = business.time_zone, business.locale
    first, last = format.local(row.starts_at, zone), format.local(row.ends_at, zone)
    clocks = (format.clock(each.time().replace(second=0, microsecond=0), locale) for each in (first, last))
    shown = row.cost_minor if row.cost_minor is not None else row.scheduled_minor
    return Line(
        id=str(row.id),
        url=url,
        classes=_classes(row, now),
        day=format.weekday(first.date(), locale),
        span="–".join(clocks),
        clients=row.clients,
        first_client=row.clients.split(", ", 1)[0],
        size=len(row.participants),
        face=avatar("" if row.is_group else row.clients, "s"),
        service=row.service,
        hue=hue_class(row.color or row.service),
        practitioner=row.practitioner_short,
        practitioners=row.practitioner_names if row.assistants else "",
        location=row.location,
        state=_state(row.status, row.label),
        closures=", ".join(row.closures),
        cost="" if shown is None else format.money(shown, business.currency, locale),
        is_set_aside=row.cost_minor is None,
        wage="" if row.wages_minor is None else format.money(row.wages_minor, business.currency, locale),
    )


def _classes(row: SessionRow, now: datetime) -> str:
    if row.status == "canceled":
        return "is-struck"
    return "needs" if row.status == "open" and row.ends_at <= now else ""


@lru_cache(maxsize=256)
def _state_in(language: str, status: str, label: str) -> SafeString:
    return state(status, label)


def _state(status: str, label: str) -> SafeString:
    # The word depends on the reader's language, which this stands for.
    return _state_in(_("Open"), status, label)
