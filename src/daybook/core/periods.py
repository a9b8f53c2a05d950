"""From a business's calendar to instants and back. Every period is half-open: the start is in, the end is out."""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones


@lru_cache(maxsize=1)
def zone_names() -> frozenset[str]:
    """Names of the zones that this machine knows."""
    return frozenset(available_timezones())


def day_start(day: date, zone: str) -> datetime:
    """The instant at which `day` begins in `zone`: the one function that turns a business date into an instant.

    Where a clock change skips midnight, the first instant that exists.
    """
    local = datetime.combine(day, time(0), ZoneInfo(zone))
    return local.astimezone(UTC)


def local_instant(day: date, clock: time, zone: str) -> datetime:
    """The instant of a wall-clock time. One skipped by a clock change moves on by the gap; a repeated one is the first."""
    return datetime.combine(day, clock, ZoneInfo(zone)).astimezone(UTC)


def local_date(instant: datetime, zone: str) -> date:
    """The calendar date in `zone` at `instant`, which must be aware."""
    return instant.astimezone(ZoneInfo(zone)).date()


def day_span(first: date, last: date, zone: str) -> tuple[datetime, datetime]:
    """Instants from the start of `first` to the end of `last`, both days included."""
    return day_start(first, zone), day_start(last + timedelta(days=1), zone)


def month_span(day: date) -> tuple[date, date]:
    """First and last date of the month of `day`."""
    first = day.replace(day=1)
    return first, (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)


def minutes_between(starts_at: datetime, ends_at: datetime) -> int:
    """Whole minutes of real time between two aware instants."""
    return int((ends_at - starts_at).total_seconds() // 60)
