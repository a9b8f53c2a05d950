"""What the day needs: today's sessions, who needs attention, money in and owed, hours. A fixed number of statements."""

from calendar import isleap
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db import connection

from daybook.core.periods import day_start, local_date, minutes_between
from daybook.tenancy.prepared import fetch_prepared, fetch_together

WEEKS = 12


@dataclass(frozen=True, slots=True)
class TodaySession:
    """A session of today; `clients` are names joined by commas; `is_unsaved` when it is over and still open."""

    id: UUID
    starts_at: datetime
    ends_at: datetime
    status: str
    service: str
    color: str
    practitioner: str
    location: str
    clients: str
    is_unsaved: bool

    @property
    def minutes(self) -> int:
        return minutes_between(self.starts_at, self.ends_at)


@dataclass(frozen=True, slots=True)
class DayLine:
    """The part of a day that is shown, how many sessions it has in all, and how many are to save; `coming` is the id of
    the first that is not over, where it is shown."""

    shown: tuple[TodaySession, ...]
    total: int
    unsaved: int
    coming: UUID | None


@dataclass(frozen=True, slots=True)
class Debtor:
    """A payer and what it owes, in minor units."""

    id: UUID
    name: str
    owed_minor: int


@dataclass(frozen=True, slots=True)
class Birthday:
    id: UUID
    name: str
    role: str
    day: date
    turns: int


@dataclass(frozen=True, slots=True)
class Attention:
    """What somebody should look at. Counts are whole; lists hold the first few."""

    unsaved_count: int
    oldest_unsaved: datetime | None
    debtors: tuple[Debtor, ...]
    debtor_count: int
    overdue_count: int
    overdue_minor: int
    failed_messages: int
    birthdays: tuple[Birthday, ...]


@dataclass(frozen=True, slots=True)
class Money:
    """Minor units. `owed` is the sum of what payers owe, `credit` of what they have ahead, `scheduled` of open sessions."""

    received_this_month: int
    received_last_month_to_date: int
    charged_this_month: int
    owed: int
    credit: int
    scheduled: int


@dataclass(frozen=True, slots=True)
class WeekOfMoney:
    """Received and charged in the week that begins on `starts_on`, in minor units."""

    starts_on: date
    received: int
    charged: int


@dataclass(frozen=True, slots=True)
class PractitionerHours:
    """Minutes of one practitioner in a week: saved, and still open."""

    id: UUID
    name: str
    saved_minutes: int
    open_minutes: int


def _rows(sql: str, parameters: list[Any] | dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows


_DAY = """
    with day as materialized (
        select s.id, s.starts_at, s.ends_at, s.status, s.service_id, s.location_id, s.practitioner_id, s.assistant_count,
               p.first_name, p.last_name, row_number() over (order by s.starts_at, p.first_name, s.id) as place
        from scheduling_session s join people_user p on p.id = s.practitioner_id
        where s.deleted_at is null and s.starts_at >= %(starts)s::timestamptz and s.starts_at < %(ends)s::timestamptz
          and (%(own)s::uuid is null or s.practitioner_id = %(own)s::uuid or (s.assistant_count > 0 and exists (
               select from scheduling_assistant h where h.session_id = s.id and h.practitioner_id = %(own)s::uuid)))
    ), whole as materialized (
        select count(*) as all_of_it, count(*) filter (where status = 'open' and ends_at <= %(now)s::timestamptz) as unsaved,
               min(place) filter (where ends_at > %(now)s::timestamptz) as coming,
               greatest(0, least(count(*) filter (where ends_at <= %(now)s::timestamptz) - %(before)s::int, count(*) - %(few)s::int)) as skipped
        from day
    )
    select d.id, d.starts_at, d.ends_at, d.status, v.name, v.color, trim(d.first_name || ' ' || d.last_name) || case when d.assistant_count > 0 then ' +' || d.assistant_count else '' end,
           coalesce(l.name, ''),
           coalesce((select string_agg(trim(u.first_name || ' ' || u.last_name), ', ' order by u.first_name, u.last_name)
                     from scheduling_participant c join people_user u on u.id = c.client_id where c.session_id = d.id), ''),
           d.status = 'open' and d.ends_at <= %(now)s::timestamptz, w.all_of_it, w.unsaved, d.place = w.coming
    from whole w join day d on d.place > w.skipped and d.place <= w.skipped + %(few)s::int
    join catalog_service v on v.id = d.service_id left join catalog_location l on l.id = d.location_id
    order by d.place
"""


def day_line(
    *, day: date, zone: str, now: datetime, practitioner_id: UUID | None = None, few: int = 12, before: int = 2
) -> DayLine:
    """The sessions that start on a local day, as a person at the desk looks at them: the last few that are over, and
    what follows. Of one practitioner, if given. One statement; the names of others are not asked for."""
    values = {
        "starts": day_start(day, zone),
        "ends": day_start(day + timedelta(days=1), zone),
        "own": practitioner_id,
        "now": now,
        "few": few,
        "before": before,
    }
    rows = fetch_prepared(_DAY, values)
    if not rows:
        return DayLine((), 0, 0, None)
    coming = next((row[0] for row in rows if row[12]), None)
    return DayLine(tuple(TodaySession(*row[:10]) for row in rows), rows[0][10], rows[0][11], coming)


_UNSAVED = """
    select count(*), min(starts_at) from scheduling_session
    where deleted_at is null and status = 'open' and starts_at <= %s::timestamptz and ends_at <= %s::timestamptz
"""
_DEBTORS = """
    select u.id, trim(u.first_name || ' ' || u.last_name), a.balance_minor,
           (select count(*) from ledger_account where kind = 'receivable' and balance_minor > 0)
    from (select owner_id, balance_minor from ledger_account where kind = 'receivable' and balance_minor > 0
          order by balance_minor desc, owner_id limit %s::int) a join people_user u on u.id = a.owner_id
    order by a.balance_minor desc, u.id
"""
_OVERDUE = """
    select count(*), coalesce(sum(total_minor - paid_minor), 0)::bigint from billing_invoice
    where state = 'issued' and paid_minor < total_minor and due_on < %s::date
"""
_FAILED = "select count(*) from messaging_message where status = 'failed'"
# A birthday is asked for by its whole date, year by year: that is what an index answers under row-level security.
_BIRTHDAYS = """
    select id, trim(first_name || ' ' || last_name), role, birthday from people_user
    where deleted_at is null and status = 'active' and birthday = any (%s::date[]) and role = any (%s::varchar[])
"""
OLDEST = 130


def attention(*, now: datetime, zone: str, roles: Collection[str], few: int = 5) -> Attention:
    """Everything on the dashboard's list of things to look at (five statements in one trip)."""
    today = local_date(now, zone)
    unsaved, debtors, overdue, failed, birthdays = fetch_together(
        [
            (_UNSAVED, [now, now]),
            (_DEBTORS, [few]),
            (_OVERDUE, [today]),
            (_FAILED, []),
            (_BIRTHDAYS, [_born(today), list(roles)]),
        ]
    )
    return Attention(
        unsaved_count=unsaved[0][0],
        oldest_unsaved=unsaved[0][1],
        debtors=tuple(Debtor(*row[:3]) for row in debtors),
        debtor_count=debtors[0][3] if debtors else 0,
        overdue_count=overdue[0][0],
        overdue_minor=overdue[0][1],
        failed_messages=failed[0][0],
        birthdays=_soonest(birthdays, _week_from(today))[:few],
    )


@lru_cache(maxsize=8)
def _born(today: date) -> str:
    """Every date on which somebody was born who has a birthday in the week of `today`, as PostgreSQL writes an array;
    29 February counts on 1 March in other years."""
    keys = {(day.month, day.day) for day in _week_from(today)}
    if (3, 1) in keys:
        keys.add((2, 29))
    dates = [
        f"{year:04}-{month:02}-{day:02}"
        for year in range(max(today.year - OLDEST, 1), today.year + 1)
        for month, day in keys
        if (month, day) != (2, 29) or isleap(year)
    ]
    return f"{{{','.join(dates)}}}"


def _week_from(today: date) -> list[date]:
    return [today + timedelta(days=offset) for offset in range(7)]


def _soonest(rows: Sequence[tuple[Any, ...]], days: Sequence[date]) -> tuple[Birthday, ...]:
    found = [
        Birthday(row[0], row[1], row[2], day, day.year - row[3].year)
        for row in rows
        for day in days
        if _is_birthday(row[3], day)
    ]
    return tuple(sorted(found, key=lambda birthday: (birthday.day, birthday.name)))


def _is_birthday(born: date, day: date) -> bool:
    try:
        return born.replace(year=day.year) == day
    except ValueError:  # born on 29 February, and this year has none
        return (day.month, day.day) == (3, 1)


_FLOWS = """
    select p.occurred_on, coalesce(-sum(p.amount_minor) filter (where p.side = 'p'), 0)::bigint,
           coalesce(sum(p.amount_minor) filter (where p.side = 'c'), 0)::bigint
    from ledger_posting p join ledger_account a on a.id = p.account_id
    where p.side <> '-' and p.occurred_on between %s and %s and a.kind = 'receivable' group by 1
"""
_OPEN_NOW = """
    select coalesce(sum(balance_minor) filter (where balance_minor > 0), 0)::bigint,
           coalesce(-sum(balance_minor) filter (where balance_minor < 0), 0)::bigint, coalesce(sum(scheduled_minor), 0)::bigint
    from ledger_account where kind = 'receivable'
"""


@dataclass(frozen=True, slots=True)
class Flows:
    """Received and charged a day, from the first week that is shown, or the first of last month, to the week's end."""

    today: date
    first_week: date
    by_day: Mapping[date, tuple[int, int]]

    def between(self, first: date, last: date) -> tuple[int, int]:
        """Received and charged from one day to another, both included."""
        days = [amounts for day, amounts in self.by_day.items() if first <= day <= last]
        return sum(received for received, _ in days), sum(charged for _, charged in days)


def flows(*, today: date, first_weekday: int = 0) -> Flows:
    """What months and weeks add up: read once for both (one statement, planned for its days)."""
    this_week = today - timedelta(days=(today.weekday() - first_weekday) % 7)
    first_week = this_week - timedelta(weeks=WEEKS - 1)
    rows = _rows(_FLOWS, [min(first_week, _month_before(today)), this_week + timedelta(days=6)])
    return Flows(today, first_week, {day: (received, charged) for day, received, charged in rows})


def _month_before(today: date) -> date:
    return (today.replace(day=1) - timedelta(days=1)).replace(day=1)


def money(flows: Flows) -> Money:
    """Money of this month beside last month's to the same day, and what stands open now (one statement)."""
    today, first = flows.today, flows.today.replace(day=1)
    last_first = _month_before(today)
    last_same = min(last_first + timedelta(days=today.day - 1), first - timedelta(days=1))
    received, charged = flows.between(first, today)
    before, _ = flows.between(last_first, last_same)
    return Money(received, before, charged, *fetch_prepared(_OPEN_NOW, [])[0])


def money_by_week(flows: Flows) -> list[WeekOfMoney]:
    """Received and charged in each of the last weeks, this one included, oldest first."""
    starts = [flows.first_week + timedelta(weeks=week) for week in range(WEEKS)]
    return [WeekOfMoney(start, *flows.between(start, start + timedelta(days=6))) for start in starts]


def hours_of_week(*, today: date, zone: str, first_weekday: int = 0, few: int = 8) -> list[PractitionerHours]:
    """Minutes by practitioner in the week of `today`, the busiest first; canceled sessions do not count."""
    start = today - timedelta(days=(today.weekday() - first_weekday) % 7)
    rows = _rows(
        """
        select u.id, trim(u.first_name || ' ' || u.last_name),
               coalesce(sum(extract(epoch from s.ends_at - s.starts_at) / 60) filter (where s.status <> 'open'), 0)::int,
               coalesce(sum(extract(epoch from s.ends_at - s.starts_at) / 60) filter (where s.status = 'open'), 0)::int
        from scheduling_session s cross join lateral (
            select s.practitioner_id as id union all
            select h.practitioner_id from scheduling_assistant h where s.assistant_count > 0 and h.session_id = s.id
        ) w join people_user u on u.id = w.id
        where s.deleted_at is null and s.status <> 'canceled' and s.starts_at >= %s and s.starts_at < %s
        group by u.id order by sum(s.ends_at - s.starts_at) desc, u.id limit %s
        """,
        [day_start(start, zone), day_start(start + timedelta(days=7), zone), few],
    )
    return [PractitionerHours(*row) for row in rows]
